//! What was charged to a memory cgroup, from its statistics: v1 and v2 keys, one line or one a cgroup.

use super::memory_usage::UsageParts;
use super::model::{Sentence, Topic, UseKind};
use super::sentence::sentence;
use super::term::{Rows, Term, key};
use crate::event::{DiagnosticKind, Event, Memcg};

pub(super) fn parts(event: &Event) -> Option<UsageParts> {
    let memcg = event.memcg.as_ref()?;
    let total = Term::bytes("memcg.memory.usage_bytes", memcg.memory.as_ref()?.usage_bytes);
    let of = |keys: &[&str]| keys.iter().find_map(|key| stat(memcg, key));
    // v1 from 6.5 prints both its own and, with `total_`, all below it
    let anon = of(&["anon", "total_rss", "rss"])?;
    let file = of(&["file", "total_cache", "cache"]);
    let shmem = of(&["total_shmem", "shmem"]).filter(|_| file.is_some());
    let mut parts = vec![(UseKind::Anonymous, anon)];
    match (file, shmem) {
        (Some(file), Some(shmem)) => {
            parts.push((UseKind::PageCache, file.minus(shmem.clone())));
            parts.push((UseKind::Shmem, shmem));
        }
        // before 4.14 cache includes shared memory and does not say how much
        (Some(file), None) => parts.push((UseKind::PageCache, file)),
        _ => {}
    }
    kernel(memcg, &of, &mut parts);
    parts.extend(of(&["sock"]).map(|sock| (UseKind::Sockets, sock)));
    // up to 6.4 the record may be cut: then there may be more than it says
    let whole =
        !event.diagnostics.iter().any(|d| d.kind == DiagnosticKind::Truncated) || memcg.stats.contains_key("kernel");
    Some(UsageParts { total, parts, whole })
}

fn kernel(memcg: &Memcg, of: &dyn Fn(&[&str]) -> Option<Term>, parts: &mut Vec<(UseKind, Term)>) {
    let both = |a: &str, b: &str| Term::total([of(&[a]), of(&[b])].into_iter().flatten());
    let known = [
        (UseKind::KernelStack, of(&["kernel_stack"])),
        (UseKind::PageTables, both("pagetables", "sec_pagetables")),
        (UseKind::Percpu, of(&["percpu"])),
        (UseKind::Vmalloc, of(&["vmalloc"])),
        (UseKind::Slab, of(&["slab"]).or_else(|| both("slab_reclaimable", "slab_unreclaimable"))),
        (UseKind::Zswap, of(&["zswap"])),
    ];
    let known: Vec<_> = known.into_iter().filter_map(|(kind, term)| Some((kind, term?))).collect();
    // 6.1 prints the sum on v2; v1 has a counter for it
    let sum = of(&["kernel"]).or_else(|| Some(Term::bytes("memcg.kmem.usage_bytes", memcg.kmem.as_ref()?.usage_bytes)));
    if let Some(sum) = sum {
        parts.push((UseKind::OtherKernel, known.iter().fold(sum, |rest, (_, term)| rest.minus(term.clone()))));
    }
    parts.extend(known);
}

/// One statistic: of the cgroup, or where each cgroup below it has its own line, of all of them.
pub(super) fn stat(memcg: &Memcg, name: &str) -> Option<Term> {
    let lines = &memcg.per_cgroup_stats;
    if lines.is_empty() {
        return memcg.stats.get(name).map(|value| Term::field(key("memcg.stats", name), *value));
    }
    let rows: Vec<usize> = (0..lines.len()).filter(|row| lines[*row].stats.contains_key(name)).collect();
    let value = rows.iter().fold(0u64, |sum, row| sum.saturating_add(lines[*row].stats[name]));
    (!rows.is_empty())
        .then(|| Term::sum("memcg.per_cgroup_stats", &Rows::new(rows, lines.len()), &key("stats", name), value))
}

/// Shared memory that no process maps: files in tmpfs. Rows count a shared page once each, so this is the least of it.
pub(super) fn unmapped(event: &Event, out: &mut Vec<Sentence>) {
    let Some(shmem) = event.memcg.as_ref().and_then(|memcg| stat(memcg, "shmem")) else { return };
    if event.tasks.is_empty() || event.tasks.iter().any(|task| task.rss_shmem_bytes.is_none()) {
        return;
    }
    let mapped = event.tasks.iter().filter_map(|task| task.rss_shmem_bytes).map(|b| i128::from(b.get())).sum::<i128>();
    let mapped = Term::sum("tasks", &Rows::all(event.tasks.len()), "rss_shmem_bytes", mapped);
    let rest = shmem.minus(mapped);
    if rest.value() > 0 {
        let say = sentence(Topic::Unseen).text("At least ").bytes(&rest);
        say.text(" of the shared memory is mapped by no process: files in tmpfs.").add_to(out);
    }
}
