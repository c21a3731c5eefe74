//! The `Mem-Info` block while it is collected: counts of pages wait for the page size.

use super::draft::text;
use crate::event;
use crate::kernel::{self, Message, PageTotal};
use crate::units::{Bytes, PageSize, Pages};
use std::collections::BTreeMap;

/// Entries kept of each list: more nodes, zones or caches than any machine has.
const MOST: usize = 4096;

#[derive(Debug, Default)]
pub(super) struct MemoryDraft {
    seen: bool,
    counters: Vec<(String, Pages)>,
    totals: Vec<(PageTotal, Pages)>,
    pagecache: Option<Pages>,
    swap_cache: Option<Pages>,
    slab_open: bool,
    allocations_open: bool,
    /// What needs no page size is already in its final form.
    event: event::Memory,
    page_size: Option<PageSize>,
}

impl MemoryDraft {
    /// Whether any line of the block was seen.
    pub(super) fn seen(&self) -> bool {
        self.seen
    }

    /// The numbers of the nodes it names.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> {
        let zones = self.event.zones.iter().filter_map(|zone| zone.node);
        // 4.11 leaves out what the mask forbids, but not here
        let hugepages = self.event.hugepages.iter().filter_map(|pages| pages.node);
        zones.chain(self.event.nodes.iter().map(|node| node.node)).chain(hugepages)
    }

    pub(super) fn slab_open(&self) -> bool {
        self.slab_open
    }

    pub(super) fn allocations_open(&self) -> bool {
        self.allocations_open
    }

    /// The size the buddy lists show: their first column is the base page.
    pub(super) fn page_size(&self) -> Option<PageSize> {
        self.page_size
    }

    pub(super) fn absorb(&mut self, message: Message<'_>) {
        match message {
            Message::SlabHead => (self.slab_open, self.allocations_open) = (true, false),
            Message::SlabColumns | Message::SlabBusy => {}
            Message::AllocationsHead { .. } => (self.slab_open, self.allocations_open) = (false, true),
            Message::Slab { name, used, total } => push(
                &mut self.event.unreclaimable_slab,
                event::Slab { name: text(name), used_bytes: used, total_bytes: total },
            ),
            Message::Allocation(a) => push(
                &mut self.event.allocations,
                event::Allocation {
                    size_bytes: a.size,
                    calls: a.calls,
                    site: text(a.site),
                    function: text(a.function),
                    module: a.module.map(text),
                },
            ),
            other => self.seen |= self.block(other),
        }
    }

    /// Lines of the block itself; false for lines of others.
    fn block(&mut self, message: Message<'_>) -> bool {
        match message {
            Message::MemInfo | Message::SwapCacheStats | Message::PerCpuList => {}
            Message::Counters(pairs) => {
                self.counters.extend(
                    pairs
                        .into_iter()
                        .map(|(key, pages)| (key.to_ascii_lowercase(), pages))
                        .map(|(key, pages)| (text(&key), pages)),
                );
            }
            Message::Node { node, values, pages_scanned, all_unreclaimable } => {
                push(&mut self.event.nodes, event::Node { node, values: map(values), pages_scanned, all_unreclaimable })
            }
            Message::Zone(zone) => push(&mut self.event.zones, zone_of(zone)),
            Message::LowmemReserve(pages) => {
                if let Some(zone) = self.event.zones.last_mut() {
                    zone.lowmem_reserve_pages = pages.into_iter().map(|p| p.0).collect();
                }
            }
            Message::Buddy(buddy) => {
                if let Some(first) = buddy.orders.first() {
                    self.page_size = self.page_size.or(PageSize::new(first.size.get()));
                }
                push(&mut self.event.buddy, buddy_of(buddy));
            }
            Message::Hugepages { node, total, free, surplus, size } => {
                push(&mut self.event.hugepages, event::Hugepages { size_bytes: size, total, free, surplus, node })
            }
            Message::PagecachePages(pages) => self.pagecache = Some(pages),
            Message::SwapCachePages(pages) => self.swap_cache = Some(pages),
            Message::FreeSwap(bytes) => self.event.swap_free_bytes = bytes,
            Message::TotalSwap(bytes) => self.event.swap_total_bytes = Some(bytes),
            Message::PageTotal { kind, pages } => push(&mut self.totals, (kind, pages)),
            _ => return false,
        }
        true
    }

    /// The block in bytes; `None` where no line of it was seen.
    pub(super) fn build(self, page: PageSize) -> Option<event::Memory> {
        if !self.seen && self.event == event::Memory::default() {
            return None;
        }
        let mut memory = self.event;
        memory.counters = self.counters.into_iter().map(|(key, pages)| (key, pages.to_bytes(page))).collect();
        memory.free_bytes = memory.counters.get("free").copied();
        memory.pagecache_bytes = self.pagecache.map(|p| p.to_bytes(page));
        memory.swap_cache_bytes = self.swap_cache.map(|p| p.to_bytes(page));
        for (kind, pages) in self.totals {
            let bytes = Some(pages.to_bytes(page));
            match kind {
                PageTotal::Ram => memory.total_ram_bytes = bytes,
                PageTotal::Reserved => memory.reserved_bytes = bytes,
                PageTotal::HighMem => memory.highmem_bytes = bytes,
                PageTotal::CmaReserved => memory.cma_reserved_bytes = bytes,
                PageTotal::HwPoisoned => memory.hwpoisoned_bytes = bytes,
                // three names of kernels up to 3.10 that count pages twice or not at all
                PageTotal::Shared | PageTotal::NonShared | PageTotal::PagetableCache => {}
            }
        }
        Some(memory)
    }
}

