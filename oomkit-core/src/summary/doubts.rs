//! Uncertain verdicts: kept until the whole log is read, then settled and put into the summary.

use super::Summary;
use super::kill_record::KillRecord;
use crate::diagnose::WholeLog;
use crate::event::{Companion, Confidence, Event};

/// Beside a summary: collects every event and companion of all logs, and settles at the end what no dump shows alone.
///
/// Keeps a few kilobytes of each kill in a container whose verdict is not certain, nothing of others.
#[derive(Debug, Default)]
pub struct Doubts {
    whole: WholeLog,
    events: Vec<Event>,
}

/// Processes kept of one table, the oldest: one that lived on is among them.
const TASKS: usize = 64;

impl Doubts {
    /// Adds an event that is added to the summary as well.
    pub fn add(&mut self, event: &Event) {
        self.whole.event(event);
        let contained = event.container.is_some() || event.limit_owner.is_some();
        if contained && event.verdict.confidence != Confidence::Certain {
            self.events.push(small(event));
        }
    }

    /// Adds a companion; see [`Options::companions`](crate::Options::companions).
    pub fn companion(&mut self, companion: &Companion) {
        self.whole.companion(companion);
    }

    /// Adds what was collected beside another summary.
    pub fn merge(&mut self, other: Doubts) {
        self.whole.merge(other.whole);
        self.events.extend(other.events);
    }

    /// Puts the verdicts into the summary of the same events.
    pub fn settle(&self, summary: &mut Summary) {
        for event in &self.events {
            let verdict = self.whole.verdict(event);
            if verdict.kind != event.verdict.kind || verdict.confidence != event.verdict.confidence {
                let kill = KillRecord::from_event(event, &mut summary.names);
                summary.replace_verdict(kill, &verdict);
            }
        }
    }
}

/// An event without what no verdict rests on.
fn small(event: &Event) -> Event {
    let mut tasks = event.tasks.clone();
    tasks.sort_by_key(|task| task.pid);
    tasks.truncate(TASKS);
    let mut memcg = event.memcg.clone();
    if let Some(memcg) = &mut memcg {
        memcg.stats.clear();
        memcg.per_cgroup_stats.clear();
    }
    Event { tasks, memcg, memory: None, call_trace: Vec::new(), ..event.clone() }
}
