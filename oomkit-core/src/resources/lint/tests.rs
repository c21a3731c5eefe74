//! Rules on small manifests, with lines and columns counted by hand.

#![allow(clippy::field_reassign_with_default, reason = "settings cannot be built by their fields elsewhere either")]

use super::{Facts, LintProfile, Linter, RULES, Report, Settings};
use crate::resources::{ClusterFacts, Usage};
use std::fmt::Write;

pub(super) fn report(settings: Settings, facts: &Facts, manifest: &str) -> Report {
    let mut linter = Linter::new(settings);
    linter.file("m.yaml", manifest.as_bytes());
    linter.finish(facts)
}

pub(super) fn places(report: &Report) -> Vec<String> {
    report.findings.iter().map(|f| format!("{} {}:{}", f.id, f.line, f.column)).collect()
}

/// A pod whose container's resources stand in line 6 from column 16.
pub(super) fn pod(resources: &str) -> String {
    format!("kind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n  - name: c\n    resources: {resources}\n")
}

fn found(resources: &str) -> Vec<String> {
    places(&report(Settings::default(), &Facts::default(), &pod(resources)))
}

#[test]
fn each_rule_of_a_container_has_a_bad_and_a_good_side() {
    let none: [&str; 0] = [];
    assert_eq!(found("{requests: {memory: 64Mi}, limits: {memory: 64Mi}}"), none);
    assert_eq!(found("{requests: {memory: 64Mi}}"), ["OM001 6:5"]);
    assert_eq!(found("{limits: {cpu: 1}}"), ["OM002 6:5", "OM001 6:17"]);
    assert_eq!(found("{}"), ["OM001 6:5", "OM002 6:5"]);
    assert_eq!(found("{limits: {memory: 0}}"), ["OM002 6:5", "OM001 6:34"]);
    assert_eq!(found("{limits: {memory: 64Mi}}"), ["OM003 6:34"]);
    assert_eq!(found("{requests: {memory: 65Mi}, limits: {memory: 64Mi}}"), ["OM004 6:36"]);
    // kyverno's pair, and the bound itself
    assert_eq!(found("{requests: {memory: 100Mi}, limits: {memory: 300Mi}}"), ["OM005 6:61"]);
    assert_eq!(found("{requests: {memory: 50Mi}, limits: {memory: 100Mi}}"), none);
    assert_eq!(found("{requests: {memory: 100Mi}, limits: {memory: 250Mi}}"), none);
    assert_eq!(found("{requests: {memory: 0}, limits: {memory: 64Mi}}"), ["OM005 6:57"]);
    assert_eq!(
        found("{limits: {memory: 128m}, requests: {memory: 128Mi}}"),
        ["OM006 6:34", "OM008 6:34", "OM004 6:60"]
    );
    assert_eq!(found("{requests: {memory: 4Mi}, limits: {memory: 4Mi}}"), none);
    assert_eq!(found("{requests: {memory: 1G}, limits: {memory: 1Gi}}"), ["OM007 6:58"]);
    assert_eq!(found("{requests: {memory: 1G}, limits: {memory: 1000000000}}"), none);
    assert_eq!(found("{requests: {memory: 1Gi}, limits: {memory: 1.1Gi}}"), ["OM008 6:59"]);
    assert_eq!(found("{requests: {memory: 1.5Gi}, limits: {memory: 1.5Gi}}"), none);
    for wrong in ["1GB", "1gi", "1K", "512 Mi", "-1Gi", "\"{{ .Values.memory }}\"", "[1]", "\"\""] {
        let manifest = format!("{{requests: {{memory: 64Mi}}, limits: {{memory: {wrong}}}}}");
        assert_eq!(found(&manifest), ["OM009 6:60"], "{wrong}");
    }
    for odd in ["1e9", ".5Gi", "+512Mi", "00512Mi", "1_073_741_824", "0x40000000", "536870912000m"] {
        let manifest = format!("{{requests: {{memory: 512Mi}}, limits: {{memory: {odd}}}}}");
        assert!(found(&manifest).contains(&"OM010 6:61".to_owned()), "{odd}: {:?}", found(&manifest));
    }
    assert_eq!(found("{requests: {memory: 2Ti}, limits: {memory: 2Ti}}"), ["OM011 6:36", "OM011 6:59"]);
    assert_eq!(found("{requests: {memory: 12E}, limits: {memory: 12E}}"), ["OM011 6:36", "OM011 6:59"]);
}

