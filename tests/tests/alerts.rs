//! The alerts of `oomkit rules` as promtool evaluates them: what must fire, and what must not.

use oomkit_core::resources::rules::{Alert, Hold, RuleOptions, rules};
use oomkit_tests::promtool::{self, RuleTest};

fn usual() -> RuleTest {
    RuleTest::of(rules(&RuleOptions::default()).to_yaml())
}

const CONTAINER: &str = "namespace=\"n\",pod=\"a\",uid=\"u\",container=\"c\"";

/// The seed's alert waited a minute for a state that is over in seconds.
#[test]
fn a_container_that_is_started_again_at_once_was_killed_all_the_same() {
    let mut test = usual();
    for replica in 0..2 {
        let labels = format!("{{{CONTAINER},instance=\"{replica}\"}}");
        // killed at 5m and at 30m; terminated for less than a minute, so that no scrape sees it
        test = test
            .series(&format!("kube_pod_container_status_last_terminated_timestamp{labels}"), "_x5 300x24 1800x60")
            .series(
                &format!("kube_pod_container_status_last_terminated_reason{{reason=\"OOMKilled\",{}", &labels[1..]),
                "_x5 1x80",
            );
    }
    test.fires("4m", "PodOOMKilled", 0)
        .fires("7m", "PodOOMKilled", 1)
        .fires("14m", "PodOOMKilled", 1)
        .fires("16m", "PodOOMKilled", 0)
        .fires("31m", "PodOOMKilled", 1)
        .fires("41m", "PodOOMKilled", 0)
        .run();
}

#[test]
fn a_container_that_ended_otherwise_was_not_killed() {
    usual()
        .series(&format!("kube_pod_container_status_last_terminated_timestamp{{{CONTAINER}}}"), "_x5 300x60")
        .series(
            &format!("kube_pod_container_status_last_terminated_reason{{{CONTAINER},reason=\"Error\"}}"),
            "_x5 1x60",
        )
        .series(&format!("kube_pod_container_status_terminated_reason{{{CONTAINER},reason=\"Completed\"}}"), "_x5 1x60")
        .fires("7m", "PodOOMKilled", 0)
        .run();
}

/// The seed's alert fired for ever on a Job's pod.
#[test]
fn a_job_that_was_killed_is_news_for_a_while() {
    usual()
        .series(&format!("kube_pod_container_status_terminated_reason{{{CONTAINER},reason=\"OOMKilled\"}}"), "_x5 1x60")
        .fires("4m", "PodOOMKilled", 0)
        .fires("7m", "PodOOMKilled", 1)
        .fires("30m", "PodOOMKilled", 0)
        .run();
}

#[test]
fn a_sidecar_was_killed_when_it_was_started_again() {
    usual()
        .series(&format!("kube_pod_init_container_status_restarts_total{{{CONTAINER}}}"), "0x5 1x60")
        .series(
            &format!("kube_pod_init_container_status_last_terminated_reason{{{CONTAINER},reason=\"OOMKilled\"}}"),
            "_x5 1x60",
        )
        .fires("4m", "PodOOMKilled", 0)
        .fires("8m", "PodOOMKilled", 1)
        .fires("30m", "PodOOMKilled", 0)
        .run();
}

fn kills(more: &str) -> String {
    format!(
        "oomkit_oom_kills_total{{node=\"n1\",scope=\"container\",namespace=\"n\",pod=\"a\",container=\"c\",visible=\"false\"{more}}}"
    )
}

/// `changes()` saw one change where there were forty kills.
#[test]
fn kills_within_one_scrape_are_seen() {
    let test = usual().series(&kills(""), "0x5 40x60").fires("4m", "RecentOOM", 0).fires("7m", "RecentOOM", 1);
    test.fires("20m", "RecentOOM", 0).run();
}

/// `changes()` saw none where the counter was born with the kill.
#[test]
fn a_counter_that_is_born_with_a_kill_is_seen() {
    let test = usual().series(&kills(""), "_x5 1x60").fires("4m", "RecentOOM", 0).fires("7m", "RecentOOM", 1);
    test.fires("20m", "RecentOOM", 0).run();
}

/// `changes()` took a reset for a kill.
#[test]
fn a_reset_is_no_kill() {
    usual().series(&kills(""), "9x30 0x60").fires("32m", "RecentOOM", 0).run();
}

#[test]
fn a_counter_that_is_born_without_a_kill_is_none() {
    usual().series(&kills(""), "_x5 0x60").fires("7m", "RecentOOM", 0).run();
}

#[test]
fn an_exporter_that_is_started_again_kills_nobody() {
    usual()
        .series(&kills(",instance=\"10.0.0.1:9\""), "7x30 _x60")
        .series(&kills(",instance=\"10.0.0.2:9\""), "_x32 7x60")
        .fires("34m", "RecentOOM", 0)
        .run();
}

#[test]
fn a_kill_that_two_servers_scraped_is_one() {
    let test = usual().series(&kills(",replica=\"0\""), "0x5 1x60").series(&kills(",replica=\"1\""), "0x5 1x60");
    test.fires("8m", "RecentOOM", 1).run();
}

