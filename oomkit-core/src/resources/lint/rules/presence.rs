//! OM001 to OM005: what is declared at all, and how request and limit stand to each other.

use super::{Defaults, bytes};
use crate::resources::lint::{Check, Place};
use crate::resources::manifest::{Amount, Declared, Dialect, Object, PodTemplate};

pub(super) fn rules(check: &mut Check<'_>, place: Place, object: &Object, pod: &PodTemplate, defaults: &Defaults) {
    let compose = object.dialect == Dialect::Compose;
    for container in &pod.containers {
        let name = Some(&*container.name);
        if container.stays() && !container.partly_known {
            missing(check, place, compose, pod, container, defaults);
        }
        pair(check, place, name, container.request.as_ref(), container.limit.as_ref(), compose);
    }
    pair(check, place, None, pod.request.as_ref(), pod.limit.as_ref(), false);
    if let (Some(limit), Some(own)) = (bytes(&pod.limit), pod.limit.as_ref()) {
        for container in &pod.containers {
            if let Some(inner) = container.limit.as_ref().filter(|inner| inner.bytes.is_some_and(|bytes| bytes > limit))
            {
                let message = format!("the container's limit {} is larger than its pod's {}", inner.text, own.text);
                check.find("OM004", place, Some(&container.name), "limits.memory", inner.at, message);
            }
        }
    }
    if let (Some(request), Some(own)) = (bytes(&pod.request), pod.request.as_ref()) {
        let sum = pod.containers.iter().filter(|c| c.stays()).filter_map(|c| defaults.request(c));
        let sum = sum.fold(0_u64, u64::saturating_add);
        if sum > request {
            let message =
                format!("the containers request {} together, the pod only {}", crate::units::Bytes(sum), own.text);
            check.find("OM004", place, None, "pod.requests.memory", own.at, message);
        }
    }
}

fn missing(
    check: &mut Check<'_>,
    place: Place,
    compose: bool,
    pod: &PodTemplate,
    container: &Declared,
    defaults: &Defaults,
) {
    let name = Some(&*container.name);
    // what is written and cannot be read is not missing
    let written = |amount: &Option<Amount>| amount.as_ref().is_some_and(|amount| amount.bytes.is_none());
    let limited = defaults.limit(container).is_some() || written(&container.limit) || pod.limit.is_some();
    if !limited {
        let (at, why) = match &container.limit {
            Some(zero) => (zero.at, "a memory limit of 0 is none"),
            None => (container.limit_at, "no memory limit"),
        };
        let remedy =
            if compose { "set mem_limit, or deploy.resources.limits.memory" } else { "set resources.limits.memory" };
        check.find("OM001", place, name, "limits.memory", at, format!("{why}: the node is the limit; {remedy}"));
    }
    let booked = container.request.is_some()
        || defaults.request(container).is_some_and(|request| request > 0)
        || written(&container.request)
        || written(&container.limit);
    if !booked && pod.request.is_none() && pod.limit.is_none() {
        let message = if compose {
            "neither a memory limit nor a reservation".to_owned()
        } else {
            "no memory request and no limit: the scheduler books nothing for it".to_owned()
        };
        check.find("OM002", place, name, "requests.memory", container.request_at, message);
    }
    if let (false, None, Some(limit), None) = (compose, &container.request, &container.limit, &pod.request)
        && limit.bytes.is_some_and(|bytes| bytes > 0)
    {
        let message = format!("no memory request: the API server makes it the limit, {}", limit.text);
        check.find("OM003", place, name, "requests.memory", limit.at, message);
    }
}

fn pair(
    check: &mut Check<'_>,
    place: Place,
    container: Option<&str>,
    request: Option<&Amount>,
    limit: Option<&Amount>,
    compose: bool,
) {
    let (Some(request), Some(limit)) = (request, limit) else { return };
    let (Some(asked), Some(allowed)) = (request.bytes, limit.bytes) else { return };
    let (low, high) = if container.is_some() {
        ("requests.memory", "limits.memory")
    } else {
        ("pod.requests.memory", "pod.limits.memory")
    };
    if asked > allowed && (!compose || allowed > 0) {
        let (word, refuses) = if compose { ("reservation", "Docker") } else { ("request", "the API server") };
        let message =
            format!("the memory {word} {} is larger than the limit {}: {refuses} refuses it", request.text, limit.text);
        check.find("OM004", place, container, low, request.at, message);
    } else if allowed > 0 && allowed as f64 > check.settings.max_ratio * asked as f64 {
        let times = if asked == 0 {
            "without bound".to_owned()
        } else {
            format!("{:.1} times", (allowed as f64 / asked as f64 * 10.0).floor() / 10.0)
        };
        let message = format!(
            "the memory limit {} is {times} the request {}; at most {} is allowed",
            limit.text, request.text, check.settings.max_ratio
        );
        check.find("OM005", place, container, high, limit.at, message);
    }
}
