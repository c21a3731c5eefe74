//! Programs that report when a container ends, and for which containers each of them would.

use crate::event::{Actor, Identity, Runtime};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reporter {
    Containerd,
    Kubelet,
    Systemd,
    Dockerd,
    Crio,
    Conmon,
    Podman,
    Runc,
}

impl Reporter {
    /// `None` for an actor that reports no container's end.
    pub(crate) fn from_actor(actor: &Actor) -> Option<Self> {
        Some(match actor {
            Actor::Containerd => Self::Containerd,
            Actor::Kubelet => Self::Kubelet,
            Actor::Systemd => Self::Systemd,
            Actor::Dockerd => Self::Dockerd,
            Actor::Crio => Self::Crio,
            Actor::Conmon => Self::Conmon,
            Actor::Podman => Self::Podman,
            Actor::Runc => Self::Runc,
            _ => return None,
        })
    }

    /// Its name as people write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Containerd => "containerd",
            Self::Kubelet => "kubelet",
            Self::Systemd => "systemd",
            Self::Dockerd => "dockerd",
            Self::Crio => "CRI-O",
            Self::Conmon => "conmon",
            Self::Podman => "Podman",
            Self::Runc => "runc",
        }
    }

    /// Whether it would report the end of such a container, whose cgroup has this path.
    pub(crate) fn watches(self, container: &Identity, path: Option<&str>) -> bool {
        match self {
            Self::Containerd => matches!(container.runtime, Runtime::Containerd | Runtime::Docker),
            Self::Kubelet => container.pod_uid.is_some(),
            Self::Systemd => path.is_some_and(|path| path.contains(".scope")),
            Self::Dockerd => container.runtime == Runtime::Docker,
            Self::Conmon => matches!(container.runtime, Runtime::Crio | Runtime::Podman),
            Self::Podman => container.runtime == Runtime::Podman,
            Self::Crio => container.runtime == Runtime::Crio,
            Self::Runc => false,
        }
    }
}
