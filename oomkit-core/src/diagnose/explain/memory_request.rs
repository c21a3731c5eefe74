//! The memory request of a container, as far as its `oom_score_adj` implies it.
//!
//! For a burstable container kubelet sets `1000 - (1000 * request) / capacity`, an integer division, clamped to 3 … 999
//! (to 2 … 999 in old releases). With k = 1000 − adj that is k ≤ 1000 · request / capacity < k + 1.

use super::model::{Request, Sentence, Topic};
use super::sentence::{SentenceBuilder, sentence};
use super::swap::available;
use super::term::Term;
use crate::event::{Event, QosClass};
use crate::units::Bytes;

/// What is known of the node and the request.
pub(super) fn explain(event: &Event, given: Option<Bytes>, out: &mut Vec<Sentence>) -> Vec<Request> {
    let is_burstable = |qos_class: &Option<QosClass>| *qos_class == Some(QosClass::Burstable);
    let mut found: Vec<(String, i32, bool)> = Vec::new();
    if let Some((field, adj)) = victim_adj(event) {
        found.push((field, adj, event.container.as_ref().is_some_and(|container| is_burstable(&container.qos_class))));
    }
    if let Some(trigger) = &event.trigger
        && let Some(adj) = trigger.oom_score_adj
        && found.iter().all(|(_, known, _)| *known != adj)
    {
        found.push(("trigger.oom_score_adj".to_owned(), adj, is_burstable(&trigger.qos_class)));
    }
    // a request is asked about one container: the victim's, else the one that asked
    let mut given = given;
    let mut requests = Vec::new();
    for (field, adj, burstable) in found.into_iter().filter(|(_, adj, _)| (2..=999).contains(adj)) {
        if burstable || given.is_some() {
            requests.push(implied_request(event, field, adj, given.take(), out));
        }
    }
    requests
}

/// The victim's `oom_score_adj` and its field. Kernels that do not print it on the kill line have it in the table.
fn victim_adj(event: &Event) -> Option<(String, i32)> {
    let victim = event.victims.first()?;
    if let Some(adj) = victim.oom_score_adj {
        return Some(("victims[0].oom_score_adj".to_owned(), adj));
    }
    let row = super::replay::row_of(&event.tasks, victim)?;
    Some((format!("tasks[{row}].oom_score_adj"), event.tasks[row].oom_score_adj?))
}

fn implied_request(event: &Event, field: String, adj: i32, given: Option<Bytes>, out: &mut Vec<Sentence>) -> Request {
    let node = event.memory.as_ref().and_then(available);
    let thousand = || Term::literal(1000);
    let adj_term = Term::field(field.clone(), adj);
    let k = thousand().minus(adj_term.clone());
    let next = k.clone().plus(Term::literal(1));
    // 999 is also what less than a thousandth gets; 2 and 3 all or nearly all of the node
    let (open_below, open_above) = (adj == 999, adj <= 3);
    let mut request = Request::required(adj, field);
    request.node_bytes = node.as_ref().map(Term::as_bytes);
    request.given_request_bytes = given;
    let say = sentence(Topic::Request).text("oom_score_adj ").count(&adj_term);
    if let Some(given) = given {
        let asked = Term::literal(given.get());
        let all = asked.clone().times(thousand());
        // exact: above 1000 R / (k + 1), at most 1000 R / k
        let above = (!open_above).then(|| all.clone().over(next));
        let at_most = (!open_below).then(|| all.over(k));
        request.node_above_bytes = above.as_ref().map(Term::as_bytes);
        request.node_at_most_bytes = at_most.as_ref().map(Term::as_bytes);
        let say = say.text(" with a request of ").bytes(&asked).text(" means that the node has ");
        let say = range(say, ("more than ", above), ("at most ", at_most), SentenceBuilder::bytes);
        let say = say.text(" of memory, as kubelet computes it");
        say.maybe(node, |say, node| say.text("; the dump shows ").bytes(&node)).end(out);
        return request;
    }
    let say = say.text(" means that the container's memory request is ");
    let least = (!open_below).then_some(k);
    let below = (!open_above).then_some(next);
    let say = match node {
        Some(node) => {
            let share = |k: Term| k.times(node.clone()).plus(Term::literal(999)).over(thousand());
            let (least, below) = (least.map(share), below.map(share));
            request.request_at_least_bytes = Some(least.as_ref().map_or(Bytes(0), Term::as_bytes));
            request.request_below_bytes = below.as_ref().map(Term::as_bytes);
            let say = range(say, ("at least ", least), ("less than ", below), SentenceBuilder::bytes);
            say.text(" on this node of ").bytes(&node)
        }
        None => {
            let say = range(say, ("at least ", least), ("less than ", below), SentenceBuilder::per_mille);
            say.text(" of the node's memory")
        }
    };
    say.text(", as kubelet computes it.").add_to(out);
    request
}

/// `between 2 MiB and 3 MiB`; with one end open, its words and the other end.
fn range(
    say: SentenceBuilder,
    (at_least, low): (&str, Option<Term>),
    (at_most, high): (&str, Option<Term>),
    show: fn(SentenceBuilder, &Term) -> SentenceBuilder,
) -> SentenceBuilder {
    match (low, high) {
        (Some(low), Some(high)) => show(show(say.text("between "), &low).text(" and "), &high),
        (Some(low), None) => show(say.text(at_least), &low),
        (None, Some(high)) => show(say.text(at_most), &high),
        (None, None) => say,
    }
}
