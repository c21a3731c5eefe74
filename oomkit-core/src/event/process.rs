//! Processes: the row the kernel printed for each, and the ones it killed.

use super::part::part;
use super::text::RawBytes;
use crate::units::Bytes;
use std::collections::BTreeMap;

part! {
    /// One row of the task table. Numbers are those of the initial pid and user namespace, not the container's.
    #[derive(Default)]
    Task {
        @always {
            /// Process (or, after its leader died, thread) id.
            pid: u32,
            /// Process name, at most 15 bytes.
            comm: String,
        }
        /// Exact bytes of `comm` when they are not UTF-8; in JSON as lower-case hex.
        comm_raw: Option<RawBytes>,
        /// User id.
        uid: Option<u32>,
        /// Thread group id.
        tgid: Option<u32>,
        /// Virtual size.
        total_vm_bytes: Option<Bytes>,
        /// Resident memory. Sums over rows count shared pages repeatedly.
        rss_bytes: Option<Bytes>,
        /// Anonymous resident memory (6.8+).
        rss_anon_bytes: Option<Bytes>,
        /// File-backed resident memory (6.8+).
        rss_file_bytes: Option<Bytes>,
        /// Shared resident memory (6.8+).
        rss_shmem_bytes: Option<Bytes>,
        /// Page tables.
        page_tables_bytes: Option<Bytes>,
        /// Swap entries.
        swap_bytes: Option<Bytes>,
        /// Its `oom_adj`, −17 … 15, kernels before 3.6.
        oom_adj: Option<i32>,
        /// Its `oom_score_adj`, −1000 … 1000.
        oom_score_adj: Option<i32>,
        /// Columns this version does not know, under their header names.
        extra: BTreeMap<String, i64>,
    }

    /// A process the kernel says it killed.
    #[derive(Default)]
    Victim {
        @always {
            /// The pid of the kill line, else of the `oom-kill:` summary.
            pid: u32,
        }
        /// Process name, at most 15 bytes.
        comm: Option<String>,
        /// Exact bytes of `comm` when they are not UTF-8; in JSON as lower-case hex.
        comm_raw: Option<RawBytes>,
        /// User id.
        uid: Option<u32>,
        /// Badness the kernel printed (up to 5.1).
        score: Option<i64>,
        /// Virtual size.
        total_vm_bytes: Option<Bytes>,
        /// Anonymous resident memory.
        anon_rss_bytes: Option<Bytes>,
        /// File-backed resident memory.
        file_rss_bytes: Option<Bytes>,
        /// Shared resident memory.
        shmem_rss_bytes: Option<Bytes>,
        /// Page tables.
        page_tables_bytes: Option<Bytes>,
        /// Its `oom_score_adj`, −1000 … 1000.
        oom_score_adj: Option<i32>,
        /// Path of the victim's memory cgroup.
        task_memcg: Option<String>,
        /// Exact bytes of `task_memcg` when they are not UTF-8; in JSON as lower-case hex.
        task_memcg_raw: Option<RawBytes>,
        /// What the OOM reaper left, when it spoke.
        reaped: Option<Reaped>,
        /// The pid the kernel had chosen, when the one it killed is another: a child, or a thread of a dead leader.
        selected_pid: Option<u32>,
    }

    /// What remained of a victim after the OOM reaper had unmapped it.
    #[derive(Default)]
    Reaped {
        /// Anonymous resident memory.
        anon_rss_bytes: Option<Bytes>,
        /// File-backed resident memory.
        file_rss_bytes: Option<Bytes>,
        /// Shared resident memory.
        shmem_rss_bytes: Option<Bytes>,
    }

    /// `memory.oom.group`: every task of the cgroup is killed.
    GroupKill {
        @always {
            /// The cgroup with `memory.oom.group` set.
            path: String,
        }
        /// Exact bytes of `path` when they are not UTF-8; in JSON as lower-case hex.
        path_raw: Option<RawBytes>,
    }
}
