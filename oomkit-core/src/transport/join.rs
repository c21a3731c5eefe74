//! Records over several lines: dmesg and journalctl indent the rest of a record, consoles repeat its prefix.

use super::escape;
use super::record::{Caller, Decoded, Lost, Place, Record, Stamp, Wall};
use crate::event::{Monotonic, Origin, Transport};
use std::ops::ControlFlow;

/// The kernel's longest record is 1024 bytes; more with one timestamp is more than one record.
const LONGEST_REPEATED: usize = 1100;
/// An indented record cannot be longer either, but journal entries of others can.
const LONGEST_INDENTED: usize = 1 << 16;
/// Lines of a mail are wrapped at 72 to 76 columns, those of a terminal at 80; a long path keeps its line longer.
const LONGEST_WRAPPED: usize = 2048;
/// A prefix is never narrower: fewer blanks are the text's own.
const NARROWEST: usize = 8;

/// Holds one record until the next line shows that it has ended.
#[derive(Debug, Default)]
pub(super) struct Joiner {
    held: Option<Held>,
    /// The last record's buffers, for the next one.
    spare: Vec<u8>,
    spare_program: Vec<u8>,
}

#[derive(Debug)]
struct Held {
    text: Vec<u8>,
    wrapped_from: Option<usize>,
    transport: Transport,
    origin: Origin,
    host: Option<Vec<u8>>,
    /// Empty for none.
    program: Vec<u8>,
    wall: Option<(Vec<u8>, Stamp)>,
    monotonic: Option<Monotonic>,
    caller: Option<Caller>,
    lost: Option<Lost>,
    whole: bool,
    indent: usize,
    place: Place,
}

impl Joiner {
    /// Takes a line that is indented to where the held record's text began.
    pub(super) fn continued(&mut self, line: &[u8], at: &Place) -> bool {
        let Some(held) = self.held.as_mut().filter(|held| held.indent >= NARROWEST) else { return false };
        let blanks = line.iter().take_while(|b| **b == b' ').count();
        if blanks < held.indent || held.text.len() > LONGEST_INDENTED || held.wrapped_from.is_some() {
            return false;
        }
        let rest = &line[held.indent..];
        held.text.push(b'\n');
        match held.transport {
            Transport::Dmesg | Transport::DmesgWall | Transport::DmesgIso => {
                held.text.extend_from_slice(&escape::dmesg(rest));
            }
            _ => held.text.extend_from_slice(rest),
        }
        held.place.extend(at);
        true
    }

    /// Takes a line without any prefix behind a record that had one: people paste logs through programs that wrap
    /// lines. Whether it continues the record only the grammar can tell.
    pub(super) fn wrapped(&mut self, bare: &Decoded<'_>, at: &Place) -> bool {
        let Some(held) = self.held.as_mut().filter(|held| held.may_wrap()) else { return false };
        if bare.text.is_empty() || bare.lost.is_some() || held.text.len() + bare.text.len() > LONGEST_WRAPPED {
            return false;
        }
        let end = held.text.len();
        held.wrapped_from.get_or_insert(end + 1);
        held.text.push(b'\n');
        held.text.extend_from_slice(&bare.text);
        held.place.extend(at);
        true
    }

    /// Takes a decoded line; hands on the held record unless the line repeats its prefix.
    pub(super) fn push(
        &mut self,
        decoded: Decoded<'_>,
        indent: usize,
        at: Place,
        out: &mut dyn FnMut(Record<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if let Some(held) = self.held.as_mut().filter(|held| held.repeated_by(&decoded)) {
            held.text.push(b'\n');
            held.text.extend_from_slice(&decoded.text);
            held.place.extend(&at);
            return ControlFlow::Continue(());
        }
        self.flush(out)?;
        let mut text = std::mem::take(&mut self.spare);
        text.clear();
        text.extend_from_slice(&decoded.text);
        let mut program = std::mem::take(&mut self.spare_program);
        program.clear();
        program.extend_from_slice(decoded.program.as_deref().unwrap_or_default());
        self.held = Some(Held {
            text,
            program,
            wrapped_from: None,
            transport: decoded.transport,
            origin: decoded.origin,
            host: decoded.host.map(Into::into),
            wall: decoded.wall.map(|(text, stamp)| (text.into_owned(), stamp)),
            monotonic: decoded.monotonic,
            caller: decoded.caller,
            lost: decoded.lost,
            whole: decoded.whole,
            indent,
            place: at,
        });
        ControlFlow::Continue(())
    }

    pub(super) fn flush(&mut self, out: &mut dyn FnMut(Record<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        let Some(held) = self.held.take() else { return ControlFlow::Continue(()) };
        let flow = out(Record {
            text: &held.text,
            wrapped_from: held.wrapped_from.unwrap_or(held.text.len()),
            transport: &held.transport,
            origin: &held.origin,
            host: held.host.as_deref(),
            program: Some(&held.program[..]).filter(|program| !program.is_empty()),
            wall: held.wall.as_ref().map(|(text, stamp)| Wall { text, stamp: *stamp }),
            monotonic: held.monotonic,
            caller: held.caller,
            lost: held.lost,
            place: held.place,
        });
        self.spare = held.text;
        self.spare_program = held.program;
        flow
    }
}

impl Held {
    /// Formats that carry whole records, or say who wrote them, are not pasted by hand.
    fn may_wrap(&self) -> bool {
        !self.whole && self.origin == Origin::Unknown && !matches!(self.transport, Transport::Bare | Transport::Quoted)
    }

    /// Embedded lines carry one record's timestamp to the microsecond. Two records can share one by chance, so the
    /// grammar still reads them line by line first.
    fn repeated_by(&self, next: &Decoded<'_>) -> bool {
        !self.whole
            && self.wrapped_from.is_none()
            && !next.whole
            && self.monotonic.is_some()
            && self.monotonic == next.monotonic
            && self.transport == next.transport
            && self.origin == next.origin
            && self.caller == next.caller
            && self.host.as_deref() == next.host.as_deref()
            && self.text.len() + next.text.len() < LONGEST_REPEATED
    }
}
