//! Any bytes may be a cgroup path, and a leaf that says nothing changes nothing.

use oomkit_core::cgroup::{from_name, identify, limit_owner};
use oomkit_core::event::Level;
use oomkit_tests::captures;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::sync::LazyLock;

const HEX64: &str = "9823d09a922d142299cd6540bdf1c403deba3f4a1cf8b81757db4d79bf43ef7f";
const UID: &str = "cc1072d8-25a2-4c1b-a456-e7b8fb25cee3";

/// Directories whose children are containers, machines or jobs, whatever their names.
const PARENTS: &[&str] = &[
    "lxc",
    "lxc.payload",
    "lxc.monitor",
    "qemu",
    "machine",
    "buildkit",
    "buildx",
    "libvirt",
    "htcondor",
    "ns",
    "payload",
    "k8s.io",
    "moby",
];

/// Components of every layout.
fn components() -> Vec<String> {
    let fixed = [
        "kubepods",
        "burstable",
        "besteffort",
        "kubepods.slice",
        "kubepods-burstable.slice",
        "kubelet",
        "docker",
        "system.slice",
        "user.slice",
        "user-1000.slice",
        "user@1000.service",
        "app.slice",
        "session-4.scope",
        "init.scope",
        "nginx.service",
        "machine.slice",
        "lxc.payload.web",
        "lxc",
        "web",
        "garden",
        "mesos",
        "nomad.slice",
        "share.slice",
        "ecs",
        "slurm",
        "uid_1000",
        "job_7",
        "step_batch",
        "task_0",
        "slurmstepd.scope",
        "htcondor",
        "condor_slot1_1@node7",
        "container",
        "libvirt",
        "k8s.io",
        "default",
        "buildkit",
        "libpod_parent",
        "..",
        "a b",
        "x",
    ];
    let made = [
        format!("pod{UID}"),
        HEX64.to_owned(),
        UID.to_owned(),
        format!("kubepods-burstable-pod{}.slice", UID.replace('-', "_")),
        format!("cri-containerd-{HEX64}.scope"),
        format!("crio-{HEX64}.scope"),
        format!("crio-conmon-{HEX64}.scope"),
        format!("docker-{HEX64}.scope"),
        format!("libpod-{HEX64}.scope"),
        format!("nerdctl-{HEX64}.scope"),
        format!("kata_{HEX64}"),
        format!("{UID}-web"),
        format!("{UID}.web.scope"),
        r"machine-web\x2d1.scope".to_owned(),
        format!("kubepods-burstable-pod{}.slice:cri-containerd:{HEX64}", UID.replace('-', "_")),
    ];
    fixed.iter().map(ToString::to_string).chain(made).collect()
}

/// The cgroups of the machines that were booted for the corpus.
static REAL: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut paths = Vec::new();
    for capture in captures() {
        for phase in capture.truth["phases"].as_array().into_iter().flatten() {
            let of = phase["cgroups"].as_array().into_iter().flatten();
            paths.extend(of.filter_map(|cgroup| cgroup["path"].as_str()).map(str::to_owned));
        }
    }
    paths.sort();
    paths.dedup();
    assert!(paths.len() > 50, "{} paths", paths.len());
    paths
});

fn path() -> impl Strategy<Value = String> {
    let made = prop::collection::vec(select(components()), 1..8).prop_map(|names| format!("/{}", names.join("/")));
    let real = any::<Index>().prop_map(|at| at.get(&REAL).clone());
    prop_oneof![2 => made, 1 => real]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4000) })]

    #[test]
    fn no_path_panics(path in prop::collection::vec(any::<u8>(), 0..200), head in path()) {
        for bytes in [&path[..], &[head.as_bytes(), &path].concat(), &[&path, head.as_bytes()].concat()] {
            let identity = identify(bytes);
            let owner = limit_owner(bytes);
            let _ = from_name(bytes);
            prop_assert!(identity.is_none() || owner.is_some());
        }
    }

    /// A name of letters beyond `f` is no id, no number and no unit.
    #[test]
    fn a_leaf_that_is_no_container_changes_no_identity(path in path(), leaf in "[g-mo-z]{2,12}") {
        let parent = path.rsplit('/').find(|name| !matches!(*name, "" | "." | "..")).unwrap_or_default();
        if PARENTS.contains(&parent) || PARENTS.contains(&&*leaf) {
            return Ok(());
        }
        let below = format!("{path}/{leaf}");
        prop_assert_eq!(identify(below.as_bytes()), identify(path.as_bytes()), "{}", below);
        let level = limit_owner(below.as_bytes()).map(|owner| owner.level);
        prop_assert_ne!(level, Some(Level::Container), "{}", below);
    }
}
