//! Android: the old `lowmemorykiller` driver, and the daemon that took its place and often its tag.

use super::Said;
use super::field::{after, cut, cut_last, lossy, number, size};
use crate::event::{Actor, CompanionKind};

/// `Killing 'd.process.media' (2846) (tgid 2846), adj 999,⏎ to free 81288kB on behalf of 'kswapd0' (136) because …`
pub(super) fn driver(text: &[u8]) -> Option<Said> {
    let rest = text.strip_prefix(b"Killing '")?;
    let (head, _) = cut(rest, ", adj ")?;
    let (comm, ids) = cut_last(head, "' (")?;
    // the daemon's own lines name the user
    if cut(ids, "), uid ").is_some() {
        return None;
    }
    let pid = number(ids)?;
    Some(Said::new(Actor::Lowmemorykiller, CompanionKind::Killed, |c| {
        c.comm = Some(lossy(comm));
        c.pid = Some(pid);
        c.rss_bytes = after(rest, "to free ").and_then(size);
        c.memory_available_bytes = after(rest, "Free memory is ").and_then(size);
    }))
}

/// `Kill 'com.example' (1234), uid 10102, oom_score_adj 905 to free 34900kB rss, 0kB swap; reason: …`
pub(super) fn lmkd(text: &[u8]) -> Option<Said> {
    let rest = text.strip_prefix(b"Kill '").or_else(|| text.strip_prefix(b"Killing '"))?;
    let (head, tail) = cut(rest, " to free ")?;
    let (comm, ids) = cut_last(head, "' (")?;
    let pid = number(ids)?;
    Some(Said::new(Actor::Lmkd, CompanionKind::Killed, |c| {
        c.comm = Some(lossy(comm));
        c.pid = Some(pid);
        c.uid = after(ids, "uid ").and_then(number);
        c.rss_bytes = size(tail);
        c.reason = after(tail, "reason: ").map(lossy);
    }))
}
