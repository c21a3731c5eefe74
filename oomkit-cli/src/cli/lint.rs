//! `oomkit lint`: its options and its help.

use super::ClusterArgs;
use super::measure::{EventsArgs, MetricsArgs, UsageArgs};
use super::output::TargetArgs;
use clap::{Args, ColorChoice, ValueEnum};
use oomkit_core::Error;
use oomkit_core::resources::Quantity;
use oomkit_core::resources::lint::{LintProfile, Settings, Severity};
use std::path::PathBuf;

/// Check the memory that manifests and Compose files declare
///
/// Reads YAML and JSON of every kind that makes pods, the output of `helm template`, and Compose files. Findings have stable
/// ids (docs/lint.md); `--list-rules` prints them.
#[derive(Debug, Args)]
#[command(color = ColorChoice::Auto, after_help = EXAMPLES, after_long_help = [EXAMPLES, CODES].concat())]
pub(crate) struct LintArgs {
    /// Files, directories (their .yaml, .yml and .json), glob patterns; `-` is standard input, as is no argument
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// A further kind that makes pods, and the way to its template: Widget=spec.template; `*` is every entry
    #[arg(long, value_name = "KIND=PATH", value_parser = pod_template)]
    pub(crate) pod_template: Vec<(String, String)>,

    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    #[command(flatten)]
    pub(crate) metrics: MetricsArgs,
    #[command(flatten)]
    pub(crate) usage: UsageArgs,

    #[command(flatten)]
    pub(crate) events: EventsArgs,

    /// What to print; the same whether or not it is a terminal that reads it
    #[arg(short, long, value_enum, default_value_t = LintFormat::Text, help_heading = "Output")]
    pub(crate) format: LintFormat,

    /// Also show what is ignored, with the reasons (text)
    #[arg(long, help_heading = "Output")]
    pub(crate) show_ignored: bool,

    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

/// Which rules run.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RuleArgs {
    /// How bad each finding is: `dev` is easier on what may die, `lain` adds the band of `lain lint`
    #[arg(long, value_enum, value_name = "PROFILE", default_value_t = ProfileArg::Prod)]
    pub(crate) profile: ProfileArg,

    /// Only these rules: ids or their beginnings, OM001,OM02
    #[arg(long, value_name = "IDS", value_delimiter = ',', value_parser = id)]
    pub(crate) select: Vec<String>,

    /// Not these rules
    #[arg(long, value_name = "IDS", value_delimiter = ',', value_parser = id)]
    pub(crate) ignore: Vec<String>,

    /// Exit with 1 from this severity on
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Error)]
    pub(crate) fail_on: FailOn,

    /// Findings that this file holds do not count
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,

    /// Write what is found to a baseline file, and exit with 0
    #[arg(long, value_name = "FILE")]
    pub(crate) write_baseline: Option<PathBuf>,

    /// OM005: the largest limit ∕ request
    #[arg(long, value_name = "RATIO", default_value_t = Settings::default().max_ratio, value_parser = positive)]
    pub(crate) max_ratio: f64,

    /// OM006: the least memory a container can mean
    #[arg(long, value_name = "QUANTITY", default_value = "4Mi", value_parser = bytes)]
    pub(crate) min_memory: u64,

    /// OM011: the most memory a container can mean, where no node is known
    #[arg(long, value_name = "QUANTITY", default_value = "1Ti", value_parser = bytes)]
    pub(crate) max_memory: u64,

    /// OM011: the memory of the largest node
    #[arg(long, value_name = "QUANTITY", value_parser = bytes)]
    pub(crate) node_memory: Option<u64>,

    /// OM013: how much of its limit a heap may take
    #[arg(long, value_name = "SHARE", default_value_t = Settings::default().heap_share, value_parser = positive)]
    pub(crate) heap_share: f64,

    /// OM020: how much of a request may stay unused
    #[arg(long, value_name = "QUANTITY", default_value = "290M", value_parser = bytes)]
    pub(crate) max_waste: u64,

    /// OM041: which share of the nodes must stay free
    #[arg(long, value_name = "SHARE", default_value_t = Settings::default().headroom, value_parser = positive)]
    pub(crate) headroom: f64,

    /// Print all rules
    #[arg(long)]
    pub(crate) list_rules: bool,

    /// Tell what a rule is about
    #[arg(long, value_name = "ID", value_parser = id)]
    pub(crate) explain: Option<String>,
}

