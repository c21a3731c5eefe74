//! What a parser must have read back, number by number.

use super::model::{Dump, End, Limit};
use super::{Era, Transport, end, head, memcg, meminfo, number, table};
use oomkit_core::Event;
use oomkit_core::event::{PageSizeSource, RawBytes};
use oomkit_core::units::Bytes;
use std::fmt::Debug;

/// The fields whose value is not what the kernel printed.
#[derive(Debug, Default)]
pub struct Differences {
    /// Field, what came and what should have.
    pub found: Vec<(String, String)>,
}

impl Differences {
    /// Compares one value.
    pub fn same<T: PartialEq + Debug>(&mut self, field: &str, came: T, expected: T) {
        if came != expected {
            self.found.push((field.to_owned(), format!("came {came:?}, expected {expected:?}")));
        }
    }

    fn name(&mut self, field: &str, text: Option<&str>, raw: Option<&RawBytes>, expected: &[u8]) {
        let came = raw.map_or_else(|| text.map(|t| t.as_bytes().to_vec()), |raw| Some(raw.0.clone()));
        let lossy = |b: Vec<u8>| String::from_utf8_lossy(&b).into_owned();
        if came.as_deref() != Some(expected) {
            let came = came.map(lossy);
            self.found.push((field.to_owned(), format!("came {came:?}, expected {:?}", lossy(expected.to_vec()))));
        }
    }
}

/// Names as this transport can carry them.
pub fn tamed(mut dump: Dump, transport: Transport) -> Dump {
    let tame = |name: &mut Vec<u8>| *name = transport.tamed(name);
    tame(&mut dump.trigger.comm);
    tame(&mut dump.trigger.cpuset);
    tame(&mut dump.cgroups.limit_path);
    tame(&mut dump.cgroups.victim_path);
    dump.tasks.iter_mut().for_each(|task| tame(&mut task.comm));
    dump
}

fn b(bytes: Option<Bytes>) -> Option<u64> {
    bytes.map(|b| b.get())
}

/// Everything the era printed of this dump, against the event.
pub fn differences(dump: &Dump, era: Era, event: &Event) -> Differences {
    let mut d = Differences::default();
    trigger(dump, era, event, &mut d);
    let page = b(event.page_size_bytes).unwrap_or(4096);
    if !dump.is_memcg() || era.memcg_prints_meminfo() {
        d.same("page size", page, dump.page_kb * 1024);
        d.same("page size source", event.page_size_source.clone(), Some(PageSizeSource::Measured));
        memory(dump, era, event, &mut d);
        zones(dump, era, event, &mut d);
    } else {
        // nothing prints it: a reader may conclude it from the kill line, or assume 4 KiB and say so
        // without a table there are no pages to convert
        let said =
            !dump.with_table || page == dump.page_kb * 1024 || event.page_size_source == Some(PageSizeSource::Assumed);
        d.same("page size assumed", said, true);
    }
    if dump.is_memcg() {
        cgroups(dump, era, event, &mut d);
    }
    tasks(dump, era, event, page, &mut d);
    ending(dump, era, event, &mut d);
    d
}

fn trigger(dump: &Dump, era: Era, event: &Event, d: &mut Differences) {
    let t = &dump.trigger;
    let Some(came) = &event.trigger else { return d.same("trigger", "missing", "present") };
    if era != Era::V2_6_18 {
        d.name("trigger.comm", came.comm.as_deref(), came.comm_raw.as_ref(), &t.comm);
        d.same("trigger.pid", came.pid, Some(t.pid));
        let release = event.kernel.as_ref().and_then(|k| k.release.as_deref());
        d.same("kernel.release", release, Some(era.release()));
    }
    d.same("trigger.order", came.order, Some(t.order));
    d.same("trigger.gfp_mask", came.gfp_mask.clone(), Some(format!("0x{:x}", t.gfp)));
    if era.base() >= 409 {
        d.same("trigger.gfp_flags", came.gfp_flags.join("|"), t.flags.join("|"));
    }
    let has_adj = era.base() >= 310 || era == Era::El6;
    d.same("trigger.oom_score_adj", came.oom_score_adj, has_adj.then_some(t.adj));
    d.same("trigger.oom_adj", came.oom_adj, (era.base() == 232).then_some(t.old_adj));
    if era.base() >= 612 {
        d.same("trigger.uid", came.uid, Some(t.uid));
    }
    let says_cpuset = (232..500).contains(&era.base()) || (era.has_summary() && dump.end == End::Kill);
    if says_cpuset {
        d.name("trigger.cpuset", came.cpuset.as_deref(), came.cpuset_raw.as_ref(), &t.cpuset);
        d.same("trigger.mems_allowed", came.mems_allowed.as_deref(), Some(t.mems_allowed));
    }
    if (409..500).contains(&era.base()) {
        d.same("trigger.nodemask", came.nodemask.as_deref(), head::nodemask(dump, era));
    }
    if era.base() >= 310 {
        d.same("kernel.cpu", event.kernel.as_ref().and_then(|k| k.cpu), Some(t.cpu));
    }
    let frames: Vec<_> = event
        .call_trace
        .iter()
        .map(|f| (f.symbol.as_str(), f.offset.unwrap_or(0), f.size.unwrap_or(0), f.reliable))
        .collect();
    d.same("call_trace", frames, head::frames(dump, era));
}

