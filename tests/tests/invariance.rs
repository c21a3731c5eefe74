//! What may stand around and between the lines of a dump without changing the event.

use oomkit_core::event::DiagnosticKind;
use oomkit_core::{Event, parse};
use oomkit_tests::captures;
use oomkit_tests::synth::expect::tamed;
use oomkit_tests::synth::model::{Dump, End, Limit};
use oomkit_tests::synth::wrap::record;
use oomkit_tests::synth::{Era, KernelLine, Transport, end, print, random, wrap};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{TestCaseError, TestRunner};

/// Everything but where, when and in which log.
fn facts(event: &Event) -> serde_json::Value {
    let mut json = serde_json::to_value(event).unwrap();
    for key in ["time", "host", "source", "diagnostics"] {
        json.as_object_mut().unwrap().remove(key);
    }
    for evidence in json["verdict"]["evidence"].as_array_mut().unwrap() {
        evidence.as_object_mut().unwrap().remove("line");
    }
    json
}

fn all(events: &[Event]) -> Vec<serde_json::Value> {
    events.iter().map(facts).collect()
}

/// A dump with plain names, so that no transport loses any of them, and with an end that can be seen.
fn plain(era: Era) -> impl Strategy<Value = (Era, Dump)> {
    random::dump(era).prop_map(move |mut dump| {
        let plain = |name: &mut Vec<u8>| name.iter_mut().filter(|b| !b.is_ascii_alphanumeric()).for_each(|b| *b = b'_');
        plain(&mut dump.trigger.comm);
        dump.tasks.iter_mut().for_each(|task| plain(&mut task.comm));
        dump.end = End::Kill;
        (era, tamed(dump, Transport::JournalVerbose))
    })
}

fn eras() -> impl Strategy<Value = Era> {
    // Alibaba's kernel may print no end: what follows would belong to the dump
    prop::sample::select(Era::ALL.iter().copied().filter(|era| *era != Era::Al7).collect::<Vec<_>>())
}

fn any_dump() -> impl Strategy<Value = (Era, Dump)> {
    eras().prop_flat_map(plain)
}

fn transport() -> impl Strategy<Value = Transport> {
    prop::sample::select(&Transport::ALL[..])
}

/// Transports that tell hosts apart.
fn of_hosts() -> impl Strategy<Value = Transport> {
    transport().prop_filter("no host in it", |transport| transport.has_host())
}

/// Reaper lines have another caller, which is a gap of its own: see `synth.rs`.
fn lines(era: Era, dump: &Dump) -> Vec<KernelLine> {
    print(dump, era)
}

/// Compares the events of a log with those expected, and keeps the log where they differ.
fn compare(log: &[u8], expected: &[serde_json::Value], place: &str) -> Result<(), TestCaseError> {
    let events = parse(log);
    let came = all(&events);
    if came == expected {
        return Ok(());
    }
    if let Some(folder) = std::env::var_os("OOMKIT_SAMPLES") {
        let name: String = place.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
        std::fs::write(std::path::Path::new(&folder).join(name), log).unwrap();
    }
    let brief = |e: &Event| format!("lines {}-{} {}", e.source.first_line, e.source.last_line, e.completeness);
    let events: Vec<_> = events.iter().map(brief).collect();
    let keys: Vec<_> = came.iter().zip(expected).flat_map(|(c, e)| different(c, e)).collect();
    Err(TestCaseError::fail(format!(
        "{place}: {} events expected, came {events:?}; different: {keys:?}",
        expected.len()
    )))
}

fn different(came: &serde_json::Value, expected: &serde_json::Value) -> Vec<String> {
    let (Some(came), Some(expected)) = (came.as_object(), expected.as_object()) else { return Vec::new() };
    let keys = came.keys().chain(expected.keys());
    let mut keys: Vec<_> = keys.filter(|key| came.get(*key) != expected.get(*key)).cloned().collect();
    keys.dedup();
    keys
}

/// The kernel's clock of the whole ring, which never goes back.
fn stamped(mut lines: Vec<KernelLine>) -> Vec<KernelLine> {
    let start = lines[0].micros;
    for (at, line) in lines.iter_mut().enumerate() {
        line.micros = start + 37 * at as u64;
    }
    lines
}

