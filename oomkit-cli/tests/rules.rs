//! `oomkit rules` and `oomkit dashboard`: the copies in deploy/, the options, and what is refused.

use crate::run::*;
use std::path::Path;

fn printed(arguments: &[&str]) -> String {
    let output = oomkit().args(arguments).output().unwrap();
    assert_eq!((code(&output), stderr(&output)), (0, ""), "{arguments:?}");
    stdout(&output).to_owned()
}

#[test]
fn the_copies_in_deploy_are_what_the_commands_print() {
    for (file, arguments) in [
        ("prometheus/oomkit.rules.yaml", &["rules"][..]),
        ("prometheus/oomkit.prometheusrule.yaml", &["rules", "-f", "prometheus-rule"]),
        ("grafana/oomkit.json", &["dashboard"]),
    ] {
        let text = printed(arguments);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(file);
        if std::env::var_os("OOMKIT_UPDATE").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == text, "deploy/{file} is not current: run this test with OOMKIT_UPDATE=1");
    }
}

#[test]
fn options_reach_the_rules() {
    let text = printed(&[
        "rules",
        "--prefix",
        "mem",
        "--cluster-label",
        "",
        "--label",
        "ksm:pod=exported_pod",
        "--selector",
        "ksm:job=\"ksm\"",
        "--selector",
        "region=\"eu\"",
        "--overcommit",
        "4Gi",
        "--waste",
        "1G",
        "--headroom",
        "25%",
        "--lost-nodes",
        "2",
        "--window",
        "14d",
        "--recent",
        "5m",
        "--interval",
        "2m",
        "--for",
        "20m",
        "--for",
        "PodMemoryWaste=12h",
        "--severity",
        "page",
        "--severity",
        "RecentOOM=critical",
        "--without",
        "PodOOMKilled",
        "--alert-label",
        "team=a: b",
        "--exclude-namespace",
        "kube-system",
        "--runbook-url",
        "https://r/{alert}",
    ]);
    for part in [
        "- name: mem.memory\n  interval: 2m\n",
        "label_replace(kube_pod_container_info{region=\"eu\",job=\"ksm\"}, \"pod\", \"$1\", \"exported_pod\", \"(.+)\")",
        "expr: mem:pod_memory_overcommit:bytes{namespace!~\"kube-system\"} > 4294967296",
        "mem:pod_memory_waste:bytes{namespace!~\"kube-system\"} > 1000000000\n    for: 12h",
        "_headroom:ratio < 0.25",
        "topk by () (2, mem:node_memory_allocatable:bytes)",
        "[14d:1h]",
        "increase(oomkit_oom_kills_total{region=\"eu\"}[5m])",
        "for: 20m\n    labels:\n      severity: page\n      team: \"a: b\"",
        "for: 0m\n    labels:\n      severity: critical",
        "runbook_url: https://r/PodMemoryUnbounded",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains("PodOOMKilled") && !text.contains("(cluster"), "{text}");
    let alerts = printed(&["rules", "--only", "alerts"]);
    assert!(!alerts.contains("record:") && alerts.contains("alert: RecentOOM"));
    assert!(!printed(&["rules", "--only", "recording"]).contains("alert:"));
}

#[test]
fn objects_for_a_cluster_carry_their_names_and_labels() {
    let object = ["--object-name", "memory", "--object-namespace", "monitoring", "--object-label", "release=prom"];
    let rule = printed(&[&["rules", "-f", "prometheus-rule"], &object[..]].concat());
    assert!(
        rule.starts_with(
            "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: memory\n  \
             namespace: monitoring\n  labels:\n    release: prom\nspec:\n  groups:\n  - name: oomkit.memory\n"
        ),
        "{rule}"
    );
    let map = printed(&[&["dashboard", "-f", "config-map"], &object[..]].concat());
    assert!(map.contains("kind: ConfigMap") && map.contains("  memory.json: |") && map.contains("release: prom"));
    assert!(printed(&["dashboard", "-f", "config-map"]).contains("grafana_dashboard: \"1\""));
}

#[test]
fn the_dashboard_takes_names_and_numbers() {
    let text = printed(&[
        "dashboard",
        "--prefix",
        "mem",
        "--top",
        "5",
        "--title",
        "My \"board\"",
        "--uid",
        "mine",
        "--tag",
        "x",
        "--lost-nodes",
        "2",
        "--exclude-namespace",
        "kube-system",
        "--label",
        "pod=k8s_pod",
    ]);
    let board: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&board["title"], &board["uid"]), (&"My \"board\"".into(), &"mine".into()));
    assert_eq!(board["tags"], serde_json::json!(["x"]));
    assert!(text.contains("Worst 5 overcommitted") && text.contains("(N+2)") && text.contains("namespace, k8s_pod"));
    assert!(text.contains("topk(5, max by (cluster, namespace, k8s_pod) (mem:pod_memory_waste:bytes{"), "{text}");
}

#[test]
fn what_prometheus_would_refuse_is_refused_with_the_remedy() {
    for (arguments, said) in [
        (&["rules", "--label", "pod=a-b"][..], "is not the name of a label"),
        (&["rules", "--label", "exported_pod"], "expected LABEL=NAME, such as pod=exported_pod"),
        (&["rules", "--label", "thing=a"], "is not one of namespace, pod, uid, container, node"),
        (&["rules", "--label", "sql:pod=a"], "is not one of ksm, cadvisor, scheduler, oomkit"),
        (&["rules", "--selector", "job=kubelet"], "is not a list of matchers such as"),
        (&["rules", "--selector", "ksm:job=\"a\"} or up{a=\"b\""], "is not a list of matchers such as"),
        (&["rules", "--prefix", "a-b"], "is not the beginning of a metric's name"),
        (&["rules", "--cluster-label", "a b"], "is not the name of a label"),
        (&["rules", "--for", "soon"], "is not a duration as Prometheus writes it"),
        (&["rules", "--recent", "0m"], "expected more than no time at all"),
        (&["rules", "--for", "RecentOOM=10m"], "RecentOOM would never fire"),
        (&["rules", "--for", "Sometimes=5m"], "is not one of PodMemoryOvercommit"),
        (&["rules", "--headroom", "130%"], "expected a share such as 30% or 0.3"),
        (&["rules", "--overcommit", "2.9GB"], "write G (1000³) or Gi (1024³)"),
        (&["rules", "--alert-label", "severity=x"], "severity has an option of its own"),
        (&["rules", "--object-name", "My Rules"], "a name as Kubernetes has them"),
        (&["dashboard", "--uid", "a b"], "expected 1 to 40 letters"),
        (&["dashboard", "--top", "0"], "0 is not in 1..=1000"),
    ] {
        let output = oomkit().args(arguments).output().unwrap();
        assert_eq!((code(&output), stdout(&output)), (2, ""), "{arguments:?}");
        assert!(stderr(&output).contains(said), "{arguments:?}: {}", stderr(&output));
    }
}
