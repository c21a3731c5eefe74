//! Declared and used memory: the measures as functions of files, JSON and plain objects.

mod findings;
pub(crate) mod given;
mod kills;
mod lint;
mod manifests;
mod measures;
mod recommend;
mod risk;
mod rows;

use crate::error::{OomkitError, bad_option};
use given::{Contents, Sources, Unread};
use measures::{Headroom, Overcommit, Waste};
use oomkit_core::resources::measure::{self, HeadroomOptions, Rank, RecommendOptions, RiskOptions, Statistic};
use oomkit_core::resources::{Basis, Need};
use pyo3::prelude::*;
use recommend::Recommend;
use risk::Risk;
use rows::{Asked, Profile, bytes};

/// The core's structs, where `part!` looks for them.
mod model {
    pub(super) use oomkit_core::resources::measure::*;
    pub(super) use oomkit_core::resources::{KillSummary, NodeKill, Share};
}

/// Declared and used memory of Kubernetes: native part of `oomkit.resources`.
#[pymodule(gil_used = false)]
pub(crate) mod resources {
    #[pymodule_export]
    use super::findings::{Checked, Finding, IgnoredFinding, LintReport, Problem};
    #[pymodule_export]
    use super::kills::{KillSummary, Names, NodeKill, Share};
    #[pymodule_export]
    use super::lint::lint;
    #[pymodule_export]
    use super::measures::{
        ClusterHeadroom, Gate, Headroom, Hurt, Idle, NodeHeadroom, NodeLoss, NodesLoss, Overcommit, OvercommitRow,
        Waste, WasteRow, ZoneLoss,
    };
    #[pymodule_export]
    use super::recommend::{Beside, Krr, LainAdvice, LainBand, Recommend, Recommendation, Vpa};
    #[pymodule_export]
    use super::risk::{Candidate, Eviction, LimitHazard, NodeHazard, Risk, RiskTotals, Trend};
    #[pymodule_export]
    use super::{headroom, overcommit, recommend_ as recommend, risk_ as risk, waste};
    #[pymodule_export]
    use crate::quantity::parse_quantity;
}

/// What may be left out: anything.
type Given<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

/// Reads the sources and measures, without holding the lock.
fn measured<M: Send>(
    py: Python<'_>,
    sources: &Sources,
    measure: impl FnOnce(&Contents) -> Result<M, Unread> + Send,
    note: impl FnOnce(&mut M, Vec<String>) + Send,
) -> PyResult<M> {
    let measured = py.detach(|| {
        let mut read = sources.read()?;
        let mut measured = measure(&read)?;
        note(&mut measured, std::mem::take(&mut read.notes));
        Ok::<_, Unread>(measured)
    });
    Ok(measured?)
}

fn no_usage() -> PyErr {
    OomkitError::new_err("nothing says what is used: give usage (metrics.k8s.io), metrics or csv")
}

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
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the Python function")]
#[pyo3(signature = (*, pods=None, nodes=None, metrics=None, usage=None, csv=None, events=None, by="pod", top=10,
    threshold=None, profile="default", view="steady", namespace=None, exclude_namespace=None))]
fn overcommit(
    py: Python<'_>,
    pods: Given<'_, '_>,
    nodes: Given<'_, '_>,
    metrics: Given<'_, '_>,
    usage: Given<'_, '_>,
    csv: Given<'_, '_>,
    events: Given<'_, '_>,
    by: &str,
    top: Option<usize>,
    threshold: Given<'_, '_>,
    profile: &str,
    view: &str,
    namespace: Given<'_, '_>,
    exclude_namespace: Given<'_, '_>,
) -> PyResult<Overcommit> {
    let select = Asked { by, top, threshold, view, namespace, exclude_namespace }.selection()?;
    let sources = Sources::objects(pods, nodes)?.measured(metrics, usage, csv)?.killed(events)?;
    let profile = Profile::of(profile, &sources, &select)?;
    if profile == Profile::Lain && !sources.names_usage() {
        return Err(no_usage());
    }
    let over = |read: &Contents| {
        let quantile = Statistic::Quantile(0.95);
        let mut over = match profile {
            Profile::Seed => return Ok(measure::overcommit_seed(&read.series, &select)),
            Profile::Lain => measure::overcommit_lain(&read.facts, &read.usage, Basis::WorkingSet, quantile, &select),
            Profile::Default => measure::overcommit(&read.facts, &select),
        };
        if !read.kills.is_empty() {
            over.add_kills(&read.kills, &read.facts, &read.usage, Basis::WorkingSet);
        }
        Ok(over)
    };
    Ok(measured(py, &sources, over, |over, notes| over.notes.extend(notes))?.into())
}

