//! Logs that hold every line twice: a console and a syslog daemon that write to one file, or a daemon that reads both the
//! kernel's buffer and the journal. The second copy of a line is left out.
//!
//! A kernel prints some lines twice itself. Lines that are unlike all others of a dump are copies wherever they come
//! again at once; the rest only in a log where such lines do.

use super::clock::Clock;
use crate::event::{Origin, Transport};
use crate::kernel::Message;
use crate::print::{self, ByPrint};
use crate::transport::Record;
use std::collections::VecDeque;
use std::mem::{Discriminant, discriminant};

/// Lines of dumps that may stand between two copies where the kernel's clock shows that they are.
const REACH: usize = 64;
/// Where none does, in a log that holds every line twice.
const REACH_BLIND: usize = 8;
/// Where nothing shows yet that it does.
const REACH_DOUBTFUL: usize = 4;
/// Lines without a copy after which a log is no longer taken to hold every line twice.
const PATIENCE: u32 = 4;
/// So many of the other lines, all different, make a log that holds every line twice.
const SURE: u32 = 2;
/// Wall clocks of two copies written by the same kind of program differ by no more.
const SECONDS: u64 = 2;

/// What can be said of a record that comes twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Kind {
    /// No line of a dump.
    #[default]
    Foreign,
    /// A kill: its pid tells what is a copy, and a kernel that kills a group prints the first one twice.
    Kill,
    /// Stands twice in many a dump: frames, zones' reserves.
    Repeating,
    /// May stand at once in two dumps.
    Common,
    /// The first line of a dump, likewise.
    Head,
    /// Stands once in a dump.
    Unique,
}

impl Kind {
    pub(super) fn of(message: &Message<'_>) -> Self {
        match message {
            Message::Trigger(_) => Self::Head,
            Message::Killed(_) | Message::KilledSharing { .. } => Self::Kill,
            Message::Cpuset(_)
            | Message::Cpu(_)
            | Message::TaskIn { .. }
            | Message::LimitReached(_)
            | Message::Counter { .. }
            | Message::Counters(_)
            | Message::StatsHead { .. }
            | Message::Node { .. }
            | Message::Zone(_)
            | Message::Buddy(_)
            | Message::TaskRow { .. }
            | Message::Summary(_)
            | Message::Selected { .. }
            | Message::GroupKill { .. }
            | Message::Reaped { .. } => Self::Unique,
            Message::Frame(_)
            | Message::Registers
            | Message::TraceContext { .. }
            | Message::LowmemReserve(_)
            | Message::PerCpuList
            // without a clock the two copies of the block stand behind each other, too far apart to be told
            | Message::Stat { .. }
            | Message::Stats { .. }
            | Message::Slab { .. }
            | Message::Allocation(_) => Self::Repeating,
            _ => Self::Common,
        }
    }
}

/// The last lines of dumps, and whether they come twice.
#[derive(Debug, Default)]
pub(super) struct Doubles {
    recent: Recent,
    doubled: bool,
    /// Lines that come twice although they might do so in two dumps, without another between them.
    pairs: u32,
    /// Lines that got no copy since the last that did.
    alone: u32,
    /// The host of copies that name one, where the others do not.
    host: Option<Box<[u8]>>,
    /// Hosts of these lines, by their prints.
    names: ByPrint<Box<[u8]>>,
    /// The last host and its print.
    last: (Vec<u8>, u64),
}

/// The last lines with their prints, the oldest first. Nearly every line is like none of them, which one look tells.
#[derive(Debug, Default)]
struct Recent {
    list: VecDeque<(u64, Seen)>,
    /// How many prints have these last bits.
    ends: Vec<u8>,
}

impl Recent {
    const ENDS: usize = 1024;

    fn end(print: u64) -> usize {
        print as usize % Self::ENDS
    }

    fn len(&self) -> usize {
        self.list.len()
    }

    fn last(&self) -> Option<&Seen> {
        self.list.back().map(|(_, seen)| seen)
    }

    fn hosts(&self) -> impl Iterator<Item = u64> {
        self.list.iter().filter_map(|(_, seen)| seen.host)
    }

    fn push(&mut self, print: u64, seen: Seen) {
        self.ends.resize(Self::ENDS, 0);
        self.ends[Self::end(print)] += 1;
        self.list.push_back((print, seen));
    }

    fn pop(&mut self) -> Option<Seen> {
        let (print, seen) = self.list.pop_front()?;
        self.ends[Self::end(print)] -= 1;
        Some(seen)
    }

    fn clear(&mut self) {
        self.list.clear();
        self.ends.fill(0);
    }

    fn may_hold(&self, print: u64) -> bool {
        self.ends.get(Self::end(print)).is_some_and(|count| *count > 0)
    }

    /// The lines of a print, each with how many came since.
    fn alike(&mut self, print: u64) -> impl Iterator<Item = (usize, &mut Seen)> {
        let count = self.list.len();
        let list = self.may_hold(print).then_some(&mut self.list).into_iter().flatten();
        list.enumerate().filter(move |(_, (other, _))| *other == print).map(move |(at, (_, seen))| (count - at, seen))
    }
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    kind: Kind,
    /// Print of its name.
    host: Option<u64>,
    user: bool,
    /// Which program wrote it, as far as its format tells.
    transport: Discriminant<Transport>,
    clock: Clock,
    first_byte: u64,
    copied: bool,
}

