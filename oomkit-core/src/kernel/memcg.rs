//! Memory-cgroup lines: whose limit, its counters, its statistics in both styles, its protection.

use super::message::{CounterKind, Limit, Message};
use super::value::*;
use super::words::split_last;
use crate::units::Bytes;

/// `Task in /a/b killed as a result of limit of /a` (2.6.32 – 4.20), or its first record alone: 3.15 – 3.18 print
/// `Task in /a/b`, the verb and the limit separately, 2.6.32 may end after ` killed`.
pub(super) fn task_in(i: &[u8]) -> Read<'_, Message<'_>> {
    let (text, _) = tag("Task in ").parse(i)?;
    let message = match split_last(text, b" killed as a result of limit of ") {
        Some((task, limit)) if !limit.is_empty() => Message::TaskIn { task, limit },
        Some((task, _)) => Message::TaskInHead(task),
        None => Message::TaskInHead(text.strip_suffix(b" killed").unwrap_or(text)),
    };
    match message {
        Message::TaskInHead(task) if !task.starts_with(b"/") => mismatch(i),
        message => Ok((&b""[..], message)),
    }
}

/// ` killed as a result of limit of /a`: the second record of 3.15 – 3.18.
pub(super) fn task_in_tail(i: &[u8]) -> Read<'_, Message<'_>> {
    map(preceded((opt(tag(" killed")), tag(" as a result of limit of ")), rest), Message::TaskInTail).parse(i)
}

/// `Memory limit reached of cgroup /a` (4.2 – 4.20): no victim is known.
pub(super) fn limit_reached(i: &[u8]) -> Read<'_, Message<'_>> {
    map(preceded(tag("Memory limit reached of cgroup "), rest), Message::LimitReached).parse(i)
}

/// `memory: usage 524288kB, limit 524288kB, failcnt 1043`
pub(super) fn counter(i: &[u8]) -> Read<'_, Message<'_>> {
    let which = alt((
        value(CounterKind::MemorySwap, tag("memory+swap")),
        value(CounterKind::Memory, tag("memory")),
        value(CounterKind::Swap, tag("swap")),
        value(CounterKind::Kmem, tag("kmem")),
    ));
    let sizes = (preceded(tag(": usage "), kib), preceded(tag(", limit "), kib), preceded(tag(", failcnt "), u64));
    let (i, (which, (usage, limit, failcnt), ())) = (which, sizes, end).parse(i)?;
    Ok((i, Message::Counter { which, usage, limit: bounded(limit), failcnt }))
}

/// `9007199254740988kB`, `18014398509481983kB` and others stand for no limit.
fn bounded(limit: Bytes) -> Limit {
    if limit >= Bytes::from_kib(1 << 52) { Limit::Unbounded } else { Limit::Bounded(limit) }
}

/// `Memory cgroup stats for /a:`, and before 5.3 the statistics after it (` cache:108KB rss:197168KB …`), which then
/// end with `unevictable:`. A path may hold `: `, so the last `: cache:` divides. Without its colon the path may be cut.
pub(super) fn stats_head(i: &[u8]) -> Read<'_, Message<'_>> {
    let (text, _) = tag("Memory cgroup stats").parse(i)?;
    let subject = |i| alt((preceded(tag(" for "), rest), value(&b""[..], end))).parse(i);
    let Some((head, _)) = split_last(text, b": cache:") else {
        let whole = text.trim_ascii_end().strip_suffix(b":");
        let (_, path) = subject(whole.unwrap_or(text))?;
        return Ok((&b""[..], Message::StatsHead { path, stats: Vec::new(), truncated: whole.is_none() }));
    };
    let (_, path) = subject(head)?;
    let pairs = text.get(head.len() + 1..).unwrap_or_default();
    let key = take_while1(|b: u8| b.is_ascii_lowercase() || b == b'_');
    let (left, stats) = many0(preceded(char(' '), separated_pair(key, char(':'), kib))).parse(pairs)?;
    let complete = end(left).is_ok() && stats.last().is_some_and(|&(key, _)| key == b"unevictable");
    Ok((&b""[..], Message::StatsHead { path, stats, truncated: !complete }))
}

