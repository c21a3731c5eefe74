//! Memory as Kubernetes declares it: quantities, what pods and nodes say about themselves, and which of them a kill hit.
//!
//! Objects are read as `kubectl get pods,nodes -A -o json` prints them; see [`ClusterFacts`].

mod join;
mod kubernetes;
mod model;
pub mod quantity;

pub use join::ClusterFacts;
pub use kubernetes::{Contents, ReadError};
pub use model::{Container, ContainerKind, ContainerStatus, Limit, Node, Phase, Pod, Termination, Workload};
pub use quantity::{Quantity, QuantityError};
