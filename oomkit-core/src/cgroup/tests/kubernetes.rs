//! Kubernetes, container engines, and containers in containers.

use super::{H1, H2, H3, HEX32, U1, U1_, U2, U2_, check};
use serde_json::{Value, json};

#[test]
pub(super) fn kubelet_with_the_cgroupfs_driver() {
    check("/kubepods", "node_allocatable", &json!({"runtime": "unknown"}));
    for (directory, class) in [("burstable/", "burstable"), ("besteffort/", "best_effort"), ("", "guaranteed")] {
        let pod = format!("/kubepods/{directory}pod{U1}");
        check(&pod, "pod", &json!({"runtime": "unknown", "pod_uid": U1, "qos_class": class}));
        check(
            &format!("{pod}/{H1}"),
            "container",
            &json!({"runtime": "unknown", "id": H1, "pod_uid": U1, "qos_class": class}),
        );
        check(
            &format!("/kubepods/{directory}pod{HEX32}/{H1}"),
            "container",
            &json!({"runtime": "unknown", "id": H1, "pod_uid": HEX32, "qos_class": class}),
        );
    }
    check("/kubepods/burstable", "qos_class", &json!({"runtime": "unknown", "qos_class": "burstable"}));
    check("/kubepods/besteffort", "qos_class", &json!({"runtime": "unknown", "qos_class": "best_effort"}));
    check(
        &format!("/kubepods/burstable/pod{U1}/crio-{H1}"),
        "container",
        &json!({"runtime": "crio", "id": H1, "pod_uid": U1, "qos_class": "burstable"}),
    );
}

#[test]
pub(super) fn kubelet_with_the_systemd_driver() {
    check("/kubepods.slice", "node_allocatable", &json!({"runtime": "unknown", "slice": "kubepods.slice"}));
    check(
        "/kubepods.slice/kubepods-besteffort.slice",
        "qos_class",
        &json!({"runtime": "unknown", "qos_class": "best_effort", "slice": "kubepods-besteffort.slice"}),
    );
    for (outer, prefix, class) in [
        ("kubepods-burstable.slice/", "kubepods-burstable", "burstable"),
        ("kubepods-besteffort.slice/", "kubepods-besteffort", "best_effort"),
        ("", "kubepods", "guaranteed"),
    ] {
        for (written, uid) in [(U1_, U1), (HEX32, HEX32)] {
            let slice = format!("{prefix}-pod{written}.slice");
            let pod = format!("/kubepods.slice/{outer}{slice}");
            check(&pod, "pod", &json!({"runtime": "unknown", "pod_uid": uid, "qos_class": class, "slice": slice}));
            for (scope, runtime) in [("cri-containerd", "containerd"), ("crio", "crio"), ("docker", "docker")] {
                check(
                    &format!("{pod}/{scope}-{H1}.scope"),
                    "container",
                    &json!({"runtime": runtime, "id": H1, "pod_uid": uid, "qos_class": class, "slice": slice}),
                );
            }
        }
    }
}

#[test]
pub(super) fn cri_o_container_directory_and_conmon() {
    let slice = format!("kubepods-pod{U1_}.slice");
    let pod = format!("/kubepods.slice/{slice}");
    let identity = json!({"runtime": "crio", "id": H1, "pod_uid": U1, "qos_class": "guaranteed", "slice": slice});
    check(&format!("{pod}/crio-{H1}.scope/container"), "container", &identity);

    let conmon = format!("crio-conmon-{H1}.scope");
    let mut beside = identity;
    beside["unit"] = json!(conmon);
    check(&format!("{pod}/{conmon}"), "unit", &beside);
    // CRI-O's default is to leave conmon in system.slice
    check(
        &format!("/system.slice/{conmon}"),
        "unit",
        &json!({"runtime": "crio", "id": H1, "slice": "system.slice", "unit": conmon}),
    );
}

#[test]
pub(super) fn containerd_colon_form_left_unexpanded() {
    let slice = format!("kubepods-burstable-pod{U1_}.slice");
    let name = format!("{slice}:cri-containerd:{H1}");
    let identity = json!({"runtime": "containerd", "id": H1, "pod_uid": U1, "qos_class": "burstable", "slice": slice});
    check(&format!("/{name}"), "container", &identity);
    check(&format!("/system.slice/containerd.service/{name}"), "container", &identity);
    check(
        &format!("/system.slice:docker:{H1}"),
        "container",
        &json!({"runtime": "docker", "id": H1, "slice": "system.slice"}),
    );
}

