//! The order of lines: logs that run from the newest line to the oldest (`journalctl -r`, exports of Loki, CloudWatch,
//! Kibana) are recognised by the order of a dump's own lines, and by clocks that run back inside it. Such lines are held
//! until they can be read in the order in which the kernel wrote them.
//!
//! Only lines of dumps count, and only against the last such line of the same host close by: a clock that is set back, a
//! reboot, or dumps of several CPUs side by side turn nothing round.

use crate::event::Origin;
use crate::kernel::{Message, Messages, Start, rank};
use crate::options::Limits;
use crate::time::Clock;
use crate::transport::{OwnedRecord, Record, Span};

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
/// As for a dump in [`crate::dump`]: one without a verdict is waited for longer.
const PATIENCE: u64 = 6;

/// A stretch of the log that is ready to be read.
#[derive(Debug)]
pub(crate) enum Stretch {
    /// In the order of the log.
    Forward(Vec<OwnedRecord>),
    /// From its end to its beginning; whether it was cut for want of room.
    Backward(Vec<OwnedRecord>, bool),
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

/// Decides in which order lines are read, by votes of the lines of dumps.
#[derive(Debug, Default)]
pub(crate) struct LineOrder {
    mode: Mode,
    held: Vec<OwnedRecord>,
    bytes: usize,
    /// Positive: forward.
    votes: i32,
    /// Where in `held` the votes were last as low as they get.
    lowest: usize,
    /// Line and clock of the last line that belongs to a dump.
    last: Option<(u64, Clock)>,
    writers: Vec<Writer>,
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

/// What one record shows: the ranks of its first and last line in a dump, and whom they name.
#[derive(Debug, Default)]
struct Sign {
    first: Option<(u8, Option<u32>)>,
    last: Option<(u8, Option<u32>)>,
    /// The vote of its own lines, where each had the prefix: coarse clocks stamp many alike.
    inner: i32,
    /// Begins a dump, or ends one: worth looking at where none is open.
    opens: bool,
    /// What follows is no dump of the kind whose order is known.
    breaks: bool,
}

impl LineOrder {
    /// Observes a record, and says what has to be read before it, and whether it can be read now.
    pub(crate) fn observe(&mut self, record: &Record<'_>, messages: &Messages<'_>, limits: &Limits) -> Observed {
        if self.mode == Mode::Idle && messages.is_foreign() {
            return Observed { before: Vec::new(), then: Decision::Read };
        }
        let sign = Sign::of(messages);
        let clock = Clock::of(record);
        let before = std::iter::from_fn(|| self.due(record, &clock, &sign, limits)).collect();
        Observed { before, then: self.decide_on(record, &clock, &sign) }
    }

    fn decide_on(&mut self, record: &Record<'_>, clock: &Clock, sign: &Sign) -> Decision {
        match self.mode {
            Mode::Idle if sign.opens => {
                self.writers.clear();
                self.votes = 0;
                self.mode = Mode::Undecided;
            }
            Mode::Idle => return Decision::Read,
            _ => {}
        }
        if sign.opens || sign.votes() {
            self.last = Some((record.span.last_line, *clock));
        }
        let Vote { vote, before, rank } = if sign.votes() { self.vote(sign, record, clock) } else { Vote::default() };
        let vote = if record.repeated { vote + sign.inner } else { vote };
        self.votes = (self.votes + vote).clamp(-MOST_VOTES, MOST_VOTES);
        match self.mode {
            Mode::Idle => Decision::Read,
            Mode::Forward { ended } => {
                let again =
                    rank.is_some_and(|rank| rank < rank::STACK) && before.is_some_and(|rank| rank >= rank::STACK);
                if again
                    || vote < 0 && (ended || self.votes <= -MAJORITY)
                    || ended && rank.is_some_and(|r| r < rank::SUMMARY)
                {
                    // another dump, or another log
                    self.votes = vote.min(0);
                    self.mode = Mode::Undecided;
                    self.hold(record);
                    return Decision::Held;
                }
                if rank.is_some_and(|rank| rank >= rank::KILL) {
                    self.mode = Mode::Forward { ended: true };
                }
                Decision::Read
            }
            Mode::Undecided => {
                self.hold(record);
                if self.votes >= MAJORITY {
                    let ended = self.rank_of(record).is_some_and(|rank| rank >= rank::KILL);
                    self.mode = Mode::Forward { ended };
                    return Decision::Ready(Stretch::Forward(self.release()));
                }
                if self.votes <= -MAJORITY {
                    self.mode = Mode::Backward;
                    self.votes = -MOST_VOTES;
                    self.lowest = self.held.len();
                } else if self.held.len() >= MOST_UNDECIDED || self.bytes >= MOST_BYTES {
                    return self.decide().map_or(Decision::Held, Decision::Ready);
                }
                Decision::Held
            }
            Mode::Backward => {
                self.hold(record);
                if self.votes == -MOST_VOTES {
                    self.lowest = self.held.len();
                }
                if self.bytes >= MOST_BYTES {
                    return Decision::Ready(Stretch::Backward(self.release(), true));
                }
                Decision::Held
            }
        }
    }

    /// What has to be read before the record.
    fn due(&mut self, record: &Record<'_>, clock: &Clock, sign: &Sign, limits: &Limits) -> Option<Stretch> {
        if self.mode == Mode::Idle {
            return None;
        }
        if self.is_over(&record.span, clock, limits) {
            return self.end();
        }
        if self.mode != Mode::Backward {
            return None;
        }
        if self.votes >= 0 {
            // the log has turned: what came since is read as it stands
            let rest = self.held.split_off(self.lowest.min(self.held.len()));
            let before = std::mem::replace(&mut self.held, rest);
            self.bytes = self.held.iter().map(weight).sum();
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
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.mode, Mode::Undecided | Mode::Backward)
    }

