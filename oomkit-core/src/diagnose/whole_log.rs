//! Verdicts from a whole log, or several: exits that come late or never, and processes alive in a later dump.

use super::container_notice::{self, ContainerNotice, endings, silence};
use super::finding::{Finding, weigh};
use super::later_kills::{self, ContainerKill};
use super::log_instant::LogInstant;
use super::verdict::{short_id, subject};
use crate::companion;
use crate::event::{Companion, Confidence, Event, Identity, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// Evidence from a whole log, or from several: feed it every event and companion, then ask for the verdict of each event
/// again. Its size grows with the kills and with the containers that other programs saw killed, not with the log.
///
/// ```
/// use oomkit_core::diagnose::WholeLog;
/// use oomkit_core::{Item, Items, Options, Parser};
///
/// let id = "9823d09a922d142299cd6540bdf1c403deba3f4a1cf8b81757db4d79bf43ef7f";
/// let path = format!("/kubepods/burstable/podcc1072d8-25a2-4c1b-a456-e7b8fb25cee3/{id}");
/// let kill = |time: &str, pid: u32| {
///     format!(
///         "{time} n1 kernel: oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset={id},mems_allowed=0,oom_memcg={path},\
///          task_memcg={path},task=app,pid={pid},uid=0\n\
///          {time} n1 kernel: Memory cgroup out of memory: Killed process {pid} (app) total-vm:9kB, anon-rss:8kB, \
///          file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:8kB oom_score_adj:900\n"
///     )
/// };
/// let log = kill("2026-11-23T17:13:34Z", 42) + &kill("2026-11-23T19:20:00Z", 77);
///
/// let mut items = Items::default();
/// let mut parser = Parser::new(Options::new().companions(true));
/// parser.feed(log.as_bytes(), &mut items);
/// parser.finish(&mut items);
/// let mut whole = WholeLog::default();
/// for item in &items.0 {
///     match item {
///         Item::Event(event) => whole.event(event),
///         Item::Companion(companion) => whole.companion(companion),
///         _ => {}
///     }
/// }
/// let Item::Event(first) = &items.0[0] else { panic!() };
/// assert_eq!(first.verdict.kind.as_str(), "unknown");
/// // the container was still there two hours later
/// assert_eq!(whole.verdict(first).kind.as_str(), "child_killed");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WholeLog {
    hosts: BTreeMap<Box<str>, HostEvidence>,
}

/// What is known of one host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct HostEvidence {
    /// By container.
    kills: BTreeMap<Box<str>, BTreeSet<ContainerKill>>,
    /// By the first digits of the container's id.
    notices: BTreeMap<Box<str>, BTreeSet<ContainerNotice>>,
    /// The last line seen of each source, and the last in time.
    ends: BTreeMap<Box<str>, LogInstant>,
    last: Option<LogInstant>,
}

/// The window of `parse`: seconds, and lines where no clock shows the time.
const NEAR: (u64, u64) = (10, 2000);
/// An exit reported this long after a kill is not its consequence.
const LATE_MICROS: u64 = 60_000_000;

impl WholeLog {
    /// Adds an event.
    pub fn event(&mut self, event: &Event) {
        let host = self.host(event.host.as_deref());
        host.see_end(LogInstant::new(&event.time, &event.source));
        if let Some(kill) = ContainerKill::from_event(event) {
            host.kills.entry(kill.container.clone()).or_default().insert(kill);
        }
    }

    /// Adds a companion; see [`Options::companions`](crate::Options::companions).
    pub fn companion(&mut self, companion: &Companion) {
        let host = self.host(companion.host.as_deref());
        host.see_end(LogInstant::new(&companion.time, &companion.source));
        if let Some(notice) = ContainerNotice::new(companion, companion::recognised_phrase(companion)) {
            let id = short_id(notice.container.as_deref().unwrap_or_default()).into();
            host.notices.entry(id).or_default().insert(notice);
        }
    }

    /// Adds what another log reported. Any order and grouping of merges has the same result.
    pub fn merge(&mut self, other: WholeLog) {
        for (name, other) in other.hosts {
            let host = self.hosts.entry(name).or_default();
            for (container, kills) in other.kills {
                host.kills.entry(container).or_default().extend(kills);
            }
            for (container, notices) in other.notices {
                host.notices.entry(container).or_default().extend(notices);
            }
            for at in other.ends.into_values().chain(other.last) {
                host.see_end(at);
            }
        }
    }

