//! Kill lines: the task chosen, the task killed, those that share its memory.

use super::comm::comm_closed;
use super::message::{KillPrefix, Killed, Message, Sizes};
use super::value::*;
use crate::units::Bytes;

/// What may be before the verb, and nothing else: `fakeapp: Out of memory: Killed …` is no kill line.
pub(super) fn prefix(i: &[u8]) -> Read<'_, KillPrefix> {
    alt((
        value(KillPrefix::AllocatingTask, tag("Out of memory (oom_kill_allocating_task): ")),
        value(KillPrefix::Memcg, tag("Memory cgroup out of memory: ")),
        // ≤ 2.6.19 writes "Memory"
        value(KillPrefix::Global, alt((tag("Out of memory: "), tag("Out of Memory: ")))),
        value(KillPrefix::MemoryPolicy, tag("No available memory (MPOL_BIND): ")),
        value(KillPrefix::Cpuset, tag("No available memory in cpuset: ")),
        success(KillPrefix::Bare),
    ))
    .parse(i)
}

/// `Killed process 123 (x) total-vm:…`, in every spelling:
/// `Out of Memory: Killed process 1 (x).` (≤ 2.6.19), `Killed process 1 (x)` (2.6.20 – 2.6.32), `… vsz:…` (2.6.34),
/// `Killed process 1, UID 48, (x) total-vm:…` (RHEL 6), `Killed process 1 (x), UID 48, total-vm:…` (RHEL 7.7),
/// `Memory cgroup out of memory: Killed process 1 (x) …, UID:0 pgtables:48kB oom_score_adj:0` (5.4+).
pub(super) fn killed(i: &[u8]) -> Read<'_, Killed<'_>> {
    let (i, (prefix, pid)) = (prefix, preceded(tag("Killed process "), u32)).parse(i)?;
    let (i, uid_before) = opt(delimited(tag(", UID "), u32, tag(","))).parse(i)?;
    let (i, comm) = preceded(tag(" ("), comm_closed(may_continue)).parse(i)?;
    let (i, dot) = opt(char('.')).parse(i)?;
    let (i, uid_after) = opt(delimited(tag(", UID "), u32, char(','))).parse(i)?;
    let (rest, values) = values(i)?;
    let whole = match values.last {
        // a bare name, as 2.6.20 – 2.6.32 print it; before, a dot ends the line
        None => {
            uid_before.or(uid_after).is_none() && (prefix == KillPrefix::Bare || dot.is_some()) && end(rest).is_ok()
        }
        Some(b"oom_score_adj") => true,
        Some(b"shmem-rss") => !continues(rest),
        // from 5.2 on, when the prefix moved to this line, shmem-rss follows
        Some(b"file-rss") => prefix == KillPrefix::Bare && !continues(rest),
        Some(_) => false,
    };
    let uid = uid_before.or(uid_after).or(values.uid);
    let Values { sizes, oom_score_adj, cut, .. } = values;
    Ok((rest, Killed { prefix, pid, comm, sizes, uid, oom_score_adj, truncated: cut || !whole }))
}

/// What may follow the name's bracket, or the start of it where the line is cut.
fn may_continue(rest: &[u8]) -> bool {
    let rest = rest.trim_ascii_end();
    let cut = |literal: &[u8]| literal.starts_with(rest);
    let uid = rest.strip_prefix(b", UID ").is_some_and(|uid| uid.first().is_none_or(u8::is_ascii_digit));
    rest == b"." || uid || [&b" total-vm:"[..], b" vsz:", b", UID "].iter().any(|key| rest.starts_with(key) || cut(key))
}

/// The `key:value` list of a kill or reaper line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Values<'a> {
    pub(super) sizes: Sizes,
    pub(super) uid: Option<u32>,
    pub(super) oom_score_adj: Option<i32>,
    /// The last known key whose value is whole.
    last: Option<&'a [u8]>,
    /// A value lacks its unit or the separator after it.
    cut: bool,
}

enum KillValue {
    Size(Bytes),
    Number(i64),
}

