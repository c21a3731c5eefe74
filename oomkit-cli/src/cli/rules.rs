//! `oomkit rules`: its options and its help.

use super::naming::NamingArgs;
use super::output::TargetArgs;
use super::select::{quantity, share};
use clap::{Args, ColorChoice, ValueEnum};
use oomkit_core::Error;
use oomkit_core::resources::rules::{Alert, Duration};
use oomkit_core::units::Bytes;

/// Print Prometheus rules for overcommit, waste, headroom and kills
///
/// Recording rules compute the measures of `overcommit`, `waste` and `headroom` inside Prometheus, from
/// kube-state-metrics and the kubelet; alerts stand on them, and on the kills that oomkit's exporter and
/// kube-state-metrics count.
#[derive(Debug, Args)]
#[command(color = ColorChoice::Auto, after_help = EXAMPLES, after_long_help = [EXAMPLES, ALERTS].concat())]
pub(crate) struct RulesArgs {
    #[command(flatten)]
    pub(crate) naming: NamingArgs,

    /// A pod's overcommit above this is worth an alert: a quantity such as 2.9G or 2700Mi
    #[arg(long, value_name = "QUANTITY", value_parser = quantity, default_value = "2.9G", help_heading = "Thresholds")]
    pub(crate) overcommit: Bytes,

    /// A pod's waste above this is worth an alert
    #[arg(long, value_name = "QUANTITY", value_parser = quantity, default_value = "290M", help_heading = "Thresholds")]
    pub(crate) waste: Bytes,

    /// Headroom below this share is worth an alert: of a node's memory in use, of the cluster's booked memory
    #[arg(long, value_name = "SHARE", value_parser = share, default_value = "30%", help_heading = "Thresholds")]
    pub(crate) headroom: f64,

    /// How many nodes the cluster must be able to lose
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..1000), default_value_t = 1,
        help_heading = "Thresholds")]
    pub(crate) lost_nodes: u32,

    /// Usage is the peak of so long
    #[arg(long, value_name = "DURATION", value_parser = time, default_value = "7d", help_heading = "Times")]
    pub(crate) window: Duration,

    /// A kill is recent for so long
    #[arg(long, value_name = "DURATION", value_parser = time, default_value = "10m", help_heading = "Times")]
    pub(crate) recent: Duration,

    /// How often rules are evaluated; the server's own interval without
    #[arg(long, value_name = "DURATION", value_parser = time, help_heading = "Times")]
    pub(crate) interval: Option<Duration>,

    /// How long an alert holds before it fires: of all but kills, which are told at once, `15m`, or of one,
    /// `PodMemoryWaste=12h`
    #[arg(long = "for", value_name = "[ALERT=]DURATION", value_parser = hold, help_heading = "Times")]
    pub(crate) hold: Vec<(Option<Alert>, Duration)>,

    /// Severity: of all alerts, `page`, or of one, `RecentOOM=critical`
    #[arg(long, value_name = "[ALERT=]WORD", value_parser = severity, help_heading = "Alerts")]
    pub(crate) severity: Vec<(Option<Alert>, String)>,

    /// Leave this alert out
    #[arg(long, value_name = "ALERT", help_heading = "Alerts")]
    pub(crate) without: Vec<Alert>,

    /// A label that all alerts carry: `team=platform`
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair, help_heading = "Alerts")]
    pub(crate) alert_label: Vec<(String, String)>,

    /// Where to read on; `{alert}` in it stands for the alert's name
    #[arg(long, value_name = "URL", help_heading = "Alerts")]
    pub(crate) runbook_url: Option<String>,

    /// No alerts of overcommit and waste of this namespace's pods; nodes are still counted in full
    #[arg(long, value_name = "NAME", help_heading = "Alerts")]
    pub(crate) exclude_namespace: Vec<String>,

    /// Only the recording rules, or only the alerts, which need them
    #[arg(long, value_enum, value_name = "KIND", help_heading = "Output")]
    pub(crate) only: Option<RulesKind>,

    /// What to print
    #[arg(short, long, value_enum, default_value_t = RulesFormat::Yaml, help_heading = "Output")]
    pub(crate) format: RulesFormat,

    #[command(flatten)]
    pub(crate) object: ObjectArgs,

    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

