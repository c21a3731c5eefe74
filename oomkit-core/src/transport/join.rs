//! Records over several lines: dmesg and journalctl indent the rest of a record, consoles repeat its prefix.

use super::record::{Decoded, OwnedRecord, Record, Span};
use super::{escape, nested};
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

/// Holds one record until the next line shows that it has ended.
#[derive(Debug, Default)]
pub(super) struct Joiner {
    /// Whether a record is held.
    holds: bool,
    /// The record, or the last one: the next is put into its buffers.
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
    fn held(&self) -> Option<&Held> {
        self.holds.then_some(&self.last)
    }

    fn held_mut(&mut self) -> Option<&mut Held> {
        self.holds.then_some(&mut self.last)
    }

    /// Takes a line that is indented to where the held record's text began.
    pub(super) fn continued(&mut self, line: &[u8], at: &Span) -> bool {
        let Some(held) = self.held_mut().filter(|held| held.indent >= NARROWEST) else { return false };
        let blanks = line.iter().take_while(|b| **b == b' ').count();
        if blanks < held.indent || held.record.text.len() > LONGEST_INDENTED || held.record.wrapped_from.is_some() {
            return false;
        }
        let rest = &line[held.indent..];
        held.record.text.push(b'\n');
        match held.record.transport {
            Transport::Dmesg | Transport::DmesgWall | Transport::DmesgIso | Transport::DockerJson | Transport::Cri => {
                held.record.text.extend_from_slice(&escape::dmesg(rest));
            }
            _ => held.record.text.extend_from_slice(rest),
        }
        held.record.span.extend(at);
        true
    }

    /// Takes a line without any prefix behind a record that had one: people paste logs through programs that wrap
    /// lines. Whether it continues the record only the grammar can tell.
    pub(super) fn wrapped(&mut self, bare: &Decoded<'_>, at: &Span) -> bool {
        let Some(held) = self.held_mut().filter(|held| held.may_wrap()) else { return false };
        if bare.text.is_empty() || bare.lost.is_some() || held.record.text.len() + bare.text.len() > LONGEST_WRAPPED {
            return false;
        }
        let end = held.record.text.len();
        held.record.wrapped_from.get_or_insert(end + 1);
        held.record.text.push(b'\n');
        held.record.text.extend_from_slice(&bare.text);
        held.record.span.extend(at);
        true
    }

    /// Takes a line that a container printed: like any other line, only behind the runtime's prefix.
    pub(super) fn printed(
        &mut self,
        outer: Decoded<'_>,
        at: Span,
        out: &mut dyn FnMut(Record<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if self.held().is_some_and(|held| held.record.transport == outer.transport) && self.continued(&outer.text, &at)
        {
            return ControlFlow::Continue(());
        }
        let length = outer.text.len();
        let inner = nested::inside(outer);
        let indent = length - inner.written.min(length);
        self.push(inner, indent, at, out)
    }

    /// Takes a decoded line; hands on the held record unless the line repeats its prefix.
    pub(super) fn push(
        &mut self,
        decoded: Decoded<'_>,
        indent: usize,
        at: Span,
        out: &mut dyn FnMut(Record<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let held = &mut self.last;
        if self.holds && held.repeated_by(&decoded) {
            // a log that holds every line twice: the record goes on behind the copy
            if held.ends_with(&decoded.text) {
                let copied = held.copied;
                if copied || self.pairs < SURE {
                    self.pairs += u32::from(!copied);
                    self.hold(decoded, indent, at, out)?;
                    self.last.copied = !copied;
                    return ControlFlow::Continue(());
                }
                held.copied = true;
                held.record.span.extend(&at);
                return ControlFlow::Continue(());
            }
            if !std::mem::take(&mut held.copied) {
                self.pairs = 0;
            }
            held.record.text.push(b'\n');
            held.record.text.extend_from_slice(&decoded.text);
            held.record.span.extend(&at);
            held.record.repeated = true;
            return ControlFlow::Continue(());
        }
        if self.held().is_some_and(|held| !held.copied) {
            self.pairs = 0;
        }
        self.hold(decoded, indent, at, out)
    }

    /// Hands on the held record and holds another.
    fn hold(
        &mut self,
        decoded: Decoded<'_>,
        indent: usize,
        at: Span,
        out: &mut dyn FnMut(Record<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
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

    /// First line of the held record.
    pub(super) fn holds(&self) -> u64 {
        self.held().map_or(u64::MAX, |held| held.record.span.first_line)
    }

    pub(super) fn flush(&mut self, out: &mut dyn FnMut(Record<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        if !std::mem::take(&mut self.holds) {
            return ControlFlow::Continue(());
        }
        out(self.last.record.as_record())
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
            // one that goes on without its prefix does not go on with it
            && (self.record.repeated || memchr::memchr(b'\n', &self.record.text).is_none())
    }

    fn ends_with(&self, line: &[u8]) -> bool {
        let rest = self.record.text.strip_suffix(line);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(b"\n"))
    }
}
