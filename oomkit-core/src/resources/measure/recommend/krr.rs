//! Robusta KRR's answer: strategy `simple_limit`, with OOM kills as its status metrics show them.

use super::rule::scaled_to_mi;
use super::template::Template;
use crate::resources::usage::Series;
use crate::units::Bytes;
use serde::{Deserialize, Serialize};

/// KRR answers with fewer measurements: "not enough data".
const POINTS: u64 = 100;
const FLOOR: Bytes = Bytes(100 << 20);

/// KRR's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Krr {
    /// 1.15 times the peak, or 1.25 times today's limit where the status shows an OOM kill; at least 100Mi. Null with fewer
    /// than 100 measurements.
    pub request_bytes: Option<Bytes>,
    /// The same.
    pub limit_bytes: Option<Bytes>,
    /// How far what is declared is from it; null without an answer.
    pub severity: Option<KrrSeverity>,
}

/// How far a declared figure is from the recommended one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum KrrSeverity {
    /// By less than 100 MiB.
    Good,
    /// By less than 250 MiB.
    Ok,
    /// By less than 500 MiB, or one of them is missing.
    Warning,
    /// By more.
    Critical,
}

/// KRR's severity of one figure.
pub fn krr_severity(current: Option<Bytes>, recommended: Option<Bytes>) -> KrrSeverity {
    match (current, recommended) {
        (None, None) => KrrSeverity::Good,
        (None, _) | (_, None) => KrrSeverity::Warning,
        (Some(current), Some(recommended)) => match current.get().abs_diff(recommended.get()) {
            difference if difference >= 500 << 20 => KrrSeverity::Critical,
            difference if difference >= 250 << 20 => KrrSeverity::Warning,
            difference if difference >= 100 << 20 => KrrSeverity::Ok,
            _ => KrrSeverity::Good,
        },
    }
}

/// KRR's score of many: 100 · (1 − (0.7 · warnings + criticals) ∕ all), without its fraction. [`None`] of nothing.
pub fn krr_score(severities: &[KrrSeverity]) -> Option<u8> {
    let count = |which| severities.iter().filter(|severity| **severity == which).count() as u64;
    let all = severities.len() as u64;
    // in tenths, so that no float rounds
    let cost = 7 * count(KrrSeverity::Warning) + 10 * count(KrrSeverity::Critical);
    (all > 0).then(|| ((10 * all - cost) * 10 / all) as u8)
}

pub(super) fn krr(template: &Template<'_>, together: &Series) -> Krr {
    let none = Krr { request_bytes: None, limit_bytes: None, severity: None };
    let Some(peak) = together.peak().filter(|_| together.points() >= POINTS) else { return none };
    let by_kill = template.limit.bytes().filter(|_| template.status_oom).map(|limit| scaled_to_mi(limit, 125, 100));
    let value = Some(scaled_to_mi(peak, 115, 100)).max(by_kill).max(Some(FLOOR));
    let severity = krr_severity(template.request, value).max(krr_severity(template.limit.bytes(), value));
    Krr { request_bytes: value, limit_bytes: value, severity: Some(severity) }
}
