//! The task table, read for one question: was the victim the first process of its container?

use super::evidence_lines::EvidenceLines;
use super::finding::Finding;
use super::process_names;
use crate::event::{Completeness, Confidence, Constraint, DiagnosticKind, Event, Identity, Scope, Task, VerdictKind};
use std::borrow::Cow;

/// Pids of processes started together are this close: the numbering did not wrap around between them.
const TOGETHER: u32 = 4096;
/// kubelet sets this for every pod's sandbox.
const SANDBOX_ADJ: i32 = -998;

/// Whether the table lists the victim's container and nothing else: then the container's limit was hit, and no other's.
pub(super) fn is_own(event: &Event, container: &Identity) -> bool {
    let owner = event.limit_owner.as_ref().map(|owner| &owner.identity);
    event.constraint == Constraint::Memcg
        && event.scope == Scope::Container
        && !event.tasks.is_empty()
        && owner.is_some_and(|owner| same_container(owner, container))
}

/// Whether two identities are the same container.
pub(super) fn same_container(one: &Identity, other: &Identity) -> bool {
    (&one.id, &one.name, &one.machine, one.nesting.len())
        == (&other.id, &other.name, &other.machine, other.nesting.len())
}

/// Whether no row can be missing.
pub(super) fn is_whole(event: &Event, lines: &EvidenceLines) -> bool {
    let lossy = |kind: &DiagnosticKind| {
        matches!(kind, DiagnosticKind::LinesLost | DiagnosticKind::BytesLost | DiagnosticKind::LimitReached)
    };
    lines.table.is_some()
        && event.completeness != Completeness::Fragment
        && event.diagnostics.iter().all(|diagnostic| !lossy(&diagnostic.kind))
}

/// The process a row belongs to: after its leader died, the row is a thread's.
pub(super) fn leader(task: &Task) -> u32 {
    task.tgid.unwrap_or(task.pid)
}

/// `pid 42 (java)`.
pub(super) fn called(pid: u32, comm: Option<&str>) -> String {
    match comm {
        Some(comm) if !comm.is_empty() => ["pid ", &pid.to_string(), " (", &escaped(comm), ")"].concat(),
        _ => format!("pid {pid}"),
    }
}

/// As Rust escapes a string.
fn escaped(name: &str) -> Cow<'_, str> {
    // nearly every name stays as it is
    let plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\'' | b'\\');
    if name.bytes().all(plain) { Cow::Borrowed(name) } else { Cow::Owned(name.escape_debug().to_string()) }
}

/// Who was killed, against a table.
struct Victim<'a> {
    /// Process id.
    leader: u32,
    comm: &'a str,
    row: Option<&'a Task>,
}

fn victim(event: &Event) -> Option<Victim<'_>> {
    let victim = event.victims.first()?;
    let is_its = |task: &&Task| task.pid == victim.pid || Some(task.pid) == victim.selected_pid;
    let row = event.tasks.iter().find(|task| task.pid == victim.pid).or_else(|| event.tasks.iter().find(is_its));
    // a pid of the kill line that no row shows is a child of the one chosen; since 5.0 it is a thread of it
    let since_5_0 = event.constraint_text.is_some();
    let own = row.filter(|task| task.pid == victim.pid || task.tgid == Some(victim.pid) || since_5_0);
    let leader = own.map_or(victim.pid, leader);
    Some(Victim { leader, comm: victim.comm.as_deref().unwrap_or_default(), row })
}

fn is_killed(event: &Event, task: &Task) -> bool {
    event.victims.iter().any(|victim| victim.pid == task.pid || victim.pid == leader(task))
}

