//! The memory-cgroup block.

use super::part;
use oomkit_core::event as model;

part! {
    /// What the kernel printed about the memory cgroup.
    Memcg {
        values {
            /// Path of the cgroup whose limit was hit.
            oom_memcg,
            /// Exact bytes of `oom_memcg` in lower-case hex, when they are not UTF-8 (`bytes.fromhex()`).
            oom_memcg_raw,
            /// Path of the victim's cgroup.
            task_memcg,
            /// Exact bytes of `task_memcg` in lower-case hex, when they are not UTF-8 (`bytes.fromhex()`).
            task_memcg_raw,
            /// Effective `memory.min` of the cgroup (6.19+), in bytes.
            min_protection_bytes,
            /// Effective `memory.low` of the cgroup (6.19+), in bytes.
            low_protection_bytes,
            /// Statistics under the kernel's own keys: memory keys in bytes whatever the kernel printed, counters as
            /// counts. Before 5.3 these are the limited cgroup's own lines, from 5.3 they include its descendants.
            stats,
        }
        parts {
            /// The `memory:` counter.
            memory,
            /// The `memory+swap:` counter, cgroup v1.
            memory_swap,
            /// The `swap:` counter, cgroup v2.
            swap,
            /// The `kmem:` counter, cgroup v1 (all before 5.3).
            kmem,
            /// One line a cgroup of the subtree (before 5.3), values in bytes.
            per_cgroup_stats,
        }
    }
}

part! {
    /// One page counter of a memory cgroup.
    Counter {
        values {
            /// What was charged, in bytes. May stand slightly below or above the limit.
            usage_bytes,
            /// How often a charge failed, since the cgroup was made or the count reset.
            failcnt,
            /// The limit, in bytes; absent when there is none.
            limit_bytes,
        }
    }
}

part! {
    /// Statistics of one cgroup in the limited subtree.
    CgroupStats {
        values {
            /// Path of the cgroup.
            path,
            /// Its own (not its descendants') memory, in bytes.
            stats,
            /// Exact bytes of `path` in lower-case hex, when they are not UTF-8 (`bytes.fromhex()`).
            path_raw,
        }
    }
}
