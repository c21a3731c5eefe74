//! Any bytes may be a path: nothing panics, nothing grows, nothing takes long.

use super::{H1, H2, U1, U1_};
use crate::cgroup::{from_name, identify, limit_owner};

fn samples() -> Vec<Vec<u8>> {
    let more = [
        format!(
            "/system.slice/docker-{H1}.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod{U1_}.slice/cri-containerd-{H2}.scope"
        ),
        format!("/system.slice/containerd.service/kubepods-burstable-pod{U1_}.slice:cri-containerd:{H1}"),
        format!("/nomad.slice/share.slice/{U1}.web.scope"),
        format!("/ecs/{}/{H1}", &H1[..32]),
        format!("/mesos/{U1}/mesos/{U1}"),
        r"/machine.slice/machine-qemu\x2d1\x2dweb.scope/libvirt/vcpu0".to_owned(),
        "/htcondor/condor_execute_slot1_3@wn042.example.org".to_owned(),
        "/lsf/cluster1/job.5678.4242.1700000000".to_owned(),
        "/pbs_jobs.service/jobid/1234[5].pbs01".to_owned(),
        format!("/kata_overhead/{H1}"),
        "/docker/buildkit/vqq1zb4ka9ibjm0bkmy1hrnqt".to_owned(),
        "/../../kubepods/../burstable/.".to_owned(),
    ];
    let own = super::own_corpus::PATHS.iter().map(|row| row.0.to_owned());
    own.chain(more).map(String::into_bytes).collect()
}

/// Everything the module offers, on one input; what holds for all of them.
fn exercise(path: &[u8]) {
    let identity = identify(path);
    let owner = limit_owner(path);
    let _ = from_name(path);
    if let Some(identity) = identity {
        assert!(identity.nesting.len() <= 16 && identity.nesting.len() != 1);
        assert!(identity.nesting.iter().all(|layer| layer.nesting.is_empty()));
        if let Some(last) = identity.nesting.last() {
            assert_eq!((&last.runtime, &last.id, &last.unit), (&identity.runtime, &identity.id, &identity.unit));
        }
        assert_eq!(owner.map(|owner| owner.identity), Some(identity));
    }
}

#[test]
fn every_prefix_and_many_mutations() {
    // xorshift: the same mutations on every run
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    let samples = samples();
    for sample in &samples {
        for end in 0..=sample.len() {
            exercise(&sample[..end]);
            exercise(&sample[end..]);
        }
        for _ in 0..300 {
            let mut path = sample.clone();
            for _ in 0..=random(3) {
                let at = random(path.len());
                match random(5) {
                    0 => path[at] = u8::try_from(random(256)).unwrap(),
                    1 => path.insert(at, b"/.-_:\\@x0\xff\0 ,=["[random(15)]),
                    2 => drop(path.remove(at)),
                    3 => {
                        let other = &samples[random(samples.len())];
                        path.splice(at..at, other.iter().copied());
                    }
                    _ => path.truncate(at.max(1)),
                }
                if path.is_empty() {
                    break;
                }
            }
            exercise(&path);
        }
    }
}

#[test]
fn long_paths_take_linear_time_and_bounded_space() {
    let units = [
        "/",
        "a",
        "-",
        "kubepods-",
        "/lxc/a",
        "/docker/12345678",
        "/x.slice",
        "/slurm/uid_1/job_1/step_1",
        "\\x2d",
        "machine-",
        "slot1_1@",
        "a.libvirt-",
        "/ecs",
        "libpod_pod_",
        "/../",
        "\u{fffd}",
        "f",
        ":",
        "/kubepods/burstable/pod282bb4b9-acc8-4c6a-4bf0-7428e6f2162e",
    ];
    for unit in units {
        for (head, tail) in
            [("/", ""), ("/x/", ".slice"), ("/machine-", ".scope"), ("/nomad/", ".scope"), ("/ecs/", "/a")]
        {
            // far longer than a kernel can print (PATH_MAX is 4096); quadratic work would hang here
            let path = format!("{head}{}{tail}", unit.repeat(200_000 / unit.len()));
            exercise(path.as_bytes());
        }
    }
}

#[test]
fn nesting_keeps_the_outermost_and_the_result() {
    let path: String = (0..40).map(|index| format!("/lxc/c{index}")).collect();
    let found = identify(path.as_bytes()).unwrap();
    let names: Vec<_> = found.nesting.iter().filter_map(|layer| layer.name.as_deref()).collect();
    assert_eq!(names.len(), 16);
    assert_eq!((names[0], names[14], names[15]), ("c0", "c14", "c39"));
    // a pod below them is a layer too
    let found = identify(format!("{path}/kubepods/pod{U1}").as_bytes()).unwrap();
    assert_eq!(found.nesting.len(), 16);
    assert_eq!(found.nesting[15].pod_uid.as_deref(), Some(U1));
}

#[test]
fn separators_inside_names_are_just_bytes() {
    for (path, unit) in [
        ("/odd.slice/a, task_memcg=/x b.service", "x b.service"),
        ("//odd.slice//c.service//", "c.service"),
        ("odd.slice/c.service", "c.service"),
        ("/odd.slice/x=1,pid=7,uid=0.service", "x=1,pid=7,uid=0.service"),
    ] {
        assert_eq!(identify(path.as_bytes()).unwrap().unit.as_deref(), Some(unit), "{path}");
    }
}
