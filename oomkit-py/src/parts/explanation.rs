//! What `explain()` says of an event: sentences with their evidence, and the same as numbers.

use super::part;
use oomkit_core::diagnose::explain as model;

part! {
    /// The story of one event in plain words, and the numbers it rests on: what `explain()` returns.
    Explanation {
        values {
            /// The event explained.
            event_id,
            /// Why the kernel could not give the memory: "memory_limit", "memory_swap_limit", "kmem_limit",
            /// "unknown_limit", "watermark", "fragmentation", "cpuset", "memory_policy", "no_swap", "swap_full",
            /// "unevictable", "manual".
            shortages,
        }
        parts {
            /// The story, in order. Sentences of one topic stand together.
            sentences,
            /// The verdict the story was told with.
            verdict,
            /// Who held memory, from the task table.
            holders,
            /// What memory was used for, with what no task explains.
            uses,
            /// Whether the kernel's choice follows from its own scores.
            choice,
            /// The answer to each question, in order.
            what_if,
            /// What `oom_score_adj` says about memory requests.
            requests,
        }
    }
}

part! {
    /// One sentence, the fields it rests on and the numbers in it.
    Sentence {
        values {
            /// What it is about: "asked", "limit", "node", "held", "unseen", "killed", "what_if", "request", "verdict",
            /// "advice" or "missing".
            topic,
            /// The sentence. Names in it stand as the log has them, control bytes included.
            text,
            /// Paths into the event's JSON: `memcg.memory.limit_bytes`, `tasks[0-3,7].rss_bytes`.
            fields,
        }
        parts {
            /// The numbers in the text, in order.
            numbers,
        }
    }
}

part! {
    /// One number of a sentence.
    Number {
        values {
            /// As it stands in the sentence.
            text,
            /// Exactly.
            value,
            /// What the value counts: "bytes", "count", "percent" or "per_mille".
            unit,
            /// How it follows from the event: paths and integers with `+ - * /` (division drops the rest), `sum(path)`,
            /// `count(path)`, `max(a, b)` and `pow2(a)`.
            formula,
        }
    }
}

part! {
    /// The task table, added up. Resident memory counts shared pages once for each process that maps them.
    Holders {
        values {
            /// Rows of the table.
            processes,
            /// Resident memory of all rows.
            rss_bytes,
            /// Swap of all rows, where the table has the column.
            swap_bytes,
            /// Page tables of all rows, where the table has the column.
            page_tables_bytes,
        }
        parts {
            /// By command, most memory (resident and swapped) first; at most twenty.
            by_command,
            /// By user, most memory first; at most twenty.
            by_user,
        }
    }
}

part! {
    /// The processes of one command.
    CommandShare {
        values {
            /// Process name.
            comm,
            /// Exact bytes of `comm` in hex, when they are not UTF-8.
            comm_raw,
            /// Rows.
            processes,
            /// Resident memory.
            rss_bytes,
            /// Swap.
            swap_bytes,
            /// Page tables.
            page_tables_bytes,
        }
    }
}

part! {
    /// The processes of one user.
    UserShare {
        values {
            /// User id.
            uid,
            /// Rows.
            processes,
            /// Resident memory.
            rss_bytes,
            /// Swap.
            swap_bytes,
        }
    }
}

part! {
    /// What memory was used for. The parts do not overlap; what they leave is `unaccounted_bytes`.
    Uses {
        values {
            /// Of what: the cgroup's usage, or the node's memory without what the kernel reserved at boot.
            total_bytes,
            /// What no part explains. `None` where the dump's statistics are cut or lost.
            unaccounted_bytes,
        }
        parts {
            /// The parts that the dump names, largest first.
            parts,
        }
    }
}

part! {
    /// One use of memory.
    Use {
        values {
            /// What for: "anonymous", "page_cache", "shmem", "slab", "page_tables", "hugetlb", "free" …
            kind,
            /// How much.
            size_bytes,
            /// Whether processes own it. What they do not own no task table shows.
            in_tasks,
        }
    }
}

part! {
    /// The kernel's choice, replayed from the task table.
    Choice {
        values {
            /// Whether the choice follows from the scores: "follows", "possible", "differs", "allocating_task",
            /// "not_replayable" or "no_victim".
            agreement,
            /// Pages that 1000 points of `oom_score_adj` stand for: the limit, or RAM and swap.
            total_pages,
            /// The same with all swap the cgroup may use.
            total_pages_most,
            /// Why the scores do not tell, or what may explain a difference.
            reason,
        }
        parts {
            /// Rows that could be killed, highest score first; at most ten, and the victim.
            candidates,
            /// Who would have been killed had the victims not been there.
            next,
        }
    }
}

part! {
    /// One row with its score.
    Candidate {
        values {
            /// Row of the table, from 0.
            row,
            /// Process id.
            pid,
            /// Process name.
            comm,
            /// Exact bytes of `comm` in hex, when they are not UTF-8.
            comm_raw,
            /// Badness in pages; on kernels before 3.5 in thousandths of memory.
            points,
            /// −1000 … 1000.
            oom_score_adj,
            /// Whether the kernel killed it in this event.
            victim,
        }
    }
}

part! {
    /// What the kernel would have done had one thing been different.
    WhatIfAnswer {
        values {
            /// The question, as asked: `java:adj=-500`.
            question,
            /// Rows it changes.
            rows,
            /// Whether that is another than the kernel's choice.
            changed,
        }
        parts {
            /// Who would have been killed.
            victim,
        }
    }
}

part! {
    /// What kubelet's `oom_score_adj` of a burstable container says about its memory request and the node's memory.
    Request {
        values {
            /// The `oom_score_adj`.
            oom_score_adj,
            /// The field it stands in.
            field,
            /// The node's memory, where the dump tells it.
            node_bytes,
            /// The request is at least this.
            request_at_least_bytes,
            /// The request is less than this.
            request_below_bytes,
            /// The request that was given.
            given_request_bytes,
            /// The node's memory is more than this.
            node_above_bytes,
            /// The node's memory is at most this.
            node_at_most_bytes,
        }
    }
}