    /// Ends the input, or the stretch.
    pub(crate) fn end(&mut self) -> Option<Stretch> {
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

    /// Decides by the votes so far.
    fn decide(&mut self) -> Option<Stretch> {
        if self.held.is_empty() {
            return None;
        }
        let back = self.votes <= LIKELY;
        self.mode = if back { Mode::Backward } else { Mode::Forward { ended: false } };
        self.lowest = 0;
        Some(if back { Stretch::Backward(self.release(), false) } else { Stretch::Forward(self.release()) })
    }

    fn hold(&mut self, record: &Record<'_>) {
        let record = OwnedRecord::from(record);
        self.bytes += weight(&record);
        self.held.push(record);
    }

    fn release(&mut self) -> Vec<OwnedRecord> {
        self.bytes = 0;
        std::mem::take(&mut self.held)
    }

    /// Whether no line of a dump was seen for so long that the next one is another's.
    fn is_over(&self, at: &Span, now: &Clock, limits: &Limits) -> bool {
        let Some((line, clock)) = &self.last else { return true };
        let is_far = |seconds| clock.is_near(now, seconds) == Some(false);
        let lines = at.first_line.saturating_sub(*line) > limits.idle_lines;
        if lines || !is_far(limits.idle_seconds) {
            return lines;
        }
        let ends = matches!(self.mode, Mode::Forward { ended: true })
            || self.mode != Mode::Backward && self.writers.iter().all(|writer| writer.rank >= rank::KILL);
        ends || is_far(limits.idle_seconds.saturating_mul(PATIENCE))
    }

    fn rank_of(&self, record: &Record<'_>) -> Option<u8> {
        self.writers.iter().find(|writer| writer.is(record)).map(|writer| writer.rank)
    }

    /// The vote of a line, compared with the last one of the same host.
    fn vote(&mut self, sign: &Sign, record: &Record<'_>, clock: &Clock) -> Vote {
        if sign.breaks {
            let before = self.rank_of(record);
            self.writers.retain(|writer| !writer.is(record));
            return Vote { before, ..Vote::default() };
        }
        let (Some(first), Some((rank, pid))) = (sign.first, sign.last) else { return Vote::default() };
        let Some(writer) = self.writers.iter_mut().find(|writer| writer.is(record)) else {
            let room = self.writers.len() < MOST_WRITERS;
            if room {
                let host = record.host.map(Into::into);
                let user = *record.origin == Origin::User;
                self.writers.push(Writer { host, user, rank, pid, clock: *clock });
            }
            return Vote { rank: room.then_some(rank), ..Vote::default() };
        };
        let order = order((writer.rank, writer.pid), first);
        let time = writer.clock.step(clock, STEP_SECONDS);
        let before = std::mem::replace(&mut writer.rank, rank);
        (writer.pid, writer.clock) = (pid, *clock);
        Vote { vote: order + time, before: Some(before), rank: Some(rank) }
    }
}

/// What a line shows beside the last one of its host: which way the log runs, and the ranks of both.
#[derive(Debug, Default)]
struct Vote {
    vote: i32,
    before: Option<u8>,
    rank: Option<u8>,
}

/// What follows from a record.
#[derive(Debug)]
pub(crate) struct Observed {
    /// What has to be read before it.
    pub(crate) before: Vec<Stretch>,
    pub(crate) then: Decision,
}

/// What to do with a record.
#[derive(Debug)]
pub(crate) enum Decision {
    /// It can be read at once.
    Read,
    /// It is held.
    Held,
    /// It is held no longer, nor is what came before it.
    Ready(Stretch),
}

impl Writer {
    fn is(&self, record: &Record<'_>) -> bool {
        self.host.as_deref() == record.host && self.user == (*record.origin == Origin::User)
    }
}

/// Which of two neighbours comes first in a dump: 1 where they are in the kernel's order.
fn order(one: (u8, Option<u32>), other: (u8, Option<u32>)) -> i32 {
    match (one.0, other.0) {
        // the reaper reports on a task that was killed
        (rank::REAPED, rank::KILL) if one.1 == other.1 => -2,
        (rank::KILL, rank::REAPED) if one.1 == other.1 => 2,
        (a, b) if a >= rank::KILL && b >= rank::KILL => 0,
        // from one dump to the next, in either order
        (a, b) if a >= rank::SUMMARY && b < rank::STACK || a < rank::STACK && b >= rank::SUMMARY => 0,
        (a, b) => i32::from(b.cmp(&a) as i8),
    }
}

impl Sign {
    fn of(messages: &Messages<'_>) -> Self {
        let mut sign = Self::default();
        messages.for_each(&mut |message| sign.add(message));
        sign
    }

    fn add(&mut self, message: &Message<'_>) {
        let role = message.role();
        self.breaks |= role.breaks_order;
        // a single such line may be the first of a dump, from either end
        self.opens |= matches!(role.starts, Some(Start::Dump | Start::Candidate)) || role.rank == Some(rank::REAPED);
        if let Some(rank) = role.rank {
            let rank = (rank, message.victim_pid());
            self.first.get_or_insert(rank);
            if let Some(before) = self.last.replace(rank) {
                self.inner += order(before, rank);
            }
        }
    }

    fn votes(&self) -> bool {
        self.first.is_some() || self.breaks
    }
}

fn weight(record: &OwnedRecord) -> usize {
    record.text.len() + OVERHEAD
}
