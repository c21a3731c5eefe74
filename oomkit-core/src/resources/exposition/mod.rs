//! Metrics as text: what kube-state-metrics, cAdvisor and the kubelet expose, saved with `curl`.

mod pods;
mod raw;
mod series;
#[cfg(test)]
mod tests;

use super::ClusterFacts;
use super::kubernetes::ReadError;
use super::usage::{Place, Sample, Usage};
use crate::units::Bytes;
pub(in crate::resources) use raw::Labels;
pub use raw::RawSeries;

use pods::Pods;
use series::Series;
use std::collections::{BTreeSet, HashMap};
use std::io::{BufRead, BufReader, Read};

/// Scrapes of any number of endpoints, to become pods, nodes and usage. Other metrics are passed over.
///
/// The same series from two replicas, two endpoints or two containers of one name is one: the largest counts, never the sum.
#[derive(Debug, Default)]
pub struct Scrape {
    pods: Pods,
    usage: Usage,
    clusters: BTreeSet<String>,
    raw: Option<RawSeries>,
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
    pub fn read(&mut self, name: &str, reader: impl Read) -> Result<(), ReadError> {
        let mut lines = BufReader::with_capacity(256 * 1024, reader);
        let mut line = Vec::new();
        let mut number = 0;
        let mut found = false;
        let mut used: HashMap<Place, Sample> = HashMap::new();
        loop {
            line.clear();
            if lines.read_until(b'\n', &mut line).map_err(|error| ReadError::io_error(name, error))? == 0 {
                break;
            }
            number += 1;
            let text = String::from_utf8_lossy(&line);
            let read = series::read(&text);
            let series = read.map_err(|wrong| {
                let reason = format!("expected {}, in the text format of Prometheus metrics", wrong.expected);
                ReadError::at(name, number, wrong.at + 1, reason)
            })?;
            let Some(series) = series else { continue };
            found = true;
            if let Some(cluster) = series.labels.get("cluster") {
                self.clusters.insert(cluster.clone());
            }
            if let Some(raw) = &mut self.raw {
                raw.take(&series);
            }
            if !self.pods.take(&series) {
                measured(series, &mut used);
            }
        }
        for (place, sample) in used {
            self.usage.add_container(place, sample);
        }
        if found {
            Ok(())
        } else {
            Err(ReadError::whole(name, "holds no metrics in the text format of Prometheus".to_owned()))
        }
    }

    /// Hands over what was read; gives what a reader should know.
    ///
    /// # Errors
    /// Metrics of several clusters: their pods would be mixed up.
    pub fn finish(self, facts: &mut ClusterFacts, usage: &mut Usage) -> Result<Vec<String>, String> {
        if self.clusters.len() > 1 {
            let names: Vec<String> = self.clusters.into_iter().collect();
            return Err(format!("metrics of several clusters ({}): give those of one at a time", names.join(", ")));
        }
        usage.absorb(self.usage);
        Ok(self.pods.finish(facts))
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

/// Of a container by name: what has none is the cgroup of a pod or of all pods, `POD` is the pause container.
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
    let part = |name| label(&series, name).map(str::to_owned);
    let (Some(namespace), Some(pod), Some(container)) = (part("namespace"), part("pod"), part("container")) else {
        return;
    };
    if container == "POD" {
        return;
    }
    used.entry((namespace, pod, container)).or_default().merge(sample);
}
