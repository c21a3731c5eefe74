//! From the API's fields to pods and nodes.

use super::Defaults;
use super::object::{
    Amounts, Condition, ContainerSpec, ContainerState, Memory, Metadata, Resources, Spec, State, Status, Terminated,
    Volume,
};
use crate::event::QosClass;
use crate::resources::model::{
    Container, ContainerKind, ContainerStatus, CpuClaim, Hash, Limit, MemoryVolume, Node, Phase, Pod, Termination,
    Workload,
};
use crate::units::{Bytes, Quantity};

pub(super) fn pod(metadata: Metadata, spec: Spec, status: Status) -> Pod {
    let workload = workload(&metadata);
    let init_kind = |spec: &ContainerSpec| match spec.restart_policy.as_deref() {
        Some("Always") => ContainerKind::Sidecar,
        _ => ContainerKind::Init,
    };
    let mut containers = Vec::with_capacity(spec.containers.len());
    let mut add =
        |specs: Vec<ContainerSpec>, mut states: Vec<ContainerState>, kind: &dyn Fn(&ContainerSpec) -> ContainerKind| {
            for spec in specs {
                let state = states.iter().position(|state| state.name == spec.name).map(|at| states.swap_remove(at));
                let kind = kind(&spec);
                containers.push(container(spec, kind, state));
            }
        };
    add(spec.containers, status.container_statuses, &|_| ContainerKind::Regular);
    add(spec.init_containers, status.init_container_statuses, &init_kind);
    add(spec.ephemeral_containers, status.ephemeral_container_statuses, &|_| ContainerKind::Ephemeral);
    // a mirror pod's own uid is the API server's; its cgroups carry the hash
    let static_hash = metadata.annotations.mirror.is_some().then_some(metadata.annotations.hash).flatten();
    Pod {
        namespace: metadata.namespace,
        name: metadata.name,
        uid: metadata.uid,
        static_hash,
        workload,
        node: spec.node_name.filter(|name| !name.is_empty()),
        phase: match status.phase.as_deref() {
            Some("Pending") => Phase::Pending,
            Some("Running") => Phase::Running,
            Some("Succeeded") => Phase::Succeeded,
            Some("Failed") => Phase::Failed,
            _ => Phase::Unknown,
        },
        qos_class: match status.qos_class.as_deref() {
            Some("Guaranteed") => Some(QosClass::Guaranteed),
            Some("Burstable") => Some(QosClass::Burstable),
            Some("BestEffort") => Some(QosClass::BestEffort),
            _ => None,
        },
        priority: spec.priority,
        priority_class: spec.priority_class_name.filter(|name| !name.is_empty()),
        containers,
        overhead: bytes(&spec.overhead).unwrap_or_default(),
        request: bytes(&spec.resources.requests).or(bytes(&spec.resources.limits)),
        limit: bytes(&spec.resources.limits),
        memory_volumes: spec.volumes.into_iter().filter_map(memory_volume).collect(),
    }
}

fn memory_volume(volume: Volume) -> Option<MemoryVolume> {
    let empty = volume.empty_dir.filter(|dir| dir.medium == "Memory")?;
    // to Kubernetes, a size limit of 0 is none
    let size_limit = empty.size_limit.map(|Memory(bytes)| bytes).filter(|bytes| bytes.get() > 0);
    Some(MemoryVolume { name: volume.name, size_limit })
}

/// A limit alone is the request too, as for memory.
fn cpu_claim(resources: &Resources) -> CpuClaim {
    let some = |quantity: Option<Quantity>| quantity.filter(|quantity| quantity.to_string() != "0");
    match (some(resources.requests.cpu).or(some(resources.limits.cpu)), some(resources.limits.cpu)) {
        (None, None) => CpuClaim::None,
        (Some(request), Some(limit)) if request == limit => CpuClaim::Guaranteed,
        _ => CpuClaim::Some,
    }
}

fn hugepages(resources: &Resources) -> Bytes {
    let of = |amounts: &Amounts| {
        let sizes = [&amounts.hugepages_2mi, &amounts.hugepages_1gi];
        sizes.into_iter().flatten().map(|Memory(bytes)| *bytes).sum::<Bytes>()
    };
    of(&resources.requests).max(of(&resources.limits))
}

