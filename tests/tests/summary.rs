//! Summaries: counted by hand, and the same from any partition in any order.

use oomkit_core::summary::Doubts;
use oomkit_core::{By, Event, Options, ReportOptions, Summary, parse, parse_with};
use oomkit_tests::captures;
use proptest::prelude::*;
use std::sync::LazyLock;

/// Three kills in one pod within 90 s, one of a unit an hour later, one without a date.
const LOG: &str = "\
2026-11-23T17:00:00Z n1 kernel: oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=A,mems_allowed=0,oom_memcg=/kubepods/burstable/podcc1072d8-25a2-4c1b-a456-e7b8fb25cee3/9823d09a922d142299cd6540bdf1c403deba3f4a1cf8b81757db4d79bf43ef7f,task_memcg=/kubepods/burstable/podcc1072d8-25a2-4c1b-a456-e7b8fb25cee3/9823d09a922d142299cd6540bdf1c403deba3f4a1cf8b81757db4d79bf43ef7f,task=java,pid=11,uid=0
2026-11-23T17:00:00Z n1 kernel: Memory cgroup out of memory: Killed process 11 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:8kB oom_score_adj:900
2026-11-23T17:00:45Z n1 kernel: oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=A,mems_allowed=0,oom_memcg=/kubepods/burstable/podcc1072d8-25a2-4c1b-a456-e7b8fb25cee3/9823d09a922d142299cd6540bdf1c403deba3f4a1cf8b81757db4d79bf43ef7f,task_memcg=/kubepods/burstable/podcc1072d8-25a2-4c1b-a456-e7b8fb25cee3/9823d09a922d142299cd6540bdf1c403deba3f4a1cf8b81757db4d79bf43ef7f,task=java,pid=12,uid=0
2026-11-23T17:00:45Z n1 kernel: Memory cgroup out of memory: Killed process 12 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:8kB oom_score_adj:900
2026-11-23T17:01:30Z n1 kernel: oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=B,mems_allowed=0,oom_memcg=/kubepods/burstable/podcc1072d8-25a2-4c1b-a456-e7b8fb25cee3/1111d09a922d142299cd6540bdf1c403deba3f4a1cf8b81757db4d79bf43ef7f,task_memcg=/kubepods/burstable/podcc1072d8-25a2-4c1b-a456-e7b8fb25cee3/1111d09a922d142299cd6540bdf1c403deba3f4a1cf8b81757db4d79bf43ef7f,task=sh,pid=13,uid=0
2026-11-23T17:01:30Z n1 kernel: Memory cgroup out of memory: Killed process 13 (sh) total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:8kB oom_score_adj:900
2026-11-23T18:10:00Z n2 kernel: oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/db.service,task=postgres,pid=14,uid=5
2026-11-23T18:10:00Z n2 kernel: Out of memory: Killed process 14 (postgres) total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:0kB, UID:5 pgtables:8kB oom_score_adj:0
";

fn summary(events: &[Event]) -> Summary {
    let mut summary = Summary::default();
    events.iter().for_each(|event| summary.add(event));
    summary
}

fn rows(events: &[Event], by: By) -> Vec<(String, u64, u64)> {
    let mut options = ReportOptions::default();
    options.by = vec![by];
    let report = summary(events).report(&options);
    report.groups[0].rows.iter().map(|row| (row.key.clone(), row.counts.events, row.counts.victims)).collect()
}

#[test]
fn kills_are_counted_by_what_they_hit() {
    let events = parse(LOG.as_bytes());
    assert_eq!(events.len(), 4);
    let row = |key: &str, n| (key.to_owned(), n, n);
    assert_eq!(rows(&events, By::Pod), [row("cc1072d8-25a2-4c1b-a456-e7b8fb25cee3", 3)]);
    let containers = rows(&events, By::Container);
    assert!(containers[0].0.starts_with("9823d09a922d") && containers[0].1 == 2, "{containers:?}");
    assert!(containers[1].0.starts_with("1111d09a922d") && containers[1].1 == 1, "{containers:?}");
    assert_eq!(rows(&events, By::Unit), [row("db.service", 1)]);
    // by name where they are equal
    assert_eq!(rows(&events, By::Command), [row("java", 2), row("postgres", 1), row("sh", 1)]);
    assert_eq!(rows(&events, By::Host), [row("n1", 3), row("n2", 1)]);
    assert_eq!(rows(&events, By::Constraint), [row("memcg", 3), row("none", 1)]);
    assert_eq!(rows(&events, By::Scope), [row("container", 3), row("node", 1)]);
    assert_eq!(rows(&events, By::Hour), [row("2026-11-23T17:00:00Z", 3), row("2026-11-23T18:00:00Z", 1)]);
}

