//! kubelet: SystemOOM events, evictions for memory, and containers it sees die.

use super::Recognised;
use super::engines::OOM;
use super::field::{after, cut, cut_last, holds, id, lossy, number, size, value};
use super::literal::{Literal, at_start, may_begin, may_hold};
use super::reporter::Reporter;
use crate::event::{Actor, CompanionKind};

const SYSTEM_OOM: Literal =
    Literal::new("System OOM encountered, victim process: ", |_, after| may_hold(after, ", pid: "));
const GOT_SYS_OOM: Literal = Literal::new("Got sys oom event", at_start);
/// `Eviction manager: `, and `eviction manager: ` of old.
const EVICTION_MANAGER: Literal = Literal::new("viction manager: ", |before, after| {
    before.split_last().is_some_and(|(_, before)| at_start(before, after))
});
const LOW_ON_RESOURCE: Literal = Literal::new("The node was low on resource: ", |_, after| may_begin(after, b"memory"));
const PLEG: Literal = Literal::notice("(PLEG): ", reports_death, &[Reporter::Kubelet]);
const WAS_OOM_KILLED: Literal =
    Literal::notice(" was OOMKilled", |before, _| may_hold(before, "container "), &[Reporter::Kubelet]);

pub(super) const LITERALS: &[Literal] =
    &[SYSTEM_OOM, GOT_SYS_OOM, EVICTION_MANAGER, LOW_ON_RESOURCE, PLEG, WAS_OOM_KILLED];

/// In an event of the lifecycle generator.
const CONTAINER_DIED: &str = "ContainerDied";
/// The same, from the evented one.
const CONTAINER_FINISHED: &str = "container finished";

/// Whether the lifecycle generator says that a container died.
fn reports_death(before: &[u8], after: &[u8]) -> bool {
    before.ends_with(b"SyncLoop ") && may_hold(after, CONTAINER_DIED)
        || before.ends_with(b"Generic ") && may_begin(after, CONTAINER_FINISHED.as_bytes())
}

pub(super) fn recognise(text: &[u8]) -> Option<Recognised> {
    let text = without_klog_header(text);
    let system_oom = |literal: Literal| {
        let line = Recognised::new(Actor::Kubelet, CompanionKind::OomNotice, literal.text);
        line.with(|c| c.reason = Some("SystemOOM".to_owned()))
    };
    if let Some(victim) = after(text, SYSTEM_OOM.text) {
        let (comm, pid) = cut_last(victim, ", pid: ")?;
        return Some(system_oom(SYSTEM_OOM).with(|c| (c.comm, c.pid) = (Some(lossy(comm)), number(pid))));
    }
    // structured messages are quoted, older ones are not
    let message = text.strip_prefix(b"\"").unwrap_or(text);
    if GOT_SYS_OOM.strip(message).is_some() {
        return Some(system_oom(GOT_SYS_OOM).with(|c| {
            c.pid = value(text, "Pid").and_then(number);
            c.comm = value(text, "ProcessName").map(lossy);
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
    let (literal, resource) = match after(text, LOW_ON_RESOURCE.text) {
        Some(rest) => (LOW_ON_RESOURCE, rest.split(|b| matches!(b, b'.' | b' ' | b'"' | b'\'')).next()),
        None => {
            let action = EVICTION_MANAGER.strip(message.strip_prefix(b"E").or_else(|| message.strip_prefix(b"e"))?)?;
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
    Some(Recognised::new(Actor::Kubelet, CompanionKind::Eviction, literal.text).with(|c| {
        c.reason = resource.map(|_| "memory".to_owned());
        c.threshold_bytes = after(text, "Threshold quantity: ").and_then(size);
        c.memory_available_bytes = after(text, ", available: ").and_then(size);
        c.pod = value(text, "pods").or_else(|| value(text, "pod")).map(lossy);
    }))
}

/// The pod lifecycle events, and the status that follows from them.
fn recognise_death(text: &[u8], message: &[u8]) -> Option<Recognised> {
    let killed = message.starts_with(b"container ") && WAS_OOM_KILLED.is_in(message);
    let phrase = match cut(message, PLEG.text) {
        Some((b"SyncLoop ", event)) if holds(event, CONTAINER_DIED) => CONTAINER_DIED,
        Some((b"Generic ", event)) if event.starts_with(CONTAINER_FINISHED.as_bytes()) => CONTAINER_FINISHED,
        _ if killed => OOM,
        _ => return None,
    };
    let container_id = ["Data", "containerID", "ContainerID"].iter().find_map(|key| value(text, key).and_then(id));
    let code = value(text, "exitCode").or_else(|| after(text, "(exit code ")).and_then(number);
    let uid = ["ID", "podID", "podUID"].iter().find_map(|key| value(text, key)).filter(|uid| uid.len() >= 32);
    let exit = Recognised::new(Actor::Kubelet, CompanionKind::ContainerExit, phrase).with(|c| {
        c.container_id = container_id;
        c.pod_uid = uid.map(lossy);
        c.pod = value(text, "pod").map(lossy);
        c.reason = killed.then(|| "OOMKilled".to_owned());
    });
    let exit = exit.exited(code);
    Some(if killed { exit.routine(false) } else { exit })
}
