//! Traps of memory accounting that need more than objects and one measurement: kills, times, volumes, other memory.

use super::tests::{by, container, facts, measured, node, pod, simple, wasted};
use super::{
    By, HeadroomOptions, Rank, RecommendOptions, RiskOptions, Selection, Statistic, headroom_with, overcommit,
    recommend, risk, waste,
};
use crate::parse;
use crate::resources::{Basis, ClusterFacts, Kills, Scrape, Usage};
use crate::units::Bytes;
use serde_json::{Value, json};

const UID: &str = "282bb4b9-acc8-4c6a-4bf0-7428e6f2162e";
const ID: &str = "95c60e745329b8086265b465c26af09a83399e9985e08c61d850bc027caa4d7c";

/// A pod that kills can be joined to.
pub(super) fn known(name: &str, declared: &str) -> Value {
    let mut pod = simple(name, declared);
    pod["metadata"]["uid"] = json!(UID);
    pod["status"]["containerStatuses"] = json!([{"name": "app", "containerID": format!("containerd://{ID}")}]);
    pod
}

/// Kernel lines of a log of host n1.
fn log(time: &str, lines: &[&str]) -> Kills {
    let text: String = lines.iter().map(|line| format!("{time} n1 kernel: [   71.146532] {line}\n")).collect();
    let mut kills = Kills::default();
    parse(text.as_bytes()).into_iter().for_each(|event| kills.add(event));
    assert_eq!(kills.events().len(), 1, "{text}");
    kills
}

/// The node runs out, and the container of `known` is hit.
pub(super) fn node_ran_out(time: &str) -> Kills {
    let summary = format!(
        "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,\
         task_memcg=/kubepods/burstable/pod{UID}/{ID},task=java,pid=42,uid=0"
    );
    let kill = "Out of memory: Killed process 42 (java) total-vm:90000kB, anon-rss:8192kB, file-rss:0kB, shmem-rss:0kB";
    log(time, &["java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=998", &summary, kill])
}

/// The container of `known` hits its own limit.
pub(super) fn limit_hit(time: &str, limit_kib: u64) -> Kills {
    let path = format!("/kubepods/burstable/pod{UID}/{ID}");
    let usage = format!("memory: usage {limit_kib}kB, limit {limit_kib}kB, failcnt 5");
    let summary = format!(
        "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset={ID},mems_allowed=0,oom_memcg={path},\
         task_memcg={path},task=java,pid=42,uid=0"
    );
    let kill = "Memory cgroup out of memory: Killed process 42 (java) total-vm:90000kB, anon-rss:8192kB, file-rss:0kB, shmem-rss:0kB";
    log(
        time,
        &["java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=998", &usage, &summary, kill],
    )
}

#[test]
fn t7_what_a_limit_range_fills_in_counts_for_a_manifest_and_not_for_a_pod_of_the_cluster() {
    let range = json!({"kind": "LimitRange", "metadata": {"namespace": "d", "name": "r"},
        "spec": {"limits": [{"type": "Pod"}, {"type": "Container", "default": {"memory": "8"}, "defaultRequest": {"memory": "2"}}]}});
    let mut manifest = simple("m", "-/-");
    manifest["metadata"]["uid"] = Value::Null;
    manifest["status"] = Value::Null;
    let totals = |objects: Value| overcommit(&facts(objects), &Selection::default()).totals;
    let filled = totals(json!([range, manifest]));
    assert_eq!((filled.request_bytes, filled.limit_bytes), (Bytes(2), Some(Bytes(8))));
    // a limit of its own is its request too, before any LimitRange is looked at
    manifest["spec"]["containers"][0]["resources"] = json!({"limits": {"memory": "5"}});
    assert_eq!(totals(json!([manifest, range])).request_bytes, Bytes(5));
    // a running pod carries what applied when it was made
    assert_eq!(totals(json!([simple("live", "-/-"), range])).unbounded_containers, 1);
}

