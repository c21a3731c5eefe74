//! Orchestrators with trees of their own: Amazon ECS, Nomad, Mesos, Garden.

use super::component::{Above, Component, Container, Realm};
use super::engine;
use super::spelling::{is_hex, is_hex32, is_hex64, is_uuid, split_digits, split_uuid, stem};
use crate::event::Runtime;

pub(super) fn classify<'a>(name: &'a [u8], above: &Above<'_>) -> Option<Component<'a>> {
    match above.realm {
        Realm::Ecs => ecs(name),
        // The guardian sorts its containers by their CPU share: `/garden/good/HANDLE`, `/garden/bad/HANDLE`.
        Realm::Garden if matches!(above.parent, b"garden" | b"good" | b"bad") && is_handle(name) => {
            Some(Component::Container(Container::with_id(Runtime::Garden, name)))
        }
        Realm::Mesos if above.parent == b"mesos" && is_uuid(name) => {
            Some(Component::Container(Container::with_id(Runtime::Mesos, name)))
        }
        realm => nomad(name, realm == Realm::Nomad),
    }
}

/// Diego cuts the UUID short in its handles: `/garden/5c7c1f9d-3d7b-4e0c-7c1c-6f2b`.
fn is_handle(name: &[u8]) -> bool {
    let Some((first, rest)) = name.split_at_checked(8).filter(|(_, rest)| !rest.is_empty()) else { return false };
    let mut groups = rest.split(|byte| *byte == b'-');
    is_hex(first, 8) && groups.next() == Some(b"") && groups.all(|group| group.len() <= 12 && is_hex(group, 4))
}

/// ECS runs its containers in Docker; `ecs` says more, and says the same for both cgroup drivers.
fn ecs(name: &[u8]) -> Option<Component<'_>> {
    // `/ecstasks.slice/ecstasks-TASKID.slice/docker-HEX64.scope`
    let slice = name.strip_prefix(b"ecstasks-").and_then(|rest| rest.strip_suffix(b".slice"));
    let task = slice.unwrap_or(name);
    // UUIDs until 2018
    if is_hex32(task) || is_uuid(task) {
        return Some(Component::EcsTask(task));
    }
    let id = if is_hex64(name) || is_numbered(name) {
        name
    } else {
        engine::scope(name).filter(|container| container.runtime == Runtime::Docker)?.id?
    };
    Some(Component::Container(Container::with_id(Runtime::Ecs, id)))
}

/// Fargate numbers the containers of a task: `/ecs/TASKID/TASKID-1289054187`.
fn is_numbered(name: &[u8]) -> bool {
    let Some((task, rest)) = name.split_at_checked(32) else { return false };
    let number = rest.strip_prefix(b"-").and_then(split_digits);
    is_hex32(task) && number.is_some_and(|(_, rest)| rest.is_empty())
}

/// v1 `/nomad/ALLOC-TASK`, v2 `/nomad.slice/share.slice/ALLOC.TASK.scope`. Outside Nomad's own tree only the scope's
/// full form is proof.
fn nomad(name: &[u8], in_tree: bool) -> Option<Component<'_>> {
    let (allocation, rest) = split_uuid(name)?;
    let (separator, task) =
        rest.split_first().filter(|(byte, task)| matches!(byte, b'.' | b'-') && !task.is_empty())?;
    let of_scope = stem(task, b".scope");
    if !in_tree && (of_scope.is_none() || *separator != b'.') {
        return None;
    }
    Some(Component::Container(Container {
        name: Some(of_scope.unwrap_or(task)),
        allocation: Some(allocation),
        ..Container::new(Runtime::Nomad)
    }))
}
