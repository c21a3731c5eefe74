//! Declared and used memory: the measures as functions of files, JSON and plain objects.

mod lint;
mod manifests;
pub(crate) mod rows;
pub(crate) mod sources;

use crate::arguments::{Argument, function};
use crate::error::{OomkitError, bad_option};
use crate::parts::{self, classes};
use oomkit_core::reflect::Object;
use oomkit_core::resources::measure::{
    self, HeadroomOptions, Inputs, NO_USAGE, Profile, Rank, RecommendOptions, RiskOptions,
};
use oomkit_core::resources::{self as core, Need, lint as linted};
use pyo3::prelude::*;
use rows::bytes;
use sources::{Contents, Sources, Unread};

/// Declared and used memory of Kubernetes: native part of `oomkit.resources`.
#[pymodule(name = "_resources", gil_used = false)]
pub(crate) mod resources {
    #[pymodule_export]
    use super::lint::lint;
    #[pymodule_export]
    use super::{headroom, overcommit, recommend, risk, waste};
    #[pymodule_export]
    use crate::quantity::parse_quantity;

    #[pymodule_init]
    fn init(module: &pyo3::Bound<'_, pyo3::types::PyModule>) -> pyo3::PyResult<()> {
        crate::parts::add_classes(module, "oomkit.resources")
    }
}

classes! { "oomkit.resources":
    Beside = measure::Beside;
    Candidate = measure::Candidate;
    Checked = linted::Checked;
    ClusterHeadroom = measure::ClusterHeadroom;
    Eviction = measure::Eviction;
    Finding = linted::Finding;
    Gate = measure::Gate;
    Headroom = measure::Headroom;
    Hurt = measure::Hurt;
    Idle = measure::Idle;
    IgnoredFinding = linted::Ignored;
    KillSummary = core::KillSummary;
    Krr = measure::Krr;
    LainAdvice = measure::LainAdvice;
    LainBand = measure::LainBand;
    LimitHazard = measure::LimitHazard;
    LintReport = linted::Report;
    Names = measure::Names;
    NodeHazard = measure::NodeHazard;
    NodeHeadroom = measure::NodeHeadroom;
    NodeKill = core::NodeKill;
    NodeLoss = measure::NodeLoss;
    NodesLoss = measure::NodesLoss;
    Overcommit = measure::Overcommit;
    OvercommitRow = measure::OvercommitRow;
    Problem = linted::Problem;
    Recommend = measure::Recommend;
    Recommendation = measure::Recommendation;
    Risk = measure::Risk;
    RiskTotals = measure::RiskTotals;
    Share = core::Share;
    Trend = measure::Trend;
    Vpa = measure::Vpa;
    Waste = measure::Waste;
    WasteRow = measure::WasteRow;
    ZoneLoss = measure::ZoneLoss;
}

/// Reads the sources and measures, without holding the lock.
fn measured<'py, M: Object>(
    py: Python<'py>,
    sources: &Sources,
    measure: impl FnOnce(&Contents) -> Result<M, Unread> + Send,
    notes: fn(&mut M) -> &mut Vec<String>,
) -> PyResult<Bound<'py, PyAny>> {
    let measured = py.detach(|| {
        let mut read = sources.read()?;
        let mut measured = measure(&read)?;
        notes(&mut measured).append(&mut read.notes);
        Ok::<_, Unread>(measured)
    });
    parts::object(py, Box::new(measured?))
}

fn no_usage() -> PyErr {
    OomkitError::new_err(format!("{NO_USAGE}: give usage (metrics.k8s.io), metrics or csv"))
}

/// What overcommit and waste are computed from.
fn inputs(read: &Contents) -> Inputs<'_> {
    Inputs { facts: &read.facts, usage: &read.usage, series: &read.series, kills: &read.kills }
}

