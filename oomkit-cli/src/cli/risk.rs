//! `oomkit risk`: its options and its help.

use super::select::quantity;
use super::{BasisArg, ClusterArgs, EventsArgs, MetricsArgs, RowsArgs, TableArgs, UsageArgs};
use clap::{Args, ColorChoice, ValueEnum};
use oomkit_core::units::Bytes;

/// Tell what may run out of memory next, and who would go
///
/// Hazards stand apart: how near containers are to their limits, how near nodes are to running out, whom the kernel would kill
/// then by its score and the kubelet's oom_score_adj, and whom the kubelet would evict. A rank only sorts them.
#[derive(Debug, Args)]
#[command(color = ColorChoice::Auto, after_help = EXAMPLES)]
pub(crate) struct RiskArgs {
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    #[command(flatten)]
    pub(crate) metrics: MetricsArgs,
    #[command(flatten)]
    pub(crate) usage: UsageArgs,
    #[command(flatten)]
    pub(crate) events: EventsArgs,

    /// What is called usage [default: anon_shmem where it is known, else working_set]
    #[arg(long, value_enum, value_name = "BASIS", help_heading = "Usage")]
    pub(crate) basis: Option<BasisArg>,

    /// What the kubelets keep free by evicting (evictionHard memory.available)
    #[arg(long, value_name = "QUANTITY", value_parser = quantity, default_value = "100Mi", help_heading = "Usage")]
    pub(crate) eviction_hard: Bytes,

    /// Which hazards; may be given more than once [default: all]
    #[arg(long, value_enum, value_name = "HAZARD", help_heading = "Rows")]
    pub(crate) hazard: Vec<HazardArg>,

    #[command(flatten)]
    pub(crate) rows: RowsArgs,
    #[command(flatten)]
    pub(crate) table: TableArgs,
}

/// The hazards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HazardArg {
    /// Containers near their own limits
    Limit,
    /// Nodes near running out
    Node,
    /// Whom the kernel would kill, on each node
    Victim,
    /// Whom the kubelet would evict, on each node
    Eviction,
}

const EXAMPLES: &str = "\
Examples:
  kubectl get pods,nodes -A -o json | oomkit risk --usage top.json
  oomkit risk --pods p.json --nodes n.json --usage n1-summary.json --hazard victim
  oomkit risk --metrics ksm.prom --metrics cadvisor.prom --events kills.jsonl
  oomkit risk --pods p.json --usage top.json --by workload -f csv
";
