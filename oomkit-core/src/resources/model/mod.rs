//! Pods and nodes, as far as memory is concerned.

mod container;
mod node;
mod oom_score_adj;
mod pod;
mod qos;
mod totals;
mod workload;

pub use container::{Container, ContainerKind, ContainerStatus, CpuClaim, Limit, Termination};
pub use node::Node;
pub use oom_score_adj::oom_score_adj;
pub use pod::{MemoryVolume, Phase, Pod};
pub use totals::{Declared, View};
pub(super) use workload::Hash;
pub use workload::Workload;
