//! What an explanation is: sentences with their evidence, and the same as typed parts.

use crate::event::part;
use crate::event::words;
use crate::event::{RawBytes, Verdict};
use crate::units::Bytes;

part! {
    /// The story of one event in plain words, and the numbers it rests on. A pure function of the event and the
    /// questions asked.
    Explanation {
        @always {
            /// The event explained.
            event_id: String,
            /// The story, in order. Sentences of one topic stand together.
            sentences: Vec<Sentence>,
            /// Why the kernel could not give the memory.
            shortages: Vec<Shortage>,
            /// The verdict the story was told with; from a whole log it may know more than the event's own.
            verdict: Verdict,
        }
        /// Who held memory, from the task table.
        holders: Option<Holders>,
        /// What memory was used for, with what no task explains.
        uses: Option<Uses>,
        /// Whether the kernel's choice follows from its own scores.
        choice: Option<Choice>,
        /// The answer to each question, in order.
        what_if: Vec<WhatIfAnswer>,
        /// What `oom_score_adj` says about memory requests.
        requests: Vec<Request>,
    }
}

words! {
    /// What a sentence is about.
    Topic {
        /// Who asked for how much.
        Asked = "asked",
        /// A memory cgroup's limit.
        Limit = "limit",
        /// The node's zones, blocks, swap, and what narrowed the choice of them.
        Node = "node",
        /// Who held the memory.
        Held = "held",
        /// Memory that no task explains.
        Unseen = "unseen",
        /// Who was killed, and whether the scores say so.
        Killed = "killed",
        /// The answer to a `--what-if`.
        WhatIf = "what_if",
        /// Requests that `oom_score_adj` implies.
        Request = "request",
        /// Whether Kubernetes could see it.
        Verdict = "verdict",
        /// What to do about it.
        Advice = "advice",
        /// What the log does not hold.
        Missing = "missing",
    }
}

part! {
    /// One sentence, the fields it rests on and the numbers in it.
    Sentence {
        @always {
            /// What it is about.
            topic: Topic,
            /// The sentence. Names in it stand as the log has them, control bytes included: escape before showing.
            text: String,
            /// Paths into the event's JSON: `memcg.memory.limit_bytes`, `tasks[0-3,7].rss_bytes`,
            /// `memory.counters.free`.
            fields: Vec<String>,
        }
        /// The numbers in the text, in order.
        numbers: Vec<Number>,
    }

    /// One number of a sentence.
    Number {
        @always {
            /// As it stands in the sentence.
            text: String,
            /// Exactly.
            value: i64,
            /// What the value counts.
            unit: Unit,
            /// How it follows from the event: paths and integers with `+ - * /` (division drops the rest), `sum(path)`,
            /// `count(path)`, `max(a, b)` and `pow2(a)`.
            formula: String,
        }
    }
}

words! {
    /// What a number counts.
    Unit {
        /// Bytes.
        Bytes = "bytes",
        /// Processes, pids, pages, points.
        Count = "count",
        /// Hundredths.
        Percent = "percent",
        /// Thousandths.
        PerMille = "per_mille",
    }

    /// Why the memory could not be given.
    Shortage {
        /// The cgroup's memory limit was reached.
        MemoryLimit = "memory_limit",
        /// The cgroup's limit of memory and swap together (v1).
        MemorySwapLimit = "memory_swap_limit",
        /// The cgroup's limit of kernel memory (v1).
        KmemLimit = "kmem_limit",
        /// A cgroup's limit, of which the dump does not tell which.
        UnknownLimit = "unknown_limit",
        /// Every zone that could serve was below its watermark.
        Watermark = "watermark",
        /// Memory was free, but not in blocks of the size asked for.
        Fragmentation = "fragmentation",
        /// Only the nodes of a cpuset could serve.
        Cpuset = "cpuset",
        /// Only the nodes of a NUMA policy could serve.
        MemoryPolicy = "memory_policy",
        /// No swap could take anonymous memory.
        NoSwap = "no_swap",
        /// Swap was full.
        SwapFull = "swap_full",
        /// Much of the memory may not be moved or swapped.
        Unevictable = "unevictable",
        /// A person asked for it.
        Manual = "manual",
    }
}

part! {
    /// The task table, added up. Resident memory counts shared pages once for each process that maps them.
    Holders {
        @always {
            /// Rows of the table.
            processes: u64,
            /// Resident memory of all rows.
            rss_bytes: Bytes,
            /// By command, most memory (resident and swapped) first; at most twenty.
            by_command: Vec<CommandShare>,
            /// By user, most memory first; at most twenty.
            by_user: Vec<UserShare>,
        }
        /// Swap of all rows, where the table has the column.
        swap_bytes: Option<Bytes>,
        /// Page tables of all rows, where the table has the column.
        page_tables_bytes: Option<Bytes>,
    }

    /// The processes of one command.
    CommandShare {
        @always {
            /// Process name.
            comm: String,
            /// Rows.
            processes: u64,
            /// Resident memory.
            rss_bytes: Bytes,
        }
        /// Exact bytes of `comm` when they are not UTF-8; in JSON as lower-case hex.
        comm_raw: Option<RawBytes>,
        /// Swap.
        swap_bytes: Option<Bytes>,
        /// Page tables.
        page_tables_bytes: Option<Bytes>,
    }

    /// The processes of one user.
    UserShare {
        @always {
            /// User id.
            uid: u32,
            /// Rows.
            processes: u64,
            /// Resident memory.
            rss_bytes: Bytes,
        }
        /// Swap.
        swap_bytes: Option<Bytes>,
    }

    /// What memory was used for. The parts do not overlap; what they leave is `unaccounted_bytes`.
    Uses {
        @always {
            /// Of what: the cgroup's usage, or the node's memory without what the kernel reserved at boot.
            total_bytes: Bytes,
            /// The parts that the dump names, largest first.
            parts: Vec<Use>,
        }
        /// What no part explains. Absent where the dump's statistics are cut or lost.
        unaccounted_bytes: Option<Bytes>,
    }

    /// One use of memory.
    Use {
        @always {
            /// What for.
            kind: UseKind,
            /// How much.
            size_bytes: Bytes,
            /// Whether processes own it. What they do not own no task table shows.
            in_tasks: bool,
        }
    }
}

