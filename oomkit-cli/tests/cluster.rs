//! `--pods` and `--nodes`: kills joined to the cluster's objects.

use crate::run::*;
use serde_json::{Value, json};

const UID: &str = "282bb4b9-acc8-4c6a-4bf0-7428e6f2162e";
const ID: &str = "95c60e745329b8086265b465c26af09a83399e9985e08c61d850bc027caa4d7c";

/// The dump of [`DUMP`], of a container, dated.
fn log() -> String {
    let path = format!("/kubepods/burstable/pod{UID}/{ID}");
    let dump = DUMP.replace("/batch/job", &path);
    dump.lines().map(|line| format!("2024-03-30T11:00:01+00:00 n1 kernel: {line}\n")).collect()
}

fn pods(last_state: Value) -> String {
    let status = json!({"name": "app", "containerID": "containerd://new", "restartCount": 2, "lastState": last_state});
    let pod = json!({"kind": "Pod",
        "metadata": {"namespace": "shop", "name": "web-6d4cf56db6-x2x7q", "uid": UID,
            "labels": {"pod-template-hash": "6d4cf56db6"},
            "ownerReferences": [{"kind": "ReplicaSet", "name": "web-6d4cf56db6", "controller": true}]},
        "spec": {"nodeName": "n1",
            "containers": [{"name": "app", "resources": {"requests": {"memory": "10Mi"}, "limits": {"memory": "50Mi"}}}]},
        "status": {"phase": "Running", "containerStatuses": [status]}});
    json!({"apiVersion": "v1", "items": [pod], "kind": "List"}).to_string()
}

fn killed() -> Value {
    json!({"terminated": {"reason": "OOMKilled", "exitCode": 137, "finishedAt": "2024-03-30T11:00:02Z",
        "containerID": format!("containerd://{ID}")}})
}

fn event(arguments: &[&str]) -> Value {
    let output = parse_input(&[&["-f", "jsonl"], arguments].concat(), log().as_bytes());
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    serde_json::from_str(stdout(&output)).unwrap()
}

#[test]
fn a_kill_gets_the_names_limits_and_status_of_its_pod() {
    let dir = tempfile::tempdir().unwrap();
    let pods = file(dir.path(), "pods.json.gz", gzip(pods(killed())));
    let nodes = json!({"kind": "Node", "metadata": {"name": "n1"}, "status": {"capacity": {"memory": "32Gi"}}});
    let nodes = file(dir.path(), "nodes.json", nodes.to_string());
    let cluster = &event(&["--pods", &pods, "--nodes", &nodes])["cluster"];
    assert_eq!(
        *cluster,
        json!({"matched_by": "container_id", "namespace": "shop", "pod": "web-6d4cf56db6-x2x7q",
            "workload": "Deployment/web", "phase": "Running", "container": "app", "container_kind": "regular",
            "request_bytes": 10_485_760, "limit_bytes": 52_428_800, "pod_limit_bytes": 52_428_800,
            "limit_at_kill_bytes": 26_214_400, "limit_change": "raised", "restart_count": 2,
            "last_state": {"reason": "OOMKilled", "exit_code": 137, "finished_at": "2024-03-30T11:00:02Z"},
            "node": "n1", "node_capacity_bytes": 34_359_738_368_u64,
            "visibility": "visible", "agreement": "contradicts",
            "evidence": ["container app ended with it: OOMKilled, exit code 137, at 2024-03-30T11:00:02Z"]})
    );
}

#[test]
fn without_the_options_nothing_is_joined() {
    assert_eq!(event(&[]).get("cluster"), None);
}

#[test]
fn text_and_csv_tell_it_too() {
    let dir = tempfile::tempdir().unwrap();
    let pods = file(dir.path(), "pods.json", pods(killed()));
    let text = parse_input(&["--pods", &pods], log().as_bytes());
    for part in [
        "Pod        shop/web-6d4cf56db6-x2x7q, of Deployment/web, container app, on node n1",
        "request 10.0 MiB, limit 50.0 MiB, raised since the kill, when it was 25.0 MiB",
        "restarted 2 times, last ended: OOMKilled (137) at 2024-03-30 11:00:02 +00:00",
        "Cluster    the pod's status shows this kill, against the verdict",
    ] {
        assert!(stdout(&text).contains(part), "{part}\n{}", stdout(&text));
    }
    let rows = parse_input(&["--pods", &pods, "-f", "csv"], log().as_bytes());
    let end = ",shop,web-6d4cf56db6-x2x7q,Deployment/web,app,n1,10485760,52428800,26214400,raised,2,OOMKilled,visible,contradicts";
    assert!(stdout(&rows).lines().nth(1).unwrap().ends_with(end), "{}", stdout(&rows));
}

