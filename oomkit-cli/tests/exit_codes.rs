//! Exit codes and the two standard streams, as the contract fixes them.

use crate::run::*;
use std::process::Stdio;

#[test]
fn events_go_to_standard_output_and_nothing_to_standard_error() {
    for format in ["text", "json", "jsonl", "csv"] {
        let output = parse_input(&["--format", format], DUMP.as_bytes());
        assert_eq!(code(&output), 0, "{format}");
        assert!(stdout(&output).contains("python3"), "{format}: {}", stdout(&output));
        assert_eq!(stderr(&output), "", "{format}");
    }
}

#[test]
fn nothing_found_is_success_and_a_note() {
    let output = parse_input(&["--exit-code", "--strict"], QUIET.as_bytes());
    assert_eq!(code(&output), 0);
    assert_eq!(stdout(&output), "");
    assert_eq!(stderr(&output), "oomkit: No OOM kills found in 1 file (2 lines).\n");
    assert_eq!(stderr(&parse_input(&["--quiet"], QUIET.as_bytes())), "");
    assert_eq!(stdout(&parse_input(&["--format", "json"], b"")), "[]\n");
    assert_eq!(stdout(&parse_input(&["--format", "jsonl"], b"")), "");
    assert_eq!(stdout(&parse_input(&["--format", "csv"], b"")).lines().count(), 1);
}

#[test]
fn exit_code_tells_that_something_was_found_only_when_asked() {
    assert_eq!(code(&parse_input(&[], DUMP.as_bytes())), 0);
    assert_eq!(code(&parse_input(&["--exit-code"], DUMP.as_bytes())), 1);
}

#[test]
fn strict_tells_damage_and_beats_a_find() {
    assert_eq!(code(&parse_input(&["--strict"], DUMP.as_bytes())), 0);
    assert_eq!(code(&parse_input(&["--strict", "--exit-code"], DUMP.as_bytes())), 1);
    assert_eq!(code(&parse_input(&[], KILL_LINE.as_bytes())), 0);
    assert_eq!(code(&parse_input(&["--strict", "--exit-code"], KILL_LINE.as_bytes())), 3);
}

#[test]
fn an_unreadable_input_beats_all_and_the_others_are_read() {
    let root = tempfile::tempdir().unwrap();
    let good = file(root.path(), "good", KILL_LINE);
    let missing = root.path().join("missing").to_str().unwrap().to_owned();
    let output = parse(["--format", "jsonl", "--strict", "--exit-code", &missing, &good]);
    assert_eq!(code(&output), 2);
    assert_eq!(sources(&output), [good]);
    assert_eq!(stderr(&output), format!("oomkit: {missing}: No such file or directory\n"));
}

#[test]
fn wrong_usage_is_two_and_said_before_any_work() {
    for arguments in [&["parse", "--format", "yaml"][..], &["parse", "--year", "20"], &["nosuch"], &[]] {
        let output = oomkit().args(arguments).output().unwrap();
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn help_and_version_are_no_errors() {
    let output = oomkit().args(["parse", "--help"]).output().unwrap();
    assert_eq!(code(&output), 0);
    for part in ["Examples:", "dmesg | oomkit parse", "Exit codes:", "--include-user", "formula"] {
        assert!(stdout(&output).contains(part), "{part}: {}", stdout(&output));
    }
    assert!(stdout(&oomkit().args(["parse", "-h"]).output().unwrap()).contains("Examples:"));
    let output = oomkit().arg("--version").output().unwrap();
    assert_eq!(stdout(&output), concat!("oomkit ", env!("CARGO_PKG_VERSION"), "\n"));
}

/// More than a pipe holds, so that the writer meets the closed end.
fn many_kills() -> String {
    format!("{KILL_LINE}\n").repeat(5000)
}

#[test]
fn a_closed_pipe_is_quiet_success() {
    let root = tempfile::tempdir().unwrap();
    let log = file(root.path(), "log", many_kills());
    for format in ["text", "json", "jsonl", "csv"] {
        for input in [log.as_str(), "/dev/null"] {
            let mut child = oomkit().args(["parse", "-q", "--exit-code", "--format", format, input]).spawn().unwrap();
            drop(child.stdout.take());
            let output = child.wait_with_output().unwrap();
            assert_eq!(code(&output), 0, "{format} {input}");
            assert_eq!(stderr(&output), "", "{format} {input}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_never_silent() {
    let root = tempfile::tempdir().unwrap();
    let log = file(root.path(), "log", many_kills());
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
    for format in ["text", "json", "jsonl", "csv"] {
        let output = oomkit().args(["parse", "--format", format, &log]).stdout(full()).output().unwrap();
        assert_eq!(code(&output), 2, "{format}");
        assert_eq!(stderr(&output), "oomkit: standard output: No space left on device\n", "{format}");
        let output = parse(["--format", format, "-o", "/dev/full", &log]);
        assert_eq!(code(&output), 2, "{format}");
        assert_eq!(stderr(&output), "oomkit: /dev/full: No space left on device\n", "{format}");
    }
    // too little to fill a buffer: only the last flush can tell
    let output = oomkit().args(["parse", "--format", "json", "/dev/null"]).stdout(full()).output().unwrap();
    assert_eq!(code(&output), 2);
}

#[cfg(unix)]
#[test]
fn a_closed_standard_error_is_no_reason_to_panic() {
    let mut child = oomkit().args(["parse", "/nonexistent", "/dev/null"]).stdout(Stdio::null()).spawn().unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(2));
}
