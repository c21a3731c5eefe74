//! What the log says about itself: lines lost, repeated, wrapped. Each from a real line of the kind.

use oomkit_core::event::{Completeness, DiagnosticKind};
use oomkit_core::{Event, SeenIds, parse};
use oomkit_tests::truth::killed_in;
use oomkit_tests::{Capture, captures};
use std::collections::BTreeSet;

const HEAD: &str = "java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0";
const KILL: &str = "Memory cgroup out of memory: Killed process 4242 (java) total-vm:1000kB, anon-rss:900kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:50kB oom_score_adj:0";

fn one(log: &str) -> Event {
    let mut events = parse(log.as_bytes());
    assert_eq!(events.len(), 1, "{log}");
    events.remove(0)
}

fn losses(event: &Event) -> Vec<&str> {
    event.diagnostics.iter().filter(|d| d.kind == DiagnosticKind::LinesLost).map(|d| &*d.message).collect()
}

#[test]
fn printk_says_that_a_console_lost_messages() {
    let log = format!("[    5.000000] {HEAD}\r\n** 13 printk messages dropped **\r\n[    5.100000] {KILL}\r\n");
    assert_eq!(losses(&one(&log)), ["the console lost 13 lines here"]);
}

#[test]
fn imjournal_says_that_it_lost_messages() {
    let lost = "rsyslogd: imjournal: 18 messages lost due to rate-limiting (20000 allowed within 600 seconds)";
    let log = format!("Mar 30 12:00:01 h kernel: {HEAD}\nMar 30 12:00:01 h {lost}\nMar 30 12:00:01 h kernel: {KILL}\n");
    assert_eq!(losses(&one(&log)), ["rsyslog lost 18 lines here"]);
}

#[test]
fn journald_says_that_it_missed_kernel_messages() {
    let lost = "systemd-journald[231]: Missed 24 kernel messages";
    let log = format!("Mar 30 12:00:01 h {lost}\nMar 30 12:00:01 h kernel: {HEAD}\nMar 30 12:00:01 h kernel: {KILL}\n");
    assert_eq!(losses(&one(&log)), ["journald lost 24 lines before this dump"]);
}

#[test]
fn kmsg_numbers_its_records() {
    let log = format!("4,100,5000000,-;{HEAD}\n3,180,5100000,-;{KILL}\n");
    assert_eq!(losses(&one(&log)), ["the kernel's ring lost 79 lines here"]);
}

#[test]
fn a_rate_limiter_held_back_heads() {
    let log = format!(
        "[    4.0] x\n[    5.000000] oom_kill_process: 20 callbacks suppressed\n[    5.000100] {HEAD}\n[    5.100000] {KILL}\n"
    );
    assert_eq!(losses(&one(&log)), ["the kernel left out 20 dump heads before this dump (rate limit)"]);
}

#[test]
fn a_repeated_message_is_read_once() {
    let log =
        format!("Mar 30 12:00:01 h kernel: {HEAD}\nMar 30 12:00:02 h kernel: message repeated 3 times: [ {KILL}]\n");
    let event = one(&log);
    assert_eq!(event.victims.len(), 1);
    assert_eq!(event.victims[0].pid, 4242);
}

#[test]
fn a_line_wrapped_by_a_mail_program_is_one_line() {
    let log = "> [   65.481992] Out of memory: Killed\n> process 1968 (memkiller) total-vm:2099436kB, anon-rss:1971712kB,\n> file-rss:1024kB, shmem-rss:0kB, UID:0 pgtables:3904kB oom_score_adj:0\n";
    let event = one(log);
    let victim = &event.victims[0];
    assert_eq!((victim.pid, victim.comm.as_deref(), victim.uid), (1968, Some("memkiller"), Some(0)));
    assert_eq!(victim.page_tables_bytes.map(|b| b.get()), Some(3904 * 1024));
    assert_eq!(event.completeness, Completeness::KillLineOnly);
}

#[test]
fn the_same_dump_from_two_logs_is_one_event_when_asked() {
    let dump = |prefix: &str| format!("{prefix}{HEAD}\n{prefix}{KILL}\n");
    let both = [dump("[    5.000000] "), dump("Mar 30 12:00:01 h kernel: ")].concat();
    assert_eq!(parse(both.as_bytes()).len(), 2);
    let mut seen = SeenIds::default();
    let mut events = parse(both.as_bytes());
    events.retain(|event| seen.insert(event));
    assert_eq!((events.len(), seen.repeated()), (1, 1));
}

fn boot(name: &str) -> Capture {
    captures().into_iter().find(|capture| capture.name == name).expect("a capture of the corpus")
}

/// As rsyslogd 8.2302 wrote it with `$RepeatedMsgReduction on`, fed a head, the same kill line four times, another line,
/// and the kill line three times.
#[test]
fn rsyslog_writes_a_kill_line_and_how_often_it_came() {
    let kill = "Memory cgroup out of memory: Killed process 1968 (memkiller) total-vm:2099436kB, anon-rss:1971712kB, file-rss:1024kB, shmem-rss:0kB, UID:0 pgtables:3904kB oom_score_adj:0";
    let log = format!(
        "Nov 23 22:36:49 vm kernel: {HEAD}\n\
         Nov 23 22:36:49 vm kernel: {kill}\n\
         Nov 23 22:36:49 vm kernel: message repeated 3 times: [ {kill}]\n\
         Nov 23 22:36:49 vm kernel: eth0 up\n\
         Nov 23 22:36:49 vm kernel: {kill}\n\
         Nov 23 22:36:49 vm kernel: message repeated 2 times: [ {kill}]\n"
    );
    let event = one(&log);
    assert_eq!(event.victims.iter().map(|victim| victim.pid).collect::<Vec<_>>(), [1968]);
    assert_eq!(event.victims[0].oom_score_adj, Some(0));
    assert_eq!(event.trigger.unwrap().comm.as_deref(), Some("java"));
}

