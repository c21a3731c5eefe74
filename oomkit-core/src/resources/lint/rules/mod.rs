//! The rules, by what they look at.

mod bounds;
mod heap;
mod measured;
mod presence;
mod spelling;
mod volumes;

use super::{Check, Facts};
use crate::resources::manifest::{Amount, Declared, Dialect, Object, PodTemplate, Range};

/// Runs every rule.
pub(super) fn all(check: &mut Check<'_>, facts: &Facts) {
    let largest = facts.cluster.nodes().iter().filter_map(|node| node.allocatable.or(node.capacity)).max();
    let largest = check.settings.node_memory.or(largest.map(crate::units::Bytes::get));
    for (place, object) in check.objects() {
        let defaults = Defaults::of(check, object);
        let Some(pod) = &object.pod else { continue };
        presence::rules(check, place, object, pod, &defaults);
        spelling::rules(check, place, object, pod, largest);
        volumes::rules(check, place, pod);
        heap::rules(check, place, pod, &defaults);
        for container in &pod.containers {
            for (id, field, at, message) in &container.faults {
                check.find(id, place, Some(&container.name), field, *at, message.clone());
            }
        }
    }
    bounds::rules(check, facts);
    measured::rules(check, facts);
}

/// What the LimitRanges of a namespace fill in.
#[derive(Debug, Default)]
struct Defaults {
    limit: Option<u64>,
    request: Option<u64>,
}

impl Defaults {
    fn of(check: &Check<'_>, object: &Object) -> Self {
        let mut defaults = Self::default();
        if object.dialect == Dialect::Compose {
            return defaults;
        }
        for range in ranges(check, object).into_iter().filter(|range| range.of == "Container") {
            let limit = bytes(&range.default).or(bytes(&range.max));
            defaults.limit = defaults.limit.or(limit);
            defaults.request = defaults.request.or(bytes(&range.default_request)).or(limit).or(bytes(&range.min));
        }
        defaults
    }

    /// What is in force of a container: the limit, where there is one.
    fn limit(&self, container: &Declared) -> Option<u64> {
        bytes(&container.limit).or(self.limit.filter(|_| container.limit.is_none())).filter(|&limit| limit > 0)
    }

    /// What is booked for it.
    fn request(&self, container: &Declared) -> Option<u64> {
        bytes(&container.request).or_else(|| bytes(&container.limit)).or(self.request)
    }
}

/// LimitRanges of the object's namespace.
fn ranges<'a>(check: &Check<'a>, object: &Object) -> Vec<&'a Range> {
    check.ranges.get(namespace(object)).cloned().unwrap_or_default()
}

fn namespace(object: &Object) -> &str {
    object.namespace.as_deref().unwrap_or("default")
}

fn bytes(amount: &Option<Amount>) -> Option<u64> {
    amount.as_ref().and_then(|amount| amount.bytes)
}

/// What the whole pod books and may use: the scheduler's sum, init containers by the max rule.
fn of_pod(pod: &PodTemplate, defaults: &Defaults) -> (u64, Option<u64>) {
    let mut steady = 0_u64;
    let mut limit = Some(0_u64);
    for container in pod.containers.iter().filter(|container| container.stays()) {
        steady = steady.saturating_add(defaults.request(container).unwrap_or(0));
        limit = limit.zip(defaults.limit(container)).map(|(sum, own)| sum.saturating_add(own));
    }
    let (mut beside, mut starting) = (0_u64, 0_u64);
    for container in &pod.containers {
        let own = defaults.request(container).unwrap_or(0);
        match container.kind {
            crate::resources::ContainerKind::Sidecar => beside = beside.saturating_add(own),
            crate::resources::ContainerKind::Init => starting = starting.max(beside.saturating_add(own)),
            _ => {}
        }
    }
    let request = bytes(&pod.request).or(bytes(&pod.limit)).unwrap_or(steady.max(starting));
    let overhead = bytes(&pod.overhead).unwrap_or(0);
    let limit = bytes(&pod.limit).or(limit).map(|limit| limit.saturating_add(overhead));
    (request.saturating_add(overhead), limit)
}
