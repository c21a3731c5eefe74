//! The node's swap, page cache and unevictable memory: what reclaim could still have freed.

use super::model::{Sentence, Shortage, Topic};
use super::sentence::{entry, sentence, size};
use super::term::Term;
use crate::event::{Constraint, Event, Memory};

pub(super) fn explain(event: &Event, shortages: &mut Vec<Shortage>, out: &mut Vec<Sentence>) {
    let Some(memory) = &event.memory else { return };
    if event.constraint == Constraint::Memcg || shortages.contains(&Shortage::Manual) {
        return;
    }
    swap_use(memory, shortages, out);
    page_cache(memory, out);
    unevictable(memory, shortages, out);
}

fn swap_use(memory: &Memory, shortages: &mut Vec<Shortage>, out: &mut Vec<Sentence>) {
    let Some(total) = size("memory.swap_total_bytes", memory.swap_total_bytes) else { return };
    let say = sentence(Topic::Node);
    if total.value() == 0 {
        shortages.push(Shortage::NoSwap);
        say.text("There is no swap: anonymous memory has nowhere to go.").on("memory.swap_total_bytes").add_to(out);
        return;
    }
    let Some(free) = size("memory.swap_free_bytes", memory.swap_free_bytes) else { return };
    // a few slots are always on their way
    if free.value() * 100 <= total.value() {
        shortages.push(Shortage::SwapFull);
        say.text("Swap was full: ").bytes(&free).text(" of ").bytes(&total).text(" free.").add_to(out);
    } else {
        let say =
            say.bytes(&free).text(" of ").bytes(&total).text(" swap were still free, so swapping could not keep up");
        say.text(" or the memory could not be swapped.").add_to(out);
    }
}

/// Page cache that could still be dropped.
fn page_cache(memory: &Memory, out: &mut Vec<Sentence>) {
    let files = ["active_file", "inactive_file"];
    let files = files.into_iter().filter_map(|name| entry("memory.counters", &memory.counters, name));
    let (Some(files), Some(total)) = (Term::total(files), available(memory)) else { return };
    let say = sentence(Topic::Node).text("Page cache that reclaim could still take: ").bytes(&files);
    say.share(&files, &total).end(out);
}

fn unevictable(memory: &Memory, shortages: &mut Vec<Shortage>, out: &mut Vec<Sentence>) {
    let kept = entry("memory.counters", &memory.counters, "unevictable");
    let (Some(kept), Some(total)) = (kept, available(memory)) else { return };
    if kept.value() * 5 >= total.value() {
        shortages.push(Shortage::Unevictable);
        let say = sentence(Topic::Node).bytes(&kept).share(&kept, &total);
        say.text(" may not be moved or swapped (mlock, ramfs).").add_to(out);
    }
}

/// The node's memory without what the kernel reserved at boot.
pub(super) fn available(memory: &Memory) -> Option<Term> {
    let ram = size("memory.total_ram_bytes", memory.total_ram_bytes)?;
    let rest = match size("memory.reserved_bytes", memory.reserved_bytes) {
        Some(reserved) => ram.minus(reserved),
        None => ram,
    };
    (rest.value() > 0).then_some(rest)
}
