//! Answers as the API documents them, and as proxies and other servers vary them; what is asked.

use super::{Response, Selector, Wanted, Window, parse_seconds, queries, server_error};
use crate::resources::measure::{Selection, Statistic, overcommit, waste};
use crate::resources::{Basis, ClusterFacts, Scrape, Usage};
use crate::units::Bytes;

type Read = (ClusterFacts, Usage, Response, Vec<String>);

fn read(text: &str) -> Result<Read, String> {
    let (mut facts, mut usage, mut scrape) = (ClusterFacts::default(), Usage::default(), Scrape::default());
    let response = scrape.read_response("a.json", text.as_bytes()).map_err(|error| error.to_string())?;
    let notes = scrape.finish(&mut facts, &mut usage).map_err(|error| error.to_string())?;
    Ok((facts, usage, response, notes))
}

fn success(kind: &str, result: &str) -> String {
    format!(r#"{{"status":"success","data":{{"resultType":"{kind}","result":[{result}]}}}}"#)
}

fn series(name: &str, labels: &str, points: &str) -> String {
    let key = if points.starts_with("[[") { "values" } else { "value" };
    format!(r#"{{"metric":{{"__name__":"{name}","namespace":"d","pod":"p",{labels}}},"{key}":{points}}}"#)
}

const WORKING_SET: &str = "container_memory_working_set_bytes";

#[test]
fn a_vector_is_a_point_in_time_of_pods_and_usage() {
    let limit = series(
        "kube_pod_container_resource_limits",
        r#""container":"c","resource":"memory""#,
        r#"[1648800000.5,"3e+01"]"#,
    );
    let request = series(
        "kube_pod_container_resource_requests",
        r#""container":"c","resource":"memory""#,
        r#"[1648800000.5,"10"]"#,
    );
    let used = series(WORKING_SET, r#""container":"c""#, r#"[1648800000.5,"4"]"#);
    // one answer after the other, as `cat` joins them
    let text = [success("vector", &limit), success("vector", &request), success("vector", &used)].concat();
    let (facts, usage, response, _) = read(&text).unwrap();
    assert_eq!((response.series, response.points), (3, 3));
    assert_eq!(overcommit(&facts, &Selection::default()).totals.overcommit_bytes, Bytes(20));
    let measured = waste(&facts, &usage, Basis::WorkingSet, Statistic::Peak, &Selection::default());
    assert_eq!((measured.totals.waste_bytes, measured.totals.points), (Bytes(6), 1));
    assert_eq!(usage.container("d", "p", "c")[0].time.unwrap().timestamp_millis(), 1_648_800_000_500);
}

#[test]
fn a_matrix_is_a_history_with_gaps_and_without_what_is_no_number() {
    let points = r#"[[1648800000,"7"],[1648800060,"NaN"],[1648800120,"+Inf"],[1648800180,"1.9e+01"],[1648800240,"5"]]"#;
    let (_, usage, response, _) = read(&success("matrix", &series(WORKING_SET, r#""container":"c""#, points))).unwrap();
    let samples = usage.container("d", "p", "c");
    assert_eq!((response.points, samples.len()), (5, 3));
    assert_eq!(samples.iter().map(|s| s.working_set.unwrap().get()).collect::<Vec<_>>(), [7, 19, 5]);
    let span = samples[2].time.unwrap() - samples[0].time.unwrap();
    assert_eq!(span.num_seconds(), 240);
}

#[test]
fn t3_t14_series_of_one_container_are_merged_time_by_time() {
    let with = |labels: &str, points: &str| series(WORKING_SET, labels, points);
    let result = [
        with(r#""container":"c","id":"/2""#, r#"[[120,"3"],[180,"4"]]"#),
        // before the restart, one point of overlap
        with(r#""container":"c","id":"/1""#, r#"[[0,"8"],[60,"9"],[120,"2"]]"#),
        with(r#""container":"c","metrics_path":"/metrics/resource""#, r#"[[120,"3"],[180,"4"]]"#),
        with(r#""container":"""#, r#"[[120,"99"]]"#),
        with(r#""container":"POD""#, r#"[[120,"98"]]"#),
    ];
    let (_, usage, ..) = read(&success("matrix", &result.join(","))).unwrap();
    let samples = usage.container("d", "p", "c");
    assert_eq!(samples.iter().map(|s| s.working_set.unwrap().get()).collect::<Vec<_>>(), [8, 9, 3, 4]);
}

#[test]
fn usage_and_cache_meet_at_the_same_time() {
    let result = [
        series("container_memory_usage_bytes", r#""container":"c""#, r#"[[0,"8"],[60,"9"]]"#),
        series("container_memory_cache", r#""container":"c""#, r#"[[60,"4"],[120,"5"]]"#),
    ];
    let (_, usage, ..) = read(&success("matrix", &result.join(","))).unwrap();
    let net: Vec<_> = usage.container("d", "p", "c").iter().map(|s| s.on(Basis::UsageMinusCache)).collect();
    assert_eq!(net, [None, Some(Bytes(5)), None]);
}

#[test]
fn of_what_is_declared_the_end_of_a_range_counts() {
    let limit = |container: &str, points: &str| {
        let labels = format!(r#""container":"{container}","resource":"memory""#);
        series("kube_pod_container_resource_limits", &labels, points)
    };
    // `old` was gone ten minutes before the end
    let result = [limit("c", r#"[[0,"5"],[600,"7"]]"#), limit("old", r#"[[0,"5"]]"#)];
    let (facts, ..) = read(&success("matrix", &result.join(","))).unwrap();
    let containers: Vec<_> = facts.pods()[0].containers.iter().map(|c| (c.name.as_str(), c.limit.bytes())).collect();
    assert_eq!(containers, [("c", Some(Bytes(7)))]);
}

#[test]
fn fields_may_stand_in_any_order_and_more_of_them() {
    let text = r#"{"infos":["PromQL info: odd"],"warnings":["store down"],"data":{"result":[{"values":[[0,"5"]],"metric":
        {"container":"c","pod":"p","namespace":"d","__name__":"container_memory_rss"},"histograms":[[0,{"count":"1"}]]}],
        "resultType":"matrix","stats":{"seriesFetched":"1"}},"status":"success","isPartial":false}"#;
    let (_, usage, response, _) = read(text).unwrap();
    assert_eq!(usage.container("d", "p", "c")[0].rss, Some(Bytes(5)));
    assert_eq!(
        (response.warnings, response.infos),
        (vec!["store down".to_owned()], vec!["PromQL info: odd".to_owned()])
    );
    let scalar = r#"{"status":"success","data":{"resultType":"scalar","result":[1648800000.25,"1648800000.25"]}}"#;
    assert_eq!(read(scalar).unwrap().2.scalar, Some(1_648_800_000.25));
    assert_eq!(read(&success("vector", "")).unwrap().2, Response::default());
}

#[test]
fn errors_say_what_and_where() {
    let error = r#"{"status":"error","errorType":"execution","error":"query timed out"}"#;
    assert_eq!(read(error).unwrap_err(), "a.json: the server answered with an error: execution: query timed out");
    assert_eq!(server_error(error.as_bytes()).unwrap().to_string(), "execution: query timed out");
    assert!(server_error(b"<html>Bad gateway</html>").is_none());
    let expected = "expected an answer of the Prometheus HTTP API (/api/v1/query or /api/v1/query_range)";
    assert_eq!(read("").unwrap_err(), format!("a.json: is empty; {expected}"));
    assert!(read("<html>").unwrap_err().starts_with(&format!("a.json:1:1: {expected}")));
    assert!(read(r#"{"kind":"List","items":[]}"#).unwrap_err().contains(expected));
    assert!(
        read(r#"{"status":"success","data":["up"]}"#)
            .unwrap_err()
            .contains("data: invalid type: sequence, expected the result of a query")
    );
    let wrong = success("matrix", &series(WORKING_SET, r#""container":"c""#, r#"[[0,"5"],[60,"many"]]"#));
    let said = read(&wrong).unwrap_err();
    assert!(said.contains("data.result[0].values[1]"), "{said}");
    assert!(said.contains(r#"invalid value: string "many", expected a number in quotes"#), "{said}");
    let nameless = success("vector", r#"{"metric":{"pod":"p"},"value":[0,"1"]}"#);
    assert!(
        read(&nameless)
            .unwrap_err()
            .starts_with("a.json: no series tells its metric (`__name__`); ask for plain series")
    );
    let cut = &success("vector", &series(WORKING_SET, r#""container":"c""#, r#"[0,"5"]"#))[..60];
    assert!(read(cut).unwrap_err().contains("the JSON ends too early"));
}

#[test]
fn nodes_are_known_by_name_or_by_the_address_that_was_scraped() {
    let info = r#"{"metric":{"__name__":"kube_node_info","node":"n1","internal_ip":"10.0.0.7"},"value":[60,"1"]}"#;
    let size = |metric: &str, node: &str| {
        format!(r#"{{"metric":{{"__name__":"{metric}","node":"{node}","resource":"memory"}},"value":[60,"100"]}}"#)
    };
    let used = r#"{"metric":{"__name__":"container_memory_working_set_bytes","id":"/","instance":"10.0.0.7:10250"},"value":[60,"40"]},
        {"metric":{"__name__":"node_memory_working_set_bytes","instance":"10.0.0.7:10250","node":"n1"},"value":[60,"41"]}"#;
    let result = [info, &size("kube_node_status_capacity", "n1"), used].join(",");
    let (facts, usage, ..) = read(&success("vector", &result)).unwrap();
    assert_eq!(facts.nodes().len(), 1);
    assert_eq!(usage.node("n1").iter().map(|s| s.working_set).collect::<Vec<_>>(), [Some(Bytes(41))]);
}

#[test]
fn t23_a_selector_is_put_into_every_query() {
    let selector: Selector = r#" {cluster = "a}b", job=~"ksm|kubelet\"",} "#.parse().unwrap();
    let wanted = Wanted { pods: true, nodes: true, node_usage: true, seed: true, usage: Some(Basis::WorkingSet) };
    let window = Window::new(1000, 600, Some(60));
    let plain = queries(wanted, window, &Selector::default());
    let all = queries(wanted, window, &selector);
    assert_eq!((plain.len(), all.len()), (21, 21));
    for query in &all {
        assert_eq!(query.expr.matches(r#"cluster="a}b",job=~"ksm|kubelet\"""#).count(), 1, "{}", query.expr);
    }
    assert_eq!(all[1].expr, r#"kube_pod_status_phase{cluster="a}b",job=~"ksm|kubelet\""} == 1"#);
    assert_eq!(
        all[7].expr,
        r#"kube_pod_container_resource_limits{resource="memory",cluster="a}b",job=~"ksm|kubelet\""}"#
    );
    assert!(all[20].range && all[20].expr.contains("[60s]"), "{}", all[20].expr);
    for wrong in
        ["cluster", "cluster=a", "=\"a\"", "a=\"b\" c=\"d\"", "a=\"b", "1a=\"b\"", "a==\"b\"", "up}[5m]) or ({a=\"b\""]
    {
        let said = wrong.parse::<Selector>().unwrap_err().to_string();
        assert!(said.contains("is not a list of matchers such as"), "{wrong}: {said}");
    }
}

#[test]
fn a_window_is_cut_without_losing_or_repeating_a_point() {
    let week = Window::new(1_000_000, 604_800, None);
    assert_eq!((week.step_seconds, week.points()), (3600, 168));
    assert_eq!(week.chunks(11_000), [(1_000_000 - 167 * 3600, 1_000_000)]);
    assert_eq!(Window::new(1000, 500, Some(100)).chunks(2), [(600, 700), (800, 900), (1000, 1000)]);
    assert_eq!(Window::new(1000, 30, None).chunks(10), [(1000, 1000)]);
    assert_eq!(Window::new(0, 3600, None).step_seconds, 60);
    for (text, seconds) in [("7d", 604_800), ("1h30m", 5400), ("90s", 90), ("1w", 604_800), ("1y", 31_536_000)] {
        assert_eq!(parse_seconds(text).unwrap(), seconds, "{text}");
    }
    for wrong in ["", "7", "d", "1.5h", "-1h", "500ms", "0s", "7 d", "999999999999999999999d", "1000y"] {
        assert!(parse_seconds(wrong).is_err(), "{wrong}");
    }
}
