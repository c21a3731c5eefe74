//! One dump being collected: what each message leaves in it, in owned form and the units it was printed in.

use super::memory::MemoryDraft;
use super::notices::{ShortId, short_id};
use super::reorder_buffer::Slot;
use super::rows::Rows;
use crate::cgroup;
use crate::diagnose;
use crate::event::{self, Diagnostic, DiagnosticKind, Kernel, LossPlace, LostLines, Origin, RawBytes, Transport};
use crate::fingerprint::ByFingerprint;
use crate::kernel::{
    Block, CounterKind, Cpu, Frame, KillPrefix, Killed, Limit, Message, Panic, Sizes, Start, SummaryLine, Trigger,
};
use crate::time::{Clock, Moment};
use crate::transport::{Caller, Record, Span};
use std::collections::{BTreeMap, HashSet};

/// A dump as far as it was seen.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) slot: Slot,
    /// What its lines were taken for so far.
    pub(super) kind: Start,
    /// The furthest block seen.
    pub(super) block: Block,
    pub(super) origin: Origin,
    pub(super) transport: Transport,
    pub(super) host: Option<Vec<u8>>,
    pub(super) caller: Option<Caller>,
    /// The wall clock as written, and as understood.
    pub(super) wall: Option<Vec<u8>>,
    pub(super) moment: Moment,
    pub(super) monotonic: Option<event::Monotonic>,
    pub(super) span: Span,
    /// The container that it is about, once its verdict is known.
    pub(super) container: Option<ShortId>,
    /// Clock and count of its host's lines when it last absorbed one.
    pub(super) clock: Clock,
    pub(super) lines: u64,

    /// Whether the trigger line itself was seen: other lines tell of the trigger too.
    pub(super) headed: bool,
    pub(super) trigger: Option<event::Trigger>,
    pub(super) cpu: Option<(u32, Option<u32>)>,
    pub(super) kernel: Kernel,
    pub(super) frames: Vec<event::Frame>,
    context: Option<String>,

    pub(super) oom_memcg: Option<Vec<u8>>,
    pub(super) task_memcg: Option<Vec<u8>>,
    /// Alibaba's `limit of host`: a global OOM that names the victim's cgroup.
    pub(super) limit_of_host: bool,
    pub(super) memcg: event::Memcg,
    pub(super) stats: Stats,

    pub(super) memory: MemoryDraft,

    /// Names of the table's columns, a blank between them.
    pub(super) columns: Option<Vec<u8>>,
    pub(super) rows: Rows,
    pub(super) table_line: Option<u64>,
    pub(super) counters_line: Option<u64>,
    /// The frame that best shows a memory cgroup's limit: its place in the list of such, and its line.
    pub(super) memcg_frame: Option<(usize, u64)>,

    pub(super) summary: Option<SummaryDraft>,
    pub(super) selected: Option<Selected>,
    pub(super) kills: Vec<Kill>,
    /// Pids of `kills`.
    killed: HashSet<u32>,
    pub(super) group: Option<(Vec<u8>, u64)>,
    pub(super) reaped: Vec<(u32, Vec<u8>, Sizes)>,
    pub(super) no_killable: bool,
    pub(super) panic: Option<PanicDraft>,
    pub(super) exiting: bool,

    /// Copies of its lines were left out.
    pub(super) doubled: bool,

    pub(super) diagnostics: Vec<Diagnostic>,
    /// Records absorbed, by text and kernel clock, and where: a console and a file may both have written them.
    absorbed: ByFingerprint<u64>,
}

/// Statistics of the limited cgroup from 5.3 on, as printed.
#[derive(Debug, Default)]
pub(super) struct Stats {
    pub(super) open: bool,
    pub(super) lines: Vec<(String, u64)>,
    /// Where the last of them stands.
    pub(super) last_line: u64,
    /// Bytes and records of the block, to see whether the kernel cut it.
    pub(super) length: usize,
    pub(super) records: usize,
    pub(super) cut: bool,
}

