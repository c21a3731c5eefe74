//! What memory was used for, and what no task explains: one view for a cgroup, one for the node.

use super::model::{Sentence, Topic, Use, UseKind, Uses};
use super::sentence::sentence;
use super::term::Term;
use super::{memcg_usage, node_usage};
use crate::event::{Constraint, Event};

/// The parts of a whole, with their derivations.
pub(super) struct UsageParts {
    pub(super) total: Term,
    pub(super) parts: Vec<(UseKind, Term)>,
    /// Whether the dump prints everything that would be a part, so that the rest is telling.
    pub(super) whole: bool,
}

impl UsageParts {
    /// What no part explains; nothing where the parts make more than the whole.
    fn rest(&self) -> Option<Term> {
        if !self.whole {
            return None;
        }
        let rest = self.parts.iter().fold(self.total.clone(), |rest, (_, part)| rest.minus(part.clone()));
        (rest.value() >= 0).then_some(rest)
    }

    pub(super) fn get(&self, kind: &UseKind) -> Option<&Term> {
        self.parts.iter().find(|(k, _)| k == kind).map(|(_, term)| term)
    }

    /// A part of at least so many percent of the whole.
    pub(super) fn of_at_least(&self, percent: i128, kind: &UseKind) -> Option<&Term> {
        self.get(kind).filter(|part| part.value() * 100 >= self.total.value() * percent)
    }
}

/// The cgroup's view for its limit, else the node's.
pub(super) fn parts(event: &Event) -> Option<UsageParts> {
    let mut parts = match event.constraint {
        Constraint::Memcg => memcg_usage::parts(event)?,
        _ => node_usage::parts(event)?,
    };
    parts.parts.retain(|(_, term)| term.value() > 0);
    parts.parts.sort_by_key(|(_, term)| std::cmp::Reverse(term.value()));
    Some(parts)
}

pub(super) fn uses(parts: &UsageParts) -> Uses {
    let of = |(kind, term): &(UseKind, Term)| Use {
        kind: kind.clone(),
        size_bytes: term.as_bytes(),
        in_tasks: in_tasks(kind),
    };
    Uses {
        total_bytes: parts.total.as_bytes(),
        parts: parts.parts.iter().map(of).collect(),
        unaccounted_bytes: parts.rest().map(|rest| rest.as_bytes()),
    }
}

pub(super) fn explain(event: &Event, parts: &UsageParts, out: &mut Vec<Sentence>) {
    let memcg = event.constraint == Constraint::Memcg;
    let say = sentence(Topic::Unseen).text("Of ").bytes(&parts.total);
    let say = say.text(if memcg { " charged" } else { " the node can use" });
    out.push(match parts.get(&UseKind::Anonymous) {
        Some(anon) => {
            let say = say.text(", ").bytes(anon).share(anon, &parts.total).text(" are anonymous memory of processes");
            let locked = parts.get(&UseKind::Mlocked);
            let say = say.maybe(locked, |say, locked| {
                say.text(" and ").bytes(locked).share(locked, &parts.total).text(" locked by them (mlock)")
            });
            say.text(".").done()
        }
        None => say.text(", none is anonymous memory of processes, as far as the dump shows.").on("constraint").done(),
    });
    let mut others = parts.parts.iter().filter(|(kind, _)| !in_tasks(kind)).peekable();
    if others.peek().is_some() {
        let say = sentence(Topic::Unseen).text(if memcg { "No process shows: " } else { "Beside processes: " });
        say.sizes(others.map(|(kind, term)| (words(kind), term))).end(out);
    }
    if let Some(rest) = parts.rest().filter(|rest| rest.value() > 0) {
        let say = sentence(Topic::Unseen).bytes(&rest).share(&rest, &parts.total);
        let why = if memcg {
            " are in none of these: counts that lag behind, or charges this kernel does not break down."
        } else {
            " are in none of these: drivers, per-CPU memory, vmalloc, whatever takes pages without counting them."
        };
        say.text(why).add_to(out);
    }
    if memcg {
        memcg_usage::unmapped(event, out);
    } else {
        node_usage::largest(event, out);
    }
}

/// What belongs to processes and has columns in the task table.
fn in_tasks(kind: &UseKind) -> bool {
    matches!(kind, UseKind::Anonymous | UseKind::Mlocked | UseKind::PageTables)
}

fn words(kind: &UseKind) -> &str {
    match kind {
        UseKind::PageCache => "page cache",
        UseKind::Shmem => "shared memory and tmpfs",
        UseKind::KernelStack => "kernel stacks",
        UseKind::Percpu => "per-CPU",
        UseKind::Zsmalloc => "zsmalloc (zram, zswap)",
        UseKind::Hugetlb => "huge page pools",
        UseKind::OtherKernel => "other kernel memory",
        UseKind::Gpu => "graphics",
        kind => kind.as_str(),
    }
}
