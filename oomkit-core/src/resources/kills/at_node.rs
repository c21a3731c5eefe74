//! A node that ran out: who was above their requests at that minute, and who had memory booked and did not use it.

use super::{Kill, KillLevel};
use crate::resources::ClusterFacts;
use crate::resources::measure::{By, Names};
use crate::resources::model::Pod;
use crate::resources::usage::{Basis, Series, Usage};
use crate::units::Bytes;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A kill for want of the node's memory, and its neighbours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct NodeKill {
    /// The event's id.
    pub event_id: String,
    /// When, where the log's clock is exact.
    pub time: Option<DateTime<FixedOffset>>,
    /// The node.
    pub node: Option<String>,
    /// `node` or `node_allocatable`.
    pub scope: String,
    /// Who was hit.
    pub victim: Names,
    /// What the killed processes held.
    pub victim_bytes: Bytes,
    /// What pods of the node used beyond their requests then.
    pub over_request_bytes: Bytes,
    /// What other pods of the node had requested and did not use then.
    pub wasted_bytes: Bytes,
    /// Who was above their requests, the most first.
    pub over_request: Vec<Share>,
    /// Who else had more than they used, the most first.
    pub wasted: Vec<Share>,
    /// Containers of the node of which nothing was measured at that time.
    pub unmeasured_containers: u64,
}

/// One pod's part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Share {
    /// Which pod.
    #[serde(flatten)]
    pub names: Names,
    /// What it requests.
    pub request_bytes: Bytes,
    /// What it used at that time.
    pub usage_bytes: Bytes,
    /// Above or below the request, each container by itself.
    pub bytes: Bytes,
    /// Scheduling priority.
    pub priority: i32,
}

/// What was known of one pod at one time.
#[derive(Default)]
struct Then {
    request: u64,
    usage: u64,
    over: u64,
    wasted: u64,
    unmeasured: u64,
}

pub(in crate::resources) fn node_kills(
    kills: &[Kill],
    facts: &ClusterFacts,
    usage: &Usage,
    basis: Basis,
) -> Vec<NodeKill> {
    let of_node = kills.iter().filter(|kill| kill.level == KillLevel::Node);
    let mut on: HashMap<&str, Vec<&Pod>> = HashMap::new();
    for pod in facts.pods().iter().filter(|_| of_node.clone().next().is_some()) {
        if let Some(node) = &pod.node {
            on.entry(node).or_default().push(pod);
        }
    }
    let pods = |kill: &Kill| kill.names.node.as_deref().and_then(|node| on.get(node)).map_or(&[][..], Vec::as_slice);
    let mut found: Vec<NodeKill> = of_node.clone().map(|kill| NodeKill::new(kill, pods(kill), usage, basis)).collect();
    found.sort_by(|a, b| a.time.cmp(&b.time).then_with(|| a.event_id.cmp(&b.event_id)));
    found
}

impl NodeKill {
    fn new(kill: &Kill, pods: &[&Pod], usage: &Usage, basis: Basis) -> Self {
        let pods: Vec<(&Pod, Then)> = pods.iter().map(|pod| (*pod, then(pod, kill.time, usage, basis))).collect();
        let is_victim = |pod: &Pod| {
            let victim = &kill.names;
            victim.pod.as_ref() == Some(&pod.name) && victim.namespace.as_deref().unwrap_or_default() == pod.namespace
        };
        let shares = |part: fn(&Then) -> u64, own: bool| {
            let some = pods.iter().filter(|(pod, then)| part(then) > 0 && (own || !is_victim(pod)));
            let mut shares: Vec<Share> = some.map(|(pod, then)| Share::new(pod, then, part(then))).collect();
            shares.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.names.cmp(&b.names)));
            shares
        };
        let (over_request, wasted) = (shares(|then| then.over, true), shares(|then| then.wasted, false));
        Self {
            event_id: kill.event_id.clone(),
            time: kill.time,
            node: kill.names.node.clone(),
            scope: kill.scope.as_str().to_owned(),
            victim: Names { node: None, ..kill.names.clone() },
            victim_bytes: kill.held,
            over_request_bytes: over_request.iter().map(|share| share.bytes).sum(),
            wasted_bytes: wasted.iter().map(|share| share.bytes).sum(),
            over_request,
            wasted,
            unmeasured_containers: pods.iter().map(|(_, then)| then.unmeasured).sum(),
        }
    }
}

impl Share {
    /// The row it belongs to.
    pub(in crate::resources) fn row(&self, by: By) -> Option<Names> {
        super::row(&self.names, by)
    }

    fn new(pod: &Pod, then: &Then, bytes: u64) -> Self {
        Self {
            names: Names {
                namespace: Some(pod.namespace.clone()),
                pod: Some(pod.name.clone()),
                workload: Some(pod.workload.to_string()),
                node: pod.node.clone(),
                ..Names::default()
            },
            request_bytes: Bytes(then.request),
            usage_bytes: Bytes(then.usage),
            bytes: Bytes(bytes),
            priority: pod.priority,
        }
    }
}

fn then(pod: &Pod, time: Option<DateTime<FixedOffset>>, usage: &Usage, basis: Basis) -> Then {
    let mut sum = Then::default();
    for container in pod.steady() {
        let series = Series::of(&usage.container(&pod.namespace, &pod.name, &container.name), basis);
        let Some((_, used)) = time.and_then(|time| series.at(time)) else {
            // one that is over now was measured then, or never ran then
            sum.unmeasured += u64::from(!pod.phase.is_over());
            continue;
        };
        let (request, used) = (container.request.unwrap_or_default().get(), used.get());
        sum.request = sum.request.saturating_add(request);
        sum.usage = sum.usage.saturating_add(used);
        sum.over = sum.over.saturating_add(used.saturating_sub(request));
        sum.wasted = sum.wasted.saturating_add(request.saturating_sub(used));
    }
    sum
}
