//! Profile `seed`: what the two queries say that the project started from, traps and all. For comparison only.
//!
//! ```promql
//! sum by (pod) (kube_pod_container_resource_limits{resource="memory"}
//!             - kube_pod_container_resource_requests{resource="memory"}) > 2900000000
//!
//! sum by (pod) (kube_pod_container_resource_requests{resource="memory"})
//! - sum(label_replace(container_memory_usage_bytes{container!="sandbox"} - container_memory_cache{container!="sandbox"},
//!       "pod", "$1", "container_label_io_kubernetes_pod_name", "(.+)")) by (pod) > 290000000
//! ```
//!
//! Pods of one name are one, replicas of kube-state-metrics add up, pods without a limit are missing, and the pod's own
//! cgroup is counted beside its containers'.

use super::group::{By, Names, Selection};
use super::overcommit::{Overcommit, OvercommitRow};
use super::waste::{Waste, WasteRow};
use super::{SCHEMA_VERSION, ranked};
use crate::resources::exposition::{Labels, RawSeries};
use crate::resources::usage::Basis;
use crate::units::Bytes;
use std::collections::BTreeMap;

/// The first query's threshold: 2.9 GB.
const OVERCOMMIT: Bytes = Bytes(2_900_000_000);
/// The second's: 290 MB.
const WASTE: Bytes = Bytes(290_000_000);

/// What the first query returns. A threshold in `select` stands for the query's; rows are above it, not at it.
pub fn overcommit_seed(series: &RawSeries, select: &Selection) -> Overcommit {
    let mut pods: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for (labels, limit, request) in both(&series.limits, &series.requests) {
        let sum = pods.entry(value(labels, "pod")).or_default();
        *sum = (sum.0 + limit, sum.1 + request);
    }
    let row = |names: Names, (limit, request): (f64, f64)| OvercommitRow {
        names,
        pods: 1,
        request_bytes: bytes(request),
        limit_bytes: Some(bytes(limit)),
        overcommit_bytes: bytes(limit - request),
        overcommit_ratio: (request > 0.0).then(|| limit / request),
        ..OvercommitRow::default()
    };
    let count = pods.len() as u64;
    let total = pods.values().fold((0.0, 0.0), |sum, pod| (sum.0 + pod.0, sum.1 + pod.1));
    let rows = pods.into_iter().map(|(pod, sums)| row(named(pod), sums)).collect();
    let rows = above(rows, |row| row.overcommit_bytes, |row| &row.names, select, OVERCOMMIT);
    Overcommit {
        schema_version: SCHEMA_VERSION,
        measure: "overcommit".to_owned(),
        by: By::Pod,
        profile: "seed".to_owned(),
        rows,
        totals: OvercommitRow { pods: count, ..row(Names::default(), total) },
        node_kills: Vec::new(),
        notes: vec![CAVEAT.to_owned()],
    }
}

/// What the second query returns. A threshold in `select` stands for the query's; rows are above it, not at it.
pub fn waste_seed(series: &RawSeries, select: &Selection) -> Waste {
    let mut requests: BTreeMap<&str, f64> = BTreeMap::new();
    for (labels, request) in &series.requests {
        *requests.entry(value(labels, "pod")).or_default() += request;
    }
    let mut used: BTreeMap<&str, f64> = BTreeMap::new();
    let no_sandbox = |labels: &Labels| value(labels, "container") != "sandbox";
    for (labels, usage, cache) in both(&series.usage, &series.cache).filter(|(labels, ..)| no_sandbox(labels)) {
        // what label_replace does: a standalone cAdvisor's label, where there is one, stands for the pod's
        let docker = value(labels, "container_label_io_kubernetes_pod_name");
        let pod = if docker.is_empty() { value(labels, "pod") } else { docker };
        *used.entry(pod).or_default() += usage - cache;
    }
    let row = |names: Names, request: f64, usage: f64| WasteRow {
        names,
        request_bytes: bytes(request),
        usage_bytes: bytes(usage),
        basis: Basis::UsageMinusCache,
        points: 1,
        waste_bytes: bytes(request - usage),
        deficit_bytes: bytes(usage - request),
        waste_ratio: (request > 0.0).then(|| (request - usage) / request),
        ..WasteRow::default()
    };
    let pods: Vec<(&str, f64, f64)> =
        requests.iter().filter_map(|(pod, request)| Some((*pod, *request, *used.get(pod)?))).collect();
    let total = pods.iter().fold((0.0, 0.0), |sum, pod| (sum.0 + pod.1, sum.1 + pod.2));
    let rows = pods.into_iter().map(|(pod, request, usage)| row(named(pod), request, usage)).collect();
    let rows = above(rows, |row| row.waste_bytes, |row| &row.names, select, WASTE);
    Waste {
        schema_version: SCHEMA_VERSION,
        measure: "waste".to_owned(),
        by: By::Pod,
        profile: "seed".to_owned(),
        rows,
        totals: row(Names::default(), total.0, total.1),
        idle: None,
        node_kills: Vec::new(),
        notes: vec![CAVEAT.to_owned()],
    }
}

const CAVEAT: &str =
    "profile seed: pods of one name are one, replicas add up, pods without a limit or without usage are missing";

/// One-to-one, on all labels; what stands on one side only is dropped.
fn both<'s>(
    left: &'s BTreeMap<Labels, f64>,
    right: &'s BTreeMap<Labels, f64>,
) -> impl Iterator<Item = (&'s Labels, f64, f64)> {
    left.iter().filter_map(|(labels, value)| Some((labels, *value, *right.get(labels)?)))
}

fn value<'s>(labels: &'s Labels, name: &str) -> &'s str {
    labels.get(name).map_or("", String::as_str)
}

fn named(pod: &str) -> Names {
    Names { pod: Some(pod.to_owned()), ..Names::default() }
}

/// Sums of doubles below 2^53 are exact.
fn bytes(value: f64) -> Bytes {
    Bytes(value.max(0.0).round() as u64)
}

fn above<R>(
    rows: Vec<R>,
    measure: impl Fn(&R) -> Bytes,
    names: impl Fn(&R) -> &Names,
    select: &Selection,
    threshold: Bytes,
) -> Vec<R> {
    let threshold = if select.least.get() > 0 { select.least } else { threshold };
    let rows = rows.into_iter().filter(|row| measure(row) > threshold).collect();
    ranked(rows, |row| measure(row).get(), names, select)
}
