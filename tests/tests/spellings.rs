//! Spellings that a kernel, an architecture or a collector has, end to end: one table a kind, with values counted by hand.
//! The lines are those of the kernels' own format strings and of public logs.

use oomkit_core::event::{Constraint, Outcome};
use oomkit_core::{Event, Options, parse, parse_with};

const HEAD: &str = "java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0";
const KILL: &str = "Out of memory: Killed process 4242 (java) total-vm:1000kB, anon-rss:900kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:50kB oom_score_adj:0";

fn bare(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("[   71.146532] {line}\n")).collect()
}

fn one(log: &str) -> Event {
    let mut events = parse(log.as_bytes());
    assert_eq!(events.len(), 1, "{log}");
    events.remove(0)
}

#[test]
fn trigger_lines_of_every_kernel() {
    // mask, comm, order, oom_adj, oom_score_adj, nodemask
    type Expected<'a> = (&'a str, Option<&'a str>, i32, Option<i32>, Option<i32>, Option<&'a str>);
    let table: [(&str, Expected<'_>); 11] = [
        ("oom-killer: gfp_mask=0x201d2, order=0", ("0x201d2", None, 0, None, None, None)),
        (
            "httpd invoked oom-killer: gfp_mask=0x201d2, order=0, oomkilladj=0",
            ("0x201d2", Some("httpd"), 0, Some(0), None, None),
        ),
        (
            "java invoked oom-killer: gfp_mask=0x201da, order=0, oom_adj=-17",
            ("0x201da", Some("java"), 0, Some(-17), None, None),
        ),
        (
            "mysqld invoked oom-killer: gfp_mask=0x280da, order=0, oom_adj=0, oom_score_adj=0",
            ("0x280da", Some("mysqld"), 0, Some(0), Some(0), None),
        ),
        (
            "java invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=-998",
            ("0xd0", Some("java"), 0, None, Some(-998), None),
        ),
        (
            "memeater invoked oom-killer: gfp_mask=0x24280ca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO), order=0, oom_score_adj=0",
            ("0x24280ca", Some("memeater"), 0, None, Some(0), None),
        ),
        (
            "mempig invoked oom-killer: gfp_mask=0x24280ca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO), nodemask=0, order=0, oom_score_adj=1000",
            ("0x24280ca", Some("mempig"), 0, None, Some(1000), Some("0")),
        ),
        (
            "cp invoked oom-killer: gfp_mask=0x14000c0(GFP_KERNEL), nodemask=(null),  order=0, oom_score_adj=-998",
            ("0x14000c0", Some("cp"), 0, None, Some(-998), None),
        ),
        (
            "main invoked oom-killer: gfp_mask=0x6200ca(GFP_HIGHUSER_MOVABLE), nodemask=0,2-3, order=0, oom_score_adj=0",
            ("0x6200ca", Some("main"), 0, None, Some(0), Some("0,2-3")),
        ),
        (
            "runc:[1:CHILD] invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=-999",
            ("0xcc0", Some("runc:[1:CHILD]"), 0, None, Some(-999), None),
        ),
        (
            "kworker/3:2 invoked oom-killer: gfp_mask=0x24000c0, order=-1, oom_score_adj=0",
            ("0x24000c0", Some("kworker/3:2"), -1, None, Some(0), None),
        ),
    ];
    for (line, (mask, comm, order, adj, score_adj, nodemask)) in table {
        let event = one(&bare(&[line, KILL]));
        let t = event.trigger.unwrap();
        assert_eq!((t.gfp_mask.as_deref(), t.comm.as_deref(), t.order), (Some(mask), comm, Some(order)), "{line}");
        assert_eq!((t.oom_adj, t.oom_score_adj, t.nodemask.as_deref()), (adj, score_adj, nodemask), "{line}");
        assert_eq!(event.victims.len(), 1, "{line}");
    }
}

