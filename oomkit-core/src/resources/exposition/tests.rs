//! Lines as they are documented, and as they go wrong; traps of metrics under their names.

use super::Scrape;
use super::series::{self, Series};
use crate::resources::measure::{Selection, Statistic, overcommit, waste};
use crate::resources::{Basis, ClusterFacts, Usage};
use crate::units::Bytes;

fn line(text: &str) -> Series {
    series::read(text).unwrap().unwrap()
}

fn scraped(text: &str) -> Result<(ClusterFacts, Usage, Vec<String>), String> {
    let (mut facts, mut usage, mut scrape) = (ClusterFacts::default(), Usage::default(), Scrape::default());
    scrape.read("m.prom", text.as_bytes()).map_err(|error| error.to_string())?;
    let notes = scrape.finish(&mut facts, &mut usage).map_err(|error| error.to_string())?;
    Ok((facts, usage, notes))
}

#[test]
fn lines_are_read_with_their_labels_escapes_and_times() {
    let series = line("a_b:c{namespace=\"d\", pod = \"q\\\"\\\\\\n}\" ,} 8.388608e+08 1648800000123\n");
    assert_eq!((series.name.as_str(), series.value), ("a_b:c", 838_860_800.0));
    assert_eq!(series.labels["pod"], "q\"\\\n}");
    assert_eq!(series.time.unwrap().timestamp_millis(), 1_648_800_000_123);
    assert_eq!(line("up 1").labels.len(), 0);
    assert!(line("a{} NaN").value.is_nan());
    assert_eq!(line("a +Inf").value, f64::INFINITY);
    // OpenMetrics: seconds, an exemplar, a quoted name
    assert_eq!(line("a 1 1648800000.123").time.unwrap().timestamp_millis(), 1_648_800_000_123);
    assert_eq!(line("a_total 17 # {trace_id=\"x # y\"} 1 1648800000.1").value, 17.0);
    assert_eq!(line("a_total 17 1648800000 # {trace_id=\"x\"} 1").time.unwrap().timestamp(), 1_648_800_000);
    let quoted = line("{\"my.metric\", pod=\"p\"} 3");
    assert_eq!((quoted.name.as_str(), quoted.labels["pod"].as_str()), ("my.metric", "p"));
    for nothing in ["", "  \n", "# TYPE a gauge", "# HELP a b", "# EOF", "#"] {
        assert_eq!(series::read(nothing), Ok(None), "{nothing:?}");
    }
}

#[test]
fn lines_that_are_none_say_where_and_what_was_expected() {
    for (text, at, expected) in [
        ("{\"kind\": \"List\"}", 7, "`,` or `}` behind a label"),
        ("a{pod=\"x} 1", 6, "a value with its closing quote"),
        ("a{pod=x} 1", 6, "a value in double quotes"),
        ("a one", 2, "a number"),
        ("a 1 soon", 4, "a time in milliseconds"),
        ("a 1 2 3", 6, "the end of the line"),
        ("a{b} 1", 3, "a label such as pod=\"web-1\""),
        ("NAME READY", 5, "a number"),
    ] {
        let wrong = series::read(text).unwrap_err();
        assert_eq!((wrong.at, wrong.expected), (at, expected), "{text}");
    }
    assert_eq!(
        scraped("a 1\nb{ 2\n").unwrap_err(),
        "m.prom:2:5: expected a label such as pod=\"web-1\", in the text format of Prometheus metrics"
    );
    assert_eq!(scraped("# EOF\n").unwrap_err(), "m.prom: holds no metrics in the text format of Prometheus");
}

const DECLARED: &str = "kube_pod_container_resource_limits{namespace=\"d\",pod=\"p\",uid=\"u\",container=\"c\",resource=\"memory\",unit=\"byte\"} 30\n\
    kube_pod_container_resource_requests{namespace=\"d\",pod=\"p\",uid=\"u\",container=\"c\",resource=\"memory\",unit=\"bytes\"} 10\n";

fn usage_of(text: &str) -> u64 {
    let (facts, usage, _) = scraped(&format!("{DECLARED}{text}")).unwrap();
    waste(&facts, &usage, Basis::WorkingSet, Statistic::Peak, &Selection::default()).totals.usage_bytes.get()
}

