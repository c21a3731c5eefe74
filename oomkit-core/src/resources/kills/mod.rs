//! The kernel's own evidence beside declared and used memory: kills, as `oomkit parse` wrote them, and the pods they hit.

mod at_node;
mod read;
mod summary;
#[cfg(test)]
mod tests;

pub(super) use at_node::node_kills;
pub use at_node::{NodeKill, Share};
pub use summary::KillSummary;

use super::ClusterFacts;
use super::measure::{By, Names};
use crate::error::Error;
use crate::event::{Event, LimitChange, Scope, VerdictKind};
use crate::units::Bytes;
use chrono::{DateTime, FixedOffset};
use std::collections::HashSet;
use std::io::Read;

/// Kills of any number of logs, each once.
///
/// ```
/// use oomkit_core::resources::Kills;
///
/// let log = b"[   71.146532] Out of memory: Killed process 42 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:0kB\n";
/// let lines = serde_json::to_string(&oomkit_core::parse(log)[0])?;
/// let mut kills = Kills::default();
/// kills.read("kills.jsonl", lines.as_bytes())?;
/// kills.read("the-same.jsonl", lines.as_bytes())?;
/// assert_eq!(kills.events().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Kills {
    events: Vec<Event>,
    known: HashSet<String>,
}

impl Kills {
    /// Adds the events of a source called `name`: JSON as `oomkit parse` prints it, one object a line or one array.
    /// Companions among them are passed over.
    ///
    /// # Errors
    /// The reader's, and lines that are no such event: says which line, which field, and what was expected.
    pub fn read(&mut self, name: &str, reader: impl Read) -> Result<(), Error> {
        read::read(name, reader, &mut |event| self.add(event))
    }

    /// Adds an event, unless it is known.
    pub fn add(&mut self, event: Event) {
        if self.known.insert(event.id.clone()) {
            self.events.push(event);
        }
    }

    /// All events, in the order they came.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The same, to keep.
    pub fn into_events(self) -> Vec<Event> {
        self.events
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Those that killed somebody, with the pods, workloads and nodes they hit.
    pub(super) fn joined(&self, facts: &ClusterFacts) -> Vec<Kill> {
        self.events.iter().filter(|event| !event.victims.is_empty()).map(|event| Kill::of(event, facts)).collect()
    }
}

/// Whose memory ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KillLevel {
    Container,
    Pod,
    /// The node, or all that pods may have of it.
    Node,
    Other,
}

/// One kill and whom it hit.
#[derive(Debug, Clone)]
pub(super) struct Kill {
    pub(super) event_id: String,
    /// Where it is exact.
    pub(super) time: Option<DateTime<FixedOffset>>,
    pub(super) level: KillLevel,
    pub(super) scope: Scope,
    /// All names that are known, whatever a row stands for.
    pub(super) names: Names,
    /// The limit that was hit.
    pub(super) limit: Option<Bytes>,
    /// What was charged against it.
    pub(super) usage: Option<Bytes>,
    /// What the killed processes held.
    pub(super) held: Bytes,
    pub(super) processes: u64,
    /// Whether nothing outside the container could see it.
    pub(super) silent: bool,
    pub(super) limit_change: Option<LimitChange>,
}

impl Kill {
    fn of(event: &Event, facts: &ClusterFacts) -> Self {
        // what the log was joined to when it was parsed may know pods that are gone today
        let now = facts.join(event).filter(|cluster| cluster.pod.is_some());
        let then = event.cluster.clone().filter(|cluster| cluster.pod.is_some());
        let nowhere = || facts.join(event).or_else(|| event.cluster.clone());
        let cluster = now.or(then).or_else(nowhere).unwrap_or_default();
        let level = match event.scope {
            Scope::Container => KillLevel::Container,
            Scope::Pod => KillLevel::Pod,
            Scope::Node | Scope::NodeAllocatable => KillLevel::Node,
            _ => KillLevel::Other,
        };
        let memory = event.memcg.as_ref().and_then(|memcg| memcg.memory.as_ref());
        let sizes = event.victims.iter().map(|victim| {
            [victim.anon_rss_bytes, victim.file_rss_bytes, victim.shmem_rss_bytes].into_iter().flatten().sum::<Bytes>()
        });
        let inexact = event.time.assumed.iter().any(|what| what == "offset" || what == "year");
        Self {
            event_id: event.id.clone(),
            time: event.time.wall.filter(|_| !inexact),
            level,
            scope: event.scope.clone(),
            names: Names {
                cluster: None,
                namespace: cluster.namespace.clone(),
                pod: cluster.pod.clone(),
                container: cluster.container.clone(),
                workload: cluster.workload.clone(),
                node: cluster.node.clone(),
            },
            limit: memory.and_then(|memory| memory.limit_bytes),
            usage: memory.map(|memory| memory.usage_bytes),
            held: sizes.sum(),
            processes: event.victims.len() as u64,
            silent: event.verdict.kind == VerdictKind::ChildKilled,
            limit_change: cluster.limit_change,
        }
    }

    /// The row it belongs to; [`None`] where its names do not tell.
    pub(super) fn row(&self, by: By) -> Option<Names> {
        row(&self.names, by)
    }
}

/// The row that all these names belong to; [`None`] where one is missing.
fn row(names: &Names, by: By) -> Option<Names> {
    let Names { namespace, pod, container, workload, node, .. } = names.clone();
    let none = Names::default;
    Some(match by {
        By::Container => Names { namespace, pod: Some(pod?), container: Some(container?), workload, node, ..none() },
        By::Pod => Names { namespace, pod: Some(pod?), workload, node, ..none() },
        By::Workload => Names { namespace, workload: Some(workload?), ..none() },
        By::Namespace => Names { namespace: Some(namespace?), ..none() },
        By::Node => Names { node: Some(node?), ..none() },
    })
}
