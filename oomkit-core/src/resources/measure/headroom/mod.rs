//! Headroom: how much memory is free, three ways, and whether nodes may be lost.

mod loss;

pub use loss::{NodeLoss, NodesLoss, ZoneLoss};

use super::SCHEMA_VERSION;
use crate::resources::ClusterFacts;
use crate::resources::model::{Declared, Node, Pod, View};
use crate::resources::usage::{Basis, Usage};
use crate::units::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Headroom of a cluster and its nodes, in the JSON that `oomkit headroom --format json` prints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Headroom {
    /// Version of the JSON: 1.
    pub schema_version: u32,
    /// `headroom`.
    pub measure: String,
    /// All nodes together.
    pub cluster: ClusterHeadroom,
    /// Each node, the fullest first.
    pub nodes: Vec<NodeHeadroom>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// All nodes together. A ratio is the free share, 0 to 1; negative when over.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct ClusterHeadroom {
    /// Of memory in use; null unless every node was measured.
    pub used_ratio: Option<f64>,
    /// Of what pods may request.
    pub booked_ratio: Option<f64>,
    /// Of memory, if every pod used all its limit allows.
    pub ceiling_ratio: Option<f64>,
    /// What pods may request.
    pub allocatable_bytes: Bytes,
    /// What they request, as the scheduler books it; pods bound to no node included.
    pub request_bytes: Bytes,
    /// The largest pod that still fits on a node.
    pub largest_pod_bytes: Bytes,
    /// That node; null where none takes pods.
    pub largest_pod_node: Option<String>,
    /// Whether a node may be lost; null with fewer than two.
    pub n_plus_1: Option<NodeLoss>,
    /// Whether several nodes may be lost at once, where it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_plus_k: Option<NodesLoss>,
    /// Whether a zone may be lost, each of them; empty with fewer than two.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<ZoneLoss>,
    /// Whether there is as much headroom as there should be.
    pub gate: Gate,
}

/// Headroom that should be there: of memory in use on each node that takes pods, and of what is booked in the cluster. The
/// mean over a cluster would hide its fullest node.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Gate {
    /// The free share that should be there.
    pub least_ratio: f64,
    /// Whether it is; null where nothing is known.
    pub holds: Option<bool>,
    /// The node with the least used headroom.
    pub worst_node: Option<String>,
    /// Its used headroom.
    pub worst_used_ratio: Option<f64>,
    /// Booked headroom of the cluster.
    pub booked_ratio: Option<f64>,
}

/// What headroom is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct HeadroomOptions {
    /// How many nodes are lost at once.
    pub lose: usize,
    /// The free share that should be there.
    pub least: f64,
}

/// One node, 30%.
impl Default for HeadroomOptions {
    fn default() -> Self {
        Self { lose: 1, least: 0.3 }
    }
}

/// One node. A ratio is the free share, 0 to 1; negative when over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct NodeHeadroom {
    /// Its name.
    pub node: String,
    /// Of memory in use; null where it was not measured.
    pub used_ratio: Option<f64>,
    /// Of what pods may request.
    pub booked_ratio: Option<f64>,
    /// Of memory, if every pod used all its limit allows, each at most the whole node.
    pub ceiling_ratio: Option<f64>,
    /// All its memory.
    pub capacity_bytes: Option<Bytes>,
    /// What pods may request.
    pub allocatable_bytes: Option<Bytes>,
    /// What its pods request.
    pub request_bytes: Bytes,
    /// The largest pod that still fits.
    pub free_bytes: Bytes,
    /// Whether it takes no new pods.
    pub unschedulable: bool,
}

/// Headroom of a cluster, from its pods and nodes, and what was measured of the nodes.
pub fn headroom(facts: &ClusterFacts, usage: &Usage) -> Headroom {
    headroom_with(facts, usage, HeadroomOptions::default())
}

/// [`headroom`], with as many nodes lost at once and as much room as asked for.
pub fn headroom_with(facts: &ClusterFacts, usage: &Usage, options: HeadroomOptions) -> Headroom {
    let mut on: HashMap<&str, Vec<&Pod>> = HashMap::new();
    let (mut unbound, mut strangers) = (Vec::new(), 0_u64);
    for pod in facts.pods().iter().filter(|pod| !pod.phase.is_over()) {
        match pod.node.as_deref() {
            Some(name) if facts.node(name).is_some() => on.entry(name).or_default().push(pod),
            Some(_) => strangers += 1,
            None => unbound.push(pod),
        }
    }
    let seats: Vec<Seat<'_>> =
        facts.nodes().iter().map(|node| Seat::new(node, on.remove(&*node.name).unwrap_or_default(), usage)).collect();
    let waiting: Bytes = unbound.iter().map(|pod| booked(pod)).sum();
    let mut notes = Vec::new();
    if !unbound.is_empty() {
        notes.push(format!(
            "{} bound to no node: booked in the cluster, on no node",
            super::overcommit::pods(unbound.len() as u64)
        ));
    }
    if strangers > 0 {
        notes.push(format!("{} on nodes that were not given: left out", super::overcommit::pods(strangers)));
    }
    let unknown = seats.iter().filter(|seat| seat.node.allocatable.is_none()).count();
    if unknown > 0 {
        notes.push(format!("{unknown} of {} nodes say nothing of allocatable memory", seats.len()));
    }
    notes.extend(super::windows(facts));
    let cluster = together(&seats, waiting, options);
    let mut nodes: Vec<NodeHeadroom> = seats.iter().map(Seat::headroom).collect();
    let fullest = |node: &NodeHeadroom| node.booked_ratio.unwrap_or(f64::INFINITY);
    nodes.sort_by(|a, b| fullest(a).total_cmp(&fullest(b)).then_with(|| a.node.cmp(&b.node)));
    Headroom { schema_version: SCHEMA_VERSION, measure: "headroom".to_owned(), cluster, nodes, notes }
}