/// What a table that lists the victim's container only says.
pub(super) fn own_container_findings(event: &Event, lines: &EvidenceLines) -> Vec<Finding> {
    let Some(victim) = victim(event) else { return Vec::new() };
    let rows = &event.tasks;
    let say = |kind, confidence, fact| vec![Finding::new(kind, confidence, fact, lines.table)];
    let who = called(victim.leader, Some(victim.comm));
    let lowest = rows.iter().min_by_key(|task| leader(task));
    let Some(lowest) = lowest else { return Vec::new() };
    let whole = is_whole(event, lines);
    let sure = if whole { Confidence::Certain } else { Confidence::Likely };
    if rows.iter().all(|task| is_killed(event, task)) {
        let fact = match rows.len() {
            1 => format!("the task table has one row: {who} was the only process of the container"),
            n => format!("all {n} processes of the task table were killed, and the table lists the whole container"),
        };
        return say(VerdictKind::ContainerKilled, sure, fact);
    }
    let others = rows.iter().filter(|task| leader(task) != victim.leader);
    if leader(lowest) < victim.leader {
        return elder_spared(event, lines, &victim, lowest);
    }
    if leader(lowest) > victim.leader {
        let fact = format!("{who} is not in the task table, and older than the {} processes that are", rows.len());
        return say(VerdictKind::ContainerKilled, Confidence::Possible, fact);
    }
    if process_names::is_worker(victim.comm) {
        let fact = format!("{who} has the lowest pid of the container's {} processes, but a worker's name", rows.len());
        return say(VerdictKind::ChildKilled, Confidence::Possible, fact);
    }
    let mut fact = format!("{who} has the lowest pid of the container's {} processes", rows.len());
    let span = others.clone().map(leader).max().unwrap_or(victim.leader) - victim.leader;
    let workers = others.clone().filter(|task| task.comm == victim.comm).count();
    let confidence = if process_names::is_init(victim.comm) || process_names::is_master(victim.comm) {
        fact.push_str(", and a name that first processes have");
        Confidence::Likely
    } else if workers > 0 && process_names::forks(victim.comm) {
        fact.push_str(&format!(", and {workers} of the others have its name, as its workers would"));
        Confidence::Likely
    } else if span <= TOGETHER {
        fact.push_str(&format!(", which lie so close together ({span}) that the first has the lowest"));
        Confidence::Likely
    } else {
        Confidence::Possible
    };
    say(VerdictKind::ContainerKilled, confidence, fact)
}

/// An older process of the container was spared.
fn elder_spared(event: &Event, lines: &EvidenceLines, victim: &Victim<'_>, lowest: &Task) -> Vec<Finding> {
    let who = called(victim.leader, Some(victim.comm));
    let first = called(leader(lowest), Some(&lowest.comm));
    let rows = event.tasks.len();
    if is_killed(event, lowest) {
        let fact = format!("{first}, which has the lowest pid of the container's {rows} processes, was killed too");
        return vec![Finding::new(VerdictKind::ContainerKilled, Confidence::Likely, fact, lines.table)];
    }
    let mut fact =
        format!("{first} has the lowest pid of the container's {rows} processes and was not killed; {who} was");
    if process_names::is_init(&lowest.comm) || process_names::is_master(&lowest.comm) {
        fact.push_str("; first processes have such a name");
    } else if lowest.comm == victim.comm && process_names::forks(&lowest.comm) {
        fact.push_str("; such a server forks workers of its own name");
    } else if process_names::is_worker(victim.comm) {
        fact.push_str("; only a worker has its name");
    }
    // made to be a first process: then the numbering has begun anew since it started
    if matches!(victim.comm, "tini" | "dumb-init" | "docker-init" | "catatonit") {
        let fact = format!("{who} is made to be the first process of a container");
        return vec![Finding::new(VerdictKind::ContainerKilled, Confidence::Possible, fact, lines.kill)];
    }
    let mut findings = vec![Finding::new(VerdictKind::ChildKilled, Confidence::Likely, fact, lines.table)];
    findings.extend(why_not_all(event, lines));
    findings
}

/// Why the rest of the container was not killed with the victim.
fn why_not_all(event: &Event, lines: &EvidenceLines) -> Option<Finding> {
    let memcg = event.memcg.as_ref()?;
    let kubernetes = event.container.as_ref()?.pod_uid.is_some();
    if !kubernetes || event.group_kill.is_some() {
        return None;
    }
    let fact = if memcg.memory_swap.is_some() || memcg.kmem.is_some() {
        "the counters are those of cgroup v1 (`memory+swap:`, `kmem:`), where kubelet cannot have the whole container killed"
    } else if memcg.swap.is_some() {
        "the counters are those of cgroup v2 (`swap:`), and no memory.oom.group notice stands in the dump: a kubelet before \
         1.28, or singleProcessOOMKill"
    } else {
        return None;
    };
    Some(Finding::new(VerdictKind::ChildKilled, Confidence::Possible, fact.to_owned(), lines.counters))
}

