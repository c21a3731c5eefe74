//! What to read, and how to understand it: the same for every verb that reads logs.

use clap::{Args, ValueEnum};
use oomkit_core::{Error, Format, Options, ReferenceTime, Timezone, Year};
use std::path::PathBuf;
use std::str::FromStr;

/// What to read, and how to understand it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub(crate) struct InputArgs {
    /// Files, directories (walked), glob patterns; `-` is standard input, as is no argument
    #[arg(value_name = "FILE", help_heading = None)]
    pub(crate) files: Vec<PathBuf>,

    /// How lines are written: `auto` decides for each line, `bare` says they are kernel text without any prefix
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = InputFormat::Auto)]
    pub(crate) input_format: InputFormat,

    /// The year of a file's first timestamp that carries none; the year turns where later ones jump back by half a year
    #[arg(long, value_name = "YEAR")]
    pub(crate) year: Option<Year>,

    /// The UTC offset of timestamps that carry none: UTC, +02:00
    #[arg(long, value_name = "OFFSET", allow_hyphen_values = true)]
    pub(crate) timezone: Option<Timezone>,

    /// When the log was copied or read: puts timestamps without a year in the latest year that is not after it
    ///
    /// Something such as 2024-01-05T00:00:00Z, or `file` for each file's time of last modification (standard input has
    /// none). Right for logs that reach back less than a year; --year outranks it.
    #[arg(long, value_name = "TIME")]
    pub(crate) reference_time: Option<Reference>,

    /// Also give events whose lines a user process wrote; they are marked with the origin `user`
    #[arg(long)]
    pub(crate) include_user: bool,

    /// Give each dump once, though several inputs hold it (a console and a file, rotated copies)
    #[arg(long)]
    pub(crate) dedupe: bool,

    /// Threads to work with: on several files at once, else on the parts of one; 0 takes as many as there are processors.
    /// The output is the same with any number
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(crate) threads: usize,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputFormat {
    Auto,
    Bare,
}

impl InputArgs {
    /// The parser's options, without a source.
    pub(crate) fn options(&self) -> Options {
        let mut options = Options::new().include_user(self.include_user);
        options = options.format(self.format());
        if let Some(year) = self.year {
            options = options.year(year);
        }
        if let Some(timezone) = self.timezone {
            options = options.timezone(timezone);
        }
        if let Some(Reference::At(reference)) = self.reference_time {
            options = options.reference_time(reference);
        }
        options
    }

    /// How many threads to work with.
    pub(crate) fn threads(&self) -> usize {
        oomkit_source::threads(self.threads)
    }

    /// How lines are written.
    pub(crate) fn format(&self) -> Format {
        match self.input_format {
            InputFormat::Auto => Format::Auto,
            InputFormat::Bare => Format::Bare,
        }
    }

    /// Whether a file's own time shall tell the years its lines leave out.
    pub(crate) fn dated_by_files(&self) -> bool {
        self.year.is_none() && matches!(self.reference_time, Some(Reference::File))
    }
}

/// What a log's lines cannot be later than.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reference {
    /// A point in time, with its offset.
    At(ReferenceTime),
    /// Each file's own time.
    File,
}

impl FromStr for Reference {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text == "file" { Ok(Self::File) } else { text.parse().map(Self::At) }
    }
}