#[test]
fn kill_lines_of_every_kernel() {
    // pid, comm, uid, total-vm, shmem-rss
    type Expected<'a> = (u32, &'a str, Option<u32>, Option<u64>, Option<u64>);
    let table: [(&str, Expected<'_>); 9] = [
        ("Out of Memory: Killed process 2592 (oracle).", (2592, "oracle", None, None, None)),
        ("Killed process 12031 (httpd)", (12031, "httpd", None, None, None)),
        ("Killed process 1200 (x y) vsz:100kB, anon-rss:40kB, file-rss:4kB", (1200, "x y", None, Some(102_400), None)),
        (
            "Killed process 1200 (mysqld) total-vm:100kB, anon-rss:40kB, file-rss:4kB",
            (1200, "mysqld", None, Some(102_400), None),
        ),
        (
            "Killed process 9682, UID 27, (mysqld) total-vm:47388kB, anon-rss:3744kB, file-rss:80kB",
            (9682, "mysqld", Some(27), Some(48_525_312), None),
        ),
        (
            "Killed process 1200 (java), UID 1000, total-vm:100kB, anon-rss:40kB, file-rss:4kB, shmem-rss:8kB",
            (1200, "java", Some(1000), Some(102_400), Some(8192)),
        ),
        (
            "Killed process 1200 (java) total-vm:100kB, anon-rss:40kB, file-rss:4kB, shmem-rss:8kB",
            (1200, "java", None, Some(102_400), Some(8192)),
        ),
        (
            "Memory cgroup out of memory: Killed process 1200 (java) total-vm:100kB, anon-rss:40kB, file-rss:4kB, shmem-rss:8kB",
            (1200, "java", None, Some(102_400), Some(8192)),
        ),
        (
            "Out of memory (oom_kill_allocating_task): Killed process 1200 (java) total-vm:100kB, anon-rss:40kB, file-rss:4kB, shmem-rss:8kB, UID:7 pgtables:50kB oom_score_adj:0",
            (1200, "java", Some(7), Some(102_400), Some(8192)),
        ),
    ];
    for (line, (pid, comm, uid, total, shmem)) in table {
        let event = one(&bare(&[HEAD, line]));
        let v = &event.victims[0];
        assert_eq!((v.pid, v.comm.as_deref(), v.uid), (pid, Some(comm), uid), "{line}");
        assert_eq!(v.total_vm_bytes.map(|b| b.get()), total, "{line}");
        assert_eq!(v.shmem_rss_bytes.map(|b| b.get()), shmem, "{line}");
        assert_eq!(event.outcome, Outcome::Killed, "{line}");
    }
}

#[test]
fn what_no_victim_means_in_each_spelling() {
    for (line, outcome) in [
        ("Kernel panic - not syncing: Out of memory and no killable processes...", Outcome::Deadlock),
        ("Kernel panic - not syncing: System is deadlocked on memory", Outcome::Deadlock),
        ("Kernel panic - not syncing: Out of memory: compulsory panic_on_oom is enabled", Outcome::Panic),
        ("Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled", Outcome::Panic),
        ("Kernel panic - not syncing: out of memory. panic_on_oom is selected", Outcome::Panic),
        ("Kernel panic - not syncing: out of memory. Compulsory panic_on_oom is selected.", Outcome::Panic),
        ("Kernel panic - not syncing: out of memory from page fault. panic_on_oom is selected.", Outcome::Panic),
        ("Kernel panic - not syncing: out of memory(memcg). panic_on_oom is selected.", Outcome::Panic),
        ("Out of memory and no killable processes...", Outcome::NoKillableProcess),
    ] {
        let event = one(&bare(&[HEAD, line]));
        assert_eq!((event.outcome, event.victims.len()), (outcome, 0), "{line}");
    }
}