#[derive(Debug)]
pub(super) struct SummaryDraft {
    pub(super) constraint: Vec<u8>,
    pub(super) global: bool,
    pub(super) task_part: Option<Vec<u8>>,
    pub(super) comm: Option<Vec<u8>>,
    pub(super) pid: Option<u32>,
    pub(super) uid: Option<u32>,
    pub(super) line: u64,
}

#[derive(Debug)]
pub(super) struct Selected {
    pub(super) prefix: KillPrefix,
    pub(super) pid: u32,
    pub(super) comm: Vec<u8>,
    pub(super) score: i64,
}

#[derive(Debug)]
pub(super) struct Kill {
    pub(super) prefix: KillPrefix,
    pub(super) pid: u32,
    pub(super) comm: Vec<u8>,
    pub(super) sizes: Sizes,
    pub(super) uid: Option<u32>,
    pub(super) oom_score_adj: Option<i32>,
    pub(super) line: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PanicDraft {
    OnOom { global: bool },
    Deadlocked,
    NoKillable,
}

/// Frames kept of one trace: the kernel's own unwinder stops long before.
const MOST_FRAMES: usize = 256;
/// Kill lines joined by one group notice: the kernel's default `pid_max`.
const MOST_KILLS: usize = 32_768;
/// Lines of a small dump.
const USUAL_LINES: usize = 100;
/// Statistics kept of one cgroup: the kernel prints fewer than a hundred.
const MOST_STATS: usize = 1024;
/// Lines remembered of one dump.
const MOST_FINGERPRINTS: usize = 8192;
/// Diagnostics kept of one dump.
const MOST_DIAGNOSTICS: usize = 64;

impl Draft {
    pub(super) fn open(slot: Slot, kind: Start, record: &Record<'_>) -> Self {
        Self {
            slot,
            kind,
            block: Block::Head,
            origin: record.origin.clone(),
            transport: record.transport.clone(),
            host: record.host.map(<[u8]>::to_vec),
            caller: record.caller,
            container: None,
            wall: None,
            moment: Moment::default(),
            monotonic: record.monotonic,
            span: record.span,
            clock: Clock::of(record),
            lines: 0,
            headed: false,
            trigger: None,
            cpu: None,
            kernel: Kernel::default(),
            frames: Vec::new(),
            context: None,
            oom_memcg: None,
            task_memcg: None,
            limit_of_host: false,
            memcg: event::Memcg::default(),
            stats: Stats::default(),
            memory: MemoryDraft::default(),
            columns: None,
            rows: Rows::default(),
            table_line: None,
            counters_line: None,
            memcg_frame: None,
            summary: None,
            selected: None,
            kills: Vec::new(),
            killed: HashSet::new(),
            group: None,
            reaped: Vec::new(),
            no_killable: false,
            panic: None,
            exiting: false,
            doubled: false,
            diagnostics: Vec::new(),
            absorbed: ByFingerprint::default(),
        }
    }

    /// Whether a victim of this dump has the pid.
    pub(super) fn is_victim(&self, pid: u32) -> bool {
        self.has_killed(pid)
            || self.summary.as_ref().is_some_and(|s| s.pid == Some(pid))
            || self.selected.as_ref().is_some_and(|s| s.pid == pid)
    }

    /// Whether it is about the same cgroup as an event.
    pub(super) fn is_of(&self, event: &event::Event) -> bool {
        let Some(memcg) = &event.memcg else { return false };
        let same = |mine: &Option<Vec<u8>>, name: &Option<String>, raw: &Option<RawBytes>| match (mine, raw, name) {
            (Some(mine), Some(raw), _) => *mine == raw.0,
            (Some(mine), None, Some(name)) => *mine == name.as_bytes(),
            _ => false,
        };
        same(&self.task_memcg, &memcg.task_memcg, &memcg.task_memcg_raw)
            || same(&self.oom_memcg, &memcg.oom_memcg, &memcg.oom_memcg_raw)
    }

