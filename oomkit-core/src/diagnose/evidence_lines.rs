//! Line numbers of a dump that evidence refers to.

/// Counted from 1; what the log does not hold is absent.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct EvidenceLines {
    /// The `memory.oom.group` notice.
    pub(crate) group: Option<u64>,
    /// The task table's header.
    pub(crate) table: Option<u64>,
    /// The first kill line.
    pub(crate) kill: Option<u64>,
    /// The `oom-kill:` summary.
    pub(crate) summary: Option<u64>,
    /// The first counter of the cgroup.
    pub(crate) counters: Option<u64>,
    /// The frame that shows that a memory cgroup's limit was hit.
    pub(crate) memcg_frame: Option<(&'static str, u64)>,
    /// The last line of the dump.
    pub(crate) last: Option<u64>,
}
