//! Trigger, cpuset line, CPU line and call trace.

use super::model::{Dump, Limit};
use super::{Era, Out};

/// Frames every trace ends with: symbol, offset, size, sure.
pub fn frames(dump: &Dump, era: Era) -> Vec<(&'static str, u64, u64, bool)> {
    let mut frames = Vec::new();
    if era.base() >= 310 {
        frames.push(("dump_stack", 0x66, 0x8b, true));
    }
    frames.push(("dump_header", 0x71, 0x282, true));
    if dump.is_memcg() {
        frames.push(("mem_cgroup_out_of_memory", 0xb6, 0xc0, true));
    } else {
        frames.push(("out_of_memory", 0x154, 0x490, true));
        frames.push(("__alloc_pages_slowpath", 0xb5a, 0xe20, true));
    }
    frames.push(("__switch_to_asm", 0x35, 0x70, false));
    frames.push(("handle_mm_fault", 0xe0, 0x200, true));
    frames
}

/// The head of the dump.
pub fn print(dump: &Dump, era: Era, out: &mut Out) {
    if dump.limit == Limit::Sysrq {
        out.line(
            6,
            if era.base() < 310 { "SysRq : Manual OOM execution" } else { "sysrq: SysRq : Manual OOM execution" },
        );
    }
    trigger(dump, era, out);
    cpuset(dump, era, out);
    cpu(dump, era, out);
    trace(dump, era, out);
}

/// The nodes of a memory policy, as the trigger line prints them.
pub fn nodemask(dump: &Dump, era: Era) -> Option<&'static str> {
    match dump.limit {
        Limit::Policy => Some(dump.trigger.mems_allowed),
        _ if era == Era::V4_9 => Some(dump.trigger.mems_allowed),
        _ => None,
    }
}

fn trigger(dump: &Dump, era: Era, out: &mut Out) {
    let t = &dump.trigger;
    let mask = format!("gfp_mask=0x{:x}", t.gfp);
    let named = format!("{mask}({})", t.flags.join("|"));
    let order = format!("order={}", t.order);
    let nodes = nodemask(dump, era).unwrap_or("(null)");
    let rest = match era.base() {
        218 => {
            out.line(4, format!("oom-killer: {mask}, {order}"));
            return;
        }
        232 if era == Era::V2_6_32 => format!("{mask}, {order}, oom_adj={}", t.old_adj),
        232 => format!("{mask}, {order}, oom_adj={}, oom_score_adj={}", t.old_adj, t.adj),
        310..=404 => format!("{mask}, {order}, oom_score_adj={}", t.adj),
        414 => format!("{named}, nodemask={nodes},  {order}, oom_score_adj={}", t.adj),
        409..=419 => format!("{named}, nodemask={nodes}, {order}, oom_score_adj={}", t.adj),
        _ => format!("{named}, {order}, oom_score_adj={}", t.adj),
    };
    out.pieces(4, &[&t.comm, b" invoked oom-killer: ", rest.as_bytes()]);
}

fn cpuset(dump: &Dump, era: Era, out: &mut Out) {
    let t = &dump.trigger;
    if (232..500).contains(&era.base()) {
        let name = if era.base() < 310 { &t.cpuset[..t.cpuset.len().min(127)] } else { &t.cpuset[..] };
        out.pieces(6, &[&t.comm, b" cpuset=", name, b" mems_allowed=", t.mems_allowed.as_bytes()]);
    }
}

fn cpu(dump: &Dump, era: Era, out: &mut Out) {
    let t = &dump.trigger;
    let release = era.release();
    let (head, tail) = match era.base() {
        218 => return,
        232 => (format!("Pid: {}, comm: ", t.pid), format!(" Not tainted {release} #1")),
        612.. => (
            format!("CPU: {} UID: {} PID: {} Comm: ", t.cpu, t.uid, t.pid),
            if era.base() >= 618 {
                format!(" Not tainted {release} #1 PREEMPT(lazy)  ")
            } else {
                format!(" Tainted: G           OE      {release} #1 Debian")
            },
        ),
        _ if era == Era::El7_7 => {
            (format!("CPU: {} PID: {} Comm: ", t.cpu, t.pid), format!(" Kdump: loaded Not tainted {release} #1"))
        }
        _ if era == Era::El7 => (
            format!("CPU: {} PID: {} Comm: ", t.cpu, t.pid),
            format!(" Tainted: G    B          ------------ T {release} #1"),
        ),
        _ => (format!("CPU: {} PID: {} Comm: ", t.cpu, t.pid), format!(" Not tainted {release} #1")),
    };
    out.pieces(4, &[head.as_bytes(), &t.comm, tail.as_bytes()]);
    if era == Era::V6_12 {
        out.line(4, "Tainted: [O]=OOT_MODULE, [E]=UNSIGNED_MODULE");
    }
    if era.base() >= 310 {
        out.line(4, "Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.14.0-2 04/01/2014");
    }
    if (310..410).contains(&era.base()) {
        out.line(4, " ffff8807f0d6b980 0000000051be382e ffff88039bc07ca8 ffffffff8163515c");
    }
}

fn trace(dump: &Dump, era: Era, out: &mut Out) {
    if era.base() == 218 {
        out.line(4, "");
    }
    out.line(4, "Call Trace:");
    if era.base() >= 515 {
        out.line(4, " <TASK>");
    }
    for (symbol, offset, size, sure) in frames(dump, era) {
        let sure = if sure { "" } else { "? " };
        let address = if era.base() < 410 { "[<ffffffff8163515c>] " } else { "" };
        out.line(4, format!(" {address}{sure}{symbol}+0x{offset:x}/0x{size:x}"));
    }
    if era.base() >= 419 {
        out.line(4, "RIP: 0033:0x402ae0");
        out.line(4, "Code: 01 48 83 c1 04 48 39 f1 75 e0 b9 01 00 <88> 96 00 f0 ff ff");
        out.line(4, "RSP: 002b:00007ffe5f1b47f0 EFLAGS: 00000206");
        out.line(4, "RAX: 000000009ad32d2f RBX: 0000000000000000 RCX: 0000000000000000");
    }
    if era.base() >= 515 {
        out.line(4, " </TASK>");
    }
}
