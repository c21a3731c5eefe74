//! Whole lines in, `time` out.

use crate::{Event, Options, Year, parse_with};
use chrono::DateTime;
use serde_json::json;

const KILL: &str = "Out of memory: Killed process PID (java) total-vm:1kB, anon-rss:1kB, file-rss:0kB";

/// The wall clock of each kill, and what was assumed for it. `KILL` in a line stands for a kill of another process.
fn dated(lines: &[&str], options: Options) -> Vec<(Option<String>, String)> {
    let log: String =
        (1..).zip(lines).map(|(n, line)| line.replace("KILL", &KILL.replace("PID", &format!("{n}"))) + "\n").collect();
    let time = |event: &Event| (event.time.wall.map(|wall| wall.to_rfc3339()), event.time.assumed.join(" "));
    parse_with(log.as_bytes(), options).iter().map(time).collect()
}

fn expect(lines: &[&str], options: Options, expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(wall, assumed)| (Some((*wall).to_owned()).filter(|w| !w.is_empty()), (*assumed).to_owned()))
        .collect();
    assert_eq!(dated(lines, options), expected, "{lines:#?}");
}

fn year(year: i32) -> Options {
    Options::new().year(Year::new(year).unwrap())
}

fn reference(text: &str) -> Options {
    Options::new().reference_time(text.parse().unwrap())
}

#[test]
fn only_what_was_inferred_is_assumed() {
    let zone = |options: Options| options.timezone("+02:00".parse().unwrap());
    let yearless = ["Mar 30 12:00:01 h kernel: KILL"];
    expect(&yearless, Options::new(), &[("", "")]);
    expect(&yearless, zone(Options::new()), &[("", "")]);
    expect(&yearless, year(2024), &[("2024-03-30T12:00:01+00:00", "offset")]);
    expect(&yearless, zone(year(2024)), &[("2024-03-30T12:00:01+02:00", "")]);
    expect(&yearless, reference("2025-01-01T00:00:00Z"), &[("2024-03-30T12:00:01+00:00", "year offset")]);
    expect(&yearless, zone(reference("2025-01-01T00:00:00Z")), &[("2024-03-30T12:00:01+02:00", "year")]);
    // the year given outranks the reference
    expect(
        &yearless,
        reference("2020-01-01T00:00:00Z").year(Year::new(2024).unwrap()),
        &[("2024-03-30T12:00:01+00:00", "offset")],
    );

    let local = ["[Sat Mar 30 12:00:01 2024] KILL"];
    expect(&local, Options::new(), &[("2024-03-30T12:00:01+00:00", "offset")]);
    expect(&local, zone(year(1999)), &[("2024-03-30T12:00:01+02:00", "")]);
    // the name of a zone tells no offset
    let named = ["Sat 2024-03-30 12:00:01 CET h kernel: KILL"];
    expect(&named, Options::new(), &[("2024-03-30T12:00:01+00:00", "offset")]);
    let whole = ["2024-03-30T12:00:01+01:00 h kernel: KILL"];
    expect(&whole, zone(year(1999)), &[("2024-03-30T12:00:01+01:00", "")]);
    expect(&["[   71.146532] KILL"], zone(year(2024)), &[("", "")]);
    expect(&["KILL"], zone(year(2024)), &[("", "")]);
}

#[test]
fn a_file_that_spans_new_year_gets_two_years() {
    let lines = ["Dec 30 12:00:01 h kernel: KILL", "Jan  3 00:00:00 h kernel: KILL", "Jan  4 00:00:00 h kernel: KILL"];
    let walls = ["2023-12-30T12:00:01+00:00", "2024-01-03T00:00:00+00:00", "2024-01-04T00:00:00+00:00"];
    expect(&lines, reference("2024-01-05T00:00:00Z"), &walls.map(|wall| (wall, "year offset")));
    expect(&lines, year(2023), &walls.map(|wall| (wall, "offset")));
    // newest first, by the reference only
    let (mut back, mut upwards) = (lines, walls);
    back.reverse();
    upwards.reverse();
    expect(&back, reference("2024-01-05T00:00:00Z"), &upwards.map(|wall| (wall, "year offset")));
}

#[test]
fn a_dump_over_new_year_has_the_time_of_its_first_line() {
    let head = "python3 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0";
    let lines = [&format!("Dec 31 23:59:59 h kernel: {head}"), "Jan  1 00:00:00 h kernel: KILL"];
    expect(&lines, year(2023), &[("2023-12-31T23:59:59+00:00", "offset")]);
    expect(&lines, reference("2024-01-05T00:00:00Z"), &[("2023-12-31T23:59:59+00:00", "year offset")]);
}

