//! What is summed up for a row of waste.

use super::{Statistic, WasteRow};
use crate::resources::measure::group::Names;
use crate::resources::usage::{Basis, Need, Quality, Series};
use crate::units::Bytes;

/// Containers together.
#[derive(Default)]
pub(in crate::resources::measure) struct Sum {
    request: Bytes,
    pub(super) usage: Bytes,
    pub(super) waste: Bytes,
    deficit: Bytes,
    window: Option<u64>,
    pub(super) points: Option<u64>,
    pub(super) unmeasured: u64,
    byte_hours: Option<f64>,
    quality: Option<Quality>,
}

impl Sum {
    /// Of one container.
    pub(super) fn of(request: Bytes, series: &Series, statistic: Statistic) -> Self {
        let values: Vec<Bytes> = series.values.iter().map(|(_, value)| *value).collect();
        let Some(usage) = statistic.of(&values) else { return Self { unmeasured: 1, ..Self::default() } };
        let mut sum = Self {
            request,
            window: series.window_seconds(),
            points: Some(series.points()),
            byte_hours: byte_hours(request, series),
            quality: Some(series.quality(Need::default())),
            ..Self::default()
        };
        sum.measured_at(usage);
        sum
    }

    /// What was used, where it was measured.
    pub(in crate::resources::measure) fn used(&self) -> Option<Bytes> {
        self.points.map(|_| self.usage)
    }

    pub(in crate::resources::measure) fn measured_at(&mut self, usage: Bytes) {
        self.usage = usage;
        self.waste = Bytes(self.request.get().saturating_sub(usage.get()));
        self.deficit = Bytes(usage.get().saturating_sub(self.request.get()));
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.request = self.request.saturating_add(other.request);
        self.usage = self.usage.saturating_add(other.usage);
        self.waste = self.waste.saturating_add(other.waste);
        self.deficit = self.deficit.saturating_add(other.deficit);
        self.window = self.window.max(other.window);
        self.points = self.points.map_or(other.points, |points| Some(other.points.map_or(points, |p| p.min(points))));
        self.unmeasured += other.unmeasured;
        self.byte_hours = match (self.byte_hours, other.byte_hours) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        };
        self.quality =
            self.quality.map_or(other.quality, |quality| Some(other.quality.map_or(quality, |q| q.min(quality))));
    }

    pub(super) fn row(self, names: Names, basis: Basis) -> WasteRow {
        let ratio = (self.request.get() > 0).then(|| self.waste.get() as f64 / self.request.get() as f64);
        let net = i128::from(self.request.get()) - i128::from(self.usage.get());
        WasteRow {
            names,
            request_bytes: self.request,
            usage_bytes: self.usage,
            basis,
            window_seconds: self.window,
            points: self.points.unwrap_or(0),
            waste_bytes: self.waste,
            deficit_bytes: self.deficit,
            waste_ratio: ratio,
            unmeasured_containers: self.unmeasured,
            net_bytes: i64::try_from(net).unwrap_or(if net < 0 { i64::MIN } else { i64::MAX }),
            waste_byte_hours: self.byte_hours,
            quality: self.quality,
            ..WasteRow::default()
        }
    }
}

/// The integral of what is wasted: each measurement counts until the next.
fn byte_hours(request: Bytes, series: &Series) -> Option<f64> {
    let timed: Vec<_> = series.values.iter().filter_map(|(time, value)| Some(((*time)?, *value))).collect();
    (timed.len() > 1).then(|| {
        let steps = timed.windows(2).map(|pair| {
            let hours = (pair[1].0 - pair[0].0).num_milliseconds() as f64 / 3_600_000.0;
            request.get().saturating_sub(pair[0].1.get()) as f64 * hours
        });
        steps.sum()
    })
}
