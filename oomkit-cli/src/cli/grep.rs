//! `oomkit grep`: its options and its help.

use super::{FilterArgs, InputArgs, TargetArgs};
use clap::{Args, ColorChoice};

/// Print the original lines of the OOM dumps that match: for a bug report
///
/// Reads like `parse`, and writes the bytes of the dumps as they stand in the log, decompressed. Without a filter: those
/// of every dump.
#[derive(Debug, Args)]
#[command(color = ColorChoice::Auto, after_help = EXAMPLES, after_long_help = [EXAMPLES, DETAILS].concat())]
pub(crate) struct GrepArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) filter: FilterArgs,

    /// Every line from the first to the last of a dump, also those of other hosts and programs
    #[arg(long, help_heading = "Output")]
    pub(crate) raw_range: bool,
    #[command(flatten)]
    pub(crate) target: TargetArgs,

    /// Exit with 1 when at least one dump matched
    #[arg(long, help_heading = "Exit code")]
    pub(crate) exit_code: bool,
}

const EXAMPLES: &str = "\
Examples:
  oomkit grep --victim java /var/log/messages        the dumps that killed java
  oomkit grep --pod 282bb4b9 --since 2026-11-20 logs/
  journalctl -k -o export | oomkit grep --silent     keeps the journal's format
  oomkit grep --id 1c0e0319 messages | oomkit redact to show to strangers
";

const DETAILS: &str = "
Lines:
  A dump's lines are those from its first to its last. Lines between them that
  another host or another program wrote are left out where the log format tells
  them apart; --raw-range keeps them. A line of two dumps is printed once.
  Dumps without a date do not pass --since or --until; a note says how many.

Exit codes:
  0  done, also when nothing matched or the reader of the output closed it
  1  --exit-code: at least one dump matched
  2  wrong usage, or an input or the output failed (the other inputs were still
     read); beats 1
";
