//! Profile `lain`: the bands that `lain lint` holds requests and limits to, as far as memory is concerned.
//!
//! T is a high quantile (p95) of what was used, at least 4Mi. A request should lie within 13% of T, unless both are below
//! 256Mi; a limit within 13% of 2.5 T, unless it is less than 1Gi away from it.

use super::group::{By, Names, Selection};
use super::overcommit::{self, Overcommit, counted, within_pod};
use super::waste::{Statistic, Waste, gathered};
use super::{SCHEMA_VERSION, ranked};
use crate::resources::ClusterFacts;
use crate::resources::model::{Declared, Limit, View};
use crate::resources::usage::{Basis, Series, Usage};
use crate::units::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const MI: u64 = 1 << 20;
/// What is used less counts as this.
const FLOOR: u64 = 4 * MI;
/// A request and a use below this are both left alone.
const AMNESTY: u64 = 256 * MI;
/// A limit that is nearer than this to its target is left alone.
const DEAD_ZONE: u64 = 1 << 30;
const BAND: f64 = 1.13;
const LIMIT_FACTOR: f64 = 2.5;

/// Where a container stands, and where it should.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct LainBand {
    /// T: what it used, the quantile of it, at least 4Mi.
    pub top_bytes: Bytes,
    /// How the request stands.
    pub request: LainVerdict,
    /// The smallest request inside the band.
    pub request_low_bytes: Bytes,
    /// The largest.
    pub request_high_bytes: Bytes,
    /// T, rounded up to Mi.
    pub suggested_request_bytes: Bytes,
    /// How the limit stands.
    pub limit: LainVerdict,
    /// 2.5 T.
    pub limit_target_bytes: Bytes,
}

/// How a figure stands to its band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LainVerdict {
    /// Inside.
    Within,
    /// Outside, and left alone: both small, or not far from the target.
    Excused,
    /// Below.
    TooLow,
    /// Above.
    TooHigh,
    /// There is none.
    Missing,
}

impl LainVerdict {
    /// Whether `lain lint` would complain.
    pub const fn is_wrong(self) -> bool {
        matches!(self, Self::TooLow | Self::TooHigh | Self::Missing)
    }

    fn of(value: Bytes, target: f64) -> Self {
        match value.get() as f64 {
            value if value > BAND * target => Self::TooHigh,
            value if value < target / BAND => Self::TooLow,
            _ => Self::Within,
        }
    }
}

/// Where a container stands that used `top` and declares a request and a limit.
pub fn lain_band(top: Bytes, request: Option<Bytes>, limit: Limit) -> LainBand {
    let top = Bytes(top.get().max(FLOOR));
    let of_request = match request {
        None => LainVerdict::Missing,
        Some(request) if top.get() < AMNESTY && request.get() < AMNESTY => LainVerdict::Excused,
        Some(request) => LainVerdict::of(request, top.get() as f64),
    };
    let target = top.get() as f64 * LIMIT_FACTOR;
    let of_limit = match limit.bytes() {
        None => LainVerdict::Missing,
        Some(limit) if LainVerdict::of(limit, target) == LainVerdict::Within => LainVerdict::Within,
        Some(limit) if (limit.get() as f64 - target).abs() < DEAD_ZONE as f64 => LainVerdict::Excused,
        Some(limit) => LainVerdict::of(limit, target),
    };
    LainBand {
        top_bytes: top,
        request: of_request,
        request_low_bytes: Bytes((top.get() as f64 / BAND).ceil() as u64),
        request_high_bytes: Bytes((top.get() as f64 * BAND).floor() as u64),
        suggested_request_bytes: Bytes(top.get().div_ceil(MI).saturating_mul(MI)),
        limit: of_limit,
        limit_target_bytes: Bytes(target as u64),
    }
}

/// Requests outside their band: what is above T is waste, what is below is deficit; the others count nothing.
pub fn waste_lain(
    facts: &ClusterFacts,
    usage: &Usage,
    basis: Basis,
    statistic: Statistic,
    select: &Selection,
) -> Waste {
    let mut bands = BTreeMap::new();
    let mut measure = gathered(facts, usage, basis, statistic, select, &mut |pod, container, sum| {
        let Some(used) = sum.used() else { return true };
        let band = lain_band(used, container.request, container.limit);
        let wrong = band.request.is_wrong();
        sum.measured_at(band.top_bytes);
        if let Some(names) = Names::of(By::Container, pod, &container.name) {
            bands.insert(names, band);
        }
        wrong
    });
    measure.profile = "lain".to_owned();
    if select.by == By::Container {
        for row in &mut measure.rows {
            row.lain = bands.get(&row.names).cloned();
        }
    }
    measure.notes.insert(0, caveat(statistic, "requests"));
    measure
}

/// Limits outside their band. Overcommit is limit less request, as ever; limits that are too low are among the rows.
pub fn overcommit_lain(
    facts: &ClusterFacts,
    usage: &Usage,
    basis: Basis,
    statistic: Statistic,
    select: &Selection,
) -> Overcommit {
    let mut sums: BTreeMap<Names, overcommit::Sum> = BTreeMap::new();
    let mut bands = BTreeMap::new();
    let mut totals = overcommit::Sum::default();
    let mut unmeasured = 0_u64;
    for pod in facts.pods().iter().filter(|pod| select.takes(pod)) {
        let capacity = pod.node.as_deref().and_then(|name| facts.node(name)).and_then(|node| node.capacity);
        for container in counted(pod, View::Steady) {
            let series = Series::of(&usage.container(&pod.namespace, &pod.name, &container.name), basis);
            let Some(top) = statistic.of(&series.values.iter().map(|(_, value)| *value).collect::<Vec<_>>()) else {
                unmeasured += 1;
                continue;
            };
            let container = within_pod(pod, container);
            let band = lain_band(top, container.request, container.limit);
            if !band.limit.is_wrong() {
                continue;
            }
            let declared = Declared::of_container(&container);
            totals.add(declared, capacity, container.hugepages);
            if let Some(names) = Names::of(select.by, pod, &container.name) {
                sums.entry(names).or_default().add(declared, capacity, container.hugepages);
            }
            if let Some(names) = Names::of(By::Container, pod, &container.name) {
                bands.insert(names, band);
            }
        }
    }
    let rows = sums.into_iter().map(|(names, sum)| sum.row(names, select.by, facts)).collect();
    let mut rows = ranked(rows, |row| row.overcommit_bytes.get(), |row| &row.names, select);
    if select.by == By::Container {
        for row in &mut rows {
            row.lain = bands.get(&row.names).cloned();
        }
    }
    let mut notes = vec![caveat(statistic, "limits")];
    if unmeasured > 0 {
        notes.push(format!("{unmeasured} running containers were not measured: no band is known of them"));
    }
    Overcommit {
        schema_version: SCHEMA_VERSION,
        measure: "overcommit".to_owned(),
        by: select.by,
        profile: "lain".to_owned(),
        rows,
        totals: totals.row(Names::default(), By::Pod, facts),
        node_kills: Vec::new(),
        notes,
    }
}

fn caveat(statistic: Statistic, what: &str) -> String {
    let statistic = match statistic {
        Statistic::Peak => "peak".to_owned(),
        Statistic::Latest => "latest measurement".to_owned(),
        Statistic::Quantile(share) => format!("p{}", share * 100.0),
    };
    format!(
        "profile lain: only containers whose {what} lie outside the band around their {statistic}; --by container shows it"
    )
}
