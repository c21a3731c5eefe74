//! Small clusters with sums done by hand; each trap of memory accounting under its own name.

use super::{By, Overcommit, Selection, Statistic, Waste, headroom, overcommit, waste};
use crate::resources::{Basis, ClusterFacts, Declared, Usage, View};
use crate::units::Bytes;
use serde_json::{Value, json};

pub(super) fn facts(objects: Value) -> ClusterFacts {
    let mut facts = ClusterFacts::default();
    facts.read("cluster.json", objects.to_string().as_bytes()).unwrap();
    facts
}

/// `request/limit`, either of them `-` for none.
pub(super) fn resources(declared: &str) -> Value {
    let (request, limit) = declared.split_once('/').unwrap();
    let amount = |text: &str| if text == "-" { json!({}) } else { json!({"memory": text}) };
    json!({"requests": amount(request), "limits": amount(limit)})
}

pub(super) fn container(name: &str, declared: &str) -> Value {
    json!({"name": name, "resources": resources(declared)})
}

pub(super) fn sidecar(name: &str, declared: &str) -> Value {
    json!({"name": name, "restartPolicy": "Always", "resources": resources(declared)})
}

pub(super) fn pod(namespace: &str, name: &str, node: &str, containers: &[Value]) -> Value {
    json!({"kind": "Pod", "metadata": {"namespace": namespace, "name": name, "uid": format!("{namespace}-{name}")},
        "spec": {"nodeName": node, "containers": containers}, "status": {"phase": "Running"}})
}

pub(super) fn simple(name: &str, declared: &str) -> Value {
    pod("d", name, "n1", &[container("app", declared)])
}

pub(super) fn node(name: &str, capacity: &str, allocatable: &str) -> Value {
    json!({"kind": "Node", "metadata": {"name": name},
        "status": {"capacity": {"memory": capacity}, "allocatable": {"memory": allocatable}}})
}

pub(super) fn by(by: By) -> Selection {
    Selection { by, ..Selection::default() }
}

/// Short names and overcommit of the rows.
pub(super) fn rows(measure: &Overcommit) -> Vec<(String, u64)> {
    measure.rows.iter().map(|row| (row.names.short(measure.by), row.overcommit_bytes.get())).collect()
}

pub(super) fn named(rows: &[(&str, u64)]) -> Vec<(String, u64)> {
    rows.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes)).collect()
}

pub(super) fn of_pod(spec: Value, view: View) -> Declared {
    let facts = facts(json!({"kind": "Pod", "metadata": {"name": "p"}, "spec": spec}));
    Declared::of_pod(&facts.pods()[0], view)
}

#[test]
fn pods_are_summed_as_the_scheduler_does() {
    // before the sidecar an init container stands alone; behind it, both run
    let spec = json!({
        "initContainers": [container("a", "10/-"), sidecar("b", "2/-"), container("c", "9/-")],
        "containers": [container("app", "3/-")]});
    assert_eq!(of_pod(spec.clone(), View::Scheduled).request, Bytes(11), "c and b");
    assert_eq!(of_pod(spec, View::Steady).request, Bytes(5), "app and b");
    let spec = json!({
        "initContainers": [sidecar("b", "2/-"), sidecar("c", "4/-")],
        "containers": [container("app", "3/-"), container("more", "1/-")]});
    assert_eq!(of_pod(spec, View::Scheduled).request, Bytes(10), "everything");
}

#[test]
fn limits_of_some_are_no_limit_of_all() {
    let declared = of_pod(json!({"containers": [container("a", "1/5"), container("b", "1/-")]}), View::Steady);
    assert_eq!((declared.limit(), declared.known_limit, declared.unbounded), (None, Bytes(5), 1));
    assert_eq!((declared.overcommit, declared.ratio()), (Bytes(4), Some(5.0)));
}