/// What the scheduler books for a pod.
fn booked(pod: &Pod) -> Bytes {
    Declared::of_pod(pod, View::Scheduled).request
}

/// A node with its pods.
struct Seat<'a> {
    node: &'a Node,
    request: Bytes,
    /// Limits, each at most the node's memory.
    ceiling: Bytes,
    used: Option<Bytes>,
    /// What would have to move, the largest first: not what runs on each node anyway.
    movable: Vec<Bytes>,
}

impl<'a> Seat<'a> {
    fn new(node: &'a Node, pods: Vec<&Pod>, usage: &Usage) -> Self {
        let capacity = node.capacity.unwrap_or_default();
        let ceiling = |pod: &&Pod| {
            let declared = Declared::of_pod(pod, View::Steady);
            declared.limit().map_or(capacity, |limit| limit.min(capacity))
        };
        let bound_here = |pod: &&&Pod| matches!(&*pod.workload.kind, "DaemonSet" | "Node");
        let mut movable: Vec<Bytes> = pods.iter().filter(|pod| !bound_here(pod)).map(|pod| booked(pod)).collect();
        movable.sort_unstable_by(|a, b| b.cmp(a));
        Self {
            node,
            request: pods.iter().map(|pod| booked(pod)).sum(),
            ceiling: pods.iter().map(ceiling).sum(),
            used: usage.node(&node.name).iter().rev().find_map(|sample| sample.on(Basis::WorkingSet)),
            movable,
        }
    }

    fn free(&self) -> u64 {
        self.node.allocatable.map_or(0, |allocatable| allocatable.get().saturating_sub(self.request.get()))
    }

    fn headroom(&self) -> NodeHeadroom {
        let Node { capacity, allocatable, .. } = *self.node;
        NodeHeadroom {
            node: self.node.name.clone(),
            used_ratio: self.used.and_then(|used| free_share(used, capacity?)),
            booked_ratio: allocatable.and_then(|allocatable| free_share(self.request, allocatable)),
            ceiling_ratio: capacity.and_then(|capacity| free_share(self.ceiling, capacity)),
            capacity_bytes: capacity,
            allocatable_bytes: allocatable,
            request_bytes: self.request,
            free_bytes: Bytes(self.free()),
            unschedulable: self.node.unschedulable,
        }
    }
}

fn free_share(taken: Bytes, whole: Bytes) -> Option<f64> {
    let free = i128::from(whole.get()) - i128::from(taken.get());
    (whole.get() > 0).then(|| free as f64 / whole.get() as f64)
}

/// Sums, and never means of ratios: nodes differ in size.
fn together(seats: &[Seat<'_>], waiting: Bytes, options: HeadroomOptions) -> ClusterHeadroom {
    let capacity: Bytes = seats.iter().filter_map(|seat| seat.node.capacity).sum();
    let allocatable: Bytes = seats.iter().filter_map(|seat| seat.node.allocatable).sum();
    let request = seats.iter().map(|seat| seat.request).sum::<Bytes>().saturating_add(waiting);
    let used: Option<Bytes> = seats.iter().map(|seat| seat.used).sum();
    let open = || seats.iter().filter(|seat| !seat.node.unschedulable);
    let by_room = |a: &&Seat<'_>, b: &&Seat<'_>| a.free().cmp(&b.free()).then_with(|| b.node.name.cmp(&a.node.name));
    let largest = open().max_by(by_room);
    let worst = open().filter_map(|seat| Some((free_share(seat.used?, seat.node.capacity?)?, &seat.node.name)));
    let worst = worst.min_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1)));
    let booked_ratio = free_share(request, allocatable);
    let known: Vec<f64> = worst.map(|(ratio, _)| ratio).into_iter().chain(booked_ratio).collect();
    let gate = Gate {
        least_ratio: options.least,
        holds: (!known.is_empty()).then(|| known.iter().all(|ratio| *ratio >= options.least)),
        worst_node: worst.map(|(_, name)| name.clone()),
        worst_used_ratio: worst.map(|(ratio, _)| ratio),
        booked_ratio,
    };
    let losses = loss::Losses { seats, request, allocatable };
    ClusterHeadroom {
        used_ratio: used.and_then(|used| free_share(used, capacity)),
        booked_ratio,
        ceiling_ratio: free_share(seats.iter().map(|seat| seat.ceiling).sum(), capacity),
        allocatable_bytes: allocatable,
        request_bytes: request,
        largest_pod_bytes: Bytes(largest.map_or(0, Seat::free)),
        largest_pod_node: largest.map(|seat| seat.node.name.clone()),
        n_plus_1: losses.of_one(),
        n_plus_k: (options.lose > 1).then(|| losses.of_several(options.lose)).flatten(),
        zones: losses.of_zones(),
        gate,
    }
}
