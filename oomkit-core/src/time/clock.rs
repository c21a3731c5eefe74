//! How much time is between two records, by whichever clock both carry.

use crate::event::Monotonic;
use crate::time::Stamp;
use crate::transport::Record;
use chrono::{NaiveDateTime, TimeDelta};

/// The clocks of one record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Clock {
    monotonic: Option<Monotonic>,
    wall: Option<NaiveDateTime>,
    yearless: bool,
}

/// Lines of several CPUs may be a little out of order; a clock that falls back further is of another boot.
pub(super) const DISORDER_MICROS: u64 = 1_000_000;
/// The year that stamps without one have.
const LEAP_YEAR: TimeDelta = TimeDelta::days(366);

impl Clock {
    pub(crate) fn of(record: &Record<'_>) -> Self {
        let (wall, yearless) = match record.wall.map(|wall| wall.stamp) {
            Some(Stamp::Absolute(when)) => (Some(when.naive_utc()), false),
            Some(Stamp::Local(when)) => (Some(when), false),
            Some(Stamp::Yearless(when)) => (Some(when), true),
            Some(Stamp::Opaque) | None => (None, false),
        };
        Self { monotonic: record.monotonic, wall, yearless }
    }

    /// Whether the two are at most `seconds` apart, whichever came first. `None` where no clock tells.
    pub(crate) fn is_near(&self, other: &Self, seconds: u64) -> Option<bool> {
        if let (Some(a), Some(b)) = (self.monotonic, other.monotonic) {
            return Some(a.as_micros().abs_diff(b.as_micros()) <= seconds.saturating_mul(1_000_000));
        }
        if self.yearless != other.yearless {
            return None;
        }
        let apart = (other.wall? - self.wall?).num_seconds().unsigned_abs();
        Some(apart <= seconds)
    }

    /// The kernel's clock.
    pub(crate) fn micros(&self) -> Option<u64> {
        self.monotonic.map(|monotonic| monotonic.as_micros())
    }

    /// Whether both have the kernel's clock at the same tick.
    pub(crate) fn same_tick(&self, other: &Self) -> Option<bool> {
        Some(self.monotonic? == other.monotonic?)
    }

    /// 1 where `next` is a little later than this, -1 where it is a little earlier, by at most `seconds`; 0 where no
    /// clock tells, or where the step is none that lines of one dump are apart.
    pub(crate) fn step(&self, next: &Self, seconds: u64) -> i32 {
        if self.is_near(next, seconds) != Some(true) {
            return 0;
        }
        let order = match (self.monotonic, next.monotonic) {
            (Some(a), Some(b)) => b.as_micros().cmp(&a.as_micros()),
            _ => next.wall.cmp(&self.wall),
        };
        i32::from(order as i8)
    }

    /// The readings of the kernel's clock, first and last in microseconds, at which this is not over: see
    /// [`Clock::is_over`].
    pub(crate) fn span(&self, seconds: u64) -> Option<(u64, u64)> {
        let at = self.monotonic?.as_micros();
        Some((at.saturating_sub(DISORDER_MICROS), at.saturating_add(seconds.saturating_mul(1_000_000))))
    }

    /// Whether `later` is more than `seconds` after this, or of another boot. False where no clock tells.
    pub(crate) fn is_over(&self, later: &Self, seconds: u64) -> bool {
        if let (Some(a), Some(b)) = (self.monotonic, later.monotonic) {
            let (a, b) = (a.as_micros(), b.as_micros());
            return b.saturating_sub(a) > seconds.saturating_mul(1_000_000) || a.saturating_sub(b) > DISORDER_MICROS;
        }
        match (self.wall, later.wall) {
            // wall clocks are stepped: only forward distance ends a dump
            (Some(a), Some(b)) if self.yearless == later.yearless => {
                let step = b - a;
                // from December to January
                let turn = if self.yearless && step < -LEAP_YEAR / 2 { LEAP_YEAR } else { TimeDelta::zero() };
                (step + turn).num_seconds() > i64::try_from(seconds).unwrap_or(i64::MAX)
            }
            _ => false,
        }
    }
}