/// `total-vm:346192kB, anon-rss:246760kB, …, UID:1000 pgtables:528kB oom_score_adj:200`. A cut may have shortened a
/// size without `kB` and a number at the very end (save `oom_score_adj`, which is the end): those are left out.
pub(super) fn values(i: &[u8]) -> Read<'_, Values<'_>> {
    let key = take_while1(|b: u8| b.is_ascii_alphabetic() || b == b'-' || b == b'_');
    let amount = alt((map(kib, KillValue::Size), map(i64, KillValue::Number)));
    let separator = take_while1(|b| b == b',' || b == b' ');
    let pair = (separator, terminated(key, char(':')), amount, |i| Ok((i, i)));
    let (rest, pairs) = many0(pair).parse(i)?;

    let mut values = Values::default();
    for (_, key, value, after) in pairs {
        let (sizes, separated) = (&mut values.sizes, !after.is_empty());
        let field = match key {
            b"total-vm" | b"vsz" => &mut sizes.total_vm,
            b"anon-rss" => &mut sizes.anon_rss,
            b"file-rss" => &mut sizes.file_rss,
            b"shmem-rss" => &mut sizes.shmem_rss,
            b"pgtables" => &mut sizes.page_tables,
            b"UID" | b"oom_score_adj" => &mut None,
            _ => continue,
        };
        match value {
            KillValue::Size(size) => *field = Some(size),
            KillValue::Number(number) if key == b"UID" && separated => values.uid = u32::try_from(number).ok(),
            KillValue::Number(number) if key == b"oom_score_adj" => values.oom_score_adj = i32::try_from(number).ok(),
            KillValue::Number(_) => {
                values.cut = true;
                continue;
            }
        }
        values.last = Some(key);
    }
    Ok((rest, values))
}

/// Whether more of the list was to come: `, shm`. A console may glue the next record to the line instead.
fn continues(rest: &[u8]) -> bool {
    let text = rest.trim_ascii();
    text.starts_with(b",") || (rest.starts_with(b" ") && text.first().is_some_and(u8::is_ascii_alphabetic))
}

/// `Out of memory: Kill process 1 (x) score 9 or sacrifice child` (2.6.36 – 5.0), `… kill process … or a child`
/// (2.6.20 – 2.6.35), `Out of Memory: Kill process … and children.` before. The score must not be the line's end.
pub(super) fn selected(i: &[u8]) -> Read<'_, Message<'_>> {
    let (rest, (prefix, _, pid, comm, score, _)) = (
        prefix,
        alt((tag("Kill process "), tag("kill process "))),
        u32,
        preceded(tag(" ("), comm_closed(|rest| rest.starts_with(b" score "))),
        preceded(tag(" score "), i64),
        char(' '),
    )
        .parse(i)?;
    if prefix == KillPrefix::Bare { mismatch(i) } else { Ok((rest, Message::Selected { prefix, pid, comm, score })) }
}

