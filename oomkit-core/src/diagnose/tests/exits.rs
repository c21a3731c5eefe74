//! What runtimes, kubelet and systemd say close behind a kill, inside the window of `parse`.

use super::{Dump, ID, OTHER, brief, fact, items, later, line, one, scope_of};
use crate::event::Verdict;
use crate::{Item, parse};

/// A victim with the lowest pid of a container whose pids are far apart: the dump alone says `container_killed possible`.
fn first() -> Dump<'static> {
    Dump::of(ID, &[(42, 0, 900, "java"), (90_000, 0, 900, "log")], (42, "java"))
}

/// A victim that is not: `child_killed likely`.
fn child() -> Dump<'static> {
    Dump::of(ID, &[(40, 0, 900, "app"), (42, 0, 900, "java")], (42, "java"))
}

/// The verdict with these lines behind the dump, in a log that goes on; the same whether companions are given or not.
#[track_caller]
fn with(dump: &Dump<'_>, lines: &[String]) -> Verdict {
    let log = dump.log() + &lines.concat() + &later();
    let verdict = one(&log).verdict;
    let with_companions: Vec<_> = items(&log, "-")
        .into_iter()
        .filter_map(|item| match item {
            Item::Event(event) => Some(event.verdict),
            Item::Companion(_) => None,
        })
        .collect();
    assert_eq!(with_companions, std::slice::from_ref(&verdict));
    verdict
}

fn task_exit(time: &str, container: &str, process: &str, pid: u32, status: u32) -> String {
    line(
        time,
        "containerd[700]",
        &format!(
            r#"time="2026-11-23T17:13:35.1Z" level=info msg="TaskExit event &TaskExit{{ContainerID:{container},ID:{process},Pid:{pid},ExitStatus:{status},ExitedAt:2026-11-23 17:13:35,XXX_unrecognized:[],}}""#
        ),
    )
}

