//! Reads a stretch of a log from its end to its beginning. Records get the positions they would have if the log ran
//! forward, and what is found in them gets its real positions back.

use crate::event::{Diagnostic, DiagnosticKind, Event, Source};
use crate::sink::Item;
use crate::transport::{OwnedRecord, Span};

/// The positions of a stretch, mirrored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mirror {
    line: u64,
    byte: u64,
    /// The stretch was cut for want of room.
    cut: bool,
}

impl Mirror {
    /// `None` for a stretch without records.
    pub(crate) fn of(stretch: &[OwnedRecord], cut: bool) -> Option<Self> {
        let first = stretch.first()?.span;
        let last = stretch.last()?.span;
        Some(Self { line: first.first_line + last.last_line, byte: first.first_byte + last.last_byte, cut })
    }

    /// Turns a record round.
    pub(crate) fn record(self, record: &mut OwnedRecord) {
        let span = record.span;
        record.span = Span {
            first_line: self.line(span.last_line),
            last_line: self.line(span.first_line),
            first_byte: self.byte(span.last_byte),
            last_byte: self.byte(span.first_byte),
        };
        // its prefix was printed before each of its lines
        if record.repeated {
            let lines: Vec<&[u8]> = record.text.split(|b| *b == b'\n').rev().collect();
            record.text = lines.join(&b'\n');
        }
    }

    /// Puts what was found in the order of the log.
    pub(crate) fn items(self, items: &mut [Item]) {
        for item in &mut *items {
            match item {
                Item::Event(event) => self.event(event),
                Item::Companion(companion) => self.source(&mut companion.source),
            }
        }
        items.sort_by_key(|item| match item {
            Item::Event(event) => event.source.first_byte,
            Item::Companion(companion) => companion.source.first_byte,
        });
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
        let at = (event.source.last_line, event.source.last_byte);
        let mut note = |kind, message| event.diagnostics.push(Diagnostic::new(kind, message, Some(at)));
        // order tells nothing of a single line
        if event.source.first_line < event.source.last_line {
            note(DiagnosticKind::OrderReversed, "the log runs from the newest line to the oldest: read from its end");
        }
        if self.cut {
            note(DiagnosticKind::LimitReached, "too many lines in reverse order: they were read in parts");
        }
    }

    fn source(self, source: &mut Source) {
        (source.first_line, source.last_line) = (self.line(source.last_line), self.line(source.first_line));
        (source.first_byte, source.last_byte) = (self.byte(source.last_byte), self.byte(source.first_byte));
    }

    fn line(self, line: u64) -> u64 {
        self.line.saturating_sub(line)
    }

    fn byte(self, byte: u64) -> u64 {
        self.byte.saturating_sub(byte)
    }
}