fn memory(dump: &Dump, era: Era, event: &Event, d: &mut Differences) {
    let Some(m) = &event.memory else { return d.same("memory", "missing", "present") };
    let pages = |pages: u64| Some(pages * dump.page_kb * 1024);
    let count = |key: &str| pages(number(dump.seed, key, 1 << 20));
    d.same("memory.total_ram", b(m.total_ram_bytes), pages(dump.ram_pages));
    d.same("memory.reserved", b(m.reserved_bytes), pages(dump.reserved_pages));
    d.same("memory.free", b(m.free_bytes), pages(meminfo::counter(dump, "free")));
    d.same("memory.swap_free", b(m.swap_free_bytes), Some(dump.swap[0] * 1024));
    d.same("memory.swap_total", b(m.swap_total_bytes), Some(dump.swap[1] * 1024));
    d.same("memory.swap_cache", b(m.swap_cache_bytes), count("swapcache"));
    if era != Era::V2_6_18 {
        d.same("memory.pagecache", b(m.pagecache_bytes), count("pagecache"));
    }
    for key in meminfo::counter_keys(era).split(['|', ' ']).filter(|key| !key.is_empty()) {
        d.same(
            &format!("memory.counters.{key}"),
            b(m.counters.get(&key.to_lowercase()).copied()),
            pages(meminfo::counter(dump, key)),
        );
    }
    if era.base() >= 319 {
        d.same("memory.cma", b(m.cma_reserved_bytes), count("cma"));
        d.same("memory.highmem", b(m.highmem_bytes), count("highmem"));
        d.same("memory.hwpoisoned", b(m.hwpoisoned_bytes), count("hwpoisoned"));
    }
    if era.base() >= 415 {
        let came: Vec<_> = m
            .unreclaimable_slab
            .iter()
            .map(|s| (s.name.as_bytes().to_vec(), s.used_bytes.get() / 1024, s.total_bytes.get() / 1024))
            .collect();
        d.same("memory.slab", came, dump.slab.clone());
    }
    if era.base() >= 612 {
        let came: Vec<_> = m.allocations.iter().map(|a| (a.size_bytes.get(), a.calls, a.module.as_deref())).collect();
        d.same("memory.allocations", came, vec![(1_288_490_188, 314_572, None), (524_288, 128, Some("virtio_net"))]);
    }
    let huge: Vec<_> = m.hugepages.iter().map(|h| [h.total, h.free, h.surplus, h.size_bytes.get() / 1024]).collect();
    let expected = dump.nodes.iter().flat_map(|n| n.hugepages.clone()).filter(|_| era.base() >= 310).collect();
    d.same("memory.hugepages", huge, expected);
}

/// 4.8 and 4.9 print these four in the wrong order: the value that stands behind each name.
const SHUFFLED: [(&str, &str); 4] =
    [("shmem", "anon_thp"), ("shmem_thp", "shmem"), ("shmem_pmdmapped", "shmem_thp"), ("anon_thp", "shmem_pmdmapped")];

