//! Which pod, container and node an event is about: by container id, pod uid, host name.

mod limit;
#[cfg(test)]
mod tests;
mod visibility;

use super::kubernetes::{self, Contents, Defaults, Take};
use super::model::{Container, Limit, Node, Phase, Pod, Termination};
use crate::error::Error;
use crate::event::{Cluster, Event, Identity, LastState, Level, MatchedBy, Visibility};
use chrono::{DateTime, FixedOffset};
use std::collections::HashMap;
use std::io::Read;

/// Pods and nodes of a cluster, to be joined to events.
///
/// ```
/// use oomkit_core::{parse, resources::ClusterFacts};
///
/// let pods = r#"{"kind": "PodList", "items": [{
///     "metadata": {"namespace": "shop", "name": "web-1", "uid": "282bb4b9-acc8-4c6a-4bf0-7428e6f2162e"},
///     "spec": {"containers": [{"name": "app", "resources": {"limits": {"memory": "800Mi"}}}]}}]}"#;
/// let mut facts = ClusterFacts::default();
/// facts.read("pods.json", pods.as_bytes())?;
///
/// let log = b"[   71.146532] oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,\
/// task_memcg=/kubepods/burstable/pod282bb4b9-acc8-4c6a-4bf0-7428e6f2162e/\
/// 95c60e745329b8086265b465c26af09a83399e9985e08c61d850bc027caa4d7c,task=java,pid=42,uid=0\n";
/// let event = &parse(log)[0];
/// let cluster = facts.join(event).unwrap();
/// assert_eq!((cluster.namespace.as_deref(), cluster.pod.as_deref()), (Some("shop"), Some("web-1")));
/// # Ok::<(), oomkit_core::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct ClusterFacts {
    pods: Vec<Pod>,
    nodes: Vec<Node>,
    /// From which source each pod is.
    from: Vec<usize>,
    /// Of each source, the time after which it was listed.
    listed_after: Vec<Option<DateTime<FixedOffset>>>,
    /// Uid or static pod's hash, without dashes → pod.
    by_uid: HashMap<String, usize>,
    /// Namespace and name → pod.
    by_name: HashMap<(String, String), usize>,
    /// Container id → pod and container.
    by_container: HashMap<String, (usize, usize)>,
    by_node: HashMap<String, usize>,
    defaults: Vec<Defaults>,
}

impl ClusterFacts {
    /// Adds the pods and nodes of a source called `name`: JSON as `kubectl get pods,nodes -A -o json` prints it, single
    /// objects, lists, arrays, or any of them one after the other. An object read again replaces the earlier one.
    ///
    /// # Errors
    /// The reader's, and text that is not such JSON: says where, which field, and what was expected. What came before
    /// that was added.
    pub fn read(&mut self, name: &str, reader: impl Read) -> Result<Contents, Error> {
        let contents = kubernetes::read(name, reader, self);
        self.fill_in();
        self.listed_after.push(contents.as_ref().ok().and_then(|contents| contents.listed_after));
        contents
    }

    /// What a LimitRange fills in when a manifest is applied. A pod of the cluster carries it already.
    fn fill_in(&mut self) {
        let manifests = self.pods.iter_mut().filter(|pod| pod.uid.is_empty() && pod.phase == Phase::Unknown);
        for pod in manifests {
            let Some(defaults) = self.defaults.iter().rev().find(|of| of.namespace == pod.namespace) else { continue };
            for container in &mut pod.containers {
                if container.limit == Limit::Unbounded
                    && let Some(limit) = defaults.limit.filter(|limit| Some(*limit) >= container.request)
                {
                    container.limit = Limit::Bounded(limit);
                }
                if container.request.is_none() {
                    container.request = defaults.request;
                    container.request_defaulted = defaults.request.is_some();
                }
            }
        }
    }

    /// Whether there is a pod of that name.
    pub(super) fn has_pod(&self, namespace: &str, name: &str) -> bool {
        self.by_name.contains_key(&(namespace.to_owned(), name.to_owned()))
    }