#[test]
fn traces_of_every_architecture() {
    for (header, frames, symbols) in [
        (
            "Call Trace:",
            &[" [<ffffffff8163515c>] dump_stack+0x19/0x1b", " <IRQ>  [<ffffffff816301c7>] ? dump_header+0x8e/0x214"][..],
            &["dump_stack", "dump_header"][..],
        ),
        (
            "Call Trace:",
            &[" <TASK>", " dump_stack+0x66/0x8b", " ? dump_header+0x71/0x282", " </TASK>"],
            &["dump_stack", "dump_header"],
        ),
        (
            "Call trace:",
            &["[<ffff000008088a58>] dump_backtrace+0x0/0x1f0", "[<ffff0000081b4e44>] out_of_memory+0x304/0x3d8"],
            &["dump_backtrace", "out_of_memory"],
        ),
        (
            "Call trace:",
            &[" show_stack+0x18/0x24 (C)", " out_of_memory+0x1a4/0x590 (P)"],
            &["show_stack", "out_of_memory"],
        ),
        (
            "Call Trace:",
            &[
                "[c0000001f2a37830] [c0000000003b1f2c] dump_stack+0xb0/0xf0 (unreliable)",
                "[c0000001f2a37870] [c0000000001e3c1c] dump_header+0x8c/0x220",
            ],
            &["dump_stack", "dump_header"],
        ),
        (
            "Call Trace:",
            &["([<0000000000112a2e>] show_stack+0x4e/0xe8)", " [<0000000000205b8a>] dump_header+0x7a/0x218"],
            &["show_stack", "dump_header"],
        ),
        (
            "Backtrace: ",
            &[
                "[<c0106d5c>] (dump_backtrace) from [<c0106f60>] (show_stack+0x18/0x1c)",
                "[<c01c3d08>] (dump_header) from [<c01c4290>] (oom_kill_process+0x84/0x48c)",
            ],
            // the place of each call is what `from` names
            &["show_stack", "oom_kill_process"],
        ),
        (
            "Call trace: ",
            &[" dump_backtrace from show_stack+0x18/0x1c", " dump_header from oom_kill_process+0x84/0x48c"],
            &["show_stack", "oom_kill_process"],
        ),
        (
            "Call Trace:",
            &["[<ffffffff80005a28>] dump_backtrace+0x1c/0x24", "[<ffffffff800f2b04>] out_of_memory+0x2e4/0x4e6"],
            &["dump_backtrace", "out_of_memory"],
        ),
        (
            "Call Trace:",
            &[" [<00000000004d9e9c>] dump_header+0x5c/0x200", " [<0000000000664a20>] handle_pte_fault+0xe0/0x200"],
            &["dump_header", "handle_pte_fault"],
        ),
        (
            "Call Trace:",
            &[" [<c0446a9c>] out_of_memory+0x3b/0x179", " [<c0447e3a>] __alloc_pages+0x1fe/0x27e"],
            &["out_of_memory", "__alloc_pages"],
        ),
    ] {
        let mut lines = vec![HEAD, header];
        lines.extend(frames);
        lines.push(KILL);
        let event = one(&bare(&lines));
        let came: Vec<_> = event.call_trace.iter().map(|f| f.symbol.as_str()).collect();
        assert_eq!(came, symbols, "{frames:?}");
        assert_eq!(event.victims.len(), 1, "{frames:?}");
    }
}

#[test]
fn page_sizes_and_highmem() {
    for (buddy, size) in [
        ("Node 0 DMA: 1*4kB (U) 0*8kB 1*16kB (U) = 20kB", 4096),
        ("Node 0 Normal: 3*16kB (UM) 0*32kB 1*64kB (U) = 112kB", 16_384),
        ("Node 0 DMA: 1*64kB (U) 0*128kB 1*256kB (M) = 320kB", 65_536),
        ("HighMem: 1*4kB (U) 0*8kB 1*16kB (U) = 20kB", 4096),
    ] {
        let event = one(&bare(&[HEAD, "Mem-Info:", buddy, "10 pages RAM", "2 pages HighMem/MovableOnly", KILL]));
        assert_eq!(event.page_size_bytes.map(|b| b.get()), Some(size), "{buddy}");
        let memory = event.memory.unwrap();
        assert_eq!(memory.total_ram_bytes.map(|b| b.get()), Some(10 * size), "{buddy}");
        assert_eq!(memory.highmem_bytes.map(|b| b.get()), Some(2 * size), "{buddy}");
    }
}

