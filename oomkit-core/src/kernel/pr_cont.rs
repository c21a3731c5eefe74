//! Lines that the kernel prints in pieces (`pr_cont`). When another CPU prints in between, each piece becomes a
//! record of its own, with foreign records between them; glued together again, they are a line that [`super::parse`]
//! reads. This file knows which text is the start of such a line and what its next piece looks like.

use super::comm::{is_comm, may_be_first};
use super::value::node_list;
use super::value::*;
use super::words::{holds, splits};
use super::zones::{on_node, zone_name};
use super::{Message, buddy, head, memcg, summary_line};

/// Whether `text` is the start of a line that the kernel has not finished. `Memory cgroup stats for /a:` is one
/// before 5.3 and whole from then on: what comes next decides.
pub(crate) fn is_open(text: &[u8]) -> bool {
    expected(text).is_some()
}

/// Whether `piece` can be what the kernel printed next on the line that starts with `open`. The two are then one text,
/// joined without anything between them.
pub(crate) fn continues(open: &[u8], piece: &[u8]) -> bool {
    expected(open).is_some_and(|next| next.fits(piece))
}

/// What an open line waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// A cgroup's path, or Alibaba's `host`.
    Path,
    /// A cgroup's own name: a word, or a foreign record would do as well.
    Word,
    Nodes,
    OneOf(&'static [&'static [u8]]),
    /// ` rss:197168KB`
    Statistic,
    /// `3*4kB `, `(UME) `, `= 7280kB`
    Blocks,
    /// `DMA free:…`, `DMA: …`
    Zone,
}

impl Next {
    fn fits(self, piece: &[u8]) -> bool {
        match self {
            Self::Path => piece.starts_with(b"/") || piece == b"host",
            Self::Word => {
                !piece.is_empty() && !piece.iter().any(u8::is_ascii_whitespace) && super::parse(piece).is_none()
            }
            Self::Nodes => piece.starts_with(b"(null)") || node_list(piece).is_ok(),
            Self::OneOf(starts) => starts.iter().any(|start| piece.starts_with(start)),
            Self::Statistic => {
                let key = piece.strip_prefix(b" ").and_then(|text| text.split(|&b| b == b':').next());
                holds(piece, b"KB")
                    && key
                        .is_some_and(|key| !key.is_empty() && key.iter().all(|b| b.is_ascii_lowercase() || *b == b'_'))
            }
            Self::Blocks => {
                let order = (u64::<_, nom::error::Error<_>>, char('*'), u64).parse(piece).is_ok();
                order || piece.starts_with(b"= ") || (piece.starts_with(b"(") && piece.trim_ascii_end().ends_with(b")"))
            }
            Self::Zone => zone_name(piece).is_ok(),
        }
    }
}

fn expected(text: &[u8]) -> Option<Next> {
    match text.first()? {
        b'o' if text.starts_with(b"oom-kill:constraint=") => summary(text),
        b'M' if text.starts_with(b"Memory cgroup stats for ") => statistics(text),
        b'M' => (text == b"Memory limit reached of cgroup ").then_some(Next::Path),
        b'T' => tasks_path(text),
        b'N' | b'D' | b'H' => blocks(text).or_else(|| named(text)),
        _ => named(text),
    }
}

/// 5.0+: `oom-kill:constraint=…,nodemask=…` `,cpuset=` `NAME` `,mems_allowed=0` `,oom_memcg=` `PATH` …
fn summary(text: &[u8]) -> Option<Next> {
    const KEYS: &[&[u8]] =
        &[b",nodemask=", b",cpuset=", b",mems_allowed=", b",oom_memcg=", b",global_oom", b",task_memcg=", b",task="];
    let (_, summary) = summary_line::summary(text).ok()?;
    if !summary.truncated {
        None
    } else if text.ends_with(b",oom_memcg=") || text.ends_with(b",task_memcg=") {
        Some(Next::Path)
    } else if text.ends_with(b",cpuset=") {
        Some(Next::Word)
    } else {
        Some(Next::OneOf(KEYS))
    }
}

/// `Memory cgroup stats for ` `PATH` `:`, and before 5.3 ` cache:108KB` ` rss:197168KB` … up to `unevictable`.
fn statistics(text: &[u8]) -> Option<Next> {
    if text == b"Memory cgroup stats for " {
        return Some(Next::Path);
    }
    match memcg::stats_head(text).ok()? {
        (_, Message::StatsHead { stats, truncated, .. }) => match (stats.is_empty(), truncated) {
            (true, true) => Some(Next::OneOf(&[b":"])),
            (false, false) => None,
            (true, false) | (false, true) => Some(Next::Statistic),
        },
        _ => None,
    }
}

