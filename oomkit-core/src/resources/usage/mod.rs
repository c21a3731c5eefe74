//! Used memory: what was measured of containers and nodes, when, and on which basis.

mod json;
mod range;
mod series;
#[cfg(test)]
mod tests;

pub(super) use range::Metric;
pub(super) use series::Series;
pub use series::{Need, Quality};

use crate::error::Error;
use crate::units::Bytes;
use chrono::{DateTime, FixedOffset};
use range::Range;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::io::Read;

/// The words for [`Basis`], as errors list them.
pub(in crate::resources) const BASES: &str = "one of working_set, rss, usage, usage_minus_cache, anon_shmem";

/// What is called usage. None of them is what the kernel compares with a limit; see `docs/metrics.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Basis {
    /// Usage without inactive file cache: what `kubectl top` shows and the kubelet evicts by.
    #[default]
    WorkingSet,
    /// Anonymous memory.
    Rss,
    /// Everything charged to the cgroup, all page cache included.
    Usage,
    /// Usage without any page cache, and so without tmpfs and shared memory.
    UsageMinusCache,
    /// Anonymous and shared memory, tmpfs included: what cannot be given back without swap.
    AnonShmem,
}

impl Basis {
    /// The word written in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WorkingSet => "working_set",
            Self::Rss => "rss",
            Self::Usage => "usage",
            Self::UsageMinusCache => "usage_minus_cache",
            Self::AnonShmem => "anon_shmem",
        }
    }
}

/// What was measured at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Sample {
    /// When, where the source says it.
    pub time: Option<DateTime<FixedOffset>>,
    /// Working set.
    pub working_set: Option<Bytes>,
    /// Anonymous memory.
    pub rss: Option<Bytes>,
    /// Everything charged.
    pub usage: Option<Bytes>,
    /// Page cache, with shared memory and tmpfs in it.
    pub cache: Option<Bytes>,
    /// Shared memory and tmpfs.
    pub shmem: Option<Bytes>,
    /// Page cache of files, in use.
    pub active_file: Option<Bytes>,
    /// Page cache of files, to be given back first.
    pub inactive_file: Option<Bytes>,
    /// Swap in use. No part of memory.
    pub swap: Option<Bytes>,
    /// How often the limit was hit so far (`max` of memory.events). Starts again with the container.
    pub limit_hits: Option<u64>,
    /// How many measurements it stands for, where it is the largest of several.
    pub points: Option<u64>,
    /// Over how many seconds they were taken.
    pub window_seconds: Option<u64>,
}

impl Sample {
    /// On a basis, where it was measured.
    pub fn on(&self, basis: Basis) -> Option<Bytes> {
        match basis {
            Basis::WorkingSet => self.working_set,
            Basis::Rss => self.rss,
            Basis::Usage => self.usage,
            Basis::UsageMinusCache => Some(Bytes(self.usage?.get().saturating_sub(self.cache?.get()))),
            Basis::AnonShmem => {
                // cache counts shared memory, which is on the list of anonymous memory and not on that of files
                let files = || Some(self.active_file?.saturating_add(self.inactive_file?));
                let cached = || Some(Bytes(self.cache?.get().saturating_sub(files()?.get())));
                Some(self.rss?.saturating_add(self.shmem.or_else(cached)?))
            }
        }
    }

    /// Two measurements of one thing at one time: the same one from two scrapes or endpoints, or the containers before
    /// and after a restart. Never their sum.
    pub(super) fn merge(&mut self, other: Self) {
        self.time = self.time.max(other.time);
        for (own, other) in [
            (&mut self.working_set, other.working_set),
            (&mut self.rss, other.rss),
            (&mut self.usage, other.usage),
            (&mut self.cache, other.cache),
            (&mut self.shmem, other.shmem),
            (&mut self.active_file, other.active_file),
            (&mut self.inactive_file, other.inactive_file),
            (&mut self.swap, other.swap),
        ] {
            *own = (*own).max(other);
        }
        self.limit_hits = self.limit_hits.max(other.limit_hits);
        self.points = self.points.max(other.points);
        self.window_seconds = self.window_seconds.max(other.window_seconds);
    }
}

/// Namespace, pod, container.
pub(super) type Place = (String, String, String);

