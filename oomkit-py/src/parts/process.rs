//! Processes: rows of the task table, and the ones that were killed.

use super::part;
use oomkit_core::event as model;

part! {
    /// One row of the task table. Numbers are those of the initial pid and user namespace, not the container's.
    Task {
        values {
            /// Process (or, after its leader died, thread) id.
            pid,
            /// Process name, at most 15 bytes.
            comm,
            /// Exact bytes of `comm` in lower-case hex, when they are not UTF-8 (`bytes.fromhex()`).
            comm_raw,
            /// User id.
            uid,
            /// Thread group id.
            tgid,
            /// Virtual size, in bytes.
            total_vm_bytes,
            /// Resident memory, in bytes. Sums over rows count shared pages repeatedly.
            rss_bytes,
            /// Anonymous resident memory (6.8+), in bytes.
            rss_anon_bytes,
            /// File-backed resident memory (6.8+), in bytes.
            rss_file_bytes,
            /// Shared resident memory (6.8+), in bytes.
            rss_shmem_bytes,
            /// Page tables, in bytes.
            page_tables_bytes,
            /// Swap entries, in bytes.
            swap_bytes,
            /// Its `oom_adj`, −17 … 15, kernels before 3.6.
            oom_adj,
            /// Its `oom_score_adj`, −1000 … 1000.
            oom_score_adj,
            /// Columns this version does not know, under their header names.
            extra,
        }
    }
}

part! {
    /// A process the kernel says it killed.
    Victim {
        values {
            /// The pid of the kill line, else of the `oom-kill:` summary.
            pid,
            /// Process name, at most 15 bytes.
            comm,
            /// Exact bytes of `comm` in lower-case hex, when they are not UTF-8 (`bytes.fromhex()`).
            comm_raw,
            /// User id.
            uid,
            /// Badness the kernel printed (up to 5.1).
            score,
            /// Virtual size, in bytes.
            total_vm_bytes,
            /// Anonymous resident memory, in bytes.
            anon_rss_bytes,
            /// File-backed resident memory, in bytes.
            file_rss_bytes,
            /// Shared resident memory, in bytes.
            shmem_rss_bytes,
            /// Page tables, in bytes.
            page_tables_bytes,
            /// Its `oom_score_adj`, −1000 … 1000.
            oom_score_adj,
            /// Path of the victim's memory cgroup.
            task_memcg,
            /// Exact bytes of `task_memcg` in lower-case hex, when they are not UTF-8 (`bytes.fromhex()`).
            task_memcg_raw,
            /// The pid the kernel had chosen, when the one it killed is another: a child, or a thread of a dead leader.
            selected_pid,
        }
        parts {
            /// What the OOM reaper left, when it spoke.
            reaped,
        }
    }
}

part! {
    /// What remained of a victim after the OOM reaper had unmapped it.
    Reaped {
        values {
            /// Anonymous resident memory, in bytes.
            anon_rss_bytes,
            /// File-backed resident memory, in bytes.
            file_rss_bytes,
            /// Shared resident memory, in bytes.
            shmem_rss_bytes,
        }
    }
}

part! {
    /// `memory.oom.group`: every task of the cgroup is killed.
    GroupKill {
        values {
            /// The cgroup with `memory.oom.group` set.
            path,
            /// Exact bytes of `path` in lower-case hex, when they are not UTF-8 (`bytes.fromhex()`).
            path_raw,
        }
    }
}
