//! What only a whole log can tell of a kill: exits that come late or never, and processes alive in a later dump.

use super::at::At;
use super::finding::{Finding, weigh};
use super::heard::{self, Heard, endings, silence};
use super::kill::{self, Kill};
use super::verdict::subject;
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
    hosts: BTreeMap<Box<str>, Host>,
}

/// What is known of one host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Host {
    /// By container.
    kills: BTreeMap<Box<str>, BTreeSet<Kill>>,
    /// By the first digits of the container's id.
    heard: BTreeMap<Box<str>, BTreeSet<Heard>>,
    /// The last line heard of in each source, and the last in time.
    ends: BTreeMap<Box<str>, At>,
    last: Option<At>,
}

/// As far as `parse` looks.
const NEAR: (u64, u64) = (10, 2000);
/// An exit told this long after a kill is not its consequence.
const LATE_MICROS: u64 = 60_000_000;
/// Digits of an id that every program prints.
const SHORT_ID: usize = 12;

impl WholeLog {
    /// Takes an event.
    pub fn event(&mut self, event: &Event) {
        let host = self.host(event.host.as_deref());
        host.goes_on(At::of(&event.time, &event.source));
        if let Some(kill) = Kill::of(event) {
            host.kills.entry(kill.container().into()).or_default().insert(kill);
        }
    }

    /// Takes a companion; see [`Options::companions`](crate::Options::companions).
    pub fn companion(&mut self, companion: &Companion) {
        let host = self.host(companion.host.as_deref());
        host.goes_on(At::of(&companion.time, &companion.source));
        if let Some(heard) = Heard::of(companion) {
            host.heard.entry(short(heard.container.as_deref())).or_default().insert(heard);
        }
    }

    /// Takes what another log told. Any order and grouping of merges gives the same verdicts.
    pub fn merge(&mut self, other: WholeLog) {
        for (name, other) in other.hosts {
            let host = self.hosts.entry(name).or_default();
            for (container, kills) in other.kills {
                host.kills.entry(container).or_default().extend(kills);
            }
            for (container, heard) in other.heard {
                host.heard.entry(container).or_default().extend(heard);
            }
            for at in other.ends.into_values().chain(other.last) {
                host.goes_on(at);
            }
        }
    }

    /// The event's own verdict, and what the rest of the log adds to it.
    pub fn verdict(&self, event: &Event) -> Verdict {
        let own = event.verdict.clone();
        let host = self.hosts.get(event.host.as_deref().unwrap_or_default()).filter(|_| super::may_settle(event));
        let Some(host) = host else { return own };
        let findings = host.findings(event);
        if findings.is_empty() { own } else { weigh(own, findings) }
    }

    fn host(&mut self, name: Option<&str>) -> &mut Host {
        let name = name.unwrap_or_default();
        if !self.hosts.contains_key(name) {
            self.hosts.insert(name.into(), Host::default());
        }
        self.hosts.entry(name.into()).or_default()
    }
}

fn short(id: Option<&str>) -> Box<str> {
    let id = id.unwrap_or_default();
    id.get(..SHORT_ID).unwrap_or(id).into()
}

impl Host {
    /// Remembers how far each source reaches.
    fn goes_on(&mut self, at: At) {
        match self.ends.get_mut(&*at.source) {
            Some(end) if (end.byte, &*end) < (at.byte, &at) => *end = at.clone(),
            Some(_) => {}
            None => {
                self.ends.insert(at.source.clone(), at.clone());
            }
        }
        if self.last.as_ref().is_none_or(|last| *last < at) {
            self.last = Some(at);
        }
    }

    fn findings(&self, event: &Event) -> Vec<Finding> {
        let at = At::of(&event.time, &event.source);
        let container = subject(event);
        let kills = container.and_then(|container| self.kills.get(kill::key(container).as_str()));
        let later = || kills.into_iter().flatten().filter(|kill| at.until(&kill.at).is_some());
        // what follows the next kill in the container is about that one
        let next = later().filter_map(|kill| at.until(&kill.at).map(|gap| (gap.micros, &kill.at))).min_by_key(|n| n.0);
        let before_next = |heard: &Heard| next.is_none_or(|(_, next)| next.until(&heard.at).is_none());
        let of_it = self.heard.get(&short(container.and_then(|container| container.id.as_deref())));
        let unnamed = self.heard.get("").filter(|_| container.is_some_and(|container| container.id.is_some()));
        let all = || of_it.into_iter().chain(unnamed).flatten().filter(|heard| before_next(heard));
        let near: Vec<&Heard> = all().filter(|heard| is_near(&at, &heard.at)).collect();
        let mut findings = endings(event, &near);
        if findings.is_empty() && next.is_none() && self.went_on(&at) {
            findings = silence(event, &near);
            if findings.is_empty()
                && let Some(container) = container
            {
                findings.extend(self.no_exit(event, container, &near));
            }
        }
        if let Some(container) = container.filter(|container| kill::is_run(container)) {
            let late = of_it.into_iter().flatten().filter(|heard| heard.ended() && heard.is_of(container));
            let late = late.filter_map(|heard| Some((at.until(&heard.at)?, heard)));
            let is_late = |gap: &super::at::Gap| gap.micros.is_some_and(|micros| micros >= LATE_MICROS);
            if !near.iter().any(|heard| heard.ended() && heard.is_of(container))
                && let Some((gap, heard)) = late.filter(|(gap, _)| is_late(gap)).min_by_key(|(gap, _)| gap.micros)
            {
                findings.push(heard::late_exit(container, heard, event, gap));
            }
        }
        findings.extend(kill::findings(event, later()));
        findings
    }

    /// Whether anything was logged after the kill's window had passed.
    fn went_on(&self, at: &At) -> bool {
        self.ends.values().chain(&self.last).any(|end| at.until(end).is_some_and(|gap| !gap.is_within(NEAR.0, NEAR.1)))
    }

    /// Exits of other containers are told, this one's never. Where those others were killed as well, it weighs more.
    fn no_exit(&self, event: &Event, container: &Identity, near: &[&Heard]) -> Option<Finding> {
        let path = event.memcg.as_ref().and_then(|memcg| memcg.task_memcg.as_deref().or(memcg.oom_memcg.as_deref()));
        let id = container.id.as_deref()?;
        let own = self.heard.get(&short(Some(id))).into_iter().flatten();
        if event.victims.is_empty()
            || own.chain(near.iter().copied()).any(|heard| heard.ended() && heard.is_of(container))
        {
            return None;
        }
        let others = || self.heard.values().flatten().filter(|heard| heard.speaks_for(container, path));
        let killed = |heard: &&Heard| {
            let id = heard.container.as_deref().unwrap_or_default();
            let kills = self
                .kills
                .range::<str, _>((Bound::Included(id), Bound::Unbounded))
                .take_while(|(key, _)| key.starts_with(id));
            kills.flat_map(|(_, kills)| kills).any(|kill| is_near(&kill.at, &heard.at))
        };
        match others().find(killed) {
            Some(other) => Some(heard::no_exit(container, other, event, Confidence::Likely)),
            None => others().next().map(|other| heard::no_exit(container, other, event, Confidence::Possible)),
        }
    }
}

fn is_near(kill: &At, heard: &At) -> bool {
    kill.until(heard).is_some_and(|gap| gap.is_within(NEAR.0, NEAR.1))
}