fn zones(dump: &Dump, era: Era, event: &Event, d: &mut Differences) {
    let Some(m) = &event.memory else { return };
    let kb = |kb: u64| Some(kb * 1024);
    let mut zones = m.zones.iter();
    let mut buddies = m.buddy.iter();
    for (id, node) in dump.nodes.iter().enumerate() {
        if era.base() >= 408 {
            let Some(came) = m.nodes.iter().find(|n| n.node as usize == id) else {
                return d.same("nodes", "missing", "");
            };
            for field in meminfo::node_fields(era).split_ascii_whitespace() {
                let printed =
                    SHUFFLED.iter().find(|(name, _)| era == Era::V4_9 && *name == field).map_or(field, |(_, p)| p);
                let value = number(node.seed, printed, 1 << 24);
                d.same(&format!("nodes.{field}"), b(came.values.get(field).copied()), kb(value));
            }
            d.same("nodes.all_unreclaimable", came.all_unreclaimable, Some(node.unreclaimable));
            let scanned = (era == Era::V4_9).then(|| number(node.seed, "pages_scanned", 1 << 20));
            d.same("nodes.pages_scanned", came.pages_scanned, scanned);
            let balloon = (era == Era::V6_19).then(|| number(node.seed, "Balloon", 1 << 20) * 1024);
            d.same("nodes.Balloon", b(came.values.get("Balloon").copied()), balloon);
        }
        for zone in &node.zones {
            let Some(came) = zones.next() else { return d.same("zones", "missing", "present") };
            d.same("zones.name", (came.node, &*came.zone), (Some(id as u32), zone.name));
            let marks = [came.free_bytes, came.min_bytes, came.low_bytes, came.high_bytes].map(b);
            d.same("zones.watermarks", marks, [zone.free, zone.min, zone.low, zone.high].map(kb));
            for field in meminfo::zone_fields(era).split_ascii_whitespace().filter(|f| *f != "min") {
                let below = if field.ends_with("highatomic") { 1 << 16 } else { 1 << 24 };
                let value = number(zone.seed, field, below);
                d.same(&format!("zones.{field}"), b(came.values.get(field).copied()), kb(value));
            }
            d.same("zones.lowmem_reserve", &came.lowmem_reserve_pages, &zone.reserve);
            if era.base() < 408 {
                d.same("zones.pages_scanned", came.pages_scanned, Some(number(zone.seed, "pages_scanned", 1 << 20)));
                d.same("zones.all_unreclaimable", came.all_unreclaimable, Some(node.unreclaimable));
            }
            let Some(came) = buddies.next() else { return d.same("buddy", "missing", "present") };
            let total: u64 =
                zone.buddy.iter().enumerate().map(|(order, (count, _))| count * (dump.page_kb << order)).sum();
            d.same("buddy.total", b(came.total_bytes), kb(total));
            let types = |count: u64, types: &'static str| (era.base() >= 308 && count > 0).then_some(types);
            let expected: Vec<_> = zone
                .buddy
                .iter()
                .enumerate()
                .map(|(o, (c, t))| ((dump.page_kb << o) * 1024, *c, types(*c, t)))
                .collect();
            let came: Vec<_> = came.orders.iter().map(|o| (o.size_bytes.get(), o.count, o.types.as_deref())).collect();
            d.same("buddy.orders", came, expected);
        }
    }
    d.same("zones.count", zones.count(), 0);
}

