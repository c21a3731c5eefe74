//! Slurm: `error: Detected 1 oom-kill event(s) in StepId=25428400.batch. Some of your processes …`; before 21.08
//! `in step 25428400.batch cgroup`.

use super::Recognised;
use super::field::{after, cut, lossy, whole};
use super::literals::OOM_KILL_EVENTS;
use crate::event::{Actor, CompanionKind, Job};

pub(super) fn recognise(text: &[u8]) -> Option<Recognised> {
    let (count, step) = cut(after(text, "Detected ")?, OOM_KILL_EVENTS)?;
    let count = whole(count)?;
    let step = step.strip_prefix(b"StepId=").or_else(|| step.strip_prefix(b"step ")).unwrap_or(step);
    let digits = step.iter().take_while(|b| b.is_ascii_digit() || **b == b'_').count();
    let name = step[digits..].strip_prefix(b".").map(|name| {
        let end = name.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'+').count();
        &name[..end]
    });
    let (id, step) = ((digits > 0).then(|| lossy(&step[..digits])), name.filter(|n| !n.is_empty()).map(lossy));
    Some(Recognised::new(Actor::Slurmstepd, CompanionKind::OomNotice, OOM_KILL_EVENTS, |c| {
        c.count = Some(count);
        c.job = Some(Job { id, step, ..Job::default() });
    }))
}
