//! What other programs report while a host's dumps are open or wait: kept for the verdicts as far as it can bear on one,
//! up to a limit.
//!
//! A node reports the end of containers all day long. After a kill only the ends of the killed container matter, and of
//! each reporter one other end, which shows that it would have reported this one.

use crate::companion::{PIECE, Recognised, Reporter, SHORT_ID, hex_runs};
use crate::diagnose::{self, ContainerNotice, Window};
use crate::event::{Diagnostic, DiagnosticKind, Event};
use std::collections::VecDeque;

/// In the order of the log.
#[derive(Debug, Default)]
pub(super) struct NoticeBuffer {
    notices: VecDeque<ContainerNotice>,
    /// The last one for which there was no room.
    dropped: Option<u64>,
    /// Who has reported another container's end since the last kill.
    compared: Reporters,
}

impl NoticeBuffer {
    /// Keeps what may bear on a kill that the filter knows; whether that changes what may.
    pub(super) fn push(&mut self, recognised: &Recognised, filter: &NoticeFilter, limit: usize) -> bool {
        let Some(notice) = ContainerNotice::new(&recognised.companion, recognised.phrase) else { return false };
        let is_named = filter.any || notice.container.as_deref().is_none_or(|id| filter.names(id.as_bytes()));
        let compares = !is_named && notice.is_end() && !self.compared.has(notice.reporter);
        if compares {
            self.compared.add(notice.reporter);
        }
        if is_named || compares {
            self.notices.push_back(notice);
        }
        if self.notices.len() > limit {
            self.dropped = self.notices.pop_front().map(|notice| notice.byte());
        }
        compares
    }

    /// Another kill waits: what is reported from here on is compared with it too.
    pub(super) fn begin(&mut self) {
        self.compared = Reporters::default();
    }

    pub(super) fn compared(&self) -> Reporters {
        self.compared
    }

    /// Adds to an event what was reported since it began; `whole` where its window has passed.
    pub(super) fn settle(&self, event: &mut Event, later: &[&Event], open: Option<u64>, whole: bool) {
        let first = event.source.first_byte;
        let notices: Vec<&ContainerNotice> = self.notices.iter().filter(|notice| notice.byte() > first).collect();
        diagnose::settle(event, &Window { notices: &notices, later, open, whole });
        if self.dropped.is_some_and(|byte| byte > first) {
            let message = "too much was said by other programs at once: the verdict does not know all of it";
            let at = (event.source.last_line, event.source.last_byte);
            event.diagnostics.push(Diagnostic::new(DiagnosticKind::LimitReached, message, Some(at)));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.notices.is_empty()
    }

    /// What was reported before any dump that is left is about none of them.
    pub(super) fn forget_before(&mut self, oldest: Option<u64>) {
        self.notices.retain(|notice| oldest.is_some_and(|oldest| notice.byte() > oldest));
    }
}

/// The first digits of a container's id.
pub(super) type ShortId = [u8; SHORT_ID];

/// The first digits of an id, where it has as many.
pub(super) fn short_id(id: &[u8]) -> Option<ShortId> {
    id.first_chunk().copied()
}

/// Which notices may bear on a kill: of one host, or of all.
#[derive(Debug, Default)]
pub(super) struct NoticeFilter {
    /// A dump's container is not known, or has no id: any notice may be about it.
    pub(super) any: bool,
    ids: Vec<ShortId>,
    /// Whose next notice is compared, whatever it is about.
    pub(super) wanted: Reporters,
}

impl NoticeFilter {
    /// A kill in this container waits; `None` where its id is not known.
    pub(super) fn add(&mut self, container: Option<ShortId>) {
        match container {
            Some(id) => {
                if let Err(at) = self.ids.binary_search(&id) {
                    self.ids.insert(at, id);
                }
            }
            None => self.any = true,
        }
    }

    fn names(&self, id: &[u8]) -> bool {
        short_id(id).is_some_and(|id| self.ids.binary_search(&id).is_ok())
    }

    /// Whether a line of one of these programs may bear on a kill, by what can be seen without decoding it.
    pub(super) fn may_bear(&self, line: &[u8], reporters: &[Reporter]) -> bool {
        // conmon names the process only
        if self.any || line.len() >= PIECE || reporters.contains(&Reporter::Conmon) {
            return true;
        }
        let mut ids = long_hex(line).peekable();
        ids.peek().is_some() && (reporters.iter().any(|one| self.wanted.has(*one)) || ids.any(|id| self.names(id)))
    }
}

/// What may be ids in a line. systemd escapes a dash before one: `cri\x2dcontainerd\x2d9823d09a922d`.
fn long_hex(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    hex_runs(line).filter_map(|(start, run)| {
        let id = if line[..start].ends_with(b"\\x") { &run[2..] } else { run };
        (id.len() >= SHORT_ID).then_some(id)
    })
}

/// A set of reporters.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reporters(u8);

impl Reporters {
    fn has(self, reporter: Reporter) -> bool {
        self.0 & 1 << reporter as u8 != 0
    }

    fn add(&mut self, reporter: Reporter) {
        self.0 |= 1 << reporter as u8;
    }

    /// Adds those that are not in another set.
    pub(super) fn add_missing(&mut self, others: Self) {
        self.0 |= !others.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_in_lines() {
        let ids = |line: &'static str| {
            long_hex(line.as_bytes()).map(|id| String::from_utf8_lossy(id).into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(ids("cri-containerd-9823d09a922d1422.scope: Succeeded."), ["9823d09a922d1422"]);
        assert_eq!(ids(r"cri\x2dcontainerd\x2d9823d09a922d.scope"), ["9823d09a922d"]);
        assert_eq!(ids("9823d09a922d"), ["9823d09a922d"]);
        assert_eq!(ids("x9823d09a922d 123456789ab 0123456789ab"), ["9823d09a922d", "0123456789ab"]);
        assert_eq!(ids("deadbeef cafe session-12.scope: Succeeded."), Vec::<String>::new());
    }

    #[test]
    fn a_line_may_bear_on_a_kill_that_it_names_and_on_one_to_compare_it_with() {
        let mut filter = NoticeFilter::default();
        filter.add(short_id(b"9823d09a922d142299cd"));
        let own: &[u8] = b"cri-containerd-9823d09a922d142299cd.scope: Deactivated successfully.";
        let other: &[u8] = b"cri-containerd-aaaaaaaaaaaa142299cd.scope: Deactivated successfully.";
        let session: &[u8] = b"session-12.scope: Deactivated successfully.";
        let systemd = [Reporter::Systemd];
        assert_eq!([own, other, session].map(|line| filter.may_bear(line, &systemd)), [true, false, false]);
        filter.wanted.add(Reporter::Systemd);
        assert_eq!([own, other, session].map(|line| filter.may_bear(line, &systemd)), [true, true, false]);
        assert!(!filter.may_bear(other, &[Reporter::Containerd]));
        filter.add(None);
        assert!(filter.may_bear(session, &systemd));
    }
}
