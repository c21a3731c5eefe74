//! Events read back, and what is said of lines that are none.

use super::Kills;
use crate::parse;

fn refused(text: &str) -> String {
    Kills::default().read("kills.jsonl", text.as_bytes()).unwrap_err().to_string()
}

fn event() -> String {
    let log = b"[   71.146532] Out of memory: Killed process 42 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:0kB\n";
    serde_json::to_string(&parse(log)[0]).unwrap()
}

#[test]
fn lines_and_arrays_hold_the_same_events_and_companions_are_passed_over() {
    let companion = r#"{"type": "companion", "actor": "kubelet"}"#;
    for text in [
        event(),
        format!("\n\n{}\n{companion}\n\n{}\n", event(), event()),
        format!("[\n  {},\n  {}\n]\n", event(), event()),
    ] {
        let mut kills = Kills::default();
        kills.read("kills.jsonl", text.as_bytes()).unwrap();
        assert_eq!(kills.events().len(), 1, "{text}");
    }
    let mut none = Kills::default();
    none.read("kills.jsonl", &b""[..]).unwrap();
    assert!(none.is_empty(), "a log without kills gives an empty file");
}

#[test]
fn a_bad_line_is_told_with_its_number_and_its_field() {
    let wrong = event().replace("\"pid\":42", "\"pid\":\"forty-two\"");
    let said = refused(&format!("{}\n{wrong}\n", event()));
    assert!(said.starts_with("kills.jsonl:2:"), "{said}");
    assert!(said.contains(": victims[0].pid: invalid type: string \"forty-two\""), "{said}");
    let said = refused(&format!("{}\n{{\"id\": 5}}\n", event()));
    assert!(said.starts_with("kills.jsonl:2:"), "{said}");
    assert!(said.contains("id: invalid type: integer `5`, expected a string"), "{said}");
    let said = refused(&format!("{}\n\n{}", event(), &event()[..40]));
    assert!(said.starts_with("kills.jsonl:3:") && said.contains("the JSON ends too early"), "{said}");
    let said = refused("{}");
    assert!(said.contains("missing field"), "{said}");
    let said = refused("Out of memory: Killed process 42 (java)\n");
    assert!(
        said.starts_with("kills.jsonl:1:1: expected events, as `oomkit parse --format jsonl` prints them"),
        "{said}"
    );
    let said = refused(&event().replace("\"schema_version\":1", "\"schema_version\":2"));
    assert!(said.ends_with("schema_version: this version reads 1, and not 2"), "{said}");
}
