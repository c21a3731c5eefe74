//! Memory as Kubernetes declares it: quantities, what pods and nodes say about themselves, which of them a kill hit, and
//! what declared and used memory amount to.
//!
//! Objects are read as `kubectl get pods,nodes -A -o json` prints them ([`ClusterFacts`]), usage as metrics.k8s.io and
//! the kubelet give it ([`Usage`]), both also from the text of Prometheus metrics ([`Scrape`]). From both follow the [measures](measure).

mod csv;
#[cfg(feature = "rules")]
pub mod dashboard;
mod error;
mod exposition;
mod join;
mod kills;
mod kubernetes;
#[cfg(feature = "lint")]
pub mod lint;
#[cfg(feature = "lint")]
mod manifest;
pub mod measure;
mod model;
pub mod prometheus;
#[cfg(feature = "rules")]
pub mod rules;
mod usage;

pub use crate::units::Quantity;
pub use csv::Csv;
pub use exposition::{RawSeries, Scrape};
pub use join::ClusterFacts;
pub use kills::{KillSummary, Kills, NodeKill, Share};
pub use kubernetes::Contents;
pub use model::{
    Container, ContainerKind, ContainerStatus, CpuClaim, Declared, Limit, MemoryVolume, Node, Phase, Pod, Termination,
    View, Workload, oom_score_adj,
};
pub use usage::{Basis, Need, Quality, Sample, Usage};
