//! What the log says about itself: lines lost, repeated, wrapped. Each from a real line of the kind.

use oomkit_core::event::{Completeness, DiagnosticKind};
use oomkit_core::{Dedupe, Event, Options, Parser, parse};

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
    let mut sink = Dedupe::new(Vec::new());
    let mut parser = Parser::new(Options::new());
    assert!(parser.feed(both.as_bytes(), &mut sink).is_continue());
    parser.finish(&mut sink);
    assert_eq!(sink.repeated(), 1);
    assert_eq!(sink.into_inner().len(), 1);
}