/// What is requested and not used, the worst first: `oomkit waste`.
///
/// `usage` is the JSON of metrics.k8s.io (`kubectl get --raw /apis/metrics.k8s.io/v1beta1/pods`) or of a kubelet's
/// `/stats/summary`; each source is a point in time. Usage may also stand in `metrics` (cAdvisor, the kubelet) and `csv`.
/// `basis` is what is called usage: "working_set", "rss", "usage", "usage_minus_cache" or "anon_shmem".
/// `statistic` is which measurement of a container counts: "peak" (the default), "latest", or a percentile such as "p95"
/// (the default of profile "lain").
/// `rank_by` is "bytes", "byte-hours", or "blame": what was wasted on a node when somebody was killed there (`events`).
/// The other options, and what is raised, are those of `overcommit()`.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the Python function")]
#[pyo3(signature = (*, pods=None, nodes=None, metrics=None, usage=None, csv=None, events=None, basis="working_set",
    statistic=None, rank_by="bytes", by="pod", top=10, threshold=None, profile="default", namespace=None,
    exclude_namespace=None))]
fn waste(
    py: Python<'_>,
    pods: Given<'_, '_>,
    nodes: Given<'_, '_>,
    metrics: Given<'_, '_>,
    usage: Given<'_, '_>,
    csv: Given<'_, '_>,
    events: Given<'_, '_>,
    basis: &str,
    statistic: Option<&str>,
    rank_by: &str,
    by: &str,
    top: Option<usize>,
    threshold: Given<'_, '_>,
    profile: &str,
    namespace: Given<'_, '_>,
    exclude_namespace: Given<'_, '_>,
) -> PyResult<Waste> {
    let mut select = Asked { by, top, threshold, view: "steady", namespace, exclude_namespace }.selection()?;
    select.rank = rank_by.parse().map_err(bad_option)?;
    let basis = basis.parse().map_err(bad_option)?;
    let statistic: Option<Statistic> = statistic.map(|word| word.parse().map_err(bad_option)).transpose()?;
    let sources = Sources::objects(pods, nodes)?.measured(metrics, usage, csv)?.killed(events)?;
    let profile = Profile::of(profile, &sources, &select)?;
    if !sources.names_usage() {
        return Err(no_usage());
    }
    if select.rank == Rank::Blame && !sources.names_events() {
        return Err(OomkitError::new_err("rank_by \"blame\" goes by kills: give events"));
    }
    let wasted = |read: &Contents| {
        let (facts, usage) = (&read.facts, &read.usage);
        let statistic = |usual| statistic.unwrap_or(usual);
        let mut wasted = match profile {
            Profile::Seed => return Ok(measure::waste_seed(&read.series, &select)),
            Profile::Lain => measure::waste_lain(facts, usage, basis, statistic(Statistic::Quantile(0.95)), &select),
            Profile::Default => measure::waste(facts, usage, basis, statistic(Statistic::Peak), &select),
        };
        if !read.kills.is_empty() || select.rank == Rank::Blame {
            wasted.add_kills(&read.kills, facts, usage, &select);
        }
        Ok(wasted)
    };
    Ok(measured(py, &sources, wasted, |wasted, notes| wasted.notes.extend(notes))?.into())
}

/// How much memory is free, three ways, and whether nodes may be lost: `oomkit headroom`.
///
/// `top` is how many nodes are listed, the fullest first; `None` gives all. `lose` is how many nodes the cluster must be
/// able to lose, `least` the free share there should be, 0 to 1. The sources are those of `waste()`; there must be nodes
/// among them.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the Python function")]
#[pyo3(signature = (*, pods=None, nodes=None, metrics=None, usage=None, csv=None, top=None, lose=1, least=0.3))]
fn headroom(
    py: Python<'_>,
    pods: Given<'_, '_>,
    nodes: Given<'_, '_>,
    metrics: Given<'_, '_>,
    usage: Given<'_, '_>,
    csv: Given<'_, '_>,
    top: Option<usize>,
    lose: usize,
    least: f64,
) -> PyResult<Headroom> {
    if lose == 0 || !(0.0..=1.0).contains(&least) {
        return Err(OomkitError::new_err("lose is 1 or more, least a share from 0 to 1"));
    }
    let sources = Sources::objects(pods, nodes)?.measured(metrics, usage, csv)?;
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
    Ok(measured(py, &sources, room, |room, notes| room.notes.extend(notes))?.into())
}

