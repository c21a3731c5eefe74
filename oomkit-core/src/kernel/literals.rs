//! What a line must hold to begin a dump, to end one, or to say something of one that has ended. A search for these
//! skips every other line of a log; what is between the first and the last line of a dump is read anyway.
//!
//! Short, so that a line wrapped by a mail program still holds one; and without a byte that JSON or HTML writers escape.
//! Each is confirmed by its neighbours, for applications write such words all day long.

use crate::scan::Literal;

/// A line with this is the head of a dump: nothing that belongs to it comes before it.
pub(crate) const HEAD: &[u8] = b"oom-killer";

/// Every message that starts a dump by itself, or that can bear on one whose verdict was printed.
pub(crate) const LITERALS: &[Literal] = &[
    // `invoked oom-killer: gfp_mask=…`, `oom-kill:constraint=…`
    literal(b"oom-kill", |_, after| follows(after, &[b"er: gfp", b":constraint="])),
    // functions, `oom_reaper: reaped process 1 (x)`
    literal(b"oom_", |_, after| follows(after, &[b"kill_process+", b"kill_process.", b"reaper: "])),
    // a piece of the summary
    literal(b"oom_memcg", |before, _| is_after(before, b",")),
    // `mem_cgroup_out_of_memory+0x1a4/0x590`
    literal(b"out_of_memory", |before, after| {
        matches!(before.last(), None | Some(b' ' | b'_' | b'(' | b'\t')) && follows(after, &[b"+0x", b"."])
    }),
    literal(b"memory.oom.group", |before, after| is_after(before, b"due to ") && follows(after, &[b" set"])),
    literal(b"oom killer ", |_, after| is_task(after)),
    literal(b"OOM victim", |_, after| is_task_after(b" ", after)),
    literal(b"OOM request ignored", |before, _| is_after(before, b": ")),
    // the kill line, also where it was wrapped, and `Kill process 1 (x) score 9 or sacrifice child`
    literal(b"Killed", |_, after| is_task_after(b" process ", after)),
    literal(b"ill process", |before, after| matches!(before.last(), Some(b'K' | b'k')) && is_task_after(b" ", after)),
    literal(b"no killable", |_, after| follows(after, &[b" process"])),
    literal(b"deadlocked on memory", |before, after| is_after(before, b"System is ") && is_end_of_text(after)),
    literal(b"panic_on_oom", |_, after| follows(after, &[b" is "])),
    literal(b"Out of memory: ", |_, after| {
        follows(after, &[b"Kill", b"kill", b"OOM victim", b"compulsory ", b"system-wide "])
    }),
    // whose limit
    literal(b"Task in ", |_, after| is_path(after)),
    literal(b"Tasks in ", |_, after| is_path(after)),
    literal(b" of limit of ", |_, after| is_path(after)),
    literal(b"limit reached of cgroup ", |before, after| is_after(before, b"Memory ") && is_path(after)),
    literal(b", failcnt ", |before, after| is_after(before, b"kB") && is_number(after)),
    literal(b"cgroup stats", |before, after| is_after(before, b"Memory ") && follows(after, &[b" for ", b":"])),
    // the table
    literal(b"Tasks state", |_, after| follows(after, &[b" (memory values in pages)"])),
    literal(b"pid ]", heads_a_table),
    literal(b"pid  ]", heads_a_table),
    // `oom_kill_process: 12 callbacks suppressed`: heads of dumps are missing
    literal(b"s suppressed", limits_dump_heads),
];

/// The mark of lines that are gone. It bears on a dump that begins at most [`LOSS_LINES`] lines later.
pub(crate) const LOSS_MARKS: &[Literal] = &[literal(b"messages dropped", |_, _| true)];

/// Lines lost this close before a dump may have been its own.
pub(crate) const LOSS_LINES: u64 = 50;

const fn literal(text: &'static [u8], confirm: fn(&[u8], &[u8]) -> bool) -> Literal {
    Literal { text, confirm }
}

