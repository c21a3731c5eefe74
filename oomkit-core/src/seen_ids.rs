//! The ids of events seen so far, so that a dump that several sources hold counts once.

use crate::event::Event;
use std::collections::{HashSet, VecDeque};

/// Ids remembered: a storm's worth, in 4 MiB.
const MOST: usize = 65_536;

/// A set of event ids. Use one for all sources, such as the console's log and the journal's.
///
/// Remembers the last 65,536 ids: memory does not grow with the input.
///
/// ```
/// use oomkit_core::{SeenIds, parse};
///
/// let events = parse(b"Out of memory: Killed process 42 (java) total-vm:1kB, anon-rss:1kB, file-rss:0kB");
/// let mut seen = SeenIds::default();
/// assert!(seen.insert(&events[0]));
/// assert!(!seen.insert(&events[0]));
/// assert_eq!(seen.repeated(), 1);
/// ```
#[derive(Debug, Clone, Default)]
pub struct SeenIds {
    seen: HashSet<String>,
    order: VecDeque<String>,
    repeated: u64,
}

impl SeenIds {
    /// Remembers the event's id; whether it is new.
    pub fn insert(&mut self, event: &Event) -> bool {
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

    /// How many events were not new.
    pub fn repeated(&self) -> u64 {
        self.repeated
    }
}
