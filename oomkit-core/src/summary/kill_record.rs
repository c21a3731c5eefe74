//! The record that a summary keeps of one event: no table, no statistics, no trace.

use super::shared_names::{Name, NameTable};
use crate::event::{Cluster, Event, Identity, Level, LostLines, Monotonic, Origin};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One event. Kills with the same id are copies of one dump; the first in order represents them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct KillRecord {
    pub(super) id: Name,
    /// 0 for a whole dump, so that the best copy comes first.
    damage: u8,
    undated: bool,
    pub(super) wall: Option<DateTime<Utc>>,
    pub(super) monotonic: Option<Monotonic>,
    pub(super) host: Option<Name>,
    pub(super) source: Name,
    pub(super) first_line: u64,
    pub(super) completeness: Name,
    pub(super) constraint: Name,
    pub(super) scope: Name,
    pub(super) verdict: Name,
    pub(super) confidence: Name,
    pub(super) by_user: bool,
    pub(super) who: MemoryOwner,
    /// Names of the victims, one for each process killed; of some only the pid is known.
    pub(super) victims: Vec<Option<Name>>,
    /// Lines lost, and by whom.
    pub(super) lost: Vec<(Name, u64)>,
    /// Dump heads that the kernel held back.
    pub(super) heads: u64,
}

/// Whose memory it was.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct MemoryOwner {
    pub(super) pod: Option<Name>,
    pub(super) container: Option<Name>,
    /// Where it has one beside its id.
    pub(super) container_name: Option<Name>,
    pub(super) runtime: Option<Name>,
    pub(super) qos_class: Option<Name>,
    pub(super) unit: Option<Name>,
    /// The cgroup whose limit was hit.
    pub(super) limit: Option<Name>,
    pub(super) level: Option<Name>,
    /// What the cluster's objects say of it, where they were given.
    pub(super) cluster: InCluster,
}

/// Names and state of the pod, from the cluster's own objects.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct InCluster {
    pub(super) namespace: Option<Name>,
    /// With its namespace: `shop/web-1`.
    pub(super) pod: Option<Name>,
    pub(super) workload: Option<Name>,
    pub(super) container: Option<Name>,
    pub(super) visibility: Option<Name>,
}

impl KillRecord {
    pub(super) fn from_event(event: &Event, names: &mut NameTable) -> Self {
        let mut lost = Vec::new();
        let mut heads = 0;
        for diagnostic in &event.diagnostics {
            match &diagnostic.lost {
                Some(LostLines::Lines { count, by }) => lost.push((names.name(by), *count)),
                Some(LostLines::Heads { count }) => heads += count,
                None => {}
            }
        }
        Self {
            id: names.name(&event.id),
            damage: damage(event.completeness.as_str()),
            undated: event.time.wall.is_none(),
            wall: event.time.wall.map(|wall| wall.with_timezone(&Utc)),
            monotonic: event.time.monotonic_seconds,
            host: names.maybe(event.host.as_deref()),
            source: names.name(&event.source.name),
            first_line: event.source.first_line,
            completeness: names.name(event.completeness.as_str()),
            constraint: names.name(event.constraint.as_str()),
            scope: names.name(event.scope.as_str()),
            verdict: names.name(event.verdict.kind.as_str()),
            confidence: names.name(event.verdict.confidence.as_str()),
            by_user: event.source.origin == Origin::User,
            who: MemoryOwner::from_event(event, names),
            victims: event.victims.iter().map(|victim| names.maybe(victim.comm.as_deref())).collect(),
            lost,
            heads,
        }
    }

    /// Exchanges all names for their shared copies.
    pub(super) fn share(&mut self, names: &mut NameTable) {
        let who = &mut self.who;
        let maybe = [
            &mut self.host,
            &mut who.pod,
            &mut who.container,
            &mut who.container_name,
            &mut who.runtime,
            &mut who.qos_class,
            &mut who.unit,
            &mut who.limit,
            &mut who.level,
            &mut who.cluster.namespace,
            &mut who.cluster.pod,
            &mut who.cluster.workload,
            &mut who.cluster.container,
            &mut who.cluster.visibility,
        ];
        let always = [
            &mut self.id,
            &mut self.source,
            &mut self.completeness,
            &mut self.constraint,
            &mut self.scope,
            &mut self.verdict,
            &mut self.confidence,
        ];
        let victims = self.victims.iter_mut().flatten();
        let lost = self.lost.iter_mut().map(|(by, _)| by);
        for name in maybe.into_iter().flatten().chain(always).chain(victims).chain(lost) {
            names.share(name);
        }
    }
}

impl MemoryOwner {
    fn from_event(event: &Event, names: &mut NameTable) -> Self {
        let owner = event.limit_owner.as_ref();
        // a container's limit is hit by its own processes, so its owner is the victim's container too
        let contained = owner.filter(|o| matches!(o.level, Level::Container | Level::Pod)).map(|o| &o.identity);
        let victim = event.container.as_ref();
        let first = |read: fn(&Identity) -> Option<&str>| {
            victim.and_then(read).or_else(|| contained.filter(|_| victim.is_none()).and_then(read))
        };
        let container = first(|who| who.id.as_deref());
        let named = first(|who| who.name.as_deref().or(who.machine.as_deref()));
        let runtime = first(|who| Some(who.runtime.as_str()).filter(|_| is_container(who)));
        Self {
            pod: names.maybe(first(|who| who.pod_uid.as_deref())),
            container: names.maybe(container.or(named)),
            container_name: names.maybe(named.filter(|_| container.is_some())),
            runtime: names.maybe(runtime),
            qos_class: names.maybe(first(|who| who.qos_class.as_ref().map(|class| class.as_str()))),
            unit: names.maybe(first(|who| who.unit.as_deref())),
            limit: names.maybe(event.memcg.as_ref().and_then(|memcg| memcg.oom_memcg.as_deref())),
            level: names.maybe(owner.map(|owner| owner.level.as_str())),
            cluster: event.cluster.as_ref().map(|cluster| InCluster::new(cluster, names)).unwrap_or_default(),
        }
    }
}

impl InCluster {
    fn new(cluster: &Cluster, names: &mut NameTable) -> Self {
        let namespace = cluster.namespace.as_deref();
        let with_namespace = |name: &String| namespace.map_or_else(|| name.clone(), |space| format!("{space}/{name}"));
        Self {
            namespace: names.maybe(namespace),
            pod: names.maybe(cluster.pod.as_ref().map(with_namespace).as_deref()),
            workload: names.maybe(cluster.workload.as_ref().map(with_namespace).as_deref()),
            container: names.maybe(cluster.container.as_deref()),
            visibility: names.maybe(cluster.visibility.as_ref().map(|visibility| visibility.as_str())),
        }
    }
}

fn is_container(who: &Identity) -> bool {
    who.id.is_some() || who.name.is_some() || who.machine.is_some()
}

/// How bad a copy is, by how much of the dump it holds.
fn damage(completeness: &str) -> u8 {
    match completeness {
        "complete" => 0,
        "middle_missing" => 1,
        "tail_missing" => 2,
        "head_missing" => 3,
        "kill_line_only" => 4,
        _ => 5,
    }
}