#[test]
fn new_year_between_two_dumps_ends_the_first() {
    // the same process id again, four days later: another kill, and not the same line twice
    let kill = KILL.replace("PID", "42");
    let lines = [format!("Dec 30 12:00:01 h kernel: {kill}"), format!("Jan  3 00:00:00 h kernel: {kill}")];
    expect(
        &lines.each_ref().map(String::as_str),
        year(2023),
        &[("2023-12-30T12:00:01+00:00", "offset"), ("2024-01-03T00:00:00+00:00", "offset")],
    );
}

#[test]
fn a_log_longer_than_a_year_stays_before_the_reference() {
    let lines = ["Jan  3 12:00:00 h kernel: KILL", "Dec 30 12:00:00 h kernel: KILL", "Jan  4 12:00:00 h kernel: KILL"];
    // the first of these was in 2023: nothing in the file can tell
    expect(
        &lines,
        reference("2024-02-01T00:00:00Z"),
        &[
            ("2024-01-03T12:00:00+00:00", "year offset"),
            ("2023-12-30T12:00:00+00:00", "year offset"),
            ("2024-01-04T12:00:00+00:00", "year offset"),
        ],
    );
}

#[test]
fn leap_days_are_in_leap_years() {
    let lines = ["Feb 29 12:00:00 h kernel: KILL"];
    expect(&lines, reference("2023-06-01T00:00:00Z"), &[("2020-02-29T12:00:00+00:00", "year offset")]);
    expect(&lines, year(2024), &[("2024-02-29T12:00:00+00:00", "offset")]);
    // a year given wrong gives no time rather than another day
    expect(&lines, year(2023), &[("", "")]);
}

#[test]
fn every_host_turns_its_own_year() {
    let lines = [
        "Dec 31 23:00:00 a kernel: KILL",
        "Jan  1 02:00:00 b kernel: KILL",
        "Dec 31 23:30:00 a kernel: KILL",
        "Jan  1 00:30:00 a kernel: KILL",
        "Jan  1 03:30:00 b kernel: KILL",
    ];
    let given = |wall| (wall, "offset");
    expect(
        &lines,
        year(2023),
        &[
            given("2023-12-31T23:00:00+00:00"),
            given("2023-01-01T02:00:00+00:00"),
            given("2023-12-31T23:30:00+00:00"),
            given("2024-01-01T00:30:00+00:00"),
            given("2023-01-01T03:30:00+00:00"),
        ],
    );
}

#[test]
fn all_lines_of_a_host_show_the_turn_of_a_given_year() {
    let lines = ["Dec 31 23:00:00 h sshd[812]: hello", "Jan  1 00:30:00 h kernel: KILL"];
    expect(&lines, year(2023), &[("2024-01-01T00:30:00+00:00", "offset")]);
}

#[test]
fn dated_lines_of_the_same_input_give_the_year() {
    let iso = "2023-12-30T12:00:00+01:00 h kernel: usb 1-1: new";
    let later = "Jan  2 12:00:00 h kernel: KILL";
    expect(&[iso, later], Options::new(), &[("2024-01-02T12:00:00+00:00", "year offset")]);
    // another host's will do, the own ones are better
    let other = "2021-03-01T12:00:00+01:00 other kernel: usb 1-1: new";
    expect(&[other, later], Options::new(), &[("2021-01-02T12:00:00+00:00", "year offset")]);
    expect(&[iso, other, later], Options::new(), &[("2024-01-02T12:00:00+00:00", "year offset")]);
    // found years lead on
    let chain = [iso, "Apr  2 12:00:00 h kernel: x", "Jul  2 12:00:00 h kernel: x", "Sep  2 12:00:00 h kernel: KILL"];
    expect(&chain, Options::new(), &[("2024-09-02T12:00:00+00:00", "year offset")]);
    // nothing is known before them, and users do not tell the time
    expect(&[later, iso], Options::new(), &[("", "")]);
    let user =
        json!({"_TRANSPORT": "syslog", "_HOSTNAME": "h", "__REALTIME_TIMESTAMP": "1700000000000000", "MESSAGE": "x"});
    expect(&[&user.to_string(), later], Options::new(), &[("", "")]);
    // options outrank them
    expect(&[iso, later], reference("2020-06-01T00:00:00Z"), &[("2020-01-02T12:00:00+00:00", "year offset")]);
    expect(&[iso, later], year(2019), &[("2019-01-02T12:00:00+00:00", "offset")]);
}

