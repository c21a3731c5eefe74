//! What stands on the board.

use super::DashboardOptions;
use super::panel::{Panel, Query, Row, Shape, datasource};
use crate::resources::rules::Label::{self, Container, Namespace, Node, Pod};
use crate::resources::rules::{Match, Source, excluded};
use serde_json::{Value, json};

const PLAIN: &[(Option<f64>, &str)] = &[(None, "text")];
const BAD_ABOVE_NONE: &[(Option<f64>, &str)] = &[(None, "green"), (Some(1.0), "red")];
/// Shares that are free.
const FREE: &[(Option<f64>, &str)] = &[(None, "red"), (Some(0.1), "orange"), (Some(0.3), "green")];
const LEFT: &[(Option<f64>, &str)] = &[(None, "red"), (Some(0.0), "green")];

/// Writes panels for some options.
pub(super) struct Board<'a> {
    options: &'a DashboardOptions,
    excluded: Option<String>,
}

impl<'a> Board<'a> {
    pub(super) fn new(options: &'a DashboardOptions) -> Self {
        Self { options, excluded: excluded(&options.excluded_namespaces) }
    }

    /// The variables that a reader chooses: of a datasource, of clusters where they are told apart, of namespaces.
    pub(super) fn variables(&self) -> Vec<Value> {
        let naming = &self.options.naming;
        let mut variables = vec![json!({
            "current": {}, "hide": 0, "includeAll": false, "label": "Data source", "multi": false, "name": "datasource",
            "options": [], "query": "prometheus", "refresh": 1, "regex": "", "type": "datasource"
        })];
        let choice = |name: &str, title: &str, query: String| {
            json!({
                // `.*` also takes series without the label
                "allValue": ".*", "current": {"selected": true, "text": ["All"], "value": ["$__all"]},
                "datasource": datasource(), "definition": query, "hide": 0, "includeAll": true, "label": title,
                "multi": true, "name": name, "options": [],
                "query": {"query": query, "refId": format!("variable-{name}")},
                "refresh": 2, "regex": "", "sort": 1, "type": "query"
            })
        };
        if let Some(cluster) = naming.cluster() {
            let series = naming.recorded("node_memory_capacity:bytes");
            variables.push(choice("cluster", "Cluster", format!("label_values({series}, {cluster})")));
        }
        let series = self.of_cluster("pod_container:info");
        let namespace = format!("label_values({series}, {})", naming.name(Namespace));
        variables.push(choice("namespace", "Namespace", namespace));
        variables
    }

    /// Kills as marks across all graphs.
    pub(super) fn annotation(&self) -> Value {
        let naming = &self.options.naming;
        let (namespace, pod) = (naming.name(Namespace), naming.name(Pod));
        let by = format!("{}, scope, visible", naming.by(&[Node, Namespace, Pod, Container]));
        json!({
            "datasource": datasource(), "enable": true, "expr": format!("sum by ({by}) ({}) > 0", self.kills("$__rate_interval", &[])),
            "iconColor": "red", "name": "OOM kills", "step": "1m",
            "tagKeys": "scope,visible", "textFormat": format!("{{{{{namespace}}}}}/{{{{{pod}}}}} on {{{{{}}}}}", naming.name(Node)),
            "titleFormat": "OOM kill", "useValueForTime": "false"
        })
    }

    pub(super) fn rows(&self) -> Vec<Row> {
        vec![self.kill_row(), self.worst_row(), self.headroom_row()]
    }

