//! The command line: every command, option and help text. Help, man page and completions come from here.

mod cgroup;
mod cluster;
mod dashboard;
mod explain;
mod filter;
mod grep;
mod input;
mod lint;
mod measure;
mod naming;
mod output;
mod parse;
mod prometheus;
mod recommend;
mod redact;
mod risk;
mod rules;
mod select;
mod summary;

pub(crate) use cgroup::CgroupArgs;
use clap::{Args, Parser, Subcommand, ValueEnum};
pub(crate) use cluster::ClusterArgs;
pub(crate) use dashboard::{DashboardArgs, DashboardFormat};
pub(crate) use explain::{ExplainArgs, StoryFormat};
pub(crate) use filter::{FilterArgs, Picked};
pub(crate) use grep::GrepArgs;
pub(crate) use input::InputArgs;
pub(crate) use lint::{LintArgs, LintFormat};
pub(crate) use measure::{
    EventsArgs, HeadroomArgs, MetricsArgs, OvercommitArgs, TableArgs, TableFormat, UsageArgs, WasteArgs,
};
pub(crate) use output::{ExitArgs, OutputArgs, OutputFormat, TargetArgs};
pub(crate) use parse::ParseArgs;
pub(crate) use prometheus::{PrometheusArgs, Secret};
pub(crate) use recommend::{AdviceProfileArg, RecommendArgs};
pub(crate) use redact::RedactArgs;
pub(crate) use risk::{HazardArg, RiskArgs};
pub(crate) use rules::{RulesArgs, RulesFormat, RulesKind};
pub(crate) use select::{BasisArg, ByArg, RankArg, RowsArgs, SelectArgs, ViewArg};
pub(crate) use summary::{SummaryArgs, SummaryFormat};

/// The toolkit for Linux out-of-memory kills: what happened, to whom, and whose limit it was.
#[derive(Debug, Parser)]
#[command(name = "oomkit", version, max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) talk: TalkArgs,
}

/// One variant for each verb.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Parse(ParseArgs),
    Explain(ExplainArgs),
    Headroom(HeadroomArgs),
    Lint(Box<LintArgs>),
    Overcommit(OvercommitArgs),
    Waste(WasteArgs),
    Rules(RulesArgs),
    Dashboard(DashboardArgs),
    Risk(RiskArgs),
    Recommend(RecommendArgs),
    Summary(SummaryArgs),
    Grep(GrepArgs),
    Redact(RedactArgs),
    Cgroup(CgroupArgs),
}

/// How the program talks to people.
#[derive(Debug, Args)]
pub(crate) struct TalkArgs {
    /// When to colour; `auto` colours a terminal and heeds NO_COLOR and CLICOLOR
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    pub(crate) color: When,

    /// No notes and no progress bar on standard error; errors are still told
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

/// When to do something that depends on the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

impl TalkArgs {
    /// Makes `--color` the choice for both standard streams.
    pub(crate) fn choose_colors(&self) {
        self.color_choice().write_global();
    }

    /// `--color` in the words of anstream.
    pub(crate) fn color_choice(&self) -> anstream::ColorChoice {
        match self.color {
            When::Auto => anstream::ColorChoice::Auto,
            When::Always => anstream::ColorChoice::Always,
            When::Never => anstream::ColorChoice::Never,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definitions_hold_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_fits_a_narrow_terminal() {
        for verb in Cli::command().get_subcommands() {
            let after = verb.get_after_long_help().map(ToString::to_string).unwrap_or_default();
            for line in after.lines() {
                assert!(line.chars().count() <= 80, "{}: {line}", verb.get_name());
            }
        }
    }

    #[test]
    fn bad_years_and_offsets_are_usage_errors() {
        assert!(Cli::try_parse_from(["oomkit", "parse", "--year", "12"]).is_err());
        assert!(Cli::try_parse_from(["oomkit", "parse", "--timezone", "Mars/Olympus"]).is_err());
        assert!(Cli::try_parse_from(["oomkit", "parse", "--timezone", "-05:00", "--year", "2024"]).is_ok());
    }
}