#[test]
fn t17_a_sample_counts_for_five_minutes_and_never_for_a_time_before_it() {
    let facts = facts(json!([node("n1", "100", "90"), known("hit", "1/9"), simple("idle", "30/30")]));
    let mut usage = Usage::default();
    measured(&mut usage, "2022-04-01T08:00:00Z", &[("hit", "5"), ("idle", "10")]);
    measured(&mut usage, "2022-04-01T09:00:00Z", &[("hit", "1"), ("idle", "29")]);
    let at = |time: &str| {
        let mut measure = wasted(&facts, &usage, Statistic::Peak, &Selection::default());
        measure.add_kills(&node_ran_out(time), &facts, &usage, &Selection::default());
        let kill = measure.node_kills[0].clone();
        (kill.over_request_bytes.get(), kill.wasted_bytes.get(), kill.unmeasured_containers)
    };
    assert_eq!(at("2022-04-01T08:05:00+00:00"), (4, 20, 0), "five minutes old");
    assert_eq!(at("2022-04-01T08:05:01+00:00"), (0, 0, 2), "stale");
    assert_eq!(at("2022-04-01T08:59:59+00:00"), (0, 0, 2), "a sample of later says nothing");
    assert_eq!(at("2022-04-01T09:00:00+00:00"), (0, 1, 0));
}

#[test]
fn t18_a_sampled_peak_below_the_limit_is_no_proof_and_the_dump_corrects_it() {
    let facts = facts(json!([node("n1", "16Gi", "15Gi"), known("hit", "500Mi/800Mi")]));
    let mut usage = Usage::default();
    for minute in 0..60 {
        measured(&mut usage, &format!("2022-04-01T08:{minute:02}:00Z"), &[("hit", "400Mi")]);
    }
    let kills = limit_hit("2022-04-01T08:30:20+00:00", 800 * 1024);
    let advice = recommend(&facts, &usage, &kills, RecommendOptions::default(), &by(By::Workload));
    let row = &advice.rows[0];
    assert_eq!(row.recommended_request_bytes, Some(Bytes(960 << 20)), "1.2 times the limit that killed it");
    assert_eq!((row.peak_bytes, row.recommended_limit_bytes), (Some(Bytes(800 << 20)), Some(Bytes(960 << 20))));
    let found = row.kills.as_ref().unwrap();
    assert_eq!((found.events, found.container_limit, found.node), (1, 1, 0));
    assert_eq!(found.limit_at_kill_bytes, Some(Bytes(800 << 20)));
    assert_eq!((found.sampled_peak_bytes, found.missed_bytes), (Some(Bytes(400 << 20)), Some(Bytes(400 << 20))));
    let hazard = &risk(&facts, &usage, &kills, RiskOptions::default(), &by(By::Container)).rows[0];
    assert_eq!((hazard.peak_ratio, hazard.peak_from_kill, hazard.rank), (Some(1.0), true, 100));
    // without the kernel's word it looks half empty
    let blind = &risk(&facts, &usage, &Kills::default(), RiskOptions::default(), &by(By::Container)).rows[0];
    assert_eq!((blind.peak_ratio, blind.rank), (Some(0.5), 50));
}

