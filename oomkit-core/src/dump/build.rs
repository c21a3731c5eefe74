//! From a draft to an event: units settled, victims listed, gaps named.

use super::draft::{Draft, Kill, PanicDraft, set_name, text};
use super::tasks::TaskTable;
use super::{gfp, memory, stats};
use crate::cgroup;
use crate::diagnose;
use crate::event::{
    self, Completeness, Constraint, DiagnosticKind, Event, GroupKill, Kernel, Outcome, PageSizeSource, RawBytes,
    Reaped, Source, Victim,
};
use crate::kernel::{self, KillPrefix, Sizes, release};
use crate::options::Options;
use crate::units::{Bytes, PageSize};
use std::collections::HashMap;

impl Draft {
    /// The event this dump is.
    pub(super) fn build(mut self, options: &Options) -> Box<Event> {
        let table = TaskTable::of(&mut self);
        let measured = self.memory.page_size().or_else(|| table.page_size(&self.rows, &self.kills));
        let page = measured.unwrap_or(PageSize::ASSUMED);
        let tasks = table.tasks(&mut self, page);

        self.settle_names(&tasks);
        self.settle_stats();
        self.settle_root();
        self.settle_page_tables(&tasks);
        let victims = self.victims();
        let completeness = self.completeness();
        let outcome = self.outcome(&victims);
        let constraint = self.constraint();
        let time = self.time();

        let mut memory = std::mem::take(&mut self.memory).build(page);
        if release::swaps_shmem(self.kernel.release.as_deref()) && memory.as_mut().is_some_and(memory::unswap_shmem) {
            let message = "this kernel prints shmem and huge pages of nodes in the wrong order: corrected (4.8, 4.9)";
            self.note_at(DiagnosticKind::KernelBug, message.to_owned(), None);
        }
        let counts_pages = memory.is_some() || !tasks.is_empty();
        let (page_size_bytes, page_size_source) = match measured {
            Some(_) => (Some(Bytes(page.get())), Some(PageSizeSource::Measured)),
            None if counts_pages => (Some(Bytes(page.get())), Some(PageSizeSource::Assumed)),
            None => (None, None),
        };
        if page_size_source == Some(PageSizeSource::Assumed) {
            let message = "the dump does not show its page size: 4096 bytes are assumed".to_owned();
            self.note_at(DiagnosticKind::PageSizeAssumed, message, None);
        }
        self.name_gaps(&completeness, memory.is_some());

        let (container, limit_owner) = cgroup::victim_and_owner(self.task_memcg.as_deref(), self.oom_memcg.as_deref());
        let bare_kill_line = completeness == Completeness::KillLineOnly;
        self.name_gfp_flags();
        let trigger = self.trigger.take();
        let memcg = self.memcg();
        let lines = diagnose::EvidenceLines {
            group: self.group.as_ref().map(|(_, line)| *line),
            table: self.table_line,
            kill: self.kills.first().map(|kill| kill.line),
            summary: self.summary.as_ref().map(|summary| summary.line),
            counters: self.counters_line,
            memcg_frame: self.memcg_frame.and_then(|(rank, line)| Some((*diagnose::MEMCG_FRAMES.get(rank)?, line))),
            last: Some(self.span.last_line),
        };
        let mut event = Box::new(Event {
            schema_version: event::SCHEMA_VERSION,
            id: String::new(),
            time,
            source: Source {
                name: options.source.clone(),
                first_line: self.span.first_line,
                last_line: self.span.last_line,
                first_byte: self.span.first_byte,
                last_byte: self.span.last_byte,
                transport: self.transport.clone(),
                origin: self.origin.clone(),
            },
            constraint,
            outcome,
            scope: event::Scope::Unknown,
            victims,
            verdict: diagnose::undecided(),
            completeness,
            diagnostics: std::mem::take(&mut self.diagnostics),
            host: self.host.as_deref().map(text),
            kernel: Some(std::mem::take(&mut self.kernel)).filter(|kernel| *kernel != Kernel::default()),
            trigger,
            call_trace: std::mem::take(&mut self.frames),
            constraint_text: self.summary.as_ref().map(|summary| text(&summary.constraint)),
            memcg,
            memory,
            page_size_bytes,
            page_size_source,
            tasks,
            group_kill: self.group.as_ref().map(|(path, _)| {
                let (path, path_raw) = RawBytes::lossy(path);
                GroupKill { path, path_raw }
            }),
            oom_kill_allocating_task: self.kills_allocating_task().then_some(true),
            container,
            limit_owner,
            cluster: None,
        });
        diagnose::diagnose(&mut event, &lines);
        event.id = event::event_id(&event, bare_kill_line);
        event
    }

