//! Alerts: what is worth waking somebody for, or a line in a morning's list.

use super::duration::Duration;
use super::file::{Rule, RuleGroup};
use super::naming::Label::{Container, Namespace, Node, Pod, Uid};
use super::naming::Source;
use super::options::RuleOptions;
use super::promql::indent;
use crate::error::Error;
use std::collections::BTreeMap;
use std::str::FromStr;

/// The alerts there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Alert {
    /// A pod's limits exceed its requests by more than the threshold.
    PodMemoryOvercommit,
    /// A pod has containers without a limit.
    PodMemoryUnbounded,
    /// A pod requests more than the threshold beyond what it used at its peak.
    PodMemoryWaste,
    /// A node that takes pods has little unused memory.
    NodeMemoryHeadroom,
    /// Little of the cluster's allocatable memory is not requested.
    ClusterMemoryHeadroom,
    /// Requests do not fit any more when nodes are lost: N+1.
    ClusterMemoryNodeLoss,
    /// Kubernetes saw an OOM kill of a container.
    PodOOMKilled,
    /// The kernel killed, whether or not Kubernetes could see it.
    RecentOOM,
}

/// What is different from an alert's default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hold {
    /// Whether it is left out.
    pub left_out: bool,
    /// Its label `severity`.
    pub severity: Option<String>,
    /// How long it holds before it fires.
    pub hold: Option<Duration>,
}

impl Alert {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::PodMemoryOvercommit,
        Self::PodMemoryUnbounded,
        Self::PodMemoryWaste,
        Self::NodeMemoryHeadroom,
        Self::ClusterMemoryHeadroom,
        Self::ClusterMemoryNodeLoss,
        Self::PodOOMKilled,
        Self::RecentOOM,
    ];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PodMemoryOvercommit => "PodMemoryOvercommit",
            Self::PodMemoryUnbounded => "PodMemoryUnbounded",
            Self::PodMemoryWaste => "PodMemoryWaste",
            Self::NodeMemoryHeadroom => "NodeMemoryHeadroom",
            Self::ClusterMemoryHeadroom => "ClusterMemoryHeadroom",
            Self::ClusterMemoryNodeLoss => "ClusterMemoryNodeLoss",
            Self::PodOOMKilled => "PodOOMKilled",
            Self::RecentOOM => "RecentOOM",
        }
    }

    /// Severity and how long it holds before it fires: at once for kills, which are over when they are seen.
    const fn usual(self) -> (&'static str, &'static str) {
        match self {
            Self::PodMemoryOvercommit | Self::PodMemoryUnbounded => ("info", "1h"),
            Self::PodMemoryWaste => ("info", "6h"),
            Self::NodeMemoryHeadroom => ("warning", "15m"),
            Self::ClusterMemoryHeadroom => ("warning", "30m"),
            Self::ClusterMemoryNodeLoss => ("warning", "10m"),
            Self::PodOOMKilled | Self::RecentOOM => ("warning", "0m"),
        }
    }

    /// Whether it tells of something that is over when it is seen: held for long, it would never fire.
    pub const fn is_of_kill(self) -> bool {
        matches!(self, Self::PodOOMKilled | Self::RecentOOM)
    }
}

impl FromStr for Alert {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let expected = "one of PodMemoryOvercommit, PodMemoryUnbounded, PodMemoryWaste, NodeMemoryHeadroom, \
                        ClusterMemoryHeadroom, ClusterMemoryNodeLoss, PodOOMKilled, RecentOOM";
        Self::ALL
            .iter()
            .copied()
            .find(|alert| alert.as_str() == text)
            .ok_or_else(|| Error::option("alert", text, expected))
    }
}

pub(super) fn groups(options: &RuleOptions) -> Vec<RuleGroup> {
    let group = |name: &str, kills: bool| RuleGroup {
        name: format!("{}.{name}", options.naming.name_of_groups()),
        interval: options.interval.as_ref().map(ToString::to_string),
        rules: Alert::ALL
            .iter()
            .filter(|alert| alert.is_of_kill() == kills)
            .filter_map(|alert| rule(*alert, options))
            .collect(),
    };
    vec![group("memory.alerts", false), group("kills.alerts", true)]
}

