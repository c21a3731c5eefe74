//! Series as they were scraped, for the profile that repeats other people's queries on them.

use super::series::Series;
use std::collections::BTreeMap;

/// All labels of a series but its name.
pub(in crate::resources) type Labels = BTreeMap<String, String>;

/// The series of the queries of [`overcommit_seed`](crate::resources::measure::overcommit_seed); the last value of each.
#[derive(Debug, Clone, Default)]
pub struct RawSeries {
    pub(in crate::resources) limits: BTreeMap<Labels, f64>,
    pub(in crate::resources) requests: BTreeMap<Labels, f64>,
    pub(in crate::resources) usage: BTreeMap<Labels, f64>,
    pub(in crate::resources) cache: BTreeMap<Labels, f64>,
}

impl RawSeries {
    pub(super) fn take(&mut self, series: &Series) {
        let memory = series.labels.get("resource").is_some_and(|resource| resource == "memory");
        let slot = match &*series.name {
            "kube_pod_container_resource_limits" if memory => &mut self.limits,
            "kube_pod_container_resource_requests" if memory => &mut self.requests,
            "container_memory_usage_bytes" => &mut self.usage,
            "container_memory_cache" => &mut self.cache,
            _ => return,
        };
        // an empty label is none
        let labels = series.labels.iter().filter(|(_, value)| !value.is_empty());
        slot.insert(labels.map(|(name, value)| (name.clone(), value.clone())).collect(), series.value);
    }
}
