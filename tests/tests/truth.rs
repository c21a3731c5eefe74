//! Real kernels: what a log says must agree with what was seen of the boot from outside it.
//!
//! `truth.json` comes from waitpid, /proc and cgroup counters, never from the log.

use oomkit_core::event::{Confidence, Origin, Outcome, VerdictKind, Victim};
use oomkit_core::{Event, Options, parse_with};
use oomkit_tests::truth::{LOGS, deaths, is_spoofed, killed_in, list, scenarios, transport_of};
use oomkit_tests::{Capture, captures};
use std::collections::{BTreeMap, BTreeSet};

fn comm(victim: &Victim) -> Vec<u8> {
    let text = || victim.comm.clone().unwrap_or_default().into_bytes();
    victim.comm_raw.as_ref().map_or_else(text, |raw| raw.0.clone())
}

fn events(log: &[u8]) -> Vec<Event> {
    parse_with(log, Options::new().include_user(true))
}

#[test]
fn every_kill_line_of_every_log_is_found_and_none_is_invented() {
    let mut kills = 0;
    for capture in captures().iter().filter(|capture| !is_spoofed(capture)) {
        for (name, log) in &capture.logs {
            // arrays of byte numbers, and messages the journal did not print
            if name.starts_with("journal") {
                continue;
            }
            let found: BTreeSet<u32> = events(log)
                .iter()
                .flat_map(|e| &e.victims)
                .filter(|v| v.total_vm_bytes.is_some())
                .map(|v| v.pid)
                .collect();
            assert_eq!(found, killed_in(log), "{}/{name}", capture.name);
            kills += found.len();
        }
    }
    assert!(kills > 1000, "{kills} kills over the corpus");
}

#[test]
fn victims_are_who_died() {
    let mut checked = 0;
    for capture in captures() {
        let deaths = deaths(&capture);
        let Some(log) = capture.log("kmsg.txt") else { continue };
        for event in events(log) {
            for victim in &event.victims {
                let Some(death) = deaths.get(&victim.pid) else { continue };
                let place = format!("{} pid {}", capture.name, victim.pid);
                assert_eq!(comm(victim), death.comm, "{place}");
                if let Some(uid) = victim.uid {
                    assert_eq!(Some(u64::from(uid)), death.uid, "{place}");
                }
                if let (Some(path), Some(cgroup)) = (&victim.task_memcg, &death.cgroup) {
                    assert_eq!(path, cgroup, "{place}");
                }
                if event.verdict.confidence == Confidence::Certain
                    && event.container.is_some()
                    && let Some(silent) = death.silent
                {
                    let expected = if silent { VerdictKind::ChildKilled } else { VerdictKind::ContainerKilled };
                    assert_eq!(event.verdict.kind, expected, "{place}");
                }
                checked += 1;
            }
        }
    }
    assert!(checked > 250, "{checked} victims");
}

#[test]
fn every_kill_the_kernel_counted_and_logged_is_an_event() {
    for capture in captures() {
        let Some(log) = capture.log("kmsg.txt") else { continue };
        let logged = killed_in(log);
        let found: BTreeSet<u32> =
            events(log).iter().flat_map(|e| &e.victims).flat_map(|v| [Some(v.pid), v.selected_pid]).flatten().collect();
        for (pid, death) in deaths(&capture) {
            let comm = String::from_utf8_lossy(&death.comm);
            assert!(found.contains(&pid) || !logged.contains(&pid), "{}: {pid} ({comm}) is missing", capture.name);
        }
    }
}

