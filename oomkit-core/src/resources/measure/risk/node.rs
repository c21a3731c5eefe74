//! The node hazard: how much room a node has before the kubelet evicts, and how much its pods may still grow.

use super::RiskOptions;
use super::order::{Candidate, Eviction, evictions, victims};
use crate::resources::ClusterFacts;
use crate::resources::kills::KillSummary;
use crate::resources::measure::evidence::Found;
use crate::resources::measure::group::Names;
use crate::resources::model::{Declared, Node, Pod, View};
use crate::resources::usage::{Basis, Series, Usage};
use crate::units::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// One node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct NodeHazard {
    /// Its name.
    pub node: String,
    /// All its memory.
    pub capacity_bytes: Option<Bytes>,
    /// What is in use; what its containers use where the node itself was not measured.
    pub working_set_bytes: Option<Bytes>,
    /// `node` or `containers`: without what runs outside pods, a lower bound.
    pub working_set_source: Option<String>,
    /// What the kubelet keeps free by evicting.
    pub eviction_hard_bytes: Bytes,
    /// Room before it evicts; negative when it should already.
    pub room_bytes: Option<i64>,
    /// How much its measured pods may still grow within their limits, each to at most the whole node.
    pub growth_bytes: Option<Bytes>,
    /// Growth to room: above 1 the pods can use up the node, every container inside its limit. Null without room.
    pub stress_ratio: Option<f64>,
    /// What is used beyond requests, each container by itself.
    pub over_request_bytes: Bytes,
    /// By how many containers.
    pub over_request_containers: u64,
    /// Containers of it without a limit.
    pub unbounded_containers: u64,
    /// Containers of it that were not measured.
    pub unmeasured_containers: u64,
    /// Whether the kubelet says that it is short of memory.
    pub memory_pressure: bool,
    /// Kills on it for want of the node's memory, where kills were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kills: Option<KillSummary>,
    /// Whom the kernel would kill if the node ran out now, the first first.
    pub victim_order: Vec<Candidate>,
    /// Whom the kubelet would evict, the first first.
    pub eviction_order: Vec<Eviction>,
    /// 0 to 100, for sorting only: growth ∕ (growth + room); 100 without room, and under memory pressure.
    pub rank: u8,
}

pub(super) fn hazards(
    facts: &ClusterFacts,
    usage: &Usage,
    options: RiskOptions,
    found: &Found,
    top: Option<usize>,
) -> Vec<NodeHazard> {
    let mut on: HashMap<&str, Vec<&Pod>> = HashMap::new();
    for pod in facts.pods().iter().filter(|pod| !pod.phase.is_over()) {
        on.entry(pod.node.as_deref().unwrap_or_default()).or_default().push(pod);
    }
    let nodes = facts.nodes().iter().filter(|node| !node.windows);
    let mut hazards: Vec<NodeHazard> = nodes
        .map(|node| {
            let pods = on.remove(&*node.name).unwrap_or_default();
            let pods: Vec<Use<'_>> = pods.into_iter().map(|pod| Use::of(pod, usage, options)).collect();
            hazard(node, &pods, usage, options, found, top.unwrap_or(usize::MAX))
        })
        .collect();
    hazards.sort_by(|a, b| b.rank.cmp(&a.rank).then_with(|| a.node.cmp(&b.node)));
    hazards.truncate(top.unwrap_or(usize::MAX));
    hazards
}

/// A pod and what its containers use now.
pub(super) struct Use<'a> {
    pub(super) pod: &'a Pod,
    /// By container, where it was measured.
    pub(super) containers: Vec<(usize, Option<Bytes>)>,
}

impl<'a> Use<'a> {
    fn of(pod: &'a Pod, usage: &Usage, options: RiskOptions) -> Self {
        let now = |name: &str| {
            let samples = usage.container(&pod.namespace, &pod.name, name);
            // the kubelet, and the node's room, go by working sets
            let working_set = Series::of(&samples, Basis::WorkingSet).latest();
            working_set.or_else(|| Series::of(&samples, options.basis_of(&samples)).latest())
        };
        let steady = pod.containers.iter().enumerate().filter(|(_, container)| {
            use crate::resources::model::ContainerKind::{Regular, Sidecar};
            matches!(container.kind, Regular | Sidecar)
        });
        Self { pod, containers: steady.map(|(at, container)| (at, now(&container.name))).collect() }
    }

    /// All containers together; [`None`] where none was measured.
    pub(super) fn total(&self) -> Option<Bytes> {
        let mut measured = self.containers.iter().filter_map(|(_, used)| *used).peekable();
        measured.peek()?;
        Some(measured.sum())
    }

    pub(super) fn request(&self, at: usize) -> Bytes {
        self.pod.containers[at].request.unwrap_or_default()
    }
}

fn hazard(node: &Node, pods: &[Use<'_>], usage: &Usage, options: RiskOptions, found: &Found, top: usize) -> NodeHazard {
    let own = Series::of(usage.node(&node.name), Basis::WorkingSet).latest();
    let of_pods: Vec<Bytes> = pods.iter().filter_map(Use::total).collect();
    let of_pods = (!of_pods.is_empty()).then(|| of_pods.into_iter().sum::<Bytes>());
    let working_set = own.or(of_pods);
    let source = own.map(|_| "node").or(of_pods.map(|_| "containers"));
    let signed = |bytes: Bytes| i64::try_from(bytes.get()).unwrap_or(i64::MAX);
    let room = node.capacity.zip(working_set).map(|(capacity, used)| {
        signed(capacity).saturating_sub(signed(used)).saturating_sub(signed(options.eviction_hard))
    });
    let growth = node.capacity.map(|capacity| {
        let grows = pods.iter().filter_map(|used| {
            let limit = Declared::of_pod(used.pod, View::Steady).limit().map_or(capacity, |limit| limit.min(capacity));
            Some(Bytes(limit.get().saturating_sub(used.total()?.get())))
        });
        grows.sum::<Bytes>()
    });
    let growth = growth.filter(|_| of_pods.is_some());
    let stress = growth.zip(room).filter(|(_, room)| *room > 0).map(|(growth, room)| growth.get() as f64 / room as f64);
    let containers = || pods.iter().flat_map(|used| used.containers.iter().map(move |(at, now)| (used, *at, *now)));
    let over: Vec<u64> = containers()
        .filter_map(|(used, at, now)| now?.get().checked_sub(used.request(at).get()))
        .filter(|over| *over > 0)
        .collect();
    let rank = match (stress, room) {
        _ if node.memory_pressure => 100,
        (Some(stress), _) => (100.0 * stress / (1.0 + stress)).round() as u8,
        (None, Some(room)) if room <= 0 => 100,
        _ => 0,
    };
    let names = Names { node: Some(node.name.clone()), ..Names::default() };
    NodeHazard {
        node: node.name.clone(),
        capacity_bytes: node.capacity,
        working_set_bytes: working_set,
        working_set_source: source.map(str::to_owned),
        eviction_hard_bytes: options.eviction_hard,
        room_bytes: room,
        growth_bytes: growth,
        stress_ratio: stress,
        over_request_bytes: over.iter().copied().map(Bytes).sum(),
        over_request_containers: over.len() as u64,
        unbounded_containers: pods.iter().map(|used| Declared::of_pod(used.pod, View::Steady).unbounded).sum(),
        unmeasured_containers: containers().filter(|(_, _, now)| now.is_none()).count() as u64,
        memory_pressure: node.memory_pressure,
        kills: found.of_node(&names),
        victim_order: victims(node, pods, top),
        eviction_order: evictions(pods, top),
        rank,
    }
}
