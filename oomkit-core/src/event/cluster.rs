//! What the cluster's own objects say about the pod a kill hit.

use super::QosClass;
use super::part::part;
use super::word::words;
use crate::units::Bytes;
use chrono::{DateTime, FixedOffset};

part! {
    /// The pod, container and node of a kill, from pods and nodes given beside the log. They say what is declared when
    /// they were listed, not when the kill happened.
    #[derive(Default)]
    Cluster {
        /// What joins the pod to the dump: "container_id", "pod_uid", "static_pod_hash", or "trigger" where the dump
        /// tells only who asked for memory.
        matched_by: Option<MatchedBy>,
        /// Namespace of the pod.
        namespace: Option<String>,
        /// Name of the pod.
        pod: Option<String>,
        /// Who the pod belongs to: `Deployment/web`; a ReplicaSet's Deployment, a Job's CronJob.
        workload: Option<String>,
        /// Phase of the pod: `Running`, `Failed` …
        phase: Option<String>,
        /// QoS class as the pod's status has it.
        qos_class: Option<QosClass>,
        /// Name of the container.
        container: Option<String>,
        /// `regular`, `init`, `sidecar` or `ephemeral`.
        container_kind: Option<String>,
        /// Memory the container requests.
        request_bytes: Option<Bytes>,
        /// The container's memory limit; absent where it has none.
        limit_bytes: Option<Bytes>,
        /// Memory limit of the whole pod: its own, or its containers' where each has one.
        pod_limit_bytes: Option<Bytes>,
        /// The limit that was hit, when it was this container's or this pod's.
        limit_at_kill_bytes: Option<Bytes>,
        /// How that limit has changed since.
        limit_change: Option<LimitChange>,
        /// How often the container was started again.
        restart_count: Option<u32>,
        /// Since when the container runs.
        running_since: Option<DateTime<FixedOffset>>,
        /// How the container last ended.
        last_state: Option<LastState>,
        /// Name of the node.
        node: Option<String>,
        /// All memory of the node.
        node_capacity_bytes: Option<Bytes>,
        /// What of it pods may request.
        node_allocatable_bytes: Option<Bytes>,
        /// Whether the pod's status shows this kill.
        visibility: Option<Visibility>,
        /// Whether that is what the verdict says.
        agreement: Option<ClusterAgreement>,
        /// Why, in sentences.
        evidence: Vec<String>,
    }

    /// How a container ended, as its status keeps it until the next end.
    #[derive(Default)]
    LastState {
        /// `OOMKilled`, `Error`, `Completed` …
        reason: Option<String>,
        /// 137 is death by SIGKILL, whoever sent it.
        exit_code: Option<i32>,
        /// When it was started.
        started_at: Option<DateTime<FixedOffset>>,
        /// When it ended.
        finished_at: Option<DateTime<FixedOffset>>,
    }
}

words! {
    /// What joins a pod to a dump.
    MatchedBy {
        /// The id of the container, running or ended.
        ContainerId = "container_id",
        /// The pod's uid.
        PodUid = "pod_uid",
        /// The hash of a static pod's manifest.
        StaticPodHash = "static_pod_hash",
        /// The container of the task that asked for memory: the dump does not tell the victim's.
        Trigger = "trigger",
    }

    /// How a limit has changed since the kill.
    LimitChange {
        /// Not at all.
        Same = "same",
        /// It is larger now.
        Raised = "raised",
        /// It is smaller now.
        Lowered = "lowered",
        /// There is none any more.
        Removed = "removed",
    }

    /// Whether a pod's status shows a kill.
    Visibility {
        /// The container ended with it, and the status says `OOMKilled`.
        Visible = "visible",
        /// The container lived on: nothing in the status tells of it.
        Silent = "silent",
        /// The container ended, and its status does not say why, or a later end has overwritten it.
        StatusLost = "status_lost",
        /// No pod of that uid is among those given.
        PodMissing = "pod_missing",
        /// The status does not tell.
        Unknown = "unknown",
    }

    /// Whether the cluster's objects bear out a verdict.
    ClusterAgreement {
        /// They do.
        Agrees = "agrees",
        /// They say the opposite.
        Contradicts = "contradicts",
        /// They tell what the dump does not.
        Decides = "decides",
        /// They do not tell.
        Undecided = "undecided",
    }
}
