//! `oomkit dashboard`: its options and its help.

use super::naming::NamingArgs;
use super::output::TargetArgs;
use super::rules::ObjectArgs;
use clap::{Args, ColorChoice, ValueEnum};

/// Print a Grafana dashboard: kills, the worst overcommitted and wasteful pods, headroom
///
/// It shows what the recording rules of `oomkit rules` record, so that both need the same names, and what oomkit's exporter
/// counts. The data source, clusters and namespaces are chosen in Grafana.
#[derive(Debug, Args)]
#[command(color = ColorChoice::Auto, after_help = EXAMPLES)]
pub(crate) struct DashboardArgs {
    #[command(flatten)]
    pub(crate) naming: NamingArgs,

    /// Rows of each ranking
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000), default_value_t = 10,
        help_heading = "Board")]
    pub(crate) top: u32,

    /// How many nodes the rules let go (--lost-nodes of `oomkit rules`)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..1000), default_value_t = 1,
        help_heading = "Board")]
    pub(crate) lost_nodes: u32,

    /// Leave this namespace out of overcommit and waste
    #[arg(long, value_name = "NAME", help_heading = "Board")]
    pub(crate) exclude_namespace: Vec<String>,

    /// Title of the dashboard
    #[arg(long, value_name = "TEXT", help_heading = "Board")]
    pub(crate) title: Option<String>,

    /// By which Grafana knows it: one of the same uid is replaced; at most 40 letters, digits, - and _
    #[arg(long, value_name = "UID", value_parser = uid, help_heading = "Board")]
    pub(crate) uid: Option<String>,

    /// A tag, instead of the usual ones
    #[arg(long, value_name = "WORD", help_heading = "Board")]
    pub(crate) tag: Vec<String>,

    /// What to print
    #[arg(short, long, value_enum, default_value_t = DashboardFormat::Json, help_heading = "Output")]
    pub(crate) format: DashboardFormat,

    #[command(flatten)]
    pub(crate) object: ObjectArgs,

    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

/// Forms of a dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DashboardFormat {
    /// What Grafana imports
    Json,
    /// A ConfigMap for the sidecar of Grafana's chart, labelled `grafana_dashboard: "1"` unless --object-label is given
    ConfigMap,
}

fn uid(text: &str) -> Result<String, String> {
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if (1..=40).contains(&text.len()) && text.bytes().all(valid) {
        Ok(text.to_owned())
    } else {
        Err("expected 1 to 40 letters, digits, - and _".to_owned())
    }
}

const EXAMPLES: &str = "\
Examples:
  oomkit dashboard > oomkit.json                       to import it
  oomkit dashboard -f config-map --object-namespace mon | kubectl apply -f -
  oomkit dashboard --prefix memory --cluster-label ''  for rules made the same way
";
