//! One table test per layout of cgroup paths; every expected value written by hand.

mod hostile;
mod hosts;
mod kubernetes;
mod own_corpus;
mod patterns;

use super::{from_name, identify, limit_owner, victim_and_owner};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Three container ids and two pods: outer, inner and third.
const H1: &str = "95c60e745329b8086265b465c26af09a83399e9985e08c61d850bc027caa4d7c";
const H2: &str = "f3faec4d95e1513a447dc3cc018d52e3da23ee90b15e97c1b42d4d97b47210f2";
const H3: &str = "0bdf1c403deba3f4a1cf8b81757db4d79bf43ef7f14419ffb95d35b0c14ea25b";
const U1: &str = "282bb4b9-acc8-4c6a-4bf0-7428e6f2162e";
const U1_: &str = "282bb4b9_acc8_4c6a_4bf0_7428e6f2162e";
const U2: &str = "6d9994d5-49f2-45bc-ba3e-bc2ebea79741";
const U2_: &str = "6d9994d5_49f2_45bc_ba3e_bc2ebea79741";
/// A static pod's uid.
const HEX32: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

thread_local! {
    /// Paths whose whole identity and level were compared.
    static CHECKED: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// Identity as JSON (`null` for none): a field that is not in `identity` must be absent. Level by its word.
#[track_caller]
fn check(path: &str, level: &str, identity: &Value) {
    CHECKED.with_borrow_mut(|checked| checked.insert(path.to_owned()));
    let found = serde_json::to_value(identify(path.as_bytes())).unwrap();
    assert_eq!(&found, identity, "identity of {path}");
    let owner = limit_owner(path.as_bytes()).unwrap_or_else(|| panic!("{path} has an owner"));
    assert_eq!(owner.level.as_str(), level, "level of {path}");
    let expected = if identity.is_null() { json!({"runtime": "unknown"}) } else { identity.clone() };
    assert_eq!(serde_json::to_value(&owner.identity).unwrap(), expected, "owner of {path}");
    let path = Some(path.as_bytes());
    assert_eq!(victim_and_owner(path, path), (path.and_then(identify), Some(owner)));
}

#[track_caller]
fn check_name(name: &str, identity: &Value) {
    let found = serde_json::to_value(from_name(name.as_bytes())).unwrap();
    assert_eq!(&found, identity, "identity of the name {name}");
}

#[test]
fn the_tables_hold_at_least_120_paths() {
    for table in kubernetes::TABLES.iter().chain(hosts::TABLES) {
        table();
    }
    a_cgroup_nobody_knows_has_no_identity_but_owns_its_limit();
    let checked = CHECKED.with_borrow(BTreeSet::len);
    assert!(checked >= 120, "{checked} paths");
}

#[test]
fn the_root_and_the_kernels_placeholders_are_nobody() {
    for path in ["", "/", "//", "(null)", "(error)", "(name too long)", "/..", "/../..", "/.", "host"] {
        assert_eq!(identify(path.as_bytes()), None, "{path}");
        assert_eq!(limit_owner(path.as_bytes()), None, "{path}");
        assert_eq!(from_name(path.as_bytes()), None, "{path}");
    }
}

#[test]
fn a_cgroup_nobody_knows_has_no_identity_but_owns_its_limit() {
    for path in ["/myapp", "/mem2", "/ltp_19257", "/1066/uid", "/docker", "/lxc", "/ecs", "/docker/web", "/default/web"]
    {
        check(path, "cgroup", &Value::Null);
    }
    check("/supervisor/282bb4b9-acc8-4c6a-4bf0-7428e6f2162e/worker-shell", "cgroup", &Value::Null);
}

#[test]
fn bare_names() {
    check_name(&format!("cri-containerd-{H1}.scope"), &json!({"runtime": "containerd", "id": H1}));
    check_name(&format!("crio-{H1}.scope"), &json!({"runtime": "crio", "id": H1}));
    check_name(&format!("docker-{H1}.scope"), &json!({"runtime": "docker", "id": H1}));
    check_name("docker-93f0eb72.scope", &json!({"runtime": "docker", "id": "93f0eb72"}));
    check_name(&format!("libpod-{H1}.scope"), &json!({"runtime": "podman", "id": H1}));
    check_name(&format!("nerdctl-{H1}.scope"), &json!({"runtime": "nerdctl", "id": H1}));
    check_name(H1, &json!({"runtime": "unknown", "id": H1}));
    check_name("lxc.payload.openwrt", &json!({"runtime": "lxc", "name": "openwrt"}));
    check_name("machine-web.scope", &json!({"runtime": "nspawn", "machine": "web"}));
    for thread in ["emulator", "vcpu0", "vcpu17", "iothread1"] {
        check_name(thread, &json!({"runtime": "libvirt"}));
    }
    check_name(
        &format!("kubepods-burstable-pod{U1_}.slice:cri-containerd:{H1}"),
        &json!({"runtime": "containerd", "id": H1, "pod_uid": U1, "qos_class": "burstable",
                "slice": format!("kubepods-burstable-pod{U1_}.slice")}),
    );
    // conmon is not in the container, and says so by its unit; LXC's monitor could not
    let conmon = format!("crio-conmon-{H1}.scope");
    check_name(&conmon, &json!({"runtime": "crio", "id": H1, "unit": conmon}));
    for name in [
        "/",
        "user.slice",
        "kubepods.slice",
        "system.slice",
        "test",
        "syz4",
        "init.scope",
        "session-4.scope",
        "lxc.monitor.openwrt",
        "lxc.payload.",
        "vcpu",
        "vcpux",
        "nginx.service",
        "container",
        "payload",
        &H1[1..],
        "slot1_1@node7",
        "docker-.scope",
        "docker-93f0eb7.scope",
        "docker-nothex00.scope",
    ] {
        check_name(name, &Value::Null);
    }
    check_name(&format!("kubepods-burstable-pod{U1_}.slice"), &Value::Null);
    check_name(&format!("pod{U1}"), &Value::Null);
}
