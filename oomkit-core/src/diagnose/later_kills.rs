//! Later kills in the same container: they show that processes or the container survived an earlier kill.

use super::finding::Finding;
use super::log_instant::LogInstant;
use super::task_table::{called, is_own, leader};
use super::verdict::subject;
use crate::event::Confidence::{Certain, Likely, Possible};
use crate::event::VerdictKind::ChildKilled;
use crate::event::{Event, Identity, Runtime, Task};
use crate::fingerprint::fingerprint;
use std::borrow::Borrow;

/// One kill in a container.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ContainerKill {
    pub(super) at: LogInstant,
    pub(super) container: Box<str>,
    victims: Box<[u32]>,
    /// Rows of a table that lists the container and nothing else: pid, and a hash of all that names the process.
    rows: Box<[(u32, u32)]>,
    failcnt: Option<u64>,
}

/// Rows kept of one table: the lowest pids, among which is the first process.
const MOST_ROWS: usize = 1024;
/// A killed process is gone after this long: who is alive then was spared.
const SETTLED_MICROS: u64 = 1_000_000;
/// Where pids may have come round again, or the machine have booted.
const REUSED_MICROS: u64 = 3_600_000_000;

impl ContainerKill {
    /// `None` for an event that killed nothing in a container.
    pub(super) fn from_event(event: &Event) -> Option<Self> {
        let container = subject(event).filter(|_| !event.victims.is_empty())?;
        let mut victims: Vec<u32> = event.victims.iter().map(|victim| victim.pid).collect();
        victims.sort_unstable();
        let mut rows: Vec<(u32, u32)> = match is_own(event, container) {
            true => event.tasks.iter().map(|task| (task.pid, task_fingerprint(task))).collect(),
            false => Vec::new(),
        };
        rows.sort_unstable();
        rows.truncate(MOST_ROWS);
        Some(Self {
            at: LogInstant::new(&event.time, &event.source),
            container: key(container).into(),
            victims: victims.into(),
            rows: rows.into(),
            failcnt: event.memcg.as_ref().and_then(|memcg| Some(memcg.memory.as_ref()?.failcnt)),
        })
    }
}

/// What names a container among all of its host.
pub(super) fn key(identity: &Identity) -> String {
    let own = |identity: &Identity| {
        let name = identity.id.as_ref().or(identity.name.as_ref()).or(identity.machine.as_ref());
        name.cloned().unwrap_or_default()
    };
    if identity.id.is_some() || identity.nesting.is_empty() {
        return own(identity);
    }
    identity.nesting.iter().map(own).collect::<Vec<_>>().join("/")
}

fn task_fingerprint(task: &Task) -> u32 {
    let who = u64::from(leader(task)) << 32 | u64::from(task.uid.unwrap_or(u32::MAX));
    // an odd factor spreads the pid over all bits
    ((fingerprint(task.comm.as_bytes()) ^ who).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

/// Processes or the container that survived the event's kill, as later kills in the same container show.
pub(super) fn findings(event: &Event, later: impl Iterator<Item: Borrow<ContainerKill>>) -> Vec<Finding> {
    let mut later = later.peekable();
    // mostly there is none, and then no table has to be looked at
    let Some(container) = subject(event).filter(|_| later.peek().is_some()) else { return Vec::new() };
    let Some(kill) = ContainerKill::from_event(event) else { return Vec::new() };
    let mut alive: Option<Finding> = None;
    let mut again: Option<Finding> = None;
    for one in later {
        let one: &ContainerKill = one.borrow();
        let Some(elapsed) = kill.at.until(&one.at).filter(|_| kill.container == one.container && *one != kill) else {
            continue;
        };
        let certain = alive.as_ref().is_some_and(|found| found.confidence == Certain);
        if certain && again.is_some() {
            break;
        }
        if !certain && let Some(survivor) = survivor(event, &kill, one) {
            let confidence = match (elapsed.least, elapsed.micros) {
                (Some(SETTLED_MICROS..), Some(..=REUSED_MICROS)) => Certain,
                (_, Some(0..100_000)) => Possible,
                _ => Likely,
            };
            let fact = format!(
                "{}, of the same container, is alive in a task table{} {}",
                called(survivor.pid, Some(&survivor.comm)),
                one.at.in_other_source(event),
                elapsed.words()
            );
            alive = Some(Finding::new(ChildKilled, confidence, fact, Some(one.at.line)));
        }
        if again.is_none()
            && elapsed.least.is_none_or(|micros| micros >= SETTLED_MICROS)
            && let Some(how) = same_instance(container, kill.failcnt, one.failcnt)
        {
            let fact =
                format!("the same container was hit again{} {}{how}", one.at.in_other_source(event), elapsed.words());
            again = Some(Finding::new(ChildKilled, Likely, fact, Some(one.at.line)));
        }
    }
    alive.into_iter().chain(again).collect()
}

/// A process of the table that the kill spared, and that a later table lists too.
fn survivor<'e>(event: &'e Event, kill: &ContainerKill, later: &ContainerKill) -> Option<&'e Task> {
    let has_row = |pid: &u32| later.rows.binary_search_by_key(pid, |row| row.0).is_ok();
    if kill.rows.is_empty() || kill.victims.iter().any(has_row) {
        return None;
    }
    let is_victim = |pid| kill.victims.binary_search(&pid).is_ok();
    let spared = |task: &&Task| !is_victim(task.pid) && !is_victim(leader(task));
    let is_there = |task: &&Task| later.rows.binary_search(&(task.pid, task_fingerprint(task))).is_ok();
    event.tasks.iter().filter(spared).filter(is_there).min_by_key(|task| task.pid)
}

/// Whether it is the same run of the container. Kubernetes gives each run an id of its own; elsewhere an id or a name
/// outlives restarts, and only a count that continues shows it.
fn same_instance(container: &Identity, before: Option<u64>, after: Option<u64>) -> Option<String> {
    match (before, after) {
        (Some(before), Some(after)) if after > before => Some(format!(", with failcnt {before} risen to {after}")),
        (Some(_), Some(_)) => None,
        _ if is_run(container) => Some(String::new()),
        _ => None,
    }
}

/// Whether the id belongs to one run only.
pub(super) fn is_run(container: &Identity) -> bool {
    let is_unique = |id: &String| container.runtime != Runtime::Unknown || id.len() == 64;
    container.pod_uid.is_some() && container.id.as_ref().is_some_and(is_unique)
}
