//! The command line: every command, option and help text. Help, man page and completions come from here.

use chrono::{DateTime, FixedOffset};
use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};
use oomkit_core::{Format, Options};
use std::path::PathBuf;

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

/// Find every OOM kill in logs and say what happened
///
/// Reads kernel logs in any form (dmesg, /var/log/messages, kern.log, journalctl, /dev/kmsg, serial consoles),
/// recognised line by line, and gives each run of the kernel's OOM killer as one event.
#[derive(Debug, Args)]
#[command(color = ColorChoice::Auto, after_help = EXAMPLES, after_long_help = [EXAMPLES, DETAILS].concat())]
pub(crate) struct ParseArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,

    /// Exit with 1 when at least one kill was found
    #[arg(long, help_heading = "Exit code")]
    pub(crate) exit_code: bool,

    /// Exit with 3 when a dump is damaged: its head, middle or tail is not in the log
    #[arg(long, help_heading = "Exit code")]
    pub(crate) strict: bool,
}

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
    #[arg(long, value_name = "YEAR", value_parser = year)]
    pub(crate) year: Option<i32>,

    /// The UTC offset of timestamps that carry none: UTC, +02:00
    #[arg(long, value_name = "OFFSET", value_parser = timezone, allow_hyphen_values = true)]
    pub(crate) timezone: Option<String>,

    /// When the log was copied or read: puts timestamps without a year in the latest year that is not after it
    ///
    /// Something such as 2024-01-05T00:00:00Z, or `file` for each file's time of last modification (standard input has
    /// none). Right for logs that reach back less than a year; --year outranks it.
    #[arg(long, value_name = "TIME", value_parser = reference_time)]
    pub(crate) reference_time: Option<Reference>,

    /// Also give events whose lines a user process wrote; they are marked with the origin `user`
    #[arg(long)]
    pub(crate) include_user: bool,

    /// Give each dump once, though several inputs hold it (a console and a file, rotated copies)
    #[arg(long)]
    pub(crate) dedupe: bool,

    /// Also give what other programs logged about a kill: systemd, systemd-oomd, earlyoom, kubelet, containerd …; not
    /// in CSV
    #[arg(long)]
    pub(crate) companions: bool,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputFormat {
    Auto,
    Bare,
}

/// Where the answer goes, and in what form.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// What to print; the same whether or not it is a terminal that reads it
    #[arg(short, long, value_enum, default_value_t = OutputFormat::Text)]
    pub(crate) format: OutputFormat,

    /// Write to a file instead of standard output (`-`)
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
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

impl InputArgs {
    /// The parser's options, without a source.
    ///
    /// # Errors
    /// The core's, in words; the value parsers have told them already.
    pub(crate) fn options(&self) -> Result<Options, String> {
        let mut options = Options::new().include_user(self.include_user).companions(self.companions);
        options = options.format(match self.input_format {
            InputFormat::Auto => Format::Auto,
            InputFormat::Bare => Format::Bare,
        });
        if let Some(year) = self.year {
            options = options.year(year).map_err(|e| e.to_string())?;
        }
        if let Some(timezone) = &self.timezone {
            options = options.timezone(timezone).map_err(|e| e.to_string())?;
        }
        if let Some(Reference::At(reference)) = self.reference_time {
            options = options.reference_time(reference);
        }
        Ok(options)
    }

    /// Whether a file's own time shall tell the years its lines leave out.
    pub(crate) fn dated_by_files(&self) -> bool {
        self.year.is_none() && matches!(self.reference_time, Some(Reference::File))
    }
}

/// A year that the core accepts.
fn year(text: &str) -> Result<i32, String> {
    let year: i32 = text.parse().map_err(|_| "a year is a number such as 2026".to_owned())?;
    Options::new().year(year).map(|_| year).map_err(|e| e.to_string())
}

/// An offset that the core accepts.
fn timezone(text: &str) -> Result<String, String> {
    Options::new().timezone(text).map(|_| text.to_owned()).map_err(|e| e.to_string())
}

/// What a log's lines cannot be later than.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reference {
    /// A point in time, with its offset.
    At(DateTime<FixedOffset>),
    /// Each file's own time.
    File,
}

fn reference_time(text: &str) -> Result<Reference, String> {
    if text == "file" {
        return Ok(Reference::File);
    }
    DateTime::parse_from_rfc3339(text)
        .map(Reference::At)
        .map_err(|_| "a time with its UTC offset is written like 2024-01-05T00:00:00Z".to_owned())
}

const EXAMPLES: &str = "\
Examples:
  oomkit parse /var/log/messages                   what happened, for people
  dmesg | oomkit parse                             the kernel's own buffer
  journalctl -k -o json | oomkit parse             keeps who wrote each line
  oomkit parse /var/log/ '/backup/*/kern.log*'     directories, patterns
  oomkit parse sosreport-web1.tar.xz               archives, walked as files
  oomkit parse -f jsonl -o kills.jsonl messages    JSON lines, for programs
  oomkit parse -f csv messages                     rows, for spreadsheets
  oomkit parse -q --exit-code messages || alert    exit code 1: there was a kill
";

const DETAILS: &str = "
Inputs:
  gzip, xz, zstd, bzip2 and tar are recognised by content, not by name, standard
  input's too. The files of an archive are read as if they stood in a directory,
  packed ones unpacked, archives in it walked one level deep; their events carry
  the name `bundle.tar.gz:var/log/messages`. Nothing is written to disk.
  A directory is walked in order of names, hidden files too; links to
  directories are not followed, and each file is read once. A pattern
  (* ? [a-z] {a,b} **) is expanded when no file has that very name.
  One bad file does not stop the rest.

Time:
  Syslog files leave out the year and the UTC offset. The year comes from
  --year or --reference-time (`file`: the file's time of last modification,
  which a copy keeps with cp -p), else from lines above that are dated in full.
  Without --timezone the offset is taken to be UTC. What was not given is
  listed in time.assumed.

CSV:
  Columns and their order are stable; new ones are added at the end. Sizes are
  in bytes. Text from the log that begins with = + - @, a tab or a line break
  gets a leading ' so that spreadsheets do not run it as a formula. The columns:
    event_id host time_wall time_text monotonic_seconds source_name first_line
    constraint scope outcome completeness verdict confidence
    trigger_comm trigger_pid trigger_order trigger_oom_score_adj
    oom_memcg task_memcg
    memory_usage_bytes memory_limit_bytes memory_failcnt
    victim_pid victim_comm victim_uid victim_total_vm_bytes
    victim_anon_rss_bytes victim_file_rss_bytes victim_shmem_rss_bytes
    victim_page_tables_bytes victim_oom_score_adj
    container_runtime container_id pod_uid qos_class diagnostics

Exit codes:
  0  done, also when nothing was found or the reader of the output closed it
  1  --exit-code: at least one kill was found
  2  wrong usage, or an input or the output failed (the other inputs were still
     read); beats 3 and 1
  3  --strict: a dump is damaged; beats 1
";

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
        for line in [EXAMPLES, DETAILS].concat().lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }

    #[test]
    fn bad_years_and_offsets_are_usage_errors() {
        assert!(Cli::try_parse_from(["oomkit", "parse", "--year", "12"]).is_err());
        assert!(Cli::try_parse_from(["oomkit", "parse", "--timezone", "Mars/Olympus"]).is_err());
        assert!(Cli::try_parse_from(["oomkit", "parse", "--timezone", "-05:00", "--year", "2024"]).is_ok());
    }
}