    /// All pods, in the order they were first read.
    pub fn pods(&self) -> &[Pod] {
        &self.pods
    }

    /// All nodes, in the order they were first read.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The node of that name.
    pub fn node(&self, name: &str) -> Option<&Node> {
        self.by_node.get(name).map(|&at| &self.nodes[at])
    }

    /// What these objects say about an event. `None` where they say nothing.
    pub fn join(&self, event: &Event) -> Option<Cluster> {
        let mut cluster = Cluster::default();
        let found = self.find(event);
        if let Some(found) = &found {
            found.describe(&mut cluster);
            limit::compare(event, found, &mut cluster);
        }
        let host = event.host.as_deref();
        let node = host.and_then(|host| self.node_of(host)).or_else(|| {
            let name = found.as_ref()?.pod.node.as_ref()?;
            self.node(name)
        });
        if let Some(node) = node {
            cluster.node = Some(node.name.clone());
            cluster.node_capacity_bytes = node.capacity;
            cluster.node_allocatable_bytes = node.allocatable;
        }
        match &found {
            Some(found) => {
                cluster.node = cluster.node.or_else(|| found.pod.node.clone());
                visibility::judge(event, found, &mut cluster);
                if let (Some(bound), Some(node)) = (&found.pod.node, node)
                    && *bound != node.name
                {
                    let sentence = format!("the pod is bound to node {bound}, but the log is of node {}", node.name);
                    cluster.evidence.push(sentence);
                }
            }
            None if !self.pods.is_empty() => {
                if let Some(uid) = identities(event).find_map(|(identity, _)| identity.pod_uid.as_deref()) {
                    cluster.visibility = Some(Visibility::PodMissing);
                    let sentence = format!("none of the pods given has the uid {uid}: deleted since, or not listed");
                    cluster.evidence.push(sentence);
                }
            }
            None => {}
        }
        (cluster != Cluster::default()).then_some(cluster)
    }

    fn find(&self, event: &Event) -> Option<Found<'_>> {
        identities(event).find_map(|(identity, who)| {
            // the inner container of nested ones may be Docker's own, which no pod knows
            let levels = identity.nesting.iter().rev().chain([identity]);
            let by_id = levels.filter_map(|level| level.id.as_deref()).find_map(|id| self.by_container.get(id));
            let by_uid = || self.by_uid.get(&identity.pod_uid.as_ref()?.replace('-', "").to_ascii_lowercase());
            let (pod, container, matched_by) = match (by_id, by_uid()) {
                (Some(&(pod, container)), _) => (pod, Some(container), MatchedBy::ContainerId),
                (None, Some(&pod)) if self.pods[pod].static_hash.is_some() => (pod, None, MatchedBy::StaticPodHash),
                (None, Some(&pod)) => (pod, None, MatchedBy::PodUid),
                (None, None) => return None,
            };
            let listed_after = self.listed_after.get(self.from[pod]).copied().flatten();
            let pod = &self.pods[pod];
            let container = container.map(|at| &pod.containers[at]).or_else(|| only_candidate(pod, identity, who));
            let matched_by = if who == Who::Trigger { MatchedBy::Trigger } else { matched_by };
            Some(Found { pod, container, who, id: identity.id.clone(), matched_by, listed_after })
        })
    }

    fn node_of(&self, host: &str) -> Option<&Node> {
        let exact = self.node(host);
        exact.or_else(|| {
            let mut nodes = self.nodes.iter().filter(|node| node.is_host(host));
            // two nodes of one short name: neither is sure
            nodes.next().filter(|_| nodes.next().is_none())
        })
    }
}

/// What of an event was found.
#[derive(Debug)]
struct Found<'a> {
    pod: &'a Pod,
    container: Option<&'a Container>,
    who: Who,
    /// The container's id as the dump has it.
    id: Option<String>,
    matched_by: MatchedBy,
    /// The pod's status is later than this.
    listed_after: Option<DateTime<FixedOffset>>,
}

