//! Which dumps: the filters of verbs that pick some.

use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;
use globset::{Glob, GlobMatcher};
use oomkit_core::Event;
use oomkit_core::event::{Identity, VerdictKind};

/// A dump is picked when it passes every filter that is given; of one given several times, any.
#[derive(Debug, Args)]
#[command(next_help_heading = "Filters")]
pub(crate) struct FilterArgs {
    /// A victim's name (patterns: * ? [a-z]) or pid
    #[arg(long, value_name = "NAME|PID", value_parser = name)]
    victim: Vec<Name>,

    /// The pod's uid, or its beginning
    #[arg(long, value_name = "UID")]
    pod: Vec<String>,

    /// The container's id or its beginning, or its name (patterns)
    #[arg(long, value_name = "ID|NAME", value_parser = name)]
    container: Vec<Name>,

    /// The host (patterns)
    #[arg(long, value_name = "HOST", value_parser = name)]
    host: Vec<Name>,

    /// Kills from this time on: 2026-11-23, 2026-11-23T17:00:00Z; a date begins at midnight UTC
    #[arg(long, value_name = "TIME", value_parser = since)]
    since: Option<DateTime<Utc>>,

    /// Kills before this time; a date is included
    #[arg(long, value_name = "TIME", value_parser = until)]
    until: Option<DateTime<Utc>>,

    /// Only kills that Kubernetes cannot see: a process died and its container lives on
    #[arg(long)]
    silent: bool,

    /// none, memcg, cpuset, memory_policy, unknown
    #[arg(long, value_name = "WORD")]
    constraint: Vec<String>,

    /// container, pod, node_allocatable, cgroup, node, cpuset, memory_policy, manual, unknown
    #[arg(long, value_name = "WORD")]
    scope: Vec<String>,

    /// container_killed, child_killed, not_containerised, unknown
    #[arg(long, value_name = "WORD")]
    verdict: Vec<String>,

    /// The event's id, as `parse` prints it, or its beginning
    #[arg(long, value_name = "ID")]
    id: Vec<String>,
}

/// A name as typed, and as a pattern.
#[derive(Debug, Clone)]
struct Name {
    text: String,
    pattern: GlobMatcher,
}

impl Name {
    fn is(&self, name: &str) -> bool {
        self.text == name || self.pattern.is_match(name)
    }
}

/// What a filter thinks of a dump.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Picked {
    Yes,
    No,
    /// All but the time speaks for it, and its time is not known.
    Undated,
}

impl FilterArgs {
    /// Whether a dump passes.
    pub(crate) fn picks(&self, event: &Event) -> Picked {
        let any = |given: &[String], known: &str| given.is_empty() || given.iter().any(|word| word == known);
        let who = [event.container.as_ref(), event.limit_owner.as_ref().map(|owner| &owner.identity)];
        let of_any =
            |is: &dyn Fn(&Identity) -> bool| who.iter().flatten().any(|who| is(who) || who.nesting.iter().any(is));
        let passes = any(&self.constraint, event.constraint.as_str())
            && any(&self.scope, event.scope.as_str())
            && any(&self.verdict, event.verdict.kind.as_str())
            && (!self.silent || event.verdict.kind == VerdictKind::ChildKilled)
            && (self.id.is_empty() || self.id.iter().any(|id| event.id.starts_with(&**id)))
            && (self.victim.is_empty() || self.victim.iter().any(|name| is_victim(name, event)))
            && (self.host.is_empty()
                || event.host.as_deref().is_some_and(|host| self.host.iter().any(|name| name.is(host))))
            && (self.pod.is_empty() || self.pod.iter().any(|uid| of_any(&|who| is_pod(uid, who))))
            && (self.container.is_empty() || self.container.iter().any(|name| of_any(&|who| is_container(name, who))));
        if !passes {
            return Picked::No;
        }
        if self.since.is_none() && self.until.is_none() {
            return Picked::Yes;
        }
        match event.time.wall.map(|wall| wall.with_timezone(&Utc)) {
            None => Picked::Undated,
            Some(time)
                if self.since.is_none_or(|since| time >= since) && self.until.is_none_or(|until| time < until) =>
            {
                Picked::Yes
            }
            Some(_) => Picked::No,
        }
    }
}

fn is_victim(name: &Name, event: &Event) -> bool {
    let pid = name.text.parse::<u32>().ok();
    event.victims.iter().any(|victim| {
        pid == Some(victim.pid) || victim.comm.as_deref().is_some_and(|comm| name.is(comm) || name.is(comm.trim()))
    })
}

/// With either spelling of the dashes: the kernel prints the cgroup's.
fn is_pod(uid: &str, who: &Identity) -> bool {
    who.pod_uid.as_deref().is_some_and(|known| known.starts_with(&uid.replace('_', "-")))
}

/// Fewer digits would pick strangers.
const SHORTEST_ID: usize = 4;

fn is_container(name: &Name, who: &Identity) -> bool {
    let id = who
        .id
        .as_deref()
        .is_some_and(|id| id == name.text || name.text.len() >= SHORTEST_ID && id.starts_with(&name.text));
    id || [&who.name, &who.machine].into_iter().flatten().any(|known| name.is(known))
}

fn name(text: &str) -> Result<Name, String> {
    let pattern = Glob::new(text).map_err(|error| format!("no pattern: {}", error.kind()))?.compile_matcher();
    Ok(Name { text: text.to_owned(), pattern })
}

fn since(text: &str) -> Result<DateTime<Utc>, String> {
    moment(text, 0)
}

fn until(text: &str) -> Result<DateTime<Utc>, String> {
    moment(text, 1)
}

/// A time with its offset, or the midnight that begins a date, so many days later.
fn moment(text: &str, days: u64) -> Result<DateTime<Utc>, String> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.with_timezone(&Utc));
    }
    let date = text.parse::<NaiveDate>().ok().and_then(|date| date.checked_add_days(chrono::Days::new(days)));
    match date.and_then(|date| date.and_hms_opt(0, 0, 0)) {
        Some(midnight) => Ok(midnight.and_utc()),
        None => Err("a date such as 2026-11-23, or a time with its UTC offset such as 2026-11-23T17:00:00Z".to_owned()),
    }
}
