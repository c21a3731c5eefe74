//! A bad and a good manifest for every rule: lines and columns are counted by hand, and a rule without a case fails.

use super::tests::{cluster, event, pod, report, usage};
use super::{Facts, LintProfile, RULES, Settings};
use crate::event::{Cluster, Scope};

/// What every case may know; the peak is that of 120 measurements in two days.
fn facts(id: &str) -> Facts {
    match id {
        "OM023" => Facts { cluster: cluster(), usage: usage("500Mi", 99), ..Facts::default() },
        "OM032" => {
            let mut event = event();
            event.scope = Scope::Node;
            // five minutes after the last measurement, the peak
            event.time.wall =
                chrono::DateTime::from_timestamp(1_700_000_000 + 119 * 1440 + 300, 0).map(|time| time.fixed_offset());
            event.cluster = Some(Cluster { node: Some("n1".to_owned()), ..Cluster::default() });
            Facts { cluster: cluster(), usage: usage("1100Mi", 120), events: vec![event] }
        }
        _ if id.starts_with("OM02") => Facts { cluster: cluster(), usage: usage("500Mi", 120), ..Facts::default() },
        _ if id.starts_with("OM03") => Facts { events: vec![event()], ..Facts::default() },
        "OM041" => Facts { cluster: cluster(), ..Facts::default() },
        _ => Facts::default(),
    }
}

/// Where a rule finds something.
fn places(id: &str, manifest: &str) -> Vec<String> {
    let mut settings = Settings::default();
    if id == "OM024" {
        settings.profile = LintProfile::Lain;
    }
    let report = report(settings, &facts(id), manifest);
    assert!(report.errors.is_empty(), "{id}: {:?}", report.errors);
    let found = report.findings.iter().filter(|finding| finding.id == id);
    found.map(|finding| format!("{}:{}", finding.line, finding.column)).collect()
}

fn both(request: &str, limit: &str) -> String {
    pod(&format!("{{requests: {{memory: {request}}}, limits: {{memory: {limit}}}}}"))
}

/// A service whose first line is line 3, from column 5.
fn service(lines: &[&str]) -> String {
    format!("services:\n  a:\n    {}\n", lines.join("\n    "))
}

fn ignoring(entry: &str) -> String {
    let annotated = format!("{{name: a, annotations: {{oomkit.io/ignore: \"{entry}\"}}}}");
    both("64Mi", "512Mi").replace("{name: a}", &annotated)
}

fn beside(manifest: &str, line: &str) -> String {
    format!("{manifest}{line}\n")
}

