//! Recommendations by hand, and the numbers of other tools' own tests.

use super::vpa::{ContainerState, Peaks};
use super::{Histogram, RecommendOptions, RecommendProfile, recommend};
use crate::resources::measure::tests::{by, container, facts, measured, node, pod, simple};
use crate::resources::measure::traps::{known, node_ran_out};
use crate::resources::measure::{By, Recommendation};
use crate::resources::{ClusterFacts, Kills, Quality, Usage};
use crate::units::Bytes;
use serde_json::json;

const MI: u64 = 1 << 20;

fn mi(count: u64) -> Option<Bytes> {
    Some(Bytes(count * MI))
}

/// So many measurements, one each half hour, the last the largest.
fn series(pod: &str, count: u32, least: u64, peak: u64) -> Usage {
    let mut usage = Usage::default();
    for step in 0..count {
        let (day, hour, minute) = (1 + step / 48, step / 2 % 24, step % 2 * 30);
        let memory = format!("{}Mi", if step + 1 == count { peak } else { least });
        measured(&mut usage, &format!("2022-04-{day:02}T{hour:02}:{minute:02}:00Z"), &[(pod, &memory)]);
    }
    usage
}

fn one(facts: &ClusterFacts, usage: &Usage, profile: RecommendProfile) -> Recommendation {
    let options = RecommendOptions { profile, ..RecommendOptions::default() };
    recommend(facts, usage, &Kills::default(), options, &by(By::Workload)).rows.remove(0)
}

#[test]
fn strict_books_what_may_be_used_and_burst_lets_a_limit_exceed_it() {
    let facts = facts(json!([simple("web", "1Gi/2Gi")]));
    let usage = series("web", 120, 100, 400);
    let strict = one(&facts, &usage, RecommendProfile::Strict);
    // 1.15 times 400
    assert_eq!((strict.recommended_request_bytes, strict.recommended_limit_bytes), (mi(460), mi(460)));
    assert_eq!(
        (strict.change_bytes, strict.quality, strict.held_back),
        (-(564 * MI as i64), Some(Quality::Enough), false)
    );
    let burst = one(&facts, &usage, RecommendProfile::Burst);
    assert_eq!((burst.recommended_request_bytes, burst.recommended_limit_bytes), (mi(460), mi(520)));
    let small = series("web", 120, 1, 2);
    assert_eq!(one(&facts, &small, RecommendProfile::Strict).recommended_request_bytes, mi(16), "the floor");
}

#[test]
fn few_measurements_raise_and_never_lower() {
    let facts = facts(json!([simple("web", "1Gi/2Gi")]));
    let few = one(&facts, &series("web", 1, 0, 400), RecommendProfile::Strict);
    assert_eq!((few.recommended_request_bytes, few.recommended_limit_bytes), (mi(1024), mi(2048)));
    assert!(few.held_back);
    assert_eq!(few.forbids, ["nothing is lowered: one measurement, which is no peak; 100 over 24 hours are asked for"]);
    let short = one(&facts, &series("web", 99, 0, 2000), RecommendProfile::Strict);
    assert_eq!((short.recommended_request_bytes, short.held_back), (mi(2300), false));
    assert_eq!(short.quality, Some(Quality::Short));
    let none = one(&facts, &Usage::default(), RecommendProfile::Strict);
    assert_eq!((none.recommended_request_bytes, none.quality), (None, Some(Quality::None)));
    assert_eq!(none.forbids.len(), 1);
}

#[test]
fn pods_of_a_workload_share_a_recommendation_and_sums_count_each() {
    let of = |name: &str| {
        let mut pod = pod("d", name, "n1", &[container("app", "1Gi/1Gi")]);
        pod["metadata"]["labels"] = json!({"pod-template-hash": "abc"});
        pod["metadata"]["ownerReferences"] = json!([{"kind": "ReplicaSet", "name": "web-abc", "controller": true}]);
        pod
    };
    let facts = facts(json!([of("web-1"), of("web-2"), simple("unmeasured", "1Gi/-")]));
    let mut usage = series("web-1", 120, 100, 200);
    usage.absorb(series("web-2", 120, 100, 400));
    let by_row = |by_what| recommend(&facts, &usage, &Kills::default(), RecommendOptions::default(), &by(by_what));
    let of_workload = by_row(By::Workload).rows.remove(0);
    assert_eq!((of_workload.pods, of_workload.recommended_request_bytes, of_workload.points), (2, mi(460), 240));
    assert_eq!(of_workload.change_bytes, -2 * 564 * MI as i64);
    assert_eq!(of_workload.names.container.as_deref(), Some("app"));
    let of_pod = by_row(By::Container).rows;
    assert_eq!(
        of_pod.iter().filter_map(|row| row.recommended_request_bytes).collect::<Vec<_>>(),
        [mi(230).unwrap(), mi(460).unwrap()]
    );
    let of_namespace = by_row(By::Namespace);
    let row = &of_namespace.rows[0];
    assert_eq!((row.pods, row.request_bytes, row.recommended_request_bytes), (3, Bytes(3072 * MI), mi(1024 + 920)));
    assert_eq!((row.unknown_containers, row.limit_bytes), (1, None));
    assert_eq!(of_namespace.totals.change_bytes, row.change_bytes);
}

