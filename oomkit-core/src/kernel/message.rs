//! What one kernel record can say: the typed result of the grammar in this folder.
//!
//! Every variant is a pure reading of one record's text. Sizes keep the unit the kernel printed
//! ([`Pages`] or [`Bytes`]); names borrow the log's own bytes. A message claims nothing about other lines:
//! `Stat` is any `key 123`, and only the assembler knows whether a statistics block is open.

use crate::units::{Bytes, Pages};

/// One kernel record, read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Message<'a> {
    // ---- head
    Trigger(Trigger<'a>),
    CompactionDisabled,
    Cpuset(Cpuset<'a>),
    Cpu(Cpu<'a>),
    TaintText(&'a [u8]),
    Hardware(&'a [u8]),
    Workqueue(&'a [u8]),
    TraceStart,
    // `<TASK>`, `</TASK>`, `<IRQ>` … on a line of their own.
    TraceContext { name: &'a [u8], open: bool },
    Frame(Frame<'a>),
    // User registers, `RIP:`, `Code:`, raw stack words: recognised so that they are not foreign, and skipped.
    Registers,

    // ---- whose limit (memory cgroup)
    TaskIn { task: &'a [u8], limit: &'a [u8] },
    // `Task in /path`: the first of the three records of 3.15 – 3.18.
    TaskInHead(&'a [u8]),
    // ` killed as a result of limit of /path`: the second.
    TaskInTail(&'a [u8]),
    LimitReached(&'a [u8]),
    Counter { which: CounterKind, usage: Bytes, limit: Limit, failcnt: u64 },
    // `Memory cgroup stats for PATH:` and, before 5.3, the statistics on the same line. Truncated without statistics:
    // the colon is missing and the path may be cut.
    StatsHead { path: &'a [u8], stats: Vec<(&'a [u8], Bytes)>, truncated: bool },
    // `key 123` of 5.3+ (bytes or counts, by key).
    Stat { key: &'a [u8], value: u64 },
    // The same, indented, or as a whole multi-line record.
    Stats { stats: Vec<(&'a [u8], u64)>, truncated: bool },
    Protection { min: Bytes, low: Bytes },

    // ---- Mem-Info
    MemInfo,
    // `active_anon:1 inactive_anon:2 …` in pages: one line of it, or the whole multi-line record.
    Counters(Vec<(&'a [u8], Pages)>),
    Node { node: u32, values: Vec<(&'a [u8], Bytes)>, pages_scanned: Option<u64>, all_unreclaimable: Option<bool> },
    Zone(Zone<'a>),
    LowmemReserve(Vec<Pages>),
    Buddy(Buddy<'a>),
    Hugepages { node: Option<u32>, total: u64, free: u64, surplus: u64, size: Bytes },
    PagecachePages(Pages),
    SwapCachePages(Pages),
    SwapCacheStats,
    // May be negative in races on old kernels: then `None`.
    FreeSwap(Option<Bytes>),
    TotalSwap(Bytes),
    PageTotal { kind: PageTotal, pages: Pages },
    PerCpuList,
    SlabHead,
    SlabColumns,
    Slab { name: &'a [u8], used: Bytes, total: Bytes },
    SlabBusy,
    AllocationsHead { profiling: Option<bool> },
    Allocation(Allocation<'a>),

    // ---- tasks
    TasksHead,
    // `[ pid ]   uid  tgid …`: the column names after `pid`, with `name` unless the heading is cut.
    TasksColumns(Vec<&'a [u8]>),
    // `[  123] …`: split into columns by [`super::tasks::numbers`] once the header is known.
    TaskRow { pid: u32, rest: &'a [u8] },

    // ---- verdict
    // Boxed, as the kill line: they are large and rare, and messages are handed on often.
    Summary(Box<SummaryLine<'a>>),
    Selected { prefix: KillPrefix, pid: u32, comm: &'a [u8], score: i64 },
    Killed(Box<Killed<'a>>),
    KilledSharing { pid: u32, comm: &'a [u8] },
    GroupKill { path: &'a [u8] },
    Reaped { pid: u32, comm: &'a [u8], sizes: Sizes },
    NotReaped { pid: u32, comm: &'a [u8] },
    AlreadyExiting { pid: u32, comm: &'a [u8] },
    MmPinned { pid: u32, by: u32 },
    NoKillable,
    Panic(Panic<'a>),
    ManualOom,
    // `sysrq: OOM request ignored …`.
    ManualOomIgnored,

    // ---- what bears on a dump without being part of one
    // `oom_kill_process: 12 callbacks suppressed`: dump heads were rate-limited away.
    Suppressed { function: &'a [u8], count: u64 },
    // Lines of the log are gone here.
    Lost { count: u64, by: &'static str },
    // `page allocation failure`: a stack and a Mem-Info block follow that belong to no kill.
    AllocationFailure,
    // `sysrq: Show Memory`: the same.
    ShowMemory,
    // Any other `Kernel panic`, `BUG:`, `WARNING:` …: a stack follows that is not the dump's.
    OtherTrace,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Trigger<'a> {
    /// `None` on 2.6.18 and before, which print no name.
    pub(crate) comm: Option<&'a [u8]>,
    /// Empty where the line is cut before or inside it.
    pub(crate) gfp_mask: &'a [u8],
    /// The text between the parentheses after the mask, 4.6+.
    pub(crate) gfp_flags: Option<&'a [u8]>,
    /// `Some(None)` is a printed `(null)`.
    pub(crate) nodemask: Option<Option<&'a [u8]>>,
    pub(crate) order: Option<i32>,
    pub(crate) oom_score_adj: Option<i32>,
    /// `oom_adj=` and the older `oomkilladj=`.
    pub(crate) oom_adj: Option<i32>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cpuset<'a> {
    pub(crate) comm: &'a [u8],
    pub(crate) name: &'a [u8],
    pub(crate) mems_allowed: &'a [u8],
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cpu<'a> {
    pub(crate) cpu: Option<u32>,
    pub(crate) uid: Option<u32>,
    pub(crate) pid: u32,
    pub(crate) comm: &'a [u8],
    /// `Not tainted`, or `Tainted: …` with its letters, trimmed; `None` where the line is cut before it.
    pub(crate) taint: Option<&'a [u8]>,
    pub(crate) release: Option<&'a [u8]>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Frame<'a> {
    pub(crate) symbol: &'a [u8],
    pub(crate) offset: Option<u64>,
    pub(crate) size: Option<u64>,
    /// Without its build id.
    pub(crate) module: Option<&'a [u8]>,
    pub(crate) address: Option<&'a [u8]>,
    /// False for `? ` frames (and s390's parentheses, ppc's `(unreliable)`).
    pub(crate) reliable: bool,
    /// Inline ` <IRQ> ` / ` <EOI> ` markers of kernels before 4.10.
    pub(crate) context: Option<&'a [u8]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CounterKind {
    Memory,
    MemorySwap,
    Swap,
    Kmem,
}

/// A limit, or the huge number the kernel prints for none (at least 2^52 kB whatever the page size).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    Bounded(Bytes),
    Unbounded,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Zone<'a> {
    /// Absent on kernels built without NUMA.
    pub(crate) node: Option<u32>,
    pub(crate) zone: &'a [u8],
    /// `free`, `min`, `low` … in the order printed.
    pub(crate) values: Vec<(&'a [u8], Bytes)>,
    pub(crate) pages_scanned: Option<u64>,
    pub(crate) all_unreclaimable: Option<bool>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Buddy<'a> {
    pub(crate) node: Option<u32>,
    pub(crate) zone: &'a [u8],
    pub(crate) orders: Vec<BuddyOrder<'a>>,
    /// `= 7280kB`; `None` where the line is cut.
    pub(crate) total: Option<Bytes>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BuddyOrder<'a> {
    pub(crate) count: u64,
    pub(crate) size: Bytes,
    /// `UME` and the like: migrate types with free blocks of this order.
    pub(crate) types: Option<&'a [u8]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageTotal {
    Ram,
    /// `HighMem` and `HighMem/MovableOnly`.
    HighMem,
    Reserved,
    CmaReserved,
    HwPoisoned,
    Shared,
    NonShared,
    PagetableCache,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Allocation<'a> {
    /// Exact on 6.10, rounded by the kernel (` 1.20 GiB`) from 6.12.
    pub(crate) size: Bytes,
    pub(crate) calls: u64,
    /// `mm/slub.c:2190`.
    pub(crate) site: &'a [u8],
    pub(crate) module: Option<&'a [u8]>,
    pub(crate) function: &'a [u8],
}

/// `oom-kill:constraint=…` (5.0+). Everything may be missing: the record is cut at about 1 KiB.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct SummaryLine<'a> {
    /// Empty where the line is cut inside it.
    pub(crate) constraint: &'a [u8],
    pub(crate) nodemask: Option<Option<&'a [u8]>>,
    pub(crate) cpuset: Option<&'a [u8]>,
    pub(crate) mems_allowed: Option<&'a [u8]>,
    pub(crate) oom_memcg: Option<&'a [u8]>,
    pub(crate) global_oom: bool,
    /// `TASK_MEMCG,task=COMM` as one piece where path or name hold `,task=`, split by the assembler with
    /// [`super::summary_line::split_task`] when another line has the name; [`SummaryLine::task_memcg`] and
    /// [`SummaryLine::comm`] are the best reading without it.
    pub(crate) task_part: Option<&'a [u8]>,
    pub(crate) task_memcg: Option<&'a [u8]>,
    pub(crate) comm: Option<&'a [u8]>,
    pub(crate) pid: Option<u32>,
    pub(crate) uid: Option<u32>,
    /// The line ends before `uid=`.
    pub(crate) truncated: bool,
}

/// What is before `Killed process` / `Kill process`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KillPrefix {
    /// Nothing (2.6.20 – 5.1).
    Bare,
    /// `Out of memory` (and the older `Out of Memory`).
    Global,
    /// `Memory cgroup out of memory`.
    Memcg,
    /// `Out of memory (oom_kill_allocating_task)`.
    AllocatingTask,
    /// `No available memory (MPOL_BIND)`.
    MemoryPolicy,
    /// `No available memory in cpuset`.
    Cpuset,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Killed<'a> {
    pub(crate) prefix: KillPrefix,
    pub(crate) pid: u32,
    pub(crate) comm: &'a [u8],
    pub(crate) sizes: Sizes,
    pub(crate) uid: Option<u32>,
    pub(crate) oom_score_adj: Option<i32>,
    /// The line ends before the last value the kernel prints, or inside one.
    pub(crate) truncated: bool,
}

/// The sizes of a kill or reaper line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sizes {
    /// `total-vm`, and `vsz` on 2.6.34.
    pub(crate) total_vm: Option<Bytes>,
    pub(crate) anon_rss: Option<Bytes>,
    pub(crate) file_rss: Option<Bytes>,
    pub(crate) shmem_rss: Option<Bytes>,
    pub(crate) page_tables: Option<Bytes>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Panic<'a> {
    /// `Out of memory: … panic_on_oom is enabled` in all its spellings, with the message.
    OnOom(&'a [u8]),
    /// `System is deadlocked on memory`.
    Deadlocked,
    /// `Out of memory and no killable processes...`.
    NoKillable,
}
