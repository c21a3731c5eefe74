//! Waste: what is requested and never used. Deficits of other containers are never set against it.

use super::group::{By, Names, Selection};
use super::overcommit::{counted, pods};
use super::{SCHEMA_VERSION, ranked};
use crate::resources::ClusterFacts;
use crate::resources::model::View;
use crate::resources::usage::{Basis, Sample, Usage};
use crate::units::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The measure and its rows, in the JSON that `oomkit waste --format json` prints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Waste {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// `waste`.
    pub measure: String,
    /// What a row stands for.
    pub by: By,
    /// How it was reckoned: `default`.
    pub profile: String,
    /// The largest first.
    pub rows: Vec<WasteRow>,
    /// Everything together, not only the rows.
    pub totals: WasteRow,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// One row. Containers that were not measured are in none of its sums.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WasteRow {
    /// Who it is about.
    #[serde(flatten)]
    pub names: Names,
    /// What the containers measured request.
    pub request_bytes: Bytes,
    /// What they used: the statistic of each, together.
    pub usage_bytes: Bytes,
    /// What is called usage.
    pub basis: Basis,
    /// From the first to the last measurement; null where the sources do not tell their time.
    pub window_seconds: Option<u64>,
    /// Fewest measurements of any container.
    pub points: u64,
    /// What is requested beyond what is used, each container by itself.
    pub waste_bytes: Bytes,
    /// What is used beyond what is requested, each container by itself.
    pub deficit_bytes: Bytes,
    /// Share of the requests that is wasted; null where nothing is requested.
    pub waste_ratio: Option<f64>,
    /// How many containers were not measured.
    pub unmeasured_containers: u64,
}

/// Which of a container's measurements counts.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Statistic {
    /// The largest.
    #[default]
    Peak,
    /// The last.
    Latest,
    /// The smallest that at least this share of them does not exceed, 0 to 1.
    Quantile(f64),
}

impl Statistic {
    fn of(self, values: &[Bytes]) -> Option<Bytes> {
        match self {
            Self::Peak => values.iter().max().copied(),
            Self::Latest => values.last().copied(),
            Self::Quantile(share) => {
                let mut sorted = values.to_vec();
                sorted.sort_unstable();
                let rank = (share.clamp(0.0, 1.0) * sorted.len() as f64).ceil() as usize;
                sorted.get(rank.saturating_sub(1)).copied()
            }
        }
    }
}

#[derive(Default)]
struct Sum {
    request: Bytes,
    usage: Bytes,
    waste: Bytes,
    deficit: Bytes,
    window: Option<u64>,
    points: Option<u64>,
    unmeasured: u64,
}

/// Waste of the running containers of a cluster. Pods that are over, and one-shot init containers, are left out.
pub fn waste(facts: &ClusterFacts, usage: &Usage, basis: Basis, statistic: Statistic, select: &Selection) -> Waste {
    let mut sums: BTreeMap<Names, Sum> = BTreeMap::new();
    let mut totals = Sum::default();
    let mut over = 0_u64;
    for pod in facts.pods() {
        over += u64::from(pod.phase.is_over());
        if !select.takes(pod) {
            continue;
        }
        for container in counted(pod, View::Steady) {
            let samples = usage.container(&pod.namespace, &pod.name, &container.name);
            let measured = Sum::of(container.request.unwrap_or_default(), samples, basis, statistic);
            totals.add(&measured);
            if let Some(names) = Names::of(select.by, pod, &container.name) {
                sums.entry(names).or_default().add(&measured);
            }
        }
    }
    // what was never measured wastes nothing that is known
    let rows =
        sums.into_iter().filter(|(_, sum)| sum.points.is_some()).map(|(names, sum)| sum.row(names, basis)).collect();
    let mut notes = Vec::new();
    if over > 0 {
        notes.push(format!("{} left out: phase Succeeded or Failed", pods(over)));
    }
    if totals.unmeasured > 0 {
        let n = totals.unmeasured;
        let were = if n == 1 { "container was" } else { "containers were" };
        notes.push(format!("{n} running {were} not measured on the basis {}: in no sum", basis.as_str()));
    }
    Waste {
        schema_version: SCHEMA_VERSION,
        measure: "waste".to_owned(),
        by: select.by,
        profile: "default".to_owned(),
        rows: ranked(rows, |row: &WasteRow| row.waste_bytes.get(), |row| &row.names, select),
        totals: totals.row(Names::default(), basis),
        notes,
    }
}

impl Sum {
    /// Of one container.
    fn of(request: Bytes, samples: &[Sample], basis: Basis, statistic: Statistic) -> Self {
        let measured: Vec<(&Sample, Bytes)> = samples.iter().filter_map(|s| Some((s, s.on(basis)?))).collect();
        let values: Vec<Bytes> = measured.iter().map(|(_, value)| *value).collect();
        let Some(usage) = statistic.of(&values) else { return Self { unmeasured: 1, ..Self::default() } };
        let times = || measured.iter().filter_map(|(sample, _)| sample.time);
        let window = times().max().zip(times().min()).map(|(last, first)| (last - first).num_seconds().unsigned_abs());
        Self {
            request,
            usage,
            waste: Bytes(request.get().saturating_sub(usage.get())),
            deficit: Bytes(usage.get().saturating_sub(request.get())),
            window,
            points: Some(measured.len() as u64),
            unmeasured: 0,
        }
    }

    fn add(&mut self, other: &Self) {
        self.request = self.request.saturating_add(other.request);
        self.usage = self.usage.saturating_add(other.usage);
        self.waste = self.waste.saturating_add(other.waste);
        self.deficit = self.deficit.saturating_add(other.deficit);
        self.window = self.window.max(other.window);
        self.points = self.points.map_or(other.points, |points| Some(other.points.map_or(points, |p| p.min(points))));
        self.unmeasured += other.unmeasured;
    }

    fn row(self, names: Names, basis: Basis) -> WasteRow {
        let ratio = (self.request.get() > 0).then(|| self.waste.get() as f64 / self.request.get() as f64);
        WasteRow {
            names,
            request_bytes: self.request,
            usage_bytes: self.usage,
            basis,
            window_seconds: self.window,
            points: self.points.unwrap_or(0),
            waste_bytes: self.waste,
            deficit_bytes: self.deficit,
            waste_ratio: ratio,
            unmeasured_containers: self.unmeasured,
        }
    }
}
