//! Damage over the corpus: no cut and no lost line invents a victim.
//!
//! Who may be a victim is read from the undamaged text by a scan of its own. By default a sample keeps the run short:
//! of two logs of each boot the part around the first dump, cut at every 97th byte of one dump and at every 97 · 29th after it, and
//! every 23rd line lost. `OOMKIT_THOROUGH=1` does all of it.

use oomkit_core::{Options, parse_with};
use oomkit_tests::{captures, corpus};
use std::collections::BTreeSet;

/// Pids behind the words that name a task which was chosen, killed or reaped, in any escape a log may have them in.
fn named(log: &[u8]) -> BTreeSet<u32> {
    let text = decoded(log);
    let words = ["rocess ", "pid=", "pid:", "victim "];
    let mut pids = BTreeSet::new();
    for word in words {
        for (at, _) in text.match_indices(word) {
            let digits: String = text[at + word.len()..].chars().take_while(char::is_ascii_digit).collect();
            pids.extend(digits.parse::<u32>());
        }
    }
    pids
}

/// Text of a log; journal messages that are lists of byte numbers as text too.
fn decoded(log: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(log).into_owned();
    let mut lists = String::new();
    for (at, _) in text.match_indices("\"MESSAGE\"") {
        let rest = text[at + 9..].trim_start_matches([' ', ':', '\n', '\t']);
        let Some(list) = rest.strip_prefix('[') else { continue };
        let numbers = list.split(']').next().unwrap_or_default().split(',');
        lists.extend(numbers.filter_map(|number| number.trim().parse::<u8>().ok()).map(char::from));
        lists.push('\n');
    }
    text.push_str(&lists);
    text
}

fn thorough() -> bool {
    std::env::var_os("OOMKIT_THOROUGH").is_some()
}

/// The corpus, or of each log what stands from shortly before its first dump on, at most so many bytes of it.
fn logs(most: usize) -> Vec<(String, Vec<u8>)> {
    let mut logs = Vec::new();
    for (at, capture) in captures().into_iter().enumerate() {
        // two logs of each boot, others of each
        let count = capture.logs.len();
        let taken = |log: usize| thorough() || (log + at).is_multiple_of(count.div_ceil(2));
        for (_, (name, log)) in capture.logs.into_iter().enumerate().filter(|(log, _)| taken(*log)) {
            let dump = log.windows(10).position(|w| w == b"oom-killer").unwrap_or(log.len());
            let before = dump.saturating_sub(600);
            let start = log[before..].iter().position(|b| *b == b'\n').map_or(before, |at| before + at + 1);
            let part = if thorough() { &log[..] } else { &log[start.min(dump)..log.len().min(start.min(dump) + most)] };
            if !part.is_empty() {
                logs.push((format!("{}/{name}", capture.name), part.to_vec()));
            }
        }
    }
    logs.push(seed());
    assert!(logs.len() > if thorough() { 350 } else { 100 });
    logs
}

/// The dump the project started from.
fn seed() -> (String, Vec<u8>) {
    ("seed/messages.log".to_owned(), std::fs::read(corpus().join("seed/messages.log")).unwrap())
}

fn check(name: &str, damage: &dyn std::fmt::Display, log: &[u8], named: &BTreeSet<u32>) {
    for event in parse_with(log, Options::new().include_user(true)) {
        for victim in &event.victims {
            assert!(named.contains(&victim.pid), "{name}: {damage} invents {}", victim.pid);
            let selected = victim.selected_pid.is_none_or(|pid| named.contains(&pid));
            assert!(selected, "{name}: {damage} invents the selected {:?}", victim.selected_pid);
        }
    }
}

#[test]
fn the_whole_corpus_names_every_victim() {
    for capture in captures() {
        for (name, log) in &capture.logs {
            check(&format!("{}/{name}", capture.name), &"nothing", log, &named(log));
        }
    }
    let (name, log) = seed();
    check(&name, &"nothing", &log, &named(&log));
}

#[test]
fn no_cut_invents_a_victim() {
    let step = if thorough() { 97 } else { 97 * 29 };
    for (at, (name, log)) in logs(24_000).iter().enumerate() {
        let named = named(log);
        // every log is cut elsewhere, so that all of them together cover all offsets
        let offset = if thorough() { 97 } else { 97 * (1 + at % 29) };
        for cut in (offset..log.len()).step_by(step) {
            check(name, &format!("cut at {cut}"), &log[..cut], &named);
            check(name, &format!("cut before {cut}"), &log[cut..], &named);
        }
    }
}

#[test]
fn no_digit_lost_at_the_end_of_a_kill_line_makes_another_pid() {
    // cuts at every byte of the lines that name a victim: a pid cut short is another pid
    for (name, log) in &logs(24_000) {
        let named = named(log);
        let text = &log[..];
        let kills =
            text.windows(7).enumerate().filter(|(_, w)| *w == b"rocess " || *w == b",task=" || *w == b"k=,pid=");
        for (at, _) in kills.take(if thorough() { usize::MAX } else { 2 }) {
            // the line and the one before it are enough: what a cut pid becomes is decided there
            let start = at.saturating_sub(400);
            let start = log[start..at].iter().position(|b| *b == b'\n').map_or(start, |n| start + n + 1);
            for cut in at..(at + 40).min(log.len()) {
                check(name, &format!("cut at {cut}"), &log[start..cut], &named);
            }
        }
    }
}

#[test]
fn no_lost_line_invents_a_victim() {
    let step = if thorough() { 1 } else { 23 };
    for (at, (name, log)) in logs(16_000).iter().enumerate() {
        let named = named(log);
        let lines: Vec<&[u8]> = log.split_inclusive(|b| *b == b'\n').collect();
        let offset = if thorough() { 0 } else { at % step };
        for lost in (offset..lines.len()).step_by(step) {
            let damaged = [&lines[..lost], &lines[lost + 1..]].concat().concat();
            check(name, &format!("without line {}", lost + 1), &damaged, &named);
        }
    }
}