function! {
    /// By how much memory limits exceed requests, the worst first: `oomkit overcommit`.
    ///
    /// `pods` and `nodes` are what `kubectl get pods,nodes -A -o json` prints: a path (compressed files are recognised), JSON
    /// as `str` or `bytes`, a `dict`, or a list of any of them. `metrics` is the text of metrics of kube-state-metrics, as a
    /// path, `str` or `bytes`. Objects outrank metrics. `csv` is oomkit's own table, `usage` as in `waste()`.
    /// `by` is what a row stands for: "container", "pod", "workload", "namespace" or "node".
    /// `top` is the number of rows, the largest first, ties by name; `None` gives all.
    /// `threshold` leaves out rows below so many bytes: an `int`, or a quantity such as "2.9G".
    /// `profile` "seed" repeats the query the project started from on `metrics`, with its errors; "lain" tells the band of each
    /// container by what was used.
    /// `view` is "steady" (containers that run for good) or "scheduled" (what the scheduler books).
    /// `events` are kills: a path or JSON of `oomkit parse -f jsonl`, or a list of `Event`.
    /// `namespace` and `exclude_namespace` are a name or several; nodes are always counted in full.
    ///
    /// The global interpreter lock is not held while reading. Raises `OSError` for a file that cannot be opened, `OomkitError`
    /// for content that is not what it should be (naming file, line, column, field) and for options that cannot be used.
    ///
    /// >>> pod = {"kind": "Pod", "metadata": {"namespace": "shop", "name": "web"}, "spec": {"containers": [
    /// ...     {"name": "app", "resources": {"requests": {"memory": "1Gi"}, "limits": {"memory": "4Gi"}}}]}}
    /// >>> oomkit.resources.overcommit(pods=pod).totals.overcommit_bytes
    /// 3221225472
    fn overcommit(py, sources(pods, nodes, metrics, usage, csv, events), rows by "pod", profile: &str = "default", view: &str = "steady") -> PyResult<Bound<'py, PyAny>> {
        let mut select = rows.selection()?;
        select.view = Some(view.parse().map_err(bad_option)?);
        let sources = sources.measured()?;
        let profile = rows::profile(profile, &sources, &select)?;
        if profile == Profile::Lain && !sources.names_usage() {
            return Err(no_usage());
        }
        let over = |read: &Contents| Ok(profile.overcommit(inputs(read), &select));
        measured(py, &sources, over, |over| &mut over.notes)
    }
}

function! {
    /// What is requested and not used, the worst first: `oomkit waste`.
    ///
    /// `usage` is the JSON of metrics.k8s.io (`kubectl get --raw /apis/metrics.k8s.io/v1beta1/pods`) or of a kubelet's
    /// `/stats/summary`; each source is a point in time. Usage may also stand in `metrics` (cAdvisor, the kubelet) and `csv`.
    /// `basis` is what is called usage: "working_set", "rss", "usage", "usage_minus_cache" or "anon_shmem".
    /// `statistic` is which measurement of a container counts: "peak" (the default), "latest", or a percentile such as "p95"
    /// (the default of profile "lain").
    /// `rank_by` is "bytes", "byte-hours", or "blame": what was wasted on a node when somebody was killed there (`events`).
    /// The other options, and what is raised, are those of `overcommit()`.
    fn waste(
        py, sources(pods, nodes, metrics, usage, csv, events), rows by "pod",
        basis: &str = "working_set", statistic: Option<&str> = None, rank_by: &str = "bytes", profile: &str = "default",
    ) -> PyResult<Bound<'py, PyAny>> {
        let mut select = rows.selection()?;
        select.rank = rank_by.parse().map_err(bad_option)?;
        let basis = basis.parse().map_err(bad_option)?;
        let statistic = statistic.map(|word| word.parse().map_err(bad_option)).transpose()?;
        let sources = sources.measured()?;
        let profile = rows::profile(profile, &sources, &select)?;
        if !sources.names_usage() {
            return Err(no_usage());
        }
        if select.rank == Rank::Blame && !sources.names_events() {
            return Err(OomkitError::new_err("rank_by \"blame\" goes by kills: give events"));
        }
        let wasted = |read: &Contents| Ok(profile.waste(inputs(read), basis, statistic, &select));
        measured(py, &sources, wasted, |wasted| &mut wasted.notes)
    }
}

