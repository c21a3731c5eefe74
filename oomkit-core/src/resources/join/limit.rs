//! The limit that was hit against the one declared today.

use super::Found;
use crate::event::{Cluster, Event, Level, LimitChange};
use crate::units::Bytes;

pub(super) fn compare(event: &Event, found: &Found<'_>, cluster: &mut Cluster) {
    let Some(owner) = &event.limit_owner else { return };
    let hit = event.memcg.as_ref().and_then(|memcg| memcg.memory.as_ref()).and_then(|memory| memory.limit_bytes);
    let Some(hit) = hit else { return };
    let today = match (&owner.level, found.container) {
        (Level::Container, Some(container)) => container.limit.bytes(),
        (Level::Pod, _) => found.pod.effective_limit().bytes(),
        _ => return,
    };
    cluster.limit_at_kill_bytes = Some(hit);
    // the kernel keeps whole pages: of 1000000000 it makes 999997440
    let page = event.page_size_bytes.map_or(4096, Bytes::get).max(1);
    let pages = |bytes: Bytes| bytes.get() / page;
    cluster.limit_change = Some(match today {
        None => LimitChange::Removed,
        Some(today) if pages(today) == pages(hit) => LimitChange::Same,
        Some(today) if today > hit => LimitChange::Raised,
        Some(_) => LimitChange::Lowered,
    });
}
