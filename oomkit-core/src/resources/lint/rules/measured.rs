//! OM020 to OM032: what running pods used, and what the kernel killed.

use super::{Defaults, bytes, namespace};
use crate::event::{Cluster, Event, Scope, VerdictKind};
use crate::resources::lint::{Check, Facts, Place, Severity};
use crate::resources::manifest::{Declared, Dialect, Object};
use crate::resources::model::Pod;
use crate::resources::usage::{Basis, Sample};
use crate::units::Bytes;
use chrono::{DateTime, FixedOffset, TimeDelta};
use std::borrow::Cow;
use std::collections::HashMap;

/// What a day of measurements must have.
const POINTS: usize = 100;
const HOURS: i64 = 24;

/// What was measured of a container, over all pods of its workload.
struct Used {
    peak: u64,
    points: usize,
    window: TimeDelta,
}

pub(super) fn rules(check: &mut Check<'_>, facts: &Facts) {
    let mut pods: HashMap<(&str, &str, &str), Vec<&Pod>> = HashMap::new();
    for pod in facts.cluster.pods() {
        let key = (pod.namespace.as_str(), pod.workload.kind.as_str(), pod.workload.name.as_str());
        pods.entry(key).or_default().push(pod);
    }
    let events: Vec<(&Event, Cow<'_, Cluster>)> = facts
        .events
        .iter()
        .filter_map(|event| {
            let joined = event.cluster.as_ref().map(Cow::Borrowed);
            Some((event, joined.or_else(|| facts.cluster.join(event).map(Cow::Owned))?))
        })
        .collect();
    let mut short = Vec::new();
    for (place, object) in check.objects() {
        let (Some(pod), Dialect::Kubernetes) = (&object.pod, object.dialect) else { continue };
        let defaults = Defaults::of(check, object);
        let name = object.name.as_deref().unwrap_or_default();
        let running = pods.get(&(namespace(object), &*object.kind, name)).map_or(&[][..], Vec::as_slice);
        for container in &pod.containers {
            if let Some(used) = used(running, facts, &container.name) {
                if used.points < POINTS || used.window < TimeDelta::hours(HOURS) {
                    short.push((place, container));
                } else {
                    usage(check, place, container, &defaults, &used);
                }
            }
            killed(check, place, object, container, &defaults, &events);
        }
        for container in &pod.containers {
            blamed(check, facts, place, container, running, &events);
        }
    }
    if let Some(&(place, first)) = short.first() {
        let message = format!(
            "{} measured for less than {HOURS} hours or in fewer than {POINTS} points: OM020, OM021, OM022, OM024 say nothing",
            match short.len() {
                1 => "1 container was".to_owned(),
                n => format!("{n} containers were"),
            }
        );
        check.find("OM023", place, Some(&first.name), "usage", first.at, message);
    }
}

fn used(running: &[&Pod], facts: &Facts, container: &str) -> Option<Used> {
    let mut peak = None;
    let (mut points, mut first, mut last) = (0, None::<DateTime<FixedOffset>>, None::<DateTime<FixedOffset>>);
    for pod in running {
        for sample in facts.usage.container(&pod.namespace, &pod.name, container) {
            let Some(bytes) = sample.on(Basis::WorkingSet) else { continue };
            peak = peak.max(Some(bytes.get()));
            points += 1;
            if let Some(time) = sample.time {
                first = Some(first.map_or(time, |first| first.min(time)));
                last = last.max(Some(time));
            }
        }
    }
    let window = first.zip(last).map_or(TimeDelta::zero(), |(first, last)| last - first);
    Some(Used { peak: peak?, points, window })
}

fn usage(check: &mut Check<'_>, place: Place, container: &Declared, defaults: &Defaults, used: &Used) {
    let name = Some(&*container.name);
    let at =
        |amount: &Option<crate::resources::manifest::Amount>| amount.as_ref().map_or(container.at, |amount| amount.at);
    let peak = used.peak;
    let days = used.window.num_hours() as f64 / 24.0;
    let basis = format!("peak {} (working set, {days:.1} days, {} points)", Bytes(peak), used.points);
    if let Some(request) = defaults.request(container) {
        let waste = request.saturating_sub(peak);
        if waste > check.settings.max_waste && waste as f64 > 0.2 * request as f64 {
            let message = format!("requests {} and leaves {} of it unused: {basis}", Bytes(request), Bytes(waste));
            check.find("OM020", place, name, "requests.memory", at(&container.request), message);
        }
        if peak > request {
            let message = format!("requests {} and used {} more: {basis}", Bytes(request), Bytes(peak - request));
            check.find("OM021", place, name, "requests.memory", at(&container.request), message);
        }
        band(check, place, container, peak, request, bytes(&container.limit));
    }
    if let Some(limit) = defaults.limit(container) {
        let share = peak as f64 / limit as f64;
        if share > 0.8 {
            let message = format!("used {:.0}% of its limit of {}: {basis}", share * 100.0, Bytes(limit));
            check.find("OM022", place, name, "limits.memory", at(&container.limit), message);
            if let Some(last) = check.found.last_mut().filter(|_| share > 0.95) {
                last.severity = Some(Severity::Error);
            }
        }
    }
}

/// `lain lint`: request within 13% of the peak unless both are below 256Mi; limit within 13% of 2.5 times the peak unless
/// it is within 1Gi of that.
fn band(check: &mut Check<'_>, place: Place, container: &Declared, peak: u64, request: u64, limit: Option<u64>) {
    const AMNESTY: u64 = 256 << 20;
    let top = peak.max(4 << 20) as f64;
    let outside = |value: u64, target: f64| value as f64 > 1.13 * target || (value as f64) < target / 1.13;
    let at =
        |amount: &Option<crate::resources::manifest::Amount>| amount.as_ref().map_or(container.at, |amount| amount.at);
    let name = Some(&*container.name);
    if !((top as u64) < AMNESTY && request < AMNESTY) && outside(request, top) {
        let mib = (top / f64::from(1 << 20)).ceil();
        let message = format!("requests {}, outside 13% of the peak; lain suggests {mib}Mi", Bytes(request));
        check.find("OM024", place, name, "requests.memory", at(&container.request), message);
    }
    let target = 2.5 * top;
    if let Some(limit) = limit
        && (target - limit as f64).abs() >= f64::from(1 << 30)
        && outside(limit, target)
    {
        let message = format!("has a limit of {}, far from 2.5 times the peak, {}", Bytes(limit), Bytes(target as u64));
        check.find("OM024", place, name, "limits.memory", at(&container.limit), message);
    }
}

fn killed(
    check: &mut Check<'_>,
    place: Place,
    object: &Object,
    container: &Declared,
    defaults: &Defaults,
    events: &[(&Event, Cow<'_, Cluster>)],
) {
    let workload = format!("{}/{}", object.kind, object.name.as_deref().unwrap_or_default());
    let own = events.iter().filter(|(_, cluster)| {
        cluster.workload.as_deref() == Some(&workload)
            && cluster.namespace.as_deref().unwrap_or("default") == namespace(object)
            && cluster.container.as_deref() == Some(&container.name)
    });
    let (mut kills, mut silent, mut limit_then) = (0_u64, 0_u64, None);
    for (event, cluster) in own {
        silent += u64::from(event.verdict.kind == VerdictKind::ChildKilled);
        let then = cluster.limit_at_kill_bytes.or(event
            .memcg
            .as_ref()
            .filter(|_| event.scope == Scope::Container)
            .and_then(|memcg| memcg.memory.as_ref()?.limit_bytes));
        if let Some(then) = then {
            kills += 1;
            limit_then = limit_then.max(Some(then.get()));
        }
    }
    let name = Some(&*container.name);
    let at = container.limit.as_ref().map_or(container.at, |limit| limit.at);
    if let (Some(then), Some(now)) = (limit_then, defaults.limit(container))
        && now as f64 <= 1.2 * then as f64
    {
        let message = format!("was killed {kills}× at {}; you declare {}", Bytes(then), Bytes(now));
        check.find("OM030", place, name, "limits.memory", at, message);
    }
    if silent > 0 {
        let message = format!("{silent} kills hit a child only: the container lived on, and Kubernetes shows nothing");
        check.find("OM031", place, name, "kills", container.at, message);
    }
}

/// Kills for want of memory on the node: who was over its request in those minutes.
fn blamed(
    check: &mut Check<'_>,
    facts: &Facts,
    place: Place,
    container: &Declared,
    running: &[&Pod],
    events: &[(&Event, Cow<'_, Cluster>)],
) {
    for (event, cluster) in events.iter().filter(|(event, _)| event.scope == Scope::Node) {
        let (Some(when), Some(node)) = (event.time.wall, &cluster.node) else {
            continue;
        };
        for pod in running.iter().filter(|pod| pod.node.as_deref() == Some(node)) {
            let near = |sample: &&Sample| sample.time.is_some_and(|time| (time - when).abs() <= TimeDelta::minutes(5));
            let samples = facts.usage.container(&pod.namespace, &pod.name, &container.name);
            let used = samples.iter().filter(near).filter_map(|sample| sample.on(Basis::WorkingSet)).max();
            let request = pod
                .containers
                .iter()
                .find(|own| own.name == container.name)
                .and_then(|own| own.request)
                .unwrap_or_default();
            // what is declared now may be enough
            let declared = bytes(&container.request).map_or(request, Bytes).max(request);
            if let Some(used) = used.filter(|&used| used > declared) {
                let message =
                    format!("used {used} with a request of {request} when {node} ran out of memory at {when}");
                let at = container.request.as_ref().map_or(container.at, |amount| amount.at);
                return check.find("OM032", place, Some(&container.name), "requests.memory", at, message);
            }
        }
    }
}
