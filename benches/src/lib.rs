//! Logs for the benches, made from nothing: a syslog of a busy node, with dumps at a chosen distance.

use std::fmt::Write;

/// A log without any dump.
pub fn clean(bytes: usize) -> Vec<u8> {
    log(bytes, usize::MAX)
}

/// A dump every 2 MiB: a node with a few kills a day.
pub fn sparse(bytes: usize) -> Vec<u8> {
    log(bytes, 2 << 20)
}

/// A dump every 14 KiB: a storm.
pub fn dense(bytes: usize) -> Vec<u8> {
    log(bytes, 14 << 10)
}

fn log(bytes: usize, every: usize) -> Vec<u8> {
    let mut out = String::with_capacity(bytes + 16_384);
    let mut next = every.min(bytes) / 2;
    let mut n = 0_u32;
    while out.len() < bytes {
        n += 1;
        let second = n / 40 % 60;
        let _ = writeln!(
            out,
            "Mar 30 12:00:{second:02} node-7 systemd[1]: Started session-{n}.scope - Session {n} of user app."
        );
        if out.len() >= next {
            dump(&mut out, n, second);
            next = next.saturating_add(every);
        }
    }
    out.into_bytes()
}

/// A memory cgroup's dump of a 6.12 kernel with forty processes, about 9 KB.
fn dump(out: &mut String, n: u32, second: u32) {
    let path =
        format!("/kubepods.slice/kubepods-podaaaaaaaa_bbbb_cccc_dddd_{n:012x}.slice/cri-containerd-{n:064x}.scope");
    let mut clock = n;
    let mut line = |text: &str| {
        clock += 1;
        let _ = writeln!(out, "Mar 30 12:00:{second:02} node-7 kernel: [{:5}.{:06}] {text}", n / 10, clock % 1_000_000);
    };
    line("gunicorn: worke invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=980");
    line(&format!("CPU: 0 UID: 1000 PID: {} Comm: gunicorn: worke Not tainted 6.12.107+deb13-amd64 #1", 5000 + n));
    line("Call Trace:");
    line(" <TASK>");
    for symbol in ["dump_stack_lvl", "dump_header", "oom_kill_process", "out_of_memory", "mem_cgroup_out_of_memory"] {
        line(&format!(" {symbol}+0x5d/0x80"));
    }
    line(" </TASK>");
    line(&format!("memory: usage 25600kB, limit 25600kB, failcnt {n}"));
    line("swap: usage 0kB, limit 9007199254740988kB, failcnt 0");
    line(&format!("Memory cgroup stats for {path}:"));
    for key in ["anon", "file", "kernel", "kernel_stack", "pagetables", "shmem", "inactive_anon", "slab", "pgfault"] {
        line(&format!("{key} {}", n * 4096));
    }
    line("Tasks state (memory values in pages):");
    line(
        "[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name",
    );
    for pid in 5000 + n..5040 + n {
        line(&format!(
            "[{pid:7}]  1000 {pid:5}    16453     3822     3000      400       422    73728        0           980 gunicorn: worke"
        ));
    }
    line(&format!(
        "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg={path},task_memcg={path},task=gunicorn: worke,pid={},uid=1000",
        5000 + n
    ));
    line(&format!(
        "Memory cgroup out of memory: Killed process {} (gunicorn: worke) total-vm:65812kB, anon-rss:14728kB, file-rss:0kB, shmem-rss:560kB, UID:1000 pgtables:72kB oom_score_adj:980",
        5000 + n
    ));
}
