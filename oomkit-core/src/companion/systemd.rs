//! systemd: what its OOM daemon kills, and what the service manager says about units that lost processes.

use super::Recognised;
use super::field::{after, cut, cut_last, holds, id, lossy, number, percent, size};
use super::literals::{
    CONSUMED, DEACTIVATED, DUE_TO_PRESSURE, DUE_TO_USE, FAILED, KILLED_BY_OOM_KILLER, MAIN_PROCESS_EXITED,
    OOM_KILLER_KILLED, OOMD_KILLED, RULE_MET, SUCCEEDED,
};
use crate::cgroup;
use crate::event::{Actor, CompanionKind};

/// systemd-oomd 248 – 258 `Killed PATH due to …`, later `Marked PATH for killing due to …`, `Rule 'X' conditions met`.
pub(super) fn recognise_oomd(text: &[u8]) -> Option<Recognised> {
    if let Some(rest) = text.strip_prefix(b"Rule '") {
        let (rule, rest) = cut(rest, RULE_MET)?;
        let (rule, (path, _)) = (rule.strip_suffix(b"'")?, cut_last(rest, " for ")?);
        let low = Recognised::new(Actor::SystemdOomd, CompanionKind::LowMemory, RULE_MET, |c| {
            c.reason = Some(lossy(rule));
        });
        return Some(low.of_cgroup(path));
    }
    let (kind, rest) = match text.strip_prefix(b"Killed ") {
        Some(rest) => (CompanionKind::Killed, rest),
        None => (CompanionKind::Marked, text.strip_prefix(b"Marked ")?),
    };
    let (path, kill) = if let Some((path, why)) = cut_last(rest, DUE_TO_PRESSURE) {
        let (_, numbers) = cut_last(why, " being ")?;
        let (pressure, limit) = cut(numbers, "% > ")?;
        let kill = Recognised::new(Actor::SystemdOomd, kind, DUE_TO_PRESSURE, |c| {
            c.reason = Some("pressure".to_owned());
            c.pressure_percent = percent(pressure);
            c.pressure_limit_percent = percent(limit);
        });
        (path, kill)
    } else {
        let (path, why) = cut_last(rest, DUE_TO_USE)?;
        let (memory, swap) = cut(why, ") and swap used (")?;
        let kill = Recognised::new(Actor::SystemdOomd, kind, DUE_TO_USE, |c| {
            c.reason = Some("memory_and_swap".to_owned());
            (c.memory_used_bytes, c.memory_total_bytes) = (size(memory), after(memory, "total (").and_then(size));
            (c.swap_used_bytes, c.swap_total_bytes) = (size(swap), after(swap, "total (").and_then(size));
        });
        (path, kill)
    };
    Some(kill.of_cgroup(path.strip_suffix(b" for killing").unwrap_or(path)))
}

/// `UNIT: sentence.` of the service manager.
pub(super) fn recognise_manager(text: &[u8]) -> Option<Recognised> {
    let (unit, _) = cut(text, ": ")?;
    if unit.contains(&b' ') || memchr::memchr(b'.', unit).is_none() {
        return None;
    }
    let sentence = &text[unit.len()..];
    let after_words = |words: &str| sentence.strip_prefix(words.as_bytes());
    let kind = |kind, phrase| Recognised::new(Actor::Systemd, kind, phrase, |_| {});
    let line = if matches!(
        cut(sentence, KILLED_BY_OOM_KILLER).or_else(|| cut(sentence, OOM_KILLER_KILLED)),
        Some((b": A process of this unit has been ", b".") | (b": ", b" some processes in this unit."))
    ) {
        kind(CompanionKind::OomNotice, "OOM killer")
    } else if let Some(result) = after_words(FAILED) {
        let (result, _) = cut(result.strip_prefix(b"'")?, "'")?;
        let by_oom = result == b"oom-kill";
        let phrase = if by_oom { "Failed with result 'oom-kill'" } else { FAILED };
        Recognised::new(Actor::Systemd, CompanionKind::UnitResult, phrase, |c| c.reason = Some(lossy(result)))
            .routine(!by_oom)
    } else if let Some(phrase) = [DEACTIVATED, SUCCEEDED].into_iter().find(|words| sentence == words.as_bytes()) {
        Recognised::new(Actor::Systemd, CompanionKind::UnitResult, phrase, |c| c.reason = Some("success".to_owned()))
            .routine(true)
    } else if let Some(exit) = after_words(MAIN_PROCESS_EXITED) {
        let (code, status) = cut(exit, ", status=")?;
        let exited = code == b"exited";
        let signal = cut(status, "/").map(|(_, name)| name).filter(|_| !exited);
        Recognised::new(Actor::Systemd, CompanionKind::UnitExit, MAIN_PROCESS_EXITED, |c| {
            c.exit_code = number(status).filter(|_| exited);
            c.signal = signal.map(|name| format!("SIG{}", lossy(name)));
        })
        .routine(signal != Some(b"KILL"))
    } else if let Some(used) = after_words(CONSUMED) {
        let peak = |what: &str| cut(used, what).and_then(|(before, _)| size(before.rsplit(|b| *b == b' ').next()?));
        Recognised::new(Actor::Systemd, CompanionKind::UnitUsage, CONSUMED, |c| {
            c.memory_peak_bytes = peak(" memory peak");
            c.swap_peak_bytes = peak(" memory swap peak");
        })
        .routine(true)
    } else {
        let killed = after_words(": ")?.strip_prefix(OOMD_KILLED.as_bytes())?;
        if !holds(killed, "process(es) in this unit") {
            return None;
        }
        Recognised::new(Actor::Systemd, CompanionKind::Killed, OOMD_KILLED, |c| {
            c.count = number(killed);
            c.reason = Some("systemd-oomd".to_owned());
        })
    };
    Some(line.of_unit(unit))
}

impl Recognised {
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
