//! Container engines: containerd, Docker, CRI-O, Podman, nerdctl, BuildKit, Kata, and ids nobody explains.

use super::component::{Above, Component, Container, Realm};
use super::kubernetes;
use super::spelling::{is_hex, is_hex64, stem};
use crate::event::Runtime;

pub(super) fn classify<'a>(name: &'a [u8], above: &Above<'_>) -> Option<Component<'a>> {
    let mut container =
        scope(name).or_else(|| unexpanded(name)).or_else(|| kata(name, above)).or_else(|| below(name, above));
    match &mut container {
        // Kata 3 repeats the container's path under `/kata_overhead`: hypervisor threads and shim, not the guest.
        Some(found) if above.realm == Realm::KataOverhead => {
            found.runtime = Runtime::Kata;
            found.helper = true;
        }
        Some(_) => {}
        None if above.container.is_some() && name == b"container" => return Some(Component::Inside),
        None => return None,
    }
    container.map(Component::Container)
}

/// A name that carries runtime and id: `docker-93f0eb72.scope`, `libpod-conmon-HEX64.scope`.
pub(super) fn scope(name: &[u8]) -> Option<Container<'_>> {
    let (prefix, id, is_scope) = prefix_and_id(name)?;
    let helper = prefix.ends_with(b"-conmon");
    let runtime = match prefix {
        b"crio" | b"crio-conmon" => Runtime::Crio,
        // `libpod-payload-ID` is what `--cgroups=split` makes inside the unit of a Quadlet.
        b"libpod" | b"libpod-conmon" | b"libpod-payload" => Runtime::Podman,
        _ if !is_scope => return None,
        _ => engine(prefix, id)?,
    };
    Some(Container { helper, ..Container::with_id(runtime, id) })
}

/// `cri-containerd-ID.scope`; without `.scope` under the cgroupfs driver: `/libpod_parent/libpod-ID`,
/// `/kubepods/burstable/podUID/crio-ID`.
fn prefix_and_id(name: &[u8]) -> Option<(&[u8], &[u8], bool)> {
    let stem = name.strip_suffix(b".scope");
    let whole = stem.unwrap_or(name);
    let dash = memchr::memrchr(b'-', whole)?;
    let (prefix, id) = (&whole[..dash], &whole[dash + 1..]);
    let plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-');
    let fits = prefix.first().is_some_and(u8::is_ascii_lowercase) && prefix.iter().all(plain) && is_hex(id, 8);
    fits.then_some((prefix, id, stem.is_some()))
}

fn engine(prefix: &[u8], id: &[u8]) -> Option<Runtime> {
    Some(match prefix {
        b"cri-containerd" => Runtime::Containerd,
        b"crio" => Runtime::Crio,
        b"docker" => Runtime::Docker,
        b"libpod" => Runtime::Podman,
        b"nerdctl" => Runtime::Nerdctl,
        // Any other scope named after a full id is a container of an engine we do not know.
        _ => return is_hex64(id).then_some(Runtime::Unknown),
    })
}

/// A systemd path given to runc's cgroupfs driver is taken for a name: `kubepods-burstable-podUID.slice:cri-containerd:ID`.
fn unexpanded(name: &[u8]) -> Option<Container<'_>> {
    let mut parts = name.splitn(3, |byte| *byte == b':');
    let (slice, prefix, id) = (parts.next()?, parts.next()?, parts.next()?);
    if stem(slice, b".slice").is_none() || prefix.is_empty() || !is_hex(id, 8) {
        return None;
    }
    let pod = kubernetes::pod_of_slice(slice);
    Some(Container { slice: Some(slice), pod, ..Container::with_id(engine(prefix, id)?, id) })
}

/// `/kubepods/podUID/kata_HEX64` is the sandbox; `/kata_overhead/HEX` what runs for it outside the pod.
fn kata<'a>(name: &'a [u8], above: &Above<'_>) -> Option<Container<'a>> {
    let id = match name.strip_prefix(b"kata_") {
        Some(id) => id,
        None if above.realm == Realm::KataOverhead => name,
        None => return None,
    };
    is_hex(id, 8).then(|| Container::with_id(Runtime::Kata, id))
}

/// An id alone: only its parent may show the runtime.
fn below<'a>(name: &'a [u8], above: &Above<'_>) -> Option<Container<'a>> {
    let (runtime, namespace): (_, Option<&[u8]>) = match above.parent {
        b"docker" if is_hex(name, 8) => (Runtime::Docker, None),
        b"buildkit" | b"buildx" if is_build(name) => (Runtime::Buildkit, None),
        // Only clients of the CRI and Docker use these; in `default` people make cgroups of their own.
        b"k8s.io" if is_chosen(name) => (Runtime::Containerd, Some(b"k8s.io")),
        b"moby" if is_chosen(name) => (Runtime::Containerd, Some(b"moby")),
        parent if is_hex64(name) => match parent {
            b"default" => (Runtime::Containerd, Some(b"default")),
            b"containerd.service" => (Runtime::Containerd, None),
            // GitHub's runners start job containers with `--cgroup-parent=/actions_job`.
            b"docker.service" | b"actions_job" => (Runtime::Docker, None),
            b"crio" | b"crio.service" => (Runtime::Crio, None),
            b"libpod_parent" | b"podman.service" => (Runtime::Podman, None),
            // In `/kubepods/burstable/podUID/HEX64` it may be containerd or Docker.
            _ => (Runtime::Unknown, None),
        },
        _ => return None,
    };
    Some(Container { namespace, ..Container::with_id(runtime, name) })
}

/// BuildKit's ids are 25 digits in base 36: `/docker/buildkit/vqq1zb4ka9ibjm0bkmy1hrnqt`.
pub(super) fn is_build(name: &[u8]) -> bool {
    (12..=64).contains(&name.len()) && name.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9'))
}

/// Ids that a containerd client chose: `/k8s.io/pause-1`.
pub(super) fn is_chosen(name: &[u8]) -> bool {
    name.first().is_some_and(u8::is_ascii_alphanumeric)
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}