/// Of a LimitRange's items for containers: without a default limit the largest is one, without a default request the default
/// limit, then the least.
pub(super) fn defaults(metadata: Metadata, spec: Spec) -> Option<Defaults> {
    let item = spec.limits.into_iter().find(|item| item.of == "Container")?;
    let limit = bytes(&item.default).or(bytes(&item.max));
    let request = bytes(&item.default_request).or(limit).or(bytes(&item.min));
    Some(Defaults { namespace: metadata.namespace, request, limit })
}

pub(super) fn node(metadata: Metadata, spec: Spec, status: Status) -> Node {
    let mut labels = metadata.labels.unwrap_or_default();
    let zone = labels.remove("topology.kubernetes.io/zone");
    let system = labels.remove("kubernetes.io/os").or(status.node_info.operating_system);
    let pressed = |condition: &Condition| condition.name == "MemoryPressure" && condition.status == "True";
    Node {
        name: metadata.name,
        capacity: bytes(&status.capacity),
        allocatable: bytes(&status.allocatable),
        unschedulable: spec.unschedulable,
        swap: Some(Bytes(status.node_info.swap.capacity)).filter(|swap| swap.get() > 0),
        windows: system.as_deref() == Some("windows"),
        memory_pressure: status.conditions.iter().any(pressed),
        zone,
        addresses: status.addresses.into_iter().map(|address| address.address).collect(),
        provider_id: spec.provider_id,
    }
}

fn workload(metadata: &Metadata) -> Workload {
    let label = |name: &str| metadata.labels.as_ref()?.get(name).map(String::as_str);
    let hash = match (&metadata.labels, label("pod-template-hash"), label("rollouts-pod-template-hash")) {
        (_, Some(hash), _) => Hash::Deployment(hash),
        (_, None, Some(hash)) => Hash::Rollout(hash),
        (Some(_), None, None) => Hash::None,
        (None, ..) => Hash::Unknown,
    };
    let owners = &metadata.owner_references;
    match owners.iter().find(|owner| owner.controller).or(owners.first()) {
        Some(owner) => Workload::of_owner(&owner.kind, &owner.name, hash),
        None => Workload::of_pod(&metadata.name),
    }
}

fn container(spec: ContainerSpec, kind: ContainerKind, state: Option<ContainerState>) -> Container {
    // while a resize in place is under way, the scheduler counts the largest of what is asked, granted and in force
    let empty = Resources::default();
    let in_force = state.as_ref().map_or(&empty, |state| &state.resources);
    let granted = state.as_ref().and_then(|state| bytes(&state.allocated_resources));
    let limit = bytes(&spec.resources.limits).max(bytes(&in_force.limits));
    let declared = bytes(&spec.resources.requests).max(granted).max(bytes(&in_force.requests));
    Container {
        name: spec.name,
        kind,
        request: declared.or(limit),
        cpu: cpu_claim(&spec.resources),
        hugepages: hugepages(&spec.resources),
        request_defaulted: declared.is_none() && limit.is_some(),
        // to the kubelet, a limit of 0 is none
        limit: limit.filter(|limit| limit.get() > 0).map_or(Limit::Unbounded, Limit::Bounded),
        status: state.map(container_status),
    }
}

fn container_status(state: ContainerState) -> ContainerStatus {
    let State { running, terminated } = state.state;
    ContainerStatus {
        id: state.container_id.and_then(bare_id),
        restart_count: state.restart_count,
        running_since: running.and_then(|running| running.started_at).map(|time| time.0),
        ended: terminated.map(termination),
        last_ended: state.last_state.terminated.map(termination),
    }
}

fn termination(ended: Terminated) -> Termination {
    Termination {
        reason: ended.reason.filter(|reason| !reason.is_empty()),
        exit_code: ended.exit_code,
        started_at: ended.started_at.map(|time| time.0),
        finished_at: ended.finished_at.map(|time| time.0),
        id: ended.container_id.and_then(bare_id),
    }
}

/// `containerd://9f…`, `docker://9f…`, `cri-o://9f…`.
fn bare_id(id: String) -> Option<String> {
    let bare = id.rsplit_once("://").map_or(&*id, |(_, bare)| bare);
    (!bare.is_empty()).then(|| bare.to_owned())
}

fn bytes(amounts: &Amounts) -> Option<Bytes> {
    amounts.memory.map(|Memory(bytes)| bytes)
}
