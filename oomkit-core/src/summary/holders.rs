//! Who held the most memory: the largest sum of resident memory of one command in one task table.

use super::shared_names::{Name, NameTable};
use crate::event::{Event, Task};
use crate::units::Bytes;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Commands kept: the largest. A largest of largest is the same in any order of merging, also when only so many are kept.
const MOST: usize = 1024;

/// The peak of each command.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Holders(BTreeMap<Name, Peak>);

/// One command in the table where it held most. The larger one is greater; of two tables the one with the lower id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Peak {
    pub(super) rss: Bytes,
    event: Reverse<Name>,
    pub(super) tasks: u64,
    pub(super) host: Option<Name>,
}

impl Peak {
    pub(super) fn event(&self) -> &str {
        &self.event.0
    }
}

impl Holders {
    pub(super) fn add(&mut self, event: &Event, names: &mut NameTable) {
        let mut table: BTreeMap<&str, (Bytes, u64)> = BTreeMap::new();
        for task in &event.tasks {
            if let Some(rss) = rss(task) {
                let (sum, tasks) = table.entry(&task.comm).or_default();
                *sum = sum.saturating_add(rss);
                *tasks += 1;
            }
        }
        for (comm, (rss, tasks)) in table {
            // most rows of most tables are smaller than what is known: no need to look further
            if self.0.get(comm).is_some_and(|peak| peak.rss > rss) {
                continue;
            }
            let event_id = Reverse(names.name(&event.id));
            let peak = Peak { rss, event: event_id, tasks, host: names.maybe(event.host.as_deref()) };
            self.raise(names.name(comm), peak);
        }
        self.trim();
    }

    pub(super) fn merge(&mut self, other: Self, names: &mut NameTable) {
        for (mut comm, mut peak) in other.0 {
            names.share(&mut comm);
            names.share(&mut peak.event.0);
            peak.host.iter_mut().for_each(|host| names.share(host));
            self.raise(comm, peak);
        }
        self.trim();
    }

    /// The largest first, by name where they are equal.
    pub(super) fn ranked(&self) -> Vec<(&Name, &Peak)> {
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_by_key(|(comm, peak)| (Reverse(peak.rss), (*comm).clone()));
        all
    }

    fn raise(&mut self, comm: Name, peak: Peak) {
        let known = self.0.entry(comm).or_insert_with(|| peak.clone());
        if peak > *known {
            *known = peak;
        }
    }

    fn trim(&mut self) {
        if self.0.len() <= MOST {
            return;
        }
        let small: Vec<Name> = self.ranked().into_iter().skip(MOST).map(|(comm, _)| comm.clone()).collect();
        for comm in small {
            self.0.remove(&comm);
        }
    }
}

/// Resident memory, from its parts where the sum is not there.
fn rss(task: &Task) -> Option<Bytes> {
    let parts = [task.rss_anon_bytes, task.rss_file_bytes, task.rss_shmem_bytes];
    task.rss_bytes.or_else(|| parts.iter().any(Option::is_some).then(|| parts.into_iter().flatten().sum()))
}
