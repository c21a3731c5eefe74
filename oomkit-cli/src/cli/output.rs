//! Where answers go, and in what form.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Where the answer goes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct TargetArgs {
    /// Write to a file instead of standard output (`-`)
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Where the answer goes, and in what form.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// What to print; the same whether or not it is a terminal that reads it
    #[arg(short, long, value_enum, default_value_t = OutputFormat::Text)]
    pub(crate) format: OutputFormat,

    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

/// Forms of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// A block to read for each event
    Text,
    /// One JSON array
    Json,
    /// One JSON object a line
    Jsonl,
    /// One row for each victim, one for an event without victims
    Csv,
}

/// What the exit code tells.
#[derive(Debug, Args)]
#[command(next_help_heading = "Exit code")]
pub(crate) struct ExitArgs {
    /// Exit with 1 when at least one kill was found
    #[arg(long)]
    pub(crate) exit_code: bool,

    /// Exit with 3 when a dump is damaged: its head, middle or tail is not in the log
    #[arg(long)]
    pub(crate) strict: bool,
}
