//! Many events in few numbers: kills by pod, container, unit, command, host and hour, how many were silent, which belong
//! together, and what is missing. Summaries of several logs, nodes or partitions merge to the same answer in any order.

mod doubts;
mod holders;
mod kill_record;
mod repeats;
mod report;
mod shared_names;

pub use doubts::Doubts;
pub use report::{Group, Holder, Loss, Repeat, Report, Row, Totals};

use crate::error::Error;
use crate::event::{Event, Verdict};
use crate::sink::Stats;
use holders::Holders;
use kill_record::KillRecord;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use shared_names::NameTable;
use std::collections::{BTreeMap, BTreeSet};

/// Collects events, and reports on them.
///
/// Keeps a few hundred bytes of each event (names are shared), and nothing of the log: what it holds grows with the
/// kills. Serialises to and from JSON of its own, to be merged elsewhere; the answers are in its [`Report`].
///
/// ```
/// use oomkit_core::{ReportOptions, Summary};
///
/// let log = b"\
/// Mar 30 12:00:01 web1 kernel: Out of memory: Killed process 42 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB
/// Mar 30 12:00:07 web1 kernel: Out of memory: Killed process 43 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB
/// ";
/// let mut summary = Summary::default();
/// oomkit_core::parse(log).iter().for_each(|event| summary.add(event));
///
/// let report = summary.report(&ReportOptions::default());
/// assert_eq!(report.totals.victims, 2);
/// let command = report.groups.iter().find(|group| group.by == "command").unwrap();
/// assert_eq!((command.rows[0].key.as_str(), command.rows[0].counts.events), ("java", 2));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// Each event, and how often it was added: copies from several logs differ in source.
    kills: BTreeMap<KillRecord, u64>,
    holders: Holders,
    sources: Sources,
    names: NameTable,
}

/// What was read to find the events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Sources {
    inputs: u64,
    lines: u64,
    user_events: u64,
    unreadable: BTreeSet<String>,
}

