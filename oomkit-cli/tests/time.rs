//! What completes timestamps: --year, --timezone, --reference-time, and a file's own time.

use crate::run::*;
use flate2::{Compression, write::GzEncoder};
use std::fs::File;
use std::io::Write;
use std::process::Output;
use std::time::{Duration, SystemTime};

/// Kills before and after New Year.
fn log() -> String {
    format!("Dec 30 12:00:01 h kernel: {KILL_LINE}\nJan  3 00:00:00 h kernel: {KILL_LINE}\n")
}

/// 2024-01-05T00:00:00Z.
const COPIED: u64 = 1_704_412_800;

fn set_modified(path: &str, seconds: u64) {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

/// `time.wall` and `time.assumed` of each event.
fn times(output: &Output) -> Vec<(String, String)> {
    assert_eq!((code(output), stderr(output)), (0, ""));
    let time = |line: &str| {
        let time = serde_json::from_str::<serde_json::Value>(line).unwrap()["time"].clone();
        let assumed = time["assumed"].as_array().unwrap().iter().map(|what| what.as_str().unwrap()).collect::<Vec<_>>();
        (time["wall"].as_str().unwrap_or_default().to_owned(), assumed.join(" "))
    };
    stdout(output).lines().map(time).collect()
}

fn both(old: &str, new: &str, assumed: &str) -> Vec<(String, String)> {
    [old, new].map(|wall| (wall.to_owned(), assumed.to_owned())).to_vec()
}

#[test]
fn options_complete_what_standard_input_leaves_out() {
    let times =
        |arguments: &[&str]| times(&parse_input(&[&["--format", "jsonl"], arguments].concat(), log().as_bytes()));
    let copied = ["--reference-time", "2024-01-05T00:00:00Z"];
    let zone = ["--timezone", "+02:00"];
    assert_eq!(times(&[]), both("", "", ""));
    assert_eq!(times(&zone), both("", "", ""));
    assert_eq!(times(&copied), both("2023-12-30T12:00:01Z", "2024-01-03T00:00:00Z", "year offset"));
    assert_eq!(times(&[copied, zone].concat()), both("2023-12-30T12:00:01+02:00", "2024-01-03T00:00:00+02:00", "year"));
    assert_eq!(times(&["--year", "2021"]), both("2021-12-30T12:00:01Z", "2022-01-03T00:00:00Z", "offset"));
    let all = [&["--year", "2021"], &zone[..], &copied].concat();
    assert_eq!(times(&all), both("2021-12-30T12:00:01+02:00", "2022-01-03T00:00:00+02:00", ""));
}

#[test]
fn a_file_is_dated_by_its_own_time_when_asked() {
    let root = tempfile::tempdir().unwrap();
    let plain = file(root.path(), "messages", log());
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(log().as_bytes()).unwrap();
    let packed = file(root.path(), "messages.1.gz", encoder.finish().unwrap());
    for path in [&plain, &packed] {
        set_modified(path, COPIED);
        let times = |arguments: &[&str]| times(&parse([&["--format", "jsonl", path], arguments].concat()));
        assert_eq!(times(&[]), both("", "", ""), "the same bytes give the same times");
        let own = ["--reference-time", "file"];
        assert_eq!(times(&own), both("2023-12-30T12:00:01Z", "2024-01-03T00:00:00Z", "year offset"));
        assert_eq!(times(&["--year", "2021"]), both("2021-12-30T12:00:01Z", "2022-01-03T00:00:00Z", "offset"));
        let older = times(&["--reference-time", "2020-12-31T00:00:00+01:00"]);
        assert_eq!(older, both("2020-12-30T12:00:01Z", "2020-01-03T00:00:00Z", "year offset"));
    }
    // each file by its own
    set_modified(&packed, COPIED - 366 * 86_400);
    let output = parse(["--format", "jsonl", "--reference-time", "file", root.path().to_str().unwrap()]);
    let years: Vec<String> = times(&output).into_iter().map(|(wall, _)| wall[..4].to_owned()).collect();
    assert_eq!(years, ["2023", "2024", "2022", "2023"]);
}

#[test]
fn a_bad_reference_time_is_told_with_what_would_be_right() {
    for bad in ["yesterday", "2024-01-05", "2024-01-05T00:00:00", "2024-13-05T00:00:00Z"] {
        let output = parse(["--reference-time", bad]);
        assert_eq!((code(&output), stdout(&output)), (2, ""), "{bad}");
        let told = format!(
            "invalid value '{bad}' for '--reference-time <TIME>': reference_time: \"{bad}\" is not an RFC 3339 time with \
             its UTC offset"
        );
        assert!(stderr(&output).contains(&told), "{}", stderr(&output));
        assert!(stderr(&output).contains("2024-01-05T00:00:00Z"), "{}", stderr(&output));
    }
}
