//! Every literal that a companion's line must hold, once: for the readers, and for the search that skips other lines.

use super::confirm::*;
use super::reporter::Reporter::{self, Conmon, Containerd, Crio, Dockerd, Kubelet, Podman, Runc, Systemd};
use crate::scan;

/// A text that is in every line of a companion, and a cheap check of what is next to it.
#[derive(Debug)]
pub(crate) struct Literal {
    /// Its confirmation is never false for a line that [`super::recognise`] accepts, in any transport; a line that is cut
    /// is given the benefit of the doubt.
    pub(crate) search: scan::Literal,
    /// Whose notice it may be where it bears on a verdict; empty where it never does.
    pub(crate) reporters: &'static [Reporter],
}

type Confirm = fn(before: &[u8], after: &[u8]) -> bool;

impl Literal {
    /// One that bears on no verdict.
    pub(super) const fn new(text: &'static str, confirm: Confirm) -> Self {
        Self { search: scan::Literal { text: text.as_bytes(), confirm }, reporters: &[] }
    }

    /// One of a line that says of a container that it ended, or that its memory ran out.
    const fn notice(text: &'static str, confirm: Confirm, reporters: &'static [Reporter]) -> Self {
        Self { search: scan::Literal { text: text.as_bytes(), confirm }, reporters }
    }
}

// systemd-oomd
pub(super) const RULE_MET: &str = " conditions met for cgroup ";
pub(super) const DUE_TO_PRESSURE: &str = " due to memory pressure for ";
pub(super) const DUE_TO_USE: &str = " due to memory used (";
// systemd
pub(super) const KILLED_BY_OOM_KILLER: &str = "killed by the OOM killer";
pub(super) const OOM_KILLER_KILLED: &str = "The kernel OOM killer killed";
pub(super) const OOMD_KILLED: &str = "systemd-oomd killed ";
pub(super) const FAILED: &str = ": Failed with result ";
pub(super) const DEACTIVATED: &str = ": Deactivated successfully.";
pub(super) const SUCCEEDED: &str = ": Succeeded.";
pub(super) const MAIN_PROCESS_EXITED: &str = ": Main process exited, code=";
pub(super) const CONSUMED: &str = ": Consumed ";
// earlyoom and nohang
pub(super) const LOW_MEMORY: &str = "low memory! ";
pub(super) const SENDING: &str = "sending SIG";
pub(super) const EXITED_AFTER: &str = " exited after ";
pub(super) const DID_NOT_EXIT: &str = " did not exit";
pub(super) const ESCALATING: &str = "escalating to SIG";
pub(super) const MEMORY_STATUS: &str = "Memory status that requires ";
/// Talos' too.
pub(super) const SENDING_CAPITAL: &str = "Sending SIG";
// Meta's oomd
pub(super) const OOMD_KILL: &str = "oomd kill: ";
// kubelet
pub(super) const SYSTEM_OOM: &str = "System OOM encountered, victim process: ";
pub(super) const GOT_SYS_OOM: &str = "Got sys oom event";
/// `Eviction manager: `, and `eviction manager: ` of old.
pub(super) const EVICTION_MANAGER: &str = "viction manager: ";
pub(super) const LOW_ON_RESOURCE: &str = "The node was low on resource: ";
pub(super) const PLEG: &str = "(PLEG): ";
pub(super) const WAS_OOM_KILLED: &str = " was OOMKilled";
// containerd
pub(super) const TASK_OOM: &str = "TaskOOM event";
pub(super) const TASK_EXIT: &str = "TaskExit event";
pub(super) const EXIT_RECEIVED: &str = "received exit event";
pub(super) const SHIM_DISCONNECTED: &str = "shim disconnected";
pub(super) const DEAD_SHIM: &str = "cleaning up dead shim";
/// Before 1.3.
pub(super) const SHIM_REAPED: &str = "shim reaped";
// engines, conmon, runc
pub(super) const TASK_DELETED: &str = "topic=/tasks/delete";
pub(super) const CONTAINER_OOM: &str = "container oom ";
pub(super) const CONTAINER_DIED: &str = "container died ";
pub(super) const CONTAINER_DIE: &str = "container die ";
pub(super) const EXITED_WITH_STATUS: &str = " exited with status ";
pub(super) const OOM_RECEIVED: &str = "OOM received";
pub(super) const OOM_EVENT_RECEIVED: &str = "OOM event received";
pub(super) const INIT_KILLED: &str = "container init was OOM-killed";
pub(super) const INIT_POSSIBLY_KILLED: &str = "(possibly OOM-killed)";
// Slurm, Android
pub(super) const OOM_KILL_EVENTS: &str = " oom-kill event(s) in ";
pub(super) const KILLING: &str = "Killing '";
pub(super) const KILL: &str = "Kill '";

/// Programs that pass on what runc says, and runc.
const ABOVE_RUNC: &[Reporter] = &[Containerd, Dockerd, Crio, Podman, Runc];
const ENGINES: &[Reporter] = &[Dockerd, Crio, Podman];

