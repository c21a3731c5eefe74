//! `oomkit overcommit`, `waste`, `headroom`: their options and their help, and what they share with `risk` and `recommend`.

use super::output::TargetArgs;
use super::select::share;
use super::{BasisArg, ClusterArgs, PrometheusArgs, RankArg, SelectArgs, ViewArg};
use clap::{Args, ColorChoice, ValueEnum};
use oomkit_core::resources::measure::Statistic;
use std::path::PathBuf;

/// Rank who may use more memory than is booked for them
///
/// Overcommit is the memory limit less the request: what the kernel allows beyond what the scheduler counts on. Reads pods
/// (and nodes) as kubectl prints them; nothing is asked of a cluster.
#[derive(Debug, Args)]
#[command(color = ColorChoice::Auto, after_help = OVERCOMMIT_EXAMPLES, after_long_help = [OVERCOMMIT_EXAMPLES, COUNTING].concat())]
pub(crate) struct OvercommitArgs {
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    #[command(flatten)]
    pub(crate) metrics: MetricsArgs,
    #[command(flatten)]
    pub(crate) usage: UsageArgs,
    #[command(flatten)]
    pub(crate) events: EventsArgs,
    #[command(flatten)]
    pub(crate) select: SelectArgs,
    #[command(flatten)]
    pub(crate) table: TableArgs,

    /// Which containers count: `steady` those that run for good, `scheduled` what the scheduler books (init containers by
    /// the max rule)
    #[arg(long, value_enum, value_name = "VIEW", default_value_t = ViewArg::Steady, help_heading = "Rows")]
    pub(crate) view: ViewArg,
}

/// Rank who requests memory and does not use it
///
/// Waste is the memory request less what was used, at least 0, each container by itself. What is used beyond the request of
/// another container is told apart, as deficit.
#[derive(Debug, Args)]
#[command(color = ColorChoice::Auto, after_help = WASTE_EXAMPLES, after_long_help = [WASTE_EXAMPLES, COUNTING].concat())]
pub(crate) struct WasteArgs {
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    #[command(flatten)]
    pub(crate) metrics: MetricsArgs,
    #[command(flatten)]
    pub(crate) usage: UsageArgs,

    /// What is called usage
    #[arg(long, value_enum, value_name = "BASIS", default_value_t = BasisArg::WorkingSet, help_heading = "Usage")]
    pub(crate) basis: BasisArg,

    /// Which measurement of a container counts: `peak`, `latest`, or a percentile such as `p95` [default: peak, in the
    /// profile lain p95]
    #[arg(long, value_name = "STATISTIC", value_parser = str::parse::<Statistic>, help_heading = "Usage")]
    pub(crate) statistic: Option<Statistic>,

    /// By what rows are ranked: `bytes` wasted, `byte-hours` (times how long it lasts), or `blame` (what was wasted on a node
    /// when somebody was killed for want of its memory; needs --events)
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = RankArg::Bytes, help_heading = "Rows")]
    pub(crate) rank_by: RankArg,

    #[command(flatten)]
    pub(crate) events: EventsArgs,
    #[command(flatten)]
    pub(crate) select: SelectArgs,
    #[command(flatten)]
    pub(crate) table: TableArgs,
}

/// Tell how much memory is free, and whether a node may be lost
///
/// Three ways: used (what runs), booked (what is requested), ceiling (if every pod used all its limit allows). A cluster's
/// figure hides its fullest node, so that each node has a row.
#[derive(Debug, Args)]
#[command(color = ColorChoice::Auto, after_help = HEADROOM_EXAMPLES)]
pub(crate) struct HeadroomArgs {
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    #[command(flatten)]
    pub(crate) metrics: MetricsArgs,
    #[command(flatten)]
    pub(crate) usage: UsageArgs,
    #[command(flatten)]
    pub(crate) table: TableArgs,

    /// How many nodes are listed, the fullest first; 0 lists all
    #[arg(long, value_name = "N", default_value_t = 10, help_heading = "Rows")]
    pub(crate) top: usize,

    /// How many nodes may be lost at once: whether what they run fits elsewhere
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..), help_heading = "Rows")]
    pub(crate) lose: u8,

    /// The free share there should be, used on each node and booked in the cluster: `30%` or `0.3`
    #[arg(long, value_name = "SHARE", default_value = "30%", value_parser = share, help_heading = "Rows")]
    pub(crate) least: f64,
}

