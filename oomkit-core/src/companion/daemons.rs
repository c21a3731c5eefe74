//! earlyoom and nohang: user-space daemons that kill before the kernel must.

use super::Recognised;
use super::field::{after, cut, holds, leading_number, lossy, number, percent, size};
use super::literal::{Literal, at_start, follows_number, may_begin};
use crate::event::{Actor, CompanionKind};

const LOW_MEMORY: Literal = Literal::new("low memory! ", at_start);
const SENDING: Literal = Literal::new("sending SIG", |before, after| at_start(before, after) && may_be_signal(after));
const EXITED_AFTER: Literal = Literal::new(" exited after ", |before, _| follows_number(before, b"process "));
const DID_NOT_EXIT: Literal = Literal::new(" did not exit", EXITED_AFTER.search.confirm);
const ESCALATING: Literal = Literal::new("escalating to SIG", SENDING.search.confirm);
const MEMORY_STATUS: Literal = Literal::new("Memory status that requires ", at_start);
/// nohang's, and Talos'.
pub(super) const SENDING_CAPITAL: Literal = Literal::new("Sending SIG", |_, after| may_be_signal(after));

pub(super) const LITERALS: &[Literal] =
    &[LOW_MEMORY, SENDING, EXITED_AFTER, DID_NOT_EXIT, ESCALATING, MEMORY_STATUS, SENDING_CAPITAL];

/// earlyoom, to 1.8; the forms before 1.6 say `badness` and name no uid.
pub(super) fn recognise_earlyoom(text: &[u8]) -> Option<Recognised> {
    let line = |kind, literal: Literal| Recognised::new(Actor::Earlyoom, kind, literal.text);
    if LOW_MEMORY.strip(text).is_some() {
        return Some(line(CompanionKind::LowMemory, LOW_MEMORY).with(|c| {
            c.signal = ["SIGTERM", "SIGKILL"].into_iter().find(|name| holds(text, name)).map(str::to_owned);
            c.memory_available_percent = after(text, "limits: mem ").and_then(percent);
            c.swap_free_percent = after(text, "%, swap ").and_then(percent);
        }));
    }
    if let Some(name) = SENDING.strip(text) {
        let signal = signal(name)?;
        let (_, rest) = cut(name, " to process ")?;
        let (before, numbers) = cut(rest, "\": oom_score ").or_else(|| cut(rest, "\": badness "))?;
        return Some(line(CompanionKind::Signal, SENDING).with(|c| {
            c.signal = Some(signal);
            c.pid = number(rest);
            c.uid = after(before, " uid ").and_then(number);
            c.comm = cut(before, "\"").map(|(_, comm)| lossy(comm));
            c.rss_bytes = after(numbers, "VmRSS ").and_then(size);
        }));
    }
    if let Some(rest) = text.strip_prefix(b"process ") {
        let (pid, rest) = leading_number(rest)?;
        let literal = [EXITED_AFTER, DID_NOT_EXIT].into_iter().find(|literal| literal.strip(rest).is_some())?;
        return Some(line(CompanionKind::ProcessExit, literal).with(|c| c.pid = Some(pid)));
    }
    let signal = signal(ESCALATING.strip(text)?)?;
    Some(line(CompanionKind::Signal, ESCALATING).with(|c| c.signal = Some(signal)))
}

/// nohang: one line for each step of an action.
pub(super) fn recognise_nohang(text: &[u8]) -> Option<Recognised> {
    let line = |kind, literal: Literal| Recognised::new(Actor::Nohang, kind, literal.text);
    let text = text.trim_ascii();
    if MEMORY_STATUS.strip(text).is_some() {
        return Some(line(CompanionKind::LowMemory, MEMORY_STATUS));
    }
    let name = SENDING_CAPITAL.strip(text.strip_prefix(b"[ OK ] ").unwrap_or(text))?;
    let signal = signal(name)?;
    let (_, whom) = cut(name, " to ")?;
    Some(line(CompanionKind::Signal, SENDING_CAPITAL).with(|c| {
        c.signal = Some(signal);
        c.comm = (whom != b"the victim").then(|| lossy(whom));
    }))
}

/// Those that the daemons send, without `SIG`.
const SIGNALS: [&str; 2] = ["TERM", "KILL"];

/// The signal whose name follows `SIG`.
fn signal(text: &[u8]) -> Option<String> {
    let name = SIGNALS.into_iter().find(|name| text.starts_with(name.as_bytes()))?;
    Some(format!("SIG{name}"))
}

fn may_be_signal(text: &[u8]) -> bool {
    SIGNALS.iter().any(|name| may_begin(text, name.as_bytes()))
}
