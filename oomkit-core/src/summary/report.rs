//! The report of a summary: its public data model, and how it is counted from the kills.

use super::kill_record::InCluster;
use super::shared_names::Name;
use super::{By, KillRecord, ReportOptions, Summary, repeats};
use crate::event::SCHEMA_VERSION;
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty,)* })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$fdoc])* pub $field: $type,)*
        }
    )+};
}

tables! {
    /// A summary in numbers. `null` where nothing is known.
    Report {
        /// Version of this JSON: 1.
        schema_version: u32,
        /// `summary`.
        measure: String,
        /// All events together.
        totals: Totals,
        /// One table for each dimension asked for.
        groups: Vec<Group>,
        /// Kills that follow each other from one cause; the most kills first.
        repeats: Vec<Repeat>,
        /// How many more repeats there are.
        more_repeats: u64,
        /// Commands by the largest sum of resident memory that one task table shows; pages that processes share count in
        /// each.
        holders: Vec<Holder>,
        /// What is missing, damaged or left out.
        loss: Loss,
    }

    /// Counts over some events.
    Totals {
        /// Runs of the OOM killer.
        events: u64,
        /// Processes killed.
        victims: u64,
        /// Events whose victim's container lives on: Kubernetes cannot see them.
        silent: u64,
        /// Events that ended their container: Kubernetes can see them.
        visible: u64,
        /// Events in no container.
        not_containerised: u64,
        /// Events of which the log does not tell.
        undecided: u64,
        /// `silent / (silent + visible)`; null where neither is known.
        silent_share: Option<f64>,
        /// Hosts with at least one event.
        hosts: u64,
        /// Time of the first event that is dated.
        first: Option<DateTime<Utc>>,
        /// Time of the last one.
        last: Option<DateTime<Utc>>,
        /// Events without a date.
        undated: u64,
    }

    /// Events by one dimension.
    Group {
        /// The dimension: `pod`, `container`, `unit`, `command`, `host`, `constraint`, `scope`, `verdict`, `limit`, `hour`, and where the
        /// cluster's objects were given `namespace`, `workload`, `visibility`.
        by: String,
        /// The rows with most events, then most victims, then by key. Hours in order of time.
        rows: Vec<Row>,
        /// Rows that are not shown.
        more_rows: u64,
        /// Events that have no key in this dimension.
        without: u64,
    }

    /// One row of a group.
    Row {
        /// The pod's uid, the container's id or name, the unit …; an hour by its start, in UTC.
        key: String,
        /// The container's name beside its id, its runtime, its pod and the pod's QoS class, where the path tells.
        name: Option<String>,
        /// Who the pod belongs to, where the cluster's objects tell; a pod's `name` is theirs too.
        workload: Option<String>,
        /// See `name`.
        runtime: Option<String>,
        /// See `name`.
        pod_uid: Option<String>,
        /// See `name`.
        qos_class: Option<String>,
        /// The row's events.
        #[serde(flatten)]
        counts: Totals,
    }

    /// Kills that follow each other from one cause on one host.
    Repeat {
        /// Where.
        host: Option<String>,
        /// Whose memory ran out.
        scope: String,
        /// What kind of thing owns the limit.
        level: Option<String>,
        /// The pod whose limits, or whose containers' limits, were hit.
        pod_uid: Option<String>,
        /// The cgroup whose limit was hit, where it is always the same.
        limit: Option<String>,
        /// Containers that lost a process.
        containers: u64,
        /// Runs of the OOM killer.
        events: u64,
        /// Processes killed.
        victims: u64,
        /// The first event, where it is dated.
        first: Option<DateTime<Utc>>,
        /// The last event.
        last: Option<DateTime<Utc>>,
        /// From the first to the last.
        seconds: f64,
        /// The commands killed most often, at most three.
        commands: Vec<String>,
    }

    /// A command that held memory.
    Holder {
        /// Process name, at most 15 bytes.
        comm: String,
        /// Sum over its processes in that table.
        rss_bytes: u64,
        /// Its processes in that table.
        tasks: u64,
        /// The event with that table.
        event_id: String,
        /// Its host.
        host: Option<String>,
    }

    /// What is missing, damaged or left out.
    Loss {
        /// Logs read: files, members of archives, standard input.
        inputs: u64,
        /// Lines of them.
        lines: u64,
        /// Inputs that could not be read, or not to their end.
        unreadable: Vec<String>,
        /// Dumps that are not whole, by `completeness`.
        damaged: BTreeMap<String, u64>,
        /// Kills whose dump has no head in the log.
        without_head: u64,
        /// Dump heads that the kernel held back (rate limit).
        heads_suppressed: u64,
        /// Lines lost in or just before a dump, by who lost them.
        lines_lost: BTreeMap<String, u64>,
        /// Events left out because a user process wrote their lines.
        user_events_left_out: u64,
        /// Events counted although a user process wrote their lines.
        user_events: u64,
        /// Events with the id of another: the same dump from another log.
        copies: u64,
        /// Whether the copies are left out of the counts.
        deduplicated: bool,
    }
}