/// 4.8 and 4.9 print `shmem_thp` as `shmem`, `shmem_pmdmapped` as `shmem_thp`, `anon_thp` as `shmem_pmdmapped` and
/// `shmem` as `anon_thp`. False where the kernel has no huge pages and prints `shmem` alone.
pub(super) fn unswap_shmem(memory: &mut event::Memory) -> bool {
    const PRINTED: [&str; 4] = ["shmem", "shmem_thp", "shmem_pmdmapped", "anon_thp"];
    const MEANT: [&str; 4] = ["shmem_thp", "shmem_pmdmapped", "anon_thp", "shmem"];
    let mut any = false;
    for node in &mut memory.nodes {
        let values = PRINTED.map(|key| node.values.get(key).copied());
        if values.iter().all(Option::is_some) {
            for (key, value) in MEANT.iter().zip(values) {
                node.values.insert((*key).to_owned(), value.unwrap_or_default());
            }
            any = true;
        }
    }
    any
}

fn zone_of(zone: kernel::Zone<'_>) -> event::Zone {
    let mut values = map(zone.values);
    event::Zone {
        zone: text(zone.zone),
        node: zone.node,
        free_bytes: values.remove("free"),
        min_bytes: values.remove("min"),
        low_bytes: values.remove("low"),
        high_bytes: values.remove("high"),
        values,
        lowmem_reserve_pages: Vec::new(),
        pages_scanned: zone.pages_scanned,
        all_unreclaimable: zone.all_unreclaimable,
    }
}

fn buddy_of(buddy: kernel::Buddy<'_>) -> event::Buddy {
    let orders = buddy.orders.into_iter().map(|order| event::BuddyOrder {
        size_bytes: order.size,
        count: order.count,
        types: order.types.map(text),
    });
    event::Buddy { zone: text(buddy.zone), orders: orders.collect(), node: buddy.node, total_bytes: buddy.total }
}

fn map(values: Vec<(&[u8], Bytes)>) -> BTreeMap<String, Bytes> {
    values.into_iter().map(|(key, value)| (text(key), value)).collect()
}

fn push<T>(list: &mut Vec<T>, item: T) {
    if list.len() < MOST {
        list.push(item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_swapped_fields_of_4_8_and_4_9_go_back() {
        let node = |values: [(&str, u64); 4]| event::Node {
            node: 0,
            values: values.into_iter().map(|(k, v)| (k.to_owned(), Bytes(v))).collect(),
            pages_scanned: None,
            all_unreclaimable: None,
        };
        let printed = node([("shmem", 1), ("shmem_thp", 2), ("shmem_pmdmapped", 3), ("anon_thp", 4)]);
        let mut memory = event::Memory { nodes: vec![printed], ..event::Memory::default() };
        assert!(unswap_shmem(&mut memory));
        let meant = node([("shmem_thp", 1), ("shmem_pmdmapped", 2), ("anon_thp", 3), ("shmem", 4)]);
        assert_eq!(memory.nodes, [meant]);
    }
}
