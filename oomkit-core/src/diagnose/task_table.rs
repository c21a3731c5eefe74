//! Findings from the task table: was the victim the first process of its container?

use super::evidence_lines::EvidenceLines;
use super::finding::Finding;
use super::process_names;
use crate::event::Confidence::{Certain, Likely, Possible};
use crate::event::VerdictKind::{ChildKilled, ContainerKilled};
use crate::event::{Completeness, Constraint, DiagnosticKind, Event, Identity, Scope, Task};
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
    let lossy = [DiagnosticKind::LinesLost, DiagnosticKind::BytesLost, DiagnosticKind::LimitReached];
    lines.table.is_some()
        && event.completeness != Completeness::Fragment
        && event.diagnostics.iter().all(|diagnostic| !lossy.contains(&diagnostic.kind))
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

/// The process that was killed, and its row of the table.
struct VictimProcess<'a> {
    /// Process id.
    leader: u32,
    comm: &'a str,
    row: Option<&'a Task>,
}

fn find_victim(event: &Event) -> Option<VictimProcess<'_>> {
    let victim = event.victims.first()?;
    let row_of = |pid: u32| event.tasks.iter().find(|task| task.pid == pid);
    let row = row_of(victim.pid).or_else(|| row_of(victim.selected_pid?));
    // a pid of the kill line that no row shows is a child of the one chosen; since 5.0 it is a thread of it
    let since_5_0 = event.constraint_text.is_some();
    let own = row.filter(|task| task.pid == victim.pid || task.tgid == Some(victim.pid) || since_5_0);
    let leader = own.map_or(victim.pid, leader);
    Some(VictimProcess { leader, comm: victim.comm.as_deref().unwrap_or_default(), row })
}

fn is_killed(event: &Event, task: &Task) -> bool {
    event.victims.iter().any(|victim| victim.pid == task.pid || victim.pid == leader(task))
}

/// What a table shows that lists the victim's container only.
pub(super) fn own_container_findings(event: &Event, lines: &EvidenceLines) -> Vec<Finding> {
    let rows = &event.tasks;
    let (Some(victim), Some(lowest)) = (find_victim(event), rows.iter().min_by_key(|task| leader(task))) else {
        return Vec::new();
    };
    let say = |kind, confidence, fact| vec![Finding::new(kind, confidence, fact, lines.table)];
    let who = called(victim.leader, Some(victim.comm));
    if rows.iter().all(|task| is_killed(event, task)) {
        let fact = match rows.len() {
            1 => format!("the task table has one row: {who} was the only process of the container"),
            n => format!("all {n} processes of the task table were killed, and the table lists the whole container"),
        };
        return say(ContainerKilled, if is_whole(event, lines) { Certain } else { Likely }, fact);
    }
    if leader(lowest) < victim.leader {
        return elder_spared(event, lines, &victim, lowest);
    }
    if leader(lowest) > victim.leader {
        let fact = format!("{who} is not in the task table, and older than the {} processes that are", rows.len());
        return say(ContainerKilled, Possible, fact);
    }
    if process_names::is_worker(victim.comm) {
        let fact = format!("{who} has the lowest pid of the container's {} processes, but a worker's name", rows.len());
        return say(ChildKilled, Possible, fact);
    }
    let others = || rows.iter().filter(|task| leader(task) != victim.leader);
    let span = others().map(leader).max().unwrap_or(victim.leader) - victim.leader;
    let workers = others().filter(|task| task.comm == victim.comm).count();
    let (confidence, why) = if process_names::is_init(victim.comm) || process_names::is_master(victim.comm) {
        (Likely, ", and a name that first processes have".to_owned())
    } else if workers > 0 && process_names::forks(victim.comm) {
        (Likely, format!(", and {workers} of the others have its name, as its workers would"))
    } else if span <= TOGETHER {
        (Likely, format!(", which lie so close together ({span}) that the first has the lowest"))
    } else {
        (Possible, String::new())
    };
    let fact = format!("{who} has the lowest pid of the container's {} processes{why}", rows.len());
    say(ContainerKilled, confidence, fact)
}

