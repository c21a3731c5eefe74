//! Machines, orchestrators, batch systems and plain systemd.

use super::{H1, HEX32, U1, U2, check};
use crate::cgroup::identify;
use serde_json::{Value, json};

#[test]
pub(super) fn lxc_lxd_incus_and_proxmox() {
    let named = |name: &str| json!({"runtime": "lxc", "name": name});
    for path in ["/lxc/web", "/lxc.payload.web", "/lxc.payload/web"] {
        check(path, "container", &named("web"));
    }
    check("/lxc/2017", "container", &named("2017"));
    check("/lxc/2017/ns", "container", &named("2017"));
    check("/lxc.payload.db.prod", "container", &named("db.prod"));
    check("/lxc/web.scope", "container", &named("web.scope"));
    check(
        "/lxc.payload.db.prod/init.scope",
        "unit",
        &json!({"runtime": "lxc", "name": "db.prod", "unit": "init.scope"}),
    );
    check(
        "/lxc/105/ns/system.slice/ssh.service",
        "unit",
        &json!({"runtime": "lxc", "name": "105", "slice": "system.slice", "unit": "ssh.service"}),
    );
    check(
        "/lxc.payload.a/user.slice/user-1000.slice/session-c1.scope",
        "user",
        &json!({"runtime": "lxc", "name": "a", "slice": "user-1000.slice", "unit": "session-c1.scope", "user_uid": 1000}),
    );
    // the monitor is outside the container
    check("/lxc.monitor.web", "cgroup", &named("web"));
    check("/lxc.monitor/web", "cgroup", &named("web"));
    check("/lxc.pivot", "cgroup", &Value::Null);
    // Docker's lxc driver
    check(&format!("/lxc/{H1}"), "container", &json!({"runtime": "lxc", "id": H1, "name": H1}));
    // nested, and a container whose name is another engine's directory
    check(
        "/lxc.payload.a/lxc.payload.b",
        "container",
        &json!({"runtime": "lxc", "name": "b", "nesting": [named("a"), named("b")]}),
    );
    check("/lxc/docker/web", "cgroup", &named("docker"));
}

#[test]
pub(super) fn nspawn_and_libvirt_machines() {
    let nspawn = json!({"runtime": "nspawn", "machine": "web-1", "slice": "machine.slice"});
    check(r"/machine.slice/machine-web\x2d1.scope", "container", &nspawn);
    check(r"/machine.slice/machine-web\x2d1.scope/payload", "container", &nspawn);
    check(r"/machine.slice/machine-web\x2d1.scope/supervisor", "cgroup", &nspawn);
    check(r"/machine.slice/systemd-nspawn@web\x2d1.service/payload", "container", &nspawn);
    check(
        r"/machine.slice/machine-web\x2d1.scope/payload/system.slice/nginx.service",
        "unit",
        &json!({"runtime": "nspawn", "machine": "web-1", "slice": "system.slice", "unit": "nginx.service"}),
    );
    // once only: the name itself holds a backslash
    check(
        r"/machine.slice/machine-a\x5cx2db.scope",
        "container",
        &json!({"runtime": "nspawn", "machine": r"a\x2db", "slice": "machine.slice"}),
    );
    let vm = json!({"runtime": "libvirt", "machine": "build-vm", "slice": "machine.slice"});
    check(r"/machine.slice/machine-qemu\x2d1\x2dbuild\x2dvm.scope", "container", &vm);
    check(r"/machine.slice/machine-qemu\x2dbuild\x2dvm.scope", "container", &vm);
    check(r"/machine.slice/machine-qemu\x2d1\x2dbuild\x2dvm.scope/libvirt", "container", &vm);
    check(r"/machine.slice/machine-qemu\x2d1\x2dbuild\x2dvm.scope/libvirt/vcpu0", "cgroup", &vm);
    check(r"/machine.slice/machine-qemu\x2d1\x2dbuild\x2dvm.scope/emulator", "cgroup", &vm);
    check(r"/machine.slice/machine-lxc\x2d7\x2dbuild\x2dvm.scope", "container", &vm);
    let plain = json!({"runtime": "libvirt", "machine": "old_guest"});
    check("/machine/qemu-2-old_guest.libvirt-qemu/emulator", "cgroup", &plain);
    check("/machine/old_guest.libvirt-qemu", "container", &plain);
    check("/libvirt/qemu/old_guest", "container", &plain);
    check("/libvirt/lxc/old_guest", "container", &plain);
    check(
        "/qemu.slice/101.scope",
        "container",
        &json!({"runtime": "libvirt", "machine": "101", "slice": "qemu.slice"}),
    );
}

