//! containerd: task events in the Go form and, from 1.7, the protobuf one; and the end of a shim.

use super::Recognised;
use super::engines::recognise_init_killed;
use super::field::{id, number, value};
use super::literal::{Literal, with_id};
use super::reporter::Reporter;
use crate::event::{Actor, CompanionKind};

const TASK_OOM: Literal = literal("TaskOOM event");
const TASK_EXIT: Literal = literal("TaskExit event");
const EXIT_RECEIVED: Literal = literal("received exit event");
const SHIM_DISCONNECTED: Literal = literal("shim disconnected");
const DEAD_SHIM: Literal = literal("cleaning up dead shim");
/// Before 1.3.
const SHIM_REAPED: Literal = literal("shim reaped");

pub(super) const LITERALS: &[Literal] =
    &[TASK_OOM, TASK_EXIT, EXIT_RECEIVED, SHIM_DISCONNECTED, DEAD_SHIM, SHIM_REAPED];

const fn literal(text: &'static str) -> Literal {
    Literal::notice(text, with_id, &[Reporter::Containerd])
}

pub(super) fn recognise(text: &[u8]) -> Option<Recognised> {
    let line = |kind, literal: Literal| Recognised::new(Actor::Containerd, kind, literal.text);
    let first_of = |literals: &[Literal]| literals.iter().copied().find(|literal| literal.is_in(text));
    let either = |go: &str, protobuf: &str| value(text, go).or_else(|| value(text, protobuf));
    let container = || either("ContainerID", "container_id").and_then(id);
    if TASK_OOM.is_in(text) {
        return Some(line(CompanionKind::OomNotice, TASK_OOM).of_container(container()?));
    }
    if let Some(literal) = first_of(&[TASK_EXIT, EXIT_RECEIVED]) {
        let container_id = container()?;
        // a process that was started beside the container's first one has an id of its own
        let kind = match either("ID", "id") {
            Some(process) if process != container_id.as_bytes() => CompanionKind::ProcessExit,
            _ => CompanionKind::ContainerExit,
        };
        let exit =
            line(kind, literal).of_container(container_id).with(|c| c.pid = either("Pid", "pid").and_then(number));
        return Some(exit.exited(either("ExitStatus", "exit_status").and_then(number)));
    }
    if let Some(literal) = first_of(&[SHIM_DISCONNECTED, DEAD_SHIM, SHIM_REAPED]) {
        // without an id it belongs to nothing
        let container_id = value(text, "id").and_then(id)?;
        return Some(line(CompanionKind::ContainerExit, literal).of_container(container_id).routine(true));
    }
    recognise_init_killed(Actor::Containerd, text)
}
