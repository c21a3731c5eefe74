//! Records as shippers and their stores write them.

use super::carry::Carrier;
use super::wrap::{Wall, hexed};
use super::{KernelLine, Transport, wrap, wrap_journal};
use serde_json::{Value, json};

fn text(line: &KernelLine) -> String {
    String::from_utf8(line.text.clone()).expect("plain names")
}

fn put(json: &str, out: &mut Vec<u8>) {
    out.extend(json.bytes());
    out.push(b'\n');
}

fn nanos(wall: &Wall) -> String {
    format!("{}000", wall.realtime())
}

/// The other shapes of `journalctl -o json`.
pub(super) fn journal(line: &KernelLine, wall: &Wall, carrier: Carrier, host: &str, out: &mut Vec<u8>) {
    let mut plain = Vec::new();
    wrap_journal::json(line, wall, host, &mut plain);
    let mut entry: Value = serde_json::from_slice(&plain).expect("our own JSON");
    match carrier {
        Carrier::JournalJsonPretty => {
            let pretty = serde_json::to_string_pretty(&entry).expect("JSON");
            // journalctl: tabs, and blanks around the colon
            let pretty: String =
                pretty.lines().map(|l| l.replacen("  ", "\t", 1).replacen("\": ", "\" : ", 1) + "\n").collect();
            out.extend(pretty.bytes());
        }
        Carrier::JournalJsonSeq => put(&format!("\x1e{entry}"), out),
        Carrier::JournalJsonSse => put(&format!("data: {entry}\n"), out),
        _ => {
            entry["MESSAGE"] = json!(line.text);
            put(&entry.to_string(), out);
        }
    }
}

/// `dmesg` printed by a container: every line of its output is a record.
pub(super) fn of_container(lines: &[KernelLine], carrier: Carrier, out: &mut Vec<u8>) {
    let time = "2026-03-30T12:00:01.123456789Z";
    let inner = if carrier == Carrier::CriPieces { Transport::Kmsg } else { Transport::Dmesg };
    let printed = String::from_utf8(wrap(lines, inner, "")).expect("plain names");
    for line in printed.lines() {
        match carrier {
            Carrier::DockerJson => {
                put(&json!({"log": format!("{line}\n"), "stream": "stdout", "time": time}).to_string(), out);
            }
            Carrier::Cri => put(&format!("{time} stdout F {line}"), out),
            _ => {
                let pieces: Vec<_> = line.as_bytes().chunks(80).map(String::from_utf8_lossy).collect();
                for (at, piece) in pieces.iter().enumerate() {
                    let tag = if at + 1 == pieces.len() { "F" } else { "P" };
                    put(&format!("{time} stdout {tag} {piece}"), out);
                }
            }
        }
    }
}

/// Loki's query API: all lines of a stream in one object.
pub(super) fn loki(lines: &[KernelLine], host: &str, out: &mut Vec<u8>) {
    let values: Vec<_> = lines.iter().map(|line| json!([nanos(&Wall::new(line.micros)), text(line)])).collect();
    put(&json!({"streams": [{"stream": {"host": host, "job": "kmsg"}, "values": values}]}).to_string(), out);
}

/// One object, or one line with an object in it.
pub(super) fn record(line: &KernelLine, at: usize, wall: &Wall, carrier: Carrier, host: &str, out: &mut Vec<u8>) {
    let (seconds, fraction) = (line.micros / 1_000_000, line.micros % 1_000_000);
    let (text, iso) = (text(line), wall.rfc3339());
    let stamped = format!("[{seconds:5}.{fraction:06}] {text}");
    let node = json!({"type": "k8s_node", "labels": {"node_name": host}});
    let escaped = String::from_utf8(hexed(&line.text)).expect("plain names");
    let json = match carrier {
        Carrier::FluentBitKmsg => {
            json!({"priority": line.level, "sequence": 1000 + at, "sec": seconds, "usec": fraction, "msg": escaped})
        }
        Carrier::FluentBitStdout => {
            let level = line.level;
            let inside = format!(r#""priority"=>{level}, "sequence"=>{at}, "sec"=>{seconds}, "usec"=>{fraction}"#);
            return put(&format!(r#"[{at}] kmsg.0: [[1774872001.0, {{}}], {{{inside}, "msg"=>"{escaped}"}}]"#), out);
        }
        Carrier::FluentBitSystemd => {
            json!({"date": 1774872001.5, "_TRANSPORT": "kernel", "_HOSTNAME": host, "PRIORITY": "4", "MESSAGE": text})
        }
        Carrier::Fluentd => return put(&format!("{iso}\tkernel.messages\t{}", json!({"message": stamped})), out),
        Carrier::Vector => {
            json!({"message": text, "host": host, "timestamp": iso, "source_type": "journald", "_TRANSPORT": "kernel"})
        }
        Carrier::LogcliText => {
            // each line of a record gets the labels: a line of the store holds no newline
            for part in stamped.lines() {
                put(&format!("{iso} {{host=\"{host}\", job=\"kmsg\"}} {part}"), out);
            }
            return;
        }
        Carrier::LogcliJsonl => json!({"labels": {"host": host}, "line": stamped, "timestamp": iso}),
        Carrier::CloudWatch => json!({"timestamp": wall.realtime() / 1000, "message": stamped, "eventId": "1"}),
        Carrier::GcpText => json!({"textPayload": stamped, "resource": node, "timestamp": iso}),
        Carrier::GcpJson => {
            json!({"jsonPayload": {"MESSAGE": text, "_TRANSPORT": "kernel"}, "resource": node, "timestamp": iso})
        }
        Carrier::Gelf => {
            let first = text.lines().next().unwrap_or_default();
            json!({"version": "1.1", "host": host, "short_message": first, "full_message": text, "facility": "kernel"})
        }
        Carrier::Elasticsearch => {
            json!({"_index": "i", "_source": {"@timestamp": iso, "host": {"name": host}, "message": stamped}})
        }
        Carrier::Splunk => {
            let raw = format!("Mar 30 {} {host} kernel: {stamped}", wall.clock());
            json!({"preview": false, "result": {"_raw": raw}})
        }
        Carrier::OpenTelemetry => {
            let record = json!({"timeUnixNano": nanos(wall), "body": {"stringValue": stamped}});
            let host = json!({"key": "host.name", "value": {"stringValue": host}});
            json!({"resourceLogs": [{"resource": {"attributes": [host]}, "scopeLogs": [{"logRecords": [record]}]}]})
        }
        _ => json!({"message": format!("Mar 30 {} {host} kernel: {stamped}", wall.clock())}),
    };
    put(&json.to_string(), out);
}