const FOREIGN: [&str; 6] = [
    "e1000: eth0 NIC Link is Up 1000 Mbps Full Duplex",
    "audit: type=1400 audit(1.1:2): apparmor=\"DENIED\" operation=\"open\" pid=77 comm=\"cat\"",
    "docker0: port 1(veth1) entered blocking state",
    "EXT4-fs (sda1): mounted filesystem with ordered data mode",
    "usb 1-1: new high-speed USB device number 2 using xhci_hcd",
    "systemd[1]: Started Session 3 of user root.",
];

/// Invariants that do not hold yet, each with what breaks it. A case of a gap that no longer fails has to leave the list.
const KNOWN_GAPS: &[&str] = &[];

/// Runs an invariant over the same cases every time.
fn invariant<S: Strategy>(name: &str, strategy: S, check: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let cases = if std::env::var_os("OOMKIT_THOROUGH").is_some() { 2000 } else { 64 };
    let mut runner = TestRunner::deterministic();
    let mut broken = Vec::new();
    for _ in 0..cases {
        match check(strategy.new_tree(&mut runner).unwrap().current()) {
            Ok(()) | Err(TestCaseError::Reject(_)) => {}
            Err(TestCaseError::Fail(why)) => broken.push(why.to_string()),
        }
    }
    if KNOWN_GAPS.contains(&name) {
        assert!(!broken.is_empty(), "{name} holds now: take it out of the list");
    } else {
        assert!(broken.is_empty(), "{} of {cases} cases: {:#?}", broken.len(), &broken[..broken.len().min(20)]);
    }
}

#[test]
fn every_transport_gives_the_same_event() {
    let strategy = any_dump();
    invariant("every_transport_gives_the_same_event", strategy, |(era, mut dump)| {
        // the reaper's caller is not this test's concern
        dump.reaper = false;
        let lines = lines(era, &dump);
        let reference = parse(&wrap(&lines, Transport::Kmsg, "web1"));
        prop_assert_eq!(reference.len(), 1);
        // bare text has no records: whether the last value of statistics is cut cannot be seen
        let cut = dump.is_memcg() && (504..605).contains(&era.base());
        for transport in Transport::ALL.into_iter().filter(|t| !cut || *t != Transport::Bare) {
            let events = parse(&wrap(&lines, transport, "web1"));
            compare(&wrap(&lines, transport, "web1"), &all(&reference), &format!("same {era:?} {transport:?}"))?;
            if transport.has_host() {
                prop_assert_eq!(events[0].host.as_deref(), Some("web1"), "{:?}", transport);
            }
            if transport.has_uptime() {
                let clock = events[0].time.monotonic_seconds.map(|t| t.as_micros());
                prop_assert_eq!(clock, Some(lines[usize::from(dump.limit == Limit::Sysrq)].micros), "{:?}", transport);
            }
        }
        Ok(())
    });
}

fn with_unrelated_lines(name: &str, later: u64) {
    let lines_between =
        prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(&FOREIGN[..])), 1..12);
    invariant(name, (any_dump(), transport(), lines_between), |((era, mut dump), transport, between)| {
        dump.reaper = false;
        let mut lines = lines(era, &dump);
        let expected = all(&parse(&wrap(&lines, transport, "web1")));
        for (at, text) in between {
            let at = 1 + at.index(lines.len());
            let micros = lines[at - 1].micros + later;
            lines.insert(at, KernelLine { level: 6, micros, thread: 1, text: text.as_bytes().to_vec() });
        }
        compare(&wrap(&lines, transport, "web1"), &expected, &format!("unrelated {later} {era:?} {transport:?}"))
    });
}

#[test]
fn unrelated_lines_between_change_nothing() {
    with_unrelated_lines("unrelated lines", 1);
}

#[test]
fn unrelated_lines_of_the_same_microsecond_change_nothing() {
    with_unrelated_lines("unrelated lines of the same microsecond", 0);
}

