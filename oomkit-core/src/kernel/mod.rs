//! Kernel lines: one `nom` function per kind of line, pure functions of their input.
//!
//! [`parse`] reads the text of one kernel record, transport and `printk` prefix already removed. It knows nothing
//! of time, hosts or other lines.

mod buddy;
mod comm;
mod frame;
mod head;
mod kill;
pub(crate) mod layout;
mod literals;
mod memcg;
mod meminfo;
mod message;
mod neighbours;
mod panic;
pub(crate) mod pr_cont;
mod reaper;
mod record;
mod registers;
pub(crate) mod release;
mod role;
#[cfg(test)]
mod samples;
mod slab;
mod stack;
pub(crate) mod summary_line;
mod sysrq;
pub(crate) mod tasks;
mod value;
mod words;
mod wrap;
mod zones;

pub(crate) use literals::{HEAD, LITERALS, LOSS_LINES, LOSS_MARKS};
pub(crate) use message::*;
pub(crate) use neighbours::limits_dump_heads;
pub(crate) use record::{Messages, Prefix, read};
pub(crate) use role::{Block, Repeats, Start, rank};
#[cfg(test)]
pub(crate) use samples::SAMPLES;

use value::*;

/// What the text of one kernel record says, or `None` if it is no line of a dump nor a neighbour of one.
///
/// The text may hold newlines: names do, and Mem-Info counters and cgroup statistics of some kernels are one record.
pub(crate) fn parse(text: &[u8]) -> Option<Message<'_>> {
    if let Some(message) = memcg::stat(text).or_else(|| fixed(text)) {
        return Some(message);
    }
    let named = if comm::may_be_first(text) { name_first(text).ok() } else { None };
    let (_, message) = named.or_else(|| by_first_byte(text).or_else(|_| anywhere(text)).ok())?;
    Some(message)
}

/// Lines that hold nothing but fixed words.
fn fixed(text: &[u8]) -> Option<Message<'_>> {
    Some(match text.trim_ascii_end() {
        // 4.9+, kernels without compaction, order > 0
        b"COMPACTION is disabled!!!" => Message::CompactionDisabled,
        // the latter to 2.6.24
        b"Mem-Info:" | b"Mem-info:" => Message::MemInfo,
        b"Unreclaimable slab info:" => Message::SlabHead,
        b"excessive unreclaimable slab but cannot dump stats" => Message::SlabBusy,
        // 4.19+
        b"Tasks state (memory values in pages):" => Message::TasksHead,
        // a warning from 4.19 on; before, the message of a panic
        b"Out of memory and no killable processes..." => Message::NoKillable,
        _ => return None,
    })
}

/// Lines that start with a process name, which may be anything.
fn name_first(i: &[u8]) -> IResult<&[u8], Message<'_>> {
    alt((map(head::trigger, Message::Trigger), map(head::cpuset, Message::Cpuset), neighbours::allocation_failure))
        .parse(i)
}

/// The kinds that can start with this byte, rather than all of them in a row.
fn by_first_byte(i: &[u8]) -> IResult<&[u8], Message<'_>> {
    let killed = || map(kill::killed, |killed| Message::Killed(Box::new(killed)));
    let verdict = || alt((killed(), kill::selected, reaper::already_exiting));
    let zone = || alt((map(zones::zone, Message::Zone), map(buddy::buddy, Message::Buddy), meminfo::per_cpu));
    let cpu = || map(stack::cpu, Message::Cpu);
    let frame = || map(frame::frame, Message::Frame);
    match i.first().copied().unwrap_or_default() {
        b' ' | b'\t' => alt((
            frame(),
            memcg::stats,
            meminfo::counters,
            stack::context,
            memcg::task_in_tail,
            map(slab::allocation, Message::Allocation),
            stack::trace_start,
        ))
        .parse(i),
        b'0'..=b'9' => alt((meminfo::totals, map(slab::allocation, Message::Allocation))).parse(i),
        b'[' => alt((tasks::task_row, tasks::columns, frame())).parse(i),
        b'<' => alt((stack::context, frame())).parse(i),
        b'-' => neighbours::other_trace(i),
        b'*' => neighbours::dropped(i),
        b'A' | b'a' | b'f' | b'i' | b'u' => meminfo::counters(i),
        b'B' => alt((stack::trace_start, neighbours::other_trace)).parse(i),
        b'C' => alt((cpu(), stack::trace_start, meminfo::per_cpu)).parse(i),
        b'D' => zone().parse(i),
        b'F' => alt((meminfo::free_swap, meminfo::counters)).parse(i),
        b'H' => alt((stack::hardware, zone())).parse(i),
        b'K' => alt((killed(), kill::sharing, panic::panic, neighbours::other_trace)).parse(i),
        b'M' => alt((
            verdict(),
            memcg::stats_head,
            memcg::limit_reached,
            memcg::protection,
            slab::allocations_heading,
            zone(),
        ))
        .parse(i),
        b'N' => {
            alt((zone(), zones::node, buddy::hugepages, verdict(), slab::columns, neighbours::other_trace)).parse(i)
        }
        b'O' => verdict().parse(i),
        b'P' => cpu().parse(i),
        b'S' => alt((meminfo::swap_cache, sysrq::sysrq)).parse(i),
        b'T' => alt((memcg::task_in, reaper::group_kill, meminfo::total_swap, stack::taint_text)).parse(i),
        b'W' => alt((stack::workqueue, neighbours::other_trace)).parse(i),
        b'c' => meminfo::per_cpu(i),
        b'h' => buddy::hugepages(i),
        b'k' | b'm' => alt((memcg::counter, meminfo::counters)).parse(i),
        b'l' => zones::lowmem_reserve(i),
        b'o' => alt((
            map(summary_line::summary, |summary| Message::Summary(Box::new(summary))),
            reaper::reaped,
            reaper::not_reaped,
            reaper::mm_pinned,
        ))
        .parse(i),
        b's' => alt((memcg::counter, sysrq::sysrq, meminfo::counters)).parse(i),
        _ => neighbours::other_trace(i),
    }
}

/// Kinds whose first byte is free: symbols, statistics keys, register and slab names.
fn anywhere(i: &[u8]) -> IResult<&[u8], Message<'_>> {
    alt((
        map(frame::frame, Message::Frame),
        memcg::stats,
        registers::registers,
        neighbours::suppressed,
        slab::row,
        neighbours::other_trace,
    ))
    .parse(i)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_fixed_words() {
        for (text, expected) in [
            ("COMPACTION is disabled!!!", Some(Message::CompactionDisabled)),
            ("COMPACTION is", None),
            ("Mem-Info:", Some(Message::MemInfo)),
            ("Mem-info: ", Some(Message::MemInfo)),
            ("Mem-Info: x", None),
            ("Unreclaimable slab info:", Some(Message::SlabHead)),
            ("excessive unreclaimable slab but cannot dump stats", Some(Message::SlabBusy)),
            ("Tasks state (memory values in pages):", Some(Message::TasksHead)),
            ("Out of memory and no killable processes...\n", Some(Message::NoKillable)),
        ] {
            assert_eq!(parse(text.as_bytes()), expected, "{text}");
        }
    }
}