/// A kill, and how many of it are counted.
type CountedKill<'a> = (&'a KillRecord, u64);

pub(super) fn build(summary: &Summary, options: &ReportOptions) -> Report {
    let all: Vec<CountedKill<'_>> = summary.kills.iter().map(|(kill, count)| (kill, *count)).collect();
    // copies of one dump are next to each other, the best first
    let firsts: Vec<CountedKill<'_>> =
        all.chunk_by(|a, b| a.0.id == b.0.id).filter_map(|copies| Some((copies.first()?.0, 1))).collect();
    let copies = all.iter().map(|(_, count)| count).sum::<u64>() - firsts.len() as u64;
    let kills = if options.dedupe { &firsts } else { &all };
    let joined = kills.iter().any(|(kill, _)| kill.who.cluster != InCluster::default());

    let mut repeats = repeats::find(firsts.iter().map(|(kill, _)| *kill), options.gap_seconds);
    let more_repeats = repeats.len().saturating_sub(options.top) as u64;
    repeats.truncate(options.top);
    let holders = summary.holders.ranked().into_iter().take(options.top).map(|(comm, peak)| Holder {
        comm: comm.to_string(),
        rss_bytes: peak.rss.get(),
        tasks: peak.tasks,
        event_id: peak.event().to_owned(),
        host: peak.host.as_deref().map(str::to_owned),
    });
    let by = options.by.iter().filter(|by| joined || !by.is_of_cluster());
    Report {
        schema_version: SCHEMA_VERSION,
        measure: "summary".to_owned(),
        totals: totals(kills.iter().copied(), None),
        groups: by.map(|by| group(*by, kills, options.top)).collect(),
        repeats,
        more_repeats,
        holders: holders.collect(),
        loss: loss(summary, kills, copies, options.dedupe),
    }
}

/// Counts events; only victims of the command, where one is given.
fn totals<'a>(kills: impl Iterator<Item = CountedKill<'a>>, command: Option<&str>) -> Totals {
    let mut sum = Totals::default();
    let mut hosts = BTreeSet::new();
    for (kill, count) in kills {
        sum.events += count;
        let victims = kill.victims.iter().filter(|comm| command.is_none() || comm.as_deref() == command);
        sum.victims += count * victims.count() as u64;
        *match &*kill.verdict {
            "child_killed" => &mut sum.silent,
            "container_killed" => &mut sum.visible,
            "not_containerised" => &mut sum.not_containerised,
            _ => &mut sum.undecided,
        } += count;
        hosts.extend(kill.host.as_deref());
        match kill.wall {
            None => sum.undated += count,
            Some(wall) => {
                sum.first = Some(sum.first.map_or(wall, |first| first.min(wall)));
                sum.last = Some(sum.last.map_or(wall, |last| last.max(wall)));
            }
        }
    }
    sum.hosts = hosts.len() as u64;
    let judged = sum.silent + sum.visible;
    sum.silent_share = (judged > 0).then(|| sum.silent as f64 / judged as f64);
    sum
}