#[test]
pub(super) fn custom_cgroup_root_and_paths_cut_at_the_top() {
    let container = json!({"runtime": "unknown", "id": H1, "pod_uid": U1, "qos_class": "burstable"});
    check(&format!("/x/kubepods/burstable/pod{U1}/{H1}"), "container", &container);
    check(&format!("/kubelet/kubepods/burstable/pod{U1}/{H1}"), "container", &container);
    check(&format!("kubepods/burstable/pod{U1}//{H1}/"), "container", &container);
    // user space, relative to its own cgroup namespace: no QoS directory proves nothing here
    check(&format!("/../../burstable/pod{U1}/{H1}"), "container", &container);
    check(&format!("/../pod{U1}/{H1}"), "container", &json!({"runtime": "unknown", "id": H1, "pod_uid": U1}));
    let slice = format!("x-kubepods-pod{U1_}.slice");
    check(
        &format!("/x.slice/x-kubepods.slice/{slice}/crio-{H1}.scope"),
        "container",
        &json!({"runtime": "crio", "id": H1, "pod_uid": U1, "qos_class": "guaranteed", "slice": slice}),
    );
}

#[test]
pub(super) fn kind_and_docker_in_docker_are_nested() {
    let node = json!({"runtime": "docker", "id": H1});
    let pod = json!({"runtime": "unknown", "pod_uid": U1, "qos_class": "guaranteed"});
    let inner = json!({"runtime": "unknown", "id": H2, "pod_uid": U1, "qos_class": "guaranteed"});
    let kubelet = format!("/docker/{H1}/kubelet/kubepods");
    check(&format!("{kubelet}/pod{U1}/{H2}"), "container", &nested(&[&node, &inner]));
    // the pod's own limit: not the node's container
    check(&format!("{kubelet}/pod{U1}"), "pod", &nested(&[&node, &pod]));
    check(&kubelet, "node_allocatable", &nested(&[&node, &json!({"runtime": "unknown"})]));
    check(&format!("/docker/{H1}/kubelet"), "cgroup", &node);

    let slice = format!("kubelet-kubepods-pod{U1_}.slice");
    let outer = json!({"runtime": "docker", "id": H1, "slice": "system.slice"});
    let tree = format!("/system.slice/docker-{H1}.scope/kubelet.slice/kubelet-kubepods.slice");
    check(
        &format!("{tree}/{slice}/cri-containerd-{H2}.scope"),
        "container",
        &nested(&[
            &outer,
            &json!({"runtime": "containerd", "id": H2, "pod_uid": U1, "qos_class": "guaranteed", "slice": slice}),
        ]),
    );
    check(
        &tree,
        "node_allocatable",
        &nested(&[&outer, &json!({"runtime": "unknown", "slice": "kubelet-kubepods.slice"})]),
    );
    check(
        &format!("/docker/{H1}/docker/{H2}"),
        "container",
        &nested(&[&node, &json!({"runtime": "docker", "id": H2})]),
    );
}

#[test]
pub(super) fn kubernetes_in_lxc_and_systemd_in_docker() {
    let slice = format!("kubepods-burstable-pod{U1_}.slice");
    check(
        &format!("/lxc.payload.ny2g-lxc/kubepods.slice/kubepods-burstable.slice/{slice}/cri-containerd-{H1}.scope"),
        "container",
        &nested(&[
            &json!({"runtime": "lxc", "name": "ny2g-lxc"}),
            &json!({"runtime": "containerd", "id": H1, "pod_uid": U1, "qos_class": "burstable", "slice": slice}),
        ]),
    );
    check(
        &format!("/system.slice/docker-{H1}.scope/init.scope"),
        "unit",
        &json!({"runtime": "docker", "id": H1, "slice": "system.slice", "unit": "init.scope"}),
    );
    check(
        &format!("/docker/{H1}/system.slice/nginx.service"),
        "unit",
        &json!({"runtime": "docker", "id": H1, "slice": "system.slice", "unit": "nginx.service"}),
    );
}

#[test]
pub(super) fn a_container_started_inside_a_pod_keeps_the_pod() {
    let in_pod =
        |id: &str, runtime: &str| json!({"runtime": runtime, "id": id, "pod_uid": U1, "qos_class": "burstable"});
    let (outer, inner) = (in_pod(H1, "unknown"), in_pod(H2, "docker"));
    let path = format!("/kubepods/burstable/pod{U1}/{H1}/docker/{H2}");
    check(&path, "container", &nested(&[&outer, &inner]));
    // three deep, and a node inside the pod has pods of its own
    check(
        &format!("{path}/kubelet/kubepods/besteffort/pod{U2}/{H3}"),
        "container",
        &nested(&[&outer, &inner, &json!({"runtime": "unknown", "id": H3, "pod_uid": U2, "qos_class": "best_effort"})]),
    );
}

