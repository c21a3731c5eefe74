//! Metrics as text: what kube-state-metrics, cAdvisor and the kubelet expose, saved with `curl`.

mod pods;
mod raw;
mod series;
#[cfg(test)]
mod tests;

use super::ClusterFacts;
use super::usage::{Metric, Place, Sample, Usage};
use crate::error::{Error, ErrorKind};
use crate::units::Bytes;
pub(in crate::resources) use raw::Labels;
pub use raw::RawSeries;

use pods::Pods;
pub(in crate::resources) use series::Series;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{BufRead, BufReader, Read};

/// Scrapes of any number of endpoints, to become pods, nodes and usage. Other metrics are passed over.
///
/// The same series from two replicas, two endpoints or two containers of one name is one: the largest counts, never the sum.
#[derive(Debug, Default)]
pub struct Scrape {
    pods: Pods,
    usage: Usage,
    clusters: BTreeSet<String>,
    /// Addresses of nodes, as kube-state-metrics tells them.
    hosts: BTreeMap<String, String>,
    raw: Option<RawSeries>,
}

/// What was measured at one time. Of several series of one container the largest counts.
#[derive(Debug, Default)]
pub(in crate::resources) struct Moment {
    containers: HashMap<Place, Sample>,
    nodes: HashMap<String, Sample>,
}

impl Scrape {
    /// Keeps the series that the profile `seed` asks for, as they are.
    #[must_use]
    pub fn keeping_series(mut self) -> Self {
        self.raw.get_or_insert_default();
        self
    }

    /// The series kept; none unless asked for.
    pub fn take_series(&mut self) -> RawSeries {
        self.raw.take().unwrap_or_default()
    }

    /// Reads the text of one scrape, called `name`: in the Prometheus text format or OpenMetrics. Each one is a point in time
    /// for what is used.
    ///
    /// # Errors
    /// The reader's, and lines that are neither: says where, and what was expected.
    pub fn read(&mut self, name: &str, reader: impl Read) -> Result<(), Error> {
        let mut lines = BufReader::with_capacity(256 * 1024, reader);
        let mut line = Vec::new();
        let mut number = 0;
        let mut found = false;
        let mut moment = Moment::default();
        loop {
            line.clear();
            if lines.read_until(b'\n', &mut line).map_err(|error| Error::input_io(name, error))? == 0 {
                break;
            }
            number += 1;
            let text = String::from_utf8_lossy(&line);
            let read = series::read(&text);
            let series = read.map_err(|wrong| {
                let reason = format!("expected {}, in the text format of Prometheus metrics", wrong.expected);
                Error::input_at(name, number, wrong.at + 1, reason)
            })?;
            let Some(series) = series else { continue };
            found = true;
            self.take(series, &mut moment);
        }
        self.add(moment);
        if found { Ok(()) } else { Err(Error::input(name, "holds no metrics in the text format of Prometheus")) }
    }

    /// Takes one series.
    pub(in crate::resources) fn take(&mut self, series: Series, moment: &mut Moment) {
        self.note(&series);
        if series.name == "kube_node_info"
            && let Some((address, node)) = series.labels.get("internal_ip").zip(label(&series, "node"))
        {
            self.hosts.insert(address.clone(), node.to_owned());
        }
        if self.pods.take(&series) {
            return;
        }
        match series.node() {
            Some(node) => {
                let working_set = bytes(series.value);
                let sample = Sample { time: series.time, working_set, ..Sample::default() };
                moment.nodes.entry(node).or_default().merge(sample);
            }
            None => measured(series, &mut moment.containers),
        }
    }

    /// What is kept of any series: whose it is, and the series itself where that is asked for.
    pub(in crate::resources) fn note(&mut self, series: &Series) {
        if let Some(cluster) = series.labels.get("cluster") {
            self.clusters.insert(cluster.clone());
        }
        if let Some(raw) = &mut self.raw {
            raw.take(series);
        }
    }

    /// What was measured at one time.
    pub(in crate::resources) fn add(&mut self, moment: Moment) {
        for (place, sample) in moment.containers {
            self.usage.add_container(place, sample);
        }
        for (node, sample) in moment.nodes {
            self.usage.add_node(node, sample);
        }
    }

