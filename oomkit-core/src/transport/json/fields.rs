//! Fields of log objects under the names that shippers give them.

use super::super::record::Stamp;
use super::super::stamp;
use super::text::restored;
use crate::event::Monotonic;
use serde_json::{Map, Value};

pub(super) type Object = Map<String, Value>;

/// Names of the field with the text, the likelier first.
pub(super) const TEXTS: [&[&str]; 2] = [
    &["msg", "message", "log", "text", "@message", "body", "event.original", "textPayload", "line", "full_message"],
    &["short_message", "_raw", "body.stringValue", "MSG", "Message", "content"],
];
const TIMES: [&[&str]; 2] = [
    &["@timestamp", "timestamp", "time", "ts", "date", "_time", "timeUnixNano"],
    &["__REALTIME_TIMESTAMP", "_SOURCE_REALTIME_TIMESTAMP", "eventTime"],
];
const HOSTS: [&[&str]; 3] = [
    &["host", "hostname", "_HOSTNAME", "HOSTNAME", "host.name", "host.hostname", "nodename", "node_name", "node"],
    &["kubernetes.host", "kubernetes.node_name", "kubernetes.node.name", "agent.hostname"],
    &["labels.host", "labels.hostname", "labels.nodename", "resource.labels.node_name", "resource.labels.instance_id"],
];

/// A field by its name, which may be a path whether the object is nested or its keys are dotted.
pub(super) fn get<'v>(object: &'v Object, path: &str) -> Option<&'v Value> {
    if let Some(value) = object.get(path) {
        return Some(value);
    }
    let (first, rest) = path.split_once('.')?;
    get(object.get(first)?.as_object()?, rest)
}

/// The first string among several names.
pub(super) fn text_of(object: &Object, names: &[&str]) -> Option<Vec<u8>> {
    names.iter().find_map(|name| get(object, name)?.as_str().map(restored))
}

pub(super) fn host(object: &Object) -> Option<Vec<u8>> {
    HOSTS.iter().find_map(|names| text_of(object, names)).filter(|host| !host.is_empty())
}

/// A time as written, which may be a number.
pub(super) fn time(object: &Object) -> Option<(Vec<u8>, Stamp)> {
    let written = TIMES.iter().copied().flatten().find_map(|name| match get(object, name)? {
        Value::String(text) => Some(restored(text)),
        Value::Number(number) => Some(number.to_string().into_bytes()),
        _ => None,
    })?;
    let when = stamp::any(&written).unwrap_or(Stamp::Opaque);
    Some((written, when))
}

/// A string, or the array of byte numbers the journal writes for text that is not clean UTF-8.
pub(super) fn bytes(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::String(text) => Some(restored(text)),
        Value::Array(numbers) if !numbers.is_empty() => {
            numbers.iter().map(|n| n.as_u64().and_then(|n| u8::try_from(n).ok())).collect()
        }
        _ => None,
    }
}

pub(super) fn seconds(seconds: f64) -> Option<Monotonic> {
    (0.0..1e12).contains(&seconds).then(|| Monotonic::from_micros((seconds * 1e6).round() as u64))
}
