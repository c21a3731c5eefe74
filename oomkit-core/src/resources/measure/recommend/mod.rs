//! Recommendation: what to request and to limit, from what was used and from what the kernel says; other tools' answers beside.

mod beside;
mod histogram;
mod krr;
mod rule;
mod template;
#[cfg(test)]
mod tests;
mod vpa;

pub use beside::{Beside, LainAdvice};
pub use histogram::Histogram;
pub use krr::{Krr, KrrSeverity, krr_score, krr_severity};
pub use vpa::Vpa;

use super::evidence::Found;
use super::group::{By, Names, Selection};
use super::overcommit::pods;
use super::{SCHEMA_VERSION, ranked};
use crate::event::LimitChange;
use crate::resources::ClusterFacts;
use crate::resources::kills::{KillSummary, Kills, NodeKill};
use crate::resources::usage::{Basis, Need, Quality, Usage};
use crate::units::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use template::{Template, templates};

/// The measure and its rows, in the JSON that `oomkit recommend --format json` prints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Recommend {
    /// Version of the JSON: 1.
    pub schema_version: u32,
    /// `recommend`.
    pub measure: String,
    /// What a row stands for.
    pub by: By,
    /// `strict` or `burst`.
    pub profile: RecommendProfile,
    /// The largest change first.
    pub rows: Vec<Recommendation>,
    /// Everything together, not only the rows.
    pub totals: Recommendation,
    /// KRR's score of what is declared, 0 to 100, over what KRR has an answer for.
    pub krr_score: Option<u8>,
    /// Kills for want of a node's memory, where kills were given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub node_kills: Vec<NodeKill>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// One row: a container of a workload, of one pod, or all containers of a pod, namespace or node.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Recommendation {
    /// Who it is about. Of a workload there is a row for each container.
    #[serde(flatten)]
    pub names: Names,
    /// How many pods.
    pub pods: u64,
    /// What each of them requests; of a sum, all together.
    pub request_bytes: Bytes,
    /// The limit of each; of a sum, all together. Null without one.
    pub limit_bytes: Option<Bytes>,
    /// What each should request; null where nothing is known to go by.
    pub recommended_request_bytes: Option<Bytes>,
    /// What the limit of each should be.
    pub recommended_limit_bytes: Option<Bytes>,
    /// By how much all requests together would change.
    pub change_bytes: i64,
    /// The most any of them used, or was charged with when it was killed.
    pub peak_bytes: Option<Bytes>,
    /// What is called usage.
    pub basis: Basis,
    /// From the first to the last measurement.
    pub window_seconds: Option<u64>,
    /// How many measurements.
    pub points: u64,
    /// What they are good for; null for a sum.
    pub quality: Option<Quality>,
    /// Whether less would do by what was measured, and the measurements are not enough to say so.
    pub held_back: bool,
    /// Of a sum: containers for which nothing is recommended; they count as they are.
    pub unknown_containers: u64,
    /// What it rests on, in sentences.
    pub reasons: Vec<String>,
    /// What the measurements do not allow, in sentences.
    pub forbids: Vec<String>,
    /// How the limit that was last hit has changed since: `same`, `raised`, `lowered`, `removed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_change: Option<LimitChange>,
    /// Kills, where they were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kills: Option<KillSummary>,
    /// What others would say; null for a sum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<Beside>,
}

/// How much a limit may exceed its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RecommendProfile {
    /// Not at all: what may be used is booked.
    #[default]
    Strict,
    /// To 1.3 times the peak, at most `ratio_cap` times the request.
    Burst,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct RecommendOptions {
    /// How much a limit may exceed its request.
    pub profile: RecommendProfile,
    /// What is called usage.
    pub basis: Basis,
    /// No request below this.
    pub floor: Bytes,
    /// In the profile `burst`: the most that a limit may be, in requests.
    pub ratio_cap: f64,
    /// How much has to be measured before a request is lowered.
    pub need: Need,
}

/// A floor of 16Mi, above what a runtime takes to start a container at all.
impl Default for RecommendOptions {
    fn default() -> Self {
        Self {
            profile: RecommendProfile::default(),
            basis: Basis::default(),
            floor: Bytes(16 << 20),
            ratio_cap: 2.5,
            need: Need::default(),
        }
    }
}

