//! Who a cgroup path belongs to: container, pod, unit, job.

use super::word::words;
use serde::{Deserialize, Serialize};

words! {
    /// What made a cgroup.
    Runtime {
        /// containerd through the CRI, `ctr` or a namespace of its own.
        Containerd = "containerd",
        /// Docker Engine.
        Docker = "docker",
        /// CRI-O.
        Crio = "crio",
        /// Podman and other users of libpod.
        Podman = "podman",
        /// nerdctl.
        Nerdctl = "nerdctl",
        /// LXC, LXD, Incus and Proxmox containers.
        Lxc = "lxc",
        /// systemd-nspawn.
        Nspawn = "nspawn",
        /// libvirt and other virtual machines on the host.
        Libvirt = "libvirt",
        /// Kata Containers, seen from the host.
        Kata = "kata",
        /// BuildKit.
        Buildkit = "buildkit",
        /// Amazon ECS.
        Ecs = "ecs",
        /// HashiCorp Nomad.
        Nomad = "nomad",
        /// Apache Mesos.
        Mesos = "mesos",
        /// Cloud Foundry Garden.
        Garden = "garden",
        /// Slurm.
        Slurm = "slurm",
        /// HTCondor.
        Htcondor = "htcondor",
        /// A plain systemd unit, slice or session.
        Systemd = "systemd",
        /// A container whose runtime the path does not tell.
        Unknown = "unknown",
    }
}

words! {
    /// Kubernetes quality of service.
    QosClass {
        /// Requests equal limits for every container.
        Guaranteed = "guaranteed",
        /// Some request or limit is set.
        Burstable = "burstable",
        /// Nothing is set.
        BestEffort = "best_effort",
    }
}

words! {
    /// What kind of thing owns the limit that was hit.
    Level {
        /// One container's limit.
        Container = "container",
        /// The pod's: the sum of its containers' limits, or pod-level resources.
        Pod = "pod",
        /// A QoS class slice (`kubepods-burstable.slice`).
        QosClass = "qos_class",
        /// `kubepods`: the node's allocatable memory.
        NodeAllocatable = "node_allocatable",
        /// A systemd slice.
        Slice = "slice",
        /// A systemd service or scope.
        Unit = "unit",
        /// A user's slice or session.
        User = "user",
        /// A batch job, step or task.
        Job = "job",
        /// Some other cgroup.
        Cgroup = "cgroup",
    }
}

/// Identity read from a cgroup path, or from the bare cgroup name that `cpuset=` prints.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[cfg_attr(feature = "deny-unknown-fields", serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct Identity {
    /// What made the cgroup: "containerd", "docker", "crio", "podman", "systemd", "slurm" …; "unknown" for a container
    /// whose runtime the path does not tell.
    pub runtime: Runtime,
    /// The container's id in its runtime: mostly 64 hex digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The container's name where the path carries one (LXC, Mesos frameworks, Nomad tasks).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// containerd's namespace, where the path shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The pod's UID with dashes, as the API prints it; 32 hex digits for a static pod.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod_uid: Option<String>,
    /// Quality of service, from the path's QoS directory: "guaranteed" (where a pod has none), "burstable" or
    /// "best_effort".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qos_class: Option<QosClass>,
    /// Deepest `.service` or `.scope` inside the innermost container, or of the path where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Deepest `.slice` of the path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slice: Option<String>,
    /// Machine name (nspawn, libvirt), `\x2d` unescaped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
    /// User id of `user-1000.slice`, `uid_1000`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_uid: Option<u32>,
    /// Batch job (Slurm, HTCondor, PBS, Nomad allocation).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<Job>,
    /// ECS task, Nomad task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskRef>,
    /// All identities of the path, outer to inner, when containers are nested; else empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nesting: Vec<Identity>,
}

impl Identity {
    /// An identity of which only the runtime is known.
    pub fn new(runtime: Runtime) -> Self {
        Self {
            runtime,
            id: None,
            name: None,
            namespace: None,
            pod_uid: None,
            qos_class: None,
            unit: None,
            slice: None,
            machine: None,
            user_uid: None,
            job: None,
            task: None,
            nesting: Vec::new(),
        }
    }
}

/// A batch system's job.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[cfg_attr(feature = "deny-unknown-fields", serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct Job {
    /// The job's id: `849633`, a Nomad allocation id, a Condor slot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Slurm's step: a number, `batch`, `extern`, `interactive`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Slurm's task within the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Condor's slot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
}

/// An orchestrator's task.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[cfg_attr(feature = "deny-unknown-fields", serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct TaskRef {
    /// ECS task id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Nomad task name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Identity of the cgroup whose limit was hit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct LimitOwner {
    /// What kind of thing it is.
    pub level: Level,
    /// Who it is, in the same shape as the victim's identity.
    #[serde(flatten)]
    pub identity: Identity,
}

impl LimitOwner {
    /// The owner of a limit.
    pub fn new(level: Level, identity: Identity) -> Self {
        Self { level, identity }
    }
}
