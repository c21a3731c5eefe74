//! The dumps of one host: routes each message to the dump it belongs to, and ends dumps that get no more lines.

use super::build::reaped;
use super::companions;
use super::continuation::Open;
use super::draft::Draft;
use super::notices::{NoticeBuffer, NoticeFilter, ShortId, short_id};
use super::reorder_buffer::{ReorderBuffer, Slot};
use super::timeout::{Deadline, EarliestDeadline, LogPosition, SILENT};
use crate::companion::Recognised;
use crate::diagnose;
use crate::event::{self, DiagnosticKind, Event, LossPlace, LostLines};
use crate::fingerprint::fingerprint;
use crate::kernel::{self, Block, LOSS_LINES, Message, Start};
use crate::options::Options;
use crate::time::{Clock, Clocks, Moment};
use crate::transport::{Lost, Record, Span};
use std::collections::VecDeque;
use std::time::Duration;

/// Dumps of one host that can grow at once: only a caller id keeps several apart.
const MOST_GROWING: usize = 8;
/// A lost line this close before a dump's first line was probably its head.
const LOST_LINES: u64 = 3;

/// Only further apart is a frame a copy of another.
const SAME_FRAME: u64 = 1024;

#[derive(Debug, Default)]
pub(super) struct Host {
    /// Lines seen of this host.
    lines: u64,
    /// Dumps that still take lines, newest last.
    growing: Vec<Draft>,
    /// Events that wait for the OOM reaper's line, and for what others say of the kill.
    settled: VecDeque<Settled>,
    /// What other programs reported since the oldest of these dumps began.
    notices: NoticeBuffer,
    /// The last line whose text the transport lost.
    lost: Option<Span>,
    /// Lines of which the kernel has printed a part, oldest first.
    pub(super) open: Vec<Open>,
    /// What the next dump should know of the lines before it, if it begins within so many lines.
    before: Option<(LostLines, Span, u64)>,
    /// The last line that a dump took.
    pub(super) touched: u64,
    /// The earliest deadline, when it was last computed.
    earliest: Option<EarliestDeadline>,
    /// How this host was counted last: see [`super::assembler::OpenDumps`].
    pub(super) counted: (bool, bool),
    /// What notices may bear on has changed since then.
    pub(super) notices_changed: bool,
}

#[derive(Debug)]
struct Settled {
    slot: Slot,
    event: Box<Event>,
    /// The container that it is about.
    container: Option<ShortId>,
    clock: Clock,
    last_line: u64,
}

impl Settled {
    /// Until when it is waited for more.
    fn deadline(&self, now: &LogPosition<'_>) -> Deadline {
        now.of_ended(self.clock, self.last_line)
    }
}

impl Host {
    /// Counts a record of this host, or of a user process on it.
    pub(super) fn count(&mut self, record: &Record<'_>) {
        self.lines += record.span.last_line - record.span.first_line + 1;
    }

    /// Ends what a record of this host shows to be over; whether a dump was among it that still took lines.
    pub(super) fn tick(&mut self, record: &Record<'_>, options: &Options, out: &mut ReorderBuffer) -> bool {
        if self.growing.is_empty() && self.settled.is_empty() {
            return false;
        }
        let growing = self.growing.len();
        let clock = Clock::of(record);
        if self.earliest.as_ref().is_some_and(|earliest| earliest.is_after(&record.span, &clock, self.lines)) {
            return false;
        }
        let now = LogPosition { clock, lines: self.lines, span: record.span, limits: &options.limits };
        while let Some(at) = self.growing.iter().position(|draft| now.is_past(&now.of_draft(draft))) {
            self.settle(at, options, out);
        }
        while let Some(at) = self.settled.iter().position(|one| now.is_past(&one.deadline(&now))) {
            self.emit(at, true, out);
        }
        let growing_now = self.growing.iter().map(|draft| now.of_draft(draft));
        self.earliest =
            Some(EarliestDeadline::of(clock, growing_now.chain(self.settled.iter().map(|one| one.deadline(&now)))));
        self.growing.len() < growing
    }