#[test]
fn headroom_is_watched_on_nodes_that_take_pods() {
    let capacity = |node: &str| format!("kube_node_status_capacity{{node=\"{node}\",resource=\"memory\"}}");
    let used = |node: &str| format!("node_memory_working_set_bytes{{node=\"{node}\"}}");
    let cordoned = |node: &str| format!("kube_node_spec_unschedulable{{node=\"{node}\"}}");
    let mut test = usual();
    for (node, working_set, unschedulable) in
        [("full", "8e+09x60", "0x60"), ("free", "6e+09x60", "0x60"), ("away", "9e+09x60", "1x60")]
    {
        test = test.series(&capacity(node), "10e+09x60").series(&used(node), working_set);
        test = test.series(&cordoned(node), unschedulable);
    }
    test.fires("10m", "NodeMemoryHeadroom", 0)
        .fires("30m", "NodeMemoryHeadroom", 1)
        .gives("30m", "count by (node) (ALERTS{alertname=\"NodeMemoryHeadroom\"})", &[("{node=\"full\"}", 1.0)])
        .run();
}

#[test]
fn requests_that_do_not_fit_without_a_node() {
    let mut test = usual();
    for (node, size) in [("n1", "10e+09x60"), ("n2", "6e+09x60")] {
        test = test.series(&format!("kube_node_status_allocatable{{node=\"{node}\",resource=\"memory\"}}"), size);
    }
    // 7e9 on 16e9 is 56% free, but without n1 there are only 6e9
    let pod = "namespace=\"n\",pod=\"a\",uid=\"u\"";
    test.series(&format!("kube_pod_status_phase{{{pod},phase=\"Running\"}}"), "1x60")
        .series(&format!("kube_pod_info{{{pod},node=\"n1\"}}"), "1x60")
        .series(
            &format!("kube_pod_container_resource_requests{{{pod},container=\"c\",resource=\"memory\"}}"),
            "7e+09x60",
        )
        .fires("30m", "ClusterMemoryNodeLoss", 1)
        .fires("45m", "ClusterMemoryHeadroom", 0)
        .gives(
            "30m",
            "oomkit:cluster_memory_without_nodes:bytes",
            &[("oomkit:cluster_memory_without_nodes:bytes{}", -1e9)],
        )
        .run();
}

#[test]
fn a_cluster_of_one_node_cannot_lose_it() {
    usual()
        .series("kube_node_status_allocatable{node=\"n1\",resource=\"memory\"}", "1e+09x60")
        .gives("30m", "oomkit:cluster_memory_without_nodes:bytes", &[])
        .run();
}

#[test]
fn severities_times_labels_and_excluded_namespaces_are_the_users() {
    let mut options = RuleOptions::default();
    let mut own = Hold::default();
    own.severity = Some("page".to_owned());
    own.hold = Some("2m".parse().unwrap());
    options.alerts.insert(Alert::PodMemoryUnbounded, own);
    let mut out = Hold::default();
    out.left_out = true;
    options.alerts.insert(Alert::PodMemoryOvercommit, out);
    options.labels.insert("team".to_owned(), "a \"b\": {{ c }} # d".to_owned());
    options.excluded_namespaces = vec!["kube-system".to_owned(), "a.c".to_owned()];
    options.runbook_url = Some("https://example.org/{alert}?q={{x}}".to_owned());
    let mut test = RuleTest::of(rules(&options).to_yaml());
    for namespace in ["kube-system", "a.c", "abc"] {
        let pod = format!("namespace=\"{namespace}\",pod=\"a\",uid=\"u\"");
        test = test.series(&format!("kube_pod_status_phase{{{pod},phase=\"Running\"}}"), "1x60");
        test = test.series(&format!("kube_pod_container_info{{{pod},container=\"c\"}}"), "1x60");
    }
    let labels = "{alertname=\"PodMemoryUnbounded\",alertstate=\"firing\",namespace=\"abc\",pod=\"a\",severity=\"page\",team=\"a \\\"b\\\": {{ c }} # d\"}";
    test.gives("10m", "ALERTS", &[(&format!("ALERTS{labels}"), 1.0)]).run();
}

#[test]
fn annotations_read_well() {
    if !promtool::is_installed() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut options = RuleOptions::default();
    options.runbook_url = Some("https://example.org/{alert}".to_owned());
    std::fs::write(dir.path().join("rules.yml"), rules(&options).to_yaml()).unwrap();
    std::fs::write(dir.path().join("test.yml"), ANNOTATIONS).unwrap();
    promtool::promtool(dir.path(), &["test", "rules", "test.yml"]);
}

const ANNOTATIONS: &str = r#"
rule_files: [rules.yml]
evaluation_interval: 1m
tests:
- interval: 1m
  input_series:
  - series: 'oomkit_oom_kills_total{cluster="c1",node="n1",scope="node",namespace="",pod="",container="",visible="unknown"}'
    values: '0x5 3x60'
  - series: 'oomkit_oom_kills_total{node="n1",scope="container",namespace="n",pod="a",container="c",visible="false"}'
    values: '0x5 3x60'
  alert_rule_test:
  - eval_time: 8m
    alertname: RecentOOM
    exp_alerts:
    - exp_labels: {cluster: c1, node: n1, scope: node, visible: unknown, severity: warning}
      exp_annotations:
        summary: 'The kernel killed on node n1 in c1: scope node.'
        description: "Visible to Kubernetes: unknown. `oomkit explain` tells from the node's kernel log whose limit was hit, and who held the memory."
        runbook_url: https://example.org/RecentOOM
    - exp_labels: {node: n1, scope: container, namespace: n, pod: a, container: c, visible: "false", severity: warning}
      exp_annotations:
        summary: 'The kernel killed on node n1: scope container, pod n/a, container c.'
        description: "Visible to Kubernetes: false. `oomkit explain` tells from the node's kernel log whose limit was hit, and who held the memory."
        runbook_url: https://example.org/RecentOOM
"#;
