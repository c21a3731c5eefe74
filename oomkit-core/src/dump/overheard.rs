//! What other programs say while a host's dumps are open or wait: kept for the verdicts, up to a limit.

use crate::companion::Recognised;
use crate::diagnose::{self, ContainerNotice, Window};
use crate::event::{Diagnostic, DiagnosticKind, Event};
use std::collections::VecDeque;

/// In the order it was said.
#[derive(Debug, Default)]
pub(super) struct Overheard {
    heard: VecDeque<ContainerNotice>,
    /// The last of it that there was no room for.
    dropped: Option<u64>,
}

impl Overheard {
    pub(super) fn take(&mut self, said: &Recognised, limit: usize) {
        let Some(heard) = ContainerNotice::new(&said.companion, said.phrase) else { return };
        self.heard.push_back(heard);
        if self.heard.len() > limit {
            self.dropped = self.heard.pop_front().map(|heard| heard.byte());
        }
    }

    /// Tells an event what was said since it began; `whole` where its window has passed.
    pub(super) fn settle(&self, event: &mut Event, later: &[&Event], open: Option<u64>, whole: bool) {
        let first = event.source.first_byte;
        let heard: Vec<&ContainerNotice> = self.heard.iter().filter(|heard| heard.byte() > first).collect();
        diagnose::settle(event, &Window { notices: &heard, later, open, whole });
        if self.dropped.is_some_and(|byte| byte > first) {
            let message = "too much was said by other programs at once: the verdict does not know all of it";
            let at = Some((event.source.last_line, event.source.last_byte));
            event.diagnostics.push(Diagnostic::new(DiagnosticKind::LimitReached, message, at));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.heard.is_empty()
    }

    /// What was said before any dump that is left is about none of them.
    pub(super) fn forget_before(&mut self, oldest: Option<u64>) {
        self.heard.retain(|heard| oldest.is_some_and(|oldest| heard.byte() > oldest));
    }
}