    /// Whether what other programs report now may bear on a kill.
    fn wants_notices(&self) -> bool {
        !self.settled.is_empty() || self.growing.iter().any(|draft| draft.kind == Start::Dump)
    }

    /// Keeps what another program reports of a kill that waits, or of what it is waiting for.
    pub(super) fn observe_companion(
        &mut self,
        record: &Record<'_>,
        clocks: &Clocks,
        options: &Options,
        out: &mut ReorderBuffer,
    ) -> Option<Recognised> {
        if !self.wants_notices() {
            return None;
        }
        let said = companions::read(record, &|| clocks.date(record, options), options)?;
        self.tick(record, options, out);
        if self.wants_notices() {
            let mut filter = NoticeFilter::default();
            self.add_to(&mut filter);
            self.notices_changed |= self.notices.push(&said, &filter, options.limits.companions);
        }
        Some(said)
    }

    /// Adds what notices may bear on here.
    pub(super) fn add_to(&self, filter: &mut NoticeFilter) {
        if !self.wants_notices() {
            return;
        }
        filter.wanted.add_missing(self.notices.compared());
        for draft in self.growing.iter().filter(|draft| draft.kind == Start::Dump) {
            filter.add(if draft.block < Block::Verdict { None } else { draft.container });
        }
        self.settled.iter().for_each(|one| filter.add(one.container));
    }