/// Every line that [`super::recognise`] accepts holds one of them, confirmed, in any transport: none has a byte that JSON
/// writers escape.
pub(crate) const LITERALS: &[Literal] = &[
    Literal::new(RULE_MET, |before, _| is_quote_end(before)),
    Literal::new(DUE_TO_PRESSURE, |before, _| names_oomd_victim(before)),
    Literal::new(DUE_TO_USE, |before, _| names_oomd_victim(before)),
    Literal::notice(
        KILLED_BY_OOM_KILLER,
        |before, _| after_unit(before, ": A process of this unit has been "),
        &[Systemd],
    ),
    Literal::notice(OOM_KILLER_KILLED, |before, _| after_unit(before, ": "), &[Systemd]),
    Literal::new(OOMD_KILLED, |before, _| after_unit(before, ": ")),
    Literal::notice(FAILED, |before, _| after_unit(before, ""), &[Systemd]),
    Literal::notice(DEACTIVATED, |before, _| after_unit(before, ""), &[Systemd]),
    Literal::notice(SUCCEEDED, |before, _| after_unit(before, ""), &[Systemd]),
    Literal::new(MAIN_PROCESS_EXITED, |before, _| after_unit(before, "")),
    Literal::new(CONSUMED, |before, _| after_unit(before, "")),
    Literal::new(LOW_MEMORY, |before, _| begins_text(before)),
    Literal::new(SENDING, |before, after| begins_text(before) && names_signal(after)),
    Literal::new(EXITED_AFTER, |before, _| follows_number(before, b"process ")),
    Literal::new(DID_NOT_EXIT, |before, _| follows_number(before, b"process ")),
    Literal::new(ESCALATING, |before, after| begins_text(before) && names_signal(after)),
    Literal::new(MEMORY_STATUS, |before, _| begins_text(before)),
    Literal::new(SENDING_CAPITAL, |_, after| names_signal(after)),
    Literal::new(OOMD_KILL, |before, after| begins_text(before) && is_number(after)),
    Literal::new(SYSTEM_OOM, |_, after| holds(after, ", pid: ")),
    Literal::new(GOT_SYS_OOM, |before, _| begins_text(before)),
    Literal::new(EVICTION_MANAGER, |before, _| before.split_last().is_some_and(|(_, before)| begins_text(before))),
    Literal::new(LOW_ON_RESOURCE, |_, after| goes_on(after, b"memory")),
    Literal::notice(PLEG, pod_lifecycle, &[Kubelet]),
    Literal::notice(WAS_OOM_KILLED, |before, _| holds(before, "container "), &[Kubelet]),
    Literal::notice(TASK_OOM, |before, after| has_id(before) || has_id(after), &[Containerd]),
    Literal::notice(TASK_EXIT, |before, after| has_id(before) || has_id(after), &[Containerd]),
    Literal::notice(EXIT_RECEIVED, |before, after| has_id(before) || has_id(after), &[Containerd]),
    Literal::notice(SHIM_DISCONNECTED, |before, after| has_id(before) || has_id(after), &[Containerd]),
    Literal::notice(DEAD_SHIM, |before, after| has_id(before) || has_id(after), &[Containerd]),
    Literal::notice(SHIM_REAPED, |before, after| has_id(before) || has_id(after), &[Containerd]),
    Literal::notice(TASK_DELETED, |before, after| has_id(before) || has_id(after), &[Dockerd]),
    Literal::notice(CONTAINER_OOM, |_, after| is_id(after), ENGINES),
    Literal::notice(CONTAINER_DIED, |_, after| is_id(after), ENGINES),
    Literal::notice(CONTAINER_DIE, |_, after| is_id(after), ENGINES),
    Literal::notice(EXITED_WITH_STATUS, |before, _| follows_number(before, b"container "), &[Conmon]),
    Literal::notice(OOM_RECEIVED, |before, _| begins_text(before), &[Conmon]),
    Literal::notice(OOM_EVENT_RECEIVED, |before, _| begins_text(before), &[Conmon]),
    // at any place of a chain of errors
    Literal::notice(INIT_KILLED, |_, _| true, ABOVE_RUNC),
    Literal::notice(INIT_POSSIBLY_KILLED, |_, _| true, ABOVE_RUNC),
    Literal::new(OOM_KILL_EVENTS, |before, _| follows_number(before, b"Detected ")),
    Literal::new(KILLING, |before, after| begins_text(before) && holds(after, "' (")),
    Literal::new(KILL, |before, after| begins_text(before) && holds(after, "' (")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_is_contained_in_another_or_could_be_escaped() {
        for Literal { search: scan::Literal { text, .. }, .. } in LITERALS {
            assert!(text.iter().all(|b| (b' '..=b'~').contains(b) && !br#""\<>&"#.contains(b)), "{text:?}");
            let inside =
                LITERALS.iter().filter(|other| memchr::memmem::find(text, other.search.text).is_some()).count();
            assert_eq!(inside, 1, "{}", String::from_utf8_lossy(text));
        }
    }

    /// What the search costs where somebody else writes the same words.
    #[test]
    fn innocent_lines_are_not_confirmed() {
        let free = [OOM_RECEIVED, OOM_EVENT_RECEIVED, INIT_KILLED, INIT_POSSIBLY_KILLED];
        for Literal { search: scan::Literal { text, confirm }, .. } in LITERALS {
            let (before, after) = (b"Nov 23 17:13:34 n1 app[1]: the request ", b" and more of the text, as it came in");
            let innocent = !confirm(before, after);
            let literal = String::from_utf8_lossy(text);
            assert!(innocent || free[2..].iter().any(|free| *free == literal), "{literal}");
        }
    }
}