    /// Kernels before 4.6 print the mask as a number.
    fn name_gfp_flags(&mut self) {
        let Some(trigger) = self.trigger.as_mut().filter(|trigger| trigger.gfp_flags.is_empty()) else { return };
        let mask = trigger.gfp_mask.as_deref();
        if let Some(names) = mask.and_then(|mask| gfp::names(mask, self.kernel.release.as_deref())) {
            trigger.gfp_flags = names;
            trigger.gfp_flags_source = Some("decoded".to_owned());
        }
    }

    /// Splits `task_memcg` and name of the summary where either holds `,task=`: another line gives the name.
    fn settle_names(&mut self, tasks: &[event::Task]) {
        let Some(summary) = &mut self.summary else { return };
        let (Some(part), Some(pid)) = (&summary.task_part, summary.pid) else { return };
        let of_kill = self.kills.iter().find(|kill| kill.pid == pid).map(|kill| kill.comm.clone());
        let of_row = || {
            let task = tasks.iter().find(|task| task.pid == pid)?;
            Some(task.comm_raw.as_ref().map_or_else(|| task.comm.clone().into_bytes(), |raw| raw.0.clone()))
        };
        let Some(comm) = of_kill.or_else(of_row) else { return };
        if let Some(path) = kernel::summary_line::split_task(part, &comm) {
            self.task_memcg = Some(path.to_vec());
            summary.comm = Some(comm);
        }
    }

    /// A global OOM before 5.0 prints no path. Where the task that asked is the one that died, the name of its cpuset
    /// tells that it was in the root: no container shares it.
    fn settle_root(&mut self) {
        let Some(trigger) = self.trigger.as_ref().filter(|t| t.cpuset.as_deref() == Some("/")) else { return };
        let Some(kill) = self.kills.first().filter(|kill| Some(kill.pid) == trigger.pid) else { return };
        if self.summary.is_none() && self.task_memcg.is_none() && self.oom_memcg.is_none() {
            let message =
                "the victim's cgroup is not printed: its cpuset is the root, and so its cgroup is taken to be";
            let at = Some((kill.line, self.span.first_byte));
            self.task_memcg = Some(b"/".to_vec());
            self.note_at(DiagnosticKind::Assumed, message.to_owned(), at);
        }
    }

    /// 5.4.0 prints the bytes of `pgtables` as kB: seen by the task's row, which has them right, or by their size.
    fn settle_page_tables(&mut self, tasks: &[event::Task]) {
        let suspect = release::labels_pgtables_wrongly(self.kernel.release.as_deref());
        let row_of =
            |kill: &Kill| tasks.iter().find(|task| task.pid == kill.pid).and_then(|task| task.page_tables_bytes);
        let as_bytes = |kill: &Kill| {
            let bytes = Bytes(kill.sizes.page_tables?.get() / 1024);
            (bytes.get().is_multiple_of(4096) && bytes.get() > 0).then_some(bytes)
        };
        let is_wrong = |kill: &Kill| {
            let Some(bytes) = as_bytes(kill) else { return false };
            let too_large = kill.sizes.total_vm.is_some_and(|vm| bytes.get() > vm.get() / 64 / 1024);
            row_of(kill).map_or(suspect == Some(true) || suspect.is_some() && too_large, |row| row == bytes)
        };
        let is_right = |kill: &Kill| kill.sizes.page_tables.is_some() && row_of(kill) == kill.sizes.page_tables;
        // one kernel prints them all alike: one that is seen to be wrong tells of the others
        let mut corrected = None;
        if self.kills.iter().any(is_wrong) && !self.kills.iter().any(is_right) {
            for kill in &mut self.kills {
                if let Some(bytes) = as_bytes(kill).filter(|bytes| row_of(kill).is_none_or(|row| row == *bytes)) {
                    kill.sizes.page_tables = Some(bytes);
                    corrected = Some(kill.line);
                }
            }
        }
        if let Some(line) = corrected {
            let message = "this kernel prints the bytes of pgtables as kB: corrected (5.4.0)";
            let at = Some((line, self.span.first_byte));
            self.note_at(DiagnosticKind::KernelBug, message.to_owned(), at);
        }
    }

