//! Who goes first when a node runs out: by the kernel's score, and by the kubelet's eviction.

use super::node::Use;
use crate::resources::measure::group::{By, Names};
use crate::resources::model::Node;
use crate::units::Bytes;
use serde::{Deserialize, Serialize};

/// Pages in which the kernel counts; on machines with larger ones all scores are smaller alike.
const PAGE: i64 = 4096;

/// A container the kernel may kill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Candidate {
    /// Which container.
    #[serde(flatten)]
    pub names: Names,
    /// What the kubelet sets for it.
    pub oom_score_adj: i32,
    /// What it uses.
    pub usage_bytes: Bytes,
    /// What it requests.
    pub request_bytes: Bytes,
    /// The kernel's score in pages of 4 KiB: use + `oom_score_adj` · (RAM + swap) ∕ 1000.
    pub points: i64,
    /// Always `container`: all its use stands for its largest process, which is not known.
    pub stand_in: String,
}

/// A pod the kubelet may evict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Eviction {
    /// Which pod.
    #[serde(flatten)]
    pub names: Names,
    /// Whether it uses more than it requests: those go first.
    pub exceeds_request: bool,
    /// Then those of lower priority.
    pub priority: i32,
    /// Then those that are further above their requests; negative below.
    pub above_request_bytes: i64,
    /// What it uses.
    pub usage_bytes: Bytes,
    /// What it requests.
    pub request_bytes: Bytes,
    /// Static pods and those of the system's priority classes are not evicted.
    pub evictable: bool,
}

/// The highest score first. Containers that were not measured are left out.
pub(super) fn victims(node: &Node, pods: &[Use<'_>], top: usize) -> Vec<Candidate> {
    let Some(capacity) = node.capacity.filter(|capacity| capacity.get() > 0) else { return Vec::new() };
    let pages = |bytes: Bytes| i64::try_from(bytes.get()).unwrap_or(i64::MAX) / PAGE;
    let total = pages(capacity.saturating_add(node.swap.unwrap_or_default()));
    let mut candidates: Vec<Candidate> = pods
        .iter()
        .flat_map(|used| used.containers.iter().filter_map(move |(at, now)| Some((used, *at, (*now)?))))
        .filter_map(|(used, at, now)| {
            let container = &used.pod.containers[at];
            let adj = used.pod.oom_score_adj(container, capacity);
            Some(Candidate {
                names: Names::of(By::Container, used.pod, &container.name)?,
                oom_score_adj: adj,
                usage_bytes: now,
                request_bytes: used.request(at),
                points: pages(now) + i64::from(adj) * (total / 1000),
                stand_in: "container".to_owned(),
            })
        })
        .collect();
    candidates.sort_by(|a, b| b.points.cmp(&a.points).then_with(|| a.names.cmp(&b.names)));
    candidates.truncate(top);
    candidates
}

/// Above requests first, then the lower priority, then the furthest above.
pub(super) fn evictions(pods: &[Use<'_>], top: usize) -> Vec<Eviction> {
    let mut pods: Vec<Eviction> = pods
        .iter()
        .filter_map(|used| {
            let now = used.total()?;
            let request: Bytes = used.containers.iter().map(|(at, _)| used.request(*at)).sum();
            let signed = |bytes: Bytes| i64::try_from(bytes.get()).unwrap_or(i64::MAX);
            Some(Eviction {
                names: Names::of(By::Pod, used.pod, "")?,
                exceeds_request: now > request,
                priority: used.pod.priority,
                above_request_bytes: signed(now) - signed(request),
                usage_bytes: now,
                request_bytes: request,
                evictable: !used.pod.is_critical(),
            })
        })
        .collect();
    pods.sort_by(|a, b| {
        let first = |pod: &Eviction| (!pod.evictable, !pod.exceeds_request, pod.priority);
        first(a)
            .cmp(&first(b))
            .then_with(|| b.above_request_bytes.cmp(&a.above_request_bytes))
            .then_with(|| a.names.cmp(&b.names))
    });
    pods.truncate(top);
    pods
}