/// What may run out of memory next: how near containers are to their limits and nodes to running out, whom the kernel would
/// kill and whom the kubelet would evict: `oomkit risk`.
///
/// `basis` is what is called usage; without it what is nearest to what the kernel cannot give back.
/// `eviction_hard` is what the kubelet keeps free by evicting: bytes or a quantity.
/// The other options, and what is raised, are those of `waste()`.
#[pyfunction]
#[pyo3(name = "risk")]
#[expect(clippy::too_many_arguments, reason = "the options of the Python function")]
#[pyo3(signature = (*, pods=None, nodes=None, metrics=None, usage=None, csv=None, events=None, basis=None,
    eviction_hard=None, by="container", top=10, threshold=None, namespace=None, exclude_namespace=None))]
fn risk_(
    py: Python<'_>,
    pods: Given<'_, '_>,
    nodes: Given<'_, '_>,
    metrics: Given<'_, '_>,
    usage: Given<'_, '_>,
    csv: Given<'_, '_>,
    events: Given<'_, '_>,
    basis: Option<&str>,
    eviction_hard: Given<'_, '_>,
    by: &str,
    top: Option<usize>,
    threshold: Given<'_, '_>,
    namespace: Given<'_, '_>,
    exclude_namespace: Given<'_, '_>,
) -> PyResult<Risk> {
    let select = Asked { by, top, threshold, view: "steady", namespace, exclude_namespace }.selection()?;
    let mut options = RiskOptions::default();
    options.basis = basis.map(|word| word.parse().map_err(bad_option)).transpose()?;
    if let Some(given) = eviction_hard {
        options.eviction_hard = bytes("eviction_hard", given)?;
    }
    let sources = Sources::objects(pods, nodes)?.measured(metrics, usage, csv)?.killed(events)?;
    let risk = |read: &Contents| Ok(measure::risk(&read.facts, &read.usage, &read.kills, options, &select));
    Ok(measured(py, &sources, risk, |risk, notes| risk.notes.extend(notes))?.into())
}

/// What to request and to limit, what it rests on, and what lain, KRR and VPA would say beside it: `oomkit recommend`.
///
/// `profile` is "strict" (the limit is the request) or "burst" (the limit is at most `ratio_cap` requests).
/// `floor` is the least request, in bytes or as a quantity. A request is lowered only by at least `min_points`
/// measurements over at least `min_hours` hours.
/// The other options, and what is raised, are those of `waste()`.
#[pyfunction]
#[pyo3(name = "recommend")]
#[expect(clippy::too_many_arguments, reason = "the options of the Python function")]
#[pyo3(signature = (*, pods=None, nodes=None, metrics=None, usage=None, csv=None, events=None, profile="strict",
    basis="working_set", floor=None, ratio_cap=2.5, min_points=100, min_hours=24, by="workload", top=10, threshold=None,
    namespace=None, exclude_namespace=None))]
fn recommend_(
    py: Python<'_>,
    pods: Given<'_, '_>,
    nodes: Given<'_, '_>,
    metrics: Given<'_, '_>,
    usage: Given<'_, '_>,
    csv: Given<'_, '_>,
    events: Given<'_, '_>,
    profile: &str,
    basis: &str,
    floor: Given<'_, '_>,
    ratio_cap: f64,
    min_points: u64,
    min_hours: u64,
    by: &str,
    top: Option<usize>,
    threshold: Given<'_, '_>,
    namespace: Given<'_, '_>,
    exclude_namespace: Given<'_, '_>,
) -> PyResult<Recommend> {
    let select = Asked { by, top, threshold, view: "steady", namespace, exclude_namespace }.selection()?;
    let mut options = RecommendOptions::default();
    options.profile = profile.parse().map_err(bad_option)?;
    options.basis = basis.parse().map_err(bad_option)?;
    if let Some(given) = floor {
        options.floor = bytes("floor", given)?;
    }
    options.ratio_cap = ratio_cap;
    options.need = Need::new(min_points, min_hours.saturating_mul(3600));
    let sources = Sources::objects(pods, nodes)?.measured(metrics, usage, csv)?.killed(events)?;
    if !sources.names_usage() && !sources.names_events() {
        return Err(no_usage());
    }
    let advice = |read: &Contents| Ok(measure::recommend(&read.facts, &read.usage, &read.kills, options, &select));
    Ok(measured(py, &sources, advice, |advice, notes| advice.notes.extend(notes))?.into())
}
