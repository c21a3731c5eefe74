//! Headroom: how much memory is free, three ways, and whether a node may be lost.

use super::SCHEMA_VERSION;
use crate::resources::ClusterFacts;
use crate::resources::model::{Declared, Node, Pod, View};
use crate::resources::usage::{Basis, Usage};
use crate::units::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Headroom of a cluster and its nodes, in the JSON that `oomkit headroom --format json` prints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Headroom {
    /// [`SCHEMA_VERSION`].
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
    /// Whether a node may be lost; null with fewer than two.
    pub n_plus_1: Option<NodeLoss>,
}

/// What the loss of a node would mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NodeLoss {
    /// Whether all requests fit on the other nodes in sum.
    pub sum_fits: bool,
    /// Whether the node's pods fit into the gaps of the others, the largest first. Only memory is looked at.
    pub packing_fits: bool,
    /// The node whose loss is worst.
    pub lost_node: String,
}

/// One node. A ratio is the free share, 0 to 1; negative when over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// Whether it takes no new pods.
    pub unschedulable: bool,
}

/// Headroom of a cluster, from its pods and nodes, and what was measured of the nodes.
pub fn headroom(facts: &ClusterFacts, usage: &Usage) -> Headroom {
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
    let cluster = together(&seats, waiting);
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
            unschedulable: self.node.unschedulable,
        }
    }
}

fn free_share(taken: Bytes, whole: Bytes) -> Option<f64> {
    let free = i128::from(whole.get()) - i128::from(taken.get());
    (whole.get() > 0).then(|| free as f64 / whole.get() as f64)
}

/// Sums, and never means of ratios: nodes differ in size.
fn together(seats: &[Seat<'_>], waiting: Bytes) -> ClusterHeadroom {
    let capacity: Bytes = seats.iter().filter_map(|seat| seat.node.capacity).sum();
    let allocatable: Bytes = seats.iter().filter_map(|seat| seat.node.allocatable).sum();
    let request = seats.iter().map(|seat| seat.request).sum::<Bytes>().saturating_add(waiting);
    let used: Option<Bytes> = seats.iter().map(|seat| seat.used).sum();
    let largest = seats.iter().filter(|seat| !seat.node.unschedulable).map(Seat::free).max();
    ClusterHeadroom {
        used_ratio: used.and_then(|used| free_share(used, capacity)),
        booked_ratio: free_share(request, allocatable),
        ceiling_ratio: free_share(seats.iter().map(|seat| seat.ceiling).sum(), capacity),
        allocatable_bytes: allocatable,
        request_bytes: request,
        largest_pod_bytes: Bytes(largest.unwrap_or(0)),
        n_plus_1: worst_loss(seats, request, allocatable),
    }
}

/// The first node whose pods cannot be packed elsewhere, the largest nodes tried first; else the largest.
fn worst_loss(seats: &[Seat<'_>], request: Bytes, allocatable: Bytes) -> Option<NodeLoss> {
    let mut by_size: Vec<usize> = (0..seats.len()).collect();
    by_size.sort_by(|&a, &b| {
        seats[b]
            .node
            .allocatable
            .cmp(&seats[a].node.allocatable)
            .then_with(|| seats[a].node.name.cmp(&seats[b].node.name))
    });
    if seats.len() < 2 {
        return None;
    }
    let loss = |lost: usize| {
        let left = allocatable.get().saturating_sub(seats[lost].node.allocatable.unwrap_or_default().get());
        NodeLoss {
            sum_fits: request.get() <= left,
            packing_fits: packs(seats, lost),
            lost_node: seats[lost].node.name.clone(),
        }
    };
    by_size.into_iter().map(loss).min_by_key(|loss| (loss.sum_fits, loss.packing_fits))
}

/// First fit, the largest pod first.
fn packs(seats: &[Seat<'_>], lost: usize) -> bool {
    let others = seats.iter().enumerate().filter(|(at, seat)| *at != lost && !seat.node.unschedulable);
    let mut free: Vec<u64> = others.map(|(_, seat)| seat.free()).collect();
    seats[lost].movable.iter().all(|pod| match free.iter_mut().find(|free| **free >= pod.get()) {
        Some(free) => {
            *free -= pod.get();
            true
        }
        None => false,
    })
}
