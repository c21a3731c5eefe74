//! `oomkit overcommit`, `waste` and `headroom` on a small cluster with sums done by hand.

#![allow(clippy::unwrap_used, reason = "a panic here is the report")]

mod run;

use run::*;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Output, Stdio};

fn pod(namespace: &str, name: &str, node: &str, resources: Value) -> Value {
    json!({"kind": "Pod", "metadata": {"namespace": namespace, "name": name, "uid": format!("{namespace}-{name}")},
        "spec": {"nodeName": node, "containers": [{"name": "app", "resources": resources}]}, "status": {"phase": "Running"}})
}

fn cluster() -> String {
    let node = |name| json!({"kind": "Node", "metadata": {"name": name}, "status": {"capacity": {"memory": "8Gi"}, "allocatable": {"memory": "7Gi"}}});
    let gib = |request: &str, limit: &str| json!({"requests": {"memory": request}, "limits": {"memory": limit}});
    let items = [
        pod("shop", "web", "n1", gib("1Gi", "4Gi")),
        pod("shop", "db", "n2", gib("2Gi", "3Gi")),
        pod("ops", "free", "n2", json!({"requests": {"memory": "1Gi"}})),
        node("n1"),
        node("n2"),
    ];
    json!({"apiVersion": "v1", "kind": "List", "items": items}).to_string()
}

fn usage() -> String {
    let item = |namespace, name, memory| {
        json!({"metadata": {"namespace": namespace, "name": name}, "timestamp": "2026-01-01T00:00:00Z",
        "containers": [{"name": "app", "usage": {"memory": memory}}]})
    };
    json!({"kind": "PodMetricsList", "items": [item("shop", "web", "256Mi"), item("shop", "db", "3Gi"), item("ops", "free", "512Mi")]}).to_string()
}

fn oomkit_input(arguments: &[&str], input: &str) -> Output {
    let mut child = oomkit().args(arguments).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let usage = file(dir.path(), "usage.json", usage());
    let arguments: Vec<&str> =
        arguments.iter().map(|argument| if *argument == "USAGE" { &usage } else { *argument }).collect();
    let output = oomkit_input(&arguments, &cluster());
    assert_eq!((code(&output), stderr(&output)), (0, ""), "{arguments:?}");
    stdout(&output).to_owned()
}

#[test]
fn overcommit_in_every_format() {
    let json: Value = serde_json::from_str(&printed(&["overcommit", "-f", "json"])).unwrap();
    assert_eq!(json["rows"][0]["pod"], "web");
    assert_eq!(json["totals"]["overcommit_bytes"], 4_u64 << 30);
    assert_eq!(
        (&json["totals"]["limit_bytes"], &json["totals"]["known_limit_bytes"]),
        (&Value::Null, &json!(7_u64 << 30))
    );
    let lines = printed(&["overcommit", "-f", "jsonl"]);
    let rows: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(json["rows"], Value::Array(rows));
    assert_eq!(
        printed(&["overcommit", "-f", "csv", "--by", "namespace"]),
        "namespace,request_bytes,limit_bytes,overcommit_bytes,overcommit_ratio,unbounded_containers\n\
         shop,3221225472,7516192768,4294967296,2.3333333333333335,0\nops,1073741824,,0,,1\n"
    );
    assert_eq!(
        printed(&["overcommit", "--by", "namespace"]),
        "Overcommit by namespace: limits exceed requests by 4.0 GiB (4.3 GB), 2.3 times as much, in 3 pods.\n\n  \
         namespace  request    limit  overcommit  ratio  unbounded\n  \
         shop       3.0 GiB  7.0 GiB     4.0 GiB   2.3×          0  ████████████████████\n  \
         ops        1.0 GiB        ∞         0 B      –          1\n\n\
         1 container has no memory limit: their overcommit is unbounded and not in any sum\n"
    );
    assert!(
        printed(&["overcommit", "-f", "markdown"])
            .contains("| shop | web | Pod/web | n1 | 1.0 GiB | 4.0 GiB | 3.0 GiB | 4.0× | 0 |")
    );
}

