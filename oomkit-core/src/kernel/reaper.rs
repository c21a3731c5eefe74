//! What follows a kill: the reaper's reports, the group's notice, victims that need no second kill.

use super::comm::comm_closed;
use super::kill::{prefix, values};
use super::message::Message;
use super::value::*;
use super::words::split_last;

/// `oom_reaper: reaped process 1 (x), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB` (4.6+)
pub(super) fn reaped(i: &[u8]) -> Read<'_, Message<'_>> {
    const NOW: &[u8] = b", now anon-rss:";
    let continues = |rest: &[u8]| rest.starts_with(NOW) || NOW.starts_with(rest.trim_ascii_end());
    let (i, (pid, comm)) =
        (preceded(tag("oom_reaper: reaped process "), u32), preceded(tag(" ("), comm_closed(continues))).parse(i)?;
    let (i, values) = preceded(opt(tag(", now")), values).parse(i)?;
    Ok((i, Message::Reaped { pid, comm, sizes: values.sizes }))
}

/// `oom_reaper: unable to reap pid:1 (x)`, on 4.8 `giving up`.
pub(super) fn not_reaped(i: &[u8]) -> Read<'_, Message<'_>> {
    let verb = alt((tag("oom_reaper: unable to reap pid:"), tag("oom_reaper: giving up pid:")));
    let name = comm_closed(|rest| rest.trim_ascii().is_empty());
    map((preceded(verb, u32), preceded(tag(" ("), name)), |(pid, comm)| Message::NotReaped { pid, comm }).parse(i)
}

/// `Memory cgroup out of memory: OOM victim 1 (x) is already exiting. Skip killing the task` (5.10+)
pub(super) fn already_exiting(i: &[u8]) -> Read<'_, Message<'_>> {
    let name = comm_closed(|rest| rest.starts_with(b" is already exiting"));
    let (i, (_, pid, comm)) = (prefix, preceded(tag("OOM victim "), u32), preceded(tag(" ("), name)).parse(i)?;
    Ok((i, Message::AlreadyExiting { pid, comm }))
}

/// `oom killer 1 (x) has mm pinned by 2 (y)` (4.8+)
pub(super) fn mm_pinned(i: &[u8]) -> Read<'_, Message<'_>> {
    const PINNED: &[u8] = b" has mm pinned by ";
    let pinned = comm_closed(|rest| rest.starts_with(PINNED));
    let (i, (pid, _)) = (preceded(tag("oom killer "), u32), preceded(tag(" ("), pinned)).parse(i)?;
    let (i, by) = delimited(tag(PINNED), u32, tag(" (")).parse(i)?;
    Ok((i, Message::MmPinned { pid, by }))
}

/// `Tasks in /a/b are going to be killed due to memory.oom.group set` (4.19+). The path may hold spaces.
pub(super) fn group_kill(i: &[u8]) -> Read<'_, Message<'_>> {
    let (text, _) = tag("Tasks in ").parse(i)?;
    match split_last(text, b" are going to be killed") {
        Some((path, _)) if path.starts_with(b"/") => Ok((&b""[..], Message::GroupKill { path })),
        _ => mismatch(i),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::message::Sizes;
    use crate::units::Bytes;

    #[test]
    fn the_reaper() {
        let sizes = |anon: Option<u64>, file: Option<u64>, shmem: Option<u64>| Sizes {
            anon_rss: anon.map(Bytes::from_kib),
            file_rss: file.map(Bytes::from_kib),
            shmem_rss: shmem.map(Bytes::from_kib),
            ..Sizes::default()
        };
        for (text, pid, comm, sizes) in [
            (
                "oom_reaper: reaped process 345646 (vector), now anon-rss:0kB, file-rss:12kB, shmem-rss:4kB",
                345_646,
                "vector",
                sizes(Some(0), Some(12), Some(4)),
            ),
            (
                "oom_reaper: reaped process 5 (a), now ), now anon-rss:0kB, file-rss:12kB, shmem-rss:0",
                5,
                "a), now ",
                sizes(Some(0), Some(12), None),
            ),
            ("oom_reaper: reaped process 5 (x), n", 5, "x", Sizes::default()),
        ] {
            let expected = Message::Reaped { pid, comm: comm.as_bytes(), sizes };
            assert_eq!(reaped(text.as_bytes()).map(|(_, m)| m), Ok(expected), "{text}");
        }
        assert!(reaped(b"oom_reaper: reaped process 5 (ve").is_err());
        for text in ["oom_reaper: unable to reap pid:7 (x) y)", "oom_reaper: giving up pid:7 (x) y)"] {
            let expected = Message::NotReaped { pid: 7, comm: b"x) y" };
            assert_eq!(not_reaped(text.as_bytes()).map(|(_, m)| m), Ok(expected));
        }
    }

    #[test]
    fn other_notices() {
        assert_eq!(
            already_exiting(b"Out of memory: OOM victim 8 (x) is already exiting. Skip killing the task").unwrap().1,
            Message::AlreadyExiting { pid: 8, comm: b"x" }
        );
        assert_eq!(
            mm_pinned(b"oom killer 8 (x) has mm pinned by 9 (y)").unwrap().1,
            Message::MmPinned { pid: 8, by: 9 }
        );
        assert_eq!(
            group_kill(b"Tasks in /a b are going to be killed due to memory.oom.group set").unwrap().1,
            Message::GroupKill { path: b"/a b" }
        );
        assert!(group_kill(b"Tasks in /a").is_err());
        assert!(group_kill(b"Tasks in flight are going to be killed").is_err());
    }
}
