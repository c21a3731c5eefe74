//! Losing nodes: whether what they ran fits elsewhere.

use super::Seat;
use crate::units::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// More sets of nodes than this are not all tried.
const SETS: u128 = 20_000;

/// What the loss of a node would mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct NodeLoss {
    /// Whether all requests fit on the other nodes in sum.
    pub sum_fits: bool,
    /// Whether the node's pods fit into the gaps of the others, the largest first. Only memory is looked at.
    pub packing_fits: bool,
    /// The node whose loss is worst.
    pub lost_node: String,
}

/// What the loss of several nodes at once would mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct NodesLoss {
    /// How many.
    pub nodes: usize,
    /// Whether all requests fit on the other nodes in sum.
    pub sum_fits: bool,
    /// Whether the nodes' pods fit into the gaps of the others, the largest first.
    pub packing_fits: bool,
    /// The nodes whose loss is worst.
    pub lost_nodes: Vec<String>,
    /// Whether every set of so many nodes was tried; else the largest nodes, the fullest, and those of the largest pods.
    pub exhaustive: bool,
}

/// What the loss of a zone would mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct ZoneLoss {
    /// `topology.kubernetes.io/zone`.
    pub zone: String,
    /// How many nodes it has.
    pub nodes: usize,
    /// Whether all requests fit on the other zones' nodes in sum.
    pub sum_fits: bool,
    /// Whether its pods fit into the gaps there.
    pub packing_fits: bool,
}

/// All nodes with their pods, and their sums.
pub(super) struct Losses<'a> {
    pub(super) seats: &'a [Seat<'a>],
    pub(super) request: Bytes,
    pub(super) allocatable: Bytes,
}

impl Losses<'_> {
    /// The worst node to lose, the larger of equals.
    pub(super) fn of_one(&self) -> Option<NodeLoss> {
        if self.seats.len() < 2 {
            return None;
        }
        let loss = |lost: usize| {
            let (sum_fits, packing_fits) = self.fits(&[lost]);
            NodeLoss { sum_fits, packing_fits, lost_node: self.name(lost) }
        };
        self.by_size().into_iter().map(loss).min_by_key(|loss| (loss.sum_fits, loss.packing_fits))
    }

    /// The worst set of so many nodes; [`None`] where nothing would be left.
    pub(super) fn of_several(&self, count: usize) -> Option<NodesLoss> {
        if count >= self.seats.len() {
            return None;
        }
        let by_size = self.by_size();
        let exhaustive = combinations(self.seats.len(), count) <= SETS;
        let mut worst: Option<((bool, bool), Vec<usize>)> = None;
        let mut take = |set: &[usize]| {
            let fits = self.fits(set);
            if worst.as_ref().is_none_or(|(known, _)| fits < *known) {
                worst = Some((fits, set.to_vec()));
            }
            // nothing is worse than what does not even fit in sum
            fits.0
        };
        if exhaustive {
            each_set(&by_size, count, &mut take);
        } else {
            let mut by = |measure: &dyn Fn(&Seat<'_>) -> u64| {
                let mut nodes = by_size.clone();
                nodes.sort_by_key(|&at| std::cmp::Reverse(measure(&self.seats[at])));
                take(&nodes[..count]);
            };
            by(&|seat| seat.node.allocatable.unwrap_or_default().get());
            by(&|seat| seat.movable.iter().copied().sum::<Bytes>().get());
            by(&|seat| seat.movable.first().copied().unwrap_or_default().get());
        }
        let ((sum_fits, packing_fits), set) = worst?;
        let mut lost_nodes: Vec<String> = set.into_iter().map(|at| self.name(at)).collect();
        lost_nodes.sort_unstable();
        Some(NodesLoss { nodes: count, sum_fits, packing_fits, lost_nodes, exhaustive })
    }

    /// Each zone, by name.
    pub(super) fn of_zones(&self) -> Vec<ZoneLoss> {
        let mut zones: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, seat) in self.seats.iter().enumerate() {
            if let Some(zone) = &seat.node.zone {
                zones.entry(zone).or_default().push(at);
            }
        }
        if zones.len() < 2 {
            return Vec::new();
        }
        let loss = |(zone, nodes): (&str, Vec<usize>)| {
            let (sum_fits, packing_fits) = self.fits(&nodes);
            ZoneLoss { zone: zone.to_owned(), nodes: nodes.len(), sum_fits, packing_fits }
        };
        zones.into_iter().map(loss).collect()
    }

    /// In sum, and first fit, the largest pod first.
    fn fits(&self, lost: &[usize]) -> (bool, bool) {
        let gone: Bytes = lost.iter().map(|&at| self.seats[at].node.allocatable.unwrap_or_default()).sum();
        let sum_fits = self.request.get() <= self.allocatable.get().saturating_sub(gone.get());
        let others = self.seats.iter().enumerate().filter(|(at, seat)| !lost.contains(at) && !seat.node.unschedulable);
        let mut free: Vec<u64> = others.map(|(_, seat)| seat.free()).collect();
        let mut pods: Vec<Bytes> = lost.iter().flat_map(|&at| self.seats[at].movable.iter().copied()).collect();
        pods.sort_unstable_by(|a, b| b.cmp(a));
        let packing_fits = pods.iter().all(|pod| match free.iter_mut().find(|free| **free >= pod.get()) {
            Some(free) => {
                *free -= pod.get();
                true
            }
            None => false,
        });
        (sum_fits, packing_fits)
    }

    fn by_size(&self) -> Vec<usize> {
        let mut nodes: Vec<usize> = (0..self.seats.len()).collect();
        let node = |at: usize| self.seats[at].node;
        nodes.sort_by(|&a, &b| {
            node(b).allocatable.cmp(&node(a).allocatable).then_with(|| node(a).name.cmp(&node(b).name))
        });
        nodes
    }

    fn name(&self, at: usize) -> String {
        self.seats[at].node.name.clone()
    }
}

/// How many sets of `count` there are; enough is enough.
fn combinations(of: usize, count: usize) -> u128 {
    let mut sets = 1_u128;
    for step in 0..count.min(of - count) {
        sets = sets * (of - step) as u128 / (step + 1) as u128;
        if sets > SETS {
            return sets;
        }
    }
    sets
}

/// Every set of `count`, those of the first members first, as long as `take` goes on.
fn each_set(members: &[usize], count: usize, take: &mut impl FnMut(&[usize]) -> bool) {
    let mut at: Vec<usize> = (0..count).collect();
    loop {
        let set: Vec<usize> = at.iter().map(|&at| members[at]).collect();
        if !take(&set) {
            return;
        }
        let Some(step) = (0..count).rev().find(|&step| at[step] < members.len() - count + step) else { return };
        at[step] += 1;
        for next in step + 1..count {
            at[next] = at[next - 1] + 1;
        }
    }
}
