//! Hazards, and who would go.

use super::model;
use crate::parts::part;

part! {
    /// The measure and its hazards.
    Risk of "oomkit.resources" {
        values {
            /// Version of the JSON: 1.
            schema_version,
            /// `risk`.
            measure,
            /// What a row stands for.
            by,
            /// How it was reckoned: `default`.
            profile,
            /// What a reader should know.
            notes,
        }
        parts {
            /// How near containers are to their own limits, the nearest first.
            rows,
            /// How near nodes are to running out, and who would go, the nearest first.
            nodes,
            /// Everything together, not only the rows.
            totals,
            /// Kills for want of a node's memory, where kills were given.
            node_kills,
        }
    }
}

part! {
    /// Everything together.
    RiskTotals of "oomkit.resources" {
        values {
            /// Running containers.
            containers,
            /// Those without a limit: their only hazard is the node's.
            unbounded_containers,
            /// Those that were not measured.
            unmeasured_containers,
            /// Volumes in memory without a size limit: what is written to them is charged to containers.
            unlimited_memory_volumes,
        }
        parts {
            /// Kills, where they were given.
            kills,
        }
    }
}

part! {
    /// One row: a container, or the worst one of many.
    LimitHazard of "oomkit.resources" {
        values {
            /// The cluster, where several are told apart.
            cluster in names,
            /// Namespace.
            namespace in names,
            /// Pod.
            pod in names,
            /// Container.
            container in names,
            /// Who the pod belongs to: `Deployment/web`.
            workload in names,
            /// Node.
            node in names,
            /// How many containers with a limit the row stands for.
            containers,
            /// What it requests, in bytes.
            request_bytes,
            /// Its limit, or its pod's, in bytes.
            limit_bytes,
            /// The most it used, in bytes: sampled, or charged to it when it was killed; `None` where nothing is
            /// known.
            peak_bytes,
            /// Whether a kill tells the peak, which sampling had missed.
            peak_from_kill,
            /// Peak to limit.
            peak_ratio,
            /// What is called usage.
            basis,
            /// From the first to the last measurement.
            window_seconds,
            /// How many measurements.
            points,
            /// What they are good for.
            quality,
            /// When the limit is met if that goes on.
            time_to_limit_seconds,
            /// How often the limit was hit, each hour; the kernel could take memory back each time.
            limit_hits_per_hour,
            /// Swap in use, which is no part of any other figure, in bytes: with swap the limit is not where memory
            /// ends.
            swap_bytes,
            /// Whether its status shows that it was last ended by the OOM killer.
            last_oom_killed,
            /// 0 to 100, for sorting only: the largest of peak to limit, a day to the time left where growth is
            /// beyond noise, and 100 where it was killed at this limit or a higher one.
            rank,
        }
        parts {
            /// The worst of them, whose figures these are.
            worst,
            /// How use grows; `None` where it does not.
            trend,
            /// Kills of the row, where they were given.
            kills,
        }
    }
}

part! {
    /// How use grows.
    Trend of "oomkit.resources" {
        values {
            /// By so much each hour.
            bytes_per_hour,
            /// Half of the measurements are nearer than this to the line, in bytes.
            residual_bytes,
        }
    }
}

part! {
    /// One node.
    NodeHazard of "oomkit.resources" {
        values {
            /// Its name.
            node,
            /// All its memory, in bytes.
            capacity_bytes,
            /// What is in use, in bytes; what its containers use where the node itself was not measured.
            working_set_bytes,
            /// `node` or `containers`: without what runs outside pods, a lower bound.
            working_set_source,
            /// What the kubelet keeps free by evicting, in bytes.
            eviction_hard_bytes,
            /// Room before it evicts, in bytes; negative when it should already.
            room_bytes,
            /// How much its measured pods may still grow within their limits, each to at most the whole node, in
            /// bytes.
            growth_bytes,
            /// Growth to room: above 1 the pods can use up the node, every container inside its limit. `None`
            /// without room.
            stress_ratio,
            /// What is used beyond requests, each container by itself, in bytes.
            over_request_bytes,
            /// By how many containers.
            over_request_containers,
            /// Containers of it without a limit.
            unbounded_containers,
            /// Containers of it that were not measured.
            unmeasured_containers,
            /// Whether the kubelet says that it is short of memory.
            memory_pressure,
            /// 0 to 100, for sorting only: growth ∕ (growth + room); 100 without room, and under memory pressure.
            rank,
        }
        parts {
            /// Kills on it for want of the node's memory, where kills were given.
            kills,
            /// Whom the kernel would kill if the node ran out now, the first first.
            victim_order,
            /// Whom the kubelet would evict, the first first.
            eviction_order,
        }
    }
}

part! {
    /// A container the kernel may kill.
    Candidate of "oomkit.resources" {
        values {
            /// The cluster, where several are told apart.
            cluster in names,
            /// Namespace.
            namespace in names,
            /// Pod.
            pod in names,
            /// Container.
            container in names,
            /// Who the pod belongs to: `Deployment/web`.
            workload in names,
            /// Node.
            node in names,
            /// What the kubelet sets for it.
            oom_score_adj,
            /// What it uses, in bytes.
            usage_bytes,
            /// What it requests, in bytes.
            request_bytes,
            /// The kernel's score in pages of 4 KiB: use + `oom_score_adj` · (RAM + swap) ∕ 1000.
            points,
            /// Always `container`: all its use stands for its largest process, which is not known.
            stand_in,
        }
    }
}

part! {
    /// A pod the kubelet may evict.
    Eviction of "oomkit.resources" {
        values {
            /// The cluster, where several are told apart.
            cluster in names,
            /// Namespace.
            namespace in names,
            /// Pod.
            pod in names,
            /// Container.
            container in names,
            /// Who the pod belongs to: `Deployment/web`.
            workload in names,
            /// Node.
            node in names,
            /// Whether it uses more than it requests: those go first.
            exceeds_request,
            /// Then those of lower priority.
            priority,
            /// Then those that are further above their requests, in bytes; negative below.
            above_request_bytes,
            /// What it uses, in bytes.
            usage_bytes,
            /// What it requests, in bytes.
            request_bytes,
            /// Static pods and those of the system's priority classes are not evicted.
            evictable,
        }
    }
}
