//! Hazards of small clusters, reckoned by hand.

use super::{RiskOptions, risk};
use crate::resources::measure::tests::{by, container, facts, measured, node, pod, simple};
use crate::resources::measure::{By, Selection};
use crate::resources::{Kills, Scrape, Usage};
use crate::units::Bytes;
use serde_json::{Value, json};

const MI: u64 = 1 << 20;

fn cluster() -> Value {
    let guaranteed = json!({"memory": "190Mi", "cpu": "1"});
    let mut d =
        pod("d", "d", "n1", &[json!({"name": "app", "resources": {"requests": guaranteed, "limits": guaranteed}})]);
    d["spec"]["priority"] = json!(5);
    json!([node("n1", "1000Mi", "900Mi"), simple("a", "250Mi/500Mi"), simple("b", "100Mi/-"), simple("c", "-/-"), d])
}

fn used() -> Usage {
    let mut usage = Usage::default();
    measured(&mut usage, "2022-04-01T08:00:00Z", &[("a", "300Mi"), ("b", "200Mi"), ("c", "10Mi"), ("d", "190Mi")]);
    let nodes = json!({"kind": "NodeMetrics", "metadata": {"name": "n1"}, "usage": {"memory": "750Mi"}});
    usage.read_json("nodes.json", nodes.to_string().as_bytes()).unwrap();
    usage
}

#[test]
fn a_nodes_hazard_is_growth_against_room() {
    let measure = risk(&facts(cluster()), &used(), &Kills::default(), RiskOptions::default(), &by(By::Container));
    let node = &measure.nodes[0];
    // 1000 - 750 - 100
    assert_eq!((node.room_bytes, node.working_set_source.as_deref()), (Some(150 * MI as i64), Some("node")));
    // a 200, b 800 and c 990 to the whole node, d nothing
    assert_eq!(node.growth_bytes, Some(Bytes(1990 * MI)));
    assert_eq!((node.stress_ratio, node.rank), (Some(1990.0 / 150.0), 93));
    // a 50, b 100, c 10
    assert_eq!((node.over_request_bytes, node.over_request_containers), (Bytes(160 * MI), 3));
    assert_eq!((node.unbounded_containers, node.unmeasured_containers), (2, 0));
    assert_eq!((measure.totals.containers, measure.totals.unbounded_containers), (4, 2));
}

#[test]
fn victims_go_by_the_kernels_score_with_the_kubelets_oom_score_adj() {
    let measure = risk(&facts(cluster()), &used(), &Kills::default(), RiskOptions::default(), &by(By::Container));
    let order: Vec<_> = measure.nodes[0]
        .victim_order
        .iter()
        .map(|one| (one.names.pod.as_deref().unwrap(), one.oom_score_adj, one.points))
        .collect();
    // 1000Mi are 256000 pages; a point of oom_score_adj is 256 of them
    let expected = [
        ("b", 900, 51_200 + 900 * 256),
        ("a", 750, 76_800 + 750 * 256),
        ("c", 1000, 2560 + 1000 * 256),
        ("d", -997, 48_640 - 997 * 256),
    ];
    assert_eq!(order, expected);
    assert!(measure.nodes[0].victim_order.iter().all(|one| one.stand_in == "container"));
}

#[test]
fn evictions_go_by_request_then_priority_then_amount() {
    let order = |cluster: Value| -> Vec<String> {
        let measure = risk(&facts(cluster), &used(), &Kills::default(), RiskOptions::default(), &by(By::Container));
        measure.nodes[0].eviction_order.iter().map(|pod| pod.names.pod.clone().unwrap()).collect()
    };
    assert_eq!(order(cluster()), ["b", "a", "c", "d"], "100, 50 and 10 above; d is not above");
    let mut cluster = cluster();
    cluster[3]["spec"]["priority"] = json!(-1);
    cluster[2]["spec"]["priority"] = json!(2_000_000_000);
    assert_eq!(order(cluster), ["c", "a", "d", "b"], "the lower priority first, a critical pod never");
}

#[test]
fn a_limit_hazard_tells_how_near_how_fast_and_how_often() {
    let facts = facts(json!([simple("grows", "1Mi/200Mi"), simple("steady", "1Mi/200Mi"), simple("free", "1Mi/-")]));
    let (mut usage, mut scrape) = (Usage::default(), Scrape::default());
    for (hour, mib, hits) in [(0_u64, 100_u64, 5_u64), (1, 110, 7), (2, 120, 1), (3, 130, 4)] {
        let time = (1_648_800_000 + hour * 3600) * 1000;
        let labels = |pod: &str| format!("{{namespace=\"d\",pod=\"{pod}\",container=\"app\"}}");
        let (grows, steady) = (labels("grows"), labels("steady"));
        let text = format!(
            "container_memory_working_set_bytes{grows} {} {time}\ncontainer_memory_events_max_total{grows} {hits} {time}\n\
             container_memory_working_set_bytes{steady} {} {time}\n",
            mib * MI,
            150 * MI,
        );
        scrape.read("m.prom", text.as_bytes()).unwrap();
    }
    scrape.finish(&mut crate::resources::ClusterFacts::default(), &mut usage).unwrap();
    let measure = risk(&facts, &usage, &Kills::default(), RiskOptions::default(), &by(By::Container));
    let names: Vec<_> = measure.rows.iter().map(|row| (row.names.pod.as_deref().unwrap(), row.rank)).collect();
    // the limit is 7 hours away: less than a day
    assert_eq!(names, [("grows", 100), ("steady", 75)]);
    let grows = &measure.rows[0];
    assert_eq!((grows.peak_ratio, grows.time_to_limit_seconds), (Some(0.65), Some(7 * 3600)));
    let trend = grows.trend.unwrap();
    assert_eq!((trend.bytes_per_hour, trend.residual_bytes), (10.0 * MI as f64, 0.0));
    // 2, then 1 after a restart, then 3, in three hours
    assert_eq!(grows.limit_hits_per_hour, Some(2.0));
    assert_eq!((measure.rows[1].trend, measure.rows[1].time_to_limit_seconds), (None, None));
    // of a namespace, the worst stands for all
    let measure = risk(&facts, &usage, &Kills::default(), RiskOptions::default(), &by(By::Namespace));
    assert_eq!((measure.rows.len(), measure.rows[0].containers, measure.rows[0].rank), (1, 2, 100));
    assert_eq!(measure.rows[0].worst.pod.as_deref(), Some("grows"));
    let top = Selection { top: Some(1), ..by(By::Container) };
    assert_eq!(risk(&facts, &usage, &Kills::default(), RiskOptions::default(), &top).rows.len(), 1);
}

#[test]
fn a_container_may_be_held_by_its_pods_limit() {
    let mut pod = pod("d", "p", "n1", &[container("app", "1Mi/-")]);
    pod["spec"]["resources"] = json!({"limits": {"memory": "100Mi"}});
    let mut usage = Usage::default();
    measured(&mut usage, "2022-04-01T08:00:00Z", &[("p", "50Mi")]);
    let measure = risk(&facts(json!([pod])), &usage, &Kills::default(), RiskOptions::default(), &by(By::Container));
    assert_eq!((measure.rows[0].limit_bytes, measure.rows[0].rank), (Bytes(100 * MI), 50));
}
