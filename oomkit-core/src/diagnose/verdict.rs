//! The verdict from one dump: could Kubernetes see the kill? Only if the container's first process died.
//!
//! The dump holds no parent pids and no start times, so one dump seldom proves the answer: it does for a group kill of
//! the container, and for a container whose only process died.

use super::evidence_lines::EvidenceLines;
use super::finding::{Finding, weigh};
use super::process_names;
use super::task_table::{self, called};
use crate::cgroup;
use crate::event::Confidence::{self, Certain, Likely, Possible};
use crate::event::VerdictKind::{self, ChildKilled, ContainerKilled, NotContainerised, Unknown};
use crate::event::{
    Constraint, Event, Evidence, Identity, Level, LimitOwner, Outcome, RawBytes, Runtime, Scope, Task, Verdict,
};
use std::borrow::Cow;

/// No answer.
pub(crate) fn undecided() -> Verdict {
    Verdict { kind: Unknown, confidence: Possible, evidence: Vec::new() }
}

/// The verdict from the dump alone.
pub(super) fn verdict_from_dump(event: &Event, lines: &EvidenceLines) -> Verdict {
    match event.outcome {
        Outcome::Killed if !event.victims.is_empty() => {}
        Outcome::Unknown | Outcome::NotPrinted | Outcome::Killed => return victim_unknown(event, lines),
        _ => return verdict_of_one(Unknown, Certain, "no process was killed", lines.last),
    }
    let where_from = lines.summary.or(lines.kill);
    let Some(container) = subject(event) else {
        let Some(path) = event.memcg.as_ref().and_then(|memcg| memcg.task_memcg.as_deref()) else {
            let why = "the dump does not say which cgroup the victim was in";
            return verdict_of_one(Unknown, Possible, why, lines.kill);
        };
        let why = format!("the victim's cgroup `{path}` is no container's");
        return verdict_of_one(NotContainerised, Likely, why, where_from);
    };
    if let Some(unit) = container.unit.as_deref().filter(|unit| unit.contains("-conmon-")) {
        let why = format!("the victim was in `{unit}`, the monitor beside {}", brief(container));
        return verdict_of_one(NotContainerised, Likely, why, where_from);
    }
    let mut findings = Vec::from_iter(group_kill_finding(event, container, lines));
    if findings.iter().all(|finding| finding.confidence != Certain) {
        findings.extend(cgroup_finding(event, container, where_from));
        match task_table::is_own(event, container) {
            true => findings.extend(task_table::own_container_findings(event, lines)),
            false => findings.extend(task_table::shared_table_finding(event, lines)),
        }
    }
    if findings.is_empty() {
        let why = format!("the victim was in {}, whose other processes the dump does not single out", brief(container));
        return verdict_of_one(Unknown, Possible, why, where_from);
    }
    weigh(undecided(), findings)
}

/// The log does not say who was killed; here is why not.
fn victim_unknown(event: &Event, lines: &EvidenceLines) -> Verdict {
    let mut verdict = undecided();
    let mut say = |fact: &str, line| verdict.evidence.push(Evidence { fact: fact.to_owned(), line });
    if event.outcome == Outcome::NotPrinted {
        let fact =
            "this kernel prints no kill line for the limit of a memory cgroup: the log does not say who was killed";
        say(fact, lines.last);
        return verdict;
    }
    if event.constraint == Constraint::Memcg && event.scope == Scope::Unknown {
        if let Some((frame, line)) = lines.memcg_frame {
            say(&format!("the limit of a memory cgroup was hit, as `{frame}` in the trace shows"), Some(line));
        }
        say("the dump is cut before the line that names the cgroup whose limit was hit", lines.last);
    }
    say("the dump ends before it says who was killed", lines.last);
    verdict
}

/// The container that the question is about: the victim's, else the one whose limit was hit. Where the dump names no
/// cgroup of the victim, it was in that one, or below.
pub(super) fn subject(event: &Event) -> Option<&Identity> {
    let is_known = event.memcg.as_ref().is_some_and(|memcg| memcg.task_memcg.is_some());
    let owner = event.limit_owner.as_ref().filter(|owner| !is_known && owner.level == Level::Container);
    event.container.as_ref().or(owner.map(|owner| &owner.identity)).filter(|identity| is_container(identity))
}

