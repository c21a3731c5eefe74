//! The queries of a dashboard as Grafana would send them, and what they give on the corpus' metrics.

use serde_json::Value;

/// Declared and used memory with every trap.
pub const TRAPS: &str = include_str!("../corpus/resources/traps.prom");
/// The nodes to it.
pub const NODES: &str = include_str!("../corpus/resources/nodes.prom");
/// Kills as oomkit's exporter counts them, by the minute: two silent ones of a container, one of a node.
pub const KILLS: &[(&str, &str)] = &[
    (
        "oomkit_oom_kills_total{node=\"n1\",scope=\"container\",namespace=\"d\",pod=\"web\",container=\"app\",visible=\"false\"}",
        "0x20 1x20 2x80",
    ),
    ("oomkit_oom_kills_total{node=\"n2\",scope=\"node\",visible=\"true\"}", "0x30 1x90"),
    ("oomkit_oom_last_timestamp_seconds{node=\"n1\",scope=\"container\"}", "0x20 1260x20 2520x80"),
    ("oomkit_unattributed_kills_total{node=\"n2\"}", "0x30 1x90"),
];

/// One query of a panel.
#[derive(Debug)]
pub struct Query {
    /// The panel's title.
    pub panel: String,
    /// Which of its queries.
    pub letter: String,
    /// PromQL, with values for Grafana's variables.
    pub expr: String,
}

/// By panel and letter, the sum over what a query gives, by hand: see `corpus/resources/README.md`.
pub const EXPECTED: &[(&str, &str, f64)] = &[
    ("OOM kills", "A", 3.0),
    ("Silent kills", "A", 2.0),
    ("Last kill", "A", 2_520_000.0),
    ("Unattributed kills", "A", 1.0),
    ("Killed", "A", 3.0),
    ("Overcommit", "A", 3.4e9),
    ("Containers without a limit", "A", 1.0),
    ("Waste", "A", 2.3e9),
    ("Deficit", "A", 5e8),
    ("Worst 10 overcommitted", "A", 3.4e9),
    // web and wait, whose overcommit is 0
    ("Worst 10 overcommitted", "B", 8.9e9),
    ("Worst 10 overcommitted", "C", 5.5e9),
    ("Worst 10 wasteful", "A", 2.3e9),
    ("Worst 10 wasteful", "B", 4.5e9),
    ("Worst 10 wasteful", "C", 2.7e9),
    ("Not in use", "A", 0.75),
    ("Not booked", "A", 0.690_476),
    ("Below the ceiling", "A", 0.045_833),
    ("Left without 1 node (N+1)", "A", 5e8),
    ("Nodes", "A", 1.678_571),
    ("Nodes", "B", 1.5),
    ("Nodes", "C", 0.568_75),
    ("Nodes", "D", 4.5e9),
    ("Nodes", "E", 21e9),
    ("Nodes", "F", 24e9),
];

/// All queries: of panels, of the annotation (`annotation`) and of variables (`variable`), as selectors.
pub fn queries(board: &Value) -> Vec<Query> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut queries = Vec::new();
    for panel in list(&board["panels"]) {
        for target in list(&panel["targets"]) {
            let expr = filled(&text(&target["expr"]));
            queries.push(Query { panel: text(&panel["title"]), letter: text(&target["refId"]), expr });
        }
    }
    for annotation in list(&board["annotations"]["list"]) {
        let expr = filled(&text(&annotation["expr"]));
        queries.push(Query { panel: "annotation".to_owned(), letter: "A".to_owned(), expr });
    }
    for variable in list(&board["templating"]["list"]).iter().filter(|variable| variable["type"] == "query") {
        // label_values(SELECTOR, LABEL)
        let query = filled(&text(&variable["query"]["query"]));
        let selector = query.strip_prefix("label_values(").unwrap().rsplit_once(", ").unwrap().0.to_owned();
        queries.push(Query { panel: "variable".to_owned(), letter: text(&variable["name"]), expr: selector });
    }
    queries
}

/// What Grafana puts in: everything chosen, an hour shown.
fn filled(expr: &str) -> String {
    let filled = expr.replace("$__range", "1h").replace("$__rate_interval", "5m");
    let filled = filled.replace("$cluster", ".*").replace("$namespace", ".*");
    assert!(!filled.contains('$'), "{filled}");
    filled
}