#[test]
fn plausible_is_what_the_largest_node_holds() {
    let mut settings = Settings::default();
    settings.node_memory = Some(8 << 30);
    let manifest = pod("{requests: {memory: 9Gi}, limits: {memory: 9Gi}}");
    assert_eq!(places(&report(settings, &Facts::default(), &manifest)), ["OM011 6:36", "OM011 6:59"]);
}

#[test]
fn profiles_and_selection_choose() {
    let manifest = pod("{requests: {memory: 100Mi}, limits: {memory: 300Mi}}");
    let severity = |profile, select: &[&str]| {
        let mut settings = Settings::default();
        settings.profile = profile;
        settings.select = select.iter().map(|id| (*id).to_owned()).collect();
        let report = report(settings, &Facts::default(), &manifest);
        report.findings.iter().map(|f| f.severity.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(severity(LintProfile::Prod, &[]), ["warn"]);
    assert_eq!(severity(LintProfile::Dev, &[]), ["note"]);
    assert!(severity(LintProfile::Prod, &["OM02"]).is_empty());
    assert_eq!(severity(LintProfile::Prod, &["OM00"]), ["warn"]);
}

#[test]
fn ids_are_in_order_and_given_once() {
    assert!(RULES.windows(2).all(|pair| pair[0].id < pair[1].id));
    assert!(RULES.iter().all(|rule| rule.id.len() == 5 && !rule.help.is_empty()));
}

#[test]
fn hostile_yaml_is_refused_or_read_in_bounded_time() {
    let mut bomb = "a0: &a0 {k: v}\n".to_owned();
    for level in 1..40 {
        let _ = writeln!(bomb, "a{level}: &a{level} {{<<: [{}]}}", vec![format!("*a{}", level - 1); 9].join(", "));
    }
    assert!(report(Settings::default(), &Facts::default(), &bomb).findings.is_empty());
    let mut lists = "x: &l0 [{kind: Pod, metadata: {name: a}}]\n".to_owned();
    for level in 1..12 {
        let list = vec![format!("{{kind: List, items: *l{}}}", level - 1); 9].join(", ");
        let _ = writeln!(lists, "x{level}: &l{level} [{list}]");
    }
    let deep = report(Settings::default(), &Facts::default(), &(lists + "kind: List\nitems: *l11\n"));
    assert!(deep.errors.iter().any(|error| error.message.contains("too deep")), "{:?}", deep.errors.first());
    for (manifest, message) in [
        ("[".repeat(10_000), "1:256"),
        ("kind: &a [*a]\n".to_owned(), "1:11: not YAML: the alias stands inside"),
        ("kind: Pod\nspec: {containers: [}\n---\nkind: Pod\n".to_owned(), "2:"),
        ("a\0b".to_owned(), "1:"),
    ] {
        let report = report(Settings::default(), &Facts::default(), &manifest);
        let told = report.errors.first().map(ToString::to_string).unwrap_or_default();
        assert!(told.contains(message), "{message}: {told}");
    }
    let later =
        report(Settings::default(), &Facts::default(), "a: [}\n---\nkind: Pod\nspec: {containers: [{name: c}]}\n");
    assert_eq!(later.checked.containers, 1);
}

pub(super) fn cluster() -> ClusterFacts {
    let mut cluster = ClusterFacts::default();
    let json = br#"{"kind": "List", "items": [
        {"kind": "Node", "metadata": {"name": "n1"}, "status": {"capacity": {"memory": "4Gi"}, "allocatable": {"memory": "4Gi"}}},
        {"kind": "Pod", "metadata": {"namespace": "default", "name": "a", "uid": "u"}, "spec": {"nodeName": "n1", "containers": [
            {"name": "c", "resources": {"requests": {"memory": "1Gi"}, "limits": {"memory": "2Gi"}}}]}, "status": {"phase": "Running"}}]}"#;
    cluster.read("pods.json", &json[..]).unwrap();
    cluster
}

/// `points` measurements over two days, the last of them `peak`.
pub(super) fn usage(peak: &str, points: i64) -> Usage {
    let mut usage = Usage::default();
    for point in 0..points {
        let memory = if point + 1 == points { peak } else { "100Mi" };
        let time =
            chrono::DateTime::from_timestamp(1_700_000_000 + point * 172_800 / points.max(2), 0).unwrap().to_rfc3339();
        let json = format!(
            r#"{{"kind": "PodMetricsList", "items": [{{"metadata": {{"namespace": "default", "name": "a"}}, "timestamp": "{time}",
               "containers": [{{"name": "c", "usage": {{"memory": "{memory}"}}}}]}}]}}"#
        );
        usage.read_json("top.json", json.as_bytes()).unwrap();
    }
    usage
}

