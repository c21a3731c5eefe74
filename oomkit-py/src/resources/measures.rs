//! Overcommit, waste and headroom, one frozen class each. `oomkit_core::resources::measure` says how they are reckoned.

use super::model;
use crate::parts::part;

part! {
    /// The measure and its rows.
    Overcommit of "oomkit.resources" {
        values {
            /// Version of the JSON: 1.
            schema_version,
            /// `overcommit`.
            measure,
            /// What a row stands for.
            by,
            /// How it was reckoned: `default`.
            profile,
            /// What a reader should know.
            notes,
        }
        parts {
            /// The largest first.
            rows,
            /// Everything together, not only the rows.
            totals,
            /// Kills for want of a node's memory, where kills were given.
            node_kills,
        }
    }
}

part! {
    /// One row.
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
            /// The limits there are, when a container has none, in bytes.
            known_limit_bytes,
            /// How many containers have no limit.
            unbounded_containers,
            /// By how much limits exceed requests, of containers with a limit, in bytes.
            overcommit_bytes,
            /// Limits to requests, of containers with a limit; `None` where nothing is requested.
            overcommit_ratio,
            /// The same with the node's memory as the limit of what has none, in bytes; absent where a node is not
            /// known.
            capped_overcommit_bytes,
            /// Huge pages requested, in bytes. They are no part of the node's memory and in no other sum.
            hugepages_bytes,
            /// Of a node, in bytes: all its memory.
            capacity_bytes,
            /// Of a node, in bytes: what pods may request.
            allocatable_bytes,
            /// Of a node, in bytes: what its pods may use within their limits, each at most the whole node, beyond
            /// what it has. Above 0 it can run out of memory with every container inside its limit.
            beyond_capacity_bytes,
            /// Of a node: limits of its pods to what it has for them; a lower bound where a container has none.
            limit_commitment_ratio,
            /// Of a node: requests of its pods to what it has for them.
            request_commitment_ratio,
        }
        parts {
            /// Of a container, in the profile `lain`: the band it should be in.
            lain,
            /// Kills, where they were given.
            kills,
        }
    }
}

part! {
    /// The measure and its rows.
    Waste of "oomkit.resources" {
        values {
            /// Version of the JSON: 1.
            schema_version,
            /// `waste`.
            measure,
            /// What a row stands for.
            by,
            /// How it was reckoned: `default`.
            profile,
            /// What a reader should know.
            notes,
        }
        parts {
            /// The largest first.
            rows,
            /// Everything together, not only the rows.
            totals,
            /// Where the memory of the nodes goes that is not used; absent where a node's is not known.
            idle,
            /// Kills for want of a node's memory, where kills were given.
            node_kills,
        }
    }
}

part! {
    /// One row. Containers that were not measured are in none of its sums.
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
            /// What is called usage.
            basis,
            /// From the first to the last measurement; `None` where the sources do not tell their time.
            window_seconds,
            /// Fewest measurements of any container.
            points,
            /// What is requested beyond what is used, each container by itself, in bytes.
            waste_bytes,
            /// What is used beyond what is requested, each container by itself, in bytes.
            deficit_bytes,
            /// Share of the requests that is wasted; `None` where nothing is requested.
            waste_ratio,
            /// How many containers were not measured.
            unmeasured_containers,
            /// Requests less use, of all together, in bytes: one container's deficit is set against another's
            /// waste. Often called efficiency.
            net_bytes,
            /// Waste times how long it lasted; each measurement counts until the next. Absent without two points in
            /// time.
            waste_byte_hours,
            /// What the measurements are good for, at the worst container.
            quality,
        }
        parts {
            /// Of a container, in the profile `lain`: the band it should be in.
            lain,
            /// Kills, where they were given.
            kills,
            /// Kills of others that this waste had a part in.
            hurt,
        }
    }
}

part! {
    /// Memory of the nodes that is not used, in two parts. Allocated is the larger of request and use, each
    /// container by itself.
    Idle of "oomkit.resources" {
        values {
            /// All memory of the nodes, in bytes.
            capacity_bytes,
            /// Of it, allocated to no container, in bytes.
            unallocated_bytes,
            /// Of it, allocated to containers and not used by them, in bytes.
            allocated_unused_bytes,
            /// Of it, not used by any container, in bytes.
            unused_bytes,
        }
    }
}

part! {
    /// Somebody was killed for want of memory on a node where this was wasted.
    Hurt of "oomkit.resources" {
        values {
            /// How often.
            kills,
            /// How much was wasted then, all times together, in bytes.
            wasted_bytes,
        }
    }
}

part! {
    /// Headroom of a cluster and its nodes.
    Headroom of "oomkit.resources" {
        values {
            /// Version of the JSON: 1.
            schema_version,
            /// `headroom`.
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
    /// All nodes together. A ratio is the free share, 0 to 1; negative when over.
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
            /// What they request, as the scheduler books it, in bytes; pods bound to no node included.
            request_bytes,
            /// The largest pod that still fits on a node, in bytes.
            largest_pod_bytes,
            /// That node; `None` where none takes pods.
            largest_pod_node,
        }
        parts {
            /// Whether a node may be lost; `None` with fewer than two.
            n_plus_1,
            /// Whether several nodes may be lost at once, where it was asked.
            n_plus_k,
            /// Whether a zone may be lost, each of them; empty with fewer than two.
            zones,
            /// Whether there is as much headroom as there should be.
            gate,
        }
    }
}

part! {
    /// Headroom that should be there: of memory in use on each node that takes pods, and of what is booked in the
    /// cluster. The mean over a cluster would hide its fullest node.
    Gate of "oomkit.resources" {
        values {
            /// The free share that should be there.
            least_ratio,
            /// Whether it is; `None` where nothing is known.
            holds,
            /// The node with the least used headroom.
            worst_node,
            /// Its used headroom.
            worst_used_ratio,
            /// Booked headroom of the cluster.
            booked_ratio,
        }
    }
}

part! {
    /// One node. A ratio is the free share, 0 to 1; negative when over.
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
            /// The largest pod that still fits, in bytes.
            free_bytes,
            /// Whether it takes no new pods.
            unschedulable,
        }
    }
}

part! {
    /// What the loss of a node would mean.
    NodeLoss of "oomkit.resources" {
        values {
            /// Whether all requests fit on the other nodes in sum.
            sum_fits,
            /// Whether the node's pods fit into the gaps of the others, the largest first. Only memory is looked
            /// at.
            packing_fits,
            /// The node whose loss is worst.
            lost_node,
        }
    }
}

part! {
    /// What the loss of several nodes at once would mean.
    NodesLoss of "oomkit.resources" {
        values {
            /// How many.
            nodes,
            /// Whether all requests fit on the other nodes in sum.
            sum_fits,
            /// Whether the nodes' pods fit into the gaps of the others, the largest first.
            packing_fits,
            /// The nodes whose loss is worst.
            lost_nodes,
            /// Whether every set of so many nodes was tried; else the largest nodes, the fullest, and those of the
            /// largest pods.
            exhaustive,
        }
    }
}

part! {
    /// What the loss of a zone would mean.
    ZoneLoss of "oomkit.resources" {
        values {
            /// `topology.kubernetes.io/zone`.
            zone,
            /// How many nodes it has.
            nodes,
            /// Whether all requests fit on the other zones' nodes in sum.
            sum_fits,
            /// Whether its pods fit into the gaps there.
            packing_fits,
        }
    }
}