/// `key 123` of 5.3+: one line of it, or the whole record of 5.3 – 6.4, which the kernel cuts at about 1 KiB, inside
/// a key or a number.
pub(super) fn stats(i: &[u8]) -> Read<'_, Message<'_>> {
    let ends = || i.last().is_some_and(u8::is_ascii_digit) || memchr::memchr(b'\n', i).is_some();
    if !i.trim_ascii_start().first().is_some_and(u8::is_ascii_lowercase) || !ends() {
        return mismatch(i);
    }
    let mut lines = i.split(|&b| b == b'\n');
    let (_, first) = all_consuming(stat_of_block).parse(lines.next().unwrap_or_default())?;
    let mut stats = vec![first];
    let mut truncated = false;
    let mut lines = lines.peekable();
    while let Some(line) = lines.next() {
        let last = lines.peek().is_none();
        match all_consuming(stat_of_block).parse(line) {
            Ok((_, stat)) => stats.push(stat),
            Err(_) if last => truncated = !line.trim_ascii().is_empty(),
            Err(_) => return mismatch(i),
        }
    }
    Ok((&b""[..], Message::Stats { stats, truncated }))
}

/// One line of the statistics of 6.5+, which no other line looks like: by hand, for each dump has fifty.
pub(super) fn stat(text: &[u8]) -> Option<Message<'_>> {
    let space = text.iter().position(|b| !(b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'_'))?;
    let (key, digits) = (text.get(..space)?, text.get(space..)?.strip_prefix(b" ")?);
    let (value, rest) = decimal(digits);
    let value = value.filter(|_| rest.is_empty() && key.first().is_some_and(u8::is_ascii_lowercase))?;
    Some(Message::Stat { key, value: u64::try_from(value).ok()? })
}

/// Spaces before it are the indentation of a following line in `dmesg` and `journalctl`.
fn stat_of_block(i: &[u8]) -> Read<'_, (&[u8], u64)> {
    let key = take_while1(|b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'(' | b')'));
    let key = verify(key, |key: &[u8]| key.first().is_some_and(u8::is_ascii_lowercase));
    delimited(blanks, separated_pair(key, char(' '), u64), peek(eof)).parse(i)
}

