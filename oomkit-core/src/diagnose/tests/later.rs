//! Later dumps of the same container, inside the window of `parse`.

use super::{Dump, ID, OTHER, brief, fact, kill_line, later};
use crate::event::Event;
use crate::parse;

const ROWS: [super::Row<'static>; 3] = [(40, 0, 900, "app"), (42, 0, 900, "w1"), (43, 0, 900, "w2")];

fn events(dumps: &[Dump<'_>]) -> Vec<Event> {
    let log: String = dumps.iter().map(Dump::log).collect();
    parse((log + &later()).as_bytes())
}

#[test]
fn the_same_processes_in_a_later_table_are_certain() {
    let first = Dump::of(ID, &ROWS, (40, "app"));
    assert_eq!(first.verdict(), "container_killed likely");
    let second = Dump::of(ID, &[ROWS[1], ROWS[2]], (42, "w1")).at("17:13:38");
    let events = events(&[first, second]);
    assert_eq!(brief(&events[0].verdict), "child_killed certain");
    fact(&events[0].verdict, "pid 42 (w1), of the same container, is alive in a task table 4.0 s later");
    assert_eq!(events[0].verdict.evidence[0].line, Some(12));
}

#[test]
fn in_the_same_moment_they_may_be_dying() {
    // stamps of whole seconds: two that differ by one may lie a moment apart
    for (time, expected) in [("17:13:34", "container_killed likely"), ("17:13:35", "child_killed likely")] {
        let second = Dump::of(ID, &[ROWS[1], ROWS[2]], (42, "w1")).at(time);
        let events = events(&[Dump::of(ID, &ROWS, (40, "app")), second]);
        assert_eq!(brief(&events[0].verdict), expected, "{time}");
    }
}

#[test]
fn only_the_same_process_counts() {
    let silent = |rows: &[super::Row<'static>], id: &str| {
        let first = Dump::of(ID, &ROWS, (40, "app"));
        let mut second = Dump::of(id, rows, (rows[0].0, rows[0].3)).at("17:13:38");
        second.failcnt = 5;
        events(&[first, second])[0].verdict.kind.as_str() == "child_killed"
    };
    assert!(silent(&[ROWS[1], ROWS[2]], ID));
    assert!(!silent(&[(42, 0, 900, "other")], ID), "the pid came round");
    assert!(!silent(&[(42, 7, 900, "w1")], ID), "another user's");
    assert!(!silent(&[ROWS[1], ROWS[2]], OTHER), "another container");
    assert!(!silent(&[(40, 0, 900, "app"), ROWS[1]], ID), "the victim itself has not died yet");
}

#[test]
fn another_kill_with_more_failures_is_the_same_run() {
    let first = Dump::of(ID, &[(40, 0, 900, "app"), (90_000, 0, 900, "log")], (40, "app"));
    assert_eq!(first.verdict(), "container_killed possible");
    let mut again = Dump::of(ID, &[(50, 0, 900, "app")], (50, "app")).at("17:13:40");
    again.failcnt = 41;
    let verdict = &events(&[first.clone(), again.clone()])[0].verdict;
    assert_eq!(brief(verdict), "child_killed likely");
    fact(verdict, "the same container was hit again 6.0 s later, with failcnt 30 risen to 41");
    // a new run counts from the start
    again.failcnt = 7;
    assert_eq!(brief(&events(&[first, again])[0].verdict), "container_killed possible");
}

#[test]
fn without_a_count_the_id_tells_where_it_is_new_for_each_run() {
    let bare = |path: &str, time: &str, pid: u32| {
        format!(
            "Nov 23 {time} n1 kernel: oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg={path},task_memcg={path},task=app,pid={pid},uid=0\nNov 23 {time} n1 kernel: {}\n",
            kill_line(pid, "app", 900)
        )
    };
    let verdict = |path: &str| {
        let log = bare(path, "17:13:34", 40) + &bare(path, "17:13:40", 41) + &later();
        brief(&parse(log.as_bytes())[0].verdict)
    };
    assert_eq!(verdict(&super::scope_of(ID)), "child_killed likely");
    // Docker keeps the id when it starts a container again
    assert_eq!(verdict(&format!("/docker/{ID}")), "unknown possible");
}
