//! What rules are made for: names, thresholds, times, severities.

use super::alerts::{Alert, Hold};
use super::duration::Duration;
use super::naming::Naming;
use crate::units::Bytes;
use std::collections::BTreeMap;

/// What rules are made for.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RuleOptions {
    /// What things are called.
    pub naming: Naming,
    /// A pod's overcommit above this is worth an alert. Default 2.9 GB.
    pub overcommit: Bytes,
    /// A pod's waste above this is worth an alert. Default 290 MB.
    pub waste: Bytes,
    /// Headroom below this share is worth an alert, 0 to 1. Default 0.3.
    pub headroom: f64,
    /// How many nodes the cluster must be able to lose. Default 1.
    pub lost_nodes: u32,
    /// Usage is the peak of so long. Default 7 days.
    pub window: Duration,
    /// A kill is recent for so long. Default 10 minutes.
    pub recent: Duration,
    /// How often rules are evaluated; the server's own interval without.
    pub interval: Option<Duration>,
    /// Namespaces whose pods give no alerts of overcommit and waste. Nodes are counted in full.
    pub excluded_namespaces: Vec<String>,
    /// What is different from the default of single alerts.
    pub alerts: BTreeMap<Alert, Hold>,
    /// Labels that all alerts carry.
    pub labels: BTreeMap<String, String>,
    /// Where to read on; `{alert}` in it stands for the alert's name.
    pub runbook_url: Option<String>,
    /// Whether recording rules are made. Alerts need them.
    pub recording: bool,
    /// Whether alerts are made.
    pub alerting: bool,
}

impl Default for RuleOptions {
    fn default() -> Self {
        Self {
            naming: Naming::default(),
            overcommit: Bytes(2_900_000_000),
            waste: Bytes(290_000_000),
            headroom: 0.3,
            lost_nodes: 1,
            window: Duration::of("7d"),
            recent: Duration::of("10m"),
            interval: None,
            excluded_namespaces: Vec::new(),
            alerts: BTreeMap::new(),
            labels: BTreeMap::new(),
            runbook_url: None,
            recording: true,
            alerting: true,
        }
    }
}

impl RuleOptions {
    /// The pods that may give an alert: a regular expression of namespaces left out, if there are any.
    pub(super) fn excluded(&self) -> Option<String> {
        excluded(&self.excluded_namespaces)
    }
}

/// A regular expression of names, each taken literally.
pub(in crate::resources) fn excluded(names: &[String]) -> Option<String> {
    // outside of brackets `-` stands for itself
    let escaped: Vec<String> = names.iter().map(|name| regex::escape(name).replace("\\-", "-")).collect();
    (!escaped.is_empty()).then(|| escaped.join("|"))
}
