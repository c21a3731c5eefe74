//! What a whole log, or several, add to the verdicts of its events.

use super::{Dump, ID, OTHER, Row, brief, fact, items, line};
use crate::diagnose::WholeLog;
use crate::event::{Event, Verdict};
use crate::{Item, Items};

const FAR: [Row<'static>; 2] = [(42, 0, 900, "java"), (90_000, 0, 900, "log")];

/// What was read of each log by itself, and all of it together.
fn read(logs: &[(&str, &str)]) -> (Vec<Event>, WholeLog) {
    let (mut events, mut whole) = (Vec::new(), WholeLog::default());
    for (name, log) in logs {
        let (own, of_log) = fed(Items(items(log, name)));
        events.extend(own);
        whole.merge(of_log);
    }
    (events, whole)
}

fn fed(items: Items) -> (Vec<Event>, WholeLog) {
    let (mut events, mut whole) = (Vec::new(), WholeLog::default());
    for item in items.0 {
        match item {
            Item::Event(event) => {
                whole.event(&event);
                events.push(*event);
            }
            Item::Companion(companion) => whole.companion(&companion),
        }
    }
    (events, whole)
}

fn verdict(log: &str) -> (String, Verdict) {
    let (events, whole) = read(&[("messages", log)]);
    (brief(&events[0].verdict), whole.verdict(&events[0]))
}

fn exit(time: &str, id: &str, status: u32) -> String {
    let said =
        format!(r#"level=info msg="TaskExit event &TaskExit{{ContainerID:{id},ID:{id},Pid:7,ExitStatus:{status},}}""#);
    line(time, "containerd[700]", &said)
}

#[test]
fn a_verdict_that_nothing_adds_to_stays() {
    let (own, whole) = verdict(&Dump::of(ID, &FAR, (42, "java")).log());
    assert_eq!((own, brief(&whole)), ("container_killed possible".to_owned(), "container_killed possible".to_owned()));
    // and an event that was never fed
    let (events, _) = read(&[("a", &Dump::of(ID, &FAR, (42, "java")).log())]);
    assert_eq!(WholeLog::default().verdict(&events[0]), events[0].verdict);
}

#[test]
fn processes_alive_hours_later() {
    let first = Dump::of(ID, &[(40, 0, 900, "app"), (41, 0, 900, "w1")], (40, "app"));
    let second = |time| Dump::of(ID, &[(41, 0, 900, "w1")], (41, "w1")).at(time);
    let (own, whole) = verdict(&(first.log() + &second("17:43:34").log()));
    assert_eq!((own.as_str(), brief(&whole).as_str()), ("container_killed likely", "child_killed certain"));
    fact(&whole, "is alive in a task table 30 min later");
    // so late, pids may have come round
    let (_, whole) = verdict(&(first.log() + &second("19:43:34").log()));
    assert_eq!(brief(&whole), "child_killed likely");
}

#[test]
fn the_same_container_hit_again() {
    let mut second = Dump::of(ID, &[(50, 0, 900, "java")], (50, "java")).at("18:00:00");
    second.failcnt = 400;
    let (own, whole) = verdict(&(Dump::of(ID, &FAR, (42, "java")).log() + &second.log()));
    assert_eq!((own.as_str(), brief(&whole).as_str()), ("container_killed possible", "child_killed likely"));
    fact(&whole, "46 min later, with failcnt 30 risen to 400");
}

#[test]
fn an_end_told_long_after_shows_that_it_outlived_the_kill() {
    let log = Dump::of(ID, &FAR, (42, "java")).log() + &exit("18:30:00", ID, 137);
    let (own, whole) = verdict(&log);
    assert_eq!((own.as_str(), brief(&whole).as_str()), ("container_killed possible", "child_killed likely"));
    fact(&whole, "says that container 9823d09a922d ended 76 min later: it outlived the kill");
    // Docker's ids outlive restarts
    let docker = log.replace(&super::scope_of(ID), &format!("/docker/{ID}"));
    assert_eq!(brief(&verdict(&docker).1), "container_killed possible");
}

#[test]
fn the_ends_of_other_kills_make_its_silence_tell() {
    let mut other = Dump::of(OTHER, &[(60, 0, 900, "x"), (70_000, 0, 900, "y")], (60, "x"));
    other.time = "17:00:00";
    let log = other.log() + &exit("17:00:01", OTHER, 137) + &Dump::of(ID, &FAR, (42, "java")).log();
    // the log goes on
    let log = log + &Dump::of(OTHER, &[], (61, "x")).at("20:00:00").log();
    let (own, whole) = verdict(&log.replace("failcnt 30", "failcnt 1"));
    assert_eq!((own.as_str(), brief(&whole).as_str()), ("container_killed certain", "container_killed certain"));
    let (events, whole) = read(&[("messages", &log)]);
    let silent = events.iter().find(|event| event.victims[0].pid == 42).unwrap();
    assert_eq!(brief(&silent.verdict), "container_killed possible");
    let verdict = whole.verdict(silent);
    assert_eq!(brief(&verdict), "child_killed likely");
    fact(&verdict, "nothing says that container 9823d09a922d ended, while containerd");
}

#[test]
fn a_runtimes_log_beside_the_kernels() {
    let kernel = Dump::of(ID, &FAR, (42, "java")).log();
    let runtime = exit("17:13:35", ID, 137);
    let (events, whole) = read(&[("kern.log", &kernel), ("containerd.log", &runtime)]);
    assert_eq!(brief(&events[0].verdict), "container_killed possible");
    let verdict = whole.verdict(&events[0]);
    assert_eq!(brief(&verdict), "container_killed certain");
    fact(&verdict, "says in containerd.log that container 9823d09a922d ended with status 137");
    // of another host it says nothing
    let (events, whole) = read(&[("kern.log", &kernel), ("containerd.log", &runtime.replace(" n1 ", " n2 "))]);
    assert_eq!(brief(&whole.verdict(&events[0])), "container_killed possible");
}

#[test]
fn merges_give_the_same_in_any_order_and_grouping() {
    let mut again = Dump::of(ID, &FAR, (42, "java")).at("18:00:00");
    again.failcnt = 50;
    let logs = [
        Dump::of(ID, &FAR, (42, "java")).log(),
        exit("17:13:35", OTHER, 137) + &exit("19:00:00", ID, 137),
        again.log() + &exit("18:00:01", ID, 143),
        Dump::of(OTHER, &FAR, (42, "java")).log(),
    ];
    let parts: Vec<_> =
        ["a", "b", "c", "d"].iter().zip(&logs).map(|(name, log)| fed(Items(items(log, name)))).collect();
    let events: Vec<&Event> = parts.iter().flat_map(|part| &part.0).collect();
    let merged = |order: &[usize]| {
        let mut whole = WholeLog::default();
        order.iter().for_each(|at| whole.merge(parts[*at].1.clone()));
        whole
    };
    let expected = merged(&[0, 1, 2, 3]);
    for order in [[3, 2, 1, 0], [1, 0, 3, 2], [2, 3, 0, 1], [0, 2, 1, 3]] {
        assert_eq!(merged(&order), expected, "{order:?}");
    }
    let (mut left, mut right) = (merged(&[0, 1]), merged(&[2, 3]));
    left.merge(right.clone());
    assert_eq!(left, expected);
    right.merge(merged(&[0, 1]));
    assert_eq!(right, expected);
    // twice the same changes nothing
    left.merge(expected.clone());
    assert_eq!(left, expected);
    for event in events {
        assert_eq!(left.verdict(event), expected.verdict(event));
    }
}