#[test]
fn t2_replicas_of_kube_state_metrics_count_once_and_are_told_when_they_disagree() {
    let (facts, _, notes) = scraped(
        &(DECLARED.replace("\"d\"", "\"d\",instance=\"a\"") + &DECLARED.replace("\"d\"", "\"d\",instance=\"b\"")),
    )
    .unwrap();
    assert_eq!(overcommit(&facts, &Selection::default()).totals.overcommit_bytes, Bytes(20));
    assert!(notes.is_empty());
    let (facts, _, notes) = scraped(&(DECLARED.to_owned() + &DECLARED.replace(" 30", " 40"))).unwrap();
    assert_eq!(overcommit(&facts, &Selection::default()).totals.limit_bytes, Some(Bytes(40)));
    assert_eq!(notes, ["1 series differ by more than 1% between replicas of kube-state-metrics: the larger counts"]);
}

#[test]
fn t3_a_kubelet_scraped_on_two_endpoints_is_used_once() {
    let series = "container_memory_working_set_bytes{namespace=\"d\",pod=\"p\",container=\"c\"";
    assert_eq!(usage_of(&format!("{series},id=\"/k\",image=\"i\"}} 4\n{series}}} 4\n")), 4);
}

#[test]
fn t4_cgroups_above_the_container_and_pause_are_no_container() {
    let series = |container: &str, value: u32| {
        format!("container_memory_working_set_bytes{{namespace=\"d\",pod=\"p\",container=\"{container}\"}} {value}\n")
    };
    assert_eq!(usage_of(&(series("c", 4) + &series("", 9) + &series("POD", 1))), 4);
}

#[test]
fn t16_units_are_spelled_in_two_ways_and_not_looked_at() {
    let (facts, ..) = scraped(DECLARED).unwrap();
    assert_eq!(overcommit(&facts, &Selection::default()).totals.overcommit_bytes, Bytes(20));
}

#[test]
fn t23_metrics_of_two_clusters_are_refused() {
    let text = DECLARED.replacen("\"d\"", "\"d\",cluster=\"a\"", 1).replacen(
        "\"d\",pod=\"p\",uid=\"u\",container=\"c\",resource=\"memory\",unit=\"bytes\"",
        "\"d\",cluster=\"b\",pod=\"p\",resource=\"memory\"",
        1,
    );
    assert_eq!(scraped(&text).unwrap_err(), "metrics of several clusters (a, b): give those of one at a time");
}

#[test]
fn labels_that_a_scrape_renamed_are_found() {
    // without honor_labels, and before Kubernetes 1.16
    let text = "container_memory_working_set_bytes{exported_namespace=\"d\",namespace=\"monitoring\",exported_pod=\"p\",pod=\"ksm-0\",exported_container=\"c\",container=\"ksm\"} 4\n";
    assert_eq!(usage_of(text), 4);
    assert_eq!(
        usage_of("container_memory_working_set_bytes{namespace=\"d\",pod_name=\"p\",container_name=\"c\"} 5\n"),
        5
    );
}

#[test]
fn owners_are_followed_to_the_deployment() {
    let text = DECLARED.to_owned()
        + "kube_pod_owner{namespace=\"d\",pod=\"p\",uid=\"u\",owner_kind=\"ReplicaSet\",owner_name=\"web-frontend\",owner_is_controller=\"true\"} 1\n\
           kube_replicaset_owner{namespace=\"d\",replicaset=\"web-frontend\",owner_kind=\"Deployment\",owner_name=\"web\"} 1\n\
           kube_node_status_allocatable{node=\"n1\",resource=\"memory\",unit=\"byte\"} 100\n\
           kube_node_status_capacity{node=\"n1\",resource=\"memory\",unit=\"byte\"} 120\n";
    let (facts, ..) = scraped(&text).unwrap();
    assert_eq!(facts.pods()[0].workload.to_string(), "Deployment/web");
    assert_eq!((facts.nodes()[0].allocatable, facts.nodes()[0].capacity), (Some(Bytes(100)), Some(Bytes(120))));
}