#[test]
pub(super) fn ecs() {
    let container = |id: &str| json!({"runtime": "ecs", "id": id, "task": {"id": HEX32}});
    check(&format!("/ecs/{HEX32}/{H1}"), "container", &container(H1));
    check(&format!("/ecs/{HEX32}"), "job", &json!({"runtime": "ecs", "task": {"id": HEX32}}));
    let numbered = format!("{HEX32}-1289054187");
    check(&format!("/ecs/{HEX32}/{numbered}"), "container", &container(&numbered));
    check(&format!("/ecs/{U1}/{H1}"), "container", &json!({"runtime": "ecs", "id": H1, "task": {"id": U1}}));
    let slice = format!("ecstasks-{HEX32}.slice");
    check(
        &format!("/ecstasks.slice/{slice}/docker-{H1}.scope"),
        "container",
        &json!({"runtime": "ecs", "id": H1, "slice": slice, "task": {"id": HEX32}}),
    );
    check(
        &format!("/ecstasks.slice/{slice}"),
        "job",
        &json!({"runtime": "ecs", "slice": slice, "task": {"id": HEX32}}),
    );
}

#[test]
pub(super) fn nomad() {
    let task = json!({"runtime": "nomad", "name": "web-api", "job": {"id": U1}, "task": {"name": "web-api"}});
    check(&format!("/nomad/{U1}-web-api"), "container", &task);
    let mut sliced = task;
    sliced["slice"] = json!("share.slice");
    check(&format!("/nomad.slice/share.slice/{U1}.web-api.scope"), "container", &sliced);
    sliced["slice"] = json!("reserve.slice");
    check(&format!("/nomad.slice/reserve.slice/{U1}.web-api.scope"), "container", &sliced);
    check("/nomad.slice", "slice", &json!({"runtime": "systemd", "slice": "nomad.slice"}));
    // GNOME's terminals have UUIDs too
    check(
        &format!("/user.slice/vte-spawn-{U1}.scope"),
        "unit",
        &json!({"runtime": "systemd", "slice": "user.slice", "unit": format!("vte-spawn-{U1}.scope")}),
    );
}

#[test]
pub(super) fn mesos_and_garden() {
    let outer = json!({"runtime": "mesos", "id": U1});
    check(&format!("/mesos/{U1}"), "container", &outer);
    check(
        &format!("/mesos/{U1}/mesos/{U2}"),
        "container",
        &json!({"runtime": "mesos", "id": U2, "nesting": [outer, {"runtime": "mesos", "id": U2}]}),
    );
    check(&format!("/garden/{U1}"), "container", &json!({"runtime": "garden", "id": U1}));
    check(&format!("/garden/good/{U1}"), "container", &json!({"runtime": "garden", "id": U1}));
    check(
        &format!("/system.slice/garden/{U1}"),
        "container",
        &json!({"runtime": "garden", "id": U1, "slice": "system.slice"}),
    );
}

#[test]
pub(super) fn slurm() {
    let v1 = |job: Value| json!({"runtime": "slurm", "user_uid": 1018, "job": job});
    let step = json!({"id": "849633", "step": "batch"});
    let task = json!({"id": "849633", "step": "batch", "task": "0"});
    check("/slurm/uid_1018/job_849633/step_batch/task_0", "job", &v1(task.clone()));
    check("/slurm/uid_1018/job_849633/step_batch", "job", &v1(step.clone()));
    check("/slurm_node7/uid_1018/job_849633/step_batch/task_0", "job", &v1(task.clone()));
    check("/slurm/uid_1018/job_849633", "job", &v1(json!({"id": "849633"})));
    check("/slurm/uid_1018", "user", &json!({"runtime": "slurm", "user_uid": 1018}));
    check("/slurm", "cgroup", &Value::Null);
    for unit in ["slurmstepd.scope", "node7_slurmstepd.scope"] {
        let v2 = |job: &Value| json!({"runtime": "slurm", "slice": "system.slice", "unit": unit, "job": job});
        let job = format!("/system.slice/{unit}/job_849633");
        check(&job, "job", &v2(&json!({"id": "849633"})));
        check(&format!("{job}/step_batch"), "job", &v2(&step));
        check(&format!("{job}/step_batch/user"), "job", &v2(&step));
        check(&format!("{job}/step_batch/user/task_0"), "job", &v2(&task));
        check(&format!("{job}/step_batch/slurm"), "cgroup", &v2(&step));
        check(
            &format!("/system.slice/{unit}"),
            "unit",
            &json!({"runtime": "systemd", "slice": "system.slice", "unit": unit}),
        );
    }
    // outside Slurm's tree the words mean nothing
    check("/uid_1018/job_1/step_0", "cgroup", &Value::Null);
    // a container that a step started keeps the job; a Slurm node in a container has one of its own
    check(
        &format!("/slurm/uid_1018/job_849633/step_batch/docker/{H1}"),
        "container",
        &json!({"runtime": "docker", "id": H1, "user_uid": 1018, "job": step}),
    );
    check(
        &format!("/docker/{H1}/slurm/uid_0/job_7"),
        "job",
        &json!({"runtime": "slurm", "user_uid": 0, "job": {"id": "7"}, "nesting": [
            {"runtime": "docker", "id": H1}, {"runtime": "slurm", "user_uid": 0, "job": {"id": "7"}}]}),
    );
}

