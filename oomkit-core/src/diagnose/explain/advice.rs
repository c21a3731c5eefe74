//! What to do about it: rules from cause to advice. Each names the fields that made it fire.

use super::holders;
use super::model::{Explanation, Sentence, Shortage, Topic, UseKind};
use super::sentence::{Say, size};
use super::swap::available;
use super::term::Term;
use super::uses::Parts;
use crate::event::{Constraint, Event, Identity, Outcome, Scope, VerdictKind};

pub(super) fn advise(event: &Event, parts: Option<&Parts>, told: &Explanation, out: &mut Vec<Sentence>) {
    if told.shortages.contains(&Shortage::Manual) {
        out.push(
            say("Nothing ran out: find out who used sysrq-f, or disable it (kernel.sysrq).").on("trigger.order").done(),
        );
        return;
    }
    owner(event, out);
    makeup(event, parts, out);
    node(event, parts, told, out);
    crowd(event, out);
    visibility(event, out);
    protection(event, out);
}

fn say(text: &str) -> Say {
    Say::new(Topic::Advice).text(text)
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
    out.push(say(text).on("scope").done());
}

/// What the limit was used for.
fn makeup(event: &Event, parts: Option<&Parts>, out: &mut Vec<Sentence>) {
    let Some(parts) = parts.filter(|_| event.constraint == Constraint::Memcg) else { return };
    let about = |kind: &UseKind, out: &mut Vec<Sentence>, text: &str| {
        if let Some(part) = parts.get(kind) {
            let said = Say::new(Topic::Advice).bytes(part).share(part, &parts.total).text(text);
            out.push(said.done());
        }
    };
    if parts.is_at_least(&UseKind::Anonymous, 80) {
        about(
            &UseKind::Anonymous,
            out,
            " is anonymous: the kernel could not drop it. Look for a leak, or for a heap set larger than the limit.",
        );
    }
    if parts.is_at_least(&UseKind::Shmem, 20) {
        about(
            &UseKind::Shmem,
            out,
            " is shared memory: files in tmpfs, /dev/shm and emptyDir volumes of medium Memory count against the limit until they are deleted.",
        );
    }
    if parts.is_at_least(&UseKind::PageCache, 40) {
        about(
            &UseKind::PageCache,
            out,
            " is page cache, which is dropped when it is clean: look for slow disks, dirty pages and locked files.",
        );
    }
    if parts.is_at_least(&UseKind::Slab, 20) {
        about(&UseKind::Slab, out, " is slab: many open files, directory entries, sockets or network buffers.");
    }
    if parts.is_at_least(&UseKind::OtherKernel, 30) {
        about(
            &UseKind::OtherKernel,
            out,
            " is kernel memory, which no process shows: threads, sockets, BPF maps, file handles.",
        );
    }
    if parts.is_at_least(&UseKind::Sockets, 20) {
        about(&UseKind::Sockets, out, " is socket buffers: a peer that does not read, or too many connections.");
    }
}

/// The node, its nodes and zones.
fn node(event: &Event, parts: Option<&Parts>, told: &Explanation, out: &mut Vec<Sentence>) {
    let has = |shortage: &Shortage| told.shortages.contains(shortage);
    if has(&Shortage::Cpuset) || has(&Shortage::MemoryPolicy) {
        out.push(
            say("Widen the set of nodes, or spread the processes over it: memory of other nodes could not be used.")
                .on("constraint")
                .done(),
        );
    }
    if has(&Shortage::Fragmentation) {
        let text = "Memory was there in pieces: raise vm.min_free_kbytes, let compaction work earlier (vm.compaction_proactiveness), or have the driver ask for smaller blocks.";
        out.push(say(text).on("trigger.order").done());
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
        out.push(say(text).on("scope").done());
        if has(&Shortage::NoSwap) {
            out.push(
                say("A little swap or zram would have bought time for what is seldom used.")
                    .on("memory.swap_total_bytes")
                    .done(),
            );
        }
    }
    let Some(parts) = parts.filter(|_| event.constraint != Constraint::Memcg) else { return };
    if let Some(pool) = parts.get(&UseKind::Hugetlb).filter(|_| parts.is_at_least(&UseKind::Hugetlb, 20)) {
        out.push(
            Say::new(Topic::Advice)
                .bytes(pool)
                .text(" lie in huge page pools, used or not: shrink vm.nr_hugepages.")
                .done(),
        );
    }
    if let Some(shmem) = parts.get(&UseKind::Shmem).filter(|_| parts.is_at_least(&UseKind::Shmem, 20)) {
        out.push(
            Say::new(Topic::Advice)
                .bytes(shmem)
                .text(" are shared memory and tmpfs: look at df -t tmpfs and ipcs -m.")
                .done(),
        );
    }
    if let Some(slab) = parts.get(&UseKind::Slab).filter(|_| parts.is_at_least(&UseKind::Slab, 20)) {
        out.push(
            Say::new(Topic::Advice)
                .bytes(slab)
                .text(" are slab: slabtop shows which cache, which is often a leak in a driver.")
                .done(),
        );
    }
    if has(&Shortage::Unevictable)
        && let Some(memory) = &event.memory
        && let Some(kept) = size("memory.counters.unevictable", memory.counters.get("unevictable").copied())
        && available(memory).is_some()
    {
        out.push(Say::new(Topic::Advice).bytes(&kept).text(" are locked: look for mlockall and LimitMEMLOCK=.").done());
    }
}

/// A server that forks: its workers, not one process, are the load.
fn crowd(event: &Event, out: &mut Vec<Sentence>) {
    let Some((row, rows, held, all)) = holders::crowd(event) else { return };
    let said = Say::new(Topic::Advice).count(&Term::count("tasks", &rows)).text(" processes ");
    let said =
        said.name(format!("tasks[{row}].comm"), &event.tasks[row].comm).text(" hold ").bytes(&held).share(&held, &all);
    out.push(said.text(" of what all rows hold: fewer workers help more than a larger limit.").done());
}

/// A kill that nobody is told about.
fn visibility(event: &Event, out: &mut Vec<Sentence>) {
    if event.verdict.kind == VerdictKind::ChildKilled && event.container.as_ref().is_some_and(|c| c.pod_uid.is_some()) {
        let text = "Set memory.oom.group so that the whole container dies and restarts (kubelet does on cgroup v2 from 1.28, unless singleProcessOOMKill is set), or let the main process watch its children.";
        out.push(say(text).on("verdict.kind").done());
    }
}

/// Who is killed first, and who never.
fn protection(event: &Event, out: &mut Vec<Sentence>) {
    if event.outcome == Outcome::NoKillableProcess || event.outcome == Outcome::Deadlock {
        let text = "Every process was exempt: give at least one a higher oom_score_adj than −1000 (OOMScoreAdjust=).";
        out.push(say(text).on("outcome").done());
    }
    let Some(victim) = event.victims.first() else { return };
    if victim.oom_score_adj == Some(1000) && in_pod(event) {
        let adj = Term::field("victims[0].oom_score_adj", 1000);
        let said = say("A pod without requests (best effort, oom_score_adj ").count(&adj);
        out.push(said.text(") is the first to be killed on a full node: give it a memory request.").done());
    }
}

fn in_pod(event: &Event) -> bool {
    event.container.as_ref().is_some_and(|container: &Identity| container.pod_uid.is_some())
}
