//! What a parser found, until Python takes it: events, and companions where they are wanted.

use crate::parts;
use oomkit_core::resources::ClusterFacts;
use oomkit_core::{Dedupe, Item, Sink};
use pyo3::prelude::*;
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;

/// A queue that leaves out events of an id it has had, if asked to.
#[derive(Default)]
pub(crate) struct Collector {
    ready: VecDeque<Item>,
    dedupe: Option<Dedupe<()>>,
    /// What events are joined to.
    cluster: Option<Arc<ClusterFacts>>,
}

impl Collector {
    pub(crate) fn new(dedupe: bool, cluster: Option<Arc<ClusterFacts>>) -> Self {
        Self { ready: VecDeque::new(), dedupe: dedupe.then(|| Dedupe::new(())), cluster }
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
    fn event(&mut self, mut event: oomkit_core::Event) -> ControlFlow<()> {
        if self.dedupe.as_mut().is_none_or(|dedupe| dedupe.is_new(&event)) {
            if let Some(cluster) = &self.cluster {
                event.cluster = cluster.join(&event);
            }
            self.ready.push_back(Item::Event(Box::new(event)));
        }
        ControlFlow::Continue(())
    }

    fn companion(&mut self, companion: oomkit_core::event::Companion) -> ControlFlow<()> {
        self.ready.push_back(Item::Companion(Box::new(companion)));
        ControlFlow::Continue(())
    }
}
