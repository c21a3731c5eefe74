//! The real binary on real logs, one snapshot for each output format. They prove stability; what is true about the same
//! logs stands in `tests/tests/truth.rs`.

use std::path::Path;

/// A dump that lost its end, and a boot of 6.12 with two kills.
const LOGS: [&str; 2] = ["tests/corpus/seed/messages.log", "tests/corpus/qemu/6.12.107_deb13-alloc-task/kmsg.txt.gz"];

fn printed(format: &str) -> String {
    run(&["parse", "--format", format])
}

fn run(arguments: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_oomkit"))
        .current_dir(root)
        .args(arguments)
        .args(LOGS)
        .output()
        .unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "stderr is quiet");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn text() {
    insta::assert_snapshot!(printed("text"));
}

#[test]
fn json() {
    insta::assert_snapshot!(printed("json"));
}

#[test]
fn jsonl() {
    insta::assert_snapshot!(printed("jsonl"));
}

#[test]
fn csv() {
    insta::assert_snapshot!(printed("csv"));
}

#[test]
fn story() {
    insta::assert_snapshot!(run(&["explain", "--request", "80Mi", "--what-if", "allocator:adj=-500"]));
}

#[test]
fn story_json() {
    insta::assert_snapshot!(run(&["explain", "--format", "json", "--request", "80Mi"]));
}