#[test]
fn usage_is_held_against_what_is_declared() {
    let manifest = pod("{requests: {memory: 1Gi}, limits: {memory: 2Gi}}");
    let with = |peak: &str, points, profile| {
        let mut settings = Settings::default();
        settings.profile = profile;
        let facts = Facts { cluster: cluster(), usage: usage(peak, points), ..Facts::default() };
        let report = report(settings, &facts, &manifest);
        report
            .findings
            .iter()
            .filter(|f| f.id.starts_with("OM02"))
            .map(|f| format!("{} {}", f.id, f.severity.as_str()))
            .collect::<Vec<_>>()
    };
    assert_eq!(with("500Mi", 120, LintProfile::Prod), ["OM020 warn"]);
    // 1Gi less 800Mi is 22%, but below 290 MB
    assert!(with("800Mi", 120, LintProfile::Prod).is_empty());
    assert_eq!(with("1100Mi", 120, LintProfile::Prod), ["OM021 warn"]);
    assert_eq!(with("1700Mi", 120, LintProfile::Prod), ["OM021 warn", "OM022 warn"]);
    assert_eq!(with("2000Mi", 120, LintProfile::Prod), ["OM021 warn", "OM022 error"]);
    assert_eq!(with("500Mi", 99, LintProfile::Prod), ["OM023 note"]);
    // lain: 907Mi × 1.13 = 1024.9Mi holds 1Gi; 900Mi × 1.13 = 1017Mi does not; 2.5 × 900Mi = 2250Mi is within 1Gi of 2Gi
    assert!(with("907Mi", 120, LintProfile::Lain).is_empty());
    assert_eq!(with("900Mi", 120, LintProfile::Lain), ["OM024 error"]);
}

#[test]
fn what_the_files_book_must_leave_room() {
    let facts = Facts { cluster: cluster(), ..Facts::default() };
    // the pod of the same name is replaced: 3Gi of 4Gi leave 25%
    let manifest = pod("{requests: {memory: 3Gi}, limits: {memory: 3Gi}}");
    assert_eq!(places(&report(Settings::default(), &facts, &manifest)), ["OM041 1:7"]);
    let fits = pod("{requests: {memory: 2Gi}, limits: {memory: 2Gi}}");
    assert!(report(Settings::default(), &facts, &fits).findings.is_empty());
}

/// A child was killed at 800Mi.
pub(super) fn event() -> crate::event::Event {
    let log = "[   71.1] memory: usage 819200kB, limit 819200kB, failcnt 9\n";
    let mut event = crate::parse(format!("[   71.0] app invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0\n{log}[   71.2] Memory cgroup out of memory: Killed process 42 (app) total-vm:4kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB\n").as_bytes()).remove(0);
    let mut cluster = crate::event::Cluster::default();
    cluster.namespace = Some("default".to_owned());
    cluster.workload = Some("Pod/a".to_owned());
    cluster.container = Some("c".to_owned());
    cluster.limit_at_kill_bytes = Some(crate::units::Bytes(800 << 20));
    event.cluster = Some(cluster);
    event.verdict.kind = crate::event::VerdictKind::ChildKilled;
    event
}

#[test]
fn kills_of_a_workload_are_held_against_its_limit() {
    let facts = Facts { events: vec![event()], ..Facts::default() };
    let at = |limit: &str| {
        places(&report(
            Settings::default(),
            &facts,
            &pod(&format!("{{requests: {{memory: 800Mi}}, limits: {{memory: {limit}}}}}")),
        ))
    };
    assert_eq!(at("800Mi"), ["OM031 5:11", "OM030 6:61"]);
    assert_eq!(at("960Mi"), ["OM031 5:11", "OM030 6:61"]);
    assert_eq!(at("961Mi"), ["OM031 5:11"]);
}

#[test]
fn other_kinds_are_read_where_their_template_is_named() {
    let manifest = "kind: Widget\nspec:\n  inner:\n    spec: {containers: [{name: c}]}\n";
    let mut settings = Settings::default();
    settings.pod_templates = vec![("Widget".to_owned(), "spec.inner".to_owned())];
    assert_eq!(report(settings, &Facts::default(), manifest).checked.containers, 1);
    assert_eq!(report(Settings::default(), &Facts::default(), manifest).checked.objects, 0);
}