/// Whether the text goes on in one of these ways, or ends before it shows that it does not.
fn follows(text: &[u8], ways: &[&[u8]]) -> bool {
    ways.iter().any(|way| {
        let same = text.iter().zip(*way).take_while(|(a, b)| a == b).count();
        same == way.len() || is_end(&text[same..])
    })
}

/// Whether a line ends here: nothing but what mail programs and shells put at its end.
fn is_end(text: &[u8]) -> bool {
    text.iter().all(|byte| byte.is_ascii_whitespace() || matches!(byte, b'\\' | b'"' | b'\'' | b','))
}

/// Whether the kernel's text ends here; a JSON string may end with it.
fn is_end_of_text(text: &[u8]) -> bool {
    is_end(text) || !text[0].is_ascii_alphanumeric() && text[0] != b' '
}

/// Whether words come before, or the line was wrapped between them: then no word does.
fn is_after(before: &[u8], words: &[u8]) -> bool {
    before.ends_with(words) || !before.iter().any(u8::is_ascii_alphanumeric)
}

fn is_number(text: &[u8]) -> bool {
    text.first().is_some_and(u8::is_ascii_digit) || is_end(text)
}

/// Whether a pid follows, and after it a name or a uid: `1 (x)`, `1, UID 5, (x)`.
fn is_task(text: &[u8]) -> bool {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    is_number(text) && follows(&text[digits..], &[b" (", b", UID "])
}

fn is_task_after(word: &[u8], text: &[u8]) -> bool {
    text.strip_prefix(word).map_or_else(|| follows(text, &[word]), is_task)
}

/// Whether a cgroup's path follows, or Alibaba's `host`, or the end of what the kernel printed in one piece.
fn is_path(text: &[u8]) -> bool {
    match text {
        [b'/', ..] | [b'\\', b'/', ..] | [b'h', b'o', b's', b't', ..] => true,
        [b'"', rest @ ..] => rest.first().is_none_or(|byte| matches!(byte, b',' | b'}' | b']')),
        _ => is_end(text) || text.starts_with(b"\\n"),
    }
}

/// `[ pid ]   uid  tgid total_vm …`
fn heads_a_table(before: &[u8], after: &[u8]) -> bool {
    before.trim_ascii_end().ends_with(b"[") && follows(after.trim_ascii_start(), &[b"uid"])
}

/// Whether the rate limiter is one that holds back heads of dumps. Colours may come between its name and the count.
fn limits_dump_heads(before: &[u8], _: &[u8]) -> bool {
    let near = &before[before.len().saturating_sub(64)..];
    (before.ends_with(b" callback") || before.ends_with(b" message"))
        && [&b"oom_"[..], b"out_of_memory", b"dump_header", b"__ratelimit", b"printk"]
            .iter()
            .any(|function| super::words::holds(near, function))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_could_be_escaped() {
        for Literal { text, .. } in LITERALS.iter().chain(LOSS_MARKS) {
            assert!(text.iter().all(|b| (b' '..=b'~').contains(b) && !br#""\<>&/'="#.contains(b)), "{text:?}");
            assert!(text.len() >= 4);
        }
    }

    #[test]
    fn innocent_lines_are_not_confirmed() {
        let search = crate::scan::Search::new(LITERALS.iter().copied());
        for line in [
            "net_ratelimit: 12 callbacks suppressed",
            "show_signal_msg: 374 callbacks suppressed",
            r#"{"oom_score_adj":-997,"oom_kill":0,"reason":"OOMKilled"}"#,
            "container state: Killed=true, exit 137",
            "Task in queue, 4 Tasks in progress",
            "at 80% of limit of 512Mi",
            "worker[pid ] started",
            "Out of memory: retrying with a smaller batch",
            "will process 17 items",
            "vm.panic_on_oom = 1",
            "exited: oom-killed by its supervisor",
            "error code=out_of_memory",
            "watchdog: 12 goroutines, not deadlocked on memory or locks",
            "failed to get cgroup stats for \"/system.slice\"",
            "container 12: hugetlb usage 5, failcnt 5",
            "supervisord: Killed process 12 after 3 s",
        ] {
            assert!(!search.is_in(line.as_bytes()), "{line}");
        }
    }
}
