//! Names, selectors, durations: what is taken, what is refused, and that nothing written by a user leaves its string.

use super::*;

#[test]
fn durations_are_those_of_prometheus() {
    for (text, seconds) in [("90s", 90), ("1h30m", 5400), ("7d", 604_800), ("1500ms", 2), ("0", 0), ("1w2d", 777_600)] {
        assert_eq!(text.parse::<Duration>().unwrap().seconds(), seconds, "{text}");
    }
    for text in ["", "7", "1.5h", "30m1h", "1h1h", "h", "-1h", "1 h", "1H", "99999999999999y", "300y"] {
        let error = text.parse::<Duration>().unwrap_err().to_string();
        assert!(error.contains("a duration as Prometheus writes it"), "{text}: {error}");
    }
    assert!("0m".parse::<Duration>().unwrap().is_zero() && !"1ms".parse::<Duration>().unwrap().is_zero());
}

#[test]
fn matchers_are_read_as_prometheus_reads_them_and_written_safely() {
    let selector =
        |text: &str| Naming::default().select(None, text).map(|naming| naming.series(Source::Cadvisor, "m", &[]));
    for (text, written) in [
        (r#"job="kubelet""#, r#"m{job="kubelet"}"#),
        (r#"{ job = 'a' , region =~ "eu-.*", }"#, r#"m{job="a",region=~"eu-.*"}"#),
        (r#"a!="x\"}) or vector(1) #""#, r#"m{a!="x\"}) or vector(1) #"}"#),
        ("a=`c:\\d`", r#"m{a="c:\\d"}"#),
        (r#"a="1\n2",b!~"é|ü""#, r#"m{a="1\n2",b!~"é|ü"}"#),
        ("a=\"b\u{7f}\"", "m{a=\"b\\u007f\"}"),
    ] {
        assert_eq!(selector(text).unwrap(), written);
    }
    for text in [
        "",
        "{}",
        "job",
        "job=kubelet",
        r#"job="a" or b"#,
        r#"job="a"} or up{x="b""#,
        r#"a=~"(""#,
        r#"__name__="x""#,
        r#"1a="b""#,
        r#"a="b\q""#,
        "a=\"b\nc\"",
        r#"a="b" c="d""#,
    ] {
        let error = selector(text).unwrap_err().to_string();
        assert!(error.contains("is not a list of matchers such as"), "{text}: {error}");
    }
}

#[test]
fn names_that_prometheus_would_refuse_are_refused_here() {
    for name in ["", "a-b", "1a", "a b", "a:b", "ä", "a\"b"] {
        assert!(Naming::default().label(None, Label::Pod, name).is_err(), "{name}");
        if !name.is_empty() {
            assert!(Naming::default().cluster_label(name).is_err(), "{name}");
        }
    }
    for prefix in ["", ":", "a::b", "9", "a-b"] {
        assert!(Naming::default().prefix(prefix).is_err(), "{prefix}");
    }
    assert_eq!(Naming::default().prefix("team:memory").unwrap().recorded("x:y"), "team:memory:x:y");
    assert!("PodOOM".parse::<Alert>().unwrap_err().to_string().contains("PodOOMKilled"));
}

#[test]
fn a_label_of_one_source_is_changed_into_the_one_that_is_recorded() {
    let naming = Naming::default().label(None, Label::Pod, "k8s_pod").unwrap();
    let naming = naming.label(Some(Source::StateMetrics), Label::Pod, "exported_pod").unwrap();
    assert_eq!(
        naming.series(Source::StateMetrics, "kube_pod_info", &[("pod", "!=", "")]),
        r#"label_replace(kube_pod_info{exported_pod!=""}, "k8s_pod", "$1", "exported_pod", "(.+)")"#
    );
    assert_eq!(naming.series(Source::Cadvisor, "m", &[("pod", "=", "a")]), r#"m{k8s_pod="a"}"#);
    assert_eq!(naming.by(&[Label::Pod]), "cluster, k8s_pod");
    assert_eq!(naming.cluster_label("").unwrap().by(&[]), "");
}

#[test]
fn parts_can_be_had_alone() {
    let mut options = RuleOptions { alerting: false, ..RuleOptions::default() };
    assert!(rules(&options).groups.iter().flat_map(|group| &group.rules).all(|rule| rule.record.is_some()));
    options.recording = false;
    assert!(rules(&options).groups.is_empty());
    options.alerting = true;
    let names: Vec<_> =
        rules(&options).groups.into_iter().flat_map(|group| group.rules).filter_map(|rule| rule.alert).collect();
    assert_eq!(names, Alert::ALL.iter().map(|alert| alert.as_str()).collect::<Vec<_>>());
}
