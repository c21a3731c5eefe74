//! Verdicts against what was seen of each container from outside the log: `silent_oom` of `truth.json`.

use oomkit_core::diagnose::WholeLog;
use oomkit_core::event::{Confidence, Verdict, VerdictKind};
use oomkit_core::{Item, Items, Options, Parser};
use oomkit_tests::{Capture, captures, shared_captures};
use serde_json::Value;
use std::collections::BTreeMap;

/// For each process that died of the OOM killer: whether its container's first process lived on. One that was killed
/// before the first died too is neither, and left out.
fn silent(capture: &Capture) -> BTreeMap<u32, bool> {
    let list = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let mut silent = BTreeMap::new();
    for phase in list(&capture.truth, "phases") {
        for process in list(&phase, "processes") {
            let of = list(&phase, "cgroups").into_iter().find(|cgroup| cgroup["path"] == process["cgroup"]);
            let Some(of) = of.filter(|_| process["sigkill"] == true && process["harness_killed"] != true) else {
                continue;
            };
            let lived = of["silent_oom"] == true;
            if lived || of["oom_group"] == 1 || of["first_pid"] == process["pid"] {
                silent.insert(u32::try_from(process["pid"].as_u64().unwrap()).unwrap(), lived);
            }
        }
    }
    silent
}

#[derive(Debug, Default)]
struct Score {
    right: u32,
    judged: u32,
    certain: u32,
}

impl Score {
    #[track_caller]
    fn count(&mut self, verdict: &Verdict, lived: bool, place: &str) {
        let expected = if lived { VerdictKind::ChildKilled } else { VerdictKind::ContainerKilled };
        if verdict.confidence == Confidence::Certain {
            assert_eq!(verdict.kind, expected, "{place}: {:?}", verdict.evidence);
            self.certain += 1;
        }
        self.judged += 1;
        self.right += u32::from(verdict.kind == expected);
    }

    fn share(&self) -> f64 {
        f64::from(self.right) / f64::from(self.judged)
    }
}

#[test]
fn no_certain_verdict_is_wrong_and_nine_of_ten_are_right() {
    let (mut parse, mut whole) = (Score::default(), Score::default());
    for capture in captures().iter().chain(&shared_captures()) {
        let silent = silent(capture);
        for (name, log) in &capture.logs {
            let mut items = Items::default();
            let mut parser = Parser::new(Options::new().companions(true));
            let _ = parser.feed(log, &mut items);
            parser.finish(&mut items);
            let mut evidence = WholeLog::default();
            for item in &items.0 {
                match item {
                    Item::Event(event) => evidence.event(event),
                    Item::Companion(companion) => evidence.companion(companion),
                    _ => {}
                }
            }
            for item in &items.0 {
                let Item::Event(event) = item else { continue };
                if event.container.as_ref().is_none_or(|container| container.id.is_none()) {
                    continue;
                }
                for victim in &event.victims {
                    let Some(lived) = silent.get(&victim.pid) else { continue };
                    let place = format!("{}/{name} pid {}", capture.name, victim.pid);
                    parse.count(&event.verdict, *lived, &place);
                    whole.count(&evidence.verdict(event), *lived, &format!("{place}, whole log"));
                }
            }
        }
    }
    for score in [&parse, &whole] {
        assert!(score.judged > 400 && score.share() >= 0.9, "{score:?}");
    }
    // proofs are there, and a whole log holds more of them
    assert!(parse.certain > 100 && whole.certain >= parse.certain, "{parse:?} {whole:?}");
    println!("parse {parse:?}, whole log {whole:?}");
}

#[test]
fn every_test_that_the_page_names_exists() {
    let root = oomkit_tests::corpus().join("../..");
    let page = std::fs::read_to_string(root.join("docs/diagnosis.md")).unwrap();
    let mut sources = String::new();
    for folder in ["oomkit-core/src", "tests/tests", "oomkit-cli/tests"] {
        read_all(&root.join(folder), &mut sources);
    }
    // names of tests are sentences: four words at least
    let named: Vec<&str> = page
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| word.matches('_').count() >= 4 && !word.contains(' '))
        .collect();
    assert!(named.len() > 40, "{} names", named.len());
    for name in named.iter().filter(|name| !name.contains(['/', '-', '.']) && **name != "mem_cgroup_out_of_memory") {
        assert!(sources.contains(&format!("fn {name}()")), "no test is called {name}");
    }
}

fn read_all(folder: &std::path::Path, into: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}
