//! Lines of the tools that write JSON.

use super::super::record::Stamp;
use super::*;
use crate::event::{Monotonic, Origin, Transport};

fn all(json: &str) -> Vec<Decoded<'static>> {
    let mut found = Vec::new();
    if begins(json.as_bytes()) {
        line(json.as_bytes(), &mut |decoded| found.push(decoded));
    }
    found
}

fn texts(json: &str) -> Vec<String> {
    all(json).into_iter().map(|d| String::from_utf8_lossy(&d.text).into_owned()).collect()
}

fn one(json: &str) -> Decoded<'static> {
    let mut found = all(json);
    assert_eq!(found.len(), 1, "{json}: {found:?}");
    found.remove(0)
}

fn host(d: &Decoded<'_>) -> String {
    String::from_utf8_lossy(d.host.as_deref().unwrap_or_default()).into_owned()
}

fn written(d: &Decoded<'_>) -> String {
    String::from_utf8_lossy(&d.wall.as_ref().unwrap().0).into_owned()
}

#[test]
fn messages_as_text_as_bytes_and_as_raw_bytes() {
    let text = |json: &[u8]| {
        let mut found = None;
        line(json, &mut |d| found = Some(d.text.into_owned()));
        found
    };
    assert_eq!(text(br#"{"MESSAGE":"a\nb"}"#), Some(b"a\nb".to_vec()));
    assert_eq!(text(br#"{"MESSAGE":[255,254,98]}"#), Some(b"\xff\xfeb".to_vec()));
    assert_eq!(
        text(b"{\"pri\": 4, \"time\": 1.5, \"msg\": \"\xff\xfe\\tx\xe6\x97\"}"),
        Some(b"\xff\xfe\tx\xe6\x97".to_vec())
    );
    assert_eq!(text(br#"{"message":"[   11.671152] x"}"#), Some(b"x".to_vec()));
    assert_eq!(text(br#"{"json":1} invoked oom-killer"#), None);
    assert_eq!(text(br#"{"json":1}"#), None);
}

#[test]
fn dmesg_tells_the_facility() {
    let d = one(r#"{"pri":4,"time":11.671853,"caller":"T9694","msg":"x"}"#);
    assert_eq!((d.transport.clone(), d.origin.clone()), (Transport::DmesgJson, Origin::Unknown));
    assert_eq!(d.caller, Some(crate::transport::Caller::Task(9694)));
    assert_eq!(d.monotonic, Some(Monotonic::from_micros(11_671_853)));
    assert_eq!(one(r#"{"fac":"kern","pri":"warn","time":1.5,"msg":"x"}"#).origin, Origin::Kernel);
    assert_eq!(one(r#"{"pri":12,"time":1.5,"msg":"x"}"#).origin, Origin::User);
    assert_eq!(one(r#"{"fac":"user","pri":"warn","time":1.5,"msg":"x"}"#).origin, Origin::User);
    assert_eq!(texts(r#"{"dmesg":[{"pri":4,"time":1.5,"msg":"a"},{"pri":4,"time":1.6,"msg":"b"}]}"#), ["a", "b"]);
}

#[test]
fn loggers_name_the_program() {
    let line = |tag: &str, facility: &str| {
        one(&format!(
            r#"{{"@timestamp":"2026-11-23T17:13:35Z","host":"h","facility":"{facility}","tag":"{tag}","message":"x"}}"#
        ))
    };
    let d = line("kernel:", "kern");
    assert_eq!((d.origin.clone(), host(&d)), (Origin::Unknown, "h".into()));
    assert_eq!(line("app[1]:", "user").origin, Origin::User);
    assert_eq!(line("kernel:", "user").origin, Origin::User);
    assert_eq!(line("node.kmsg", "0").origin, Origin::Unknown);
}

#[test]
fn the_journals_sequences_and_events() {
    let entry = r#"{"MESSAGE":"a\nb","_TRANSPORT":"kernel","_HOSTNAME":"h","__REALTIME_TIMESTAMP":"1795454015607686"}"#;
    for json in [entry.to_owned(), format!("\x1e{entry}"), format!("data: {entry}")] {
        let d = one(&json);
        assert_eq!((&*d.text, d.origin.clone(), host(&d)), (&b"a\nb"[..], Origin::Kernel, "h".into()));
        assert_eq!(d.transport, Transport::JournalJson);
    }
    assert_eq!(one(r#"data: {"MESSAGE":"x","_TRANSPORT":"syslog"}"#).origin, Origin::User);
    assert_eq!(one(r#"{"MESSAGE":null,"_TRANSPORT":"kernel"}"#).lost, Some(crate::transport::Lost::Text));
}

#[test]
fn docker_files() {
    let d = one(r#"{"log":"[   71.146532] x\n","stream":"stderr","time":"2024-03-30T11:00:01.123456789Z"}"#);
    assert_eq!((d.transport.clone(), written(&d)), (Transport::DockerJson, "2024-03-30T11:00:01.123456789Z".into()));
    assert_eq!(d.printed.map(|p| p.end), Some(crate::transport::record::End::Closed));
    // with more fields it is a shipper's copy, which drops the newline or not
    let d = one(
        r#"{"log":"[   71.146532] x\n","stream":"stderr","time":"2024-03-30T11:00:01Z","kubernetes":{"host":"n1"}}"#,
    );
    assert_eq!((&*d.text, d.transport.clone(), host(&d)), (&b"x"[..], Transport::JsonLines, "n1".into()));
}

#[test]
fn fluent_bit_in_each_of_its_outputs() {
    let json = r#"{"priority":4,"sequence":1234,"sec":71,"usec":146532,"msg":"a\\x0ab"}"#;
    let newer = r#"{"msg"=>"a\x0ab", "priority"=>4, "sequence"=>1234, "sec"=>71, "usec"=>146532}"#;
    for line in [
        json.to_owned(),
        format!("[0] kmsg.0: [1711796401.000000000, {newer}]"),
        format!("[0] kmsg.0: [[1711796401.000000000, {{}}], {newer}]"),
        format!("[12] kernel: [1711796401, {json}]"),
        format!("2024-03-30T11:00:01+00:00\tkmsg\t{json}"),
    ] {
        let d = one(&line);
        assert_eq!((&*d.text, d.origin.clone()), (&b"a\nb"[..], Origin::Unknown), "{line}");
        assert_eq!(d.monotonic, Some(Monotonic::from_micros(71_146_532)));
        assert_eq!(d.wall.is_some(), !line.starts_with('{'), "{line}");
        assert!(!matches!(d.wall, Some((_, Stamp::Opaque))), "{line}");
    }
    let quoted = one(r#"[0] k: [1711796401, {"msg"=>"x "y" z", "priority"=>14, "sec"=>71, "usec"=>1}]"#);
    assert_eq!((&*quoted.text, quoted.origin), (&br#"x "y" z"#[..], Origin::User));
    let systemd = one(r#"[0] s: [[1711796401.0, {}], {"MESSAGE"=>"x", "_TRANSPORT"=>"kernel", "_HOSTNAME"=>"h"}]"#);
    assert_eq!((systemd.origin.clone(), host(&systemd)), (Origin::Kernel, "h".into()));
    assert!(all("[0] kmsg.0: no record }]").is_empty());
}

#[test]
fn fluentd_files() {
    let d = one("2024-03-30T11:00:01+00:00\tsystem.kern\t{\"host\":\"h\",\"ident\":\"kernel\",\"message\":\"a\\nb\"}");
    assert_eq!((&*d.text, host(&d), written(&d)), (&b"a\nb"[..], "h".into(), "2024-03-30T11:00:01+00:00".into()));
    let user = one("2024-03-30T11:00:01+00:00\tsystem\t{\"ident\":\"sshd\",\"message\":\"x\"}");
    assert_eq!(user.origin, Origin::User);
}

#[test]
fn vector() {
    let d = one(
        r#"{"message":"a\nb","host":"n1","timestamp":"2024-03-30T11:00:01.5Z","source_type":"journald","_TRANSPORT":"kernel"}"#,
    );
    assert_eq!((&*d.text, host(&d), d.origin), (&b"a\nb"[..], "n1".into(), Origin::Kernel));
    assert_eq!(one(r#"{"message":"x","host":"n1","SYSLOG_IDENTIFIER":"app"}"#).origin, Origin::User);
}

#[test]
fn loki_pushed_queried_and_exported() {
    let stream = r#"{"stream":{"host":"n1","job":"kmsg"},"values":[["1711796401123456789","b\nc"],["1711796401123456788","Mar 30 12:00:01 h2 kernel: a",{"k":"v"}]]}"#;
    for json in [
        format!(r#"{{"streams":[{stream}]}}"#),
        format!(r#"{{"status":"success","data":{{"resultType":"streams","result":[{stream}]}}}}"#),
    ] {
        let found = all(&json);
        assert_eq!(texts(&json), ["b\nc", "a"]);
        assert_eq!((host(&found[0]), written(&found[0])), ("n1".into(), "1711796401123456789".into()));
        assert!(matches!(found[0].wall, Some((_, Stamp::Absolute(_)))));
        assert_eq!((host(&found[1]), written(&found[1])), ("h2".into(), "Mar 30 12:00:01".into()));
    }
    assert_eq!(
        texts(r#"{"streams":[{"labels":"{a=\"b\"}","entries":[{"ts":"2024-03-30T11:00:01Z","line":"x"}]}]}"#),
        ["x"]
    );
    let jsonl = one(r#"{"labels":{"host":"n1"},"line":"[   71.146532] x","timestamp":"2024-03-30T11:00:01Z"}"#);
    assert_eq!((&*jsonl.text, host(&jsonl)), (&b"x"[..], "n1".into()));
}

#[test]
fn cloud_watch() {
    let d = one(r#"{"timestamp":1711796401123,"message":"Mar 30 12:00:01 ip-10-0-0-1 kernel: x"}"#);
    assert_eq!((&*d.text, host(&d)), (&b"x"[..], "ip-10-0-0-1".into()));
    let d = one(r#"{"timestamp":1711796401123,"message":"[   71.146532] x"}"#);
    assert_eq!(written(&d), "1711796401123");
    assert!(matches!(d.wall, Some((_, Stamp::Absolute(_)))));
    let events = r#"{"events":[{"timestamp":1711796401123,"message":"a","eventId":"1"},{"message":"b"}],"searchedLogStreams":[]}"#;
    assert_eq!(texts(events), ["a", "b"]);
    assert_eq!(one(r#"{"message":"Mar 30 12:00:01 h app: x"}"#).origin, Origin::User);
    // EKS: the agent's JSON inside the event's
    let d = one(
        r#"{"timestamp":1711796401123,"message":"{\"MESSAGE\":\"x\",\"_TRANSPORT\":\"kernel\",\"_HOSTNAME\":\"h\"}"}"#,
    );
    assert_eq!((&*d.text, host(&d), d.origin.clone()), (&b"x"[..], "h".into(), Origin::Kernel));
}

#[test]
fn google_cloud() {
    let rest = r#""resource":{"labels":{"node_name":"gke-1"},"type":"k8s_node"},"timestamp":"2024-03-30T11:00:01.5Z""#;
    let d = one(&format!(r#"{{"insertId":"i","jsonPayload":{{"MESSAGE":"a\nb","_TRANSPORT":"kernel"}},{rest}}}"#));
    assert_eq!((&*d.text, host(&d), d.origin.clone()), (&b"a\nb"[..], "gke-1".into(), Origin::Kernel));
    assert_eq!((d.transport.clone(), written(&d)), (Transport::JsonLines, "2024-03-30T11:00:01.5Z".into()));
    let d = one(&format!(r#"{{"textPayload":"[   71.146532] x",{rest}}}"#));
    assert_eq!((&*d.text, host(&d)), (&b"x"[..], "gke-1".into()));
    let user = one(&format!(r#"{{"jsonPayload":{{"MESSAGE":"x","SYSLOG_IDENTIFIER":"kubelet"}},{rest}}}"#));
    assert_eq!(user.origin, Origin::User);
    assert_eq!(texts(&format!(r#"[{{"textPayload":"a",{rest}}},{{"textPayload":"b",{rest}}}]"#)), ["a", "b"]);
}

#[test]
fn graylog_elastic_splunk_and_open_telemetry() {
    let gelf = one(
        r#"{"version":"1.1","host":"h","short_message":"a","full_message":"a\nb","timestamp":1711796401.5,"facility":"kernel"}"#,
    );
    assert_eq!((&*gelf.text, host(&gelf), gelf.origin.clone()), (&b"a\nb"[..], "h".into(), Origin::Unknown));
    let ecs = one(
        r#"{"@timestamp":"2024-03-30T11:00:01Z","host":{"name":"h"},"event":{"original":"Mar 30 12:00:01 h kernel: x"},"log":{"file":{"path":"/var/log/kern.log"}}}"#,
    );
    assert_eq!((&*ecs.text, host(&ecs)), (&b"x"[..], "h".into()));
    let flat = one(r#"{"host.name":"h","event.original":"<4>Mar 30 12:00:01 h2 kernel: x","message":"y"}"#);
    assert_eq!((&*flat.text, host(&flat)), (&b"x"[..], "h2".into()));
    let hits = r#"{"took":3,"hits":{"total":{"value":2},"hits":[{"_index":"i","_source":{"message":"a"}},{"_index":"i","_source":{"message":"b"}}]}}"#;
    assert_eq!(texts(hits), ["a", "b"]);
    assert_eq!(texts(r#"{"_index":"i","_source":{"host":{"name":"h"},"message":"x"}}"#), ["x"]);
    assert_eq!(texts(r#"{"preview":false,"result":{"_raw":"Mar 30 12:00:01 h kernel: x"}}"#), ["x"]);
    let otlp = r#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1711796401123456789","body":{"stringValue":"[   71.146532] x"}}]}]}]}"#;
    assert_eq!(texts(otlp), ["x"]);
    for name in ["msg", "message", "log", "@message", "text", "body", "textPayload", "line", "short_message"] {
        assert_eq!(texts(&format!(r#"{{"{name}":"[   71.146532] x"}}"#)), ["x"], "{name}");
        assert_eq!(texts(&format!(r#"{{"a":{{"b":{{"{name}":"x"}}}}}}"#)), ["x"], "{name}");
    }
}

#[test]
fn blobs_are_lost_text_inside_too() {
    for json in [
        r#"{"message":"[78B blob data]"}"#,
        r#"{"message":"Mar 30 12:00:01 h kernel: [78B blob data]"}"#,
        r#"{"jsonPayload":{"MESSAGE":"[78B blob data]"}}"#,
    ] {
        assert_eq!(one(json).lost, Some(crate::transport::Lost::Text), "{json}");
    }
}

#[test]
fn hostile_json_is_no_record_and_no_panic() {
    let brackets = "[".repeat(100_000);
    let braces = r#"{"a":"#.repeat(100_000);
    let nested = format!("{}{}{}", r#"{"a":"#.repeat(100), r#"{"message":"x"}"#, "}".repeat(100));
    for json in [format!("{{\"message\":{brackets}}}"), format!("{braces}}}"), nested, r#"{"message":"\ud800"}"#.into()]
    {
        assert!(all(&json).is_empty());
    }
    for json in
        [r#"{"message":"x","n":1e99999}"#, r#"{"message":"x","time":1e308}"#, r#"{"message":"x","message":"y"}"#]
    {
        all(json);
    }
    let long = "y".repeat(1 << 20);
    assert_eq!(texts(&format!(r#"{{"message":"{long}"}}"#)), [long]);
    // JSON in JSON in JSON …
    let mut json = r#"{"message":"x"}"#.to_owned();
    for _ in 0..12 {
        json = serde_json::json!({ "message": json }).to_string();
    }
    assert_eq!(all(&json).len(), 1);
}