fn cgroups(dump: &Dump, era: Era, event: &Event, d: &mut Differences) {
    let c = &dump.cgroups;
    let Some(m) = &event.memcg else { return d.same("memcg", "missing", "present") };
    let v2 = c.v2 && era.knows_v2();
    // 5.0+ name the victim's cgroup in the summary only, and the limit's there and before the statistics
    let summary = era.has_summary() && dump.end == End::Kill;
    if summary || !era.has_summary() {
        d.name("memcg.task_memcg", m.task_memcg.as_deref(), m.task_memcg_raw.as_ref(), &c.victim_path);
    }
    if summary || !era.has_summary() {
        d.name("memcg.oom_memcg", m.oom_memcg.as_deref(), m.oom_memcg_raw.as_ref(), &c.limit_path);
    }
    let mut counter =
        |name: &str, came: &Option<oomkit_core::event::Counter>, expected: Option<&super::model::Counter>| {
            let came = came.as_ref().map(|c| (c.usage_bytes.get(), b(c.limit_bytes), c.failcnt));
            d.same(name, came, expected.map(|c| (c.usage * 1024, c.limit.map(|l| l * 1024), c.failcnt)));
        };
    counter("memcg.memory", &m.memory, Some(&c.memory));
    counter("memcg.swap", &m.swap, v2.then_some(&c.swap));
    counter("memcg.memory_swap", &m.memory_swap, (!v2).then_some(&c.swap));
    counter("memcg.kmem", &m.kmem, (!v2 && era.base() >= 310).then_some(&c.kmem));
    if era.stats_in_one_line() {
        let Some(came) = m.per_cgroup_stats.first() else { return d.same("memcg.per_cgroup_stats", "missing", "") };
        d.name("memcg.per_cgroup_stats.path", Some(&came.path), came.path_raw.as_ref(), &c.limit_path);
        for (key, kb) in memcg::line_stats(era, c.seed) {
            d.same("memcg.per_cgroup_stats.value", came.stats.get(key).copied(), Some(kb * 1024));
        }
        let children = if c.limit_path == c.victim_path { 1 } else { 2 };
        d.same("memcg.per_cgroup_stats.count", m.per_cgroup_stats.len(), children);
    } else if era.base() >= 503 {
        let mut length = 0;
        for (key, value) in memcg::stats(dump, era) {
            length += format!("{key} {value}\n").len();
            if era.base() < 605 && length.abs_diff(memcg::RECORD) <= 1 {
                // the record ends between two lines: nobody can tell whether the last value is whole
                break;
            }
            let cut = era.base() < 605 && length > memcg::RECORD;
            d.same("memcg.stats", m.stats.get(key).copied(), (!cut).then_some(value));
        }
    }
    if era == Era::V6_19 && c.v2 {
        let (min, low) = memcg::protections(dump);
        d.same(
            "memcg.protection",
            [m.min_protection_bytes, m.low_protection_bytes].map(b),
            [min, low].map(|kb| Some(kb * 1024)),
        );
    }
}

fn tasks(dump: &Dump, era: Era, event: &Event, page: u64, d: &mut Differences) {
    if era == Era::V2_6_18 || !dump.with_table {
        return d.same("tasks.count", event.tasks.len(), 0);
    }
    d.same("tasks.count", event.tasks.len(), dump.tasks.len());
    for (came, t) in event.tasks.iter().zip(&dump.tasks) {
        d.name("tasks.comm", Some(&came.comm), came.comm_raw.as_ref(), &t.comm);
        d.same("tasks.ids", (came.pid, came.uid, came.tgid), (t.pid, Some(t.uid), Some(t.tgid)));
        let pages = |pages: u64| Some(pages * page);
        d.same("tasks.total_vm", b(came.total_vm_bytes), pages(t.total_vm));
        d.same("tasks.rss", b(came.rss_bytes), pages(t.anon + t.file + t.shmem));
        let parts = [came.rss_anon_bytes, came.rss_file_bytes, came.rss_shmem_bytes].map(b);
        d.same("tasks.rss parts", parts, [t.anon, t.file, t.shmem].map(|v| pages(v).filter(|_| era.base() >= 608)));
        let tables = match era.base() {
            232 => None,
            ..=319 => pages(t.tables),
            ..=414 => pages(t.tables + t.pmds),
            _ => Some(table::table_bytes(dump, t)),
        };
        d.same("tasks.page_tables", b(came.page_tables_bytes), tables);
        d.same("tasks.swap", b(came.swap_bytes), pages(t.swap).filter(|_| era.base() >= 306));
        d.same("tasks.oom_adj", came.oom_adj, (era.base() == 232).then_some(t.old_adj));
        d.same("tasks.oom_score_adj", came.oom_score_adj, (era != Era::V2_6_32).then_some(t.adj));
    }
}

