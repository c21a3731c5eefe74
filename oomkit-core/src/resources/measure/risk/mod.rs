//! Risk: what may run out of memory next. Hazards stand apart, each with its components; a rank only sorts them.

mod limit;
mod node;
mod order;
#[cfg(test)]
mod tests;
mod trend;

pub use limit::LimitHazard;
pub use node::NodeHazard;
pub use order::{Candidate, Eviction};
pub use trend::Trend;

use super::evidence::Found;
use super::group::{By, Selection};
use super::overcommit::{counted, pods};
use super::{SCHEMA_VERSION, ranked};
use crate::resources::ClusterFacts;
use crate::resources::kills::{KillSummary, Kills, NodeKill};
use crate::resources::model::View;
use crate::resources::usage::{Basis, Usage};
use crate::units::Bytes;
use serde::{Deserialize, Serialize};

/// The measure and its hazards, in the JSON that `oomkit risk --format json` prints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Risk {
    /// Version of the JSON: 1.
    pub schema_version: u32,
    /// `risk`.
    pub measure: String,
    /// What a row stands for.
    pub by: By,
    /// How it was reckoned: `default`.
    pub profile: String,
    /// How near containers are to their own limits, the nearest first.
    pub rows: Vec<LimitHazard>,
    /// How near nodes are to running out, and who would go, the nearest first.
    pub nodes: Vec<NodeHazard>,
    /// Everything together, not only the rows.
    pub totals: RiskTotals,
    /// Kills for want of a node's memory, where kills were given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub node_kills: Vec<NodeKill>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// Everything together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct RiskTotals {
    /// Running containers.
    pub containers: u64,
    /// Those without a limit: their only hazard is the node's.
    pub unbounded_containers: u64,
    /// Those that were not measured.
    pub unmeasured_containers: u64,
    /// Volumes in memory without a size limit: what is written to them is charged to containers.
    pub unlimited_memory_volumes: u64,
    /// Kills, where they were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kills: Option<KillSummary>,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct RiskOptions {
    /// What is called usage; without it anonymous and shared memory where it is known, else the working set.
    pub basis: Option<Basis>,
    /// What the kubelet keeps free by evicting: `evictionHard`, 100Mi unless it is set.
    pub eviction_hard: Bytes,
}

impl Default for RiskOptions {
    fn default() -> Self {
        Self { basis: None, eviction_hard: Bytes(100 << 20) }
    }
}

impl RiskOptions {
    /// Of one container: what is nearest to what the kernel cannot give back.
    fn basis_of(&self, samples: &[crate::resources::Sample]) -> Basis {
        let known = |basis: Basis| samples.iter().any(|sample| sample.on(basis).is_some());
        let order = [Basis::AnonShmem, Basis::WorkingSet, Basis::Rss, Basis::Usage];
        self.basis.or_else(|| order.into_iter().find(|basis| known(*basis))).unwrap_or_default()
    }
}

/// The hazards of a cluster's running containers and of its nodes.
pub fn risk(facts: &ClusterFacts, usage: &Usage, kills: &Kills, options: RiskOptions, select: &Selection) -> Risk {
    let of_containers = Found::of(kills, facts, usage, options.basis.unwrap_or_default(), By::Container);
    let found = Found::of(kills, facts, usage, options.basis.unwrap_or_default(), select.by);
    let mut totals = RiskTotals { kills: found.total(), ..RiskTotals::default() };
    let mut over = 0_u64;
    let mut hazards = limit::Hazards::new(select.by);
    for pod in facts.pods() {
        over += u64::from(pod.phase.is_over());
        if !select.takes(pod) {
            continue;
        }
        let unlimited = pod.memory_volumes.iter().filter(|volume| volume.size_limit.is_none()).count();
        totals.unlimited_memory_volumes += unlimited as u64;
        for container in counted(pod, View::Steady) {
            let samples = usage.container(&pod.namespace, &pod.name, &container.name);
            totals.containers += 1;
            totals.unmeasured_containers += u64::from(samples.is_empty());
            let hazard = limit::of(pod, container, &samples, options.basis_of(&samples), &of_containers);
            match hazard {
                Some(hazard) => hazards.add(pod, hazard),
                None => totals.unbounded_containers += 1,
            }
        }
    }
    let mut rows = ranked(hazards.rows(), |row| u64::from(row.rank), |row| &row.names, &unlimited(select));
    rows.retain(|row| row.peak_bytes.unwrap_or_default() >= select.least);
    rows.truncate(select.top.unwrap_or(usize::MAX));
    for row in &mut rows {
        row.kills = found.of_row(&row.names);
    }
    let nodes = node::hazards(facts, usage, options, &found, select.top);
    let mut notes = Vec::new();
    if over > 0 {
        notes.push(format!("{} left out: phase Succeeded or Failed", pods(over)));
    }
    if totals.unbounded_containers > 0 {
        let n = totals.unbounded_containers;
        let have = if n == 1 { "container has" } else { "containers have" };
        notes.push(format!("{n} {have} no limit to run into: only the node's memory ends their growth"));
    }
    if totals.unmeasured_containers > 0 {
        let n = totals.unmeasured_containers;
        let were = if n == 1 { "container was" } else { "containers were" };
        notes.push(format!("{n} running {were} not measured"));
    }
    if totals.unlimited_memory_volumes > 0 {
        let n = totals.unlimited_memory_volumes;
        let have = if n == 1 { "volume in memory has" } else { "volumes in memory have" };
        notes.push(format!("{n} {have} no size limit: files in it are charged to its containers until one is killed"));
    }
    notes.extend(super::windows(facts));
    notes.extend(found.notes);
    Risk {
        schema_version: SCHEMA_VERSION,
        measure: "risk".to_owned(),
        by: select.by,
        profile: "default".to_owned(),
        rows,
        nodes,
        totals,
        node_kills: found.node_kills,
        notes,
    }
}

/// Ranked by hazard: a threshold in bytes and the number of rows are applied afterwards.
fn unlimited(select: &Selection) -> Selection {
    Selection { top: None, least: Bytes(0), ..select.clone() }
}