#[test]
fn overcommit_has_the_shape_of_the_contract() {
    let facts = facts(json!([pod("a", "web-1", "n1", &[container("app", "1Gi/4Gi")])]));
    let json = serde_json::to_value(overcommit(&facts, &Selection::default())).unwrap();
    assert_eq!(
        json,
        json!({"schema_version": 1, "measure": "overcommit", "by": "pod", "profile": "default",
            "rows": [{"cluster": null, "namespace": "a", "pod": "web-1", "container": null, "workload": "Pod/web-1", "node": "n1",
                "pods": 1, "request_bytes": 1_073_741_824, "limit_bytes": 4_294_967_296_u64, "unbounded_containers": 0,
                "overcommit_bytes": 3_221_225_472_u64, "overcommit_ratio": 4.0}],
            "totals": {"cluster": null, "namespace": null, "pod": null, "container": null, "workload": null, "node": null,
                "pods": 1, "request_bytes": 1_073_741_824, "limit_bytes": 4_294_967_296_u64, "unbounded_containers": 0,
                "overcommit_bytes": 3_221_225_472_u64, "overcommit_ratio": 4.0},
            "notes": []})
    );
}

#[test]
fn t1_pods_of_one_name_in_two_namespaces_are_two() {
    let redis = |namespace| pod(namespace, "redis-0", "n1", &[container("redis", "1G/2500M")]);
    let measure = overcommit(&facts(json!([redis("n1"), redis("n2")])), &Selection::default());
    assert_eq!(rows(&measure), named(&[("n1/redis-0", 1_500_000_000), ("n2/redis-0", 1_500_000_000)]));
}

#[test]
fn t2_a_pod_listed_twice_counts_once() {
    let measure = overcommit(&facts(json!([simple("a", "1/4"), simple("a", "1/4")])), &Selection::default());
    assert_eq!((measure.totals.pods, measure.totals.overcommit_bytes), (1, Bytes(3)));
}

#[test]
fn t5_a_container_without_a_limit_is_told_and_in_no_sum() {
    let some = pod("d", "some", "n1", &[container("a", "1/4"), container("b", "2/-")]);
    let measure = overcommit(&facts(json!([simple("none", "1/-"), some])), &Selection::default());
    assert_eq!(rows(&measure), named(&[("d/some", 3), ("d/none", 0)]));
    let row = &measure.rows[0];
    assert_eq!((row.limit_bytes, row.known_limit_bytes, row.unbounded_containers), (None, Some(Bytes(4)), 1));
    assert_eq!((row.request_bytes, row.overcommit_ratio), (Bytes(3), Some(4.0)));
    assert_eq!(measure.totals.unbounded_containers, 2);
    assert_eq!(measure.rows[1].overcommit_ratio, None);
    assert!(measure.notes[0].starts_with("2 containers have no memory limit"), "{:?}", measure.notes);
}

#[test]
fn t6_a_limit_alone_is_a_request_too() {
    let measure = overcommit(&facts(json!([simple("a", "-/9e9")])), &Selection::default());
    assert_eq!((measure.totals.request_bytes, measure.totals.overcommit_bytes), (Bytes(9_000_000_000), Bytes(0)));
}

#[test]
fn t8_native_sidecars_count() {
    let mut pod = simple("a", "1/4");
    pod["spec"]["initContainers"] = json!([sidecar("proxy", "10/30")]);
    assert_eq!(overcommit(&facts(json!([pod])), &Selection::default()).totals.overcommit_bytes, Bytes(23));
}

#[test]
fn t9_one_shot_init_containers_count_only_for_the_scheduler() {
    let mut pod = simple("a", "1/4");
    pod["spec"]["initContainers"] = json!([container("migrate", "10/100")]);
    let facts = facts(json!([pod]));
    assert_eq!(overcommit(&facts, &Selection::default()).totals.overcommit_bytes, Bytes(3));
    let scheduled = Selection { view: Some(View::Scheduled), ..Selection::default() };
    let totals = overcommit(&facts, &scheduled).totals;
    assert_eq!(
        (totals.overcommit_bytes, totals.request_bytes, totals.limit_bytes),
        (Bytes(90), Bytes(10), Some(Bytes(100)))
    );
}

