//! Memory as Kubernetes declares it: quantities, what pods and nodes say about themselves, which of them a kill hit, and
//! what declared and used memory amount to.
//!
//! Objects are read as `kubectl get pods,nodes -A -o json` prints them ([`ClusterFacts`]), usage as metrics.k8s.io and
//! the kubelet give it ([`Usage`]), both also from the text of Prometheus metrics ([`Scrape`]). From both follow the [measures](measure).

pub mod dashboard;
mod exposition;
mod join;
mod kubernetes;
pub mod measure;
mod model;
pub mod quantity;
pub mod rules;
mod usage;

pub use exposition::{RawSeries, Scrape};
pub use join::ClusterFacts;
pub use kubernetes::{Contents, ReadError};
pub use model::{
    Container, ContainerKind, ContainerStatus, Declared, Limit, Node, Phase, Pod, Termination, View, Workload,
};
pub use quantity::{Quantity, QuantityError};
pub use usage::{Basis, Sample, Usage};
