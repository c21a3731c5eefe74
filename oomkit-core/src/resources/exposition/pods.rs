//! Pods and nodes from the metrics of kube-state-metrics.

use super::series::Series;
use super::{bytes, label};
use crate::event::QosClass;
use crate::resources::ClusterFacts;
use crate::resources::kubernetes::Take;
use crate::resources::model::{Container, ContainerKind, CpuClaim, Hash, Limit, Node, Phase, Pod, Workload};
use crate::units::Bytes;
use std::collections::BTreeMap;

/// What was seen of pods, nodes and owners.
#[derive(Debug, Default)]
pub(super) struct Pods {
    pods: BTreeMap<Key, Seen>,
    nodes: BTreeMap<String, Node>,
    /// Namespace and ReplicaSet or Job → owner.
    owners: BTreeMap<(String, String), (String, String)>,
    /// Series that replicas of kube-state-metrics disagree about.
    disputed: u64,
}

/// Namespace, name, uid.
type Key = (String, String, String);

#[derive(Debug, Default)]
struct Seen {
    node: Option<String>,
    phase: Phase,
    owner: Option<(String, String)>,
    qos_class: Option<QosClass>,
    overhead: Bytes,
    containers: BTreeMap<String, Declares>,
}

#[derive(Debug, Default)]
struct Declares {
    init: bool,
    sidecar: bool,
    request: Option<Bytes>,
    limit: Option<Bytes>,
}

impl Pods {
    /// Whether the series says something of a pod or a node. Units are not looked at: sources spell them differently.
    pub(super) fn take(&mut self, series: &Series) -> bool {
        let Some(metric) = series.name.strip_prefix("kube_") else { return false };
        let memory = series.labels.get("resource").is_some_and(|resource| resource == "memory");
        match metric {
            "node_status_allocatable" | "node_status_capacity" if memory => {
                let Some(name) = label(series, "node") else { return true };
                let node = self.nodes.entry(name.to_owned()).or_default();
                let slot = if metric.ends_with("capacity") { &mut node.capacity } else { &mut node.allocatable };
                *slot = (*slot).max(bytes(series.value));
                node.name = name.to_owned();
            }
            "node_info" => {
                let Some(name) = label(series, "node") else { return true };
                let node = self.nodes.entry(name.to_owned()).or_default();
                node.windows |= series.labels.get("os_image").is_some_and(|image| image.starts_with("Windows"));
                node.name = name.to_owned();
            }
            "node_status_condition" if series.value == 1.0 => {
                let is = |name: &str, value: &str| series.labels.get(name).is_some_and(|label| label == value);
                let Some(name) = label(series, "node") else { return true };
                if is("condition", "MemoryPressure") && is("status", "true") {
                    let node = self.nodes.entry(name.to_owned()).or_default();
                    node.memory_pressure = true;
                    node.name = name.to_owned();
                }
            }
            "replicaset_owner" | "job_owner" => {
                let name = label(series, "replicaset").or(series.labels.get("job_name").map(String::as_str));
                if let (Some(namespace), Some(name), Some(owner)) = (label(series, "namespace"), name, owner(series)) {
                    self.owners.insert((namespace.to_owned(), name.to_owned()), owner);
                }
            }
            _ if metric.starts_with("pod_") => self.of_pod(&metric[4..], memory, series),
            _ => {}
        }
        true
    }

