//! Logs that run from the newest line to the oldest (`journalctl -r`, exports of Loki, CloudWatch, Kibana): told by the
//! order of a dump's own lines, and by clocks that run back inside it. Such lines are held until they can be read in the
//! order in which the kernel wrote them.
//!
//! Only lines of dumps count, and only against the last such line of the same host close by: a clock that is set back, a
//! reboot, or dumps of several CPUs side by side turn nothing round.

use super::clock::Clock;
use super::doubles::Kind;
use super::draft::Stage;
use super::fit::{opens, proves, stage};
use crate::kernel::Message;
use crate::options::Limits;
use crate::transport::{OwnedRecord, Place, Record};

/// So many votes more for one direction than for the other decide.
const MAJORITY: i32 = 3;
/// Where the log ends before, so many are enough to turn lines round.
const LIKELY: i32 = -2;
/// Votes remembered: the direction may change where one log ends and another begins.
const MOST_VOTES: i32 = 4;
/// Lines held while the direction is open. Rows of a table do not tell it, and a machine has thousands of tasks.
const MOST_UNDECIDED: usize = 16_384;
/// What a reversed stretch may weigh before it is read at the next place where no dump is open.
const ENOUGH_BYTES: usize = 256 * 1024;
/// What it may weigh at most.
const MOST_BYTES: usize = 16 << 20;
/// What holding one line costs besides its text.
const OVERHEAD: usize = 256;
/// Steps of a clock between two lines of one dump, at most.
const STEP_SECONDS: u64 = 10;
/// Hosts whose last line is remembered.
const MOST_WRITERS: usize = 32;
/// As in [`super::fit`]: a dump without a verdict is waited for longer.
const PATIENCE: u64 = 6;

/// Places of lines within a dump, ascending.
mod rank {
    pub(super) const TRIGGER: u8 = 10;
    pub(super) const STACK: u8 = 20;
    pub(super) const ROW: u8 = 62;
    pub(super) const SUMMARY: u8 = 70;
    pub(super) const VERDICT: u8 = 71;
}

/// A record, and what it says wherever it stands.
pub(super) type Held = (OwnedRecord, Told);

/// A stretch of the log that is ready to be read.
#[derive(Debug)]
pub(super) enum Stretch {
    /// As it stands.
    Forward(Vec<Held>),
    /// From its end to its beginning; whether it was cut for want of room.
    Backward(Vec<Held>, bool),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Mode {
    /// No dump is open.
    #[default]
    Idle,
    /// A dump has begun, in a direction that is not clear yet.
    Undecided,
    /// A dump is read as it comes. After its verdict the next may run the other way.
    Forward {
        ended: bool,
    },
    Backward,
}

/// What tells the direction of the lines.
#[derive(Debug, Default)]
pub(super) struct Direction {
    mode: Mode,
    held: Vec<Held>,
    bytes: usize,
    /// Positive: forward.
    votes: i32,
    /// Where in `held` the votes were last as low as they get.
    lowest: usize,
    /// Line and clock of the last line that belongs to a dump.
    last: Option<(u64, Clock)>,
    writers: Vec<Writer>,
    /// The one of them whose line was taken last without being asked for the direction.
    writer: usize,
}

/// The last line of a dump that a host wrote.
#[derive(Debug)]
struct Writer {
    host: Option<Box<[u8]>>,
    user: bool,
    rank: u8,
    /// Whom a verdict names.
    pid: Option<u32>,
    clock: Clock,
}

/// What a record says of dumps, wherever it stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told {
    pub(super) kind: Kind,
    /// It is read even where lines are passed over: it begins a dump, or ends one.
    pub(super) stays: bool,
}

/// What one record tells: where its first and last line stand in a dump, and whom they name.
#[derive(Debug, Default)]
pub(super) struct Sign {
    first: Option<(u8, Option<u32>)>,
    last: Option<(u8, Option<u32>)>,
    /// What its own lines say of the direction, where each stood behind the prefix: coarse clocks stamp many alike.
    inner: i32,
    /// Begins a dump, or ends one: worth looking at where none is open.
    opens: bool,
    /// What stands behind it is no dump of the kind whose order is known.
    breaks: bool,
    pub(super) told: Told,
}

