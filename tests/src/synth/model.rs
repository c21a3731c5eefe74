//! What a dump says, without how.

/// Whose limit was hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Limit {
    Global,
    Memcg,
    Cpuset,
    Policy,
    Sysrq,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum End {
    Kill,
    NoProcess,
    PanicOnOom,
}

/// The task that asked.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Trigger {
    pub comm: Vec<u8>,
    pub pid: u32,
    pub uid: u32,
    pub cpu: u32,
    pub order: i32,
    pub gfp: u32,
    pub flags: Vec<&'static str>,
    pub adj: i32,
    pub old_adj: i32,
    pub cpuset: Vec<u8>,
    pub mems_allowed: &'static str,
}

/// Usage against a limit; kB. No limit: `None`.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Counter {
    pub usage: u64,
    pub limit: Option<u64>,
    pub failcnt: u64,
}

/// The memory cgroups.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Cgroups {
    pub limit_path: Vec<u8>,
    pub victim_path: Vec<u8>,
    pub v2: bool,
    pub memory: Counter,
    /// `memory+swap` on version 1, `swap` on version 2.
    pub swap: Counter,
    pub kmem: Counter,
    pub seed: u64,
}

/// A zone; kB.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Zone {
    pub name: &'static str,
    pub free: u64,
    pub min: u64,
    pub low: u64,
    pub high: u64,
    pub reserve: Vec<u64>,
    /// Count and migrate types of each order.
    pub buddy: Vec<(u64, &'static str)>,
    pub seed: u64,
}

/// A NUMA node.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Node {
    pub zones: Vec<Zone>,
    pub unreclaimable: bool,
    pub hugepages: Vec<[u64; 4]>,
    pub seed: u64,
}

/// A process; sizes in pages.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Task {
    pub pid: u32,
    pub tgid: u32,
    pub uid: u32,
    pub total_vm: u64,
    pub anon: u64,
    pub file: u64,
    pub shmem: u64,
    /// Pages of page tables, and of the level above.
    pub tables: u64,
    pub pmds: u64,
    pub swap: u64,
    pub adj: i32,
    pub old_adj: i32,
    pub comm: Vec<u8>,
}

/// One run of the OOM killer.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Dump {
    pub micros: u64,
    pub trigger: Trigger,
    pub limit: Limit,
    pub cgroups: Cgroups,
    pub page_kb: u64,
    pub nodes: Vec<Node>,
    pub seed: u64,
    pub swap: [u64; 2],
    pub ram_pages: u64,
    pub reserved_pages: u64,
    pub slab: Vec<(Vec<u8>, u64, u64)>,
    pub tasks: Vec<Task>,
    pub with_table: bool,
    /// Tasks that die, the first of them chosen; all of them with `group`.
    pub victims: Vec<usize>,
    pub group: bool,
    /// The chosen task whose child dies in its place.
    pub selected: Option<usize>,
    pub score: u32,
    pub reaper: bool,
    pub end: End,
}

impl Dump {
    /// A memory cgroup's limit was hit.
    pub fn is_memcg(&self) -> bool {
        self.limit == Limit::Memcg
    }
}
