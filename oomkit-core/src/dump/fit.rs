//! Which dump a message belongs to: what fits a draft, what opens one, what proves that it is an OOM's.

use super::clock::Clock;
use super::draft::{Draft, Kind, Stage};
use crate::kernel::{KillPrefix, Killed, Message};
use crate::transport::Record;

/// Seconds between the verdict of a dump and what still belongs to it, such as the members of a group kill, at most.
const REACH_SECONDS: u64 = 10;
/// A dump that has no verdict yet is waited for longer: a slow console, or a collector that lost lines in the middle
/// (13 s lie between two rows of a table in one RHEL 6 log).
const PATIENCE: u64 = 6;

/// The block a message belongs to.
pub(super) fn stage(message: &Message<'_>) -> Stage {
    match message {
        Message::Trigger(_) | Message::CompactionDisabled | Message::Cpuset(_) | Message::ManualOom => Stage::Head,
        Message::Cpu(_)
        | Message::TaintText(_)
        | Message::Hardware(_)
        | Message::Workqueue(_)
        | Message::TraceStart
        | Message::TraceContext { .. }
        | Message::Frame(_)
        | Message::Registers
        | Message::OtherTrace => Stage::Stack,
        Message::TaskIn { .. }
        | Message::TaskInHead(_)
        | Message::TaskInTail(_)
        | Message::LimitReached(_)
        | Message::Counter { .. } => Stage::Memcg,
        Message::StatsHead { .. } | Message::Stat { .. } | Message::Stats { .. } => Stage::Stats,
        Message::MemInfo
        | Message::Counters(_)
        | Message::Node { .. }
        | Message::Zone(_)
        | Message::LowmemReserve(_)
        | Message::Buddy(_)
        | Message::Hugepages { .. }
        | Message::PagecachePages(_)
        | Message::SwapCachePages(_)
        | Message::SwapCacheStats
        | Message::FreeSwap(_)
        | Message::TotalSwap(_)
        | Message::PageTotal { .. }
        | Message::PerCpuList
        | Message::AllocationFailure
        | Message::ShowMemory => Stage::MemInfo,
        Message::SlabHead
        | Message::SlabColumns
        | Message::Slab { .. }
        | Message::SlabBusy
        | Message::AllocationsHead { .. }
        | Message::Allocation(_)
        // 6.19 prints it after either block
        | Message::Protection { .. } => Stage::Slab,
        Message::TasksHead | Message::TasksColumns(_) | Message::TaskRow { .. } => Stage::Tasks,
        Message::Summary(_) => Stage::Summary,
        Message::Selected { .. }
        | Message::Killed(_)
        | Message::KilledSharing { .. }
        | Message::GroupKill { .. }
        | Message::Reaped { .. }
        | Message::NotReaped { .. }
        | Message::AlreadyExiting { .. }
        | Message::MmPinned { .. }
        | Message::NoKillable
        | Message::Panic(_)
        | Message::ManualOomIgnored
        | Message::Lost { .. }
        | Message::Suppressed { .. } => Stage::Verdict,
    }
}

/// What a message opens when no open dump takes it.
pub(super) fn opens(message: &Message<'_>) -> Option<Kind> {
    match message {
        Message::Trigger(_)
        | Message::TaskIn { .. }
        | Message::LimitReached(_)
        | Message::Counter { .. }
        | Message::StatsHead { .. }
        | Message::TasksHead
        | Message::TasksColumns(_)
        | Message::Summary(_)
        | Message::Selected { .. }
        | Message::Killed(_)
        | Message::GroupKill { .. }
        | Message::NoKillable
        | Message::Panic(_) => Some(Kind::Oom),
        Message::Frame(frame) => is_oom_symbol(frame.symbol).then_some(Kind::Candidate),
        Message::Cpuset(_)
        | Message::Cpu(_)
        | Message::Hardware(_)
        | Message::TraceStart
        | Message::MemInfo
        | Message::Counters(_)
        | Message::Node { .. }
        | Message::Zone(_)
        | Message::LowmemReserve(_)
        | Message::Buddy(_)
        | Message::Hugepages { .. }
        | Message::PagecachePages(_)
        | Message::SwapCachePages(_)
        | Message::FreeSwap(_)
        | Message::TotalSwap(_)
        | Message::PageTotal { .. }
        | Message::TaskRow { .. } => Some(Kind::Candidate),
        Message::AllocationFailure | Message::ShowMemory | Message::OtherTrace => Some(Kind::Decoy),
        _ => None,
    }
}

/// Whether a message stands only in OOM dumps.
pub(super) fn proves(message: &Message<'_>) -> bool {
    match message {
        Message::Frame(frame) => is_oom_symbol(frame.symbol),
        // many rows look alike; a header before them makes the table
        Message::TaskRow { .. } => false,
        other => opens(other) == Some(Kind::Oom),
    }
}

/// Functions that only run to find a victim.
fn is_oom_symbol(symbol: &[u8]) -> bool {
    [&b"out_of_memory"[..], b"oom_kill_process", b"mem_cgroup_out_of_memory", b"pagefault_out_of_memory"]
        .iter()
        .any(|s| symbol.strip_prefix(*s).is_some_and(|rest| rest.is_empty() || rest[0] == b'.'))
}