    /// The event's own verdict, and what the rest of the log adds to it.
    pub fn verdict(&self, event: &Event) -> Verdict {
        let own = event.verdict.clone();
        let host = self.hosts.get(event.host.as_deref().unwrap_or_default()).filter(|_| super::may_settle(event));
        match host {
            Some(host) => weigh(own, host.findings(event)),
            None => own,
        }
    }

    fn host(&mut self, name: Option<&str>) -> &mut HostEvidence {
        self.hosts.entry(name.unwrap_or_default().into()).or_default()
    }
}

impl HostEvidence {
    /// Remembers the last line of each source.
    fn see_end(&mut self, at: LogInstant) {
        let end = self.ends.entry(at.source.clone()).or_insert_with(|| at.clone());
        if (end.byte, &*end) < (at.byte, &at) {
            *end = at.clone();
        }
        if self.last.as_ref().is_none_or(|last| *last < at) {
            self.last = Some(at);
        }
    }

    fn findings(&self, event: &Event) -> Vec<Finding> {
        let at = LogInstant::new(&event.time, &event.source);
        let container = subject(event);
        let kills = container.and_then(|container| self.kills.get(later_kills::key(container).as_str()));
        let later = || kills.into_iter().flatten().filter(|kill| at.until(&kill.at).is_some());
        // what follows the next kill in the container is about that one
        let next = later().map(|kill| &kill.at).min_by_key(|next| at.until(next).and_then(|elapsed| elapsed.micros));
        let before_next = |notice: &ContainerNotice| next.is_none_or(|next| next.until(&notice.at).is_none());
        let id = container.and_then(|container| container.id.as_deref());
        let of_it = self.notices.get(short_id(id.unwrap_or_default()));
        let unnamed = self.notices.get("").filter(|_| id.is_some());
        let all = || of_it.into_iter().chain(unnamed).flatten().filter(|notice| before_next(notice));
        let near: Vec<&ContainerNotice> = all().filter(|notice| is_near(&at, &notice.at)).collect();
        let mut findings = endings(event, &near);
        if findings.is_empty() && next.is_none() && self.continues_after(&at) {
            let no_exit = || self.no_exit(event, container?, &near);
            findings.extend(silence(event, &near).or_else(no_exit));
        }
        if let Some(container) = container.filter(|container| later_kills::is_run(container)) {
            let ends = of_it.into_iter().flatten().filter(|notice| notice.is_end_of(container));
            let late = ends.filter_map(|notice| Some((at.until(&notice.at)?, notice)));
            let late = late.filter(|(elapsed, _)| elapsed.micros >= Some(LATE_MICROS));
            if !near.iter().any(|notice| notice.is_end_of(container))
                && let Some((elapsed, notice)) = late.min_by_key(|(elapsed, _)| elapsed.micros)
            {
                findings.push(container_notice::late_exit(container, notice, event, elapsed));
            }
        }
        findings.extend(later_kills::findings(event, later()));
        findings
    }

    /// Whether anything was logged after the kill's window had passed.
    fn continues_after(&self, at: &LogInstant) -> bool {
        let is_after = |end| at.until(end).is_some_and(|elapsed| !elapsed.is_within(NEAR.0, NEAR.1));
        self.ends.values().chain(&self.last).any(is_after)
    }

    /// Exits of other containers are reported, this one's never. Where those others were killed as well, it weighs more.
    fn no_exit(&self, event: &Event, container: &Identity, near: &[&ContainerNotice]) -> Option<Finding> {
        let id = container.id.as_deref()?;
        let own = self.notices.get(short_id(id)).into_iter().flatten();
        if event.victims.is_empty() || own.chain(near.iter().copied()).any(|notice| notice.is_end_of(container)) {
            return None;
        }
        let others = || self.notices.values().flatten().filter(|notice| notice.is_end_beside(container, event));
        let killed = |notice: &&ContainerNotice| {
            let id = notice.container.as_deref().unwrap_or_default();
            let kills = self.kills.range::<str, _>((Bound::Included(id), Bound::Unbounded));
            let mut kills = kills.take_while(|(key, _)| key.starts_with(id)).flat_map(|(_, kills)| kills);
            kills.any(|kill| is_near(&kill.at, &notice.at))
        };
        let beside_kill = others().find(killed).map(|other| (other, Confidence::Likely));
        let (other, confidence) = beside_kill.or_else(|| Some((others().next()?, Confidence::Possible)))?;
        Some(container_notice::no_exit(container, other, event, confidence))
    }
}

fn is_near(kill: &LogInstant, notice: &LogInstant) -> bool {
    kill.until(notice).is_some_and(|elapsed| elapsed.is_within(NEAR.0, NEAR.1))
}
