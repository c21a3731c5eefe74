//! Orchestrators with trees of their own: Amazon ECS, Nomad, Mesos, Garden.

use super::component::{Above, Component, Container, Realm};
use super::engine;
use super::pattern::{UUID, is_hex, is_hex64, pattern};
use crate::event::Runtime;
use regex::bytes::Regex;
use std::sync::LazyLock;

/// Task ids are 32 hex digits; UUIDs until 2018.
static ECS_TASK: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("{UUID}|[0-9a-f]{{32}}")));

/// Fargate numbers the containers of a task: `/ecs/TASKID/TASKID-1289054187`.
static ECS_NUMBERED: LazyLock<Regex> = LazyLock::new(|| pattern("[0-9a-f]{32}-[0-9]+"));

/// v1 `/nomad/ALLOC-TASK`, v2 `/nomad.slice/share.slice/ALLOC.TASK.scope`.
static NOMAD: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"({UUID})[.-](.+?)(\.scope)?")));

static MESOS: LazyLock<Regex> = LazyLock::new(|| pattern(UUID));

/// Diego cuts the UUID short in its handles: `/garden/5c7c1f9d-3d7b-4e0c-7c1c-6f2b`.
static GARDEN: LazyLock<Regex> = LazyLock::new(|| pattern("[0-9a-f]{8}(?:-[0-9a-f]{4,12})+"));

pub(super) fn read<'a>(name: &'a [u8], above: &Above<'_>) -> Option<Component<'a>> {
    match above.realm {
        Realm::Ecs => ecs(name),
        // The guardian sorts its containers by their CPU share: `/garden/good/HANDLE`, `/garden/bad/HANDLE`.
        Realm::Garden if matches!(above.parent, b"garden" | b"good" | b"bad") && GARDEN.is_match(name) => {
            Some(Component::Container(Container::with_id(Runtime::Garden, name)))
        }
        Realm::Mesos if above.parent == b"mesos" && MESOS.is_match(name) => {
            Some(Component::Container(Container::with_id(Runtime::Mesos, name)))
        }
        realm => nomad(name, realm == Realm::Nomad),
    }
}

/// ECS runs its containers in Docker; `ecs` says more, and says the same for both cgroup drivers.
fn ecs(name: &[u8]) -> Option<Component<'_>> {
    // `/ecstasks.slice/ecstasks-TASKID.slice/docker-HEX64.scope`
    let slice = name.strip_prefix(b"ecstasks-").and_then(|rest| rest.strip_suffix(b".slice"));
    let task = slice.unwrap_or(name);
    if ECS_TASK.is_match(task) {
        return Some(Component::EcsTask(task));
    }
    let id = if is_hex64(name) || ECS_NUMBERED.is_match(name) {
        name
    } else {
        engine::scope(name).filter(|container| container.runtime == Runtime::Docker)?.id?
    };
    Some(Component::Container(Container::with_id(Runtime::Ecs, id)))
}

/// Outside Nomad's own tree only the scope's full form is proof.
fn nomad(name: &[u8], in_tree: bool) -> Option<Component<'_>> {
    // Cheap refusal: most names do not start with an id.
    if !is_hex(name.get(..8)?, 8) {
        return None;
    }
    let found = NOMAD.captures(name)?;
    if !in_tree && (found.get(3).is_none() || name.get(36) != Some(&b'.')) {
        return None;
    }
    let task = found.get(2)?.as_bytes();
    Some(Component::Container(Container {
        name: Some(task),
        allocation: Some(found.get(1)?.as_bytes()),
        ..Container::new(Runtime::Nomad)
    }))
}