#[test]
fn t10_pods_that_are_over_are_left_out() {
    let mut over = [simple("done", "1/4"), simple("evicted", "1/4")];
    over[0]["status"]["phase"] = json!("Succeeded");
    over[1]["status"]["phase"] = json!("Failed");
    let measure = overcommit(&facts(json!([over[0], over[1], simple("a", "1/2")])), &Selection::default());
    assert_eq!(rows(&measure), named(&[("d/a", 1)]));
    assert_eq!(measure.notes, ["2 pods left out: phase Succeeded or Failed"]);
}

#[test]
fn t11_a_pod_on_no_node_is_in_the_totals_and_in_no_nodes_row() {
    let mut pending = simple("pending", "1/4");
    pending["spec"]["nodeName"] = Value::Null;
    pending["status"]["phase"] = json!("Pending");
    let measure = overcommit(&facts(json!([pending, simple("a", "1/2")])), &by(By::Node));
    assert_eq!(rows(&measure), named(&[("n1", 1)]));
    assert_eq!(measure.totals.overcommit_bytes, Bytes(4));
    assert_eq!(measure.notes, ["1 pod bound to no node: in the totals, in no row"]);
}

#[test]
fn t15_pods_of_a_deployment_are_one_workload_across_rollouts() {
    let of = |name: &str, hash: &str| {
        let mut pod = simple(name, "1/3");
        pod["metadata"]["labels"] = json!({"pod-template-hash": hash});
        pod["metadata"]["ownerReferences"] =
            json!([{"kind": "ReplicaSet", "name": format!("web-{hash}"), "controller": true}]);
        pod
    };
    let measure = overcommit(&facts(json!([of("web-1", "abc"), of("web-2", "def")])), &by(By::Workload));
    assert_eq!(rows(&measure), named(&[("d/Deployment/web", 4)]));
    assert_eq!(measure.rows[0].pods, 2);
}

#[test]
fn t19_a_pods_own_resources_stand_for_its_containers() {
    let mut pod = pod("d", "a", "n1", &[container("x", "1/-"), container("y", "2/-")]);
    pod["spec"]["resources"] = resources("10/30");
    let facts = facts(json!([pod]));
    let totals = overcommit(&facts, &Selection::default()).totals;
    assert_eq!(
        (totals.request_bytes, totals.limit_bytes, totals.overcommit_bytes),
        (Bytes(10), Some(Bytes(30)), Bytes(20))
    );
    assert_eq!(totals.unbounded_containers, 0);
    let containers = overcommit(&facts, &by(By::Container));
    assert_eq!(containers.rows[0].limit_bytes, Some(Bytes(30)), "the pod's limit holds each of them");
}

#[test]
fn t20_a_resize_in_place_counts_with_what_is_in_force() {
    let mut pod = simple("a", "1/2");
    pod["status"]["containerStatuses"] = json!([{"name": "app", "resources": {"limits": {"memory": "8"}}}]);
    assert_eq!(overcommit(&facts(json!([pod])), &Selection::default()).totals.overcommit_bytes, Bytes(7));
}

#[test]
fn t21_overhead_is_requested_and_limits_only_what_is_limited() {
    let with_overhead = |mut pod: Value| {
        pod["spec"]["overhead"] = json!({"memory": "100"});
        overcommit(&facts(json!([pod])), &Selection::default()).totals
    };
    let bounded = with_overhead(simple("a", "1/4"));
    assert_eq!(
        (bounded.request_bytes, bounded.limit_bytes, bounded.overcommit_bytes),
        (Bytes(101), Some(Bytes(104)), Bytes(3))
    );
    let unbounded = with_overhead(simple("a", "1/-"));
    assert_eq!((unbounded.request_bytes, unbounded.known_limit_bytes), (Bytes(101), Some(Bytes(0))));
}

