//! Who a cgroup path belongs to.

use super::part;
use oomkit_core::event as model;

part! {
    /// Identity read from a cgroup path, or from the bare cgroup name that `cpuset=` prints.
    Identity {
        values {
            /// What made the cgroup: "containerd", "docker", "crio", "podman", "systemd", "slurm" …; "unknown" for a
            /// container whose runtime the path does not tell.
            runtime,
            /// The container's id in its runtime: mostly 64 hex digits.
            id,
            /// The container's name where the path carries one (LXC, Mesos frameworks, Nomad tasks).
            name,
            /// containerd's namespace, where the path shows it.
            namespace,
            /// The pod's UID with dashes, as the API prints it; 32 hex digits for a static pod.
            pod_uid,
            /// Quality of service, from the path's QoS directory: "guaranteed" (where a pod has none), "burstable" or
            /// "best_effort".
            qos_class,
            /// Deepest `.service` or `.scope` inside the innermost container, or of the path where there is none.
            unit,
            /// Deepest `.slice` of the path.
            slice,
            /// Machine name (nspawn, libvirt), `\x2d` unescaped.
            machine,
            /// User id of `user-1000.slice`, `uid_1000`.
            user_uid,
        }
        parts {
            /// Batch job (Slurm, HTCondor, PBS, Nomad allocation).
            job,
            /// ECS task, Nomad task.
            task,
            /// All identities of the path, outer to inner, when containers are nested; else empty.
            nesting,
        }
    }
}

part! {
    /// A batch system's job.
    Job {
        values {
            /// The job's id: `849633`, a Nomad allocation id, a Condor slot.
            id,
            /// Slurm's step: a number, `batch`, `extern`, `interactive`.
            step,
            /// Slurm's task within the step.
            task,
            /// Condor's slot.
            slot,
        }
    }
}

part! {
    /// An orchestrator's task.
    TaskRef {
        values {
            /// ECS task id.
            id,
            /// Nomad task name.
            name,
        }
    }
}

part! {
    /// Identity of the cgroup whose limit was hit.
    LimitOwner {
        values {
            /// What kind of thing it is: "container", "pod", "qos_class", "node_allocatable", "slice", "unit", "user",
            /// "job" or "cgroup".
            level,
            /// What made the cgroup: "containerd", "docker", "crio", "podman", "systemd", "slurm" …; "unknown" for a
            /// container whose runtime the path does not tell.
            runtime in identity,
            /// The container's id in its runtime: mostly 64 hex digits.
            id in identity,
            /// The container's name where the path carries one (LXC, Mesos frameworks, Nomad tasks).
            name in identity,
            /// containerd's namespace, where the path shows it.
            namespace in identity,
            /// The pod's UID with dashes, as the API prints it; 32 hex digits for a static pod.
            pod_uid in identity,
            /// Quality of service, from the path's QoS directory: "guaranteed" (where a pod has none), "burstable" or
            /// "best_effort".
            qos_class in identity,
            /// Deepest `.service` or `.scope` inside the innermost container, or of the path where there is none.
            unit in identity,
            /// Deepest `.slice` of the path.
            slice in identity,
            /// Machine name (nspawn, libvirt), `\x2d` unescaped.
            machine in identity,
            /// User id of `user-1000.slice`, `uid_1000`.
            user_uid in identity,
        }
        parts {
            /// Batch job (Slurm, HTCondor, PBS, Nomad allocation).
            job in identity,
            /// ECS task, Nomad task.
            task in identity,
            /// All identities of the path, outer to inner, when containers are nested; else empty.
            nesting in identity,
        }
    }
}
