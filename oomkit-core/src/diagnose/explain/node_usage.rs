//! What the node's memory was used for, from the `Mem-Info` block.

use super::memory_usage::UsageParts;
use super::model::{Sentence, Topic, UseKind};
use super::sentence::{entry, sentence};
use super::swap::available;
use super::term::Term;
use crate::event::{Event, Memory};

/// Names in a sentence.
const NAMED: usize = 3;

pub(super) fn parts(event: &Event) -> Option<UsageParts> {
    let memory = event.memory.as_ref()?;
    let total = available(memory)?;
    let counter = |name: &str| entry("memory.counters", &memory.counters, name);
    let all = |names: &[&str]| Term::total(names.iter().filter_map(|name| counter(name)));
    // before 2.6.28 one list held both
    let lru = all(&["active_anon", "inactive_anon", "isolated_anon"])?;
    // shared memory is on the list of anonymous memory, unless it is locked
    let shmem = counter("shmem").filter(|shmem| shmem.value() <= lru.value());
    let mut parts = Vec::new();
    match shmem {
        Some(shmem) => {
            parts.push((UseKind::Anonymous, lru.minus(shmem.clone())));
            parts.push((UseKind::Shmem, shmem));
        }
        None => parts.push((UseKind::Anonymous, lru)),
    }
    let others = [
        (UseKind::PageCache, all(&["active_file", "inactive_file", "isolated_file"])),
        (UseKind::Slab, all(&["slab_reclaimable", "slab_unreclaimable"]).or_else(|| counter("slab"))),
        (UseKind::PageTables, all(&["pagetables", "sec_pagetables"])),
        (UseKind::OtherKernel, counter("kernel_misc_reclaimable")),
        (UseKind::Free, all(&["free", "free_pcp"])),
        (UseKind::KernelStack, of_nodes(memory, &["kernel_stack"]).or_else(|| of_zones(memory, "kernel_stack"))),
        (UseKind::Balloon, of_nodes(memory, &["Balloon"])),
        (UseKind::Gpu, of_nodes(memory, &["gpu_active", "gpu_reclaim"])),
        (UseKind::Zsmalloc, of_zones(memory, "zspages")),
        (UseKind::Hugetlb, hugetlb(memory)),
    ];
    parts.extend(others.into_iter().filter_map(|(kind, term)| Some((kind, term?))));
    match (counter("unevictable"), of_zones(memory, "mlocked")) {
        (Some(kept), Some(locked)) if locked.value() <= kept.value() => {
            parts.push((UseKind::Unevictable, kept.minus(locked.clone())));
            parts.push((UseKind::Mlocked, locked));
        }
        // per-CPU counters are summed at different times
        (Some(kept), Some(_)) => parts.push((UseKind::Mlocked, kept)),
        (kept, _) => parts.extend(kept.map(|kept| (UseKind::Unevictable, kept))),
    }
    Some(UsageParts { total, parts, whole: memory.counters.contains_key("free") })
}

fn of_nodes(memory: &Memory, names: &[&str]) -> Option<Term> {
    Term::total(memory.nodes.iter().enumerate().flat_map(|(number, node)| {
        let path = format!("memory.nodes[{number}].values");
        names.iter().filter_map(move |name| entry(&path, &node.values, name))
    }))
}

fn of_zones(memory: &Memory, name: &str) -> Option<Term> {
    let zones = memory.zones.iter().enumerate();
    Term::total(zones.filter_map(|(number, zone)| entry(&format!("memory.zones[{number}].values"), &zone.values, name)))
}

/// Pools of huge pages take their memory whether or not a page is in use.
fn hugetlb(memory: &Memory) -> Option<Term> {
    Term::total(memory.hugepages.iter().enumerate().filter(|(_, pool)| pool.total > 0).map(|(number, pool)| {
        let path = format!("memory.hugepages[{number}]");
        let pages = Term::field(format!("{path}.total"), pool.total);
        pages.times(Term::bytes(format!("{path}.size_bytes"), pool.size_bytes))
    }))
}

/// The largest slab caches and allocation sites, where the kernel lists them.
pub(super) fn largest(event: &Event, out: &mut Vec<Sentence>) {
    let Some(memory) = &event.memory else { return };
    let mut slabs: Vec<_> = memory.unreclaimable_slab.iter().enumerate().collect();
    slabs.sort_by_key(|(number, slab)| (std::cmp::Reverse(slab.total_bytes), *number));
    if !slabs.is_empty() {
        let say = sentence(Topic::Unseen)
            .text("Unreclaimable slab outweighs all page cache and anonymous memory; the largest caches: ");
        say.list(slabs.iter().take(NAMED), ", ", |say, (number, slab)| {
            let path = format!("memory.unreclaimable_slab[{number}]");
            let total = Term::bytes(format!("{path}.total_bytes"), slab.total_bytes);
            say.name(format!("{path}.name"), &slab.name).text(" ").bytes(&total)
        })
        .end(out);
    }
    if !memory.allocations.is_empty() {
        let say = sentence(Topic::Unseen).text("The kernel's largest allocations: ");
        say.list(memory.allocations.iter().take(NAMED).enumerate(), ", ", |say, (number, site)| {
            let path = format!("memory.allocations[{number}]");
            let total = Term::bytes(format!("{path}.size_bytes"), site.size_bytes);
            say.name(format!("{path}.function"), &site.function).text(" ").bytes(&total)
        })
        .end(out);
    }
}
