//! Declared and used memory from a metrics file with every trap in it: by hand, and by promtool on the same series.

use oomkit_core::resources::measure::{Names, Selection, Statistic, overcommit, overcommit_seed, waste, waste_seed};
use oomkit_core::resources::{Basis, ClusterFacts, Scrape, Usage};
use oomkit_core::units::Bytes;
use oomkit_tests::{corpus, promtool};
use std::fmt::Write;

const TRAPS: &str = include_str!("../corpus/resources/traps.prom");

fn scraped(texts: &[&str]) -> (ClusterFacts, Usage) {
    let (mut facts, mut usage, mut scrape) = (ClusterFacts::default(), Usage::default(), Scrape::default());
    for text in texts {
        scrape.read("traps.prom", text.as_bytes()).unwrap();
    }
    assert!(scrape.finish(&mut facts, &mut usage).unwrap().is_empty());
    (facts, usage)
}

#[test]
fn every_trap_at_once_gives_the_numbers_counted_by_hand() {
    let (facts, usage) = scraped(&[TRAPS]);
    let over = overcommit(&facts, &Selection::default());
    assert_eq!(over.totals.overcommit_bytes, Bytes(3_400_000_000));
    assert_eq!((over.totals.unbounded_containers, over.totals.pods), (1, 2));
    let wasted = waste(&facts, &usage, Basis::WorkingSet, Statistic::Peak, &Selection::default());
    assert_eq!((wasted.totals.waste_bytes, wasted.totals.deficit_bytes), (Bytes(2_300_000_000), Bytes(500_000_000)));
    assert_eq!(wasted.totals.unmeasured_containers, 0);
}

#[test]
fn the_same_from_two_files_and_read_twice() {
    let (ksm, cadvisor): (Vec<&str>, Vec<&str>) = TRAPS.lines().partition(|line| line.starts_with("kube_"));
    let (ksm, cadvisor) = (ksm.join("\n"), cadvisor.join("\n"));
    let (facts, usage) = scraped(&[&cadvisor, &ksm, &ksm, &cadvisor]);
    assert_eq!(overcommit(&facts, &Selection::default()).totals.overcommit_bytes, Bytes(3_400_000_000));
    let wasted = waste(&facts, &usage, Basis::WorkingSet, Statistic::Peak, &Selection::default());
    assert_eq!(wasted.totals.waste_bytes, Bytes(2_300_000_000));
}

/// The seed's own queries, on the same series.
const SEED: [&str; 2] = [
    "sum by (pod) (kube_pod_container_resource_limits{resource=\"memory\"} - kube_pod_container_resource_requests{resource=\"memory\"}) \
     > 2900000000",
    "sum by (pod) (kube_pod_container_resource_requests{resource=\"memory\"}) - sum(label_replace(\
     container_memory_usage_bytes{container!=\"sandbox\"} - container_memory_cache{container!=\"sandbox\"}, \
     \"pod\", \"$1\", \"container_label_io_kubernetes_pod_name\", \"(.+)\")) by (pod) > 290000000",
];

#[test]
fn the_profile_seed_returns_what_the_seeds_queries_return() {
    let mut scrape = Scrape::default().keeping_series();
    scrape.read("traps.prom", TRAPS.as_bytes()).unwrap();
    let series = scrape.take_series();
    let over = overcommit_seed(&series, &Selection::default());
    let over: Vec<_> = over.rows.iter().map(|row| (name(&row.names), row.overcommit_bytes.get())).collect();
    // app of web twice, for two replicas; the pod that is over; not the one without a limit, nor the sidecar
    assert_eq!(over, [("web".to_owned(), 6_000_000_000), ("done".to_owned(), 4_000_000_000)]);
    let wasted = waste_seed(&series, &Selection::default());
    let wasted: Vec<_> = wasted.rows.iter().map(|row| (name(&row.names), row.waste_bytes.get())).collect();
    // 6e9 less app's 1e9 and the pod's own cgroup's 1.25e9
    assert_eq!(wasted, [("web".to_owned(), 3_750_000_000)]);
    check_with_promtool(&[(SEED[0], &over, true), (SEED[1], &wasted, true)]);
}

