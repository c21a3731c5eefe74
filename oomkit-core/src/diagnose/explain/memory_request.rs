//! Memory requests and `oom_score_adj`.
//!
//! For a burstable container kubelet sets `1000 - (1000 * request) / capacity`, an integer division, clamped to 3 … 999
//! (to 2 … 999 in old releases). With k = 1000 − adj that is k ≤ 1000 · request / capacity < k + 1.

use super::model::{Request, Sentence, Topic};
use super::sentence::sentence;
use super::swap::available;
use super::term::Term;
use crate::event::{Event, QosClass};
use crate::units::Bytes;

/// What is known of the node and the request.
pub(super) fn explain(event: &Event, given: Option<Bytes>, out: &mut Vec<Sentence>) -> Vec<Request> {
    let mut found: Vec<(String, i32, bool)> = Vec::new();
    let pod = |identity: &crate::event::Identity| identity.qos_class == Some(QosClass::Burstable);
    if let Some(adj) = event.victims.first().and_then(|v| v.oom_score_adj).or_else(|| row_adj(event)) {
        let field = if event.victims.first().is_some_and(|v| v.oom_score_adj.is_some()) {
            "victims[0].oom_score_adj".to_owned()
        } else {
            row_path(event).unwrap_or_default()
        };
        found.push((field, adj, event.container.as_ref().is_some_and(pod)));
    }
    if let Some((adj, trigger)) = event.trigger.as_ref().and_then(|t| Some((t.oom_score_adj?, t))) {
        let burstable = trigger.qos_class == Some(QosClass::Burstable);
        if found.iter().all(|(_, known, _)| *known != adj) {
            found.push(("trigger.oom_score_adj".to_owned(), adj, burstable));
        }
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

/// Kernels that do not print it on the kill line have it in the table.
fn row_path(event: &Event) -> Option<String> {
    let row = super::replay::row_of(&event.tasks, event.victims.first()?)?;
    Some(format!("tasks[{row}].oom_score_adj"))
}

fn row_adj(event: &Event) -> Option<i32> {
    let row = super::replay::row_of(&event.tasks, event.victims.first()?)?;
    event.tasks[row].oom_score_adj
}

fn implied_request(event: &Event, field: String, adj: i32, given: Option<Bytes>, out: &mut Vec<Sentence>) -> Request {
    let node = event.memory.as_ref().and_then(available);
    let thousand = || Term::literal(1000);
    let adj_term = Term::field(field.clone(), adj);
    let k = thousand().minus(adj_term.clone());
    let next = k.clone().plus(Term::literal(1));
    // 999 is also what less than a thousandth gets; 2 and 3 all or nearly all of the node
    let open_below = adj == 999;
    let open_above = adj <= 3;
    let mut request = Request::required(adj, field);
    request.node_bytes = node.as_ref().map(Term::as_bytes);
    request.given_request_bytes = given;
    let say = sentence(Topic::Request).text("oom_score_adj ").count(&adj_term);
    if let Some(given) = given {
        let asked = Term::literal(given.get());
        let all = asked.clone().times(thousand());
        // exact: above 1000 R / (k + 1), at most 1000 R / k
        let above = all.clone().over(next);
        let at_most = all.over(k);
        request.node_above_bytes = Some(above.as_bytes());
        request.node_at_most_bytes = (!open_below).then(|| at_most.as_bytes());
        let say = say.text(" with a request of ").bytes(&asked).text(" means that the node has ");
        let say = if open_below {
            say.text("more than ").bytes(&above)
        } else if open_above {
            request.node_above_bytes = None;
            say.text("at most ").bytes(&at_most)
        } else {
            say.text("between ").bytes(&above).text(" and ").bytes(&at_most)
        };
        let say = say.text(" of memory, as kubelet computes it");
        say.maybe(node, |say, node| say.text("; the dump shows ").bytes(&node)).end(out);
        return request;
    }
    let say = say.text(" means that the container's memory request is ");
    let say = match node {
        Some(node) => {
            let at_least = k.clone().times(node.clone()).plus(Term::literal(999)).over(thousand());
            let below = next.clone().times(node.clone()).plus(Term::literal(999)).over(thousand());
            request.request_at_least_bytes = Some(if open_below { Bytes(0) } else { at_least.as_bytes() });
            request.request_below_bytes = (!open_above).then(|| below.as_bytes());
            let say = if open_below {
                say.text("less than ").bytes(&below)
            } else if open_above {
                say.text("at least ").bytes(&at_least)
            } else {
                say.text("between ").bytes(&at_least).text(" and ").bytes(&below)
            };
            say.text(" on this node of ").bytes(&node)
        }
        None if open_below => say.text("less than ").per_mille(&next).text(" of the node's memory"),
        None if open_above => say.text("at least ").per_mille(&k).text(" of the node's memory"),
        None => say.text("between ").per_mille(&k).text(" and ").per_mille(&next).text(" of the node's memory"),
    };
    say.text(", as kubelet computes it.").add_to(out);
    request
}
