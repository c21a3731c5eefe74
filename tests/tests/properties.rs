//! What holds for every log: any chunking, any truncation, any damage, one log after another.

use oomkit_core::event::Completeness;
use oomkit_core::{Event, Options, Parser, parse};
use oomkit_tests::captures;
use proptest::prelude::*;
use std::sync::LazyLock;

/// One log of each format and kernel, small enough to be cut many times.
static LOGS: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let mut logs = Vec::new();
    for capture in captures() {
        for (name, log) in capture.logs {
            let small = log.len() < 200_000;
            if small && (capture.name.ends_with("transport") || name == "console.log" || name.starts_with("dmesg")) {
                // boot messages say nothing about memory: the end is where the dumps are
                let start = log.len().saturating_sub(40_000);
                let start = log[start..].iter().position(|b| *b == b'\n').map_or(start, |at| start + at + 1);
                logs.push((format!("{}/{name}", capture.name), log[start..].to_vec()));
            }
        }
    }
    assert!(logs.len() > 50, "{} logs", logs.len());
    logs
});

fn in_pieces(log: &[u8], cuts: &[usize]) -> Vec<Event> {
    let mut events = Vec::new();
    let mut parser = Parser::new(Options::new());
    let mut start = 0;
    for cut in cuts.iter().chain([&log.len()]) {
        assert!(parser.feed(&log[start..*cut], &mut events).is_continue());
        start = *cut;
    }
    parser.finish(&mut events);
    events
}

/// How much a dump lacks: truncation may only add to it.
fn damage(completeness: &Completeness) -> u32 {
    match completeness {
        Completeness::Complete => 0,
        Completeness::MiddleMissing | Completeness::HeadMissing | Completeness::TailMissing => 1,
        _ => 2,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn chunking_is_invisible(which in any::<prop::sample::Index>(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..40)) {
        let (name, log) = which.get(&LOGS);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(log.len() + 1)).collect();
        cuts.sort_unstable();
        prop_assert_eq!(in_pieces(log, &cuts), parse(log), "{}", name);
    }

    #[test]
    fn truncation_never_makes_a_dump_more_complete(which in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>()) {
        let (name, log) = which.get(&LOGS);
        let whole = parse(log);
        let cut = cut.index(log.len() + 1);
        for event in parse(&log[..cut]) {
            let full = whole.iter().find(|e| e.source.first_byte == event.source.first_byte);
            if let Some(full) = full {
                prop_assert!(damage(&event.completeness) >= damage(&full.completeness), "{} cut at {}", name, cut);
            }
        }
    }

    #[test]
    fn losing_the_start_panics_nowhere(which in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>()) {
        let (_, log) = which.get(&LOGS);
        parse(&log[cut.index(log.len() + 1)..]);
    }

    #[test]
    fn flipped_bytes_panic_nowhere(which in any::<prop::sample::Index>(), flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let (_, log) = which.get(&LOGS);
        let mut log = log.clone();
        for (at, byte) in flips {
            let at = at.index(log.len());
            log[at] = byte;
        }
        for event in parse(&log) {
            prop_assert!(serde_json::to_string(&event).is_ok());
        }
    }
}

#[test]
fn two_hosts_in_one_file_do_not_touch_each_other() {
    let capture = captures().into_iter().find(|c| c.name.ends_with("transport")).unwrap();
    let log = String::from_utf8_lossy(capture.log("rs-traditional.log").unwrap()).into_owned();
    let own = truth_of(&log);
    // the second host's lines stand between those of the first
    let mut mixed = String::new();
    for line in log.lines() {
        for host in ["ip-10-0-3-17", "other"] {
            mixed.push_str(&line.replacen("ip-10-0-3-17", host, 1));
            mixed.push('\n');
        }
    }
    for host in ["ip-10-0-3-17", "other"] {
        let found: Vec<_> =
            parse(mixed.as_bytes()).into_iter().filter(|e| e.host.as_deref() == Some(host)).map(facts).collect();
        assert_eq!(found, own, "{host}");
    }
}

#[test]
fn one_log_after_another_gives_the_events_of_both() {
    let (_, first) = LOGS.iter().find(|(name, _)| name.ends_with("transport/rs-iso.log")).unwrap();
    let (_, second) = LOGS.iter().find(|(name, _)| name.ends_with("transport/journal.json")).unwrap();
    let both: Vec<_> = parse(&[&first[..], second].concat()).into_iter().map(facts).collect();
    let apart: Vec<_> = parse(first).into_iter().chain(parse(second)).map(facts).collect();
    assert_eq!(both, apart);
}

fn truth_of(log: &str) -> Vec<(String, Vec<u32>)> {
    parse(log.as_bytes()).into_iter().map(facts).collect()
}

fn facts(event: Event) -> (String, Vec<u32>) {
    (event.id, event.victims.iter().map(|v| v.pid).collect())
}