#[test]
fn another_hosts_dump_between_the_lines_changes_nothing() {
    let strategy = (any_dump(), any_dump(), of_hosts(), any::<[bool; 32]>());
    invariant(
        "another_hosts_dump_between_the_lines_changes_nothing",
        strategy,
        |((era, one), (other_era, other), transport, order)| {
            let (one, other) = (lines(era, &one), lines(other_era, &other));
            let mut log = Vec::new();
            let (mut left, mut right) = (one.iter().enumerate().peekable(), other.iter().enumerate().peekable());
            for turn in order.iter().cycle() {
                let (host, next) = if *turn { ("web1", left.next()) } else { ("web2", right.next()) };
                if let Some((at, line)) = next {
                    record(line, at, transport, host, &mut log);
                } else if left.peek().is_none() && right.peek().is_none() {
                    break;
                }
                if order.iter().all(|turn| *turn == order[0]) {
                    break;
                }
            }
            prop_assume!(left.peek().is_none() && right.peek().is_none());
            let events = parse(&log);
            for (host, lines) in [("web1", &one), ("web2", &other)] {
                let found: Vec<_> = events.iter().filter(|e| e.host.as_deref() == Some(host)).map(facts).collect();
                prop_assert_eq!(found, all(&parse(&wrap(lines, transport, host))), "{} {:?}", host, transport);
            }
            Ok(())
        },
    );
}

#[test]
fn two_dumps_of_one_host_are_told_apart_by_caller() {
    let strategy = (
        any_dump(),
        any::<prop::sample::Index>(),
        prop::sample::select(vec![Transport::DmesgCaller, Transport::KmsgCaller, Transport::ConsoleCaller]),
    );
    invariant("two_dumps_of_one_host_are_told_apart_by_caller", strategy, |((era, mut one), other, transport)| {
        one.trigger.pid = 123;
        one.reaper = false;
        let mut other_dump = one.clone();
        other_dump.trigger.pid = 456;
        other_dump.seed ^= 77;
        other_dump.cgroups.seed ^= 77;
        other_dump.tasks.iter_mut().for_each(|task| {
            task.pid += 1_000_000;
            task.tgid += 1_000_000;
        });
        let (one, two) = (lines(era, &one), lines(era, &other_dump));
        let expected =
            [all(&parse(&wrap(&one, transport, "web1"))), all(&parse(&wrap(&two, transport, "web1")))].concat();
        // the second begins somewhere in the first, then they take turns
        let begin = 1 + other.index(one.len() - 1);
        let mut mixed = one[..begin].to_vec();
        let (mut left, mut right) = (one[begin..].iter(), two.iter());
        loop {
            let pair = [right.next(), left.next()];
            mixed.extend(pair.iter().flatten().map(|line| (*line).clone()));
            if pair == [None, None] {
                break;
            }
        }
        compare(
            &wrap(&stamped(mixed), transport, "web1"),
            &expected,
            &format!("mixed {era:?} {transport:?} begin {begin}"),
        )?;
        Ok(())
    });
}

#[test]
fn a_late_reaper_line_belongs_to_its_own_victim() {
    let strategy = (any_dump(), any::<prop::sample::Index>(), transport());
    invariant("a_late_reaper_line_belongs_to_its_own_victim", strategy, |((era, mut one), at, transport)| {
        prop_assume!(era.has_reaper() && !transport.has_caller());
        one.group = false;
        one.victims.truncate(1);
        one.reaper = true;
        let mut other = one.clone();
        other.reaper = false;
        other.trigger.pid += 1;
        other.micros += 2_000_000;
        other.tasks.iter_mut().for_each(|task| task.pid += 1_000_000);
        let (one, other) = (lines(era, &one), lines(era, &other));
        let expected =
            [all(&parse(&wrap(&one, transport, "web1"))), all(&parse(&wrap(&other, transport, "web1")))].concat();
        let (reaper, first) = one.split_last().unwrap();
        let at = 1 + at.index(other.len());
        let mut reaper = reaper.clone();
        reaper.micros = other[at - 1].micros;
        let mixed = [first, &other[..at], &[reaper], &other[at..]].concat();
        let log = wrap(&stamped(mixed), transport, "web1");
        // that the same container was hit again so soon is evidence of its own
        let without = |events: Vec<serde_json::Value>| -> Vec<_> {
            let key =
                |mut event: serde_json::Value| event.as_object_mut().and_then(|o| o.remove("verdict")).map(|_| event);
            events.into_iter().map(key).collect()
        };
        prop_assert_eq!(without(all(&parse(&log))), without(expected), "mixed {:?} {:?} at {}", era, transport, at);
        Ok(())
    });
}

