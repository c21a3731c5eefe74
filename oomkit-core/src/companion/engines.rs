//! Docker, CRI-O, conmon, Podman and runc. Most log nothing about OOM by default: what is read is what they do log.

use super::Said;
use super::field::{after, cut, full_id, id, number, value};
use crate::event::{Actor, CompanionKind};
use memchr::memmem;

/// Events of Docker (`container oom ID`, `container die ID`), and the end of a container's task.
pub(super) fn dockerd(text: &[u8]) -> Option<Said> {
    let task_ended = memmem::find(text, b"topic=/tasks/delete").is_some();
    if task_ended {
        let container_id = value(text, "container").and_then(id)?;
        let fill = |c: &mut crate::event::Companion| c.container_id = Some(container_id);
        return Some(Said::new(Actor::Dockerd, CompanionKind::ContainerExit, fill).routine(true));
    }
    engine_event(Actor::Dockerd, text).or_else(|| init_killed(Actor::Dockerd, text))
}

/// CRI-O.
pub(super) fn crio(text: &[u8]) -> Option<Said> {
    engine_event(Actor::Crio, text).or_else(|| init_killed(Actor::Crio, text))
}

/// Podman's events: `container died ID (image=…, containerExitCode=137)`.
pub(super) fn podman(text: &[u8]) -> Option<Said> {
    engine_event(Actor::Podman, text).or_else(|| init_killed(Actor::Podman, text))
}

/// `conmon 1e479e759020fa0b6c72 <ninfo>: container 4242 exited with status 137`; the id is cut at 20 digits.
pub(super) fn conmon(text: &[u8]) -> Option<Said> {
    let (head, rest) = match text.strip_prefix(b"conmon ") {
        Some(behind) => cut(behind, ">: ")?,
        None => (&b""[..], text),
    };
    let container = head.split(|b| *b == b' ').next().and_then(id);
    if rest.starts_with(b"OOM received") || rest.starts_with(b"OOM event received") {
        return Some(Said::new(Actor::Conmon, CompanionKind::OomNotice, |c| c.container_id = container));
    }
    let (pid, status) = cut(rest.strip_prefix(b"container ")?, " exited with status ")?;
    let code: Option<i32> = number(status);
    Some(
        Said::new(Actor::Conmon, CompanionKind::ContainerExit, |c| {
            c.container_id = container;
            c.pid = number(pid);
            c.exit_code = code;
        })
        .routine(code != Some(137)),
    )
}

/// runc itself.
pub(super) fn runc(text: &[u8]) -> Option<Said> {
    init_killed(Actor::Runc, text)
}

fn engine_event(actor: Actor, text: &[u8]) -> Option<Said> {
    if let Some(container_id) = after(text, "container oom ").and_then(id) {
        return Some(Said::new(actor, CompanionKind::OomNotice, |c| c.container_id = Some(container_id)));
    }
    let container_id = after(text, "container died ").or_else(|| after(text, "container die ")).and_then(id)?;
    let code: Option<i32> = value(text, "containerExitCode").or_else(|| value(text, "exitCode")).and_then(number);
    Some(
        Said::new(actor, CompanionKind::ContainerExit, |c| {
            c.container_id = Some(container_id);
            c.exit_code = code;
        })
        .routine(code != Some(137)),
    )
}

/// What runc says when a container's first process did not live to start; runtimes pass it on.
pub(super) fn init_killed(actor: Actor, text: &[u8]) -> Option<Said> {
    let certain = memmem::find(text, b"container init was OOM-killed").is_some();
    if !certain && memmem::find(text, b"(possibly OOM-killed)").is_none() {
        return None;
    }
    Some(Said::new(actor, CompanionKind::OomNotice, |c| {
        c.container_id = full_id(text);
        c.reason = Some(if certain { "init_oom_killed" } else { "init_possibly_oom_killed" }.to_owned());
    }))
}
