//! Events as `oomkit parse` printed them: one JSON object a line, or one array.

use crate::error::Error;
use crate::event::{Event, SCHEMA_VERSION};
use crate::resources::kubernetes::objects;
use serde::de::{Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer};
use std::io::{BufRead, BufReader, Read};

const EXPECTED: &str = "expected events, as `oomkit parse --format jsonl` prints them";

pub(super) fn read(name: &str, reader: impl Read, take: &mut dyn FnMut(Event)) -> Result<(), Error> {
    let mut lines = BufReader::with_capacity(256 * 1024, reader);
    let start = skip_blank(&mut lines).map_err(|error| Error::input_io(name, error))?;
    if start.next == Some(b'[') {
        let mut all = |items: Vec<Item>| items.into_iter().filter_map(|Item(event)| event).for_each(&mut *take);
        return objects(name, lines, EXPECTED, &mut all).map_err(|error| error.lines_below(start.lines));
    }
    let (mut line, mut number) = (Vec::new(), start.lines);
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line).map_err(|error| Error::input_io(name, error))? == 0 {
            return Ok(());
        }
        number += 1;
        if !line.trim_ascii().is_empty() {
            one(name, number, &line, take)?;
        }
    }
}

/// An event of an array, or nothing for a companion.
struct Item(Option<Event>);

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        if value.get("type").is_some() {
            return Ok(Self(None));
        }
        let event = serde_path_to_error::deserialize(value);
        event.map(|event| Self(Some(event))).map_err(|error| D::Error::custom(error.to_string()))
    }
}

/// What of a line tells whether it is an event.
#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "type")]
    object: Option<IgnoredAny>,
    schema_version: Option<u32>,
}

fn one(name: &str, number: usize, line: &[u8], take: &mut dyn FnMut(Event)) -> Result<(), Error> {
    let of_line = |error: Error| error.in_line(number);
    let kind: Kind = parsed(name, line).map_err(of_line)?;
    if kind.object.is_some() {
        return Ok(());
    }
    if let Some(version) = kind.schema_version.filter(|version| *version != SCHEMA_VERSION) {
        let reason = format!("schema_version: this version reads {SCHEMA_VERSION}, and not {version}");
        return Err(Error::input_at(name, number, 1, reason));
    }
    take(parsed(name, line).map_err(of_line)?);
    Ok(())
}

fn parsed<T: for<'de> Deserialize<'de>>(name: &str, line: &[u8]) -> Result<T, Error> {
    let mut json = serde_json::Deserializer::from_slice(line);
    let mut track = serde_path_to_error::Track::new();
    let event = T::deserialize(serde_path_to_error::Deserializer::new(&mut json, &mut track));
    let event = event.and_then(|event| json.end().map(|()| event));
    event.map_err(|error| Error::json(name, &track.path(), error, EXPECTED))
}

struct Start {
    /// Lines passed over.
    lines: usize,
    next: Option<u8>,
}

fn skip_blank(reader: &mut impl BufRead) -> std::io::Result<Start> {
    let mut lines = 0;
    loop {
        let chunk = reader.fill_buf()?;
        let Some(&byte) = chunk.first() else { return Ok(Start { lines, next: None }) };
        if !byte.is_ascii_whitespace() {
            return Ok(Start { lines, next: Some(byte) });
        }
        lines += usize::from(byte == b'\n');
        reader.consume(1);
    }
}