#[test]
pub(super) fn docker_with_the_cgroupfs_driver() {
    check(&format!("/docker/{H1}"), "container", &json!({"runtime": "docker", "id": H1}));
    check(&format!("/actions_job/{H1}"), "container", &json!({"runtime": "docker", "id": H1}));
    // a parent that says nothing: Docker, containerd and others all do this
    check(&format!("/batch-jobs/{H1}"), "container", &json!({"runtime": "unknown", "id": H1}));
    check(
        "/docker/buildkit/vqq1zb4ka9ibjm0bkmy1hrnqt",
        "container",
        &json!({"runtime": "buildkit", "id": "vqq1zb4ka9ibjm0bkmy1hrnqt"}),
    );
    check(
        "/docker/buildx/buildkit/vqq1zb4ka9ibjm0bkmy1hrnqt",
        "container",
        &json!({"runtime": "buildkit", "id": "vqq1zb4ka9ibjm0bkmy1hrnqt"}),
    );
    check(
        &format!("/docker/{H1}/buildkit/vqq1zb4ka9ibjm0bkmy1hrnqt"),
        "container",
        &nested(&[
            &json!({"runtime": "docker", "id": H1}),
            &json!({"runtime": "buildkit", "id": "vqq1zb4ka9ibjm0bkmy1hrnqt"}),
        ]),
    );
    check(&format!("/docker/{H1}/custom"), "cgroup", &json!({"runtime": "docker", "id": H1}));
}

#[test]
pub(super) fn docker_with_the_systemd_driver() {
    let identity = json!({"runtime": "docker", "id": H1, "slice": "system.slice"});
    check(&format!("/system.slice/docker-{H1}.scope"), "container", &identity);
    check(&format!("/system.slice/docker.service/{H1}"), "container", &identity);
    check(
        &format!("/limits.slice/limits-ci.slice/docker-{H1}.scope"),
        "container",
        &json!({"runtime": "docker", "id": H1, "slice": "limits-ci.slice"}),
    );
    check(
        "/system.slice/docker-93f0eb72.scope",
        "container",
        &json!({"runtime": "docker", "id": "93f0eb72", "slice": "system.slice"}),
    );
    // not an id: somebody's own scope
    check(
        "/system.slice/docker-proxy.scope",
        "unit",
        &json!({"runtime": "systemd", "slice": "system.slice", "unit": "docker-proxy.scope"}),
    );
}

#[test]
pub(super) fn podman() {
    let rootful = json!({"runtime": "podman", "id": H1, "slice": "machine.slice"});
    check(&format!("/machine.slice/libpod-{H1}.scope"), "container", &rootful);
    check(&format!("/machine.slice/libpod-{H1}.scope/container"), "container", &rootful);
    check(&format!("/libpod_parent/libpod-{H1}"), "container", &json!({"runtime": "podman", "id": H1}));
    let rootless = "/user.slice/user-1000.slice/user@1000.service/user.slice";
    check(
        &format!("{rootless}/libpod-{H1}.scope/container"),
        "container",
        &json!({"runtime": "podman", "id": H1, "slice": "user.slice", "user_uid": 1000}),
    );
    let pod = format!("machine-libpod_pod_{H2}.slice");
    check(&format!("/machine.slice/{pod}"), "pod", &json!({"runtime": "podman", "slice": pod}));
    check(
        &format!("/machine.slice/{pod}/libpod-{H1}.scope"),
        "container",
        &json!({"runtime": "podman", "id": H1, "slice": pod}),
    );
    let conmon = format!("libpod-conmon-{H1}.scope");
    check(
        &format!("/machine.slice/{conmon}"),
        "unit",
        &json!({"runtime": "podman", "id": H1, "slice": "machine.slice", "unit": conmon}),
    );
    // Quadlet: the container is inside the unit
    check(
        &format!("/system.slice/web.service/libpod-payload-{H1}"),
        "container",
        &json!({"runtime": "podman", "id": H1, "slice": "system.slice"}),
    );
}