/// Kills.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Usage")]
pub(crate) struct EventsArgs {
    /// Kills, as `oomkit parse -f jsonl` prints them: the limit that was hit, the peak that sampling missed, and whose waste
    /// hurt whom
    #[arg(long, value_name = "FILE")]
    pub(crate) events: Vec<PathBuf>,
}

/// Measured memory.
#[derive(Debug, Args)]
#[command(next_help_heading = "Usage")]
pub(crate) struct UsageArgs {
    /// What containers and nodes use: JSON of metrics.k8s.io or of a kubelet's /stats/summary; each file is a point in time
    #[arg(long, value_name = "FILE")]
    pub(crate) usage: Vec<PathBuf>,
}

/// Metrics of the cluster.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Cluster")]
pub(crate) struct MetricsArgs {
    /// Metrics as text, saved with curl: kube-state-metrics (pods, nodes), cAdvisor or the kubelet (usage), or a federation
    /// of them; each file is a point in time for usage
    #[arg(long, value_name = "FILE")]
    pub(crate) metrics: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) prometheus: PrometheusArgs,

    /// Our own CSV, with a header: names, request_bytes, limit_bytes (empty is none, 0 is zero), usage_bytes, window, basis;
    /// what `--format csv` prints is read as well
    #[arg(long, value_name = "FILE")]
    pub(crate) csv: Vec<PathBuf>,
}

impl MetricsArgs {
    /// Whether no metrics are given, in no form.
    pub(crate) fn is_empty(&self) -> bool {
        self.metrics.is_empty() && self.csv.is_empty() && self.prometheus.prometheus.is_empty()
    }
}

/// Where a table goes, and in what form.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct TableArgs {
    /// What to print; the same whether or not it is a terminal that reads it
    #[arg(short, long, value_enum, default_value_t = TableFormat::Text)]
    pub(crate) format: TableFormat,

    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

/// Forms of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// Columns to read, with bars
    Text,
    /// One JSON object with rows, totals and notes
    Json,
    /// One JSON object a row
    Jsonl,
    /// A header and rows; sizes in bytes
    Csv,
    /// A table for issues and wikis
    Markdown,
}

const OVERCOMMIT_EXAMPLES: &str = "\
Examples:
  kubectl get pods -A -o json | oomkit overcommit      the ten worst pods
  oomkit overcommit --pods pods.json --by workload     Deployments and the like
  oomkit overcommit --pods p.json --nodes n.json --by node
  oomkit overcommit --metrics ksm.prom                 from kube-state-metrics
  oomkit overcommit --prometheus http://prometheus:9090
  oomkit overcommit --pods pods.json --threshold 2.9G -f csv --top 0
  oomkit overcommit --csv table.csv --by namespace
  oomkit overcommit --pods p.json --usage top.json --profile lain
  oomkit overcommit --pods p.json --nodes n.json --events kills.jsonl
";

const WASTE_EXAMPLES: &str = "\
Examples:
  kubectl get --raw /apis/metrics.k8s.io/v1beta1/pods > top.json
  kubectl get pods -A -o json | oomkit waste --usage top.json
  oomkit waste --pods pods.json --usage mon.json --usage tue.json --by workload
  oomkit waste --pods pods.json --usage n1-summary.json --basis rss
  oomkit waste --metrics ksm.prom --metrics cadvisor.prom
  oomkit waste --csv w.csv --events kills.jsonl --rank-by blame
  oomkit waste --prometheus https://thanos.example --window 14d --statistic p95
  oomkit waste --prometheus saved/*.json
";

const HEADROOM_EXAMPLES: &str = "\
Examples:
  kubectl get pods,nodes -A -o json | oomkit headroom
  oomkit headroom --pods pods.json --nodes nodes.json --usage node-metrics.json
  oomkit headroom --pods p.json --nodes n.json --lose 2 --least 20%
  oomkit headroom --prometheus https://mimir/prometheus --header 'X-Scope-OrgID: a'
";

const COUNTING: &str = "
What counts:
  Pods in phase Succeeded or Failed hold no memory and are left out. Native
  sidecars count, one-shot init containers only in the scheduled view. A pod's
  own resources stand for those of its containers; overhead is added. While a
  resize in place is under way, the larger figure counts. A container without a
  limit is unbounded: it is counted apart and is in no sum of limits.
";
