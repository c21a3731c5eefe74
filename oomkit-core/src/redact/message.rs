//! Which parts of a kernel message are names.

use super::names::NameKind;
use crate::kernel::{Message, SummaryLine, tasks};

/// Hands on every name of a message. `columns` are those of the last task table's header.
pub(super) fn names<'a>(message: &Message<'a>, columns: &[Box<[u8]>], each: &mut dyn FnMut(&'a [u8], NameKind)) {
    use NameKind::{Comm, Path};
    match message {
        Message::Trigger(trigger) => trigger.comm.into_iter().for_each(|comm| each(comm, Comm)),
        Message::Cpuset(cpuset) => {
            each(cpuset.comm, Comm);
            each(cpuset.name, Path);
        }
        Message::Cpu(cpu) => each(cpu.comm, Comm),
        Message::TaskIn { task, limit } => [task, limit].into_iter().for_each(|path| each(path, Path)),
        Message::TaskInHead(path) | Message::TaskInTail(path) | Message::LimitReached(path) => each(path, Path),
        Message::StatsHead { path, .. } | Message::GroupKill { path } => each(path, Path),
        Message::TaskRow { rest, .. } => row(rest, columns, each),
        Message::Summary(summary) => {
            for path in [summary.cpuset, summary.oom_memcg, summary.task_memcg].into_iter().flatten() {
                each(path, Path);
            }
            summary.comm.into_iter().for_each(|comm| each(comm, Comm));
        }
        Message::Killed(killed) => each(killed.comm, Comm),
        Message::Selected { comm, .. }
        | Message::KilledSharing { comm, .. }
        | Message::Reaped { comm, .. }
        | Message::NotReaped { comm, .. }
        | Message::AlreadyExiting { comm, .. } => each(comm, Comm),
        // caches of a memory cgroup carry its name: `dentry(123:session-4.scope)`
        Message::Slab { name, .. } => {
            memchr::memchr(b'(', name).into_iter().for_each(|at| each(&name[at..], Path));
        }
        _ => {}
    }
}

/// The name after the numbers of a row.
fn row<'a>(rest: &'a [u8], columns: &[Box<[u8]>], each: &mut dyn FnMut(&'a [u8], NameKind)) {
    let columns: Vec<&[u8]> = columns.iter().map(|column| &**column).collect();
    let rest_of_row = tasks::before_name(&columns).and_then(|columns| tasks::numbers(rest, columns, |_, _| {}));
    if let Some(name) = rest_of_row.and_then(tasks::name) {
        return each(name, NameKind::Comm);
    }
    // without a header, or cut: whatever is no number
    let mut words = rest.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    if let Some(word) = words.find(|word| !word.iter().all(|b| b.is_ascii_digit() || *b == b'-')) {
        let at = word.as_ptr().addr() - rest.as_ptr().addr();
        each(&rest[at..], NameKind::Comm);
    }
}

/// Both names of `oom killer 1 (x) has mm pinned by 2 (y)`, which the message does not keep.
pub(super) fn pinned(text: &[u8]) -> Option<[&[u8]; 2]> {
    let middle = memchr::memmem::rfind(text, b") has mm pinned by ")?;
    let first = memchr::memchr(b'(', text).filter(|at| *at < middle)?;
    let second = middle + memchr::memchr(b'(', &text[middle..])?;
    Some([&text[first + 1..middle], text[second + 1..].strip_suffix(b")").unwrap_or(&text[second + 1..])])
}

/// The path at which an `oom-kill:` line is cut.
pub(super) fn cut_path<'a>(text: &'a [u8], summary: &SummaryLine<'_>) -> Option<&'a [u8]> {
    let value = |key: &[u8]| memchr::memmem::find(text, key).map(|at| &text[at + key.len()..]);
    if summary.task_memcg.is_some() {
        return None;
    }
    value(b"task_memcg=").or_else(|| value(b"oom_memcg=").filter(|_| summary.oom_memcg.is_none()))
}
