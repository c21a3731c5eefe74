//! What a series of measurements amounts to: its largest, how many, over which time, and what that is good for.

use super::{Basis, Sample};
use crate::units::Bytes;
use chrono::{DateTime, FixedOffset, TimeDelta};
use serde::{Deserialize, Serialize};

/// How old a measurement may be to count for a time: as long as Prometheus looks back.
pub(in crate::resources) const LOOKBACK_SECONDS: i64 = 300;

/// What a series of measurements is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Quality {
    /// Nothing was measured.
    None,
    /// One point in time: says nothing of a peak.
    Instant,
    /// Too short or too few: peaks may be missing.
    Short,
    /// Enough to lower a request by.
    Enough,
}

impl Quality {
    /// The word written in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Instant => "instant",
            Self::Short => "short",
            Self::Enough => "enough",
        }
    }
}

/// Measurements of one container on one basis, in the order of time.
#[derive(Debug, Clone, Default)]
pub(in crate::resources) struct Series {
    /// When, where the source tells it, and how much.
    pub(in crate::resources) values: Vec<(Option<DateTime<FixedOffset>>, Bytes)>,
    points: u64,
    stated_window: Option<u64>,
}

impl Series {
    pub(in crate::resources) fn of(samples: &[Sample], basis: Basis) -> Self {
        let measured = || samples.iter().filter_map(|sample| Some((sample, sample.on(basis)?)));
        Self {
            values: measured().map(|(sample, value)| (sample.time, value)).collect(),
            points: measured().map(|(sample, _)| sample.points.unwrap_or(1)).fold(0, u64::saturating_add),
            stated_window: measured().filter_map(|(sample, _)| sample.window_seconds).max(),
        }
    }

    /// Those of another container of the same kind, as if it were the same: the largest of all counts.
    pub(in crate::resources) fn append(&mut self, other: Self) {
        self.values.extend(other.values);
        self.values.sort_by_key(|(time, _)| *time);
        self.points = self.points.saturating_add(other.points);
        self.stated_window = self.stated_window.max(other.stated_window);
    }

    pub(in crate::resources) fn points(&self) -> u64 {
        self.points
    }

    pub(in crate::resources) fn peak(&self) -> Option<Bytes> {
        self.values.iter().map(|(_, value)| *value).max()
    }

    pub(in crate::resources) fn latest(&self) -> Option<Bytes> {
        self.values.last().map(|(_, value)| *value)
    }

    /// From the first to the last measurement, or what the source says it was taken over.
    pub(in crate::resources) fn window_seconds(&self) -> Option<u64> {
        let times = || self.values.iter().filter_map(|(time, _)| *time);
        let seen = times().max().zip(times().min()).map(|(last, first)| (last - first).num_seconds().unsigned_abs());
        seen.max(self.stated_window)
    }

    pub(in crate::resources) fn quality(&self, need: Need) -> Quality {
        match (self.values.len(), self.points, self.window_seconds()) {
            (0, ..) => Quality::None,
            (_, points, window) if points >= need.points && window.unwrap_or(0) >= need.seconds => Quality::Enough,
            (_, points, window) if points < 2 || window.unwrap_or(0) == 0 => Quality::Instant,
            _ => Quality::Short,
        }
    }

    /// What was in use at a time: the last measurement before it that is not too old.
    pub(in crate::resources) fn at(&self, time: DateTime<FixedOffset>) -> Option<(TimeDelta, Bytes)> {
        let age = |(at, value): &(Option<DateTime<FixedOffset>>, Bytes)| Some((time - (*at)?, *value));
        let fresh = |age: &TimeDelta| *age >= TimeDelta::zero() && age.num_seconds() <= LOOKBACK_SECONDS;
        self.values.iter().filter_map(age).filter(|(age, _)| fresh(age)).min_by_key(|(age, _)| *age)
    }

    /// The largest in the time before, if anything was measured then.
    pub(in crate::resources) fn peak_before(&self, time: DateTime<FixedOffset>, within: TimeDelta) -> Option<Bytes> {
        let then = |at: DateTime<FixedOffset>| at <= time && time - at <= within;
        self.values.iter().filter(|(at, _)| at.is_some_and(then)).map(|(_, value)| *value).max()
    }
}

/// How much is enough to lower a request by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Need {
    /// So many measurements.
    pub points: u64,
    /// Over so many seconds.
    pub seconds: u64,
}

impl Need {
    /// So many measurements over so many hours.
    pub const fn new(points: u64, hours: u64) -> Self {
        Self { points, seconds: hours.saturating_mul(3600) }
    }

    /// Over so many hours.
    pub const fn hours(self) -> u64 {
        self.seconds / 3600
    }
}

/// A hundred over a day.
impl Default for Need {
    fn default() -> Self {
        Self::new(100, 24)
    }
}
