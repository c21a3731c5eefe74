//! The `Mem-Info` block.

use super::model::{Dump, Zone};
use super::{Era, Out, number};

/// The block.
pub fn print(dump: &Dump, era: Era, out: &mut Out) {
    out.line(4, if era.base() < 225 { "Mem-info:" } else { "Mem-Info:" });
    per_cpu(dump, era, out);
    counters(dump, era, out);
    for (id, node) in dump.nodes.iter().enumerate() {
        if era.base() >= 408 {
            let fields = node_fields(era);
            let mut text = format!("Node {id}");
            for field in fields.split_ascii_whitespace() {
                let space =
                    if era.base() < 608 && field.contains("thp") | field.contains("pmdmapped") { " " } else { "" };
                text += &format!(" {field}:{space}{}kB", number(node.seed, field, 1 << 24));
            }
            if era == Era::V4_9 {
                text += &format!(" pages_scanned:{}", number(node.seed, "pages_scanned", 1 << 20));
            }
            text += &format!(" all_unreclaimable? {}", yes(node.unreclaimable));
            if era == Era::V6_19 {
                text += &format!(" Balloon:{}kB", number(node.seed, "Balloon", 1 << 20));
            }
            out.line(4, text);
        }
    }
    zones(dump, |id, zone| {
        let mut text = format!("Node {id} {} free:{}kB", zone.name, zone.free);
        for field in zone_fields(era).split_ascii_whitespace() {
            match field {
                "min" => text += &format!(" min:{}kB low:{}kB high:{}kB", zone.min, zone.low, zone.high),
                "reserved_highatomic" | "free_highatomic" => {
                    text += &format!(" {field}:{}KB", number(zone.seed, field, 1 << 16));
                }
                _ => text += &format!(" {field}:{}kB", number(zone.seed, field, 1 << 24)),
            }
        }
        if era.base() < 408 {
            let (scanned, node) = (number(zone.seed, "pages_scanned", 1 << 20), &dump.nodes[id]);
            text += &format!(" pages_scanned:{scanned} all_unreclaimable? {}", yes(node.unreclaimable));
        }
        out.line(4, text);
        let reserve: String = zone.reserve.iter().map(|pages| format!(" {pages}")).collect();
        out.line(4, format!("lowmem_reserve[]:{reserve}"));
    });
    zones(dump, |id, zone| buddy(dump, era, id, zone, out));
    tail(dump, era, out);
}

fn zones(dump: &Dump, mut each: impl FnMut(usize, &Zone)) {
    for (id, node) in dump.nodes.iter().enumerate() {
        node.zones.iter().for_each(|zone| each(id, zone));
    }
}

fn yes(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

fn per_cpu(dump: &Dump, era: Era, out: &mut Out) {
    if era.base() > 319 || era == Era::El7_7 {
        return;
    }
    zones(dump, |id, zone| {
        out.line(4, format!("Node {id} {} per-cpu:", zone.name));
        if era == Era::V2_6_18 {
            out.line(4, "cpu 0 hot: high 186, batch 31 used:14");
            out.line(4, "cpu 0 cold: high 62, batch 15 used:2");
        } else {
            out.line(4, "CPU    0: hi:  186, btch:  31 usd:  14");
        }
    });
}

const C2_6_18: &str = "Active inactive dirty writeback unstable free slab mapped pagetables";
const C2_6_32: &str = "active_anon inactive_anon isolated_anon|active_file inactive_file isolated_file|unevictable dirty \
    writeback unstable|free slab_reclaimable slab_unreclaimable|mapped shmem pagetables bounce";
const C3: &str = "active_anon inactive_anon isolated_anon|active_file inactive_file isolated_file|unevictable dirty \
    writeback unstable|free slab_reclaimable slab_unreclaimable|mapped shmem pagetables bounce|free_cma";
const C4: &str = "active_anon inactive_anon isolated_anon|active_file inactive_file isolated_file|unevictable dirty \
    writeback unstable|slab_reclaimable slab_unreclaimable|mapped shmem pagetables bounce|free free_pcp free_cma";
const C5_10: &str = "active_anon inactive_anon isolated_anon|active_file inactive_file isolated_file|unevictable dirty \
    writeback|slab_reclaimable slab_unreclaimable|mapped shmem pagetables bounce|free free_pcp free_cma";
const C5_15: &str = "active_anon inactive_anon isolated_anon|active_file inactive_file isolated_file|unevictable dirty \
    writeback|slab_reclaimable slab_unreclaimable|mapped shmem pagetables bounce|kernel_misc_reclaimable|free free_pcp \
    free_cma";
const C6_1: &str = "active_anon inactive_anon isolated_anon|active_file inactive_file isolated_file|unevictable dirty \
    writeback|slab_reclaimable slab_unreclaimable|mapped shmem pagetables|sec_pagetables bounce|\
    kernel_misc_reclaimable|free free_pcp free_cma";

/// Global counters of an era, `|` where a line ends.
pub fn counter_keys(era: Era) -> &'static str {
    match era.base() {
        218 => C2_6_18,
        232 => C2_6_32,
        _ if era == Era::El7_7 => C4,
        ..=319 => C3,
        ..=507 => C4,
        ..=514 => C5_10,
        ..=600 => C5_15,
        _ => C6_1,
    }
}

