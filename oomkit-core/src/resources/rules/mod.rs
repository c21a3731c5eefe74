//! Prometheus rules for the measures and for kills: what a Prometheus with kube-state-metrics, the kubelet's metrics and
//! oomkit's exporter can record and alert on. `docs/rules.md` tells what each of them counts.

mod alerts;
mod duration;
mod file;
mod naming;
mod options;
mod promql;
mod recording;
mod selector;
#[cfg(test)]
mod tests;

pub use alerts::{Alert, Hold};
pub use duration::Duration;
pub(super) use file::yaml;
pub use file::{Rule, RuleFile, RuleGroup};
pub use naming::{Label, Naming, Source};
pub use options::RuleOptions;
pub(super) use options::excluded;
pub(super) use promql::Match;

/// The rules, for the names and thresholds of `options`.
///
/// ```
/// use oomkit_core::resources::rules::{Naming, RuleOptions, rules};
///
/// let mut options = RuleOptions::default();
/// options.naming = Naming::default().prefix("memory")?.cluster_label("k8s_cluster")?;
/// let yaml = rules(&options).to_yaml();
/// assert!(yaml.contains("record: memory:pod_memory_overcommit:bytes"));
/// assert!(yaml.contains("sum by (k8s_cluster, namespace, pod)"));
/// # Ok::<(), oomkit_core::Error>(())
/// ```
pub fn rules(options: &RuleOptions) -> RuleFile {
    let mut groups = Vec::new();
    if options.recording {
        groups.extend(recording::groups(options));
    }
    if options.alerting {
        groups.extend(alerts::groups(options));
    }
    RuleFile { groups: groups.into_iter().filter(|group| !group.rules.is_empty()).collect() }
}
