//! JSON: one object a line, or one array; both as the events come.

use super::{EventWriter, StoryWriter};
use oomkit_core::diagnose::explain::Explanation;
use oomkit_core::event::Cluster;
use oomkit_core::json::JsonWriter;
use oomkit_core::{Companion, Event};
use serde::Serialize;
use std::io::{self, Write};

/// An explanation, with what the cluster says of the kill where it was asked.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    told: &'a Explanation,
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<&'a Cluster>,
}

/// Bytes of a task with all its columns.
const ROW: usize = 320;

/// One compact object a line.
pub(super) struct LinesWriter<W> {
    out: W,
    json: JsonWriter,
}

impl<W: Write> LinesWriter<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, json: JsonWriter::default() }
    }
}

impl<W: Write> LinesWriter<W> {
    fn object(&mut self, object: &impl Serialize) -> io::Result<()> {
        self.out.write_all(self.json.line(object)?)
    }
}

impl<W: Write> EventWriter for LinesWriter<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.json.reserve(event.tasks.len() * ROW);
        self.object(event)
    }

    fn companion(&mut self, companion: &Companion) -> io::Result<()> {
        self.object(companion)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl<W: Write> StoryWriter for LinesWriter<W> {
    fn story(&mut self, event: &Event, told: &Explanation) -> io::Result<()> {
        self.object(&Told { told, cluster: event.cluster.as_ref() })
    }

    fn finish(&mut self) -> io::Result<()> {
        EventWriter::finish(self)
    }
}

/// One array, indented, valid also when empty.
pub(super) struct ArrayWriter<W> {
    out: W,
    begun: bool,
}

impl<W: Write> ArrayWriter<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, begun: false }
    }
}

impl<W: Write> ArrayWriter<W> {
    fn object(&mut self, object: &impl Serialize) -> io::Result<()> {
        self.out.write_all(if self.begun { b",\n" } else { b"[\n" })?;
        self.begun = true;
        // JSON strings hold no raw line breaks, so that every line is one of the indentation
        let object = serde_json::to_string_pretty(object)?;
        for (number, line) in object.lines().enumerate() {
            self.out.write_all(if number == 0 { b"  " } else { b"\n  " })?;
            self.out.write_all(line.as_bytes())?;
        }
        Ok(())
    }
}

impl<W: Write> EventWriter for ArrayWriter<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.object(event)
    }

    fn companion(&mut self, companion: &Companion) -> io::Result<()> {
        self.object(companion)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.write_all(if self.begun { b"\n]\n" } else { b"[]\n" })?;
        self.out.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl<W: Write> StoryWriter for ArrayWriter<W> {
    fn story(&mut self, event: &Event, told: &Explanation) -> io::Result<()> {
        self.object(&Told { told, cluster: event.cluster.as_ref() })
    }

    fn finish(&mut self) -> io::Result<()> {
        EventWriter::finish(self)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn array(events: &[Event]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut writer = ArrayWriter::new(&mut out);
        for event in events {
            writer.event(event).unwrap();
        }
        EventWriter::finish(&mut writer).unwrap();
        out
    }

    #[test]
    fn an_array_is_valid_with_any_number_of_events() {
        for n in 0..3 {
            let events = vec![sample::container_kill(); n];
            assert_eq!(serde_json::from_slice::<Vec<Event>>(&array(&events)).unwrap(), events);
        }
        assert_eq!(array(&[]), b"[]\n");
    }

    #[test]
    fn each_event_is_one_line() {
        let mut out = Vec::new();
        let mut writer = LinesWriter::new(&mut out);
        writer.event(&sample::container_kill()).unwrap();
        writer.event(&sample::container_kill()).unwrap();
        EventWriter::finish(&mut writer).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().count(), 2);
        assert_eq!(serde_json::from_str::<Event>(text.lines().next().unwrap()).unwrap(), sample::container_kill());
    }
}
