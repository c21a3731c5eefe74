//! The order of records before dumps are put together: logs that run backwards, and lines that come twice. Records in,
//! records out; knows nothing about dumps.

mod duplicates;
mod line_order;
mod replay;

pub(crate) use duplicates::DuplicateFilter;
pub(crate) use line_order::{Decision, LineOrder, Stretch};
pub(crate) use replay::Mirror;
