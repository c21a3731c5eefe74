//! `summary`, `grep`, `redact` and `cgroup` from end to end.

use crate::run::*;
use std::io::Write;
use std::process::{Output, Stdio};

fn verb(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = oomkit().args(arguments).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // a verb that fails early does not read
    let _ = stdin.write_all(input);
    drop(stdin);
    child.wait_with_output().unwrap()
}

/// A dump with lines of another host and of programs between its own, between two quiet lines.
fn interleaved() -> (String, String) {
    let own: Vec<String> = DUMP
        .lines()
        .map(|line| line.split_once("] ").map_or(line, |(_, text)| text))
        .map(|text| format!("Nov 23 17:13:35 web1 kernel: {text}\n"))
        .collect();
    let mut log = QUIET.to_owned();
    for (n, line) in own.iter().enumerate() {
        log.push_str(line);
        if n == 3 {
            log.push_str("Nov 23 17:13:35 web1 sshd[7]: Accepted publickey for alice from 10.9.8.7\n");
            log.push_str("Nov 23 17:13:35 db2 kernel: usb 1-1: new device\n");
        }
    }
    log.push_str(QUIET);
    (log, own.concat())
}

#[test]
fn grep_prints_the_bytes_of_the_dump_and_no_one_elses() {
    let (log, own) = interleaved();
    let output = verb(&["grep"], log.as_bytes());
    assert_eq!((code(&output), stdout(&output), stderr(&output)), (0, &*own, ""));
    let raw = verb(&["grep", "--raw-range"], log.as_bytes());
    assert!(
        stdout(&raw).contains("sshd[7]") && stdout(&raw).contains("db2") && !stdout(&raw).contains("usb 1-1: new\n")
    );
    // packed input gives the same
    assert_eq!(verb(&["grep"], &gzip(&log)).stdout, output.stdout);
    let root = tempfile::tempdir().unwrap();
    let path = file(root.path(), "log.gz", gzip(&log));
    assert_eq!(oomkit().args(["grep", &path]).output().unwrap().stdout, output.stdout);
}

#[test]
fn grep_filters() {
    let (log, own) = interleaved();
    let id =
        serde_json::from_slice::<serde_json::Value>(&parse_input(&["-fjsonl"], log.as_bytes()).stdout).unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned();
    for picks in [
        &["--victim", "python3"][..],
        &["--victim", "py*"],
        &["--victim", "114"],
        &["--victim", "nobody", "--victim", "python3"],
        &["--host", "web?"],
        &["--constraint", "memcg", "--scope", "cgroup"],
        &["--id", &id[..8]],
    ] {
        assert_eq!(stdout(&verb(&[&["grep"], picks].concat(), log.as_bytes())), own, "{picks:?}");
    }
    for refuses in
        [&["--victim", "sh"][..], &["--host", "db2"], &["--silent"], &["--pod", "cc10"], &["--container", "9823d0"]]
    {
        let output = verb(&[&["grep", "--exit-code"], refuses].concat(), log.as_bytes());
        assert_eq!((code(&output), stdout(&output)), (0, ""), "{refuses:?}");
        assert_eq!(stderr(&output), "oomkit: None of 1 dump matched.\n");
    }
    assert_eq!(code(&verb(&["grep", "--exit-code"], log.as_bytes())), 1);
}

#[test]
fn grep_picks_by_time_and_says_what_has_none() {
    let (log, own) = interleaved();
    let pick = |arguments: &[&str]| verb(&[&["grep", "--year", "2026"], arguments].concat(), log.as_bytes());
    assert_eq!(stdout(&pick(&["--since", "2026-11-23", "--until", "2026-11-23"])), own);
    assert_eq!(stdout(&pick(&["--since", "2026-11-23T17:13:35Z"])), own);
    assert_eq!(stdout(&pick(&["--until", "2026-11-23T17:13:35Z"])), "");
    assert_eq!(stdout(&pick(&["--since", "2026-11-24"])), "");
    let undated = verb(&["grep", "--since", "2026-11-23"], log.as_bytes());
    assert!(stderr(&undated).contains("1 dump without a date did not pass"), "{}", stderr(&undated));
    assert_eq!(code(&verb(&["grep", "--since", "yesterday"], b"")), 2);
}

#[test]
fn grep_prints_a_shared_line_once_and_ends_the_last_one() {
    let again = DUMP.replace("   11.6711", "   99.6711").replace("114", "115");
    let both = format!("{DUMP}{}", again.trim_end());
    assert_eq!(stdout(&verb(&["grep"], both.as_bytes())), format!("{DUMP}{again}"));
    let root = tempfile::tempdir().unwrap();
    let copies = [file(root.path(), "a", DUMP), file(root.path(), "b", DUMP)];
    let run = |more: &[&str]| oomkit().args(["grep", &copies[0], &copies[1]]).args(more).output().unwrap();
    assert_eq!(stdout(&run(&[])), format!("{DUMP}{DUMP}"));
    assert_eq!(stdout(&run(&["--dedupe"])), DUMP);
}