/// Whom an identity in the event belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Victim,
    LimitOwner,
    Trigger,
}

/// Identities of an event, the strongest first.
fn identities(event: &Event) -> impl Iterator<Item = (&Identity, Who)> {
    let victim = event.container.as_ref().map(|identity| (identity, Who::Victim));
    let owner = event.limit_owner.as_ref().filter(|owner| matches!(owner.level, Level::Container | Level::Pod));
    let owner = owner.map(|owner| (&owner.identity, Who::LimitOwner));
    let trigger = event.trigger.as_ref().and_then(|trigger| trigger.container.as_ref());
    let trigger = trigger.map(|identity| (identity, Who::Trigger));
    [victim, owner, trigger].into_iter().flatten()
}

/// The container of a pod that has only one, when the dump says that it was a container. Its id is then one that the
/// status has forgotten.
fn only_candidate<'a>(pod: &'a Pod, identity: &Identity, who: Who) -> Option<&'a Container> {
    identity.id.as_ref().filter(|_| who != Who::Trigger)?;
    let mut containers = pod.containers.iter();
    containers.next().filter(|_| containers.next().is_none())
}

impl Found<'_> {
    fn describe(&self, cluster: &mut Cluster) {
        let pod = self.pod;
        cluster.matched_by = Some(self.matched_by.clone());
        cluster.namespace = Some(pod.namespace.clone()).filter(|text| !text.is_empty());
        cluster.pod = Some(pod.name.clone());
        cluster.workload = Some(pod.workload.to_string());
        cluster.phase = Some(pod.phase.as_str().to_owned());
        cluster.qos_class = pod.qos_class.clone();
        cluster.pod_limit_bytes = pod.effective_limit().bytes();
        let Some(container) = self.container else { return };
        cluster.container = Some(container.name.clone());
        cluster.container_kind = Some(container.kind.as_str().to_owned());
        cluster.request_bytes = container.request;
        cluster.limit_bytes = container.limit.bytes();
        let Some(status) = &container.status else { return };
        cluster.restart_count = Some(status.restart_count);
        cluster.running_since = status.running_since;
        cluster.last_state = status.ended.as_ref().or(status.last_ended.as_ref()).map(last_state);
    }
}

fn last_state(ended: &Termination) -> LastState {
    LastState {
        reason: ended.reason.clone(),
        exit_code: ended.exit_code,
        started_at: ended.started_at,
        finished_at: ended.finished_at,
    }
}

impl Take for ClusterFacts {
    fn pod(&mut self, pod: Pod) {
        let name = (pod.namespace.clone(), pod.name.clone());
        let known =
            if pod.uid.is_empty() { self.by_name.get(&name) } else { self.by_uid.get(&pod.uid.replace('-', "")) };
        let at = known.copied().unwrap_or(self.pods.len());
        for uid in [Some(&pod.uid), pod.static_hash.as_ref()].into_iter().flatten().filter(|uid| !uid.is_empty()) {
            self.by_uid.insert(uid.replace('-', "").to_ascii_lowercase(), at);
        }
        for (number, container) in pod.containers.iter().enumerate() {
            let Some(status) = &container.status else { continue };
            let ended = [&status.ended, &status.last_ended].into_iter().flatten();
            for id in ended.filter_map(|ended| ended.id.as_ref()).chain(&status.id) {
                self.by_container.insert(id.clone(), (at, number));
            }
        }
        self.by_name.insert(name, at);
        let from = self.listed_after.len();
        match self.pods.get_mut(at) {
            Some(slot) => {
                *slot = pod;
                self.from[at] = from;
            }
            None => {
                self.pods.push(pod);
                self.from.push(from);
            }
        }
    }

    fn defaults(&mut self, defaults: Defaults) {
        self.defaults.push(defaults);
    }

    fn node(&mut self, node: Node) {
        let at = *self.by_node.entry(node.name.clone()).or_insert(self.nodes.len());
        match self.nodes.get_mut(at) {
            Some(slot) => *slot = node,
            None => self.nodes.push(node),
        }
    }
}