#[test]
fn a_node_that_ran_out_asks_for_requests_and_leaves_limits_alone() {
    let facts = facts(json!([node("n1", "16Gi", "15Gi"), known("hit", "100Mi/2Gi")]));
    let usage = series("hit", 120, 300, 301);
    let options = RecommendOptions { profile: RecommendProfile::Burst, ..RecommendOptions::default() };
    let advised = |kills: &Kills| recommend(&facts, &usage, kills, options, &by(By::Workload)).rows.remove(0);
    let (before, after) = (advised(&Kills::default()), advised(&node_ran_out("2022-04-01T10:01:00+00:00")));
    assert_eq!(before.recommended_limit_bytes, after.recommended_limit_bytes);
    // 1.15 times the peak covers it: never less than what it used then
    assert!(after.recommended_request_bytes >= mi(300));
    assert_eq!(after.kills.as_ref().map(|kills| (kills.node, kills.limit_at_kill_bytes)), Some((1, None)));
}

#[test]
fn the_formulas_of_krr() {
    let mut killed = simple("web", "200Mi/800Mi");
    let beside = |pod: &serde_json::Value, count, peak| {
        let facts = facts(json!([pod]));
        let row = one(&facts, &series("web", count, 10, peak), RecommendProfile::Strict);
        let krr = row.beside.unwrap().krr;
        (krr.request_bytes, krr.limit_bytes)
    };
    assert_eq!(beside(&killed, 120, 400), (mi(460), mi(460)), "1.15 times the peak");
    assert_eq!(beside(&killed, 120, 50), (mi(100), mi(100)), "its floor");
    assert_eq!(beside(&killed, 99, 400), (None, None), "not enough data");
    killed["status"]["containerStatuses"] =
        json!([{"name": "app", "lastState": {"terminated": {"reason": "OOMKilled"}}}]);
    assert_eq!(beside(&killed, 120, 400), (mi(1000), mi(1000)), "1.25 times today's limit");
}

/// Its own test: {1: 1, 2: 2, 3: 3, 4: 4} in buckets of 1.
#[test]
fn percentiles_of_vpas_linear_histogram() {
    let mut histogram = Histogram::new(1.0, 1.0, 10.0, 1.0);
    assert!(histogram.is_empty());
    assert_eq!(histogram.percentile(0.5), 0.0);
    for value in 1..=4 {
        histogram.add(f64::from(value), f64::from(value), 0.0);
    }
    for (share, expected) in
        [(0.0, 2.0), (0.1, 2.0), (0.2, 3.0), (0.3, 3.0), (0.4, 4.0), (0.6, 4.0), (0.7, 5.0), (1.0, 5.0)]
    {
        assert_eq!(histogram.percentile(share), expected, "{share}");
    }
    assert_eq!(Histogram::new(1e7, 1.05, 1e12, 86_400.0).buckets(), 176);
}

/// The worked numbers of a steady daily peak: p90, its bucket's end, 15% on top, cut to whole bytes at each step.
#[test]
fn vpas_target_of_a_steady_peak() {
    for (used, expected) in [
        (50 * MI, 63_544_758),
        (100 * MI, 126_805_489),
        (500 * MI, 628_694_953),
        (1024 * MI, 1_238_659_775),
        (4096 * MI, 4_992_073_454_u64),
    ] {
        let (mut peaks, mut state) = (Peaks::new(), ContainerState::default());
        for day in 0..8 {
            assert!(state.sample(f64::from(day) * 86_400.0, used, &mut peaks));
        }
        assert_eq!(peaks.with_margin(0.9) as u64, expected, "{used}");
    }
}

/// The cases of VPA's `container_test.go`, in MiB.
#[test]
fn what_vpa_makes_of_an_oom_kill() {
    let start = 1_492_536_905.0;
    let day = 86_400.0;
    let case = |steps: &[(f64, u64, bool)]| {
        let (mut peaks, mut state) = (Peaks::new(), ContainerState::default());
        let taken: Vec<bool> = steps
            .iter()
            .map(|(at, used, oom)| match oom {
                true => state.oom(start + at * day, used * MI, &mut peaks),
                false => state.sample(start + at * day, used * MI, &mut peaks),
            })
            .collect();
        (state.peak() / MI, taken[taken.len() - 1])
    };
    assert_eq!(case(&[(0.0, 1000, true)]), (1200, true));
    assert_eq!(case(&[(0.0, 1, true)]), (101, true));
    assert_eq!(case(&[(0.0, 1000, true), (0.0, 999, true), (0.0, 999, true)]).0, 1200);
    assert_eq!(case(&[(0.0, 1000, true), (0.0, 999, true), (0.0, 2000, true)]).0, 2400);
    assert_eq!(case(&[(0.0, 3000, false), (0.0, 1000, true)]).0, 3600, "the peak is above the request");
    assert_eq!(case(&[(0.0, 1000, false), (-1.25, 1000, true)]), (1000, false), "too old");
    assert_eq!(case(&[(0.0, 2000, false), (2.0, 1000, true)]).0, 2400, "in a later window");
}

#[test]
fn vpa_keeps_the_proportion_of_limit_and_request_and_a_minimum_for_a_pod() {
    let mut two = simple("web", "100Mi/300Mi");
    two["spec"]["containers"].as_array_mut().unwrap().push(container("idle", "1/1"));
    let facts = facts(json!([two]));
    let rows = recommend(
        &facts,
        &series("web", 120, 1, 10),
        &Kills::default(),
        RecommendOptions::default(),
        &by(By::Workload),
    )
    .rows;
    let vpa = rows
        .iter()
        .find(|row| row.names.container.as_deref() == Some("app"))
        .unwrap()
        .beside
        .clone()
        .unwrap()
        .vpa
        .unwrap();
    assert_eq!((vpa.request_bytes, vpa.limit_bytes), (Bytes(125 * MI), mi(375)), "250Mi for two containers");
}
