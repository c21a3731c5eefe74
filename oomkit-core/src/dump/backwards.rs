//! Reads a stretch of a log from its end to its beginning. Lines get the places they would have if the log ran forward,
//! and what is found there gets its real places back.

use super::direction::Held;
use super::{Assembler, Open};
use crate::event::{Diagnostic, DiagnosticKind, Event, Source};
use crate::parser::{Item, Items, Sink};
use crate::transport::Place;
use std::ops::ControlFlow;

/// The places of a stretch, seen in a mirror.
#[derive(Debug, Clone, Copy)]
struct Mirror {
    line: u64,
    byte: u64,
}

impl Mirror {
    fn of(stretch: &[Held]) -> Option<Self> {
        let first = stretch.first()?.0.place;
        let last = stretch.last()?.0.place;
        Some(Self { line: first.first_line + last.last_line, byte: first.first_byte + last.last_byte })
    }

    fn line(self, line: u64) -> u64 {
        self.line.saturating_sub(line)
    }

    fn byte(self, byte: u64) -> u64 {
        self.byte.saturating_sub(byte)
    }

    fn place(self, place: Place) -> Place {
        Place {
            first_line: self.line(place.last_line),
            last_line: self.line(place.first_line),
            first_byte: self.byte(place.last_byte),
            last_byte: self.byte(place.first_byte),
        }
    }

    fn source(self, source: &mut Source) {
        (source.first_line, source.last_line) = (self.line(source.last_line), self.line(source.first_line));
        (source.first_byte, source.last_byte) = (self.byte(source.last_byte), self.byte(source.first_byte));
    }

    fn event(self, event: &mut Event) {
        self.source(&mut event.source);
        for diagnostic in &mut event.diagnostics {
            diagnostic.line = diagnostic.line.map(|line| self.line(line));
            diagnostic.byte = diagnostic.byte.map(|byte| self.byte(byte));
        }
        for evidence in &mut event.verdict.evidence {
            evidence.line = evidence.line.map(|line| self.line(line));
        }
    }
}

impl Assembler {
    /// Forgets all hosts.
    fn forget(&mut self) {
        self.hosts.clear();
        self.open = Open::default();
    }

    /// Reads the stretch and gives its events in the order of the log.
    pub(super) fn read_backwards(
        &mut self,
        mut stretch: Vec<Held>,
        cut: bool,
        sink: &mut impl Sink,
    ) -> ControlFlow<()> {
        // what lies before is newer: nothing goes on from there
        self.settle_all();
        self.give(sink)?;
        self.forget();
        let Some(mirror) = Mirror::of(&stretch) else { return ControlFlow::Continue(()) };
        let mut found = Items::default();
        while let Some((mut record, told)) = stretch.pop() {
            record.place = mirror.place(record.place);
            if record.repeated {
                record.text = backwards(&record.text);
            }
            // a list never breaks
            let _ = self.read(&record.as_record(), None, told, &mut found);
        }
        self.settle_all();
        let _ = self.give(&mut found);
        self.forget();
        for item in &mut found.0 {
            match item {
                Item::Event(event) => {
                    mirror.event(event);
                    note(event, cut);
                }
                Item::Companion(companion) => mirror.source(&mut companion.source),
            }
        }
        found.0.sort_by_key(|item| match item {
            Item::Event(event) => event.source.first_byte,
            Item::Companion(companion) => companion.source.first_byte,
        });
        found.0.into_iter().try_for_each(|item| match item {
            Item::Event(event) => sink.event(*event),
            Item::Companion(companion) => sink.companion(*companion),
        })
    }
}

fn note(event: &mut Event, cut: bool) {
    let at = (event.source.last_line, event.source.last_byte);
    let mut add = |kind, message| event.diagnostics.push(Diagnostic::new(kind, message, Some(at)));
    // order tells nothing of a single line
    if event.source.first_line < event.source.last_line {
        add(DiagnosticKind::OrderReversed, "the log runs from the newest line to the oldest: read from its end");
    }
    if cut {
        add(DiagnosticKind::LimitReached, "too many lines in reverse order: they were read in parts");
    }
}

/// The lines of a record whose prefix was printed before each of them.
fn backwards(text: &[u8]) -> Vec<u8> {
    let lines: Vec<&[u8]> = text.split(|b| *b == b'\n').rev().collect();
    lines.join(&b'\n')
}
