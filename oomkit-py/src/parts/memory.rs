//! The Mem-Info block.

use super::part;
use oomkit_core::event as model;

part! {
    /// What the kernel printed about the node's memory.
    Memory {
        values {
            /// `N pages RAM`, in bytes.
            total_ram_bytes,
            /// `N pages reserved`, in bytes: never available to tasks.
            reserved_bytes,
            /// `free:` of the global counters, in bytes.
            free_bytes,
            /// `Total swap`, in bytes.
            swap_total_bytes,
            /// `Free swap`, in bytes.
            swap_free_bytes,
            /// `N pages in swap cache`, in bytes.
            swap_cache_bytes,
            /// `N total pagecache pages`, in bytes.
            pagecache_bytes,
            /// `N pages HighMem/MovableOnly`, in bytes.
            highmem_bytes,
            /// `N pages cma reserved`, in bytes.
            cma_reserved_bytes,
            /// `N pages hwpoisoned`, in bytes.
            hwpoisoned_bytes,
            /// The global counters under the kernel's own keys, in bytes.
            counters,
        }
        parts {
            /// Per NUMA node (4.8+).
            nodes,
            /// Per zone.
            zones,
            /// Free blocks per zone and order.
            buddy,
            /// Huge page pools per node and size.
            hugepages,
            /// Slab caches that cannot be reclaimed (4.15+, when they outweigh everything else).
            unreclaimable_slab,
            /// Largest allocation sites (6.10+ with memory allocation profiling).
            allocations,
        }
    }
}

part! {
    /// One NUMA node.
    Node {
        values {
            /// Node number.
            node,
            /// Values under the kernel's own keys, in bytes.
            values,
            /// `pages_scanned` (4.8 – 4.10).
            pages_scanned,
            /// `all_unreclaimable? yes`: reclaim has given up on the node.
            all_unreclaimable,
        }
    }
}

part! {
    /// One zone. `free` below `min` means really out of memory there.
    Zone {
        values {
            /// Zone name: `DMA`, `DMA32`, `Normal`, `HighMem`, `Movable`, `Device`.
            zone,
            /// Node number; absent on kernels built without NUMA.
            node,
            /// Free memory, in bytes.
            free_bytes,
            /// Watermark below which only the kernel's reserves are left, in bytes.
            min_bytes,
            /// Watermark that wakes kswapd, in bytes.
            low_bytes,
            /// Watermark at which kswapd rests, in bytes.
            high_bytes,
            /// The zone's other values under the kernel's own keys, in bytes.
            values,
            /// Pages this zone keeps from allocations that could use a higher zone.
            lowmem_reserve_pages,
            /// `pages_scanned` (before 4.8).
            pages_scanned,
            /// `all_unreclaimable?` (before 4.8).
            all_unreclaimable,
        }
    }
}

part! {
    /// Free blocks of one zone.
    Buddy {
        values {
            /// Zone name.
            zone,
            /// Node number; absent on kernels built without NUMA.
            node,
            /// The kernel's own sum, in bytes.
            total_bytes,
        }
        parts {
            /// From the base page upwards.
            orders,
        }
    }
}

part! {
    /// Free blocks of one size.
    BuddyOrder {
        values {
            /// Size of one block, in bytes.
            size_bytes,
            /// How many are free.
            count,
            /// Migrate types with free blocks: `U` unmovable, `M` movable, `E` reclaimable, `H` high atomic, `C` CMA,
            /// `I` isolated, `R` reserve (3.x).
            types,
        }
    }
}

part! {
    /// One pool of huge pages.
    Hugepages {
        values {
            /// Size of one page, in bytes.
            size_bytes,
            /// Pages in the pool.
            total,
            /// Free pages.
            free,
            /// Pages beyond the pool's configured size.
            surplus,
            /// Node number.
            node,
        }
    }
}

part! {
    /// One slab cache.
    Slab {
        values {
            /// Cache name.
            name,
            /// In objects that are in use, in bytes.
            used_bytes,
            /// With free objects, in bytes.
            total_bytes,
        }
    }
}

part! {
    /// One allocation site.
    Allocation {
        values {
            /// Memory held, in bytes; rounded by the kernel from 6.12 on.
            size_bytes,
            /// Allocations held.
            calls,
            /// `mm/slub.c:2190`.
            site,
            /// Function.
            function,
            /// Kernel module.
            module,
        }
    }
}
