//! Meta's oomd, which writes to `/dev/kmsg`:
//! `oomd kill: 10.00 60.00 300.00 CGROUP BYTES ruleset:[…] detectorgroup:[…] killer:[…] v2`.

use super::Said;
use super::field::{cut, cut_last, lossy, percent, size};
use crate::cgroup;
use crate::event::{Actor, CompanionKind};

pub(super) fn read(text: &[u8]) -> Option<Said> {
    let text = text.strip_prefix(b"oomd kill: ")?;
    let (head, tail) = cut(text, " ruleset:[")?;
    let mut words = head.splitn(4, |b| *b == b' ');
    let pressure = percent(words.next()?)?;
    let (_, _, rest) = (percent(words.next()?)?, percent(words.next()?)?, words.next()?);
    let (path, used) = cut_last(rest, " ")?;
    let (ruleset, rest) = cut(tail, "]")?;
    let dry = cut(rest, "killer:[(dry)").is_some();
    let kind = if dry { CompanionKind::Marked } else { CompanionKind::Killed };
    Some(Said::new(Actor::Oomd, kind, |c| {
        c.pressure_percent = Some(pressure);
        c.memory_used_bytes = size(used);
        c.reason = Some(lossy(ruleset));
        c.cgroup = Some(lossy(path));
        if let Some(identity) = cgroup::identify(path) {
            (c.unit, c.container_id, c.pod_uid) = (identity.unit, identity.id, identity.pod_uid);
        }
    }))
}
