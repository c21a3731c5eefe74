//! The `Mem-Info` block: what the node had left.

use super::part::part;
use crate::units::Bytes;
use std::collections::BTreeMap;

part! {
    /// What the kernel printed about the node's memory.
    #[derive(Default)]
    Memory {
        /// `N pages RAM`.
        total_ram_bytes: Option<Bytes>,
        /// `N pages reserved`: never available to tasks.
        reserved_bytes: Option<Bytes>,
        /// `free:` of the global counters.
        free_bytes: Option<Bytes>,
        /// `Total swap`.
        swap_total_bytes: Option<Bytes>,
        /// `Free swap`.
        swap_free_bytes: Option<Bytes>,
        /// `N pages in swap cache`.
        swap_cache_bytes: Option<Bytes>,
        /// `N total pagecache pages`.
        pagecache_bytes: Option<Bytes>,
        /// `N pages HighMem/MovableOnly`.
        highmem_bytes: Option<Bytes>,
        /// `N pages cma reserved`.
        cma_reserved_bytes: Option<Bytes>,
        /// `N pages hwpoisoned`.
        hwpoisoned_bytes: Option<Bytes>,
        /// The global counters under the kernel's own keys, in bytes.
        counters: BTreeMap<String, Bytes>,
        /// Per NUMA node (4.8+).
        nodes: Vec<Node>,
        /// Per zone.
        zones: Vec<Zone>,
        /// Free blocks per zone and order.
        buddy: Vec<Buddy>,
        /// Huge page pools per node and size.
        hugepages: Vec<Hugepages>,
        /// Slab caches that cannot be reclaimed (4.15+, when they outweigh everything else).
        unreclaimable_slab: Vec<Slab>,
        /// Largest allocation sites (6.10+ with memory allocation profiling).
        allocations: Vec<Allocation>,
    }

    /// One NUMA node.
    Node {
        @always {
            /// Node number.
            node: u32,
        }
        /// Values under the kernel's own keys, in bytes.
        values: BTreeMap<String, Bytes>,
        /// `pages_scanned` (4.8 – 4.10).
        pages_scanned: Option<u64>,
        /// `all_unreclaimable? yes`: reclaim has given up on the node.
        all_unreclaimable: Option<bool>,
    }

    /// One zone. `free` below `min` means really out of memory there.
    Zone {
        @always {
            /// Zone name: `DMA`, `DMA32`, `Normal`, `HighMem`, `Movable`, `Device`.
            zone: String,
        }
        /// Node number; absent on kernels built without NUMA.
        node: Option<u32>,
        /// Free memory.
        free_bytes: Option<Bytes>,
        /// Watermark below which only the kernel's reserves are left.
        min_bytes: Option<Bytes>,
        /// Watermark that wakes kswapd.
        low_bytes: Option<Bytes>,
        /// Watermark at which kswapd rests.
        high_bytes: Option<Bytes>,
        /// The zone's other values under the kernel's own keys, in bytes.
        values: BTreeMap<String, Bytes>,
        /// Pages this zone keeps from allocations that could use a higher zone.
        lowmem_reserve_pages: Vec<u64>,
        /// `pages_scanned` (before 4.8).
        pages_scanned: Option<u64>,
        /// `all_unreclaimable?` (before 4.8).
        all_unreclaimable: Option<bool>,
    }

    /// Free blocks of one zone.
    Buddy {
        @always {
            /// Zone name.
            zone: String,
            /// From the base page upwards.
            orders: Vec<BuddyOrder>,
        }
        /// Node number; absent on kernels built without NUMA.
        node: Option<u32>,
        /// The kernel's own sum.
        total_bytes: Option<Bytes>,
    }

    /// Free blocks of one size.
    BuddyOrder {
        @always {
            /// Size of one block.
            size_bytes: Bytes,
            /// How many are free.
            count: u64,
        }
        /// Migrate types with free blocks: `U` unmovable, `M` movable, `E` reclaimable, `H` high atomic, `C` CMA,
        /// `I` isolated, `R` reserve (3.x).
        types: Option<String>,
    }

    /// One pool of huge pages.
    Hugepages {
        @always {
            /// Size of one page.
            size_bytes: Bytes,
            /// Pages in the pool.
            total: u64,
            /// Free pages.
            free: u64,
            /// Pages beyond the pool's configured size.
            surplus: u64,
        }
        /// Node number.
        node: Option<u32>,
    }

    /// One slab cache.
    Slab {
        @always {
            /// Cache name.
            name: String,
            /// In objects that are in use.
            used_bytes: Bytes,
            /// With free objects.
            total_bytes: Bytes,
        }
    }

    /// One allocation site.
    Allocation {
        @always {
            /// Memory held; rounded by the kernel from 6.12 on.
            size_bytes: Bytes,
            /// Allocations held.
            calls: u64,
            /// `mm/slub.c:2190`.
            site: String,
            /// Function.
            function: String,
        }
        /// Kernel module.
        module: Option<String>,
    }
}
