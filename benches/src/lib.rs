//! Logs for the benches, made from nothing: a syslog of a busy node, with dumps at a chosen distance.

mod near_miss;
mod node;
mod template;

pub use near_miss::needles;
use std::fmt::Write as _;
use std::io::{self, Write};

/// What a log is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogKind {
    /// No dump.
    Clean,
    /// A dump every 1.9 MiB: a node with a few kills a day; 550 of them in a GiB.
    Sparse,
    /// A dump every 14 KiB.
    Dense,
    /// A dump every 48 KiB, so that a fifth of the bytes are dumps: 5,500 in 256 MiB.
    Storm,
    /// As in a storm, and the lines of four hosts' dumps take turns.
    Interleaved,
    /// The sparse log, each line wrapped in a shipper's JSON.
    Json,
    /// As sparse, and the lines are those of a Kubernetes node: kubelet, containerd, systemd, CNI and many more.
    Node,
    /// As node, and every second line holds a text that OOM messages have, too.
    NearMiss,
    /// As a storm, and the lines between the dumps are those of node.
    NodeStorm,
}

impl LogKind {
    /// Every kind.
    pub const ALL: [LogKind; 9] = [
        LogKind::Clean,
        LogKind::Sparse,
        LogKind::Dense,
        LogKind::Storm,
        LogKind::Interleaved,
        LogKind::Json,
        LogKind::Node,
        LogKind::NearMiss,
        LogKind::NodeStorm,
    ];

    /// As the ids of the benches have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Sparse => "sparse",
            Self::Dense => "dense",
            Self::Storm => "storm",
            Self::Interleaved => "interleaved",
            Self::Json => "json",
            Self::Node => "node",
            Self::NearMiss => "near-miss",
            Self::NodeStorm => "node-storm",
        }
    }

    /// By its name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Bytes from one dump to the next.
    fn distance(self) -> usize {
        match self {
            Self::Clean => usize::MAX,
            Self::Sparse | Self::Json | Self::Node | Self::NearMiss => (1 << 30) / 550,
            Self::Dense => 14 << 10,
            Self::Storm | Self::Interleaved | Self::NodeStorm => (256 << 20) / 5500,
        }
    }

    /// An ordinary line.
    fn line(self, out: &mut String, n: u32) {
        match self {
            Self::Node | Self::NodeStorm => node::line(out, n),
            Self::NearMiss if n.is_multiple_of(2) => near_miss::line(out, n),
            Self::NearMiss => node::line(out, n),
            _ => line(out, n),
        }
    }
}

/// A log held in memory, and how many dumps are in it.
pub fn log(kind: LogKind, bytes: usize) -> (Vec<u8>, usize) {
    let mut out = Vec::with_capacity(bytes + (64 << 10));
    let dumps = written(kind, bytes, &mut out, |text, n| kind.line(text, n)).unwrap_or_default();
    (out, dumps)
}

/// Writes a log of about so many bytes.
///
/// # Errors
/// The writer's.
pub fn write(kind: LogKind, bytes: usize, out: &mut impl Write) -> io::Result<()> {
    written(kind, bytes, out, |text, n| kind.line(text, n)).map(drop)
}

/// Writes a sparse log in which every second line innocently holds a text; returns the number of dumps. With `reversed`
/// that text is spelled backwards, so that the two logs differ in nothing else.
///
/// # Errors
/// The writer's.
pub fn write_needle(needle: &str, reversed: bool, bytes: usize, out: &mut impl Write) -> io::Result<usize> {
    let backwards = near_miss::backwards(needle);
    written(LogKind::Sparse, bytes, out, |text, n| {
        if n % 2 == 1 {
            return line(text, n);
        }
        near_miss::line_with(text, n, needle);
        if reversed {
            *text = text.replace(needle, &backwards);
        }
    })
}

/// Writes dumps of so many rows, one after the other, until there are so many bytes.
///
/// # Errors
/// The writer's.
pub fn write_dumps(rows: u32, bytes: usize, out: &mut impl Write) -> io::Result<()> {
    let (mut size, mut n) = (0, 0);
    while size < bytes {
        // a second later
        n += 40;
        for line in dump(0, n, rows) {
            out.write_all(line.as_bytes())?;
            size += line.len();
        }
    }
    Ok(())
}

fn written(
    kind: LogKind,
    bytes: usize,
    out: &mut impl Write,
    ordinary: impl Fn(&mut String, u32),
) -> io::Result<usize> {
    let every = kind.distance();
    let (mut next, mut size, mut dumps, mut n) = (every.min(bytes) / 2, 0, 0, 0_u32);
    let mut text = String::new();
    while size < bytes {
        text.clear();
        n += 1;
        ordinary(&mut text, n);
        if size >= next {
            let hosts = if kind == LogKind::Interleaved { 4 } else { 1 };
            let all: Vec<Vec<String>> = (0..hosts).map(|host| dump(host, n, TASKS)).collect();
            for at in 0..all[0].len() {
                all.iter().for_each(|lines| text.push_str(&lines[at]));
            }
            dumps += hosts as usize;
            next = next.saturating_add(every * hosts as usize);
        }
        if kind == LogKind::Json {
            text = text.lines().map(shipped).collect();
        }
        out.write_all(text.as_bytes())?;
        size += text.len();
    }
    Ok(dumps)
}

/// Rows of a dump's table.
const TASKS: u32 = 40;

/// `12:03:21`: forty lines a second.
fn clock(n: u32) -> String {
    let second = n / 40;
    format!("{:02}:{:02}:{:02}", second / 3600 % 24, second / 60 % 60, second % 60)
}

