//! Boot time, from lines that carry both clocks, for lines that carry only the kernel's.

use super::Assumed;
use super::clock::DISORDER_MICROS;
use crate::event::Monotonic;
use chrono::{DateTime, FixedOffset, TimeDelta};

/// When a host's kernel clock was zero. The last line counts: clocks are set right, and a suspended machine's kernel
/// clock does not advance.
#[derive(Debug, Clone, Default)]
pub(super) struct Boot {
    last: Option<Monotonic>,
    at: Option<(DateTime<FixedOffset>, Assumed)>,
}

impl Boot {
    /// Records the next reading of the kernel's clock. One that fell back belongs to another boot.
    pub(super) fn tick(&mut self, now: Monotonic) {
        let last = self.last.replace(now);
        if last.is_some_and(|last| last.as_micros().saturating_sub(now.as_micros()) > DISORDER_MICROS) {
            self.at = None;
        }
    }

    /// Learns from a line's wall clock, and what was assumed for it.
    pub(super) fn learn(&mut self, wall: DateTime<FixedOffset>, monotonic: Option<Monotonic>, assumed: Assumed) {
        let at = monotonic.and_then(since_boot).and_then(|since| wall.checked_sub_signed(since));
        if let Some(at) = at {
            self.at = Some((at, assumed));
        }
    }

    /// The wall clock at a reading of the kernel's clock.
    pub(super) fn date(&self, monotonic: Monotonic) -> Option<(DateTime<FixedOffset>, Assumed)> {
        let (at, assumed) = self.at?;
        Some((at.checked_add_signed(since_boot(monotonic)?)?, Assumed { boot: true, ..assumed }))
    }
}

fn since_boot(monotonic: Monotonic) -> Option<TimeDelta> {
    i64::try_from(monotonic.as_micros()).ok().map(TimeDelta::microseconds)
}
