//! One module for each verb.

mod cgroup;
mod dashboard;
mod explain;
mod grep;
mod headroom;
mod kills;
mod lint;
mod overcommit;
mod parse;
mod recommend;
mod redact;
mod risk;
mod rules;
mod summary;
mod table;
mod waste;

use crate::cli::{Cli, Command};
use crate::outcome::{Code, Failure};

/// Runs the verb that was asked for.
///
/// # Errors
/// What ends a run early: bad arguments, or an output that takes no more.
pub(crate) fn run(cli: &Cli) -> Result<Code, Failure> {
    match &cli.command {
        Command::Parse(args) => parse::run(args, &cli.talk),
        Command::Explain(args) => explain::run(args, &cli.talk),
        Command::Headroom(args) => headroom::run(args, &cli.talk),
        Command::Lint(args) => lint::run(args, &cli.talk),
        Command::Overcommit(args) => overcommit::run(args, &cli.talk),
        Command::Waste(args) => waste::run(args, &cli.talk),
        Command::Dashboard(args) => dashboard::run(args, &cli.talk),
        Command::Rules(args) => rules::run(args, &cli.talk),
        Command::Risk(args) => risk::run(args, &cli.talk),
        Command::Recommend(args) => recommend::run(args, &cli.talk),
        Command::Summary(args) => summary::run(args, &cli.talk),
        Command::Grep(args) => grep::run(args, &cli.talk),
        Command::Redact(args) => redact::run(args, &cli.talk),
        Command::Cgroup(args) => cgroup::run(args, &cli.talk),
    }
}
