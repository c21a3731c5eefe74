//! What series and labels are called in the Prometheus at hand.

use super::selector::{self, Matcher};
use crate::error::Error;
use std::collections::BTreeMap;
use std::str::FromStr;

/// Who exposes a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Source {
    /// kube-state-metrics: `kube_…`.
    StateMetrics,
    /// The kubelet: cAdvisor's and its resource metrics.
    Cadvisor,
    /// kube-scheduler's `/metrics/resources`.
    Scheduler,
    /// oomkit's own exporter.
    Oomkit,
}

impl Source {
    /// The word options use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StateMetrics => "ksm",
            Self::Cadvisor => "cadvisor",
            Self::Scheduler => "scheduler",
            Self::Oomkit => "oomkit",
        }
    }
}

impl FromStr for Source {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let all = [Self::StateMetrics, Self::Cadvisor, Self::Scheduler, Self::Oomkit];
        let expected = "one of ksm, cadvisor, scheduler, oomkit";
        all.into_iter().find(|source| source.as_str() == text).ok_or_else(|| Error::option("source", text, expected))
    }
}

/// A label that rules group and join by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Label {
    /// Namespace of the pod.
    Namespace,
    /// Name of the pod.
    Pod,
    /// Uid of the pod.
    Uid,
    /// Name of the container.
    Container,
    /// Name of the node.
    Node,
}

impl Label {
    pub(super) const ALL: [Self; 5] = [Self::Namespace, Self::Pod, Self::Uid, Self::Container, Self::Node];

    /// Its usual name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Namespace => "namespace",
            Self::Pod => "pod",
            Self::Uid => "uid",
            Self::Container => "container",
            Self::Node => "node",
        }
    }
}

impl FromStr for Label {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let expected = "one of namespace, pod, uid, container, node";
        Self::ALL.into_iter().find(|label| label.as_str() == text).ok_or_else(|| Error::option("label", text, expected))
    }
}

/// Names of recorded series and of labels, and which series are asked for.
#[derive(Debug, Clone)]
pub struct Naming {
    prefix: String,
    cluster: Option<String>,
    labels: BTreeMap<(Option<Source>, Label), String>,
    selectors: BTreeMap<Option<Source>, Vec<Matcher>>,
}

impl Default for Naming {
    fn default() -> Self {
        Self {
            prefix: "oomkit".to_owned(),
            cluster: Some("cluster".to_owned()),
            labels: BTreeMap::new(),
            selectors: BTreeMap::new(),
        }
    }
}

impl Naming {
    /// What recorded series begin with: `oomkit` in `oomkit:pod_memory_overcommit:bytes`.
    ///
    /// # Errors
    /// Text that cannot begin a metric's name.
    pub fn prefix(mut self, prefix: &str) -> Result<Self, Error> {
        let valid = prefix.split(':').all(selector::is_label);
        self.prefix = checked(valid, "prefix", prefix, "the beginning of a metric's name: letters, digits, `_`, `:`")?;
        Ok(self)
    }

    /// The label that tells clusters apart; empty where none does.
    ///
    /// # Errors
    /// Text that is no name of a label.
    pub fn cluster_label(mut self, name: &str) -> Result<Self, Error> {
        self.cluster = match name {
            "" => None,
            _ => Some(checked(selector::is_label(name), "cluster label", name, LABEL)?),
        };
        Ok(self)
    }

    /// What a label is called: by everybody, and so in recorded series, or by one source, from whose name it is changed.
    ///
    /// # Errors
    /// Text that is no name of a label.
    pub fn label(mut self, source: Option<Source>, label: Label, name: &str) -> Result<Self, Error> {
        let name = checked(selector::is_label(name), "label", name, LABEL)?;
        self.labels.insert((source, label), name);
        Ok(self)
    }

    /// Asks only for series that these matchers take, such as `job="kube-state-metrics"`: of one source, or of all.
    ///
    /// # Errors
    /// Text that is no list of matchers.
    pub fn select(mut self, source: Option<Source>, matchers: &str) -> Result<Self, Error> {
        let expected = "a list of matchers such as `job=\"kubelet\",region=~\"eu-.*\"`";
        let read = selector::read(matchers).ok_or_else(|| Error::option("selector", matchers, expected))?;
        self.selectors.entry(source).or_default().extend(read);
        Ok(self)
    }

    /// The name of a recorded series.
    pub fn recorded(&self, name: &str) -> String {
        format!("{}:{name}", self.prefix)
    }

    /// What recorded series call the cluster, if they tell it.
    pub fn cluster(&self) -> Option<&str> {
        self.cluster.as_deref()
    }

    /// What recorded series call a label.
    pub fn name(&self, label: Label) -> &str {
        self.labels.get(&(None, label)).map_or(label.as_str(), String::as_str)
    }

    /// What a source calls a label.
    pub(super) fn name_in(&self, source: Source, label: Label) -> &str {
        self.labels.get(&(Some(source), label)).map_or_else(|| self.name(label), String::as_str)
    }

    pub(super) fn matchers(&self, source: Source) -> impl Iterator<Item = &Matcher> {
        [None, Some(source)].into_iter().filter_map(|key| self.selectors.get(&key)).flatten()
    }

    pub(super) fn name_of_groups(&self) -> String {
        self.prefix.replace(':', ".")
    }
}

const LABEL: &str = "the name of a label: letters, digits and `_`, no digit first";

fn checked(valid: bool, name: &'static str, value: &str, expected: &'static str) -> Result<String, Error> {
    if valid { Ok(value.to_owned()) } else { Err(Error::option(name, value, expected)) }
}
