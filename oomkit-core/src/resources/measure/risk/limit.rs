//! The limit hazard: how near a container is to its own limit, and whether it is getting nearer.

use super::trend::Trend;
use crate::resources::kills::KillSummary;
use crate::resources::measure::evidence::Found;
use crate::resources::measure::group::{By, Names};
use crate::resources::measure::overcommit::within_pod;
use crate::resources::model::{Container, Pod};
use crate::resources::usage::{Basis, Need, Quality, Sample, Series};
use crate::units::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const DAY: f64 = 24.0 * 3600.0;

/// One row: a container, or the worst one of many.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct LimitHazard {
    /// Who it is about.
    #[serde(flatten)]
    pub names: Names,
    /// How many containers with a limit the row stands for.
    pub containers: u64,
    /// The worst of them, whose figures these are.
    pub worst: Names,
    /// What it requests.
    pub request_bytes: Bytes,
    /// Its limit, or its pod's.
    pub limit_bytes: Bytes,
    /// The most it used: sampled, or charged to it when it was killed; null where nothing is known.
    pub peak_bytes: Option<Bytes>,
    /// Whether a kill tells the peak, which sampling had missed.
    pub peak_from_kill: bool,
    /// Peak to limit.
    pub peak_ratio: Option<f64>,
    /// What is called usage.
    pub basis: Basis,
    /// From the first to the last measurement.
    pub window_seconds: Option<u64>,
    /// How many measurements.
    pub points: u64,
    /// What they are good for.
    pub quality: Quality,
    /// How use grows; null where it does not.
    pub trend: Option<Trend>,
    /// When the limit is met if that goes on.
    pub time_to_limit_seconds: Option<u64>,
    /// How often the limit was hit, each hour; the kernel could take memory back each time.
    pub limit_hits_per_hour: Option<f64>,
    /// Swap in use, which is no part of any other figure: with swap the limit is not where memory ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swap_bytes: Option<Bytes>,
    /// Whether its status shows that it was last ended by the OOM killer.
    pub last_oom_killed: bool,
    /// Kills of the row, where they were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kills: Option<KillSummary>,
    /// 0 to 100, for sorting only: the largest of peak to limit, a day to the time left where growth is beyond noise, and
    /// 100 where it was killed at this limit or a higher one.
    pub rank: u8,
}

/// [`None`] for a container that nothing but the node limits.
pub(super) fn of(
    pod: &Pod,
    container: &Container,
    samples: &[Sample],
    basis: Basis,
    found: &Found,
) -> Option<LimitHazard> {
    let container = within_pod(pod, container);
    let limit = container.limit.bytes().filter(|limit| limit.get() > 0)?;
    let names = Names::of(By::Container, pod, &container.name)?;
    let series = Series::of(samples, basis);
    let kills = found.of_row(&names);
    let at_kill = kills.as_ref().and_then(|kills| kills.usage_at_kill_bytes);
    let peak = series.peak().max(at_kill);
    let trend = Trend::of(&series).filter(|trend| trend.bytes_per_hour > 0.0);
    let left = series.latest().map(|latest| limit.get().saturating_sub(latest.get()));
    let seconds = trend.zip(left).map(|(trend, left)| left as f64 / trend.bytes_per_hour * 3600.0);
    let window = series.window_seconds();
    let beyond_noise = trend
        .zip(window)
        .is_some_and(|(trend, window)| trend.bytes_per_hour * window as f64 / 3600.0 > 2.0 * trend.residual_bytes);
    let status = container.status.as_ref();
    let last_oom_killed = status
        .is_some_and(|status| status.ended.as_ref().or(status.last_ended.as_ref()).is_some_and(|end| end.is_oom()));
    // raised since: the old limit is no hazard of today's
    let killed_here = kills.as_ref().and_then(|kills| kills.limit_at_kill_bytes).is_some_and(|at| {
        let page = |bytes: Bytes| bytes.get() / 4096;
        page(at) >= page(limit)
    });
    let peak_ratio = peak.map(|peak| peak.get() as f64 / limit.get() as f64);
    let parts = [
        peak_ratio,
        seconds.filter(|_| beyond_noise).map(|seconds| DAY / seconds.max(1.0)),
        killed_here.then_some(1.0),
    ];
    let rank = parts.into_iter().flatten().map(|part| (100.0 * part.min(1.0)).round() as u8).max().unwrap_or(0);
    Some(LimitHazard {
        worst: names.clone(),
        names,
        containers: 1,
        request_bytes: container.request.unwrap_or_default(),
        limit_bytes: limit,
        peak_bytes: peak,
        peak_from_kill: at_kill.is_some() && at_kill > series.peak(),
        peak_ratio,
        basis,
        window_seconds: window,
        points: series.points(),
        quality: series.quality(Need::default()),
        trend,
        time_to_limit_seconds: seconds.filter(|seconds| seconds.is_finite()).map(|seconds| seconds as u64),
        limit_hits_per_hour: hits(samples),
        swap_bytes: samples.iter().filter_map(|sample| sample.swap).max().filter(|swap| swap.get() > 0),
        last_oom_killed,
        kills,
        rank,
    })
}

/// Of a counter that starts again with its container.
fn hits(samples: &[Sample]) -> Option<f64> {
    let counts: Vec<_> = samples.iter().filter_map(|sample| Some((sample.time?, sample.limit_hits?))).collect();
    let hours = (counts.last()?.0 - counts.first()?.0).num_milliseconds() as f64 / 3_600_000.0;
    let more = counts.windows(2).map(|pair| match pair[1].1.checked_sub(pair[0].1) {
        Some(more) => more,
        None => pair[1].1,
    });
    (hours > 0.0).then(|| more.fold(0, u64::saturating_add) as f64 / hours)
}

/// Hazards by row.
pub(super) struct Hazards {
    by: By,
    rows: BTreeMap<Names, LimitHazard>,
}

impl Hazards {
    pub(super) fn new(by: By) -> Self {
        Self { by, rows: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, pod: &Pod, hazard: LimitHazard) {
        let container = hazard.names.container.clone().unwrap_or_default();
        let Some(names) = Names::of(self.by, pod, &container) else { return };
        match self.rows.get_mut(&names) {
            Some(known) => {
                let containers = known.containers + 1;
                if (hazard.rank, &known.worst) > (known.rank, &hazard.worst) {
                    *known = LimitHazard { names, ..hazard };
                }
                known.containers = containers;
            }
            None => {
                self.rows.insert(names.clone(), LimitHazard { names, ..hazard });
            }
        }
    }

    pub(super) fn rows(self) -> Vec<LimitHazard> {
        self.rows.into_values().collect()
    }
}
