//! Every literal that a companion's line must hold, once: for the readers, and for the search that skips other lines.

use super::confirm::*;
use super::reporter::Reporter::{self, Conmon, Containerd, Crio, Dockerd, Kubelet, Podman, Runc, Systemd};

/// A text that is in every line of a companion, and a cheap check of what is next to it.
#[derive(Debug)]
#[cfg_attr(not(test), expect(dead_code, reason = "the scan does not confirm its hits yet"))]
pub(crate) struct Literal {
    pub(crate) text: &'static [u8],
    /// Whether a line that has the text at this place may be a companion's. Never false for a line that
    /// [`super::recognise`] accepts, in any transport; a line that is cut is given the benefit of the doubt.
    pub(crate) confirm: fn(line: &[u8], at: usize) -> bool,
    /// Whose notice it may be where it bears on a verdict; empty where it never does.
    pub(crate) reporters: &'static [Reporter],
}

impl Literal {
    /// One that bears on no verdict.
    pub(super) const fn new(text: &'static str, confirm: fn(&[u8], usize) -> bool) -> Self {
        Self { text: text.as_bytes(), confirm, reporters: &[] }
    }

    /// One of a line that says of a container that it ended, or that its memory ran out.
    const fn notice(text: &'static str, confirm: fn(&[u8], usize) -> bool, reporters: &'static [Reporter]) -> Self {
        Self { text: text.as_bytes(), confirm, reporters }
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
    Literal::new(RULE_MET, |line, at| is_quote_end(&line[..at])),
    Literal::new(DUE_TO_PRESSURE, |line, at| names_oomd_victim(&line[..at])),
    Literal::new(DUE_TO_USE, |line, at| names_oomd_victim(&line[..at])),
    Literal::notice(
        KILLED_BY_OOM_KILLER,
        |line, at| after_unit(line, at, ": A process of this unit has been "),
        &[Systemd],
    ),
    Literal::notice(OOM_KILLER_KILLED, |line, at| after_unit(line, at, ": "), &[Systemd]),
    Literal::new(OOMD_KILLED, |line, at| after_unit(line, at, ": ")),
    Literal::notice(FAILED, |line, at| after_unit(line, at, ""), &[Systemd]),
    Literal::notice(DEACTIVATED, |line, at| after_unit(line, at, ""), &[Systemd]),
    Literal::notice(SUCCEEDED, |line, at| after_unit(line, at, ""), &[Systemd]),
    Literal::new(MAIN_PROCESS_EXITED, |line, at| after_unit(line, at, "")),
    Literal::new(CONSUMED, |line, at| after_unit(line, at, "")),
    Literal::new(LOW_MEMORY, begins_text),
    Literal::new(SENDING, |line, at| begins_text(line, at) && names_signal(rest(line, at, SENDING))),
    Literal::new(EXITED_AFTER, |line, at| follows_number(line, at, b"process ")),
    Literal::new(DID_NOT_EXIT, |line, at| follows_number(line, at, b"process ")),
    Literal::new(ESCALATING, |line, at| begins_text(line, at) && names_signal(rest(line, at, ESCALATING))),
    Literal::new(MEMORY_STATUS, begins_text),
    Literal::new(SENDING_CAPITAL, |line, at| names_signal(rest(line, at, SENDING_CAPITAL))),
    Literal::new(OOMD_KILL, |line, at| begins_text(line, at) && is_number(rest(line, at, OOMD_KILL))),
    Literal::new(SYSTEM_OOM, |line, at| holds(rest(line, at, SYSTEM_OOM), ", pid: ")),
    Literal::new(GOT_SYS_OOM, begins_text),
    Literal::new(EVICTION_MANAGER, |line, at| at > 0 && begins_text(line, at - 1)),
    Literal::new(LOW_ON_RESOURCE, |line, at| goes_on(rest(line, at, LOW_ON_RESOURCE), b"memory")),
    Literal::notice(PLEG, pod_lifecycle, &[Kubelet]),
    Literal::notice(WAS_OOM_KILLED, |line, at| holds(&line[..at], "container "), &[Kubelet]),
    Literal::notice(TASK_OOM, has_id, &[Containerd]),
    Literal::notice(TASK_EXIT, has_id, &[Containerd]),
    Literal::notice(EXIT_RECEIVED, has_id, &[Containerd]),
    Literal::notice(SHIM_DISCONNECTED, has_id, &[Containerd]),
    Literal::notice(DEAD_SHIM, has_id, &[Containerd]),
    Literal::notice(SHIM_REAPED, has_id, &[Containerd]),
    Literal::notice(TASK_DELETED, has_id, &[Dockerd]),
    Literal::notice(CONTAINER_OOM, |line, at| is_id(rest(line, at, CONTAINER_OOM)), ENGINES),
    Literal::notice(CONTAINER_DIED, |line, at| is_id(rest(line, at, CONTAINER_DIED)), ENGINES),
    Literal::notice(CONTAINER_DIE, |line, at| is_id(rest(line, at, CONTAINER_DIE)), ENGINES),
    Literal::notice(EXITED_WITH_STATUS, |line, at| follows_number(line, at, b"container "), &[Conmon]),
    Literal::notice(OOM_RECEIVED, begins_text, &[Conmon]),
    Literal::notice(OOM_EVENT_RECEIVED, begins_text, &[Conmon]),
    // at any place of a chain of errors
    Literal::notice(INIT_KILLED, |_, _| true, ABOVE_RUNC),
    Literal::notice(INIT_POSSIBLY_KILLED, |_, _| true, ABOVE_RUNC),
    Literal::new(OOM_KILL_EVENTS, |line, at| follows_number(line, at, b"Detected ")),
    Literal::new(KILLING, |line, at| begins_text(line, at) && holds(rest(line, at, KILLING), "' (")),
    Literal::new(KILL, |line, at| begins_text(line, at) && holds(rest(line, at, KILL), "' (")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_is_contained_in_another_or_could_be_escaped() {
        for Literal { text, .. } in LITERALS {
            assert!(text.iter().all(|b| (b' '..=b'~').contains(b) && !br#""\<>&"#.contains(b)), "{text:?}");
            let inside = LITERALS.iter().filter(|other| memchr::memmem::find(text, other.text).is_some()).count();
            assert_eq!(inside, 1, "{}", String::from_utf8_lossy(text));
        }
    }

    /// What the search costs where somebody else writes the same words.
    #[test]
    fn innocent_lines_are_not_confirmed() {
        let free = [OOM_RECEIVED, OOM_EVENT_RECEIVED, INIT_KILLED, INIT_POSSIBLY_KILLED];
        for Literal { text, confirm, .. } in LITERALS {
            let line =
                [b"Nov 23 17:13:34 n1 app[1]: the request ", *text, b" and more of the text, as it came in"].concat();
            let innocent = !confirm(&line, 39);
            let literal = String::from_utf8_lossy(text);
            assert!(innocent || free[2..].iter().any(|free| *free == literal), "{literal}");
        }
    }
}
