//! Slurm: `error: Detected 1 oom-kill event(s) in StepId=25428400.batch. Some of your processes …`; before 21.08
//! `in step 25428400.batch cgroup`.

use super::Recognised;
use super::field::{after, cut, lossy, whole};
use super::literal::{Literal, follows_number};
use crate::event::{Actor, CompanionKind, Job};

pub(super) const OOM_KILL_EVENTS: Literal =
    Literal::new(" oom-kill event(s) in ", |before, _| follows_number(before, b"Detected "));

pub(super) fn recognise(text: &[u8]) -> Option<Recognised> {
    let (count, step) = cut(after(text, "Detected ")?, OOM_KILL_EVENTS.text)?;
    let count = whole(count)?;
    let step = step.strip_prefix(b"StepId=").or_else(|| step.strip_prefix(b"step ")).unwrap_or(step);
    let digits = step.iter().take_while(|b| b.is_ascii_digit() || **b == b'_').count();
    let name = step[digits..].strip_prefix(b".").unwrap_or_default();
    let name = name.split(|b| !(b.is_ascii_alphanumeric() || *b == b'+')).next().unwrap_or_default();
    let [id, step] = [&step[..digits], name].map(|part| (!part.is_empty()).then(|| lossy(part)));
    Some(Recognised::new(Actor::Slurmstepd, CompanionKind::OomNotice, OOM_KILL_EVENTS.text).with(|c| {
        c.count = Some(count);
        c.job = Some(Job { id, step, ..Job::default() });
    }))
}
