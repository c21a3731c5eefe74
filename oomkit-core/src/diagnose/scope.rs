//! The scope of an event: whose memory ran out, from all the evidence of a dump, strongest first.

use crate::event::{Constraint, Event, Frame, Level, Scope};
use crate::kernel::release::version;
use std::collections::BTreeSet;

pub(super) fn scope(event: &Event) -> Scope {
    if is_manual(event) {
        return Scope::Manual;
    }
    match event.constraint {
        Constraint::None if narrowed_to_starving_nodes(event) => Scope::Cpuset,
        Constraint::None => Scope::Node,
        Constraint::Cpuset => Scope::Cpuset,
        Constraint::MemoryPolicy => Scope::MemoryPolicy,
        // without the path a container's limit cannot be distinguished from its pod's
        Constraint::Memcg => event.limit_owner.as_ref().map_or(Scope::Unknown, |owner| match owner.level {
            Level::Container => Scope::Container,
            Level::Pod => Scope::Pod,
            Level::NodeAllocatable | Level::QosClass => Scope::NodeAllocatable,
            _ => Scope::Cgroup,
        }),
        _ if shows_the_node(event) => Scope::Node,
        _ => Scope::Unknown,
    }
}

/// Since 3.9 a memory cgroup's dump has a block of its own in place of `Mem-Info`: a dump that has that block and was cut
/// after it is a node's. Kernels since 4.8 print lines for whole nodes.
fn shows_the_node(event: &Event) -> bool {
    let release = event.kernel.as_ref().and_then(|kernel| version(kernel.release.as_deref()));
    event.memcg.is_none()
        && !trace_is_memcg(&event.call_trace)
        && event.memory.as_ref().is_some_and(|memory| match release {
            Some(release) => release >= (3, 9),
            None => !memory.nodes.is_empty(),
        })
}

/// A person asked through sysrq: the order says so, and where the head is lost, the trace.
pub(super) fn is_manual(event: &Event) -> bool {
    let order = event.trigger.as_ref().and_then(|trigger| trigger.order);
    order == Some(-1) || order.is_none() && has_frame(&event.call_trace, &["moom_callback", "sysrq_handle_moom"])
}

/// Whether a trace alone shows that a memory cgroup's limit was hit: the last resort when every later line is lost.
pub(crate) fn trace_is_memcg(frames: &[Frame]) -> bool {
    has_frame(frames, MEMCG_FRAMES)
}

/// Functions that only a charge to a memory cgroup runs through on its way to the OOM killer.
pub(crate) const MEMCG_FRAMES: &[&str] =
    &["mem_cgroup_out_of_memory", "mem_cgroup_oom_synchronize", "mem_cgroup_handle_oom", "dump_memcg_header"];

fn has_frame(frames: &[Frame], names: &[&str]) -> bool {
    frames.iter().any(|frame| names.contains(&&*frame.symbol))
}

/// Before 5.0 no line names a cpuset. That the task might use only nodes without free memory, while all others had
/// some, shows it all the same.
fn narrowed_to_starving_nodes(event: &Event) -> bool {
    let Some(allowed) = event.trigger.as_ref().and_then(|trigger| trigger.mems_allowed.as_deref()).map(nodes) else {
        return false;
    };
    let zones = event.memory.as_ref().map_or(&[][..], |memory| &memory.zones);
    // a small zone may starve alone; the largest speaks for its node
    let starves = |node: u32| {
        let of = zones.iter().filter(|zone| zone.node == Some(node));
        let largest = of.max_by_key(|zone| zone.values.get("managed").or(zone.values.get("present")).copied())?;
        Some(largest.free_bytes? < largest.low_bytes?)
    };
    let nodes: BTreeSet<u32> = zones.iter().filter_map(|zone| zone.node).collect();
    let (inside, outside): (Vec<u32>, Vec<u32>) = nodes.into_iter().partition(|node| is_in(*node, &allowed));
    let all = |nodes: &[u32], starving| !nodes.is_empty() && nodes.iter().all(|node| starves(*node) == Some(starving));
    event.constraint_text.is_none() && all(&outside, false) && all(&inside, true)
}

/// A list of node numbers and ranges: `0`, `0-1`, `0,2-3`.
pub(crate) fn nodes(list: &str) -> Vec<(u32, u32)> {
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        Some((first.trim().parse().ok()?, last.trim().parse().ok()?))
    };
    list.split(',').filter_map(range).collect()
}

pub(crate) fn is_in(node: u32, ranges: &[(u32, u32)]) -> bool {
    ranges.iter().any(|(first, last)| (*first..=*last).contains(&node))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_nodes() {
        assert_eq!(nodes("0"), [(0, 0)]);
        assert_eq!(nodes("0,2-3"), [(0, 0), (2, 3)]);
        assert_eq!(nodes(""), []);
        assert!(is_in(3, &nodes("0,2-3")) && !is_in(1, &nodes("0,2-3")));
    }
}