/// A global counter's value in pages.
pub fn counter(dump: &Dump, key: &str) -> u64 {
    number(dump.seed, key, 1 << 22)
}

fn counters(dump: &Dump, era: Era, out: &mut Out) {
    if era == Era::V2_6_18 {
        out.line(4, format!("Free pages: {:11}kB (0kB HighMem)", counter(dump, "free") * dump.page_kb));
    }
    let lines = counter_keys(era).split('|').map(|line| {
        let words = line.split_ascii_whitespace().map(|key| format!("{key}:{}", counter(dump, key)));
        words.collect::<Vec<_>>().join(" ")
    });
    out.line(4, lines.collect::<Vec<_>>().join("\n "));
}

const NODE: &str = "active_anon inactive_anon active_file inactive_file unevictable isolated(anon) isolated(file) mapped \
    dirty writeback shmem shmem_thp shmem_pmdmapped anon_thp";

/// Node fields in kB.
pub fn node_fields(era: Era) -> String {
    let tail = match era.base() {
        ..=507 => "writeback_tmp unstable",
        ..=510 => "writeback_tmp kernel_stack",
        ..=600 => "writeback_tmp kernel_stack pagetables",
        ..=614 => "writeback_tmp kernel_stack pagetables sec_pagetables",
        _ => "kernel_stack pagetables sec_pagetables",
    };
    format!("{NODE} {tail}")
}

/// Zone fields after `free`; `min` stands for the three watermarks.
pub fn zone_fields(era: Era) -> &'static str {
    let old = "min active_anon inactive_anon active_file inactive_file unevictable isolated(anon) isolated(file) present \
        mlocked dirty writeback mapped shmem slab_reclaimable slab_unreclaimable kernel_stack pagetables unstable bounce \
        writeback_tmp";
    let v3 = "min active_anon inactive_anon active_file inactive_file unevictable isolated(anon) isolated(file) present \
        managed mlocked dirty writeback mapped shmem slab_reclaimable slab_unreclaimable kernel_stack pagetables unstable \
        bounce free_cma writeback_tmp";
    let v4_4 = "min active_anon inactive_anon active_file inactive_file unevictable isolated(anon) isolated(file) present \
        managed mlocked dirty writeback mapped shmem slab_reclaimable slab_unreclaimable kernel_stack pagetables unstable \
        bounce free_pcp local_pcp free_cma writeback_tmp";
    let v4_9 = "min active_anon inactive_anon active_file inactive_file unevictable writepending present managed mlocked \
        slab_reclaimable slab_unreclaimable kernel_stack pagetables bounce free_pcp local_pcp free_cma";
    let v4_14 = "min active_anon inactive_anon active_file inactive_file unevictable writepending present managed mlocked \
        kernel_stack pagetables bounce free_pcp local_pcp free_cma";
    let v5_10 = "min reserved_highatomic active_anon inactive_anon active_file inactive_file unevictable writepending \
        present managed mlocked pagetables bounce free_pcp local_pcp free_cma";
    let v5_15 = "min reserved_highatomic active_anon inactive_anon active_file inactive_file unevictable writepending \
        present managed mlocked bounce free_pcp local_pcp free_cma";
    let v6 = "boost min reserved_highatomic active_anon inactive_anon active_file inactive_file unevictable writepending \
        present managed mlocked bounce free_pcp local_pcp free_cma";
    let v6_19 = "boost min reserved_highatomic free_highatomic active_anon inactive_anon active_file inactive_file \
        unevictable writepending zspages present managed mlocked bounce free_pcp local_pcp free_cma";
    match era.base() {
        218 => "min active inactive present",
        232 => old,
        _ if era == Era::El7_7 => v4_4,
        ..=319 => v3,
        ..=406 => v4_4,
        ..=410 => v4_9,
        ..=504 => v4_14,
        ..=510 => v5_10,
        ..=515 => v5_15,
        ..=614 => v6,
        _ => v6_19,
    }
}

