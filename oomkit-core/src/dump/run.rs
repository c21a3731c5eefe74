//! The lines of a dump stand behind one another, thousands of them where the machine has many tasks, and what one of them
//! showed of hosts, order and time holds for the next: such lines are taken without asking again.

use super::clock::Clock;
use super::doubles::Kind;
use super::{Assembler, is_due};
use crate::input::START;
use crate::kernel::{self, Message};
use crate::print;
use crate::transport::{Following, Record};

/// Whether the lines that come are taken so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    /// No line is.
    Off,
    /// The next may be.
    Begun,
    /// The last was: who wrote the next wrote the last line that anything was learned from.
    On,
}

impl Assembler {
    /// Whether lines like the last may follow, of the same dump.
    pub(crate) fn may_run(&self) -> bool {
        self.run != Run::Off
    }

    /// Whether a line that was read may be the first of a run. What is asked here holds until a line is read otherwise.
    pub(super) fn begins_run(&self, record: &Record<'_>, message: Option<&Message<'_>>) -> bool {
        message.is_some()
            && self.options.prefilter
            && self.companions.is_none()
            && record.host.is_some()
            && record.place.first_byte >= START
    }

    /// Takes a line with the prefix of the line before, which is a record, exactly as [`Assembler::record`] would. Where
    /// more has to be asked it does nothing, and says so. `behind` begins with the text of the next line.
    pub(crate) fn runs(&mut self, record: &Record<'_>, behind: &[u8]) -> bool {
        let Self { options, hosts, clocks, out, direction, doubles, open, swept, run, .. } = self;
        if out.len() > options.limits.open_dumps || is_due(record.place.last_line, *swept) {
            return false;
        }
        let clock = Clock::of(record);
        let host = hosts.get_mut((record.host, false));
        let Some(host) = host.filter(|host| host.reads_one(record, &clock)) else { return false };
        let Some(message) = kernel::parse(record.text) else { return false };
        let whole = || kernel::is_whole(&message) || !kernel::pieces::is_open(record.text);
        // a heading may be one of a line that goes on, if what comes next does not say otherwise
        let left = || {
            let next = behind.split(|byte| *byte == b'\n').next().unwrap_or_default();
            kernel::usual(next).is_some() && !kernel::pieces::continues(record.text, next)
        };
        if !(whole() || left()) || !host.goes_on(&message, record, &clock) {
            return false;
        }
        let print = print::of(record.text);
        if doubles.may_hold(print) || !direction.goes_on(record, &clock, &message, &options.limits) {
            return false;
        }
        let kind = Kind::of(&message);
        match run {
            Run::On => doubles.follow(kind, print, clock, record.place.first_byte),
            Run::Begun | Run::Off => {
                doubles.is_copy(record, &clock, kind, print);
            }
        }
        host.take(message, record, &clock, print, &|| clocks.date(record, options), options);
        if host.touched > open.touched {
            open.touched = host.touched;
            if *run != Run::On || !clocks.follow(record.monotonic) {
                clocks.learn(record, options);
            }
            *run = Run::On;
        }
        true
    }

    /// Takes a row, a statistic or a frame behind the line that [`Assembler::runs`] took, and exactly as that would.
    /// Where more has to be asked it does nothing, and says so.
    pub(crate) fn follows(&mut self, line: &Following<'_>) -> bool {
        let Self { options, hosts, clocks, out, direction, doubles, open, swept, run, .. } = self;
        let limits = &options.limits;
        if *run != Run::On || out.len() > limits.open_dumps || is_due(line.place.last_line, *swept) {
            return false;
        }
        let (Some(message), Some(host)) = (kernel::usual(line.text), hosts.last_mut()) else { return false };
        let Some(clock) = host.may_follow(&message, line, limits.task_rows) else { return false };
        let print = print::of(line.text);
        if doubles.may_hold(print)
            || host.took(&message, line, print)
            || !direction.follows(&line.place, &clock, &message, limits)
        {
            return false;
        }
        doubles.follow(Kind::of(&message), print, clock, line.place.first_byte);
        host.follow(&message, line, &clock, print, limits);
        open.touched = host.touched;
        // the direction took no clock that runs back
        clocks.follow(Some(line.monotonic));
        true
    }
}
