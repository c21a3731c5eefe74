//! Companions: what other programs logged about a kill, or about memory running out, beside the kernel.

use super::part::part;
use super::word::words;
use super::{Job, Origin, Percent, SCHEMA_VERSION, Source, Time, Transport};
use crate::units::Bytes;

part! {
    /// A line of another actor that bears on an OOM kill: the runtime, kubelet, systemd, a user-space OOM daemon.
    ///
    /// It is what that program said, no more. Whether the line is genuine is only as sure as its program tag.
    Companion {
        @always {
            /// Tells a companion from an event in one stream of JSON.
            #[serde(rename = "type")]
            object: ObjectType,
            /// Version of the JSON schema: 1.
            schema_version: u32,
            /// Who spoke.
            actor: Actor,
            /// What it said.
            kind: CompanionKind,
            /// When.
            time: Time,
            /// Where in the log.
            source: Source,
            /// The text as logged, lossy, at most 4,096 bytes.
            message: String,
            /// The event it belongs to: the same host, close in time, and the same pid, container, unit or job.
            event_id: Option<String>,
        }
        /// Host name in the log.
        host: Option<String>,
        /// Pid of the actor itself.
        actor_pid: Option<u32>,
        /// The process it speaks of.
        pid: Option<u32>,
        /// That process's name.
        comm: Option<String>,
        /// That process's user.
        uid: Option<u32>,
        /// The signal sent, or died of: `SIGKILL`.
        signal: Option<String>,
        /// The container's id; some actors print only its first 12 or 20 digits.
        container_id: Option<String>,
        /// The pod's uid.
        pod_uid: Option<String>,
        /// The pod, as `namespace/name` where both are printed.
        pod: Option<String>,
        /// The systemd unit.
        unit: Option<String>,
        /// The cgroup's path.
        cgroup: Option<String>,
        /// Batch job and step.
        job: Option<Job>,
        /// Exit status; 137 is death by SIGKILL, whoever sent it.
        exit_code: Option<i32>,
        /// Why, in one word: `pressure`, `memory_and_swap` (systemd-oomd), systemd's result (`oom-kill`, `success`),
        /// Meta oomd's ruleset, the resource of an eviction.
        reason: Option<String>,
        /// How many processes or events the actor counts.
        count: Option<u64>,
        /// Memory used: of the system, or of the cgroup that was killed.
        memory_used_bytes: Option<Bytes>,
        /// Memory there is.
        memory_total_bytes: Option<Bytes>,
        /// Memory that was available.
        memory_available_bytes: Option<Bytes>,
        /// Swap used.
        swap_used_bytes: Option<Bytes>,
        /// Swap there is.
        swap_total_bytes: Option<Bytes>,
        /// The threshold that memory fell below.
        threshold_bytes: Option<Bytes>,
        /// Resident memory of the process.
        rss_bytes: Option<Bytes>,
        /// A unit's memory peak.
        memory_peak_bytes: Option<Bytes>,
        /// A unit's swap peak.
        swap_peak_bytes: Option<Bytes>,
        /// Share of memory that was available.
        memory_available_percent: Option<Percent>,
        /// Share of swap that was free.
        swap_free_percent: Option<Percent>,
        /// Memory pressure, over the window that decided (Meta oomd: 10 seconds).
        pressure_percent: Option<Percent>,
        /// The pressure that was too much.
        pressure_limit_percent: Option<Percent>,
    }
}

words! {
    /// Kinds of JSON object beside the event, which has no `type`.
    ObjectType {
        /// A [`Companion`].
        Companion = "companion",
    }

    /// Who wrote a companion.
    Actor {
        /// systemd's OOM daemon.
        SystemdOomd = "systemd-oomd",
        /// systemd, as the service manager of the system or of a user.
        Systemd = "systemd",
        /// earlyoom.
        Earlyoom = "earlyoom",
        /// nohang.
        Nohang = "nohang",
        /// Meta's oomd.
        Oomd = "oomd",
        /// Kubernetes' node agent, also inside k3s and its like.
        Kubelet = "kubelet",
        /// containerd.
        Containerd = "containerd",
        /// CRI-O.
        Crio = "crio",
        /// The monitor of CRI-O's and Podman's containers.
        Conmon = "conmon",
        /// Podman.
        Podman = "podman",
        /// Docker Engine.
        Dockerd = "dockerd",
        /// runc.
        Runc = "runc",
        /// Talos Linux' OOM controller.
        Talos = "talos",
        /// Slurm's step daemon.
        Slurmstepd = "slurmstepd",
        /// Android's user-space daemon.
        Lmkd = "lmkd",
        /// Android's old kernel driver. It is no OOM killer of the kernel's.
        Lowmemorykiller = "lowmemorykiller",
    }

    /// What a companion says.
    CompanionKind {
        /// The actor killed.
        Killed = "killed",
        /// The actor chose what is to be killed.
        Marked = "marked",
        /// The actor sends a signal.
        Signal = "signal",
        /// A process it waited for is gone.
        ProcessExit = "process_exit",
        /// Memory is low, says the actor.
        LowMemory = "low_memory",
        /// The kernel's OOM killer was at work, says the actor.
        OomNotice = "oom_notice",
        /// How a systemd unit ended.
        UnitResult = "unit_result",
        /// A systemd unit's main process ended.
        UnitExit = "unit_exit",
        /// What a systemd unit had used when it ended.
        UnitUsage = "unit_usage",
        /// A container ended.
        ContainerExit = "container_exit",
        /// kubelet evicts pods: no kill of the kernel's.
        Eviction = "eviction",
    }
}

impl Companion {
    /// Of which only actor and kind are known.
    pub(crate) fn new(actor: Actor, kind: CompanionKind) -> Self {
        let source = Source::required(String::new(), 0, 0, 0, 0, Transport::Bare, Origin::Unknown);
        Self::required(ObjectType::Companion, SCHEMA_VERSION, actor, kind, Time::default(), source, String::new(), None)
    }
}
