//! What is printed: valid in every format, the same on a terminal and in a pipe but for colour and width.

use crate::run::*;

#[test]
fn json_and_jsonl_hold_the_same_events() {
    // lines that stand twice are read once
    let log = format!("{DUMP}{}", DUMP.replace("11.67", "99.67"));
    let array = parse_input(&["--format", "json"], log.as_bytes());
    let array: Vec<serde_json::Value> = serde_json::from_slice(&array.stdout).unwrap();
    let lines = parse_input(&["--format", "jsonl"], log.as_bytes());
    let lines: Vec<serde_json::Value> = stdout(&lines).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(array.len(), 2);
    assert_eq!(array, lines);
    assert_eq!(array[0]["victims"][0]["pid"], 114);
    assert_eq!(array[0]["memcg"]["memory"]["limit_bytes"], 26_214_400);
}

#[test]
fn csv_has_a_row_for_each_victim_under_its_header() {
    let output = parse_input(&["--format", "csv"], DUMP.as_bytes());
    let mut rows = stdout(&output).lines();
    assert!(rows.next().unwrap().starts_with("event_id,host,time_wall,"));
    assert!(rows.next().unwrap().contains(",114,python3,"));
    assert_eq!(rows.next(), None);
}

#[test]
fn text_tells_who_why_and_how_much() {
    let output = parse_input(&[], DUMP.as_bytes());
    let text = stdout(&output);
    for part in [
        "[11.671152]  python3 (pid 114) was killed: memory limit of cgroup /batch/job reached",
        "memory 25.0 MiB of 25.0 MiB (100%), failcnt 30",
        "anon 24.0 MiB",
        "← killed",
        "-:1–19 (dmesg",
        "kernel 6.1.0-47-cloud-amd64",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains("Missing"), "{text}");
}

#[test]
fn colour_is_only_where_it_is_wanted_and_changes_no_word() {
    let plain = parse_input(&[], DUMP.as_bytes());
    assert!(!stdout(&plain).contains('\x1b'));
    let colored = parse_input(&["--color", "always"], DUMP.as_bytes());
    assert!(stdout(&colored).contains('\x1b'));
    let stripped = anstream::adapter::strip_str(stdout(&colored)).to_string();
    assert_eq!(stripped, stdout(&plain));
    assert!(!stdout(&parse_input(&["--color", "always", "-f", "jsonl"], DUMP.as_bytes())).contains('\x1b'));
}

#[test]
fn a_hostile_name_reaches_the_terminal_only_escaped() {
    let log = DUMP.replace("(python3)", "(\x1b]0;owned\x07x)");
    let output = parse_input(&[], log.as_bytes());
    assert!(!stdout(&output).contains(['\x1b', '\x07']), "{:?}", stdout(&output));
    assert!(stdout(&output).contains(r"\x1b]0;owned\x07x"), "{}", stdout(&output));
}

#[test]
fn events_come_while_the_input_is_still_open() {
    use std::io::{BufRead, BufReader, Write};
    use std::process::Stdio;
    let mut child = oomkit().args(["parse", "--format", "jsonl"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(DUMP.as_bytes()).unwrap();
    // the next dump ends the first one
    stdin.write_all(DUMP.replace("11.67", "99.67").as_bytes()).unwrap();
    stdin.write_all("[  200.000000] something else\n".repeat(3000).as_bytes()).unwrap();
    stdin.flush().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.contains("python3"));
    drop(stdin);
    child.wait().unwrap();
}