impl Draft {
    /// Whether the message continues this dump.
    pub(super) fn fits(&self, message: &Message<'_>, record: &Record<'_>, clock: &Clock) -> bool {
        // the reaper is a task of its own
        let by_reaper = matches!(message, Message::Reaped { .. } | Message::NotReaped { .. });
        if let (Some(mine), Some(theirs)) = (self.caller, record.caller)
            && mine != theirs
            && !by_reaper
        {
            return false;
        }
        let stage = stage(message);
        if self.panic.is_some() {
            // the panic's own head and stack
            return stage <= Stage::Stack && !matches!(message, Message::Trigger(_));
        }
        if self.kind == Kind::Decoy {
            let other = matches!(
                message,
                Message::Trigger(_) | Message::AllocationFailure | Message::ShowMemory | Message::OtherTrace
            );
            return !other && stage <= Stage::Slab && stage >= self.stage && !memcg(stage) && self.fresh(message);
        }
        match message {
            Message::Trigger(_)
            | Message::AllocationFailure
            | Message::ShowMemory
            | Message::OtherTrace
            | Message::ManualOom
            | Message::Lost { .. }
            | Message::Suppressed { .. } => false,
            Message::Killed(killed) => self.fits_kill(killed, clock),
            Message::KilledSharing { .. } | Message::AlreadyExiting { .. } => self.kind == Kind::Oom,
            Message::GroupKill { .. } => self.group.is_none() && self.kind == Kind::Oom && self.is_near(clock),
            Message::Reaped { pid, .. } => self.names(*pid) || (self.has_row(*pid) && self.kills.is_empty()),
            Message::NotReaped { pid, .. } | Message::MmPinned { pid, .. } => self.names(*pid),
            Message::Selected { .. } => {
                self.kind == Kind::Oom && self.selected.is_none() && self.kills.is_empty() && !self.no_killable
            }
            Message::Summary(_) => self.summary.is_none() && self.kills.is_empty() && !self.no_killable,
            // in a memcg without a killable task it comes with every dump; a panic may follow it
            Message::NoKillable => self.kind == Kind::Oom && self.kills.is_empty() && !self.no_killable,
            Message::ManualOomIgnored => self.no_killable,
            Message::Panic(_) => self.kind == Kind::Oom && self.kills.is_empty(),
            _ => stage >= self.stage && self.stage < Stage::Summary && self.fresh(message) && self.is_near(clock),
        }
    }

    /// Whether a line that stands once in a dump has not been seen in this one.
    fn fresh(&self, message: &Message<'_>) -> bool {
        match message {
            Message::Cpuset(_) => self.trigger.as_ref().is_none_or(|t| t.cpuset.is_none()),
            Message::Cpu(cpu) => {
                let named = self.trigger.as_ref().filter(|_| self.headed).and_then(|t| t.comm.as_deref());
                self.cpu.is_none() && named.is_none_or(|comm| comm == String::from_utf8_lossy(cpu.comm))
            }
            Message::Hardware(_) => self.kernel.hardware.is_none(),
            Message::TaskIn { .. } | Message::TaskInHead(_) => self.task_memcg.is_none(),
            Message::TaskInTail(_) => self.task_memcg.is_some() && self.oom_memcg.is_none(),
            Message::LimitReached(_) => self.oom_memcg.is_none(),
            Message::Counter { which, .. } => {
                use crate::kernel::CounterKind as K;
                let memcg = &self.memcg;
                match which {
                    K::Memory => memcg.memory.is_none(),
                    K::MemorySwap => memcg.memory_swap.is_none(),
                    K::Swap => memcg.swap.is_none(),
                    K::Kmem => memcg.kmem.is_none(),
                }
            }
            Message::Stat { .. } | Message::Stats { .. } => self.stats.open,
            Message::Slab { .. } | Message::SlabColumns | Message::SlabBusy => self.memory.slab_open(),
            Message::Allocation(_) => self.memory.allocations_open(),
            Message::MemInfo => !self.memory.seen(),
            Message::TasksColumns(_) => self.columns.is_none(),
            Message::TaskRow { pid, .. } => self.rows.last_pid() != Some(*pid),
            _ => true,
        }
    }

    fn fits_kill(&self, killed: &Killed<'_>, clock: &Clock) -> bool {
        if self.kind != Kind::Oom || !self.is_near(clock) || self.no_killable {
            return false;
        }
        let known_row = || self.rows.is_empty() || self.has_row(killed.pid);
        if !self.kills.is_empty() {
            // printed twice in a group kill, or another member
            let again = self.has_killed(killed.pid);
            return again || self.group.is_some() && (self.is_full_of_kills() || known_row());
        }
        if self.names(killed.pid) {
            return true;
        }
        let contradicted = match killed.prefix {
            KillPrefix::Global => self.is_memcg(),
            KillPrefix::Memcg => self.is_global(),
            _ => false,
        };
        // a thread of a dead leader, a child instead of its parent, the allocating task
        !contradicted && known_row()
    }

    fn is_memcg(&self) -> bool {
        self.oom_memcg.is_some()
            || self.memcg.memory.is_some()
            || self.summary.as_ref().is_some_and(|s| s.constraint == b"CONSTRAINT_MEMCG")
    }

    fn is_global(&self) -> bool {
        self.summary.as_ref().is_some_and(|s| s.global)
    }

    /// Whether it goes on with a row of at most so many, a statistic or a frame, in whose block it is.
    pub(super) fn goes_on_with(&self, message: &Message<'_>, rows: usize) -> bool {
        match message {
            Message::TaskRow { .. } => self.stage == Stage::Tasks && self.rows.len() < rows && self.fresh(message),
            Message::Stat { .. } => self.stage == Stage::Stats && self.fresh(message),
            Message::Frame(_) => self.stage == Stage::Stack,
            _ => false,
        }
    }

    pub(super) fn is_near(&self, clock: &Clock) -> bool {
        !self.clock.is_over(clock, REACH_SECONDS * self.patience())
    }

    /// How much longer than a finished dump this one is waited for.
    pub(super) fn patience(&self) -> u64 {
        if self.stage < Stage::Verdict { PATIENCE } else { 1 }
    }
}

fn memcg(stage: Stage) -> bool {
    matches!(stage, Stage::Memcg | Stage::Stats)
}