    /// Turns the statistics block into the map; a value the record's end may have cut is left out.
    fn settle_stats(&mut self) {
        let lines = std::mem::take(&mut self.stats.lines);
        let last = lines.last().map(|(key, _)| (key.clone(), self.stats.last_line));
        self.memcg.stats = lines.into_iter().collect();
        let release = self.kernel.release.as_deref();
        let at_limit = stats::CUTS.contains(&self.stats.length.saturating_sub(1));
        let unfinished =
            stats::one_record(release) && !stats::is_whole(&self.memcg.stats, last.as_ref().map(|l| &*l.0));
        let suspect = self.stats.cut || unfinished || at_limit && self.stats.records == 1;
        if let Some((key, line)) = last.filter(|_| suspect) {
            if !self.stats.cut {
                self.memcg.stats.remove(&key);
            }
            let message = format!("the statistics block is cut at {key:?}: the rest is not in the log");
            self.note_at(DiagnosticKind::Truncated, message, Some((line, self.span.first_byte)));
        }
        // before 5.3 the limited cgroup has a line of its own among those of its subtree
        if self.memcg.stats.is_empty() {
            let limited = self.oom_memcg.as_deref().map(text);
            let all = &self.memcg.per_cgroup_stats;
            let own = all.iter().find(|one| Some(&one.path) == limited.as_ref()).or(if all.len() == 1 {
                all.first()
            } else {
                None
            });
            self.memcg.stats = own.map(|one| one.stats.clone()).unwrap_or_default();
        }
    }

    fn memcg(&mut self) -> Option<event::Memcg> {
        let mut memcg = std::mem::take(&mut self.memcg);
        if let Some(path) = &self.oom_memcg {
            set_name(&mut memcg.oom_memcg, &mut memcg.oom_memcg_raw, path);
        }
        if let Some(path) = &self.task_memcg {
            set_name(&mut memcg.task_memcg, &mut memcg.task_memcg_raw, path);
        }
        Some(memcg).filter(|memcg| *memcg != event::Memcg::default())
    }

    fn victims(&self) -> Vec<Victim> {
        let mut victims: Vec<Victim> = Vec::with_capacity(self.kills.len().min(1));
        let mut places: HashMap<u32, usize> = HashMap::new();
        for kill in &self.kills {
            match places.get(&kill.pid) {
                Some(at) => fill(&mut victims[*at], kill),
                None => {
                    places.insert(kill.pid, victims.len());
                    let mut victim = Victim { pid: kill.pid, ..Victim::default() };
                    set_name(&mut victim.comm, &mut victim.comm_raw, &kill.comm);
                    fill(&mut victim, kill);
                    victims.push(victim);
                }
            }
        }
        if victims.is_empty() {
            victims.extend(self.unwitnessed());
        }
        if let Some(first) = victims.first_mut() {
            let chosen = self.summary.as_ref().and_then(|s| s.pid).or(self.selected.as_ref().map(|s| s.pid));
            first.selected_pid = chosen.filter(|pid| *pid != first.pid);
            first.score = self.selected.as_ref().map(|s| s.score);
            if first.uid.is_none() && first.selected_pid.is_none() {
                first.uid = self.summary.as_ref().and_then(|s| s.uid);
            }
            if let Some(path) = &self.task_memcg {
                set_name(&mut first.task_memcg, &mut first.task_memcg_raw, path);
            }
        }
        for (pid, _, sizes) in &self.reaped {
            // without a kill line there is one victim
            if let Some(victim) = victims.get_mut(places.get(pid).copied().unwrap_or(0)).filter(|v| v.pid == *pid) {
                victim.reaped = Some(reaped(sizes));
            }
        }
        victims
    }

    /// The victim when no kill line is there: the summary, the points line and the reaper name it too.
    fn unwitnessed(&self) -> Option<Victim> {
        if self.exiting || self.no_killable || self.panic.is_some() {
            return None;
        }
        let summary = self.summary.as_ref().and_then(|s| Some((s.pid?, s.comm.as_deref())));
        let selected = || self.selected.as_ref().map(|s| (s.pid, Some(s.comm.as_slice())));
        let reaped = || self.reaped.first().map(|(pid, comm, _)| (*pid, Some(comm.as_slice())));
        let (pid, comm) = summary.or_else(selected).or_else(reaped)?;
        let mut victim = Victim { pid, ..Victim::default() };
        if let Some(comm) = comm {
            set_name(&mut victim.comm, &mut victim.comm_raw, comm);
        }
        Some(victim)
    }

