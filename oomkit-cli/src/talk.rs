//! Standard error: notes, which `--quiet` silences, and errors, which it does not.

use crate::output::escape;
use crate::progress::Progress;
use std::fmt;
use std::io::Write;

/// Speaks to people without disturbing the progress bar.
#[derive(Debug)]
pub(crate) struct Talk {
    quiet: bool,
    pub(crate) progress: Progress,
}

impl Talk {
    pub(crate) fn new(quiet: bool, progress: Progress) -> Self {
        Self { quiet, progress }
    }

    /// Something worth knowing.
    pub(crate) fn note(&self, message: &str) {
        if !self.quiet {
            self.say(format_args!("oomkit: {message}"));
        }
    }

    /// Why an input could not be read.
    pub(crate) fn unreadable(&self, name: &str, reason: &str) {
        self.say(format_args!("oomkit: {}: {reason}", escape::text(name)));
    }

    fn say(&self, message: fmt::Arguments<'_>) {
        self.progress.suspend(|| {
            // nothing is left to tell when standard error is gone
            let _ = writeln!(anstream::stderr(), "{message}");
        });
    }
}

/// `1 file`, `2 files`.
pub(crate) fn count(n: u64, thing: &str) -> String {
    format!("{n} {thing}{}", if n == 1 { "" } else { "s" })
}