#[test]
fn t26_huge_pages_and_swap_are_carried_apart_from_memory() {
    let mut huge = pod("d", "db", "n1", &[container("app", "10/30")]);
    huge["spec"]["containers"][0]["resources"]["requests"]["hugepages-2Mi"] = json!("512Mi");
    huge["spec"]["containers"][0]["resources"]["limits"]["hugepages-2Mi"] = json!("512Mi");
    let totals = overcommit(&facts(json!([huge])), &Selection::default()).totals;
    assert_eq!((totals.request_bytes, totals.overcommit_bytes), (Bytes(10), Bytes(20)));
    assert_eq!(totals.hugepages_bytes, Bytes(512 << 20));
    // in metrics they are another resource, and swap another series
    let text = "kube_pod_container_resource_limits{namespace=\"d\",pod=\"p\",container=\"c\",resource=\"memory\"} 30\n\
        kube_pod_container_resource_limits{namespace=\"d\",pod=\"p\",container=\"c\",resource=\"hugepages_2Mi\"} 99\n\
        container_memory_working_set_bytes{namespace=\"d\",pod=\"p\",container=\"c\"} 20\n\
        container_memory_swap{namespace=\"d\",pod=\"p\",container=\"c\"} 7\n";
    let (mut facts, mut usage, mut scrape) = (ClusterFacts::default(), Usage::default(), Scrape::default());
    scrape.read("m.prom", text.as_bytes()).unwrap();
    scrape.finish(&mut facts, &mut usage).unwrap();
    assert_eq!(overcommit(&facts, &Selection::default()).totals.limit_bytes, Some(Bytes(30)));
    let hazard = &risk(&facts, &usage, &Kills::default(), RiskOptions::default(), &by(By::Container)).rows[0];
    assert_eq!((hazard.peak_bytes, hazard.swap_bytes), (Some(Bytes(20)), Some(Bytes(7))));
}

#[test]
fn t27_a_volume_in_memory_is_told_and_is_used_memory_on_the_basis_anon_shmem() {
    let mut pod = simple("p", "100/200");
    pod["spec"]["volumes"] = json!([{"name": "a", "emptyDir": {"medium": "Memory"}}, {"name": "disk", "emptyDir": {}},
        {"name": "b", "emptyDir": {"medium": "Memory", "sizeLimit": "64Mi"}}, {"name": "none", "emptyDir": {"medium": "Memory", "sizeLimit": "0"}}]);
    let objects = facts(json!([pod]));
    let sizes: Vec<_> = objects.pods()[0].memory_volumes.iter().map(|v| (v.name.as_str(), v.size_limit)).collect();
    assert_eq!(sizes, [("a", None), ("b", Some(Bytes(64 << 20))), ("none", None)]);
    // 30 anonymous, 50 in the volume, 15 of files: what others call usage less cache has lost the volume
    let of = |name: &str, value: u32| format!("{name}{{namespace=\"d\",pod=\"p\",container=\"app\"}} {value}\n");
    let text = of("container_memory_rss", 30)
        + &of("container_memory_cache", 65)
        + &of("container_memory_usage_bytes", 95)
        + &of("container_memory_total_active_file_bytes", 10)
        + &of("container_memory_total_inactive_file_bytes", 5)
        + &of("container_memory_working_set_bytes", 90);
    let (mut facts, mut usage, mut scrape) = (objects, Usage::default(), Scrape::default());
    scrape.read("m.prom", text.as_bytes()).unwrap();
    scrape.finish(&mut facts, &mut usage).unwrap();
    let used = |basis| waste(&facts, &usage, basis, Statistic::Peak, &Selection::default()).totals.usage_bytes.get();
    assert_eq!([Basis::AnonShmem, Basis::UsageMinusCache, Basis::Rss].map(used), [80, 30, 30]);
    let measure = risk(&facts, &usage, &Kills::default(), RiskOptions::default(), &by(By::Container));
    assert_eq!(measure.totals.unlimited_memory_volumes, 2);
    assert_eq!((measure.rows[0].basis, measure.rows[0].peak_ratio), (Basis::AnonShmem, Some(0.4)));
    assert!(measure.notes.iter().any(|note| note.contains("2 volumes in memory have no size limit")));
}