fn ending(dump: &Dump, era: Era, event: &Event, d: &mut Differences) {
    d.same("constraint", event.constraint.as_str(), constraint(dump, era));
    if era.has_summary() && dump.end == End::Kill {
        d.same("constraint_text", event.constraint_text.as_deref(), Some(end::constraint(dump, era)));
    }
    let outcome = match dump.end {
        End::PanicOnOom => "panic",
        End::NoProcess if era.base() < 418 => "deadlock",
        End::NoProcess if dump.is_memcg() || dump.limit == Limit::Sysrq => "no_killable_process",
        End::NoProcess => "deadlock",
        End::Kill if end::prints_kills(dump, era) => "killed",
        End::Kill if dump.with_table => "not_printed",
        End::Kill => "unknown",
    };
    d.same("outcome", event.outcome.as_str(), outcome);
    // a kernel that prints no kill line ends its dump with the table: without that nothing shows the end
    let open = dump.end == End::Kill && !end::prints_kills(dump, era) && !dump.with_table;
    d.same("completeness", event.completeness.as_str(), if open { "tail_missing" } else { "complete" });
    if dump.end != End::Kill || !end::prints_kills(dump, era) {
        return d.same("victims.count", event.victims.len(), 0);
    }
    d.same("victims.count", event.victims.len(), dump.victims.len());
    let group = dump.group && era.has_group_kill();
    if group {
        let came = event.group_kill.as_ref();
        d.name("group_kill", came.map(|g| &*g.path), came.and_then(|g| g.path_raw.as_ref()), &dump.cgroups.victim_path);
    }
    for (at, (came, task)) in event.victims.iter().zip(dump.victims.iter().map(|at| &dump.tasks[*at])).enumerate() {
        d.same("victims.pid", came.pid, task.pid);
        d.name("victims.comm", came.comm.as_deref(), came.comm_raw.as_ref(), &task.comm);
        let kb = |pages: u64| Some(pages * dump.page_kb * 1024);
        let sizes = era.base() >= 310 || era == Era::El6;
        let three = [came.total_vm_bytes, came.anon_rss_bytes, came.file_rss_bytes].map(b);
        d.same("victims.sizes", three, [task.total_vm, task.anon, task.file].map(|p| kb(p).filter(|_| sizes)));
        let shmem = era.base() >= 406 || era == Era::El7_7;
        d.same("victims.shmem", b(came.shmem_rss_bytes), kb(task.shmem).filter(|_| shmem));
        if era.base() >= 504 {
            d.same("victims.uid", came.uid, Some(task.uid));
            d.same("victims.page_tables", b(came.page_tables_bytes), Some(table::table_bytes(dump, task)));
            d.same("victims.oom_score_adj", came.oom_score_adj, Some(task.adj));
        } else if matches!(era, Era::El6 | Era::El7_7) {
            d.same("victims.uid", came.uid, Some(task.uid));
        }
        if end::prints_points(era) && at == 0 {
            d.same("victims.score", came.score, Some(i64::from(dump.score)));
            let other = dump.selected.map(|at| dump.tasks[at].pid).filter(|pid| *pid != task.pid);
            if !group {
                d.same("victims.selected_pid", came.selected_pid, other);
            }
        }
        let spoke = dump.reaper && era.has_reaper() && (group || at == 0);
        let reaped = came.reaped.as_ref().map(|r| [r.anon_rss_bytes, r.file_rss_bytes, r.shmem_rss_bytes].map(b));
        d.same("victims.reaped", reaped, spoke.then(|| end::left(dump, task).map(|kb| Some(kb * 1024))));
    }
}

/// Whether a node of the machine is not among those of the policy.
fn leaves_nodes_out(dump: &Dump) -> bool {
    let allowed: &[usize] = match dump.trigger.mems_allowed {
        "0" => &[0],
        "0-1" => &[0, 1],
        _ => &[0, 2, 3],
    };
    (0..dump.nodes.len()).any(|node| !allowed.contains(&node))
}

/// What can be known of the constraint from what the era prints.
fn constraint(dump: &Dump, era: Era) -> &'static str {
    match dump.limit {
        Limit::Memcg => "memcg",
        // a policy that leaves all nodes binds nothing; newer kernels have stated the constraint
        Limit::Policy if era.base() <= 500 && era != Era::V2_6_32 && !leaves_nodes_out(dump) => "none",
        // the trigger names the nodes from 4.14 to 4.20; later kernels only where a summary is printed
        Limit::Policy if (414..500).contains(&era.base()) => "memory_policy",
        Limit::Policy if era == Era::V2_6_32 && dump.end == End::Kill => "memory_policy",
        Limit::Policy if era == Era::V5_0 && dump.end == End::Kill => "memory_policy",
        Limit::Policy if era.base() > 500 && dump.end == End::Kill => "memory_policy",
        Limit::Cpuset if era.base() > 500 && dump.end == End::Kill => "cpuset",
        _ => "none",
    }
}
