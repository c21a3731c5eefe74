//! A Grafana dashboard over the [rules](super::rules): kills, the worst overcommitted and the most wasteful pods, headroom.
//! In the classic JSON model, which every Grafana imports.

mod board;
mod panel;
#[cfg(test)]
mod tests;

use super::rules::{Naming, yaml};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The schema of Grafana 12; newer ones read it, too.
const SCHEMA_VERSION: u32 = 42;

/// What a dashboard is made for.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DashboardOptions {
    /// What things are called; the same as for the rules.
    pub naming: Naming,
    /// Its title.
    pub title: String,
    /// By which Grafana knows it: a dashboard of the same uid is replaced.
    pub uid: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// Rows of each ranking.
    pub top: u32,
    /// How many nodes the rules let go.
    pub lost_nodes: u32,
    /// Namespaces left out of the rankings.
    pub excluded_namespaces: Vec<String>,
}

impl Default for DashboardOptions {
    fn default() -> Self {
        Self {
            naming: Naming::default(),
            title: "Memory: OOM kills, overcommit, waste, headroom".to_owned(),
            uid: "oomkit-memory".to_owned(),
            tags: vec!["oomkit".to_owned(), "memory".to_owned(), "kubernetes".to_owned()],
            top: 10,
            lost_nodes: 1,
            excluded_namespaces: Vec::new(),
        }
    }
}

/// The dashboard, as Grafana imports it. The same options give the same text: keys are sorted, nothing carries a time.
///
/// ```
/// use oomkit_core::resources::dashboard::{DashboardOptions, dashboard};
///
/// let board = dashboard(&DashboardOptions::default());
/// assert_eq!(board["uid"], "oomkit-memory");
/// ```
pub fn dashboard(options: &DashboardOptions) -> Value {
    let board = board::Board::new(options);
    json!({
        "annotations": {"list": [board.annotation()]},
        "description": "Made by `oomkit dashboard`. The recorded series come from `oomkit rules`.",
        "editable": true,
        "graphTooltip": 1,
        "id": null,
        "links": [],
        "panels": panel::laid_out(board.rows()),
        "refresh": "1m",
        "schemaVersion": SCHEMA_VERSION,
        "tags": options.tags,
        "templating": {"list": board.variables()},
        "time": {"from": "now-24h", "to": "now"},
        "timepicker": {},
        "timezone": "browser",
        "title": options.title,
        "uid": options.uid,
        "version": 1
    })
}

/// A ConfigMap that holds the dashboard, in YAML: what the sidecar of Grafana's chart finds by a label, usually
/// `grafana_dashboard: "1"`.
pub fn config_map(board: &Value, name: &str, namespace: Option<&str>, labels: &BTreeMap<String, String>) -> String {
    let mut metadata = json!({"labels": labels, "name": name});
    if let Some(namespace) = namespace {
        metadata["namespace"] = json!(namespace);
    }
    let data = json!({format!("{name}.json"): format!("{board:#}\n")});
    yaml(&json!({"apiVersion": "v1", "data": data, "kind": "ConfigMap", "metadata": metadata}))
}