#[test]
fn t28_windows_nodes_are_told_and_said_to_be_out_of_scope() {
    let mut windows = node("w1", "100", "90");
    windows["metadata"]["labels"] = json!({"kubernetes.io/os": "windows"});
    let objects = facts(json!([windows, node("n1", "100", "90"), simple("a", "1/2")]));
    let measure = risk(&objects, &Usage::default(), &Kills::default(), RiskOptions::default(), &by(By::Container));
    let nodes: Vec<&str> = measure.nodes.iter().map(|node| node.node.as_str()).collect();
    assert_eq!(nodes, ["n1"]);
    let told =
        |notes: &[String]| notes.iter().any(|note| note.starts_with("1 node runs Windows, which has no cgroups"));
    assert!(told(&measure.notes), "{:?}", measure.notes);
    assert!(told(&overcommit(&objects, &Selection::default()).notes));
    let text = "kube_node_info{node=\"w2\",os_image=\"Windows Server 2022 Datacenter\"} 1\n";
    let (mut facts, mut usage, mut scrape) = (ClusterFacts::default(), Usage::default(), Scrape::default());
    scrape.read("m.prom", text.as_bytes()).unwrap();
    scrape.finish(&mut facts, &mut usage).unwrap();
    assert!(facts.nodes()[0].windows);
}

#[test]
fn whose_waste_hurt_whom_is_told_for_each_kill_of_a_node() {
    let on_other_node = pod("d", "far", "n2", &[container("app", "50/50")]);
    let objects = [node("n1", "100", "90"), node("n2", "100", "90"), known("hit", "1/90"), simple("idle", "30/30")];
    let facts = facts(json!([objects[0], objects[1], objects[2], objects[3], simple("busy", "20/20"), on_other_node]));
    let mut usage = Usage::default();
    let then = [("hit", "40"), ("idle", "10"), ("busy", "20"), ("far", "1")];
    measured(&mut usage, "2022-04-01T08:00:00Z", &then);
    let select = Selection { rank: Rank::Blame, top: Some(1), ..Selection::default() };
    let mut measure = wasted(&facts, &usage, Statistic::Peak, &select);
    measure.add_kills(&node_ran_out("2022-04-01T08:01:00+00:00"), &facts, &usage, &select);
    let kill = &measure.node_kills[0];
    assert_eq!((kill.node.as_deref(), kill.scope.as_str()), (Some("n1"), "node"));
    assert_eq!((kill.victim.pod.as_deref(), kill.victim_bytes), (Some("hit"), Bytes(8 << 20)));
    let shares = |shares: &[crate::resources::Share]| {
        shares.iter().map(|share| (share.names.pod.clone().unwrap(), share.bytes.get())).collect::<Vec<_>>()
    };
    assert_eq!(shares(&kill.over_request), [("hit".to_owned(), 39)]);
    assert_eq!(shares(&kill.wasted), [("idle".to_owned(), 20)]);
    // far wastes more, but hurt nobody
    assert_eq!(measure.rows.len(), 1);
    assert_eq!(measure.rows[0].names.pod.as_deref(), Some("idle"));
    let hurt = measure.rows[0].hurt.as_ref().unwrap();
    assert_eq!((hurt.kills, hurt.wasted_bytes), (1, Bytes(20)));
    assert_eq!(measure.totals.kills.as_ref().map(|kills| (kills.events, kills.node)), Some((1, 1)));
    let mut over = overcommit(&facts, &by(By::Node));
    over.add_kills(&node_ran_out("2022-04-01T08:01:00+00:00"), &facts, &usage, Basis::WorkingSet);
    assert_eq!(over.rows[0].kills.as_ref().map(|kills| kills.node), Some(1));
}

