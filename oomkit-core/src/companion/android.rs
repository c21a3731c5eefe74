//! Android: the old `lowmemorykiller` driver, and the daemon `lmkd` that replaced it and often has its tag.

use super::Recognised;
use super::field::{after, cut, cut_last, holds, lossy, number, size};
use super::literal::{Literal, at_start, may_hold};
use crate::event::{Actor, CompanionKind};

const KILLING: Literal = Literal::new("Killing '", |before, after| at_start(before, after) && may_hold(after, "' ("));
const KILL: Literal = Literal::new("Kill '", KILLING.search.confirm);

pub(super) const LITERALS: &[Literal] = &[KILLING, KILL];

/// `Killing 'd.process.media' (2846) (tgid 2846), adj 999,⏎ to free 81288kB on behalf of 'kswapd0' (136) because …`
pub(super) fn recognise_driver(text: &[u8]) -> Option<Recognised> {
    let rest = KILLING.strip(text)?;
    let (head, _) = cut(rest, ", adj ")?;
    let (comm, ids) = cut_last(head, "' (")?;
    // the daemon's own lines name the user
    if holds(ids, "), uid ") {
        return None;
    }
    let pid = number(ids)?;
    Some(Recognised::new(Actor::Lowmemorykiller, CompanionKind::Killed, KILLING.text).with(|c| {
        c.comm = Some(lossy(comm));
        c.pid = Some(pid);
        c.rss_bytes = after(rest, "to free ").and_then(size);
        c.memory_available_bytes = after(rest, "Free memory is ").and_then(size);
    }))
}

/// `Kill 'com.example' (1234), uid 10102, oom_score_adj 905 to free 34900kB rss, 0kB swap; reason: …`
pub(super) fn recognise_lmkd(text: &[u8]) -> Option<Recognised> {
    let (verb, rest) = [KILL, KILLING].into_iter().find_map(|verb| Some((verb, verb.strip(text)?)))?;
    let (head, tail) = cut(rest, " to free ")?;
    let (comm, ids) = cut_last(head, "' (")?;
    let pid = number(ids)?;
    Some(Recognised::new(Actor::Lmkd, CompanionKind::Killed, verb.text).with(|c| {
        c.comm = Some(lossy(comm));
        c.pid = Some(pid);
        c.uid = after(ids, "uid ").and_then(number);
        c.rss_bytes = size(tail);
        c.reason = after(tail, "reason: ").map(lossy);
    }))
}
