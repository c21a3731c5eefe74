//! The dumps of one host: routes each message to the dump it belongs to, and ends dumps that get no more lines.

use super::build::reaped;
use super::clock::Clock;
use super::companions;
use super::draft::{Draft, Kind, Stage};
use super::fit;
use super::order::{Outbox, Ticket};
use super::overheard::Overheard;
use super::piece::Open;
use super::reach::{Calm, Now, Reach, SILENT};
use crate::companion::Recognised;
use crate::diagnose;
use crate::event::{self, DiagnosticKind, Event, LossPlace, LostLines, Monotonic};
use crate::kernel::{self, Message};
use crate::options::{Limits, Options};
use crate::print;
use crate::time::{Clocks, Moment};
use crate::transport::{Following, Lost, Place, Record};
use std::collections::VecDeque;

/// Dumps of one host that can grow at once: only a caller id keeps several apart.
const MOST_GROWING: usize = 8;
/// Lines lost this close before a dump may have been its own.
const NEAR: u64 = 50;
/// A lost line this close before a dump's first line was probably its head.
const LOST_REACH: u64 = 3;

/// A function may call itself, and the kernel print two frames in one microsecond: only further apart is one a copy.
const SAME_FRAME: u64 = 1024;

#[derive(Debug, Default)]
pub(super) struct Host {
    /// Lines seen of this host.
    lines: u64,
    /// Dumps that still take lines, newest last.
    growing: Vec<Draft>,
    /// Events that wait for the OOM reaper's line, and for what others say of the kill.
    settled: VecDeque<Settled>,
    /// What others said since the oldest of these dumps began.
    said: Overheard,
    /// The last line whose text the transport lost.
    lost: Option<Place>,
    /// Lines of which the kernel has printed a part, oldest first.
    pub(super) open: Vec<Open>,
    /// What the next dump should know of the lines before it, if it begins within so many lines.
    before: Option<(LostLines, Place, u64)>,
    /// The last line that a dump took.
    pub(super) touched: u64,
    /// What was found when it was last looked whether anything is over.
    calm: Option<Calm>,
    /// What was last said of this host to who counts them: see [`super::Open`].
    pub(super) counted: (bool, bool),
}

#[derive(Debug)]
struct Settled {
    ticket: Ticket,
    event: Box<Event>,
    clock: Clock,
    last_line: u64,
}

impl Settled {
    /// How far the log may come until it gets nothing more.
    fn reach(&self, now: &Now<'_>) -> Reach {
        now.of_ended(self.clock, self.last_line)
    }
}

impl Host {
    /// Counts a record of this host, or of a user process on it.
    pub(super) fn count(&mut self, record: &Record<'_>) {
        self.lines += record.place.last_line - record.place.first_line + 1;
    }

    /// Ends what a record of this host shows to be over; whether a dump was among it that still took lines.
    pub(super) fn tick(&mut self, record: &Record<'_>, options: &Options, out: &mut Outbox) -> bool {
        if self.growing.is_empty() && self.settled.is_empty() {
            return false;
        }
        let growing = self.growing.len();
        let clock = Clock::of(record);
        if self.calm.as_ref().is_some_and(|calm| calm.holds(&record.place, &clock, self.lines)) {
            return false;
        }
        let now = Now { clock, lines: self.lines, place: record.place, limits: &options.limits };
        while let Some(at) = self.growing.iter().position(|draft| now.is_behind(&now.of_draft(draft))) {
            self.settle(at, options, out);
        }
        while let Some(at) = self.settled.iter().position(|one| now.is_behind(&one.reach(&now))) {
            self.give(at, true, out);
        }
        let growing_now = self.growing.iter().map(|draft| now.of_draft(draft));
        self.calm = Some(Calm::of(clock, growing_now.chain(self.settled.iter().map(|one| one.reach(&now)))));
        self.growing.len() < growing
    }

    /// Whether what other programs say now may bear on a kill.
    pub(super) fn listens(&self) -> bool {
        !self.settled.is_empty() || self.growing.iter().any(|draft| draft.kind == Kind::Oom)
    }

    /// Keeps what another program says of a kill that waits, or of what it is waiting for.
    pub(super) fn hears(
        &mut self,
        record: &Record<'_>,
        clocks: &Clocks,
        options: &Options,
        out: &mut Outbox,
    ) -> Option<Recognised> {
        if !self.listens() {
            return None;
        }
        let said = companions::read(record, &|| clocks.date(record, options), options)?;
        self.tick(record, options, out);
        if self.listens() {
            self.said.take(&said, options.limits.companions);
        }
        Some(said)
    }

