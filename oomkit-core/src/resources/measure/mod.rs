//! What declared and used memory amount to: overcommit, waste, headroom. Pure functions of pods, nodes and usage.

mod evidence;
mod group;
mod headroom;
mod lain;
#[cfg(test)]
mod oracles;
mod overcommit;
mod profile;
mod recommend;
mod risk;
mod seed;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod traps;
mod waste;
mod words;

pub use group::{By, Names, Rank, Selection};
pub use headroom::{
    ClusterHeadroom, Gate, Headroom, HeadroomOptions, NodeHeadroom, NodeLoss, NodesLoss, ZoneLoss, headroom,
    headroom_with,
};
pub use lain::{LainBand, LainVerdict, lain_band, overcommit_lain, waste_lain};
pub use overcommit::{Overcommit, OvercommitRow, overcommit};
pub use profile::{Inputs, NO_USAGE, Profile};
pub use recommend::{
    Beside, Histogram, Krr, KrrSeverity, LainAdvice, Recommend, RecommendOptions, RecommendProfile, Recommendation,
    Vpa, krr_score, krr_severity, recommend,
};
pub use risk::{Candidate, Eviction, LimitHazard, NodeHazard, Risk, RiskOptions, RiskTotals, Trend, risk};
pub use seed::{overcommit_seed, waste_seed};
pub use waste::{Hurt, Idle, Statistic, Waste, WasteRow, waste};

use super::ClusterFacts;

/// The version of the JSON these measures are written in.
pub const SCHEMA_VERSION: u32 = 1;

/// Windows has no cgroups: what its containers use is not measured as it is here, and nothing is said of it.
fn windows(facts: &ClusterFacts) -> Option<String> {
    let count = facts.nodes().iter().filter(|node| node.windows).count();
    let nodes = if count == 1 { "node runs" } else { "nodes run" };
    (count > 0).then(|| {
        format!("{count} {nodes} Windows, which has no cgroups: out of scope of anything but what is declared")
    })
}

/// The largest rows first, then by name; at most `top`, none below `least`.
fn ranked<R>(
    mut rows: Vec<R>,
    measure: impl Fn(&R) -> u64,
    names: impl Fn(&R) -> &Names,
    select: &Selection,
) -> Vec<R> {
    rows.retain(|row| measure(row) >= select.least.get());
    rows.sort_by(|a, b| measure(b).cmp(&measure(a)).then_with(|| names(a).cmp(names(b))));
    rows.truncate(select.top.unwrap_or(usize::MAX));
    rows
}
