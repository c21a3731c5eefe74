//! Random dumps.

use super::model::{Cgroups, Counter, Dump, End, Limit, Node, Task, Trigger, Zone};
use super::{Era, number};
use proptest::prelude::*;

/// A name a task may have: at most 15 bytes of anything but NUL.
pub fn comm() -> impl Strategy<Value = Vec<u8>> {
    let plain = "[a-z][a-z0-9_-]{0,14}".prop_map(String::into_bytes);
    let odd = prop::sample::select(vec![
        "Web Content",
        "(sd-pam)",
        "runc:[1:CHILD]",
        "a,b=c,task=x",
        ") total-vm:1kB",
        "my app (v2)",
        "kworker/u8:2+ev",
        "ray::IDLE",
        " lead",
        "1 2 3",
        "[  12]",
        "x, UID 0",
        "größe",
        "cpuset=/",
        "%s %d %n",
        "\"quote'd\"",
        "[   1.000000]",
        "a score 1",
        "Killed process",
        "kernel: x",
        "",
    ])
    .prop_map(|name| name.as_bytes().to_vec());
    let printable = "[ -~]{1,15}".prop_map(String::into_bytes);
    let any = prop::collection::vec(1_u8.., 1..=15);
    prop_oneof![4 => plain, 4 => odd, 2 => printable, 2 => any]
}

fn path() -> impl Strategy<Value = Vec<u8>> {
    let part = prop::sample::select(vec![
        "kubepods.slice",
        "kubepods-burstable.slice",
        "kubepods-burstable-podabaea896_8e17_4cbe_03ed_38d70e909537.slice",
        "cri-containerd-9823d09a922d142299cd6540bdf1c403deba3f4a1cf8b81757db4d79bf43ef7f.scope",
        "system.slice",
        "my.service",
        "a b",
        "c,d=e",
        "oom,task=,pid=99",
        "x: y",
        "machine-oom\\x2d97.scope",
        "t killed",
        "größe",
        "#1",
        "(x)",
    ]);
    prop::collection::vec(part, 1..4).prop_map(|parts| {
        let mut path = Vec::new();
        for part in parts {
            path.push(b'/');
            path.extend(part.as_bytes());
        }
        path
    })
}

prop_compose! {
    fn counter()(usage in 0_u64..1 << 30, limit in prop::option::of(0_u64..1 << 30), failcnt in any::<u32>()) -> Counter {
        Counter { usage, limit, failcnt: u64::from(failcnt) }
    }
}

prop_compose! {
    fn cgroups()(
        limit in path(), below in prop::option::of(path()), v2 in any::<bool>(),
        memory in counter(), swap in counter(), kmem in counter(), seed in any::<u64>(),
    ) -> Cgroups {
        let victim_path = below.map_or_else(|| limit.clone(), |below| [limit.clone(), below].concat());
        Cgroups { limit_path: limit, victim_path, v2, memory, swap, kmem, seed: seed >> 8 }
    }
}

prop_compose! {
    fn task()(
        pid in 1_u32..4_194_304, uid in prop_oneof![Just(0_u32), Just(1000), Just(4_294_967_294)],
        leader in prop::bool::weighted(0.9), sizes in any::<[u32; 4]>(), tables in 1_u64..5000, pmds in 0_u64..99,
        swap in 0_u64..1 << 24, adj in -999_i32..=1000, comm in comm(),
    ) -> Task {
        let [vm, anon, file, shmem] = sizes.map(|size| u64::from(size >> 8));
        Task {
            pid, tgid: if leader { pid } else { pid.saturating_sub(1).max(1) }, uid, total_vm: vm + (1 << 20), anon, file,
            shmem, tables, pmds, swap, adj, old_adj: (adj * 15 / 1000).max(-16), comm,
        }
    }
}

prop_compose! {
    fn trigger()(
        comm in comm(), pid in 1_u32..4_194_304, uid in 0_u32..70_000, cpu in 0_u32..256, order in 0_i32..4,
        gfp in 1_u32.., flags in prop::sample::select(vec![
            vec!["GFP_KERNEL"], vec!["GFP_HIGHUSER_MOVABLE", "__GFP_COMP"], vec!["GFP_NOFS", "0x8000000"],
        ]),
        adj in -1000_i32..=1000,
        cpuset in prop::sample::select(vec!["/", "user.slice", "a b", "docker-9976a269caec812c134fa317f27487ee36e1129beba7278a463dd53e5fb9997b.scope"]),
        mems_allowed in prop::sample::select(vec!["0", "0-1", "0,2-3"]),
    ) -> Trigger {
        let cpuset = cpuset.as_bytes().to_vec();
        Trigger { comm, pid, uid, cpu, order, gfp, flags, adj, old_adj: adj * 15 / 1000, cpuset, mems_allowed }
    }
}

