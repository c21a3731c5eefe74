//! systemd: what its OOM daemon kills, and what the service manager says about units that lost processes.

use super::Said;
use super::field::{after, cut, cut_last, id, lossy, number, percent, size};
use crate::cgroup;
use crate::event::{Actor, Companion, CompanionKind};
use memchr::memmem;

/// systemd-oomd 248 – 258 `Killed PATH due to …`, later `Marked PATH for killing due to …`, `Rule 'X' conditions met`.
pub(super) fn oomd(text: &[u8]) -> Option<Said> {
    if let Some(rest) = text.strip_prefix(b"Rule '") {
        let (rule, rest) = cut(rest, "' conditions met for cgroup ")?;
        let (path, _) = cut_last(rest, " for ")?;
        return Some(Said::new(Actor::SystemdOomd, CompanionKind::LowMemory, |c| {
            cgroup_path(c, path);
            c.reason = Some(lossy(rule));
        }));
    }
    let (kind, rest) = match text.strip_prefix(b"Killed ") {
        Some(rest) => (CompanionKind::Killed, rest),
        None => (CompanionKind::Marked, text.strip_prefix(b"Marked ")?),
    };
    let path = |before: &[u8]| before.strip_suffix(b" for killing").unwrap_or(before).to_vec();
    if let Some((before, why)) = cut_last(rest, " due to memory pressure for ") {
        let (_, numbers) = cut_last(why, " being ")?;
        let (pressure, limit) = cut(numbers, "% > ")?;
        return Some(Said::new(Actor::SystemdOomd, kind, |c| {
            cgroup_path(c, &path(before));
            c.reason = Some("pressure".to_owned());
            c.pressure_percent = percent(pressure);
            c.pressure_limit_percent = percent(limit);
        }));
    }
    let (before, why) = cut_last(rest, " due to memory used (")?;
    let (memory, swap) = cut(why, ") and swap used (")?;
    Some(Said::new(Actor::SystemdOomd, kind, |c| {
        cgroup_path(c, &path(before));
        c.reason = Some("memory_and_swap".to_owned());
        (c.memory_used_bytes, c.memory_total_bytes) = (size(memory), after(memory, "total (").and_then(size));
        (c.swap_used_bytes, c.swap_total_bytes) = (size(swap), after(swap, "total (").and_then(size));
    }))
}

fn cgroup_path(companion: &mut Companion, path: &[u8]) {
    companion.cgroup = Some(lossy(path));
    if let Some(identity) = cgroup::identify(path) {
        companion.unit = identity.unit;
        companion.container_id = identity.id;
        companion.pod_uid = identity.pod_uid;
    }
}

/// `UNIT: sentence.` of the service manager.
pub(super) fn manager(text: &[u8]) -> Option<Said> {
    let (unit, rest) = cut(text, ": ")?;
    if unit.contains(&b' ') || memchr::memchr(b'.', unit).is_none() {
        return None;
    }
    let said = match rest {
        b"A process of this unit has been killed by the OOM killer."
        | b"The kernel OOM killer killed some processes in this unit." => {
            Said::new(Actor::Systemd, CompanionKind::OomNotice, |_| {})
        }
        _ if rest.starts_with(b"systemd-oomd killed ") => {
            let killed = rest.strip_prefix(b"systemd-oomd killed ")?;
            memmem::find(killed, b"process(es) in this unit")?;
            Said::new(Actor::Systemd, CompanionKind::Killed, |c| {
                c.count = number(killed);
                c.reason = Some("systemd-oomd".to_owned());
            })
        }
        _ if rest.starts_with(b"Failed with result '") => {
            let (result, _) = cut(rest.strip_prefix(b"Failed with result '")?, "'")?;
            let routine = result != b"oom-kill";
            let result = lossy(result);
            Said::new(Actor::Systemd, CompanionKind::UnitResult, |c| c.reason = Some(result)).routine(routine)
        }
        b"Deactivated successfully." | b"Succeeded." => {
            Said::new(Actor::Systemd, CompanionKind::UnitResult, |c| c.reason = Some("success".to_owned()))
                .routine(true)
        }
        _ if rest.starts_with(b"Main process exited, code=") => {
            let code = rest.strip_prefix(b"Main process exited, code=")?;
            let (code, status) = cut(code, ", status=")?;
            let exited = code == b"exited";
            let signal = cut(status, "/").map(|(_, name)| name).filter(|_| !exited);
            let status = number(status);
            Said::new(Actor::Systemd, CompanionKind::UnitExit, |c| {
                c.exit_code = status.filter(|_| exited);
                c.signal = signal.map(|name| format!("SIG{}", lossy(name)));
            })
            .routine(signal != Some(b"KILL"))
        }
        _ if rest.starts_with(b"Consumed ") => {
            let peak = |what: &str| cut(rest, what).and_then(|(before, _)| size(before.rsplit(|b| *b == b' ').next()?));
            Said::new(Actor::Systemd, CompanionKind::UnitUsage, |c| {
                c.memory_peak_bytes = peak(" memory peak");
                c.swap_peak_bytes = peak(" memory swap peak");
            })
            .routine(true)
        }
        _ => return None,
    };
    Some(said.of_unit(unit))
}

impl Said {
    /// A container's scope is named after its container, and so is containerd's mount of its root, which goes when the
    /// container is gone. runc's own mounts come and go with every `exec`.
    fn of_unit(mut self, unit: &[u8]) -> Self {
        let root = || after(unit, "containerd.runtime.v2.task-").and_then(|name| name.strip_suffix(b"-rootfs.mount"));
        let of_root = || root().and_then(|name| name.rsplit(|b| *b == b'-').next()).and_then(id);
        self.companion.container_id = cgroup::from_name(unit).and_then(|identity| identity.id).or_else(of_root);
        self.companion.unit = Some(lossy(unit));
        self
    }
}
