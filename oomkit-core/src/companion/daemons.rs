//! earlyoom and nohang: user-space daemons that kill before the kernel must.

use super::Recognised;
use super::field::{after, cut, first_held, leading_number, lossy, number, percent, size};
use super::literals::{DID_NOT_EXIT, ESCALATING, EXITED_AFTER, LOW_MEMORY, MEMORY_STATUS, SENDING, SENDING_CAPITAL};
use crate::event::{Actor, CompanionKind};

/// earlyoom, to 1.8; the forms before 1.6 say `badness` and name no uid.
pub(super) fn recognise_earlyoom(text: &[u8]) -> Option<Recognised> {
    if text.starts_with(LOW_MEMORY.as_bytes()) {
        return Some(Recognised::new(Actor::Earlyoom, CompanionKind::LowMemory, LOW_MEMORY, |c| {
            c.signal = signal(text);
            c.memory_available_percent = after(text, "limits: mem ").and_then(percent);
            c.swap_free_percent = after(text, "%, swap ").and_then(percent);
        }));
    }
    if let Some(name) = text.strip_prefix(SENDING.as_bytes()) {
        let signal = signal_name(name)?;
        let (_, rest) = cut(name, " to process ")?;
        let (before, numbers) = cut(rest, "\": oom_score ").or_else(|| cut(rest, "\": badness "))?;
        return Some(Recognised::new(Actor::Earlyoom, CompanionKind::Signal, SENDING, |c| {
            c.signal = Some(signal);
            c.pid = number(rest);
            c.uid = after(before, " uid ").and_then(number);
            c.comm = cut(before, "\"").map(|(_, comm)| lossy(comm));
            c.rss_bytes = after(numbers, "VmRSS ").and_then(size);
        }));
    }
    if let Some(rest) = text.strip_prefix(b"process ") {
        let (pid, rest) = leading_number(rest)?;
        let phrase = [EXITED_AFTER, DID_NOT_EXIT].into_iter().find(|phrase| rest.starts_with(phrase.as_bytes()))?;
        return Some(Recognised::new(Actor::Earlyoom, CompanionKind::ProcessExit, phrase, |c| c.pid = Some(pid)));
    }
    let signal = signal_name(text.strip_prefix(ESCALATING.as_bytes())?)?;
    Some(Recognised::new(Actor::Earlyoom, CompanionKind::Signal, ESCALATING, |c| c.signal = Some(signal)))
}

/// nohang: one line for each step of an action.
pub(super) fn recognise_nohang(text: &[u8]) -> Option<Recognised> {
    let text = text.trim_ascii();
    if text.starts_with(MEMORY_STATUS.as_bytes()) {
        return Some(Recognised::new(Actor::Nohang, CompanionKind::LowMemory, MEMORY_STATUS, |_| {}));
    }
    let step = text.strip_prefix(b"[ OK ] ").unwrap_or(text);
    let name = step.strip_prefix(SENDING_CAPITAL.as_bytes())?;
    let signal = signal_name(name)?;
    let (_, whom) = cut(name, " to ")?;
    Some(Recognised::new(Actor::Nohang, CompanionKind::Signal, SENDING_CAPITAL, |c| {
        c.signal = Some(signal);
        c.comm = (whom != b"the victim").then(|| lossy(whom));
    }))
}

/// The signal whose name continues so after `SIG`.
fn signal_name(text: &[u8]) -> Option<String> {
    let name = ["TERM", "KILL"].into_iter().find(|name| text.starts_with(name.as_bytes()))?;
    Some(format!("SIG{name}"))
}

/// The first signal named.
fn signal(text: &[u8]) -> Option<String> {
    first_held(text, &["SIGTERM", "SIGKILL"]).map(str::to_owned)
}