fn buddy(dump: &Dump, era: Era, id: usize, zone: &Zone, out: &mut Out) {
    let mut text = format!("Node {id} {}: ", zone.name);
    let mut total = 0;
    for (order, (count, types)) in zone.buddy.iter().enumerate() {
        let size = dump.page_kb << order;
        total += count * size;
        text += &format!("{count}*{size}kB ");
        if era.base() >= 308 && *count > 0 {
            text += &format!("({types}) ");
        }
    }
    out.line(4, format!("{text}= {total}kB"));
}

fn tail(dump: &Dump, era: Era, out: &mut Out) {
    let [free, total] = dump.swap;
    let count = |key: &str| number(dump.seed, key, 1 << 20);
    if era == Era::V2_6_18 {
        out.line(4, format!("Swap cache: add {}, delete 2, find 3/4, race 0+0", count("add")));
        out.line(4, format!("Free swap  = {free}kB"));
        out.line(4, format!("Total swap = {total}kB"));
        out.line(4, format!("Free swap:       {free:6}kB"));
        out.line(4, format!("{} pages of RAM", dump.ram_pages));
        out.line(4, format!("{} reserved pages", dump.reserved_pages));
        out.line(4, format!("{} pages shared", count("shared")));
        out.line(4, format!("{} pages swap cached", count("swapcache")));
        return;
    }
    for (id, node) in dump.nodes.iter().enumerate().filter(|_| era.base() >= 310) {
        for [total, free, surplus, size] in &node.hugepages {
            let pages = format!("hugepages_total={total} hugepages_free={free} hugepages_surp={surplus}");
            out.line(4, format!("Node {id} {pages} hugepages_size={size}kB"));
        }
    }
    out.line(4, format!("{} total pagecache pages", count("pagecache")));
    out.line(4, format!("{} pages in swap cache", count("swapcache")));
    if era.base() < 600 {
        out.line(4, format!("Swap cache stats: add {}, delete 2, find 3/4", count("add")));
    }
    out.line(4, format!("Free swap  = {free}kB"));
    out.line(4, format!("Total swap = {total}kB"));
    out.line(4, format!("{} pages RAM", dump.ram_pages));
    if era.base() >= 314 || era == Era::El7_7 {
        out.line(4, format!("{} pages HighMem/MovableOnly", count("highmem")));
    }
    out.line(4, format!("{} pages reserved", dump.reserved_pages));
    if era.base() < 314 && era != Era::El7_7 {
        out.line(4, format!("{} pages shared", count("shared")));
        out.line(4, format!("{} pages non-shared", count("unshared")));
    }
    if era.base() >= 319 {
        out.line(4, format!("{} pages cma reserved", count("cma")));
    }
    if era.base() >= 314 {
        out.line(4, format!("{} pages hwpoisoned", count("hwpoisoned")));
    }
    if era.base() >= 612 {
        allocations(era, out);
    }
    if era.base() >= 415 && !dump.slab.is_empty() {
        out.line(6, "Unreclaimable slab info:");
        out.line(6, "Name                      Used          Total");
        for (name, used, total) in &dump.slab {
            let mut row = name.clone();
            row.resize(row.len().max(17), b' ');
            row.extend(format!(" {used:10}KB {total:10}KB").bytes());
            out.line(6, row);
        }
    }
}

fn allocations(era: Era, out: &mut Out) {
    let on = if era == Era::V6_19 { " (profiling is currently turned on)" } else { "" };
    out.line(5, format!("Memory allocations{on}:"));
    out.line(5, "     1.20 GiB   314572 mm/memory.c:1061 func:folio_prealloc");
    out.line(5, "      512 KiB      128 drivers/net/x.c:77 [virtio_net] func:alloc_rx");
}
