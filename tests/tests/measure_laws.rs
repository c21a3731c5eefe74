//! Laws that every measure keeps, whatever the cluster: sums are kept at every level, gross is never less than net, and more
//! use never asks for less.

use oomkit_core::resources::measure::{
    By, RecommendOptions, RecommendProfile, RiskOptions, Selection, Statistic, headroom, overcommit, overcommit_lain,
    recommend, risk, waste, waste_lain,
};
use oomkit_core::resources::{Basis, ClusterFacts, Csv, Kills, Need, Usage};
use oomkit_core::units::Bytes;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Request, limit and use of a container in bytes.
type Container = (Option<u32>, Option<u32>, Option<u32>);

fn containers() -> impl Strategy<Value = Vec<Vec<Container>>> {
    let size = || proptest::option::weighted(0.8, 0..2_000_000_000_u32);
    let container = (size(), size(), size()).prop_map(|(request, limit, used)| {
        // the API server refuses a request above the limit
        let request = request.map(|request| limit.map_or(request, |limit| request.min(limit)));
        (request, limit, used)
    });
    proptest::collection::vec(proptest::collection::vec(container, 1..4), 1..6)
}

const NODE: u64 = 8 << 30;

fn cluster(pods: &[Vec<Container>]) -> (ClusterFacts, Usage) {
    let (mut facts, mut usage) = (ClusterFacts::default(), Usage::default());
    let node = json!({"kind": "Node", "metadata": {"name": "n"}, "status": {"capacity": {"memory": NODE.to_string()}, "allocatable": {"memory": NODE.to_string()}}});
    let mut objects = vec![node];
    let mut metrics = Vec::new();
    for (number, containers) in pods.iter().enumerate() {
        let amount = |bytes: Option<u32>| bytes.map_or(json!({}), |bytes| json!({"memory": bytes.to_string()}));
        let name = |at: usize| format!("c{at}");
        let specs: Vec<Value> = containers
            .iter()
            .enumerate()
            .map(|(at, (request, limit, _))| json!({"name": name(at), "resources": {"requests": amount(*request), "limits": amount(*limit)}}))
            .collect();
        let used: Vec<Value> = containers
            .iter()
            .enumerate()
            .filter_map(|(at, (.., used))| Some(json!({"name": name(at), "usage": {"memory": (*used)?.to_string()}})))
            .collect();
        let metadata =
            json!({"namespace": format!("ns{}", number % 2), "name": format!("p{number}"), "uid": number.to_string()});
        objects.push(json!({"kind": "Pod", "metadata": metadata, "spec": {"nodeName": "n", "containers": specs}, "status": {"phase": "Running"}}));
        metrics.push(json!({"metadata": metadata, "timestamp": "2026-01-01T00:00:00Z", "containers": used}));
    }
    facts.read("objects", Value::Array(objects).to_string().as_bytes()).unwrap();
    usage.read_json("usage", json!({"kind": "PodMetricsList", "items": metrics}).to_string().as_bytes()).unwrap();
    (facts, usage)
}

fn by(by: By) -> Selection {
    let mut select = Selection::default();
    select.by = by;
    select
}

const LEVELS: [By; 5] = [By::Container, By::Pod, By::Workload, By::Namespace, By::Node];