#[test]
fn limits_are_those_that_were_set() {
    let mut checked = 0;
    for capture in captures() {
        let mut limits = BTreeMap::new();
        for phase in list(&capture.truth, "phases") {
            for cgroup in list(phase, "cgroups") {
                if let Some(limit) = cgroup["limit_bytes"].as_u64().filter(|limit| *limit > 0) {
                    limits.insert(cgroup["path"].as_str().unwrap().to_owned(), limit);
                }
            }
        }
        for event in capture.log("kmsg.txt").map(events).unwrap_or_default() {
            let Some(memcg) = &event.memcg else { continue };
            let limit = memcg.oom_memcg.as_ref().and_then(|path| limits.get(path));
            if let (Some(limit), Some(memory)) = (limit, &memcg.memory) {
                assert_eq!(memory.limit_bytes.map(|b| b.get()), Some(*limit), "{}", capture.name);
                checked += 1;
            }
        }
    }
    assert!(checked > 150, "{checked} limits");
}

#[test]
fn kernel_release_and_page_size_are_the_boots() {
    for capture in captures() {
        let release = capture.truth["kernel_release"].as_str().unwrap();
        let page = capture.truth["page_size"].as_u64().unwrap();
        for event in capture.log("kmsg.txt").or(capture.log("console.log")).map(events).unwrap_or_default() {
            if let Some(kernel) = event.kernel.and_then(|kernel| kernel.release) {
                assert_eq!(kernel, release, "{}", capture.name);
            }
            if let Some(size) = event.page_size_bytes {
                assert_eq!(size.get(), page, "{}", capture.name);
            }
        }
    }
}

#[test]
fn outcomes_of_boots_that_killed_nothing() {
    let outcomes = |capture: &Capture, log: &str| -> BTreeSet<String> {
        capture.log(log).map(events).unwrap_or_default().iter().map(|e| e.outcome.to_string()).collect()
    };
    let mut seen = 0;
    for capture in captures() {
        for scenario in scenarios(&capture) {
            let (log, expected) = match &*scenario {
                "panic" | "panic:2" => ("console.log", Outcome::Panic),
                "panic-nokill" => ("console.log", Outcome::Deadlock),
                "memcg-noprocs" | "sysrq-f-none" => ("kmsg.txt", Outcome::NoKillableProcess),
                _ => continue,
            };
            assert!(outcomes(&capture, log).contains(expected.as_str()), "{} {scenario}", capture.name);
            seen += 1;
        }
    }
    assert_eq!(seen, 6);
}

#[test]
fn lines_a_user_wrote_are_told_apart_where_the_transport_can() {
    let capture = captures().into_iter().find(is_spoofed).expect("a capture with spoofed lines");
    for name in ["kmsg.txt", "dmesg-x.txt", "syslog-raw.txt"] {
        let log = capture.log(name).unwrap();
        let kernel = oomkit_core::parse(log);
        assert_eq!(kernel.len(), 1, "{name}: only the kernel's own dump");
        assert_eq!(kernel[0].source.origin, Origin::Kernel);
        let user: Vec<_> = events(log).into_iter().filter(|e| e.source.origin == Origin::User).collect();
        assert!(user.iter().any(|e| e.victims.iter().any(|v| v.pid == 4343)), "{name}");
    }
}

#[test]
fn every_transport_is_recognised_for_what_it_is() {
    let mut missing: BTreeSet<&str> = LOGS.iter().map(|(name, _)| *name).collect();
    for capture in captures() {
        for (name, log) in &capture.logs {
            let Some(transport) = transport_of(name) else {
                assert_eq!(name, "console.log", "{}", capture.name);
                continue;
            };
            missing.remove(&**name);
            for event in events(log) {
                assert_eq!(event.source.transport, transport, "{}/{name}", capture.name);
            }
        }
    }
    assert!(missing.is_empty(), "not in the corpus: {missing:?}");
}

#[test]
fn the_absolute_time_is_that_of_the_stamp() {
    let mut compared = 0;
    for capture in captures() {
        for (name, log) in &capture.logs {
            for event in events(log) {
                // the machines ran in UTC
                let (Some(text), Some(wall)) = (&event.time.text, event.time.wall) else { continue };
                if text.contains(':') {
                    let clock = wall.format("%H:%M:%S").to_string();
                    assert!(text.contains(&clock), "{}/{name}: {text} is not {wall}", capture.name);
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 100, "{compared}");
}