/// `Kill process 1 (x) sharing same memory` (2.6.37 – 4.2)
pub(super) fn sharing(i: &[u8]) -> Read<'_, Message<'_>> {
    let name = comm_closed(|rest| rest.starts_with(b" sharing same memory"));
    let (i, (pid, comm)) = (preceded(tag("Kill process "), u32), preceded(tag(" ("), name)).parse(i)?;
    Ok((i, Message::KilledSharing { pid, comm }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Killed<'_>> {
        killed(text.as_bytes()).ok().map(|(_, killed)| killed)
    }

    /// total-vm, anon-rss, file-rss, shmem-rss, pgtables, in kB
    fn sizes(kib: [Option<u64>; 5]) -> Sizes {
        let [total_vm, anon_rss, file_rss, shmem_rss, page_tables] = kib.map(|kib| kib.map(Bytes::from_kib));
        Sizes { total_vm, anon_rss, file_rss, shmem_rss, page_tables }
    }

    #[test]
    fn kills_of_every_era() {
        use KillPrefix::{AllocatingTask, Bare, Cpuset, Global, Memcg, MemoryPolicy};
        type Row = (&'static str, KillPrefix, u32, &'static str, [Option<u64>; 5], Option<u32>, Option<i32>);
        const NONE: [Option<u64>; 5] = [None; 5];
        let table: &[Row] = &[
            ("Out of Memory: Killed process 5 (httpd).", Global, 5, "httpd", NONE, None, None),
            ("No available memory in cpuset: Killed process 5 (x).", Cpuset, 5, "x", NONE, None, None),
            ("Killed process 2601 (httpd)", Bare, 2601, "httpd", NONE, None, None),
            (
                "Killed process 2919 (malloc) vsz:1442976kB, anon-rss:1441468kB, file-rss:4kB",
                Bare,
                2919,
                "malloc",
                [Some(1_442_976), Some(1_441_468), Some(4), None, None],
                None,
                None,
            ),
            (
                "Killed process 18694 (perl) total-vm:1972392kB, anon-rss:1953348kB, file-rss:0kB",
                Bare,
                18694,
                "perl",
                [Some(1_972_392), Some(1_953_348), Some(0), None, None],
                None,
                None,
            ),
            (
                "Killed process 9682, UID 27, (mysqld) total-vm:47388kB, anon-rss:3744kB, file-rss:80kB",
                Bare,
                9682,
                "mysqld",
                [Some(47388), Some(3744), Some(80), None, None],
                Some(27),
                None,
            ),
            (
                "Killed process 21945 (tidb-server), UID 1000, total-vm:33027492kB, anon-rss:31303276kB, file-rss:0kB, shmem-rss:0kB",
                Bare,
                21945,
                "tidb-server",
                [Some(33_027_492), Some(31_303_276), Some(0), Some(0), None],
                Some(1000),
                None,
            ),
            (
                "Memory cgroup out of memory: Killed process 7 (x) total-vm:8kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB",
                Memcg,
                7,
                "x",
                [Some(8), Some(4), Some(0), Some(0), None],
                None,
                None,
            ),
            (
                "Out of memory: Killed process 154 (memhog) total-vm:346192kB, anon-rss:246760kB, file-rss:0kB, shmem-rss:524kB, UID:1000 pgtables:528kB oom_score_adj:-200",
                Global,
                154,
                "memhog",
                [Some(346_192), Some(246_760), Some(0), Some(524), Some(528)],
                Some(1000),
                Some(-200),
            ),
            (
                "Out of memory (oom_kill_allocating_task): Killed process 98 (allocator) total-vm:1kB, anon-rss:1kB, file-rss:1kB, shmem-rss:1kB, UID:4294967295 pgtables:1kB oom_score_adj:0 ",
                AllocatingTask,
                98,
                "allocator",
                [Some(1); 5],
                Some(u32::MAX),
                Some(0),
            ),
            ("No available memory (MPOL_BIND): Killed process 5 (x).", MemoryPolicy, 5, "x", NONE, None, None),
            // the next record glued to the line
            (
                "Killed process 3374 (chromium-browse) total-vm:274432kB, anon-rss:115204kB, file-rss:2860kB[ 2291.009042] [ pid ]",
                Bare,
                3374,
                "chromium-browse",
                [Some(274_432), Some(115_204), Some(2860), None, None],
                None,
                None,
            ),
        ];
        for &(text, prefix, pid, comm, kib, uid, oom_score_adj) in table {
            let expected =
                Killed { prefix, pid, comm: comm.as_bytes(), sizes: sizes(kib), uid, oom_score_adj, truncated: false };
            assert_eq!(read(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn any_15_bytes_may_be_killed() {
        for name in [
            "",
            " lead",
            "trail  ",
            "new\nline",
            "(sd-pam)",
            "my app (v2)",
            ")",
            "a) total-vm:1kB",
            "), UID 1, x",
            ")",
            "Killed process ",
            ").",
            "x) vsz:1kB",
        ] {
            for (start, end) in [
                ("Killed process 5 (", ")"),
                ("Out of Memory: Killed process 5 (", ")."),
                ("Killed process 5, UID 1, (", ") total-vm:8kB, anon-rss:4kB, file-rss:0kB"),
                ("Killed process 5 (", "), UID 1, total-vm:8kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB"),
                (
                    "Out of memory: Killed process 5 (",
                    ") total-vm:8kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0",
                ),
            ] {
                let line = format!("{start}{name}{end}");
                let killed = read(&line).unwrap_or_else(|| panic!("{line}"));
                assert_eq!((killed.comm, killed.truncated), (name.as_bytes(), false), "{line}");
            }
        }
    }

    #[test]
    fn cut_lines_lose_the_value_the_cut_touches() {
        for (text, kib, uid, adj) in [
            ("Memory cgroup out of memory: Killed process 1849 (java)", [None; 5], None, None),
            ("Out of memory: Killed process 123, UID 48, (httpd)", [None; 5], Some(48), None),
            ("Killed process 5 (x) tot", [None; 5], None, None),
            ("Killed process 5 (x), UID 99", [None; 5], None, None),
            ("Killed process 5 (x) total-vm:14", [None; 5], None, None),
            ("Killed process 5 (x) vsz:14kB, anon-", [Some(14), None, None, None, None], None, None),
            (
                "Killed process 5 (x) total-vm:14kB, anon-rss:7kB, file-rss:4228k",
                [Some(14), Some(7), None, None, None],
                None,
                None,
            ),
            (
                "Out of memory: Killed process 5 (x) total-vm:14kB, anon-rss:7kB, file-rss:4kB",
                [Some(14), Some(7), Some(4), None, None],
                None,
                None,
            ),
            (
                "Killed process 5 (x) total-vm:14kB, anon-rss:7kB, file-rss:4kB, sh",
                [Some(14), Some(7), Some(4), None, None],
                None,
                None,
            ),
            (
                "Out of memory: Killed process 5 (x) total-vm:1kB, anon-rss:2kB, file-rss:3kB, shmem-rss:4kB, UID:10",
                [Some(1), Some(2), Some(3), Some(4), None],
                None,
                None,
            ),
            (
                "Out of memory: Killed process 5 (x) total-vm:1kB, anon-rss:2kB, file-rss:3kB, shmem-rss:4kB, UID:10 pgta",
                [Some(1), Some(2), Some(3), Some(4), None],
                Some(10),
                None,
            ),
            (
                "Out of memory: Killed process 5 (x) total-vm:1kB, anon-rss:2kB, file-rss:3kB, shmem-rss:4kB, UID:10 pgtables:5kB oom_score_a",
                [Some(1), Some(2), Some(3), Some(4), Some(5)],
                Some(10),
                None,
            ),
        ] {
            let Some(killed) = read(text) else { panic!("{text}") };
            assert_eq!(
                (killed.sizes, killed.uid, killed.oom_score_adj, killed.truncated),
                (sizes(kib), uid, adj, true),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_kill() {
        for text in [
            "Killed process 123 (wor",
            "Killed process 123",
            "Killed process 123 (a name of more than 15 bytes)",
            "fakeapp: Out of memory: Killed process 4242 (fakeapp) total-vm:1000kB",
            "FATAL: Killed process 1 (node) \u{2014} Total",
            "Killed process 1 (node) \u{2014} Total",
            "Would have killed process 5 (x). But continuing instead.",
            "Killed process 5000000000 (x)",
            "Out of memory (in lowmem): Killed process 5 (x)",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn selections() {
        for (text, prefix, pid, comm, score) in [
            ("Out of Memory: Kill process 5 (httpd) score 12 and children.", KillPrefix::Global, 5, "httpd", 12),
            ("Out of memory: kill process 5 (a b) score 99999 or a child", KillPrefix::Global, 5, "a b", 99999),
            (
                "Memory cgroup out of memory: Kill process 5 (a) score 1) score 1035 or sacrifice child",
                KillPrefix::Memcg,
                5,
                "a) score 1",
                1035,
            ),
        ] {
            let expected = Message::Selected { prefix, pid, comm: comm.as_bytes(), score };
            assert_eq!(selected(text.as_bytes()).map(|(_, m)| m), Ok(expected), "{text}");
        }
        for text in
            ["Out of memory: Kill process 456 (python) score 5", "Kill process 4 (x) score 5 or sacrifice child"]
        {
            assert!(selected(text.as_bytes()).is_err(), "{text}");
        }
        assert_eq!(
            sharing(b"Kill process 9 (x) y) sharing same memory").map(|(_, m)| m),
            Ok(Message::KilledSharing { pid: 9, comm: b"x) y" })
        );
    }
}
