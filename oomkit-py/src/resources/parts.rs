//! Measures and their rows, one frozen class each. The files of `oomkit_core::resources::measure` say how they are reckoned.

use crate::parts::part;
use oomkit_core::resources::measure as model;

part! {
    /// By how much memory limits exceed requests: what the kernel allows beyond what the scheduler counts on.
    Overcommit of "oomkit.resources" {
        values {
            /// Version of the JSON: 1.
            schema_version,
            /// "overcommit".
            measure,
            /// What a row stands for: "container", "pod", "workload", "namespace" or "node".
            by,
            /// How it was reckoned: "default" or "seed".
            profile,
            /// What a reader should know.
            notes,
        }
        parts {
            /// The largest first.
            rows,
            /// Everything together, not only the rows shown.
            totals,
        }
    }
}

part! {
    /// Overcommit of one container, pod, workload, namespace or node. Names that not all its pods share are `None`.
    OvercommitRow of "oomkit.resources" {
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
            /// How many pods.
            pods,
            /// What they request, in bytes.
            request_bytes,
            /// Their limits together, in bytes; `None` when a container has none.
            limit_bytes,
            /// The limits there are, in bytes, when a container has none.
            known_limit_bytes,
            /// How many containers have no limit.
            unbounded_containers,
            /// By how many bytes limits exceed requests, of containers with a limit.
            overcommit_bytes,
            /// Limits to requests, of containers with a limit; `None` where nothing is requested.
            overcommit_ratio,
            /// Of a node: all its memory, in bytes.
            capacity_bytes,
            /// Of a node: what pods may request, in bytes.
            allocatable_bytes,
            /// Of a node: what its pods may use within their limits beyond its memory, in bytes.
            beyond_capacity_bytes,
        }
    }
}

part! {
    /// What is requested and not used, each container by itself; what others use beyond their requests stands apart.
    Waste of "oomkit.resources" {
        values {
            /// Version of the JSON: 1.
            schema_version,
            /// "waste".
            measure,
            /// What a row stands for: "container", "pod", "workload", "namespace" or "node".
            by,
            /// How it was reckoned: "default" or "seed".
            profile,
            /// What a reader should know.
            notes,
        }
        parts {
            /// The largest first.
            rows,
            /// Everything together, not only the rows shown.
            totals,
        }
    }
}

part! {
    /// Waste of one container, pod, workload, namespace or node. Containers that were not measured are in none of its sums.
    WasteRow of "oomkit.resources" {
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
            /// What the containers measured request, in bytes.
            request_bytes,
            /// What they used, in bytes: the statistic of each, together.
            usage_bytes,
            /// What is called usage: "working_set", "rss", "usage" or "usage_minus_cache".
            basis,
            /// Seconds from the first to the last measurement; `None` where the sources do not tell their time.
            window_seconds,
            /// Fewest measurements of any container.
            points,
            /// What is requested beyond what is used, in bytes.
            waste_bytes,
            /// What is used beyond what is requested, in bytes.
            deficit_bytes,
            /// Share of the requests that is wasted, 0 to 1; `None` where nothing is requested.
            waste_ratio,
            /// How many containers were not measured.
            unmeasured_containers,
        }
    }
}

part! {
    /// How much memory is free, three ways, and whether a node may be lost.
    Headroom of "oomkit.resources" {
        values {
            /// Version of the JSON: 1.
            schema_version,
            /// "headroom".
            measure,
            /// What a reader should know.
            notes,
        }
        parts {
            /// All nodes together.
            cluster,
            /// Each node, the fullest first.
            nodes,
        }
    }
}

part! {
    /// Headroom of all nodes together. A ratio is the free share, 0 to 1; negative when over.
    ClusterHeadroom of "oomkit.resources" {
        values {
            /// Of memory in use; `None` unless every node was measured.
            used_ratio,
            /// Of what pods may request.
            booked_ratio,
            /// Of memory, if every pod used all its limit allows.
            ceiling_ratio,
            /// What pods may request, in bytes.
            allocatable_bytes,
            /// What they request, in bytes, as the scheduler books it; pods bound to no node included.
            request_bytes,
            /// The largest pod that still fits on a node, in bytes.
            largest_pod_bytes,
        }
        parts {
            /// Whether a node may be lost; `None` with fewer than two.
            n_plus_1,
        }
    }
}

part! {
    /// What the loss of a node would mean.
    NodeLoss of "oomkit.resources" {
        values {
            /// Whether all requests fit on the other nodes in sum.
            sum_fits,
            /// Whether the node's pods fit into the gaps of the others, the largest first. Only memory is looked at.
            packing_fits,
            /// The node whose loss is worst.
            lost_node,
        }
    }
}

part! {
    /// Headroom of one node. A ratio is the free share, 0 to 1; negative when over.
    NodeHeadroom of "oomkit.resources" {
        values {
            /// Its name.
            node,
            /// Of memory in use; `None` where it was not measured.
            used_ratio,
            /// Of what pods may request.
            booked_ratio,
            /// Of memory, if every pod used all its limit allows, each at most the whole node.
            ceiling_ratio,
            /// All its memory, in bytes.
            capacity_bytes,
            /// What pods may request, in bytes.
            allocatable_bytes,
            /// What its pods request, in bytes.
            request_bytes,
            /// Whether it takes no new pods.
            unschedulable,
        }
    }
}
