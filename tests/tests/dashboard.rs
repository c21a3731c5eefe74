//! Each query of `oomkit dashboard`, with the variables that Grafana would put in, on recorded series: by promtool, and asked
//! of a real Prometheus that scrapes the exporters and evaluates the rules.

use oomkit_core::resources::dashboard::{DashboardOptions, dashboard};
use oomkit_core::resources::rules::{RuleOptions, rules};
use oomkit_tests::board::{self, EXPECTED};
use oomkit_tests::prometheus::{Prometheus, Scrape, Target, cluster};
use oomkit_tests::promtool::RuleTest;

#[test]
fn each_query_gives_what_was_counted_by_hand() {
    let queries = board::queries(&dashboard(&DashboardOptions::default()));
    assert!(queries.len() > 25, "{}", queries.len());
    let mut test = RuleTest::of(rules(&RuleOptions::default()).to_yaml());
    test = test.metrics(board::TRAPS).metrics(board::NODES);
    for (series, values) in board::KILLS {
        test = test.series(series, values);
    }
    for query in &queries {
        // parsed and evaluated, whatever it gives
        test = test.gives("60m", &format!("0 * count({}) or vector(0)", query.expr), &[("{}", 0.0)]);
    }
    for (panel, letter, value) in EXPECTED {
        let query = queries.iter().find(|query| query.panel == *panel && query.letter == *letter).unwrap();
        // rounded to the millionth of a share and the thousandth of a kill: `increase` extrapolates
        let expr = format!("round(sum({}), 0.000001)", query.expr);
        test = test.gives("60m", &expr, &[("{}", *value)]);
    }
    test.run();
}

/// When the kills of the past began: an hour, in seconds since 1970.
const PAST: u64 = 1_700_000_400;

#[test]
fn a_real_prometheus_answers_each_query() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("rules.yaml");
    std::fs::write(&file, rules(&RuleOptions::default()).to_yaml()).unwrap();
    let (pods, nodes) = (cluster::target(), Target::serve([("/metrics", board::NODES.to_owned())]));
    let setup = cluster::setup(&pods).scrape(Scrape::of(&nodes, "/metrics").job("nodes"));
    let Some(prometheus) = Prometheus::start(&setup.rules(&file).history(past())) else { return };
    // all rules of a group are evaluated before its last one for the third time
    let last = "count_over_time(oomkit:cluster_memory_without_nodes:bytes[1h]) > 2";
    while prometheus.query(last).is_empty() {
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    let loaded: serde_json::Value = serde_json::from_str(&prometheus.ask("/api/v1/rules").body).unwrap();
    let groups = loaded["data"]["groups"].as_array().unwrap();
    assert_eq!(groups.len(), 3);
    for rule in groups.iter().flat_map(|group| group["rules"].as_array().unwrap()) {
        assert_eq!((&rule["health"], rule.get("lastError")), (&"ok".into(), None), "{rule}");
    }
    let queries = board::queries(&dashboard(&DashboardOptions::default()));
    let hour_later = (PAST + 3600).to_string();
    let asked = |query: &board::Query| {
        let of_kills = query.expr.contains("oomkit_");
        prometheus.query_at(&query.expr, of_kills.then_some(hour_later.as_str()))
    };
    for query in &queries {
        // an error would panic
        let answer = asked(query);
        let graph = query.panel == "annotation" || query.expr.contains("[5m]");
        assert!(graph || !answer.is_empty(), "{query:?}");
    }
    for (panel, letter, value) in EXPECTED {
        let query = queries.iter().find(|query| query.panel == *panel && query.letter == *letter).unwrap();
        let sum: f64 = asked(query).into_iter().map(|(_, value)| value).sum();
        assert!((sum - value).abs() <= value.abs() * 1e-6 + 1e-6, "{query:?}: {sum}, not {value}");
    }
}

/// The kills, a sample a minute, as OpenMetrics.
fn past() -> String {
    let mut text = String::new();
    for (series, values) in board::KILLS {
        let mut minute = 0;
        for run in values.split(' ') {
            let (value, times) = run.split_once('x').unwrap();
            // promtool's shorthand: once, and that many times again
            for _ in 0..=times.parse::<u64>().unwrap() {
                text += &format!("{series} {value} {}\n", PAST + 60 * minute);
                minute += 1;
            }
        }
    }
    text + "# EOF\n"
}
