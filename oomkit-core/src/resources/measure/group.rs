//! Which pods are counted, and under whose name.

use crate::resources::model::{Pod, View};
use crate::units::Bytes;
use serde::{Deserialize, Serialize};

/// What a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum By {
    /// One container.
    Container,
    /// One pod.
    #[default]
    Pod,
    /// All pods of a Deployment, StatefulSet, CronJob …
    Workload,
    /// All pods of a namespace.
    Namespace,
    /// All pods bound to a node.
    Node,
}

impl By {
    /// The word written in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Container => "container",
            Self::Pod => "pod",
            Self::Workload => "workload",
            Self::Namespace => "namespace",
            Self::Node => "node",
        }
    }
}

/// By what rows of waste are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Rank {
    /// Bytes wasted.
    #[default]
    Bytes,
    /// Bytes wasted times how long: a small service for a month before a large Job of an hour.
    ByteHours,
    /// Bytes that were wasted on a node when it ran out of memory and somebody was killed.
    Blame,
}

/// Which rows are given.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Selection {
    /// What a row stands for.
    pub by: By,
    /// Which containers count.
    pub view: Option<View>,
    /// At most so many rows; all without.
    pub top: Option<usize>,
    /// No row below this.
    pub least: Bytes,
    /// By what rows of waste are ranked.
    pub rank: Rank,
    /// Only these namespaces, if any are named.
    pub namespaces: Vec<String>,
    /// Not these namespaces. Nodes are always counted in full.
    pub excluded_namespaces: Vec<String>,
}

impl Selection {
    /// Whether a pod is counted: not one that is over, and only in the namespaces asked for.
    pub(super) fn takes(&self, pod: &Pod) -> bool {
        let named = self.namespaces.is_empty() || self.namespaces.contains(&pod.namespace);
        let whole_nodes = self.by == By::Node;
        !pod.phase.is_over() && (whole_nodes || named && !self.excluded_namespaces.contains(&pod.namespace))
    }
}

/// Who a row is about: names that all its pods share; the others are null.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Names {
    /// The cluster, where several are told apart.
    pub cluster: Option<String>,
    /// Namespace.
    pub namespace: Option<String>,
    /// Pod.
    pub pod: Option<String>,
    /// Container.
    pub container: Option<String>,
    /// Who the pod belongs to: `Deployment/web`.
    pub workload: Option<String>,
    /// Node.
    pub node: Option<String>,
}

impl Names {
    /// Of the row that a pod's container belongs to; [`None`] for a pod bound to no node among nodes.
    pub(super) fn of(by: By, pod: &Pod, container: &str) -> Option<Self> {
        let namespace = Some(pod.namespace.clone());
        let workload = Some(pod.workload.to_string());
        let one = || Self {
            namespace: namespace.clone(),
            pod: Some(pod.name.clone()),
            workload: workload.clone(),
            node: pod.node.clone(),
            ..Self::default()
        };
        Some(match by {
            By::Container => Self { container: Some(container.to_owned()), ..one() },
            By::Pod => one(),
            By::Workload => Self { namespace, workload, ..Self::default() },
            By::Namespace => Self { namespace, ..Self::default() },
            By::Node => Self { node: Some(pod.node.clone()?), ..Self::default() },
        })
    }

    /// The name people know a row by: `shop/web-1`, `shop/Deployment/web`, `n1`.
    pub fn short(&self, by: By) -> String {
        let parts = match by {
            By::Container => [&self.namespace, &self.pod, &self.container],
            By::Pod => [&self.namespace, &self.pod, &None],
            By::Workload => [&self.namespace, &self.workload, &None],
            By::Namespace => [&self.namespace, &None, &None],
            By::Node => [&self.node, &None, &None],
        };
        parts.into_iter().flatten().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join("/")
    }
}
