//! The readers of single names against the patterns they stand for, on names made of pieces of real ones.

use super::{H1, HEX32, U1, U1_};
use crate::cgroup::component::{Above, Component, Container, JobPart, Realm};
use crate::cgroup::{batch, cloud, engine, kubernetes, machine};
use crate::event::{QosClass, Runtime};
use regex::bytes::{Captures, Regex};
use std::fmt::Debug;

const UUID: &str = "[0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}";

/// Names are bytes, so `.` is any byte.
fn pattern(text: &str) -> Regex {
    Regex::new(&format!("^(?s-u:{})$", text.replace("UUID", UUID).replace("DASH", r"(?:\\x2d|-)"))).unwrap()
}

/// Every pattern's pieces, and near misses of each.
fn pieces() -> Vec<Vec<u8>> {
    let short = r"- -- _ . : @ [ ] [] [7] x X 7 42 a0 slot slot1 slot1_3 @wn042 job job. 1234 pbspro- pbs_jobs- .server
        .slice .scope kubepods -kubepods kubepod kubelet- -burstable -besteffort -guaranteed -pod pod machine- qemu xen ch
        lxc web \x2d \x2D -1- .libvirt-qemu .libvirt-lxc .libvirt-ch .libvirt-kvm :cri-containerd: docker deadbeef DEADBEEF
        deadbee -4e0c -7c1c-6f2b -0123456789abc";
    let mut pieces: Vec<Vec<u8>> = short.split_ascii_whitespace().map(|piece| piece.as_bytes().to_vec()).collect();
    pieces.push(Vec::new());
    for id in [U1, U1_, HEX32, H1] {
        pieces.push(id.into());
        pieces.push(id.to_ascii_uppercase().into());
        pieces.push(id[1..].into());
        pieces.push(format!("{id}0").into());
    }
    pieces.push(U1.replace('-', "").into());
    pieces.push(U1.replace("-4", "_4").into());
    pieces.push(b"\xff\n".to_vec());
    pieces
}

/// Names of up to six pieces: all of one and two, and many of more.
fn names() -> impl Iterator<Item = Vec<u8>> {
    let pieces = pieces();
    let pairs: Vec<Vec<u8>> =
        pieces.iter().flat_map(|one| pieces.iter().map(move |two| [&one[..], two].concat())).collect();
    // a generator with a fixed seed: the same names in every run
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let longer = (0..60_000).map(move |n| {
        let mut name = Vec::new();
        for _ in 0..3 + n % 4 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            name.extend_from_slice(&pieces[(state >> 33) as usize % pieces.len()]);
        }
        name
    });
    pairs.into_iter().chain(longer)
}

/// Names of one shape, in which each piece may be missing, doubled or another.
fn shaped(shape: &[&str]) -> Vec<Vec<u8>> {
    let others = ["", "-", "0", "z", "Z", ".", "_", "[3]", r"\x2d"];
    let mut names = vec![shape.concat().into_bytes()];
    for at in 0..shape.len() {
        for other in others {
            let mut changed = shape.to_vec();
            changed[at] = other;
            names.push(changed.concat().into_bytes());
            changed.insert(at, shape[at]);
            names.push(changed.concat().into_bytes());
            changed.swap(at, at + 1);
            names.push(changed.concat().into_bytes());
        }
        let twice = [&shape[..=at], &shape[at..]].concat();
        names.push(twice.concat().into_bytes());
        let cut = &shape[at][..shape[at].len().saturating_sub(1)];
        names.push([&shape[..at], &[cut], &shape[at + 1..]].concat().concat().into_bytes());
    }
    names
}

