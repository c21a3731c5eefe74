//! Companions end to end: whom they belong to, in which order they come, and that they are not there unless asked for.

use oomkit_core::event::{Companion, CompanionKind};
use oomkit_core::{Event, Item, Items, Options, Parser, Stats, parse};
use oomkit_tests::{captures, corpus};

const ID: &str = "9823d09a922d142299cd6540bdf1c403deba3f4a1cf8b81757db4d79bf43ef7f";
const OTHER: &str = "1111111111111111111111111111111111111111111111111111111111111111";

fn items(log: &[u8]) -> (Vec<Item>, Stats) {
    let mut items = Items::default();
    let mut parser = Parser::new(Options::new().source("messages").companions(true));
    // in small pieces: nothing may depend on how the log is cut
    for chunk in log.chunks(997) {
        let _ = parser.feed(chunk, &mut items);
    }
    let stats = parser.finish(&mut items);
    (items.0, stats)
}

fn split(items: Vec<Item>) -> (Vec<Event>, Vec<Companion>) {
    let (mut events, mut companions) = (Vec::new(), Vec::new());
    for item in items {
        match item {
            Item::Event(event) => events.push(*event),
            Item::Companion(companion) => companions.push(*companion),
            _ => unreachable!(),
        }
    }
    (events, companions)
}

fn kill(time: &str, host: &str, pid: u32, id: &str) -> String {
    let path = format!(
        "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podabaea896_8e17_4cbe_03ed_38d70e909537.slice/cri-containerd-{id}.scope"
    );
    format!(
        "Nov 23 {time} {host} kernel: app invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0\n\
         Nov 23 {time} {host} kernel: memory: usage 25600kB, limit 25600kB, failcnt 30\n\
         Nov 23 {time} {host} kernel: oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg={path},task_memcg={path},task=app,pid={pid},uid=0\n\
         Nov 23 {time} {host} kernel: Memory cgroup out of memory: Killed process {pid} (app) total-vm:36000kB, anon-rss:24000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:96kB oom_score_adj:0\n"
    )
}

fn task_oom(time: &str, host: &str, id: &str) -> String {
    format!(
        "Nov 23 {time} {host} containerd[700]: time=\"2026-11-23T17:13:36Z\" level=info msg=\"TaskOOM event &TaskOOM{{ContainerID:{id},XXX_unrecognized:[],}}\"\n"
    )
}

fn later(host: &str) -> String {
    format!("Nov 23 17:20:00 {host} cron[1]: quiet\n")
}

#[test]
fn a_kill_with_what_the_others_said_of_it() {
    let log = [
        "Nov 23 17:13:20 n1 earlyoom[6]: low memory! at or below SIGTERM limits: mem 10.00%, swap  5.25%\n",
        &kill("17:13:34", "n1", 4242, ID),
        &format!("Nov 23 17:13:35 n1 systemd[1]: cri-containerd-{ID}.scope: A process of this unit has been killed by the OOM killer.\n"),
        &format!("Nov 23 17:13:35 n1 systemd[1]: cri-containerd-{ID}.scope: Deactivated successfully.\n"),
        "Nov 23 17:13:35 n1 systemd[1]: other.service: Deactivated successfully.\n",
        &task_oom("17:13:36", "n1", ID),
        &task_oom("17:13:36", "n1", OTHER),
        &task_oom("17:13:36", "n2", ID),
        "Nov 23 17:13:37 n1 app[9]: Killed /x due to memory pressure for /y being 62.09% > 50.00% for > 20s with reclaim activity\n",
        &later("n1"),
    ]
    .concat();
    let (items, stats) = items(log.as_bytes());
    let first_lines: Vec<u64> = items
        .iter()
        .map(|item| match item {
            Item::Event(event) => event.source.first_line,
            Item::Companion(companion) => companion.source.first_line,
            _ => unreachable!(),
        })
        .collect();
    assert!(first_lines.is_sorted(), "{first_lines:?}");
    let (events, companions) = split(items);
    let [event] = &events[..] else { panic!("{} events", events.len()) };
    assert_eq!((stats.events, stats.companions), (1, 6));
    let seen: Vec<_> =
        companions.iter().map(|c| (c.source.first_line, c.kind.as_str(), c.event_id.is_some())).collect();
    assert_eq!(
        seen,
        [
            (1, "low_memory", false),
            (6, "oom_notice", true),
            (7, "unit_result", true),
            (9, "oom_notice", true),
            (10, "oom_notice", false),
            (11, "oom_notice", false),
        ]
    );
    assert!(companions.iter().filter_map(|c| c.event_id.as_ref()).all(|id| *id == event.id));
    let oom = &companions[3];
    assert_eq!((oom.actor.as_str(), oom.actor_pid, oom.host.as_deref()), ("containerd", Some(700), Some("n1")));
    assert_eq!((oom.time.text.as_deref(), oom.source.name.as_str()), (Some("Nov 23 17:13:36"), "messages"));
}

