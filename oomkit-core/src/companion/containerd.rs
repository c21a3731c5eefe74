//! containerd: task events in the Go form and, from 1.7, the protobuf one; and the shim's end.

use super::Said;
use super::field::{id, number, value};
use crate::event::{Actor, CompanionKind};
use memchr::memmem;

pub(super) fn read(text: &[u8]) -> Option<Said> {
    let has = |literal: &str| memmem::find(text, literal.as_bytes()).is_some();
    let container = || value(text, "ContainerID").or_else(|| value(text, "container_id")).and_then(id);
    if has("TaskOOM event") {
        let container_id = container()?;
        return Some(Said::new(Actor::Containerd, CompanionKind::OomNotice, |c| c.container_id = Some(container_id)));
    }
    if has("TaskExit event") || has("received exit event") {
        let container_id = container()?;
        let code: Option<i32> = value(text, "ExitStatus").or_else(|| value(text, "exit_status")).and_then(number);
        let killed = code == Some(137);
        // a process that was started beside the container's first one has an id of its own
        let process = value(text, "ID").or_else(|| value(text, "id"));
        let kind = match process {
            Some(process) if process != container_id.as_bytes() => CompanionKind::ProcessExit,
            _ => CompanionKind::ContainerExit,
        };
        return Some(
            Said::new(Actor::Containerd, kind, |c| {
                c.container_id = Some(container_id);
                c.pid = value(text, "Pid").or_else(|| value(text, "pid")).and_then(number);
                c.exit_code = code;
            })
            .routine(!killed),
        );
    }
    // `shim reaped` before 1.3
    let shim = has("shim disconnected") || has("cleaning up dead shim") || has("\"shim reaped\"");
    if shim {
        return Some(
            Said::new(Actor::Containerd, CompanionKind::ContainerExit, |c| {
                c.container_id = value(text, "id").and_then(id);
            })
            .routine(true),
        );
    }
    super::engines::init_killed(Actor::Containerd, text)
}
