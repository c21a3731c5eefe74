//! Timeouts: how far a log may go on until a dump gets no more lines, by its own lines, by those of its host, by bytes, by
//! clocks.

use super::draft::Draft;
use crate::kernel::{Block, Start};
use crate::options::Limits;
use crate::time::Clock;
use crate::transport::Span;

/// Lines of other hosts after which a silent host's dumps are over, as a multiple of the limit for its own lines.
pub(super) const SILENT: u64 = 10;
/// What proves no dump is given up after so many bytes without a line of it.
const UNPROVEN_BYTES: u64 = 32 << 10;

/// The position that the log has reached.
pub(super) struct LogPosition<'o> {
    pub(super) clock: Clock,
    /// Lines of the host.
    pub(super) lines: u64,
    pub(super) span: Span,
    pub(super) limits: &'o Limits,
}

/// The last line, line of the host, byte and second after a clock that a dump waits for.
#[derive(Debug)]
pub(super) struct Deadline {
    line: u64,
    lines: u64,
    byte: u64,
    clock: Clock,
    seconds: u64,
}

impl LogPosition<'_> {
    pub(super) fn is_past(&self, deadline: &Deadline) -> bool {
        self.span.first_line > deadline.line
            || self.lines > deadline.lines
            || self.span.first_byte > deadline.byte
            || deadline.clock.is_over(&self.clock, deadline.seconds)
    }

    /// The deadline of a dump that is open.
    pub(super) fn of_draft(&self, draft: &Draft) -> Deadline {
        if draft.block >= Block::Verdict {
            return self.of_ended(draft.clock, draft.span.last_line);
        }
        let limits = self.limits;
        let bytes = if draft.kind == Start::Dump { u64::MAX } else { UNPROVEN_BYTES };
        Deadline {
            line: draft.span.last_line.saturating_add(limits.idle_lines.saturating_mul(SILENT)),
            lines: draft.lines.saturating_add(limits.idle_lines),
            byte: draft.span.last_byte.saturating_add(bytes),
            clock: draft.clock,
            seconds: limits.idle_seconds.saturating_mul(draft.patience()),
        }
    }

    /// The deadline of what ended at a line. Lines after it may have been skipped: they count only where no clock
    /// tells the time, or very many.
    pub(super) fn of_ended(&self, clock: Clock, last_line: u64) -> Deadline {
        let limits = self.limits;
        let patience = if clock.is_near(&self.clock, 0).is_some() { SILENT } else { 1 };
        Deadline {
            line: last_line.saturating_add(limits.idle_lines.saturating_mul(patience)),
            lines: u64::MAX,
            byte: u64::MAX,
            clock,
            seconds: limits.idle_seconds,
        }
    }
}

/// The earliest of a host's deadlines: nearly every line comes before it, and then none has to be looked at.
#[derive(Debug)]
pub(super) struct EarliestDeadline {
    line: u64,
    lines: u64,
    byte: u64,
    /// The clock when it was computed, as long as no dump has absorbed a line with another. Where every dump has the
    /// kernel's clock: the first and last reading, in microseconds, at which none is over.
    clock: Option<Clock>,
    micros: Option<(u64, u64)>,
}

impl EarliestDeadline {
    /// Of several deadlines, none of which is over at this clock.
    pub(super) fn of(clock: Clock, deadlines: impl Iterator<Item = Deadline>) -> Self {
        let (line, lines, byte) = (u64::MAX, u64::MAX, u64::MAX);
        let mut earliest = Self { line, lines, byte, clock: Some(clock), micros: Some((0, u64::MAX)) };
        for deadline in deadlines {
            earliest.line = earliest.line.min(deadline.line);
            earliest.lines = earliest.lines.min(deadline.lines);
            earliest.byte = earliest.byte.min(deadline.byte);
            earliest.narrow(deadline.clock.span(deadline.seconds));
        }
        earliest
    }

    pub(super) fn is_after(&self, span: &Span, clock: &Clock, lines: u64) -> bool {
        span.first_line <= self.line
            && span.first_byte <= self.byte
            && lines <= self.lines
            && match (clock.micros(), self.micros) {
                (Some(now), Some((first, last))) => (first..=last).contains(&now),
                _ => self.clock.is_some_and(|own| own == *clock),
            }
    }

    /// A dump has absorbed a line with this clock, and waits no shorter than before.
    pub(super) fn observe(&mut self, clock: &Clock, limits: &Limits) {
        self.narrow(clock.span(limits.idle_seconds));
        self.clock = self.clock.filter(|own| own == clock);
    }

    fn narrow(&mut self, span: Option<(u64, u64)>) {
        self.micros = self.micros.zip(span).map(|(own, other)| (own.0.max(other.0), own.1.min(other.1)));
    }
}
