//! Kills of nodes in sentences: who was hit, who was above their requests, who had memory booked and did not use it.

use oomkit_core::resources::measure::Names;
use oomkit_core::resources::{NodeKill, Share};

/// Names in a sentence.
const NAMED: usize = 3;

/// One sentence for each, the latest first; not more than ten.
pub(super) fn told(kills: &[NodeKill]) -> Vec<String> {
    let mut told: Vec<String> = kills.iter().rev().take(10).map(one).collect();
    if kills.len() > told.len() {
        told.push(format!("{} earlier kills of nodes are not shown", kills.len() - told.len()));
    }
    told
}

fn one(kill: &NodeKill) -> String {
    let time = kill.time.map(|time| time.to_rfc3339()).unwrap_or_else(|| "at an unknown time".to_owned());
    let node = kill.node.as_deref().unwrap_or("a node");
    let victim = match name(&kill.victim) {
        Some(victim) => format!("{victim} was killed ({})", kill.victim_bytes),
        None => format!("a process was killed ({})", kill.victim_bytes),
    };
    let missing = match kill.unmeasured_containers {
        0 => String::new(),
        n => format!("; not measured then: {}", crate::talk::count(n, "container")),
    };
    let over = shares("above their requests", kill.over_request_bytes.get(), &kill.over_request);
    let wasted = shares("booked and unused", kill.wasted_bytes.get(), &kill.wasted);
    format!("{time}: {node} ran out, {victim}{over}{wasted}{missing}")
}

fn shares(what: &str, sum: u64, shares: &[Share]) -> String {
    if shares.is_empty() {
        return String::new();
    }
    let named: Vec<String> = shares
        .iter()
        .take(NAMED)
        .map(|share| format!("{} {}", name(&share.names).unwrap_or_default(), share.bytes))
        .collect();
    let more = if shares.len() > NAMED { format!(" and {} more", shares.len() - NAMED) } else { String::new() };
    format!("; {what} {}: {}{more}", oomkit_core::units::Bytes(sum), named.join(", "))
}

/// `shop/web-1/app`.
fn name(names: &Names) -> Option<String> {
    let pod = names.pod.as_ref()?;
    let parts = [names.namespace.as_ref(), Some(pod), names.container.as_ref()];
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).filter(|part| !part.is_empty()).collect();
    Some(parts.join("/"))
}
