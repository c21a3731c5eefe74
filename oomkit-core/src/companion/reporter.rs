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
    /// All, with their names as actors and as people write them.
    const ALL: [(Self, Actor, &'static str); 8] = [
        (Self::Containerd, Actor::Containerd, "containerd"),
        (Self::Kubelet, Actor::Kubelet, "kubelet"),
        (Self::Systemd, Actor::Systemd, "systemd"),
        (Self::Dockerd, Actor::Dockerd, "dockerd"),
        (Self::Crio, Actor::Crio, "CRI-O"),
        (Self::Conmon, Actor::Conmon, "conmon"),
        (Self::Podman, Actor::Podman, "Podman"),
        (Self::Runc, Actor::Runc, "runc"),
    ];

    /// `None` for an actor that reports no container's end.
    pub(crate) fn from_actor(actor: &Actor) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, name, _)| name == actor).map(|(reporter, ..)| reporter)
    }

    /// Its name as people write it.
    pub(crate) fn name(self) -> &'static str {
        Self::ALL[self as usize].2
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
