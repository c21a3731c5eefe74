//! A real Prometheus on a loopback port, and something for it to scrape.
//!
//! ```no_run
//! use oomkit_tests::prometheus::{Prometheus, Scrape, Setup, Target};
//!
//! let target = Target::serve([("/metrics", "up_to_date 1\n".to_owned())]);
//! let setup = Setup::new().scrape(Scrape::of(&target, "/metrics").job("ksm").label("instance", "ksm-0"));
//! // prints why, and gives none, where Prometheus is not installed
//! let Some(prometheus) = Prometheus::start(&setup) else { return };
//! for (labels, value) in prometheus.query("sum by (job) (up_to_date)") {
//!     assert_eq!((labels["job"].as_str(), value), ("ksm", 1.0));
//! }
//! ```
//!
//! [`cluster`] has the trap-laden cluster of `corpus/resources/traps.prom` as kube-state-metrics (twice), cAdvisor and the
//! kubelet serve it. Rule files are loaded by [`Setup::rules`] and evaluated every second; [`Setup::history`] gives the
//! past, as OpenMetrics with times; [`Prometheus::ask`] is any GET of the API, for dashboards.

pub mod cluster;
mod http;
mod server;
mod target;

pub use http::{Reply, get, post};
pub use server::{Labels, Prometheus, Scrape, Setup};
pub use target::Target;