function! {
    /// How much memory is free, three ways, and whether nodes may be lost: `oomkit headroom`.
    ///
    /// `top` is how many nodes are listed, the fullest first; `None` gives all. `lose` is how many nodes the cluster must be
    /// able to lose, one unless stated, `least` the free share there should be, 0 to 1, 30% unless stated. The sources are
    /// those of `waste()`; there must be nodes among them.
    fn headroom(
        py, sources(pods, nodes, metrics, usage, csv), top: Option<usize> = None,
        lose: usize = { HeadroomOptions::default().lose }, least: f64 = { HeadroomOptions::default().least },
    ) -> PyResult<Bound<'py, PyAny>> {
        if lose == 0 || !(0.0..=1.0).contains(&least) {
            return Err(OomkitError::new_err("lose is 1 or more, least a share from 0 to 1"));
        }
        let sources = sources.measured()?;
        let room = |read: &Contents| {
            if read.facts.nodes().is_empty() {
                let remedy = "give nodes (`kubectl get nodes -o json`)";
                return Err(Unread::Content(format!("there are no nodes: {remedy}")));
            }
            let mut options = HeadroomOptions::default();
            options.lose = lose;
            options.least = least;
            let mut room = measure::headroom_with(&read.facts, &read.usage, options);
            room.nodes.truncate(top.filter(|top| *top > 0).unwrap_or(usize::MAX));
            Ok(room)
        };
        measured(py, &sources, room, |room| &mut room.notes)
    }
}

function! {
    /// What may run out of memory next: how near containers are to their limits and nodes to running out, whom the kernel would
    /// kill and whom the kubelet would evict: `oomkit risk`.
    ///
    /// `basis` is what is called usage; without it what is nearest to what the kernel cannot give back.
    /// `eviction_hard` is what the kubelet keeps free by evicting: bytes or a quantity.
    /// The other options, and what is raised, are those of `waste()`.
    fn risk(
        py, sources(pods, nodes, metrics, usage, csv, events), rows by "container",
        basis: Option<&str> = None, eviction_hard: Argument<'_, 'py> = None,
    ) -> PyResult<Bound<'py, PyAny>> {
        let select = rows.selection()?;
        let mut options = RiskOptions::default();
        options.basis = basis.map(|word| word.parse().map_err(bad_option)).transpose()?;
        if let Some(given) = eviction_hard {
            options.eviction_hard = bytes("eviction_hard", given)?;
        }
        let sources = sources.measured()?;
        let risk = |read: &Contents| Ok(measure::risk(&read.facts, &read.usage, &read.kills, options, &select));
        measured(py, &sources, risk, |risk| &mut risk.notes)
    }
}

function! {
    /// What to request and to limit, what it rests on, and what lain, KRR and VPA would say beside it: `oomkit recommend`.
    ///
    /// `profile` is "strict" (the limit is the request) or "burst" (the limit is at most `ratio_cap` requests).
    /// `floor` is the least request, in bytes or as a quantity. A request is lowered only by at least `min_points`
    /// measurements over at least `min_hours` hours. What is not stated is as for `oomkit recommend`.
    /// The other options, and what is raised, are those of `waste()`.
    fn recommend(
        py, sources(pods, nodes, metrics, usage, csv, events), rows by "workload",
        profile: &str = "strict", basis: &str = "working_set", floor: Argument<'_, 'py> = None,
        ratio_cap: f64 = { RecommendOptions::default().ratio_cap },
        min_points: u64 = { Need::default().points }, min_hours: u64 = { Need::default().hours() },
    ) -> PyResult<Bound<'py, PyAny>> {
        let select = rows.selection()?;
        let mut options = RecommendOptions::default();
        options.profile = profile.parse().map_err(bad_option)?;
        options.basis = basis.parse().map_err(bad_option)?;
        if let Some(given) = floor {
            options.floor = bytes("floor", given)?;
        }
        options.ratio_cap = ratio_cap;
        options.need = Need::new(min_points, min_hours);
        let sources = sources.measured()?;
        if !sources.names_usage() && !sources.names_events() {
            return Err(no_usage());
        }
        let advice = |read: &Contents| Ok(measure::recommend(&read.facts, &read.usage, &read.kills, options, &select));
        measured(py, &sources, advice, |advice| &mut advice.notes)
    }
}
