//! Kills of one row: how many, of whom, at which limit, and what sampling had missed.

use super::{Kill, KillLevel};
use crate::resources::usage::{Basis, Series, Usage};
use crate::units::Bytes;
use chrono::{DateTime, FixedOffset, TimeDelta};
use serde::{Deserialize, Serialize};

/// How long before a kill the highest sample is looked for.
const BEFORE: TimeDelta = TimeDelta::hours(1);

/// What the kernel says about a row.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct KillSummary {
    /// Runs of the OOM killer.
    pub events: u64,
    /// Processes killed.
    pub processes: u64,
    /// Events that nothing outside the container could see.
    pub silent: u64,
    /// At the container's own limit.
    pub container_limit: u64,
    /// At the pod's limit.
    pub pod_limit: u64,
    /// Because the node, or all that pods may have of it, was used up.
    pub node: u64,
    /// When the last was, where its time is exact.
    pub last: Option<DateTime<FixedOffset>>,
    /// The highest limit of a container that was hit.
    pub limit_at_kill_bytes: Option<Bytes>,
    /// The most that was charged to a container when it was killed.
    pub usage_at_kill_bytes: Option<Bytes>,
    /// The highest sample in the hour before that kill.
    pub sampled_peak_bytes: Option<Bytes>,
    /// What of it sampling had missed, at most, at any kill.
    pub missed_bytes: Option<Bytes>,
}

impl KillSummary {
    pub(in crate::resources) fn add(&mut self, kill: &Kill, usage: &Usage, basis: Basis) {
        self.events += 1;
        self.processes += kill.processes;
        self.silent += u64::from(kill.silent);
        self.last = self.last.max(kill.time);
        match kill.level {
            KillLevel::Container => self.container_limit += 1,
            KillLevel::Pod => self.pod_limit += 1,
            KillLevel::Node => self.node += 1,
            KillLevel::Other => {}
        }
        if kill.level != KillLevel::Container {
            return;
        }
        self.limit_at_kill_bytes = self.limit_at_kill_bytes.max(kill.limit);
        let sampled = kill.sampled_before(usage, basis);
        if kill.usage > self.usage_at_kill_bytes {
            self.usage_at_kill_bytes = kill.usage;
            self.sampled_peak_bytes = sampled;
        }
        let missed = kill.usage.zip(sampled).map(|(usage, sampled)| Bytes(usage.get().saturating_sub(sampled.get())));
        self.missed_bytes = self.missed_bytes.max(missed);
    }
}

impl Kill {
    /// The highest sample of the container in the hour before.
    fn sampled_before(&self, usage: &Usage, basis: Basis) -> Option<Bytes> {
        let names = &self.names;
        let (namespace, pod) = (names.namespace.as_deref().unwrap_or_default(), names.pod.as_deref()?);
        let samples = usage.container(namespace, pod, names.container.as_deref()?);
        Series::of(&samples, basis).peak_before(self.time?, BEFORE)
    }
}
