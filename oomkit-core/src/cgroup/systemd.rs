//! systemd's tree: units, slices, users and their sessions; Podman's pod slices, which live in it.

use super::component::Component;
use super::spelling::{is_hex64, number, stem};

pub(super) fn classify<'a>(name: &'a [u8]) -> Option<Component<'a>> {
    if let Some(slice) = stem(name, b".slice") {
        // `/machine.slice/machine-libpod_pod_HEX64.slice`, rootless `…/user.slice/user-libpod_pod_HEX64.slice`
        let pod = slice.windows(POD.len()).rposition(|window| window == POD).map(|at| &slice[at + POD.len()..]);
        if pod.is_some_and(is_hex64) {
            return Some(Component::PodmanPod);
        }
        let uid = slice.strip_prefix(b"user-").and_then(number);
        return Some(uid.map_or(Component::Slice, |uid| Component::User { uid, runtime: None }));
    }
    if let Some(service) = stem(name, b".service") {
        let uid = service.strip_prefix(b"user@").and_then(number);
        return Some(uid.map_or(Component::Unit, |uid| Component::User { uid, runtime: None }));
    }
    let scope = stem(name, b".scope")?;
    // `session-4.scope`, `session-c1.scope`
    Some(if scope.starts_with(b"session-") { Component::Session } else { Component::Unit })
}

const POD: &[u8] = b"libpod_pod_";

pub(super) fn is_slice(name: &[u8]) -> bool {
    stem(name, b".slice").is_some()
}

/// Mounts, sockets and swaps have cgroups too, but nobody runs a workload in them.
pub(super) fn is_unit(name: &[u8]) -> bool {
    stem(name, b".service").is_some() || stem(name, b".scope").is_some()
}