    fn cluster(&self) -> Vec<Match<'_>> {
        self.options.naming.cluster().map(|label| (label, "=~", "$cluster")).into_iter().collect()
    }

    /// A recorded series of the clusters chosen.
    fn of_cluster(&self, name: &str) -> String {
        self.options.naming.record(name, &self.cluster())
    }

    /// A recorded series of the clusters and namespaces chosen.
    fn of_pods(&self, name: &str) -> String {
        let mut matches = self.cluster();
        matches.push(("namespace", "=~", "$namespace"));
        let excluded = self.excluded.iter().map(|names| ("namespace", "!~", names.as_str()));
        self.options.naming.record(name, &matches.into_iter().chain(excluded).collect::<Vec<_>>())
    }

    fn counter(&self, metric: &str, matches: &[Match<'_>], with: impl FnOnce(String) -> String) -> String {
        let matches: Vec<Match<'_>> = self.cluster().into_iter().chain(matches.iter().copied()).collect();
        self.options.naming.series_in(Source::Oomkit, metric, &matches, with)
    }

    /// Kills in a range of time; those of no namespace, too, while all are chosen.
    fn kills(&self, range: &str, matches: &[Match<'_>]) -> String {
        let chosen = [("namespace", "=~", "$namespace")];
        let matches: Vec<Match<'_>> = chosen.iter().chain(matches).copied().collect();
        self.counter("oomkit_oom_kills_total", &matches, |series| format!("increase({series}[{range}])"))
    }

    fn kill_row(&self) -> Row {
        let naming = &self.options.naming;
        let total = |matches: &[_]| format!("sum({}) or vector(0)", self.kills("$__range", matches));
        let silent = [("visible", "=", "false")];
        let each = |label: &str| format!("sum by ({label}) ({})", self.kills("$__rate_interval", &[]));
        let by = format!("{}, scope, visible", naming.by(&[Node, Namespace, Pod, Container]));
        let killed = format!("topk({}, sum by ({by}) ({}) > 0)", self.options.top, self.kills("$__range", &[]));
        let last = self.counter("oomkit_oom_last_timestamp_seconds", &[], |series| series);
        let lost =
            self.counter("oomkit_unattributed_kills_total", &[], |series| format!("increase({series}[$__range])"));
        let mut columns = self.columns(&[Node, Namespace, Pod, Container]);
        columns.extend(
            [("scope", "Scope"), ("visible", "Visible")].map(|(name, title)| (name.to_owned(), title.to_owned())),
        );
        let stat = |title: &str, description, expr, unit, colors| Panel {
            title: title.to_owned(),
            description,
            shape: Shape::Stat,
            unit,
            width: 6,
            height: 4,
            queries: vec![query(expr, "")],
            colors,
        };
        let graph = |title: &str, description, shape, expr, legend| Panel {
            title: title.to_owned(),
            description,
            shape,
            unit: "none",
            width: 12,
            height: 8,
            queries: vec![query(expr, legend)],
            colors: PLAIN,
        };
        Row {
            title: "Kills",
            panels: vec![
                stat("OOM kills", "Processes killed in the time shown.", total(&[]), "none", BAD_ABOVE_NONE),
                stat(
                    "Silent kills",
                    "Of those, the ones Kubernetes cannot see: a child died, its container lives on.",
                    total(&silent),
                    "none",
                    BAD_ABOVE_NONE,
                ),
                stat(
                    "Last kill",
                    "When the kernel last killed.",
                    format!("max({last}) * 1000"),
                    "dateTimeFromNow",
                    PLAIN,
                ),
                stat(
                    "Unattributed kills",
                    "Kills whose pod the log does not tell.",
                    format!("sum({lost}) or vector(0)"),
                    "none",
                    PLAIN,
                ),
                graph(
                    "Kills by scope",
                    "Whose limit was hit: a container's, a pod's, the node's.",
                    Shape::Bars,
                    each("scope"),
                    "{{scope}}",
                ),
                graph(
                    "Kills by verdict",
                    "Whether Kubernetes could see the kill: true, false (silent), unknown.",
                    Shape::Bars,
                    each("visible"),
                    "visible: {{visible}}",
                ),
                graph(
                    "Silent and visible",
                    "When there were kills of which kind.",
                    Shape::Timeline,
                    format!("{} > bool 0", each("visible")),
                    "visible: {{visible}}",
                ),
                Panel {
                    title: "Killed".to_owned(),
                    description: "Who was killed most often in the time shown.",
                    shape: Shape::Table(columns),
                    unit: "none",
                    width: 12,
                    height: 8,
                    queries: vec![query(killed, "Kills")],
                    colors: PLAIN,
                },
            ],
        }
    }

    fn worst_row(&self) -> Row {
        let stat = |title: &str, description, name: &str, unit| Panel {
            title: title.to_owned(),
            description,
            shape: Shape::Stat,
            unit,
            width: 6,
            height: 4,
            queries: vec![query(format!("sum({}) or vector(0)", self.of_pods(name)), "")],
            colors: PLAIN,
        };
        let top = self.options.top;
        Row {
            title: "Overcommit and waste",
            panels: vec![
                stat("Overcommit", "By how much limits exceed requests.", "pod_memory_overcommit:bytes", "bytes"),
                stat(
                    "Containers without a limit",
                    "They are in no sum of limits: the node is their limit.",
                    "pod_memory_unbounded_containers:count",
                    "none",
                ),
                stat("Waste", "Requests beyond the peak of what is used.", "pod_memory_waste:bytes", "bytes"),
                stat(
                    "Deficit",
                    "Peak usage beyond requests; never set against another's waste.",
                    "pod_memory_deficit:bytes",
                    "bytes",
                ),
                self.ranking(
                    format!("Worst {top} overcommitted"),
                    "Pods that may use most beyond what is booked for them.",
                    "pod_memory_overcommit:bytes",
                    "Overcommit",
                    &[("container_memory_limit:bytes", "Limit"), ("container_memory_request:bytes", "Request")],
                ),
                self.ranking(
                    format!("Worst {top} wasteful"),
                    "Pods that request most beyond the peak of what they use.",
                    "pod_memory_waste:bytes",
                    "Waste",
                    &[
                        ("container_memory_request:bytes", "Request"),
                        ("container_memory_working_set_peak:bytes", "Peak usage"),
                    ],
                ),
            ],
        }
    }

    /// The pods with most of something, and what else is known of these pods.
    fn ranking(
        &self,
        title: String,
        description: &'static str,
        measure: &str,
        legend: &str,
        beside: &[(&str, &str)],
    ) -> Panel {
        let by = self.options.naming.by(&[Namespace, Pod]);
        // without the series' name, so that the columns of one pod become one row
        let worst = format!("topk({}, max by ({by}) ({}))", self.options.top, self.of_pods(measure));
        let others = beside.iter().map(|(name, legend)| {
            query(format!("sum by ({by}) ({})\nand on ({by})\n{worst}", self.of_pods(name)), legend)
        });
        Panel {
            title,
            description,
            shape: Shape::Table(self.columns(&[Namespace, Pod])),
            unit: "bytes",
            width: 12,
            height: 10,
            queries: [query(worst.clone(), legend)].into_iter().chain(others).collect(),
            colors: PLAIN,
        }
    }

    fn headroom_row(&self) -> Row {
        let naming = &self.options.naming;
        let cluster = naming.cluster().map(|name| format!("{{{{{name}}}}}")).unwrap_or_default();
        let nodes = self.options.lost_nodes;
        let stat = |title: String, description, name: &str, unit, colors| Panel {
            title,
            description,
            shape: Shape::Stat,
            unit,
            width: 6,
            height: 4,
            queries: vec![query(self.of_cluster(name), &cluster)],
            colors,
        };
        let share = |kind: &str| format!("cluster_memory_{kind}_headroom:ratio");
        let node = naming.by(&[Node]);
        let column = |name: &str, legend: &str, unit| Query {
            unit,
            ..query(format!("max by ({node}) ({})", self.of_cluster(name)), legend)
        };
        let three = ["used", "booked", "ceiling"];
        Row {
            title: "Headroom",
            panels: vec![
                stat(
                    "Not in use".to_owned(),
                    "1 - working set / memory of all nodes.",
                    &share("used"),
                    "percentunit",
                    FREE,
                ),
                stat(
                    "Not booked".to_owned(),
                    "1 - requests / allocatable memory.",
                    &share("booked"),
                    "percentunit",
                    FREE,
                ),
                stat(
                    "Below the ceiling".to_owned(),
                    "1 - limits / memory, a pod's limit being at most its node. Below 0 nodes can run out with every container inside its limit.",
                    &share("ceiling"),
                    "percentunit",
                    LEFT,
                ),
                stat(
                    format!("Left without {nodes} node{} (N+{nodes})", if nodes == 1 { "" } else { "s" }),
                    "Allocatable memory less requests, the largest nodes being lost. Below 0 they do not fit.",
                    "cluster_memory_without_nodes:bytes",
                    "bytes",
                    LEFT,
                ),
                Panel {
                    title: "Headroom".to_owned(),
                    description: "The share of memory that is free, three ways.",
                    shape: Shape::Lines,
                    unit: "percentunit",
                    width: 12,
                    height: 10,
                    queries: three
                        .iter()
                        .map(|kind| query(self.of_cluster(&share(kind)), &format!("{kind} {cluster}")))
                        .collect(),
                    colors: PLAIN,
                },
                Panel {
                    title: "Nodes".to_owned(),
                    description: "A cluster's figure hides its fullest node.",
                    shape: Shape::Table(self.columns(&[Node])),
                    unit: "percentunit",
                    width: 12,
                    height: 10,
                    queries: vec![
                        column("node_memory_booked_headroom:ratio", "Not booked", None),
                        column("node_memory_used_headroom:ratio", "Not in use", None),
                        column("node_memory_ceiling_headroom:ratio", "Below the ceiling", None),
                        column("node_memory_request:bytes", "Requests", Some("bytes")),
                        column("node_memory_allocatable:bytes", "Allocatable", Some("bytes")),
                        column("node_memory_capacity:bytes", "Memory", Some("bytes")),
                    ],
                    colors: PLAIN,
                },
            ],
        }
    }

    /// Columns of names, the cluster first.
    fn columns(&self, labels: &[Label]) -> Vec<(String, String)> {
        let naming = &self.options.naming;
        let title = |label: &Label| match label {
            Namespace => "Namespace",
            Pod => "Pod",
            Container => "Container",
            Node => "Node",
            _ => "Uid",
        };
        let cluster = naming.cluster().map(|name| (name.to_owned(), "Cluster".to_owned()));
        let named = labels.iter().map(|label| (naming.name(*label).to_owned(), title(label).to_owned()));
        cluster.into_iter().chain(named).collect()
    }
}

fn query(expr: String, legend: &str) -> Query {
    Query { expr, legend: legend.to_owned(), unit: None }
}
