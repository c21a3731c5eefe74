//! The public data model: what an OOM kill was, in the words of the kernel and Kubernetes.
//! (placeholder list; see git history)

mod identity;
mod word;

pub use identity::{Identity, Job, Level, LimitOwner, QosClass, Runtime, TaskRef};
