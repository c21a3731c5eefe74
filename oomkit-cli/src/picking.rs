//! Which dumps a verb takes: each one once, and those that pass the filters.

use crate::cli::{FilterArgs, InputArgs, Picked};
use crate::talk::{Talk, count};
use oomkit_core::{Event, SeenIds};

/// Picks dumps, and counts those whose time nobody knows.
pub(crate) struct Picking<'a> {
    filter: &'a FilterArgs,
    seen: Option<SeenIds>,
    undated: u64,
}

impl<'a> Picking<'a> {
    pub(crate) fn new(filter: &'a FilterArgs, input: &InputArgs) -> Self {
        Self { filter, seen: input.dedupe.then(SeenIds::default), undated: 0 }
    }

    /// Whether this dump is taken.
    pub(crate) fn takes(&mut self, event: &Event) -> bool {
        if self.seen.as_mut().is_some_and(|seen| !seen.insert(event)) {
            return false;
        }
        let picked = self.filter.picks(event);
        self.undated += u64::from(picked == Picked::Undated);
        picked == Picked::Yes
    }

    /// Says what could not be judged.
    pub(crate) fn note(&self, talk: &Talk) {
        if self.undated > 0 {
            talk.note(&format!("{} without a date did not pass --since or --until", count(self.undated, "dump")));
        }
    }
}