    fn outcome(&self, victims: &[Victim]) -> Outcome {
        match self.panic {
            Some(PanicDraft::OnOom { .. }) => Outcome::Panic,
            Some(PanicDraft::Deadlocked) => Outcome::Deadlock,
            // before 4.19 the panic itself says it
            Some(PanicDraft::NoKillable) => Outcome::Deadlock,
            None if self.no_killable => Outcome::NoKillableProcess,
            None if !victims.is_empty() => Outcome::Killed,
            None if self.ends_with_its_table() => Outcome::NotPrinted,
            None => Outcome::Unknown,
        }
    }

    /// What really constrained the allocation, strongest evidence first.
    fn constraint(&self) -> Constraint {
        let mut prefix = self.kills.iter().map(|k| k.prefix).chain(self.selected.as_ref().map(|s| s.prefix));
        let prefix = prefix.rfind(|p| *p != KillPrefix::Bare);
        let summary = self.summary.as_ref();
        // 5.0 prints CONSTRAINT_NONE always: a path outranks it
        let path_in_summary = summary.is_some_and(|s| !s.global) && self.oom_memcg.is_some();
        let stated = summary.map(|s| s.constraint.as_slice());
        let release = self.kernel.release.as_deref();
        let nodes = self.bound_by_nodemask();
        if self.limit_of_host {
            return if nodes { Constraint::MemoryPolicy } else { Constraint::None };
        }
        match (stated, prefix) {
            _ if path_in_summary => Constraint::Memcg,
            (Some(b"CONSTRAINT_MEMCG"), _) | (_, Some(KillPrefix::Memcg)) => Constraint::Memcg,
            (Some(b"CONSTRAINT_CPUSET"), _) | (_, Some(KillPrefix::Cpuset)) => Constraint::Cpuset,
            (Some(b"CONSTRAINT_MEMORY_POLICY"), _) | (_, Some(KillPrefix::MemoryPolicy)) => Constraint::MemoryPolicy,
            _ if nodes => Constraint::MemoryPolicy,
            (Some(b"CONSTRAINT_NONE"), _) => Constraint::None,
            _ if self.oom_memcg.is_some() || self.memcg.memory.is_some() => Constraint::Memcg,
            _ if !self.memcg.per_cgroup_stats.is_empty() => Constraint::Memcg,
            (_, Some(KillPrefix::Global | KillPrefix::AllocatingTask)) => Constraint::None,
            _ if diagnose::trace_is_memcg(&self.frames) => Constraint::Memcg,
            // a memory cgroup, a cpuset or a policy without a victim does not panic
            _ if matches!(
                self.panic,
                Some(PanicDraft::Deadlocked | PanicDraft::NoKillable | PanicDraft::OnOom { global: true })
            ) =>
            {
                Constraint::None
            }
            // a memory cgroup is never asked by hand
            _ if self.trigger.as_ref().is_some_and(|trigger| trigger.order == Some(-1)) => Constraint::None,
            // a dump that is cut may have said so in its last lines
            _ if self.memory.seen()
                && self.told()
                && (self.is_oldest() || release::meminfo_is_global(release, self.headed)) =>
            {
                Constraint::None
            }
            _ => Constraint::Unknown,
        }
    }

    /// 4.13 to 4.20 state no constraint, and 5.0 always the same, but they print the nodes a memory policy left. A mask
    /// that holds every node is none; 4.9 and 4.10 print the nodes of the cpuset where there is no policy.
    fn bound_by_nodemask(&self) -> bool {
        let mask = self.trigger.as_ref().and_then(|trigger| trigger.nodemask.as_deref());
        let Some(mask) = mask.filter(|_| release::names_policy_nodes(self.kernel.release.as_deref())) else {
            return false;
        };
        let mask = diagnose::nodes(mask);
        !mask.is_empty() && self.memory.numbers().any(|node| !diagnose::is_in(node, &mask))
    }

    /// 2.6.18 names nobody who asked, and knows no memory cgroups.
    fn is_oldest(&self) -> bool {
        self.headed && self.trigger.as_ref().is_some_and(|t| t.comm.is_none() && t.pid.is_none() && t.oom_adj.is_none())
    }

    /// Then scores had no part in the choice.
    fn kills_allocating_task(&self) -> bool {
        let kills = self.kills.iter().map(|kill| kill.prefix);
        kills.chain(self.selected.as_ref().map(|selected| selected.prefix)).any(|p| p == KillPrefix::AllocatingTask)
    }

