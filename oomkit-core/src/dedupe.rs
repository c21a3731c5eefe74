//! The same dump from two sources: given once.

use crate::event::{Companion, Event};
use crate::parser::Sink;
use std::collections::{HashSet, VecDeque};
use std::ops::ControlFlow;

/// Ids remembered: a storm's worth, in 4 MiB.
const MOST: usize = 65_536;

/// A sink that hands on each event id once. Use one for all sources, such as the console's log and the journal's.
///
/// Remembers the last 65,536 ids: memory does not grow with the input.
#[derive(Debug)]
pub struct Dedupe<S> {
    inner: S,
    seen: HashSet<String>,
    order: VecDeque<String>,
    repeated: u64,
}

impl<S> Dedupe<S> {
    /// In front of another sink.
    pub fn new(inner: S) -> Self {
        Self { inner, seen: HashSet::new(), order: VecDeque::new(), repeated: 0 }
    }

    /// How many events were left out.
    pub fn repeated(&self) -> u64 {
        self.repeated
    }

    /// The sink behind it.
    pub fn into_inner(self) -> S {
        self.inner
    }

    /// Whether the event's id is new; remembers it.
    pub fn is_new(&mut self, event: &Event) -> bool {
        if !self.seen.insert(event.id.clone()) {
            self.repeated += 1;
            return false;
        }
        self.order.push_back(event.id.clone());
        if self.order.len() > MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.seen.remove(&oldest);
        }
        true
    }
}

impl<S: Sink> Sink for Dedupe<S> {
    fn event(&mut self, event: Event) -> ControlFlow<()> {
        if self.is_new(&event) { self.inner.event(event) } else { ControlFlow::Continue(()) }
    }

    fn companion(&mut self, companion: Companion) -> ControlFlow<()> {
        self.inner.companion(companion)
    }
}
