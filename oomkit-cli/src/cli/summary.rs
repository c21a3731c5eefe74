//! `oomkit summary`: its options and its help.

use super::{ClusterArgs, ExitArgs, InputArgs, TargetArgs};
use clap::{Args, ColorChoice, ValueEnum};
use oomkit_core::By;

/// Count the OOM kills of many logs: by pod, container, unit, command, host and hour, and how many were silent
///
/// Reads like `parse`, and tells in one page what happened how often, which kills belong together, who held the memory,
/// and what is missing from the logs.
#[derive(Debug, Args)]
#[command(color = ColorChoice::Auto, after_help = EXAMPLES, after_long_help = [EXAMPLES, DETAILS].concat())]
pub(crate) struct SummaryArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Count only by these: pod, container, unit, command, host, constraint, scope, verdict, limit, hour; with
    /// --pods namespace, workload, visibility
    #[arg(long, value_name = "WHAT", value_delimiter = ',', value_parser = str::parse::<By>, help_heading = "Counting")]
    pub(crate) by: Vec<By>,

    /// Rows of each table; those with most kills, by name where they are equal
    #[arg(long, value_name = "N", default_value_t = 10, help_heading = "Counting")]
    pub(crate) top: usize,

    /// Kills of one cause on one host belong together when they are no further apart than this
    #[arg(long, value_name = "SECONDS", default_value_t = 300, help_heading = "Counting")]
    pub(crate) gap: u64,

    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,

    /// What to print
    #[arg(short, long, value_enum, default_value_t = SummaryFormat::Text, help_heading = "Output")]
    pub(crate) format: SummaryFormat,
    #[command(flatten)]
    pub(crate) target: TargetArgs,

    #[command(flatten)]
    pub(crate) exit: ExitArgs,
}

/// Forms of a summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SummaryFormat {
    /// A page to read
    Text,
    /// One JSON object
    Json,
    /// One row for each row of each table
    Csv,
    /// A page for an issue or a wiki
    Markdown,
}

const EXAMPLES: &str = "\
Examples:
  oomkit summary /var/log/kern.log*             what was killed, how often
  oomkit summary --by pod,hour --top 20 logs/   only these tables, longer
  oomkit summary --dedupe /var/log              each dump once
  oomkit summary -f markdown node*.log.gz       for an issue
  oomkit summary -f json logs/ | jq .totals     for programs
";

const DETAILS: &str = "
Counting:
  An event is one run of the OOM killer; it may kill no process or several. A
  pod or container counts where the victim's cgroup tells it, or the limit's
  owner where that is a container or a pod. `silent` events killed a process of
  a container that lives on: Kubernetes cannot see them. The silent share is of
  those whose fate is known.
  One dump in several logs (a console and a file) is counted once for each log
  unless --dedupe is given; the loss report says how many copies there are.
  Kills of one limit (of one pod, where it is a pod's) on one host with no more
  than --gap seconds between them are one repeat. Copies never make one.

CSV:
  by,key,name,runtime,pod_uid,qos_class,events,victims,silent,visible,
  not_containerised,undecided,silent_share,hosts,first,last,undated,workload
  The first row is the total; see `oomkit parse --help` about formulas.

Exit codes:
  0  done, also when nothing was found or the reader of the output closed it
  1  --exit-code: at least one kill was found
  2  wrong usage, or an input or the output failed (the other inputs were still
     read); beats 3 and 1
  3  --strict: a dump is damaged; beats 1
";
