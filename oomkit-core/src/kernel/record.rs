//! The messages of one record: mostly one, but `printk` may print several lines at once, and a process name may hold a
//! newline of its own.

use super::{Message, Repeats, parse, wrap};

/// Whose prefix a message follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prefix {
    /// The record's.
    Own,
    /// None: it was on a line without a prefix after the record, and makes sense without it.
    None,
}

/// What a record says. Nearly all are one line, which is parsed once; the few others are read each time.
#[derive(Debug)]
pub(crate) struct Messages<'a> {
    text: &'a [u8],
    wrapped_from: usize,
    line: Option<Option<Message<'a>>>,
    /// How often the most particular of its lines occurs; `None` where no line says anything.
    pub(crate) repeats: Option<Repeats>,
    /// Whether a line is never skipped: see `Role::is_searched`.
    pub(crate) is_never_skipped: bool,
    /// Whether no later record continues it.
    pub(crate) is_whole: bool,
}

impl<'a> Messages<'a> {
    /// The messages of a record's text; see [`read`].
    pub(crate) fn of(text: &'a [u8], wrapped_from: usize) -> Self {
        let is_line = wrapped_from >= text.len() && memchr::memchr(b'\n', text).is_none();
        let line = is_line.then(|| parse(text));
        let mut messages = Self { text, wrapped_from, line, repeats: None, is_never_skipped: false, is_whole: false };
        let (mut repeats, mut is_never_skipped, mut is_whole) = (None, false, false);
        messages.for_each(&mut |message| {
            let role = message.role();
            repeats = repeats.max(Some(role.repeats));
            is_never_skipped |= role.is_searched;
            is_whole = is_line && role.is_whole;
        });
        (messages.repeats, messages.is_never_skipped, messages.is_whole) = (repeats, is_never_skipped, is_whole);
        messages
    }