/// Rule, bad manifest, where it is found, good manifest.
fn cases() -> Vec<(&'static str, String, &'static str, String)> {
    let volume = |directory: &str| beside(&both("64Mi", "64Mi"), &format!("  volumes:\n  - {directory}"));
    let command = |words: &str| beside(&both("64Mi", "64Mi"), &format!("    command: [{words}]"));
    let range = |manifest: &str, item: &str| {
        beside(manifest, &format!("---\nkind: LimitRange\nspec:\n  limits:\n  - {{type: Container, {item}}}"))
    };
    vec![
        ("OM001", pod("{requests: {memory: 64Mi}}"), "6:5", both("64Mi", "64Mi")),
        ("OM002", pod("{}"), "6:5", pod("{requests: {memory: 64Mi}}")),
        ("OM003", pod("{limits: {memory: 64Mi}}"), "6:34", both("64Mi", "64Mi")),
        ("OM004", both("65Mi", "64Mi"), "6:36", both("64Mi", "64Mi")),
        ("OM005", both("64Mi", "161Mi"), "6:60", both("64Mi", "160Mi")),
        ("OM006", both("4095Ki", "4Mi"), "6:36", both("4Mi", "4Mi")),
        ("OM007", both("1G", "1Gi"), "6:58", both("1Gi", "1Gi")),
        ("OM008", both("1Gi", "1.1Gi"), "6:59", both("1Gi", "1.5Gi")),
        ("OM009", both("1Gi", "1gi"), "6:59", both("1Gi", "1Gi")),
        ("OM010", both("1e9", "1G"), "6:36", both("1G", "1G")),
        ("OM011", both("1Gi", "1025Gi"), "6:59", both("1Gi", "1024Gi")),
        (
            "OM012",
            volume("{name: v, emptyDir: {medium: Memory}}"),
            "8:34",
            volume("{name: v, emptyDir: {medium: Memory, sizeLimit: 16Mi}}"),
        ),
        ("OM013", command("java, -Xmx64m"), "7:21", command("java, -Xmx32m")),
        ("OM014", command("gunicorn, app"), "7:15", command("python3, app")),
        // 1Gi less 500Mi is more than 290 MB; 600Mi less 500Mi is not
        ("OM020", both("1Gi", "2Gi"), "6:36", both("600Mi", "2Gi")),
        ("OM021", both("499Mi", "2Gi"), "6:36", both("500Mi", "2Gi")),
        // 500 of 625 is 80%
        ("OM022", both("500Mi", "624Mi"), "6:61", both("500Mi", "625Mi")),
        ("OM023", both("500Mi", "1Gi"), "5:11", both("500Mi", "1Gi").replace("name: c", "name: other")),
        // 500Mi × 1.13 is 565Mi
        ("OM024", both("566Mi", "1Gi"), "6:36", both("565Mi", "1Gi")),
        // 1.2 × 800Mi
        ("OM030", both("800Mi", "960Mi"), "6:61", both("800Mi", "961Mi")),
        ("OM031", both("800Mi", "1Gi"), "5:11", both("800Mi", "1Gi").replace("name: c", "name: other")),
        ("OM032", both("1Gi", "2Gi"), "6:36", both("1100Mi", "2Gi")),
        (
            "OM040",
            range(&both("64Mi", "129Mi"), "max: {memory: 128Mi}"),
            "6:60",
            range(&both("64Mi", "128Mi"), "max: {memory: 128Mi}"),
        ),
        // 3Gi of 4Gi leave 25%, 2Gi leave 50%
        ("OM041", both("3Gi", "3Gi"), "1:7", both("2Gi", "2Gi")),
        (
            "OM050",
            service(&["mem_limit: 64m", "oom_kill_disable: true"]),
            "4:23",
            service(&["mem_limit: 64m", "oom_kill_disable: false"]),
        ),
        (
            "OM051",
            service(&["mem_limit: 512m", "memswap_limit: 511m"]),
            "4:20",
            service(&["mem_limit: 512m", "memswap_limit: 512m"]),
        ),
        ("OM052", service(&["oom_score_adj: -900"]), "3:20", service(&["oom_score_adj: -899"])),
        (
            "OM053",
            service(&["mem_limit: 512m", "deploy: {resources: {limits: {memory: 1g}}}"]),
            "4:43",
            service(&["mem_limit: 1024m", "deploy: {resources: {limits: {memory: 1g}}}"]),
        ),
        ("OM090", ignoring("OM005"), "2:53", ignoring("OM005=agreed")),
        ("OM091", ignoring("OM777=agreed"), "2:53", ignoring("OM005=agreed")),
        ("OM092", ignoring("OM004=agreed"), "2:53", ignoring("OM005=agreed")),
    ]
}

#[test]
fn every_rule_finds_what_is_bad_and_nothing_in_what_is_good() {
    for (id, bad, at, good) in cases() {
        assert_eq!(places(id, &bad), [at], "{id}:\n{bad}");
        assert!(places(id, &good).is_empty(), "{id}: {:?}\n{good}", places(id, &good));
    }
}

#[test]
fn every_rule_has_a_case() {
    let cases: Vec<&str> = cases().iter().map(|(id, ..)| *id).collect();
    let all: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(cases, all);
}