#[test]
fn promtool_computes_the_same_from_the_same_series() {
    let (facts, usage) = scraped(&[TRAPS]);
    let over = overcommit(&facts, &Selection::default());
    let wasted = waste(&facts, &usage, Basis::WorkingSet, Statistic::Peak, &Selection::default());
    let bounded = over.rows.iter().filter(|row| row.limit_bytes.is_some());
    let bounded: Vec<_> = bounded.map(|row| (name(&row.names), row.overcommit_bytes.get())).collect();
    let unbounded = over.rows.iter().filter(|row| row.unbounded_containers > 0);
    let unbounded: Vec<_> = unbounded.map(|row| (name(&row.names), row.unbounded_containers)).collect();
    let wasted: Vec<_> = wasted.rows.iter().map(|row| (name(&row.names), row.waste_bytes.get())).collect();
    check_with_promtool(&[
        ("oomkit:pod_memory_overcommit:bytes", &bounded, false),
        ("oomkit:pod_memory_unbounded_containers:count", &unbounded, false),
        ("oomkit:pod_memory_waste:bytes", &wasted, false),
    ]);
}

fn name(names: &Names) -> String {
    names.pod.clone().unwrap()
}

/// An expression, its values by pod, and whether its answer carries no label but the pod.
type Expected<'a> = (&'a str, &'a [(String, u64)], bool);

/// Has promtool evaluate expressions on the series of the fixture, with `rules.yml`, and compare.
fn check_with_promtool(expected: &[Expected<'_>]) {
    if !promtool::is_installed() {
        return;
    }
    let mut test =
        String::from("rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n- interval: 1m\n  input_series:\n");
    for line in TRAPS.lines().filter(|line| !line.starts_with('#')) {
        let (series, value) = line.rsplit_once(' ').unwrap();
        let value: f64 = value.parse().unwrap();
        writeln!(test, "  - series: '{series}'\n    values: '{value:.0}x10'").unwrap();
    }
    test.push_str("  promql_expr_test:\n");
    for (expr, samples, bare) in expected {
        writeln!(test, "  - expr: '{expr}'\n    eval_time: 5m\n    exp_samples:").unwrap();
        for (pod, value) in *samples {
            let (record, namespace) = if *bare { ("", "") } else { (*expr, "namespace=\"d\",") };
            writeln!(test, "    - labels: '{record}{{{namespace}pod=\"{pod}\"}}'\n      value: {value}").unwrap();
        }
    }
    let dir = tempfile::tempdir().unwrap();
    std::fs::copy(corpus().join("resources/rules.yml"), dir.path().join("rules.yml")).unwrap();
    std::fs::write(dir.path().join("test.yml"), &test).unwrap();
    promtool::promtool(dir.path(), &["test", "rules", "test.yml"]);
}

/// `docs/metrics.md` lists every trap with a test named after it.
#[test]
fn the_page_names_a_test_for_every_trap_and_they_exist() {
    let root = corpus().join("../..");
    let page = std::fs::read_to_string(root.join("docs/metrics.md")).unwrap();
    let mut sources = String::new();
    for folder in ["oomkit-core/src/resources", "oomkit-cli/tests", "tests/tests"] {
        read_all(&root.join(folder), &mut sources);
    }
    for trap in 1..=28 {
        let row = page.lines().find(|line| line.starts_with(&format!("| T{trap} |")));
        let row = row.unwrap_or_else(|| panic!("docs/metrics.md has no row of T{trap}"));
        let names: Vec<&str> =
            row.split('`').skip(1).step_by(2).filter(|word| word.starts_with(&format!("t{trap}_"))).collect();
        assert!(!names.is_empty(), "T{trap} has no test: {row}");
        for name in names {
            assert!(sources.contains(&format!("fn {name}()")), "no test is called {name}");
        }
    }
}

fn read_all(folder: &std::path::Path, into: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}
