//! Lines that are no part of a dump and yet bear on one: rate limits, lost lines, allocation failures (which print a
//! stack and `Mem-Info` of their own), other traces.

use super::comm::comm_until;
use super::message::Message;
use super::value::*;

/// `oom_kill_process: 12 callbacks suppressed`: heads of dumps are missing. 2.6.26 says `messages`.
pub(super) fn suppressed(i: &[u8]) -> Read<'_, Message<'_>> {
    let function = take_while1(|b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'.');
    let what = alt((tag(" callbacks suppressed"), tag(" messages suppressed")));
    map((function, preceded(tag(": "), u64), terminated(what, (opt(char('.')), end))), |(function, count, _)| {
        Message::Suppressed { function, count }
    })
    .parse(i)
}

/// Whether a rate limiter's name is one that holds back heads of dumps: the caller's, or before 2.6.36 its own.
pub(crate) fn limits_dump_heads(function: &[u8]) -> bool {
    matches!(function, b"out_of_memory" | b"dump_header" | b"__ratelimit" | b"___ratelimit" | b"printk")
        || function.starts_with(b"oom_")
}

/// `** 13 printk messages dropped **`: a console was too slow, or the ring was overwritten.
pub(super) fn dropped(i: &[u8]) -> Read<'_, Message<'_>> {
    let count = delimited(tag("** "), u64, tag(" printk messages dropped **"));
    map(terminated(count, opt(tag(" "))), |count| Message::Lost { count, by: "the console" }).parse(i)
}

/// `java: page allocation failure: order:4, mode:0x10c0d0` and its other spellings: `. order:` (to 2.6.39), a
/// `nodemask` (4.14+), a `cpuset` (5.0+); `page allocation stalls for` (4.9 – 4.14).
pub(super) fn allocation_failure(i: &[u8]) -> Read<'_, Message<'_>> {
    let failure = alt((
        comm_until(b": page allocation failure"),
        comm_until(b": page allocation stalls for "),
        comm_until(b": vmalloc"),
    ));
    value(Message::AllocationFailure, alt((failure, tag("vmalloc: allocation failure"), tag("vmalloc error: size "))))
        .parse(i)
}

/// Beginnings of lines after which a stack comes that is no dump's.
pub(super) fn other_trace(i: &[u8]) -> Read<'_, Message<'_>> {
    match starts(i.first()).iter().find_map(|start| i.strip_prefix(*start)) {
        Some(rest) => Ok((rest, Message::OtherTrace)),
        None => mismatch(i),
    }
}

/// Those that begin with this byte.
fn starts(first: Option<&u8>) -> &'static [&'static [u8]] {
    match first {
        Some(b'-') => &[b"------------[ cut here ]"],
        Some(b'B') => &[b"BUG: "],
        Some(b'I') => &[b"INFO: task ", b"INFO: rcu", b"Internal error: "],
        Some(b'K') => &[b"Kernel panic - not syncing: "],
        Some(b'N') => &[b"NMI watchdog: BUG: ", b"NMI watchdog: Watchdog detected ", b"NMI backtrace for cpu "],
        Some(b'O') => &[b"Oops: "],
        Some(b'S') => &[b"Sending NMI "],
        Some(b'U') => &[b"UBSAN: ", b"Unable to handle kernel "],
        Some(b'W') => &[b"WARNING: "],
        Some(b'g') => &[b"general protection fault"],
        Some(b'k') => &[b"kernel BUG at "],
        Some(b'r') => &[b"rcu: INFO: "],
        // a task's state, as `unable to reap` and sysrq print it
        Some(b't') => &[b"task:"],
        Some(b'w') => &[b"watchdog: BUG: "],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_limits() {
        for (text, function, count) in [
            ("oom_kill_process: 12 callbacks suppressed", "oom_kill_process", 12),
            ("__ratelimit: 5 callbacks suppressed", "__ratelimit", 5),
            ("printk: 3 messages suppressed.", "printk", 3),
        ] {
            let expected = Message::Suppressed { function: function.as_bytes(), count };
            assert_eq!(suppressed(text.as_bytes()).map(|(_, m)| m), Ok(expected), "{text}");
        }
        assert!(suppressed(b"** 13 printk messages dropped **").is_err());
        assert!(suppressed(b"x: 1 callbacks").is_err());
    }

    #[test]
    fn allocation_failures() {
        for text in [
            "java: page allocation failure. order:4, mode:0x20",
            "java: page allocation failure: order:4, mode:0x10c0d0",
            "rb_consumer: page allocation failure: order:0, mode:0x24010c0(GFP_KERNEL|__GFP_NORETRY)",
            "x: page allocation failure: order:0, mode:0xcc0(GFP_KERNEL), nodemask=(null),cpuset=/,mems_allowed=0",
            ": page allocation stalls for 10001ms, order:0, mode:0x14201ca",
            "vmalloc: allocation failure: 4096 bytes",
        ] {
            assert_eq!(allocation_failure(text.as_bytes()).map(|(_, m)| m), Ok(Message::AllocationFailure), "{text}");
        }
        for text in ["page allocation failure", "this name is too long: page allocation failure: order:0"] {
            assert!(allocation_failure(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn other_traces() {
        for text in [
            "WARNING: CPU: 0 PID: 1 at kernel/softirq.c:150 __local_bh_enable_ip+0x180/0x1c0",
            "BUG: unable to handle page fault for address: ffff",
            "Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b",
            "------------[ cut here ]------------",
        ] {
            assert_eq!(other_trace(text.as_bytes()).map(|(_, m)| m), Ok(Message::OtherTrace), "{text}");
        }
        for text in ["INFO: hello", "NMI watchdog: Perf NMI watchdog permanently disabled"] {
            assert!(other_trace(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn the_kernels_mark() {
        let printk = dropped(b"** 13 printk messages dropped **").unwrap();
        assert_eq!(printk, (&b""[..], Message::Lost { count: 13, by: "the console" }));
        assert_eq!(dropped(b"** 5 printk messages dropped ** [   12.000000] x").unwrap().0, b"[   12.000000] x");
    }
}
