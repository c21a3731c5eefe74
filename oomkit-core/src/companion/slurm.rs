//! Slurm: `error: Detected 1 oom-kill event(s) in StepId=25428400.batch. Some of your processes …`; before 21.08
//! `in step 25428400.batch cgroup`.

use super::Said;
use super::field::{after, lossy, number};
use crate::event::{Actor, CompanionKind, Job};

pub(super) fn read(text: &[u8]) -> Option<Said> {
    let rest = after(text, "Detected ")?;
    let (count, step) = super::field::cut(rest, " oom-kill event(s) in ")?;
    let count = number(count)?;
    let step = step.strip_prefix(b"StepId=").or_else(|| step.strip_prefix(b"step ")).unwrap_or(step);
    let digits = step.iter().take_while(|b| b.is_ascii_digit() || **b == b'_').count();
    let name = step[digits..].strip_prefix(b".").map(|name| {
        let end = name.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'+').count();
        &name[..end]
    });
    let (id, step) = ((digits > 0).then(|| lossy(&step[..digits])), name.filter(|n| !n.is_empty()).map(lossy));
    Some(Said::new(Actor::Slurmstepd, CompanionKind::OomNotice, |c| {
        c.count = Some(count);
        c.job = Some(Job { id, step, ..Job::default() });
    }))
}
