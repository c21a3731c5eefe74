//! What one component of a cgroup path is, in the light of the ones above it.

use super::{batch, cloud, engine, kubernetes, machine, systemd};
use crate::event::{Level, QosClass, Runtime};

/// One component, understood.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Component<'a> {
    /// Carries a container: everything below runs inside it.
    Container(Container<'a>),
    /// A sub-cgroup that belongs to the component above: `crio-….scope/container`, `step_0/user`.
    Inside,
    /// `kubepods`, `kubepods.slice`: the node's allocatable memory.
    Kubepods,
    /// `burstable`, `kubepods-besteffort.slice`.
    Qos(QosClass),
    /// A Kubernetes pod.
    Pod(Pod<'a>),
    /// `machine-libpod_pod_HEX64.slice`: Podman's idea of a pod, which has no Kubernetes uid.
    PodmanPod,
    /// Part of a batch job.
    Job { runtime: Runtime, part: JobPart<'a> },
    /// An ECS task, which holds containers.
    EcsTask(&'a [u8]),
    /// `user-1000.slice`, `user@1000.service`, Slurm's `uid_1000` (which says so).
    User { uid: u32, runtime: Option<Runtime> },
    /// `session-4.scope`.
    Session,
    /// Any other `.slice`.
    Slice,
    /// Any other `.service` or `.scope`.
    Unit,
    /// Nothing known.
    Plain,
}

/// A container, as far as one component shows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Container<'a> {
    pub(super) runtime: Runtime,
    pub(super) id: Option<&'a [u8]>,
    pub(super) name: Option<&'a [u8]>,
    pub(super) namespace: Option<&'a [u8]>,
    /// Still escaped.
    pub(super) machine: Option<&'a [u8]>,
    /// Of the unexpanded `kubepods-….slice:cri-containerd:ID`, which is pod and container in one.
    pub(super) slice: Option<&'a [u8]>,
    pub(super) pod: Option<Pod<'a>>,
    /// Nomad's allocation.
    pub(super) allocation: Option<&'a [u8]>,
    /// What the runtime keeps beside the container: its monitor or its overhead, never the container's processes.
    pub(super) helper: bool,
}

impl<'a> Container<'a> {
    pub(super) fn new(runtime: Runtime) -> Self {
        Self {
            runtime,
            id: None,
            name: None,
            namespace: None,
            machine: None,
            slice: None,
            pod: None,
            allocation: None,
            helper: false,
        }
    }

    pub(super) fn with_id(runtime: Runtime, id: &'a [u8]) -> Self {
        Self { id: Some(id), ..Self::new(runtime) }
    }
}

/// A pod and what its directory says of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pod<'a> {
    /// `_` or `-` between its groups.
    pub(super) uid: &'a [u8],
    /// `None` where the parents are cut off: no QoS directory then proves nothing.
    pub(super) qos: Option<QosClass>,
}

/// Part of a batch job.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum JobPart<'a> {
    Id(&'a [u8]),
    Step(&'a [u8]),
    Task(&'a [u8]),
    Slot(&'a [u8]),
}

/// The system whose tree a component is in. A container inside starts afresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Realm {
    Host,
    Slurm,
    Condor,
    Pbs,
    Lsf,
    Ecs,
    Nomad,
    Mesos,
    Garden,
    Libvirt,
    KataOverhead,
}

/// What is above a component.
#[derive(Debug, Clone)]
pub(super) struct Above<'a> {
    /// The name directly above. Empty for a container: `/lxc/docker/4f2a…` is inside an LXC container called `docker`.
    pub(super) parent: &'a [u8],
    pub(super) realm: Realm,
    /// The container, where only its own sub-cgroups are between.
    pub(super) container: Option<Runtime>,
}

impl<'a> Above<'a> {
    pub(super) fn root() -> Self {
        Self { parent: b"", realm: Realm::Host, container: None }
    }

    /// The view of the component below `name`.
    pub(super) fn below(self, name: &'a [u8], found: &Component<'a>) -> Self {
        match found {
            Component::Container(container) => {
                Self { container: (!container.helper).then(|| container.runtime.clone()), ..Self::root() }
            }
            Component::Inside => Self { parent: name, ..self },
            _ => Self { parent: name, realm: self.realm.below(name), container: None },
        }
    }
}

impl Realm {
    fn below(self, name: &[u8]) -> Self {
        match name {
            b"slurm" | b"slurmstepd.scope" => Self::Slurm,
            b"htcondor" | b"condor" | b"condor.service" => Self::Condor,
            b"pbs_jobs.service" | b"pbs_jobs.slice" | b"pbs_jobs" | b"pbspro.service" | b"pbspro.slice" | b"pbspro" => {
                Self::Pbs
            }
            b"lsf" => Self::Lsf,
            b"ecs" | b"ecstasks.slice" => Self::Ecs,
            b"nomad" | b"nomad.slice" => Self::Nomad,
            b"mesos" => Self::Mesos,
            b"garden" => Self::Garden,
            b"libvirt" => Self::Libvirt,
            b"kata_overhead" => Self::KataOverhead,
            // Several slurmds on one host: `/slurm_node1/uid_0`, `/system.slice/node1_slurmstepd.scope/job_1`.
            _ if name.starts_with(b"slurm_") || name.ends_with(b"_slurmstepd.scope") => Self::Slurm,
            _ => self,
        }
    }
}

impl<'a> Component<'a> {
    /// The first reader that knows the component wins: the ones that need a parent or a rare prefix come first.
    pub(super) fn classify(name: &'a [u8], above: &Above<'_>) -> Self {
        machine::classify(name, above)
            .or_else(|| kubernetes::classify(name, above))
            .or_else(|| cloud::classify(name, above))
            .or_else(|| engine::classify(name, above))
            .or_else(|| batch::classify(name, above))
            .or_else(|| systemd::classify(name))
            .unwrap_or(Self::Plain)
    }

    /// Whose limit a limit on this component is; `None` for "as the one above".
    pub(super) fn level(&self, name: &[u8]) -> Option<Level> {
        Some(match self {
            Self::Container(container) if !container.helper => Level::Container,
            Self::Container(_) if systemd::is_unit(name) => Level::Unit,
            Self::Container(_) | Self::Plain => Level::Cgroup,
            Self::Inside => return None,
            Self::Kubepods => Level::NodeAllocatable,
            Self::Qos(_) => Level::QosClass,
            Self::Pod(_) | Self::PodmanPod => Level::Pod,
            Self::Job { .. } | Self::EcsTask(_) => Level::Job,
            Self::User { .. } | Self::Session => Level::User,
            Self::Slice => Level::Slice,
            Self::Unit => Level::Unit,
        })
    }
}