#[test]
fn each_program_that_tells_the_containers_end() {
    let uid = "cc1072d8-25a2-4c1b-a456-e7b8fb25cee3";
    let lines = [
        ("containerd", task_exit("17:13:35", ID, ID, 40, 137)),
        (
            "containerd",
            line(
                "17:13:35",
                "containerd",
                &format!(
                    r#"level=info msg="received exit event container_id:\"{ID}\" id:\"{ID}\" pid:40 exit_status:137 exited_at:{{seconds:1}}""#
                ),
            ),
        ),
        ("containerd", line("17:13:35", "containerd", &format!(r#"level=info msg="shim disconnected" id={ID}"#))),
        (
            "kubelet",
            line(
                "17:13:36",
                "kubelet[812]",
                &format!(
                    r#"I1123 17:13:36.123456     812 kubelet.go:2453] "SyncLoop (PLEG): event for pod" pod="shop/web-1" event={{"ID":"{uid}","Type":"ContainerDied","Data":"{ID}"}}"#
                ),
            ),
        ),
        (
            "kubelet",
            line(
                "17:13:36",
                "kubelet[812]",
                &format!(
                    r#"I1123 17:13:36.123456     812 generic.go:334] "Generic (PLEG): container finished" podID="{uid}" containerID="{ID}" exitCode=137"#
                ),
            ),
        ),
        (
            "systemd",
            line("17:13:35", "systemd[1]", &format!("cri-containerd-{ID}.scope: Failed with result 'oom-kill'.")),
        ),
        ("systemd", line("17:13:35", "systemd[1]", &format!("cri-containerd-{ID}.scope: Deactivated successfully."))),
        (
            "systemd",
            line(
                "17:13:35",
                "systemd[1]",
                &format!(
                    "run-containerd-io.containerd.runtime.v2.task-k8s.io-{ID}-rootfs.mount: Deactivated successfully."
                ),
            ),
        ),
        (
            "dockerd",
            line(
                "17:13:35",
                "dockerd[9]",
                &format!(
                    r#"level=info msg="ignoring event" container={ID} module=libcontainerd namespace=moby topic=/tasks/delete type="*events.TaskDelete""#
                ),
            ),
        ),
        ("dockerd", line("17:13:35", "dockerd[9]", &format!("container die {ID} (exitCode=137, image=app, name=web)"))),
        (
            "Podman",
            line(
                "17:13:35",
                "podman[44]",
                &format!("container died {ID} (image=app, name=web, containerExitCode=137)"),
            ),
        ),
        (
            "conmon",
            line(
                "17:13:35",
                "conmon[44]",
                &format!("conmon {} <ninfo>: container 40 exited with status 137", &ID[..20]),
            ),
        ),
    ];
    for (program, line) in &lines {
        for dump in [first(), child()] {
            let verdict = with(&dump, std::slice::from_ref(line));
            assert_eq!(brief(&verdict), "container_killed certain", "{line}");
            let evidence = &verdict.evidence[0];
            assert!(evidence.fact.starts_with(program), "{}", evidence.fact);
            let behind = u64::try_from(dump.log().lines().count()).unwrap() + 1;
            assert_eq!(evidence.line, Some(behind), "{line}");
        }
    }
}

#[test]
fn the_victim_was_the_containers_first_process() {
    let verdict = with(&child(), &[task_exit("17:13:35", ID, ID, 42, 137)]);
    assert_eq!(brief(&verdict), "container_killed certain");
    fact(&verdict, "pid 42, the victim, was the first process of container 9823d09a922d, which ended with status 137");
    // a kill line alone names no container: the pid is enough
    let bare = Dump::of(ID, &[], (42, "java")).log();
    let bare = format!("{}\n", bare.lines().last().unwrap());
    let log = bare.clone() + &task_exit("17:13:35", ID, ID, 42, 137) + &later();
    assert_eq!(brief(&one(&log).verdict), "container_killed certain");
    let log = bare + &task_exit("17:13:35", ID, ID, 43, 137) + &later();
    assert_eq!(brief(&one(&log).verdict), "unknown possible");
}

#[test]
fn an_end_that_was_no_kill_is_only_likely_its_consequence() {
    let verdict = with(&child(), &[task_exit("17:13:35", ID, ID, 40, 1)]);
    assert_eq!(brief(&verdict), "container_killed likely");
    fact(&verdict, "ended with status 1 just after the kill");
}

#[test]
fn the_end_of_a_process_started_beside_the_first_is_not_the_containers() {
    let verdict = with(&first(), &[task_exit("17:13:35", ID, OTHER, 42, 137)]);
    assert_eq!(brief(&verdict), "child_killed likely");
    fact(&verdict, "pid 42, the victim, was started in container 9823d09a922d beside its first process");
    assert_eq!(brief(&with(&first(), &[task_exit("17:13:35", ID, OTHER, 99, 137)])), "container_killed possible");
}

#[test]
fn runcs_word_on_a_container_that_never_ran() {
    let said = line(
        "17:13:35",
        "containerd[700]",
        &format!(
            r#"level=error msg="StartContainer for \"{ID}\" failed" error="container init was OOM-killed (memory limit too low?)""#
        ),
    );
    assert_eq!(brief(&with(&child(), &[said])), "container_killed likely");
}

#[test]
fn what_does_not_count_as_the_containers_end() {
    let unmoved = "container_killed possible";
    let of = |text: &str| line("17:13:35", "systemd[1]", text);
    // runc's mounts, conmon's scope, what an impostor says, and what stands before the dump or too late
    for said in [
        of(&format!("run-containerd-runc-k8s.io-{ID}-runc.5UwsdF.mount: Deactivated successfully.")),
        of(&format!("crio-conmon-{ID}.scope: Deactivated successfully.")),
        line("17:13:35", "app[9]", &format!("cri-containerd-{ID}.scope: Deactivated successfully.")),
        task_exit("17:13:45", ID, ID, 40, 137),
        line(
            "17:13:36",
            "kubelet[812]",
            r#"E1123 17:13:36.1 812 x.go:1] container "app" was OOMKilled (exit code 137)"#,
        ),
    ] {
        assert_eq!(brief(&with(&first(), std::slice::from_ref(&said))), unmoved, "{said}");
    }
    let before = task_exit("17:13:34", ID, ID, 40, 137) + &first().log() + &later();
    assert_eq!(brief(&one(&before).verdict), unmoved);
}

#[test]
fn an_end_behind_the_next_kill_is_about_that_one() {
    let log = first().log() + &first().at("17:13:35").log() + &task_exit("17:13:36", ID, ID, 42, 137) + &later();
    let verdicts: Vec<String> = parse(log.as_bytes()).iter().map(|event| brief(&event.verdict)).collect();
    assert_eq!(verdicts, ["container_killed possible", "container_killed certain"]);
}

#[test]
fn a_noticed_kill_without_an_end_is_silent() {
    let noticed = line(
        "17:13:35",
        "containerd[700]",
        &format!(r#"level=info msg="TaskOOM event &TaskOOM{{ContainerID:{ID},XXX_unrecognized:[],}}""#),
    );
    let verdict = with(&first(), std::slice::from_ref(&noticed));
    assert_eq!(brief(&verdict), "child_killed likely");
    fact(&verdict, "noticed the kill in container 9823d09a922d, and nothing says that the container ended then");
    // the log may end before the container does
    let cut = first().log() + &noticed;
    assert_eq!(brief(&one(&cut).verdict), "container_killed possible");
    assert_eq!(brief(&with(&first(), &[noticed, task_exit("17:13:36", ID, ID, 42, 137)])), "container_killed certain");
}

#[test]
fn the_ends_of_others_make_its_silence_tell() {
    let verdict = with(&first(), &[task_exit("17:13:35", OTHER, OTHER, 7, 137)]);
    assert_eq!(brief(&verdict), "child_killed possible");
    fact(
        &verdict,
        "nothing says that container 9823d09a922d ended, while containerd (`TaskExit event`) says that container 1217f3246cd2 did",
    );
    // only of those who would speak: a cgroupfs path has no scope for systemd to tell of
    let mut bare = first();
    bare.limit = format!("/kubepods/burstable/podcc1072d8-25a2-4c1b-a456-e7b8fb25cee3/{ID}");
    bare.task = bare.limit.clone();
    let scope = line("17:13:35", "systemd[1]", &format!("docker-{OTHER}.scope: Deactivated successfully."));
    assert_eq!(brief(&with(&bare, std::slice::from_ref(&scope))), "container_killed possible");
    assert_eq!(brief(&with(&first(), &[scope])), "child_killed possible");
    // and a table of one row is proof all the same
    let alone = Dump::of(ID, &[(42, 0, 900, "java")], (42, "java"));
    assert_eq!(brief(&with(&alone, &[task_exit("17:13:35", OTHER, OTHER, 7, 137)])), "container_killed certain");
}

#[test]
fn a_dump_without_a_kill_line_may_still_have_an_end() {
    let log = first().log().replace("6.1.0-47-cloud-amd64", "4.19.91-25.6.al7.x86_64");
    let log: String = log.lines().take(8).map(|line| format!("{line}\n")).collect();
    // as these kernels name the cgroup
    let path = scope_of(ID);
    let task = format!("Nov 23 17:13:34 n1 kernel: Task in {path} killed as a result of limit of {path}\n");
    let at = log.match_indices('\n').nth(1).unwrap().0 + 1;
    let log = [&log[..at], &task, &log[at..]].concat();
    assert_eq!(one(&log).outcome.as_str(), "not_printed");
    let log = log + &task_exit("17:13:35", ID, ID, 42, 137) + &later();
    assert_eq!(brief(&one(&log).verdict), "container_killed likely");
}

#[test]
fn what_is_kept_has_a_limit_that_shows() {
    let mut options = crate::Options::new();
    options.limits.companions = 8;
    // of processes that were started in the same container
    let ends: String =
        (0..9).map(|n| task_exit("17:13:35", ID, &OTHER.replace('1', &n.to_string()), 1000 + n, 0)).collect();
    let log = first().log() + &task_exit("17:13:35", ID, ID, 42, 137) + &ends + &later();
    let event = &crate::parse_with(log.as_bytes(), options)[0];
    assert_ne!(brief(&event.verdict), "container_killed certain");
    assert!(event.diagnostics.iter().any(|d| d.kind.as_str() == "limit_reached"), "{:?}", event.diagnostics);
}
