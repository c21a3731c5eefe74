//! `oom_score_adj` of a container, by the kubelet's policy.

use super::{Container, ContainerKind, Declared, Pod, View};
use crate::event::QosClass;
use crate::units::Bytes;

/// Of guaranteed and node-critical pods; -998 in old releases.
const GUARANTEED: i128 = -997;
const BEST_EFFORT: i128 = 1000;
/// Of the priority class `system-node-critical`.
const NODE_CRITICAL: i32 = 2_000_001_000;
/// Of the priority class `system-cluster-critical`.
const CRITICAL: i32 = 2_000_000_000;

/// What the kubelet sets for a container that requests so much, on a node with so much memory (all of it, not only what
/// pods may have). Burstable containers get `1000 - floor(1000 * request / capacity)`, from 3 to 999.
///
/// ```
/// use oomkit_core::{event::QosClass, resources::oom_score_adj, units::Bytes};
///
/// // 80 MiB on a node of 32 GiB
/// assert_eq!(oom_score_adj(&QosClass::Burstable, Bytes(80 << 20), Bytes(32 << 30)), 998);
/// ```
pub fn oom_score_adj(class: &QosClass, request: Bytes, capacity: Bytes) -> i32 {
    let adj = match class {
        QosClass::Guaranteed => GUARANTEED,
        QosClass::BestEffort => BEST_EFFORT,
        _ => burstable(i128::from(request.get()), capacity).clamp(1000 + GUARANTEED, BEST_EFFORT - 1),
    };
    i32::try_from(adj).unwrap_or_default()
}

fn burstable(request: i128, capacity: Bytes) -> i128 {
    1000 - 1000 * request / i128::from(capacity.get().max(1))
}

impl Pod {
    /// Whether the node itself needs it: priority class `system-node-critical`.
    pub fn is_node_critical(&self) -> bool {
        self.priority_class.as_deref() == Some("system-node-critical") || self.priority >= NODE_CRITICAL
    }

    /// Whether the kubelet does not evict it: a static pod, or one of the system's priority classes.
    pub fn is_critical(&self) -> bool {
        self.static_hash.is_some() || self.priority >= CRITICAL
    }

    /// What the kubelet sets for one of its containers on a node with so much memory. Newest releases may subtract a few
    /// points more (`KubeletOOMScoreAdjTieBreak`).
    pub fn oom_score_adj(&self, container: &Container, capacity: Bytes) -> i32 {
        if self.is_node_critical() {
            return oom_score_adj(&QosClass::Guaranteed, Bytes(0), capacity);
        }
        let class = self.qos();
        if class != QosClass::Burstable {
            return oom_score_adj(&class, Bytes(0), capacity);
        }
        // what a pod requests beyond its containers is shared out evenly
        let share = self.unallocated_share();
        let effective = |container: &Container| i128::from(container.request.unwrap_or_default().get()) + share;
        let own = effective(container);
        let regular = self.containers.iter().filter(|other| other.kind == ContainerKind::Regular).map(effective).min();
        // a sidecar is not killed before the containers it serves
        let request = match (container.kind, regular) {
            (ContainerKind::Sidecar, Some(least)) => own.max(least),
            _ => own,
        };
        oom_score_adj(&class, Bytes(u64::try_from(request.max(0)).unwrap_or(u64::MAX)), capacity)
    }

    fn unallocated_share(&self) -> i128 {
        let Some(request) = self.request else { return 0 };
        let count = self.containers.iter().filter(|container| container.kind != ContainerKind::Ephemeral).count();
        let alone = Self { request: None, limit: None, overhead: Bytes(0), ..self.clone() };
        let aggregate = Declared::of_pod(&alone, View::Scheduled).request;
        (i128::from(request.get()) - i128::from(aggregate.get())) / (count.max(1) as i128)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::ClusterFacts;
    use serde_json::{Value, json};

    fn adj(pod: &Value, container: &str, capacity: u64) -> i32 {
        let mut facts = ClusterFacts::default();
        facts.read("pod.json", pod.to_string().as_bytes()).unwrap();
        let pod = &facts.pods()[0];
        pod.oom_score_adj(pod.containers.iter().find(|c| c.name == container).unwrap(), Bytes(capacity))
    }

    fn pod(resources: Value) -> Value {
        json!({"kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "resources": resources}]}})
    }

    /// The cases of the kubelet's own `policy_test.go`.
    #[test]
    fn the_cases_of_the_kubelets_policy_test() {
        // only CPU is limited
        assert_eq!(adj(&pod(json!({"limits": {"cpu": "10"}})), "c", 4_000_000_000), 999);
        // the kubelet's test skips the API server, which copies the limit
        assert_eq!(oom_score_adj(&QosClass::Burstable, Bytes(0), Bytes(8_000_000_000)), 999);
        assert_eq!(adj(&pod(json!({"limits": {"memory": "0"}})), "c", 7_230_457_451), 1000);
        assert_eq!(adj(&pod(json!({})), "c", 4_000_000_000), 1000);
        let same = json!({"cpu": "5m", "memory": "10G"});
        assert_eq!(adj(&pod(json!({"requests": same, "limits": same})), "c", 123_456_789), -997);
        let half = json!({"requests": {"cpu": "5m", "memory": "4000000000"}, "limits": {"memory": "10G"}});
        assert!((495..=505).contains(&adj(&pod(half), "c", 8_000_000_000)));
        let all_but_one = json!({"requests": {"cpu": "5m", "memory": "7999999999"}});
        assert_eq!(adj(&pod(all_but_one), "c", 8_000_000_000), 3);
        let mut critical = pod(json!({}));
        critical["spec"]["priorityClassName"] = json!("system-node-critical");
        assert_eq!(adj(&critical, "c", 4_000_000_000), -997);
        critical["spec"]["priorityClassName"] = json!("system-cluster-critical");
        critical["spec"]["priority"] = json!(2_000_000_000);
        assert_eq!(adj(&critical, "c", 4_000_000_000), 1000, "not the node's own");
    }

    #[test]
    fn division_is_of_integers_and_nothing_reaches_1000() {
        // between 26.0 and 39.1 GiB, 80Mi means 998
        for (gib, expected) in [(26, 997), (27, 998), (32, 998), (39, 998), (40, 999)] {
            let adj = oom_score_adj(&QosClass::Burstable, Bytes(80 << 20), Bytes(gib << 30));
            assert_eq!(adj, expected, "{gib} GiB");
        }
    }

    #[test]
    fn a_sidecar_is_no_likelier_victim_than_what_it_serves() {
        let mut pod = pod(json!({"requests": {"memory": "400"}}));
        pod["spec"]["initContainers"] =
            json!([{"name": "s", "restartPolicy": "Always", "resources": {"requests": {"memory": "10"}}}]);
        assert_eq!((adj(&pod, "c", 1000), adj(&pod, "s", 1000)), (600, 600));
        pod["spec"]["initContainers"][0]["resources"]["requests"]["memory"] = json!("700");
        assert_eq!((adj(&pod, "c", 1000), adj(&pod, "s", 1000)), (600, 300));
    }

    #[test]
    fn what_a_pod_requests_for_itself_is_shared_by_its_containers() {
        let mut pod = pod(json!({"requests": {"memory": "100"}}));
        pod["spec"]["containers"].as_array_mut().unwrap().push(json!({"name": "d"}));
        pod["spec"]["resources"] = json!({"requests": {"memory": "500"}});
        // 400 left over, 200 for each
        assert_eq!((adj(&pod, "c", 1000), adj(&pod, "d", 1000)), (700, 800));
    }
}
