//! The sentences and tables of a summary, for text and Markdown alike.

use crate::output::escape;
use crate::talk::count;
use chrono::{DateTime, Utc};
use oomkit_core::summary::{Group, Holder, Repeat, Report, Row, Totals};
use oomkit_core::units::Bytes;

/// A table with a heading.
pub(super) struct Table {
    pub(super) title: String,
    /// Behind the heading: what is not shown.
    pub(super) note: String,
    /// Names, and whether the column holds numbers.
    pub(super) columns: Vec<(&'static str, bool)>,
    pub(super) rows: Vec<Vec<String>>,
}

/// What everything comes to.
pub(super) fn headline(report: &Report) -> String {
    let all = &report.totals;
    if all.events == 0 {
        return "No OOM kills found".to_owned();
    }
    let hosts = if all.hosts > 0 { format!(" on {}", count(all.hosts, "host")) } else { String::new() };
    let killed = format!("{} killed", processes(all.victims));
    format!("{}, {killed}{hosts}{}", count(all.events, "OOM event"), span(all))
}

fn processes(n: u64) -> String {
    if n == 1 { "1 process".to_owned() } else { format!("{n} processes") }
}

/// `, 2026-11-23 17:13:35 to 17:20:01 UTC`
fn span(all: &Totals) -> String {
    let undated = match all.undated {
        0 => String::new(),
        n if n == all.events => return ", without dates".to_owned(),
        n => format!(", {n} without a date"),
    };
    match (all.first, all.last) {
        (Some(first), Some(last)) if first == last => format!(", {} UTC{undated}", stamp(first)),
        (Some(first), Some(last)) if first.date_naive() == last.date_naive() => {
            format!(", {} to {} UTC{undated}", stamp(first), last.format("%H:%M:%S"))
        }
        (Some(first), Some(last)) => format!(", {} to {} UTC{undated}", stamp(first), stamp(last)),
        _ => undated,
    }
}

/// Could Kubernetes see them?
pub(super) fn silence(all: &Totals) -> Option<String> {
    if all.events == 0 {
        return None;
    }
    let mut parts = Vec::new();
    if let Some(share) = all.silent_share {
        let judged = all.silent + all.visible;
        let share = share * 100.0;
        parts.push(format!("{} of {judged} container kills ({share:.0}%): Kubernetes cannot see them", all.silent));
    }
    if all.not_containerised > 0 {
        parts.push(format!("{} in no container", all.not_containerised));
    }
    if all.undecided > 0 {
        parts.push(format!("{} of unknown fate", all.undecided));
    }
    Some(parts.join("; "))
}

/// What to know before trusting the numbers.
pub(super) fn losses(report: &Report) -> Vec<String> {
    let loss = &report.loss;
    let mut said = Vec::new();
    if !loss.damaged.is_empty() {
        let kinds: Vec<String> =
            loss.damaged.iter().map(|(kind, n)| format!("{n} {}", escape::text(&kind.replace('_', " ")))).collect();
        said.push(format!("damaged dumps: {}", kinds.join(", ")));
    }
    if loss.heads_suppressed > 0 {
        said.push(format!("{} held back by the kernel's rate limit", count(loss.heads_suppressed, "dump head")));
    }
    for (by, lines) in &loss.lines_lost {
        said.push(format!("{} lost in or just before dumps by {}", count(*lines, "line"), escape::text(by)));
    }
    if loss.copies > 0 {
        let copies = if loss.copies == 1 {
            "1 event is a copy".to_owned()
        } else {
            format!("{} events are copies", loss.copies)
        };
        let counted = if loss.deduplicated { "left out" } else { "counted too; --dedupe leaves them out" };
        said.push(format!("{copies} of another with the same id ({counted})"));
    }
    if loss.user_events_left_out > 0 {
        let events = count(loss.user_events_left_out, "event");
        said.push(format!("{events} by user processes left out (--include-user counts them)"));
    }
    if loss.user_events > 0 {
        said.push(format!("{} written by user processes, not by the kernel", count(loss.user_events, "event")));
    }
    for name in &loss.unreadable {
        said.push(format!("could not be read, or not to its end: {}", escape::text(name)));
    }
    said
}

/// All tables that have a row.
pub(super) fn all(report: &Report) -> Vec<Table> {
    let mut tables: Vec<Table> = report.groups.iter().map(group).collect();
    tables.push(repeats(report));
    tables.push(holders(&report.holders));
    tables.retain(|table| !table.rows.is_empty());
    tables
}

fn group(group: &Group) -> Table {
    let mut notes = Vec::new();
    if group.more_rows > 0 {
        notes.push(format!("{} more", group.more_rows));
    }
    if group.without > 0 {
        notes.push(format!("{} without", count(group.without, "event")));
    }
    let columns =
        vec![("events", true), ("killed", true), ("silent", true), ("first", false), ("last", false), ("", false)];
    Table {
        title: format!("By {}", escape::text(&group.by)),
        note: notes.join(", "),
        columns,
        rows: group.rows.iter().map(row).collect(),
    }
}

fn row(row: &Row) -> Vec<String> {
    let n = &row.counts;
    let silent = match n.silent + n.visible {
        0 => "–".to_owned(),
        judged => format!("{} of {judged}", n.silent),
    };
    let mut who = vec![escape::text(&row.key).into_owned()];
    who.extend(row.runtime.as_deref().map(|runtime| escape::text(runtime).into_owned()));
    who.extend(row.name.as_deref().map(|name| format!("name {}", escape::text(name))));
    who.extend(row.workload.as_deref().map(|workload| format!("of {}", escape::text(workload))));
    who.extend(row.pod_uid.as_deref().map(|pod| format!("pod {}", escape::text(pod))));
    who.extend(row.qos_class.as_deref().map(|class| escape::text(&class.replace('_', " ")).into_owned()));
    vec![n.events.to_string(), n.victims.to_string(), silent, day(n.first), day(n.last), who.join(", ")]
}

fn repeats(report: &Report) -> Table {
    let more = report.more_repeats;
    Table {
        title: "Repeats, each of one cause".to_owned(),
        note: if more > 0 { format!("{more} more") } else { String::new() },
        columns: vec![
            ("events", true),
            ("killed", true),
            ("within", true),
            ("first", false),
            ("host", false),
            ("", false),
        ],
        rows: report.repeats.iter().map(repeat).collect(),
    }
}

fn repeat(repeat: &Repeat) -> Vec<String> {
    let scope = repeat.scope.replace('_', " ");
    let mut what = vec![format!("{} memory", escape::text(&scope))];
    if let Some(pod) = &repeat.pod_uid {
        what.push(format!("pod {}", escape::text(pod)));
    }
    match &repeat.limit {
        Some(limit) => what.push(escape::text(limit).into_owned()),
        None if repeat.containers > 1 => what.push(count(repeat.containers, "container")),
        None => {}
    }
    let commands: Vec<_> = repeat.commands.iter().map(|comm| escape::text(comm)).collect();
    if !commands.is_empty() {
        what.push(format!("killed {}", commands.join(", ")));
    }
    let host = repeat.host.as_deref().map_or_else(|| "–".to_owned(), |host| escape::text(host).into_owned());
    let (events, victims) = (repeat.events.to_string(), repeat.victims.to_string());
    vec![events, victims, duration(repeat.seconds), day(repeat.first), host, what.join(", ")]
}

fn holders(holders: &[Holder]) -> Table {
    let host =
        |holder: &Holder| holder.host.as_deref().map_or_else(|| "–".to_owned(), |host| escape::text(host).into_owned());
    let row = |holder: &Holder| {
        let comm = escape::text(&holder.comm).into_owned();
        vec![
            Bytes(holder.rss_bytes).to_string(),
            holder.tasks.to_string(),
            host(holder),
            escape::text(&holder.event_id).into_owned(),
            comm,
        ]
    };
    Table {
        title: "Biggest holders, by resident memory of one command in one task table".to_owned(),
        note: String::new(),
        columns: vec![("memory", true), ("tasks", true), ("host", false), ("event", false), ("", false)],
        rows: holders.iter().map(row).collect(),
    }
}

/// `90 s`, `12 min`, `3.5 h`, `2.1 d`
fn duration(seconds: f64) -> String {
    if seconds < 120.0 {
        format!("{} s", (seconds * 10.0).round() / 10.0)
    } else if seconds < 7200.0 {
        format!("{:.0} min", seconds / 60.0)
    } else if seconds < 172_800.0 {
        format!("{:.1} h", seconds / 3600.0)
    } else {
        format!("{:.1} d", seconds / 86_400.0)
    }
}

fn day(time: Option<DateTime<Utc>>) -> String {
    time.map_or_else(|| "–".to_owned(), stamp)
}

fn stamp(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_in_words() {
        let words: Vec<_> = [0.25, 90.0, 720.0, 12_600.0, 181_440.0].into_iter().map(duration).collect();
        assert_eq!(words, ["0.3 s", "90 s", "12 min", "3.5 h", "2.1 d"]);
    }
}
