//! Each query of `oomkit dashboard`, with the variables that Grafana would put in, on recorded series.

use oomkit_core::resources::dashboard::{DashboardOptions, dashboard};
use oomkit_core::resources::rules::{RuleOptions, rules};
use oomkit_tests::board::{self, EXPECTED};
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
