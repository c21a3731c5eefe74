//! The window around a dump that `parse` looks at.

use super::finding::Finding;
use super::heard::{Heard, endings, silence};
use super::kill::{self, Kill};
use super::table::same_container;
use super::verdict::subject;
use crate::event::Event;

/// Later kills in one container that are compared with one: a storm of them holds no more evidence.
const MOST_LATER: usize = 64;

/// Lines around a dump, as far as they may count.
#[derive(Debug)]
pub(crate) struct Window<'a> {
    /// What was heard from the first line of the dump to the window's end.
    pub(crate) heard: &'a [&'a Heard],
    /// Events of the same host that began later and are over.
    pub(crate) later: &'a [&'a Event],
    /// A later dump of the same cgroup begins at this byte and is not over.
    pub(crate) open: Option<u64>,
    /// Whether the log went on to the window's end.
    pub(crate) whole: bool,
}

impl Window<'_> {
    pub(super) fn findings(&self, event: &Event) -> Vec<Finding> {
        if !super::may_settle(event) {
            return Vec::new();
        }
        let container = subject(event);
        let in_same = |later: &&&Event| {
            container.is_some_and(|container| subject(later).is_some_and(|other| same_container(container, other)))
        };
        let later = || self.later.iter().filter(in_same).take(MOST_LATER).filter(|later| !later.victims.is_empty());
        // what follows the next kill in the container is about that one
        let next = later().map(|later| later.source.first_byte).chain(self.open).min();
        let near: Vec<&Heard> =
            self.heard.iter().filter(|heard| next.is_none_or(|next| heard.at.byte < next)).copied().collect();
        let mut findings = endings(event, &near);
        if findings.is_empty() && self.whole && next.is_none() {
            findings = silence(event, &near);
        }
        findings.extend(kill::findings(event, later().filter_map(|later| Kill::of(later))));
        findings
    }
}
