//! Explanations: every sentence rests on fields of the event, every number follows from them, and the kernel's choice is
//! found again from the task table.

use oomkit_core::diagnose::explain::{Agreement, Explanation, Questions, Topic, Unit, explain};
use oomkit_core::event::{Completeness, Outcome};
use oomkit_core::{Event, Options, parse_with};
use oomkit_tests::derive::{evaluate, size, values};
use oomkit_tests::{captures, corpus, entries, shared_corpus};
use serde_json::Value;
use std::collections::BTreeMap;

/// Events of one log, each once.
fn events(log: &[u8]) -> Vec<Event> {
    parse_with(log, Options::new().include_user(true))
}

/// Every log of the repository, by name; of a boot the kernel's own records, else its console.
fn logs() -> Vec<(String, Vec<u8>)> {
    let seed = std::fs::read(corpus().join("seed/messages.log")).unwrap();
    let mut logs = vec![("seed".to_owned(), seed)];
    for capture in captures() {
        let log = capture.log("kmsg.txt").or_else(|| capture.log("console.log"));
        logs.extend(log.map(|log| (capture.name.clone(), log.to_vec())));
    }
    logs.extend(shared());
    logs
}

/// Other people's logs, where they are at hand: read in place, never copied.
fn shared() -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for folder in ["peers", "public"] {
        let mut paths = shared_corpus(folder).map(|folder| entries(&folder)).unwrap_or_default();
        paths.sort();
        for path in paths.into_iter().filter(|path| path.to_string_lossy().contains(".log")) {
            let bytes = std::fs::read(&path).unwrap();
            let name = format!("{folder}/{}", path.file_name().unwrap().to_string_lossy());
            let bytes = if name.ends_with(".gz") { gunzip(&bytes) } else { bytes };
            found.push((name, bytes));
        }
    }
    found
}

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(bytes), &mut out).unwrap();
    out
}

/// Words of ours that hold digits.
const CONSTANTS: [&str; 4] = ["cgroup v2", "from 1.28", "−1000", "vm.nr_hugepages"];

/// What is wrong with an explanation, told by its sentence.
fn unbacked(event: &Value, told: &Explanation) -> Vec<String> {
    let mut wrong = Vec::new();
    for sentence in &told.sentences {
        let text = &sentence.text;
        if sentence.fields.is_empty() {
            wrong.push(format!("no field: {text}"));
        }
        for path in &sentence.fields {
            if values(event, path).is_empty() {
                wrong.push(format!("{path} is not in the event: {text}"));
            }
        }
        let mut rest = text.clone();
        for name in sentence.fields.iter().flat_map(|path| values(event, path)).filter_map(Value::as_str) {
            if name.chars().any(|c| c.is_ascii_digit()) {
                rest = rest.replace(name, "");
            }
        }
        for constant in CONSTANTS {
            rest = rest.replace(constant, "");
        }
        for number in &sentence.numbers {
            let value = evaluate(event, &number.formula);
            let shown = match number.unit {
                Unit::Bytes => size(value),
                Unit::Percent => format!("{value}%"),
                Unit::PerMille => format!("{}.{}%", value / 10, value % 10),
                _ => value.to_string(),
            };
            if value != i128::from(number.value) || shown != number.text {
                wrong.push(format!("{} = {value} ({shown}), not {}: {text}", number.formula, number.text));
            }
            // the derivation may be an integer only where the caller gave it
            if number.formula.parse::<i128>().is_ok() && !matches!(sentence.topic, Topic::WhatIf | Topic::Request) {
                wrong.push(format!("{} stands for nothing: {text}", number.text));
            }
            rest = rest.replacen(&number.text, "", 1);
        }
        if rest.chars().any(|c| c.is_ascii_digit()) {
            wrong.push(format!("a number from nowhere ({rest}): {text}"));
        }
        let mut ours = text.clone();
        for name in sentence.fields.iter().flat_map(|path| values(event, path)).filter_map(Value::as_str) {
            ours = ours.replace(name, "…");
        }
        if !text.ends_with('.') || ours.contains("  ") {
            wrong.push(format!("badly written: {text:?}"));
        }
    }
    wrong
}

