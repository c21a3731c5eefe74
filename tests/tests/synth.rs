//! Synth ↔ parse: every number a kernel of each era prints is read back, through every transport.

use oomkit_core::{Options, parse_with};
use oomkit_tests::synth::expect::{differences, tamed};
use oomkit_tests::synth::{Dump, Era, KernelLine, Transport, print, random, wrap};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::collections::{BTreeMap, BTreeSet};

/// One thing the parser reads wrong today.
struct Gap {
    /// How the field's name ends.
    field: &'static str,
    eras: &'static [Era],
    /// Empty: from every transport.
    transports: &'static [Transport],
}

/// Fails again when one of them is gone, so that it is taken out of this list.
const KNOWN_GAPS: &[Gap] = &[];

/// The smallest log that shows a difference.
#[derive(Debug)]
struct Sample {
    difference: String,
    count: usize,
    log: Vec<u8>,
}

type Samples = BTreeMap<(String, Era, Transport), Sample>;

fn cases() -> usize {
    if std::env::var_os("OOMKIT_THOROUGH").is_some() { 60 } else { 4 }
}

#[test]
fn every_number_is_read_back_in_every_era_from_every_transport() {
    let mut runner = TestRunner::deterministic();
    let mut samples = Samples::new();
    for era in Era::ALL {
        let strategy = random::dump(era);
        for transport in Transport::ALL {
            for _ in 0..cases() {
                let dump = tamed(strategy.new_tree(&mut runner).unwrap().current(), transport);
                let mut lines = print(&dump, era);
                // something follows: a log that ends with its table may have been cut there
                lines.push(unrelated(&lines));
                let log = wrap(&lines, transport, "web1");
                for (field, difference) in found(&dump, era, &log) {
                    let sample = Sample { difference, count: 0, log: log.clone() };
                    let kept = samples.entry((field, era, transport)).or_insert(sample);
                    kept.count += 1;
                }
            }
        }
    }
    known_gap(&samples);
}

fn unrelated(lines: &[KernelLine]) -> KernelLine {
    let micros = lines.last().map_or(0, |line| line.micros) + 60_000_000;
    KernelLine { level: 6, micros, thread: 1, text: b"e1000: eth0 NIC Link is Up 1000 Mbps".to_vec() }
}

fn found(dump: &Dump, era: Era, log: &[u8]) -> Vec<(String, String)> {
    match &parse_with(log, Options::new())[..] {
        [event] => differences(dump, era, event).found,
        events => {
            let brief: Vec<_> = events.iter().map(|e| (e.source.first_line, e.completeness.as_str())).collect();
            vec![("events".to_owned(), format!("{} events {brief:?}", events.len()))]
        }
    }
}

/// Fails for a difference that is not listed, and for one that is listed and gone.
fn known_gap(samples: &Samples) {
    let is = |gap: &Gap, (field, era, transport): &(String, Era, Transport)| {
        let here = gap.transports.is_empty() || gap.transports.contains(transport);
        field.ends_with(gap.field) && gap.eras.contains(era) && here
    };
    let mut unlisted = BTreeMap::new();
    for (key, sample) in samples.iter().filter(|(key, _)| !KNOWN_GAPS.iter().any(|gap| is(gap, key))) {
        let (_, places) = unlisted.entry(&key.0).or_insert_with(|| (sample, BTreeSet::new()));
        places.insert((key.1, key.2));
    }
    for (field, (sample, places)) in &unlisted {
        eprintln!("\n=== {field}: {}\n    {places:?}", sample.difference);
        if let Some(folder) = std::env::var_os("OOMKIT_SAMPLES") {
            let file = std::path::Path::new(&folder).join(format!("{}.log", field.replace([' ', '/'], "_")));
            std::fs::write(file, &sample.log).unwrap();
        }
    }
    let fixed: Vec<_> =
        KNOWN_GAPS.iter().filter(|gap| !samples.keys().any(|key| is(gap, key))).map(|gap| gap.field).collect();
    assert!(unlisted.is_empty(), "read back wrong: {:?}", unlisted.keys());
    assert!(fixed.is_empty(), "no longer wrong, take out of the list: {fixed:?}");
}
