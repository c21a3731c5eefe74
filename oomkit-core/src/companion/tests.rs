//! A table for each family of actors, with lines as they are logged; and lines that only look like theirs.

use super::*;
use crate::diagnose::ContainerNotice;
use crate::scan::Search;
use crate::transport::Span;

const ID: &str = "9823d09a922d142299cd6540bdf1c403deba3f4a1cf8b81757db4d79bf43ef7f";

fn record<'a>(program: &'a [u8], text: &'a [u8], transport: &'a Transport, origin: &'a Origin) -> Record<'a> {
    Record {
        text,
        wrapped_from: text.len(),
        repeated: false,
        transport,
        origin,
        host: None,
        program: Some(program).filter(|program| !program.is_empty()),
        wall: None,
        monotonic: None,
        caller: None,
        lost: None,
        sequence: None,
        span: Span { first_line: 1, last_line: 1, first_byte: 0, last_byte: 0 },
    }
}

/// What a line says, as JSON without its context, e.g. `{"actor":…,"kind":…}`; `!` before what is routine.
fn said(program: &str, text: &str) -> Option<String> {
    let (transport, origin) = match program {
        "" => (Transport::Dmesg, Origin::Unknown),
        _ => (Transport::Rfc3164, Origin::User),
    };
    let said = recognise(&record(program.as_bytes(), text.as_bytes(), &transport, &origin))?;
    assert_eq!(said.companion.message, text);
    assert_eq!(recognised_phrase(&said.companion), said.phrase, "{text}");
    is_found(text, &said.companion);
    let mut json = serde_json::to_value(&said.companion).unwrap();
    let object = json.as_object_mut().unwrap();
    for context in ["type", "schema_version", "time", "source", "message", "event_id"] {
        object.remove(context);
    }
    let mut words: Vec<String> = ["actor", "kind"]
        .iter()
        .filter_map(|key| object.remove(*key))
        .map(|word| word.as_str().unwrap().to_owned())
        .collect();
    words.extend(object.iter().map(|(key, value)| format!("{key}={}", value.to_string().replace('"', ""))));
    Some(format!("{}{}", if said.routine { "! " } else { "" }, words.join(" ")))
}

