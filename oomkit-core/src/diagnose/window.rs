//! The window of lines around a dump from which `parse` settles its verdict.

use super::container_notice::{ContainerNotice, endings, silence};
use super::finding::Finding;
use super::later_kills::{self, ContainerKill};
use super::task_table::same_container;
use super::verdict::subject;
use crate::event::Event;

/// Later kills in one container that are compared with one: a storm of them holds no more evidence.
const MOST_LATER: usize = 64;

/// What was logged around a dump, as far as it may count.
#[derive(Debug)]
pub(crate) struct Window<'a> {
    /// Notices from the first line of the dump to the window's end.
    pub(crate) notices: &'a [&'a ContainerNotice],
    /// Events of the same host that began later and are over.
    pub(crate) later: &'a [&'a Event],
    /// A later dump of the same cgroup begins at this byte and is not over.
    pub(crate) open: Option<u64>,
    /// Whether the log reaches the window's end.
    pub(crate) whole: bool,
}

impl Window<'_> {
    pub(super) fn findings(&self, event: &Event) -> Vec<Finding> {
        if !super::may_settle(event) {
            return Vec::new();
        }
        let container = subject(event);
        let in_same =
            |later: &&&Event| container.zip(subject(later)).is_some_and(|(one, other)| same_container(one, other));
        let later = || self.later.iter().filter(in_same).take(MOST_LATER).filter(|later| !later.victims.is_empty());
        // what follows the next kill in the container is about that one
        let next = later().map(|later| later.source.first_byte).chain(self.open).min();
        let near: Vec<&ContainerNotice> =
            self.notices.iter().filter(|notice| next.is_none_or(|next| notice.at.byte < next)).copied().collect();
        let mut findings = endings(event, &near);
        if findings.is_empty() && self.whole && next.is_none() {
            findings.extend(silence(event, &near));
        }
        findings.extend(later_kills::findings(event, later().filter_map(|later| ContainerKill::from_event(later))));
        findings
    }
}
