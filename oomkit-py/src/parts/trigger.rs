//! Who asked for memory, and where in the kernel it was.

use super::part;
use oomkit_core::event as model;

part! {
    /// The task that asked for memory when there was none: often not the one that died.
    Trigger {
        values {
            /// Its name, at most 15 bytes.
            comm,
            /// Exact bytes of `comm` in lower-case hex, when they are not UTF-8 (`bytes.fromhex()`).
            comm_raw,
            /// Its thread id, from the `CPU:` line.
            pid,
            /// Its user (6.11+).
            uid,
            /// log2 of the pages asked for; −1 when a person asked through sysrq.
            order,
            /// Its `oom_score_adj`, −1000 … 1000.
            oom_score_adj,
            /// Its `oom_adj`, −17 … 15, kernels before 3.8.
            oom_adj,
            /// Allocation flags as printed, `0x…`. The number's meaning changes between kernels.
            gfp_mask,
            /// The kernel's names for the mask (4.6+).
            gfp_flags,
            /// "printed", or "decoded" when the names are ours.
            gfp_flags_source,
            /// NUMA nodes the allocation was bound to, as printed.
            nodemask,
            /// Name (not path) of its cpuset.
            cpuset,
            /// Exact bytes of `cpuset` in lower-case hex, when they are not UTF-8 (`bytes.fromhex()`).
            cpuset_raw,
            /// NUMA nodes it may use, as printed.
            mems_allowed,
            /// Quality of service its `oom_score_adj` implies: "guaranteed", "burstable" or "best_effort".
            qos_class,
            /// What the allocation was for: "allocation", "page_fault", "memcg_charge" or "sysrq".
            cause,
        }
        parts {
            /// Container read from the `cpuset` name.
            container,
        }
    }
}

part! {
    /// One frame of the kernel's call trace, innermost first.
    Frame {
        values {
            /// Function, or the bare address where the kernel had no symbol.
            symbol,
            /// False for frames the unwinder was not sure of (`? symbol`).
            reliable,
            /// Offset in the function, in bytes.
            offset,
            /// The function's size, in bytes.
            size,
            /// Kernel module.
            module,
            /// Address, where the kernel prints it.
            address,
            /// Where it ran: "task", "irq", "softirq", "nmi" …
            context,
        }
    }
}
