//! JSON objects that carry kernel text: `dmesg -J`, `journalctl -o json` and relatives, and any logger's JSON lines.

use super::entry::Entry;
use super::record::{Decoded, Stamp};
use super::{facility, printk, stamp, tagged};
use crate::event::{Monotonic, Origin, Transport};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// An object that stands on one line, whole. `None` where it is none, or carries no text.
pub(super) fn decode(line: &[u8]) -> Option<Decoded<'static>> {
    // json-seq puts a record separator before each object, json-sse an event prefix
    let line = line.strip_prefix(b"\x1e").unwrap_or(line);
    let line = line.strip_prefix(b"data: ").unwrap_or(line).trim_ascii();
    if !line.starts_with(b"{") || !line.ends_with(b"}") {
        return None;
    }
    let object: Map<String, Value> = serde_json::from_str(&guarded(line)).ok()?;
    let mut decoded = if object.contains_key("MESSAGE") { journal(&object) } else { logger(&object) }?;
    decoded.whole = true;
    Some(decoded)
}

fn journal(object: &Map<String, Value>) -> Option<Decoded<'static>> {
    let mut entry = Entry::default();
    for (key, value) in object {
        match bytes(value) {
            Some(bytes) => entry.set(key.as_bytes(), &bytes),
            None if key == "MESSAGE" && value.is_null() => entry.lose_message(),
            None => {}
        }
    }
    entry.decode(Transport::JournalJson)
}

/// Objects of `dmesg -J` and of loggers in general.
fn logger(object: &Map<String, Value>) -> Option<Decoded<'static>> {
    let message = ["msg", "message", "log", "text", "@message"].iter().find_map(|key| bytes(object.get(*key)?))?;
    let dmesg = object.contains_key("msg") && object.contains_key("pri");
    let mut decoded = Decoded::new(if dmesg { Transport::DmesgJson } else { Transport::JsonLines }, &[]);
    if dmesg {
        decoded.text = message.into();
        decoded.monotonic = object.get("time").and_then(Value::as_f64).and_then(seconds);
        decoded.origin = match (object.get("fac").and_then(Value::as_str), object.get("pri").and_then(Value::as_u64)) {
            (Some(fac), _) => facility::origin(fac.trim()),
            // without -x the number is the level alone: it proves nothing
            (None, Some(priority)) if priority >= 8 => Origin::User,
            _ => Origin::Unknown,
        };
        return Some(decoded);
    }
    let message = message.strip_suffix(b"\n").unwrap_or(&message);
    let (text, monotonic, caller) = printk::strip(message);
    decoded.lost = tagged::blob(text);
    decoded.text = text.to_vec().into();
    decoded.monotonic = monotonic;
    decoded.caller = caller;
    decoded.host = text_of(object, &["host", "hostname", "_HOSTNAME"]).map(Into::into);
    let written = text_of(object, &["@timestamp", "timestamp", "time", "ts"]);
    decoded.wall = written.map(|text| {
        let when = stamp::any_iso(&text).unwrap_or(Stamp::Opaque);
        (text.into(), when)
    });
    let tag = text_of(object, &["tag", "syslogtag", "programname", "SYSLOG_IDENTIFIER", "ident", "appname"]);
    let tag = tag.map(|mut tag| {
        tag.truncate(tag.strip_suffix(b":").map_or(tag.len(), <[u8]>::len));
        tag
    });
    let user = tag.as_deref().is_some_and(|tag| tag != b"kernel")
        || text_of(object, &["facility"]).is_some_and(|facility| !matches!(&facility[..], b"kern" | b"0"));
    if user {
        decoded.origin = Origin::User;
    }
    decoded.program = tag.filter(|tag| tag != b"kernel").map(Into::into);
    Some(decoded)
}

/// A field's first string among several names.
fn text_of(object: &Map<String, Value>, names: &[&str]) -> Option<Vec<u8>> {
    names.iter().find_map(|name| object.get(*name)?.as_str().map(restored))
}

/// A string, or the array of byte numbers the journal writes for text that is not clean UTF-8.
fn bytes(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::String(text) => Some(restored(text)),
        Value::Array(numbers) if !numbers.is_empty() => {
            numbers.iter().map(|n| n.as_u64().and_then(|n| u8::try_from(n).ok())).collect()
        }
        _ => None,
    }
}

fn seconds(seconds: f64) -> Option<Monotonic> {
    (0.0..1e12).contains(&seconds).then(|| Monotonic::from_micros((seconds * 1e6).round() as u64))
}

/// dmesg and rsyslog copy bytes that are no UTF-8 into their strings as they are. Each such byte passes through the
/// JSON reader as one private character, and comes back in [`restored`].
const GUARD: u32 = 0x10_ff00;

