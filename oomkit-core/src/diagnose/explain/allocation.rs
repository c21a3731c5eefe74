//! The allocation that failed: who asked for how much memory, and for what.

use super::model::{Sentence, Shortage, Topic};
use super::sentence::{SentenceBuilder, sentence};
use super::term::Term;
use crate::event::{Cause, Constraint, Event, Trigger};

pub(super) fn explain(event: &Event, shortages: &mut Vec<Shortage>, out: &mut Vec<Sentence>) {
    let known = |t: &&Trigger| t.comm.is_some() || t.pid.is_some() || t.order.is_some();
    let Some(trigger) = event.trigger.as_ref().filter(known) else {
        sentence(Topic::Asked).text("Who asked for memory is not in the log.").on("completeness").add_to(out);
        return;
    };
    let say = who(sentence(Topic::Asked), trigger);
    if trigger.order == Some(-1) {
        shortages.push(Shortage::Manual);
        let say =
            say.text(" ran the OOM killer by hand, through sysrq-f; no allocation had failed.").on("trigger.order");
        say.add_to(out);
        return;
    }
    let say = say.text(" asked for ");
    let say = match size(event, trigger) {
        Some(size) => say.bytes(&size).when(trigger.order > Some(0), " in one piece"),
        None => say.text("memory"),
    };
    let say = detail(say, trigger);
    say.maybe(trigger.cause.as_ref(), |say, cause| say.text(how(event, cause)).on("trigger.cause")).end(out);
}

/// ` (order 0, GFP_KERNEL)`
fn detail(say: SentenceBuilder, trigger: &Trigger) -> SentenceBuilder {
    let Some(order) = trigger.order.map(|order| Term::field("trigger.order", order)) else { return say };
    let say = say.text(" (order ").count(&order).when(!trigger.gfp_flags.is_empty(), ", ");
    let flags = trigger.gfp_flags.iter().enumerate();
    say.list(flags, "|", |say, (number, flag)| say.name(format!("trigger.gfp_flags[{number}]"), flag)).text(")")
}

/// `python3 (pid 114)`
fn who(say: SentenceBuilder, trigger: &Trigger) -> SentenceBuilder {
    let pid = trigger.pid.map(|pid| Term::field("trigger.pid", pid));
    match (&trigger.comm, pid) {
        (Some(comm), Some(pid)) => say.name("trigger.comm", comm).text(" (pid ").count(&pid).text(")"),
        (Some(comm), None) => say.name("trigger.comm", comm),
        (None, Some(pid)) => say.text("Pid ").count(&pid),
        (None, None) => say.text("A task").on("trigger"),
    }
}

/// Bytes of the block that was asked for.
pub(super) fn size(event: &Event, trigger: &Trigger) -> Option<Term> {
    let order = trigger.order.filter(|order| (0..=62).contains(order))?;
    let page = Term::bytes("page_size_bytes", event.page_size_bytes?);
    Some(page.times(Term::field("trigger.order", order).pow2()))
}

fn how(event: &Event, cause: &Cause) -> &'static str {
    match cause {
        // whatever it was for, a cgroup runs out when it is charged
        _ if event.constraint == Constraint::Memcg => ", to be charged to its memory cgroup",
        Cause::PageFault => " in a page fault",
        _ => " for the kernel or a system call",
    }
}
