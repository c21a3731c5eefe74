//! Who asked for memory, and where in the kernel it was.

use super::part::part;
use super::text::RawBytes;
use super::word::words;
use super::{Identity, QosClass};

part! {
    /// The task that asked for memory when there was none: often not the one that died.
    #[derive(Default)]
    Trigger {
        /// Its name, at most 15 bytes.
        comm: Option<String>,
        /// Exact bytes of `comm` when they are not UTF-8; in JSON as lower-case hex.
        comm_raw: Option<RawBytes>,
        /// Its thread id, from the `CPU:` line.
        pid: Option<u32>,
        /// Its user (6.11+).
        uid: Option<u32>,
        /// log2 of the pages asked for; −1 when a person asked through sysrq.
        order: Option<i32>,
        /// Its `oom_score_adj`, −1000 … 1000.
        oom_score_adj: Option<i32>,
        /// Its `oom_adj`, −17 … 15, kernels before 3.8.
        oom_adj: Option<i32>,
        /// Allocation flags as printed, `0x…`. The number's meaning changes between kernels.
        gfp_mask: Option<String>,
        /// The kernel's names for the mask (4.6+).
        gfp_flags: Vec<String>,
        /// `printed`, or `decoded` when the names are ours.
        gfp_flags_source: Option<String>,
        /// NUMA nodes the allocation was bound to, as printed.
        nodemask: Option<String>,
        /// Name (not path) of its cpuset.
        cpuset: Option<String>,
        /// Exact bytes of `cpuset` when they are not UTF-8; in JSON as lower-case hex.
        cpuset_raw: Option<RawBytes>,
        /// NUMA nodes it may use, as printed.
        mems_allowed: Option<String>,
        /// Container read from the `cpuset` name.
        container: Option<Identity>,
        /// Quality of service its `oom_score_adj` implies.
        qos_class: Option<QosClass>,
        /// What the allocation was for.
        cause: Option<Cause>,
    }
}

words! {
    /// What the allocation that failed was for.
    Cause {
        /// A page for the kernel or a task, outside a page fault.
        Allocation = "allocation",
        /// A page fault in user memory.
        PageFault = "page_fault",
        /// A charge to a memory cgroup.
        MemcgCharge = "memcg_charge",
        /// A person, through sysrq-f.
        Sysrq = "sysrq",
    }
}

part! {
    /// One frame of the kernel's call trace, innermost first.
    Frame {
        @always {
            /// Function, or the bare address where the kernel had no symbol.
            symbol: String,
            /// False for frames the unwinder was not sure of (`? symbol`).
            reliable: bool,
        }
        /// Offset in the function.
        offset: Option<u64>,
        /// The function's size, in bytes.
        size: Option<u64>,
        /// Kernel module.
        module: Option<String>,
        /// Address, where the kernel prints it.
        address: Option<String>,
        /// Where it ran: `task`, `irq`, `softirq`, `nmi` …
        context: Option<String>,
    }
}
