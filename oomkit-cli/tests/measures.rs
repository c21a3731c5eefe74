//! `oomkit overcommit`, `waste` and `headroom` on a small cluster with sums done by hand.

use crate::run::*;
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
        "namespace,request_bytes,limit_bytes,overcommit_bytes,overcommit_ratio,unbounded_containers,known_limit_bytes\n\
         shop,3221225472,7516192768,4294967296,2.3333333333333335,0,\nops,1073741824,,0,,1,0\n"
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

/// The log of node n1: the node runs out, then the container hits its own limit.
fn kills() -> String {
    let uid = "282bb4b9-acc8-4c6a-4bf0-7428e6f2162e";
    let id = "95c60e745329b8086265b465c26af09a83399e9985e08c61d850bc027caa4d7c";
    let path = format!("/kubepods/burstable/pod{uid}/{id}");
    let mut log = String::new();
    let mut say = |time: &str, lines: &[String]| {
        for line in lines {
            log += &format!("2026-01-01T{time}+00:00 n1 kernel: [   71.146532] {line}\n");
        }
    };
    let head = "java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=998".to_owned();
    let sizes = "total-vm:90000kB, anon-rss:8192kB, file-rss:0kB, shmem-rss:0kB";
    say(
        "00:01:00",
        &[
            head.clone(),
            format!(
                "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg={path},task=java,pid=42,uid=0"
            ),
            format!("Out of memory: Killed process 42 (java) {sizes}"),
        ],
    );
    say(
        "00:02:00",
        &[
            head,
            "memory: usage 4194304kB, limit 4194304kB, failcnt 5".to_owned(),
            format!(
                "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset={id},mems_allowed=0,oom_memcg={path},task_memcg={path},task=java,pid=43,uid=0"
            ),
            format!("Memory cgroup out of memory: Killed process 43 (java) {sizes}"),
        ],
    );
    log
}

/// The pods of `cluster`, of which web can be found by its kills and shares its node with one that wastes.
fn with_victim() -> String {
    let mut list: Value = serde_json::from_str(&cluster()).unwrap();
    let items = list["items"].as_array_mut().unwrap();
    items[0]["metadata"]["uid"] = json!("282bb4b9-acc8-4c6a-4bf0-7428e6f2162e");
    let id = "containerd://95c60e745329b8086265b465c26af09a83399e9985e08c61d850bc027caa4d7c";
    items[0]["status"]["containerStatuses"] = json!([{"name": "app", "containerID": id}]);
    items[2]["spec"]["nodeName"] = json!("n1");
    list.to_string()
}

