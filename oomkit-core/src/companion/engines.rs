//! Docker, CRI-O, conmon, Podman and runc. Most log nothing about OOM by default: what is read is what they do log.

use super::Recognised;
use super::field::{after, cut, first_held, full_id, holds, id, number, value};
use super::literals::{
    CONTAINER_DIE, CONTAINER_DIED, CONTAINER_OOM, EXITED_WITH_STATUS, INIT_KILLED, INIT_POSSIBLY_KILLED,
    OOM_EVENT_RECEIVED, OOM_RECEIVED, TASK_DELETED,
};
use crate::event::{Actor, CompanionKind};

/// Docker: the end of a container's task, beside an engine's events.
pub(super) fn recognise_dockerd(text: &[u8]) -> Option<Recognised> {
    if holds(text, TASK_DELETED) {
        let container_id = value(text, "container").and_then(id)?;
        let exit = Recognised::new(Actor::Dockerd, CompanionKind::ContainerExit, TASK_DELETED, |c| {
            c.container_id = Some(container_id);
        });
        return Some(exit.routine(true));
    }
    recognise_engine_event(Actor::Dockerd, text)
}

/// `container oom ID`, Docker's `container die ID`, Podman's `container died ID (image=…, containerExitCode=137)`; and
/// what runc says.
pub(super) fn recognise_engine_event(actor: Actor, text: &[u8]) -> Option<Recognised> {
    if let Some(container_id) = after(text, CONTAINER_OOM).and_then(id) {
        return Some(Recognised::new(actor, CompanionKind::OomNotice, CONTAINER_OOM, |c| {
            c.container_id = Some(container_id);
        }));
    }
    let phrase = first_held(text, &[CONTAINER_DIED, CONTAINER_DIE]);
    let Some((phrase, container_id)) = phrase.and_then(|phrase| Some((phrase, after(text, phrase).and_then(id)?)))
    else {
        return recognise_init_killed(actor, text);
    };
    let code: Option<i32> = value(text, "containerExitCode").or_else(|| value(text, "exitCode")).and_then(number);
    let exit = Recognised::new(actor, CompanionKind::ContainerExit, phrase, |c| {
        c.container_id = Some(container_id);
        c.exit_code = code;
    });
    Some(exit.routine(code != Some(137)))
}

/// `conmon 1e479e759020fa0b6c72 <ninfo>: container 4242 exited with status 137`; the id is cut at 20 digits.
pub(super) fn recognise_conmon(text: &[u8]) -> Option<Recognised> {
    let (head, rest) = match text.strip_prefix(b"conmon ") {
        Some(named) => cut(named, ">: ")?,
        None => (&b""[..], text),
    };
    let container_id = head.split(|b| *b == b' ').next().and_then(id);
    if rest.starts_with(OOM_RECEIVED.as_bytes()) || rest.starts_with(OOM_EVENT_RECEIVED.as_bytes()) {
        return Some(Recognised::new(Actor::Conmon, CompanionKind::OomNotice, OOM, |c| c.container_id = container_id));
    }
    let (pid, status) = cut(rest.strip_prefix(b"container ")?, EXITED_WITH_STATUS)?;
    let pid = number(pid)?;
    let code: Option<i32> = number(status);
    let exit = Recognised::new(Actor::Conmon, CompanionKind::ContainerExit, EXITED_WITH_STATUS, |c| {
        c.container_id = container_id;
        c.pid = Some(pid);
        c.exit_code = code;
    });
    Some(exit.routine(code != Some(137)))
}

/// What runc says when a container's first process did not live to start; runtimes pass it on.
pub(super) fn recognise_init_killed(actor: Actor, text: &[u8]) -> Option<Recognised> {
    let reason = match first_held(text, &[INIT_KILLED, INIT_POSSIBLY_KILLED])? {
        INIT_KILLED => "init_oom_killed",
        _ => "init_possibly_oom_killed",
    };
    Some(Recognised::new(actor, CompanionKind::OomNotice, OOM, |c| {
        c.container_id = full_id(text);
        c.reason = Some(reason.to_owned());
    }))
}

/// As it is quoted, whatever the words around it.
pub(super) const OOM: &str = "OOM";
