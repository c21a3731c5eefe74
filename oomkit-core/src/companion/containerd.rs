//! containerd: task events in the Go form and, from 1.7, the protobuf one; and the end of a shim.

use super::Recognised;
use super::engines::recognise_init_killed;
use super::field::{first_held, holds, id, number, value};
use super::literals::{DEAD_SHIM, EXIT_RECEIVED, SHIM_DISCONNECTED, SHIM_REAPED, TASK_EXIT, TASK_OOM};
use crate::event::{Actor, CompanionKind};

pub(super) fn recognise(text: &[u8]) -> Option<Recognised> {
    let either = |go: &str, protobuf: &str| value(text, go).or_else(|| value(text, protobuf));
    let container = || either("ContainerID", "container_id").and_then(id);
    if holds(text, TASK_OOM) {
        let container_id = container()?;
        return Some(Recognised::new(Actor::Containerd, CompanionKind::OomNotice, TASK_OOM, |c| {
            c.container_id = Some(container_id);
        }));
    }
    if let Some(phrase) = first_held(text, &[TASK_EXIT, EXIT_RECEIVED]) {
        let container_id = container()?;
        let code: Option<i32> = either("ExitStatus", "exit_status").and_then(number);
        // a process that was started beside the container's first one has an id of its own
        let kind = match either("ID", "id") {
            Some(process) if process != container_id.as_bytes() => CompanionKind::ProcessExit,
            _ => CompanionKind::ContainerExit,
        };
        let exit = Recognised::new(Actor::Containerd, kind, phrase, |c| {
            c.container_id = Some(container_id);
            c.pid = either("Pid", "pid").and_then(number);
            c.exit_code = code;
        });
        return Some(exit.routine(code != Some(137)));
    }
    if let Some(phrase) = first_held(text, &[SHIM_DISCONNECTED, DEAD_SHIM, SHIM_REAPED]) {
        // without an id it belongs to nothing
        let container_id = value(text, "id").and_then(id)?;
        let exit = Recognised::new(Actor::Containerd, CompanionKind::ContainerExit, phrase, |c| {
            c.container_id = Some(container_id);
        });
        return Some(exit.routine(true));
    }
    recognise_init_killed(Actor::Containerd, text)
}