    /// Whether every line may be of a dump that is open, or of a panic after it.
    pub(super) fn reads_all(&self) -> bool {
        !self.open.is_empty() || self.growing.iter().any(|draft| draft.block < Block::Verdict || draft.panic.is_some())
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
    pub(super) fn sweep(&mut self, line: u64, reach: u64, clocks: &Clocks, options: &Options, out: &mut ReorderBuffer) {
        let stale = |last: u64| line.saturating_sub(last) > reach;
        if self.open.iter().any(|open| stale(open.record.span.last_line)) {
            self.read_open(clocks, options, out);
        }
        while let Some(at) = self.growing.iter().position(|draft| stale(draft.span.last_line)) {
            self.settle(at, options, out);
        }
        while let Some(at) = self.settled.iter().position(|one| stale(one.last_line)) {
            self.emit(at, false, out);
        }
    }

    /// Ends what waits no longer than this, when no line came for so long.
    pub(super) fn idle(&mut self, elapsed: Duration, clocks: &Clocks, options: &Options, out: &mut ReorderBuffer) {
        let is_past = |patience: u64| elapsed.as_secs() > options.limits.idle_seconds.saturating_mul(patience);
        if is_past(1) {
            self.read_open(clocks, options, out);
        }
        while let Some(at) = self.growing.iter().position(|draft| is_past(draft.patience())) {
            self.settle(at, options, out);
        }
        while is_past(1) && !self.settled.is_empty() {
            self.emit(0, true, out);
        }
    }

    pub(super) fn is_idle(&self) -> bool {
        self.growing.is_empty() && self.settled.is_empty() && self.open.is_empty()
    }

    /// Whether nothing of what is known matters any more.
    pub(super) fn is_forgotten(&self, line: u64, reach: u64) -> bool {
        let spans = [self.lost, self.before.as_ref().map(|before| before.1)];
        self.is_idle() && spans.iter().flatten().all(|span| line.saturating_sub(span.last_line) > reach)
    }

    /// Remembers a line whose text is gone, and tells the dump it fell out of.
    fn lost_line(&mut self, lost: Lost, record: &Record<'_>) {
        if lost == Lost::Text {
            self.lost = Some(record.span);
        }
        let Some(draft) = self.growing.last_mut().filter(|d| d.kind == Start::Dump && d.kills.is_empty()) else {
            return;
        };
        if lost == Lost::Text {
            let message = "a line here was replaced by its size, because its bytes were found unprintable";
            draft.note(DiagnosticKind::BytesLost, message.to_owned(), record);
        }
    }

    /// Lines are gone: of the dump that is open, or just before the next one.
    pub(super) fn lost_lines(&mut self, count: u64, by: &str, span: Span) {
        let lost = LostLines::Lines { count, by: by.to_owned() };
        let at = Some((span.first_line, span.first_byte));
        match self.growing.iter_mut().rev().find(|draft| draft.kind == Start::Dump && draft.block < Block::Verdict) {
            Some(draft) => draft.note_loss(lost, LossPlace::Here, at),
            None => self.before = Some((lost, span, LOSS_LINES)),
        }
    }

    /// Gives one message to the dump it continues, or starts one with it. `fingerprint` is that of the record's text;
    /// `now` tells when it was written.
    pub(super) fn message(
        &mut self,
        message: Message<'_>,
        record: &Record<'_>,
        fingerprint: u64,
        now: &dyn Fn() -> Moment,
        options: &Options,
        out: &mut ReorderBuffer,
    ) {
        match message {
            Message::Suppressed { function, count } => {
                if kernel::limits_dump_heads(function) {
                    let reach = options.limits.idle_lines.saturating_mul(SILENT);
                    self.before = Some((LostLines::Heads { count }, record.span, reach));
                }
                return;
            }
            Message::Lost { count, by } => return self.lost_lines(count, by, record.span),
            // without a mask it is a sentence of anybody's, unless the kernel's clock comes before it
            Message::Trigger(ref trigger) if trigger.gfp_mask.is_empty() && record.monotonic.is_none() => return,
            _ => {}
        }
        let fingerprint = with_clock(fingerprint, record);
        // a group kill prints a kill line twice; its pid tells
        let may_repeat = !matches!(message, Message::Killed(_));
        if may_repeat && fingerprint.is_some_and(|fingerprint| self.repeats(fingerprint, &message, record)) {
            return;
        }
        let role = message.role();
        let clock = Clock::of(record);
        let find = |growing: &[Draft]| growing.iter().rposition(|draft| draft.continues_with(&message, record, &clock));
        let mut continued = find(&self.growing);
        let matters = continued.is_some() || role.is_evidence || matches!(message, Message::Reaped { .. });
        // only now does it matter whether a dump is over
        if matters && self.tick(record, options, out) {
            continued = find(&self.growing);
        }
        let at = match (continued, role.starts) {
            (Some(at), _) => at,
            (None, Some(start)) => {
                self.start(&message, start, (record, now), options, out);
                self.growing.len() - 1
            }
            (None, None) => {
                if let Message::Reaped { pid, sizes, .. } = &message {
                    self.reaped(*pid, &reaped(sizes), record);
                }
                return;
            }
        };
        let Some(draft) = self.growing.get_mut(at) else { return };
        self.touched = record.span.last_line;
        // how long it is waited for depends on no more
        let (ended, kind) = (draft.block >= Block::Verdict, draft.kind);
        draft.absorb(message, record, &clock, options.limits.task_rows);
        if (ended, kind) != (draft.block >= Block::Verdict, draft.kind) {
            draft.identify();
            self.earliest = None;
            self.notices.begin();
            self.notices_changed = true;
        } else if let Some(earliest) = &mut self.earliest {
            earliest.observe(&clock, &options.limits);
        }
        draft.moment.extend_with(now);
        draft.lines = self.lines;
        draft.remember(fingerprint, record.span.first_byte);
        if record.lost == Some(Lost::Tail) {
            let message = "a line here is longer than the limit: the rest of it was skipped";
            draft.note(DiagnosticKind::LimitReached, message.to_owned(), record);
        }
    }

    /// Starts a dump, and ends those that it follows.
    fn start(
        &mut self,
        message: &Message<'_>,
        start: Start,
        (record, now): (&Record<'_>, &dyn Fn() -> Moment),
        options: &Options,
        out: &mut ReorderBuffer,
    ) {
        self.make_room(message, start, record, options, out);
        let mut draft = Draft::open(out.open(record.span.first_byte), start, record);
        draft.moment = now();
        self.note_losses(&mut draft, record);
        // room for one: there may be thousands of hosts, and a draft is large
        self.growing.reserve_exact(1);
        self.growing.push(draft);
        self.earliest = None;
        self.notices_changed = true;
    }

    /// Absorbs a verdict that a host's line gives on a dump whose own lines named no host; hands back any other message.
    pub(super) fn adopt<'a>(
        &mut self,
        message: Message<'a>,
        record: &Record<'_>,
        options: &Options,
    ) -> Option<Message<'a>> {
        let named = match &message {
            Message::Killed(killed) => Some(killed.pid),
            _ => None,
        };
        let draft =
            self.growing.iter_mut().rev().find(|d| named.is_some_and(|pid| d.is_victim(pid)) && d.kills.is_empty());
        let clock = Clock::of(record);
        match draft.filter(|draft| draft.continues_with(&message, record, &clock)) {
            Some(draft) => {
                draft.host = record.host.map(<[u8]>::to_vec);
                draft.absorb(message, record, &clock, options.limits.task_rows);
                draft.lines = self.lines;
                self.earliest = None;
                self.touched = record.span.last_line;
                None
            }
            None => Some(message),
        }
    }

