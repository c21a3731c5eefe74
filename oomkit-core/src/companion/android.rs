//! Android: the old `lowmemorykiller` driver, and the daemon `lmkd` that replaced it and often has its tag.

use super::Recognised;
use super::field::{after, cut, cut_last, holds, lossy, number, size};
use super::literals::{KILL, KILLING};
use crate::event::{Actor, CompanionKind};

/// `Killing 'd.process.media' (2846) (tgid 2846), adj 999,⏎ to free 81288kB on behalf of 'kswapd0' (136) because …`
pub(super) fn recognise_driver(text: &[u8]) -> Option<Recognised> {
    let rest = text.strip_prefix(KILLING.as_bytes())?;
    let (head, _) = cut(rest, ", adj ")?;
    let (comm, ids) = cut_last(head, "' (")?;
    // the daemon's own lines name the user
    if holds(ids, "), uid ") {
        return None;
    }
    let pid = number(ids)?;
    Some(Recognised::new(Actor::Lowmemorykiller, CompanionKind::Killed, KILLING, |c| {
        c.comm = Some(lossy(comm));
        c.pid = Some(pid);
        c.rss_bytes = after(rest, "to free ").and_then(size);
        c.memory_available_bytes = after(rest, "Free memory is ").and_then(size);
    }))
}

/// `Kill 'com.example' (1234), uid 10102, oom_score_adj 905 to free 34900kB rss, 0kB swap; reason: …`
pub(super) fn recognise_lmkd(text: &[u8]) -> Option<Recognised> {
    let (phrase, rest) = [KILL, KILLING].into_iter().find_map(|l| Some((l, text.strip_prefix(l.as_bytes())?)))?;
    let (head, tail) = cut(rest, " to free ")?;
    let (comm, ids) = cut_last(head, "' (")?;
    let pid = number(ids)?;
    Some(Recognised::new(Actor::Lmkd, CompanionKind::Killed, phrase, |c| {
        c.comm = Some(lossy(comm));
        c.pid = Some(pid);
        c.uid = after(ids, "uid ").and_then(number);
        c.rss_bytes = size(tail);
        c.reason = after(tail, "reason: ").map(lossy);
    }))
}
