//! earlyoom and nohang: user-space daemons that kill before the kernel must.

use super::Said;
use super::field::{after, cut, lossy, number, percent, size};
use crate::event::{Actor, Companion, CompanionKind};

/// earlyoom, to 1.8; the forms before 1.6 say `badness` and name no uid.
pub(super) fn earlyoom(text: &[u8]) -> Option<Said> {
    let said = |kind, fill: &dyn Fn(&mut Companion)| Some(Said::new(Actor::Earlyoom, kind, fill));
    if text.starts_with(b"low memory! ") {
        return said(CompanionKind::LowMemory, &|c| {
            c.signal = signal(text);
            c.memory_available_percent = after(text, "limits: mem ").and_then(percent);
            c.swap_free_percent = after(text, "%, swap ").and_then(percent);
        });
    }
    if let Some(rest) = text.strip_prefix(b"sending ").filter(|rest| rest.starts_with(b"SIG")) {
        let (name, rest) = cut(rest, " to process ")?;
        let name = signal(name)?;
        let (before, numbers) = cut(rest, "\": oom_score ").or_else(|| cut(rest, "\": badness "))?;
        return said(CompanionKind::Signal, &|c| {
            c.signal = Some(name.clone());
            c.pid = number(rest);
            c.uid = after(before, " uid ").and_then(number);
            c.comm = cut(before, "\"").map(|(_, comm)| lossy(comm));
            c.rss_bytes = after(numbers, "VmRSS ").and_then(size);
        });
    }
    if let Some(rest) = text.strip_prefix(b"process ") {
        let pid = number(rest)?;
        after(rest, " exited after ").or_else(|| after(rest, " did not exit"))?;
        return said(CompanionKind::ProcessExit, &|c| c.pid = Some(pid));
    }
    if text.starts_with(b"escalating to SIG") {
        return said(CompanionKind::Signal, &|c| c.signal = signal(text));
    }
    None
}

/// nohang: one line for each step of an action.
pub(super) fn nohang(text: &[u8]) -> Option<Said> {
    let text = text.trim_ascii();
    let said = |kind, fill: &dyn Fn(&mut Companion)| Some(Said::new(Actor::Nohang, kind, fill));
    if text.starts_with(b"Memory status that requires ") {
        return said(CompanionKind::LowMemory, &|_| {});
    }
    let step = text.strip_prefix(b"[ OK ] ").unwrap_or(text);
    if let Some(rest) = step.strip_prefix(b"Sending SIG") {
        let (_, whom) = cut(rest, " to ")?;
        return said(CompanionKind::Signal, &|c| {
            c.signal = signal(step);
            c.comm = (whom != b"the victim").then(|| lossy(whom));
        });
    }
    None
}

/// The first signal named.
fn signal(text: &[u8]) -> Option<String> {
    ["SIGTERM", "SIGKILL"]
        .iter()
        .find(|name| memchr::memmem::find(text, name.as_bytes()).is_some())
        .map(|s| (*s).into())
}