#[test]
fn t22_namespaces_can_be_left_out_but_not_of_a_node() {
    let facts = facts(json!([pod("kube-system", "dns", "n1", &[container("c", "1/9")]), simple("a", "1/2")]));
    let select = |by| Selection { by, excluded_namespaces: vec!["kube-system".to_owned()], ..Selection::default() };
    assert_eq!(rows(&overcommit(&facts, &select(By::Pod))), named(&[("d/a", 1)]));
    assert_eq!(rows(&overcommit(&facts, &select(By::Node))), named(&[("n1", 9)]));
}

#[test]
fn t25_rows_are_ranked_with_ties_by_name_and_totals_are_of_everything() {
    let facts = facts(json!([simple("c", "1/3"), simple("a", "1/3"), simple("d", "1/9"), simple("b", "1/3")]));
    let measure = overcommit(&facts, &Selection { top: Some(3), ..Selection::default() });
    assert_eq!(rows(&measure), named(&[("d/d", 8), ("d/a", 2), ("d/b", 2)]));
    assert_eq!(measure.totals.overcommit_bytes, Bytes(14));
    let above = overcommit(&facts, &Selection { least: Bytes(3), ..Selection::default() });
    assert_eq!(rows(&above), named(&[("d/d", 8)]));
}

#[test]
fn a_node_can_run_out_with_every_container_inside_its_limit() {
    let objects = json!([
        node("n1", "10", "8"),
        node("n2", "10", "8"),
        pod("d", "a", "n1", &[container("c", "1/7")]),
        pod("d", "b", "n1", &[container("c", "1/5")]),
        pod("d", "free", "n2", &[container("c", "1/-")])
    ]);
    let measure = overcommit(&facts(objects), &by(By::Node));
    assert_eq!(rows(&measure), named(&[("n1", 10), ("n2", 0)]));
    let beyond: Vec<_> = measure.rows.iter().map(|row| row.beyond_capacity_bytes).collect();
    assert_eq!(beyond, [Some(Bytes(2)), Some(Bytes(0))]);
    assert_eq!(measure.rows[0].allocatable_bytes, Some(Bytes(8)));
}

/// metrics.k8s.io at one time: container `app` of pods in `d`.
pub(super) fn measured(usage: &mut Usage, at: &str, pods: &[(&str, &str)]) {
    let item = |(name, memory): &(&str, &str)| json!({"metadata": {"name": name, "namespace": "d"}, "timestamp": at, "containers": [{"name": "app", "usage": {"memory": memory}}]});
    let list = json!({"kind": "PodMetricsList", "items": pods.iter().map(item).collect::<Vec<_>>()});
    usage.read_json("top.json", list.to_string().as_bytes()).unwrap();
}

pub(super) fn wasted(facts: &ClusterFacts, usage: &Usage, statistic: Statistic, select: &Selection) -> Waste {
    waste(facts, usage, Basis::WorkingSet, statistic, select)
}

#[test]
fn t12_one_containers_deficit_does_not_hide_anothers_waste() {
    let facts = facts(json!([simple("fat", "10/10"), simple("starved", "1/10")]));
    let mut usage = Usage::default();
    measured(&mut usage, "2022-04-01T08:00:00Z", &[("fat", "4"), ("starved", "8")]);
    let measure = wasted(&facts, &usage, Statistic::Peak, &by(By::Namespace));
    let row = &measure.rows[0];
    assert_eq!((row.waste_bytes, row.deficit_bytes), (Bytes(6), Bytes(7)));
    assert_eq!((row.request_bytes, row.usage_bytes, row.waste_ratio), (Bytes(11), Bytes(12), Some(6.0 / 11.0)));
}

