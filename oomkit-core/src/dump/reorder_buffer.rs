//! The reorder buffer: items leave in the order of their first lines, although dumps of several hosts end in any order.

use super::kill_keys::KillKeys;
use crate::event::{Companion, Event};
use crate::sink::Item;
use crate::time::Clock;
use std::collections::BTreeMap;

/// A dump's position in the order: its first byte, and a count for dumps that begin in the same record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slot(u64, u64);

/// Items that are ready, and the slots of those that are not.
#[derive(Debug, Default)]
pub(super) struct ReorderBuffer {
    slots: BTreeMap<Slot, Option<Item>>,
    count: u64,
    /// Slots that are no dump's.
    companions: usize,
    /// What companions are matched with, of the events that have become ready; `None` where no companion is wanted.
    pub(super) fresh: Option<Vec<KillKeys>>,
}

impl ReorderBuffer {
    /// A slot for a dump that begins at this byte.
    pub(super) fn open(&mut self, first_byte: u64) -> Slot {
        self.count += 1;
        let slot = Slot(first_byte, self.count);
        self.slots.insert(slot, None);
        slot
    }

    /// The dump was none.
    pub(super) fn discard(&mut self, slot: Slot) {
        self.slots.remove(&slot);
    }

    /// The dump has ended.
    pub(super) fn ready(&mut self, slot: Slot, event: Box<Event>, clock: Clock) {
        if let Some(fresh) = &mut self.fresh {
            fresh.push(KillKeys::of(&event, clock));
        }
        self.slots.insert(slot, Some(Item::Event(event)));
    }

    /// A slot for a companion at this byte.
    pub(super) fn open_companion(&mut self, first_byte: u64) -> Slot {
        self.companions += 1;
        self.open(first_byte)
    }

    /// The companion need not wait any longer; `None` where it said nothing after all.
    pub(super) fn ready_companion(&mut self, slot: Slot, companion: Option<Box<Companion>>) {
        match companion {
            Some(companion) => {
                self.slots.insert(slot, Some(Item::Companion(companion)));
            }
            None => {
                self.slots.remove(&slot);
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
        self.slots.first_key_value().map(|(slot, _)| slot.0)
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
