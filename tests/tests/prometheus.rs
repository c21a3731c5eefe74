//! The harness's Prometheus, and promtool's fixture in it: what is scraped is what the file says.

use oomkit_tests::prometheus::{Prometheus, cluster};

#[test]
fn a_real_prometheus_scrapes_the_series_of_the_fixture() {
    let target = cluster::target();
    let Some(prometheus) =
        Prometheus::start(&cluster::setup(&target).rules(oomkit_tests::corpus().join("resources/rules.yml")))
    else {
        return;
    };
    let lines = cluster::TRAPS.lines().filter(|line| !line.starts_with('#')).count();
    let series = prometheus.query("count({__name__=~\"kube_.+|container_.+\"})");
    assert_eq!(series[0].1 as usize, lines);
    assert_eq!(prometheus.query("count(kube_pod_info{instance=\"ksm-1\"})")[0].1, 2.0);
    // counted by hand in the fixture's README
    let rule = "sum(sum by (pod) (oomkit:pod_memory_overcommit:bytes))";
    let sum = (0..100).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(200));
        prometheus.query(rule).first().map(|sample| sample.1)
    });
    assert_eq!(sum, Some(3.4e9));
}

#[test]
fn the_past_is_there_when_it_was_given() {
    use oomkit_tests::prometheus::Setup;
    let past = "# TYPE a gauge\na{pod=\"p\"} 1 1700000000\na{pod=\"p\"} 2 1700000060\n# EOF\n";
    let Some(prometheus) = Prometheus::start(&Setup::new().history(past)) else { return };
    assert_eq!(prometheus.query_at("a", Some("1700000060"))[0].1, 2.0);
}
