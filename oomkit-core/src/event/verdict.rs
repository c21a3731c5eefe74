//! What it means: constraint, scope, outcome, and whether Kubernetes could see it.

use super::part::part;
use super::word::words;

words! {
    /// What really constrained the allocation.
    Constraint {
        /// The whole node was out of memory.
        None = "none",
        /// A memory cgroup's limit.
        Memcg = "memcg",
        /// The nodes of a cpuset.
        Cpuset = "cpuset",
        /// The nodes of a NUMA memory policy.
        MemoryPolicy = "memory_policy",
        /// The dump does not tell.
        Unknown = "unknown",
    }

    /// Whose memory ran out.
    Scope {
        /// One container's limit.
        Container = "container",
        /// A pod's.
        Pod = "pod",
        /// The node's allocatable memory (`kubepods` and its QoS slices).
        NodeAllocatable = "node_allocatable",
        /// Some other cgroup's limit.
        Cgroup = "cgroup",
        /// The node's.
        Node = "node",
        /// The memory of a cpuset's nodes.
        Cpuset = "cpuset",
        /// The memory of a NUMA policy's nodes.
        MemoryPolicy = "memory_policy",
        /// Nobody's: a person asked through sysrq.
        Manual = "manual",
        /// The dump does not tell.
        Unknown = "unknown",
    }

    /// How it ended.
    Outcome {
        /// At least one process was killed.
        Killed = "killed",
        /// Nothing could be killed.
        NoKillableProcess = "no_killable_process",
        /// The kernel panicked because it was told to.
        Panic = "panic",
        /// The kernel panicked because nothing could be killed.
        Deadlock = "deadlock",
        /// A kernel that prints no kill line.
        NotPrinted = "not_printed",
        /// The dump does not tell.
        Unknown = "unknown",
    }

    /// How much of the dump the log holds.
    Completeness {
        /// From the trigger line to the end.
        Complete = "complete",
        /// The trigger line is lost.
        HeadMissing = "head_missing",
        /// The end is lost.
        TailMissing = "tail_missing",
        /// Head and end are there, the memory block between them is not.
        MiddleMissing = "middle_missing",
        /// Nothing but a kill line: heads are rate-limited.
        KillLineOnly = "kill_line_only",
        /// Neither head nor end.
        Fragment = "fragment",
    }

    /// Could Kubernetes see the kill?
    VerdictKind {
        /// The container's first process died: Kubernetes can see it.
        ContainerKilled = "container_killed",
        /// Only a child died and the container lives on: a silent OOM.
        ChildKilled = "child_killed",
        /// The victim was in no container.
        NotContainerised = "not_containerised",
        /// The dump does not tell.
        Unknown = "unknown",
    }

    /// How sure a verdict is.
    Confidence {
        /// The log proves it.
        Certain = "certain",
        /// The evidence points this way.
        Likely = "likely",
        /// It may be so.
        Possible = "possible",
    }
}

part! {
    /// Whether Kubernetes could see the kill, how sure that is, and why.
    Verdict {
        @always {
            /// The answer: "container_killed" (Kubernetes can see it), "child_killed" (the silent OOM),
            /// "not_containerised" or "unknown".
            kind: VerdictKind,
            /// How sure that is.
            confidence: Confidence,
            /// Sentences drawn from the dump.
            evidence: Vec<Evidence>,
        }
    }

    /// One fact a verdict rests on.
    Evidence {
        @always {
            /// A sentence.
            fact: String,
        }
        /// The line it was read from, counted from 1.
        line: Option<u64>,
    }
}
