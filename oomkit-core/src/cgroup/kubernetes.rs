//! The kubelet's tree, by its cgroupfs and its systemd driver: `kubepods`, QoS classes, pods.

use super::component::{Above, Component, Pod};
use super::pattern::{UUID, is_hex, pattern};
use crate::event::QosClass;
use regex::bytes::Regex;
use std::sync::LazyLock;

/// A slice spells out its parents, so with `--cgroup-root=/kubelet` (kind) everything is prefixed:
/// `kubelet-kubepods-burstable-pod282bb4b9_acc8_4c6a_4bf0_7428e6f2162e.slice`.
/// A static pod's uid is the hash of its manifest: 32 hex digits, no dashes.
static SLICE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!("(?:.+-)?kubepods(?:-(besteffort|burstable))?(?:-pod({UUID}|[0-9a-f]{{32}}))?\\.slice"))
});

static UID: LazyLock<Regex> = LazyLock::new(|| pattern(UUID));

pub(super) fn read<'a>(name: &'a [u8], above: &Above<'_>) -> Option<Component<'a>> {
    match name {
        b"kubepods" => return Some(Component::Kubepods),
        b"burstable" | b"besteffort" if above.parent == b"kubepods" => return qos(name).map(Component::Qos),
        _ => {}
    }
    if let Some(uid) = name.strip_prefix(b"pod") {
        let in_tree = matches!(above.parent, b"kubepods" | b"burstable" | b"besteffort");
        if UID.is_match(uid) || (in_tree && uid.len() == 32 && is_hex(uid, 32)) {
            let guaranteed = (above.parent == b"kubepods").then_some(QosClass::Guaranteed);
            return Some(Component::Pod(Pod { uid, qos: qos(above.parent).or(guaranteed) }));
        }
    }
    slice(name)
}

/// The pod of `kubepods-burstable-podUID.slice`.
pub(super) fn pod_of_slice(name: &[u8]) -> Option<Pod<'_>> {
    match slice(name)? {
        Component::Pod(pod) => Some(pod),
        _ => None,
    }
}

fn slice(name: &[u8]) -> Option<Component<'_>> {
    // most names are none, and the pattern is slow to say so
    if !name.ends_with(b".slice") {
        return None;
    }
    let found = SLICE.captures(name)?;
    let class = found.get(1).and_then(|class| qos(class.as_bytes()));
    Some(match (found.get(2), class) {
        (Some(uid), class) => {
            Component::Pod(Pod { uid: uid.as_bytes(), qos: Some(class.unwrap_or(QosClass::Guaranteed)) })
        }
        (None, Some(class)) => Component::Qos(class),
        (None, None) => Component::Kubepods,
    })
}

fn qos(name: &[u8]) -> Option<QosClass> {
    match name {
        b"burstable" => Some(QosClass::Burstable),
        b"besteffort" => Some(QosClass::BestEffort),
        _ => None,
    }
}