    /// Whether every line may be of a dump that is open, or of a panic behind it.
    pub(super) fn reads_all(&self) -> bool {
        !self.open.is_empty() || self.growing.iter().any(|draft| draft.stage < Stage::Verdict || draft.panic.is_some())
    }

    /// Whether time has to pass for a dump.
    pub(super) fn waits(&self) -> bool {
        !self.growing.is_empty() || !self.settled.is_empty()
    }

    /// Looks at a record of this host before its messages are read.
    pub(super) fn begin(&mut self, record: &Record<'_>) {
        if let Some(lost) = record.lost {
            self.lost_line(lost, record);
        }
    }

    /// Ends what got no line for so long that its host has fallen silent, while others go on.
    pub(super) fn sweep(&mut self, line: u64, reach: u64, clocks: &Clocks, options: &Options, out: &mut Outbox) {
        let stale = |last: u64| line.saturating_sub(last) > reach;
        if self.open.iter().any(|open| stale(open.record.place.last_line)) {
            self.read_open(clocks, options, out);
        }
        while let Some(at) = self.growing.iter().position(|draft| stale(draft.place.last_line)) {
            self.settle(at, options, out);
        }
        while let Some(at) = self.settled.iter().position(|one| stale(one.last_line)) {
            self.give(at, false, out);
        }
    }

    pub(super) fn is_idle(&self) -> bool {
        self.growing.is_empty() && self.settled.is_empty() && self.open.is_empty()
    }

    /// Whether nothing of what is known matters any more.
    pub(super) fn is_forgotten(&self, line: u64, reach: u64) -> bool {
        let places = [self.lost, self.before.as_ref().map(|before| before.1)];
        self.is_idle() && places.iter().flatten().all(|place| line.saturating_sub(place.last_line) > reach)
    }

    /// Remembers a line whose text is gone, and tells the dump it fell out of.
    fn lost_line(&mut self, lost: Lost, record: &Record<'_>) {
        if lost == Lost::Text {
            self.lost = Some(record.place);
        }
        let Some(draft) = self.growing.last_mut().filter(|d| d.kind == Kind::Oom && d.kills.is_empty()) else { return };
        if lost == Lost::Text {
            let message = "a line here was replaced by its size, because its bytes were found unprintable";
            draft.note(DiagnosticKind::BytesLost, message.to_owned(), record);
        }
    }

    /// Lines are gone: of the dump that is open, or just before the next one.
    pub(super) fn lost_lines(&mut self, count: u64, by: &str, place: Place) {
        let lost = LostLines::Lines { count, by: by.to_owned() };
        let at = Some((place.first_line, place.first_byte));
        match self.growing.iter_mut().rev().find(|draft| draft.kind == Kind::Oom && draft.stage < Stage::Verdict) {
            Some(draft) => draft.note_loss(lost, LossPlace::Here, at),
            None => self.before = Some((lost, place, NEAR)),
        }
    }

    /// Gives one message to the dump it belongs to, or opens one for it. `print` is the record's; `now` tells when it was
    /// written.
    pub(super) fn message(
        &mut self,
        message: Message<'_>,
        record: &Record<'_>,
        print: u64,
        now: &dyn Fn() -> Moment,
        options: &Options,
        out: &mut Outbox,
    ) {
        match message {
            Message::Suppressed { function, count } => {
                if is_oom_limiter(function) {
                    let reach = options.limits.idle_lines.saturating_mul(SILENT);
                    self.before = Some((LostLines::Heads { count }, record.place, reach));
                }
                return;
            }
            Message::Lost { count, by } => return self.lost_lines(count, by, record.place),
            _ => {}
        }
        // without a mask it is a sentence of anybody's, unless the kernel's clock stands before it
        if matches!(&message, Message::Trigger(t) if t.gfp_mask.is_empty()) && record.monotonic.is_none() {
            return;
        }
        let print = print_of(record, print);
        // a group kill prints a kill line twice; its pid tells
        if !matches!(message, Message::Killed(_)) && print.is_some_and(|print| self.repeats(print, &message, record)) {
            return;
        }
        let kind = fit::opens(&message);
        let clock = &Clock::of(record);
        let fits = |growing: &[Draft]| growing.iter().rposition(|draft| draft.fits(&message, record, clock));
        let mut fitting = fits(&self.growing);
        if fitting.is_some() || fit::proves(&message) || matches!(message, Message::Reaped { .. }) {
            // only now does it matter whether a dump is over
            if self.tick(record, options, out) {
                fitting = fits(&self.growing);
            }
        }
        if let Some(at) = fitting {
            self.grow(at, message, (record, clock), print, now, options);
            return;
        }
        if let Message::Reaped { pid, sizes, .. } = &message {
            self.reaped(*pid, &reaped(sizes), record);
            return;
        }
        let Some(kind) = kind else { return };
        self.touched = record.place.last_line;
        self.calm = None;
        self.make_room(&message, kind, record, options, out);
        let mut draft = Draft::open(out.open(record.place.first_byte), kind, record);
        self.remember(&mut draft, record);
        draft.absorb(message, record, clock, options.limits.task_rows);
        draft.moment = now();
        draft.lines = self.lines;
        draft.take_print(print, record.place.first_byte);
        note_cut(&mut draft, record);
        // room for one: there may be thousands of hosts, and a draft is large
        self.growing.reserve_exact(1);
        self.growing.push(draft);
    }