/// An older process of the container was spared.
fn elder_spared(event: &Event, lines: &EvidenceLines, victim: &VictimProcess<'_>, lowest: &Task) -> Vec<Finding> {
    let who = called(victim.leader, Some(victim.comm));
    let first = called(leader(lowest), Some(&lowest.comm));
    let rows = event.tasks.len();
    if is_killed(event, lowest) {
        let fact = format!("{first}, which has the lowest pid of the container's {rows} processes, was killed too");
        return vec![Finding::new(ContainerKilled, Likely, fact, lines.table)];
    }
    // made to be a first process: then the numbering has begun anew since it started
    if matches!(victim.comm, "tini" | "dumb-init" | "docker-init" | "catatonit") {
        let fact = format!("{who} is made to be the first process of a container");
        return vec![Finding::new(ContainerKilled, Possible, fact, lines.kill)];
    }
    let why = if process_names::is_init(&lowest.comm) || process_names::is_master(&lowest.comm) {
        "; first processes have such a name"
    } else if lowest.comm == victim.comm && process_names::forks(&lowest.comm) {
        "; such a server forks workers of its own name"
    } else if process_names::is_worker(victim.comm) {
        "; only a worker has its name"
    } else {
        ""
    };
    let fact =
        format!("{first} has the lowest pid of the container's {rows} processes and was not killed; {who} was{why}");
    let mut findings = vec![Finding::new(ChildKilled, Likely, fact, lines.table)];
    findings.extend(why_not_all(event, lines));
    findings
}

/// Why the rest of the container was not killed with the victim.
fn why_not_all(event: &Event, lines: &EvidenceLines) -> Option<Finding> {
    let memcg = event.memcg.as_ref()?;
    if !super::in_pod(event) || event.group_kill.is_some() {
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
    Some(Finding::new(ChildKilled, Possible, fact.to_owned(), lines.counters))
}

/// What a table says that lists more than the victim's container: no row names its cgroup. kubelet sets for the processes of
/// a container one `oom_score_adj`; a burstable one's follows from its request, and few containers share it.
pub(super) fn shared_table_finding(event: &Event, lines: &EvidenceLines) -> Option<Finding> {
    let victim = find_victim(event)?;
    let row = victim.row?;
    let pod = event.scope == Scope::Pod;
    let who = called(victim.leader, Some(victim.comm));
    let is_sandbox = |task: &Task| task.oom_score_adj == Some(SANDBOX_ADJ) && task.comm == "pause";
    let others = || event.tasks.iter().filter(|task| leader(task) != victim.leader && !is_sandbox(task));
    let say = |kind, confidence, fact| Some(Finding::new(kind, confidence, fact, lines.table));
    if pod && is_whole(event, lines) && others().next().is_none() {
        let fact = format!("{who} was the pod's only process beside its sandbox (`pause`, oom_score_adj -998)");
        return say(ContainerKilled, Likely, fact);
    }
    if process_names::is_worker(victim.comm) {
        let fact = format!("only a worker has the name of {who}");
        return say(ChildKilled, Likely, fact);
    }
    let adj = row.oom_score_adj.or(event.victims.first().and_then(|victim| victim.oom_score_adj))?;
    // with one value for all, a table of the node distinguishes containers by their users at most
    let telling = pod || (2..1000).contains(&adj);
    let is_kin = |task: &&Task| task.oom_score_adj == Some(adj) && (task.uid == row.uid || task.comm == victim.comm);
    let kin: Vec<&Task> = others().filter(is_kin).collect();
    if telling && kin.is_empty() {
        let user = row.uid.map(|uid| format!(" {uid}")).unwrap_or_default();
        let fact = format!(
            "no other process of the task table has the oom_score_adj {adj} and the user{user} of {who}: it may be the only \
             one of its container"
        );
        return say(ContainerKilled, Possible, fact);
    }
    let older = kin.iter().filter(|task| leader(task) < victim.leader).max_by_key(|task| leader(task));
    let elder = older.map(|older| called(leader(older), Some(&older.comm))).unwrap_or_default();
    match older {
        Some(older) if older.comm == victim.comm && victim.leader - leader(older) <= TOGETHER => {
            let fact = format!(
                "{who} has name, oom_score_adj {adj} and user of the older {elder}: it may be one of its workers"
            );
            say(ChildKilled, Possible, fact)
        }
        Some(_) if telling => {
            let fact = format!(
                "{elder} is older than {who} and has its oom_score_adj {adj} and user: it may be the first of the container"
            );
            say(ChildKilled, Possible, fact)
        }
        None if telling => {
            let all = kin.len() + 1;
            let fact = format!("{who} has the lowest pid of the {all} processes with its oom_score_adj {adj} and user");
            say(ContainerKilled, Possible, fact)
        }
        _ => None,
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