fn guarded(json: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(json) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            let mut text = String::with_capacity(json.len() + 64);
            for chunk in json.utf8_chunks() {
                text.push_str(chunk.valid());
                text.extend(chunk.invalid().iter().filter_map(|b| char::from_u32(GUARD + u32::from(*b))));
            }
            Cow::Owned(text)
        }
    }
}

fn restored(text: &str) -> Vec<u8> {
    if !text.contains(|c| u32::from(c) >= GUARD) {
        return text.as_bytes().to_vec();
    }
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match u32::from(c).checked_sub(GUARD).and_then(|b| u8::try_from(b).ok()) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes
}

/// Objects printed over several lines: collects the innermost one, which is where the text is.
#[derive(Debug, Default)]
pub(super) struct Pretty {
    object: Vec<u8>,
    open: bool,
    in_string: bool,
}

/// An object longer than this is no log entry.
const LONGEST: usize = 1 << 20;

impl Pretty {
    /// Whether a line begins objects that run over several.
    pub(super) fn opens(line: &[u8]) -> bool {
        matches!(line.trim_ascii(), b"{" | b"[" | b"[{" | b"},{" | b"}, {" | b"},")
    }

    /// Whether a line can be part of them. Text that is no JSON ends the mode.
    pub(super) fn continues(&self, line: &[u8]) -> bool {
        let inner = line.trim_ascii();
        match inner.first() {
            None | Some(b'{' | b'}' | b'"' | b']' | b',') => true,
            // array elements; at the line's start it would be a log's own bracket
            Some(b'[' | b'-' | b'0'..=b'9') => line.len() > inner.len() && line[0].is_ascii_whitespace(),
            Some(b't' | b'f' | b'n') => inner.len() <= 6,
            _ => false,
        }
    }

    /// Gives each object that ends on the line.
    pub(super) fn line(&mut self, line: &[u8], mut each: impl FnMut(&[u8])) {
        // a string cannot run over a line's end, so damage to one line stays there
        self.in_string = false;
        let mut escaped = false;
        for byte in line {
            if self.in_string {
                self.in_string = escaped || *byte != b'"';
                escaped = !escaped && *byte == b'\\';
            } else {
                match byte {
                    b'"' => self.in_string = true,
                    b'{' => {
                        self.object.clear();
                        self.open = true;
                    }
                    b'}' if self.open => {
                        self.object.push(*byte);
                        each(&self.object);
                        self.open = false;
                    }
                    _ => {}
                }
            }
            if self.open && self.object.len() < LONGEST {
                self.object.push(*byte);
            }
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(json: &[u8]) -> Option<Vec<u8>> {
        decode(json).map(|d| d.text.into_owned())
    }

    #[test]
    fn messages_as_text_as_bytes_and_as_raw_bytes() {
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
        let d = decode(br#"{"pri":4,"time":11.671853,"msg":"x"}"#).unwrap();
        assert_eq!((d.transport, d.origin), (Transport::DmesgJson, Origin::Unknown));
        assert_eq!(decode(br#"{"fac":"kern","pri":"warn","time":1.5,"msg":"x"}"#).unwrap().origin, Origin::Kernel);
        assert_eq!(d.monotonic, Some(Monotonic::from_micros(11_671_853)));
        assert_eq!(decode(br#"{"pri":12,"time":1.5,"msg":"x"}"#).unwrap().origin, Origin::User);
        assert_eq!(decode(br#"{"fac":"user","pri":"warn","time":1.5,"msg":"x"}"#).unwrap().origin, Origin::User);
    }

    #[test]
    fn loggers_name_the_program() {
        let line = |tag: &str, facility: &str| {
            let json = format!(
                r#"{{"@timestamp":"2026-11-23T17:13:35Z","host":"h","facility":"{facility}","tag":"{tag}","message":"x"}}"#
            );
            decode(json.as_bytes()).unwrap()
        };
        let d = line("kernel:", "kern");
        assert_eq!((d.origin, d.host.as_deref()), (Origin::Unknown, Some(&b"h"[..])));
        assert_eq!(line("app[1]:", "user").origin, Origin::User);
        assert_eq!(line("kernel:", "user").origin, Origin::User);
    }

    #[test]
    fn objects_over_several_lines() {
        let mut pretty = Pretty::default();
        let mut seen = Vec::new();
        for line in [
            "{",
            r#" "dmesg": ["#,
            "  {",
            r#"   "msg": "a } {"#,
            r#"   "x": 1"#,
            "  },{",
            r#" "msg": "b""#,
            " }",
            "]",
            "}",
        ] {
            pretty.line(line.as_bytes(), |object| seen.push(String::from_utf8_lossy(object).into_owned()));
        }
        assert_eq!(seen.len(), 2, "{seen:?}");
        assert!(seen[1].starts_with('{') && seen[1].ends_with('}') && seen[1].contains(r#""b""#));
    }
}