/// Forms of the findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LintFormat {
    /// The line of each finding, with a caret below the place
    Text,
    /// One line for each finding: file:line:column
    Short,
    /// One JSON object
    Json,
    /// One JSON object a finding
    Jsonl,
    /// A header and a row for each finding
    Csv,
    /// A table for issues and wikis
    Markdown,
    /// SARIF 2.1.0
    Sarif,
    /// Workflow commands of GitHub Actions
    Github,
    /// JUnit XML: a test case for each object and rule
    Junit,
}

/// [`LintProfile`] as an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProfileArg {
    Prod,
    Dev,
    Lain,
}

/// From which severity on the exit code is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Error,
    Warn,
    Note,
    Never,
}

impl FailOn {
    /// Whether a severity fails the run.
    pub(crate) fn fails(self, worst: Option<Severity>) -> bool {
        let least = match self {
            Self::Error => Severity::Error,
            Self::Warn => Severity::Warn,
            Self::Note => Severity::Note,
            Self::Never => return false,
        };
        worst.is_some_and(|worst| worst >= least)
    }
}

impl LintArgs {
    /// In the words of the core.
    pub(crate) fn settings(&self) -> Settings {
        let rules = &self.rules;
        let mut settings = Settings::default();
        settings.profile = match rules.profile {
            ProfileArg::Prod => LintProfile::Prod,
            ProfileArg::Dev => LintProfile::Dev,
            ProfileArg::Lain => LintProfile::Lain,
        };
        settings.select.clone_from(&rules.select);
        settings.ignore.clone_from(&rules.ignore);
        settings.max_ratio = rules.max_ratio;
        settings.min_memory = rules.min_memory;
        settings.max_memory = rules.max_memory;
        settings.node_memory = rules.node_memory;
        settings.heap_share = rules.heap_share;
        settings.max_waste = rules.max_waste;
        settings.headroom = rules.headroom;
        settings.pod_templates.clone_from(&self.pod_template);
        settings
    }
}

fn id(text: &str) -> Result<String, String> {
    let id = text.trim().to_ascii_uppercase();
    if Settings::is_id(&id) { Ok(id) } else { Err("there is no such rule; --list-rules prints all".to_owned()) }
}

fn bytes(text: &str) -> Result<u64, Error> {
    text.parse::<Quantity>()?.rounded_bytes()
}

fn positive(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| "expected a number that is not negative".to_owned())
}

fn pod_template(text: &str) -> Result<(String, String), String> {
    let (kind, path) = text.split_once('=').ok_or("expected KIND=PATH, such as Widget=spec.template")?;
    Ok((kind.to_owned(), path.to_owned()))
}

const EXAMPLES: &str = "\
Examples:
  oomkit lint deploy/                          every manifest below
  helm template chart | oomkit lint            what a chart becomes
  oomkit lint --profile dev compose.yaml
  oomkit lint -f sarif -o lint.sarif deploy/   for code scanning
  oomkit lint --write-baseline known.json deploy/
  oomkit lint --baseline known.json --fail-on warn deploy/
  oomkit lint --pods pods.json --events kills.jsonl deploy/
";

const CODES: &str = "
Exit codes:
  0 nothing at or above --fail-on; 1 findings; 2 wrong usage, or a file that
  could not be read; 3 nothing there that declares memory; 4 a Prometheus
  does not answer
";
