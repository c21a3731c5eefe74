//! Rows of a table, statistics and frames of a trace stand behind one another by the thousand, and what one of them
//! showed of hosts, order and time holds for the next: such lines are taken without asking again.

use super::clock::Clock;
use super::doubles::Kind;
use super::{Assembler, is_due};
use crate::input::START;
use crate::kernel::{self, Message};
use crate::print;
use crate::transport::Record;

impl Assembler {
    /// Whether lines like the last may follow, of the same dump.
    pub(crate) fn may_run(&self) -> bool {
        self.running
    }

    /// Whether a line that was read may be the first of a run. What is asked here holds until a line is read otherwise.
    pub(super) fn begins_run(&self, record: &Record<'_>, message: Option<&Message<'_>>) -> bool {
        matches!(message, Some(Message::TaskRow { .. } | Message::Stat { .. } | Message::Frame(_)))
            && self.options.prefilter
            && self.companions.is_none()
            && record.host.is_some()
            && record.place.first_byte >= START
    }

    /// Takes a line with the prefix of the line before, which is a record, exactly as [`Assembler::record`] would. Where
    /// more has to be asked it does nothing, and says so.
    pub(crate) fn runs(&mut self, record: &Record<'_>) -> bool {
        let Self { options, hosts, clocks, out, direction, doubles, open, swept, .. } = self;
        let Some(message) = kernel::usual(record.text) else { return false };
        if out.len() > options.limits.open_dumps || is_due(record.place.last_line, *swept) {
            return false;
        }
        let clock = Clock::of(record);
        let host = hosts.get_mut((record.host, false));
        let Some(host) = host.filter(|host| host.goes_on(&message, record, &clock)) else { return false };
        let print = print::of(record.text);
        if doubles.may_hold(print) || !direction.goes_on(record, &clock, &message, &options.limits) {
            return false;
        }
        doubles.is_copy(record, Kind::of(&message), print);
        host.take(message, record, print, &|| clocks.date(record, options), options);
        if host.touched > open.touched {
            open.touched = host.touched;
            clocks.learn(record, options);
        }
        true
    }
}
