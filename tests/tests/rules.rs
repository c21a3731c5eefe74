//! `oomkit rules` as promtool evaluates them: the numbers counted by hand, each trap of the metrics, each alert.

use oomkit_core::resources::measure::headroom;
use oomkit_core::resources::rules::{Label, Naming, RuleOptions, Source, rules};
use oomkit_core::resources::{ClusterFacts, Scrape, Usage};
use oomkit_tests::promtool::RuleTest;

const TRAPS: &str = include_str!("../corpus/resources/traps.prom");
const NODES: &str = include_str!("../corpus/resources/nodes.prom");

fn usual() -> RuleTest {
    RuleTest::of(rules(&RuleOptions::default()).to_yaml())
}

#[test]
fn every_trap_at_once_gives_the_numbers_counted_by_hand() {
    usual()
        .metrics(TRAPS)
        .gives(
            "5m",
            "oomkit:pod_memory_overcommit:bytes",
            &[("oomkit:pod_memory_overcommit:bytes{namespace=\"d\",pod=\"web\"}", 3.4e9)],
        )
        .gives(
            "5m",
            "oomkit:pod_memory_unbounded_containers:count",
            &[("oomkit:pod_memory_unbounded_containers:count{namespace=\"d\",pod=\"free\"}", 1.0)],
        )
        .gives("5m", "sum(oomkit:pod_memory_waste:bytes)", &[("{}", 2.3e9)])
        .gives("5m", "sum(oomkit:pod_memory_deficit:bytes)", &[("{}", 5e8)])
        .gives(
            "5m",
            "oomkit:pod_memory_waste:bytes > 0",
            &[("oomkit:pod_memory_waste:bytes{namespace=\"d\",pod=\"web\"}", 2.3e9)],
        )
        .run();
}

/// Of each node and of the cluster: free shares, used, booked and ceiling.
const HEADROOM: [(&str, [f64; 3]); 3] = [
    ("n1", [12.0 / 16.0, 9.5 / 14.0, -6.9 / 16.0]),
    ("n2", [6.0 / 8.0, 1.0, 1.0]),
    ("", [18.0 / 24.0, 14.5 / 21.0, 1.1 / 24.0]),
];

#[test]
fn headroom_three_ways_and_the_loss_of_a_node() {
    let mut test = usual().metrics(TRAPS).metrics(NODES);
    for (node, ratios) in HEADROOM {
        for (kind, ratio) in ["used", "booked", "ceiling"].into_iter().zip(ratios) {
            let (level, labels) =
                if node.is_empty() { ("cluster", String::new()) } else { ("node", format!("{{node=\"{node}\"}}")) };
            // to the millionth: doubles are not added up in the same order everywhere
            let expr = format!("round(1e6 * oomkit:{level}_memory_{kind}_headroom:ratio{labels})");
            let labels = if labels.is_empty() { "{}" } else { &labels };
            test = test.gives("5m", &expr, &[(labels, (ratio * 1e6).round())]);
        }
    }
    let spare = "oomkit:cluster_memory_without_nodes:bytes";
    test = test.gives("5m", spare, &[("oomkit:cluster_memory_without_nodes:bytes{}", 5e8)]);
    test.gives(
        "5m",
        "oomkit:pod_memory_request:bytes",
        &[
            ("oomkit:pod_memory_request:bytes{namespace=\"d\",pod=\"web\",node=\"n1\"}", 3.5e9),
            ("oomkit:pod_memory_request:bytes{namespace=\"d\",pod=\"free\",node=\"n1\"}", 1e9),
            ("oomkit:pod_memory_request:bytes{namespace=\"e\",pod=\"wait\"}", 2e9),
        ],
    )
    .run();
}