#[test]
fn a_file_that_is_not_what_kubectl_prints_ends_the_run() {
    let dir = tempfile::tempdir().unwrap();
    let messages = file(dir.path(), "messages", log());
    let wrong = file(dir.path(), "wrong.json", pods(killed()).replace("50Mi", "50mb"));
    let table = file(dir.path(), "table.txt", "NAME   READY\nweb-1  1/1\n");
    for (path, said) in [
        (
            wrong.as_str(),
            "items[0].spec.containers[0].resources.limits.memory: \"50mb\" is not a quantity: there is no suffix \"mb\"; write M",
        ),
        (&table, "table.txt:1:1: expected JSON, as `kubectl get pods,nodes -A -o json` prints it"),
        ("no-such.json", "no-such.json: No such file or directory"),
    ] {
        // the log from a file: the run may be over before it reads a pipe
        let output = parse(["--pods", path, &messages]);
        assert_eq!((code(&output), stdout(&output)), (2, ""), "{path}");
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
}

#[test]
fn the_pods_may_come_from_standard_input_but_not_beside_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let messages = file(dir.path(), "messages", log());
    let output = parse_input(&["--pods", "-", "-f", "jsonl", &messages], pods(killed()).as_bytes());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).contains("\"pod\":\"web-6d4cf56db6-x2x7q\""));
    for arguments in [&["--pods", "-"][..], &["--pods", "-", "--nodes", "-", &messages], &["--pods", "-", "-"]] {
        let output = parse(arguments);
        assert_eq!(code(&output), 2);
        assert!(stderr(&output).contains("can be read only once"), "{}", stderr(&output));
    }
}

#[test]
fn explain_tells_the_pod_too() {
    let dir = tempfile::tempdir().unwrap();
    let pods = file(dir.path(), "pods.json", pods(killed()));
    let messages = file(dir.path(), "messages", log());
    let explain = |format: &str| oomkit().args(["explain", "--pods", &pods, "-f", format, &messages]).output().unwrap();
    let text = explain("text");
    assert!(stdout(&text).contains("Pod        shop/web-6d4cf56db6-x2x7q, of Deployment/web"), "{}", stdout(&text));
    assert!(stdout(&text).contains("Cluster    the pod's status shows this kill"), "{}", stdout(&text));
    let json: Value = serde_json::from_str(stdout(&explain("jsonl"))).unwrap();
    assert_eq!(
        (&json["cluster"]["pod"], &json["cluster"]["visibility"]),
        (&json!("web-6d4cf56db6-x2x7q"), &json!("visible"))
    );
}

#[test]
fn a_summary_counts_by_the_names_of_the_cluster() {
    let dir = tempfile::tempdir().unwrap();
    let pods = file(dir.path(), "pods.json", pods(killed()));
    let log = file(dir.path(), "log", log());
    let by = "pod,container,namespace,workload,visibility";
    let output = oomkit().args(["summary", "-f", "json", "--by", by, "--pods", &pods, &log]).output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let report: Value = serde_json::from_str(stdout(&output)).unwrap();
    let rows: Vec<(&str, &Value)> =
        report["groups"].as_array().unwrap().iter().map(|g| (g["by"].as_str().unwrap(), &g["rows"][0])).collect();
    let of = |by: &str| rows.iter().find(|(name, _)| *name == by).unwrap().1;
    assert_eq!((&of("pod")["key"], &of("pod")["name"]), (&json!(UID), &json!("shop/web-6d4cf56db6-x2x7q")));
    assert_eq!(of("pod")["workload"], "shop/Deployment/web");
    assert_eq!((&of("container")["key"], &of("container")["name"]), (&json!(ID), &json!("app")));
    assert_eq!(of("namespace")["key"], "shop");
    assert_eq!(of("workload")["key"], "shop/Deployment/web");
    assert_eq!((&of("visibility")["key"], &of("visibility")["events"]), (&json!("visible"), &json!(1)));
    // without the cluster's objects there are no such tables
    let output = oomkit().args(["summary", "-f", "json", "--by", by, &log]).output().unwrap();
    let report: Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!(report["groups"].as_array().unwrap().len(), 2);
}