#[test]
fn dmesg_of_every_locale_gives_the_kernel_text() {
    for stamp in [
        "Sat Sep 11 12:24:42 2021",
        "Sa, 11. Sep 2021, 12:24:42",
        "So 11. zář 2021 12:24:42",
        "sam. 11 sept. 12:24:42 2021",
        "9月11日(土) 12:24:42 2021",
        "9월 11일 (토) 12:24:42",
        "lör 11 sep 2021 12.24.42",
        "sub. 11. sep. 2021. 12:24:42",
        "شنبه 11 سپتامبر 2021 12:24:42",
        "შაბ 11 სექტემბერი, 12:24:42 +04",
        "六 9月 11 12:24:42 2021",
        "Сб сен 11 12:24:42 2021",
    ] {
        let event = one(&format!("[{stamp}] {HEAD}\n[{stamp}] {KILL}\n"));
        assert_eq!(event.time.text.as_deref(), Some(stamp));
        assert_eq!(event.source.transport.as_str(), "dmesg_wall", "{stamp}");
        assert_eq!((event.trigger.unwrap().comm.as_deref(), event.victims[0].pid), (Some("java"), 4242), "{stamp}");
    }
}

#[test]
fn one_dump_in_every_wrapping() {
    for (name, wrap) in [
        ("bare", "{}"),
        ("dmesg", "[   71.146532] {}"),
        ("dmesg", "[   71.146532][ T9694] {}"),
        ("dmesg", "[   71.146532] [ T9694] {}"),
        ("dmesg", "kern  :warn  : [   71.146532] {}"),
        ("dmesg", "[Sep11 12:24] {}"),
        ("dmesg", "[  +0.000123] {}"),
        ("dmesg", "[   71.146532 <    0.000123>] {}"),
        ("dmesg_iso", "2013-06-13T22:11:00,123456+01:00 {}"),
        ("kmsg_raw", "<4>[   71.146532] {}"),
        ("kmsg", "4,1234,71146532,-,caller=T9694;{}"),
        ("rfc3164", "Mar 30 12:00:01 host kernel: [   71.146532] {}"),
        ("rfc3164", "Mar 30 12:00:01 host kern.warn kernel: {}"),
        ("rfc3164", "Mar 30 12:00:01 kernel: {}"),
        ("rfc3164", "2024 Mar 30 12:00:01 host kernel: {}"),
        ("rfc3164", "Mar 30 2024 12:00:01.123 host kernel: {}"),
        ("rfc5424", "<4>1 2021-09-11T12:24:42.123456+02:00 host kernel - - - {}"),
        ("rfc5424", "<4>1 2021-09-11T12:24:42Z host kernel - - [meta sequenceId=\"1\"] {}"),
        ("iso8601", "2024-03-30T12:00:01.123456+01:00 host kernel: {}"),
        ("journal_short", "Sat 2024-03-30 12:00:01 CET host kernel: {}"),
        ("journal_short", "2024-03-30T12:00:01+0100 host kernel: {}"),
        ("journal_short", "Mar 30 12:00:01.123456 host kernel: {}"),
        ("journal_short", "[   71.146532] host kernel: {}"),
        ("journal_short", "[   71.146532 <    0.000123>] host kernel: {}"),
        ("journal_short", "1711796401.123456 host kernel: {}"),
        ("epoch", "1711796401 host kernel: {}"),
        ("talos", "kern: warning: [2026-01-12T20:27:31.913975631Z]: {}"),
        ("cri", "2024-03-30T11:00:01.123456789Z stdout F [   71.146532] {}"),
        ("docker_json", r#"{"log":"[   71.146532] {}\n","stream":"stdout","time":"2024-03-30T11:00:01.123456789Z"}"#),
        (
            "journal_json",
            r#"{"MESSAGE":"{}","_TRANSPORT":"kernel","_HOSTNAME":"host","__REALTIME_TIMESTAMP":"1711796401123456"}"#,
        ),
        ("journal_json", "\x1e{\"MESSAGE\":\"{}\",\"_TRANSPORT\":\"kernel\"}"),
        ("journal_json", r#"data: {"MESSAGE":"{}","_TRANSPORT":"kernel"}"#),
        ("json_lines", r#"{"priority":4,"sequence":1234,"sec":71,"usec":146532,"msg":"{}"}"#),
        ("json_lines", r#"[0] kmsg.0: [1711796401.0, {"msg"=>"{}", "priority"=>4, "sec"=>71, "usec"=>146532}]"#),
        ("json_lines", "2024-03-30T11:00:01+00:00\tnode.kmsg\t{\"message\":\"{}\"}"),
        ("json_lines", r#"{"message":"{}","host":"node","timestamp":"2024-03-30T11:00:01Z"}"#),
        ("json_lines", r#"{"streams":[{"stream":{"host":"node"},"values":[["1711796401123456789","{}"]]}]}"#),
        ("json_lines", r#"{"timestamp":1711796401123,"message":"{}"}"#),
        ("json_lines", r#"{"textPayload":"{}","timestamp":"2024-03-30T11:00:01Z"}"#),
        ("json_lines", r#"{"jsonPayload":{"MESSAGE":"{}"},"resource":{"type":"gce_instance"}}"#),
        ("json_lines", r#"{"version":"1.1","host":"node","short_message":"{}","timestamp":1711796401.123}"#),
        ("json_lines", r#"{"message":"Mar 30 12:00:01 host kernel: [   71.146532] {}"}"#),
        ("logcli", "2024-03-30T11:00:01Z {host=\"h\"} {}"),
        ("logcat", "03-30 12:00:01.123     0     0 W kernel  : {}"),
        ("logcat", "W/kernel  (    0): {}"),
        ("quoted", "> {}"),
        ("quoted", ">> | {}"),
        ("dmesg", "    [   71.146532] {}"),
        ("dmesg", "> [   71.146532] {}"),
        ("dmesg", "\x1b[32m[   71.146532] \x1b[0m{}"),
        ("dmesg", "\u{a0}\u{a0}[   71.146532] {}"),
        ("dmesg", "[   71.146532] {}\r"),
    ] {
        for newest_first in [false, true] {
            let summary = "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/,task=java,pid=4242,uid=0";
            let mut lines = [
                HEAD,
                "CPU: 1 PID: 77 Comm: java Not tainted 5.10.0-30-amd64 #1 Debian",
                "Mem-Info:",
                "10 pages RAM",
                summary,
                KILL,
            ];
            if newest_first {
                lines.reverse();
            }
            let log: String = lines.iter().map(|line| wrap.replace("{}", line) + "\n").collect();
            let event = one(&log);
            assert_eq!(event.source.transport.as_str(), name, "{wrap} {newest_first}");
            let trigger = event.trigger.unwrap();
            assert_eq!((trigger.comm.as_deref(), trigger.pid), (Some("java"), Some(77)), "{wrap} {newest_first}");
            assert_eq!((event.victims[0].pid, event.constraint), (4242, Constraint::None), "{wrap} {newest_first}");
            assert_eq!(event.completeness.as_str(), "complete", "{wrap} {newest_first}");
        }
    }
}

#[test]
fn what_only_looks_like_a_kill_gives_no_event() {
    let allocation_failure = bare(&[
        "swapper/0: page allocation failure: order:4, mode:0xcc0(GFP_KERNEL), nodemask=(null),cpuset=/,mems_allowed=0",
        "CPU: 1 PID: 77 Comm: swapper/0 Not tainted 5.10.0-30-amd64 #1 Debian",
        "Call Trace:",
        " dump_stack+0x66/0x8b",
        " warn_alloc+0x10e/0x180",
        "Mem-Info:",
        "active_anon:1 inactive_anon:2 isolated_anon:0",
        "Node 0 DMA free:1kB min:2kB low:3kB high:4kB",
        "10 pages RAM",
    ]);
    for log in [
        allocation_failure.as_str(),
        "Jun  1 12:00:01 h kernel: Would have killed process 1234 (java). But continuing instead.",
        "Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space",
        "Terminating due to java.lang.OutOfMemoryError: Java heap space",
        "RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 15.90 GiB total capacity)",
        "MemoryError: Unable to allocate 8.00 GiB for an array with shape (1, 1073741824)",
        "FATAL ERROR: Ineffective mark-compacts near heap limit Allocation failed - JavaScript heap out of memory",
        "ERROR:  out of memory\nDETAIL:  Failed on request of size 8192.",
        "fatal error: runtime: out of memory",
        "Mar 30 12:00:01 h app[77]: Killed process 12 because it used too much memory",
        "Mar 30 12:00:01 h kernel: OOM killer enabled.\nMar 30 12:00:01 h kernel: OOM killer disabled.",
        "[   71.146532] Huh VM_FAULT_OOM leaked out to the #PF handler. Retrying PF",
        "[   71.146532] lowmemorykiller: Killing 'com.app' (1234), adj 900,",
        "the kernel logs a line such as \"java invoked oom-killer\" and then kills a process",
        "When the OOM killer strikes, dmesg shows Out of memory: Killed process.",
        "        pr_err(\"%s: Killed process %d (%s) total-vm:%lukB, anon-rss:%lukB\\n\", message, task_pid_nr(victim));",
        "    if line.contains(\"invoked oom-killer\") { return Some(Kill) }",
        "<bob> my box said 'Out of memory: Kill process' yesterday, any idea?",
        "{\"_TRANSPORT\":\"syslog\",\"SYSLOG_IDENTIFIER\":\"kernel\",\"MESSAGE\":\"Out of memory: Killed process 1 (init) total-vm:1kB, anon-rss:1kB, file-rss:0kB\"}",
        "12,350,11671152,-;Out of memory: Killed process 1 (init) total-vm:1kB, anon-rss:1kB, file-rss:0kB",
        "<13>Mar 30 12:00:01 h kernel: Out of memory: Killed process 1 (init) total-vm:1kB, anon-rss:1kB, file-rss:0kB",
        "Mar 30 12:00:01 h logger: Out of memory: Killed process 1 (init) total-vm:1kB, anon-rss:1kB, file-rss:0kB",
        "user  :notice: [   71.146532] Out of memory: Killed process 1 (init) total-vm:1kB, anon-rss:1kB, file-rss:0kB",
        "type=USER_CMD msg=audit(1711796401.123:77): pid=1 uid=0 cmd=grep \"Killed process 12 (java)\" exe=\"/bin/grep\"",
        "Mar 30 12:00:01 h systemd-oomd[889]: Killed /user.slice due to memory pressure for /user.slice being 62.09% > 50.00% for > 20s with reclaim activity",
        "Mar 30 12:00:01 h earlyoom[7]: sending SIGTERM to process 42 uid 1000 \"java\": oom_score 900, oom_score_adj 0, VmRSS 900 MiB",
        "Mar 30 12:00:01 h kubelet[99]: I0330 eviction manager: pods web-1 evicted, waiting for pod to be cleaned up",
        "Mar 30 12:00:01 h containerd[9]: TaskOOM event &TaskOOM{ContainerID:abc,XXX_unrecognized:[],}",
        "Mar 30 12:00:01 h systemd[1]: x.service: A process of this unit has been killed by the OOM killer.",
    ] {
        let events = parse(log.as_bytes());
        assert!(events.is_empty(), "{log}\n{:?}", events.iter().map(|e| &e.victims).collect::<Vec<_>>());
    }
}

#[test]
fn a_user_line_is_an_event_only_where_asked_for() {
    let log =
        b"Mar 30 12:00:01 h logger: Out of memory: Killed process 1 (init) total-vm:1kB, anon-rss:1kB, file-rss:0kB";
    let events = parse_with(log, Options::new().include_user(true));
    assert_eq!(events[0].source.origin.as_str(), "user");
}

#[test]
fn several_boots_in_one_file() {
    // as `journalctl -o short-monotonic`, with its own lines between boots; and the same with the newest boot first
    let boot = |pid: u32| {
        let kill = KILL.replace("4242", &pid.to_string());
        format!("[   71.{pid}32] h kernel: {HEAD}\n[   71.{pid}60] h kernel: {kill}\n")
    };
    for separator in [
        "-- Boot 0123456789abcdef0123456789abcdef --\n",
        "-- Reboot --\n",
        "[    0.000000] h kernel: Linux version 5.10.0\n",
        "",
    ] {
        let log: String = (1..=4).map(|n| boot(4240 + n) + separator).collect();
        let events = parse(log.as_bytes());
        let pids: Vec<_> = events.iter().map(|e| (e.completeness.as_str(), e.victims[0].pid)).collect();
        assert_eq!(pids.iter().map(|p| p.1).collect::<Vec<_>>(), [4241, 4242, 4243, 4244], "{separator}");
        assert!(events.iter().all(|e| e.trigger.is_some()), "{separator}");
        assert!(
            events.iter().all(|e| e.diagnostics.iter().all(|d| d.kind.as_str() != "order_reversed")),
            "{separator}"
        );
    }
}
