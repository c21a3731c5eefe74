//! OM040, OM041: what namespaces and nodes allow.

use super::{Defaults, bytes, namespace, of_pod, ranges};
use crate::resources::lint::{Check, Facts, Place};
use crate::resources::manifest::{Amount, Dialect, Object, PodTemplate, Range};
use crate::resources::model::{Declared, View};
use crate::units::Bytes;
use std::collections::HashSet;

pub(super) fn rules(check: &mut Check<'_>, facts: &Facts) {
    for (place, object) in check.objects() {
        if let (Some(pod), Dialect::Kubernetes) = (&object.pod, object.dialect) {
            ranges(check, object).into_iter().for_each(|range| in_range(check, place, object, pod, range));
        }
    }
    for (place, object) in check.objects() {
        quota(check, place, object);
    }
    headroom(check, facts);
}

fn in_range(check: &mut Check<'_>, place: Place, object: &Object, pod: &PodTemplate, range: &Range) {
    let defaults = Defaults::of(check, object);
    let (min, max) = (bytes(&range.min), bytes(&range.max));
    let mut told = |container: Option<&str>, field: &str, at, message: String| {
        check.find("OM040", place, container, field, at, message);
    };
    // Kubernetes compares thousandths: 1.5 is a ratio
    let ratio = range.ratio.as_ref().and_then(|ratio| Some((ratio.quantity?.thousandths()?, &ratio.text)));
    match range.of.as_str() {
        "Container" => {
            for container in &pod.containers {
                let (request, limit) = (defaults.request(container), defaults.limit(container));
                let at =
                    container.limit.as_ref().or(container.request.as_ref()).map_or(container.at, |amount| amount.at);
                let name = Some(&*container.name);
                if let (Some(min), Some(request)) = (min, request)
                    && request < min
                {
                    let at = container.request.as_ref().map_or(at, |amount| amount.at);
                    told(
                        name,
                        "range/min",
                        at,
                        format!(
                            "requests {}, less than the {} that the LimitRange of {} demands",
                            Bytes(request),
                            Bytes(min),
                            namespace(object)
                        ),
                    );
                }
                if let (Some(max), Some(limit)) = (max, limit)
                    && limit > max
                {
                    told(
                        name,
                        "range/max",
                        at,
                        format!(
                            "has a limit of {}, more than the {} that the LimitRange of {} allows",
                            Bytes(limit),
                            Bytes(max),
                            namespace(object)
                        ),
                    );
                }
                // what is written and cannot be read has a finding of its own
                if let Some((most, text)) = ratio
                    && !(unreadable(&container.request) || unreadable(&container.limit))
                    && let Some(broken) = over(most, request, limit)
                {
                    let message = format!("{broken} the {text} that the LimitRange of {} allows", namespace(object));
                    told(name, "range/ratio", at, message);
                }
                if let (Some(request), Some(limit), None) = (request, limit, &container.limit)
                    && request > limit
                {
                    told(
                        name,
                        "range/default",
                        at,
                        format!(
                            "requests {}, more than the limit of {} that the LimitRange of {} fills in",
                            Bytes(request),
                            Bytes(limit),
                            namespace(object)
                        ),
                    );
                }
            }
        }
        "Pod" => {
            let (request, limit) = of_pod(pod, &defaults);
            if let Some(max) = max
                && limit.is_none_or(|limit| limit > max)
            {
                let has = limit.map_or("no limit".to_owned(), |limit| format!("a limit of {}", Bytes(limit)));
                told(
                    None,
                    "range/pod-max",
                    object.at,
                    format!("the pod has {has}; the LimitRange of {} allows {}", namespace(object), Bytes(max)),
                );
            }
            if let Some(min) = min
                && request < min
            {
                told(
                    None,
                    "range/pod-min",
                    object.at,
                    format!(
                        "the pod requests {}, less than the {} that the LimitRange of {} demands",
                        Bytes(request),
                        Bytes(min),
                        namespace(object)
                    ),
                );
            }
            if let Some((most, text)) = ratio
                && !pod.containers.iter().any(|c| unreadable(&c.request) || unreadable(&c.limit))
                && let Some(broken) = over(most, Some(request), limit)
            {
                let message =
                    format!("the pod: {broken} the {text} that the LimitRange of {} allows", namespace(object));
                told(None, "range/pod-ratio", object.at, message);
            }
        }
        _ => {}
    }
}

