//! One dump, many copies: the event is the same from whichever log it is read, but for time, host and source.

use oomkit_core::Event;
use oomkit_core::event::{Completeness, DiagnosticKind, Victim};
use oomkit_core::parse;
use oomkit_tests::captures;
use std::collections::BTreeMap;

/// What may differ, and which diagnostic has to say so when anything else does.
fn facts(event: &Event) -> serde_json::Value {
    let mut json = serde_json::to_value(event).unwrap();
    let object = json.as_object_mut().unwrap();
    for key in ["time", "host", "source", "diagnostics"] {
        object.remove(key);
    }
    // whether later dumps prove it is no fact of this one: a copy may lack them, and its clock be less exact
    let verdict = object["verdict"].as_object_mut().unwrap();
    verdict.remove("confidence");
    let evidence = verdict["evidence"].as_array_mut().unwrap();
    evidence.retain(|evidence| !evidence["fact"].as_str().unwrap().contains(" later"));
    for evidence in evidence {
        evidence.as_object_mut().unwrap().remove("line");
    }
    json
}

/// The victims without the cgroup, which only the summary prints.
fn victims(event: &Event) -> Vec<Victim> {
    let mut victims = event.victims.clone();
    for victim in &mut victims {
        victim.task_memcg = None;
    }
    victims
}

/// Diagnostics that name a loss which another copy of the same dump may not have.
fn names_a_loss(event: &Event) -> bool {
    use DiagnosticKind as K;
    let losses = [K::Truncated, K::BytesLost, K::BlockMissing, K::HeadMissing, K::TailMissing];
    event.diagnostics.iter().any(|d| losses.contains(&d.kind))
}

#[test]
fn every_copy_of_a_dump_gives_the_same_event_or_says_what_it_lost() {
    let (mut same, mut lossy) = (0, 0);
    for capture in captures() {
        let Some(reference) = capture.log("kmsg.txt") else { continue };
        let reference: BTreeMap<String, Event> = parse(reference).into_iter().map(|e| (e.id.clone(), e)).collect();
        for (name, log) in &capture.logs {
            for event in parse(log) {
                let place = format!("{}/{name} line {}", capture.name, event.source.first_line);
                match reference.get(&event.id) {
                    Some(expected) if names_a_loss(&event) => {
                        assert_eq!(victims(&event), victims(expected), "{place}");
                        lossy += 1;
                    }
                    Some(expected) => {
                        assert_eq!(facts(&event), facts(expected), "{place}");
                        same += 1;
                    }
                    // a ring that lost the dump, a line the journal did not print, a line a user wrote
                    None => assert!(
                        names_a_loss(&event) || ring_overwritten(&capture.name),
                        "{place}: not in kmsg.txt, and nothing says why"
                    ),
                }
            }
        }
    }
    assert!(same > 1000 && lossy > 50, "{same} the same, {lossy} with a named loss");
}

/// Boots whose small ring had lost dumps by the time `/dev/kmsg` was read: the console has them.
fn ring_overwritten(capture: &str) -> bool {
    ["forkbomb", "noisy-tty", "ring-overwrite"].iter().any(|name| capture.ends_with(name))
}

#[test]
fn whole_dumps_are_complete_in_every_copy_that_lost_nothing() {
    for capture in captures() {
        let Some(log) = capture.log("kmsg.txt") else { continue };
        for event in parse(log) {
            let whole = !event.diagnostics.iter().any(|d| {
                matches!(
                    d.kind,
                    DiagnosticKind::HeadMissing | DiagnosticKind::TailMissing | DiagnosticKind::BlockMissing
                )
            });
            assert_eq!(whole, event.completeness == Completeness::Complete, "{} {:?}", capture.name, event.diagnostics);
        }
    }
}