#[test]
fn one_log_after_another() {
    let strategy = (any_dump(), any_dump(), (transport(), transport()));
    invariant("one_log_after_another", strategy, |((era, one), (other_era, mut other), (first, second))| {
        prop_assume!(end::prints_kills(&one, era));
        // a later dump, not a copy of the first one's clock
        other.micros += 3_600_000_000;
        let one = wrap(&lines(era, &one), first, "web1");
        let other = wrap(&lines(other_era, &other), second, "web1");
        let expected = [all(&parse(&one)), all(&parse(&other))].concat();
        compare(&[one, other].concat(), &expected, &format!("after {era:?} {first:?} {other_era:?} {second:?}"))?;
        Ok(())
    });
}

/// The log of these records with the newest one first. Records stay as they are, as journalctl and JSON exports write them.
fn newest_first(lines: &[KernelLine], transport: Transport) -> Vec<u8> {
    if matches!(transport, Transport::Console | Transport::ConsoleCaller | Transport::KmsgRaw | Transport::Bare) {
        // nothing shows that several lines are one record
        let log = wrap(lines, transport, "web1");
        let lines: Vec<&[u8]> = log.split_inclusive(|b| *b == b'\n').rev().collect();
        return lines.concat();
    }
    let mut log = Vec::new();
    for (at, line) in lines.iter().enumerate().rev() {
        record(line, at, transport, "web1", &mut log);
    }
    log
}

#[test]
fn the_newest_line_first_is_the_same_event() {
    let strategy = (any_dump(), transport());
    invariant("the_newest_line_first_is_the_same_event", strategy, |((era, dump), transport)| {
        prop_assume!(transport != Transport::DmesgJson);
        let lines = lines(era, &dump);
        let forward = parse(&wrap(&lines, transport, "web1"));
        let log = newest_first(&lines, transport);
        compare(&log, &all(&forward), &format!("reversed {era:?} {transport:?}"))?;
        let events = parse(&log);
        prop_assert!(events[0].diagnostics.iter().any(|d| d.kind == DiagnosticKind::OrderReversed));
        let last = log.iter().filter(|b| **b == b'\n').count() as u64;
        prop_assert!(events[0].source.first_line <= 2 && events[0].source.last_line <= last);
        prop_assert_eq!(&events[0].time, &forward[0].time, "{:?}", transport);
        prop_assert_eq!(&events[0].host, &forward[0].host);
        Ok(())
    });
}

#[test]
fn several_dumps_newest_first() {
    let between = prop::collection::vec(0..400_usize, 3);
    let strategy = (prop::collection::vec(any_dump(), 2..5), transport(), between, 1..5_000_000_u64);
    invariant("several_dumps_newest_first", strategy, |(dumps, transport, between, apart)| {
        prop_assume!(transport != Transport::DmesgJson);
        let mut all_lines = Vec::new();
        let mut micros = 100_000_000;
        for (n, (era, mut dump)) in dumps.into_iter().enumerate() {
            prop_assume!(end::prints_kills(&dump, era));
            dump.micros = micros;
            // no task is killed twice
            dump.tasks.iter_mut().for_each(|task| {
                task.pid += 1_000_000 * n as u32;
                task.tgid += 1_000_000 * n as u32;
            });
            let mut lines = lines(era, &dump);
            micros = lines.last().unwrap().micros + apart;
            for at in 0..between.get(n).copied().unwrap_or_default() {
                let text = FOREIGN[at % FOREIGN.len()].as_bytes().to_vec();
                lines.push(KernelLine { level: 6, micros, thread: 1, text });
                micros += 1;
            }
            all_lines.extend(lines);
        }
        let mut expected = all(&parse(&wrap(&all_lines, transport, "web1")));
        expected.reverse();
        compare(&newest_first(&all_lines, transport), &expected, &format!("several {transport:?}"))
    });
}

/// Each record twice, as two programs write it to one file.
fn doubled(lines: &[KernelLine], one: Transport, other: Transport, newest_first: bool) -> Vec<u8> {
    let mut log = Vec::new();
    let mut both = |at: usize, line: &KernelLine| {
        record(line, at, one, "web1", &mut log);
        record(line, at, other, "web1", &mut log);
    };
    if newest_first {
        lines.iter().enumerate().rev().for_each(|(at, line)| both(at, line));
    } else {
        lines.iter().enumerate().for_each(|(at, line)| both(at, line));
    }
    log
}