#[test]
fn every_sentence_is_backed_by_fields_and_every_number_follows_from_them() {
    let (mut sentences, mut numbers, mut topics) = (0, 0, BTreeMap::new());
    for (name, log) in logs() {
        for event in events(&log) {
            let json = serde_json::to_value(&event).unwrap();
            let mut questions = Questions::new().request("80Mi").unwrap();
            if let Some(victim) = event.victims.first() {
                questions = questions.what_if(&format!("pid={}:adj=-1000", victim.pid)).unwrap();
                questions = questions.what_if(&format!("pid={}:rss=1Gi,swap=0", victim.pid)).unwrap();
            }
            for told in [explain(&event, &Questions::new()), explain(&event, &questions)] {
                let wrong = unbacked(&json, &told);
                assert!(wrong.is_empty(), "{name}:{}:\n{}", event.source.first_line, wrong.join("\n"));
                sentences += told.sentences.len();
                for sentence in &told.sentences {
                    numbers += sentence.numbers.len();
                    *topics.entry(sentence.topic.as_str().to_owned()).or_insert(0) += 1;
                }
            }
        }
    }
    assert!(sentences > 5_000 && numbers > 10_000, "{sentences} sentences, {numbers} numbers: {topics:?}");
    assert_eq!(topics.len(), Topic::ALL.len(), "{topics:?}");
}

/// Logs whose victims the table does not name, and why.
const NOT_BY_SCORE: [(&str, Agreement, &str); 7] = [
    ("5.10.0-30-alloc-task", Agreement::AllocatingTask, "vm.oom_kill_allocating_task: scores have no part in it"),
    ("6.12.107_deb13-alloc-task", Agreement::AllocatingTask, "vm.oom_kill_allocating_task"),
    ("peers/lukeshirnia-messages-rhel6.log.gz", Agreement::Possible, "2.6.32: swap counts, but is not in the table"),
    ("peers/lukeshirnia-messages-rhel6.log.gz", Agreement::NotReplayable, "one of its dumps lost rows and the totals"),
    ("peers/lukeshirnia-rhel6-dump00.log", Agreement::Possible, "as above"),
    ("peers/lukeshirnia-rhel6-dump09.log", Agreement::Possible, "as above"),
    (
        "peers/lukeshirnia-rhel6-dump02.log",
        Agreement::NotReplayable,
        "half of the rows are not in the log, the victim's too",
    ),
];

#[test]
fn the_kernels_victim_is_found_again_from_the_table() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut own: BTreeMap<String, usize> = BTreeMap::new();
    let mut surprises = Vec::new();
    for (name, log) in logs() {
        for event in events(&log) {
            if event.outcome != Outcome::Killed
                || event.completeness != Completeness::Complete
                || event.tasks.is_empty()
            {
                continue;
            }
            let choice = explain(&event, &Questions::new()).choice.unwrap();
            *counts.entry(choice.agreement.as_str().to_owned()).or_default() += 1;
            if !name.contains('/') {
                *own.entry(choice.agreement.as_str().to_owned()).or_default() += 1;
            }
            let known = NOT_BY_SCORE.iter().any(|(n, agreement, _)| *n == name && *agreement == choice.agreement);
            if choice.agreement != Agreement::Follows && !known {
                surprises
                    .push(format!("{name}:{} {:?} {:?}", event.source.first_line, choice.agreement, choice.reason));
            }
        }
    }
    assert!(surprises.is_empty(), "{counts:?}\n{}", surprises.join("\n"));
    // what the documentation says of this repository's own logs
    let (follows, all) = (own.get("follows").copied().unwrap_or(0), own.values().sum::<usize>());
    let claim = format!("{follows} of {all} complete dumps");
    let page = std::fs::read_to_string(corpus().join("../../docs/explain.md")).unwrap();
    assert!(page.contains(&claim), "docs/explain.md does not say {claim}");
}