#[test]
fn several_nodes_and_whole_zones_may_be_lost() {
    let zoned = |name: &str, zone: &str| {
        let mut node = node(name, "10", "10");
        node["metadata"]["labels"] = json!({"topology.kubernetes.io/zone": zone});
        node
    };
    let on = |node: &str, name: &str, request: &str| pod("d", name, node, &[container("c", &format!("{request}/-"))]);
    let objects = json!([
        zoned("a", "x"),
        zoned("b", "x"),
        zoned("c", "y"),
        zoned("d", "y"),
        on("a", "1", "4"),
        on("b", "2", "4"),
        on("c", "3", "5"),
        on("d", "4", "5")
    ]);
    let facts = facts(objects);
    let room = |lose| headroom_with(&facts, &Usage::default(), HeadroomOptions { lose, ..HeadroomOptions::default() });
    let one = room(1).cluster;
    assert_eq!(one.n_plus_1.as_ref().map(|loss| (loss.sum_fits, loss.packing_fits)), Some((true, true)));
    assert_eq!(one.n_plus_k, None);
    let two = room(2).cluster.n_plus_k.unwrap();
    // a and c hold 4 and 5, and b and d are left with gaps of 6 and 5; c and d hold 5 and 5 against gaps of 6 and 6
    assert_eq!((two.sum_fits, two.packing_fits, two.exhaustive), (true, true, true));
    let three = room(3).cluster.n_plus_k.unwrap();
    assert!(!three.sum_fits && !three.packing_fits);
    assert_eq!(room(4).cluster.n_plus_k, None, "nothing would be left");
    let zones: Vec<_> = one.zones.iter().map(|zone| (zone.zone.as_str(), zone.nodes, zone.packing_fits)).collect();
    assert_eq!(zones, [("x", 2, true), ("y", 2, true)]);
    assert_eq!((one.largest_pod_bytes, one.largest_pod_node.as_deref()), (Bytes(6), Some("a")));
    assert_eq!((one.gate.least_ratio, one.gate.booked_ratio, one.gate.holds), (0.3, Some(22.0 / 40.0), Some(true)));
}

#[test]
fn byte_hours_rank_what_lasts_before_what_is_large() {
    let facts = facts(json!([simple("long", "10/10"), simple("large", "100/100")]));
    let mut usage = Usage::default();
    for (hour, long) in [(0, "4"), (10, "6"), (20, "10")] {
        measured(&mut usage, &format!("2022-04-01T{hour:02}:00:00Z"), &[("long", long)]);
    }
    measured(&mut usage, "2022-04-01T00:00:00Z", &[("large", "50")]);
    measured(&mut usage, "2022-04-01T01:00:00Z", &[("large", "50")]);
    let ranked = |rank| {
        let measure = wasted(&facts, &usage, Statistic::Peak, &Selection { rank, ..Selection::default() });
        let rows = measure.rows.iter().map(|row| (row.names.pod.clone().unwrap(), row.waste_byte_hours.unwrap()));
        rows.collect::<Vec<_>>()
    };
    // ten hours of 6 and ten of 4; one hour of 50
    assert_eq!(ranked(Rank::ByteHours), [("long".to_owned(), 100.0), ("large".to_owned(), 50.0)]);
    assert_eq!(ranked(Rank::Bytes)[0].0, "large");
}

#[test]
fn gross_waste_net_waste_and_idle_memory_are_three_figures() {
    let facts = facts(json!([node("n1", "100", "90"), simple("fat", "30/30"), simple("starved", "10/50")]));
    let mut usage = Usage::default();
    measured(&mut usage, "2022-04-01T08:00:00Z", &[("fat", "10"), ("starved", "25")]);
    let measure = wasted(&facts, &usage, Statistic::Peak, &Selection::default());
    assert_eq!((measure.totals.waste_bytes, measure.totals.net_bytes), (Bytes(20), 5));
    let idle = measure.idle.unwrap();
    // allocated: 30 and 25
    assert_eq!(
        (idle.unallocated_bytes, idle.allocated_unused_bytes, idle.unused_bytes),
        (Bytes(45), Bytes(20), Bytes(65))
    );
}

#[test]
fn without_a_limit_the_node_is_the_limit_of_capped_overcommit() {
    let objects = json!([node("n1", "100", "80"), simple("a", "10/30"), simple("free", "5/-")]);
    let measure = overcommit(&facts(objects), &by(By::Node));
    let row = &measure.rows[0];
    assert_eq!((row.overcommit_bytes, row.capped_overcommit_bytes), (Bytes(20), Some(Bytes(115))));
    assert_eq!((row.limit_commitment_ratio, row.request_commitment_ratio), (Some(30.0 / 80.0), Some(15.0 / 80.0)));
    let unknown = overcommit(&facts(json!([simple("free", "5/-")])), &Selection::default());
    assert_eq!(unknown.rows[0].capped_overcommit_bytes, None);
}
