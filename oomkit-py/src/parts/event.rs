//! The event itself, where it stands, and the kernel that wrote it.

use super::part;
use oomkit_core::event as model;

part! {
    /// One run of the kernel's OOM killer, as far as the log shows it.
    ///
    /// Attributes carry the names of the JSON that `oomkit parse --format jsonl` prints. Sizes are integers in bytes and
    /// end in `_bytes`, times in seconds end in `_seconds`, counts end in nothing. What was not in the log is `None`, or
    /// an empty tuple or dict: nothing is filled in. Words such as `outcome` are open sets; expect new ones.
    ///
    /// Immutable, hashable, comparable, and picklable. Parts are made when they are first read.
    Event shown by super::repr::event {
        values {
            /// Version of the JSON schema: 1.
            schema_version,
            /// Hash of the kernel's own facts: the same dump has the same id in every log it was copied to.
            id,
            /// What really constrained the allocation: "none" (the node was full), "memcg", "cpuset", "memory_policy" or
            /// "unknown".
            constraint,
            /// How it ended: "killed", "no_killable_process", "panic", "deadlock", "not_printed" or "unknown".
            outcome,
            /// Whose memory ran out: "container", "pod", "node_allocatable", "cgroup", "node", "cpuset", "memory_policy",
            /// "manual" (a person, through sysrq) or "unknown".
            scope,
            /// How much of the dump the log holds: "complete", "head_missing", "tail_missing", "middle_missing",
            /// "kill_line_only" or "fragment".
            completeness,
            /// Host name in the log.
            host,
            /// The constraint as printed: `CONSTRAINT_MEMCG`.
            constraint_text,
            /// Base page size the page counts were read with, in bytes.
            page_size_bytes,
            /// Whether the dump shows the page size ("measured") or not ("assumed": 4096).
            page_size_source,
        }
        parts {
            /// When its first line was written.
            time,
            /// Where in the log.
            source,
            /// Every process the kernel says it killed, in order, each once.
            victims,
            /// Whether Kubernetes could see it.
            verdict,
            /// What a reader should know before trusting the event.
            diagnostics,
            /// The kernel that wrote the dump.
            kernel,
            /// Who asked for memory.
            trigger,
            /// The kernel's call trace, innermost frame first.
            call_trace,
            /// The memory-cgroup block.
            memcg,
            /// The `Mem-Info` block.
            memory,
            /// The task table.
            tasks,
            /// `memory.oom.group` notice: the whole cgroup was killed.
            group_kill,
            /// Identity of the victim's cgroup; absent unless the dump prints its path.
            container,
            /// Identity of the cgroup whose limit was hit.
            limit_owner,
            /// `True` when the kernel says that `vm.oom_kill_allocating_task` made it kill who asked, whatever the scores.
            oom_kill_allocating_task,
            /// The pod, container and node it hit, where the cluster's objects were given (`oomkit parse --pods`).
            cluster,
        }
    }
}

part! {
    /// Where in a log the dump stands. Bytes are those of the decompressed text.
    Source {
        values {
            /// File name as given, `-` for standard input.
            name,
            /// First line, counted from 1.
            first_line,
            /// Last line.
            last_line,
            /// First byte, counted from 0.
            first_byte,
            /// Last byte, inclusive.
            last_byte,
            /// The log format: "dmesg", "kmsg", "rfc3164", "journal_json" …
            transport,
            /// Who wrote the lines: "kernel", "user", or "unknown" where the log format does not tell.
            origin,
        }
    }
}

part! {
    /// The kernel that wrote the dump.
    Kernel {
        values {
            /// Its release: `6.1.0-47-cloud-amd64`.
            release,
            /// What the firmware calls the machine: `Hardware name:`.
            hardware,
            /// `Not tainted`, or the taint letters as printed.
            tainted,
            /// The CPU the dump was written on.
            cpu,
        }
    }
}
