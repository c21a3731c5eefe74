//! Hostile logs: memory stays flat, and the events say which limit was reached.
//!
//! The test binary's allocator counts the bytes that each thread holds.

use oomkit_core::event::DiagnosticKind;
use oomkit_core::{Item, Options, Parser};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ops::ControlFlow;

struct Counting;

thread_local! {
    // below zero where a thread frees what another one allocated
    static HELD: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

// SAFETY: every call goes to the system's allocator unchanged; only the sizes are counted beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.set(HELD.get() + layout.size() as isize);
        PEAK.set(PEAK.get().max(HELD.get()));
        // SAFETY: the caller's contract is the system allocator's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.set(HELD.get() - layout.size() as isize);
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const MIB: usize = 1 << 20;
/// What a hostile log may make the parser hold.
const CEILING: usize = 64 * MIB;

/// A million of something; fewer by default, though many times what is held at most.
fn million(default: usize) -> usize {
    if std::env::var_os("OOMKIT_THOROUGH").is_some() { 1_000_000 } else { default }
}

/// One run over pieces of a log, keeping no event.
struct Run {
    parser: Parser,
    before: isize,
    seen: Seen,
}

#[derive(Debug, Default)]
struct Seen {
    events: usize,
    limited: usize,
    victims: usize,
    rows: usize,
}

impl Seen {
    fn take(&mut self, item: Item) {
        let Some(event) = item.into_event() else { return };
        self.events += 1;
        self.limited += usize::from(event.diagnostics.iter().any(|d| d.kind == DiagnosticKind::LimitReached));
        self.victims += event.victims.len();
        self.rows = self.rows.max(event.tasks.len());
    }
}

impl Run {
    fn new() -> Self {
        let before = HELD.get();
        PEAK.set(before);
        Self { parser: Parser::new(Options::new()), before, seen: Seen::default() }
    }

    fn feed(&mut self, piece: &[u8]) {
        let seen = &mut self.seen;
        let mut sink = |item: Item| {
            seen.take(item);
            ControlFlow::Continue(())
        };
        assert!(self.parser.feed(piece, &mut sink).is_continue());
    }

    /// What was seen, and the most that was held beyond what there was before.
    fn finish(self) -> (Seen, usize) {
        let Self { parser, before, mut seen } = self;
        parser.finish(&mut |item: Item| {
            seen.take(item);
            ControlFlow::Continue(())
        });
        let peak = (PEAK.get() - before) as usize;
        assert!(peak < CEILING, "{} MiB held", peak / MIB);
        (seen, peak)
    }
}

/// Lines in pieces of about 256 KiB, as a reader gives them.
fn lines(run: &mut Run, count: usize, mut line: impl FnMut(usize, &mut String)) {
    let mut piece = String::with_capacity(300_000);
    for at in 0..count {
        line(at, &mut piece);
        piece.push('\n');
        if piece.len() > 256 * 1024 {
            run.feed(piece.as_bytes());
            piece.clear();
        }
    }
    run.feed(piece.as_bytes());
}

const KILL: &str =
    "Out of memory: Killed process 4242 (java) total-vm:1000kB, anon-rss:900kB, file-rss:0kB, shmem-rss:0kB";

#[test]
fn a_line_of_a_gibibyte() {
    for filler in [b'x', b'[', b'{', b' '] {
        let mut run = Run::new();
        run.feed(format!("[    1.000000] {KILL}\n[    2.000000] ").as_bytes());
        let piece = vec![filler; 256 * 1024];
        // the rest of a line beyond the limit is skipped, so one filler of full length is enough
        let pieces = if filler == b'x' { 4096 } else { 64 };
        (0..pieces).for_each(|_| run.feed(&piece));
        run.feed(format!("\n[   30.000000] {KILL}\n").as_bytes());
        let (seen, _) = run.finish();
        assert_eq!(seen.victims, 2);
    }
}

#[test]
fn a_kill_line_cut_by_the_limit_says_so() {
    let mut run = Run::new();
    run.feed(format!("[    1.000000] {KILL}, UID:0 pgtables:8kB oom_score_adj:0").as_bytes());
    let piece = vec![b'0'; 256 * 1024];
    (0..16).for_each(|_| run.feed(&piece));
    run.feed(b"\n");
    let (seen, _) = run.finish();
    assert_eq!((seen.events, seen.limited), (1, 1));
}

#[test]
fn heads_of_a_million_dumps_of_one_host() {
    let mut run = Run::new();
    let count = million(100_000);
    lines(&mut run, count, |at, out| {
        *out += &format!(
            "[{:5}.{:06}] java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
            at / 1000,
            at % 1000
        );
    });
    let (seen, _) = run.finish();
    assert_eq!(seen.events, count);
}

#[test]
fn heads_of_dumps_of_a_hundred_thousand_hosts() {
    let mut run = Run::new();
    lines(&mut run, 200_000, |at, out| {
        *out += &format!(
            "Mar 30 12:00:01 host{} kernel: java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
            at % 100_000
        );
    });
    let (seen, _) = run.finish();
    assert_eq!(seen.events, 200_000);
    assert!(seen.limited > 190_000, "{seen:?}");
}

#[test]
fn a_hundred_thousand_hosts_that_say_nothing_of_memory() {
    let mut run = Run::new();
    lines(&mut run, 100_000, |at, out| *out += &format!("Mar 30 12:00:01 host{at} kernel: eth0 up"));
    let (seen, peak) = run.finish();
    assert_eq!(seen.events, 0);
    assert!(peak < 8 * MIB, "{peak} bytes held for names of hosts");
}

#[test]
fn a_table_of_a_million_rows() {
    let mut run = Run::new();
    run.feed(b"[    1.000000] java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0\n");
    run.feed(b"[    1.000001] [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name\n");
    lines(&mut run, million(300_000), |at, out| {
        *out += &format!("[    1.000002] [{at:7}]     0 {at:5}     2925      679    65536        0          -998 bash");
    });
    run.feed(format!("[    1.000003] {KILL}\n").as_bytes());
    let (seen, _) = run.finish();
    assert_eq!((seen.events, seen.limited, seen.victims), (1, 1, 1));
    assert!(seen.rows > 60_000 && seen.rows < 300_000, "{seen:?}");
}

#[test]
fn a_group_of_a_million_victims() {
    let mut run = Run::new();
    run.feed(b"[    1.000000] java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0\n");
    run.feed(b"[    1.000001] Tasks in /a are going to be killed due to memory.oom.group set\n");
    lines(&mut run, million(100_000), |at, out| {
        *out += &format!(
            "[    1.000002] Memory cgroup out of memory: Killed process {at} (a) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB"
        );
    });
    let (seen, _) = run.finish();
    assert_eq!((seen.events, seen.limited, seen.victims), (1, 1, 32_768));
}

#[test]
fn a_reaper_that_never_stops() {
    let mut run = Run::new();
    run.feed(b"[    1.000000] java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0\n");
    run.feed(format!("[    1.000001] {KILL}\n").as_bytes());
    lines(&mut run, million(100_000), |at, out| {
        *out += &format!(
            "[    1.{:06}] oom_reaper: reaped process 4242 (java), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB",
            at % 1_000_000
        );
    });
    let (seen, peak) = run.finish();
    assert_eq!((seen.events, seen.victims), (1, 1));
    assert!(peak < 16 * MIB, "{peak} bytes held for one victim");
}

#[test]
fn brackets_a_million_deep() {
    for (opening, closing) in [("{\"a\":", "}"), ("[", "]"), ("{\"message\":[", "]}")] {
        let mut run = Run::new();
        run.feed(b"{\"message\":");
        let piece = opening.repeat(10_000);
        (0..100).for_each(|_| run.feed(piece.as_bytes()));
        (0..100).for_each(|_| run.feed(closing.repeat(10_000).as_bytes()));
        run.feed(b"}\n");
        // the same over many lines
        lines(&mut run, 20_000, |_, out| *out += opening);
        run.feed(format!("\n[   30.000000] {KILL}\n").as_bytes());
        run.finish();
    }
}

#[test]
fn journal_entries_that_never_end() {
    for line in ["FIELD=value", "    MESSAGE=text", "MESSAGE\n\u{7f}\u{7f}\u{7f}\u{7f}\0\0\0\0text"] {
        let mut run = Run::new();
        run.feed(b"__CURSOR=s=1\n__REALTIME_TIMESTAMP=1\n");
        lines(&mut run, 60_000, |at, out| *out += &format!("{line}{at}"));
        run.finish();
    }
}

fn block_without_end(head: &str, line: impl Fn(usize) -> String) {
    let mut run = Run::new();
    run.feed(b"[    1.000000] java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0\n");
    run.feed(format!("[    1.000000] {head}\n").as_bytes());
    lines(&mut run, 20_000, |at, out| *out += &format!("[    1.000000] {}", line(at)));
    run.feed(format!("[    1.000003] {KILL}\n").as_bytes());
    run.finish();
}

#[test]
fn statistics_without_end() {
    block_without_end("Memory cgroup stats for /a:", |at| format!("key{at} 12345"));
}

#[test]
fn zones_without_end() {
    block_without_end("Mem-Info:", |at| format!("Node {at} DMA free:1kB min:1kB low:1kB high:1kB managed:{at}kB"));
}

#[test]
fn frames_without_end() {
    block_without_end("Call Trace:", |at| format!(" frame{at}+0x1/0x10"));
}

#[test]
fn slabs_without_end() {
    block_without_end("Unreclaimable slab info:", |at| format!("kmalloc-{at}      12KB         13KB"));
}

/// An answer to a range query, written while it is read.
struct Answer {
    series: usize,
    points: usize,
    written: usize,
    left: Vec<u8>,
}

impl std::io::Read for Answer {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        use std::io::Write;
        if self.left.is_empty() && self.written <= self.series {
            let n = self.written;
            let comma =
                if n == 0 { "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[" } else { "," };
            if n == self.series {
                write!(self.left, "]}}}}")?;
            } else {
                let name =
                    "\"__name__\":\"container_memory_working_set_bytes\",\"namespace\":\"shop\",\"container\":\"app\"";
                write!(self.left, "{comma}{{\"metric\":{{{name},\"pod\":\"web-{n}\"}},\"values\":[")?;
                for point in 0..self.points {
                    let comma = if point == 0 { "" } else { "," };
                    write!(self.left, "{comma}[{},\"{}\"]", 1_790_000_000 + 60 * point, 700_000_000 + n + point)?;
                }
                write!(self.left, "]}}")?;
            }
            self.written += 1;
        }
        let length = self.left.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.left[..length]);
        self.left.drain(..length);
        Ok(length)
    }
}

#[test]
fn an_answer_of_ten_thousand_series_is_never_whole_in_memory() {
    use oomkit_core::resources::{ClusterFacts, Scrape, Usage};
    let before = HELD.get();
    PEAK.set(before);
    let (series, points) = (10_000, 168);
    let (mut scrape, mut usage) = (Scrape::default(), Usage::default());
    let answer = Answer { series, points, written: 0, left: Vec::new() };
    let read = scrape.read_response("range", answer).unwrap();
    scrape.finish(&mut ClusterFacts::default(), &mut usage).unwrap();
    let most = (PEAK.get() - before) as usize;
    assert_eq!((read.series, read.points), (10_000, 1_680_000));
    assert_eq!(usage.container("shop", "web-9999", "app").len(), points);
    // 16 bytes a point where they are kept, twice that while a vector grows; names and tables
    assert!(most < 32 * series * points + 16 * MIB, "{most}");
}