/// What a table says that lists more than the victim's container: no row names its cgroup. kubelet sets for the processes of
/// a container one `oom_score_adj`; a burstable one's follows from its request, and few containers share it.
pub(super) fn shared_table_findings(event: &Event, lines: &EvidenceLines) -> Vec<Finding> {
    let Some(victim) = victim(event) else { return Vec::new() };
    let pod = event.scope == Scope::Pod;
    let adj = victim.row.and_then(|row| row.oom_score_adj).or(event.victims.first().and_then(|v| v.oom_score_adj));
    let who = called(victim.leader, Some(victim.comm));
    let is_sandbox = |task: &Task| task.oom_score_adj == Some(SANDBOX_ADJ) && task.comm == "pause";
    let other = |task: &&Task| leader(task) != victim.leader && !is_sandbox(task);
    let say = |kind, confidence, fact| vec![Finding::new(kind, confidence, fact, lines.table)];
    if victim.row.is_none() {
        return Vec::new();
    }
    if pod && is_whole(event, lines) && !event.tasks.iter().any(|task| other(&task)) {
        let fact = format!("{who} was the pod's only process beside its sandbox (`pause`, oom_score_adj -998)");
        return say(VerdictKind::ContainerKilled, Confidence::Likely, fact);
    }
    if process_names::is_worker(victim.comm) {
        let fact = format!("only a worker has the name of {who}");
        return say(VerdictKind::ChildKilled, Confidence::Likely, fact);
    }
    let Some(adj) = adj else { return Vec::new() };
    // with one value for all, a table of the node distinguishes containers by their users at most
    let telling = pod || (2..1000).contains(&adj);
    let uid = victim.row.and_then(|row| row.uid);
    let kin: Vec<&Task> = event
        .tasks
        .iter()
        .filter(other)
        .filter(|task| task.oom_score_adj == Some(adj) && (task.uid == uid || task.comm == victim.comm))
        .collect();
    if telling && kin.is_empty() {
        let fact = format!(
            "no other process of the task table has the oom_score_adj {adj} and the user{} of {who}: it may be the only \
             one of its container",
            uid.map(|uid| format!(" {uid}")).unwrap_or_default()
        );
        return say(VerdictKind::ContainerKilled, Confidence::Possible, fact);
    }
    let older = kin.iter().filter(|task| leader(task) < victim.leader).max_by_key(|task| leader(task));
    match older {
        Some(older) if older.comm == victim.comm && victim.leader - leader(older) <= TOGETHER => {
            let fact = format!(
                "{who} has name, oom_score_adj {adj} and user of the older {}: it may be one of its workers",
                called(leader(older), Some(&older.comm))
            );
            say(VerdictKind::ChildKilled, Confidence::Possible, fact)
        }
        Some(older) if telling => {
            let fact = format!(
                "{} is older than {who} and has its oom_score_adj {adj} and user: it may be the first of the container",
                called(leader(older), Some(&older.comm))
            );
            say(VerdictKind::ChildKilled, Confidence::Possible, fact)
        }
        None if telling => {
            let fact = format!(
                "{who} has the lowest pid of the {} processes with its oom_score_adj {adj} and user",
                kin.len() + 1
            );
            say(VerdictKind::ContainerKilled, Confidence::Possible, fact)
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_as_rust_escapes_them() {
        let ascii = (0..128_u8).map(|byte| format!("x{}", char::from(byte)));
        for name in ascii.chain(["gunicorn: worke", "Grüße", "\u{301}x", "\u{200b}", "\u{fffd}"].map(str::to_owned)) {
            assert_eq!(escaped(&name), name.escape_debug().to_string());
        }
    }
}
