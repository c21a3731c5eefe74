//! oomkit-core

pub mod cgroup;
pub mod event;
mod kernel;
pub mod units;
