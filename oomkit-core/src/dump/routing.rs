//! Routing: whether a message continues an open dump.

use super::draft::Draft;
use crate::kernel::{Block, KillPrefix, Killed, Message, Start};
use crate::time::Clock;
use crate::transport::Record;

/// Seconds between the verdict of a dump and what still belongs to it, such as the members of a group kill, at most.
const WINDOW_SECONDS: u64 = 10;
/// A dump that has no verdict yet is waited for longer: a slow console, or a collector that lost lines in the middle
/// (13 s are between two rows of a table in one RHEL 6 log).
const PATIENCE: u64 = 6;

impl Draft {
    /// Whether the message continues this dump.
    pub(super) fn continues_with(&self, message: &Message<'_>, record: &Record<'_>, clock: &Clock) -> bool {
        // the reaper is a task of its own
        let by_reaper = matches!(message, Message::Reaped { .. } | Message::NotReaped { .. });
        if let (Some(mine), Some(theirs)) = (self.caller, record.caller)
            && mine != theirs
            && !by_reaper
        {
            return false;
        }
        let block = message.role().block;
        if self.panic.is_some() {
            // the panic's own head and stack
            return block <= Block::Stack && !matches!(message, Message::Trigger(_));
        }
        if self.kind == Start::Decoy {
            let other = matches!(
                message,
                Message::Trigger(_) | Message::AllocationFailure | Message::ShowMemory | Message::OtherTrace
            );
            let of_memcg = matches!(block, Block::Memcg | Block::Stats);
            return !other && block <= Block::Slab && block >= self.block && !of_memcg && self.expects(message);
        }
        match message {
            Message::Trigger(_)
            | Message::AllocationFailure
            | Message::ShowMemory
            | Message::OtherTrace
            | Message::ManualOom
            | Message::Lost { .. }
            | Message::Suppressed { .. } => false,
            Message::Killed(killed) => self.continues_with_kill(killed, clock),
            Message::KilledSharing { .. } | Message::AlreadyExiting { .. } => self.kind == Start::Dump,
            Message::GroupKill { .. } => self.group.is_none() && self.kind == Start::Dump && self.is_near(clock),
            Message::Reaped { pid, .. } => self.is_victim(*pid) || (self.has_row(*pid) && self.kills.is_empty()),
            Message::NotReaped { pid, .. } | Message::MmPinned { pid, .. } => self.is_victim(*pid),
            Message::Selected { .. } => {
                self.kind == Start::Dump && self.selected.is_none() && self.kills.is_empty() && !self.no_killable
            }
            Message::Summary(_) => self.summary.is_none() && self.kills.is_empty() && !self.no_killable,
            // in a memcg without a killable task it comes with every dump; a panic may follow it
            Message::NoKillable => self.kind == Start::Dump && self.kills.is_empty() && !self.no_killable,
            Message::ManualOomIgnored => self.no_killable,
            Message::Panic(_) => self.kind == Start::Dump && self.kills.is_empty(),
            _ => block >= self.block && self.block < Block::Summary && self.expects(message) && self.is_near(clock),
        }
    }

    /// Whether a line that is once in a dump has not been seen in this one.
    fn expects(&self, message: &Message<'_>) -> bool {
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

    fn continues_with_kill(&self, killed: &Killed<'_>, clock: &Clock) -> bool {
        if self.kind != Start::Dump || !self.is_near(clock) || self.no_killable {
            return false;
        }
        let known_row = || self.rows.is_empty() || self.has_row(killed.pid);
        if !self.kills.is_empty() {
            // printed twice in a group kill, or another member
            let again = self.has_killed(killed.pid);
            return again || self.group.is_some() && (self.is_full_of_kills() || known_row());
        }
        if self.is_victim(killed.pid) {
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

    pub(super) fn is_near(&self, clock: &Clock) -> bool {
        !self.clock.is_over(clock, WINDOW_SECONDS * self.patience())
    }

    /// How much longer than a finished dump this one is waited for.
    pub(super) fn patience(&self) -> u64 {
        if self.block < Block::Verdict { PATIENCE } else { 1 }
    }
}
