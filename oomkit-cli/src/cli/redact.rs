//! `oomkit redact`: its options and its help.

use super::{FilterArgs, InputArgs, TargetArgs};
use clap::{Args, ColorChoice};

/// Print OOM dumps with every host, pod, container, path, unit and command name replaced: to show to strangers
///
/// The same name becomes the same replacement, of the same length and shape, and numbers stay: the output parses to the
/// same events. Lines that are no part of a dump are not printed, since nobody can tell what is private in them.
#[derive(Debug, Args)]
#[command(color = ColorChoice::Auto, after_help = EXAMPLES, after_long_help = [EXAMPLES, DETAILS].concat())]
pub(crate) struct RedactArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) filter: FilterArgs,

    /// Replace names alike in every run with this key; keep it secret, it undoes the replacement
    ///
    /// Without it, a key is made up for this run and forgotten.
    #[arg(long, value_name = "TEXT", help_heading = "Output")]
    pub(crate) key: Option<String>,

    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

const EXAMPLES: &str = "\
Examples:
  oomkit redact /var/log/messages > for-the-bug.log
  oomkit redact --victim java --since 2026-11-20 logs/
  oomkit redact --key \"$(cat secret)\" node1.log node2.log
";

const DETAILS: &str = "
What is replaced:
  Names of hosts, commands and cgroup paths, wherever the kernel prints them,
  and in each line's prefix everything that is no time, no number and no word of
  log formats: labels, machine ids, addresses, fields of the journal.
What stays:
  Numbers (pids, sizes, uids, job and session numbers), times, kernel release
  and hardware, modules and symbols of the call trace, and the words of cgroup
  layouts (kubepods.slice, system.slice, docker, besteffort …).
What is left out:
  Lines of other programs, and kernel lines that belong to no dump. A note says
  how many stood within dumps. In /dev/kmsg form the gaps in the numbering show.
  A dump is printed only if the result was parsed and says the same as before.
  A verdict can still change: lines of other programs that bear on it are gone,
  and so are names of programs that are known to start others.

Exit codes:
  0  done, also when nothing was found or the reader of the output closed it
  2  wrong usage, an input or the output failed, or a dump could not be redacted
     (the others were still printed)
";
