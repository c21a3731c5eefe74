//! metrics.k8s.io and the kubelet's `/stats/summary`.

use super::{Sample, Usage};
use crate::error::Error;
use crate::resources::kubernetes::objects;
use crate::units::{Bytes, Quantity};
use chrono::{DateTime, FixedOffset};
use serde::Deserialize;
use std::io::Read;

const EXPECTED: &str = "expected JSON of metrics.k8s.io or of a kubelet's /stats/summary";

pub(super) fn read(name: &str, reader: impl Read, usage: &mut Usage) -> Result<(), Error> {
    let mut found = false;
    objects(name, reader, EXPECTED, &mut |document: Document| {
        found |= document.add(usage);
    })?;
    if found { Ok(()) } else { Err(Error::input(name, format!("holds no measured memory; {EXPECTED}"))) }
}

/// Any of the documents: a list, one of its items, or a kubelet's summary.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    kind: Option<String>,
    items: Option<Vec<Document>>,
    #[serde(default)]
    metadata: Metadata,
    timestamp: Option<DateTime<FixedOffset>>,
    containers: Option<Vec<Container>>,
    usage: Option<Amounts>,
    // /stats/summary
    node: Option<SummaryNode>,
    pods: Option<Vec<SummaryPod>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metadata {
    name: String,
    namespace: String,
}

#[derive(Debug, Deserialize)]
struct Container {
    name: String,
    #[serde(default)]
    usage: Amounts,
}

#[derive(Debug, Default, Deserialize)]
struct Amounts {
    memory: Option<Quantity>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SummaryNode {
    node_name: String,
    #[serde(default)]
    memory: Memory,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SummaryPod {
    pod_ref: Metadata,
    #[serde(default)]
    containers: Vec<SummaryContainer>,
}

#[derive(Debug, Deserialize)]
struct SummaryContainer {
    name: String,
    #[serde(default)]
    memory: Memory,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Memory {
    time: Option<DateTime<FixedOffset>>,
    usage_bytes: Option<u64>,
    working_set_bytes: Option<u64>,
    rss_bytes: Option<u64>,
}

impl Document {
    /// Whether it held anything that was looked for; an empty list counts.
    fn add(self, usage: &mut Usage) -> bool {
        let list =
            self.kind.as_deref().is_some_and(|kind| matches!(kind, "PodMetricsList" | "NodeMetricsList" | "List"));
        let mut found = list && self.items.is_some();
        for item in self.items.into_iter().flatten() {
            found |= item.add(usage);
        }
        let measured = |amounts: &Amounts| amounts.memory.and_then(|memory| memory.rounded_bytes().ok()).map(Bytes);
        let Metadata { namespace, name } = self.metadata;
        for container in self.containers.into_iter().flatten() {
            let sample = Sample { time: self.timestamp, working_set: measured(&container.usage), ..Sample::default() };
            usage.add_container((namespace.clone(), name.clone(), container.name), sample);
            found = true;
        }
        if let Some(amounts) = self.usage {
            usage.add_node(name, Sample { time: self.timestamp, working_set: measured(&amounts), ..Sample::default() });
            found = true;
        }
        if let Some(node) = self.node {
            usage.add_node(node.node_name, node.memory.sample());
            found = true;
        }
        for pod in self.pods.into_iter().flatten() {
            for container in pod.containers {
                let place = (pod.pod_ref.namespace.clone(), pod.pod_ref.name.clone(), container.name);
                usage.add_container(place, container.memory.sample());
                found = true;
            }
        }
        found
    }
}

impl Memory {
    fn sample(&self) -> Sample {
        Sample {
            time: self.time,
            working_set: self.working_set_bytes.map(Bytes),
            rss: self.rss_bytes.map(Bytes),
            usage: self.usage_bytes.map(Bytes),
            ..Sample::default()
        }
    }
}