impl Direction {
    /// Takes a record; `Some` gives back what it says has to be read now. A stretch that ends before the record comes out
    /// of [`Direction::due`].
    pub(super) fn take(&mut self, record: &Record<'_>, clock: &Clock, sign: &Sign) -> Taken {
        match self.mode {
            Mode::Idle if sign.opens => {
                self.writers.clear();
                self.votes = 0;
                self.mode = Mode::Undecided;
            }
            Mode::Idle => return Taken::Read,
            _ => {}
        }
        if sign.opens || sign.tells() {
            self.last = Some((record.place.last_line, *clock));
        }
        let Heard { voice, before, rank } =
            if sign.tells() { self.hear(sign, record, clock) } else { Heard::default() };
        let voice = if record.repeated { voice + sign.inner } else { voice };
        self.votes = (self.votes + voice).clamp(-MOST_VOTES, MOST_VOTES);
        match self.mode {
            Mode::Idle => Taken::Read,
            Mode::Forward { ended } => {
                let again =
                    rank.is_some_and(|rank| rank < rank::STACK) && before.is_some_and(|rank| rank >= rank::STACK);
                if again
                    || voice < 0 && (ended || self.votes <= -MAJORITY)
                    || ended && rank.is_some_and(|r| r < rank::SUMMARY)
                {
                    // another dump, or another log
                    self.votes = voice.min(0);
                    self.mode = Mode::Undecided;
                    self.hold(record, sign);
                    return Taken::Held;
                }
                if rank.is_some_and(|rank| rank >= rank::VERDICT) {
                    self.mode = Mode::Forward { ended: true };
                }
                Taken::Read
            }
            Mode::Undecided => {
                self.hold(record, sign);
                if self.votes >= MAJORITY {
                    let ended = self.rank_of(record).is_some_and(|rank| rank >= rank::VERDICT);
                    self.mode = Mode::Forward { ended };
                    return Taken::Ready(Stretch::Forward(self.release()));
                }
                if self.votes <= -MAJORITY {
                    self.mode = Mode::Backward;
                    self.votes = -MOST_VOTES;
                    self.lowest = self.held.len();
                } else if self.held.len() >= MOST_UNDECIDED || self.bytes >= MOST_BYTES {
                    return self.decide().map_or(Taken::Held, Taken::Ready);
                }
                Taken::Held
            }
            Mode::Backward => {
                self.hold(record, sign);
                if self.votes == -MOST_VOTES {
                    self.lowest = self.held.len();
                }
                if self.bytes >= MOST_BYTES {
                    return Taken::Ready(Stretch::Backward(self.release(), true));
                }
                Taken::Held
            }
        }
    }

    /// Takes a record of a dump that is read as it comes, where it stands behind the last line of its host by its place in
    /// the dump and by the clock. Otherwise does nothing.
    pub(super) fn goes_on(
        &mut self,
        record: &Record<'_>,
        clock: &Clock,
        message: &Message<'_>,
        limits: &Limits,
    ) -> bool {
        let Some(writer) = self.writers.iter().position(|writer| writer.is(record)) else { return false };
        self.writer = writer;
        self.follows(&record.place, clock, message, limits)
    }

    /// The same, where the record before was taken so, and its host's.
    pub(super) fn follows(&mut self, at: &Place, clock: &Clock, message: &Message<'_>, limits: &Limits) -> bool {
        if self.mode != (Mode::Forward { ended: false }) || self.is_over(at, clock, limits) {
            return false;
        }
        let Some(writer) = self.writers.get_mut(self.writer).filter(|writer| writer.rank < rank::VERDICT) else {
            return false;
        };
        let place = place(message);
        if let Some(place) = place {
            let time = writer.clock.step(clock, STEP_SECONDS);
            if place.0 < writer.rank || place.0 >= rank::VERDICT || time < 0 {
                return false;
            }
            self.votes = (self.votes + order((writer.rank, writer.pid), place) + time).min(MOST_VOTES);
            (writer.rank, writer.pid, writer.clock) = (place.0, place.1, *clock);
        }
        if place.is_some() || worth_holding(message) {
            self.last = Some((at.last_line, *clock));
        }
        true
    }