#[test]
fn oomkit_headroom_says_the_same_of_the_same_series() {
    let (mut facts, mut usage, mut scrape) = (ClusterFacts::default(), Usage::default(), Scrape::default());
    scrape.read("traps.prom", [TRAPS, NODES].concat().as_bytes()).unwrap();
    scrape.finish(&mut facts, &mut usage).unwrap();
    let room = headroom(&facts, &usage);
    let close = |ratio: Option<f64>, expected: f64| (ratio.unwrap() - expected).abs() < 1e-9;
    for (name, [_, booked, ceiling]) in HEADROOM {
        let node = room.nodes.iter().find(|node| node.node == name);
        let (own_booked, own_ceiling) = node.map_or((room.cluster.booked_ratio, room.cluster.ceiling_ratio), |node| {
            (node.booked_ratio, node.ceiling_ratio)
        });
        assert!(close(own_booked, booked) && close(own_ceiling, ceiling), "{name}: {own_booked:?} {own_ceiling:?}");
    }
    assert!(room.cluster.n_plus_1.unwrap().sum_fits);
}

/// The fixture as another Prometheus has it: kube-state-metrics without `honor_labels`, the labels of a kubelet before
/// 1.16, a cluster's label, and series of another cluster beside them.
fn renamed() -> String {
    let line = |line: &str| {
        let exported = line
            .replace("pod=", "exported_pod=")
            .replace("namespace=", "exported_namespace=")
            .replace("container=", "exported_container=");
        let own = "{k8s_cluster=\"c1\",namespace=\"monitoring\",pod=\"ksm-0\",container=\"ksm\",";
        match line.strip_prefix("kube_") {
            Some(_) => exported.replacen('{', own, 1),
            None => line
                .replace("pod=", "pod_name=")
                .replace("container=", "container_name=")
                .replace("node=", "instance=")
                .replacen('{', "{k8s_cluster=\"c1\",", 1),
        }
    };
    let one: String = TRAPS
        .lines()
        .chain(NODES.lines())
        .filter(|line| !line.starts_with('#'))
        .map(|text| line(text) + "\n")
        .collect();
    one.clone()
        + &one.replace("\"c1\"", "\"c2\"")
        + &one.replace("\"c1\"", "\"stage\"").replace("job=\"ksm\"", "job=\"old\"")
}

#[test]
fn the_same_under_other_names() {
    let (ksm, kubelet) = (Some(Source::StateMetrics), Some(Source::Cadvisor));
    let mut naming = Naming::default().prefix("mem:k8s").unwrap().cluster_label("k8s_cluster").unwrap();
    for (source, label, name) in [
        (None, Label::Namespace, "kube_namespace"),
        (ksm, Label::Namespace, "exported_namespace"),
        (ksm, Label::Pod, "exported_pod"),
        (ksm, Label::Container, "exported_container"),
        (kubelet, Label::Namespace, "namespace"),
        (kubelet, Label::Pod, "pod_name"),
        (kubelet, Label::Container, "container_name"),
        (kubelet, Label::Node, "instance"),
    ] {
        naming = naming.label(source, label, name).unwrap();
    }
    let mut options = RuleOptions::default();
    options.naming = naming.select(ksm, "job=\"ksm\"").unwrap();
    let both = |value: f64| [("{k8s_cluster=\"c1\"}", value), ("{k8s_cluster=\"c2\"}", value)];
    let sum = |name: &str| format!("sum by (k8s_cluster) (mem:k8s:{name})");
    RuleTest::of(rules(&options).to_yaml())
        .metrics(&renamed())
        .gives(
            "5m",
            "mem:k8s:pod_memory_overcommit:bytes{k8s_cluster=\"c1\",pod=\"web\"}",
            &[("mem:k8s:pod_memory_overcommit:bytes{k8s_cluster=\"c1\",kube_namespace=\"d\",pod=\"web\"}", 3.4e9)],
        )
        .gives("5m", &sum("pod_memory_overcommit:bytes"), &both(3.4e9))
        .gives("5m", &sum("pod_memory_unbounded_containers:count"), &both(1.0))
        .gives("5m", &sum("pod_memory_waste:bytes"), &both(2.3e9))
        .gives("5m", &sum("pod_memory_deficit:bytes"), &both(5e8))
        .gives("5m", &sum("node_memory_ceiling:bytes"), &both(22.9e9))
        .gives("5m", &sum("cluster_memory_without_nodes:bytes"), &both(5e8))
        .gives("5m", "round(100 * sum by (k8s_cluster) (mem:k8s:cluster_memory_used_headroom:ratio))", &both(75.0))
        .run();
}

