//! `oomkit cgroup`: its options and its help.

use super::TargetArgs;
use clap::{Args, ColorChoice};
use std::ffi::OsString;

/// Say whose a cgroup is: container, pod, unit, user or job, read from its path alone
///
/// Prints one JSON object a line for each path, in the shape of an event's `container`; `null` where the path tells
/// nothing.
#[derive(Debug, Args)]
#[command(color = ColorChoice::Auto, after_help = EXAMPLES)]
pub(crate) struct CgroupArgs {
    /// Paths from the root of the cgroup tree; `-` reads them from standard input, one a line, as does no argument
    ///
    /// Lines of /proc/PID/cgroup (`0::/system.slice/…`) are paths too.
    #[arg(value_name = "PATH", allow_hyphen_values = true)]
    pub(crate) paths: Vec<OsString>,

    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

const EXAMPLES: &str = "\
Examples:
  oomkit cgroup /system.slice/nginx.service
  oomkit cgroup < /proc/4242/cgroup
  find /sys/fs/cgroup -type d -printf '/%P\\n' | oomkit cgroup

Exit codes:
  0  done
  2  wrong usage, or standard input or the output failed
";
