//! From a JSON value to the records in it: the object itself, the object inside its envelope, or a whole list of them.

use super::super::entry::Entry;
use super::super::logcli::HOST_LABELS;
use super::super::record::{Caller, Decoded, End, Printed, Stamp, Stream};
use super::super::{escape, facility, nested, printk, stamp, tagged, text_format};
use super::fields::{self, Object, TEXTS, bytes, get, text_of};
use super::{Each, decoded, parse};
use crate::event::{Monotonic, Origin, Transport};
use serde_json::Value;
use std::borrow::Cow;

/// Envelopes are no deeper.
const DEEPEST: u8 = 6;

/// What the objects around a record say of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Context {
    host: Option<Vec<u8>>,
    wall: Option<(Vec<u8>, Stamp)>,
    depth: u8,
}

impl Context {
    pub(super) fn at(mut self, written: Vec<u8>, when: Stamp) -> Self {
        self.wall = Some((written, when));
        self
    }

    fn around(&self, object: &Object) -> Self {
        Self {
            host: fields::host(object).or_else(|| self.host.clone()),
            wall: fields::time(object).or_else(|| self.wall.clone()),
            depth: self.depth + 1,
        }
    }

    fn fill(self, decoded: &mut Decoded<'static>) {
        decoded.host = decoded.host.take().or(self.host.map(Into::into));
        decoded.wall = decoded.wall.take().or(self.wall.map(|(written, when)| (written.into(), when)));
    }
}

/// Emits every record of a value, in its order; `false` where there is none.
pub(super) fn emit_records(value: &Value, context: &Context, each: Each<'_>) -> bool {
    match value {
        // elements may be anything: all of them are read
        Value::Array(values) => values
            .iter()
            .filter(|v| v.is_object())
            .fold(false, |found, value| emit_records(value, context, each) | found),
        Value::Object(object) if context.depth < DEEPEST => object_records(object, context, each),
        _ => false,
    }
}

fn object_records(object: &Object, outer: &Context, each: Each<'_>) -> bool {
    let context = outer.around(object);
    if object.contains_key("MESSAGE")
        && let Some(found) = journal(object, outer)
    {
        each(found);
        return true;
    }
    if let Some(lines) = loki_lines(object) {
        for (written, text) in lines {
            let when = stamp::any(&written).unwrap_or(Stamp::Opaque);
            text_records(text, object, context.clone().at(written, when), each);
        }
        return true;
    }
    if let Some(found) = ring_buffer(object, &context) {
        each(found);
        return true;
    }
    if let Some(text) = text(object) {
        if let Some(printed) = docker(object, &text) {
            let text = text.strip_suffix(b"\n").unwrap_or(&text).to_vec();
            let mut found = Decoded { whole: false, printed: Some(printed), ..decoded(Transport::DockerJson, text) };
            context.fill(&mut found);
            each(found);
        } else {
            text_records(text, object, context, each);
        }
        return true;
    }
    // an envelope: its lists hold many entries, its objects one
    let lists = object.values().filter(|v| v.is_array());
    lists.fold(false, |found, list| emit_records(list, &context, each) | found)
        || object.values().filter(|v| v.is_object()).any(|inner| emit_records(inner, &context, each))
}

/// An entry of the journal, whoever passed it on. `None` where it has no message.
fn journal(object: &Object, outer: &Context) -> Option<Decoded<'static>> {
    let mut entry = Entry::default();
    for (key, value) in object {
        match bytes(value) {
            Some(bytes) => entry.set(key.as_bytes(), &bytes),
            None if key == "MESSAGE" && value.is_null() => entry.lose_message(),
            None => {}
        }
    }
    // inside an envelope, or as fluent-bit's systemd input writes it, the time is outside
    let transport = if outer.depth == 0 { Transport::JournalJson } else { Transport::JsonLines };
    let mut found = entry.decode(transport)?;
    outer.around(object).fill(&mut found);
    Some(found)
}

/// `"values": [["1711796401123456789", "text"], …]` of Loki; `"entries": [{"ts": …, "line": …}]` of its first versions
/// is a list like others.
fn loki_lines(object: &Object) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
    object.get("stream")?.as_object()?;
    let pair = |value: &Value| Some((bytes(value.get(0)?)?, bytes(value.get(1)?)?));
    Some(object.get("values")?.as_array()?.iter().filter_map(pair).collect())
}

/// Records of `dmesg -J`, and of fluent-bit's kmsg input, which passes on what `/dev/kmsg` gave it.
fn ring_buffer(object: &Object, context: &Context) -> Option<Decoded<'static>> {
    let message = bytes(object.get("msg")?)?;
    let number = |name| object.get(name).and_then(Value::as_u64);
    if let (Some(sec), Some(usec), Some(priority)) = (number("sec"), number("usec"), number("priority")) {
        let mut found = decoded(Transport::JsonLines, escape::hex(&message).into_owned());
        found.monotonic = sec.checked_mul(1_000_000).and_then(|s| s.checked_add(usec)).map(Monotonic::from_micros);
        // the level alone, in all versions known: it proves nothing
        found.origin = if priority >= 8 { Origin::User } else { Origin::Unknown };
        context.clone().fill(&mut found);
        return Some(found);
    }
    object.get("pri")?;
    let mut found = decoded(Transport::DmesgJson, message);
    found.monotonic = object.get("time").and_then(Value::as_f64).and_then(fields::seconds);
    found.caller = object.get("caller").and_then(Value::as_str).and_then(caller);
    found.origin = match (object.get("fac").and_then(Value::as_str), number("pri")) {
        (Some(fac), _) => facility::origin(fac.trim()),
        // without -x the number is the level alone: it proves nothing
        (None, Some(priority)) if priority >= 8 => Origin::User,
        _ => Origin::Unknown,
    };
    Some(found)
}

