//! Writes hostile logs: `cargo run -p oomkit-tests --example hostile -- <kind> [size] > log`. `tests/hostile` measures all of them.

use std::env;
use std::io::{self, BufWriter, Write};
use std::process::exit;

type Out<'a> = &'a mut dyn Write;

/// Name, what its size counts, the size by default, and what writes it.
type Kind = (&'static str, &'static str, u64, fn(u64, Out<'_>) -> io::Result<()>);

const KINDS: &[Kind] = &[
    ("line", "bytes of one line, of letters", 1 << 30, |size, out| line(b"x", size, out)),
    ("line-of-brackets", "bytes of one line, of [", 1 << 30, |size, out| line(b"[", size, out)),
    ("line-of-json", "bytes of one JSON string", 1 << 30, json_string),
    ("line-of-zeros", "NUL bytes", 1 << 30, |size, out| line(b"\0", size, out)),
    ("heads", "trigger lines of one host", 1_000_000, heads),
    ("heads-of-hosts", "trigger lines, each of another host", 1_000_000, heads_of_hosts),
    ("heads-of-callers", "trigger lines, each of another thread", 1_000_000, heads_of_callers),
    ("rows", "rows of one task table", 1_000_000, rows),
    ("statistics", "values of one cgroup", 1_000_000, |size, out| block("Memory cgroup stats for /a:", size, out)),
    ("zones", "zones of one machine", 1_000_000, |size, out| block("Mem-Info:", size, out)),
    ("frames", "frames of one stack", 1_000_000, |size, out| block("Call Trace:", size, out)),
    ("slabs", "caches of one table", 1_000_000, |size, out| block("Unreclaimable slab info:", size, out)),
    ("reaped", "lines of the reaper behind one kill", 1_000_000, reaped),
    ("victims", "kill lines of one group", 1_000_000, victims),
    ("nesting", "arrays in one another, on one line", 1_000_000, |size, out| nesting("[", "]", "", size, out)),
    ("nesting-of-objects", "objects in one another, on one line", 1_000_000, |size, out| {
        nesting("{\"message\":", "}", "", size, out)
    }),
    ("nesting-pretty", "objects in one another, each on a line", 1_000_000, |size, out| {
        nesting("{\n\"message\":", "}", "\n", size, out)
    }),
    ("json-list", "records in one JSON document on one line", 1_000_000, json_list),
    ("json-escaped", "layers of JSON inside JSON strings, each twice as long", 20, json_escaped),
    ("journal-entry", "fields of one journal entry", 1_000_000, journal_entry),
    ("journal-value", "bytes of one binary journal field", 1 << 30, journal_value),
    ("pieces", "pieces of one line of a container", 1_000_000, pieces),
    ("dumps", "whole small dumps", 1_000_000, dumps),
];

const HEAD: &str = "java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0";
const KILL: &str =
    "Out of memory: Killed process 4242 (java) total-vm:1000kB, anon-rss:900kB, file-rss:0kB, shmem-rss:0kB";

fn filled(byte: &[u8], size: u64, out: Out<'_>) -> io::Result<()> {
    let piece = byte.repeat(1 << 16);
    for _ in 0..size / piece.len() as u64 {
        out.write_all(&piece)?;
    }
    Ok(())
}

/// Between two kill lines, which must both be found.
fn between(out: Out<'_>, write: impl FnOnce(Out<'_>) -> io::Result<()>) -> io::Result<()> {
    writeln!(out, "[    1.000000] {KILL}")?;
    write(out)?;
    writeln!(out, "\n[   99.000000] {KILL}")
}

fn line(byte: &[u8], size: u64, out: Out<'_>) -> io::Result<()> {
    between(out, |out| {
        write!(out, "[    2.000000] ")?;
        filled(byte, size, out)
    })
}

fn json_string(size: u64, out: Out<'_>) -> io::Result<()> {
    between(out, |out| {
        write!(out, "{{\"message\":\"{HEAD}")?;
        filled(b"x", size, out)?;
        write!(out, "\"}}")
    })
}

fn heads(size: u64, out: Out<'_>) -> io::Result<()> {
    (0..size).try_for_each(|at| writeln!(out, "[{:5}.{:06}] {HEAD}", at / 1000, at % 1000))
}

fn heads_of_hosts(size: u64, out: Out<'_>) -> io::Result<()> {
    (0..size).try_for_each(|at| writeln!(out, "Mar 30 12:00:01 host{at} kernel: {HEAD}"))
}

fn heads_of_callers(size: u64, out: Out<'_>) -> io::Result<()> {
    (0..size).try_for_each(|at| writeln!(out, "[{:5}.{:06}][T{at:>5}] {HEAD}", at / 1000, at % 1000))
}

fn rows(size: u64, out: Out<'_>) -> io::Result<()> {
    writeln!(out, "[    1.000000] {HEAD}")?;
    writeln!(out, "[    1.000001] [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name")?;
    for at in 0..size {
        writeln!(out, "[    1.000002] [{at:7}]     0 {at:5}     2925      679    65536        0          -998 bash")?;
    }
    writeln!(out, "[    1.000003] {KILL}")
}

fn block(title: &str, size: u64, out: Out<'_>) -> io::Result<()> {
    writeln!(out, "[    1.000000] {HEAD}\n[    1.000001] {title}")?;
    for at in 0..size {
        let line = match title.as_bytes()[..2] {
            [b'M', b'e'] if title.ends_with("/a:") => format!("key{at} 12345"),
            [b'M', _] => format!("Node {at} DMA free:1kB min:1kB low:1kB high:1kB managed:{at}kB"),
            [b'C', _] => format!(" frame{at}+0x1/0x10"),
            _ => format!("kmalloc-{at}      12KB         13KB"),
        };
        writeln!(out, "[    1.000002] {line}")?;
    }
    writeln!(out, "[    1.000003] {KILL}")
}

fn reaped(size: u64, out: Out<'_>) -> io::Result<()> {
    writeln!(out, "[    1.000000] {HEAD}\n[    1.000001] {KILL}")?;
    (0..size).try_for_each(|at| {
        let line = "oom_reaper: reaped process 4242 (java), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB";
        writeln!(out, "[    1.{:06}] {line}", at % 1_000_000)
    })
}

fn victims(size: u64, out: Out<'_>) -> io::Result<()> {
    writeln!(out, "[    1.000000] {HEAD}")?;
    writeln!(out, "[    1.000001] Tasks in /a are going to be killed due to memory.oom.group set")?;
    (0..size).try_for_each(|at| {
        writeln!(
            out,
            "[    1.000002] Memory cgroup out of memory: Killed process {at} (java) total-vm:1kB, anon-rss:1kB"
        )
    })
}

fn nesting(opening: &str, closing: &str, end: &str, size: u64, out: Out<'_>) -> io::Result<()> {
    between(out, |out| {
        write!(out, "{{\"message\":")?;
        (0..size).try_for_each(|_| write!(out, "{opening}"))?;
        write!(out, "\"{HEAD}\"")?;
        (0..size).try_for_each(|_| write!(out, "{closing}{end}"))?;
        write!(out, "}}")
    })
}

fn json_list(size: u64, out: Out<'_>) -> io::Result<()> {
    between(out, |out| {
        write!(out, "{{\"events\":[{{\"message\":\"{HEAD}\"}}")?;
        (1..size).try_for_each(|_| write!(out, ",{{\"message\":\"{HEAD}\"}}"))?;
        write!(out, "]}}")
    })
}

fn json_escaped(layers: u64, out: Out<'_>) -> io::Result<()> {
    between(out, |out| {
        let mut text = HEAD.to_owned();
        for _ in 0..layers.min(24) {
            let inside = text.replace('\\', "\\\\").replace('"', "\\\"");
            text = format!("{{\"message\":\"{inside}\"}}");
        }
        write!(out, "{text}")
    })
}

fn journal_entry(size: u64, out: Out<'_>) -> io::Result<()> {
    writeln!(out, "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1\n_TRANSPORT=kernel\nMESSAGE={HEAD}")?;
    (0..size).try_for_each(|at| writeln!(out, "FIELD{at}=value"))?;
    writeln!(out, "\n[   99.000000] {KILL}")
}

fn journal_value(size: u64, out: Out<'_>) -> io::Result<()> {
    write!(out, "__CURSOR=s=1\n_TRANSPORT=kernel\nMESSAGE\n")?;
    out.write_all(&(size / 65_536 * 65_536).to_le_bytes())?;
    filled(b"x", size, out)?;
    writeln!(out, "\n\n[   99.000000] {KILL}")
}

fn pieces(size: u64, out: Out<'_>) -> io::Result<()> {
    let time = "2024-03-30T11:00:01.123456789Z";
    writeln!(out, "{time} stdout P {HEAD}")?;
    (0..size).try_for_each(|_| writeln!(out, "{time} stdout P and so on, and so on"))?;
    writeln!(out, "{time} stdout F .\n[   99.000000] {KILL}")
}

fn dumps(size: u64, out: Out<'_>) -> io::Result<()> {
    (0..size).try_for_each(|at| writeln!(out, "[{at:5}.000000] {HEAD}\n[{at:5}.000001] {KILL}"))
}

fn usage() -> ! {
    eprintln!("usage: hostile <kind> [size]\n       hostile kinds");
    for (name, counts, size, _) in KINDS {
        eprintln!("  {name:20} {counts} ({size})");
    }
    exit(2);
}

fn main() -> io::Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    let mut out = BufWriter::with_capacity(1 << 18, io::stdout().lock());
    match args.first().map(String::as_str) {
        Some("kinds") => KINDS.iter().try_for_each(|(name, ..)| writeln!(out, "{name}"))?,
        Some(kind) => {
            let (_, _, default, write) = KINDS.iter().find(|(name, ..)| *name == kind).unwrap_or_else(|| usage());
            let size = args.get(1).map_or(*default, |size| size.parse().unwrap_or_else(|_| usage()));
            write(size, &mut out)?;
        }
        None => usage(),
    }
    out.flush()
}
