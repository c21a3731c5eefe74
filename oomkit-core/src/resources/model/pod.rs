//! One pod: its containers, where it runs, and how much memory it declares in all.

use super::{Container, ContainerKind, Limit, Workload};
use crate::event::QosClass;
use crate::units::Bytes;

/// A pod of the cluster.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Pod {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// The object's uid.
    pub uid: String,
    /// For a static pod, the hash of its manifest: the uid its cgroups carry.
    pub static_hash: Option<String>,
    /// Who it belongs to.
    pub workload: Workload,
    /// The node it is bound to.
    pub node: Option<String>,
    /// Where it stands in its life.
    pub phase: Phase,
    /// As its status says.
    pub qos_class: Option<QosClass>,
    /// Scheduling priority.
    pub priority: i32,
    /// `spec.priorityClassName`.
    pub priority_class: Option<String>,
    /// All containers: regular, init and sidecars, ephemeral.
    pub containers: Vec<Container>,
    /// What the sandbox takes (RuntimeClass).
    pub overhead: Bytes,
    /// `spec.resources`: the pod's own request, which replaces its containers'.
    pub request: Option<Bytes>,
    /// `spec.resources`: the pod's own limit.
    pub limit: Option<Bytes>,
    /// Volumes that are memory: what is written to them is charged to the pod's containers.
    pub memory_volumes: Vec<MemoryVolume>,
}

/// An `emptyDir` with `medium: Memory`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MemoryVolume {
    /// Its name.
    pub name: String,
    /// The most it may hold; without it, as much as the pod may use.
    pub size_limit: Option<Bytes>,
}

/// Where a pod stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Phase {
    /// Not all of its containers were started.
    Pending,
    /// Bound to a node, started.
    Running,
    /// Ended well: holds no memory.
    Succeeded,
    /// Ended badly, also by eviction: holds no memory.
    Failed,
    /// The node does not answer, or the pod has no status.
    #[default]
    Unknown,
}

impl Phase {
    /// As the API writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Running => "Running",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Unknown => "Unknown",
        }
    }

    /// Whether it is over: it still exists as an object, but books and uses nothing.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

impl Pod {
    /// Its containers that run at the same time: regular ones and native sidecars.
    pub fn steady(&self) -> impl Iterator<Item = &Container> {
        self.containers.iter().filter(|c| matches!(c.kind, ContainerKind::Regular | ContainerKind::Sidecar))
    }

    /// What its own cgroup is held to: the pod's own limit, else the sum of its containers' limits where each has one.
    pub fn effective_limit(&self) -> Limit {
        if let Some(limit) = self.limit {
            return Limit::Bounded(limit);
        }
        let limits: Option<Bytes> = self.steady().map(|container| container.limit.bytes()).sum();
        limits.map_or(Limit::Unbounded, |sum| Limit::Bounded(sum.saturating_add(self.overhead)))
    }
}
