//! Passing over lines changes nothing: with and without the prefilter, and where another thread has searched the log
//! ahead, the events are the same.

use oomkit_core::unstable::Prescan;
use oomkit_core::{Items, Options, Parser};
use oomkit_tests::captures;
use oomkit_tests::synth::expect::tamed;
use oomkit_tests::synth::wrap::record;
use oomkit_tests::synth::{Era, Transport, print, random};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// Lines that begin in front of this are always read.
const START: usize = 64 << 10;

/// Who looks for literals: the parser, or somebody ahead of it, who may guess wrong what it looks for.
#[derive(Clone, Copy)]
enum Searched {
    Never,
    Ahead { guess: bool },
}

fn items(log: &[u8], options: Options, chunk: usize, searched: Searched) -> Items {
    let mut items = Items::default();
    let mut parser = Parser::new(options);
    for piece in log.chunks(chunk) {
        let flow = match searched {
            Searched::Never => parser.feed(piece, &mut items),
            Searched::Ahead { guess } if guess == parser.wants_notices() => {
                parser.feed_prescanned(piece, &Prescan::with_notices(piece), &mut items)
            }
            Searched::Ahead { .. } => parser.feed_prescanned(piece, &Prescan::new(piece), &mut items),
        };
        assert!(flow.is_continue());
    }
    let stats = parser.finish(&mut items);
    let lines = log.split_inclusive(|b| *b == b'\n').count();
    assert_eq!((stats.bytes, stats.lines), (log.len() as u64, lines as u64));
    items
}

/// Events as JSON lines: a difference is then easy to see.
fn json(items: &Items) -> Vec<String> {
    items.0.iter().map(|item| serde_json::to_string(item).unwrap()).collect()
}

/// What was compared, and where it differs.
#[derive(Default)]
struct Compared {
    events: usize,
    different: Vec<String>,
}

impl Compared {
    fn add(&mut self, log: &[u8], options: &Options, place: &str) {
        let expected = items(log, options.clone().prefilter(false), 1 << 20, Searched::Never);
        // some in many chunks, some in one
        let chunk = if log.len().is_multiple_of(2) { 1 << 20 } else { 10_007 };
        let ahead = Searched::Ahead { guess: !log.len().is_multiple_of(3) };
        self.events += expected.0.len();
        let runs = [(chunk, Searched::Never), (70_000, ahead)];
        let mut found = runs.map(|(chunk, searched)| items(log, options.clone(), chunk, searched)).into_iter();
        let Some(found) = found.find(|found| *found != expected) else { return };
        if let Some(folder) = std::env::var_os("OOMKIT_SAMPLES") {
            let name: String = place.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
            std::fs::write(std::path::Path::new(&folder).join(name), log).unwrap();
        }
        let (found, expected) = (json(&found), json(&expected));
        let first = found.iter().zip(&expected).position(|(f, e)| f != e).unwrap_or(found.len().min(expected.len()));
        let empty = String::new();
        let (one, other) = (found.get(first).unwrap_or(&empty), expected.get(first).unwrap_or(&empty));
        let same = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
        let from = same.saturating_sub(120);
        let short = |item: &str| {
            String::from_utf8_lossy(item.as_bytes().get(from..).unwrap_or_default())
                .chars()
                .take(360)
                .collect::<String>()
        };
        self.different.push(format!(
            "{place}: {} of {}, first difference at {first}:\n{:?}\n{:?}",
            found.len(),
            expected.len(),
            short(one),
            short(other)
        ));
    }

    fn check(&self, least: usize) {
        let few = &self.different[..self.different.len().min(5)];
        assert!(few.is_empty(), "{} differ:\n{}", self.different.len(), few.join("\n"));
        assert!(self.events > least, "{} events", self.events);
    }
}

