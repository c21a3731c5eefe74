//! Does the pod's status show the kill? It keeps the last end of each container, and no more.

use super::{Found, Who};
use crate::event::{Cluster, ClusterAgreement, Confidence, Event, VerdictKind, Visibility};
use crate::resources::model::{ContainerStatus, Termination};
use chrono::{DateTime, FixedOffset, SecondsFormat, TimeDelta};

/// The kubelet's times are whole seconds and the runtime may take its time: an end within a minute after a kill is
/// taken to be that kill's.
const SOON: TimeDelta = TimeDelta::seconds(60);
/// Clocks of log and runtime are the same; syslog may cut the fraction of a second.
const BEFORE: TimeDelta = TimeDelta::seconds(5);

pub(super) fn judge(event: &Event, found: &Found<'_>, cluster: &mut Cluster) {
    if found.who == Who::Trigger || event.victims.is_empty() {
        return;
    }
    let (visibility, sentence) = look(event, found);
    cluster.agreement = Some(agreement(event, &visibility));
    cluster.visibility = Some(visibility);
    cluster.evidence.push(sentence);
}

fn look(event: &Event, found: &Found<'_>) -> (Visibility, String) {
    let Some(id) = found.id.as_deref() else { return ended_about_then(event, found) };
    let kill = time(event);
    let status = found.container.and_then(|container| Some((container, container.status.as_ref()?)));
    if let Some((container, status)) = status {
        let name = &container.name;
        let mut ends = [&status.ended, &status.last_ended].into_iter().flatten();
        if let Some(end) = ends.find(|end| end.id.as_deref() == Some(id)) {
            return of_end(name, end, kill);
        }
        if status.id.as_deref() == Some(id) && status.ended.is_none() {
            return of_running(name, status, kill, found.listed_after);
        }
    }
    if kill.zip(found.listed_after).is_some_and(|(kill, listed)| listed < kill) {
        let sentence = "the container that was hit is not in the pod's status, which may be older than the kill";
        return (Visibility::Unknown, sentence.to_owned());
    }
    let Some((container, status)) = status else {
        let sentence = "the container that was hit is gone: its id is in the status of none of the pod's containers";
        return (Visibility::StatusLost, sentence.to_owned());
    };
    let later = status.ended.as_ref().or(status.last_ended.as_ref());
    let later = later.map(|end| format!("; its status keeps only a later end ({})", words(end))).unwrap_or_default();
    let (name, restarts) = (&container.name, restarts(status.restart_count));
    (Visibility::StatusLost, format!("the container that was hit is gone; {name} was {restarts}{later}"))
}

/// The very container that was hit still runs, unless its status is older than the kill.
fn of_running(
    name: &str,
    status: &ContainerStatus,
    kill: Option<DateTime<FixedOffset>>,
    listed_after: Option<DateTime<FixedOffset>>,
) -> (Visibility, String) {
    let since = status.running_since.map(|since| format!(" since {}", shown(since))).unwrap_or_default();
    let runs = format!("container {name} that was hit still runs{since}, {}", restarts(status.restart_count));
    match (kill, listed_after) {
        (Some(kill), Some(listed)) if listed >= kill => (Visibility::Silent, runs),
        (Some(_), _) => {
            let unless = "its status may be older than the kill; node objects of the same listing would date it";
            (Visibility::Unknown, format!("{runs}, but {unless}"))
        }
        (None, _) => (Visibility::Silent, format!("{runs}, if it was listed after the kill")),
    }
}

/// The very container that was hit has ended: with this kill, or later.
fn of_end(name: &str, end: &Termination, kill: Option<DateTime<FixedOffset>>) -> (Visibility, String) {
    let said = words(end);
    let after = kill.zip(end.finished_at).map(|(kill, finished)| finished - kill);
    match after {
        Some(after) if after > SOON => {
            let lived = TimeDelta::seconds(after.num_seconds());
            (Visibility::Silent, format!("container {name} lived on for {} after the kill ({said})", span(lived)))
        }
        Some(after) if after < -BEFORE => {
            (Visibility::Unknown, format!("container {name} is said to have ended before the kill ({said})"))
        }
        _ if end.is_oom() => (Visibility::Visible, format!("container {name} ended with it: {said}")),
        _ if after.is_none() => {
            (Visibility::Unknown, format!("container {name} ended, and no common clock tells when: {said}"))
        }
        _ => (
            Visibility::StatusLost,
            format!("container {name} ended with it, but its status does not say OOMKilled: {said}"),
        ),
    }
}

/// Without the container's id: any container of the pod that ended then.
fn ended_about_then(event: &Event, found: &Found<'_>) -> (Visibility, String) {
    let Some(kill) = time(event) else {
        return (
            Visibility::Unknown,
            "neither a container id nor a time joins the kill to one of the pod's containers".to_owned(),
        );
    };
    let ends = found.pod.containers.iter().filter_map(|container| Some((container, container.status.as_ref()?)));
    let mut ends = ends.flat_map(|(container, status)| {
        [&status.ended, &status.last_ended].into_iter().flatten().map(move |end| (container, end))
    });
    let then =
        |end: &Termination| end.is_oom() && end.finished_at.is_some_and(|at| at - kill <= SOON && at - kill >= -BEFORE);
    match ends.find(|(_, end)| then(end)) {
        Some((container, end)) => {
            (Visibility::Visible, format!("container {} ended at that time: {}", container.name, words(end)))
        }
        None => (Visibility::Unknown, "no container of the pod has an OOM kill of that time in its status".to_owned()),
    }
}

fn agreement(event: &Event, visibility: &Visibility) -> ClusterAgreement {
    let lived = match visibility {
        Visibility::Visible => false,
        Visibility::Silent => true,
        // it ended with the kill, or later: the status does not tell which
        _ => return ClusterAgreement::Undecided,
    };
    match (&event.verdict.kind, lived) {
        (VerdictKind::ContainerKilled, false) | (VerdictKind::ChildKilled, true) => ClusterAgreement::Agrees,
        (VerdictKind::Unknown, _) if event.verdict.confidence != Confidence::Certain => ClusterAgreement::Decides,
        (VerdictKind::ContainerKilled, true) | (VerdictKind::ChildKilled, false) => ClusterAgreement::Contradicts,
        _ => ClusterAgreement::Undecided,
    }
}

/// When the kill was, where its offset is not merely assumed: the cluster's times are exact.
fn time(event: &Event) -> Option<DateTime<FixedOffset>> {
    let time = &event.time;
    time.wall.filter(|_| !time.assumed.iter().any(|what| what == "offset" || what == "year"))
}

/// `OOMKilled, exit code 137, at 2024-03-30T11:00:01Z`
fn words(end: &Termination) -> String {
    let reason = end.reason.as_deref().unwrap_or("no reason");
    let code = end.exit_code.map(|code| format!(", exit code {code}")).unwrap_or_default();
    let at = end.finished_at.map(|at| format!(", at {}", shown(at))).unwrap_or_default();
    format!("{reason}{code}{at}")
}

fn shown(time: DateTime<FixedOffset>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn restarts(count: u32) -> String {
    match count {
        0 => "never restarted".to_owned(),
        1 => "restarted once".to_owned(),
        _ => format!("restarted {count} times"),
    }
}

fn span(delta: TimeDelta) -> String {
    let seconds = delta.num_seconds();
    match seconds {
        0..120 => format!("{seconds} seconds"),
        120..7200 => format!("{} minutes", seconds / 60),
        7200..172_800 => format!("{} hours", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}
