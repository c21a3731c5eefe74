//! What a parser found, until Python takes it: events, and companions where they are wanted.

use crate::parts;
use oomkit_core::resources::ClusterFacts;
use oomkit_core::{Item, SeenIds, Sink};
use pyo3::prelude::*;
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;

/// A queue that leaves out events of an id it has had, if asked to.
#[derive(Default)]
pub(crate) struct Collector {
    ready: VecDeque<Item>,
    seen: Option<SeenIds>,
    /// What events are joined to.
    cluster: Option<Arc<ClusterFacts>>,
}

impl Collector {
    pub(crate) fn new(dedupe: bool, cluster: Option<Arc<ClusterFacts>>) -> Self {
        Self { ready: VecDeque::new(), seen: dedupe.then(SeenIds::default), cluster }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ready.is_empty()
    }

    pub(crate) fn pop(&mut self) -> Option<Item> {
        self.ready.pop_front()
    }

    /// Everything, as Python objects.
    pub(crate) fn into_objects(self, py: Python<'_>) -> PyResult<Vec<Py<PyAny>>> {
        self.ready.into_iter().map(|item| object(py, item)).collect()
    }
}

/// An event or companion as the object it is.
pub(crate) fn object(py: Python<'_>, item: Item) -> PyResult<Py<PyAny>> {
    match item {
        Item::Event(event) => Ok(parts::object(py, event)?.unbind()),
        Item::Companion(companion) => Ok(parts::object(py, companion)?.unbind()),
        _ => Ok(py.None()),
    }
}

impl Sink for Collector {
    fn item(&mut self, mut item: Item) -> ControlFlow<()> {
        if let Item::Event(event) = &mut item {
            if self.seen.as_mut().is_some_and(|seen| !seen.insert(event)) {
                return ControlFlow::Continue(());
            }
            if let Some(cluster) = &self.cluster {
                event.cluster = cluster.join(event);
            }
        }
        self.ready.push_back(item);
        ControlFlow::Continue(())
    }
}