/// Defines the dimensions: each with its word in JSON and on the command line.
macro_rules! dimensions {
    ($($(#[$doc:meta])* $variant:ident = $word:literal,)+) => {
        /// What events are counted by.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum By {
            $($(#[$doc])* $variant,)+
        }

        impl By {
            /// Every dimension.
            pub const ALL: &'static [By] = &[$(Self::$variant,)+];
            const WORDS: &'static str = concat!("one of", $(" ", $word, ",",)+);

            /// As written in JSON.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }
    };
}

dimensions! {
    /// Pod uid.
    Pod = "pod",
    /// Container id, or name where there is no id.
    Container = "container",
    /// systemd unit.
    Unit = "unit",
    /// Command of the victims.
    Command = "command",
    /// Host.
    Host = "host",
    /// [`Event::constraint`].
    Constraint = "constraint",
    /// [`Event::scope`].
    Scope = "scope",
    /// [`Event::verdict`].
    Verdict = "verdict",
    /// The cgroup whose limit was hit.
    Limit = "limit",
    /// The hour, in UTC.
    Hour = "hour",
    /// Namespace of the pod, where the cluster's objects are given ([`Event::cluster`]).
    Namespace = "namespace",
    /// Who the pod belongs to, likewise.
    Workload = "workload",
    /// Whether the pod's status shows the kill, likewise.
    Visibility = "visibility",
}

impl By {
    /// Whether only the cluster's objects have it: without them there is no such table.
    fn is_of_cluster(self) -> bool {
        matches!(self, Self::Namespace | Self::Workload | Self::Visibility)
    }
}

impl std::str::FromStr for By {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        let expected = Self::WORDS.trim_end_matches(',');
        Self::ALL.iter().find(|by| by.as_str() == word).copied().ok_or_else(|| Error::option("by", word, expected))
    }
}

/// What a report shall hold.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReportOptions {
    /// Dimensions, in order. Default all.
    pub by: Vec<By>,
    /// Rows of each table. Default 10.
    pub top: usize,
    /// Kills of one cause that are no further apart belong together. Default 300 seconds: a crashing container is
    /// restarted every five minutes at last.
    pub gap_seconds: u64,
    /// Count each dump once, though several logs hold it. Default false.
    pub dedupe: bool,
}

impl Default for ReportOptions {
    fn default() -> Self {
        Self { by: By::ALL.to_vec(), top: 10, gap_seconds: 300, dedupe: false }
    }
}

impl Summary {
    /// Adds an event.
    pub fn add(&mut self, event: &Event) {
        let kill = KillRecord::from_event(event, &mut self.names);
        self.holders.add(event, &mut self.names);
        *self.kills.entry(kill).or_default() += 1;
    }

    /// Adds what was seen of a log, for the loss report.
    pub fn read(&mut self, stats: &Stats) {
        self.sources.inputs += 1;
        self.sources.lines += stats.lines;
        self.sources.user_events += stats.user_events;
    }

    /// Adds the name of an input that could not be read, or not to its end.
    pub fn unreadable(&mut self, name: impl Into<String>) {
        self.sources.unreadable.insert(name.into());
    }

    /// Adds all that another summary has seen. Any order and grouping of merges has the same result.
    pub fn merge(&mut self, other: Summary) {
        for (mut kill, count) in other.kills {
            kill.share(&mut self.names);
            *self.kills.entry(kill).or_default() += count;
        }
        self.holders.merge(other.holders, &mut self.names);
        let Sources { inputs, lines, user_events, unreadable } = other.sources;
        self.sources.inputs += inputs;
        self.sources.lines += lines;
        self.sources.user_events += user_events;
        self.sources.unreadable.extend(unreadable);
    }

    /// The answers so far.
    pub fn report(&self, options: &ReportOptions) -> Report {
        report::build(self, options)
    }

    /// Replaces the verdict of one event.
    fn replace_verdict(&mut self, kill: KillRecord, verdict: &Verdict) {
        let mut judged = kill.clone();
        judged.verdict = self.names.name(verdict.kind.as_str());
        judged.confidence = self.names.name(verdict.confidence.as_str());
        let Some(count) = self.kills.get_mut(&kill) else { return };
        *count -= 1;
        if *count == 0 {
            self.kills.remove(&kill);
        }
        *self.kills.entry(judged).or_default() += 1;
    }

    /// Events added so far, copies among them.
    pub fn events(&self) -> u64 {
        self.kills.values().sum()
    }
}

impl PartialEq for Summary {
    fn eq(&self, other: &Self) -> bool {
        self.kills == other.kills && self.holders == other.holders && self.sources == other.sources
    }
}

impl Eq for Summary {}

/// The JSON of a summary: not a contract, but a version shows whether it can be read.
#[derive(Serialize, Deserialize)]
struct SummaryState {
    summary_state: u32,
    kills: Vec<(KillRecord, u64)>,
    holders: Holders,
    sources: Sources,
}

const STATE_VERSION: u32 = 2;

impl Serialize for Summary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        SummaryState {
            summary_state: STATE_VERSION,
            kills: self.kills.iter().map(|(kill, count)| (kill.clone(), *count)).collect(),
            holders: self.holders.clone(),
            sources: self.sources.clone(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Summary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let state = SummaryState::deserialize(deserializer)?;
        if state.summary_state != STATE_VERSION {
            let other = state.summary_state;
            return Err(serde::de::Error::custom(format!("a summary's state of version {other}, not {STATE_VERSION}")));
        }
        let mut summary = Self::default();
        let mut read = Self { holders: state.holders, sources: state.sources, ..Self::default() };
        for (kill, count) in state.kills {
            *read.kills.entry(kill).or_default() += count;
        }
        summary.merge(read);
        Ok(summary)
    }
}

#[cfg(test)]
mod tests {
    use super::By;

    #[test]
    fn each_dimension_is_read_back_from_its_word() {
        for by in By::ALL {
            assert_eq!(by.as_str().parse::<By>().unwrap(), *by);
        }
        let error = "pods".parse::<By>().unwrap_err().to_string();
        assert!(By::ALL.iter().all(|by| error.contains(by.as_str())), "{error}");
    }
}
