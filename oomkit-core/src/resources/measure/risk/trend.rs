//! Whether use grows: the median of all slopes between two measurements (Theil-Sen), which a few outliers do not move.

use crate::resources::usage::Series;
use serde::{Deserialize, Serialize};

/// Measurements that are looked at, evenly chosen: each is compared with each other.
const POINTS: usize = 64;

/// How use grows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Trend {
    /// By so much each hour.
    pub bytes_per_hour: f64,
    /// Half of the measurements are nearer than this to the line.
    pub residual_bytes: f64,
}

impl Trend {
    /// [`None`] with fewer than three points in time.
    pub(super) fn of(series: &Series) -> Option<Self> {
        let timed: Vec<_> =
            series.values.iter().filter_map(|(time, value)| Some(((*time)?, value.get() as f64))).collect();
        let step = timed.len().div_ceil(POINTS).max(1);
        // counted from the end, so that the last is among them
        let mut chosen: Vec<_> = timed.iter().rev().step_by(step).collect();
        chosen.reverse();
        let start = chosen.first()?.0;
        let points: Vec<(f64, f64)> = chosen
            .iter()
            .map(|(time, value)| ((*time - start).num_milliseconds() as f64 / 3_600_000.0, *value))
            .collect();
        if points.len() < 3 {
            return None;
        }
        let pairs = points.iter().enumerate().flat_map(|(at, a)| points[at + 1..].iter().map(move |b| (a, b)));
        let slopes = pairs.filter(|(a, b)| b.0 > a.0).map(|(a, b)| (b.1 - a.1) / (b.0 - a.0));
        let slope = median(slopes.collect())?;
        let base = median(points.iter().map(|(x, y)| y - slope * x).collect())?;
        let residual = median(points.iter().map(|(x, y)| (y - slope * x - base).abs()).collect())?;
        Some(Self { bytes_per_hour: slope, residual_bytes: residual })
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        len if len % 2 == 1 => Some(values[middle]),
        _ => Some(f64::midpoint(values[middle - 1], values[middle])),
    }
}
