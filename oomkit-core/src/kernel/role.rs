//! What each kind of kernel line does in a dump: the one table that says what it starts, which block it is part of, where
//! it comes in the kernel's order, and whether it may be logged twice. A new kind of [`Message`] goes in here.

use super::message::Message;
use super::neighbours::limits_dump_heads;

/// The role of one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Role {
    pub(crate) block: Block,
    /// What it starts where no open dump continues with it.
    pub(crate) starts: Option<Start>,
    /// Whether it is printed in OOM dumps only.
    pub(crate) is_evidence: bool,
    /// Whether a literal finds it wherever it is: such a line is never skipped.
    pub(crate) is_searched: bool,
    pub(crate) repeats: Repeats,
    /// Its place in the kernel's order, ascending; `None` where it may come anywhere.
    pub(crate) rank: Option<u8>,
    /// Whether it ends what is known of the order: another block follows, of no dump or printed again.
    pub(crate) breaks_order: bool,
    /// Whether the kernel prints it at once: no later record continues it.
    pub(crate) is_whole: bool,
}

/// The blocks of a dump. They never come back: an earlier one begins another dump.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Block {
    Head,
    Stack,
    Memcg,
    Stats,
    MemInfo,
    Slab,
    Tasks,
    Summary,
    Verdict,
}

/// What a message starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// An OOM dump.
    Dump,
    /// Lines that may turn out to be part of one whose head is lost.
    Candidate,
    /// A stack or memory block of something else, collected only so that it is not taken for an OOM's.
    Decoy,
}

/// How often a line of this kind occurs: what can be said where its words come twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Repeats {
    /// A kill: its pid shows what is a duplicate, and a kernel that kills a group prints the first one twice.
    Kill,
    /// Twice in many a dump: frames, the reserves of zones.
    Often,
    /// Once in a dump, but in any of them.
    Common,
    /// The first line of a dump, likewise.
    Head,
    /// Once in a dump, and different in each.
    Unique,
}

/// Ranks that others compare with.
pub(crate) mod rank {
    pub(crate) const TRIGGER: u8 = 10;
    pub(crate) const STACK: u8 = 20;
    pub(crate) const ROW: u8 = 62;
    pub(crate) const SUMMARY: u8 = 70;
    pub(crate) const KILL: u8 = 71;
    pub(crate) const REAPED: u8 = 72;
}

impl Role {
    const fn of_block(block: Block) -> Self {
        Self {
            block,
            starts: None,
            is_evidence: false,
            is_searched: false,
            repeats: Repeats::Common,
            rank: None,
            breaks_order: false,
            is_whole: false,
        }
    }

    /// Evidence of an OOM, which starts a dump by itself.
    const fn dump(self) -> Self {
        Self { starts: Some(Start::Dump), is_evidence: true, is_searched: true, ..self }
    }

    const fn candidate(self) -> Self {
        Self { starts: Some(Start::Candidate), ..self }
    }

    const fn decoy(self) -> Self {
        Self { starts: Some(Start::Decoy), breaks_order: true, ..self }
    }

    const fn repeats(self, repeats: Repeats) -> Self {
        Self { repeats, ..self }
    }

    /// Not evidence by itself, but searched for: it bears on a dump that has its verdict, or on the next one.
    const fn searched(self) -> Self {
        Self { is_searched: true, ..self }
    }

    const fn whole(self) -> Self {
        Self { is_whole: true, ..self }
    }

    const fn rank(self, rank: u8) -> Self {
        Self { rank: Some(rank), ..self }
    }
}

