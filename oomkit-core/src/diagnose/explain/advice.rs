//! What to do about it: rules from cause to advice. Each names the fields that made it fire.

use super::memory_holders;
use super::memory_usage::UsageParts;
use super::model::{Explanation, Sentence, Shortage, Topic, UseKind};
use super::sentence::{SentenceBuilder, entry, sentence};
use super::swap::available;
use super::term::Term;
use crate::diagnose::in_pod;
use crate::event::{Constraint, Event, Outcome, Scope, VerdictKind};

pub(super) fn advise(event: &Event, parts: Option<&UsageParts>, told: &Explanation, out: &mut Vec<Sentence>) {
    if told.shortages.contains(&Shortage::Manual) {
        advice("Nothing ran out: find out who used sysrq-f, or disable it (kernel.sysrq).")
            .on("trigger.order")
            .add_to(out);
        return;
    }
    owner(event, out);
    makeup(event, parts, out);
    node(event, parts, told, out);
    crowd(event, out);
    visibility(event, out);
    protection(event, out);
}

fn advice(text: &str) -> SentenceBuilder {
    sentence(Topic::Advice).text(text)
}

/// Whose limit decides what can be changed.
fn owner(event: &Event, out: &mut Vec<Sentence>) {
    if event.constraint != Constraint::Memcg {
        return;
    }
    let text = match event.scope {
        Scope::Container => "The container's own limit was hit: raise it, or make what runs in it need less.",
        Scope::Pod => {
            "The pod's limit was hit, not one container's: count all its containers and its volumes in memory together."
        }
        Scope::NodeAllocatable => {
            "What all pods together may use was hit: a larger limit for the victim would not help. Lower requests are overcommitted; move pods away, or raise requests to what is used."
        }
        Scope::Cgroup => {
            "Raise the limit of that cgroup (MemoryMax= of its unit, its job's request), or make what runs in it need less."
        }
        _ => "Find the rest of the dump first: whose limit it was decides what to change.",
    };
    advice(text).on("scope").add_to(out);
}

/// What the limit was used for.
fn makeup(event: &Event, parts: Option<&UsageParts>, out: &mut Vec<Sentence>) {
    let Some(parts) = parts.filter(|_| event.constraint == Constraint::Memcg) else { return };
    for (kind, percent, text) in [
        (
            UseKind::Anonymous,
            80,
            " is anonymous: the kernel could not drop it. Look for a leak, or for a heap set larger than the limit.",
        ),
        (
            UseKind::Shmem,
            20,
            " is shared memory: files in tmpfs, /dev/shm and emptyDir volumes of medium Memory count against the limit until they are deleted.",
        ),
        (
            UseKind::PageCache,
            40,
            " is page cache, which is dropped when it is clean: look for slow disks, dirty pages and locked files.",
        ),
        (UseKind::Slab, 20, " is slab: many open files, directory entries, sockets or network buffers."),
        (
            UseKind::OtherKernel,
            30,
            " is kernel memory, which no process shows: threads, sockets, BPF maps, file handles.",
        ),
        (UseKind::Sockets, 20, " is socket buffers: a peer that does not read, or too many connections."),
    ] {
        if let Some(part) = parts.of_at_least(percent, &kind) {
            sentence(Topic::Advice).bytes(part).share(part, &parts.total).text(text).add_to(out);
        }
    }
}

/// The node, its nodes and zones.
fn node(event: &Event, parts: Option<&UsageParts>, told: &Explanation, out: &mut Vec<Sentence>) {
    let has = |shortage: &Shortage| told.shortages.contains(shortage);
    if has(&Shortage::Cpuset) || has(&Shortage::MemoryPolicy) {
        advice("Widen the set of nodes, or spread the processes over it: memory of other nodes could not be used.")
            .on("constraint")
            .add_to(out);
    }
    if has(&Shortage::Fragmentation) {
        let text = "Memory was there in pieces: raise vm.min_free_kbytes, let compaction work earlier (vm.compaction_proactiveness), or have the driver ask for smaller blocks.";
        advice(text).on("trigger.order").add_to(out);
    }
    if event.scope == Scope::Node {
        let text = match in_pod(event) {
            true => {
                "The node itself ran out: raising the victim's limit would make it worse. Raise requests to what is used so that fewer pods fit, and keep memory for system daemons (kube-reserved, system-reserved)."
            }
            false => {
                "The node itself ran out: give heavy services limits of their own, so that one of them cannot take the others down."
            }
        };
        advice(text).on("scope").add_to(out);
        if has(&Shortage::NoSwap) {
            advice("A little swap or zram would have bought time for what is seldom used.")
                .on("memory.swap_total_bytes")
                .add_to(out);
        }
    }
    let Some(parts) = parts.filter(|_| event.constraint != Constraint::Memcg) else { return };
    for (kind, text) in [
        (UseKind::Hugetlb, " lie in huge page pools, used or not: shrink vm.nr_hugepages."),
        (UseKind::Shmem, " are shared memory and tmpfs: look at df -t tmpfs and ipcs -m."),
        (UseKind::Slab, " are slab: slabtop shows which cache, which is often a leak in a driver."),
    ] {
        if let Some(part) = parts.of_at_least(20, &kind) {
            sentence(Topic::Advice).bytes(part).text(text).add_to(out);
        }
    }
    if has(&Shortage::Unevictable)
        && let Some(memory) = &event.memory
        && let Some(kept) = entry("memory.counters", &memory.counters, "unevictable")
        && available(memory).is_some()
    {
        sentence(Topic::Advice).bytes(&kept).text(" are locked: look for mlockall and LimitMEMLOCK=.").add_to(out);
    }
}

/// A server that forks: its workers, not one process, are the load.
fn crowd(event: &Event, out: &mut Vec<Sentence>) {
    let Some((row, rows, held, all)) = memory_holders::crowd(event) else { return };
    let said = sentence(Topic::Advice).count(&Term::count("tasks", &rows)).text(" processes ");
    let said =
        said.name(format!("tasks[{row}].comm"), &event.tasks[row].comm).text(" hold ").bytes(&held).share(&held, &all);
    said.text(" of what all rows hold: fewer workers help more than a larger limit.").add_to(out);
}

/// A kill that Kubernetes does not report.
fn visibility(event: &Event, out: &mut Vec<Sentence>) {
    if event.verdict.kind == VerdictKind::ChildKilled && in_pod(event) {
        let text = "Set memory.oom.group so that the whole container dies and restarts (kubelet does on cgroup v2 from 1.28, unless singleProcessOOMKill is set), or let the main process watch its children.";
        advice(text).on("verdict.kind").add_to(out);
    }
}

/// Who is killed first, and who never.
fn protection(event: &Event, out: &mut Vec<Sentence>) {
    if event.outcome == Outcome::NoKillableProcess || event.outcome == Outcome::Deadlock {
        let text = "Every process was exempt: give at least one a higher oom_score_adj than −1000 (OOMScoreAdjust=).";
        advice(text).on("outcome").add_to(out);
    }
    let Some(victim) = event.victims.first() else { return };
    if victim.oom_score_adj == Some(1000) && in_pod(event) {
        let adj = Term::field("victims[0].oom_score_adj", 1000);
        let said = advice("A pod without requests (best effort, oom_score_adj ").count(&adj);
        said.text(") is the first to be killed on a full node: give it a memory request.").add_to(out);
    }
}
