//! Waste: what is requested and never used. Deficits of other containers are never set against it.

mod sum;

pub(super) use sum::Sum;

use super::group::{By, Names, Rank, Selection};
use super::lain::LainBand;
use super::overcommit::{counted, pods};
use super::{SCHEMA_VERSION, ranked};
use crate::resources::ClusterFacts;
use crate::resources::kills::{KillSummary, Kills, NodeKill};
use crate::resources::model::{Container, Pod, View};
use crate::resources::usage::{Basis, Quality, Series, Usage};
use crate::units::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The measure and its rows, in the JSON that `oomkit waste --format json` prints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Waste {
    /// Version of the JSON: 1.
    pub schema_version: u32,
    /// `waste`.
    pub measure: String,
    /// What a row stands for.
    pub by: By,
    /// How it was reckoned: `default`.
    pub profile: String,
    /// The largest first.
    pub rows: Vec<WasteRow>,
    /// Everything together, not only the rows.
    pub totals: WasteRow,
    /// Where the memory of the nodes goes that is not used; absent where a node's is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle: Option<Idle>,
    /// Kills for want of a node's memory, where kills were given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub node_kills: Vec<NodeKill>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// Memory of the nodes that is not used, in two parts. Allocated is the larger of request and use, each container by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Idle {
    /// All memory of the nodes.
    pub capacity_bytes: Bytes,
    /// Of it, allocated to no container.
    pub unallocated_bytes: Bytes,
    /// Of it, allocated to containers and not used by them.
    pub allocated_unused_bytes: Bytes,
    /// Of it, not used by any container.
    pub unused_bytes: Bytes,
}

/// Somebody was killed for want of memory on a node where this was wasted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Hurt {
    /// How often.
    pub kills: u64,
    /// How much was wasted then, all times together.
    pub wasted_bytes: Bytes,
}

/// One row. Containers that were not measured are in none of its sums.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct WasteRow {
    /// Who it is about.
    #[serde(flatten)]
    pub names: Names,
    /// What the containers measured request.
    pub request_bytes: Bytes,
    /// What they used: the statistic of each, together.
    pub usage_bytes: Bytes,
    /// What is called usage.
    pub basis: Basis,
    /// From the first to the last measurement; null where the sources do not tell their time.
    pub window_seconds: Option<u64>,
    /// Fewest measurements of any container.
    pub points: u64,
    /// What is requested beyond what is used, each container by itself.
    pub waste_bytes: Bytes,
    /// What is used beyond what is requested, each container by itself.
    pub deficit_bytes: Bytes,
    /// Share of the requests that is wasted; null where nothing is requested.
    pub waste_ratio: Option<f64>,
    /// How many containers were not measured.
    pub unmeasured_containers: u64,
    /// Requests less use, of all together: one container's deficit is set against another's waste. Often called efficiency.
    pub net_bytes: i64,
    /// Waste times how long it lasted; each measurement counts until the next. Absent without two points in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waste_byte_hours: Option<f64>,
    /// What the measurements are good for, at the worst container.
    pub quality: Option<Quality>,
    /// Of a container, in the profile `lain`: the band it should be in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lain: Option<LainBand>,
    /// Kills, where they were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kills: Option<KillSummary>,
    /// Kills of others that this waste had a part in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hurt: Option<Hurt>,
}

/// Which of a container's measurements counts.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub enum Statistic {
    /// The largest.
    #[default]
    Peak,
    /// The last.
    Latest,
    /// The smallest that at least this share of them does not exceed, 0 to 1.
    Quantile(f64),
}

impl Statistic {
    /// What `lain lint` goes by: p95.
    pub const LAIN: Self = Self::Quantile(0.95);

    pub(super) fn of(self, values: &[Bytes]) -> Option<Bytes> {
        match self {
            Self::Peak => values.iter().max().copied(),
            Self::Latest => values.last().copied(),
            Self::Quantile(share) => {
                let mut sorted = values.to_vec();
                sorted.sort_unstable();
                let rank = (share.clamp(0.0, 1.0) * sorted.len() as f64).ceil() as usize;
                sorted.get(rank.saturating_sub(1)).copied()
            }
        }
    }
}

/// Waste of the running containers of a cluster. Pods that are over, and one-shot init containers, are left out.
pub fn waste(facts: &ClusterFacts, usage: &Usage, basis: Basis, statistic: Statistic, select: &Selection) -> Waste {
    gathered(facts, usage, basis, statistic, select, &mut |_, _, _| true)
}

/// Says of a measured container whether it counts, and may correct what it used.
type Judge<'j> = dyn FnMut(&Pod, &Container, &mut Sum) -> bool + 'j;

