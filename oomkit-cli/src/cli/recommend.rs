//! `oomkit recommend`: its options and its help.

use super::select::quantity;
use super::{BasisArg, ClusterArgs, EventsArgs, MetricsArgs, RowsArgs, TableArgs, UsageArgs};
use clap::{Args, ColorChoice, ValueEnum};
use oomkit_core::resources::Need;
use oomkit_core::resources::measure::RecommendOptions;
use oomkit_core::units::Bytes;

/// Tell what to request and to limit, and what it rests on
///
/// From what was used and, with --events, from what the kernel says: the limit that killed, the peak that sampling missed. What
/// lain, Robusta KRR and the Vertical Pod Autoscaler would say stands beside it. Too few measurements raise a request and never
/// lower one.
#[derive(Debug, Args)]
#[command(color = ColorChoice::Auto, after_help = EXAMPLES)]
pub(crate) struct RecommendArgs {
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    #[command(flatten)]
    pub(crate) metrics: MetricsArgs,
    #[command(flatten)]
    pub(crate) usage: UsageArgs,
    #[command(flatten)]
    pub(crate) events: EventsArgs,

    /// What is called usage
    #[arg(long, value_enum, value_name = "BASIS", default_value_t = BasisArg::WorkingSet, help_heading = "Usage")]
    pub(crate) basis: BasisArg,

    /// How much a limit may exceed its request: `strict` not at all, `burst` to 1.3 times the peak
    #[arg(long, value_enum, value_name = "PROFILE", default_value_t = AdviceProfileArg::Strict, help_heading = "Rows")]
    pub(crate) profile: AdviceProfileArg,

    /// No request below this
    #[arg(long, value_name = "QUANTITY", value_parser = quantity, default_value = "16Mi", help_heading = "Rows")]
    pub(crate) floor: Bytes,

    /// In the profile burst: the most that a limit may be, in requests
    #[arg(long, value_name = "RATIO", default_value_t = RecommendOptions::default().ratio_cap, help_heading = "Rows")]
    pub(crate) ratio_cap: f64,

    /// Measurements asked for before anything is lowered
    #[arg(long, value_name = "N", default_value_t = Need::default().points, help_heading = "Usage")]
    pub(crate) min_points: u64,

    /// Hours they have to span
    #[arg(long, value_name = "HOURS", default_value_t = Need::default().hours(), help_heading = "Usage")]
    pub(crate) min_hours: u64,

    #[command(flatten)]
    pub(crate) rows: RowsArgs,
    #[command(flatten)]
    pub(crate) table: TableArgs,
}

/// How much a limit may exceed its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AdviceProfileArg {
    Strict,
    Burst,
}

const EXAMPLES: &str = "\
Examples:
  oomkit recommend --pods p.json --usage mon.json --usage tue.json
  oomkit recommend --metrics ksm.prom --metrics cadvisor.prom --profile burst
  oomkit recommend --pods p.json --usage top.json --events kills.jsonl
  oomkit recommend --csv table.csv --by namespace -f markdown
";
