//! The pod that a kill hit, as the cluster knows it.

use super::layout::{Block, STRONG, unbroken};
use super::words::{list, name, plain, sized};
use crate::output::escape;
use oomkit_core::Event;
use oomkit_core::event::{Cluster, ClusterAgreement, LimitChange, MatchedBy, Visibility};

pub(super) fn pod(event: &Event, block: &mut Block) {
    let Some(cluster) = &event.cluster else { return };
    if let Some(pod) = &cluster.pod {
        let namespace = cluster.namespace.as_deref().map(|namespace| format!("{}/", name(namespace, None)));
        let facts = [
            Some(unbroken(&format!("{}{}", namespace.unwrap_or_default(), name(pod, None)))),
            named("of", &cluster.workload.clone().filter(|workload| *workload != format!("Pod/{pod}"))),
            named("container", &cluster.container),
            named("on node", &cluster.node),
            cluster.phase.clone().filter(|phase| phase != "Running").map(|phase| name(&phase, None)),
            (cluster.matched_by == Some(MatchedBy::Trigger))
                .then(|| "the pod that asked; the victim's is not printed".to_owned()),
        ];
        block.row("Pod", &list(facts.into_iter().flatten()));
        block.row("", &list(declared(cluster)));
        block.row("", &list(ends(cluster)));
    } else {
        block.row("Node", &list(cluster.node.as_deref().map(|node| name(node, None))));
    }
}

fn named(key: &str, value: &Option<String>) -> Option<String> {
    value.as_deref().map(|value| unbroken(&format!("{key} {}", name(value, None))))
}

fn declared(cluster: &Cluster) -> impl Iterator<Item = String> {
    let change = match (&cluster.limit_change, cluster.limit_at_kill_bytes) {
        (Some(LimitChange::Same), _) => Some("the same as at the kill".to_owned()),
        (Some(LimitChange::Removed), Some(hit)) => Some(format!("no limit now, {hit} at the kill")),
        (Some(change), Some(hit)) => Some(format!("{} since the kill, when it was {hit}", plain(change.as_str()))),
        _ => None,
    };
    let limit = sized("limit", cluster.limit_bytes);
    let unlimited = cluster.container.is_some() && limit.is_none() && change.is_none();
    [sized("request", cluster.request_bytes), limit.or_else(|| unlimited.then(|| "no limit".to_owned())), change]
        .into_iter()
        .flatten()
}

fn ends(cluster: &Cluster) -> impl Iterator<Item = String> {
    let restarts = cluster.restart_count.map(|count| match count {
        0 => "never restarted".to_owned(),
        1 => "restarted once".to_owned(),
        _ => format!("restarted {count} times"),
    });
    let last = cluster.last_state.as_ref().map(|last| {
        let reason = last.reason.as_deref().map_or_else(|| "ended".to_owned(), |reason| name(reason, None));
        let code = last.exit_code.map(|code| format!(" ({code})")).unwrap_or_default();
        let at = last.finished_at.map(|at| format!(" at {}", at.format("%Y-%m-%d %H:%M:%S %:z"))).unwrap_or_default();
        format!("last ended: {reason}{code}{at}")
    });
    [restarts, last].into_iter().flatten()
}

/// Whether the cluster shows the kill: beside the verdict.
pub(super) fn visibility(event: &Event, block: &mut Block) {
    let Some(cluster) = &event.cluster else { return };
    let Some(visibility) = &cluster.visibility else { return };
    let sentence = match visibility {
        Visibility::Visible => "the pod's status shows this kill".to_owned(),
        Visibility::Silent => "nothing in the pod's status shows this kill".to_owned(),
        Visibility::StatusLost => "the pod's status does not show this kill any more".to_owned(),
        Visibility::PodMissing => "the pod is not among those given".to_owned(),
        Visibility::Unknown => "the pod's status does not tell".to_owned(),
        other => plain(other.as_str()),
    };
    let agreement = match &cluster.agreement {
        Some(ClusterAgreement::Agrees) => ", as the verdict says",
        Some(ClusterAgreement::Contradicts) => ", against the verdict",
        Some(ClusterAgreement::Decides) => ", which the log does not tell",
        _ => "",
    };
    block.styled_row("Cluster", &[(STRONG, format!("{sentence}{agreement}"))]);
    for fact in &cluster.evidence {
        block.row("", &escape::text(fact));
    }
}
