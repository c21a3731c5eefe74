//! Overcommit: by how much limits exceed requests. The kernel enforces the former, the scheduler books the latter.

use super::group::{By, Names, Selection};
use super::lain::LainBand;
use super::{SCHEMA_VERSION, ranked};
use crate::resources::ClusterFacts;
use crate::resources::kills::{KillSummary, Kills, NodeKill};
use crate::resources::model::{Container, Declared, Limit, Pod, View};
use crate::resources::usage::{Basis, Usage};
use crate::units::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The measure and its rows, in the JSON that `oomkit overcommit --format json` prints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Overcommit {
    /// Version of the JSON: 1.
    pub schema_version: u32,
    /// `overcommit`.
    pub measure: String,
    /// What a row stands for.
    pub by: By,
    /// How it was reckoned: `default`.
    pub profile: String,
    /// The largest first.
    pub rows: Vec<OvercommitRow>,
    /// Everything together, not only the rows.
    pub totals: OvercommitRow,
    /// Kills for want of a node's memory, where kills were given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub node_kills: Vec<NodeKill>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct OvercommitRow {
    /// Who it is about.
    #[serde(flatten)]
    pub names: Names,
    /// How many pods.
    pub pods: u64,
    /// What they request.
    pub request_bytes: Bytes,
    /// Their limits together; null when a container has none.
    pub limit_bytes: Option<Bytes>,
    /// The limits there are, when a container has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_limit_bytes: Option<Bytes>,
    /// How many containers have no limit.
    pub unbounded_containers: u64,
    /// By how much limits exceed requests, of containers with a limit.
    pub overcommit_bytes: Bytes,
    /// Limits to requests, of containers with a limit; null where nothing is requested.
    pub overcommit_ratio: Option<f64>,
    /// The same with the node's memory as the limit of what has none; absent where a node is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capped_overcommit_bytes: Option<Bytes>,
    /// Huge pages requested. They are no part of the node's memory and in no other sum.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub hugepages_bytes: Bytes,
    /// Of a node: all its memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity_bytes: Option<Bytes>,
    /// Of a node: what pods may request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allocatable_bytes: Option<Bytes>,
    /// Of a node: what its pods may use within their limits, each at most the whole node, beyond what it has. Above 0 it
    /// can run out of memory with every container inside its limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beyond_capacity_bytes: Option<Bytes>,
    /// Of a node: limits of its pods to what it has for them; a lower bound where a container has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_commitment_ratio: Option<f64>,
    /// Of a node: requests of its pods to what it has for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_commitment_ratio: Option<f64>,
    /// Of a container, in the profile `lain`: the band it should be in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lain: Option<LainBand>,
    /// Kills, where they were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kills: Option<KillSummary>,
}

fn is_zero(bytes: &Bytes) -> bool {
    bytes.get() == 0
}

/// What is summed up for a row.
#[derive(Default)]
pub(super) struct Sum {
    declared: Declared,
    pods: u64,
    /// Limits, each at most the node's memory; of a node only.
    within: Bytes,
    /// What containers without a limit may use beyond their requests: the rest of their node.
    rest_of_node: Bytes,
    /// Containers without a limit on a node that is not known.
    nowhere: u64,
    hugepages: Bytes,
}

/// Overcommit of the pods of a cluster. Pods that are over are left out.
pub fn overcommit(facts: &ClusterFacts, select: &Selection) -> Overcommit {
    let view = select.view.unwrap_or_default();
    let mut sums: BTreeMap<Names, Sum> = BTreeMap::new();
    let mut totals = Sum::default();
    let (mut over, mut unbound) = (0_u64, 0_u64);
    for pod in facts.pods() {
        over += u64::from(pod.phase.is_over());
        if !select.takes(pod) {
            continue;
        }
        let declared = Declared::of_pod(pod, view);
        let capacity = capacity_of(facts, pod);
        totals.add(declared, capacity, hugepages(pod, view));
        unbound += u64::from(pod.node.is_none());
        if select.by == By::Container {
            for container in counted(pod, view) {
                let names = Names::of(By::Container, pod, &container.name);
                let declared = Declared::of_container(&within_pod(pod, container));
                if let Some(names) = names {
                    sums.entry(names).or_default().add(declared, capacity, container.hugepages);
                }
            }
            continue;
        }
        if let Some(names) = Names::of(select.by, pod, "") {
            sums.entry(names).or_default().add(declared, capacity, hugepages(pod, view));
        }
    }
    let rows = sums.into_iter().map(|(names, sum)| sum.row(names, select.by, facts)).collect();
    let mut notes = Vec::new();
    if over > 0 {
        notes.push(format!("{} left out: phase Succeeded or Failed", pods(over)));
    }
    if select.by == By::Node && unbound > 0 {
        notes.push(format!("{} bound to no node: in the totals, in no row", pods(unbound)));
    }
    if totals.declared.unbounded > 0 {
        let n = totals.declared.unbounded;
        let have = if n == 1 { "container has" } else { "containers have" };
        notes.push(format!("{n} {have} no memory limit: their overcommit is unbounded and not in any sum"));
    }
    notes.extend(super::windows(facts));
    Overcommit {
        schema_version: SCHEMA_VERSION,
        measure: "overcommit".to_owned(),
        by: select.by,
        profile: "default".to_owned(),
        rows: ranked(rows, |row| row.overcommit_bytes.get(), |row| &row.names, select),
        totals: totals.row(Names::default(), By::Pod, facts),
        node_kills: Vec::new(),
        notes,
    }
}