pub(super) fn gathered(
    facts: &ClusterFacts,
    usage: &Usage,
    basis: Basis,
    statistic: Statistic,
    select: &Selection,
    judge: &mut Judge<'_>,
) -> Waste {
    let mut sums: BTreeMap<Names, Sum> = BTreeMap::new();
    let mut totals = Sum::default();
    let mut over = 0_u64;
    for pod in facts.pods() {
        over += u64::from(pod.phase.is_over());
        if !select.takes(pod) {
            continue;
        }
        for container in counted(pod, View::Steady) {
            let samples = usage.container(&pod.namespace, &pod.name, &container.name);
            let request = container.request.unwrap_or_default();
            let mut measured = Sum::of(request, &Series::of(&samples, basis), statistic);
            if !judge(pod, container, &mut measured) {
                continue;
            }
            totals.add(&measured);
            if let Some(names) = Names::of(select.by, pod, &container.name) {
                sums.entry(names).or_default().add(&measured);
            }
        }
    }
    // what was never measured wastes nothing that is known
    let rows =
        sums.into_iter().filter(|(_, sum)| sum.points.is_some()).map(|(names, sum)| sum.row(names, basis)).collect();
    let mut notes = Vec::new();
    if over > 0 {
        notes.push(format!("{} left out: phase Succeeded or Failed", pods(over)));
    }
    if totals.unmeasured > 0 {
        let n = totals.unmeasured;
        let were = if n == 1 { "container was" } else { "containers were" };
        notes.push(format!("{n} running {were} not measured on the basis {}: in no sum", basis.as_str()));
    }
    notes.extend(super::windows(facts));
    let measure = |row: &WasteRow| match select.rank {
        Rank::ByteHours => row.waste_byte_hours.unwrap_or(0.0) as u64,
        _ => row.waste_bytes.get(),
    };
    // blame is known only when kills are: all rows stay until then
    let all = Selection { top: None, ..select.clone() };
    let select = if select.rank == Rank::Blame { &all } else { select };
    let least = |row: &WasteRow| row.waste_bytes >= select.least;
    let rows: Vec<WasteRow> = rows_of(rows, least);
    Waste {
        schema_version: SCHEMA_VERSION,
        measure: "waste".to_owned(),
        by: select.by,
        profile: "default".to_owned(),
        rows: ranked(rows, measure, |row| &row.names, &Selection { least: Bytes(0), ..select.clone() }),
        idle: idle(facts, &totals),
        totals: totals.row(Names::default(), basis),
        node_kills: Vec::new(),
        notes,
    }
}

fn rows_of(rows: Vec<WasteRow>, keep: impl Fn(&WasteRow) -> bool) -> Vec<WasteRow> {
    rows.into_iter().filter(keep).collect()
}

/// Of the nodes given, where each says how much memory it has.
fn idle(facts: &ClusterFacts, totals: &Sum) -> Option<Idle> {
    let capacity: Option<Bytes> = facts.nodes().iter().map(|node| node.capacity).sum();
    let capacity = capacity.filter(|capacity| capacity.get() > 0)?;
    totals.points?;
    let allocated = totals.usage.saturating_add(totals.waste);
    Some(Idle {
        capacity_bytes: capacity,
        unallocated_bytes: Bytes(capacity.get().saturating_sub(allocated.get())),
        allocated_unused_bytes: totals.waste,
        unused_bytes: Bytes(capacity.get().saturating_sub(totals.usage.get())),
    })
}

impl Waste {
    /// Sets kills beside the rows they hit, and beside those whose waste had a part in them. With [`Rank::Blame`] the rows
    /// are ranked by it now.
    pub fn add_kills(&mut self, kills: &Kills, facts: &ClusterFacts, usage: &Usage, select: &Selection) {
        let basis = self.totals.basis;
        let found = super::evidence::Found::of(kills, facts, usage, basis, self.by);
        let hurt = found.hurt(self.by);
        for row in &mut self.rows {
            row.kills = found.of_row(&row.names);
            row.hurt = hurt.get(&row.names).cloned();
        }
        self.totals.kills = found.total();
        if select.rank == Rank::Blame {
            let blame = |row: &WasteRow| row.hurt.as_ref().map_or(0, |hurt| hurt.wasted_bytes.get());
            let rows = std::mem::take(&mut self.rows);
            self.rows = ranked(rows, blame, |row| &row.names, &Selection { least: Bytes(0), ..select.clone() });
        }
        self.notes.extend(found.notes);
        self.node_kills = found.node_kills;
    }
}
