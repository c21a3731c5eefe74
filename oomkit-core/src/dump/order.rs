//! Events leave in the order of their first lines, although dumps of several hosts end in any order.

use super::belongs::Facts;
use super::clock::Clock;
use crate::event::{Companion, Event};
use crate::parser::Item;
use std::collections::BTreeMap;

/// A dump's place in the order: its first byte, and a count for dumps that begin in the same record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket(u64, u64);

/// Events that are ready, and the places of those that are not.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    slots: BTreeMap<Ticket, Option<Item>>,
    count: u64,
    /// Slots that are no dump's.
    companions: usize,
    /// What companions may belong to of the events that are ready; `None` where there are none to be.
    pub(super) fresh: Option<Vec<Facts>>,
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
    pub(super) fn ready(&mut self, ticket: Ticket, event: Box<Event>, clock: Clock) {
        if let Some(fresh) = &mut self.fresh {
            fresh.push(Facts::of(&event, clock));
        }
        self.slots.insert(ticket, Some(Item::Event(event)));
    }

    /// A place for a companion of this byte.
    pub(super) fn open_companion(&mut self, first_byte: u64) -> Ticket {
        self.companions += 1;
        self.open(first_byte)
    }

    /// The companion need not wait any longer; `None` where it said nothing after all.
    pub(super) fn settle(&mut self, ticket: Ticket, companion: Option<Box<Companion>>) {
        match companion {
            Some(companion) => {
                self.slots.insert(ticket, Some(Item::Companion(companion)));
            }
            None => {
                self.slots.remove(&ticket);
                self.companions -= 1;
            }
        }
    }

    /// The next item that nothing earlier is waiting for.
    pub(super) fn next(&mut self) -> Option<Item> {
        let first = self.slots.first_entry()?;
        let item = if first.get().is_some() { first.remove() } else { None };
        self.companions -= usize::from(matches!(item, Some(Item::Companion(_))));
        item
    }

    /// Where the first dump begins that is open or waiting.
    pub(super) fn first_byte(&self) -> Option<u64> {
        self.slots.first_key_value().map(|(ticket, _)| ticket.0)
    }

    /// Companions that wait, for their kill or for what comes before them.
    pub(super) fn companions(&self) -> usize {
        self.companions
    }

    /// Dumps that are open or waiting.
    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.companions
    }
}
