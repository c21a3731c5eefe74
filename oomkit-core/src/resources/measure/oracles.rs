//! Numbers of other projects' own tests and documents, which these measures must give too.

use super::tests::{by, container, facts, measured, node, of_pod, pod, sidecar, simple, wasted};
use super::{
    By, KrrSeverity, LainVerdict, Selection, Statistic, krr_score, krr_severity, lain_band, overcommit,
    overcommit_lain, waste_lain,
};
use crate::resources::{Basis, Limit, Quantity, Usage, View};
use crate::units::Bytes;
use serde_json::json;

const MI: u64 = 1 << 20;

fn mi(count: u64) -> Bytes {
    Bytes(count * MI)
}

/// What KEP-753 books: the larger of what runs together and of each init container with the sidecars before it.
#[test]
fn the_sums_of_kep_753() {
    let request = |init: &[serde_json::Value], regular: &[&str], overhead: &str| {
        let regular: Vec<_> =
            regular.iter().enumerate().map(|(n, r)| container(&format!("c{n}"), &format!("{r}/-"))).collect();
        let spec = json!({"initContainers": init, "containers": regular, "overhead": {"memory": overhead}});
        of_pod(spec, View::Scheduled).request.get()
    };
    let (init, side) = (
        |r: &str| container(&format!("i{r}"), &format!("{r}/-")),
        |r: &str| sidecar(&format!("s{r}"), &format!("{r}/-")),
    );
    assert_eq!(request(&[], &["128", "64"], "0"), 192, "regular containers");
    assert_eq!(request(&[init("512")], &["128"], "0"), 512, "a large init container");
    assert_eq!(request(&[init("100")], &["128"], "0"), 128, "a small one");
    assert_eq!(request(&[side("64")], &["128"], "0"), 192, "a sidecar stays");
    assert_eq!(request(&[side("64"), init("128")], &["100"], "0"), 192, "an init container behind a sidecar");
    assert_eq!(request(&[init("128"), side("64")], &["100"], "0"), 164, "one before it");
    assert_eq!(
        request(&[side("10"), side("20"), init("300"), side("40")], &["100"], "0"),
        330,
        "two sidecars before it"
    );
    assert_eq!(request(&[init("512")], &["128"], "100"), 612, "overhead on top of either");
}

/// kube-capacity's test cluster: 250Mi/500Mi and 150Mi/200Mi; then 160Mi/280Mi and 250Mi/300Mi, on 4000Mi.
#[test]
fn the_golden_output_of_kube_capacity() {
    for (declared, request, limit, shares) in
        [(["250Mi/500Mi", "150Mi/200Mi"], 400, 700, (10, 17)), (["160Mi/280Mi", "250Mi/300Mi"], 410, 580, (10, 14))]
    {
        let containers = [container("example-container-1", declared[0]), container("example-container-2", declared[1])];
        let pod = pod("default", "example-pod", "example-node-1", &containers);
        let mut usage = Usage::default();
        let metrics = json!({"kind": "PodMetricsList", "items": [{"metadata": {"name": "example-pod", "namespace": "default"},
            "containers": [{"name": "example-container-1", "usage": {"memory": "188Mi"}}, {"name": "example-container-2", "usage": {"memory": "111Mi"}}]}]});
        usage.read_json("top.json", metrics.to_string().as_bytes()).unwrap();
        let facts = facts(json!([node("example-node-1", "4000Mi", "4000Mi"), pod]));
        let row = overcommit(&facts, &by(By::Node)).rows.remove(0);
        assert_eq!((row.request_bytes, row.limit_bytes), (mi(request), Some(mi(limit))));
        // it cuts percents off
        let percent = |ratio: Option<f64>| (ratio.unwrap() * 100.0) as u32;
        assert_eq!((percent(row.request_commitment_ratio), percent(row.limit_commitment_ratio)), shares);
        let used = wasted(&facts, &usage, Statistic::Latest, &by(By::Node)).rows.remove(0);
        assert_eq!(used.usage_bytes, mi(299));
    }
}

/// The pair of kyverno's policy that allows a ratio of 2.5.
#[test]
fn kyvernos_ratio_pair() {
    let ratio = |declared: &str| {
        overcommit(&facts(json!([simple("p", declared)])), &Selection::default()).totals.overcommit_ratio.unwrap()
    };
    assert!(ratio("100Mi/300Mi") > 2.5);
    assert!(ratio("50Mi/100Mi") <= 2.5);
}