#[test]
fn every_line_twice_is_one_event() {
    let strategy = (any_dump(), transport(), transport(), any::<bool>());
    invariant("every_line_twice_is_one_event", strategy, |((era, dump), one, other, same)| {
        let other = if same { one } else { other };
        prop_assume!(one != Transport::DmesgJson && other != Transport::DmesgJson);
        // lines that do not say where a record ends: a copy of another shape is another line
        let shapeless = [Transport::Bare];
        prop_assume!(same || !shapeless.contains(&one) && !shapeless.contains(&other));
        let lines = lines(era, &dump);
        let expected = all(&parse(&wrap(&lines, one, "web1")));
        let place = format!("twice {era:?} {one:?} {other:?}");
        let log = doubled(&lines, one, other, false);
        compare(&log, &expected, &place)?;
        let event = &parse(&log)[0];
        prop_assert!(event.diagnostics.iter().any(|d| d.kind == DiagnosticKind::LinesRepeated), "{}", place);
        prop_assert_eq!(event.host.is_some(), one.has_host() || other.has_host(), "{}", place);
        Ok(())
    });
}

#[test]
fn every_line_twice_and_newest_first_is_one_event() {
    let strategy = (any_dump(), transport());
    invariant("every_line_twice_and_newest_first_is_one_event", strategy, |((era, dump), transport)| {
        prop_assume!(!matches!(
            transport,
            Transport::DmesgJson | Transport::Bare | Transport::Console | Transport::ConsoleCaller | Transport::KmsgRaw
        ));
        let lines = lines(era, &dump);
        let expected = all(&parse(&wrap(&lines, transport, "web1")));
        compare(&doubled(&lines, transport, transport, true), &expected, &format!("twice back {era:?} {transport:?}"))
    });
}

#[test]
fn a_whole_log_twice_is_two_events_of_one_id() {
    let strategy = (any_dump(), transport());
    invariant("a_whole_log_twice_is_two_events_of_one_id", strategy, |((era, dump), transport)| {
        // a console and a syslog of the same boot in one file, one after the other
        let log = wrap(&lines(era, &dump), transport, "web1");
        let ids = |log: &[u8]| parse(log).into_iter().map(|e| e.id).collect::<std::collections::BTreeSet<_>>();
        prop_assert_eq!(ids(&[&log[..], &log[..]].concat()), ids(&log), "{:?} {:?}", era, transport);
        Ok(())
    });
}

#[test]
fn equal_frames_of_one_trace_are_all_kept() {
    let strategy = (any_dump(), transport());
    invariant("equal_frames_of_one_trace_are_all_kept", strategy, |((era, dump), transport)| {
        let mut lines = lines(era, &dump);
        let Some(at) = lines.iter().position(|line| line.text.windows(4).any(|w| w == b"+0x1")) else {
            return Err(TestCaseError::reject("no trace"));
        };
        let frame = lines[at].clone();
        let before = parse(&wrap(&lines, transport, "web1"))[0].call_trace.len();
        lines.insert(at, frame);
        let events = parse(&wrap(&lines, transport, "web1"));
        prop_assert_eq!(events.len(), 1, "{:?} {:?}", era, transport);
        prop_assert_eq!(events[0].call_trace.len(), before + 1, "{:?} {:?}", era, transport);
        Ok(())
    });
}

#[test]
fn a_corpus_log_with_unrelated_lines_between_gives_the_same_events() {
    for capture in captures() {
        let Some(log) = capture.log("rs-iso.log") else { continue };
        let text = String::from_utf8_lossy(log);
        let mut mixed = String::new();
        for (at, line) in text.lines().enumerate() {
            mixed.push_str(line);
            mixed.push('\n');
            if at % 3 == 0 {
                mixed.push_str("2026-11-23T17:13:35.639984+00:00 web9 sshd[77]: Accepted publickey for root\n");
            }
        }
        assert_eq!(all(&parse(mixed.as_bytes())), all(&parse(text.as_bytes())), "{}", capture.name);
    }
}