    /// A point of a long history.
    pub(in crate::resources) fn add_point(&mut self, place: &Place, metric: Metric, millis: i64, value: Bytes) {
        self.usage.add_point(place, metric, millis, value);
    }

    /// Hands over what was read; gives what a reader should know.
    ///
    /// # Errors
    /// Metrics of several clusters: their pods would be mixed up.
    pub fn finish(mut self, facts: &mut ClusterFacts, usage: &mut Usage) -> Result<Vec<String>, Error> {
        if self.clusters.len() > 1 {
            let clusters = self.clusters.into_iter().collect();
            return Err(ErrorKind::Clusters { inputs: "metrics", clusters }.into());
        }
        let notes = self.pods.finish(facts);
        self.usage.rename_nodes(|name| {
            let host = name.rsplit_once(':').map_or(name, |(host, _)| host);
            let known = |name: &str| facts.node(name).map(|node| node.name.clone());
            known(name).or_else(|| self.hosts.get(host).cloned()).or_else(|| known(host))
        });
        usage.absorb(self.usage);
        Ok(notes)
    }
}

/// The label, under the name it has where the scrape did not honour it, or before Kubernetes 1.16.
fn label<'s>(series: &'s Series, name: &str) -> Option<&'s str> {
    let names = [format!("exported_{name}"), name.to_owned(), format!("{name}_name")];
    let found = names.iter().find_map(|name| series.labels.get(name));
    found.map(String::as_str).filter(|value| !value.is_empty())
}

/// Bytes of a value that is a number of them.
fn bytes(value: f64) -> Option<Bytes> {
    (value.is_finite() && value >= 0.0).then(|| Bytes(value.round() as u64))
}

impl Series {
    /// The container it is about; what has no name is the cgroup of a pod or of all pods, `POD` is the pause container.
    fn place(&self) -> Option<Place> {
        let part = |name| label(self, name).map(str::to_owned);
        let place = (part("namespace")?, part("pod")?, part("container")?);
        (place.2 != "POD").then_some(place)
    }

    /// The container and what of it is measured.
    pub(in crate::resources) fn container_metric(&self) -> Option<(Place, Metric)> {
        let metric = match &*self.name {
            "container_memory_working_set_bytes" => Metric::WorkingSet,
            "container_memory_rss" => Metric::Rss,
            "container_memory_usage_bytes" => Metric::Usage,
            "container_memory_cache" => Metric::Cache,
            "container_memory_total_active_file_bytes" => Metric::ActiveFile,
            "container_memory_total_inactive_file_bytes" => Metric::InactiveFile,
            _ => return None,
        };
        Some((self.place()?, metric))
    }

    /// The node whose working set it is, by name or address: the kubelet's own figure, or that of the root cgroup.
    fn node(&self) -> Option<String> {
        let root = || self.labels.get("id").is_some_and(|id| id == "/");
        match &*self.name {
            "node_memory_working_set_bytes" => {}
            "container_memory_working_set_bytes" if root() => {}
            _ => return None,
        }
        let names = ["node", "kubernetes_io_hostname", "instance"];
        names.iter().find_map(|name| self.labels.get(*name)).filter(|value| !value.is_empty()).cloned()
    }
}

/// Of a container by name.
fn measured(series: Series, used: &mut HashMap<Place, Sample>) {
    let mut sample = Sample { time: series.time, ..Sample::default() };
    let mut hits = None;
    let slot = match &*series.name {
        "container_memory_working_set_bytes" => &mut sample.working_set,
        "container_memory_rss" => &mut sample.rss,
        "container_memory_usage_bytes" => &mut sample.usage,
        "container_memory_cache" => &mut sample.cache,
        "container_memory_total_active_file_bytes" => &mut sample.active_file,
        "container_memory_total_inactive_file_bytes" => &mut sample.inactive_file,
        "container_memory_swap" => &mut sample.swap,
        "container_memory_events_max_total" => &mut hits,
        _ => return,
    };
    *slot = bytes(series.value);
    sample.limit_hits = hits.map(Bytes::get);
    let Some(place) = series.place() else { return };
    used.entry(place).or_default().merge(sample);
}
