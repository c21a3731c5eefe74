//! What can be read: files, standard input, directories, patterns, and what is bad among them.

use crate::run::*;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::process::Stdio;

#[test]
fn files_are_read_in_the_order_given_and_named_as_given() {
    let root = tempfile::tempdir().unwrap();
    let b = file(root.path(), "b", DUMP);
    let a = file(root.path(), "a", KILL_LINE);
    let output = parse(["--format", "jsonl", &b, &a, &b]);
    assert_eq!(sources(&output), [b.as_str(), &a, &b]);
    assert_eq!(code(&output), 0);
}

#[test]
fn a_dash_is_standard_input_among_files() {
    let root = tempfile::tempdir().unwrap();
    let a = file(root.path(), "a", KILL_LINE);
    let output = parse_input(&["--format", "jsonl", &a, "-", &a], DUMP.as_bytes());
    assert_eq!(sources(&output), [a.as_str(), "-", &a]);
    assert_eq!(sources(&parse_input(&["--format", "jsonl"], DUMP.as_bytes())), ["-"]);
}

#[test]
fn a_directory_is_walked_in_order_of_names() {
    let root = tempfile::tempdir().unwrap();
    let names = [".hidden", "a/10.gz", "a/2", "b"];
    for name in names {
        let content = if name.ends_with("gz") { gzip(DUMP) } else { DUMP.as_bytes().to_vec() };
        file(root.path(), name, content);
    }
    file(root.path(), "binary", [0, 159, 146, 150, 10, 255]);
    let output = parse(["--format", "jsonl", root.path().to_str().unwrap()]);
    let expected: Vec<String> = names.iter().map(|n| root.path().join(n).to_str().unwrap().to_owned()).collect();
    assert_eq!(sources(&output), expected);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
}

#[test]
fn a_pattern_the_shell_left_is_expanded_unless_a_file_has_that_name() {
    let root = tempfile::tempdir().unwrap();
    let one = file(root.path(), "kern.log.1", KILL_LINE);
    let plain = file(root.path(), "kern.log", KILL_LINE);
    file(root.path(), "other", KILL_LINE);
    let pattern = root.path().join("kern.log*").to_str().unwrap().to_owned();
    assert_eq!(sources(&parse(["--format", "jsonl", &pattern])), [plain, one]);
    let literal = file(root.path(), "kern.log*", KILL_LINE);
    assert_eq!(sources(&parse(["--format", "jsonl", &pattern])), [literal]);
    let output = parse([root.path().join("nothing*")]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("no file matches the pattern"), "{}", stderr(&output));
    let output = oomkit().current_dir(root.path()).args(["parse", "--format", "jsonl", "o*r"]).output().unwrap();
    assert_eq!(sources(&output), ["other"]);
}

#[test]
fn the_output_file_is_neither_destroyed_nor_read() {
    let root = tempfile::tempdir().unwrap();
    let log = file(root.path(), "log", KILL_LINE);
    let output = parse(["-o", &log, &log]);
    assert_eq!(code(&output), 2);
    assert_eq!(fs::read_to_string(&log).unwrap(), KILL_LINE);
    // within a directory it is passed over
    let out = root.path().join("out.jsonl");
    for _ in 0..2 {
        let output = parse(["--format", "jsonl", "-o", out.to_str().unwrap(), root.path().to_str().unwrap()]);
        assert_eq!((code(&output), stdout(&output), stderr(&output)), (0, "", ""));
        assert_eq!(fs::read_to_string(&out).unwrap().lines().count(), 1);
    }
    // standard output sent to a file below the directory
    let to = fs::File::create(&out).unwrap();
    let command = oomkit().args(["parse", "--format", "jsonl", root.path().to_str().unwrap()]).stdout(to).output();
    assert_eq!(code(&command.unwrap()), 0);
    assert_eq!(fs::read_to_string(&out).unwrap().lines().count(), 1);
}

#[test]
fn an_output_that_cannot_be_opened_is_told_before_anything_is_read() {
    let output = parse(["-o", "/nonexistent/out", "-"]);
    assert_eq!(code(&output), 2);
    assert_eq!(stderr(&output), "oomkit: /nonexistent/out: No such file or directory\n");
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_in_a_directory_does_not_stop_the_rest() {
    use std::os::unix::fs::PermissionsExt;
    let root = tempfile::tempdir().unwrap();
    let bad = file(root.path(), "a", KILL_LINE);
    let good = file(root.path(), "b", KILL_LINE);
    fs::set_permissions(&bad, fs::Permissions::from_mode(0o0)).unwrap();
    if fs::File::open(&bad).is_ok() {
        // root may read everything: a file that fails while it is read does as well
        fs::remove_file(&bad).unwrap();
        std::os::unix::fs::symlink("/proc/self/mem", &bad).unwrap();
    }
    let output = parse(["--format", "jsonl", root.path().to_str().unwrap()]);
    assert_eq!(sources(&output), [good]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).starts_with(&format!("oomkit: {bad}: ")), "{}", stderr(&output));
}