fn number(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

/// Lines of programs and of the kernel that say nothing of memory, and some that look as if they did.
fn filler(seed: &mut u64, transport: Transport, bytes: usize, out: &mut Vec<u8>) {
    const TEXTS: [&str; 12] = [
        "e1000: eth0 NIC Link is Up 1000 Mbps Full Duplex",
        "audit: type=1400 audit(1.1:2): apparmor=\"DENIED\" operation=\"open\" pid=77 comm=\"cat\"",
        "docker0: port 1(veth1) entered blocking state",
        "EXT4-fs (sda1): mounted filesystem with ordered data mode",
        "usb 1-1: new high-speed USB device number 2 using xhci_hcd",
        "healthcheck 5",
        "room 12 is headroom for the groom",
        "net_ratelimit: 7 callbacks suppressed",
        "myapp[12]: Out of memory in the JVM",
        "worker 3 was Killed by its supervisor",
        "   indented by somebody",
        "systemd[1]: Started Session 3 of user root.",
    ];
    let start = out.len();
    let mut micros = 1_000_000;
    while out.len() - start < bytes {
        let text = TEXTS[number(seed) as usize % TEXTS.len()];
        micros += number(seed) % 2_000_000;
        let line = oomkit_tests::synth::KernelLine { level: 6, micros, thread: 1, text: text.as_bytes().to_vec() };
        record(&line, 0, transport, "web1", out);
    }
}

#[test]
fn over_the_corpus() {
    let mut compared = Compared::default();
    for capture in captures() {
        for (name, log) in &capture.logs {
            // behind what is always read
            let mut seed = log.len() as u64;
            let mut behind = Vec::new();
            let json = log.starts_with(b"{");
            filler(&mut seed, if json { Transport::JournalJson } else { Transport::Rfc3164 }, START, &mut behind);
            behind.extend_from_slice(log);
            compared.add(&behind, &Options::new().include_user(true), &format!("{}/{name}", capture.name));
        }
    }
    compared.check(500);
}

#[test]
fn over_written_dumps_in_every_format() {
    let cases = if std::env::var_os("OOMKIT_THOROUGH").is_some() { 2000 } else { 96 };
    let strategy = prop::sample::select(Era::ALL.to_vec()).prop_flat_map(|era| {
        let dumps = prop::collection::vec(random::dump(era), 1..4);
        (Just(era), dumps, prop::sample::select(Transport::ALL.to_vec()), any::<u64>())
    });
    let mut runner = TestRunner::deterministic();
    let mut compared = Compared::default();
    for case in 0..cases {
        let (era, dumps, transport, mut seed) = strategy.new_tree(&mut runner).unwrap().current();
        let mut log = Vec::new();
        filler(&mut seed, transport, START, &mut log);
        for dump in dumps {
            let size = number(&mut seed) as usize % 20_000;
            filler(&mut seed, transport, size, &mut log);
            let lines = print(&tamed(dump, transport), era);
            // heads, tails and single lines may be lost, and lines of others stand between
            let first = if number(&mut seed).is_multiple_of(4) { number(&mut seed) as usize % lines.len() } else { 0 };
            for (at, line) in lines.iter().enumerate().skip(first) {
                match number(&mut seed) % 40 {
                    0 => continue,
                    1 => filler(&mut seed, transport, 1, &mut log),
                    2 => filler(&mut seed, transport, 3000, &mut log),
                    _ => {}
                }
                record(line, at, transport, "web1", &mut log);
            }
        }
        let size = number(&mut seed) as usize % 20_000;
        filler(&mut seed, transport, size, &mut log);
        let options = Options::new().companions(case % 3 == 0);
        compared.add(&log, &options, &format!("case {case} {era:?} {transport:?}"));
    }
    compared.check(cases);
}

/// Dumps of many hosts at once, of which some lose lines: 64 MiB with `OOMKIT_THOROUGH=1`.
#[test]
fn over_a_storm_of_many_hosts() {
    let bytes = if std::env::var_os("OOMKIT_THOROUGH").is_some() { 64 << 20 } else { 2 << 20 };
    let mut runner = TestRunner::deterministic();
    let mut seed = 7;
    let mut log = Vec::new();
    filler(&mut seed, Transport::Rfc3164Uptime, START, &mut log);
    while log.len() < bytes {
        let mut dumps = Vec::new();
        for host in 0..1 + number(&mut seed) % 6 {
            let era = Era::ALL[number(&mut seed) as usize % Era::ALL.len()];
            let dump = random::dump(era).new_tree(&mut runner).unwrap().current();
            let mut lines = print(&tamed(dump, Transport::Rfc3164Uptime), era);
            lines.reverse();
            dumps.push((format!("web{host}"), lines));
        }
        while !dumps.is_empty() {
            let which = number(&mut seed) as usize % dumps.len();
            let (host, lines) = &mut dumps[which];
            match lines.pop() {
                Some(line) if !number(&mut seed).is_multiple_of(50) => {
                    record(&line, 0, Transport::Rfc3164Uptime, host, &mut log);
                }
                Some(_) => {}
                None => drop(dumps.swap_remove(which)),
            }
        }
        let size = number(&mut seed) as usize % 60_000;
        filler(&mut seed, Transport::Rfc3164Uptime, size, &mut log);
    }
    let mut compared = Compared::default();
    compared.add(&log, &Options::new(), "storm");
    compared.check(50);
}