/// The tags of rsyslog 7, and of 8 with and without its process id.
#[test]
fn imjournal_says_so_in_every_spelling() {
    for tag in ["rsyslogd-2177: ", "rsyslogd[485065]: ", "rsyslogd: "] {
        let lost = format!("{tag}imjournal: 119806 messages lost due to rate-limiting");
        let log = format!(
            "Mar  3 16:37:43 kf kernel: {HEAD}\nMar  3 16:37:44 kf {lost}\nMar  3 16:37:44 kf kernel: {KILL}\n"
        );
        assert_eq!(losses(&one(&log)), ["rsyslog lost 119806 lines here"], "{lost}");
    }
}

/// Kernels before 4.16 put the mark before the next line: `** 333 printk messages dropped ** [    3.416035] CPU: 0 …`.
#[test]
fn printk_marks_a_loss_on_the_next_line() {
    let cpu = "CPU: 0 PID: 3 Comm: java Tainted: G        W       4.4.144-rt161 #1";
    let log = format!(
        "[    3.316035] {HEAD}\r\n** 333 printk messages dropped ** [    3.416035] {cpu}\r\n[    3.426035] {KILL}\r\n"
    );
    let event = one(&log);
    assert_eq!(losses(&event), ["the console lost 333 lines here"]);
    assert_eq!(event.kernel.unwrap().release.as_deref(), Some("4.4.144-rt161"));
    assert_eq!(event.victims[0].pid, 4242);
}

/// 5.10 under a fork bomb: `oom_kill_process: 17 callbacks suppressed`.
#[test]
fn the_heads_a_real_kernel_held_back_are_counted_in_every_log() {
    let capture = boot("5.10.0-30-forkbomb");
    for log in ["console.log", "dmesg.txt", "dmesg-T.txt", "dmesg.json", "kmsg.txt"] {
        let said = "the kernel left out 17 dump heads before this dump (rate limit)";
        let events = parse(capture.log(log).unwrap());
        let told: Vec<_> = events.iter().filter(|event| losses(event).contains(&said)).collect();
        assert_eq!(told.len(), 1, "{log}");
        assert_eq!(told[0].trigger.as_ref().unwrap().comm.as_deref(), Some("cc1plus"), "{log}");
    }
}

/// Lines broken at blanks, as mail programs do, with the quote mark before each piece.
fn mailed(log: &str, width: usize) -> String {
    let mut out = String::new();
    for line in log.lines() {
        let mut rest = line;
        while rest.len() > width {
            let Some(at) = rest[..width].rfind(' ').filter(|at| *at > 20) else { break };
            out += &format!("> {}\n", &rest[..at]);
            rest = &rest[at + 1..];
        }
        out += &format!("> {rest}\n");
    }
    out
}

/// Lines broken at a column, as the screen of a virtual machine does.
fn on_a_screen(log: &str, width: usize) -> String {
    let mut out = String::new();
    for line in log.lines() {
        let chars: Vec<char> = line.chars().collect();
        chars.chunks(width).for_each(|piece| {
            out.extend(piece);
            out.push('\n');
        });
    }
    out
}

#[test]
fn real_dumps_wrapped_at_a_column_name_the_same_victims() {
    let mut victims = 0;
    for capture in captures().iter().filter(|capture| !capture.name.contains("odd") && !capture.name.contains("spoof"))
    {
        let Some(log) = capture.log("dmesg.txt") else { continue };
        let Some(from) = log.windows(10).position(|w| w == b"oom-killer") else { continue };
        let start = log[..from].iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let text = String::from_utf8_lossy(&log[start..]);
        let wrapped = [("mail", mailed(&text, 72)), ("mail", mailed(&text, 76)), ("a screen", on_a_screen(&text, 80))];
        for (how, wrapped) in wrapped {
            let seen = |log: &str| -> BTreeSet<u32> {
                parse(log.as_bytes()).iter().flat_map(|event| &event.victims).map(|victim| victim.pid).collect()
            };
            let expected = killed_in(text.as_bytes());
            let missed: Vec<_> = expected.difference(&seen(&wrapped)).copied().collect();
            assert!(missed.is_empty(), "{}: {how} lost {missed:?}", capture.name);
            victims += expected.len();
        }
    }
    assert!(victims > 500, "{victims} victims");
}

#[test]
fn kills_whose_log_is_repeated_as_a_whole_are_events_of_one_id_each() {
    let kill = |pid: u32| format!("[   71.{pid}32] {}\n", KILL.replace("4242", &pid.to_string()));
    let log: String = (4241..4244).map(kill).collect();
    assert_eq!(parse(log.repeat(5).as_bytes()).len(), 15);
    // a line that comes twice at once is one
    let twice: String = (4241..4244).map(|pid| kill(pid).repeat(2)).collect();
    assert_eq!(parse(twice.as_bytes()).len(), 3);
}