/// 3.15 – 4.20: `Task in ` `PATH` ` killed as a result of limit of ` `PATH`; 4.19+: `Tasks in ` `PATH` ` are going to be
/// killed due to memory.oom.group set`.
fn tasks_path(text: &[u8]) -> Option<Next> {
    const LIMIT: &[u8] = b" as a result of limit of ";
    let (rest, words): (_, &[&[u8]]) = match text.strip_prefix(b"Tasks in ") {
        Some(rest) => (rest, &[b" are going to be killed"]),
        None => (text.strip_prefix(b"Task in ")?, &[b" killed as a result of limit of ", LIMIT]),
    };
    match rest {
        b"" => Some(Next::Path),
        _ if rest.ends_with(LIMIT) => Some(Next::Path),
        [b'/', ..] if !words.iter().any(|words| holds(rest, words)) => Some(Next::OneOf(words)),
        _ => None,
    }
}

/// `Node 0 ` `DMA: ` `0*4kB ` `1*16kB ` `(U) ` `= 7280kB`; of a zone line (4.9+) only `Node 0 ` is apart.
fn blocks(text: &[u8]) -> Option<Next> {
    if all_consuming(on_node).parse(text).is_ok() {
        return Some(Next::Zone);
    }
    let heading: Result<_, _> = all_consuming((opt(on_node), zone_name, tag(": "))).parse(text);
    match buddy::buddy(text) {
        _ if heading.is_ok() => Some(Next::Blocks),
        Ok((rest, buddy)) => (buddy.total.is_none() && matches!(rest, b"" | b" ")).then_some(Next::Blocks),
        Err(_) => None,
    }
}

/// 3.16 – 4.20: `NAME cpuset=` `NAME` ` mems_allowed=0`; 4.13, 4.14: `… nodemask=` `(null)` `,  order=0, …`.
fn named(text: &[u8]) -> Option<Next> {
    if !may_be_first(text) {
        return None;
    }
    if let Ok((rest, trigger)) = head::trigger(text) {
        return match trigger.nodemask {
            None if text.ends_with(b" nodemask=") => Some(Next::Nodes),
            Some(_) if rest.is_empty() && trigger.order.is_none() => Some(Next::OneOf(&[b",  order="])),
            _ => None,
        };
    }
    let (comm, name) = splits(text, b" cpuset=").next()?;
    match name {
        _ if !is_comm(comm) || holds(name, b" mems_allowed=") => None,
        b"" => Some(Next::Word),
        _ => Some(Next::OneOf(&[b" mems_allowed="])),
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    /// Pieces of one line, as they stood in separate records.
    const LINES: &[&[&str]] = &[
        // 6.12, serial console under load
        &[
            "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null)",
            ",cpuset=",
            "docker-e60054b6.scope",
            ",mems_allowed=0,oom_memcg=",
            "/system.slice/docker-e60054b6.scope",
            ",task_memcg=/system.slice/docker-e60054b6.scope",
            ",task=twin-b-child,pid=170,uid=1001",
        ],
        &["Memory cgroup stats for ", "/docker/3418", ":"],
        &["Memory cgroup stats for /docker/3418:", " cache:108KB", " rss:197168KB rss_huge:0KB", " unevictable:0KB"],
        &["Task in ", "/a/b", " killed as a result of limit of ", "/a"],
        &["Tasks in /a b", " are going to be killed due to memory.oom.group set"],
        &["Memory limit reached of cgroup ", "/a"],
        &["Web Content cpuset=", "user.slice", " mems_allowed=0"],
        &["Node 0 ", "DMA: ", "0*4kB ", "1*16kB ", "(U) ", "= 16kB"],
        &["Normal: ", "0*4kB 1*16kB ", "= 16kB"],
        &["Node 0 ", "DMA free:7280kB min:384kB"],
        &[
            "cp invoked oom-killer: gfp_mask=0x14000c0(GFP_KERNEL), nodemask=",
            "(null)",
            ",  order=0, oom_score_adj=-998",
        ],
    ];

    #[test]
    fn pieces_join_to_a_line() {
        const FOREIGN: &[&str] = &[
            "systemd[1]: Started session-142.scope - Session 1124498 of User core.",
            "docker0: port 144(veth116670) entered disabled state",
            "Mem-Info:",
            "anon 123",
            "",
        ];
        for pieces in LINES {
            let mut open = String::new();
            for piece in *pieces {
                if !open.is_empty() {
                    assert!(is_open(open.as_bytes()), "{open:?}");
                    assert!(continues(open.as_bytes(), piece.as_bytes()), "{open:?} + {piece:?}");
                    for foreign in FOREIGN {
                        assert!(!continues(open.as_bytes(), foreign.as_bytes()), "{open:?} + {foreign:?}");
                    }
                }
                open.push_str(piece);
            }
            // the heading of 5.3+ looks like the start of an older one
            assert_eq!(is_open(open.as_bytes()), open.ends_with("3418:"), "{open:?}");
            assert!(parse(open.as_bytes()).is_some(), "{open:?}");
        }
    }

    #[test]
    fn whole_and_foreign_lines_are_not_open() {
        for text in [
            "",
            "Tasks state (memory values in pages):",
            "Task in progress",
            "java invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=-998",
            "java cpuset=/ mems_allowed=0",
            "Killed process 2601 (httpd)",
            "hello",
        ] {
            assert!(!is_open(text.as_bytes()), "{text}");
        }
        assert!(matches!(parse(b"Task in /a"), Some(Message::TaskInHead(b"/a"))));
    }
}
