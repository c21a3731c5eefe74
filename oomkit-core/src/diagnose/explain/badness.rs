//! Computes the badness score of every row of a task table, as the kernel that wrote it does.

use super::badness_rules::{RootBonus, Rules, Scale};
use super::sentence::{entry, size};
use super::term::Term;
use crate::event::{Constraint, Event, Scope, Task};

/// Pages that 1000 points of `oom_score_adj` are worth.
#[derive(Debug, Clone)]
pub(super) struct Total {
    /// What the dump is sure of: the cgroup's limit, or RAM and swap.
    pub(super) pages: Term,
    /// With all the swap that the cgroup may use. The dump of a cgroup does not say how much the node has.
    pub(super) most: Most,
}

/// How much more than the limit `oom_score_adj` may have been measured by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Most {
    /// Nothing more.
    Same,
    /// Up to so many pages.
    Pages(i128),
    /// As much swap as the node has.
    Unknown,
}

/// `None`: the dump does not say.
pub(super) fn total(event: &Event) -> Option<Total> {
    let page = Term::bytes("page_size_bytes", event.page_size_bytes?);
    match (&event.constraint, &event.scope) {
        (Constraint::Memcg, _) => limited(event, page),
        (Constraint::Cpuset | Constraint::MemoryPolicy, _) | (_, Scope::Cpuset | Scope::MemoryPolicy) => {
            of_nodes(event, page)
        }
        _ => of_node(event, page),
    }
}

fn limited(event: &Event, page: Term) -> Option<Total> {
    let memcg = event.memcg.as_ref()?;
    let limit = size("memcg.memory.limit_bytes", memcg.memory.as_ref()?.limit_bytes)?;
    let bytes = page.value().max(1);
    let base = limit.value() / bytes;
    // Mem-Info of old kernels knows the node's swap, and a node without swap adds none
    let node = event.memory.as_ref().and_then(|m| m.swap_total_bytes).map(|swap| i128::from(swap.get()) / bytes);
    let own = match (&memcg.memory_swap, &memcg.swap) {
        (Some(both), _) => both.limit_bytes.map(|both| i128::from(both.get()) / bytes - base),
        (None, Some(swap)) => swap.limit_bytes.map(|swap| i128::from(swap.get()) / bytes),
        (None, None) => None,
    };
    let extra = match (own, node) {
        (Some(own), Some(node)) => Some(own.min(node)),
        (own, node) => own.or(node),
    };
    let most = match extra {
        Some(extra) if extra <= 0 => Most::Same,
        Some(extra) => Most::Pages(base + extra),
        None => Most::Unknown,
    };
    Some(Total { pages: limit.over(page), most })
}

/// `totalram_pages + total_swap_pages`.
fn of_node(event: &Event, page: Term) -> Option<Total> {
    let memory = event.memory.as_ref()?;
    let ram = super::swap::available(memory)?;
    let swap = size("memory.swap_total_bytes", memory.swap_total_bytes);
    let all = Term::total([ram].into_iter().chain(swap))?;
    Some(Total { pages: all.over(page), most: Most::Same })
}

/// Swap and what is present on the nodes that are allowed: those the dump lists.
fn of_nodes(event: &Event, page: Term) -> Option<Total> {
    let memory = event.memory.as_ref()?;
    event.trigger.as_ref()?;
    let zones = memory.zones.iter().enumerate().filter(|(_, zone)| super::zones::is_allowed(event, zone));
    let present =
        zones.filter_map(|(number, zone)| entry(&format!("memory.zones[{number}].values"), &zone.values, "present"));
    let present = Term::total(present)?;
    let swap = size("memory.swap_total_bytes", memory.swap_total_bytes);
    let all = Term::total(swap.into_iter().chain([present]))?;
    Some(Total { pages: all.over(page), most: Most::Same })
}

/// Scores of the rows of a table.
pub(super) struct Scorer<'a> {
    pub(super) rules: Rules,
    /// Zero where the dump does not say and every row has the same `oom_score_adj`.
    pub(super) total: Term,
    pub(super) page: Term,
    pub(super) tasks: &'a [Task],
    /// Rows whose values are not the event's but the caller's.
    pub(super) supposed: &'a [usize],
}

impl Scorer<'_> {
    /// −1000 exempts; init and kernel threads are not in the table.
    pub(super) fn is_exempt(&self, row: usize) -> bool {
        self.tasks[row].oom_score_adj == Some(-1000)
    }

    /// The score, measured by so many pages. `root`: whether a root process gets its bonus.
    pub(super) fn score(&self, row: usize, root: bool, total: i128) -> i128 {
        let task = &self.tasks[row];
        let page = self.page.value().max(1);
        let held = [task.rss_bytes, task.swap_bytes, task.page_tables_bytes];
        // page by page, as the kernel counts: page tables are kept in bytes
        let held: i128 = held.into_iter().flatten().map(|bytes| i128::from(bytes.get()) / page).sum();
        let adj = i128::from(task.oom_score_adj.unwrap_or(0));
        let points = match (self.rules.scale, self.bonus(row, root)) {
            (Scale::PerMille, RootBonus::None) => (held * 1000).checked_div(total).unwrap_or(0) + adj,
            (Scale::PerMille, _) => (held * 1000).checked_div(total).unwrap_or(0) - 30 + adj,
            (Scale::Pages, RootBonus::None) => held + adj * (total / 1000),
            (Scale::Pages, RootBonus::OfMemory) => held + (adj - 30) * (total / 1000),
            (Scale::Pages, RootBonus::OfUse) => held - held * 3 / 100 + adj * (total / 1000),
        };
        if self.rules.at_least_one { points.max(1) } else { points }
    }

    /// The score with its derivation.
    pub(super) fn points(&self, row: usize) -> Term {
        let task = &self.tasks[row];
        let path = |field: &str| format!("tasks[{row}].{field}");
        let own = |term: Term| if self.supposed.contains(&row) { Term::literal(term.value()) } else { term };
        let held = [
            ("rss_bytes", task.rss_bytes),
            ("swap_bytes", task.swap_bytes),
            ("page_tables_bytes", task.page_tables_bytes),
        ];
        let held = held.into_iter().filter_map(|(field, bytes)| size(&path(field), bytes));
        let held =
            Term::total(held.map(|bytes| own(bytes).over(self.page.clone()))).unwrap_or_else(|| Term::literal(0));
        let adj = own(Term::field(path("oom_score_adj"), task.oom_score_adj.unwrap_or(0)));
        let bonus = self.bonus(row, true);
        let points = match self.rules.scale {
            Scale::PerMille => {
                let points = held.times(Term::literal(1000)).over(self.total.clone());
                let points = if bonus == RootBonus::None { points } else { points.minus(Term::literal(30)) };
                points.plus(adj)
            }
            Scale::Pages => {
                let unit = self.total.clone().over(Term::literal(1000));
                let adj = if bonus == RootBonus::OfMemory { adj.minus(Term::literal(30)) } else { adj };
                let held = if bonus == RootBonus::OfUse {
                    held.clone().minus(held.times(Term::literal(3)).over(Term::literal(100)))
                } else {
                    held
                };
                if adj.value() == 0 { held } else { held.plus(adj.times(unit)) }
            }
        };
        if self.rules.at_least_one { points.at_least(Term::literal(1)) } else { points }
    }

    fn bonus(&self, row: usize, root: bool) -> RootBonus {
        if root && self.tasks[row].uid == Some(0) { self.rules.root } else { RootBonus::None }
    }
}
