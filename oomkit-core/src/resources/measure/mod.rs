//! What declared and used memory amount to: overcommit, waste, headroom. Pure functions of pods, nodes and usage.

mod group;
mod headroom;
mod overcommit;
mod seed;
#[cfg(test)]
mod tests;
mod waste;
mod words;

pub use group::{By, Names, Selection};
pub use headroom::{ClusterHeadroom, Headroom, NodeHeadroom, NodeLoss, headroom};
pub use overcommit::{Overcommit, OvercommitRow, overcommit};
pub use seed::{overcommit_seed, waste_seed};
pub use waste::{Statistic, Waste, WasteRow, waste};

/// The version of the JSON these measures are written in.
pub const SCHEMA_VERSION: u32 = 1;

/// The largest rows first, then by name; at most `top`, none below `least`.
fn ranked<R>(
    mut rows: Vec<R>,
    measure: impl Fn(&R) -> u64,
    names: impl Fn(&R) -> &Names,
    select: &Selection,
) -> Vec<R> {
    rows.retain(|row| measure(row) >= select.least.get());
    rows.sort_by(|a, b| measure(b).cmp(&measure(a)).then_with(|| names(a).cmp(names(b))));
    rows.truncate(select.top.unwrap_or(usize::MAX));
    rows
}
