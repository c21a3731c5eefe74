//! Records as the journal and JSON writers give them.

use super::KernelLine;
use super::wrap::Wall;
use serde_json::{Value, json};

fn fields(line: &KernelLine, wall: &Wall, host: &str) -> Vec<(&'static str, String)> {
    vec![
        ("__REALTIME_TIMESTAMP", wall.realtime().to_string()),
        ("__MONOTONIC_TIMESTAMP", (line.micros + 4711).to_string()),
        ("_BOOT_ID", "18be0cecce184424bde495b08176873c".to_owned()),
        ("_TRANSPORT", "kernel".to_owned()),
        ("PRIORITY", line.level.to_string()),
        ("SYSLOG_FACILITY", "0".to_owned()),
        ("SYSLOG_IDENTIFIER", "kernel".to_owned()),
        ("_HOSTNAME", host.to_owned()),
        ("_SOURCE_MONOTONIC_TIMESTAMP", line.micros.to_string()),
    ]
}

/// A message as the journal's JSON holds it: a list of numbers where it is no printable text.
fn message(text: &[u8]) -> Value {
    match std::str::from_utf8(text) {
        Ok(text) if text.chars().all(|c| !c.is_control() || c == '\n' || c == '\t') => json!(text),
        _ => json!(text),
    }
}

/// `-o json`.
pub fn json(line: &KernelLine, wall: &Wall, host: &str, out: &mut Vec<u8>) {
    let mut object = serde_json::Map::new();
    for (key, value) in fields(line, wall, host) {
        object.insert(key.to_owned(), json!(value));
    }
    object.insert("MESSAGE".to_owned(), message(&line.text));
    out.extend(Value::Object(object).to_string().bytes());
    out.push(b'\n');
}

/// `-o export`: a value with control characters stands behind its length.
pub fn export(line: &KernelLine, wall: &Wall, host: &str, out: &mut Vec<u8>) {
    out.extend(b"__CURSOR=s=e1485829cd6640dea33a55ae59f9e60a;i=162\n");
    for (key, value) in fields(line, wall, host) {
        out.extend(format!("{key}={value}\n").bytes());
    }
    let plain = std::str::from_utf8(&line.text).is_ok_and(|t| t.chars().all(|c| !c.is_control() || c == '\t'));
    if plain {
        out.extend(b"MESSAGE=");
    } else {
        out.extend(b"MESSAGE\n");
        out.extend((line.text.len() as u64).to_le_bytes());
    }
    out.extend(&line.text);
    out.extend(b"\n\n");
}

/// `-o verbose`.
pub fn verbose(line: &KernelLine, wall: &Wall, host: &str, out: &mut Vec<u8>) {
    out.extend(format!("{} [s=e1485829cd66;i=17d;b=18be0cec;m=b37dd0;t=660f4b6d04225;x=4e5a]\n", wall.full()).bytes());
    for (key, value) in fields(line, wall, host).iter().skip(2) {
        out.extend(format!("    {key}={value}\n").bytes());
    }
    out.extend(b"    MESSAGE=");
    for (at, part) in line.text.split(|b| *b == b'\n').enumerate() {
        if at > 0 {
            out.extend(b"            ");
        }
        out.extend(part);
        out.push(b'\n');
    }
}

/// A shipper's JSON line.
pub fn json_line(line: &KernelLine, wall: &Wall, host: &str, out: &mut Vec<u8>) {
    let text = String::from_utf8_lossy(&line.text);
    let object = json!({"timestamp": wall.rfc3339(), "host": host, "appname": "kernel", "message": text});
    out.extend(object.to_string().bytes());
    out.push(b'\n');
}

/// `dmesg -J`.
pub fn dmesg_json(lines: &[KernelLine], out: &mut Vec<u8>) {
    out.extend(b"{\n   \"dmesg\": [\n      {\n");
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            out.extend(b"      },{\n");
        }
        let text = json!(String::from_utf8_lossy(&line.text));
        let time = format!("{:5}.{:06}", line.micros / 1_000_000, line.micros % 1_000_000);
        out.extend(format!("         \"pri\": {},\n         \"time\": {time},\n", line.level).bytes());
        out.extend(format!("         \"msg\": {text}\n").bytes());
    }
    out.extend(b"      }\n   ]\n}\n");
}