#[test]
fn t13_the_peak_of_a_window_counts_and_not_the_night() {
    let facts = facts(json!([simple("a", "10/10")]));
    let mut usage = Usage::default();
    for (at, memory) in [("2022-04-01T12:00:00Z", "9"), ("2022-04-01T03:00:00Z", "2"), ("2022-04-02T03:00:00Z", "3")] {
        measured(&mut usage, at, &[("a", memory)]);
    }
    let of = |statistic| wasted(&facts, &usage, statistic, &Selection::default()).rows[0].waste_bytes.get();
    assert_eq!(of(Statistic::Peak), 1);
    assert_eq!(of(Statistic::Latest), 7);
    assert_eq!(of(Statistic::Quantile(0.5)), 7, "2 3 9: the second of three");
    assert_eq!(of(Statistic::Quantile(1.0)), 1);
    let measure = wasted(&facts, &usage, Statistic::Peak, &Selection::default());
    assert_eq!((measure.rows[0].points, measure.rows[0].window_seconds), (3, Some(24 * 3600)));
}

#[test]
fn t14_two_measurements_of_one_time_are_not_added() {
    let facts = facts(json!([simple("a", "10/10")]));
    let mut usage = Usage::default();
    // the containers before and after a restart, or the same one from two endpoints
    measured(&mut usage, "2022-04-01T12:00:00Z", &[("a", "4"), ("a", "3")]);
    measured(&mut usage, "2022-04-01T12:00:00Z", &[("a", "4")]);
    let measure = wasted(&facts, &usage, Statistic::Peak, &Selection::default());
    assert_eq!((measure.rows[0].usage_bytes, measure.rows[0].points), (Bytes(4), 1));
}

#[test]
fn what_was_not_measured_is_told_and_wastes_nothing() {
    let facts = facts(json!([simple("a", "10/10"), simple("new", "10/10"), simple("greedy", "-/-")]));
    let mut usage = Usage::default();
    measured(&mut usage, "2022-04-01T12:00:00Z", &[("a", "4"), ("greedy", "5")]);
    let measure = wasted(&facts, &usage, Statistic::Peak, &Selection::default());
    assert_eq!(measure.rows.len(), 2);
    assert_eq!(
        (measure.totals.request_bytes, measure.totals.waste_bytes, measure.totals.deficit_bytes),
        (Bytes(10), Bytes(6), Bytes(5))
    );
    assert_eq!(measure.rows[1].waste_ratio, None, "nothing is requested");
    assert_eq!(measure.notes, ["1 running container was not measured on the basis working_set: in no sum"]);
}

#[test]
fn waste_has_the_shape_of_the_contract() {
    let facts = facts(json!([simple("a", "10/10")]));
    let mut usage = Usage::default();
    measured(&mut usage, "2022-04-01T12:00:00Z", &[("a", "4")]);
    let json = serde_json::to_value(wasted(&facts, &usage, Statistic::Peak, &Selection::default())).unwrap();
    assert_eq!(
        json["rows"][0],
        json!({"cluster": null, "namespace": "d", "pod": "a", "container": null, "workload": "Pod/a", "node": "n1",
            "request_bytes": 10, "usage_bytes": 4, "basis": "working_set", "window_seconds": 0, "points": 1, "waste_bytes": 6,
            "deficit_bytes": 0, "waste_ratio": 0.6, "unmeasured_containers": 0, "net_bytes": 6, "quality": "instant"})
    );
}

#[test]
fn headroom_is_free_share_three_ways() {
    let objects = json!([
        node("big", "100", "80"),
        node("small", "50", "40"),
        pod("d", "a", "big", &[container("c", "20/60")]),
        pod("d", "b", "big", &[container("c", "20/-")]),
        pod("d", "c", "small", &[container("c", "30/40")])
    ]);
    let mut usage = Usage::default();
    let metrics = json!({"kind": "NodeMetricsList", "items": [
        {"metadata": {"name": "big"}, "usage": {"memory": "25"}}, {"metadata": {"name": "small"}, "usage": {"memory": "35"}}]});
    usage.read_json("nodes.json", metrics.to_string().as_bytes()).unwrap();
    let room = headroom(&facts(objects), &usage);
    let cluster = &room.cluster;
    assert_eq!(cluster.used_ratio, Some(90.0 / 150.0));
    assert_eq!(cluster.booked_ratio, Some(50.0 / 120.0));
    // b could take the whole node: 60 + 100 on big, 40 on small
    assert_eq!(cluster.ceiling_ratio, Some(-50.0 / 150.0));
    assert_eq!(
        (cluster.allocatable_bytes, cluster.request_bytes, cluster.largest_pod_bytes),
        (Bytes(120), Bytes(70), Bytes(40))
    );
    let nodes: Vec<_> =
        room.nodes.iter().map(|node| (node.node.as_str(), node.booked_ratio, node.used_ratio)).collect();
    assert_eq!(nodes, [("small", Some(0.25), Some(0.3)), ("big", Some(0.5), Some(0.75))]);
}