/// A cgroup that a container runtime made, not a plain unit or a pod's own.
pub(super) fn is_container(identity: &Identity) -> bool {
    identity.id.is_some() || identity.name.is_some() || identity.runtime == Runtime::Nspawn
}

/// The digits of an id that every program prints.
pub(super) fn short_id(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}

/// `container 9823d09a922d`.
pub(super) fn brief(identity: &Identity) -> String {
    match (identity.id.as_deref(), identity.name.as_deref().or(identity.machine.as_deref())) {
        (Some(id), _) => format!("container {}", short_id(id)),
        (None, Some(name)) => format!("container {}", name.escape_debug()),
        (None, None) => "a container".to_owned(),
    }
}

/// `memory.oom.group` kills every process of the cgroup, those with `oom_score_adj` -1000 spared.
fn group_kill_finding(event: &Event, container: &Identity, lines: &EvidenceLines) -> Option<Finding> {
    let group = event.group_kill.as_ref()?;
    let group = exact_bytes(&group.path, group.path_raw.as_ref());
    let memcg = event.memcg.as_ref()?;
    let task = exact_bytes(memcg.task_memcg.as_deref()?, memcg.task_memcg_raw.as_ref());
    if !is_at_or_below(&task, &group) {
        return None;
    }
    let say = |kind, confidence, fact| Some(Finding::new(kind, confidence, fact, lines.group));
    let quote = "Tasks in … are going to be killed due to memory.oom.group set";
    // a group inside the container leaves the rest of it alone
    let is_inner = |o: LimitOwner| o.level != Level::Container && task_table::same_container(&o.identity, container);
    if cgroup::limit_owner(&group).is_some_and(is_inner) {
        return say(ChildKilled, Possible, format!("`{quote}`: the group is a part of the container only"));
    }
    let spared =
        |task: &&Task| task.oom_score_adj == Some(-1000) && !event.victims.iter().any(|victim| victim.pid == task.pid);
    let everyone = format!("`{quote}`: every process of the container was killed");
    let Some(one) = event.tasks.iter().find(spared) else { return say(ContainerKilled, Certain, everyone) };
    if !task_table::is_own(event, container) {
        // the table lists others, who have such processes. kubelet sets -1000 for no container
        let confidence = if container.pod_uid.is_some() { Certain } else { Likely };
        return say(ContainerKilled, confidence, everyone);
    }
    let who = called(one.pid, Some(&one.comm));
    if event.tasks.iter().map(task_table::leader).min() == Some(task_table::leader(one)) {
        let fact = format!("`{quote}`, but {who} has the lowest pid and is spared by its oom_score_adj of -1000");
        return say(ChildKilled, Likely, fact);
    }
    let fact = format!("{everyone} but {who}, which is not its first and has oom_score_adj -1000");
    say(ContainerKilled, Certain, fact)
}

/// What the victim's place inside the container, and its name, show.
fn cgroup_finding(event: &Event, container: &Identity, line: Option<u64>) -> Option<Finding> {
    let victim = event.victims.first()?;
    let comm = victim.comm.as_deref().unwrap_or_default();
    if container.pod_uid.is_some() && process_names::is_sandbox(comm) {
        let fact = format!("{} is the machine that the whole container runs in", called(victim.pid, Some(comm)));
        return Some(Finding::new(ContainerKilled, Likely, fact, line));
    }
    // a system container's first process is in init.scope, or in the container's own cgroup
    let unit = container.unit.as_deref().filter(|unit| *unit != "init.scope")?;
    let fact = format!("the victim was in `{unit}` inside {}, not in its first process' cgroup", brief(container));
    Some(Finding::new(ChildKilled, Likely, fact, line))
}

/// A name's exact bytes.
pub(super) fn exact_bytes<'a>(text: &'a str, raw: Option<&'a RawBytes>) -> Cow<'a, [u8]> {
    raw.map_or(Cow::Borrowed(text.as_bytes()), |raw| Cow::Borrowed(&raw.0))
}

fn is_at_or_below(path: &[u8], group: &[u8]) -> bool {
    path.strip_prefix(group).is_some_and(|rest| rest.is_empty() || group == b"/" || rest.starts_with(b"/"))
}

fn verdict_of_one(kind: VerdictKind, confidence: Confidence, fact: impl Into<String>, line: Option<u64>) -> Verdict {
    Verdict { kind, confidence, evidence: vec![Evidence { fact: fact.into(), line }] }
}
