//! What the kernel says beside a measure, and whom a row is about.

use super::model;
use crate::parts::part;

part! {
    /// What the kernel says about a row.
    KillSummary of "oomkit.resources" {
        values {
            /// Runs of the OOM killer.
            events,
            /// Processes killed.
            processes,
            /// Events that nothing outside the container could see.
            silent,
            /// At the container's own limit.
            container_limit,
            /// At the pod's limit.
            pod_limit,
            /// Because the node, or all that pods may have of it, was used up.
            node,
            /// When the last was, where its time is exact.
            last,
            /// The highest limit of a container that was hit, in bytes.
            limit_at_kill_bytes,
            /// The most that was charged to a container when it was killed, in bytes.
            usage_at_kill_bytes,
            /// The highest sample in the hour before that kill, in bytes.
            sampled_peak_bytes,
            /// What of it sampling had missed, at most, at any kill, in bytes.
            missed_bytes,
        }
    }
}

part! {
    /// A kill for want of the node's memory, and its neighbours.
    NodeKill of "oomkit.resources" {
        values {
            /// The event's id.
            event_id,
            /// When, where the log's clock is exact.
            time,
            /// The node.
            node,
            /// `node` or `node_allocatable`.
            scope,
            /// What the killed processes held, in bytes.
            victim_bytes,
            /// What pods of the node used beyond their requests then, in bytes.
            over_request_bytes,
            /// What other pods of the node had requested and did not use then, in bytes.
            wasted_bytes,
            /// Containers of the node of which nothing was measured at that time.
            unmeasured_containers,
        }
        parts {
            /// Who was hit.
            victim,
            /// Who was above their requests, the most first.
            over_request,
            /// Who else had more than they used, the most first.
            wasted,
        }
    }
}

part! {
    /// One pod's part.
    Share of "oomkit.resources" {
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
            /// What it requests, in bytes.
            request_bytes,
            /// What it used at that time, in bytes.
            usage_bytes,
            /// Above or below the request, each container by itself.
            bytes,
            /// Scheduling priority.
            priority,
        }
    }
}

part! {
    /// Who a row is about: names that all its pods share; the others are `None`.
    Names of "oomkit.resources" {
        values {
            /// The cluster, where several are told apart.
            cluster,
            /// Namespace.
            namespace,
            /// Pod.
            pod,
            /// Container.
            container,
            /// `Deployment/web`.
            workload,
            /// Node.
            node,
        }
    }
}
