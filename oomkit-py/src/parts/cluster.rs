//! What the cluster's own objects say about the pod a kill hit.

use super::part;
use oomkit_core::event as model;

part! {
    /// The pod, container and node of a kill, from pods and nodes given beside the log. They say what is declared when
    /// they were listed, not when the kill happened.
    Cluster {
        values {
            /// What joins the pod to the dump: "container_id", "pod_uid", "static_pod_hash", or "trigger" where the dump
            /// tells only who asked for memory.
            matched_by,
            /// Namespace of the pod.
            namespace,
            /// Name of the pod.
            pod,
            /// Who the pod belongs to: `Deployment/web`; a ReplicaSet's Deployment, a Job's CronJob.
            workload,
            /// Phase of the pod: "Running", "Failed" …
            phase,
            /// QoS class as the pod's status has it: "guaranteed", "burstable" or "best_effort".
            qos_class,
            /// Name of the container.
            container,
            /// "regular", "init", "sidecar" or "ephemeral".
            container_kind,
            /// Memory the container requests, in bytes.
            request_bytes,
            /// The container's memory limit, in bytes; `None` where it has none.
            limit_bytes,
            /// Memory limit of the whole pod, in bytes: its own, or its containers' where each has one.
            pod_limit_bytes,
            /// The limit that was hit, in bytes, when it was this container's or this pod's.
            limit_at_kill_bytes,
            /// How that limit has changed since: "same", "raised", "lowered" or "removed".
            limit_change,
            /// How often the container was started again.
            restart_count,
            /// Since when the container runs.
            running_since,
            /// Name of the node.
            node,
            /// All memory of the node, in bytes.
            node_capacity_bytes,
            /// What of it pods may request, in bytes.
            node_allocatable_bytes,
            /// Whether the pod's status shows this kill: "visible", "silent", "status_lost", "pod_missing" or "unknown".
            visibility,
            /// Whether that is what the verdict says: "agrees", "contradicts", "decides" or "undecided".
            agreement,
            /// Why, in sentences.
            evidence,
        }
        parts {
            /// How the container last ended.
            last_state,
        }
    }
}

part! {
    /// How a container ended, as its status keeps it until the next end.
    LastState {
        values {
            /// `OOMKilled`, `Error`, `Completed` …
            reason,
            /// 137 is death by SIGKILL, whoever sent it.
            exit_code,
            /// When it was started.
            started_at,
            /// When it ended.
            finished_at,
        }
    }
}
