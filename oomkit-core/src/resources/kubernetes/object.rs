//! The fields of pods and nodes that matter here, as the API writes them. Everything else is passed over.

use crate::units::{Bytes, Quantity};
use chrono::{DateTime, FixedOffset};
use serde::de::{self, Deserialize, Deserializer};
use std::collections::BTreeMap;

/// `null` is as good as nothing.
fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// A struct of the API: every field may be absent or null.
macro_rules! object {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $type:ty,)* })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Default, serde::Deserialize)]
        #[serde(default, rename_all = "camelCase")]
        pub(super) struct $name {
            $($(#[$attribute])* #[serde(deserialize_with = "nullable")] pub(super) $field: $type,)*
        }
    )+};
}

object! {
    Metadata {
        name: String,
        namespace: String,
        uid: String,
        labels: Option<BTreeMap<String, String>>,
        annotations: Annotations,
        owner_references: Vec<Owner>,
        creation_timestamp: Stamp,
    }

    /// Only those that are looked at: others may be large.
    Annotations {
        /// The hash of a static pod's manifest.
        #[serde(rename = "kubernetes.io/config.hash")]
        hash: Option<String>,
        #[serde(rename = "kubernetes.io/config.mirror")]
        mirror: Option<String>,
    }

    Owner {
        kind: String,
        name: String,
        controller: bool,
    }

    /// Of a pod and of a node: they share no field that is looked at.
    Spec {
        node_name: Option<String>,
        priority: i32,
        priority_class_name: Option<String>,
        overhead: Amounts,
        resources: Resources,
        containers: Vec<ContainerSpec>,
        volumes: Vec<Volume>,
        init_containers: Vec<ContainerSpec>,
        ephemeral_containers: Vec<ContainerSpec>,
        #[serde(rename = "providerID")]
        provider_id: Option<String>,
        unschedulable: bool,
        /// Of a LimitRange.
        limits: Vec<LimitItem>,
    }

    LimitItem {
        #[serde(rename = "type")]
        of: String,
        default: Amounts,
        default_request: Amounts,
        max: Amounts,
        min: Amounts,
    }

    ContainerSpec {
        name: String,
        restart_policy: Option<String>,
        resources: Resources,
    }

    Resources {
        requests: Amounts,
        limits: Amounts,
    }

    Amounts {
        memory: Option<Memory>,
        cpu: Option<Quantity>,
        #[serde(rename = "hugepages-2Mi")]
        hugepages_2mi: Option<Memory>,
        #[serde(rename = "hugepages-1Gi")]
        hugepages_1gi: Option<Memory>,
    }

    Volume {
        name: String,
        empty_dir: Option<EmptyDir>,
    }

    EmptyDir {
        medium: String,
        size_limit: Option<Memory>,
    }

    NodeInfo {
        operating_system: Option<String>,
        swap: SwapInfo,
    }

    SwapInfo {
        capacity: u64,
    }

    /// Of a pod and of a node.
    Status {
        phase: Option<String>,
        qos_class: Option<String>,
        container_statuses: Vec<ContainerState>,
        init_container_statuses: Vec<ContainerState>,
        ephemeral_container_statuses: Vec<ContainerState>,
        capacity: Amounts,
        allocatable: Amounts,
        addresses: Vec<Address>,
        conditions: Vec<Condition>,
        node_info: NodeInfo,
    }

    /// Its times, as a node's heartbeat comes every few minutes, and whether the node is short of memory.
    Condition {
        #[serde(rename = "type")]
        name: String,
        status: String,
        last_transition_time: Stamp,
        last_heartbeat_time: Stamp,
    }

    ContainerState {
        name: String,
        #[serde(rename = "containerID")]
        container_id: Option<String>,
        restart_count: u32,
        state: State,
        last_state: State,
        allocated_resources: Amounts,
        resources: Resources,
    }

    State {
        running: Option<Running>,
        terminated: Option<Terminated>,
    }

    Running {
        started_at: Option<Time>,
    }

    Terminated {
        reason: Option<String>,
        exit_code: Option<i32>,
        started_at: Option<Time>,
        finished_at: Option<Time>,
        #[serde(rename = "containerID")]
        container_id: Option<String>,
    }

    Address {
        address: String,
    }
}

/// A quantity of memory as Kubernetes counts it: whole bytes, rounded up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Memory(pub(super) Bytes);

impl<'de> Deserialize<'de> for Memory {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let quantity = Quantity::deserialize(deserializer)?;
        quantity.rounded_bytes().map(|bytes| Self(Bytes(bytes))).map_err(de::Error::custom)
    }
}

/// RFC 3339, as the API writes times.
#[derive(Debug, Clone, Copy)]
pub(super) struct Time(pub(super) DateTime<FixedOffset>);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let expected = || de::Error::custom(format!("{text:?} is not a time such as \"2024-03-30T11:00:01Z\""));
        DateTime::parse_from_rfc3339(&text).map(Self).map_err(|_| expected())
    }
}

/// A time that only helps to tell when the objects were listed: one that cannot be read is passed over.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stamp(pub(super) Option<DateTime<FixedOffset>>);

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self(DateTime::parse_from_rfc3339(&text).ok()))
    }
}

/// The latest time an object carries: it was listed after that.
pub(super) fn latest(metadata: &Metadata, status: &Status) -> Option<DateTime<FixedOffset>> {
    let conditions = status.conditions.iter().flat_map(|c| [c.last_transition_time.0, c.last_heartbeat_time.0]);
    let containers =
        [&status.container_statuses, &status.init_container_statuses, &status.ephemeral_container_statuses];
    let states = containers.into_iter().flatten().flat_map(|container| [&container.state, &container.last_state]);
    let states = states.flat_map(|state| {
        let running = state.running.as_ref().and_then(|running| running.started_at);
        let ended = state.terminated.as_ref().and_then(|ended| ended.finished_at);
        [running, ended].map(|time| time.map(|time| time.0))
    });
    conditions.chain(states).chain([metadata.creation_timestamp.0]).flatten().max()
}
