//! The cluster of `corpus/resources/traps.prom` as its exporters serve it: two of kube-state-metrics, both endpoints of a
//! kubelet.

use super::{Scrape, Setup, Target};

/// `corpus/resources/traps.prom`: every trap at once, as a federation of all endpoints.
pub const TRAPS: &str = include_str!("../../corpus/resources/traps.prom");

/// The endpoints: job, `instance`, `metrics_path`.
const ENDPOINTS: [(&str, &str, &str); 4] = [
    ("ksm", "ksm-0", "/ksm-0/metrics"),
    ("ksm", "ksm-1", "/ksm-1/metrics"),
    ("kubelet", "", "/metrics/cadvisor"),
    ("kubelet", "", "/metrics/resource"),
];

/// The text that one of its endpoints serves: without the labels that the scrape adds.
fn served(instance: &str, path: &str) -> String {
    let own = if instance.is_empty() {
        format!(",metrics_path=\"{path}\"")
    } else {
        format!(",instance=\"{instance}\",job=\"ksm\"")
    };
    let lines = TRAPS.lines().filter(|line| line.contains(&own));
    lines.map(|line| line.replace(&own, "") + "\n").collect()
}

/// The server of the four endpoints.
pub fn target() -> Target {
    Target::serve(ENDPOINTS.map(|(_, instance, path)| (path, served(instance, path))))
}

/// A Prometheus that scrapes them, with the series of the file as they stand there (and the kubelet's `instance`).
pub fn setup(target: &Target) -> Setup {
    ENDPOINTS.into_iter().fold(Setup::new(), |setup, (job, instance, path)| {
        let scrape = Scrape::of(target, path).job(job);
        setup.scrape(match instance {
            "" => scrape.label("instance", "n1:10250").label("metrics_path", path),
            instance => scrape.label("instance", instance),
        })
    })
}