    /// Reads which container it is about: the victim's, or that of the limit.
    pub(super) fn identify(&mut self) {
        let (container, owner) = cgroup::victim_and_owner(self.task_memcg.as_deref(), self.oom_memcg.as_deref());
        let id = container.and_then(|one| one.id).or_else(|| owner.and_then(|owner| owner.identity.id));
        self.container = id.and_then(|id| short_id(id.as_bytes()));
    }

    /// Whether a kill line of this dump names the pid.
    pub(super) fn has_killed(&self, pid: u32) -> bool {
        self.killed.contains(&pid)
    }

    /// Whether no more kill lines are kept.
    pub(super) fn is_full_of_kills(&self) -> bool {
        self.kills.len() >= MOST_KILLS
    }

    pub(super) fn has_row(&self, pid: u32) -> bool {
        self.rows.has(pid)
    }

    /// Remembers a line, so that its repetition is recognised. Repetitions are close together: the last ones are enough.
    pub(super) fn remember(&mut self, fingerprint: Option<u64>, first_byte: u64) {
        if self.absorbed.len() >= MOST_FINGERPRINTS {
            self.absorbed.clear();
        }
        if self.absorbed.len() == self.absorbed.capacity() {
            self.absorbed.reserve(USUAL_LINES);
        }
        if let Some(fingerprint) = fingerprint {
            self.absorbed.entry(fingerprint).or_insert(first_byte);
        }
    }

    /// Whether the same record was absorbed from an offset further away than `distance`: one record may hold several
    /// messages.
    pub(super) fn has_seen(&self, fingerprint: u64, first_byte: u64, distance: u64) -> bool {
        self.absorbed.get(&fingerprint).is_some_and(|at| at.abs_diff(first_byte) > distance)
    }

    pub(super) fn note(&mut self, kind: DiagnosticKind, message: String, record: &Record<'_>) {
        let span = record.span;
        self.note_at(kind, message, Some((span.first_line, span.first_byte)));
    }

    pub(super) fn note_at(&mut self, kind: DiagnosticKind, message: String, at: Option<(u64, u64)>) {
        if self.diagnostics.len() < MOST_DIAGNOSTICS {
            self.diagnostics.push(Diagnostic::new(kind, message, at));
        }
    }

    pub(super) fn note_loss(&mut self, lost: LostLines, place: LossPlace, at: Option<(u64, u64)>) {
        if self.diagnostics.len() < MOST_DIAGNOSTICS {
            self.diagnostics.push(Diagnostic::lines_lost(lost, place, at));
        }
    }

