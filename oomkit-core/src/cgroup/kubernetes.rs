//! The kubelet's tree, by its cgroupfs and its systemd driver: `kubepods`, QoS classes, pods.

use super::component::{Above, Component, Pod};
use super::spelling::{UUID_LENGTH, is_hex32, is_uuid};
use crate::event::QosClass;

pub(super) fn classify<'a>(name: &'a [u8], above: &Above<'_>) -> Option<Component<'a>> {
    match name {
        b"kubepods" => return Some(Component::Kubepods),
        b"burstable" | b"besteffort" if above.parent == b"kubepods" => return qos(name).map(Component::Qos),
        _ => {}
    }
    if let Some(uid) = name.strip_prefix(b"pod") {
        let in_tree = matches!(above.parent, b"kubepods" | b"burstable" | b"besteffort");
        if is_uuid(uid) || (in_tree && is_hex32(uid)) {
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

/// A slice spells out its parents, so with `--cgroup-root=/kubelet` (kind) everything is prefixed:
/// `kubelet-kubepods-burstable-pod282bb4b9_acc8_4c6a_4bf0_7428e6f2162e.slice`. Read from the right.
fn slice(name: &[u8]) -> Option<Component<'_>> {
    let parts = name.strip_suffix(b".slice")?;
    let (parts, uid) = split_pod(parts).map_or((parts, None), |(parts, uid)| (parts, Some(uid)));
    let of_class = |class: &[u8]| Some((parts.strip_suffix(class)?.strip_suffix(b"-")?, qos(class)));
    let (parts, class) = of_class(b"burstable").or_else(|| of_class(b"besteffort")).unwrap_or((parts, None));
    let root = parts.strip_suffix(b"kubepods")?;
    if !root.is_empty() && (root == b"-" || !root.ends_with(b"-")) {
        return None;
    }
    Some(match (uid, class) {
        (Some(uid), class) => Component::Pod(Pod { uid, qos: Some(class.unwrap_or(QosClass::Guaranteed)) }),
        (None, Some(class)) => Component::Qos(class),
        (None, None) => Component::Kubepods,
    })
}

/// `…-podUID`. A static pod's uid is the hash of its manifest: 32 hex digits, no dashes.
fn split_pod(parts: &[u8]) -> Option<(&[u8], &[u8])> {
    let split = |length: usize| parts.split_at_checked(parts.len().checked_sub(length)?);
    let (before, uid) =
        split(UUID_LENGTH).filter(|(_, uid)| is_uuid(uid)).or_else(|| split(32).filter(|(_, uid)| is_hex32(uid)))?;
    Some((before.strip_suffix(b"-pod")?, uid))
}

fn qos(name: &[u8]) -> Option<QosClass> {
    match name {
        b"burstable" => Some(QosClass::Burstable),
        b"besteffort" => Some(QosClass::BestEffort),
        _ => None,
    }
}