    /// Shows every message.
    pub(crate) fn for_each(&self, each: &mut dyn FnMut(&Message<'_>)) {
        match &self.line {
            Some(message) => message.iter().for_each(each),
            None => read(self.text, self.wrapped_from, &mut |message, _| each(&message)),
        }
    }

    /// Hands on every message, with whose prefix it follows.
    pub(crate) fn consume(self, each: &mut dyn FnMut(Message<'_>, Prefix)) {
        match self.line {
            Some(message) => message.into_iter().for_each(|message| each(message, Prefix::Own)),
            None => read(self.text, self.wrapped_from, each),
        }
    }

    /// Whether no line says anything.
    pub(crate) fn is_foreign(&self) -> bool {
        self.repeats.is_none()
    }
}

/// Lines that one name with newlines can spread over: it has at most 15 bytes.
const MOST_JOINED: usize = 16;

/// What can follow a newline inside a name.
const LONGEST_REST: usize = 13;

/// Hands on every message of a record, in order. Lines that say nothing about memory are skipped. From
/// `wrapped_from` on are lines without a prefix of their own, which may or may not continue the record.
pub(crate) fn read(text: &[u8], wrapped_from: usize, each: &mut dyn FnMut(Message<'_>, Prefix)) {
    if wrapped_from < text.len() {
        return wrap::read_wrapped(text, wrapped_from, each);
    }
    let each = &mut |message: Message<'_>| each(message, Prefix::Own);
    if memchr::memchr(b'\n', text).is_none() {
        return parse(text).into_iter().for_each(each);
    }
    // one printk of many lines: Mem-Info's counters, and the statistics of 5.3 – 6.4
    if let Some(message @ (Message::Stats { .. } | Message::Counters(_))) = parse(text) {
        return each(message);
    }
    let mut start = 0;
    while start < text.len() {
        let end = line_end(text, start);
        let (message, end) = longest(text, start, end);
        if end < text.len() && message.as_ref().is_some_and(wrap::may_continue) {
            let lines: Vec<&[u8]> = text[start..].split(|b| *b == b'\n').collect();
            let count = wrap::read_first(&lines, each);
            start += lines[..count].iter().map(|line| line.len() + 1).sum::<usize>();
            continue;
        }
        message.into_iter().for_each(&mut *each);
        start = end + 1;
    }
}

/// The message that begins at `start`: of one line, or of more where only they together make sense.
fn longest(text: &[u8], start: usize, end: usize) -> (Option<Message<'_>>, usize) {
    let alone = parse(&text[start..end]);
    let wants_more = match &alone {
        None => true,
        // `[  105]  1000 … 0 new` is a row, but what follows may be the rest of its name
        Some(Message::TaskRow { .. }) => {
            let next = text.get(end + 1..line_end(text, end + 1)).unwrap_or_default();
            end < text.len() && next.len() <= LONGEST_REST && parse(next).is_none()
        }
        Some(message) => is_cut(message),
    };
    let mut further = end;
    for _ in 1..MOST_JOINED {
        if !wants_more || further >= text.len() {
            break;
        }
        further = line_end(text, further + 1);
        match parse(&text[start..further]) {
            Some(message) if holds_name(&message) && !is_cut(&message) => return (Some(message), further),
            _ => {}
        }
    }
    (alone, end)
}

/// Whether the line ends before the kernel's does.
fn is_cut(message: &Message<'_>) -> bool {
    match message {
        Message::Cpu(cpu) => cpu.taint.is_none(),
        Message::Summary(summary) => summary.truncated,
        Message::Killed(killed) => killed.truncated,
        _ => false,
    }
}

/// Kinds of line that hold a name, or a path, and so may hold a newline.
fn holds_name(message: &Message<'_>) -> bool {
    matches!(
        message,
        Message::Trigger(_)
            | Message::Cpuset(_)
            | Message::Cpu(_)
            | Message::TaskRow { .. }
            | Message::Summary(_)
            | Message::Selected { .. }
            | Message::Killed(_)
            | Message::Reaped { .. }
            | Message::TaskIn { .. }
            | Message::StatsHead { .. }
            | Message::GroupKill { .. }
    )
}

pub(super) fn line_end(text: &[u8], start: usize) -> usize {
    memchr::memchr(b'\n', text.get(start..).unwrap_or_default()).map_or(text.len(), |at| start + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &[u8]) -> Vec<String> {
        let mut seen = Vec::new();
        read(text, text.len(), &mut |message, _| {
            seen.push(format!("{message:?}").split([' ', '(']).next().unwrap().to_owned())
        });
        seen
    }

    #[test]
    fn several_lines_are_several_messages() {
        assert_eq!(
            kinds(b"Mem-Info:\nFree swap  = 0kB\nnoise\nTotal swap = 0kB"),
            ["MemInfo", "FreeSwap", "TotalSwap"]
        );
        assert_eq!(kinds(b"anon 1\nfile 2\nshmem 3"), ["Stats"]);
        assert_eq!(kinds(b"active_anon:1 inactive_anon:2\n free:3 free_pcp:4"), ["Counters"]);
    }

    #[test]
    fn a_newline_in_a_name_does_not_end_the_line() {
        let comm = |text: &'static [u8]| {
            let mut names = Vec::new();
            read(text, text.len(), &mut |message, _| {
                names.push(match message {
                    Message::Trigger(t) => t.comm.unwrap().to_vec(),
                    Message::Killed(k) => k.comm.to_vec(),
                    Message::Cpu(c) => c.comm.to_vec(),
                    Message::Summary(s) => s.comm.unwrap().to_vec(),
                    other => panic!("{other:?}"),
                });
            });
            names
        };
        for text in [
            &b"new\nline invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0"[..],
            b"Memory cgroup out of memory: Killed process 105 (new\nline) total-vm:69900kB, anon-rss:12620kB, file-rss:0kB, shmem-rss:560kB, UID:1007 pgtables:68kB oom_score_adj:0",
            b"CPU: 0 PID: 105 Comm: new\nline Not tainted 5.10.0-30-cloud-amd64 #1 Debian 5.10.218-1",
            b"oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a,task_memcg=/a,task=new\nline,pid=105,uid=1007",
        ] {
            assert_eq!(comm(text), [b"new\nline".to_vec()], "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn a_row_takes_the_rest_of_its_name_but_no_other_line() {
        let rows = |text: &'static [u8]| {
            let mut rests = Vec::new();
            read(text, text.len(), &mut |message, _| {
                if let Message::TaskRow { rest, .. } = message {
                    rests.push(rest.to_vec());
                }
            });
            rests
        };
        let named = rows(b"[    105]  1007   105    17475     3295    69632        0             0 new\nline");
        assert!(named[0].ends_with(b" new\nline"));
        let two = rows(
            b"[    105]  1007   105    17475     3295    69632        0             0 a\n[    106]  1007   106    17475     3295    69632        0             0 b",
        );
        assert_eq!(two.len(), 2);
    }
}
