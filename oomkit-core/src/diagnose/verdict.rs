//! Could Kubernetes see the kill? Only if the container's first process died.
//!
//! The dump holds no parent pids and no start times, so one dump seldom proves the answer: it does for a group kill of
//! the container, and for a container whose only process died.

use crate::event::{Confidence, Constraint, Event, Evidence, Identity, Outcome, Scope, Verdict, VerdictKind};

/// Lines of the dump that evidence quotes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    /// The group notice's path and line.
    pub(crate) group: Option<(&'a [u8], u64)>,
    /// The task table's header.
    pub(crate) table_line: Option<u64>,
    /// The first kill line.
    pub(crate) kill_line: Option<u64>,
    /// The `oom-kill:` summary.
    pub(crate) summary_line: Option<u64>,
}

/// No answer.
pub(crate) fn undecided() -> Verdict {
    of(VerdictKind::Unknown, Confidence::Possible, String::new(), None)
}

pub(crate) fn verdict(event: &Event, facts: &Facts<'_>) -> Verdict {
    let victim = match event.victims.first() {
        Some(victim) if event.outcome == Outcome::Killed => victim,
        _ if event.outcome == Outcome::Unknown => {
            let why = "the dump ends before it says who was killed";
            return of(VerdictKind::Unknown, Confidence::Possible, why.into(), None);
        }
        _ => return of(VerdictKind::Unknown, Confidence::Certain, "no process was killed".into(), None),
    };
    let path = event.memcg.as_ref().and_then(|m| m.task_memcg.as_deref());
    let where_from = facts.summary_line.or(facts.kill_line);
    let Some(path) = path else {
        let why = "the dump does not say which cgroup the victim was in";
        return of(VerdictKind::Unknown, Confidence::Possible, why.into(), facts.kill_line);
    };
    let Some(container) = event.container.as_ref().filter(|identity| is_container(identity)) else {
        let why = format!("the victim's cgroup {path:?} is no container's");
        return of(VerdictKind::NotContainerised, Confidence::Likely, why, where_from);
    };
    if let Some((group, line)) = facts.group
        && (path.as_bytes() == group || is_below(path.as_bytes(), group))
    {
        let why = "memory.oom.group is set: every process of the container was killed";
        return of(VerdictKind::ContainerKilled, Confidence::Certain, why.into(), Some(line));
    }
    // the table lists the limited cgroup only; a pod's or the node's mixes containers
    let own_table = event.constraint == Constraint::Memcg && event.scope == Scope::Container && !event.tasks.is_empty();
    if !own_table {
        let why = match container.id.as_deref() {
            Some(id) => format!("the victim was in container {id}, whose other processes the dump does not single out"),
            None => "the victim was in a container whose other processes the dump does not single out".to_owned(),
        };
        return of(VerdictKind::Unknown, Confidence::Possible, why, where_from);
    }
    let lowest = event.tasks.iter().map(|task| task.tgid.unwrap_or(task.pid)).min();
    let leader = event.tasks.iter().find(|t| t.pid == victim.pid).and_then(|t| t.tgid).unwrap_or(victim.pid);
    match event.tasks.len() {
        1 if event.tasks[0].pid == victim.pid => {
            let why = "the victim was the only process of the container";
            of(VerdictKind::ContainerKilled, Confidence::Certain, why.into(), facts.table_line)
        }
        rows if lowest == Some(leader) => {
            let why = format!("the victim has the lowest pid of the container's {rows} processes");
            of(VerdictKind::ContainerKilled, Confidence::Possible, why, facts.table_line)
        }
        rows => {
            let first = lowest.unwrap_or_default();
            let why = format!(
                "pid {first} is older than the victim among the container's {rows} processes and was not killed"
            );
            of(VerdictKind::ChildKilled, Confidence::Likely, why, facts.table_line)
        }
    }
}

/// A cgroup that a container runtime made, not a plain unit or a pod's own.
fn is_container(identity: &Identity) -> bool {
    identity.id.is_some() || identity.name.is_some()
}

fn is_below(path: &[u8], group: &[u8]) -> bool {
    path.strip_prefix(group).is_some_and(|rest| group == b"/" || rest.starts_with(b"/"))
}

fn of(kind: VerdictKind, confidence: Confidence, fact: String, line: Option<u64>) -> Verdict {
    let evidence = if fact.is_empty() { Vec::new() } else { vec![Evidence { fact, line }] };
    Verdict { kind, confidence, evidence }
}