fn group(by: By, kills: &[CountedKill<'_>], top: usize) -> Group {
    let mut table: BTreeMap<String, Vec<CountedKill<'_>>> = BTreeMap::new();
    let mut without = 0;
    for (kill, count) in kills {
        let keys = keys(by, kill);
        if keys.is_empty() {
            without += count;
        }
        for key in keys {
            table.entry(key).or_default().push((kill, *count));
        }
    }
    let mut rows: Vec<Row> = table.into_iter().map(|(key, kills)| row(by, key, &kills)).collect();
    // the table is in order of keys, and sorting keeps it where all else is equal
    rows.sort_by_key(|row| (Reverse(row.counts.events), Reverse(row.counts.victims)));
    let more_rows = rows.len().saturating_sub(top) as u64;
    rows.truncate(top);
    if by == By::Hour {
        rows.sort_by(|a, b| a.key.cmp(&b.key));
    }
    Group { by: by.as_str().to_owned(), rows, more_rows, without }
}

fn row(by: By, key: String, kills: &[CountedKill<'_>]) -> Row {
    let command = (by == By::Command).then_some(&*key);
    let counts = totals(kills.iter().copied(), command);
    let said = |read: fn(&KillRecord) -> Option<&str>| kills.iter().find_map(|(kill, _)| read(kill)).map(str::to_owned);
    let mut row = Row { counts, ..Row::default() };
    if by == By::Container {
        row.name = said(|kill| kill.who.cluster.container.as_deref().or(kill.who.container_name.as_deref()));
        row.runtime = said(|kill| kill.who.runtime.as_deref());
        row.pod_uid = said(|kill| kill.who.pod.as_deref());
    }
    if by == By::Pod {
        row.name = said(|kill| kill.who.cluster.pod.as_deref());
    }
    if matches!(by, By::Container | By::Pod) {
        row.workload = said(|kill| kill.who.cluster.workload.as_deref());
        row.qos_class = said(|kill| kill.who.qos_class.as_deref());
    }
    row.key = key;
    row
}

/// What an event counts for: nothing, one thing, or each of its victims' commands.
fn keys(by: By, kill: &KillRecord) -> Vec<String> {
    let cluster = &kill.who.cluster;
    let key = match by {
        By::Pod => kill.who.pod.as_ref(),
        By::Container => kill.who.container.as_ref(),
        By::Unit => kill.who.unit.as_ref(),
        By::Host => kill.host.as_ref(),
        By::Constraint => Some(&kill.constraint),
        By::Scope => Some(&kill.scope),
        By::Verdict => Some(&kill.verdict),
        By::Namespace => cluster.namespace.as_ref(),
        By::Workload => cluster.workload.as_ref(),
        By::Visibility => cluster.visibility.as_ref(),
        By::Limit => kill.who.limit.as_ref(),
        By::Command => {
            let comms: BTreeSet<&Name> = kill.victims.iter().flatten().collect();
            return comms.into_iter().map(|comm| comm.to_string()).collect();
        }
        By::Hour => {
            let hour = kill.wall.and_then(|wall| wall.duration_trunc(TimeDelta::hours(1)).ok());
            return hour.map(|hour| hour.format("%Y-%m-%dT%H:00:00Z").to_string()).into_iter().collect();
        }
    };
    key.map(|name| name.to_string()).into_iter().collect()
}

fn loss(summary: &Summary, kills: &[CountedKill<'_>], copies: u64, deduplicated: bool) -> Loss {
    let mut loss = Loss {
        inputs: summary.sources.inputs,
        lines: summary.sources.lines,
        unreadable: summary.sources.unreadable.iter().cloned().collect(),
        user_events_left_out: summary.sources.user_events,
        copies,
        deduplicated,
        ..Loss::default()
    };
    for (kill, count) in kills {
        if &*kill.completeness != "complete" {
            *loss.damaged.entry(kill.completeness.to_string()).or_default() += count;
        }
        if matches!(&*kill.completeness, "head_missing" | "kill_line_only" | "fragment") {
            loss.without_head += count;
        }
        loss.heads_suppressed += count * kill.heads;
        for (by, lines) in &kill.lost {
            *loss.lines_lost.entry(by.to_string()).or_default() += count * lines;
        }
        if kill.by_user {
            loss.user_events += count;
        }
    }
    loss
}
