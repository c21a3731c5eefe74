//! Pods and nodes, as far as memory is concerned.

mod container;
mod node;
mod pod;
mod totals;
mod workload;

pub use container::{Container, ContainerKind, ContainerStatus, Limit, Termination};
pub use node::Node;
pub use pod::{Phase, Pod};
pub use totals::{Declared, View};
pub(super) use workload::Hash;
pub use workload::Workload;