/// A line of some program.
fn line(out: &mut String, n: u32) {
    let time = clock(n);
    let day = 1 + n / 40 / 86_400 % 28;
    let _ = match n % 7 {
        0 => {
            writeln!(out, "Mar {day:2} {time} node-7 systemd[1]: Started session-{n}.scope - Session {n} of user app.")
        }
        1 => writeln!(
            out,
            "Mar {day:2} {time} node-7 sshd[{}]: Accepted publickey for app from 10.0.{}.{} port {} ssh2: ED25519 SHA256:kkZ5y8oS",
            n % 32_768,
            n % 250,
            n % 199,
            1024 + n % 60_000
        ),
        2 => writeln!(
            out,
            "Mar {day:2} {time} node-7 kubelet[1201]: I0330 {time}.{:06} 1201 reconciler.go:254] \"operationExecutor.VerifyControllerAttachedVolume started for volume \\\"kube-api-access\\\"\" pod=\"default/web-{n}\"",
            n % 1_000_000
        ),
        3 => writeln!(
            out,
            "Mar {day:2} {time} node-7 containerd[812]: time=\"2026-03-{day:02}T{time}Z\" level=info msg=\"ImageUpdate event name:\\\"registry.example/app:{n}\\\"\""
        ),
        4 => writeln!(
            out,
            "Mar {day:2} {time} node-7 kernel: [{}.{:06}] IPv6: ADDRCONF(NETDEV_CHANGE): veth{n:x}: link becomes ready",
            n / 40,
            n % 1_000_000
        ),
        5 => writeln!(
            out,
            "Mar {day:2} {time} node-7 CRON[{}]: (root) CMD (command -v debian-sa1 > /dev/null && debian-sa1 1 1)",
            n % 32_768
        ),
        _ => writeln!(
            out,
            "Mar {day:2} {time} node-7 app[{}]: GET /api/v1/orders/{n} 200 {}ms user={} trace={n:016x}",
            n % 32_768,
            n % 900,
            n % 5000
        ),
    };
}

/// A log line as a shipper sends it on.
fn shipped(line: &str) -> String {
    let text = line.replace('\\', "\\\\").replace('"', "\\\"");
    format!(
        "{{\"@timestamp\":\"2026-03-30T12:00:00.000Z\",\"host\":{{\"name\":\"node-7\"}},\"log\":{{\"file\":{{\"path\":\"/var/log/messages\"}}}},\"message\":\"{text}\"}}\n"
    )
}

/// A memory cgroup's dump of a 6.12 kernel, about 9 KB with forty tasks: its lines.
pub fn dump(host: u32, n: u32, tasks: u32) -> Vec<String> {
    let path =
        format!("/kubepods.slice/kubepods-podaaaaaaaa_bbbb_cccc_dddd_{n:012x}.slice/cri-containerd-{n:064x}.scope");
    let (time, day, pid) = (clock(n), 1 + n / 40 / 86_400 % 28, 5000 + n % 1_000_000);
    let host = 7 + host;
    let mut micros = n % 1_000_000;
    let mut out = Vec::new();
    let mut line = |text: &str| {
        micros += 1;
        out.push(format!("Mar {day:2} {time} node-{host} kernel: [{:5}.{:06}] {text}\n", n / 40, micros % 1_000_000));
    };
    line("gunicorn: worke invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=980");
    line(&format!("CPU: 0 UID: 1000 PID: {pid} Comm: gunicorn: worke Not tainted 6.12.107+deb13-amd64 #1"));
    line("Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.3-debian-1.16.3-2 04/01/2014");
    line("Call Trace:");
    line(" <TASK>");
    for symbol in [
        "dump_stack_lvl+0x5d/0x80",
        "dump_header+0x44/0x1a0",
        "oom_kill_process.cold+0xa/0x90",
        "out_of_memory+0x101/0x540",
        "mem_cgroup_out_of_memory+0x12c/0x140",
        "try_charge_memcg+0x6f4/0x7e0",
        "__mem_cgroup_charge+0x43/0xc0",
        "handle_mm_fault+0x1bb/0x370",
        "exc_page_fault+0x81/0x190",
    ] {
        line(&format!(" {symbol}"));
    }
    line(" </TASK>");
    line(&format!("memory: usage 25600kB, limit 25600kB, failcnt {n}"));
    line("swap: usage 0kB, limit 9007199254740988kB, failcnt 0");
    line(&format!("Memory cgroup stats for {path}:"));
    for key in [
        "anon",
        "file",
        "kernel",
        "kernel_stack",
        "pagetables",
        "sec_pagetables",
        "percpu",
        "sock",
        "vmalloc",
        "shmem",
        "file_mapped",
        "inactive_anon",
        "active_anon",
        "inactive_file",
        "slab",
        "pgfault",
        "pgmajfault",
    ] {
        line(&format!("{key} {}", u64::from(n) * 4096));
    }
    line("Tasks state (memory values in pages):");
    line(
        "[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name",
    );
    for pid in pid..pid + tasks {
        line(&format!(
            "[{pid:7}]  1000 {pid:5}    16453     3822     3000      400       422    73728        0           980 gunicorn: worke"
        ));
    }
    line(&format!(
        "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg={path},task_memcg={path},task=gunicorn: worke,pid={pid},uid=1000"
    ));
    line(&format!(
        "Memory cgroup out of memory: Killed process {pid} (gunicorn: worke) total-vm:65812kB, anon-rss:14728kB, file-rss:0kB, shmem-rss:560kB, UID:1000 pgtables:72kB oom_score_adj:980"
    ));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_innocent_line_is_an_event() {
        for needle in needles() {
            for reversed in [false, true] {
                let mut log = Vec::new();
                let dumps = write_needle(needle, reversed, 200 << 10, &mut log).unwrap_or_default();
                assert_eq!(oomkit_core::parse(&log).len(), dumps, "{needle}");
            }
        }
    }
}
