//! Our own rule: `request = ceil_Mi(max(1.15 · peak, 1.2 · limit at a kill, floor))`, and a limit by profile.

use super::{RecommendOptions, RecommendProfile};
use crate::resources::kills::KillSummary;
use crate::resources::model::Limit;
use crate::resources::usage::{Need, Quality};
use crate::units::Bytes;

const MI: u64 = 1 << 20;

/// What is known of a container.
pub(super) struct Evidence<'a> {
    pub(super) sampled_peak: Option<Bytes>,
    pub(super) points: u64,
    pub(super) window_seconds: Option<u64>,
    pub(super) quality: Quality,
    pub(super) kills: Option<&'a KillSummary>,
    pub(super) at_node_kill: Option<&'a (Bytes, String)>,
    pub(super) request: Bytes,
    pub(super) limit: Limit,
}

impl Evidence<'_> {
    /// Sampled, or charged when it was killed: a sample every minute misses what takes a second.
    pub(super) fn peak(&self) -> Option<Bytes> {
        self.sampled_peak.max(self.kills.and_then(|kills| kills.usage_at_kill_bytes))
    }
}

/// What to do, and why.
#[derive(Debug, Default)]
pub(super) struct Advice {
    pub(super) request: Option<Bytes>,
    pub(super) limit: Option<Bytes>,
    pub(super) held_back: bool,
    pub(super) reasons: Vec<String>,
    pub(super) forbids: Vec<String>,
}

/// Rounded up to whole Mi, without a float in between.
pub(super) fn scaled_to_mi(bytes: Bytes, times: u64, of: u64) -> Bytes {
    let scaled = (u128::from(bytes.get()) * u128::from(times)).div_ceil(u128::from(of));
    let mi = scaled.div_ceil(u128::from(MI)) * u128::from(MI);
    Bytes(u64::try_from(mi).unwrap_or(u64::MAX))
}

pub(super) fn decide(known: &Evidence<'_>, options: RecommendOptions) -> Advice {
    let mut advice = Advice::default();
    let at_limit = known.kills.and_then(|kills| kills.limit_at_kill_bytes.map(|limit| (kills, limit)));
    let peak = known.peak();
    if peak.is_none() && at_limit.is_none() {
        advice.forbids.push("nothing was measured and no kill is known: nothing is recommended".to_owned());
        return advice;
    }
    let by_peak = peak.map(|peak| scaled_to_mi(peak, 115, 100));
    let by_kill = at_limit.map(|(_, limit)| scaled_to_mi(limit, 12, 10));
    let floor = scaled_to_mi(options.floor, 1, 1);
    let base = by_peak.max(by_kill).unwrap_or_default().max(floor);
    advice.say(known, by_peak, by_kill, base);
    let limit = match (options.profile, peak) {
        (RecommendProfile::Burst, Some(peak)) => {
            let cap = Bytes((base.get() as f64 * options.ratio_cap.max(1.0)) as u64 / MI * MI);
            scaled_to_mi(peak, 13, 10).max(base).min(cap.max(base))
        }
        _ => base,
    };
    // a node that ran out is no reason for another limit: only whoever was above their request should request it
    let request = match known.at_node_kill {
        Some((used, node)) => {
            let covering = scaled_to_mi(*used, 1, 1);
            if covering > base {
                advice.reasons.push(format!("it used {used} when node {node} ran out, which its request has to cover"));
            }
            base.max(covering)
        }
        None => base,
    };
    advice.hold_back(known, request, limit.max(request), options.need);
    advice
}

impl Advice {
    fn say(&mut self, known: &Evidence<'_>, by_peak: Option<Bytes>, by_kill: Option<Bytes>, base: Bytes) {
        if let (Some(peak), Some(_)) = (known.peak(), by_peak) {
            let from_kill = known.sampled_peak < Some(peak);
            let source = if from_kill { "charged when it was killed" } else { "sampled" };
            self.reasons.push(format!("peak {peak} ({source}), and 15% on top"));
        }
        if let Some(kills) = known.kills.filter(|_| by_kill.is_some()) {
            let limit = kills.limit_at_kill_bytes.unwrap_or_default();
            let times = match kills.container_limit {
                1 => "once".to_owned(),
                n => format!("{n} times"),
            };
            self.reasons.push(format!("killed {times} at its limit, at most {limit}, and 20% on top"));
            if let Some(missed) = kills.missed_bytes.filter(|missed| missed.get() > 0) {
                self.reasons.push(format!("sampling had missed {missed} in the hour before a kill"));
            }
        }
        if Some(base) > by_peak.max(by_kill) {
            self.reasons.push(format!("never less than {base}"));
        }
        if let Some(kills) = known.kills.filter(|kills| kills.pod_limit > 0) {
            let n = kills.pod_limit;
            let times = if n == 1 { "once".to_owned() } else { format!("{n} times") };
            self.reasons.push(format!(
                "killed {times} at the limit of its pod: all its containers, and its volumes in memory, count there"
            ));
        }
    }

    /// Too few measurements raise, and never lower.
    fn hold_back(&mut self, known: &Evidence<'_>, request: Bytes, limit: Bytes, need: Need) {
        let enough = known.quality == Quality::Enough;
        let held = !enough && request < known.request;
        let kept = if held { known.request } else { request };
        let of_limit = match known.limit.bytes() {
            Some(declared) if !enough && limit < declared => declared,
            _ => limit,
        };
        if !enough {
            let Need { points, seconds } = need;
            let had = match known.window_seconds {
                Some(window) if window > 0 => format!("{} measurements over {}", known.points, hours(window)),
                _ if known.points == 0 => "no measurement".to_owned(),
                _ if known.points == 1 => "one measurement, which is no peak".to_owned(),
                _ => format!("{} measurements without their times", known.points),
            };
            self.forbids.push(format!("nothing is lowered: {had}; {points} over {} are asked for", hours(seconds)));
        }
        self.held_back = held || of_limit > limit;
        self.request = Some(kept);
        self.limit = Some(of_limit.max(kept));
    }
}

fn hours(seconds: u64) -> String {
    match seconds {
        0..7200 => format!("{} minutes", seconds / 60),
        7200..172_800 => format!("{} hours", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}