    fn of_pod(&mut self, metric: &str, memory: bool, series: &Series) {
        let (Some(namespace), Some(name)) = (label(series, "namespace"), label(series, "pod")) else { return };
        let uid = label(series, "uid").unwrap_or_default();
        let pod = self.pods.entry((namespace.to_owned(), name.to_owned(), uid.to_owned())).or_default();
        let container = label(series, "container");
        match metric {
            "status_phase" if series.value == 1.0 => {
                pod.phase = match series.labels.get("phase").map(String::as_str) {
                    Some("Pending") => Phase::Pending,
                    Some("Running") => Phase::Running,
                    Some("Succeeded") => Phase::Succeeded,
                    Some("Failed") => Phase::Failed,
                    _ => pod.phase,
                };
            }
            "status_qos_class" if series.value == 1.0 => {
                pod.qos_class = match series.labels.get("qos_class").map(String::as_str) {
                    Some("Guaranteed") => Some(QosClass::Guaranteed),
                    Some("Burstable") => Some(QosClass::Burstable),
                    Some("BestEffort") => Some(QosClass::BestEffort),
                    _ => pod.qos_class.take(),
                };
            }
            "info" => pod.node = label(series, "node").map(str::to_owned).or(pod.node.take()),
            "owner" => pod.owner = owner(series).or(pod.owner.take()),
            "overhead_memory_bytes" => pod.overhead = pod.overhead.max(bytes(series.value).unwrap_or_default()),
            _ => {
                let Some(container) = container else { return };
                let (metric, init) = match metric.strip_prefix("init_container_") {
                    Some(metric) => (metric, true),
                    None => match metric.strip_prefix("container_") {
                        Some(metric) => (metric, false),
                        None => return,
                    },
                };
                if pod.node.is_none() {
                    pod.node = label(series, "node").map(str::to_owned);
                }
                self.disputed += u64::from(pod.declare(container, metric, init, memory, series));
            }
        }
    }

    /// Hands over all pods and nodes; gives what a reader should know.
    pub(super) fn finish(self, facts: &mut ClusterFacts) -> Vec<String> {
        for (_, node) in self.nodes {
            facts.node(node);
        }
        for ((namespace, name, uid), seen) in self.pods {
            let workload = match &seen.owner {
                Some((kind, owner)) => match self.owners.get(&(namespace.clone(), owner.clone())) {
                    Some((kind, owner)) => Workload::of_owner(kind, owner, Hash::None),
                    None => Workload::of_owner(kind, owner, Hash::Unknown),
                },
                None => Workload::of_pod(&name),
            };
            facts.pod(seen.pod(namespace, name, uid, workload));
        }
        match self.disputed {
            0 => Vec::new(),
            n => vec![format!(
                "{n} series differ by more than 1% between replicas of kube-state-metrics: the larger counts"
            )],
        }
    }
}

/// `owner_kind` and `owner_name`, which are `<none>` for an object of nobody's.
fn owner(series: &Series) -> Option<(String, String)> {
    let part = |name: &str| series.labels.get(name).filter(|value| !value.is_empty() && *value != "<none>").cloned();
    Some((part("owner_kind")?, part("owner_name")?))
}

impl Seen {
    /// Gives whether a replica said something else.
    fn declare(&mut self, container: &str, metric: &str, init: bool, memory: bool, series: &Series) -> bool {
        let slot = |declares: &mut Declares| -> bool {
            declares.init |= init;
            let slot = match metric {
                "resource_limits" if memory => &mut declares.limit,
                "resource_requests" if memory => &mut declares.request,
                _ => return false,
            };
            let (before, now) = (*slot, bytes(series.value));
            *slot = before.max(now);
            before.zip(now).is_some_and(|(before, now)| before.get().abs_diff(now.get()) > before.max(now).get() / 100)
        };
        match metric {
            "info" => {
                let declares = self.containers.entry(container.to_owned()).or_default();
                declares.init |= init;
                declares.sidecar |= series.labels.get("restart_policy").is_some_and(|policy| policy == "Always");
                false
            }
            "resource_limits" | "resource_requests" => slot(self.containers.entry(container.to_owned()).or_default()),
            _ => false,
        }
    }

    fn pod(self, namespace: String, name: String, uid: String, workload: Workload) -> Pod {
        let containers = self.containers.into_iter().map(|(name, declares)| Container {
            name,
            kind: match (declares.init, declares.sidecar) {
                (true, true) => ContainerKind::Sidecar,
                (true, false) => ContainerKind::Init,
                (false, _) => ContainerKind::Regular,
            },
            request: declares.request.or(declares.limit),
            request_defaulted: declares.request.is_none() && declares.limit.is_some(),
            limit: declares.limit.filter(|limit| limit.get() > 0).map_or(Limit::Unbounded, Limit::Bounded),
            cpu: CpuClaim::Unknown,
            hugepages: Bytes(0),
            status: None,
        });
        Pod {
            namespace,
            name,
            uid,
            workload,
            node: self.node,
            phase: self.phase,
            qos_class: self.qos_class,
            containers: containers.collect(),
            overhead: self.overhead,
            ..Pod::default()
        }
    }
}