#[test]
fn kills_stand_beside_declared_and_used_memory() {
    let dir = tempfile::tempdir().unwrap();
    let (pods, usage) = (file(dir.path(), "pods.json", with_victim()), file(dir.path(), "usage.json", usage()));
    let log = file(dir.path(), "messages", kills());
    let parsed = oomkit().args(["parse", "-f", "jsonl", &log]).output().unwrap();
    let events = file(dir.path(), "kills.jsonl", stdout(&parsed));
    let json = |verb: &str, more: &[&str]| -> Value {
        let arguments = [verb, "--pods", &pods, "--usage", &usage, "--events", &events, "-f", "json"];
        let output = oomkit().args(arguments).args(more).output().unwrap();
        assert_eq!((code(&output), stderr(&output)), (0, ""), "{verb}");
        serde_json::from_str(stdout(&output)).unwrap()
    };
    let over = json("overcommit", &[]);
    assert_eq!(
        (&over["rows"][0]["pod"], &over["rows"][0]["kills"]["limit_at_kill_bytes"]),
        (&json!("web"), &json!(4_u64 << 30))
    );
    let waste = json("waste", &["--rank-by", "blame"]);
    // free, on the same node, had 512Mi that it did not use
    let first = &waste["rows"][0];
    assert_eq!((&first["pod"], &first["hurt"]["wasted_bytes"]), (&json!("free"), &json!(512_u64 << 20)));
    assert_eq!(waste["node_kills"][0]["victim"]["pod"], "web");
    let risk = json("risk", &[]);
    // db is sampled at its limit as well: two of one rank stand by name
    let hazards: Vec<_> = risk["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (&row["pod"], &row["rank"], &row["peak_from_kill"]))
        .collect();
    assert_eq!(hazards, [(&json!("db"), &json!(100), &json!(false)), (&json!("web"), &json!(100), &json!(true))]);
    assert_eq!(risk["nodes"][0]["victim_order"][0]["stand_in"], "container");
    let advice = json("recommend", &[]);
    let web = advice["rows"].as_array().unwrap().iter().find(|row| row["workload"] == "Pod/web").unwrap();
    // 1.2 times 4 GiB, rounded up to Mi
    assert_eq!(web["recommended_request_bytes"], json!(4916_u64 << 20));
    assert_eq!((&web["kills"]["missed_bytes"], &web["limit_change"]), (&json!(3840_u64 << 20), &json!("same")));
    let text = oomkit().args(["recommend", "--pods", &pods, "--usage", &usage, "--events", &events]).output().unwrap();
    let text = stdout(&text);
    assert!(
        text.contains("killed once at its limit, at most 4.0 GiB, and 20% on top; sampling had missed 3.8 GiB"),
        "{text}"
    );
    assert!(text.contains("2026-01-01T00:01:00+00:00: n1 ran out, shop/web/app was killed (8.0 MiB)"), "{text}");
    let bad = file(dir.path(), "bad.jsonl", format!("{}{{\"id\": 5}}\n", stdout(&parsed)));
    let output = oomkit().args(["risk", "--pods", &pods, "--events", &bad]).output().unwrap();
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    assert!(
        stderr(&output).contains("bad.jsonl:3:") && stderr(&output).contains("id: invalid type"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn risk_in_every_format() {
    let text = printed(&["risk", "--usage", "USAGE"]);
    for said in [
        "Limits: 2 containers with a limit of their own",
        "Nodes: the pods of",
        "If n2 ran out now, the kernel would kill:",
        "Under memory pressure on n1, its kubelet would evict:",
    ] {
        assert!(text.contains(said), "{text}");
    }
    let lines = printed(&["risk", "--usage", "USAGE", "-f", "jsonl"]);
    let hazards: Vec<String> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["hazard"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        hazards,
        ["limit", "limit", "node", "node", "victim", "victim", "eviction", "eviction", "victim", "eviction"]
    );
    let csv = printed(&["risk", "--usage", "USAGE", "-f", "csv", "--hazard", "victim"]);
    let mut rows = csv.lines();
    assert!(rows.next().unwrap().starts_with("hazard,namespace,workload,pod,container,node,rank,request_bytes,"));
    // free uses 512Mi and requests 1 of 8 GiB, db uses 3 and requests 2
    assert!(rows.next().unwrap().starts_with("victim,shop,Pod/db,db,app,n2,,2147483648,"), "{csv}");
    assert_eq!(rows.count(), 2);
    let markdown = printed(&["risk", "--usage", "USAGE", "-f", "markdown", "--hazard", "node"]);
    assert!(markdown.contains("| node | memory | in use |"), "{markdown}");
    let json: Value =
        serde_json::from_str(&printed(&["risk", "--usage", "USAGE", "-f", "json", "--by", "namespace"])).unwrap();
    assert_eq!((&json["by"], &json["rows"][0]["containers"]), (&json!("namespace"), &json!(2)));
}

#[test]
fn recommendations_in_every_format() {
    let text = printed(&["recommend", "--usage", "USAGE", "--min-points", "1", "--min-hours", "0"]);
    // db 3 GiB, web 256 MiB, free 512 MiB, each with 15% on top, rounded up: 3533, 295 and 589 MiB; 4096 today
    assert!(
        text.starts_with("Recommended by workload: requests of 4.3 GiB in all, 321.0 MiB more than today."),
        "{text}"
    );
    let csv = printed(&["recommend", "--usage", "USAGE", "-f", "csv", "--top", "1"]);
    assert!(
        csv.starts_with("namespace,workload,container,pods,request_bytes,recommended_request_bytes,limit_bytes,"),
        "{csv}"
    );
    let json: Value =
        serde_json::from_str(&printed(&["recommend", "--usage", "USAGE", "-f", "json", "--profile", "burst"])).unwrap();
    assert_eq!((&json["measure"], &json["profile"]), (&json!("recommend"), &json!("burst")));
    assert_eq!(json["rows"][0]["beside"]["krr"]["request_bytes"], Value::Null, "one measurement is not enough for KRR");
    assert!(printed(&["recommend", "--usage", "USAGE", "--by", "node", "-f", "markdown"]).contains("| n2 |"));
}

#[test]
fn the_csv_that_is_printed_is_read_back() {
    let dir = tempfile::tempdir().unwrap();
    for by in ["container", "pod", "workload", "namespace", "node"] {
        for verb in ["overcommit", "waste"] {
            let usage: &[&str] = if verb == "waste" { &["--usage", "USAGE"] } else { &[] };
            let first = printed(&[&[verb, "-f", "csv", "--by", by][..], usage].concat());
            let table = file(dir.path(), &format!("{verb}-{by}.csv"), first.clone());
            let again = oomkit().args([verb, "-f", "csv", "--by", by, "--csv", &table]).output().unwrap();
            assert_eq!((code(&again), stderr(&again)), (0, ""), "{verb} {by}");
            assert_eq!(stdout(&again), first, "{verb} {by}");
        }
    }
    let wrong = file(dir.path(), "wrong.csv", "pod,request_bytes\nweb,1gb\n");
    let output = oomkit().args(["overcommit", "--csv", &wrong]).output().unwrap();
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    assert!(stderr(&output).contains("wrong.csv:2:5: request_bytes: \"1gb\" is not a quantity"), "{}", stderr(&output));
}

#[test]
fn t24_thresholds_are_quantities_and_sizes_are_shown_in_both_systems() {
    let rows = |threshold: &str| printed(&["overcommit", "-f", "csv", "--threshold", threshold]).lines().count() - 1;
    // 3 GiB is 3.2 GB
    assert_eq!([rows("3Gi"), rows("3.2G"), rows("3.3G"), rows("3.2Gi"), rows("3072Mi")], [1, 1, 0, 0, 1]);
    assert!(printed(&["overcommit"]).contains("4.0 GiB (4.3 GB)"));
}

#[test]
fn headroom_of_several_nodes_and_what_there_should_be() {
    let json: Value = serde_json::from_str(&printed(&["headroom", "-f", "json", "--least", "0.75"])).unwrap();
    assert_eq!(
        (&json["cluster"]["gate"]["holds"], &json["cluster"]["largest_pod_node"]),
        (&json!(false), &json!("n1"))
    );
    let text = printed(&["headroom", "--lose", "2"]);
    assert!(text.contains("2 nodes cannot be lost: there are 2"), "{text}");
    assert!(text.contains("there is headroom of 30%: booked 71%"), "{text}");
}

#[test]
fn the_profile_lain_goes_by_what_is_used() {
    let json: Value = serde_json::from_str(&printed(&[
        "waste",
        "--usage",
        "USAGE",
        "--profile",
        "lain",
        "--by",
        "container",
        "-f",
        "json",
    ]))
    .unwrap();
    let rows = json["rows"].as_array().unwrap();
    // web and free request too much, db too little
    let stands: Vec<_> =
        rows.iter().map(|row| (row["pod"].as_str().unwrap(), row["lain"]["request"].as_str().unwrap())).collect();
    assert_eq!(stands, [("web", "too_high"), ("free", "too_high"), ("db", "too_low")]);
    let output = oomkit_input(&["overcommit", "--profile", "lain"], &cluster());
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("--profile lain goes by what is used"), "{}", stderr(&output));
}
