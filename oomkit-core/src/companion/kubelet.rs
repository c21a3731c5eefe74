//! kubelet: SystemOOM events, evictions for memory, and containers it sees die.

use super::Said;
use super::field::{after, cut, cut_last, id, lossy, number, size, value};
use crate::event::{Actor, CompanionKind};
use memchr::memmem;

pub(super) fn read(text: &[u8]) -> Option<Said> {
    let text = message(text);
    let has = |literal: &str| memmem::find(text, literal.as_bytes()).is_some();
    if has("System OOM encountered, victim process: ") {
        let victim = after(text, "System OOM encountered, victim process: ")?;
        let (comm, pid) = cut_last(victim, ", pid: ")?;
        return Some(Said::new(Actor::Kubelet, CompanionKind::OomNotice, |c| {
            c.comm = Some(lossy(comm));
            c.pid = number(pid);
            c.reason = Some("SystemOOM".to_owned());
        }));
    }
    if starts(text, "Got sys oom event") {
        return Some(Said::new(Actor::Kubelet, CompanionKind::OomNotice, |c| {
            c.pid = value(text, "Pid").and_then(number);
            c.comm = value(text, "ProcessName").map(lossy);
            c.reason = Some("SystemOOM".to_owned());
        }));
    }
    eviction(text).or_else(|| died(text))
}

/// What stands behind klog's header, `E1123 16:22:01.123456     812 pod_workers.go:951] `.
fn message(text: &[u8]) -> &[u8] {
    let header = matches!(text, [b'I' | b'W' | b'E' | b'F', b'0'..=b'9', b'0'..=b'9', ..]);
    match cut(text, "] ") {
        Some((head, rest)) if header && head.len() < 96 => rest,
        _ => text,
    }
}

/// Structured messages are quoted, older ones are not.
fn starts(text: &[u8], literal: &str) -> bool {
    text.strip_prefix(b"\"").unwrap_or(text).starts_with(literal.as_bytes())
}

/// kubelet kills whole pods itself, and also for disks: only memory counts.
fn eviction(text: &[u8]) -> Option<Said> {
    let manager = starts(text, "Eviction manager: ") || starts(text, "eviction manager: ");
    let low = after(text, "The node was low on resource: ");
    let resource = match low {
        Some(rest) => rest.split(|b| matches!(b, b'.' | b' ' | b'"' | b'\'')).next(),
        None if !manager => return None,
        None => value(text, "resourceName").or_else(|| after(text, "to reclaim ")),
    };
    let evicts = low.is_some() || memmem::find(text, b"evict pod").is_some() || after(text, "pods evicted").is_some();
    let evicts = evicts || after(text, "attempting to reclaim").is_some() || after(text, " evicted, waiting").is_some();
    if !evicts || resource.is_some_and(|name| !name.starts_with(b"memory")) {
        return None;
    }
    Some(Said::new(Actor::Kubelet, CompanionKind::Eviction, |c| {
        c.reason = resource.map(|_| "memory".to_owned());
        c.threshold_bytes = after(text, "Threshold quantity: ").and_then(size);
        c.memory_available_bytes = after(text, ", available: ").and_then(size);
        c.pod = value(text, "pods").or_else(|| value(text, "pod")).map(lossy);
    }))
}

/// The pod lifecycle events, and the status that follows from them.
fn died(text: &[u8]) -> Option<Said> {
    let pleg = memmem::find(text, b"ContainerDied").is_some() && starts(text, "SyncLoop (PLEG): ");
    let finished = starts(text, "Generic (PLEG): container finished");
    let killed = memmem::find(text, b" was OOMKilled").is_some() && starts(text, "container ");
    if !pleg && !finished && !killed {
        return None;
    }
    let container = ["Data", "containerID", "ContainerID"].iter().find_map(|key| value(text, key).and_then(id));
    let code: Option<i32> = value(text, "exitCode").or_else(|| after(text, "(exit code ")).and_then(number);
    let uid = ["ID", "podID", "podUID"].iter().find_map(|key| value(text, key)).filter(|uid| uid.len() >= 32);
    Some(
        Said::new(Actor::Kubelet, CompanionKind::ContainerExit, |c| {
            c.container_id = container;
            c.exit_code = code;
            c.pod_uid = uid.map(lossy);
            c.pod = value(text, "pod").map(lossy);
            c.reason = killed.then(|| "OOMKilled".to_owned());
        })
        .routine(!killed && code != Some(137)),
    )
}