#[test]
pub(super) fn containerd_namespaces_and_nerdctl() {
    for namespace in ["default", "k8s.io", "moby"] {
        check(
            &format!("/{namespace}/{H1}"),
            "container",
            &json!({"runtime": "containerd", "id": H1, "namespace": namespace}),
        );
    }
    check(&format!("/nerdctl-{H1}.scope"), "container", &json!({"runtime": "nerdctl", "id": H1}));
    check(
        &format!("/system.slice/nerdctl-{H1}.scope"),
        "container",
        &json!({"runtime": "nerdctl", "id": H1, "slice": "system.slice"}),
    );
    // an engine of the future
    check(
        &format!("/system.slice/youki-{H1}.scope"),
        "container",
        &json!({"runtime": "unknown", "id": H1, "slice": "system.slice"}),
    );
    check(
        &format!("/system.slice/app.service/{H1}"),
        "container",
        &json!({"runtime": "unknown", "id": H1, "slice": "system.slice"}),
    );
}

#[test]
pub(super) fn kata_sandbox_and_its_overhead() {
    let pod = format!("/kubepods/burstable/pod{U1}");
    check(
        &format!("{pod}/kata_{H1}"),
        "container",
        &json!({"runtime": "kata", "id": H1, "pod_uid": U1, "qos_class": "burstable"}),
    );
    // hypervisor threads outside the pod: the sandbox's id, but no container's limit
    check(&format!("/kata_overhead/{H1}"), "cgroup", &json!({"runtime": "kata", "id": H1}));
    check(
        &format!("/kata_overhead{pod}/{H1}"),
        "cgroup",
        &json!({"runtime": "kata", "id": H1, "pod_uid": U1, "qos_class": "burstable"}),
    );
}

#[test]
pub(super) fn pods_with_two_drivers_do_not_mix() {
    // a uid without the tree proves a pod, 32 hex digits do not
    check(&format!("/x/pod{U2}"), "pod", &json!({"runtime": "unknown", "pod_uid": U2}));
    check(&format!("/x/pod{HEX32}"), "cgroup", &Value::Null);
    check(
        &format!("/kubepods-pod{U2_}.slice"),
        "pod",
        &json!({"runtime": "unknown", "pod_uid": U2, "qos_class": "guaranteed",
                "slice": format!("kubepods-pod{U2_}.slice")}),
    );
}

#[test]
pub(super) fn minikube_k3s_and_sysbox() {
    let slice = format!("kubepods-burstable-pod{U1_}.slice");
    let container = json!({"runtime": "docker", "id": H2, "pod_uid": U1, "qos_class": "burstable", "slice": slice});
    check(
        &format!("/docker/{H1}/kubepods.slice/kubepods-burstable.slice/{slice}/docker-{H2}.scope"),
        "container",
        &nested(&[&json!({"runtime": "docker", "id": H1}), &container]),
    );
    check(
        &format!("/user.slice/user-1000.slice/user@1000.service/k3s-rootless.service/kubepods/besteffort/pod{U1}/{H1}"),
        "container",
        &json!({"runtime": "unknown", "id": H1, "pod_uid": U1, "qos_class": "best_effort",
                "slice": "user-1000.slice", "user_uid": 1000}),
    );
    check(
        &format!("/k3s/kubepods/pod{U1}/{H1}"),
        "container",
        &json!({"runtime": "unknown", "id": H1, "pod_uid": U1, "qos_class": "guaranteed"}),
    );
    let node = json!({"runtime": "docker", "id": H1, "slice": "system.slice"});
    let inner = json!({"runtime": "docker", "id": H2, "slice": "system.slice"});
    check(
        &format!("/system.slice/docker-{H1}.scope/system.slice/docker-{H2}.scope"),
        "container",
        &nested(&[&node, &inner]),
    );
}

/// The innermost of `layers` with all of them as its nesting.
fn nested(layers: &[&Value]) -> Value {
    let mut identity = (*layers[layers.len() - 1]).clone();
    identity["nesting"] = json!(layers);
    identity
}

/// Every table of this file.
pub(super) const TABLES: &[fn()] = &[
    kubelet_with_the_cgroupfs_driver,
    kubelet_with_the_systemd_driver,
    cri_o_container_directory_and_conmon,
    containerd_colon_form_left_unexpanded,
    custom_cgroup_root_and_paths_cut_at_the_top,
    kind_and_docker_in_docker_are_nested,
    kubernetes_in_lxc_and_systemd_in_docker,
    a_container_started_inside_a_pod_keeps_the_pod,
    docker_with_the_cgroupfs_driver,
    docker_with_the_systemd_driver,
    podman,
    containerd_namespaces_and_nerdctl,
    kata_sandbox_and_its_overhead,
    pods_with_two_drivers_do_not_mix,
    minikube_k3s_and_sysbox,
];