/// Compares a reader with its pattern; some names must match.
fn compare<T: PartialEq + Debug>(
    text: &str,
    shapes: &[&[&str]],
    read: impl Fn(&[u8]) -> Option<T>,
    of_match: impl Fn(&Captures<'_>) -> T,
) {
    let pattern = pattern(text);
    let mut found = 0;
    for name in names().chain(shapes.iter().flat_map(|shape| shaped(shape))) {
        let expected = pattern.captures(&name).map(|captures| of_match(&captures));
        found += usize::from(expected.is_some());
        assert_eq!(read(&name), expected, "{text} in {}", String::from_utf8_lossy(&name));
    }
    assert!(found >= shapes.len(), "{text}: {found}");
}

fn below(parent: &'static [u8], realm: Realm) -> Above<'static> {
    Above { parent, realm, container: None }
}

fn group(captures: &Captures<'_>, n: usize) -> Option<Vec<u8>> {
    captures.get(n).map(|group| group.as_bytes().to_vec())
}

/// Runtime, and what names the container.
type Named = (Runtime, Option<Vec<u8>>);

fn named(component: Component<'_>) -> Option<Named> {
    let Component::Container(container) = component else { return None };
    let name = container.id.or(container.name).or(container.machine);
    Some((container.runtime, name.map(<[u8]>::to_vec)))
}

#[test]
fn slices_and_pods_of_the_kubelet() {
    type Found = (Option<Vec<u8>>, Option<QosClass>);
    let read = |name: &[u8]| match kubernetes::classify(name, &Above::root())? {
        Component::Kubepods => Some((None, None)),
        Component::Qos(class) => Some((None, Some(class))),
        Component::Pod(pod) => Some((Some(pod.uid.to_vec()), pod.qos)),
        _ => None,
    };
    let of_match = |found: &Captures<'_>| -> Found {
        let class = group(found, 1).map(|class| match &*class {
            b"burstable" => QosClass::Burstable,
            _ => QosClass::BestEffort,
        });
        let uid = group(found, 2);
        let guaranteed = uid.as_ref().map(|_| QosClass::Guaranteed);
        (uid, class.or(guaranteed))
    };
    compare(
        r"(?:.+-)?kubepods(?:-(besteffort|burstable))?(?:-pod(UUID|[0-9a-f]{32}))?\.slice",
        &[&["kubelet-", "kubepods", "-burstable", "-pod", U1_, ".slice"], &["kubepods", "-besteffort", ".slice"]],
        |name| read(name).filter(|_| name.ends_with(b".slice")),
        of_match,
    );
    compare(
        "pod(UUID)",
        &[&["pod", U1], &["pod", U1_]],
        |name| read(name).filter(|_| name.starts_with(b"pod") && !name.ends_with(b".slice")),
        |found| (group(found, 1), None),
    );
}

#[test]
fn machines() {
    let read = |name: &[u8]| machine::classify(name, &Above::root()).and_then(named);
    compare(
        r"machine-((?:qemu|xen|ch)DASH(?:[0-9]+DASH)?|lxcDASH[0-9]+DASH)?(.+)\.scope",
        &[
            &["machine-", "qemu", r"\x2d", "1", r"\x2d", "web", ".scope"],
            &["machine-", "lxc", "-", "1", "-", "web", ".scope"],
        ],
        |name| read(name).filter(|_| name.ends_with(b".scope")),
        |found| (if group(found, 1).is_some() { Runtime::Libvirt } else { Runtime::Nspawn }, group(found, 2)),
    );
    compare(
        r"(?:[a-z]+-[0-9]+-)?(.+)\.libvirt-(?:qemu|lxc|xen|ch)",
        &[&["qemu", "-", "2", "-", "web", ".libvirt-qemu"], &["web", ".libvirt-xen"]],
        |name| read(name).filter(|_| !name.ends_with(b".scope")),
        |found| (Runtime::Libvirt, group(found, 1)),
    );
}

#[test]
fn trees_of_orchestrators() {
    let read = |name: &[u8], parent, realm, runtime| {
        cloud::classify(name, &below(parent, realm)).and_then(named).filter(|found| found.0 == runtime)
    };
    compare(
        "UUID|[0-9a-f]{32}",
        &[&[U1], &[HEX32]],
        |name| match cloud::classify(name, &below(b"ecs", Realm::Ecs))? {
            Component::EcsTask(task) => Some(task.to_vec()),
            _ => None,
        },
        |found| found[0].to_vec(),
    );
    compare(
        "[0-9a-f]{64}|[0-9a-f]{32}-[0-9]+",
        &[&[HEX32, "-", "1289054187"], &[H1]],
        |name| read(name, b"ecs", Realm::Ecs, Runtime::Ecs).filter(|found| found.1.as_deref() == Some(name)),
        |found| (Runtime::Ecs, group(found, 0)),
    );
    let nomad = |name: &[u8], realm| match cloud::classify(name, &below(b"share.slice", realm))? {
        Component::Container(Container { name, allocation, .. }) => {
            Some((allocation.map(<[u8]>::to_vec), name.map(<[u8]>::to_vec)))
        }
        _ => None,
    };
    compare(
        r"(UUID)[.-](.+?)(?:\.scope)?",
        &[&[U1, ".", "web", ".scope"], &[U1, "-", "web"]],
        |name| nomad(name, Realm::Nomad),
        |found| (group(found, 1), group(found, 2)),
    );
    compare(
        r"(UUID)\.(.+?)\.scope",
        &[&[U1, ".", "web", ".scope"]],
        |name| nomad(name, Realm::Host),
        |found| (group(found, 1), group(found, 2)),
    );
    compare(
        "UUID",
        &[&[U1]],
        |name| read(name, b"mesos", Realm::Mesos, Runtime::Mesos),
        |found| (Runtime::Mesos, group(found, 0)),
    );
    compare(
        "[0-9a-f]{8}(?:-[0-9a-f]{4,12})+",
        &[&["5c7c1f9d", "-3d7b", "-4e0c", "-7c1c-6f2b"], &["5c7c1f9d", "-3d7b4e0c7c1c"]],
        |name| read(name, b"garden", Realm::Garden, Runtime::Garden),
        |found| (Runtime::Garden, group(found, 0)),
    );
}

#[test]
fn jobs_of_batch_systems() {
    let read = |name: &[u8], realm| match batch::classify(name, &below(b"", realm))? {
        Component::Job { part: JobPart::Id(id) | JobPart::Slot(id), .. } => Some(id.to_vec()),
        _ => None,
    };
    compare(
        "(?:.*?[^a-z0-9])?(slot[0-9]+(?:_[0-9]+)?@.+)",
        &[&["condor_var_", "slot1", "_3", "@", "wn042"], &["slot1", "@", "_slot2", "@x"]],
        |name| read(name, Realm::Condor),
        |found| found[1].to_vec(),
    );
    compare(
        r"(?:pbspro-|pbs_jobs-)?([0-9]+(?:\[[0-9]*\])?\.[A-Za-z0-9_.-]+?)(?:\.slice)?",
        &[&["pbspro-", "1234", "[5]", ".server", ".slice"], &["1234", "[]", ".a.b"]],
        |name| read(name, Realm::Pbs),
        |found| found[1].to_vec(),
    );
    compare(
        r"job\.([0-9]+(?:\[[0-9]+\])?)(?:\..*)?",
        &[&["job.", "1234", "[7]", ".5678", ".1"], &["job.", "1234"]],
        |name| read(name, Realm::Lsf),
        |found| found[1].to_vec(),
    );
}

#[test]
fn names_of_engines() {
    compare(
        r"([^:]+\.slice):(?:(?:cri-containerd|crio|docker|libpod|nerdctl):([0-9a-f]{8,64})|[^:]+:([0-9a-f]{64}))",
        &[&["kubepods-pod", U1_, ".slice", ":", "docker", ":", "deadbeef"], &["x", ".slice", ":app:", H1]],
        |name| match engine::classify(name, &Above::root())? {
            Component::Container(Container { slice: Some(slice), id, .. }) => {
                Some((Some(slice.to_vec()), id.map(<[u8]>::to_vec)))
            }
            _ => None,
        },
        |found| (group(found, 1), group(found, 2).or(group(found, 3))),
    );
    compare(
        "[a-z0-9]{12,64}",
        &[&["vqq1zb4ka9ib", "jm0bkmy1hrnqt"]],
        |name| engine::is_build(name).then_some(()),
        |_| (),
    );
    compare(
        "[A-Za-z0-9][A-Za-z0-9._-]*",
        &[&["pause", "-", "1"]],
        |name| engine::is_chosen(name).then_some(()),
        |_| (),
    );
}
