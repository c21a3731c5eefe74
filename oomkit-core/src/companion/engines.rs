//! Docker, CRI-O, conmon, Podman and runc. Most log nothing about OOM by default: what is read is what they do log.

use super::Recognised;
use super::field::{after, cut, full_id, id, number, value};
use super::literal::{Literal, at_start, before_id, follows_number, with_id};
use super::reporter::Reporter::{self, Conmon, Containerd, Crio, Dockerd, Podman, Runc};
use crate::event::{Actor, CompanionKind};

const TASK_DELETED: Literal = Literal::notice("topic=/tasks/delete", with_id, &[Dockerd]);
const CONTAINER_OOM: Literal = Literal::notice("container oom ", before_id, ENGINES);
const CONTAINER_DIED: Literal = Literal::notice("container died ", before_id, ENGINES);
const CONTAINER_DIE: Literal = Literal::notice("container die ", before_id, ENGINES);
const EXITED: Literal =
    Literal::notice(" exited with status ", |before, _| follows_number(before, b"container "), &[Conmon]);
const OOM_RECEIVED: Literal = Literal::notice("OOM received", at_start, &[Conmon]);
const OOM_EVENT_RECEIVED: Literal = Literal::notice("OOM event received", at_start, &[Conmon]);
// at any place of a chain of errors
const INIT_KILLED: Literal = Literal::notice("container init was OOM-killed", |_, _| true, ABOVE_RUNC);
const INIT_POSSIBLY_KILLED: Literal = Literal::notice("(possibly OOM-killed)", |_, _| true, ABOVE_RUNC);

const ENGINES: &[Reporter] = &[Dockerd, Crio, Podman];
/// Programs that pass on what runc says, and runc.
const ABOVE_RUNC: &[Reporter] = &[Containerd, Dockerd, Crio, Podman, Runc];

pub(super) const LITERALS: &[Literal] = &[
    TASK_DELETED,
    CONTAINER_OOM,
    CONTAINER_DIED,
    CONTAINER_DIE,
    EXITED,
    OOM_RECEIVED,
    OOM_EVENT_RECEIVED,
    INIT_KILLED,
    INIT_POSSIBLY_KILLED,
];

/// As it is quoted, whatever the words around it.
pub(super) const OOM: &str = "OOM";

/// Docker: the end of a container's task, beside an engine's events.
pub(super) fn recognise_dockerd(text: &[u8]) -> Option<Recognised> {
    if TASK_DELETED.is_in(text) {
        let container_id = value(text, "container").and_then(id)?;
        let exit = Recognised::new(Actor::Dockerd, CompanionKind::ContainerExit, TASK_DELETED.text);
        return Some(exit.of_container(container_id).routine(true));
    }
    recognise_engine_event(Actor::Dockerd, text)
}

/// `container oom ID`, Docker's `container die ID`, Podman's `container died ID (image=…, containerExitCode=137)`; and
/// what runc says.
pub(super) fn recognise_engine_event(actor: Actor, text: &[u8]) -> Option<Recognised> {
    let container = |literal: &Literal| after(text, literal.text).and_then(id);
    if let Some(container_id) = container(&CONTAINER_OOM) {
        return Some(Recognised::new(actor, CompanionKind::OomNotice, CONTAINER_OOM.text).of_container(container_id));
    }
    let death = [CONTAINER_DIED, CONTAINER_DIE].into_iter().find(|literal| literal.is_in(text));
    let Some((death, container_id)) = death.and_then(|death| Some((death, container(&death)?))) else {
        return recognise_init_killed(actor, text);
    };
    let code = value(text, "containerExitCode").or_else(|| value(text, "exitCode")).and_then(number);
    Some(Recognised::new(actor, CompanionKind::ContainerExit, death.text).of_container(container_id).exited(code))
}

/// `conmon 1e479e759020fa0b6c72 <ninfo>: container 4242 exited with status 137`; the id is cut at 20 digits.
pub(super) fn recognise_conmon(text: &[u8]) -> Option<Recognised> {
    let (head, rest) = match text.strip_prefix(b"conmon ") {
        Some(named) => cut(named, ">: ")?,
        None => (&b""[..], text),
    };
    let line = |kind, phrase| {
        let container_id = head.split(|b| *b == b' ').next().and_then(id);
        Recognised::new(Actor::Conmon, kind, phrase).with(|c| c.container_id = container_id)
    };
    if OOM_RECEIVED.strip(rest).or_else(|| OOM_EVENT_RECEIVED.strip(rest)).is_some() {
        return Some(line(CompanionKind::OomNotice, OOM));
    }
    let (pid, status) = cut(rest.strip_prefix(b"container ")?, EXITED.text)?;
    let pid = number(pid)?;
    Some(line(CompanionKind::ContainerExit, EXITED.text).with(|c| c.pid = Some(pid)).exited(number(status)))
}

/// What runc says when a container's first process did not live to start; runtimes pass it on.
pub(super) fn recognise_init_killed(actor: Actor, text: &[u8]) -> Option<Recognised> {
    let reasons = [(INIT_KILLED, "init_oom_killed"), (INIT_POSSIBLY_KILLED, "init_possibly_oom_killed")];
    let (_, reason) = reasons.into_iter().find(|(literal, _)| literal.is_in(text))?;
    Some(Recognised::new(actor, CompanionKind::OomNotice, OOM).with(|c| {
        c.container_id = full_id(text);
        c.reason = Some(reason.to_owned());
    }))
}