/// What was measured, from any number of sources. Each source is one point in time.
///
/// ```
/// use oomkit_core::resources::{Basis, Usage};
///
/// let top = r#"{"kind": "PodMetricsList", "items": [{"metadata": {"namespace": "shop", "name": "web-1"},
///     "timestamp": "2022-04-01T08:00:00Z", "containers": [{"name": "app", "usage": {"memory": "726640Ki"}}]}]}"#;
/// let mut usage = Usage::default();
/// usage.read_json("top.json", top.as_bytes())?;
/// let samples = usage.container("shop", "web-1", "app");
/// assert_eq!(samples[0].on(Basis::WorkingSet).unwrap().get(), 744_079_360);
/// # Ok::<(), oomkit_core::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Usage {
    containers: HashMap<Place, Vec<Sample>>,
    ranges: HashMap<Place, Range>,
    nodes: BTreeMap<String, Vec<Sample>>,
}

impl Usage {
    /// Adds what metrics.k8s.io or a kubelet's `/stats/summary` say, in JSON: `kubectl get --raw
    /// /apis/metrics.k8s.io/v1beta1/pods`, `…/nodes`, `/api/v1/nodes/NODE/proxy/stats/summary`; also several of them one
    /// after the other.
    ///
    /// # Errors
    /// The reader's, and text that is not such JSON: says where, which field, and what was expected.
    pub fn read_json(&mut self, name: &str, reader: impl Read) -> Result<(), Error> {
        json::read(name, reader, self)
    }

    /// What was measured of a container, in the order of time where the sources tell it.
    pub fn container(&self, namespace: &str, pod: &str, container: &str) -> Vec<Sample> {
        let place = (namespace.to_owned(), pod.to_owned(), container.to_owned());
        let mut samples = self.containers.get(&place).cloned().unwrap_or_default();
        if let Some(range) = self.ranges.get(&place) {
            if samples.is_empty() {
                return range.samples();
            }
            range.samples().into_iter().for_each(|sample| add(&mut samples, sample));
        }
        samples
    }

    /// What was measured of a node.
    pub fn node(&self, name: &str) -> &[Sample] {
        self.nodes.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether nothing was measured.
    pub fn is_empty(&self) -> bool {
        self.containers.is_empty() && self.ranges.is_empty() && self.nodes.is_empty()
    }

    /// Everything of another one.
    pub(super) fn absorb(&mut self, other: Self) {
        for (place, samples) in other.containers {
            samples.into_iter().for_each(|sample| self.add_container(place.clone(), sample));
        }
        for (place, range) in other.ranges {
            self.ranges.entry(place).or_default().absorb(range);
        }
        for (name, samples) in other.nodes {
            samples.into_iter().for_each(|sample| self.add_node(name.clone(), sample));
        }
    }

    pub(super) fn add_container(&mut self, place: Place, sample: Sample) {
        add(self.containers.entry(place).or_default(), sample);
    }

    /// A point of a long history; milliseconds since 1970.
    pub(super) fn add_point(&mut self, place: &Place, metric: Metric, millis: i64, value: Bytes) {
        // the place is copied once, not for each of its points
        if let Some(range) = self.ranges.get_mut(place) {
            return range.push(metric, millis, value);
        }
        self.ranges.entry(place.clone()).or_default().push(metric, millis, value);
    }

    /// Gives nodes the names that `name` finds for them.
    pub(super) fn rename_nodes(&mut self, name: impl Fn(&str) -> Option<String>) {
        for (node, samples) in std::mem::take(&mut self.nodes) {
            let node = name(&node).unwrap_or(node);
            samples.into_iter().for_each(|sample| self.add_node(node.clone(), sample));
        }
    }

    pub(super) fn add_node(&mut self, name: String, sample: Sample) {
        add(self.nodes.entry(name).or_default(), sample);
    }
}

/// In the order of time; one of the same time is merged.
fn add(samples: &mut Vec<Sample>, sample: Sample) {
    if sample.time.is_some()
        && let Some(same) = samples.iter_mut().find(|known| known.time == sample.time)
    {
        return same.merge(sample);
    }
    samples.push(sample);
    samples.sort_by_key(|sample| sample.time);
}