    /// Alibaba's kernels print nothing after the table of a memory cgroup's dump.
    fn ends_with_its_table(&self) -> bool {
        release::is_alibaba(self.kernel.release.as_deref()) && self.memcg.memory.is_some() && !self.rows.is_empty()
    }

    /// Whether the dump has its end.
    fn told(&self) -> bool {
        !self.kills.is_empty() || self.no_killable || self.panic.is_some() || self.exiting
    }

    fn completeness(&self) -> Completeness {
        let head = self.headed;
        let tail = self.told() || self.ends_with_its_table();
        let block = self.memory.seen() || self.memcg.memory.is_some();
        let nothing_else = self.trigger.is_none()
            && self.summary.is_none()
            && self.rows.is_empty()
            && self.columns.is_none()
            && self.frames.is_empty()
            && !block
            && self.stats.records == 0
            && self.memcg.per_cgroup_stats.is_empty()
            && self.oom_memcg.is_none();
        match (head, tail) {
            (true, true) if block => Completeness::Complete,
            (true, true) => Completeness::MiddleMissing,
            (true, false) => Completeness::TailMissing,
            (false, true) if nothing_else => Completeness::KillLineOnly,
            (false, true) => Completeness::HeadMissing,
            (false, false) => Completeness::Fragment,
        }
    }

    /// Says in words what the completeness means for this dump.
    fn name_gaps(&mut self, completeness: &Completeness, mem_info: bool) {
        let start = Some((self.span.first_line, self.span.first_byte));
        let end = Some((self.span.last_line, self.span.last_byte));
        let head = "the line that names who asked for memory is not in the log";
        let tail = "the lines that say who was killed are not in the log";
        match completeness {
            Completeness::KillLineOnly | Completeness::HeadMissing => {
                self.note_at(DiagnosticKind::HeadMissing, head.to_owned(), start);
            }
            Completeness::TailMissing => self.note_at(DiagnosticKind::TailMissing, tail.to_owned(), end),
            Completeness::Fragment => {
                self.note_at(DiagnosticKind::HeadMissing, head.to_owned(), start);
                self.note_at(DiagnosticKind::TailMissing, tail.to_owned(), end);
            }
            Completeness::MiddleMissing => {
                let message = "the memory block between head and kill line is not in the log".to_owned();
                self.note_at(DiagnosticKind::BlockMissing, message, start);
            }
            _ => {
                let memcg = self.memcg.memory.is_some() || self.oom_memcg.is_some();
                // 5.0+ print the summary before every kill; a level filter takes it, as it takes the table
                let recent = release::version(self.kernel.release.as_deref()).is_some_and(|v| v >= (5, 2));
                if recent && self.summary.is_none() && !self.kills.is_empty() {
                    let message = "lines of level info (summary, tasks) are not in the log".to_owned();
                    self.note_at(DiagnosticKind::BlockMissing, message, end);
                }
                if memcg && !mem_info && self.memcg.memory.is_none() {
                    let message = "the memory counters of the cgroup are not in the log".to_owned();
                    self.note_at(DiagnosticKind::BlockMissing, message, start);
                }
            }
        }
    }

    fn time(&self) -> event::Time {
        event::Time {
            assumed: self.moment.assumed.names(),
            text: self.wall.as_deref().map(text),
            wall: self.moment.wall,
            monotonic_seconds: self.monotonic,
        }
    }
}

fn fill(victim: &mut Victim, kill: &Kill) {
    let sizes = &kill.sizes;
    victim.total_vm_bytes = victim.total_vm_bytes.or(sizes.total_vm);
    victim.anon_rss_bytes = victim.anon_rss_bytes.or(sizes.anon_rss);
    victim.file_rss_bytes = victim.file_rss_bytes.or(sizes.file_rss);
    victim.shmem_rss_bytes = victim.shmem_rss_bytes.or(sizes.shmem_rss);
    victim.page_tables_bytes = victim.page_tables_bytes.or(sizes.page_tables);
    victim.uid = victim.uid.or(kill.uid);
    victim.oom_score_adj = victim.oom_score_adj.or(kill.oom_score_adj);
}

pub(super) fn reaped(sizes: &Sizes) -> Reaped {
    Reaped { anon_rss_bytes: sizes.anon_rss, file_rss_bytes: sizes.file_rss, shmem_rss_bytes: sizes.shmem_rss }
}
