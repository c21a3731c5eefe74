//! Whose limit it was, what was charged to it, and what the node had left.

use super::layout::{Block, unbroken};
use super::words::{brief, list, name, percent, plain, size, sized};
use oomkit_core::Event;
use oomkit_core::event::{Counter, Level, Memcg, Memory};
use oomkit_core::units::Bytes;
use std::collections::BTreeMap;

pub(super) fn limit(event: &Event, block: &mut Block) {
    let Some(memcg) = &event.memcg else { return };
    let level = event.limit_owner.as_ref().map(|owner| match &owner.level {
        Level::QosClass => "QoS class".to_owned(),
        other => plain(other.as_str()),
    });
    let counters = [
        memcg.memory.as_ref().map(|c| counter("memory", c)),
        // without a limit and without use it says nothing
        memcg.memory_swap.as_ref().filter(|c| c.limit_bytes.is_some()).map(|c| counter("memory+swap", c)),
        memcg.swap.as_ref().filter(|c| telling(c)).map(|c| counter("swap", c)),
        memcg.kmem.as_ref().filter(|c| telling(c)).map(|c| counter("kmem", c)),
        sized("memory.min", memcg.min_protection_bytes.filter(|b| b.get() > 0)),
        sized("memory.low", memcg.low_protection_bytes.filter(|b| b.get() > 0)),
    ];
    let counters = counters.into_iter().flatten().collect::<Vec<_>>().join("; ");
    let text = match level {
        Some(level) if counters.is_empty() => format!("of a {level}"),
        Some(level) => format!("{level}: {counters}"),
        None => counters,
    };
    let path = memcg.oom_memcg.as_deref().map(|path| name(path, memcg.oom_memcg_raw.as_ref()));
    if text.is_empty() {
        block.row("Limit", &path.unwrap_or_default());
    } else {
        block.row("Limit", &text);
        block.row("", &path.unwrap_or_default());
    }
    if let Some(owner) = &event.limit_owner {
        let who = brief(&owner.identity);
        let same = event.container.as_ref().is_some_and(|container| *container == owner.identity);
        if !same && !who.is_empty() {
            block.row("", &super::words::identity(&owner.identity));
        }
    }
}

fn telling(counter: &Counter) -> bool {
    counter.usage_bytes.get() > 0 || counter.limit_bytes.is_some_and(|limit| limit.get() > 0)
}

/// `memory 128.0 MiB of 128.0 MiB (100%), failcnt 39`
fn counter(what: &str, counter: &Counter) -> String {
    let used = match counter.limit_bytes {
        Some(limit) => {
            let share = percent(counter.usage_bytes, limit).map(|p| format!(" ({p})")).unwrap_or_default();
            format!("{} of {}{share}", size(counter.usage_bytes), size(limit))
        }
        None => format!("{}, no limit", size(counter.usage_bytes)),
    };
    format!("{what} {used}, failcnt {}", counter.failcnt)
}

/// Keys of the kernel's statistics that add up to what was charged, as people know them. Both cgroup versions.
const CHARGED: &[(&[&str], &str)] =
    &[(&["anon", "rss"], "anon"), (&["file", "cache"], FILE), (&["swap", "swapped"], "swap"), (&["zswap"], "zswap")];

/// The label that shared memory is a part of.
const FILE: &str = "file";

/// Parts of `kernel`, for kernels that do not print the sum.
const KERNEL: &[&str] = &["kernel_stack", "slab", "pagetables", "sec_pagetables", "percpu", "vmalloc"];

pub(super) fn charged(event: &Event, block: &mut Block) {
    let Some(memcg) = &event.memcg else { return };
    let stats = stats(memcg);
    let first = |keys: &[&str]| keys.iter().find_map(|key| stats.get(*key)).copied().filter(|v| *v > 0).map(Bytes);
    let shmem = first(&["shmem"]).map(|bytes| unbroken(&format!(" ({bytes} of it shmem)"))).unwrap_or_default();
    let part = |(keys, label): &(&[&str], &str)| {
        let text = sized(label, first(keys))?;
        Some(if *label == FILE { text + &shmem } else { text })
    };
    let mut parts: Vec<String> = CHARGED.iter().filter_map(part).collect();
    let kernel = first(&["kernel"]).or_else(|| {
        let sum = KERNEL.iter().filter_map(|key| stats.get(*key)).fold(0u64, |sum, v| sum.saturating_add(*v));
        (sum > 0).then_some(Bytes(sum))
    });
    parts.extend(sized("kernel", kernel));
    parts.extend(sized("sockets", first(&["sock"])));
    block.row("Charged", &list(parts));
}

/// The cgroup's statistics; where each cgroup below it has its own, their sum.
fn stats(memcg: &Memcg) -> BTreeMap<String, u64> {
    if !memcg.stats.is_empty() || memcg.per_cgroup_stats.is_empty() {
        return memcg.stats.clone();
    }
    let mut sum: BTreeMap<String, u64> = BTreeMap::new();
    for (key, value) in memcg.per_cgroup_stats.iter().flat_map(|cgroup| &cgroup.stats) {
        let entry = sum.entry(key.clone()).or_default();
        *entry = entry.saturating_add(*value);
    }
    sum
}

pub(super) fn node(event: &Event, block: &mut Block) {
    let Some(memory) = &event.memory else { return };
    let sum = |keys: &[&str]| {
        let mut found = keys.iter().filter_map(|key| memory.counters.get(*key)).copied().peekable();
        found.peek().is_some().then(|| found.sum::<Bytes>())
    };
    let parts = [
        sized("RAM", memory.total_ram_bytes),
        sized("free", memory.free_bytes),
        sized("anon", sum(&["active_anon", "inactive_anon"])),
        sized("page cache", memory.pagecache_bytes),
        sized("shmem", sum(&["shmem"])),
        sized("slab", sum(&["slab_reclaimable", "slab_unreclaimable"])),
        sized("unevictable", sum(&["unevictable"]).filter(|b| b.get() > 0)),
        sized("page tables", sum(&["pagetables"])),
        swap(memory),
    ];
    block.row("Node", &list(parts.into_iter().flatten()));
    block.row("", &list(short_zones(memory)));
    slabs(memory, block);
}

fn swap(memory: &Memory) -> Option<String> {
    let total = memory.swap_total_bytes?;
    Some(match memory.swap_free_bytes {
        _ if total.get() == 0 => "no swap".to_owned(),
        Some(free) => format!("swap free {} of {}", size(free), size(total)),
        None => format!("swap {}", size(total)),
    })
}

/// Zones that have only the kernel's reserves left.
fn short_zones(memory: &Memory) -> Vec<String> {
    let short = memory.zones.iter().filter_map(|zone| {
        let (free, min) = (zone.free_bytes?, zone.min_bytes?);
        let node = zone.node.map(|node| format!(" of node {node}")).unwrap_or_default();
        let zone = name(&zone.zone, None);
        let (free_text, min_text) = (size(free), size(min));
        // a few pages are not seen in rounded sizes
        let how = if free_text == min_text { "just below" } else { "below" };
        (free < min).then(|| format!("zone {zone}{node} {how} its minimum ({free_text} free, minimum {min_text})"))
    });
    short.collect()
}

fn slabs(memory: &Memory, block: &mut Block) {
    let mut slabs: Vec<_> = memory.unreclaimable_slab.iter().collect();
    slabs.sort_by_key(|slab| std::cmp::Reverse(slab.total_bytes));
    let top = slabs.iter().take(3).map(|slab| format!("{} {}", name(&slab.name, None), size(slab.total_bytes)));
    block.row("Slab", &list(top));
}
