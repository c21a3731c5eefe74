//! systemd: what its OOM daemon kills, and what the service manager says about units that lost processes.

use super::Recognised;
use super::field::{after, cut, cut_last, holds, id, lossy, number, percent, size};
use super::literal::{Literal, may_hold};
use super::reporter::Reporter::Systemd;
use crate::cgroup;
use crate::event::{Actor, CompanionKind};
use memchr::{memchr, memrchr};

// the OOM daemon
const RULE_MET: Literal =
    Literal::new(" conditions met for cgroup ", |before, _| before.ends_with(b"'") || before.ends_with(br"\u0027"));
const DUE_TO_PRESSURE: Literal = Literal::new(" due to memory pressure for ", after_verb);
const DUE_TO_USE: Literal = Literal::new(" due to memory used (", after_verb);
// the manager
const KILLED_BY_OOM_KILLER: Literal = Literal::notice(
    "killed by the OOM killer",
    |before, _| after_unit(before, b": A process of this unit has been "),
    &[Systemd],
);
const OOM_KILLER_KILLED: Literal =
    Literal::notice("The kernel OOM killer killed", |before, _| after_unit(before, b": "), &[Systemd]);
const OOMD_KILLED: Literal = Literal::new("systemd-oomd killed ", |before, _| after_unit(before, b": "));
const FAILED: Literal = Literal::notice(": Failed with result ", |before, _| after_unit(before, b""), &[Systemd]);
const DEACTIVATED: Literal = Literal::notice(": Deactivated successfully.", FAILED.search.confirm, &[Systemd]);
const SUCCEEDED: Literal = Literal::notice(": Succeeded.", FAILED.search.confirm, &[Systemd]);
const MAIN_PROCESS_EXITED: Literal = Literal::new(": Main process exited, code=", FAILED.search.confirm);
const CONSUMED: Literal = Literal::new(": Consumed ", FAILED.search.confirm);

pub(super) const LITERALS: &[Literal] = &[
    RULE_MET,
    DUE_TO_PRESSURE,
    DUE_TO_USE,
    KILLED_BY_OOM_KILLER,
    OOM_KILLER_KILLED,
    OOMD_KILLED,
    FAILED,
    DEACTIVATED,
    SUCCEEDED,
    MAIN_PROCESS_EXITED,
    CONSUMED,
];

/// Whether the OOM daemon names a cgroup there: `Killed /a.slice`, `Marked /a.slice for killing`.
fn after_verb(before: &[u8], _: &[u8]) -> bool {
    may_hold(before, "Killed ") || may_hold(before, "Marked ")
}

/// Whether a unit is before it, with these words between them: `a.service: `. A unit has a dot and no blank.
fn after_unit(before: &[u8], words: &[u8]) -> bool {
    let Some(before) = before.strip_suffix(words) else { return false };
    let unit = memrchr(b' ', before).map_or(0, |blank| blank + 1);
    memchr(b'.', &before[unit..]).is_some()
}

/// systemd-oomd 248 – 258 `Killed PATH due to …`, later `Marked PATH for killing due to …`, `Rule 'X' conditions met`.
pub(super) fn recognise_oomd(text: &[u8]) -> Option<Recognised> {
    if let Some(rest) = text.strip_prefix(b"Rule '") {
        let (rule, rest) = cut(rest, RULE_MET.text)?;
        let (rule, (path, _)) = (rule.strip_suffix(b"'")?, cut_last(rest, " for ")?);
        let low = Recognised::new(Actor::SystemdOomd, CompanionKind::LowMemory, RULE_MET.text);
        return Some(low.with(|c| c.reason = Some(lossy(rule))).of_cgroup(path));
    }
    let (kind, rest) = match text.strip_prefix(b"Killed ") {
        Some(rest) => (CompanionKind::Killed, rest),
        None => (CompanionKind::Marked, text.strip_prefix(b"Marked ")?),
    };
    let (path, kill) = if let Some((path, why)) = cut_last(rest, DUE_TO_PRESSURE.text) {
        let (_, numbers) = cut_last(why, " being ")?;
        let (pressure, limit) = cut(numbers, "% > ")?;
        let kill = Recognised::new(Actor::SystemdOomd, kind, DUE_TO_PRESSURE.text).with(|c| {
            c.reason = Some("pressure".to_owned());
            c.pressure_percent = percent(pressure);
            c.pressure_limit_percent = percent(limit);
        });
        (path, kill)
    } else {
        let (path, why) = cut_last(rest, DUE_TO_USE.text)?;
        let (memory, swap) = cut(why, ") and swap used (")?;
        let kill = Recognised::new(Actor::SystemdOomd, kind, DUE_TO_USE.text).with(|c| {
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
    if unit.contains(&b' ') || memchr(b'.', unit).is_none() {
        return None;
    }
    let sentence = &text[unit.len()..];
    let line = |kind, phrase| Recognised::new(Actor::Systemd, kind, phrase);
    let line = if matches!(
        cut(sentence, KILLED_BY_OOM_KILLER.text).or_else(|| cut(sentence, OOM_KILLER_KILLED.text)),
        Some((b": A process of this unit has been ", b".") | (b": ", b" some processes in this unit."))
    ) {
        line(CompanionKind::OomNotice, "OOM killer")
    } else if let Some(result) = FAILED.strip(sentence) {
        let (result, _) = cut(result.strip_prefix(b"'")?, "'")?;
        let by_oom = result == b"oom-kill";
        let phrase = if by_oom { "Failed with result 'oom-kill'" } else { FAILED.text };
        line(CompanionKind::UnitResult, phrase).with(|c| c.reason = Some(lossy(result))).routine(!by_oom)
    } else if let Some(success) = [DEACTIVATED, SUCCEEDED].iter().find(|words| sentence == words.text.as_bytes()) {
        line(CompanionKind::UnitResult, success.text).with(|c| c.reason = Some("success".to_owned())).routine(true)
    } else if let Some(exit) = MAIN_PROCESS_EXITED.strip(sentence) {
        let (code, status) = cut(exit, ", status=")?;
        let exited = code == b"exited";
        let signal = cut(status, "/").map(|(_, name)| name).filter(|_| !exited);
        let exit = line(CompanionKind::UnitExit, MAIN_PROCESS_EXITED.text).with(|c| {
            c.exit_code = number(status).filter(|_| exited);
            c.signal = signal.map(|name| format!("SIG{}", lossy(name)));
        });
        exit.routine(signal != Some(b"KILL"))
    } else if let Some(used) = CONSUMED.strip(sentence) {
        let peak = |what: &str| cut(used, what).and_then(|(before, _)| size(before.rsplit(|b| *b == b' ').next()?));
        let usage = line(CompanionKind::UnitUsage, CONSUMED.text).with(|c| {
            c.memory_peak_bytes = peak(" memory peak");
            c.swap_peak_bytes = peak(" memory swap peak");
        });
        usage.routine(true)
    } else {
        let killed = OOMD_KILLED.strip(sentence.strip_prefix(b": ")?)?;
        if !holds(killed, "process(es) in this unit") {
            return None;
        }
        line(CompanionKind::Killed, OOMD_KILLED.text).with(|c| {
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
