//! Declared and used memory from a metrics file with every trap in it: by hand, and by promtool on the same series.

use oomkit_core::resources::measure::{Selection, Statistic, overcommit, waste};
use oomkit_core::resources::{Basis, ClusterFacts, Scrape, Usage};
use oomkit_core::units::Bytes;
use oomkit_tests::corpus;
use std::fmt::Write;
use std::process::Command;

const TRAPS: &str = include_str!("../corpus/resources/traps.prom");

fn scraped(texts: &[&str]) -> (ClusterFacts, Usage) {
    let (mut facts, mut usage, mut scrape) = (ClusterFacts::default(), Usage::default(), Scrape::default());
    for text in texts {
        scrape.read("traps.prom", text.as_bytes()).unwrap();
    }
    assert_eq!(scrape.finish(&mut facts, &mut usage), Ok(Vec::new()));
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

/// promtool evaluates `rules.yml` on the series of the fixture, and compares with what oomkit says.
#[test]
fn promtool_computes_the_same_from_the_same_series() {
    if Command::new("promtool").arg("--version").output().is_err() {
        eprintln!("skipped: promtool is not installed");
        return;
    }
    let (facts, usage) = scraped(&[TRAPS]);
    let mut test =
        String::from("rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n- interval: 1m\n  input_series:\n");
    for line in TRAPS.lines().filter(|line| !line.starts_with('#')) {
        let (series, value) = line.rsplit_once(' ').unwrap();
        let value: f64 = value.parse().unwrap();
        writeln!(test, "  - series: '{series}'\n    values: '{value:.0}x10'").unwrap();
    }
    test.push_str("  promql_expr_test:\n");
    let mut expect = |record: &str, samples: Vec<(&str, u64)>| {
        writeln!(test, "  - expr: {record}\n    eval_time: 5m\n    exp_samples:").unwrap();
        for (pod, value) in samples {
            writeln!(test, "    - labels: '{record}{{namespace=\"d\",pod=\"{pod}\"}}'\n      value: {value}").unwrap();
        }
    };
    let over = overcommit(&facts, &Selection::default());
    let wasted = waste(&facts, &usage, Basis::WorkingSet, Statistic::Peak, &Selection::default());
    let bounded = over.rows.iter().filter(|row| row.limit_bytes.is_some());
    let unbounded = over.rows.iter().filter(|row| row.unbounded_containers > 0);
    let name = |names: &oomkit_core::resources::measure::Names| names.pod.clone().unwrap();
    let bounded: Vec<_> = bounded.map(|row| (name(&row.names), row.overcommit_bytes.get())).collect();
    let unbounded: Vec<_> = unbounded.map(|row| (name(&row.names), row.unbounded_containers)).collect();
    let waste: Vec<_> = wasted.rows.iter().map(|row| (name(&row.names), row.waste_bytes.get())).collect();
    let plain =
        |rows: &'static [(String, u64)]| rows.iter().map(|(pod, value)| (pod.as_str(), *value)).collect::<Vec<_>>();
    expect("oomkit:pod_memory_overcommit:bytes", plain(bounded.leak()));
    expect("oomkit:pod_memory_unbounded_containers:count", plain(unbounded.leak()));
    expect("oomkit:pod_memory_waste:bytes", plain(waste.leak()));
    let dir = tempfile::tempdir().unwrap();
    std::fs::copy(corpus().join("resources/rules.yml"), dir.path().join("rules.yml")).unwrap();
    std::fs::write(dir.path().join("test.yml"), &test).unwrap();
    let output = Command::new("promtool").args(["test", "rules", "test.yml"]).current_dir(dir.path()).output().unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