#[test]
fn kills_of_one_cause_are_one_repeat() {
    let events = parse(LOG.as_bytes());
    let report = summary(&events).report(&ReportOptions::default());
    let [repeat] = &report.repeats[..] else { panic!("{:?}", report.repeats) };
    assert_eq!((repeat.events, repeat.victims, repeat.containers, repeat.seconds), (3, 3, 2, 90.0));
    assert_eq!(repeat.commands, ["java", "sh"]);
    assert_eq!(repeat.pod_uid.as_deref(), Some("cc1072d8-25a2-4c1b-a456-e7b8fb25cee3"));
    let mut close = ReportOptions::default();
    close.gap_seconds = 44;
    assert!(summary(&events).report(&close).repeats.is_empty());
}

#[test]
fn first_last_and_losses() {
    let events = parse(LOG.as_bytes());
    let mut twice = summary(&events);
    twice.merge(summary(&parse_with(LOG.as_bytes(), Options::new().source("copy"))));
    let report = twice.report(&ReportOptions::default());
    assert_eq!((report.totals.events, report.loss.copies, report.loss.deduplicated), (8, 4, false));
    // no copy makes a repeat
    assert_eq!(report.repeats[0].events, 3);
    let mut once = ReportOptions::default();
    once.dedupe = true;
    let report = twice.report(&once);
    assert_eq!((report.totals.events, report.totals.victims, report.totals.hosts), (4, 4, 2));
    assert_eq!((report.loss.copies, report.loss.deduplicated), (4, true));
    assert_eq!(report.totals.first.unwrap().to_rfc3339(), "2026-11-23T17:00:00+00:00");
    assert_eq!(report.totals.last.unwrap().to_rfc3339(), "2026-11-23T18:10:00+00:00");
    // the heads are not in this log
    assert_eq!(report.loss.without_head, 4);
}

#[test]
fn the_largest_table_of_a_command_is_its_peak() {
    let events: Vec<Event> = captures().iter().filter_map(|c| c.log("kmsg.txt")).flat_map(parse).collect();
    let report = summary(&events).report(&ReportOptions::default());
    // by hand: the sum over each table's rows of that name
    let expected = events
        .iter()
        .flat_map(|event| {
            let mut sums = std::collections::BTreeMap::<&str, u64>::new();
            for task in &event.tasks {
                *sums.entry(&task.comm).or_default() += task.rss_bytes.map_or(0, |rss| rss.get());
            }
            sums.into_iter().map(|(comm, sum)| (sum, comm.to_owned())).collect::<Vec<_>>()
        })
        .max()
        .unwrap();
    assert_eq!((report.holders[0].rss_bytes, report.holders[0].comm.clone()), expected);
    assert_eq!(report.holders.len(), 10);
}

#[test]
fn a_whole_log_settles_what_a_dump_cannot() {
    let events = parse(LOG.as_bytes());
    let mut all = summary(&events);
    let mut doubts = Doubts::default();
    events.iter().for_each(|event| doubts.add(event));
    let before = all.report(&ReportOptions::default()).totals;
    doubts.settle(&mut all);
    let after = all.report(&ReportOptions::default()).totals;
    assert_eq!(before.events, after.events);
    // the first container was hit again 45 seconds later: it had lived on
    assert_eq!((before.silent, after.silent), (0, 1));
}

static EVENTS: LazyLock<Vec<Event>> = LazyLock::new(|| {
    let mut events = Vec::new();
    for capture in captures().iter().step_by(6) {
        for (name, log) in capture.logs.iter().take(3) {
            events.extend(parse_with(log, Options::new().source(format!("{}/{name}", capture.name))));
        }
    }
    events
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_partition_in_any_order_merges_to_the_same(parts in 1usize..6, seed in any::<u64>()) {
        let whole = summary(&EVENTS);
        let mut partial = vec![Summary::default(); parts];
        for (n, event) in EVENTS.iter().enumerate() {
            let mixed = (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ seed;
            partial[(mixed >> 7) as usize % parts].add(event);
        }
        // as a tree from the left, from the right, and through its own JSON
        let left = partial.iter().cloned().fold(Summary::default(), |mut all, one| { all.merge(one); all });
        let right = partial.iter().rev().cloned().fold(Summary::default(), |all, mut one| { one.merge(all); one });
        let json = serde_json::to_string(&left).unwrap();
        let read: Summary = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(&left, &whole);
        prop_assert_eq!(&right, &whole);
        prop_assert_eq!(&read, &whole);
        for dedupe in [false, true] {
            let mut options = ReportOptions::default();
            options.dedupe = dedupe;
            prop_assert_eq!(right.report(&options), whole.report(&options));
        }
    }
}
