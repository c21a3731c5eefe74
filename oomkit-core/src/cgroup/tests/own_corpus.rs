//! The distinct cgroup paths of the machines we booted for the corpus.

use crate::cgroup::{identify, limit_owner};
use crate::event::{Level, Runtime};

/// Path, runtime (empty: nothing is recognised), container id, pod uid.
pub(super) const PATHS: &[(&str, &str, &str, &str)] = &[
    (
        "/actions_job/c7535238ad8efb79914eb14f9192749bae8c548bc9fb3100f0fe3b1a359742b9",
        "docker",
        "c7535238ad8efb79914eb14f9192749bae8c548bc9fb3100f0fe3b1a359742b9",
        "",
    ),
    ("/back\\x2dslash/..dots", "", "", ""),
    ("/backup.slice/rsync.service", "systemd", "", ""),
    ("/batch.slice/job.service", "systemd", "", ""),
    ("/crashloop.slice/app.service", "systemd", "", ""),
    ("/db.slice/postgres.service", "systemd", "", ""),
    (
        "/docker/35238ad8efb79914eb14f9192749bae8c548bc9fb3100f0fe3b1a359742b986b",
        "docker",
        "35238ad8efb79914eb14f9192749bae8c548bc9fb3100f0fe3b1a359742b986b",
        "",
    ),
    (
        "/ecs/f86181dbf8b65436069f2326201e10ab/29f08d36a1ddd819373e2081d925957e88b1070045c196271e6722d4f592db05",
        "ecs",
        "29f08d36a1ddd819373e2081d925957e88b1070045c196271e6722d4f592db05",
        "",
    ),
    (
        "/kubelet/kubepods/burstable/pod3775fdae-319d-46e3-111b-97def1b51e58/\
         e5020b94d404a383ac5723c34cfb6c43b6f07e25f9366a5705cd1ecbe9a5ab9f",
        "unknown",
        "e5020b94d404a383ac5723c34cfb6c43b6f07e25f9366a5705cd1ecbe9a5ab9f",
        "3775fdae-319d-46e3-111b-97def1b51e58",
    ),
    (
        "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod8b1dce9c_322a_4e6e_bb59_336ea6d26cc4.slice/\
         crio-1ddade2b34a374b7e18aaf60128d7e16e88dc3e9439bacb833b52ba5b8ed2faf.scope/container",
        "crio",
        "1ddade2b34a374b7e18aaf60128d7e16e88dc3e9439bacb833b52ba5b8ed2faf",
        "8b1dce9c-322a-4e6e-bb59-336ea6d26cc4",
    ),
    (
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0a268689_6ac8_421d_fc04_64605a0eccd8.slice/\
         cri-containerd-1217f3246cd2b1871666c0c312c320c85ef8e197fcf7e34eeacf36be1a60da08.scope",
        "containerd",
        "1217f3246cd2b1871666c0c312c320c85ef8e197fcf7e34eeacf36be1a60da08",
        "0a268689-6ac8-421d-fc04-64605a0eccd8",
    ),
    (
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod373e2081_d819_41dd_d36a_db85fe729f08.slice",
        "unknown",
        "",
        "373e2081-d819-41dd-d36a-db85fe729f08",
    ),
    (
        "/kubepods.slice/kubepods-pod6d9994d5_49f2_45bc_ba3e_bc2ebea79741.slice/\
         cri-containerd-f3faec4d95e1513a447dc3cc018d52e3da23ee90b15e97c1b42d4d97b47210f2.scope",
        "containerd",
        "f3faec4d95e1513a447dc3cc018d52e3da23ee90b15e97c1b42d4d97b47210f2",
        "6d9994d5-49f2-45bc-ba3e-bc2ebea79741",
    ),
    (
        "/kubepods/burstable/pod1c05f5af-1a8c-4acf-8abd-f36be1a60da0/\
         189cb922fd8437f7abbd9d0c2237bc737102a53a9a2e76338c9b009c47697347",
        "unknown",
        "189cb922fd8437f7abbd9d0c2237bc737102a53a9a2e76338c9b009c47697347",
        "1c05f5af-1a8c-4acf-8abd-f36be1a60da0",
    ),
    (
        "/kubepods/burstable/podcc1072d8-25a2-4c1b-a456-e7b8fb25cee3",
        "unknown",
        "",
        "cc1072d8-25a2-4c1b-a456-e7b8fb25cee3",
    ),
    ("/lxc.payload.db.prod/init.scope", "lxc", "", ""),
    (
        "/machine.slice/libpod-8976dfc4ca6a9f8a906ae34dec77dd2ddc924c0a51c94f046b0ee81b0a5f062f.scope/container",
        "podman",
        "8976dfc4ca6a9f8a906ae34dec77dd2ddc924c0a51c94f046b0ee81b0a5f062f",
        "",
    ),
    ("/myapp", "", "", ""),
    ("/nl\nine", "", "", ""),
    ("/numa.slice/pinned.service", "systemd", "", ""),
    ("/odd.slice/a.service", "systemd", "", ""),
    ("/oom_memcg=,task=,pid=99", "", "", ""),
    ("/panic.slice/app.service", "systemd", "", ""),
    ("/pct%s%d/x=1,pid=7,uid=0", "", "", ""),
    ("/quote\"d/'x'", "", "", ""),
    ("/rt.slice/jackd.service", "systemd", "", ""),
    ("/slurm/uid_1018/job_849633/step_batch/task_0", "slurm", "", ""),
    (
        "/system.slice/docker-1b0960bec59d7ffac1fadfff0d2f90ceab2e927599f6e5e5c997893f5a017e41.scope",
        "docker",
        "1b0960bec59d7ffac1fadfff0d2f90ceab2e927599f6e5e5c997893f5a017e41",
        "",
    ),
    ("/system.slice/nginx.service", "systemd", "", ""),
    ("/system.slice/system-postgresql.slice/postgresql@16\\x2dmain.service", "systemd", "", ""),
    ("/tab\there/x", "", "", ""),
    ("/user.slice/user-1000.slice/user@1000.service/app.slice/app-gnome-firefox\\x2desr-4519.scope", "systemd", "", ""),
    ("/weird, task_memcg=oops", "", "", ""),
    ("/with space/and (paren)", "", "", ""),
    ("/αβγ.slice/привет", "systemd", "", ""),
];

#[test]
fn every_path_of_our_machines() {
    for &(path, runtime, id, uid) in PATHS {
        let found = identify(path.as_bytes());
        assert_eq!(found.as_ref().map_or("", |found| found.runtime.as_str()), runtime, "{path}");
        assert_eq!(found.as_ref().and_then(|found| found.id.as_deref()).unwrap_or(""), id, "{path}");
        assert_eq!(found.as_ref().and_then(|found| found.pod_uid.as_deref()).unwrap_or(""), uid, "{path}");
        let owner = limit_owner(path.as_bytes()).unwrap();
        assert_eq!(owner.level == Level::Container, !id.is_empty(), "{path}");
        assert_eq!(owner.level == Level::Pod, id.is_empty() && !uid.is_empty(), "{path}");
        assert_eq!(owner.identity.runtime == Runtime::Systemd, runtime == "systemd", "{path}");
    }
}