    /// Absorbs a message that continues the dump.
    pub(super) fn absorb(&mut self, message: Message<'_>, record: &Record<'_>, clock: &Clock, row_limit: usize) {
        self.span.extend(&record.span);
        self.clock = *clock;
        if self.wall.is_none() {
            self.wall = record.wall.map(|wall| wall.text.to_vec());
        }
        if self.caller.is_none() {
            self.caller = record.caller;
        }
        let role = message.role();
        // a panic repeats head and stack after the dump
        if self.block == Block::Verdict && role.block < Block::Verdict {
            return;
        }
        if role.block > Block::Stats || matches!(message, Message::StatsHead { .. }) {
            self.stats.open = false;
        }
        self.block = self.block.max(role.block);
        if self.kind == Start::Candidate && role.is_evidence {
            self.kind = Start::Dump;
        }
        let line = record.span.first_line;
        match message {
            Message::Trigger(trigger) => self.trigger(&trigger),
            Message::Cpuset(cpuset) => {
                let trigger = self.trigger.get_or_insert_default();
                set_cpuset(trigger, cpuset.name, Some(cpuset.mems_allowed));
                if trigger.comm.is_none() {
                    set_name(&mut trigger.comm, &mut trigger.comm_raw, cpuset.comm);
                }
            }
            Message::Cpu(cpu) => self.cpu(&cpu),
            Message::Hardware(name) => self.kernel.hardware = Some(text(name)),
            Message::TraceContext { name, open } => self.context = open.then(|| text(name).to_ascii_lowercase()),
            Message::Frame(frame) => self.frame(&frame, line),

            Message::TaskIn { task, limit } => {
                self.task_memcg = Some(task.to_vec());
                self.limited_by(limit);
            }
            Message::TaskInHead(task) => self.task_memcg = Some(task.to_vec()),
            Message::TaskInTail(limit) => self.limited_by(limit),
            Message::LimitReached(path) => self.oom_memcg = Some(path.to_vec()),
            Message::Counter { which, usage, limit, failcnt } => {
                let limit_bytes = match limit {
                    Limit::Bounded(bytes) => Some(bytes),
                    Limit::Unbounded => None,
                };
                let counter = event::Counter { usage_bytes: usage, failcnt, limit_bytes };
                *self.counter(which) = Some(counter);
                self.counters_line = self.counters_line.or(Some(line));
            }
            Message::StatsHead { path, stats, truncated } => self.stats_head(path, &stats, truncated, record),
            Message::Stat { key, value } => self.stats_record(&[(key, value)], record.text.len(), line),
            Message::Stats { stats, truncated } => {
                self.stats.cut |= truncated;
                self.stats_record(&stats, record.text.len(), line);
            }
            Message::Protection { min, low } => {
                self.memcg.min_protection_bytes = Some(min);
                self.memcg.low_protection_bytes = Some(low);
            }

            Message::TasksColumns(columns) => {
                self.columns = Some(columns.join(&b' '));
                self.table_line = Some(line);
                self.rows.expect();
            }
            Message::TaskRow { pid, rest } => self.row(pid, rest, record, row_limit),

            Message::Summary(summary) => self.summarise(*summary, record),
            Message::Selected { prefix, pid, comm, score } => {
                self.selected = Some(Selected { prefix, pid, comm: comm.to_vec(), score });
            }
            Message::Killed(killed) => self.kill(&killed, record),
            Message::KilledSharing { pid, comm } => self.kill(
                &Killed {
                    prefix: KillPrefix::Bare,
                    pid,
                    comm,
                    sizes: Sizes::default(),
                    uid: None,
                    oom_score_adj: None,
                    truncated: false,
                },
                record,
            ),
            Message::GroupKill { path } => self.group = Some((path.to_vec(), line)),
            Message::Reaped { pid, comm, sizes } => {
                if self.reaped.len() < MOST_KILLS {
                    self.reaped.push((pid, comm.to_vec(), sizes));
                }
            }
            Message::NotReaped { pid, .. } => {
                let message = format!("the OOM reaper could not reap pid {pid}");
                self.note(DiagnosticKind::NotReaped, message, record);
            }
            Message::MmPinned { pid, by } => {
                let message = format!("the memory of pid {pid} stays: pid {by} shares it and cannot be killed");
                self.note(DiagnosticKind::MemoryPinned, message, record);
            }
            Message::AlreadyExiting { pid, .. } => {
                self.exiting = true;
                let message = format!("pid {pid} was already exiting: the kernel killed nothing more");
                self.note(DiagnosticKind::VictimExiting, message, record);
            }
            Message::NoKillable | Message::ManualOomIgnored => self.no_killable = true,
            Message::Panic(panic) => {
                self.panic = Some(match panic {
                    Panic::OnOom(text) => PanicDraft::OnOom {
                        // panic_on_oom=1 spares OOMs that a cgroup, cpuset or policy constrains
                        global: memchr::memmem::find(text, b"system-wide").is_some(),
                    },
                    Panic::Deadlocked => PanicDraft::Deadlocked,
                    Panic::NoKillable => PanicDraft::NoKillable,
                });
            }
            other => self.memory.absorb(other),
        }
    }

