//! `oomkit overcommit`, `waste`, `headroom`: their options and their help.

use super::ClusterArgs;
use super::output::TargetArgs;
use crate::outcome::Failure;
use clap::{Args, ColorChoice, ValueEnum};
use oomkit_core::resources::measure::{By, Selection, Statistic};
use oomkit_core::resources::{Basis, Quantity, View};
use oomkit_core::units::Bytes;
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

    /// Which measurement of a container counts: `peak`, `latest`, or a percentile such as `p95`
    #[arg(long, value_name = "STATISTIC", default_value = "peak", value_parser = str::parse::<Statistic>, help_heading = "Usage")]
    pub(crate) statistic: Statistic,

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
}

/// Which rows there are.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rows")]
pub(crate) struct SelectArgs {
    /// What a row stands for
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = ByArg::Pod)]
    pub(crate) by: ByArg,

    /// How many rows, the largest first, ties by name; 0 gives all
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) top: usize,

    /// No row below this: a quantity such as 2.9G (decimal) or 2700Mi (binary)
    #[arg(long, value_name = "QUANTITY", value_parser = quantity, default_value = "0")]
    pub(crate) threshold: Bytes,

    /// How it is reckoned: `seed` repeats the queries this project started from, with their errors and their thresholds
    /// (2.9G, 290M)
    #[arg(long, value_enum, value_name = "PROFILE", default_value_t = ProfileArg::Default)]
    pub(crate) profile: ProfileArg,

    /// Only this namespace; may be given more than once
    #[arg(short, long, value_name = "NAME")]
    pub(crate) namespace: Vec<String>,

    /// Not this namespace; nodes are still counted in full
    #[arg(long, value_name = "NAME")]
    pub(crate) exclude_namespace: Vec<String>,
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

/// How a measure is reckoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProfileArg {
    Default,
    Seed,
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
}

impl SelectArgs {
    /// Whether the profile is `seed`.
    ///
    /// # Errors
    /// A seed without its series, or with rows it does not have.
    pub(crate) fn seed(&self, metrics: &MetricsArgs) -> Result<bool, Failure> {
        if self.profile == ProfileArg::Default {
            return Ok(false);
        }
        if metrics.metrics.is_empty() {
            return Err(Failure::Usage("--profile seed repeats queries on series: give --metrics FILE".to_owned()));
        }
        if self.by != ByArg::Pod || !self.namespace.is_empty() || !self.exclude_namespace.is_empty() {
            return Err(Failure::Usage(
                "--profile seed knows pods by their names only: no --by, no namespaces".to_owned(),
            ));
        }
        Ok(true)
    }

    /// In the words of the core.
    pub(crate) fn selection(&self, view: ViewArg) -> Selection {
        let mut select = Selection::default();
        select.by = match self.by {
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
        }
    }
}

pub(super) fn quantity(text: &str) -> Result<Bytes, String> {
    let quantity: Quantity = text.parse().map_err(|error| format!("{error}"))?;
    quantity.rounded_bytes().map(Bytes).map_err(|error| error.to_string())
}

const OVERCOMMIT_EXAMPLES: &str = "\
Examples:
  kubectl get pods -A -o json | oomkit overcommit      the ten worst pods
  oomkit overcommit --pods pods.json --by workload     Deployments and the like
  oomkit overcommit --pods p.json --nodes n.json --by node
  oomkit overcommit --metrics ksm.prom                 from kube-state-metrics
  oomkit overcommit --pods pods.json --threshold 2.9G -f csv --top 0
";

const WASTE_EXAMPLES: &str = "\
Examples:
  kubectl get --raw /apis/metrics.k8s.io/v1beta1/pods > top.json
  kubectl get pods -A -o json | oomkit waste --usage top.json
  oomkit waste --pods pods.json --usage mon.json --usage tue.json --by workload
  oomkit waste --pods pods.json --usage n1-summary.json --basis rss
  oomkit waste --metrics ksm.prom --metrics cadvisor.prom
";

const HEADROOM_EXAMPLES: &str = "\
Examples:
  kubectl get pods,nodes -A -o json | oomkit headroom
  oomkit headroom --pods pods.json --nodes nodes.json --usage node-metrics.json
";

const COUNTING: &str = "
What counts:
  Pods in phase Succeeded or Failed hold no memory and are left out. Native
  sidecars count, one-shot init containers only in the scheduled view. A pod's
  own resources stand for those of its containers; overhead is added. While a
  resize in place is under way, the larger figure counts. A container without a
  limit is unbounded: it is counted apart and is in no sum of limits.
";
