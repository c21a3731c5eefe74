//! The memory-cgroup block.

use super::model::{Counter, Dump};
use super::{Era, Out, number};

/// Which cgroup.
pub fn paths(dump: &Dump, era: Era, out: &mut Out) {
    let (task, limit) = (&dump.cgroups.victim_path, &dump.cgroups.limit_path);
    let killed: &[u8] = b" killed as a result of limit of ";
    match era.base() {
        500.. | 218 => {}
        _ if !dump.is_memcg() => out.pieces(6, &[b"Task in ", task, killed, b"host"]),
        316 => {
            out.pieces(6, &[b"Task in ", task]);
            out.pieces(6, &[killed, limit]);
            out.line(6, "");
        }
        _ => out.pieces(6, &[b"Task in ", task, killed, limit]),
    }
}

/// What a counter without a limit prints.
pub fn unlimited(era: Era, page_kb: u64) -> u64 {
    if era.base() < 319 { 9_007_199_254_740_991 } else { (i64::MAX as u64 / 1024) / page_kb * page_kb }
}

/// Usage and limits, then statistics.
pub fn counters(dump: &Dump, era: Era, out: &mut Out) {
    let c = &dump.cgroups;
    let mut line = |name: &str, counter: &Counter| {
        let limit = counter.limit.unwrap_or(unlimited(era, dump.page_kb));
        out.line(6, format!("{name}: usage {}kB, limit {limit}kB, failcnt {}", counter.usage, counter.failcnt));
    };
    line("memory", &c.memory);
    if c.v2 && era.knows_v2() {
        line("swap", &c.swap);
    } else {
        line("memory+swap", &c.swap);
        if era.base() >= 310 {
            line("kmem", &c.kmem);
        }
    }
    if era.stats_in_one_line() {
        let children: &[&[u8]] = if c.limit_path == c.victim_path { &[b""] } else { &[b"", b"/child:cache: 1"] };
        for child in children {
            let mut text = [b"Memory cgroup stats for ", &c.limit_path[..], child, b":"].concat();
            for (key, kb) in line_stats(era, c.seed + child.len() as u64) {
                text.extend(format!(" {key}:{kb}KB").bytes());
            }
            out.line(6, text);
        }
    } else if era.base() >= 503 {
        out.pieces(6, &[b"Memory cgroup stats for ", &c.limit_path, b":"]);
        let stats = stats(dump, era);
        let lines = stats.iter().map(|(key, value)| format!("{key} {value}"));
        if era.base() >= 605 {
            lines.for_each(|line| out.line(6, line));
        } else {
            let mut text = lines.collect::<Vec<_>>().join("\n");
            text.truncate(RECORD);
            out.line(6, text);
        }
    }
}

/// 6.19's line without a newline of its own.
pub fn protection(dump: &Dump, out: &mut Out) {
    let (min, low) = protections(dump);
    out.line(4, format!("Memory cgroup min protection {min}kB -- low protection {low}kB"));
}

/// Protection in kB.
pub fn protections(dump: &Dump) -> (u64, u64) {
    (number(dump.cgroups.seed, "min", 1 << 20), number(dump.cgroups.seed, "low", 1 << 20))
}

/// Longest text of one record before 6.3, without caller ids.
pub const RECORD: usize = 1024 - 32;

const V3: &str = "cache rss rss_huge mapped_file swap inactive_anon active_anon inactive_file active_file unevictable";
const V4_4: &str = "cache rss rss_huge mapped_file dirty writeback swap inactive_anon active_anon inactive_file active_file \
                    unevictable";
const V4_14: &str = "cache rss rss_huge shmem mapped_file dirty writeback swap inactive_anon active_anon inactive_file \
                     active_file unevictable";

/// Keys and kB of the one-line form.
pub fn line_stats(era: Era, seed: u64) -> Vec<(&'static str, u64)> {
    let keys = match era.base() {
        ..=316 => V3,
        ..=409 => V4_4,
        _ => V4_14,
    };
    keys.split(' ').map(|key| (key, number(seed, key, 1 << 22))).collect()
}

const V5_4: &str = "anon file kernel_stack slab sock shmem file_mapped file_dirty file_writeback anon_thp inactive_anon \
    active_anon inactive_file active_file unevictable slab_reclaimable slab_unreclaimable pgfault pgmajfault \
    workingset_refault workingset_activate workingset_nodereclaim pgrefill pgscan pgsteal pgactivate pgdeactivate \
    pglazyfree pglazyfreed thp_fault_alloc thp_collapse_alloc";
const V5_10: &str = "anon file kernel_stack percpu sock shmem file_mapped file_dirty file_writeback anon_thp \
    inactive_anon active_anon inactive_file active_file unevictable slab_reclaimable slab_unreclaimable slab \
    workingset_refault_anon workingset_refault_file workingset_activate_anon workingset_activate_file \
    workingset_restore_anon workingset_restore_file workingset_nodereclaim pgfault pgmajfault pgrefill pgscan pgsteal \
    pgactivate pgdeactivate pglazyfree pglazyfreed thp_fault_alloc thp_collapse_alloc";
const V5_15: &str = "anon file kernel_stack pagetables percpu sock shmem file_mapped file_dirty file_writeback \
    swapcached anon_thp file_thp shmem_thp inactive_anon active_anon inactive_file active_file unevictable \
    slab_reclaimable slab_unreclaimable slab workingset_refault_anon workingset_refault_file \
    workingset_activate_anon workingset_activate_file workingset_restore_anon workingset_restore_file \
    workingset_nodereclaim pgfault pgmajfault pgrefill pgscan pgsteal pgactivate pgdeactivate pglazyfree pglazyfreed \
    thp_fault_alloc thp_collapse_alloc";
const V6_1: &str = "anon file kernel kernel_stack pagetables sec_pagetables percpu sock vmalloc shmem zswap zswapped \
    file_mapped file_dirty file_writeback swapcached anon_thp file_thp shmem_thp inactive_anon active_anon \
    inactive_file active_file unevictable slab_reclaimable slab_unreclaimable slab workingset_refault_anon \
    workingset_refault_file workingset_activate_anon workingset_activate_file workingset_restore_anon \
    workingset_restore_file workingset_nodereclaim pgscan pgsteal pgscan_kswapd pgscan_direct pgsteal_kswapd \
    pgsteal_direct pgfault pgmajfault pgrefill pgactivate pgdeactivate pglazyfree pglazyfreed zswpin zswpout \
    thp_fault_alloc thp_collapse_alloc";
const V1_6_8: &str = "cache rss rss_huge shmem mapped_file dirty writeback workingset_refault_anon \
    workingset_refault_file swap swapcached pgpgin pgpgout pgfault pgmajfault inactive_anon active_anon inactive_file \
    active_file unevictable hierarchical_memory_limit hierarchical_memsw_limit total_cache total_rss total_swap \
    total_pgpgin total_pgfault total_unevictable";

/// Keys and values of the many-line form, as printed: bytes and counts.
pub fn stats(dump: &Dump, era: Era) -> Vec<(&'static str, u64)> {
    let keys = match era.base() {
        605.. if !dump.cgroups.v2 => V1_6_8,
        504 => V5_4,
        510 => V5_10,
        515 => V5_15,
        _ => V6_1,
    };
    keys.split_ascii_whitespace().map(|key| (key, number(dump.cgroups.seed, key, 1 << 33))).collect()
}
