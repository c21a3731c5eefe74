//! kubelet: SystemOOM events, evictions for memory, and containers it sees die.

use super::Recognised;
use super::engines::OOM;
use super::field::{after, cut, cut_last, holds, id, lossy, number, size, value};
use super::literals::{EVICTION_MANAGER, GOT_SYS_OOM, LOW_ON_RESOURCE, PLEG, SYSTEM_OOM, WAS_OOM_KILLED};
use crate::event::{Actor, CompanionKind};

/// In an event of the lifecycle generator.
pub(super) const CONTAINER_DIED: &str = "ContainerDied";
/// The same, from the evented one.
pub(super) const CONTAINER_FINISHED: &str = "container finished";

pub(super) fn recognise(text: &[u8]) -> Option<Recognised> {
    let text = without_klog_header(text);
    if let Some(victim) = after(text, SYSTEM_OOM) {
        let (comm, pid) = cut_last(victim, ", pid: ")?;
        return Some(Recognised::new(Actor::Kubelet, CompanionKind::OomNotice, SYSTEM_OOM, |c| {
            c.comm = Some(lossy(comm));
            c.pid = number(pid);
            c.reason = Some("SystemOOM".to_owned());
        }));
    }
    // structured messages are quoted, older ones are not
    let message = text.strip_prefix(b"\"").unwrap_or(text);
    if message.starts_with(GOT_SYS_OOM.as_bytes()) {
        return Some(Recognised::new(Actor::Kubelet, CompanionKind::OomNotice, GOT_SYS_OOM, |c| {
            c.pid = value(text, "Pid").and_then(number);
            c.comm = value(text, "ProcessName").map(lossy);
            c.reason = Some("SystemOOM".to_owned());
        }));
    }
    recognise_eviction(text, message).or_else(|| recognise_death(text, message))
}

/// What follows klog's header, `E1123 16:22:01.123456     812 pod_workers.go:951] `.
fn without_klog_header(text: &[u8]) -> &[u8] {
    let header = matches!(text, [b'I' | b'W' | b'E' | b'F', b'0'..=b'9', b'0'..=b'9', ..]);
    match cut(text, "] ") {
        Some((head, rest)) if header && head.len() < 96 => rest,
        _ => text,
    }
}

/// kubelet kills whole pods itself, and also for disks: only memory counts.
fn recognise_eviction(text: &[u8], message: &[u8]) -> Option<Recognised> {
    let (phrase, resource) = match after(text, LOW_ON_RESOURCE) {
        Some(rest) => (LOW_ON_RESOURCE, rest.split(|b| matches!(b, b'.' | b' ' | b'"' | b'\'')).next()),
        None => {
            let action = message.strip_prefix(b"E").or_else(|| message.strip_prefix(b"e"))?;
            let action = action.strip_prefix(EVICTION_MANAGER.as_bytes())?;
            let evicts = ["evict pod", "pods evicted", "attempting to reclaim", " evicted, waiting"];
            if !evicts.iter().any(|words| holds(action, words)) {
                return None;
            }
            (EVICTION_MANAGER, value(text, "resourceName").or_else(|| after(text, "to reclaim ")))
        }
    };
    if resource.is_some_and(|name| !name.starts_with(b"memory")) {
        return None;
    }
    Some(Recognised::new(Actor::Kubelet, CompanionKind::Eviction, phrase, |c| {
        c.reason = resource.map(|_| "memory".to_owned());
        c.threshold_bytes = after(text, "Threshold quantity: ").and_then(size);
        c.memory_available_bytes = after(text, ", available: ").and_then(size);
        c.pod = value(text, "pods").or_else(|| value(text, "pod")).map(lossy);
    }))
}

/// The pod lifecycle events, and the status that follows from them.
fn recognise_death(text: &[u8], message: &[u8]) -> Option<Recognised> {
    let killed = message.starts_with(b"container ") && holds(message, WAS_OOM_KILLED);
    let phrase = match cut(message, PLEG) {
        Some((b"SyncLoop ", event)) if holds(event, CONTAINER_DIED) => CONTAINER_DIED,
        Some((b"Generic ", event)) if event.starts_with(CONTAINER_FINISHED.as_bytes()) => CONTAINER_FINISHED,
        _ if killed => OOM,
        _ => return None,
    };
    let container_id = ["Data", "containerID", "ContainerID"].iter().find_map(|key| value(text, key).and_then(id));
    let code: Option<i32> = value(text, "exitCode").or_else(|| after(text, "(exit code ")).and_then(number);
    let uid = ["ID", "podID", "podUID"].iter().find_map(|key| value(text, key)).filter(|uid| uid.len() >= 32);
    let exit = Recognised::new(Actor::Kubelet, CompanionKind::ContainerExit, phrase, |c| {
        c.container_id = container_id;
        c.exit_code = code;
        c.pod_uid = uid.map(lossy);
        c.pod = value(text, "pod").map(lossy);
        c.reason = killed.then(|| "OOMKilled".to_owned());
    });
    Some(exit.routine(!killed && code != Some(137)))
}