/// Series of one container: `pod` of namespace `n`, with uid `u` + pod, running.
fn container(pod: &str, request: &str, limit: &str) -> String {
    let labels = format!("namespace=\"n\",pod=\"{pod}\",uid=\"u{pod}\"");
    let mut text = format!(
        "kube_pod_status_phase{{{labels},phase=\"Running\"}} 1\n\
         kube_pod_info{{{labels},node=\"n1\"}} 1\n\
         kube_pod_container_info{{{labels},container=\"c\"}} 1\n"
    );
    for (kind, value) in [("requests", request), ("limits", limit)] {
        if !value.is_empty() {
            text += &format!(
                "kube_pod_container_resource_{kind}{{{labels},container=\"c\",resource=\"memory\"}} {value}\n"
            );
        }
    }
    text
}

fn total(test: RuleTest, name: &str, value: f64) -> RuleTest {
    test.gives("5m", &format!("sum(oomkit:{name}) or vector(0)"), &[("{}", value)])
}

#[test]
fn t1_pods_of_one_name_in_two_namespaces_are_two() {
    let both = container("redis-0", "1e9", "2.5e9") + &container("redis-0", "1e9", "2.5e9").replace("\"n\"", "\"m\"");
    let name = "oomkit:pod_memory_overcommit:bytes";
    usual()
        .metrics(&both)
        .gives(
            "5m",
            name,
            &[
                ("oomkit:pod_memory_overcommit:bytes{namespace=\"n\",pod=\"redis-0\"}", 1.5e9),
                ("oomkit:pod_memory_overcommit:bytes{namespace=\"m\",pod=\"redis-0\"}", 1.5e9),
            ],
        )
        .fires("2h", "PodMemoryOvercommit", 0)
        .run();
}

#[test]
fn t2_replicas_of_kube_state_metrics_count_once() {
    let one = container("a", "1e9", "4e9");
    let twice = one.replace('{', "{instance=\"0\",") + &one.replace('{', "{instance=\"1\",");
    let test = usual().metrics(&twice).fires("2h", "PodMemoryOvercommit", 1);
    total(total(test, "pod_memory_overcommit:bytes", 3e9), "pod_memory_request:bytes", 1e9).run();
}

#[test]
fn t5_no_limit_and_a_limit_of_nothing_are_unbounded() {
    let text = container("a", "1e9", "") + &container("b", "1e9", "0") + &container("c", "", "");
    let test = usual().metrics(&text).fires("2h", "PodMemoryUnbounded", 3);
    total(total(test, "pod_memory_unbounded_containers:count", 3.0), "pod_memory_overcommit:bytes", 0.0).run();
}

#[test]
fn t6_a_limit_without_a_request_is_the_request_too() {
    let test = usual().metrics(&container("a", "", "9e9"));
    total(total(test, "pod_memory_overcommit:bytes", 0.0), "pod_memory_request:bytes", 9e9).run();
}

#[test]
fn t9_one_shot_init_containers_are_booked_where_they_need_more() {
    let init = "namespace=\"n\",pod=\"a\",uid=\"ua\"";
    let text = container("a", "1e9", "2e9")
        + &format!(
            "kube_pod_init_container_info{{{init},container=\"side\",restart_policy=\"Always\"}} 1\n\
             kube_pod_init_container_info{{{init},container=\"once\",restart_policy=\"\"}} 1\n\
             kube_pod_init_container_resource_requests{{{init},container=\"side\",resource=\"memory\"}} 5e8\n\
             kube_pod_init_container_resource_requests{{{init},container=\"once\",resource=\"memory\"}} 4e9\n\
             kube_pod_init_container_resource_limits{{{init},container=\"side\",resource=\"memory\"}} 6e8\n\
             kube_pod_init_container_resource_limits{{{init},container=\"once\",resource=\"memory\"}} 8e9\n"
        );
    // steady: 1e9 + 1e8; booked: once beside the sidecar
    let test = usual().metrics(&text);
    total(total(test, "pod_memory_overcommit:bytes", 1.1e9), "pod_memory_request:bytes", 4.5e9).run();
}