words! {
    /// What memory was used for.
    UseKind {
        /// Anonymous memory: heaps and stacks.
        Anonymous = "anonymous",
        /// Page cache without shared memory.
        PageCache = "page_cache",
        /// tmpfs, /dev/shm, shared anonymous memory, emptyDir volumes in memory.
        Shmem = "shmem",
        /// Locked by processes: mlock.
        Mlocked = "mlocked",
        /// Other memory on the kernel's unevictable list: ramfs, locked shared memory.
        Unevictable = "unevictable",
        /// Slab caches: dentries, inodes, network buffers.
        Slab = "slab",
        /// Page tables of processes and of virtual machines.
        PageTables = "page_tables",
        /// Kernel stacks: one for each thread.
        KernelStack = "kernel_stack",
        /// Per-CPU allocations.
        Percpu = "percpu",
        /// vmalloc.
        Vmalloc = "vmalloc",
        /// Socket buffers.
        Sockets = "sockets",
        /// Compressed swap in memory.
        Zswap = "zswap",
        /// Memory lent to zsmalloc: zram, zswap.
        Zsmalloc = "zsmalloc",
        /// Pools of huge pages, used or not.
        Hugetlb = "hugetlb",
        /// Other kernel memory.
        OtherKernel = "other_kernel",
        /// Graphics memory.
        Gpu = "gpu",
        /// Memory a virtual machine has given back to its host.
        Balloon = "balloon",
        /// Free, though not always for this allocation.
        Free = "free",
    }
}

part! {
    /// The kernel's choice, replayed from the task table.
    Choice {
        @always {
            /// Whether the choice follows from the scores.
            agreement: Agreement,
            /// Rows that could be killed, highest score first; at most ten, and the victim.
            candidates: Vec<Candidate>,
        }
        /// Pages that 1000 points of `oom_score_adj` stand for: the limit, or RAM and swap.
        total_pages: Option<u64>,
        /// The same with all swap the cgroup may use, where the dump does not say how much the node has.
        total_pages_most: Option<u64>,
        /// Why the scores do not tell, or what may explain a difference.
        reason: Option<String>,
        /// Who would have been killed had the victims not been there.
        next: Option<Candidate>,
    }
}

words! {
    /// Whether the kernel's choice follows from its scores.
    Agreement {
        /// The kernel's choice has the highest score.
        Follows = "follows",
        /// It does for some of what the dump leaves open: swap, a root bonus, a column the table lacks.
        Possible = "possible",
        /// Another row has the highest score.
        Differs = "differs",
        /// `vm.oom_kill_allocating_task`: the kernel does not compare.
        AllocatingTask = "allocating_task",
        /// The dump does not hold what the kernel compared.
        NotReplayable = "not_replayable",
        /// The dump names no victim; the scores say who it would have been.
        NoVictim = "no_victim",
    }
}

part! {
    /// One row with its score.
    Candidate {
        @always {
            /// Row of the table, from 0.
            row: u64,
            /// Process id.
            pid: u32,
            /// Process name.
            comm: String,
            /// Badness in pages; on kernels before 3.5 in thousandths of memory.
            points: i64,
            /// Its `oom_score_adj`, −1000 … 1000.
            oom_score_adj: i32,
            /// Whether the kernel killed it in this event.
            victim: bool,
        }
        /// Exact bytes of `comm` when they are not UTF-8; in JSON as lower-case hex.
        comm_raw: Option<RawBytes>,
    }

    /// What the kernel would have done had one thing been different.
    WhatIfAnswer {
        @always {
            /// The question, as asked: `java:adj=-500`.
            question: String,
            /// Rows it changes.
            rows: u64,
        }
        /// Who would have been killed; absent where nothing could be, or where the scores do not tell.
        victim: Option<Candidate>,
        /// Whether that is another than the kernel's choice.
        changed: Option<bool>,
    }

    /// What kubelet's `oom_score_adj` of a burstable container says: `1000 − floor(1000 · request / node memory)`.
    Request {
        @always {
            /// The `oom_score_adj`.
            oom_score_adj: i32,
            /// The field it stands in.
            field: String,
        }
        /// The node's memory, where the dump tells it.
        node_bytes: Option<Bytes>,
        /// The request is at least this.
        request_at_least_bytes: Option<Bytes>,
        /// The request is less than this; absent where the scale ends.
        request_below_bytes: Option<Bytes>,
        /// The request that was given.
        given_request_bytes: Option<Bytes>,
        /// The node's memory is more than this.
        node_above_bytes: Option<Bytes>,
        /// The node's memory is at most this; absent where the scale ends.
        node_at_most_bytes: Option<Bytes>,
    }
}
