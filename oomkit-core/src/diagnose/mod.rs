//! What an event means: scope, cause, implied QoS class, and whether Kubernetes could see the kill.
//!
//! Works on the event alone; knows nothing of how it was parsed.

mod verdict;
mod whole_log;

use crate::cgroup;
use crate::event::{Cause, Constraint, Event, Frame, Level, QosClass, Scope};

pub(crate) use verdict::{Facts, undecided};
pub use whole_log::WholeLog;

/// Fills in what follows from the facts of an event.
pub(crate) fn diagnose(event: &mut Event, facts: &Facts<'_>) {
    event.scope = scope(event);
    let cause = cause(event);
    let kubernetes = in_kubernetes(event);
    if let Some(trigger) = &mut event.trigger {
        let name = trigger.cpuset_raw.as_ref().map_or_else(
            || trigger.cpuset.as_deref().map(str::as_bytes).unwrap_or_default().to_vec(),
            |raw| raw.0.clone(),
        );
        trigger.container = cgroup::from_name(&name);
        trigger.cause = cause;
        if trigger.container.is_some() || kubernetes {
            trigger.qos_class = trigger.oom_score_adj.and_then(implied_qos);
        }
    }
    event.verdict = verdict::verdict(event, facts);
}

fn scope(event: &Event) -> Scope {
    if event.trigger.as_ref().and_then(|t| t.order) == Some(-1) {
        return Scope::Manual;
    }
    match event.constraint {
        Constraint::None => Scope::Node,
        Constraint::Cpuset => Scope::Cpuset,
        Constraint::MemoryPolicy => Scope::MemoryPolicy,
        // without the path one cannot tell a container's limit from its pod's
        Constraint::Memcg => event.limit_owner.as_ref().map_or(Scope::Unknown, |owner| match owner.level {
            Level::Container => Scope::Container,
            Level::Pod => Scope::Pod,
            Level::NodeAllocatable | Level::QosClass => Scope::NodeAllocatable,
            _ => Scope::Cgroup,
        }),
        _ => Scope::Unknown,
    }
}

/// Symbols under which memory is charged to a cgroup, in every kernel since 2.6.32.
const CHARGES: [&str; 4] = ["try_charge", "charge_memcg", "mem_cgroup_charge", "mem_cgroup_try_charge"];
const FAULTS: [&str; 5] =
    ["handle_mm_fault", "do_page_fault", "exc_page_fault", "do_user_addr_fault", "pagefault_out_of_memory"];

fn cause(event: &Event) -> Option<Cause> {
    if event.trigger.as_ref()?.order == Some(-1) {
        return Some(Cause::Sysrq);
    }
    let called = |names: &[&str]| {
        event
            .call_trace
            .iter()
            .any(|frame| names.iter().any(|name| frame.symbol.trim_start_matches('_').starts_with(name)))
    };
    if event.constraint == Constraint::Memcg && called(&CHARGES) {
        Some(Cause::MemcgCharge)
    } else if called(&FAULTS) {
        Some(Cause::PageFault)
    } else if event.call_trace.is_empty() {
        None
    } else {
        Some(Cause::Allocation)
    }
}

/// Whether a trace alone shows that a memory cgroup's limit was hit: the last resort when every later line is lost.
pub(crate) fn trace_is_memcg(frames: &[Frame]) -> bool {
    frames.iter().any(|frame| matches!(&*frame.symbol, "mem_cgroup_out_of_memory" | "mem_cgroup_oom_synchronize"))
}

fn in_kubernetes(event: &Event) -> bool {
    event.container.as_ref().is_some_and(|c| c.pod_uid.is_some())
        || event.limit_owner.as_ref().is_some_and(|owner| owner.identity.pod_uid.is_some())
}

/// The class for which kubelet sets such an `oom_score_adj`: −997 guaranteed (−998 up to 1.20, and the sandbox),
/// 1000 best effort, 2 to 999 burstable.
fn implied_qos(oom_score_adj: i32) -> Option<QosClass> {
    match oom_score_adj {
        -998 | -997 => Some(QosClass::Guaranteed),
        2..=999 => Some(QosClass::Burstable),
        1000 => Some(QosClass::BestEffort),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qos_follows_kubelets_policy() {
        assert_eq!(implied_qos(998), Some(QosClass::Burstable));
        assert_eq!(implied_qos(-997), Some(QosClass::Guaranteed));
        assert_eq!(implied_qos(1000), Some(QosClass::BestEffort));
        assert_eq!(implied_qos(-999), None);
        assert_eq!(implied_qos(0), None);
    }
}