/// What is recognised must be found by the search, whatever is around the text, and by one for whom it bears on a verdict.
fn is_found(text: &str, companion: &Companion) {
    let json = serde_json::to_string(text).unwrap();
    let reporter = ContainerNotice::bears(companion).then(|| Reporter::from_actor(&companion.actor).unwrap());
    for line in [
        text.to_owned(),
        format!("Nov 23 17:13:34 n1 app[12]: {text}"),
        format!("<30>1 2026-11-23T17:13:34Z n1 app 12 - - {text}"),
        format!("6,1,2,-;app: {text}"),
        format!("MESSAGE={text}"),
        format!(r#"{{"SYSLOG_IDENTIFIER":"app","MESSAGE":{json},"PRIORITY":"6"}}"#),
        format!(
            r#"{{"log":{},"stream":"stdout"}}"#,
            serde_json::to_string(&format!("{{\"MESSAGE\":{json}}}")).unwrap()
        ),
        json.replace('\'', r"\u0027").replace('/', r"\/") + r"\/",
    ] {
        let line = line.as_bytes();
        let found = |literal: &&Literal| Search::new([literal.search]).is_in(line);
        // a literal that a JSON writer spells in another way is found by no search
        let is_held = |literal: &Literal| memchr::memmem::find(line, literal.search.text).is_some();
        if line.ends_with(br"\/") && !LITERALS.iter().any(is_held) {
            continue;
        }
        let line_text = String::from_utf8_lossy(line);
        let mut found = LITERALS.iter().filter(found).peekable();
        assert!(found.peek().is_some(), "no literal in {line_text}");
        assert!(
            reporter.is_none_or(|reporter| found.any(|literal| literal.reporters.contains(&reporter))),
            "{line_text}"
        );
    }
}

fn table(rows: &[(&str, &str, &str)]) {
    for (program, text, expected) in rows {
        let expected = expected.replace("$ID", ID);
        assert_eq!(said(program, &text.replace("$ID", ID)).as_deref(), Some(&*expected), "{program}: {text}");
    }
}

#[test]
fn systemd_oomd() {
    table(&[
        (
            "systemd-oomd[889]",
            "Killed /user.slice/user-1000.slice/user@1000.service/app.slice/snap.firefox.firefox.7d9b4142-0288-47c3-a5f6-ab77b8803604.scope due to memory pressure for /user.slice/user-1000.slice/user@1000.service being 62.09% > 50.00% for > 20s with reclaim activity",
            "systemd-oomd killed actor_pid=889 cgroup=/user.slice/user-1000.slice/user@1000.service/app.slice/snap.firefox.firefox.7d9b4142-0288-47c3-a5f6-ab77b8803604.scope pressure_limit_percent=50.0 pressure_percent=62.09 reason=pressure unit=snap.firefox.firefox.7d9b4142-0288-47c3-a5f6-ab77b8803604.scope",
        ),
        (
            "systemd-oomd",
            "Marked /system.slice/a.service for killing due to memory used (8123456789) / total (8234567890) and swap used (2000000000) / total (2100000000) being more than 90.00%",
            "systemd-oomd marked cgroup=/system.slice/a.service memory_total_bytes=8234567890 memory_used_bytes=8123456789 reason=memory_and_swap swap_total_bytes=2100000000 swap_used_bytes=2000000000 unit=a.service",
        ),
        (
            "systemd-oomd",
            "Marked /system.slice/a.service for killing due to memory pressure for /system.slice being 81.50% > 60.00% for > 30s with reclaim activity",
            "systemd-oomd marked cgroup=/system.slice/a.service pressure_limit_percent=60.0 pressure_percent=81.5 reason=pressure unit=a.service",
        ),
        (
            "systemd-oomd",
            "Rule 'pressure' conditions met for cgroup /system.slice/a.service for 20s, taking action kill",
            "systemd-oomd low_memory cgroup=/system.slice/a.service reason=pressure unit=a.service",
        ),
    ]);
}

#[test]
fn systemd_units() {
    table(&[
        (
            "systemd[1]",
            "user@1001.service: A process of this unit has been killed by the OOM killer.",
            "systemd oom_notice actor_pid=1 unit=user@1001.service",
        ),
        (
            "systemd",
            "cri-containerd-$ID.scope: The kernel OOM killer killed some processes in this unit.",
            "systemd oom_notice container_id=$ID unit=cri-containerd-$ID.scope",
        ),
        (
            "systemd",
            "a.scope: systemd-oomd killed 12 process(es) in this unit.",
            "systemd killed count=12 reason=systemd-oomd unit=a.scope",
        ),
        (
            "systemd",
            "a.scope: systemd-oomd killed some process(es) in this unit.",
            "systemd killed reason=systemd-oomd unit=a.scope",
        ),
        ("systemd", "a.service: Failed with result 'oom-kill'.", "systemd unit_result reason=oom-kill unit=a.service"),
        (
            "systemd",
            "a.service: Failed with result 'exit-code'.",
            "! systemd unit_result reason=exit-code unit=a.service",
        ),
        (
            "systemd",
            "a.service: Main process exited, code=killed, status=9/KILL",
            "systemd unit_exit signal=SIGKILL unit=a.service",
        ),
        (
            "systemd",
            "app-930.service: Main process exited, code=exited, status=30/n/a",
            "! systemd unit_exit exit_code=30 unit=app-930.service",
        ),
        (
            "systemd",
            "docker-$ID.scope: Deactivated successfully.",
            "! systemd unit_result container_id=$ID reason=success unit=docker-$ID.scope",
        ),
        (
            "systemd",
            "run-containerd-io.containerd.runtime.v2.task-k8s.io-$ID-rootfs.mount: Deactivated successfully.",
            "! systemd unit_result container_id=$ID reason=success unit=run-containerd-io.containerd.runtime.v2.task-k8s.io-$ID-rootfs.mount",
        ),
        // of every `exec`
        (
            "systemd",
            "run-containerd-runc-k8s.io-$ID-runc.5UwsdF.mount: Deactivated successfully.",
            "! systemd unit_result reason=success unit=run-containerd-runc-k8s.io-$ID-runc.5UwsdF.mount",
        ),
        (
            "systemd[189875]",
            "a.scope: Consumed 1h 8min 1.192s CPU time, 13.9G memory peak, 96.2M memory swap peak.",
            "! systemd unit_usage actor_pid=189875 memory_peak_bytes=14925011353 swap_peak_bytes=100873011 unit=a.scope",
        ),
        // as `systemd` logs to the kernel's buffer
        (
            "",
            "systemd[1]: a.service: Failed with result 'oom-kill'.",
            "systemd unit_result actor_pid=1 reason=oom-kill unit=a.service",
        ),
    ]);
}

#[test]
fn daemons() {
    table(&[
        (
            "earlyoom[612]",
            "low memory! at or below SIGTERM limits: mem 10.00%, swap  5.25%",
            "earlyoom low_memory actor_pid=612 memory_available_percent=10.0 signal=SIGTERM swap_free_percent=5.25",
        ),
        (
            "earlyoom",
            r#"sending SIGTERM to process 4242 uid 1000 "Web "Cont": x": oom_score 1086, oom_score_adj 300, VmRSS 512 MiB, cmdline "/usr/lib/firefox -x""#,
            r"earlyoom signal comm=Web \Cont\: x pid=4242 rss_bytes=536870912 signal=SIGTERM uid=1000",
        ),
        (
            "earlyoom",
            r#"sending SIGKILL to process 4242 uid 0 "java": badness 900, VmRSS 100 MiB"#,
            "earlyoom signal comm=java pid=4242 rss_bytes=104857600 signal=SIGKILL uid=0",
        ),
        ("earlyoom", "process 4242 exited after 0.102 seconds", "earlyoom process_exit pid=4242"),
        ("earlyoom", "escalating to SIGKILL after 6.001 seconds", "earlyoom signal signal=SIGKILL"),
        ("nohang", "Memory status that requires corrective actions:", "nohang low_memory"),
        ("nohang", "  Sending SIGTERM to the victim", "nohang signal signal=SIGTERM"),
        ("nohang-desktop[5]", "[ OK ] Sending SIGKILL to tail", "nohang signal actor_pid=5 comm=tail signal=SIGKILL"),
        (
            "",
            "oomd kill: 10.00 60.00 300.00 workload.slice/a b.service 1073741824 ruleset:[protection] detectorgroup:[g] killer:[kill_by_memory] v2",
            "oomd killed cgroup=workload.slice/a b.service memory_used_bytes=1073741824 pressure_percent=10.0 reason=protection unit=a b.service",
        ),
        (
            "",
            "oomd kill: 1.50 0.00 0.00 system.slice 4096 ruleset:[r] detectorgroup:[g] killer:[(dry)kill] v2",
            "oomd marked cgroup=system.slice memory_used_bytes=4096 pressure_percent=1.5 reason=r",
        ),
        (
            "",
            r#"[talos] Sending SIGKILL to cgroup {"component": "controller-runtime", "cgroup": "/sys/fs/cgroup/kubepods/besteffort/podcc1072d8-25a2-4c1b-a456-e7b8fb25cee3"}"#,
            "talos killed cgroup=/kubepods/besteffort/podcc1072d8-25a2-4c1b-a456-e7b8fb25cee3 pod_uid=cc1072d8-25a2-4c1b-a456-e7b8fb25cee3 signal=SIGKILL",
        ),
    ]);
}

#[test]
fn kubernetes() {
    let uid = "cc1072d8-25a2-4c1b-a456-e7b8fb25cee3";
    table(&[
        (
            "kubelet[812]",
            r#"I1123 17:13:36.123456     812 event.go:294] "Event occurred" object="n1" kind="Node" reason="SystemOOM" message="System OOM encountered, victim process: ja, pid: va, pid: 4242""#,
            "kubelet oom_notice actor_pid=812 comm=ja, pid: va pid=4242 reason=SystemOOM",
        ),
        (
            "kubelet",
            r#"I1123 17:13:36.123456     812 oom_watcher_linux.go:82] "Got sys oom event" event={"Pid":4242,"ProcessName":"java","ContainerName":"/"}"#,
            "kubelet oom_notice comm=java pid=4242 reason=SystemOOM",
        ),
        (
            "k3s",
            "The node was low on resource: memory. Threshold quantity: 100Mi, available: 54Mi. Container app was using 3Gi, request is 0.",
            "kubelet eviction memory_available_bytes=56623104 reason=memory threshold_bytes=104857600",
        ),
        (
            "kubelet",
            r#"I1123 17:13:36.123456     812 eviction_manager.go:627] "Eviction manager: pods evicted, waiting for pod to be cleaned up" pods=["shop/web-1"]"#,
            "kubelet eviction pod=shop/web-1",
        ),
        (
            "kubelet",
            r#"W1123 17:13:36.123456     812 eviction_manager.go:333] "Eviction manager: attempting to reclaim" resourceName="memory""#,
            "kubelet eviction reason=memory",
        ),
        (
            "kubelet",
            &format!(
                r#"I1123 17:13:36.123456     812 kubelet.go:2453] "SyncLoop (PLEG): event for pod" pod="shop/web-1" event={{"ID":"{uid}","Type":"ContainerDied","Data":"$ID"}}"#
            ),
            &format!("! kubelet container_exit container_id=$ID pod=shop/web-1 pod_uid={uid}"),
        ),
        (
            "kubelet",
            &format!(
                r#"I1123 17:13:36.123456     812 generic.go:334] "Generic (PLEG): container finished" podID="{uid}" containerID="$ID" exitCode=137"#
            ),
            &format!("kubelet container_exit container_id=$ID exit_code=137 pod_uid={uid}"),
        ),
        (
            "kubelet",
            r#"E1123 16:22:01.123456 812 pod_workers.go:951] container "app" was OOMKilled (exit code 137)"#,
            "kubelet container_exit exit_code=137 reason=OOMKilled",
        ),
    ]);
}

#[test]
fn runtimes() {
    table(&[
        (
            "containerd[700]",
            r#"time="2026-11-23T17:13:36Z" level=info msg="TaskOOM event &TaskOOM{ContainerID:$ID,XXX_unrecognized:[],}""#,
            "containerd oom_notice actor_pid=700 container_id=$ID",
        ),
        (
            "containerd",
            r#"time="2026-11-23T17:13:36Z" level=info msg="TaskOOM event container_id:\"$ID\"""#,
            "containerd oom_notice container_id=$ID",
        ),
        (
            "containerd",
            r#"time="…" level=info msg="TaskExit event in podsandbox handler container_id:\"$ID\" id:\"$ID\" pid:4242 exit_status:137 exited_at:{seconds:1 nanos:2}""#,
            "containerd container_exit container_id=$ID exit_code=137 pid=4242",
        ),
        // a probe's process, and one of `kubectl exec`
        (
            "containerd",
            r#"level=info msg="TaskExit event &TaskExit{ContainerID:$ID,ID:3f1a09a922d142299cd6540bdf1c403deba3f4a1cf8b81757db4d79bf43ef7f0,Pid:7,ExitStatus:137,ExitedAt:2026,}""#,
            "containerd process_exit container_id=$ID exit_code=137 pid=7",
        ),
        (
            "containerd",
            r#"level=info msg="received exit event container_id:\"$ID\" id:\"web\" pid:7 exit_status:0 exited_at:{seconds:1}""#,
            "! containerd process_exit container_id=$ID exit_code=0 pid=7",
        ),
        (
            "containerd",
            r#"level=info msg="TaskExit event &TaskExit{ContainerID:$ID,ID:$ID,Pid:7,ExitStatus:0,ExitedAt:2026,}""#,
            "! containerd container_exit container_id=$ID exit_code=0 pid=7",
        ),
        (
            "containerd",
            r#"level=info msg="shim disconnected" id=$ID namespace=k8s.io"#,
            "! containerd container_exit container_id=$ID",
        ),
        (
            "containerd",
            r#"level=info msg="cleaning up dead shim" id=$ID namespace=k8s.io"#,
            "! containerd container_exit container_id=$ID",
        ),
        (
            "dockerd[9]",
            r#"level=info msg="ignoring event" container=$ID module=libcontainerd namespace=moby topic=/tasks/delete type="*events.TaskDelete""#,
            "! dockerd container_exit actor_pid=9 container_id=$ID",
        ),
        ("dockerd", "container oom $ID (image=app, name=web)", "dockerd oom_notice container_id=$ID"),
        (
            "podman",
            "2026-11-23 17:13:36.1 +0000 UTC m=+0.1 container died $ID (image=app, name=web, containerExitCode=137)",
            "podman container_exit container_id=$ID exit_code=137",
        ),
        (
            "conmon[44]",
            "conmon 9823d09a922d142299cd <ninfo>: OOM received",
            "conmon oom_notice actor_pid=44 container_id=9823d09a922d142299cd",
        ),
        (
            "conmon",
            "conmon 9823d09a922d142299cd <ninfo>: container 4242 exited with status 137",
            "conmon container_exit container_id=9823d09a922d142299cd exit_code=137 pid=4242",
        ),
        ("runc", "container init was OOM-killed (memory limit too low?)", "runc oom_notice reason=init_oom_killed"),
        (
            "crio",
            r#"level=error msg="Container creation error: … (possibly OOM-killed)""#,
            "crio oom_notice reason=init_possibly_oom_killed",
        ),
    ]);
}

#[test]
fn batch_and_android() {
    table(&[
        (
            "slurmstepd[88]",
            "error: Detected 1 oom-kill event(s) in StepId=25428400.batch. Some of your processes may have been killed by the cgroup out-of-memory handler.",
            "slurmstepd oom_notice actor_pid=88 count=1 job={id:25428400,step:batch}",
        ),
        (
            "",
            "slurmstepd: error: Detected 2 oom-kill event(s) in step 77.0 cgroup. Some",
            "slurmstepd oom_notice count=2 job={id:77,step:0}",
        ),
    ]);
    let driver = r"lowmemorykiller: Killing 'd.process.media' (2846) (tgid 2846), adj 999,\x0ato free 81288kB on behalf of 'kswapd0' (136)";
    let transport = Transport::Dmesg;
    let said = recognise(&record(b"", driver.as_bytes(), &transport, &Origin::Unknown)).unwrap();
    is_found(driver, &said.companion);
    assert_eq!((&said.companion.actor, said.companion.pid), (&Actor::Lowmemorykiller, Some(2846)));
    assert_eq!(said.companion.rss_bytes, Some(crate::units::Bytes::from_kib(81288)));
    table(&[(
        "lowmemorykiller",
        "Kill 'com.example' (1234), uid 10102, oom_score_adj 905 to free 34900kB rss, 0kB swap; reason: low watermark",
        "lmkd killed comm=com.example pid=1234 reason=low watermark rss_bytes=35737600 uid=10102",
    )]);
}

#[test]
fn a_line_counts_only_under_the_name_of_its_program() {
    for (program, text) in [
        ("app", "Killed /x due to memory pressure for /y being 62.09% > 50.00% for > 20s with reclaim activity"),
        ("app", "systemd-oomd[889]: Killed /x due to memory pressure for /y being 62.09% > 50.00% for > 20s"),
        ("app[1]", "oomd kill: 10.00 60.00 300.00 a 1 ruleset:[r] detectorgroup:[g] killer:[k] v2"),
        ("app[1]", "[talos] Sending SIGKILL to cgroup {\"cgroup\": \"/a\"}"),
        ("sshd", "a.service: Failed with result 'oom-kill'."),
        ("containerd", r#"level=info msg="cleaning up dead shim" namespace=k8s.io"#),
        ("kubelet", "TaskOOM event &TaskOOM{ContainerID:9823d09a922d,}"),
        ("containerd", "Got sys oom event"),
        ("systemd", "Started a.service: A process of this unit has been killed by the OOM killer."),
        ("systemd", "Started Kill the OOM killer."),
        ("systemd-oomd", "Considered 21 cgroups for killing, top candidates were:"),
        ("earlyoom", "mem avail:  5432 of  7890 MiB (68.85%), swap free: 2047 of 2047 MiB (100.00%)"),
        ("nohang", "Starting nohang with the config /etc/nohang/nohang.conf"),
        ("kubelet", "The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 5Gi."),
        ("kubelet", r#"I1123 17:13:36.123456 812 x.go:1] "Probe failed" output="The Got sys oom event""#),
        ("slurmstepd", "done with step"),
        ("", "Out of memory: Killed process 1 (init)"),
        ("", "java: not a program of ours"),
    ] {
        assert_eq!(said(program, text), None, "{program}: {text}");
    }
}

#[test]
fn a_tag_in_the_text_counts_only_where_programs_write_so() {
    let text = b"slurmstepd: error: Detected 1 oom-kill event(s) in StepId=1.0. Some";
    assert!(recognise(&record(b"", text, &Transport::Bare, &Origin::Unknown)).is_some());
    assert!(recognise(&record(b"", text, &Transport::Kmsg, &Origin::User)).is_some());
    assert!(recognise(&record(b"", text, &Transport::Rfc3164, &Origin::User)).is_none());
}

#[test]
fn each_line_that_is_read_holds_a_literal() {
    // the lines of the tables above are checked where they are read; here what only `starts_with` or a quote can show
    for (program, text) in [
        ("kubelet", r#""Eviction manager: pods evicted, waiting for pod to be cleaned up" pods=["a/b"]"#),
        ("kubelet", "eviction manager: must evict pod(s) to reclaim memory"),
        ("kubelet", r#"SyncLoop (PLEG): "web-1_shop(cc1072d8)", event: &pleg.PodLifecycleEvent{Type:"ContainerDied"}"#),
        ("kubelet", r#"container "app" was OOMKilled (exit code 137)"#),
        ("earlyoom", "process 7 did not exit"),
        ("conmon", "OOM event received"),
        ("lmkd", "Killing 'a' (1), uid 2 to free 3kB"),
    ] {
        assert!(said(program, text).is_some(), "{program}: {text}");
    }
}

#[test]
fn no_literal_is_contained_in_another_or_could_be_escaped() {
    for Literal { text, .. } in LITERALS.iter() {
        assert!(text.bytes().all(|b| (b' '..=b'~').contains(&b) && !br#""\<>&"#.contains(&b)), "{text:?}");
        assert_eq!(LITERALS.iter().filter(|other| text.contains(other.text)).count(), 1, "{text}");
    }
}

/// What the search costs where somebody else writes the same words.
#[test]
fn literals_of_innocent_lines_are_not_confirmed() {
    for Literal { text, search, .. } in LITERALS.iter() {
        let (before, after) = (b"Nov 23 17:13:34 n1 app[1]: the request ", b" and more of the text, as it came in");
        let is_free = ["container init was OOM-killed", "(possibly OOM-killed)"].contains(text);
        assert!(is_free || !(search.confirm)(before, after), "{text}");
    }
}
