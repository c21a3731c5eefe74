//! Records over several lines: dmesg and journalctl indent the rest of a record, consoles repeat its prefix.

use super::record::{Decoded, OwnedRecord, Span};
use super::{Out, escape, nested};
use crate::event::{Origin, Transport};
use std::ops::ControlFlow;

/// The kernel's longest record is 1024 bytes; more with one timestamp is more than one record.
const LONGEST_REPEATED: usize = 1100;
/// An indented record cannot be longer either, but journal entries of others can.
const LONGEST_INDENTED: usize = 1 << 16;
/// Lines of a mail are wrapped at 72 to 76 columns, those of a terminal at 80; a long path keeps its line longer.
const LONGEST_WRAPPED: usize = 2048;
/// Lines that came twice in a row make a log that holds all twice: a kernel repeats a frame of a trace, too.
const SURE: u32 = 2;
/// A prefix is never narrower: fewer blanks are the text's own.
const NARROWEST: usize = 8;

/// Buffers one record until the next line shows that it has ended.
#[derive(Debug, Default)]
pub(super) struct Joiner {
    holds: bool,
    /// The buffered record, or the one emitted last: its memory is used again.
    last: Held,
    /// So many lines came twice in a row.
    pairs: u32,
}

#[derive(Debug, Default)]
struct Held {
    record: OwnedRecord,
    whole: bool,
    indent: usize,
    /// Its last line came twice: once more would be another line.
    copied: bool,
}

impl Joiner {
    fn held_mut(&mut self) -> Option<&mut Held> {
        self.holds.then_some(&mut self.last)
    }

    /// Consumes a line that is indented to where the buffered record's text began.
    pub(super) fn continued(&mut self, line: &[u8], at: &Span) -> bool {
        let Some(held) = self.held_mut().filter(|held| held.indent >= NARROWEST) else { return false };
        let blanks = line.iter().take_while(|b| **b == b' ').count();
        if blanks < held.indent || held.record.text.len() > LONGEST_INDENTED || held.record.wrapped_from.is_some() {
            return false;
        }
        let rest = &line[held.indent..];
        use Transport as T;
        match held.record.transport {
            T::Dmesg | T::DmesgWall | T::DmesgIso | T::DockerJson | T::Cri => held.add_line(&escape::dmesg(rest), at),
            _ => held.add_line(rest, at),
        }
        true
    }

    /// Consumes a line without any prefix after a record that had one: people paste logs through programs that wrap
    /// lines. Whether it continues the record only the grammar knows.
    pub(super) fn wrapped(&mut self, bare: &Decoded<'_>, at: &Span) -> bool {
        let Some(held) = self.held_mut().filter(|held| held.may_wrap()) else { return false };
        if bare.text.is_empty() || bare.lost.is_some() || held.record.text.len() + bare.text.len() > LONGEST_WRAPPED {
            return false;
        }
        held.record.wrapped_from.get_or_insert(held.record.text.len() + 1);
        held.add_line(&bare.text, at);
        true
    }

    /// Consumes a line that a container printed, after the runtime's prefix.
    pub(super) fn printed(&mut self, outer: Decoded<'_>, at: Span, out: Out<'_>) -> ControlFlow<()> {
        if self.holds && self.last.record.transport == outer.transport && self.continued(&outer.text, &at) {
            return ControlFlow::Continue(());
        }
        let length = outer.text.len();
        let inner = nested::decode_inner(outer);
        let indent = length.saturating_sub(inner.written);
        self.push(inner, indent, at, out)
    }

    /// Consumes a decoded line; emits the buffered record unless the line repeats its prefix.
    pub(super) fn push(&mut self, decoded: Decoded<'_>, indent: usize, at: Span, out: Out<'_>) -> ControlFlow<()> {
        let held = &mut self.last;
        if self.holds && held.repeated_by(&decoded) {
            // a log that has every line twice: the record continues after the copy
            if held.ends_with(&decoded.text) {
                let copied = held.copied;
                if copied || self.pairs < SURE {
                    self.pairs += u32::from(!copied);
                    self.hold(decoded, indent, at, out)?;
                    self.last.copied = !copied;
                } else {
                    held.copied = true;
                    held.record.span.extend(&at);
                }
                return ControlFlow::Continue(());
            }
            if !std::mem::take(&mut held.copied) {
                self.pairs = 0;
            }
            held.add_line(&decoded.text, &at);
            held.record.repeated = true;
            return ControlFlow::Continue(());
        }
        if self.holds && !held.copied {
            self.pairs = 0;
        }
        self.hold(decoded, indent, at, out)
    }

    /// Emits the buffered record and buffers another.
    fn hold(&mut self, decoded: Decoded<'_>, indent: usize, at: Span, out: Out<'_>) -> ControlFlow<()> {
        self.flush(out)?;
        self.holds = true;
        let held = &mut self.last;
        (held.whole, held.indent, held.copied) = (decoded.whole, indent, false);
        held.record.refill(decoded, at);
        ControlFlow::Continue(())
    }

    /// Forgets what was seen of a log; its buffers are used again.
    pub(super) fn forget(&mut self) {
        (self.holds, self.pairs) = (false, 0);
    }

    /// First line of the buffered record.
    pub(super) fn first_line(&self) -> u64 {
        if self.holds { self.last.record.span.first_line } else { u64::MAX }
    }

    pub(super) fn flush(&mut self, out: Out<'_>) -> ControlFlow<()> {
        if std::mem::take(&mut self.holds) { out(self.last.record.as_record()) } else { ControlFlow::Continue(()) }
    }
}

impl Held {
    /// Formats that carry whole records, or say who wrote them, are not pasted by hand.
    fn may_wrap(&self) -> bool {
        use Transport as T;
        let pasted = matches!(
            self.record.transport,
            T::Dmesg | T::DmesgWall | T::DmesgIso | T::Rfc3164 | T::Iso8601 | T::JournalShort
        );
        pasted && !self.whole && self.record.origin == Origin::Unknown
    }

    /// Embedded lines carry one record's timestamp to the microsecond. Two records can share one by chance, so the
    /// grammar still reads them line by line first.
    fn repeated_by(&self, next: &Decoded<'_>) -> bool {
        !self.whole
            && self.record.wrapped_from.is_none()
            && !next.whole
            && self.record.monotonic.is_some()
            && self.record.monotonic == next.monotonic
            && self.record.transport == next.transport
            && self.record.origin == next.origin
            && self.record.caller == next.caller
            && self.record.host.as_deref() == next.host.as_deref()
            && self.record.text.len() + next.text.len() < LONGEST_REPEATED
            // one that continues without its prefix does not continue with it
            && (self.record.repeated || memchr::memchr(b'\n', &self.record.text).is_none())
    }

    fn add_line(&mut self, line: &[u8], at: &Span) {
        self.record.text.push(b'\n');
        self.record.text.extend_from_slice(line);
        self.record.span.extend(at);
    }

    fn ends_with(&self, line: &[u8]) -> bool {
        let rest = self.record.text.strip_suffix(line);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(b"\n"))
    }
}