#[test]
fn redact_keeps_the_event_and_loses_the_names() {
    let (log, _) = interleaved();
    let output = verb(&["redact", "--key", "k"], log.as_bytes());
    assert_eq!(code(&output), 0);
    assert_eq!(stderr(&output), "oomkit: 2 lines within dumps left out: not known to be a dump's\n");
    let text = stdout(&output);
    for name in ["python3", "web1", "db2", "alice", "10.9.8.7", "batch", "sshd"] {
        // `batch` and `job` are words of layouts
        assert!(name == "batch" || !text.contains(name), "{name}: {text}");
    }
    let event =
        |log: &[u8]| serde_json::from_slice::<serde_json::Value>(&parse_input(&["-fjsonl"], log).stdout).unwrap();
    let (before, after) = (event(log.as_bytes()), event(&output.stdout));
    assert_eq!(before["victims"][0]["anon_rss_bytes"], after["victims"][0]["anon_rss_bytes"]);
    assert_eq!(before["completeness"], after["completeness"]);
    assert_eq!(before["tasks"].as_array().unwrap().len(), after["tasks"].as_array().unwrap().len());
    assert_eq!(after["host"].as_str().unwrap().len(), 4);
    // a key repeats itself, no key does not
    assert_eq!(verb(&["redact", "--key", "k"], log.as_bytes()).stdout, output.stdout);
    assert_ne!(verb(&["redact", "--key", "l"], log.as_bytes()).stdout, output.stdout);
    assert_ne!(verb(&["redact"], log.as_bytes()).stdout, verb(&["redact"], log.as_bytes()).stdout);
    assert_eq!(code(&verb(&["redact", "--key", ""], b"")), 2);
}

#[test]
fn summary_in_four_formats() {
    let (log, _) = interleaved();
    let run = |arguments: &[&str]| verb(&[&["summary", "--year", "2026"], arguments].concat(), log.as_bytes());
    let text = run(&[]);
    assert_eq!(code(&text), 0);
    assert!(
        stdout(&text).starts_with("1 OOM event, 1 process killed on 1 host, 2026-11-23 17:13:35 UTC\n"),
        "{}",
        stdout(&text)
    );
    let json: serde_json::Value = serde_json::from_slice(&run(&["-f", "json"]).stdout).unwrap();
    assert_eq!((&json["measure"], &json["totals"]["events"]), (&"summary".into(), &1.into()));
    assert_eq!(json["groups"].as_array().unwrap().len(), 10);
    assert_eq!(json["loss"]["lines"], log.lines().count());
    let csv = run(&["-f", "csv", "--by", "command,host"]);
    let keys: Vec<_> = stdout(&csv).lines().map(|line| line.split(',').take(2).collect::<Vec<_>>().join("=")).collect();
    assert_eq!(keys, ["by=key", "total=", "command=python3", "host=web1"]);
    assert!(stdout(&run(&["-f", "markdown"])).contains("### By command\n\n| events |"));
    assert_eq!(code(&run(&["--exit-code"])), 1);
    assert_eq!(code(&run(&["--by", "colour"])), 2);
    assert_eq!(code(&verb(&["summary", "--strict"], KILL_LINE.as_bytes())), 3);
    let none = verb(&["summary"], QUIET.as_bytes());
    assert_eq!((code(&none), stdout(&none)), (0, "No OOM kills found\n"));
}

#[test]
fn summary_names_what_could_not_be_read() {
    let output = oomkit().args(["summary", "-f", "json", "/nonexistent/log"]).output().unwrap();
    assert_eq!(code(&output), 2);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["loss"]["unreadable"][0], "/nonexistent/log");
}

#[test]
fn cgroup_prints_an_identity_a_line() {
    let output = verb(&["cgroup", "/system.slice/nginx.service", "/myapp", "-"], b"0::/user.slice/user-7.slice\n\n");
    assert_eq!(code(&output), 0);
    let lines: Vec<serde_json::Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 4);
    assert_eq!((&lines[0]["unit"], &lines[2]["user_uid"]), (&"nginx.service".into(), &7.into()));
    assert!(lines[1].is_null() && lines[3].is_null());
    assert_eq!(
        verb(&["cgroup"], b"/system.slice/nginx.service").stdout,
        verb(&["cgroup", "/system.slice/nginx.service"], b"").stdout
    );
}

#[cfg(target_os = "linux")]
#[test]
fn closed_pipes_and_full_disks() {
    let root = tempfile::tempdir().unwrap();
    let log = file(root.path(), "log", DUMP.repeat(300));
    for verb in ["grep", "redact", "summary"] {
        let mut child = oomkit().args([verb, "-q", &log]).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((code(&output), stderr(&output)), (0, ""), "{verb}");
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output = oomkit().args([verb, "-q", &log]).stdout(full).output().unwrap();
        assert_eq!(
            (code(&output), stderr(&output)),
            (2, "oomkit: standard output: No space left on device\n"),
            "{verb}"
        );
        let output = oomkit().args([verb, "-o", &log, &log]).output().unwrap();
        assert_eq!(code(&output), 2, "{verb}");
    }
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    assert_eq!(code(&oomkit().args(["cgroup", "/a.service"]).stdout(full).output().unwrap()), 2);
}