    /// A duplicate of a line that was read: what it says beside its text may be new.
    pub(super) fn observe_duplicate(&mut self, record: &Record<'_>, now: &Moment) {
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

    /// Whether an open dump has absorbed the record before. A whole dump printed again is another dump: only in one that
    /// is not complete, or in the last, is a line a repetition.
    fn repeats(&self, fingerprint: u64, message: &Message<'_>, record: &Record<'_>) -> bool {
        let last = self.growing.len().saturating_sub(1);
        let head = matches!(message, Message::Trigger(_));
        self.growing.iter().enumerate().any(|(n, draft)| {
            // a function may call itself, and the kernel print two frames in one microsecond
            let distance = if matches!(message, Message::Frame(_)) && !draft.doubled { SAME_FRAME } else { 0 };
            draft.has_seen(fingerprint, record.span.first_byte, distance)
                && (draft.block < Block::Verdict || n == last && !head)
        })
    }

    /// A new dump ends those before it, unless caller ids show that they are being printed side by side.
    fn make_room(
        &mut self,
        message: &Message<'_>,
        start: Start,
        record: &Record<'_>,
        options: &Options,
        out: &mut ReorderBuffer,
    ) {
        let beside = |draft: &Draft| match (draft.caller, record.caller) {
            (Some(mine), Some(theirs)) => mine != theirs,
            _ => false,
        };
        let mut at = 0;
        while at < self.growing.len() {
            let draft = &self.growing[at];
            let ends = match start {
                Start::Dump => !beside(draft) && !matches!(message, Message::Panic(_)),
                // only what is undecided itself
                Start::Candidate | Start::Decoy => draft.kind != Start::Dump,
            };
            if ends || self.growing.len() >= MOST_GROWING {
                self.settle(at, options, out);
            } else {
                at += 1;
            }
        }
    }

    /// Notes on a new dump what was lost just before it.
    fn note_losses(&mut self, draft: &mut Draft, record: &Record<'_>) {
        if let Some(lost) = self.lost.take()
            && record.span.first_line.saturating_sub(lost.last_line) <= LOST_LINES
        {
            let message = "the line before was replaced by its size, because its bytes were found unprintable";
            let at = Some((lost.first_line, lost.first_byte));
            draft.note_at(DiagnosticKind::BytesLost, message.to_owned(), at);
        }
        if let Some((lost, span, reach)) = self.before.take()
            && record.span.first_line.saturating_sub(span.last_line) <= reach
        {
            draft.note_loss(lost, LossPlace::Before, Some((span.first_line, span.first_byte)));
        }
    }

    /// The reaper speaks seconds after the kill, when other dumps may have begun.
    fn reaped(&mut self, pid: u32, left: &event::Reaped, record: &Record<'_>) {
        for one in self.settled.iter_mut().rev() {
            if let Some(victim) = one.event.victims.iter_mut().find(|v| v.pid == pid && v.reaped.is_none()) {
                self.touched = record.span.last_line;
                victim.reaped = Some(left.clone());
                let source = &mut one.event.source;
                source.last_line = source.last_line.max(record.span.last_line);
                source.last_byte = source.last_byte.max(record.span.last_byte);
                return;
            }
        }
    }

    /// Reads lines that got no further piece.
    fn read_open(&mut self, clocks: &Clocks, options: &Options, out: &mut ReorderBuffer) {
        for open in std::mem::take(&mut self.open) {
            let record = open.record.as_record();
            self.begin(&record);
            let (fingerprint, now) = (fingerprint(record.text), || clocks.date(&record, options));
            kernel::read(record.text, record.wrapped_from, &mut |message, _| {
                self.message(message, &record, fingerprint, &now, options, out);
            });
        }
    }

    /// Ends everything.
    pub(super) fn finish(&mut self, clocks: &Clocks, options: &Options, out: &mut ReorderBuffer) {
        self.read_open(clocks, options, out);
        while !self.growing.is_empty() {
            self.settle(0, options, out);
        }
        while !self.settled.is_empty() {
            self.emit(0, false, out);
        }
    }

    /// Ends the oldest dump, for want of room.
    pub(super) fn shed(&mut self, options: &Options, out: &mut ReorderBuffer) {
        if self.settled.is_empty() && !self.growing.is_empty() {
            let note = "too many dumps were open at once: this one was ended early";
            let at = Some((self.growing[0].span.last_line, self.growing[0].span.last_byte));
            self.growing[0].note_at(DiagnosticKind::LimitReached, note.to_owned(), at);
            self.settle(0, options, out);
        }
        if !self.settled.is_empty() {
            self.emit(0, false, out);
        }
    }

    fn settle(&mut self, at: usize, options: &Options, out: &mut ReorderBuffer) {
        let draft = self.growing.remove(at);
        self.earliest = None;
        if draft.block < Block::Verdict {
            self.notices.begin();
        }
        self.notices_changed = true;
        if self.growing.is_empty() {
            self.growing = Vec::new();
        }
        if draft.kind != Start::Dump {
            out.discard(draft.slot);
            return;
        }
        let (slot, clock, last_line) = (draft.slot, draft.clock, draft.span.last_line);
        let event = draft.build(options);
        if diagnose::may_settle(&event) {
            let container = diagnose::container_id(&event).and_then(|id| short_id(id.as_bytes()));
            self.settled.push_back(Settled { slot, event, container, clock, last_line });
        } else {
            out.ready(slot, event, clock);
        }
    }

    /// Gives an event; `whole` where the log went on to the end of its window.
    fn emit(&mut self, at: usize, whole: bool, out: &mut ReorderBuffer) {
        let Some(mut one) = self.settled.remove(at) else { return };
        self.notices_changed = true;
        let first = one.event.source.first_byte;
        // a storm of kills costs nothing where none is a container's
        let later: Vec<&Event> = match diagnose::in_container(&one.event) {
            true => self.settled.iter().map(|one| &*one.event).collect(),
            false => Vec::new(),
        };
        let open = self.growing.iter().filter(|draft| draft.span.first_byte > first && draft.is_of(&one.event));
        let open = open.map(|draft| draft.span.first_byte).min();
        self.notices.settle(&mut one.event, &later, open, whole);
        out.ready(one.slot, one.event, one.clock);
        if self.notices.is_empty() {
            return;
        }
        let settled = self.settled.iter().map(|one| one.event.source.first_byte);
        let oldest = settled.chain(self.growing.iter().map(|draft| draft.span.first_byte)).min();
        self.notices.forget_before(oldest);
    }
}

/// What makes a record the same record again: its text and the kernel's clock to the microsecond.
fn with_clock(text: u64, record: &Record<'_>) -> Option<u64> {
    let clock = record.monotonic.filter(|_| !record.text.is_empty())?;
    // an odd factor spreads the clock over all bits
    Some(text ^ clock.as_micros().wrapping_mul(0x9e37_79b9_7f4a_7c15))
}