    /// Gives a message to an open dump that it fits.
    fn grow(
        &mut self,
        at: usize,
        message: Message<'_>,
        (record, clock): (&Record<'_>, &Clock),
        print: Option<u64>,
        now: &dyn Fn() -> Moment,
        options: &Options,
    ) {
        let Some(draft) = self.growing.get_mut(at) else { return };
        self.touched = record.place.last_line;
        // how long it is waited for depends on no more
        let (ended, kind) = (draft.stage >= Stage::Verdict, draft.kind);
        draft.absorb(message, record, clock, options.limits.task_rows);
        if (ended, kind) != (draft.stage >= Stage::Verdict, draft.kind) {
            self.calm = None;
        } else if let Some(calm) = &mut self.calm {
            calm.took(clock, &options.limits);
        }
        draft.moment.extend_with(now);
        draft.lines = self.lines;
        draft.take_print(print, record.place.first_byte);
        note_cut(draft, record);
    }

    /// Whether one dump is open, has no verdict yet, and nothing can be over when the next record comes.
    pub(super) fn reads_one(&self, record: &Record<'_>, clock: &Clock) -> bool {
        let [draft] = &self.growing[..] else { return false };
        self.open.is_empty()
            && draft.kind == Kind::Oom
            && draft.stage < Stage::Verdict
            && self.calm.as_ref().is_some_and(|calm| calm.holds(&record.place, clock, self.lines + 1))
    }

    /// Whether the dump that is open goes on with a message, and still has no verdict behind it.
    pub(super) fn goes_on(&self, message: &Message<'_>, record: &Record<'_>, clock: &Clock) -> bool {
        fit::stage(message) < Stage::Verdict && self.growing.iter().any(|draft| draft.fits(message, record, clock))
    }

    /// Takes a line that goes on: see [`Host::reads_one`] and [`Host::goes_on`].
    pub(super) fn take(
        &mut self,
        message: Message<'_>,
        record: &Record<'_>,
        clock: &Clock,
        print: u64,
        now: &dyn Fn() -> Moment,
        options: &Options,
    ) {
        self.count(record);
        let print = print_of(record, print);
        if !print.is_some_and(|print| self.repeats(print, &message, record)) {
            self.grow(0, message, (record, clock), print, now, options);
        }
    }

    /// Whether a line goes on with the block of the line before it, under whose prefix it stands too; gives its clock then.
    pub(super) fn may_follow(&self, message: &Message<'_>, line: &Following<'_>, rows: usize) -> Option<Clock> {
        let [draft] = &self.growing[..] else { return None };
        let clock = draft.clock.at(line.monotonic);
        let follows = draft.goes_on_with(message, rows)
            && (draft.caller == line.caller || line.caller.is_none())
            && clock.micros() >= draft.clock.micros()
            && draft.is_near(&clock)
            && self.calm.as_ref().is_some_and(|calm| calm.holds(&line.place, &clock, self.lines + 1));
        follows.then_some(clock)
    }

    /// Whether a line that may follow was taken before.
    pub(super) fn took(&self, message: &Message<'_>, line: &Following<'_>, print: u64) -> bool {
        let print = print_at(line.monotonic, print);
        self.growing.iter().any(|draft| draft.took_before(print, line.place.first_byte, same_line(message, draft)))
    }

    /// Takes a line that follows: see [`Host::may_follow`].
    pub(super) fn follow(
        &mut self,
        message: &Message<'_>,
        line: &Following<'_>,
        clock: &Clock,
        print: u64,
        limits: &Limits,
    ) {
        let Some(draft) = self.growing.first_mut() else { return };
        self.lines += 1;
        self.touched = line.place.last_line;
        draft.follow(message, line, clock);
        draft.lines = self.lines;
        draft.take_print(Some(print_at(line.monotonic, print)), line.place.first_byte);
        if let Some(calm) = &mut self.calm {
            calm.took(clock, limits);
        }
    }

    /// Takes a verdict that a host's line gives on a dump whose own lines named no host; hands back any other message.
    pub(super) fn adopted<'a>(
        &mut self,
        message: Message<'a>,
        record: &Record<'_>,
        options: &Options,
    ) -> Option<Message<'a>> {
        let named = match &message {
            Message::Killed(killed) => Some(killed.pid),
            _ => None,
        };
        let draft = self.growing.iter_mut().rev().find(|d| named.is_some_and(|pid| d.names(pid)) && d.kills.is_empty());
        let clock = Clock::of(record);
        match draft.filter(|draft| draft.fits(&message, record, &clock)) {
            Some(draft) => {
                draft.host = record.host.map(<[u8]>::to_vec);
                draft.absorb(message, record, &clock, options.limits.task_rows);
                draft.lines = self.lines;
                self.calm = None;
                self.touched = record.place.last_line;
                None
            }
            None => Some(message),
        }
    }

    /// Another copy of a line that was read: what it says beside its text may be new.
    pub(super) fn copied(&mut self, record: &Record<'_>, now: &Moment) {
        let Some(draft) = self.growing.last_mut() else { return };
        if draft.wall.is_none() {
            draft.wall = record.wall.map(|wall| wall.text.to_vec());
            draft.moment.extend(now);
        }
        draft.monotonic = draft.monotonic.or(record.monotonic);
        if !std::mem::replace(&mut draft.doubled, true) {
            let message = "the log holds lines of this dump twice: their copies are left out";
            draft.note(DiagnosticKind::LinesRepeated, message.to_owned(), record);
        }
    }

    /// Lines that name no host turn out to be a host's.
    pub(super) fn name(&mut self, host: Option<&[u8]>) {
        for draft in &mut self.growing {
            draft.host = host.map(<[u8]>::to_vec);
        }
    }

    pub(super) fn is_growing(&self) -> bool {
        !self.growing.is_empty()
    }

    /// Whether an open dump has taken the record before. A whole dump printed again is another dump: only in one that
    /// goes on, or in the last, is a line a repetition.
    fn repeats(&self, print: u64, message: &Message<'_>, record: &Record<'_>) -> bool {
        let last = self.growing.len().saturating_sub(1);
        let head = matches!(message, Message::Trigger(_));
        self.growing.iter().enumerate().any(|(n, draft)| {
            draft.took_before(print, record.place.first_byte, same_line(message, draft))
                && (draft.stage < Stage::Verdict || n == last && !head)
        })
    }

    /// A new dump ends those before it, unless caller ids show that they are being printed side by side.
    fn make_room(
        &mut self,
        message: &Message<'_>,
        kind: Kind,
        record: &Record<'_>,
        options: &Options,
        out: &mut Outbox,
    ) {
        let beside = |draft: &Draft| match (draft.caller, record.caller) {
            (Some(mine), Some(theirs)) => mine != theirs,
            _ => false,
        };
        let mut at = 0;
        while at < self.growing.len() {
            let draft = &self.growing[at];
            let ends = match kind {
                Kind::Oom => !beside(draft) && !matches!(message, Message::Panic(_)),
                // only what is undecided itself
                Kind::Candidate | Kind::Decoy => draft.kind != Kind::Oom,
            };
            if ends || self.growing.len() >= MOST_GROWING {
                self.settle(at, options, out);
            } else {
                at += 1;
            }
        }
    }

    /// Tells a new dump what came just before it.
    fn remember(&mut self, draft: &mut Draft, record: &Record<'_>) {
        if let Some(lost) = self.lost.take()
            && record.place.first_line.saturating_sub(lost.last_line) <= LOST_REACH
        {
            let message = "the line before was replaced by its size, because its bytes were found unprintable";
            let at = Some((lost.first_line, lost.first_byte));
            draft.note_at(DiagnosticKind::BytesLost, message.to_owned(), at);
        }
        if let Some((lost, place, reach)) = self.before.take()
            && record.place.first_line.saturating_sub(place.last_line) <= reach
        {
            draft.note_loss(lost, LossPlace::Before, Some((place.first_line, place.first_byte)));
        }
    }

    /// The reaper speaks seconds after the kill, when other dumps may have begun.
    fn reaped(&mut self, pid: u32, left: &event::Reaped, record: &Record<'_>) {
        for one in self.settled.iter_mut().rev() {
            if let Some(victim) = one.event.victims.iter_mut().find(|v| v.pid == pid && v.reaped.is_none()) {
                self.touched = record.place.last_line;
                victim.reaped = Some(left.clone());
                let source = &mut one.event.source;
                source.last_line = source.last_line.max(record.place.last_line);
                source.last_byte = source.last_byte.max(record.place.last_byte);
                return;
            }
        }
    }

    /// Reads lines that got no further piece.
    fn read_open(&mut self, clocks: &Clocks, options: &Options, out: &mut Outbox) {
        for open in std::mem::take(&mut self.open) {
            let record = open.record.as_record();
            self.begin(&record);
            let (print, now) = (print::of(record.text), || clocks.date(&record, options));
            kernel::read(record.text, record.wrapped_from, &mut |message, _| {
                self.message(message, &record, print, &now, options, out);
            });
        }
    }

    /// Ends everything.
    pub(super) fn finish(&mut self, clocks: &Clocks, options: &Options, out: &mut Outbox) {
        self.read_open(clocks, options, out);
        while !self.growing.is_empty() {
            self.settle(0, options, out);
        }
        while !self.settled.is_empty() {
            self.give(0, false, out);
        }
    }

    /// Ends the oldest dump, for want of room.
    pub(super) fn shed(&mut self, options: &Options, out: &mut Outbox) {
        if self.settled.is_empty() && !self.growing.is_empty() {
            let note = "too many dumps were open at once: this one was ended early";
            let at = Some((self.growing[0].place.last_line, self.growing[0].place.last_byte));
            self.growing[0].note_at(DiagnosticKind::LimitReached, note.to_owned(), at);
            self.settle(0, options, out);
        }
        if !self.settled.is_empty() {
            self.give(0, false, out);
        }
    }

    fn settle(&mut self, at: usize, options: &Options, out: &mut Outbox) {
        let draft = self.growing.remove(at);
        self.calm = None;
        if self.growing.is_empty() {
            self.growing = Vec::new();
        }
        if draft.kind != Kind::Oom {
            out.drop(draft.ticket);
            return;
        }
        let (ticket, clock, last_line) = (draft.ticket, draft.clock, draft.place.last_line);
        let event = draft.build(options);
        if diagnose::may_settle(&event) {
            self.settled.push_back(Settled { ticket, event, clock, last_line });
        } else {
            out.ready(ticket, event, clock);
        }
    }

    /// Gives an event; `whole` where the log went on to the end of its window.
    fn give(&mut self, at: usize, whole: bool, out: &mut Outbox) {
        let Some(mut one) = self.settled.remove(at) else { return };
        let first = one.event.source.first_byte;
        // a storm of kills costs nothing where none is a container's
        let later: Vec<&Event> = match diagnose::in_container(&one.event) {
            true => self.settled.iter().map(|one| &*one.event).collect(),
            false => Vec::new(),
        };
        let open = self.growing.iter().filter(|draft| draft.place.first_byte > first && draft.is_of(&one.event));
        let open = open.map(|draft| draft.place.first_byte).min();
        self.said.settle(&mut one.event, &later, open, whole);
        out.ready(one.ticket, one.event, one.clock);
        if self.said.is_empty() {
            return;
        }
        let settled = self.settled.iter().map(|one| one.event.source.first_byte);
        let oldest = settled.chain(self.growing.iter().map(|draft| draft.place.first_byte)).min();
        self.said.forget_before(oldest);
    }
}

