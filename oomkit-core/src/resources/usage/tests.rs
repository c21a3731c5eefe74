//! metrics.k8s.io and /stats/summary, as they are documented.

use super::{Basis, Usage};
use crate::units::Bytes;

fn read(json: &str) -> Result<Usage, String> {
    let mut usage = Usage::default();
    usage.read_json("usage.json", json.as_bytes()).map(|()| usage).map_err(|error| error.to_string())
}

#[test]
fn pod_and_node_metrics_are_working_sets() {
    let usage = read(
        r#"{"kind": "PodMetricsList", "items": [{"metadata": {"name": "web-1", "namespace": "d"}, "timestamp": "2022-04-01T08:00:00Z",
             "window": "15.1s", "containers": [{"name": "app", "usage": {"cpu": "608u", "memory": "744079360"}},
             {"name": "odd", "usage": {"memory": "744079360608u"}}]}]}
           {"kind": "NodeMetrics", "metadata": {"name": "n1"}, "usage": {"memory": "726640Ki"}}"#,
    )
    .unwrap();
    assert_eq!(usage.container("d", "web-1", "app")[0].on(Basis::WorkingSet), Some(Bytes(744_079_360)));
    assert_eq!(usage.container("d", "web-1", "app")[0].on(Basis::Rss), None);
    assert_eq!(usage.container("d", "web-1", "odd")[0].working_set, Some(Bytes(744_080)), "rounded up");
    assert_eq!(usage.node("n1")[0].working_set, Some(Bytes(744_079_360)));
    assert!(usage.container("d", "web-1", "none").is_empty());
}

#[test]
fn a_kubelets_summary_has_more_bases() {
    let usage = read(
        r#"{"node": {"nodeName": "n1", "memory": {"time": "2022-04-01T08:00:00Z", "availableBytes": 1, "usageBytes": 9, "workingSetBytes": 7},
             "systemContainers": [{"name": "pods", "memory": {}}]},
            "pods": [{"podRef": {"name": "web-1", "namespace": "d", "uid": "u"}, "memory": {"workingSetBytes": 99},
              "containers": [{"name": "app", "startTime": "2022-04-01T07:00:00Z", "memory": {"workingSetBytes": 5, "rssBytes": 4, "usageBytes": 6}}]}]}"#,
    )
    .unwrap();
    let sample = usage.container("d", "web-1", "app")[0];
    assert_eq!([sample.working_set, sample.rss, sample.usage], [Some(Bytes(5)), Some(Bytes(4)), Some(Bytes(6))]);
    assert_eq!(sample.on(Basis::UsageMinusCache), None, "the summary has no cache");
    assert_eq!(usage.node("n1")[0].working_set, Some(Bytes(7)));
}

#[test]
fn what_is_no_usage_is_an_error() {
    let expected = "expected JSON of metrics.k8s.io or of a kubelet's /stats/summary";
    assert_eq!(read("").unwrap_err(), format!("usage.json: is empty; {expected}"));
    assert_eq!(
        read(r#"{"kind": "Pod", "metadata": {"name": "a"}}"#).unwrap_err(),
        format!("usage.json: holds no measured memory; {expected}")
    );
    assert!(read("NAME  CPU  MEMORY").unwrap_err().starts_with(&format!("usage.json:1:1: {expected}")));
    let wrong =
        r#"{"kind": "PodMetricsList", "items": [{"containers": [{"name": "a", "usage": {"memory": "12mb"}}]}]}"#;
    assert!(read(wrong).unwrap_err().contains("items[0].containers[0].usage.memory: \"12mb\" is not a quantity"));
    assert!(read(r#"{"kind": "PodMetricsList", "items": []}"#).unwrap().is_empty());
}