#[test]
fn lines_with_both_clocks_date_those_with_one() {
    let journal = json!({
        "_TRANSPORT": "kernel", "_HOSTNAME": "h", "MESSAGE": "usb 1-1: new",
        "__REALTIME_TIMESTAMP": "1711796400000000", "_SOURCE_MONOTONIC_TIMESTAMP": "60000000",
    });
    let journal = journal.to_string();
    let only = "[   71.500000] h kernel: KILL";
    expect(&[&journal, only], Options::new(), &[("2024-03-30T11:00:11.500+00:00", "boot")]);
    let iso = "2024-03-30T12:00:00+01:00 h kernel: [   60.000000] usb 1-1: new";
    expect(&[iso, only], Options::new(), &[("2024-03-30T12:00:11.500+01:00", "boot")]);
    let syslog = "Mar 30 12:00:00 h kernel: [   60.000000] usb 1-1: new";
    expect(&[syslog, only], year(2024), &[("2024-03-30T12:00:11.500+00:00", "offset boot")]);
    expect(
        &[syslog, only],
        reference("2024-06-01T00:00:00Z"),
        &[("2024-03-30T12:00:11.500+00:00", "year offset boot")],
    );
    expect(&[syslog, only], Options::new(), &[("", "")]);
    // the last line counts
    let set = "2024-03-30T12:00:10+01:00 h kernel: [   61.000000] usb 1-1: new";
    expect(&[iso, set, only], Options::new(), &[("2024-03-30T12:00:20.500+01:00", "boot")]);
    // a stamp nobody can read, beside the kernel's clock
    let odd = json!({"message": "[   71.500000] KILL", "host": "h", "timestamp": "yesterday"}).to_string();
    expect(&[iso, &odd], Options::new(), &[("2024-03-30T12:00:11.500+01:00", "boot")]);
    // a stamp of its own is better
    let own = "2024-03-30T12:00:30+01:00 h kernel: [   71.500000] KILL";
    expect(&[iso, own], Options::new(), &[("2024-03-30T12:00:30+01:00", "")]);
}

#[test]
fn boot_time_is_of_one_host_and_one_boot() {
    let iso = "2024-03-30T12:00:00+01:00 h kernel: [   60.000000] usb 1-1: new";
    expect(&[iso, "[   71.500000] other kernel: KILL"], Options::new(), &[("", "")]);
    expect(&[iso, "[   71.500000] KILL"], Options::new(), &[("", "")]);
    // the clock fell back: another boot, whose time is not known
    expect(&[iso, "[    5.000000] h kernel: KILL"], Options::new(), &[("", "")]);
    let between = "[    5.000000] h kernel: usb 1-1: new";
    expect(&[iso, between, "[   71.500000] h kernel: KILL"], Options::new(), &[("", "")]);
    // a little disorder between CPUs is none
    expect(&[iso, "[   59.500000] h kernel: KILL"], Options::new(), &[("2024-03-30T11:59:59.500+01:00", "boot")]);
}

#[test]
fn a_dump_whose_lines_are_mixed_prefers_the_written_time() {
    let iso = "2024-03-30T12:00:00+01:00 h kernel: [   60.000000] usb 1-1: new";
    let head = "python3 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0";
    let mono = format!("[   71.500000] h kernel: {head}");
    let kill = "2024-03-30T12:00:13+01:00 h kernel: [   71.500004] KILL";
    expect(&[iso, &mono, kill], Options::new(), &[("2024-03-30T12:00:13+01:00", "")]);
}

#[test]
fn hostile_stamps_do_no_harm() {
    let huge = u64::MAX.to_string();
    let journal = json!({
        "_TRANSPORT": "kernel", "_HOSTNAME": "h", "MESSAGE": "KILL",
        "__REALTIME_TIMESTAMP": "8210266876799999999", "_SOURCE_MONOTONIC_TIMESTAMP": huge,
    });
    let lines = [
        "0000-01-01T00:00:00+14:00 h kernel: KILL",
        "9999-12-31T23:59:60-14:00 h kernel: KILL",
        "9999-12-31T23:59:60-14:00 h kernel: [18446744073709.551615] KILL",
        "[18446744073709.551615] h kernel: KILL",
        "0000-01-01T00:00:00Z h kernel: [99999999999.000000] KILL",
        "[99999999999.500000] h kernel: KILL",
        "9999-12-31T23:59:60Z h kernel: [    1.000000] KILL",
        "[99999999999.500000] h kernel: KILL",
        "Dec 31 23:59:60 h kernel: KILL",
        "Jan  1 00:00:00 h kernel: KILL",
        "Feb 29 23:59:60 h kernel: KILL",
        &journal.to_string(),
    ];
    let far = || DateTime::<chrono::Utc>::MAX_UTC.fixed_offset();
    for options in [Options::new(), year(9999), year(1970), Options::new().reference_time(far().into())] {
        for zone in ["+23:59", "-23:59"] {
            for (wall, _) in dated(&lines, options.clone().timezone(zone.parse().unwrap())) {
                assert!(wall.is_none_or(|wall| wall.as_bytes()[4] == b'-'));
            }
        }
    }
}
