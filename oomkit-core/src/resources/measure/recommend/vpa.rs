//! The Vertical Pod Autoscaler's answer: a decaying histogram of daily peaks, with what it makes of an OOM kill.

use super::histogram::Histogram;
use super::template::Template;
use crate::resources::kills::{Kill, KillLevel};
use crate::resources::usage::Series;
use crate::units::Bytes;
use serde::{Deserialize, Serialize};

const DAY: f64 = 24.0 * 3600.0;
/// It looks back so many days.
const DAYS: f64 = 8.0;
/// What a pod gets at least, shared by its containers.
const POD_MINIMUM: u64 = 250 << 20;
const MARGIN: f64 = 1.15;
const OOM_BUMP: u64 = 100 << 20;

/// VPA's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Vpa {
    /// Target: p90 of the peaks and 15%, at least the container's share of 250Mi.
    pub request_bytes: Bytes,
    /// Lower bound, from p50.
    pub lower_bytes: Bytes,
    /// Upper bound, from p95; null where there is no time to judge by.
    pub upper_bytes: Option<Bytes>,
    /// Today's limit, in the proportion of the new request to the old one; null without both.
    pub limit_bytes: Option<Bytes>,
}

/// The peaks of any number of containers of one kind.
pub(super) struct Peaks {
    histogram: Histogram,
    first: Option<f64>,
    last: Option<f64>,
    samples: u64,
}

impl Peaks {
    pub(super) fn new() -> Self {
        Self { histogram: Histogram::new(1e7, 1.05, 1e12, DAY), first: None, last: None, samples: 0 }
    }

    fn count(&mut self, seconds: f64) {
        self.samples += 1;
        self.first = Some(self.first.map_or(seconds, |first| first.min(seconds)));
        self.last = Some(self.last.map_or(seconds, |last| last.max(seconds)));
    }

    /// p of the peaks with the safety margin, cut to whole bytes after each step as VPA does.
    pub(super) fn with_margin(&self, share: f64) -> f64 {
        (self.histogram.percentile(share).trunc() * MARGIN).trunc()
    }

    /// Days of history, or of one sample a minute, whichever is less.
    fn confidence(&self) -> f64 {
        let days = self.last.zip(self.first).map_or(0.0, |(last, first)| (last - first) / DAY);
        days.min(self.samples as f64 / (24.0 * 60.0))
    }
}

/// One container on its way through time: one peak for each day.
#[derive(Default)]
pub(super) struct ContainerState {
    window_end: Option<f64>,
    memory_peak: u64,
    oom_peak: u64,
    last: f64,
}

impl ContainerState {
    pub(super) fn sample(&mut self, seconds: f64, used: u64, peaks: &mut Peaks) -> bool {
        self.take(seconds, used, false, peaks)
    }

    /// An OOM kill: it needed the request or its peak, whichever is more, and 100 MiB or 20% on top.
    pub(super) fn oom(&mut self, seconds: f64, request: u64, peaks: &mut Peaks) -> bool {
        if self.window_end.is_some_and(|end| seconds < end - DAY) {
            return false;
        }
        let used = request.max(self.memory_peak);
        let needed = used.saturating_add(OOM_BUMP).max((used as f64 * 1.2) as u64);
        self.take(seconds, needed, true, peaks)
    }

    fn take(&mut self, seconds: f64, used: u64, oom: bool, peaks: &mut Peaks) -> bool {
        if !oom && self.window_end.is_some() && seconds < self.last {
            return false;
        }
        self.last = seconds;
        peaks.count(seconds);
        let end = *self.window_end.get_or_insert(seconds);
        if seconds < end {
            let known = self.memory_peak.max(self.oom_peak);
            if known == 0 || used <= known {
                return true;
            }
            peaks.histogram.subtract(known as f64, 1.0, end);
        } else {
            let shift = ((seconds - end) / DAY).trunc() * DAY + DAY;
            self.window_end = Some(end + shift);
            (self.memory_peak, self.oom_peak) = (0, 0);
        }
        peaks.histogram.add(used as f64, 1.0, self.window_end.unwrap_or(end));
        if oom {
            self.oom_peak = used;
        } else {
            self.memory_peak = used;
        }
        true
    }

    /// The peak of the day it is in.
    #[cfg(test)]
    pub(super) fn peak(&self) -> u64 {
        self.memory_peak.max(self.oom_peak)
    }
}

/// [`None`] without measurements that have times.
pub(super) fn vpa(template: &Template<'_>) -> Option<Vpa> {
    let request = template.request.unwrap_or_default().get();
    let newest = template.series.iter().flat_map(|series| &series.values).filter_map(|(time, _)| *time).max()?;
    let since = newest.timestamp_millis() as f64 / 1000.0 - DAYS * DAY;
    let mut peaks = Peaks::new();
    // kills are told by container status, which a silent one leaves as it was
    let seen = |kill: &&&Kill| kill.level == KillLevel::Container && !kill.silent;
    let mut kills: Vec<f64> = template
        .kills
        .iter()
        .filter(seen)
        .filter_map(|kill| Some(kill.time?.timestamp_millis() as f64 / 1000.0))
        .collect();
    kills.sort_by(f64::total_cmp);
    for (number, series) in template.series.iter().enumerate() {
        // of which pod a kill was makes no difference to the histogram
        let kills: &[f64] = if number == 0 { &kills } else { &[] };
        replay(series, kills, since, request, &mut peaks);
    }
    let least = (POD_MINIMUM / template.containers_of_pod.max(1) as u64) as f64;
    let confidence = peaks.confidence();
    let lower = (peaks.with_margin(0.5) * (1.0 + 0.001 / confidence).powi(-2)).trunc();
    let upper = (peaks.with_margin(0.95) * (1.0 + 1.0 / confidence)).trunc();
    let bytes = |value: f64| Bytes(value.max(least) as u64);
    let target = bytes(peaks.with_margin(0.9));
    let limit = template.limit.bytes().filter(|_| request > 0);
    let kept = |limit: Bytes| Bytes((limit.get() as f64 * (target.get() as f64 / request as f64)) as u64);
    Some(Vpa {
        request_bytes: target,
        lower_bytes: bytes(if lower.is_finite() { lower } else { 0.0 }),
        upper_bytes: upper.is_finite().then(|| bytes(upper)),
        limit_bytes: limit.map(kept),
    })
}

fn replay(series: &Series, kills: &[f64], since: f64, request: u64, peaks: &mut Peaks) {
    let mut state = ContainerState::default();
    let mut kills = kills.iter().copied().filter(|at| *at >= since).peekable();
    for (time, used) in &series.values {
        let Some(seconds) = time.map(|time| time.timestamp_millis() as f64 / 1000.0) else { continue };
        while let Some(kill) = kills.next_if(|kill| *kill <= seconds) {
            state.oom(kill, request, peaks);
        }
        if seconds >= since {
            state.sample(seconds, used.get(), peaks);
        }
    }
    kills.for_each(|kill| {
        state.oom(kill, request, peaks);
    });
}