    fn trigger(&mut self, line: &Trigger<'_>) {
        self.headed = true;
        let trigger = self.trigger.get_or_insert_default();
        if let Some(comm) = line.comm {
            set_name(&mut trigger.comm, &mut trigger.comm_raw, comm);
        }
        trigger.gfp_mask = Some(line.gfp_mask).filter(|mask| !mask.is_empty()).map(text);
        if let Some(flags) = line.gfp_flags.filter(|flags| !flags.is_empty()) {
            trigger.gfp_flags = text(flags).split('|').map(str::to_owned).collect();
            trigger.gfp_flags_source = Some("printed".to_owned());
        }
        trigger.nodemask = line.nodemask.flatten().map(text);
        trigger.order = line.order;
        trigger.oom_score_adj = line.oom_score_adj;
        trigger.oom_adj = line.oom_adj;
    }

    fn cpu(&mut self, cpu: &Cpu<'_>) {
        self.cpu = Some((cpu.pid, cpu.uid));
        self.kernel.cpu = cpu.cpu;
        self.kernel.release = cpu.release.map(text);
        self.kernel.tainted = cpu.taint.map(text);
        let trigger = self.trigger.get_or_insert_default();
        trigger.pid = Some(cpu.pid);
        trigger.uid = cpu.uid;
        if trigger.comm.is_none() {
            set_name(&mut trigger.comm, &mut trigger.comm_raw, cpu.comm);
        }
    }

    fn frame(&mut self, frame: &Frame<'_>, line: u64) {
        let known = diagnose::MEMCG_FRAMES.iter().position(|name| name.as_bytes() == frame.symbol);
        if let Some(rank) = known.filter(|rank| self.memcg_frame.is_none_or(|(best, _)| *rank < best)) {
            self.memcg_frame = Some((rank, line));
        }
        if let Some(context) = frame.context {
            self.context = (context != b"EOI" && context != b"EOE").then(|| text(context).to_ascii_lowercase());
        }
        if self.frames.is_empty() {
            self.frames.reserve(16);
        }
        if self.frames.len() < MOST_FRAMES {
            self.frames.push(event::Frame {
                symbol: text(frame.symbol),
                offset: frame.offset,
                size: frame.size,
                module: frame.module.map(text),
                address: frame.address.map(text),
                reliable: frame.reliable,
                context: self.context.clone(),
            });
        }
    }

    fn limited_by(&mut self, limit: &[u8]) {
        if limit == b"host" {
            self.limit_of_host = true;
        } else {
            self.oom_memcg = Some(limit.to_vec());
        }
    }

    pub(super) fn counter(&mut self, which: CounterKind) -> &mut Option<event::Counter> {
        match which {
            CounterKind::Memory => &mut self.memcg.memory,
            CounterKind::MemorySwap => &mut self.memcg.memory_swap,
            CounterKind::Swap => &mut self.memcg.swap,
            CounterKind::Kmem => &mut self.memcg.kmem,
        }
    }

    fn stats_head(
        &mut self,
        path: &[u8],
        stats: &[(&[u8], crate::units::Bytes)],
        truncated: bool,
        record: &Record<'_>,
    ) {
        if stats.is_empty() {
            // 5.3+: the values follow; the path is the limited cgroup's
            self.stats.open = true;
            self.stats.lines.reserve(64);
            if self.oom_memcg.is_none() && !path.is_empty() {
                self.oom_memcg = Some(path.to_vec());
            }
            return;
        }
        if truncated {
            self.note(DiagnosticKind::Truncated, "the statistics line is cut".to_owned(), record);
        }
        let (path, path_raw) = RawBytes::lossy(path);
        let stats: BTreeMap<String, u64> = stats.iter().map(|(key, value)| (text(key), value.get())).collect();
        self.memcg.per_cgroup_stats.push(event::CgroupStats { path, stats, path_raw });
    }

