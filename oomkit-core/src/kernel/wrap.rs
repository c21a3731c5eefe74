//! Lines that mail programs and terminals broke: glued again where only the whole makes sense.
//!
//! `Out of memory: Killed ⏎ process 1968 (memkiller) total-vm:2099436kB, ⏎ file-rss:1024kB, …`

use super::record::Prefix;
use super::{Message, parse, record};

/// A 1 KiB record wrapped at 72 columns.
const MOST_LINES: usize = 16;

/// Reads a record and the lines after it that have no prefix.
pub(super) fn read_wrapped(text: &[u8], wrapped_from: usize, each: &mut dyn FnMut(Message<'_>, Prefix)) {
    // a name's own newlines are before the wrapped lines: all but the last line of the record are read as ever
    let own = &text[..wrapped_from.saturating_sub(1)];
    let last = memchr::memrchr(b'\n', own).map_or(0, |at| at + 1);
    if last > 0 {
        record::read(&own[..last - 1], last - 1, each);
    }
    let mut lines: Vec<&[u8]> = text[last..].split(|b| *b == b'\n').collect();
    // the record's own line may begin with blanks; after it they are the quoter's
    lines[1..].iter_mut().for_each(|line| *line = line.trim_ascii_start());
    let mut at = 0;
    while at < lines.len() {
        // a prefix that is alone on its line belongs to what follows it
        let own = lines[..at].iter().all(|line| line.trim_ascii().is_empty());
        let prefix = if own { Prefix::Own } else { Prefix::None };
        at += read_first(&lines[at..], &mut |message| each(message, prefix));
    }
}

/// Whether what a line says may continue after a break that looks like a line of the record itself: a pasted line that
/// was indented to where its text began.
pub(super) fn may_continue(message: &Message<'_>) -> bool {
    matches!(message, Message::Summary(_) | Message::Killed(_)) && !is_whole(message)
}

/// Reads the message that begins with the first line; returns how many lines it has.
pub(super) fn read_first(lines: &[&[u8]], each: &mut dyn FnMut(Message<'_>)) -> usize {
    let alone = parse(lines[0].trim_ascii_end()).or_else(|| parse(lines[0]));
    let weight_of = |text: &[u8]| parse(text).as_ref().map_or(0, weight);
    let mut best = alone.as_ref().map_or(0, weight);
    let mut count = 1;
    let mut whole: Vec<u8> = lines[0].to_vec();
    let mut kept: Option<Vec<u8>> = None;
    if !alone.as_ref().is_some_and(is_whole) && !lines[0].trim_ascii().is_empty() {
        for (n, next) in lines.iter().enumerate().take(MOST_LINES).skip(1) {
            // a line that makes sense by itself continues nothing
            if parse(next.trim_ascii()).is_some_and(|m| !matches!(m, Message::Slab { .. } | Message::Registers)) {
                break;
            }
            let [spaced, tight] = [true, false].map(|spaced| glue(&whole, next, spaced));
            let [with, without] = [&spaced, &tight].map(|text| weight_of(text));
            whole = if without > with { tight } else { spaced };
            if with.max(without) > best {
                best = with.max(without);
                count = n + 1;
                kept = Some(whole.clone());
            }
        }
    }
    let message = kept.as_deref().map_or(alone, parse);
    message.into_iter().for_each(each);
    count
}

/// Joins two lines. The summary has no blanks: those around a break, or that a hand put after its commas, are dropped.
fn glue(line: &[u8], next: &[u8], spaced: bool) -> Vec<u8> {
    let mut text = line.trim_ascii_end().to_vec();
    let is_summary = text.starts_with(b"oom-kill:constraint=");
    if spaced && !is_summary {
        text.push(b' ');
    }
    text.extend_from_slice(next.trim_ascii());
    let mut last = 0;
    text.retain(|byte| {
        let keep = !(is_summary && last == b',' && *byte == b' ');
        last = if keep { *byte } else { last };
        keep
    });
    text
}

/// Whether nothing can follow: the line has its usual end.
fn is_whole(message: &Message<'_>) -> bool {
    match message {
        Message::Trigger(trigger) => trigger.order.is_some(),
        Message::Cpu(cpu) => cpu.release.is_some(),
        Message::Summary(summary) => !summary.truncated,
        Message::Killed(killed) => !killed.truncated && killed.sizes.total_vm.is_some(),
        // 3.15 – 3.18 print the path, the verb and the limit as three records of two lines
        Message::Zone(_) | Message::Node { .. } | Message::TaskInHead(_) => false,
        Message::Buddy(buddy) => buddy.total.is_some(),
        Message::StatsHead { truncated, stats, .. } => !truncated && stats.is_empty(),
        Message::TasksColumns(columns) => columns.last() == Some(&&b"name"[..]),
        _ => true,
    }
}

/// How much a message holds: gluing must add to it.
fn weight(message: &Message<'_>) -> usize {
    let held = |fields: &[bool]| fields.iter().filter(|held| **held).count();
    1 + match message {
        Message::Trigger(t) => {
            let others = [!t.gfp_mask.is_empty(), t.oom_score_adj.is_some(), t.gfp_flags.is_some()];
            held(&others) + held(&[t.order.is_some()]) * 2
        }
        Message::Cpu(cpu) => held(&[cpu.taint.is_some()]) + held(&[cpu.release.is_some()]) * 2,
        Message::Summary(s) => {
            let fields = [s.cpuset.is_some(), s.mems_allowed.is_some(), s.oom_memcg.is_some(), s.task_memcg.is_some()];
            held(&fields) + held(&[s.pid.is_some(), s.uid.is_some()]) * 4
        }
        Message::Killed(k) => {
            let s = &k.sizes;
            let sizes = [s.total_vm, s.anon_rss, s.file_rss, s.shmem_rss, s.page_tables].map(|size| size.is_some());
            held(&sizes) * 2 + held(&[k.uid.is_some(), k.oom_score_adj.is_some(), !k.truncated])
        }
        Message::Zone(zone) => zone.values.len(),
        Message::Node { values, .. } => values.len(),
        Message::Buddy(buddy) => buddy.orders.len() + held(&[buddy.total.is_some()]),
        Message::StatsHead { stats, .. } => stats.len(),
        Message::TasksColumns(columns) => columns.len(),
        Message::TaskInHead(_) => 0,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    fn read_wrapped(first: &str, rest: &str) -> Vec<String> {
        let text = format!("{first}\n{rest}");
        let mut seen = Vec::new();
        super::read_wrapped(text.as_bytes(), first.len() + 1, &mut |message, _| seen.push(format!("{message:?}")));
        seen
    }

    #[test]
    fn a_kill_line_broken_at_72_columns() {
        let rest = "process 1968 (memkiller) total-vm:2099436kB, anon-rss:1971712kB, \nfile-rss:1024kB, shmem-rss:0kB, UID:0 pgtables:3904kB oom_score_adj:0";
        let seen = read_wrapped("Out of memory: Killed ", rest);
        assert_eq!(seen.len(), 1, "{seen:?}");
        assert!(seen[0].contains("pid: 1968") && seen[0].contains("page_tables: Some(Bytes(3997696))"), "{seen:?}");
        assert!(seen[0].contains("truncated: false"));
    }

    #[test]
    fn a_trigger_and_a_summary() {
        let seen = read_wrapped(
            "syz-executor.0 invoked oom-killer:",
            "gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=1000",
        );
        assert!(seen.len() == 1 && seen[0].contains("oom_score_adj: Some(1000)"), "{seen:?}");
        let seen = read_wrapped(
            "oom-kill:constraint=CONSTRAINT_MEMCG, oom_memcg=/a,",
            "               task=python, pid=2269, uid=0",
        );
        assert!(seen.len() == 1 && seen[0].contains("pid: Some(2269)") && seen[0].contains("uid: Some(0)"), "{seen:?}");
    }

    #[test]
    fn the_limit_after_a_path_on_a_line_of_its_own() {
        let seen = read_wrapped("Killed process 9 (a)", "Task in /a/b\n killed as a result of limit of /a");
        let whole = |text: &String| text.starts_with("TaskIn {");
        assert!(seen.len() == 2 && whole(&seen[1]), "{seen:?}");
        let seen = read_wrapped("Task in /a/b killed", "as a result of limit of /a");
        assert!(seen.len() == 1 && whole(&seen[0]), "{seen:?}");
    }

    #[test]
    fn lines_of_others_stay_apart() {
        let row = "[    105]  1007   105    17475     3295    69632        0             0 bash";
        let seen = read_wrapped(row, "ok\nhealthcheck ok seq=342");
        assert!(seen.len() == 1 && !seen[0].contains("ok"), "{seen:?}");
        let killed = "Out of memory: Killed process 167 (memhog) total-vm:265492kB, anon-rss:167668kB, file-rss:0kB, shmem-rss:560kB, UID:1000 pgtables:368kB oom_score_adj:0";
        assert_eq!(read_wrapped(killed, "healthcheck ok").len(), 1);
        assert_eq!(read_wrapped("Mem-Info:", "Free swap  = 0kB").len(), 2);
    }
}