#[test]
fn a_node_may_be_lost_when_its_pods_fit_into_the_gaps_of_the_others() {
    let loss = |objects: Value| headroom(&facts(objects), &Usage::default()).cluster.n_plus_1;
    let on = |node: &str, name: &str, request: &str| pod("d", name, node, &[container("c", &format!("{request}/-"))]);
    let nodes = [node("a", "10", "10"), node("b", "10", "10"), node("c", "10", "10")];
    let fits =
        loss(json!([nodes[0], nodes[1], nodes[2], on("a", "1", "5"), on("b", "2", "4"), on("c", "3", "4")])).unwrap();
    assert_eq!((fits.sum_fits, fits.packing_fits), (true, true));
    // 9 of 20 in sum, but no gap of 6
    let stranded =
        loss(json!([nodes[0], nodes[1], nodes[2], on("a", "1", "6"), on("b", "2", "5"), on("c", "3", "5")])).unwrap();
    assert_eq!((stranded.sum_fits, stranded.packing_fits, stranded.lost_node.as_str()), (true, false, "a"));
    let full = loss(json!([nodes[0], nodes[1], on("a", "1", "6"), on("b", "2", "6")])).unwrap();
    assert_eq!((full.sum_fits, full.packing_fits), (false, false));
    assert_eq!(loss(json!([nodes[0]])), None, "a lone node cannot be lost");
    // what runs on every node anyway does not move
    let mut daemon = on("a", "1", "9");
    daemon["metadata"]["ownerReferences"] = json!([{"kind": "DaemonSet", "name": "logs", "controller": true}]);
    let also = daemon.to_string().replace("\"a\"", "\"b\"").replace("\"1\"", "\"2\"").replace("d-1", "d-2");
    let also: Value = serde_json::from_str(&also).unwrap();
    assert!(loss(json!([nodes[0], nodes[1], daemon, also])).unwrap().packing_fits);
}

#[test]
fn headroom_books_init_containers_and_waiting_pods() {
    let mut starting = pod("d", "a", "n", &[container("c", "1/-")]);
    starting["spec"]["initContainers"] = json!([container("init", "6/-")]);
    let mut waiting = pod("d", "w", "", &[container("c", "3/-")]);
    waiting["status"]["phase"] = json!("Pending");
    let room = headroom(&facts(json!([node("n", "12", "10"), starting, waiting])), &Usage::default());
    assert_eq!((room.cluster.request_bytes, room.nodes[0].request_bytes), (Bytes(9), Bytes(6)));
    assert_eq!(room.notes, ["1 pod bound to no node: booked in the cluster, on no node"]);
}

#[test]
fn the_pod_of_kube_capacitys_tests() {
    let objects = json!([
        node("n", "4000Mi", "4000Mi"),
        pod("d", "p", "n", &[container("a", "250Mi/500Mi"), container("b", "150Mi/200Mi")])
    ]);
    let totals = overcommit(&facts(objects), &Selection::default()).totals;
    assert_eq!((totals.request_bytes.get() >> 20, totals.limit_bytes.unwrap().get() >> 20), (400, 700));
    assert_eq!(totals.overcommit_bytes.get() >> 20, 300);
}
