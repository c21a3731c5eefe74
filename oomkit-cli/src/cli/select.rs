//! Which rows a measure has, and how they are reckoned: what all measures share.

use super::MetricsArgs;
use crate::outcome::Failure;
use clap::{Args, ValueEnum};
use oomkit_core::Error;
use oomkit_core::resources::measure::{By, Profile, Rank, Selection};
use oomkit_core::resources::{Basis, Quantity, View};
use oomkit_core::units::Bytes;

/// Which rows there are, and how they are reckoned.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rows")]
pub(crate) struct SelectArgs {
    #[command(flatten)]
    pub(crate) rows: RowsArgs,

    /// How it is reckoned: `seed` repeats the queries this project started from, with their errors and their thresholds
    /// (2.9G, 290M); `lain` lists what lies outside the bands of `lain lint`
    #[arg(long, value_enum, value_name = "PROFILE", default_value_t = ProfileArg::Default)]
    pub(crate) profile: ProfileArg,
}

/// Which rows there are.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rows")]
pub(crate) struct RowsArgs {
    /// What a row stands for [default: pod; of risk container, of recommend workload]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) by: Option<ByArg>,

    /// How many rows, the largest first, ties by name; 0 gives all
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) top: usize,

    /// No row below this: a quantity such as 2.9G (decimal) or 2700Mi (binary)
    #[arg(long, value_name = "QUANTITY", value_parser = quantity, default_value = "0")]
    pub(crate) threshold: Bytes,

    /// Only this namespace; may be given more than once
    #[arg(short, long, value_name = "NAME")]
    pub(crate) namespace: Vec<String>,

    /// Not this namespace; nodes are still counted in full
    #[arg(long, value_name = "NAME")]
    pub(crate) exclude_namespace: Vec<String>,
}

/// [`Profile`] as an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProfileArg {
    Default,
    Seed,
    Lain,
}

/// [`Rank`] as an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RankArg {
    Bytes,
    ByteHours,
    Blame,
}

impl From<RankArg> for Rank {
    fn from(rank: RankArg) -> Self {
        match rank {
            RankArg::Bytes => Self::Bytes,
            RankArg::ByteHours => Self::ByteHours,
            RankArg::Blame => Self::Blame,
        }
    }
}

/// [`By`] as an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ByArg {
    Container,
    Pod,
    Workload,
    Namespace,
    Node,
}

/// [`View`] as an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ViewArg {
    Steady,
    Scheduled,
}

/// [`Basis`] as an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum BasisArg {
    /// Without inactive file cache: what kubectl top shows
    WorkingSet,
    /// Anonymous memory
    Rss,
    /// All that is charged, page cache included
    Usage,
    /// Usage without any page cache, tmpfs and shared memory
    UsageMinusCache,
    /// Anonymous and shared memory, tmpfs included
    AnonShmem,
}

impl SelectArgs {
    /// The profile.
    ///
    /// # Errors
    /// A seed without its series, or with rows it does not have.
    pub(crate) fn profile(&self, metrics: &MetricsArgs) -> Result<Profile, Failure> {
        match self.profile {
            ProfileArg::Default => return Ok(Profile::Default),
            ProfileArg::Lain => return Ok(Profile::Lain),
            ProfileArg::Seed => {}
        }
        if metrics.metrics.is_empty() && metrics.prometheus.prometheus.is_empty() {
            return Err(Failure::Usage(
                "--profile seed repeats queries on series: give --metrics FILE or --prometheus URL".to_owned(),
            ));
        }
        let Self { rows, .. } = self;
        let of_pods = rows.by.is_none_or(|by| by == ByArg::Pod);
        if !of_pods || !rows.namespace.is_empty() || !rows.exclude_namespace.is_empty() {
            return Err(Failure::Usage(
                "--profile seed knows pods by their names only: no --by, no namespaces".to_owned(),
            ));
        }
        Ok(Profile::Seed)
    }
}

impl RowsArgs {
    /// In the words of the core.
    pub(crate) fn selection(&self, view: ViewArg, by: ByArg) -> Selection {
        let mut select = Selection::default();
        select.by = match self.by.unwrap_or(by) {
            ByArg::Container => By::Container,
            ByArg::Pod => By::Pod,
            ByArg::Workload => By::Workload,
            ByArg::Namespace => By::Namespace,
            ByArg::Node => By::Node,
        };
        select.view = Some(match view {
            ViewArg::Steady => View::Steady,
            ViewArg::Scheduled => View::Scheduled,
        });
        select.top = (self.top > 0).then_some(self.top);
        select.least = self.threshold;
        select.namespaces.clone_from(&self.namespace);
        select.excluded_namespaces.clone_from(&self.exclude_namespace);
        select
    }
}

impl From<BasisArg> for Basis {
    fn from(basis: BasisArg) -> Self {
        match basis {
            BasisArg::WorkingSet => Self::WorkingSet,
            BasisArg::Rss => Self::Rss,
            BasisArg::Usage => Self::Usage,
            BasisArg::UsageMinusCache => Self::UsageMinusCache,
            BasisArg::AnonShmem => Self::AnonShmem,
        }
    }
}

pub(super) fn share(text: &str) -> Result<f64, String> {
    let share = match text.strip_suffix('%') {
        Some(percent) => percent.parse::<f64>().map(|percent| percent / 100.0),
        None => text.parse(),
    };
    share
        .ok()
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "expected a share such as 30% or 0.3".to_owned())
}

pub(super) fn quantity(text: &str) -> Result<Bytes, Error> {
    text.parse::<Quantity>()?.rounded_bytes().map(Bytes)
}