/// Whether a rate limiter's name is one that holds back dump heads: the caller's, or before 2.6.36 its own.
fn is_oom_limiter(function: &[u8]) -> bool {
    matches!(
        function,
        b"oom_kill_process" | b"out_of_memory" | b"dump_header" | b"__ratelimit" | b"___ratelimit" | b"printk"
    ) || function.starts_with(b"oom_")
}

/// Says that a line of the dump was longer than the limit.
fn note_cut(draft: &mut Draft, record: &Record<'_>) {
    if record.lost == Some(Lost::Tail) {
        let message = "a line here is longer than the limit: the rest of it was skipped";
        draft.note(DiagnosticKind::LimitReached, message.to_owned(), record);
    }
}

/// How many bytes away a line of the same words and clock may stand and be no copy.
fn same_line(message: &Message<'_>, draft: &Draft) -> u64 {
    if matches!(message, Message::Frame(_)) && !draft.doubled { SAME_FRAME } else { 0 }
}

/// What makes a record the same record again: its text and the kernel's clock to the microsecond.
fn print_of(record: &Record<'_>, text: u64) -> Option<u64> {
    let clock = record.monotonic.filter(|_| !record.text.is_empty())?;
    Some(print_at(clock, text))
}

fn print_at(clock: Monotonic, text: u64) -> u64 {
    // an odd factor spreads the clock over all bits
    text ^ clock.as_micros().wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