/// `Memory cgroup min protection 0kB -- low protection 0kB` (6.19+), whose record may continue with other text.
pub(super) fn protection(i: &[u8]) -> Read<'_, Message<'_>> {
    let (i, min) = preceded(tag("Memory cgroup min protection "), kib).parse(i)?;
    let (i, low) = preceded(tag(" -- low protection "), kib).parse(i)?;
    Ok((i, Message::Protection { min, low }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_limit() {
        for (text, expected) in [
            (
                "Task in /docker/34186d9bd077 killed as a result of limit of /docker",
                Message::TaskIn { task: b"/docker/34186d9bd077", limit: b"/docker" },
            ),
            // Alibaba 4.19, a global OOM
            (
                "Task in /a b,c=d killed as a result of limit of host",
                Message::TaskIn { task: b"/a b,c=d", limit: b"host" },
            ),
            ("Task in /mem2", Message::TaskInHead(b"/mem2")),
            ("Task in /mem2 killed", Message::TaskInHead(b"/mem2")),
        ] {
            assert_eq!(task_in(text.as_bytes()).map(|(_, m)| m), Ok(expected), "{text}");
        }
        assert!(task_in(b"Task in progress").is_err());
        for text in [" killed as a result of limit of /a", " as a result of limit of /a"] {
            assert_eq!(task_in_tail(text.as_bytes()).map(|(_, m)| m), Ok(Message::TaskInTail(b"/a")));
        }
        assert_eq!(
            limit_reached(b"Memory limit reached of cgroup /a").map(|(_, m)| m),
            Ok(Message::LimitReached(b"/a"))
        );
    }

    #[test]
    fn counters() {
        for (text, which, usage, limit, failcnt) in [
            ("memory: usage 524288kB, limit 524288kB, failcnt 1043", CounterKind::Memory, 524_288, Some(524_288), 1043),
            ("swap: usage 0kB, limit 9007199254740988kB, failcnt 0", CounterKind::Swap, 0, None, 0),
            ("memory+swap: usage 0kB, limit 18014398509481983kB, failcnt 7  ", CounterKind::MemorySwap, 0, None, 7),
            ("kmem: usage 7524kB, limit 9007199254740928kB, failcnt 0", CounterKind::Kmem, 7524, None, 0),
        ] {
            let limit = limit.map_or(Limit::Unbounded, |kib| Limit::Bounded(Bytes::from_kib(kib)));
            let expected = Message::Counter { which, usage: Bytes::from_kib(usage), limit, failcnt };
            assert_eq!(counter(text.as_bytes()).map(|(_, m)| m), Ok(expected), "{text}");
        }
        for text in ["memory: usage 524288kB, limit 524288k", "memory: usage 1kB, limit 1kB, failcnt "] {
            assert!(counter(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn statistics_of_cgroup_v1_stand_on_the_heading() {
        let line = "Memory cgroup stats for /docker/3418: cache:108KB rss:197168KB rss_huge:0KB mapped_file:4KB \
                    dirty:0KB writeback:0KB inactive_anon:0KB active_anon:197168KB inactive_file:8KB active_file:0KB \
                    unevictable:0KB";
        let Ok((_, Message::StatsHead { path, stats, truncated })) = stats_head(line.as_bytes()) else { panic!() };
        assert_eq!((path, stats.len(), truncated), (&b"/docker/3418"[..], 11, false));
        assert_eq!(stats[1], (&b"rss"[..], Bytes::from_kib(197_168)));

        let Ok((_, Message::StatsHead { path, stats, truncated })) =
            stats_head(b"Memory cgroup stats: cache:4KB rss:19")
        else {
            panic!()
        };
        assert_eq!((path, stats, truncated), (&b""[..], vec![(&b"cache"[..], Bytes(4096))], true));
    }

    #[test]
    fn statistics_of_cgroup_v2_follow_their_heading() {
        for (text, path, truncated) in [
            ("Memory cgroup stats for /kubepods.slice/a: b:", "/kubepods.slice/a: b", false),
            ("Memory cgroup stats for /kubepods.slice/cut", "/kubepods.slice/cut", true),
            ("Memory cgroup stats:", "", false),
        ] {
            let expected = Message::StatsHead { path: path.as_bytes(), stats: vec![], truncated };
            assert_eq!(stats_head(text.as_bytes()).map(|(_, m)| m), Ok(expected), "{text}");
        }
        assert!(stats_head(b"Memory cgroup statsman").is_err());

        for (text, expected, truncated) in [
            ("anon 20844544", vec![("anon", 20_844_544)], false),
            ("  workingset_refault_anon 0", vec![("workingset_refault_anon", 0)], false),
            ("anon 1\nfile 2\nkernel_stack 147456", vec![("anon", 1), ("file", 2), ("kernel_stack", 147_456)], false),
            ("anon 1\n  file 2\n", vec![("anon", 1), ("file", 2)], false),
            ("anon 1\nfile 2\npgscan_kswa", vec![("anon", 1), ("file", 2)], true),
            ("anon 1\nfile ", vec![("anon", 1)], true),
        ] {
            let stats_expected = expected.into_iter().map(|(key, value)| (str::as_bytes(key), value)).collect();
            let expected = Message::Stats { stats: stats_expected, truncated };
            assert_eq!(stats(text.as_bytes()).map(|(_, m)| m), Ok(expected), "{text}");
        }
        for text in ["", "anon", "anon 1 2", "anon 1\nfile\nslab 3", "anon 99999999999999999999", "Anon 1", "anon 1 "] {
            assert!(stats(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn protection_line() {
        assert_eq!(
            protection(b"Memory cgroup min protection 4kB -- low protection 8kB").map(|(_, m)| m),
            Ok(Message::Protection { min: Bytes(4096), low: Bytes(8192) })
        );
        assert!(protection(b"Memory cgroup min protection 4kB -- low protection 8").is_err());
    }
}