#[cfg(unix)]
#[test]
fn names_of_files_cannot_drive_the_terminal() {
    let output = parse(["/nonexistent/\u{1b}[31mred"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains(r"\x1b[31mred") && !stderr(&output).contains('\x1b'));
}

#[test]
fn lines_by_user_processes_are_left_out_and_counted() {
    let line = format!(
        r#"{{"_TRANSPORT":"syslog","SYSLOG_IDENTIFIER":"kernel","_HOSTNAME":"h","__REALTIME_TIMESTAMP":"1700000000000000","MESSAGE":"{KILL_LINE}"}}"#
    );
    let output = parse_input(&["--exit-code"], format!("{line}\n").as_bytes());
    assert_eq!((code(&output), stdout(&output)), (0, ""));
    assert!(
        stderr(&output).contains("1 event by user processes left out (--include-user shows them)"),
        "{}",
        stderr(&output)
    );
    let output = parse_input(&["--include-user", "--exit-code"], format!("{line}\n").as_bytes());
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).contains("written by a user process, not by the kernel"), "{}", stdout(&output));
}

#[test]
fn a_dump_in_two_files_is_given_once_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let copies: Vec<_> = ["a.log", "b.log"].iter().map(|name| folder.path().join(name)).collect();
    for copy in &copies {
        fs::write(copy, DUMP).unwrap();
    }
    assert_eq!(stdout(&parse([OsStr::new("-fjsonl"), copies[0].as_ref(), copies[1].as_ref()])).lines().count(), 2);
    let once = parse([OsStr::new("-fjsonl"), OsStr::new("--dedupe"), copies[0].as_ref(), copies[1].as_ref()]);
    assert_eq!(stdout(&once).lines().count(), 1);
    assert!(String::from_utf8_lossy(&once.stderr).contains("1 event left out"));
}

#[test]
fn companions_stand_beside_the_kill_they_belong_to() {
    let log = format!(
        "Nov 23 17:13:35 web1 kernel: {KILL_LINE}\n\
         Nov 23 17:13:36 web1 earlyoom[6]: process 4242 exited after 0.1 \x1b[31mseconds\n\
         Nov 23 17:13:36 web1 earlyoom[6]: process 1 exited after 0.1 seconds\n"
    );
    let run = |arguments: &[&str]| parse_input(arguments, log.as_bytes());

    let output = run(&["--companions", "-f", "jsonl"]);
    let lines: Vec<serde_json::Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!((&lines[1]["type"], &lines[1]["event_id"]), (&"companion".into(), &lines[0]["id"]));
    assert!(lines[2]["event_id"].is_null());
    let id = lines[0]["id"].as_str().unwrap();

    let output = run(&["--companions", "-f", "json"]);
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(stdout(&output)).unwrap(), lines);

    let output = run(&["--companions"]);
    let expected = format!(
        "\n\nNov 23 17:13:36  web1  earlyoom: process 4242 exited after 0.1 \\x1b[31mseconds (belongs to event {id})\n\
         Nov 23 17:13:36  web1  earlyoom: process 1 exited after 0.1 seconds\n"
    );
    assert!(stdout(&output).ends_with(&expected), "{}", stdout(&output));

    let output = run(&["--companions", "-f", "csv"]);
    assert_eq!(stdout(&output), stdout(&run(&["-f", "csv"])));
    assert!(stderr(&output).contains("2 companions not printed"), "{}", stderr(&output));
    assert_eq!(stdout(&run(&["-f", "jsonl"])).lines().count(), 1);
}

/// Lines of three hosts: several chunks, with dumps over their borders.
fn long_log() -> String {
    let mut log = String::new();
    for n in 0..300 {
        for line in 0..n % 40 {
            let host = ["web1", "web2", "db1"][line % 3];
            let second = n % 60;
            log.push_str(&format!(
                "Mar 30 12:{:02}:{second:02} {host} app[{n}]: request {line} of many, nothing else\n",
                n / 60
            ));
        }
        for line in DUMP.lines() {
            let (stamp, text) = line.split_once("] ").unwrap_or(("", line.trim_start()));
            let stamp = stamp.replacen("[   11", &format!("[{:5}", n * 20), 1);
            let stamp = if stamp.is_empty() { stamp } else { format!("{stamp}] ") };
            let host = ["web1", "web2"][n % 2];
            log.push_str(&format!("Mar 30 12:{:02}:{:02} {host} kernel: {stamp}{text}\n", n / 60, n % 60));
        }
    }
    log
}

#[test]
fn any_number_of_threads_prints_the_same_bytes() {
    let root = tempfile::tempdir().unwrap();
    let log = long_log();
    assert!(log.len() > 1 << 19);
    let one = file(root.path(), "one.log", &log);
    let packed = file(root.path(), "two.log.gz", gzip(&log));
    let third = file(root.path(), "three.log", log.lines().rev().map(|line| format!("{line}\n")).collect::<String>());
    let run = |threads: &str, files: &[&str]| {
        let output = parse([&["-q", "-fjsonl", "--threads", threads], files].concat());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        output.stdout
    };
    for files in [&[&*one][..], &[&*packed], &[&*one, &*packed, &*third, &*one]] {
        let expected = run("1", files);
        let events = expected.iter().filter(|b| **b == b'\n').count();
        assert!(events >= 300 * files.len() - 300, "{events}");
        for threads in ["2", "3", "8"] {
            assert!(run(threads, files) == expected, "{threads} threads over {files:?}");
        }
    }
    // from a pipe, too
    let piped = |threads: &str| {
        let mut child =
            oomkit().args(["parse", "-q", "-fjsonl", "--threads", threads]).stdin(Stdio::piped()).spawn().unwrap();
        let (mut stdin, log) = (child.stdin.take().unwrap(), log.clone());
        let writer = std::thread::spawn(move || stdin.write_all(log.as_bytes()));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        output.stdout
    };
    assert!(!piped("1").is_empty() && piped("1") == piped("4"));
}
