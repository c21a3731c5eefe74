//! Diagnosis of an event: scope, cause, implied QoS class, and whether Kubernetes could see the kill.
//!
//! Works on events and companions only; knows nothing of how they were parsed. `docs/diagnosis.md` has the rules.

mod container_notice;
mod evidence_lines;
pub mod explain;
mod finding;
mod later_kills;
mod log_instant;
mod process_names;
mod scope;
mod task_table;
#[cfg(test)]
mod tests;
mod verdict;
mod whole_log;
mod window;

use crate::cgroup;
use crate::event::{Cause, Constraint, Diagnostic, DiagnosticKind, Event, Outcome, QosClass, Scope};

pub(crate) use container_notice::ContainerNotice;
pub(crate) use evidence_lines::EvidenceLines;
pub(crate) use scope::{MEMCG_FRAMES, is_in, nodes, trace_is_memcg};
pub(crate) use verdict::undecided;
pub use whole_log::WholeLog;
pub(crate) use window::Window;

/// Fills in what follows from the dump itself.
pub(crate) fn diagnose(event: &mut Event, lines: &EvidenceLines) {
    event.scope = scope::scope(event);
    if event.scope == Scope::Cpuset && event.constraint == Constraint::None {
        let message = "that a cpuset narrowed the allocation follows from the free memory of the other nodes";
        event.diagnostics.push(Diagnostic::new(DiagnosticKind::Assumed, message, None));
    }
    let cause = cause(event);
    let kubernetes = in_kubernetes(event);
    if let Some(trigger) = &mut event.trigger {
        let cpuset = trigger.cpuset.as_deref().unwrap_or_default();
        trigger.container = cgroup::from_name(&verdict::exact_bytes(cpuset, trigger.cpuset_raw.as_ref()));
        trigger.cause = cause;
        if trigger.container.is_some() || kubernetes {
            trigger.qos_class = trigger.oom_score_adj.and_then(implied_qos);
        }
    }
    event.verdict = verdict::verdict_from_dump(event, lines);
}

/// Adds what was logged around the dump, when its window has passed.
pub(crate) fn settle(event: &mut Event, window: &Window<'_>) {
    let findings = window.findings(event);
    if !findings.is_empty() {
        event.verdict = finding::weigh(std::mem::replace(&mut event.verdict, undecided()), findings);
    }
}

/// Whether anything logged around the dump could add to the verdict.
pub(crate) fn may_settle(event: &Event) -> bool {
    !event.victims.is_empty()
        || matches!(event.outcome, Outcome::NotPrinted | Outcome::Unknown) && verdict::subject(event).is_some()
}

/// The id of the container it is about.
pub(crate) fn container_id(event: &Event) -> Option<&str> {
    verdict::subject(event)?.id.as_deref()
}

/// Whether it is about a container, which a later event may be about too.
pub(crate) fn in_container(event: &Event) -> bool {
    verdict::subject(event).is_some()
}

/// Symbols under which memory is charged to a cgroup, in every kernel since 2.6.32.
const CHARGES: [&str; 4] = ["try_charge", "charge_memcg", "mem_cgroup_charge", "mem_cgroup_try_charge"];
const FAULTS: [&str; 5] =
    ["handle_mm_fault", "do_page_fault", "exc_page_fault", "do_user_addr_fault", "pagefault_out_of_memory"];

fn cause(event: &Event) -> Option<Cause> {
    event.trigger.as_ref()?;
    if scope::is_manual(event) {
        return Some(Cause::Sysrq);
    }
    let symbols = || event.call_trace.iter().map(|frame| frame.symbol.trim_start_matches('_'));
    let called = |names: &[&str]| symbols().any(|symbol| names.iter().any(|name| symbol.starts_with(name)));
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

/// Whether the victim was in a pod.
fn in_pod(event: &Event) -> bool {
    event.container.as_ref().is_some_and(|container| container.pod_uid.is_some())
}

fn in_kubernetes(event: &Event) -> bool {
    in_pod(event) || event.limit_owner.as_ref().is_some_and(|owner| owner.identity.pod_uid.is_some())
}

/// The class for which kubelet sets such an `oom_score_adj`: −997 guaranteed (−998 up to 1.20, and the sandbox),
/// 1000 best effort, 2 to 999 burstable.
pub(crate) fn implied_qos(oom_score_adj: i32) -> Option<QosClass> {
    match oom_score_adj {
        -998 | -997 => Some(QosClass::Guaranteed),
        2..=999 => Some(QosClass::Burstable),
        1000 => Some(QosClass::BestEffort),
        _ => None,
    }
}