fn rule(alert: Alert, options: &RuleOptions) -> Option<Rule> {
    let own = options.alerts.get(&alert).cloned().unwrap_or_default();
    if own.left_out {
        return None;
    }
    let (severity, hold) = alert.usual();
    let (summary, description) = told(alert, options);
    let mut annotations = BTreeMap::from([("summary".to_owned(), summary), ("description".to_owned(), description)]);
    if let Some(url) = &options.runbook_url {
        annotations.insert("runbook_url".to_owned(), literal(&url.replace("{alert}", alert.as_str())));
    }
    let mut labels: BTreeMap<String, String> =
        options.labels.iter().map(|(name, value)| (name.clone(), literal(value))).collect();
    labels.insert("severity".to_owned(), literal(own.severity.as_deref().unwrap_or(severity)));
    Some(Rule {
        alert: Some(alert.as_str().to_owned()),
        expr: expr(alert, options),
        hold: Some(own.hold.map_or_else(|| hold.to_owned(), |hold| hold.to_string())),
        labels,
        annotations,
        ..Rule::default()
    })
}

/// Text that Prometheus' templates leave as it is.
fn literal(text: &str) -> String {
    text.replace("{{", "{{ \"{{\" }}")
}

fn expr(alert: Alert, options: &RuleOptions) -> String {
    let naming = &options.naming;
    let excluded = options.excluded();
    let of_pods = |name: &str| match &excluded {
        Some(names) => naming.record(name, &[("namespace", "!~", names)]),
        None => naming.recorded(name),
    };
    match alert {
        Alert::PodMemoryOvercommit => {
            format!("{} > {}", of_pods("pod_memory_overcommit:bytes"), options.overcommit.get())
        }
        Alert::PodMemoryUnbounded => format!("{} > 0", of_pods("pod_memory_unbounded_containers:count")),
        Alert::PodMemoryWaste => format!("{} > {}", of_pods("pod_memory_waste:bytes"), options.waste.get()),
        Alert::NodeMemoryHeadroom => {
            let cordoned = naming.series(Source::StateMetrics, "kube_node_spec_unschedulable", &[]);
            format!(
                "{} < {}\nunless on ({}) {cordoned} == 1",
                naming.recorded("node_memory_used_headroom:ratio"),
                options.headroom,
                naming.by(&[Node])
            )
        }
        Alert::ClusterMemoryHeadroom => {
            format!("{} < {}", naming.recorded("cluster_memory_booked_headroom:ratio"), options.headroom)
        }
        Alert::ClusterMemoryNodeLoss => format!("-{} > 0", naming.recorded("cluster_memory_without_nodes:bytes")),
        Alert::PodOOMKilled => seen_by_kubernetes(options),
        Alert::RecentOOM => recent(options),
    }
}

/// The state `terminated` is over in seconds where a container is started again, so that the last one counts, while it is
/// recent; where it is not, what has newly appeared. Of init containers and sidecars no time is told: restarts stand in.
fn seen_by_kubernetes(options: &RuleOptions) -> String {
    let (naming, recent) = (&options.naming, &options.recent);
    let container = naming.by(&[Namespace, Pod, Uid, Container]);
    let oom = ("reason", "=", "OOMKilled");
    let max = |series: String| format!("max by ({container}) ({series})");
    let ksm = |metric: &str, matches: &[_]| max(naming.series(Source::StateMetrics, metric, matches));
    let with = |metric: &str, matches: &[_], end: &str, start: &str| {
        max(naming.series_in(Source::StateMetrics, metric, matches, |series| format!("{start}{series}{end}")))
    };
    let ended = ksm("kube_pod_container_status_last_terminated_timestamp", &[]);
    let because = ksm("kube_pod_container_status_last_terminated_reason", &[oom]);
    let restarted = with("kube_pod_init_container_status_restarts_total", &[], &format!("[{recent}])"), "increase(");
    let sidecar = ksm("kube_pod_init_container_status_last_terminated_reason", &[oom]);
    let now = ksm("kube_pod_container_status_terminated_reason", &[oom]);
    let before = with("kube_pod_container_status_terminated_reason", &[oom], &format!(" offset {recent}"), "");
    format!(
        "(\n  time() - {ended} < {}\n  and on ({container})\n  {because} == 1\n)\nor\n\
         (\n  {restarted} > 0\n  and on ({container})\n  {sidecar} == 1\n)\nor\n\
         (\n  {now} == 1\n  unless on ({container})\n  {before} == 1\n)",
        recent.seconds()
    )
}