/// Of the object in Kubernetes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Object")]
pub(crate) struct ObjectArgs {
    /// Name of the Kubernetes object
    #[arg(long, value_name = "NAME", value_parser = object_name, default_value = "oomkit")]
    pub(crate) object_name: String,

    /// Namespace of the Kubernetes object
    #[arg(long, value_name = "NAME", value_parser = object_name)]
    pub(crate) object_namespace: Option<String>,

    /// A label of the Kubernetes object, by which it is found: `release=prometheus`
    #[arg(long, value_name = "NAME=VALUE", value_parser = object_label)]
    pub(crate) object_label: Vec<(String, String)>,
}

/// Which rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RulesKind {
    Recording,
    Alerts,
}

/// Forms of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RulesFormat {
    /// A rule file for `rule_files`
    Yaml,
    /// A PrometheusRule for prometheus-operator
    PrometheusRule,
}

fn told(error: Error) -> String {
    error.to_string()
}

/// One that is more than nothing.
fn time(text: &str) -> Result<Duration, String> {
    let duration: Duration = text.parse().map_err(told)?;
    if duration.is_zero() { Err("expected more than no time at all".to_owned()) } else { Ok(duration) }
}

fn of_alert(text: &str) -> Result<(Option<Alert>, &str), String> {
    match text.split_once('=') {
        Some((name, rest)) => Ok((Some(name.parse().map_err(told)?), rest)),
        None => Ok((None, text)),
    }
}

fn hold(text: &str) -> Result<(Option<Alert>, Duration), String> {
    let (alert, duration) = of_alert(text)?;
    Ok((alert, duration.parse().map_err(told)?))
}

fn severity(text: &str) -> Result<(Option<Alert>, String), String> {
    match of_alert(text)? {
        (_, "") => Err("expected a word such as warning".to_owned()),
        (alert, word) => Ok((alert, word.to_owned())),
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let valid = |name: &str| {
        name.bytes()
            .enumerate()
            .all(|(at, byte)| byte.is_ascii_alphabetic() || byte == b'_' || at > 0 && byte.is_ascii_digit())
    };
    match text.split_once('=') {
        Some((name, value))
            if !name.is_empty() && valid(name) && !matches!(name, "severity" | "alertname" | "__name__") =>
        {
            Ok((name.to_owned(), value.to_owned()))
        }
        _ => Err("expected NAME=VALUE, such as team=platform; severity has an option of its own".to_owned()),
    }
}

fn object_name(text: &str) -> Result<String, String> {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let valid = text.len() <= 253
        && text.bytes().all(|byte| inner(byte) || matches!(byte, b'-' | b'.'))
        && [text.bytes().next(), text.bytes().last()].into_iter().all(|byte| byte.is_some_and(inner));
    if valid {
        Ok(text.to_owned())
    } else {
        Err("expected a name as Kubernetes has them: lower-case letters, digits, - and .".to_owned())
    }
}

fn object_label(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE, such as release=prometheus".to_owned()),
    }
}

const EXAMPLES: &str = "\
Examples:
  oomkit rules > /etc/prometheus/rules/oomkit.yaml
  oomkit rules -f prometheus-rule --object-label a=b | kubectl apply -f -
  oomkit rules --selector 'ksm:job=\"ksm\"' --label cadvisor:node=instance
  oomkit rules --overcommit 4Gi --severity RecentOOM=critical
";

const ALERTS: &str = "
Alerts:
  PodMemoryOvercommit     limits exceed requests by more than --overcommit
  PodMemoryUnbounded      containers without a memory limit
  PodMemoryWaste          requests exceed the peak usage by more than --waste
  NodeMemoryHeadroom      memory in use leaves less than --headroom of a node
  ClusterMemoryHeadroom   requests leave less than --headroom of the cluster
  ClusterMemoryNodeLoss   requests do not fit without the --lost-nodes largest
  PodOOMKilled            a container's status says OOMKilled, recently
  RecentOOM               oomkit's exporter counted a kill, recently
";