impl Message<'_> {
    /// What this kind of line does in a dump.
    pub(crate) fn role(&self) -> Role {
        use Repeats::{Head, Kill, Often, Unique};
        let block = Role::of_block;
        match self {
            Self::Trigger(_) => block(Block::Head).dump().repeats(Head).rank(rank::TRIGGER),
            Self::ManualOom => block(Block::Head).rank(rank::TRIGGER - 1),
            Self::CompactionDisabled => block(Block::Head),
            Self::Cpuset(_) => block(Block::Head).candidate().repeats(Unique).rank(rank::TRIGGER + 1),

            Self::Cpu(_) => block(Block::Stack).candidate().repeats(Unique).rank(rank::STACK),
            Self::Hardware(_) => block(Block::Stack).candidate().rank(rank::STACK + 1),
            Self::TraceStart => block(Block::Stack).candidate().whole().rank(rank::STACK + 2),
            Self::TaintText(_) | Self::Workqueue(_) => block(Block::Stack),
            Self::TraceContext { .. } | Self::Registers => block(Block::Stack).repeats(Often).whole(),
            Self::Frame(frame) if is_oom_function(frame.symbol) => {
                Role { is_evidence: true, ..block(Block::Stack).candidate().repeats(Often) }
            }
            Self::Frame(_) => block(Block::Stack).repeats(Often).whole(),

            Self::TaskIn { .. } | Self::LimitReached(_) => block(Block::Memcg).dump().repeats(Unique).rank(30),
            Self::TaskInHead(_) | Self::TaskInTail(_) => block(Block::Memcg),
            Self::Counter { .. } => block(Block::Memcg).dump().repeats(Unique).whole().rank(31),
            Self::StatsHead { .. } => block(Block::Stats).dump().repeats(Unique).rank(35),
            // without a clock the two copies of the block follow each other, too far apart to be recognised
            Self::Stat { .. } => block(Block::Stats).repeats(Often).whole(),
            Self::Stats { .. } => block(Block::Stats).repeats(Often),

            Self::MemInfo => block(Block::MemInfo).candidate().rank(40),
            Self::Counters(_) => block(Block::MemInfo).candidate().repeats(Unique),
            Self::Node { .. } => block(Block::MemInfo).candidate().repeats(Unique).rank(42),
            Self::Zone(_) => block(Block::MemInfo).candidate().repeats(Unique).rank(43),
            Self::LowmemReserve(_) => block(Block::MemInfo).candidate().repeats(Often).rank(43),
            Self::Buddy(_) => block(Block::MemInfo).candidate().repeats(Unique).rank(45),
            Self::Hugepages { .. } => block(Block::MemInfo).candidate().rank(46),
            Self::PagecachePages(_) | Self::SwapCachePages(_) => block(Block::MemInfo).candidate().rank(47),
            Self::FreeSwap(_) => block(Block::MemInfo).candidate().rank(48),
            Self::TotalSwap(_) => block(Block::MemInfo).candidate().rank(49),
            Self::PageTotal { .. } => block(Block::MemInfo).candidate().rank(50),
            Self::SwapCacheStats => block(Block::MemInfo),
            Self::PerCpuList => block(Block::MemInfo).repeats(Often),

            Self::SlabHead | Self::SlabColumns | Self::SlabBusy | Self::AllocationsHead { .. } => block(Block::Slab),
            Self::Slab { .. } | Self::Allocation(_) => block(Block::Slab).repeats(Often),
            // 6.19 prints it after either block
            Self::Protection { .. } => block(Block::Slab),

            Self::TasksHead => block(Block::Tasks).dump().whole().rank(60),
            Self::TasksColumns(_) => block(Block::Tasks).dump().rank(61),
            // many rows look alike: only a header before them makes the table
            Self::TaskRow { .. } => block(Block::Tasks).candidate().repeats(Unique).whole().rank(rank::ROW),

            Self::Summary(_) => block(Block::Summary).dump().repeats(Unique).rank(rank::SUMMARY),

            Self::Selected { .. } | Self::GroupKill { .. } => block(Block::Verdict).dump().repeats(Unique),
            Self::Killed(_) => block(Block::Verdict).dump().repeats(Kill).rank(rank::KILL),
            Self::KilledSharing { .. } => block(Block::Verdict).repeats(Kill).searched(),
            Self::Reaped { .. } => block(Block::Verdict).repeats(Unique).searched().rank(rank::REAPED),
            Self::NoKillable => block(Block::Verdict).dump(),
            Self::Panic(_) => Role { breaks_order: true, ..block(Block::Verdict).dump() },
            Self::NotReaped { .. } | Self::AlreadyExiting { .. } | Self::MmPinned { .. } | Self::ManualOomIgnored => {
                block(Block::Verdict).searched()
            }
            Self::Suppressed { function, .. } if limits_dump_heads(function) => block(Block::Verdict).searched(),
            Self::Suppressed { .. } | Self::Lost { .. } => block(Block::Verdict),

            Self::AllocationFailure | Self::ShowMemory => block(Block::MemInfo).decoy(),
            Self::OtherTrace => block(Block::Stack).decoy(),
        }
    }

    /// Whom a kill line or the reaper names.
    pub(crate) fn victim_pid(&self) -> Option<u32> {
        match self {
            Self::Killed(killed) => Some(killed.pid),
            Self::Reaped { pid, .. } => Some(*pid),
            _ => None,
        }
    }
}

/// Functions that only run to find a victim.
fn is_oom_function(symbol: &[u8]) -> bool {
    [&b"out_of_memory"[..], b"oom_kill_process", b"mem_cgroup_out_of_memory", b"pagefault_out_of_memory"]
        .iter()
        .any(|name| symbol.strip_prefix(*name).is_some_and(|rest| rest.is_empty() || rest[0] == b'.'))
}