/// `T9694`, `C0`, as `dmesg -J` writes who printed a record.
fn caller(text: &str) -> Option<Caller> {
    let text = text.trim();
    let id = text.get(1..)?.trim().parse().ok()?;
    match text.as_bytes()[0] {
        b'T' => Some(Caller::Task(id)),
        b'C' => Some(Caller::Cpu(id)),
        _ => None,
    }
}

/// The field that holds the text: of several, the first that is a line of some log format.
fn text(object: &Object) -> Option<Vec<u8>> {
    let mut texts = TEXTS.iter().copied().flatten().filter_map(|name| bytes(get(object, name)?));
    let first = texts.next()?;
    let better = if begins_a_format(&first) { None } else { texts.find(|text| begins_a_format(text)) };
    Some(better.unwrap_or(first))
}

fn begins_a_format(text: &[u8]) -> bool {
    printk::strip(text).1.is_some() || text_format(text).is_some()
}

/// How Docker cut a line, if the object has the fields of its own files and no other.
fn docker(object: &Object, text: &[u8]) -> Option<Printed> {
    let own = |key: &String| matches!(key.as_str(), "log" | "stream" | "time" | "attrs");
    if !object.contains_key("log") || !object.keys().all(own) {
        return None;
    }
    let stream = match object.get("stream")?.as_str()? {
        "stdout" => Stream::Stdout,
        "stderr" => Stream::Stderr,
        _ => return None,
    };
    Some(Printed { stream, end: if text.ends_with(b"\n") { End::Closed } else { End::Unclear } })
}

/// Records of a text field: mostly one, but it may hold a whole file, or JSON once more.
fn text_records(text: Vec<u8>, object: &Object, context: Context, each: Each<'_>) {
    let json = text.starts_with(b"{") && text.trim_ascii_end().ends_with(b"}") && context.depth < DEEPEST;
    if json && parse(text.trim_ascii_end()).is_some_and(|value| emit_records(&value, &context, each)) {
        return;
    }
    let mut found = decoded(Transport::JsonLines, Vec::new());
    found.origin = origin(object);
    found.program = program(object);
    if found.host.is_none() {
        let labels = object.get("stream").and_then(Value::as_object);
        found.host = labels.and_then(|labels| text_of(labels, &HOST_LABELS)).map(Into::into);
    }
    context.fill(&mut found);
    nested::each(&found, &text, each);
}

const PROGRAMS: [&str; 6] =
    ["syslogtag", "programname", "SYSLOG_IDENTIFIER", "appname", "process.name", "log.syslog.appname"];
/// Names of a program, or of a route through a shipper.
const TAGS: [&str; 2] = ["tag", "ident"];

/// The program that wrote the line, where the logger names one.
fn program(object: &Object) -> Option<Cow<'static, [u8]>> {
    let mut name = text_of(object, &PROGRAMS).or_else(|| text_of(object, &TAGS))?;
    name.truncate(name.strip_suffix(b":").map_or(name.len(), <[u8]>::len));
    let process = ["procid", "_PID", "process.pid", "log.syslog.procid"].iter().find_map(|name| get(object, name));
    let process = process.and_then(|id| match id {
        Value::Number(number) => Some(number.to_string().into_bytes()),
        other => bytes(other),
    });
    (name != b"kernel").then(|| tagged::with_process(name, process).into())
}

/// Who wrote it, where a field says so.
fn origin(object: &Object) -> Origin {
    // journald's own field, as vector passes it on
    if let Some(transport) = object.get("_TRANSPORT").and_then(Value::as_str) {
        return if transport == "kernel" { Origin::Kernel } else { Origin::User };
    }
    let program = text_of(object, &PROGRAMS);
    let tag = text_of(object, &TAGS);
    let is_kernel = |tag: &[u8]| tag.strip_suffix(b":").unwrap_or(tag) == b"kernel";
    // `node.kmsg`: the route through a shipper, not a program
    let is_route = |tag: &[u8]| {
        memchr::memchr(b'.', tag).is_some()
            && [&b"kmsg"[..], b"dmesg", b"kern"].iter().any(|word| memchr::memmem::find(tag, word).is_some())
    };
    let user = program.is_some_and(|program| !is_kernel(&program))
        || tag.is_some_and(|tag| !is_kernel(&tag) && !is_route(&tag))
        || object.get("facility").is_some_and(|facility| match facility {
            Value::String(word) => facility::is_other(word),
            Value::Number(number) => number.as_u64() != Some(0),
            _ => false,
        });
    if user { Origin::User } else { Origin::Unknown }
}