/// What to request and to limit, for the running containers of a cluster.
pub fn recommend(
    facts: &ClusterFacts,
    usage: &Usage,
    kills: &Kills,
    options: RecommendOptions,
    select: &Selection,
) -> Recommend {
    let found = Found::of(kills, facts, usage, options.basis, select.by);
    let joined = kills.joined(facts);
    let over = facts.pods().iter().filter(|pod| pod.phase.is_over()).count() as u64;
    let each_pod = select.by == By::Container;
    let templates = templates(facts, usage, &joined, options, select, each_pod);
    let mut severities = Vec::new();
    let mut totals = RequestSum::default();
    let mut sums: BTreeMap<Names, RequestSum> = BTreeMap::new();
    let mut rows = Vec::new();
    for template in &templates {
        let row = template.recommendation(options);
        severities.extend(row.beside.as_ref().and_then(|beside| beside.krr.severity));
        totals.add(template, &row, template.members.len() as u64, template.members.len() as u64);
        match select.by {
            By::Container | By::Workload => rows.push(row),
            _ => {
                for (member, names) in &template.members {
                    let Some(names) = names else { continue };
                    let sum = sums.entry(names.clone()).or_default();
                    let new = sum.last != Some(*member);
                    sum.last = Some(*member);
                    sum.add(template, &row, 1, u64::from(new));
                }
            }
        }
    }
    rows.extend(sums.into_iter().map(|(names, sum)| sum.row(names, options.basis)));
    for row in rows.iter_mut().filter(|_| !matches!(select.by, By::Container | By::Workload)) {
        row.kills = found.of_row(&row.names);
    }
    let mut notes = Vec::new();
    if over > 0 {
        notes.push(format!("{} left out: phase Succeeded or Failed", pods(over)));
    }
    notes.extend(super::windows(facts));
    let held = rows.iter().filter(|row| row.held_back).count();
    if held > 0 {
        let of = if held == 1 { "request is" } else { "requests are" };
        let Need { points, seconds } = options.need;
        let hours = seconds.div_ceil(3600);
        let asked = format!("at least {points} over {hours} hours");
        notes.push(format!("{held} {of} not lowered for want of measurements: {asked}"));
    }
    notes.extend(found.notes.iter().cloned());
    let mut totals = totals.row(Names::default(), options.basis);
    totals.kills = found.total();
    Recommend {
        schema_version: SCHEMA_VERSION,
        measure: "recommend".to_owned(),
        by: select.by,
        profile: options.profile,
        rows: ranked(rows, |row| row.change_bytes.unsigned_abs(), |row| &row.names, select),
        totals,
        krr_score: krr_score(&severities),
        node_kills: found.node_kills,
        notes,
    }
}

/// Many containers together.
#[derive(Default)]
struct RequestSum {
    request: Bytes,
    limit: Bytes,
    unbounded: u64,
    recommended_request: Bytes,
    recommended_limit: Bytes,
    points: Option<u64>,
    window: Option<u64>,
    unknown: u64,
    known: u64,
    pods: u64,
    held_back: bool,
    /// The pod that was added last.
    last: Option<usize>,
}

impl RequestSum {
    /// `count` containers like this, of `pods` pods.
    fn add(&mut self, template: &Template<'_>, row: &Recommendation, count: u64, pods: u64) {
        let times = |bytes: Bytes| Bytes(bytes.get().saturating_mul(count));
        self.request = self.request.saturating_add(times(row.request_bytes));
        match template.limit.bytes() {
            Some(limit) => self.limit = self.limit.saturating_add(times(limit)),
            None => self.unbounded += count,
        }
        let kept = row.recommended_request_bytes.unwrap_or(row.request_bytes);
        self.recommended_request = self.recommended_request.saturating_add(times(kept));
        let kept = row.recommended_limit_bytes.or(template.limit.bytes()).unwrap_or_default();
        self.recommended_limit = self.recommended_limit.saturating_add(times(kept));
        let known = row.recommended_request_bytes.is_some();
        self.known += u64::from(known) * count;
        self.unknown += u64::from(!known) * count;
        self.pods += pods;
        self.held_back |= row.held_back;
        if row.points > 0 {
            self.points = Some(self.points.map_or(row.points, |points| points.min(row.points)));
        }
        self.window = self.window.max(row.window_seconds);
    }

    fn row(self, names: Names, basis: Basis) -> Recommendation {
        Recommendation {
            names,
            pods: self.pods,
            request_bytes: self.request,
            limit_bytes: (self.unbounded == 0).then_some(self.limit),
            recommended_request_bytes: (self.known > 0).then_some(self.recommended_request),
            recommended_limit_bytes: (self.known > 0).then_some(self.recommended_limit),
            change_bytes: template::difference(self.recommended_request, self.request),
            basis,
            window_seconds: self.window,
            points: self.points.unwrap_or(0),
            held_back: self.held_back,
            unknown_containers: self.unknown,
            ..Recommendation::default()
        }
    }
}
