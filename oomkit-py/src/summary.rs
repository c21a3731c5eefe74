//! Summaries: many events in few numbers, merged in any order.

use crate::error::{OomkitError, bad_option};
use crate::parts::Event;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyType};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Counts of OOM kills: by pod, container, unit, command, host and hour, how many were silent, which belong together.
///
/// Takes events with `add()`, and other summaries with `merge()`: any order and grouping of merges gives the same
/// answers, so that partitions of a Spark job or the logs of many nodes can be counted apart. Keeps a few hundred bytes of
/// each event. Picklable, comparable, and safe to share between threads.
#[pyclass(module = "oomkit", frozen, eq)]
pub(crate) struct Summary(Mutex<oomkit_core::Summary>);

impl Summary {
    fn lock(&self) -> MutexGuard<'_, oomkit_core::Summary> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PartialEq for Summary {
    fn eq(&self, other: &Self) -> bool {
        // one after the other: two threads may compare the same two the other way round
        let mine = self.lock().clone();
        mine == *other.lock()
    }
}

#[pymethods]
impl Summary {
    /// An empty summary.
    #[new]
    fn new() -> Self {
        Self(Mutex::default())
    }

    /// Takes an event.
    #[pyo3(signature = (event, /))]
    fn add(&self, event: &Bound<'_, Event>) -> PyResult<()> {
        self.lock().add(event.as_super().get().core()?);
        Ok(())
    }

    /// Takes all that another summary has seen; that one stays as it is.
    #[pyo3(signature = (other, /))]
    fn merge(&self, other: &Bound<'_, Self>) {
        let other = other.get().lock().clone();
        self.lock().merge(other);
    }

    /// Events taken so far, copies of one dump among them.
    #[getter]
    fn events(&self) -> u64 {
        self.lock().events()
    }

    /// The answers as plain dicts, lists, strings and numbers: what `oomkit summary --format json` prints.
    ///
    /// `by` names the tables to make ("pod", "container", "unit", "command", "host", "constraint", "scope", "verdict",
    /// "limit", "hour", and of events joined to a cluster "namespace", "workload", "visibility"); all without it. `top` is the number of rows of each. Kills of one cause that are no more than
    /// `gap` seconds apart belong together. `dedupe` counts each dump once, though several logs hold it.
    #[pyo3(signature = (*, by=None, top=10, gap=300, dedupe=false))]
    fn to_dict<'py>(
        &self,
        py: Python<'py>,
        by: Option<Vec<String>>,
        top: usize,
        gap: u64,
        dedupe: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.call_method1("loads", (self.to_json(by, top, gap, dedupe)?,))
    }

    /// The same as one line of JSON.
    #[pyo3(signature = (*, by=None, top=10, gap=300, dedupe=false))]
    fn to_json(&self, by: Option<Vec<String>>, top: usize, gap: u64, dedupe: bool) -> PyResult<String> {
        let mut options = oomkit_core::ReportOptions::default();
        if let Some(by) = by {
            options.by = by.iter().map(|word| word.parse()).collect::<Result<_, _>>().map_err(bad_option)?;
        }
        options.top = top;
        options.gap_seconds = gap;
        options.dedupe = dedupe;
        let report = self.lock().report(&options);
        serde_json::to_string(&report).map_err(|error| OomkitError::new_err(error.to_string()))
    }

    /// Everything it has seen, to be merged elsewhere; see `from_state()`.
    fn state<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let state = serde_json::to_vec(&*self.lock()).map_err(|error| OomkitError::new_err(error.to_string()))?;
        Ok(PyBytes::new(py, &state))
    }

    /// Reads back what `state()` gave. Raises `OomkitError` when it is not that, or of another version.
    #[classmethod]
    #[pyo3(signature = (state, /))]
    fn from_state(_class: &Bound<'_, PyType>, state: &[u8]) -> PyResult<Self> {
        match serde_json::from_slice::<oomkit_core::Summary>(state) {
            Ok(summary) => Ok(Self(Mutex::new(summary))),
            Err(error) => Err(OomkitError::new_err(format!("not the state of a summary: {error}"))),
        }
    }

    fn __repr__(&self) -> String {
        format!("Summary(events={})", self.lock().events())
    }

    fn __copy__(&self) -> Self {
        Self(Mutex::new(self.lock().clone()))
    }

    #[pyo3(signature = (_memo, /))]
    fn __deepcopy__(&self, _memo: &Bound<'_, PyAny>) -> Self {
        self.__copy__()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        Ok((slf.get_type().getattr("from_state")?, (slf.get().state(slf.py())?,)))
    }
}

/// A summary of events: of a list, or of an iterator such as `iter_events()`.
///
/// `pods` and `nodes` join each event to the cluster first, as in `parse()`: then pods are counted under their names, and
/// by namespace, workload and visibility.
///
/// >>> log = b"[   71.1] Out of memory: Killed process 42 (java) total-vm:1kB, anon-rss:1kB, file-rss:0kB"
/// >>> oomkit.summarize(oomkit.parse(log)).to_dict()["totals"]["victims"]
/// 1
#[pyfunction]
#[pyo3(signature = (events, /, *, pods=None, nodes=None))]
pub(crate) fn summarize(
    events: &Bound<'_, PyAny>,
    pods: Option<&Bound<'_, PyAny>>,
    nodes: Option<&Bound<'_, PyAny>>,
) -> PyResult<Summary> {
    let summary = Summary::new();
    let cluster = crate::options::cluster(events.py(), pods, nodes)?;
    for event in events.try_iter()? {
        let event = event?;
        match event.cast::<Event>() {
            Ok(event) => match &cluster {
                Some(cluster) => {
                    let mut joined = event.as_super().get().core::<oomkit_core::Event>()?.clone();
                    joined.cluster = cluster.join(&joined);
                    summary.lock().add(&joined);
                }
                None => summary.add(event)?,
            },
            Err(_) => {
                let given = event.get_type().name()?;
                return Err(PyTypeError::new_err(format!("summarize() takes an iterable of Event, not of {given}")));
            }
        }
    }
    Ok(summary)
}
