//! Declared and used memory: the measures as functions of files, JSON and plain objects.

pub(crate) mod given;
mod parts;

use crate::error::{OomkitError, bad_option};
use given::Sources;
use oomkit_core::resources::measure::{self, Selection};
use oomkit_core::resources::{Quantity, View};
use oomkit_core::units::Bytes;
use parts::{Headroom, Overcommit, Waste};
use pyo3::prelude::*;
use pyo3::types::PyString;

/// Declared and used memory of Kubernetes: native part of `oomkit.resources`.
#[pymodule(gil_used = false)]
pub(crate) mod resources {
    #[pymodule_export]
    use super::parts::{ClusterHeadroom, Headroom, NodeHeadroom, NodeLoss, Overcommit, OvercommitRow, Waste, WasteRow};
    #[pymodule_export]
    use super::{headroom, overcommit, waste};
    #[pymodule_export]
    use crate::quantity::parse_quantity;
}

/// Rows, as Python asked for them.
struct Asked<'a, 'py> {
    by: &'a str,
    top: Option<usize>,
    threshold: Option<&'a Bound<'py, PyAny>>,
    profile: &'a str,
    view: &'a str,
    namespace: Option<&'a Bound<'py, PyAny>>,
    exclude_namespace: Option<&'a Bound<'py, PyAny>>,
}

impl Asked<'_, '_> {
    fn selection(&self) -> PyResult<Selection> {
        let mut select = Selection::default();
        select.by = self.by.parse().map_err(bad_option)?;
        select.view = Some(self.view.parse::<View>().map_err(bad_option)?);
        select.top = self.top.filter(|top| *top > 0);
        select.least = self.threshold.map(bytes).transpose()?.unwrap_or_default();
        select.namespaces = names(self.namespace)?;
        select.excluded_namespaces = names(self.exclude_namespace)?;
        Ok(select)
    }

    /// Whether the profile is `seed`, which knows pods by their names only.
    fn is_seed(&self, sources: &Sources, select: &Selection) -> PyResult<bool> {
        match self.profile {
            "default" => Ok(false),
            "seed" if !sources.names_metrics() => {
                Err(OomkitError::new_err("profile \"seed\" repeats queries on series: give metrics"))
            }
            "seed"
                if select.by != measure::By::Pod
                    || !select.namespaces.is_empty()
                    || !select.excluded_namespaces.is_empty() =>
            {
                Err(OomkitError::new_err("profile \"seed\" knows pods by their names only: no by, no namespaces"))
            }
            "seed" => Ok(true),
            other => Err(OomkitError::new_err(format!("profile: {other:?} is not default or seed"))),
        }
    }
}

/// A number of bytes, or a quantity such as "2.9G".
fn bytes(given: &Bound<'_, PyAny>) -> PyResult<Bytes> {
    let refused = |error: &dyn std::fmt::Display| OomkitError::new_err(format!("threshold: {error}"));
    match given.cast::<PyString>() {
        Ok(text) => {
            let quantity: Quantity = text.to_str()?.parse().map_err(|error| refused(&error))?;
            quantity.rounded_bytes().map(Bytes).map_err(|error| refused(&error))
        }
        Err(_) => Ok(Bytes(given.extract()?)),
    }
}

/// One name or several.
fn names(given: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<String>> {
    match given {
        None => Ok(Vec::new()),
        Some(one) if one.is_instance_of::<PyString>() => Ok(vec![one.extract()?]),
        Some(many) => many.try_iter()?.map(|name| name?.extract()).collect(),
    }
}

fn no_objects() -> PyErr {
    OomkitError::new_err("nothing to measure: give pods (`kubectl get pods,nodes -A -o json`) or metrics")
}

/// By how much memory limits exceed requests, the worst first: `oomkit overcommit`.
///
/// `pods` and `nodes` are what `kubectl get pods,nodes -A -o json` prints: a path (compressed files are recognised), JSON
/// as `str` or `bytes`, a `dict`, or a list of any of them. `metrics` is the text of metrics of kube-state-metrics, as a
/// path, `str` or `bytes`. Objects outrank metrics.
/// `by` is what a row stands for: "container", "pod", "workload", "namespace" or "node".
/// `top` is the number of rows, the largest first, ties by name; `None` gives all.
/// `threshold` leaves out rows below so many bytes: an `int`, or a quantity such as "2.9G".
/// `profile` "seed" repeats the query the project started from on `metrics`, with its errors.
/// `view` is "steady" (containers that run for good) or "scheduled" (what the scheduler books).
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
#[pyo3(signature = (*, pods=None, nodes=None, metrics=None, by="pod", top=10, threshold=None, profile="default",
    view="steady", namespace=None, exclude_namespace=None))]