/// Kills since the counter was last lower; of a counter that was not there before, all it has. Exporters that are started
/// again are the same counter: what tells them apart is left out.
fn recent(options: &RuleOptions) -> String {
    let (naming, recent) = (&options.naming, &options.recent);
    let mut by = naming.by(&[Node, Namespace, Pod, Container]);
    by.push_str(", scope, visible");
    let counted = |with: &dyn Fn(String) -> String| {
        let series = naming.series_in(Source::Oomkit, "oomkit_oom_kills_total", &[], with);
        format!("max by ({by}) ({series})")
    };
    let more = counted(&|series| format!("increase({series}[{recent}])"));
    let (now, before) = (counted(&|series| series), counted(&|series| format!("{series} offset {recent}")));
    format!("{more} > 0\nor\n(\n{}\n)", indent(&format!("{now} > 0\nunless on ({by})\n{before}")))
}

/// Summary and description.
fn told(alert: Alert, options: &RuleOptions) -> (String, String) {
    let naming = &options.naming;
    let label = |name: &str| format!("{{{{ $labels.{name} }}}}");
    let cluster = naming.cluster().map(|name| format!("{{{{ with $labels.{name} }}}} in {{{{ . }}}}{{{{ end }}}}"));
    let cluster = cluster.unwrap_or_default();
    let pod = format!("{}/{}", label(naming.name(Namespace)), label(naming.name(Pod)));
    let (node, container) = (label(naming.name(Node)), label(naming.name(Container)));
    // a kill for the node as a whole may have no pod
    let with = |name: &str, text: String| format!("{{{{ with $labels.{name} }}}}, {text}{{{{ end }}}}");
    let pod_if_any = with(naming.name(Pod), format!("pod {}/{{{{ . }}}}", label(naming.name(Namespace))));
    let container_if_any = with(naming.name(Container), "container {{ . }}".to_owned());
    let size = "{{ $value | humanize1024 }}B";
    let share = "{{ $value | humanizePercentage }}";
    let (window, recent) = (&options.window, &options.recent);
    match alert {
        Alert::PodMemoryOvercommit => (
            format!("Pod {pod} may use {size} more than is booked for it{cluster}."),
            "Its memory limits exceed its requests by that much: the scheduler does not count on it, the kernel allows it."
                .to_owned(),
        ),
        Alert::PodMemoryUnbounded => (
            format!("{{{{ $value }}}} of the containers of pod {pod} have no memory limit{cluster}."),
            "They may use all memory of the node, and are in no sum of limits.".to_owned(),
        ),
        Alert::PodMemoryWaste => (
            format!("Pod {pod} requests {size} of memory that it does not use{cluster}."),
            format!("Requests less the peak of the working set of {window}, each container by itself."),
        ),
        Alert::NodeMemoryHeadroom => (
            format!("Only {share} of the memory of node {node} is not in use{cluster}."),
            "Working set against capacity. Below the eviction threshold the kubelet evicts pods; without any, the kernel kills."
                .to_owned(),
        ),
        Alert::ClusterMemoryHeadroom => (
            format!("Only {share} of allocatable memory is not requested{cluster}."),
            "Requests of all pods, those that wait for a node among them, against the allocatable memory of all nodes."
                .to_owned(),
        ),
        Alert::ClusterMemoryNodeLoss => {
            let nodes = if options.lost_nodes == 1 {
                "the largest node".to_owned()
            } else {
                format!("the {} largest nodes", options.lost_nodes)
            };
            (
                format!("Requests do not fit without {nodes}{cluster}: {{{{ $value | humanize1024 }}}}B are missing."),
                "Sums of requests and of allocatable memory. `oomkit headroom` tells whether the pods would fit into the gaps of the others."
                    .to_owned(),
            )
        }
        Alert::PodOOMKilled => (
            format!("Container {container} of pod {pod} was OOM-killed{cluster}."),
            format!("Its status says so, in the last {recent}. `oomkit explain` tells from the node's kernel log whose limit was hit."),
        ),
        Alert::RecentOOM => (
            format!("The kernel killed on node {node}{cluster}: scope {}{pod_if_any}{container_if_any}.", label("scope")),
            format!(
                "Visible to Kubernetes: {}. `oomkit explain` tells from the node's kernel log whose limit was hit, and who held the memory.",
                label("visible")
            ),
        ),
    }
}
