//! What a parser returns: items, the sinks that receive them, and counts.

use crate::event::{Companion, Event};
use std::ops::ControlFlow;

/// Receives items. Breaking stops the parser.
///
/// Any `FnMut(Item) -> ControlFlow<()>` is a sink, and so are a `Vec<Event>`, which keeps events only, and [`Items`].
/// The parser takes any of them as `&mut dyn Sink` too.
pub trait Sink {
    /// Receives the next item, in the order of first lines.
    fn item(&mut self, item: Item) -> ControlFlow<()>;
}

/// An event or a companion. Serialised as the one it is; a companion's JSON has a `type`, an event's has none.
///
/// ```
/// use oomkit_core::{Item, Items, Options, Parser};
///
/// let log = b"\
/// Nov 23 17:13:35 n1 kernel: Memory cgroup out of memory: Killed process 42 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB
/// Nov 23 17:13:36 n1 earlyoom[7]: process 42 exited after 0.1 seconds
/// ";
/// let mut items = Items::default();
/// let mut parser = Parser::new(Options::new().companions(true));
/// parser.feed(log, &mut items);
/// parser.finish(&mut items);
///
/// let [Item::Event(event), Item::Companion(companion)] = &items.0[..] else { panic!() };
/// assert_eq!(companion.actor.as_str(), "earlyoom");
/// assert_eq!(companion.event_id.as_ref(), Some(&event.id));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Item {
    /// A run of the kernel's OOM killer.
    Event(Box<Event>),
    /// A line of another program. Only with [`Options::companions`].
    ///
    /// [`Options::companions`]: crate::Options::companions
    Companion(Box<Companion>),
}

impl Item {
    /// The event, if it is one.
    pub fn into_event(self) -> Option<Event> {
        match self {
            Self::Event(event) => Some(*event),
            Self::Companion(_) => None,
        }
    }
}

/// A sink that keeps events and companions, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Items(pub Vec<Item>);

impl Sink for Items {
    fn item(&mut self, item: Item) -> ControlFlow<()> {
        self.0.push(item);
        ControlFlow::Continue(())
    }
}

impl Sink for Vec<Event> {
    fn item(&mut self, item: Item) -> ControlFlow<()> {
        self.extend(item.into_event());
        ControlFlow::Continue(())
    }
}

impl<F: FnMut(Item) -> ControlFlow<()>> Sink for F {
    fn item(&mut self, item: Item) -> ControlFlow<()> {
        self(item)
    }
}

/// What a run of the parser saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Stats {
    /// Bytes read.
    pub bytes: u64,
    /// Lines read.
    pub lines: u64,
    /// Events returned.
    pub events: u64,
    /// Events left out because a user process wrote their lines; see [`Options::include_user`].
    ///
    /// [`Options::include_user`]: crate::Options::include_user
    pub user_events: u64,
    /// Companions returned; see [`Options::companions`].
    ///
    /// [`Options::companions`]: crate::Options::companions
    pub companions: u64,
}
