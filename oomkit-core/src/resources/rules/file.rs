//! A file of rules, in the forms that Prometheus and its operator read.

use serde::Serialize;
use std::collections::BTreeMap;

/// What `rule_files` of a Prometheus names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RuleFile {
    /// Groups; rules of one are evaluated one after the other.
    pub groups: Vec<RuleGroup>,
}

/// Rules that are evaluated together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RuleGroup {
    /// Unique in the file.
    pub name: String,
    /// How often; the server's own interval without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<String>,
    /// In the order of evaluation.
    pub rules: Vec<Rule>,
}

/// A recording or an alerting rule.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct Rule {
    /// The series it records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// The alert it fires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert: Option<String>,
    /// PromQL.
    pub expr: String,
    /// How long an alert holds before it fires.
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub hold: Option<String>,
    /// Labels of its own.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// What an alert says.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

/// The operator's custom resource.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PrometheusRule<'a> {
    api_version: &'a str,
    kind: &'a str,
    metadata: Metadata<'a>,
    spec: &'a RuleFile,
}

#[derive(Serialize)]
struct Metadata<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: &'a BTreeMap<String, String>,
}

impl RuleFile {
    /// As a rule file in YAML.
    pub fn to_yaml(&self) -> String {
        yaml(self)
    }

    /// As a PrometheusRule of prometheus-operator, in YAML. Its labels are what a Prometheus selects its rules by.
    pub fn to_prometheus_rule(&self, name: &str, namespace: Option<&str>, labels: &BTreeMap<String, String>) -> String {
        yaml(&PrometheusRule {
            api_version: "monitoring.coreos.com/v1",
            kind: "PrometheusRule",
            metadata: Metadata { name, namespace, labels },
            spec: self,
        })
    }
}

/// Strings, lists and maps: nothing that YAML could not hold.
pub(in crate::resources) fn yaml(value: &impl Serialize) -> String {
    let options = serde_saphyr::ser_options! { folded_wrap_chars: 100_000 };
    serde_saphyr::to_string_with_options(value, options).unwrap_or_default()
}
