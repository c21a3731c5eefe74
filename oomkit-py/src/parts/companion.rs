//! What other programs logged about a kill.

use super::part;
use oomkit_core::event as model;

part! {
    /// A line of another actor that bears on an OOM kill: the runtime, kubelet, systemd, a user-space OOM daemon.
    ///
    /// It is what that program said, no more: whether the line is genuine is only as sure as its program tag. Attributes
    /// carry the names of the JSON that `oomkit parse --companions` prints; sizes are integers in bytes.
    Companion {
        values {
            /// Tells a companion from an event in one stream of JSON: "companion".
            object as "type",
            /// Version of the JSON schema: 1.
            schema_version,
            /// Who spoke: "systemd-oomd", "kubelet", "containerd" …
            actor,
            /// What it said: "killed", "oom_notice", "container_exit" …
            kind,
            /// The text as logged, lossy, at most 4,096 bytes.
            message,
            /// The event it belongs to: the same host, close in time, and the same pid, container, unit or job.
            event_id,
            /// Host name in the log.
            host,
            /// Pid of the actor itself.
            actor_pid,
            /// The process it speaks of.
            pid,
            /// That process's name.
            comm,
            /// That process's user.
            uid,
            /// The signal sent, or died of: `SIGKILL`.
            signal,
            /// The container's id; some actors print only its first 12 or 20 digits.
            container_id,
            /// The pod's uid.
            pod_uid,
            /// The pod, as `namespace/name` where both are printed.
            pod,
            /// The systemd unit.
            unit,
            /// The cgroup's path.
            cgroup,
            /// Exit status; 137 is death by SIGKILL, whoever sent it.
            exit_code,
            /// Why, in one word: `pressure`, `memory_and_swap` (systemd-oomd), systemd's result (`oom-kill`, `success`), Meta oomd's ruleset, the resource of an eviction.
            reason,
            /// How many processes or events the actor counts.
            count,
            /// Memory used: of the system, or of the cgroup that was killed.
            memory_used_bytes,
            /// Memory there is.
            memory_total_bytes,
            /// Memory that was available.
            memory_available_bytes,
            /// Swap used.
            swap_used_bytes,
            /// Swap there is.
            swap_total_bytes,
            /// The threshold that memory fell below.
            threshold_bytes,
            /// Resident memory of the process.
            rss_bytes,
            /// A unit's memory peak.
            memory_peak_bytes,
            /// A unit's swap peak.
            swap_peak_bytes,
            /// Share of memory that was available.
            memory_available_percent,
            /// Share of swap that was free.
            swap_free_percent,
            /// Memory pressure, over the window that decided (Meta oomd: 10 seconds).
            pressure_percent,
            /// The pressure that was too much.
            pressure_limit_percent,
        }
        parts {
            /// When.
            time,
            /// Where in the log.
            source,
            /// Batch job and step.
            job,
        }
    }
}