impl Overcommit {
    /// Sets kills beside the rows they hit.
    pub fn add_kills(&mut self, kills: &Kills, facts: &ClusterFacts, usage: &Usage, basis: Basis) {
        let found = super::evidence::Found::of(kills, facts, usage, basis, self.by);
        for row in &mut self.rows {
            row.kills = found.of_row(&row.names);
        }
        self.totals.kills = found.total();
        self.notes.extend(found.notes);
        self.node_kills = found.node_kills;
    }
}

fn capacity_of(facts: &ClusterFacts, pod: &Pod) -> Option<Bytes> {
    facts.node(pod.node.as_deref()?)?.capacity
}

fn hugepages(pod: &Pod, view: View) -> Bytes {
    counted(pod, view).map(|container| container.hugepages).sum()
}

pub(super) fn pods(count: u64) -> String {
    format!("{count} pod{}", if count == 1 { "" } else { "s" })
}

/// The containers that count in a view.
pub(super) fn counted(pod: &Pod, view: View) -> impl Iterator<Item = &Container> {
    use crate::resources::model::ContainerKind::{Init, Regular, Sidecar};
    pod.containers.iter().filter(move |container| match container.kind {
        Regular | Sidecar => true,
        Init => view == View::Scheduled,
        _ => false,
    })
}

/// A container without a limit is held by its pod's, if that has one of its own.
pub(super) fn within_pod(pod: &Pod, container: &Container) -> Container {
    let mut container = container.clone();
    if let (Limit::Unbounded, Some(limit)) = (container.limit, pod.limit) {
        container.limit = Limit::Bounded(limit);
    }
    container
}

impl Sum {
    /// Adds a pod, or a container of one.
    pub(super) fn add(&mut self, declared: Declared, capacity: Option<Bytes>, hugepages: Bytes) {
        self.declared = self.declared.plus(declared);
        self.pods += 1;
        self.hugepages = self.hugepages.saturating_add(hugepages);
        let Some(capacity) = capacity else {
            self.nowhere += declared.unbounded;
            return;
        };
        let limit = declared.limit().map_or(capacity, |limit| limit.min(capacity));
        self.within = self.within.saturating_add(limit);
        let booked = declared.request.get().saturating_sub(declared.bounded_request.get());
        let all = capacity.get().saturating_mul(declared.unbounded);
        self.rest_of_node = self.rest_of_node.saturating_add(Bytes(all.saturating_sub(booked)));
    }

    pub(super) fn row(self, names: Names, by: By, facts: &ClusterFacts) -> OvercommitRow {
        let node = names.node.as_deref().filter(|_| by == By::Node).and_then(|name| facts.node(name));
        let capacity = node.and_then(|node| node.capacity);
        let declared = self.declared;
        let allocatable = node.and_then(|node| node.allocatable);
        let share = |part: Bytes| {
            let whole = allocatable.filter(|whole| whole.get() > 0)?;
            Some(part.get() as f64 / whole.get() as f64)
        };
        let known = facts.nodes().iter().any(|node| node.capacity.is_some()) && self.nowhere == 0;
        let limit = declared.limit();
        OvercommitRow {
            names,
            pods: self.pods,
            request_bytes: declared.request,
            limit_bytes: limit,
            known_limit_bytes: limit.is_none().then_some(declared.known_limit),
            unbounded_containers: declared.unbounded,
            overcommit_bytes: declared.overcommit,
            overcommit_ratio: declared.ratio(),
            capped_overcommit_bytes: known.then(|| declared.overcommit.saturating_add(self.rest_of_node)),
            hugepages_bytes: self.hugepages,
            capacity_bytes: capacity,
            allocatable_bytes: allocatable,
            beyond_capacity_bytes: capacity.map(|capacity| Bytes(self.within.get().saturating_sub(capacity.get()))),
            limit_commitment_ratio: share(declared.known_limit),
            request_commitment_ratio: share(declared.request),
            lain: None,
            kills: None,
        }
    }
}
