//! Duplicate lines: a console and a syslog daemon that write to one file, or a daemon that reads both the kernel's buffer
//! and the journal. The second copy of a line is left out.
//!
//! A kernel prints some lines twice itself. Lines that are unlike all others of a dump are duplicates wherever they come
//! again at once; the rest only in a log where such lines do.

use crate::event::{Origin, Transport};
use crate::fingerprint::fingerprint;
use crate::kernel::Repeats;
use crate::time::Clock;
use crate::transport::Record;
use std::collections::VecDeque;
use std::mem::{Discriminant, discriminant};
use std::sync::Arc;

/// Lines of dumps that may come between two copies where the kernel's clock shows that they are.
const WINDOW: usize = 64;
/// Where no clock does, in a log that holds every line twice.
const WINDOW_NO_CLOCK: usize = 8;
/// Where nothing shows yet that it does.
const WINDOW_UNSURE: usize = 4;
/// Lines without a copy after which a log is no longer taken to hold every line twice.
const PATIENCE: u32 = 4;
/// So many lines that may repeat, all different, make a log that holds every line twice.
const SURE: u32 = 2;
/// Wall clocks of two copies written by the same kind of program differ by no more.
const SECONDS: u64 = 2;

/// The last lines of dumps, and whether they come twice.
#[derive(Debug, Default)]
pub(crate) struct DuplicateFilter {
    /// Fingerprints of the last lines, the oldest first, and what else is known of them.
    fingerprints: VecDeque<u64>,
    recent: VecDeque<Seen>,
    /// Whether the log holds every line twice.
    doubled: bool,
    /// Lines that come twice although they might do so in two dumps, without another between them.
    pairs: u32,
    /// Lines that got no copy since the last that did.
    single: u32,
    /// The host of copies that name one, where the others do not.
    host: Option<Arc<[u8]>>,
    /// The host of the last line that names one.
    last_host: Option<Arc<[u8]>>,
}

#[derive(Debug, Clone)]
struct Seen {
    repeats: Repeats,
    host: Option<Arc<[u8]>>,
    user: bool,
    /// Which program wrote it, as far as its format shows.
    transport: Discriminant<Transport>,
    clock: Clock,
    first_byte: u64,
    copied: bool,
}

impl DuplicateFilter {
    /// Looks ahead: whether lines that are like no other come twice in what is about to be read.
    pub(crate) fn look_ahead<'r>(
        &mut self,
        records: impl Iterator<Item = Record<'r>> + Clone,
        repeats: impl Fn(&Record<'r>) -> Option<Repeats>,
    ) {
        if self.doubled {
            return;
        }
        let mut fingerprints: Vec<u64> = records.clone().map(|record| fingerprint(record.text)).collect();
        fingerprints.sort_unstable();
        if fingerprints.is_sorted_by(|one, next| one < next) {
            // mostly no line is like another
            return;
        }
        let mut ahead = Self::default();
        for record in records {
            let Some(repeats) = repeats(&record) else { continue };
            if ahead.is_duplicate(&record, repeats, fingerprint(record.text)) || ahead.doubled {
                self.doubled = true;
                self.single = 0;
                return;
            }
        }
    }

    /// Whether the record is the second copy of one that was read; remembers it otherwise, by its text's fingerprint.
    pub(crate) fn is_duplicate(&mut self, record: &Record<'_>, repeats: Repeats, fingerprint: u64) -> bool {
        if repeats == Repeats::Kill {
            // what follows long after it is another dump's, or a second copy of the whole
            while self.recent.len() > WINDOW_NO_CLOCK {
                self.forget_oldest();
            }
            return false;
        }
        let seen = Seen {
            repeats,
            host: record.host.map(|host| self.shared_host(host)),
            user: *record.origin == Origin::User,
            transport: discriminant(record.transport),
            clock: Clock::of(record),
            first_byte: record.span.first_byte,
            copied: false,
        };
        let window = if self.doubled { WINDOW_NO_CLOCK } else { WINDOW_UNSURE };
        let count = self.recent.len();
        let alike = self.fingerprints.iter().enumerate().filter(|(_, before)| **before == fingerprint);
        let found = alike.map(|(at, _)| at).find(|at| {
            let before = &self.recent[*at];
            before.may_be_copy(&seen) && (count - at <= window || before.clock.same_tick(&seen.clock) == Some(true))
        });
        let mut pair = false;
        if let Some(before) = found.and_then(|at| self.recent.get_mut(at)) {
            let same_tick = before.clock.same_tick(&seen.clock) == Some(true);
            if self.doubled || repeats == Repeats::Unique || repeats > Repeats::Often && same_tick {
                before.copied = true;
                if before.host != seen.host {
                    self.host = before.host.clone().or(seen.host);
                }
                self.doubled = true;
                self.single = 0;
                return true;
            }
            if repeats > Repeats::Often {
                pair = true;
                before.copied = true;
                self.pairs += 1;
                self.doubled = self.pairs >= SURE;
            }
        }
        if repeats == Repeats::Head && !pair {
            // lines of the dump before are no copies of what this one prints
            self.fingerprints.clear();
            self.recent.clear();
        }
        if self.recent.len() >= WINDOW
            && let Some(oldest) = self.forget_oldest()
            && !oldest.copied
            && oldest.repeats != Repeats::Often
        {
            self.pairs = 0;
            self.single += 1;
            if self.single > PATIENCE {
                self.doubled = false;
                self.host = None;
            }
        }
        self.fingerprints.push_back(fingerprint);
        self.recent.push_back(Seen { copied: pair, ..seen });
        false
    }

    /// The host whose lines are also in the log without its name.
    pub(crate) fn host(&self) -> Option<&Arc<[u8]>> {
        self.host.as_ref()
    }

    fn forget_oldest(&mut self) -> Option<Seen> {
        self.fingerprints.pop_front();
        self.recent.pop_front()
    }

    /// A host's name, mostly that of the line before.
    fn shared_host(&mut self, host: &[u8]) -> Arc<[u8]> {
        match &self.last_host {
            Some(last) if **last == *host => last.clone(),
            _ => self.last_host.insert(host.into()).clone(),
        }
    }
}

impl Seen {
    /// Whether a line with the same words may be a copy of this one.
    fn may_be_copy(&self, next: &Self) -> bool {
        !self.copied
            && self.user == next.user
            && self.first_byte != next.first_byte
            && (self.host == next.host || self.host.is_none() || next.host.is_none())
            && !self.contradicts(next)
    }

    /// Whether clocks show that it is another line with the same words.
    fn contradicts(&self, next: &Self) -> bool {
        match self.clock.same_tick(&next.clock) {
            Some(same) => !same,
            // the same program writes both copies at once; another may have another idea of the time
            None => self.transport == next.transport && self.clock.is_near(&next.clock, SECONDS) == Some(false),
        }
    }
}