proptest! {
    #[test]
    fn sums_are_the_same_at_every_level(pods in containers()) {
        let (facts, usage) = cluster(&pods);
        let over: Vec<_> = LEVELS.map(|level| overcommit(&facts, &by(level))).into();
        let wasted: Vec<_> = LEVELS.map(|level| waste(&facts, &usage, Basis::WorkingSet, Statistic::Peak, &by(level))).into();
        for measure in &over {
            let of_rows: Bytes = measure.rows.iter().map(|row| row.overcommit_bytes).sum();
            prop_assert_eq!(of_rows, over[0].totals.overcommit_bytes);
            prop_assert_eq!(measure.rows.iter().map(|row| row.unbounded_containers).sum::<u64>(), over[0].totals.unbounded_containers);
            // without a limit, the node is the limit
            let totals = &measure.totals;
            let most = totals.overcommit_bytes.get() + totals.unbounded_containers * NODE;
            let capped = totals.capped_overcommit_bytes.unwrap();
            prop_assert!(totals.overcommit_bytes <= capped && capped.get() <= most);
        }
        for measure in &wasted {
            let of_rows: Bytes = measure.rows.iter().map(|row| row.waste_bytes).sum();
            prop_assert_eq!(of_rows, wasted[0].totals.waste_bytes);
            let totals = &measure.totals;
            // gross is net and what others lack
            prop_assert_eq!(totals.waste_bytes.get() as i64 - totals.deficit_bytes.get() as i64, totals.net_bytes);
            prop_assert!(totals.waste_bytes.get() as i64 >= totals.net_bytes);
        }
    }

    #[test]
    fn more_use_never_asks_for_less(mut pods in containers(), more in 0..1_000_000_000_u32, burst: bool, enough: bool) {
        let mut options = RecommendOptions::default();
        options.profile = if burst { RecommendProfile::Burst } else { RecommendProfile::Strict };
        options.need = if enough { Need::new(1, 0) } else { Need::default() };
        let advised = |pods: &[Vec<Container>]| {
            let (facts, usage) = cluster(pods);
            let rows = recommend(&facts, &usage, &Kills::default(), options, &by(By::Container)).rows;
            let mut rows: Vec<_> = rows.into_iter().map(|row| (row.names, row.recommended_request_bytes, row.recommended_limit_bytes)).collect();
            rows.sort();
            rows
        };
        let before = advised(&pods);
        for container in pods.iter_mut().flatten() {
            container.2 = container.2.map(|used| used + more);
        }
        for (before, after) in before.iter().zip(advised(&pods)) {
            prop_assert!(before.1 <= after.1 && before.2 <= after.2, "{before:?} {after:?}");
            prop_assert!(after.1 <= after.2, "a request is never above its limit: {after:?}");
        }
    }
}

/// As large as Kubernetes' quantities get, so often that the sums do not fit: nothing wraps, nothing panics.
#[test]
fn the_largest_numbers_stop_at_the_largest_number() {
    let size = i64::MAX;
    let mut table =
        "namespace,pod,container,node,request_bytes,limit_bytes,usage_bytes,points,capacity_bytes\n".to_owned();
    for pod in 0..5 {
        table += &format!("d,p{pod},above,n,1,{size},{size},{size},{size}\n");
        table += &format!("d,p{pod},below,n,{size},{size},1,{size},{size}\n");
        table += &format!("d,p{pod},free,n,{size},,{size},{size},{size}\n");
    }
    let (mut facts, mut usage, mut csv) = (ClusterFacts::default(), Usage::default(), Csv::default());
    csv.read("t.csv", table.as_bytes()).unwrap();
    csv.finish(&mut facts, &mut usage).unwrap();
    for level in LEVELS {
        let select = by(level);
        overcommit(&facts, &select);
        overcommit_lain(&facts, &usage, Basis::WorkingSet, Statistic::Peak, &select);
        let wasted = waste(&facts, &usage, Basis::WorkingSet, Statistic::Peak, &select);
        assert_eq!(wasted.totals.request_bytes, Bytes(u64::MAX));
        waste_lain(&facts, &usage, Basis::WorkingSet, Statistic::Peak, &select);
        risk(&facts, &usage, &Kills::default(), RiskOptions::default(), &select);
        for profile in [RecommendProfile::Strict, RecommendProfile::Burst] {
            let mut options = RecommendOptions::default();
            options.profile = profile;
            recommend(&facts, &usage, &Kills::default(), options, &select);
        }
    }
    headroom(&facts, &usage);
}
