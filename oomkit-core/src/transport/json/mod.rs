//! JSON that carries kernel text: `dmesg -J`, `journalctl -o json` and relatives, container logs, and whatever log
//! shippers and their stores write.

mod fields;
mod pretty;
mod records;
mod text;

pub(super) use pretty::Pretty;

use super::record::{Decoded, Stamp};
use super::stamp;
use nom::Parser;
use records::Context;
use serde_json::Value;
use std::borrow::Cow;

type Each<'e> = &'e mut dyn FnMut(Decoded<'static>);

/// Whether a line can be one that [`line`] reads.
pub(super) fn begins(line: &[u8]) -> bool {
    match line {
        [b'{' | 0x1e, ..] => true,
        [b'd', ..] => line.starts_with(b"data: {"),
        [b'[', ..] => line.trim_ascii_end().ends_with(b"}]"),
        [b'0'..=b'9', ..] => line.trim_ascii_end().ends_with(b"}") && memchr::memmem::find(line, b"\t{").is_some(),
        _ => false,
    }
}

/// Gives the records of a line that is JSON from its first byte, or from behind a stamp and a tag; `false` where it
/// carries none.
pub(super) fn line(line: &[u8], each: Each<'_>) -> bool {
    // json-seq puts a record separator before each object, json-sse an event prefix
    let line = line.strip_prefix(b"\x1e").unwrap_or(line);
    let line = line.strip_prefix(b"data: ").unwrap_or(line).trim_ascii();
    match line {
        [b'[', b'0'..=b'9', ..] => fluent_bit(line, each),
        [b'0'..=b'9', ..] => fluentd(line, each),
        _ => object(line, each),
    }
}

/// Gives the records of an object, or of an array of them.
pub(super) fn object(json: &[u8], each: Each<'_>) -> bool {
    let braces = matches!((json.first(), json.last()), (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']')));
    braces && parse(json).is_some_and(|value| records::emit_records(&value, &Context::default(), each))
}

fn parse(json: &[u8]) -> Option<Value> {
    serde_json::from_str(&text::guarded(json)).ok()
}

/// `2024-03-30T11:00:01+00:00<TAB>tag<TAB>{…}`: fluentd's files. The tag is the route, not the program.
fn fluentd(line: &[u8], each: Each<'_>) -> bool {
    let Ok((rest, when)) = stamp::iso(line) else { return false };
    let written = &line[..line.len() - rest.len()];
    let Some(rest) = rest.strip_prefix(b"\t") else { return false };
    let Some(tab) = memchr::memchr(b'\t', rest) else { return false };
    let context = Context::default().at(written.to_vec(), when);
    parse(&rest[tab + 1..]).is_some_and(|value| records::emit_records(&value, &context, each))
}

/// `[0] kmsg.0: [1711796401.0, {"msg"=>"text"}]`: what fluent-bit prints; `[[1711796401.0, {}], {…}]` with metadata.
fn fluent_bit(line: &[u8], each: Each<'_>) -> bool {
    let Some(colon) = memchr::memmem::find(line, b": [") else { return false };
    let numbered = stamp::number::<u32>.parse(&line[1..]).is_ok_and(|(rest, _)| rest.starts_with(b"] "));
    if !numbered || colon > 512 {
        return false;
    }
    let record = &line[colon + 2..];
    let value = parse(record)
        .or_else(|| parse(&text::from_arrows(record, false)))
        .or_else(|| parse(&text::from_arrows(record, true)));
    let Some(Value::Array(parts)) = value else { return false };
    let [time, record] = &parts[..] else { return false };
    let time = time.get(0).unwrap_or(time);
    let mut context = Context::default();
    if time.is_number() {
        let written = time.to_string().into_bytes();
        let when = stamp::any(&written).unwrap_or(Stamp::Opaque);
        context = context.at(written, when);
    }
    records::emit_records(record, &context, each)
}

/// A decoded text with what surrounds it.
fn decoded(transport: crate::event::Transport, text: Vec<u8>) -> Decoded<'static> {
    let mut decoded = Decoded::new(transport, &[]);
    decoded.written = text.len();
    decoded.text = Cow::Owned(text);
    decoded.whole = true;
    decoded
}

#[cfg(test)]
mod tests;
