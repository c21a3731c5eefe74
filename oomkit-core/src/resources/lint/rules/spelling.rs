//! OM006 to OM011: how amounts are written, and whether they can be meant.

use crate::resources::lint::{Check, Place};
use crate::resources::manifest::{Amount, Dialect, Object, PodTemplate};
use crate::units::Bytes;
use crate::units::Notation;

/// The least Docker takes.
const DOCKER_LEAST: u64 = 6 << 20;

pub(super) fn rules(check: &mut Check<'_>, place: Place, object: &Object, pod: &PodTemplate, largest: Option<u64>) {
    let mut all: Vec<(Option<&str>, &str, &Amount)> = Vec::new();
    let both = |request, limit| [("requests.memory", request), ("limits.memory", limit)];
    for container in &pod.containers {
        let name = Some(&*container.name);
        for (field, amount) in both(&container.request, &container.limit) {
            all.extend(amount.as_ref().map(|amount| (name, field, amount)));
        }
    }
    for (field, amount) in
        [("pod.requests.memory", &pod.request), ("pod.limits.memory", &pod.limit), ("overhead.memory", &pod.overhead)]
    {
        all.extend(amount.as_ref().map(|amount| (None, field, amount)));
    }
    let compose = object.dialect == Dialect::Compose;
    for &(container, field, amount) in &all {
        one(check, place, container, field, amount, compose, largest);
    }
    mixed(check, place, &all);
    for volume in &pod.volumes {
        if let Some(amount) = &volume.size_limit {
            one(check, place, None, &format!("volumes/{}", volume.name), amount, compose, largest);
        }
    }
}

fn one(
    check: &mut Check<'_>,
    place: Place,
    container: Option<&str>,
    field: &str,
    amount: &Amount,
    compose: bool,
    largest: Option<u64>,
) {
    let text = &amount.text;
    if let Some(wrong) = &amount.wrong {
        // beyond 64 bits: a quantity, and no size
        let id = if amount.quantity.is_some() && !wrong.contains("negative") { "OM011" } else { "OM009" };
        return check.find(id, place, container, field, amount.at, wrong.clone());
    }
    let Some(bytes) = amount.bytes else { return };
    let suffix = text.trim().chars().last().filter(|suffix| matches!(suffix, 'm' | 'u' | 'n')).filter(|_| !compose);
    let least = if compose { DOCKER_LEAST.max(check.settings.min_memory) } else { check.settings.min_memory };
    let memory = !field.starts_with("volumes/") && !field.starts_with("overhead");
    // a reservation of Compose may be small, and a request of nothing is one
    if bytes > 0 && bytes < least && memory && !(compose && field.starts_with("requests")) {
        let message = match suffix {
            Some(suffix) => {
                let number = text.trim().trim_end_matches(suffix);
                let unit = if suffix == 'm' { "a thousandth of a byte" } else { "a fraction of a byte" };
                format!("{text} is {bytes} B of memory, rounded up: {suffix} is {unit}; write {number}Mi or {number}M")
            }
            None => format!("{text} is {}: no container runs in less than {}", Bytes(bytes), Bytes(least)),
        };
        check.find("OM006", place, container, field, amount.at, message);
    }
    if let Some(quantity) = amount.quantity.filter(|quantity| quantity.try_bytes().is_err()) {
        let message = format!("{text} is not a whole number of bytes ({quantity}): Kubernetes takes it for {bytes}");
        check.find("OM008", place, container, field, amount.at, message);
    }
    if let Some(odd) = &amount.odd {
        check.find("OM010", place, container, field, amount.at, format!("{text} {odd}"));
    }
    let (most, what) = match largest {
        Some(node) => (node, "the largest node has"),
        None => (check.settings.max_memory, "at most is plausible"),
    };
    if bytes > most && memory {
        check.find(
            "OM011",
            place,
            container,
            field,
            amount.at,
            format!("{text} is {}; {what} {}", Bytes(bytes), Bytes(most)),
        );
    }
}

/// What deviates from how most amounts of the pod are written; of as many each, from the first.
fn mixed(check: &mut Check<'_>, place: Place, all: &[(Option<&str>, &str, &Amount)]) {
    let is_binary = |amount: &Amount| {
        let suffix = amount.text.trim().trim_start_matches(|c: char| !c.is_ascii_alphabetic());
        match (amount.quantity?.notation(), suffix) {
            (Notation::BinarySi, _) => Some(true),
            (Notation::DecimalSi, "k" | "M" | "G" | "T" | "P" | "E") => Some(false),
            _ => None,
        }
    };
    let kinds: Vec<bool> = all.iter().filter_map(|(.., amount)| is_binary(amount)).collect();
    let binary = kinds.iter().filter(|&&kind| kind).count();
    let usual = match (binary * 2).cmp(&kinds.len()) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => kinds.first().copied().unwrap_or(true),
    };
    for &(container, field, amount) in all {
        if is_binary(amount).is_some_and(|kind| kind != usual) {
            let (own, others) = if usual { ("decimal", "binary (Mi, Gi)") } else { ("binary", "decimal (M, G)") };
            let message = format!("{} has a {own} suffix, others in this pod have {others} ones", amount.text);
            check.find("OM007", place, container, field, amount.at, message);
        }
    }
}
