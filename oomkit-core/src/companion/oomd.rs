//! Meta's oomd, which writes to `/dev/kmsg`:
//! `oomd kill: 10.00 60.00 300.00 CGROUP BYTES ruleset:[…] detectorgroup:[…] killer:[…] v2`.

use super::Recognised;
use super::field::{cut, cut_last, holds, lossy, percent, size};
use super::literal::{Literal, at_start};
use crate::event::{Actor, CompanionKind};

pub(super) const KILL: Literal = Literal::new("oomd kill: ", |before, after| {
    at_start(before, after) && after.trim_ascii_start().first().is_none_or(u8::is_ascii_digit)
});

pub(super) fn recognise(text: &[u8]) -> Option<Recognised> {
    let text = KILL.strip(text)?;
    let (head, tail) = cut(text, " ruleset:[")?;
    let mut words = head.splitn(4, |b| *b == b' ');
    let pressure = percent(words.next()?)?;
    let (_, _, rest) = (percent(words.next()?)?, percent(words.next()?)?, words.next()?);
    let (path, used) = cut_last(rest, " ")?;
    let (ruleset, rest) = cut(tail, "]")?;
    let dry = holds(rest, "killer:[(dry)");
    let kind = if dry { CompanionKind::Marked } else { CompanionKind::Killed };
    let kill = Recognised::new(Actor::Oomd, kind, KILL.text).with(|c| {
        c.pressure_percent = Some(pressure);
        c.memory_used_bytes = size(used);
        c.reason = Some(lossy(ruleset));
    });
    Some(kill.of_cgroup(path))
}
