//! oomkit-core

pub mod event;
mod kernel;
pub mod units;