    /// What has to be read before the record is taken.
    pub(super) fn due(&mut self, record: &Record<'_>, clock: &Clock, sign: &Sign, limits: &Limits) -> Option<Stretch> {
        if self.mode == Mode::Idle {
            return None;
        }
        if self.is_over(&record.place, clock, limits) {
            return self.end();
        }
        if self.mode != Mode::Backward {
            return None;
        }
        if self.votes >= 0 {
            // the log has turned: what came since is read as it stands
            let rest = self.held.split_off(self.lowest.min(self.held.len()));
            let before = std::mem::replace(&mut self.held, rest);
            self.bytes = self.held.iter().map(|(record, _)| weight(record)).sum();
            self.mode = Mode::Undecided;
            return Some(Stretch::Backward(before, false));
        }
        let closed = || self.writers.iter().all(|writer| writer.rank < rank::STACK);
        let tail = sign.first.is_some_and(|(rank, _)| rank >= rank::ROW);
        if self.bytes >= ENOUGH_BYTES && tail && closed() {
            self.lowest = 0;
            return Some(Stretch::Backward(self.release(), false));
        }
        None
    }

    /// Whether lines are held.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.mode, Mode::Undecided | Mode::Backward)
    }

    /// Ends the input, or the stretch.
    pub(super) fn end(&mut self) -> Option<Stretch> {
        let mode = std::mem::take(&mut self.mode);
        self.last = None;
        match mode {
            Mode::Idle | Mode::Forward { .. } => None,
            Mode::Undecided => {
                self.mode = Mode::Undecided;
                let stretch = self.decide();
                self.mode = Mode::Idle;
                stretch
            }
            Mode::Backward => Some(Stretch::Backward(self.release(), false)),
        }
    }

    /// Decides by what was heard so far.
    fn decide(&mut self) -> Option<Stretch> {
        if self.held.is_empty() {
            return None;
        }
        let back = self.votes <= LIKELY;
        self.mode = if back { Mode::Backward } else { Mode::Forward { ended: false } };
        self.lowest = 0;
        Some(if back { Stretch::Backward(self.release(), false) } else { Stretch::Forward(self.release()) })
    }

    fn hold(&mut self, record: &Record<'_>, sign: &Sign) {
        let record = OwnedRecord::from(record);
        self.bytes += weight(&record);
        self.held.push((record, sign.told));
    }

    fn release(&mut self) -> Vec<Held> {
        self.bytes = 0;
        std::mem::take(&mut self.held)
    }

    /// Whether no line of a dump was seen for so long that the next one is another's.
    fn is_over(&self, at: &Place, now: &Clock, limits: &Limits) -> bool {
        let Some((line, clock)) = &self.last else { return true };
        let is_far = |seconds| clock.is_near(now, seconds) == Some(false);
        let lines = at.first_line.saturating_sub(*line) > limits.idle_lines;
        if lines || !is_far(limits.idle_seconds) {
            return lines;
        }
        let ends = matches!(self.mode, Mode::Forward { ended: true })
            || self.mode != Mode::Backward && self.writers.iter().all(|writer| writer.rank >= rank::VERDICT);
        ends || is_far(limits.idle_seconds.saturating_mul(PATIENCE))
    }

    fn rank_of(&self, record: &Record<'_>) -> Option<u8> {
        self.writers.iter().find(|writer| writer.is(record)).map(|writer| writer.rank)
    }

    /// What a line says about the direction, beside the last one of the same host.
    fn hear(&mut self, sign: &Sign, record: &Record<'_>, clock: &Clock) -> Heard {
        if sign.breaks {
            let before = self.rank_of(record);
            self.writers.retain(|writer| !writer.is(record));
            return Heard { before, ..Heard::default() };
        }
        let (Some(first), Some((rank, pid))) = (sign.first, sign.last) else { return Heard::default() };
        let Some(writer) = self.writers.iter_mut().find(|writer| writer.is(record)) else {
            let room = self.writers.len() < MOST_WRITERS;
            if room {
                let host = record.host.map(Into::into);
                let user = *record.origin == crate::event::Origin::User;
                self.writers.push(Writer { host, user, rank, pid, clock: *clock });
            }
            return Heard { rank: room.then_some(rank), ..Heard::default() };
        };
        let order = order((writer.rank, writer.pid), first);
        let time = writer.clock.step(clock, STEP_SECONDS);
        let before = std::mem::replace(&mut writer.rank, rank);
        (writer.pid, writer.clock) = (pid, *clock);
        Heard { voice: order + time, before: Some(before), rank: Some(rank) }
    }
}