fn overcommit(
    py: Python<'_>,
    pods: Option<&Bound<'_, PyAny>>,
    nodes: Option<&Bound<'_, PyAny>>,
    metrics: Option<&Bound<'_, PyAny>>,
    by: &str,
    top: Option<usize>,
    threshold: Option<&Bound<'_, PyAny>>,
    profile: &str,
    view: &str,
    namespace: Option<&Bound<'_, PyAny>>,
    exclude_namespace: Option<&Bound<'_, PyAny>>,
) -> PyResult<Overcommit> {
    let sources = Sources::new(pods, nodes, metrics, None)?;
    let asked = Asked { by, top, threshold, profile, view, namespace, exclude_namespace };
    let select = asked.selection()?;
    let seed = asked.is_seed(&sources, &select)?;
    if !sources.names_objects() {
        return Err(no_objects());
    }
    let measured = py.detach(|| {
        let read = sources.read()?;
        let mut measured = match seed {
            true => measure::overcommit_seed(&read.series, &select),
            false => measure::overcommit(&read.facts, &select),
        };
        measured.notes.extend(read.notes);
        Ok::<_, given::Unread>(measured)
    });
    Ok(measured?.into())
}

/// What is requested and not used, the worst first: `oomkit waste`.
///
/// `usage` is the JSON of metrics.k8s.io (`kubectl get --raw /apis/metrics.k8s.io/v1beta1/pods`) or of a kubelet's
/// `/stats/summary`; each source is a point in time. Usage may also stand in `metrics` (cAdvisor, the kubelet).
/// `basis` is what is called usage: "working_set", "rss", "usage" or "usage_minus_cache".
/// `statistic` is which measurement of a container counts: "peak", "latest", or a percentile such as "p95".
/// The other options, and what is raised, are those of `overcommit()`.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the Python function")]
#[pyo3(signature = (*, pods=None, nodes=None, metrics=None, usage=None, basis="working_set", statistic="peak", by="pod",
    top=10, threshold=None, profile="default", namespace=None, exclude_namespace=None))]
fn waste(
    py: Python<'_>,
    pods: Option<&Bound<'_, PyAny>>,
    nodes: Option<&Bound<'_, PyAny>>,
    metrics: Option<&Bound<'_, PyAny>>,
    usage: Option<&Bound<'_, PyAny>>,
    basis: &str,
    statistic: &str,
    by: &str,
    top: Option<usize>,
    threshold: Option<&Bound<'_, PyAny>>,
    profile: &str,
    namespace: Option<&Bound<'_, PyAny>>,
    exclude_namespace: Option<&Bound<'_, PyAny>>,
) -> PyResult<Waste> {
    let sources = Sources::new(pods, nodes, metrics, usage)?;
    let asked = Asked { by, top, threshold, profile, view: "steady", namespace, exclude_namespace };
    let select = asked.selection()?;
    let (basis, statistic) = (basis.parse().map_err(bad_option)?, statistic.parse().map_err(bad_option)?);
    let seed = asked.is_seed(&sources, &select)?;
    if !sources.names_objects() {
        return Err(no_objects());
    }
    if !sources.names_usage() {
        return Err(OomkitError::new_err("nothing says what is used: give usage (metrics.k8s.io) or metrics"));
    }
    let measured = py.detach(|| {
        let read = sources.read()?;
        let mut measured = match seed {
            true => measure::waste_seed(&read.series, &select),
            false => measure::waste(&read.facts, &read.usage, basis, statistic, &select),
        };
        measured.notes.extend(read.notes);
        Ok::<_, given::Unread>(measured)
    });
    Ok(measured?.into())
}

/// How much memory is free, three ways, and whether a node may be lost: `oomkit headroom`.
///
/// `top` is how many nodes are listed, the fullest first; `None` gives all. The sources are those of `waste()`; there must
/// be nodes among them.
#[pyfunction]
#[pyo3(signature = (*, pods=None, nodes=None, metrics=None, usage=None, top=None))]
fn headroom(
    py: Python<'_>,
    pods: Option<&Bound<'_, PyAny>>,
    nodes: Option<&Bound<'_, PyAny>>,
    metrics: Option<&Bound<'_, PyAny>>,
    usage: Option<&Bound<'_, PyAny>>,
    top: Option<usize>,
) -> PyResult<Headroom> {
    let sources = Sources::new(pods, nodes, metrics, usage)?;
    if !sources.names_objects() {
        return Err(no_objects());
    }
    let measured = py.detach(|| {
        let read = sources.read()?;
        if read.facts.nodes().is_empty() {
            let remedy = "give nodes (`kubectl get nodes -o json`)";
            return Err(given::Unread::Content(format!("there are no nodes: {remedy}")));
        }
        let mut room = measure::headroom(&read.facts, &read.usage);
        room.notes.extend(read.notes);
        room.nodes.truncate(top.filter(|top| *top > 0).unwrap_or(usize::MAX));
        Ok(room)
    });
    Ok(measured?.into())
}