#[test]
fn limit_ranges_forbid_as_the_api_server_does() {
    let found = |manifest: &str, item: &str| {
        places("OM040", &beside(manifest, &format!("---\nkind: LimitRange\nspec:\n  limits:\n  - {{{item}}}")))
    };
    let none: [&str; 0] = [];
    let min = "type: Container, min: {memory: 64Mi}";
    assert_eq!(found(&both("63Mi", "64Mi"), min), ["6:36"]);
    assert_eq!(found(&pod("{limits: {memory: 63Mi}}"), min), ["6:34"]);
    assert_eq!(found(&both("64Mi", "64Mi"), min), none);
    // the least is what it books where it says nothing
    assert_eq!(found(&pod("{}"), min), none);
    let ratio = "type: Container, maxLimitRequestRatio: {memory: 1.5}";
    assert_eq!(found(&both("64Mi", "97Mi"), ratio), ["6:60"]);
    assert_eq!(found(&both("64Mi", "96Mi"), ratio), none);
    assert_eq!(found(&pod("{limits: {memory: 96Mi}}"), ratio), none);
    assert_eq!(found(&pod("{requests: {memory: 64Mi}}"), ratio), ["6:36"]);
    assert_eq!(found(&pod("{}"), ratio), ["5:11"]);
    assert_eq!(found(&both("64Mi", "1GB"), ratio), none);
    let whole = "type: Container, maxLimitRequestRatio: {memory: 2}";
    assert_eq!(found(&both("64Mi", "129Mi"), whole), ["6:60"]);
    assert_eq!(found(&both("64Mi", "128Mi"), whole), none);
    let default = "type: Container, default: {memory: 256Mi}";
    assert_eq!(found(&pod("{requests: {memory: 257Mi}}"), default), ["6:36"]);
    assert_eq!(found(&pod("{requests: {memory: 256Mi}}"), default), none);
    for (item, bad, good) in
        [("type: Pod, max: {memory: 64Mi}", "65Mi", "64Mi"), ("type: Pod, min: {memory: 64Mi}", "63Mi", "64Mi")]
    {
        assert_eq!(found(&both(bad, bad), item), ["1:7"], "{item}");
        assert_eq!(found(&both(good, good), item), none, "{item}");
    }
    let ratio = "type: Pod, maxLimitRequestRatio: {memory: 1500m}";
    assert_eq!(found(&both("64Mi", "97Mi"), ratio), ["1:7"]);
    assert_eq!(found(&both("64Mi", "96Mi"), ratio), none);
    assert_eq!(found(&pod("{requests: {memory: 64Mi}}"), ratio), ["1:7"]);
    let elsewhere = both("63Mi", "64Mi").replace("{name: a}", "{name: a, namespace: other}");
    assert_eq!(found(&elsewhere, min), none);
}

#[test]
fn quotas_count_what_the_files_need() {
    let quota = |manifest: &str| {
        places("OM040", &beside(manifest, "---\nkind: ResourceQuota\nspec:\n  hard: {limits.memory: 1Gi}"))
    };
    assert_eq!(quota(&both("1Gi", "1025Mi")), ["10:25"]);
    assert_eq!(quota(&pod("{requests: {memory: 1Gi}}")), ["1:7"]);
    assert!(quota(&both("1Gi", "1Gi")).is_empty());
}

#[test]
fn compose_says_what_docker_refuses() {
    let found = |id: &str, lines: &[&str]| places(id, &service(lines));
    let none: [&str; 0] = [];
    assert_eq!(found("OM051", &["memswap_limit: 1g"]), ["3:20"]);
    // unlimited, none, not known here
    for fine in ["-1", "0", "${SWAP}", "1g"] {
        assert_eq!(found("OM051", &["mem_limit: 512m", &format!("memswap_limit: {fine}")]), none, "{fine}");
    }
    assert_eq!(found("OM051", &["mem_limit: ${MEM}", "memswap_limit: 1g"]), none);
    for wrong in ["-1000", "-1001", "1001", "lots", "1.5", "[1]", "99999999999999999999"] {
        assert_eq!(found("OM052", &[&format!("oom_score_adj: {wrong}")]), ["3:20"], "{wrong}");
    }
    for fine in ["1000", "0", "-899", "${ADJ}", "\"500\""] {
        assert_eq!(found("OM052", &[&format!("oom_score_adj: {fine}")]), none, "{fine}");
    }
    let kept = |memory: &str| {
        found(
            "OM053",
            &["mem_reservation: 64m", &format!("deploy: {{resources: {{reservations: {{memory: {memory}}}}}}}")],
        )
    };
    assert_eq!(kept("65m"), ["4:49"]);
    assert_eq!(kept("65536k"), none);
}