impl Doubles {
    /// Looks ahead: whether lines that are like no other come twice in what is about to be read.
    pub(super) fn expect<'r>(&mut self, records: impl Iterator<Item = (Record<'r>, Kind)> + Clone) {
        if self.doubled {
            return;
        }
        let mut prints: Vec<u64> = records.clone().map(|(record, _)| print::of(record.text)).collect();
        prints.sort_unstable();
        if prints.is_sorted_by(|one, next| one < next) {
            // mostly no line is like another
            return;
        }
        let mut ahead = Self::default();
        for (record, kind) in records {
            if ahead.is_copy(&record, &Clock::of(&record), kind, print::of(record.text)) || ahead.doubled {
                self.doubled = true;
                self.alone = 0;
                return;
            }
        }
    }

    /// Whether a line with this print may be among the last; where none is, [`Doubles::is_copy`] says no.
    pub(super) fn may_hold(&self, print: u64) -> bool {
        self.recent.may_hold(print)
    }

    /// Whether the record is the second copy of one that was read; remembers it otherwise, by its text's print.
    pub(super) fn is_copy(&mut self, record: &Record<'_>, clock: &Clock, kind: Kind, print: u64) -> bool {
        if kind == Kind::Foreign {
            return false;
        }
        if kind == Kind::Kill {
            // what follows far behind it is another dump's, or a second copy of the whole
            while self.recent.len() > REACH_BLIND {
                self.recent.pop();
            }
            return false;
        }
        let user = *record.origin == Origin::User;
        let host = record.host.map(|host| self.print_of(host));
        let reach = if self.doubled { REACH_BLIND } else { REACH_DOUBTFUL };
        let found = self.recent.alike(print).find(|(since, seen)| {
            !seen.copied
                && seen.user == user
                && seen.first_byte != record.place.first_byte
                && (seen.host == host || seen.host.is_none() || host.is_none())
                && !seen.contradicts(clock, record)
                && (*since <= reach || seen.clock.same_tick(clock) == Some(true))
        });
        let mut pair = false;
        if let Some((_, seen)) = found {
            let same_tick = seen.clock.same_tick(clock) == Some(true);
            if self.doubled || kind == Kind::Unique || kind > Kind::Repeating && same_tick {
                seen.copied = true;
                if seen.host != host {
                    let name = seen.host.and_then(|host| self.names.get(&host).cloned());
                    self.host = name.or_else(|| record.host.map(Into::into));
                }
                self.doubled = true;
                self.alone = 0;
                return true;
            }
            if kind > Kind::Repeating {
                pair = true;
                seen.copied = true;
                self.pairs += 1;
                self.doubled = self.pairs >= SURE;
            }
        }
        if kind == Kind::Head && !pair {
            // lines of the dump before are no copies of what this one prints
            self.recent.clear();
        }
        if let (Some(host), Some(name)) = (host, record.host)
            && self.recent.last().and_then(|seen| seen.host) != Some(host)
        {
            if self.names.len() > REACH && !self.names.contains_key(&host) {
                let used: Vec<u64> = self.recent.hosts().collect();
                self.names.retain(|host, _| used.contains(host));
            }
            self.names.entry(host).or_insert_with(|| name.into());
        }
        let seen = Seen {
            kind,
            host,
            user,
            transport: discriminant(record.transport),
            clock: *clock,
            first_byte: record.place.first_byte,
            copied: pair,
        };
        self.remember(print, seen);
        false
    }

    /// Remembers a line which is like none of the last, and which whoever wrote the last of them wrote too.
    pub(super) fn follow(&mut self, kind: Kind, print: u64, clock: Clock, first_byte: u64) {
        if let Some(last) = self.recent.last() {
            self.remember(print, Seen { kind, clock, first_byte, copied: false, ..*last });
        }
    }

    fn remember(&mut self, print: u64, seen: Seen) {
        if self.recent.len() >= REACH
            && let Some(oldest) = self.recent.pop()
            && !oldest.copied
            && oldest.kind != Kind::Repeating
        {
            self.pairs = 0;
            self.alone += 1;
            if self.alone > PATIENCE {
                self.doubled = false;
                self.host = None;
            }
        }
        self.recent.push(print, seen);
    }

    /// The print of a host's name, mostly that of the line before.
    fn print_of(&mut self, host: &[u8]) -> u64 {
        if self.last.0 != host || host.is_empty() {
            self.last = (host.to_vec(), print::of(host));
        }
        self.last.1
    }

    /// The host whose lines are also in the log without its name.
    pub(super) fn host(&self) -> Option<&[u8]> {
        self.host.as_deref()
    }
}

impl Seen {
    /// Whether clocks show that it is another line with the same words.
    fn contradicts(&self, clock: &Clock, record: &Record<'_>) -> bool {
        match self.clock.same_tick(clock) {
            Some(same) => !same,
            // the same program writes both copies at once; another may have another idea of the time
            None => {
                self.transport == discriminant(record.transport) && self.clock.is_near(clock, SECONDS) == Some(false)
            }
        }
    }
}
