//! The JSON: its schema file is current, every event of the corpus reads back, and always-fields are always there.

use oomkit_core::diagnose::explain::Explanation;
use oomkit_core::resources::lint::Report;
use oomkit_core::resources::measure::{Headroom, Overcommit, Recommend, Risk, Waste};
use oomkit_core::{Companion, Event, parse};
use oomkit_tests::{captures, corpus};
use std::path::Path;

/// Compares a schema with its file, or writes it.
fn current(schema: &schemars::Schema, name: &str) {
    let generated = serde_json::to_string_pretty(schema).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema").join(name);
    if std::env::var_os("OOMKIT_UPDATE").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == generated, "schema/{name} is not current: run this test with OOMKIT_UPDATE=1");
}

#[test]
fn the_schema_files_are_current() {
    current(&schemars::schema_for!(Event), "event.schema.json");
    current(&schemars::schema_for!(Companion), "companion.schema.json");
    current(&schemars::schema_for!(Explanation), "explanation.schema.json");
    current(&schemars::schema_for!(Overcommit), "overcommit.schema.json");
    current(&schemars::schema_for!(Waste), "waste.schema.json");
    current(&schemars::schema_for!(Headroom), "headroom.schema.json");
    current(&schemars::schema_for!(Risk), "risk.schema.json");
    current(&schemars::schema_for!(Recommend), "recommend.schema.json");
    current(&schemars::schema_for!(Report), "lint.schema.json");
}

/// Built with `deny-unknown-fields`: a field that serialises under another name than it reads would fail here.
#[test]
fn every_event_of_the_corpus_reads_back_the_same() {
    let mut count = 0;
    for capture in captures() {
        for (name, log) in &capture.logs {
            for event in parse(log) {
                let json = serde_json::to_string(&event).unwrap();
                let back: Event =
                    serde_json::from_str(&json).unwrap_or_else(|e| panic!("{}/{name}: {e}", capture.name));
                assert_eq!(back, event, "{}/{name}", capture.name);
                count += 1;
            }
        }
    }
    assert!(count > 1500, "{count} events");
}

#[test]
fn unknown_fields_are_refused_and_unknown_words_are_kept() {
    let log = std::fs::read(corpus().join("seed/messages.log")).unwrap();
    let mut json = serde_json::to_value(&parse(&log)[0]).unwrap();
    json["constraint"] = "of_the_future".into();
    let event: Event = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(event.constraint.as_str(), "of_the_future");
    json["trigger"]["of_the_future"] = 1.into();
    assert!(serde_json::from_value::<Event>(json).is_err(), "this build denies unknown fields");
}

/// The contract's fields marked **always**.
#[test]
fn what_the_contract_promises_is_always_there() {
    let always = [
        "/schema_version",
        "/id",
        "/time/assumed",
        "/source/name",
        "/source/first_line",
        "/source/last_line",
        "/source/first_byte",
        "/source/last_byte",
        "/source/transport",
        "/source/origin",
        "/constraint",
        "/victims",
        "/outcome",
        "/scope",
        "/verdict",
        "/verdict/kind",
        "/verdict/confidence",
        "/verdict/evidence",
        "/completeness",
        "/diagnostics",
    ];
    let seed = std::fs::read(corpus().join("seed/messages.log")).unwrap();
    let mut events = parse(&seed);
    for capture in captures() {
        events.extend(capture.log("console.log").map(parse).unwrap_or_default());
    }
    for event in &events {
        let json = serde_json::to_value(event).unwrap();
        for path in always {
            assert!(json.pointer(path).is_some_and(|v| !v.is_null()), "{path} of {}", event.id);
        }
    }
}