/// How a maxLimitRequestRatio, in thousandths, is broken: the API server refuses what has no request or no limit, too.
fn over(most: i128, request: Option<u64>, limit: Option<u64>) -> Option<&'static str> {
    match (request.filter(|&request| request > 0), limit.filter(|&limit| limit > 0)) {
        (None, _) => Some("has no request, and limit ∕ request must be within"),
        (_, None) => Some("has no limit, and limit ∕ request must be within"),
        (Some(request), Some(limit)) => {
            let is = i128::from(limit) * 1000 > most.saturating_mul(i128::from(request));
            is.then_some("limit ∕ request is above")
        }
    }
}

fn unreadable(amount: &Option<Amount>) -> bool {
    amount.as_ref().is_some_and(|amount| amount.bytes.is_none())
}

fn quota(check: &mut Check<'_>, place: Place, quota: &Object) {
    for (what, hard) in &quota.hard {
        let Some(most) = hard.bytes else { continue };
        let mut sum = 0_u64;
        for (own, object) in check.objects().filter(|(_, object)| namespace(object) == namespace(quota)) {
            let (Some(pod), Dialect::Kubernetes) = (&object.pod, object.dialect) else { continue };
            let defaults = Defaults::of(check, object);
            let (request, limit) = of_pod(pod, &defaults);
            let counted = if *what == "limits.memory" { limit } else { Some(request).filter(|&request| request > 0) };
            match counted {
                Some(each) => sum = sum.saturating_add(each.saturating_mul(object.replicas)),
                None => {
                    let message = format!(
                        "the ResourceQuota of {} counts {what}: a pod in which a container has none is refused",
                        namespace(quota)
                    );
                    check.find("OM040", own, None, &format!("quota/{what}"), object.at, message);
                }
            }
        }
        if sum > most {
            let message =
                format!("the files need {} of {what} in {}, the quota is {}", Bytes(sum), namespace(quota), hard.text);
            check.find("OM040", place, None, &format!("hard/{what}"), hard.at, message);
        }
    }
}

/// All files together: they are deployed together.
fn headroom(check: &mut Check<'_>, facts: &Facts) {
    let nodes: Vec<u64> = facts
        .cluster
        .nodes()
        .iter()
        .filter(|node| !node.unschedulable)
        .filter_map(|node| Some(node.allocatable?.get()))
        .collect();
    let room = nodes.iter().fold(0_u64, |sum, &node| sum.saturating_add(node));
    let largest = nodes.iter().max().copied().unwrap_or(0);
    if room == 0 {
        return;
    }
    let mut replaced = HashSet::new();
    let (mut added, mut most) = (0_u64, None::<(u64, Place, &Object)>);
    for (place, object) in check.objects() {
        let (Some(pod), Dialect::Kubernetes) = (&object.pod, object.dialect) else { continue };
        let (request, _) = of_pod(pod, &Defaults::of(check, object));
        let copies = if object.kind == "DaemonSet" { nodes.len() as u64 } else { object.replicas };
        let books = request.saturating_mul(copies);
        replaced.insert((namespace(object), &*object.kind, object.name.as_deref().unwrap_or_default()));
        added = added.saturating_add(books);
        if books > 0 && most.is_none_or(|(most, ..)| books > most) {
            most = Some((books, place, object));
        }
    }
    let running = facts.cluster.pods().iter().filter(|pod| {
        !pod.phase.is_over() && !replaced.contains(&(&*pod.namespace, &*pod.workload.kind, &*pod.workload.name))
    });
    let booked: Bytes = running.map(|pod| Declared::of_pod(pod, View::Scheduled).request).sum();
    let Some((_, place, object)) = most else { return };
    let all = booked.get().saturating_add(added);
    let free = 1.0 - all as f64 / room as f64;
    if free < check.settings.headroom {
        let message = format!(
            "the files book {}; with the {booked} of others {:.0}% of {} stay free, less than {:.0}%",
            Bytes(added),
            free * 100.0,
            Bytes(room),
            check.settings.headroom * 100.0
        );
        check.find("OM041", place, None, "headroom", object.at, message);
    } else if nodes.len() > 1 && all > room - largest {
        let message = format!(
            "the files book {}; with the {booked} of others it does not fit without the largest node ({} of {})",
            Bytes(added),
            Bytes(largest),
            Bytes(room)
        );
        check.find("OM041", place, None, "n-plus-1", object.at, message);
    }
}