#[test]
fn rows_are_chosen_by_number_threshold_and_namespace() {
    let pods = |arguments: &[&str]| {
        let rows = printed(&[&["overcommit", "-f", "jsonl"], arguments].concat());
        rows.lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["pod"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(pods(&["--top", "1"]), ["web"]);
    assert_eq!(pods(&["--top", "0"]), ["web", "db", "free"]);
    // decimal and binary are not the same
    assert_eq!(pods(&["--threshold", "3.2G"]), ["web"]);
    assert_eq!(pods(&["--threshold", "3.2Gi"]), Vec::<String>::new());
    assert_eq!(pods(&["-n", "ops"]), ["free"]);
    assert_eq!(pods(&["--exclude-namespace", "ops"]), ["web", "db"]);
}

#[test]
fn waste_and_deficit_stand_apart() {
    let json: Value = serde_json::from_str(&printed(&["waste", "--usage", "USAGE", "-f", "json"])).unwrap();
    let totals = &json["totals"];
    assert_eq!((&totals["waste_bytes"], &totals["deficit_bytes"]), (&json!(1280_u64 << 20), &json!(1024_u64 << 20)));
    assert_eq!(json["rows"][0]["pod"], "web");
    let text = printed(&["waste", "--usage", "USAGE"]);
    assert!(text.starts_with("Waste by pod: of 4.0 GiB requested, 1.2 GiB (1.3 GB) is not used, 31% of it; elsewhere 1.0 GiB is used beyond requests.\n"), "{text}");
    assert!(text.contains("usage: working_set\n"), "{text}");
}

#[test]
fn headroom_tells_the_fullest_node_and_the_worst_loss() {
    let json: Value = serde_json::from_str(&printed(&["headroom", "-f", "json"])).unwrap();
    assert_eq!(json["cluster"]["booked_ratio"], 10.0 / 14.0);
    assert_eq!(json["cluster"]["n_plus_1"], json!({"sum_fits": true, "packing_fits": true, "lost_node": "n1"}));
    assert_eq!((&json["nodes"][0]["node"], &json["nodes"][0]["booked_ratio"]), (&json!("n2"), &json!(4.0 / 7.0)));
    let text = printed(&["headroom"]);
    assert!(text.starts_with("Headroom of 2 nodes: booked 71%, ceiling 6% free;"), "{text}");
    assert!(text.contains("any node may be lost; the worst would be n1"), "{text}");
}

#[test]
fn what_is_missing_or_wrong_is_told_with_what_to_do() {
    let nodes_only = json!({"kind": "Pod", "metadata": {"name": "a"}}).to_string();
    for (arguments, input, said) in [
        (&["overcommit"][..], "", "-: is empty; expected JSON, as `kubectl get pods,nodes -A -o json` prints it"),
        (&["overcommit", "--threshold", "2.9GB"], "", "write G (1000³) or Gi (1024³)"),
        (&["waste"], "", "nothing says what is used: give --usage FILE"),
        (
            &["waste", "--usage", "no-such.json", "--statistic", "p101"],
            "",
            "is not peak, latest, or a percentile such as p95",
        ),
        (&["waste", "--usage", "-"], "", "standard input (-) can be read only once"),
        (&["headroom"], &nodes_only, "there are no nodes: give --nodes FILE"),
    ] {
        let output = oomkit().args(arguments).stdin(Stdio::piped()).spawn().and_then(|mut child| {
            // it may have gone before it read anything
            let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
            child.wait_with_output()
        });
        let output = output.unwrap();
        assert_eq!((code(&output), stdout(&output)), (2, ""), "{arguments:?}");
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
}

#[test]
fn an_input_is_never_overwritten_by_the_output() {
    let dir = tempfile::tempdir().unwrap();
    let pods = file(dir.path(), "pods.json", cluster());
    let output = oomkit().args(["overcommit", "--pods", &pods, "-o", &pods]).output().unwrap();
    assert_eq!(code(&output), 2);
    assert_eq!(std::fs::read_to_string(&pods).unwrap(), cluster());
}

#[test]
fn metrics_as_text_give_pods_and_usage() {
    let traps = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/corpus/resources/traps.prom");
    let total = |arguments: &[&str]| -> Value {
        let output = oomkit().args(arguments).args(["--metrics", traps, "-f", "json"]).output().unwrap();
        assert_eq!((code(&output), stderr(&output)), (0, ""));
        serde_json::from_str::<Value>(stdout(&output)).unwrap()["totals"].clone()
    };
    let over = total(&["overcommit"]);
    assert_eq!((&over["overcommit_bytes"], &over["unbounded_containers"]), (&json!(3_400_000_000_u64), &json!(1)));
    assert_eq!(total(&["waste"])["waste_bytes"], json!(2_300_000_000_u64));
    // what the queries say that the project started from: replicas added up, the pod that is over included
    assert_eq!(total(&["overcommit", "--profile", "seed"])["overcommit_bytes"], json!(10_000_000_000_u64));
    let output = oomkit().args(["overcommit", "--profile", "seed", "--pods", traps]).output().unwrap();
    assert_eq!(code(&output), 2);
}