#[test]
fn t10_pods_that_are_over_count_for_nothing() {
    let text: String = ["Succeeded", "Failed"]
        .into_iter()
        .map(|phase| container(phase, "1e9", "9e9").replace("phase=\"Running\"", &format!("phase=\"{phase}\"")))
        .collect();
    let test = usual().metrics(&text);
    let test = total(total(test, "pod_memory_overcommit:bytes", 0.0), "pod_memory_request:bytes", 0.0);
    total(test, "pod_container:info", 0.0).run();
}

#[test]
fn t13_waste_is_reckoned_from_the_peak_of_the_window() {
    let mut options = RuleOptions::default();
    options.window = "6h".parse().unwrap();
    let used = "container_memory_working_set_bytes{namespace=\"n\",pod=\"a\",container=\"c\"}";
    let waste = |at, test: RuleTest, value| test.gives(at, "sum(oomkit:pod_memory_waste:bytes)", &[("{}", value)]);
    let mut test = RuleTest::of(rules(&options).to_yaml());
    for line in container("a", "2e9", "2e9").lines() {
        let (series, value) = line.rsplit_once(' ').unwrap();
        test = test.series(series, &format!("{value}x900"));
    }
    // one hour at 1.5e9, then little
    test = test.series(used, "1.5e+09x60 1e+08x840");
    test = waste("30m", test, 5e8);
    test = waste("61m", test, 5e8);
    test = waste("5h", test, 5e8);
    waste("10h", test, 1.9e9).run();
}

#[test]
fn t14_containers_before_and_after_a_restart_are_one() {
    let used = |id: &str| {
        format!("container_memory_working_set_bytes{{namespace=\"n\",pod=\"a\",container=\"c\",id=\"{id}\"}}")
    };
    usual()
        .metrics(&container("a", "2e9", "2e9"))
        .series(&used("/1"), "1.5e+09x6 _x100")
        .series(&used("/2"), "_x4 1e+08x100")
        // the peak is of the container that died of it
        .gives("30m", "sum(oomkit:pod_memory_waste:bytes)", &[("{}", 5e8)])
        .gives("5m", "sum(oomkit:container_memory_working_set:bytes)", &[("{}", 1.5e9)])
        .run();
}

#[test]
fn t19_the_schedulers_own_figures_outrank_sums_of_containers() {
    let text = container("a", "1e9", "2e9")
        + "kube_pod_resource_request{namespace=\"n\",pod=\"a\",node=\"n1\",resource=\"memory\",unit=\"bytes\"} 3e9\n";
    total(usual().metrics(&text), "pod_memory_request:bytes", 3e9).run();
}

#[test]
fn t21_overhead_is_booked_and_is_in_the_ceiling() {
    let text = container("a", "1e9", "2e9")
        + "kube_pod_overhead_memory_bytes{namespace=\"n\",pod=\"a\",uid=\"ua\"} 2.5e8\n\
           kube_node_status_capacity{node=\"n1\",resource=\"memory\"} 8e9\n";
    let test = total(usual().metrics(&text), "pod_memory_request:bytes", 1.25e9);
    total(test, "node_memory_ceiling:bytes", 2.25e9).run();
}

#[test]
fn a_pod_being_bound_is_on_one_node() {
    // one replica has not seen it yet
    let text = container("a", "1e9", "2e9")
        + "kube_pod_info{namespace=\"n\",pod=\"a\",uid=\"ua\",node=\"\",instance=\"1\"} 1\n";
    let expected = "oomkit:pod_memory_request:bytes{namespace=\"n\",pod=\"a\",node=\"n1\"}";
    usual().metrics(&text).gives("5m", "oomkit:pod_memory_request:bytes", &[(expected, 1e9)]).run();
}

#[test]
fn a_cluster_that_is_not_measured_in_full_has_no_used_headroom() {
    let text = NODES
        .lines()
        .filter(|line| !line.contains("metrics_path=\"/metrics/resource\""))
        .collect::<Vec<_>>()
        .join("\n");
    usual()
        .metrics(&text)
        .gives("5m", "oomkit:cluster_memory_used_headroom:ratio", &[])
        .gives("5m", "count(oomkit:node_memory_used_headroom:ratio)", &[("{}", 1.0)])
        .run();
}
