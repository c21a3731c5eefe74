//! Containers that are set once: the same container of all pods of a workload.

use super::beside::Beside;
use super::rule::{Evidence, decide};
use super::{RecommendOptions, Recommendation};
use crate::resources::ClusterFacts;
use crate::resources::kills::{Kill, KillLevel, KillSummary};
use crate::resources::measure::group::{By, Names, Selection};
use crate::resources::measure::overcommit::{counted, within_pod};
use crate::resources::model::{Limit, Pod, View};
use crate::resources::usage::{Series, Usage};
use crate::units::Bytes;
use std::collections::{BTreeMap, HashMap};

/// The same container of any number of pods.
pub(super) struct Template<'a> {
    pub(super) names: Names,
    /// Pods it is in, by their number, and the row of a sum that each belongs to.
    pub(super) members: Vec<(usize, Option<Names>)>,
    /// The largest.
    pub(super) request: Option<Bytes>,
    pub(super) limit: Limit,
    /// What each pod's used, in the order of time.
    pub(super) series: Vec<Series>,
    pub(super) kills: Vec<&'a Kill>,
    pub(super) summary: KillSummary,
    /// What it used when its node ran out, where that was more than its request, and the node.
    pub(super) at_node_kill: Option<(Bytes, String)>,
    /// Whether its status shows an OOM kill: what tools go by that read no kernel log.
    pub(super) status_oom: bool,
    /// How many containers its pods have.
    pub(super) containers_of_pod: usize,
}

pub(super) fn templates<'a>(
    facts: &ClusterFacts,
    usage: &Usage,
    kills: &'a [Kill],
    options: RecommendOptions,
    select: &Selection,
    each_pod: bool,
) -> Vec<Template<'a>> {
    let mut templates: BTreeMap<Names, Template<'a>> = BTreeMap::new();
    let mut of_node: HashMap<&str, Vec<&Kill>> = HashMap::new();
    for kill in kills.iter().filter(|kill| kill.level == KillLevel::Node) {
        of_node.entry(kill.names.node.as_deref().unwrap_or_default()).or_default().push(kill);
    }
    for (number, pod) in facts.pods().iter().enumerate().filter(|(_, pod)| select.takes(pod)) {
        for container in counted(pod, View::Steady) {
            let container = within_pod(pod, container);
            let names = names(pod, &container.name, each_pod);
            let template = templates.entry(names.clone()).or_insert_with(|| Template {
                names,
                members: Vec::new(),
                request: None,
                limit: container.limit,
                series: Vec::new(),
                kills: Vec::new(),
                summary: KillSummary::default(),
                at_node_kill: None,
                status_oom: false,
                containers_of_pod: 0,
            });
            template.members.push((number, Names::of(select.by, pod, &container.name)));
            template.request = template.request.max(container.request);
            // while a rollout is under way, the larger counts; none is the largest
            template.limit = match (template.limit, container.limit) {
                (Limit::Bounded(a), Limit::Bounded(b)) => Limit::Bounded(a.max(b)),
                _ => Limit::Unbounded,
            };
            let status = container.status.as_ref();
            let ends = status.into_iter().flat_map(|status| [&status.ended, &status.last_ended]).flatten();
            template.status_oom |= ends.last().is_some_and(crate::resources::Termination::is_oom);
            template.containers_of_pod = template.containers_of_pod.max(counted(pod, View::Steady).count());
            let series = Series::of(&usage.container(&pod.namespace, &pod.name, &container.name), options.basis);
            for kill in pod.node.as_deref().and_then(|node| of_node.get(node)).into_iter().flatten() {
                let Some((_, used)) = kill.time.and_then(|time| series.at(time)) else { continue };
                if used > container.request.unwrap_or_default()
                    && template.at_node_kill.as_ref().is_none_or(|(known, _)| used > *known)
                {
                    template.at_node_kill = Some((used, pod.node.clone().unwrap_or_default()));
                }
            }
            template.series.push(series);
        }
    }
    for kill in kills {
        let of = &kill.names;
        let key = Names {
            namespace: of.namespace.clone(),
            workload: of.workload.clone(),
            container: of.container.clone(),
            ..Names::default()
        };
        let key = if each_pod { kill.row(By::Container) } else { key.container.is_some().then_some(key) };
        if let Some(template) = key.and_then(|key| templates.get_mut(&key)) {
            template.summary.add(kill, usage, options.basis);
            template.kills.push(kill);
        }
    }
    templates.into_values().collect()
}

fn names(pod: &Pod, container: &str, each_pod: bool) -> Names {
    let of_workload = || Names {
        namespace: Some(pod.namespace.clone()),
        workload: Some(pod.workload.to_string()),
        container: Some(container.to_owned()),
        ..Names::default()
    };
    let of_pod = if each_pod { Names::of(By::Container, pod, container) } else { None };
    of_pod.unwrap_or_else(of_workload)
}

impl Template<'_> {
    /// All that was measured, as if of one container.
    pub(super) fn together(&self) -> Series {
        let mut all = Series::default();
        self.series.iter().for_each(|series| all.append(series.clone()));
        all
    }

    pub(super) fn recommendation(&self, options: RecommendOptions) -> Recommendation {
        let together = self.together();
        let summary = Some(self.summary.clone()).filter(|summary| summary.events > 0);
        let quality = together.quality(options.need);
        let evidence = Evidence {
            sampled_peak: together.peak(),
            points: together.points(),
            window_seconds: together.window_seconds(),
            quality,
            kills: summary.as_ref(),
            at_node_kill: self.at_node_kill.as_ref(),
            request: self.request.unwrap_or_default(),
            limit: self.limit,
        };
        let advice = decide(&evidence, options);
        let request = self.request.unwrap_or_default();
        let one = advice.request.map_or(0, |advised| difference(advised, request));
        Recommendation {
            names: self.names.clone(),
            pods: self.members.len() as u64,
            request_bytes: request,
            limit_bytes: self.limit.bytes(),
            recommended_request_bytes: advice.request,
            recommended_limit_bytes: advice.limit,
            change_bytes: one.saturating_mul(self.members.len() as i64),
            peak_bytes: evidence.peak(),
            basis: options.basis,
            window_seconds: evidence.window_seconds,
            points: evidence.points,
            quality: Some(quality),
            held_back: advice.held_back,
            unknown_containers: 0,
            reasons: advice.reasons,
            forbids: advice.forbids,
            limit_change: self.kills.iter().max_by_key(|kill| kill.time).and_then(|kill| kill.limit_change.clone()),
            beside: Some(Beside::of(self, &together)),
            kills: summary,
        }
    }
}

pub(super) fn difference(new: Bytes, old: Bytes) -> i64 {
    let difference = i128::from(new.get()) - i128::from(old.get());
    i64::try_from(difference).unwrap_or(if difference < 0 { i64::MIN } else { i64::MAX })
}