fn node(seed: u64, at: u64) -> Node {
    let seed = number(seed, &format!("node{at}"), 1 << 50);
    let names: &[&str] = if at == 0 { &["DMA", "DMA32", "Normal"] } else { &["Normal"] };
    let types = ["U", "UE", "UME", "M", "C"];
    let zone = |name: &'static str| {
        let seed = seed ^ (name.len() as u64) << 40;
        let value = |key: &str| number(seed, key, 1 << 26);
        let buddy = (0..11).map(|order| {
            let count = number(seed, &format!("order{order}"), 40).saturating_sub(15);
            (count, types[number(seed, &format!("type{order}"), 5) as usize])
        });
        let reserve = (0..5).map(|at| number(seed, &format!("reserve{at}"), 5000)).collect();
        let (free, min, low, high) = (value("free"), value("min"), value("low"), value("high"));
        Zone { name, free, min, low, high, reserve, buddy: buddy.collect(), seed }
    };
    let zones = names.iter().copied().map(zone).collect();
    let hugepages = vec![[3, 1, 0, 1_048_576], [number(seed, "huge", 99), 0, 2, 2048]];
    Node { zones, unreclaimable: seed.is_multiple_of(2), hugepages, seed }
}

/// A dump this era can print.
pub fn dump(era: Era) -> impl Strategy<Value = Dump> {
    let limits = if era.has_memcg() {
        vec![Limit::Memcg, Limit::Memcg, Limit::Global, Limit::Cpuset, Limit::Policy, Limit::Sysrq]
    } else {
        vec![Limit::Global, Limit::Sysrq]
    };
    let end = prop_oneof![8 => Just(End::Kill), 1 => Just(End::NoProcess), 1 => Just(End::PanicOnOom)];
    let parts =
        (trigger(), prop::sample::select(limits), cgroups(), prop::sample::select(vec![4_u64, 16, 64]), 1_u64..3);
    let tasks = (prop::collection::vec(task(), 1..6), prop::bool::weighted(0.85), any::<bool>(), any::<bool>());
    let rest = (any::<u64>(), any::<bool>(), any::<bool>(), 0_u32..2000, end, 1_000_000_u64..30_000_000_000);
    (parts, tasks, rest).prop_map(move |(parts, tasks, rest)| {
        let (mut trigger, limit, cgroups, page_kb, nodes) = parts;
        let (mut tasks, with_table, group, sacrifice) = tasks;
        let (seed, reaper, with_slab, score, end, micros) = rest;
        let seed = seed >> 12;
        for (at, task) in tasks.iter_mut().enumerate() {
            task.pid = task.pid / 8 * 8 + 1 + at as u32;
            task.tgid = task.tgid / 8 * 8 + 1 + at as u32;
            if page_kb == 64 {
                task.pmds = 0;
            }
        }
        tasks.dedup_by_key(|task| task.pid);
        if limit == Limit::Sysrq {
            trigger.order = -1;
        }
        let group = group && era.has_group_kill() && tasks.len() > 1 && limit != Limit::Sysrq;
        let selected = (sacrifice && era.sacrifices_children() && tasks.len() > 1).then_some(1);
        let slab = if with_slab {
            vec![(b"kmalloc-1k".to_vec(), 12, 99), (b"nf_conntrack(12:ab)".to_vec(), 5, 7)]
        } else {
            Vec::new()
        };
        Dump {
            micros,
            trigger,
            limit,
            cgroups,
            page_kb,
            nodes: (0..nodes).map(|at| node(seed, at)).collect(),
            seed,
            swap: [number(seed, "swapfree", 1 << 20), 1 << 20],
            ram_pages: number(seed, "ram", 1 << 24),
            reserved_pages: number(seed, "reserved", 1 << 20),
            slab,
            victims: if group { (0..tasks.len()).collect() } else { vec![0] },
            tasks,
            with_table,
            group,
            selected,
            score,
            reaper,
            end,
        }
    })
}