    fn stats_record(&mut self, stats: &[(&[u8], u64)], length: usize, line: u64) {
        self.stats.length += length.min(1 << 16) + 1;
        self.stats.records += 1;
        let room = MOST_STATS.saturating_sub(self.stats.lines.len());
        if room > 0 {
            self.stats.last_line = line;
        }
        self.stats.lines.extend(stats.iter().take(room).map(|(key, value)| (text(key), *value)));
    }

    fn row(&mut self, pid: u32, rest: &[u8], record: &Record<'_>, limit: usize) {
        if self.rows.len() < limit {
            self.rows.push(pid, rest);
        } else if !self.diagnostics.iter().any(|d| d.kind == DiagnosticKind::LimitReached) {
            let message = format!("the task table has more than {limit} rows: the rest is left out");
            self.note(DiagnosticKind::LimitReached, message, record);
        }
    }

    fn summarise(&mut self, summary: SummaryLine<'_>, record: &Record<'_>) {
        if summary.truncated {
            self.note(DiagnosticKind::Truncated, "the oom-kill summary is cut".to_owned(), record);
        }
        if let Some(path) = summary.oom_memcg {
            self.oom_memcg = Some(path.to_vec());
        }
        if let Some(path) = summary.task_memcg {
            self.task_memcg = Some(path.to_vec());
        }
        if summary.cpuset.is_some() || summary.mems_allowed.is_some() || summary.nodemask.is_some() {
            let trigger = self.trigger.get_or_insert_default();
            if let Some(name) = summary.cpuset {
                set_cpuset(trigger, name, summary.mems_allowed);
            }
            if trigger.nodemask.is_none() {
                trigger.nodemask = summary.nodemask.flatten().map(text);
            }
        }
        self.summary = Some(SummaryDraft {
            constraint: summary.constraint.to_vec(),
            global: summary.global_oom,
            task_part: summary.task_part.map(<[u8]>::to_vec),
            comm: summary.comm.map(<[u8]>::to_vec),
            pid: summary.pid,
            uid: summary.uid,
            line: record.span.first_line,
        });
    }

    fn kill(&mut self, killed: &Killed<'_>, record: &Record<'_>) {
        if killed.truncated {
            let message = format!("the kill line of pid {} is cut", killed.pid);
            self.note(DiagnosticKind::Truncated, message, record);
        }
        if self.is_full_of_kills() {
            if self.has_killed(killed.pid) || self.diagnostics.iter().any(|d| d.kind == DiagnosticKind::LimitReached) {
                return;
            }
            let message = format!("more than {MOST_KILLS} kill lines belong to this dump: the rest is left out");
            self.note(DiagnosticKind::LimitReached, message, record);
        } else {
            self.killed.insert(killed.pid);
            self.kills.push(Kill {
                prefix: killed.prefix,
                pid: killed.pid,
                comm: killed.comm.to_vec(),
                sizes: killed.sizes,
                uid: killed.uid,
                oom_score_adj: killed.oom_score_adj,
                line: record.span.first_line,
            });
        }
    }
}

fn set_cpuset(trigger: &mut event::Trigger, name: &[u8], mems_allowed: Option<&[u8]>) {
    set_name(&mut trigger.cpuset, &mut trigger.cpuset_raw, name);
    trigger.mems_allowed = mems_allowed.map(text);
}

/// Sets a name with its exact bytes beside it where text cannot hold them.
pub(super) fn set_name(name: &mut Option<String>, raw: &mut Option<RawBytes>, bytes: &[u8]) {
    let (text, exact) = RawBytes::lossy(bytes);
    *name = Some(text);
    *raw = exact;
}

/// For what the kernel writes in ASCII.
pub(super) fn text(bytes: &[u8]) -> String {
    event::readable(bytes)
}
