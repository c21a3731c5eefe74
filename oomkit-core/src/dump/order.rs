//! Events leave in the order of their first lines, although dumps of several hosts end in any order.

use crate::event::Event;
use std::collections::BTreeMap;

/// A dump's place in the order: its first byte, and a count for dumps that begin in the same record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket(u64, u64);

/// Events that are ready, and the places of those that are not.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    slots: BTreeMap<Ticket, Option<Box<Event>>>,
    count: u64,
}

impl Outbox {
    /// A place for a dump that begins at this byte.
    pub(super) fn open(&mut self, first_byte: u64) -> Ticket {
        self.count += 1;
        let ticket = Ticket(first_byte, self.count);
        self.slots.insert(ticket, None);
        ticket
    }

    /// The dump was none.
    pub(super) fn drop(&mut self, ticket: Ticket) {
        self.slots.remove(&ticket);
    }

    /// The dump has ended.
    pub(super) fn ready(&mut self, ticket: Ticket, event: Box<Event>) {
        self.slots.insert(ticket, Some(event));
    }

    /// The next event that nothing earlier is waiting for.
    pub(super) fn next(&mut self) -> Option<Box<Event>> {
        let first = self.slots.first_entry()?;
        if first.get().is_some() { first.remove() } else { None }
    }

    /// Dumps that are open or waiting.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }
}