#[test]
pub(super) fn htcondor() {
    let job = json!({"id": "slot1_3@wn042.example.org", "slot": "slot1_3@wn042.example.org"});
    check(
        "/htcondor/condor_var_lib_condor_execute_slot1_3@wn042.example.org",
        "job",
        &json!({"runtime": "htcondor", "job": job}),
    );
    check(
        "/system.slice/condor.service/htcondor/condor_var_lib_condor_execute_slot1_3@wn042.example.org",
        "job",
        &json!({"runtime": "htcondor", "slice": "system.slice", "unit": "condor.service", "job": job}),
    );
    check(
        "/system.slice/condor.service/slot1_3@wn042.example.org",
        "job",
        &json!({"runtime": "htcondor", "slice": "system.slice", "unit": "condor.service", "job": job}),
    );
    check(
        "/system.slice/condor.service",
        "unit",
        &json!({"runtime": "systemd", "slice": "system.slice", "unit": "condor.service"}),
    );
}

#[test]
pub(super) fn pbs_and_lsf() {
    check(
        "/pbs_jobs.service/jobid/1234.pbs01",
        "job",
        &json!({"runtime": "unknown", "unit": "pbs_jobs.service", "job": {"id": "1234.pbs01"}}),
    );
    check(
        "/pbspro/1234[5].pbs01.example.org",
        "job",
        &json!({"runtime": "unknown", "job": {"id": "1234[5].pbs01.example.org"}}),
    );
    check("/lsf/cluster1/job.5678.4242.1700000000", "job", &json!({"runtime": "unknown", "job": {"id": "5678"}}));
}

#[test]
pub(super) fn systemd_units() {
    let unit = |slice: &str, unit: &str| json!({"runtime": "systemd", "slice": slice, "unit": unit});
    check("/system.slice/varnish.service", "unit", &unit("system.slice", "varnish.service"));
    check(
        r"/system.slice/system-postgresql.slice/postgresql@16\x2dmain.service",
        "unit",
        &unit("system-postgresql.slice", r"postgresql@16\x2dmain.service"),
    );
    check("/init.scope", "unit", &json!({"runtime": "systemd", "unit": "init.scope"}));
    check("/system.slice/app.service/workers", "cgroup", &unit("system.slice", "app.service"));
    check("/system.slice/kubelet.service", "unit", &unit("system.slice", "kubelet.service"));
    for slice in ["system.slice", "podruntime.slice", "runtime.slice", "kube.slice", "user.slice", "a.slice"] {
        check(&format!("/{slice}"), "slice", &json!({"runtime": "systemd", "slice": slice}));
    }
    // a name that is all suffix is no unit
    for name in [".slice", ".scope", ".service"] {
        check(&format!("/{name}"), "cgroup", &Value::Null);
    }
}

#[test]
pub(super) fn user_sessions() {
    let user = |slice: &str, unit: &str| json!({"runtime": "systemd", "slice": slice, "unit": unit, "user_uid": 1000});
    let root = "/user.slice/user-1000.slice";
    check(root, "user", &json!({"runtime": "systemd", "slice": "user-1000.slice", "user_uid": 1000}));
    check(&format!("{root}/session-4.scope"), "user", &user("user-1000.slice", "session-4.scope"));
    let manager = format!("{root}/user@1000.service");
    check(&manager, "user", &user("user-1000.slice", "user@1000.service"));
    check(&format!("{manager}/init.scope"), "unit", &user("user-1000.slice", "init.scope"));
    check(&format!("{manager}/background.slice"), "slice", &user("background.slice", "user@1000.service"));
    for scope in [
        r"app-gnome-firefox\x2desr-4519.scope",
        "snap.spotify.spotify-1a2b3c.scope",
        r"app-flatpak-org.mozilla.firefox-12345.scope",
        "vte-spawn-282bb4b9-acc8-4c6a-4bf0-7428e6f2162e.scope",
        "run-p3295453-i208789885.scope",
    ] {
        check(&format!("{manager}/app.slice/{scope}"), "unit", &user("app.slice", scope));
    }
    // no such uid
    check(
        "/user.slice/user-99999999999.slice",
        "slice",
        &json!({"runtime": "systemd", "slice": "user-99999999999.slice"}),
    );
}

#[test]
pub(super) fn bytes_that_are_no_text_are_shown_lossily() {
    let found = identify(b"/a.slice/\xffx.service").unwrap();
    assert_eq!(found.unit.as_deref(), Some("\u{fffd}x.service"));
    let found = identify(b"/lxc.payload.a\xfe\xffb").unwrap();
    assert_eq!(found.name.as_deref(), Some("a\u{fffd}\u{fffd}b"));
    let found = identify(br"/machine.slice/machine-a\xff\x2.scope").unwrap();
    assert_eq!(found.machine.as_deref(), Some("a\u{fffd}\\x2"));
}

/// Every table of this file.
pub(super) const TABLES: &[fn()] = &[
    lxc_lxd_incus_and_proxmox,
    nspawn_and_libvirt_machines,
    ecs,
    nomad,
    mesos_and_garden,
    slurm,
    htcondor,
    pbs_and_lsf,
    systemd_units,
    user_sessions,
    bytes_that_are_no_text_are_shown_lossily,
];
