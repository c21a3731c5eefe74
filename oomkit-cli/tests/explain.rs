//! `oomkit explain`: the story in text and JSON, questions, the choice of events, and what only the whole log tells.

use crate::run::*;
use std::process::Output;

/// Runs `oomkit explain` with arguments and text on standard input.
fn explain(arguments: &[&str], input: &str) -> Output {
    verb_input("explain", arguments, input.as_bytes())
}

/// One line, so that wrapping does not matter.
fn flat(output: &Output) -> String {
    stdout(output).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_story_has_the_numbers_of_the_dump() {
    let output = explain(&[], DUMP);
    let text = flat(&output);
    for part in [
        "python3 (pid 114) asked for 4.0 KiB (order 0, GFP_KERNEL), to be charged to its memory cgroup.",
        "The memory limit of the cgroup /batch/job was reached: 25.0 MiB of 25.0 MiB were charged.",
        "Charges have failed there 30 times",
        // (6000 + 200) pages of 4 KiB
        "The cgroup and those below it held 2 processes with 24.2 MiB resident",
        "python3: 1 process, 23.4 MiB (97%).",
        // 25165824 of 26214400 bytes
        "Of 25.0 MiB charged, 24.0 MiB (96%) are anonymous memory of processes.",
        // 6000 pages and 98304 / 4096 of page tables; 998 of 6400 pages / 1000
        "12012 points (pages of resident memory, swap and page tables, and 5988 for oom_score_adj 998 of 25.0 MiB)",
        // 200 + 40960 / 4096 + 5988
        "Next would have been sh (pid 110) with 6198 points.",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert_eq!(code(&output), 0);
    assert_eq!(stderr(&output), "");
}

#[test]
fn json_holds_one_explanation_for_each_event() {
    let log =
        format!("{DUMP}{}", DUMP.replace("11.67", "99.67").replace("pid=114", "pid=115").replace(" 114 ", " 115 "));
    let array = explain(&["-f", "json"], &log);
    let array: Vec<serde_json::Value> = serde_json::from_slice(&array.stdout).unwrap();
    let lines = explain(&["-f", "jsonl"], &log);
    let lines: Vec<serde_json::Value> = stdout(&lines).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(array.len(), 2);
    assert_eq!(array, lines);
    let parsed = parse_input(&["-f", "jsonl"], log.as_bytes());
    let event: serde_json::Value = serde_json::from_str(stdout(&parsed).lines().next().unwrap()).unwrap();
    assert_eq!(array[0]["event_id"], event["id"]);
    let limit = array[0]["sentences"].as_array().unwrap().iter().find(|s| s["topic"] == "limit").unwrap();
    assert_eq!(limit["numbers"][1]["formula"], "memcg.memory.limit_bytes");
    assert_eq!(limit["numbers"][1]["value"], 26_214_400);
}

#[test]
fn one_event_can_be_chosen_by_the_beginning_of_its_id() {
    let log =
        format!("{DUMP}{}", DUMP.replace("11.67", "99.67").replace("pid=114", "pid=115").replace(" 114 ", " 115 "));
    let all = explain(&["-f", "jsonl"], &log);
    let ids: Vec<String> = stdout(&all)
        .lines()
        .map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap()["event_id"].as_str().unwrap().to_owned())
        .collect();
    let one = explain(&["--event", &ids[1][..10], "-f", "jsonl"], &log);
    assert_eq!(stdout(&one).lines().count(), 1);
    assert!(stdout(&one).contains(&ids[1]));
    let none = explain(&["--event", "zz"], &log);
    assert_eq!(code(&none), 2);
    assert!(stderr(&none).contains("--event zz: no event of the inputs has an id that begins so"), "{}", stderr(&none));
}

#[test]
fn questions_are_answered_and_bad_ones_refused() {
    let text = flat(&explain(&["--what-if", "python3:adj=-1000", "--request", "80Mi"], DUMP));
    assert!(text.contains(
        "With python3 (1 row) at oom_score_adj -1000 sh (pid 110) would have been killed, with 6198 points."
    ));
    assert!(text.contains("between 26.0 GiB and 39.1 GiB"), "{text}");
    for wrong in [["--what-if", "python3"], ["--request", "80MB"]] {
        let output = explain(&wrong, DUMP);
        assert_eq!(code(&output), 2);
        assert!(stderr(&output).contains(wrong[1]), "{}", stderr(&output));
    }
}

#[test]
fn nothing_found_is_told_and_is_no_failure() {
    let output = explain(&[], QUIET);
    assert_eq!((code(&output), stdout(&output)), (0, ""));
    assert!(stderr(&output).contains("No OOM kills found"), "{}", stderr(&output));
    assert_eq!(stdout(&explain(&["-f", "json"], QUIET)), "[]\n");
}

#[test]
fn hostile_names_reach_the_terminal_only_escaped() {
    let log = DUMP.replace("python3", "\x1b]0;x\x07y");
    let output = explain(&["--color", "never"], &log);
    assert!(!stdout(&output).contains(['\x1b', '\x07']), "{:?}", stdout(&output));
    assert!(stdout(&output).contains(r"\x1b]0;x\x07y"), "{}", stdout(&output));
}

#[test]
fn colour_changes_no_word() {
    let colored = explain(&["--color", "always"], DUMP);
    assert!(stdout(&colored).contains('\x1b'));
    assert_eq!(anstream::adapter::strip_str(stdout(&colored)).to_string(), stdout(&explain(&[], DUMP)));
}

/// Two kills in one container, 200 s apart: the second table still has the processes that lived on.
#[test]
fn a_later_dump_settles_what_one_dump_cannot() {
    let scope = "/kubepods.slice/kubepods-podaaaaaaaa_bbbb_cccc_dddd_eeeeeeeeeeee.slice/cri-containerd-9823d09a922d142299cd6540bdf1c403deba3f4a1cf8b81757db4d79bf43ef7f.scope";
    let first = DUMP.replace("/batch/job", scope);
    let second = first
        .replace("11.67", "211.67")
        .replace(" 114 ", " 115 ")
        .replace("[    114]", "[    115]")
        .replace("pid=114", "pid=115");
    let verdict = |output: &Output| {
        let line = stdout(output).lines().next().unwrap().to_owned();
        let story: serde_json::Value = serde_json::from_str(&line).unwrap();
        (
            story["verdict"]["kind"].as_str().unwrap().to_owned(),
            story["verdict"]["confidence"].as_str().unwrap().to_owned(),
        )
    };
    let alone = verdict(&explain(&["-f", "jsonl"], &first));
    assert_ne!(alone.1, "certain");
    let both = explain(&["-f", "jsonl"], &format!("{first}{second}"));
    assert_eq!(verdict(&both), ("child_killed".to_owned(), "certain".to_owned()));
    let text = flat(&explain(&[], &format!("{first}{second}")));
    assert!(
        text.contains("Certainly only a child died and the container lives on: Kubernetes shows nothing"),
        "{text}"
    );
}
