//! The memory-cgroup block: whose limit was hit and what was charged to it.

use super::part::part;
use super::text::RawBytes;
use crate::units::Bytes;
use std::collections::BTreeMap;

part! {
    /// What the kernel printed about the memory cgroup.
    #[derive(Default)]
    Memcg {
        /// Path of the cgroup whose limit was hit.
        oom_memcg: Option<String>,
        /// Exact bytes of `oom_memcg` when they are not UTF-8; in JSON as lower-case hex.
        oom_memcg_raw: Option<RawBytes>,
        /// Path of the victim's cgroup.
        task_memcg: Option<String>,
        /// Exact bytes of `task_memcg` when they are not UTF-8; in JSON as lower-case hex.
        task_memcg_raw: Option<RawBytes>,
        /// The `memory:` counter.
        memory: Option<Counter>,
        /// The `memory+swap:` counter, cgroup v1.
        memory_swap: Option<Counter>,
        /// The `swap:` counter, cgroup v2.
        swap: Option<Counter>,
        /// The `kmem:` counter, cgroup v1 (all before 5.3).
        kmem: Option<Counter>,
        /// Effective `memory.min` of the cgroup (6.19+).
        min_protection_bytes: Option<Bytes>,
        /// Effective `memory.low` of the cgroup (6.19+).
        low_protection_bytes: Option<Bytes>,
        /// Statistics under the kernel's own keys: memory keys in bytes whatever the kernel printed, counters as
        /// counts. Before 5.3 these are the limited cgroup's own lines, from 5.3 they include its descendants.
        stats: BTreeMap<String, u64>,
        /// One line a cgroup of the subtree (before 5.3), values in bytes.
        per_cgroup_stats: Vec<CgroupStats>,
    }

    /// One page counter of a memory cgroup.
    Counter {
        @always {
            /// What was charged. May stand slightly below or above the limit.
            usage_bytes: Bytes,
            /// How often a charge failed, since the cgroup was made or the count reset.
            failcnt: u64,
        }
        /// The limit; absent when there is none.
        limit_bytes: Option<Bytes>,
    }

    /// Statistics of one cgroup in the limited subtree.
    CgroupStats {
        @always {
            /// Path of the cgroup.
            path: String,
            /// Its own (not its descendants') memory, in bytes.
            stats: BTreeMap<String, u64>,
        }
        /// Exact bytes of `path` when they are not UTF-8; in JSON as lower-case hex.
        path_raw: Option<RawBytes>,
    }
}
