//! How far a log may come until a dump gets no more lines: by its own lines, by those of its host, by bytes, by clocks.

use super::clock::Clock;
use super::draft::{Draft, Kind, Stage};
use crate::options::Limits;
use crate::transport::Place;

/// Lines of other hosts after which a silent host's dumps are over, as a multiple of the limit for its own lines.
pub(super) const SILENT: u64 = 10;
/// What proves no dump is given up where so many bytes pass without a line of it.
const UNPROVEN_BYTES: usize = 32 << 10;

/// Where the log has come to.
pub(super) struct Now<'o> {
    pub(super) clock: Clock,
    /// Lines of the host.
    pub(super) lines: u64,
    pub(super) place: Place,
    pub(super) limits: &'o Limits,
}

/// What a dump waits for: its last line, line of the host and byte, and so many seconds after a clock.
#[derive(Debug)]
pub(super) struct Reach {
    line: u64,
    lines: u64,
    byte: u64,
    clock: Clock,
    seconds: u64,
}

impl Now<'_> {
    /// Whether the log has come further.
    pub(super) fn is_behind(&self, reach: &Reach) -> bool {
        self.place.first_line > reach.line
            || self.lines > reach.lines
            || self.place.first_byte > reach.byte
            || reach.clock.is_over(&self.clock, reach.seconds)
    }

    /// How far a dump that is open reaches.
    pub(super) fn of_draft(&self, draft: &Draft) -> Reach {
        if draft.stage >= Stage::Verdict {
            return self.of_ended(draft.clock, draft.place.last_line);
        }
        let limits = self.limits;
        let unproven = draft.kind != Kind::Oom;
        let bytes = if unproven { UNPROVEN_BYTES as u64 } else { u64::MAX };
        Reach {
            line: draft.place.last_line.saturating_add(limits.idle_lines.saturating_mul(SILENT)),
            lines: draft.lines.saturating_add(limits.idle_lines),
            byte: draft.place.last_byte.saturating_add(bytes),
            clock: draft.clock,
            seconds: limits.idle_seconds.saturating_mul(draft.patience()),
        }
    }

    /// How far what ended at a line reaches. Lines behind it may have been passed over: they count only where no clock
    /// tells, or very many.
    pub(super) fn of_ended(&self, clock: Clock, last_line: u64) -> Reach {
        let limits = self.limits;
        let patience = if clock.is_near(&self.clock, 0).is_some() { SILENT } else { 1 };
        Reach {
            line: last_line.saturating_add(limits.idle_lines.saturating_mul(patience)),
            lines: u64::MAX,
            byte: u64::MAX,
            clock,
            seconds: limits.idle_seconds,
        }
    }
}

/// How far the log may come until any dump can be over: nearly every line of a dump is nearer, which two looks tell.
#[derive(Debug)]
pub(super) struct Calm {
    line: u64,
    lines: u64,
    byte: u64,
    /// The last look's clock, as long as no dump has taken a line with another. Where every dump has the kernel's, its
    /// readings from the first to the last that will do.
    clock: Option<Clock>,
    micros: Option<(u64, u64)>,
}

impl Calm {
    /// The nearest of several, none of which is over at this clock.
    pub(super) fn of(clock: Clock, reaches: impl Iterator<Item = Reach>) -> Self {
        let (line, lines, byte) = (u64::MAX, u64::MAX, u64::MAX);
        let mut calm = Self { line, lines, byte, clock: Some(clock), micros: Some((0, u64::MAX)) };
        for reach in reaches {
            calm.line = calm.line.min(reach.line);
            calm.lines = calm.lines.min(reach.lines);
            calm.byte = calm.byte.min(reach.byte);
            calm.narrow(reach.clock.span(reach.seconds));
        }
        calm
    }

    pub(super) fn holds(&self, place: &Place, clock: &Clock, lines: u64) -> bool {
        place.first_line <= self.line
            && place.first_byte <= self.byte
            && lines <= self.lines
            && match (clock.micros(), self.micros) {
                (Some(now), Some((first, last))) => (first..=last).contains(&now),
                _ => self.clock.is_some_and(|own| own == *clock),
            }
    }

    /// A dump took a line with this clock, and waits no shorter than before.
    pub(super) fn took(&mut self, clock: &Clock, limits: &Limits) {
        self.narrow(clock.span(limits.idle_seconds));
        self.clock = self.clock.filter(|own| own == clock);
    }

    fn narrow(&mut self, span: Option<(u64, u64)>) {
        self.micros = self.micros.zip(span).map(|(own, other)| (own.0.max(other.0), own.1.min(other.1)));
    }
}
