//! What is asked of a Prometheus: the metrics that the measures need, and no others.

use super::{Selector, Window};
use crate::resources::usage::Basis;

/// One question.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Query {
    /// PromQL. Each series of the answer carries the name of a metric.
    pub expr: String,
    /// For `query_range`, over the window; else for `query`, at its end.
    pub range: bool,
}

/// What a measure needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Wanted {
    /// What pods declare, and whose they are.
    pub pods: bool,
    /// How large nodes are.
    pub nodes: bool,
    /// What containers used within the window.
    pub usage: Option<Basis>,
    /// What nodes use.
    pub node_usage: bool,
    /// The series of the profile `seed`, as they are.
    pub seed: bool,
}

impl Wanted {
    /// What pods declare and nodes have.
    pub fn declared() -> Self {
        Self { pods: true, nodes: true, ..Self::default() }
    }

    /// What pods request, and what containers used on a basis.
    pub fn used(basis: Basis) -> Self {
        Self { pods: true, usage: Some(basis), ..Self::default() }
    }

    /// All but the series of the seed.
    pub fn everything(basis: Basis) -> Self {
        Self { node_usage: true, usage: Some(basis), ..Self::declared() }
    }

    /// The same without the history of usage, for measures of the moment.
    #[must_use]
    pub fn now(self) -> Self {
        Self { usage: None, ..self }
    }

    /// What the profile `seed` looks at, and nothing else.
    pub fn seed() -> Self {
        Self { pods: true, seed: true, ..Self::default() }
    }
}

/// What kube-state-metrics says of pods. Its own labels tell one from another; duplicates are sorted out by the reader.
const PODS: [&str; 13] = [
    "kube_pod_info",
    "kube_pod_status_phase == 1",
    "kube_pod_owner",
    "kube_replicaset_owner",
    "kube_job_owner",
    "kube_pod_container_info",
    "kube_pod_init_container_info",
    "kube_pod_container_resource_limits{resource=\"memory\"}",
    "kube_pod_container_resource_requests{resource=\"memory\"}",
    "kube_pod_init_container_resource_limits{resource=\"memory\"}",
    "kube_pod_init_container_resource_requests{resource=\"memory\"}",
    "kube_pod_overhead_memory_bytes",
    "kube_pod_status_qos_class == 1",
];

const NODES: [&str; 3] = [
    "kube_node_info",
    "kube_node_status_capacity{resource=\"memory\"}",
    "kube_node_status_allocatable{resource=\"memory\"}",
];

/// The kubelet's own figure, and that of cAdvisor's root cgroup.
const NODE_USAGE: [&str; 2] = ["node_memory_working_set_bytes", "container_memory_working_set_bytes{id=\"/\"}"];

/// The labels that tell containers apart, in all spellings; replicas, cgroups and endpoints are merged by their maximum.
const CONTAINER: &str = "cluster, namespace, pod, container, exported_namespace, exported_pod, exported_container";

/// All questions, for a window and with a selector that is put to each of them.
pub fn queries(wanted: Wanted, window: Window, selector: &Selector) -> Vec<Query> {
    let now = |expr: &&str| Query { expr: selector.within(expr), range: false };
    let mut all = Vec::new();
    if wanted.pods {
        all.extend(PODS.iter().map(now));
    }
    if wanted.nodes {
        all.extend(NODES.iter().map(now));
    }
    if wanted.node_usage {
        all.extend(NODE_USAGE.iter().map(now));
    }
    if wanted.seed {
        all.extend(["container_memory_usage_bytes", "container_memory_cache"].iter().map(now));
    }
    // the peak within each step, so that no sample is missed; a difference of two metrics needs both at one time
    let (metrics, peak): (&[&str], bool) = match wanted.usage {
        None => (&[], false),
        Some(Basis::WorkingSet) => (&["container_memory_working_set_bytes"], true),
        Some(Basis::Rss) => (&["container_memory_rss"], true),
        Some(Basis::Usage) => (&["container_memory_usage_bytes"], true),
        Some(Basis::AnonShmem) => (
            &[
                "container_memory_rss",
                "container_memory_cache",
                "container_memory_total_active_file_bytes",
                "container_memory_total_inactive_file_bytes",
            ],
            false,
        ),
        Some(Basis::UsageMinusCache) => (&["container_memory_usage_bytes", "container_memory_cache"], false),
    };
    all.extend(metrics.iter().map(|metric| {
        let series = selector.within(&format!("{metric}{{container!=\"\",container!=\"POD\"}}"));
        let over = if peak { format!("max_over_time({series}[{}s])", window.step_seconds) } else { series };
        // functions drop the name, which tells the reader what it reads
        let expr = format!("label_replace(max by ({CONTAINER}) ({over}), \"__name__\", \"{metric}\", \"\", \"\")");
        Query { expr, range: true }
    }));
    all
}