#[test]
fn the_window_has_an_end() {
    let near = |gap: &str| {
        let log =
            [&kill("17:13:34", "n1", 4242, ID), &task_oom(gap, "n1", ID), &later("n1")].map(String::as_str).concat();
        split(items(log.as_bytes()).0).1[0].event_id.is_some()
    };
    assert!(near("17:13:44"));
    assert!(!near("17:13:45"));
    // containerd's line overtook the kernel's
    let log = [&task_oom("17:13:30", "n1", ID), &kill("17:13:34", "n1", 4242, ID)].map(String::as_str).concat();
    assert!(split(items(log.as_bytes()).0).1[0].event_id.is_some());
}

#[test]
fn of_two_kills_the_last_before_it() {
    let parts = [
        kill("17:13:34", "n1", 4242, ID),
        task_oom("17:13:35", "n1", ID),
        kill("17:13:37", "n1", 4243, ID),
        task_oom("17:13:38", "n1", ID),
        later("n1"),
    ];
    let (events, companions) = split(items(parts.concat().as_bytes()).0);
    let ids = |n: usize| (companions[n].event_id.as_deref(), events[n].id.as_str());
    for n in 0..2 {
        let (of_companion, of_event) = ids(n);
        assert_eq!(of_companion, Some(of_event), "{n}");
    }
}

#[test]
fn journal_entries_name_their_program() {
    let entry = |micros: u64, fields: &str| {
        format!("{{\"__REALTIME_TIMESTAMP\":\"{micros}\",\"_HOSTNAME\":\"n1\",{fields}}}\n")
    };
    let kill = "Memory cgroup out of memory: Killed process 4242 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:0kB";
    let log = [
        entry(
            1_795_454_015_000_000,
            &format!("\"_TRANSPORT\":\"kernel\",\"SYSLOG_IDENTIFIER\":\"kernel\",\"MESSAGE\":\"{kill}\""),
        ),
        entry(
            1_795_454_016_000_000,
            "\"_TRANSPORT\":\"stdout\",\"SYSLOG_IDENTIFIER\":\"earlyoom\",\"MESSAGE\":\"process 4242 exited after 0.1 seconds\"",
        ),
        entry(
            1_795_454_018_000_000,
            "\"_TRANSPORT\":\"stdout\",\"SYSLOG_IDENTIFIER\":\"app\",\"MESSAGE\":\"process 4242 exited after 0.1 seconds\"",
        ),
    ];
    let (events, companions) = split(items(log.concat().as_bytes()).0);
    assert_eq!((events.len(), companions.len()), (1, 1));
    assert!(companions.iter().all(|c| c.event_id.as_deref() == Some(&events[0].id)));
    let rfc5424 = "<30>1 2026-11-23T17:13:36Z n1 earlyoom 6 - - process 7 exited after 0.1 seconds\n";
    assert_eq!(items(rfc5424.as_bytes()).1.companions, 1);
}

#[test]
fn companions_change_no_event() {
    for capture in captures() {
        for (name, log) in &capture.logs {
            let (events, _) = split(items(log).0);
            let plain: Vec<Event> = {
                let mut events = Vec::new();
                let mut parser = Parser::new(Options::new().source("messages"));
                let _ = parser.feed(log, &mut events);
                parser.finish(&mut events);
                events
            };
            assert!(events == plain, "{}/{name}", capture.name);
        }
    }
    assert!(!parse(&std::fs::read(corpus().join("seed/messages.log")).unwrap()).is_empty());
}

#[test]
fn they_come_only_when_asked_for_and_read_back_the_same() {
    let log = [kill("17:13:34", "n1", 4242, ID), task_oom("17:13:35", "n1", ID)].concat();
    let mut items = Items::default();
    let mut parser = Parser::new(Options::new());
    let _ = parser.feed(log.as_bytes(), &mut items);
    assert_eq!(parser.finish(&mut items).companions, 0);
    assert_eq!(items.0.len(), 1);

    let (_, companions) = split(self::items(log.as_bytes()).0);
    let json = serde_json::to_value(&companions[0]).unwrap();
    assert_eq!((json["type"].as_str(), json["actor"].as_str()), (Some("companion"), Some("containerd")));
    assert_eq!(serde_json::from_value::<Companion>(json).unwrap(), companions[0]);
    let lone = split(self::items(task_oom("17:13:35", "n1", ID).as_bytes()).0).1;
    assert_eq!(lone[0].kind, CompanionKind::OomNotice);
    assert!(serde_json::to_value(&lone[0]).unwrap()["event_id"].is_null());
}

/// A flood of companions that never find their kill, behind a host that says no more: what waits is bounded, and
/// nothing is lost.
#[test]
fn a_flood_is_bounded() {
    let mut limits = oomkit_core::Limits::default();
    limits.companions = 16;
    for first in [task_oom("17:13:36", "silent", ID), kill("17:13:36", "silent", 1, ID)] {
        let mut items = Items::default();
        let mut parser = Parser::new(Options::new().companions(true).limits(limits));
        let _ = parser.feed(first.as_bytes(), &mut items);
        for n in 0..1000 {
            let _ = parser.feed(task_oom("17:13:36", &format!("n{}", n % 7), OTHER).as_bytes(), &mut items);
        }
        assert!(items.0.len() >= 900, "{} given before the end", items.0.len());
        let _ = parser.finish(&mut items);
        assert_eq!(items.0.len(), 1001);
    }
}