/// `lain lint`: requests within 13% of T, limits within 13% of 2.5 T or 1Gi of it.
#[test]
fn lains_bands() {
    use LainVerdict::{Excused, Missing, TooHigh, TooLow, Within};
    for (top, request, limit, of_request, of_limit) in [
        (400, Some(400), Some(727), Within, Excused),
        (400, Some(727), Some(727), TooHigh, Excused),
        (400, Some(451), Some(1000), Within, Within),
        (400, Some(453), Some(2023), TooHigh, Excused),
        (400, Some(354), Some(2025), Within, TooHigh),
        (400, Some(353), None, TooLow, Missing),
        // both below 256Mi
        (200, Some(255), Some(1), Excused, Excused),
        (200, Some(256), Some(1), TooHigh, Excused),
        (256, Some(255), Some(1), Within, Excused),
        // 2.5 times 4Gi is 10Gi
        (4096, None, Some(8 * 1024), Missing, TooLow),
        (4096, Some(4096), Some(9 * 1024 + 100), Within, Within),
    ] {
        let limit = limit.map_or(Limit::Unbounded, |limit| Limit::Bounded(mi(limit)));
        let band = lain_band(mi(top), request.map(mi), limit);
        assert_eq!((band.request, band.limit), (of_request, of_limit), "{top} {request:?} {limit:?}");
        assert_eq!((band.suggested_request_bytes, band.limit_target_bytes), (mi(top), Bytes(top * MI * 5 / 2)));
    }
    assert_eq!(lain_band(Bytes(1), None, Limit::Unbounded).top_bytes, mi(4));
    assert_eq!(lain_band(Bytes(400 * MI + 1), None, Limit::Unbounded).suggested_request_bytes, mi(401));
}

#[test]
fn the_profile_lain_lists_what_lies_outside_its_bands() {
    let facts = facts(json!([
        simple("fat", "1Gi/4Gi"),
        simple("fine", "420Mi/1Gi"),
        simple("small", "200Mi/200Mi"),
        simple("thin", "300Mi/1Gi")
    ]));
    let mut usage = Usage::default();
    measured(
        &mut usage,
        "2022-04-01T08:00:00Z",
        &[("fat", "400Mi"), ("fine", "400Mi"), ("small", "10Mi"), ("thin", "400Mi")],
    );
    let waste = waste_lain(&facts, &usage, Basis::WorkingSet, Statistic::Quantile(0.95), &by(By::Container));
    let rows: Vec<_> =
        waste.rows.iter().map(|row| (row.names.pod.as_deref().unwrap(), row.waste_bytes, row.deficit_bytes)).collect();
    assert_eq!(rows, [("fat", mi(624), mi(0)), ("thin", mi(0), mi(100))]);
    assert_eq!(waste.rows[0].lain.as_ref().unwrap().suggested_request_bytes, mi(400));
    assert_eq!((waste.profile.as_str(), waste.totals.waste_bytes), ("lain", mi(624)));
    let over = overcommit_lain(&facts, &usage, Basis::WorkingSet, Statistic::Quantile(0.95), &by(By::Pod));
    let rows: Vec<_> = over.rows.iter().map(|row| (row.names.pod.as_deref().unwrap(), row.overcommit_bytes)).collect();
    assert_eq!(rows, [("fat", mi(3072))]);
}

/// KRR's severities, and its score: 100 · (1 − (0.7 W + C) ∕ n).
#[test]
fn krrs_severities_and_score() {
    use KrrSeverity::{Critical, Good, Ok, Warning};
    for (difference, expected) in
        [(0, Good), (99, Good), (100, Ok), (249, Ok), (250, Warning), (499, Warning), (500, Critical)]
    {
        assert_eq!(krr_severity(Some(mi(1000)), Some(mi(1000 + difference))), expected, "{difference}");
        assert_eq!(krr_severity(Some(mi(1000 + difference)), Some(mi(1000))), expected, "{difference}");
    }
    assert_eq!((krr_severity(None, None), krr_severity(None, Some(mi(1)))), (Good, Warning));
    assert_eq!(krr_score(&[Good, Good, Good, Good, Good, Ok, Ok, Warning, Warning, Critical]), Some(76));
    assert_eq!(krr_score(&[Critical]), Some(0));
    assert_eq!(krr_score(&[Good, Warning, Warning]), Some(53), "53.3");
    assert_eq!(krr_score(&[]), None);
}

#[test]
fn one_number_in_six_notations() {
    for text in ["128974848", "128974848000m", "123Mi", "125952Ki", "128974.848k", "128974848e0"] {
        assert_eq!(text.parse::<Quantity>().unwrap().try_bytes().unwrap(), 128_974_848, "{text}");
    }
}