/// What a line says beside the last one of its host: which way the log runs, and where both stand in a dump.
#[derive(Debug, Default)]
struct Heard {
    voice: i32,
    before: Option<u8>,
    rank: Option<u8>,
}

/// What to do with a record.
#[derive(Debug)]
pub(super) enum Taken {
    /// It can be read at once.
    Read,
    /// It is held.
    Held,
    /// It is held no longer, nor is what came before it.
    Ready(Stretch),
}

impl Writer {
    fn is(&self, record: &Record<'_>) -> bool {
        self.host.as_deref() == record.host && self.user == (*record.origin == crate::event::Origin::User)
    }
}

/// Which of two neighbours comes first in a dump: 1 where they stand in the kernel's order.
fn order(one: (u8, Option<u32>), other: (u8, Option<u32>)) -> i32 {
    const REAPED: u8 = rank::VERDICT + 1;
    match (one.0, other.0) {
        // the reaper speaks of a task that was killed
        (REAPED, rank::VERDICT) if one.1 == other.1 => -2,
        (rank::VERDICT, REAPED) if one.1 == other.1 => 2,
        (a, b) if a >= rank::VERDICT && b >= rank::VERDICT => 0,
        // from one dump to the next, in either direction
        (a, b) if a >= rank::SUMMARY && b < rank::STACK || a < rank::STACK && b >= rank::SUMMARY => 0,
        (a, b) => i32::from(b.cmp(&a) as i8),
    }
}

impl Sign {
    pub(super) fn add(&mut self, message: &Message<'_>) {
        self.breaks |= matches!(
            message,
            Message::AllocationFailure | Message::ShowMemory | Message::OtherTrace | Message::Panic(_)
        );
        self.opens |= worth_holding(message);
        self.told.kind = self.told.kind.max(Kind::of(message));
        self.told.stays |= proves(message) || stage(message) == Stage::Verdict;
        if let Some(place) = place(message) {
            self.first.get_or_insert(place);
            if let Some(before) = self.last.replace(place) {
                self.inner += order(before, place);
            }
        }
    }

    fn tells(&self) -> bool {
        self.first.is_some() || self.breaks
    }
}

/// A single such line may be the first of a dump, from either end.
fn worth_holding(message: &Message<'_>) -> bool {
    match message {
        Message::AllocationFailure | Message::ShowMemory | Message::OtherTrace => false,
        Message::Reaped { .. } => true,
        other => opens(other).is_some(),
    }
}

/// Where a line stands in a dump, and whom it names; `None` where it may stand anywhere.
fn place(message: &Message<'_>) -> Option<(u8, Option<u32>)> {
    let rank = match message {
        Message::ManualOom => rank::TRIGGER - 1,
        Message::Trigger(_) => rank::TRIGGER,
        Message::Cpuset(_) => rank::TRIGGER + 1,
        Message::Cpu(_) => rank::STACK,
        Message::Hardware(_) => rank::STACK + 1,
        Message::TraceStart => rank::STACK + 2,
        Message::TaskIn { .. } | Message::LimitReached(_) => 30,
        Message::Counter { .. } => 31,
        Message::StatsHead { .. } => 35,
        Message::MemInfo => 40,
        Message::Node { .. } => 42,
        Message::Zone(_) | Message::LowmemReserve(_) => 43,
        Message::Buddy(_) => 45,
        Message::Hugepages { .. } => 46,
        Message::PagecachePages(_) | Message::SwapCachePages(_) => 47,
        Message::FreeSwap(_) => 48,
        Message::TotalSwap(_) => 49,
        Message::PageTotal { .. } => 50,
        Message::TasksHead => 60,
        Message::TasksColumns(_) => 61,
        Message::TaskRow { .. } => rank::ROW,
        Message::Summary(_) => rank::SUMMARY,
        Message::Killed(killed) => return Some((rank::VERDICT, Some(killed.pid))),
        Message::Reaped { pid, .. } => return Some((rank::VERDICT + 1, Some(*pid))),
        _ => return None,
    };
    Some((rank, None))
}

fn weight(record: &OwnedRecord) -> usize {
    record.text.len() + OVERHEAD
}
