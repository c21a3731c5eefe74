//! Where events go: the target, and a writer for each format.

pub(crate) mod bar;
mod csv;
pub(crate) mod escape;
mod json;
pub(crate) mod lint;
#[cfg(test)]
mod sample;
pub(crate) mod summary;
pub(crate) mod table;
mod text;

use crate::cli::{OutputFormat, StoryFormat};
use crate::input::identity::{self, FileId};
use crate::outcome::{Failure, Outcome};
use anstream::AutoStream;
use oomkit_core::diagnose::explain::Explanation;
use oomkit_core::{Companion, Event, Stats};
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

/// Takes events and companions as they are found.
pub(crate) trait Consumer {
    /// Takes the next event.
    ///
    /// # Errors
    /// Any ends the run.
    fn event(&mut self, event: &Event) -> io::Result<()>;

    /// Takes the next companion.
    ///
    /// # Errors
    /// Any ends the run.
    fn companion(&mut self, companion: &Companion) -> io::Result<()>;

    /// A log was read, to its end or until it failed.
    fn log(&mut self, stats: &Stats) {
        let _ = stats;
    }

    /// An input could not be read, or not to its end.
    fn unreadable(&mut self, name: &str) {
        let _ = name;
    }

    /// The input makes a pause: what was taken should be seen now.
    ///
    /// # Errors
    /// Any ends the run.
    fn pause(&mut self) -> io::Result<()>;
}

/// Writes events and companions in one format.
pub(crate) trait EventWriter {
    /// Writes one event.
    ///
    /// # Errors
    /// The target's.
    fn event(&mut self, event: &Event) -> io::Result<()>;

    /// Writes one companion.
    ///
    /// # Errors
    /// The target's.
    fn companion(&mut self, companion: &Companion) -> io::Result<()>;

    /// Writes what the format needs at the end, and flushes.
    ///
    /// # Errors
    /// The target's.
    fn finish(&mut self) -> io::Result<()>;

    /// Passes on what is buffered.
    ///
    /// # Errors
    /// The target's.
    fn flush(&mut self) -> io::Result<()>;
}

/// Writes explanations in one format.
pub(crate) trait StoryWriter {
    /// Writes the story of one event.
    ///
    /// # Errors
    /// The target's.
    fn story(&mut self, event: &Event, told: &Explanation) -> io::Result<()>;

    /// Writes what the format needs at the end, and flushes.
    ///
    /// # Errors
    /// The target's.
    fn finish(&mut self) -> io::Result<()>;
}

/// Standard output or a file.
#[derive(Debug)]
pub(crate) enum Target {
    Stdout,
    File { name: String, file: File },
}

/// Who sees the output while it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// A person, on the terminal.
    Terminal,
    /// A program behind a pipe, which may use the terminal itself.
    Program,
    /// Nobody yet: it goes to a file.
    Nobody,
}

impl Target {
    /// Opens the output; an existing file is overwritten.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else { return Ok(Self::Stdout) };
        let name = escape::text(&path.to_string_lossy()).into_owned();
        match File::create(path) {
            Ok(file) => Ok(Self::File { name, file }),
            Err(error) => Err(Failure::write(&name, error, Outcome::default())),
        }
    }

    /// For messages.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Stdout => "standard output",
            Self::File { name, .. } => name,
        }
    }

    /// Which file it is, so that it is not read as well.
    pub(crate) fn id(&self) -> Option<FileId> {
        match self {
            Self::Stdout => None,
            Self::File { file, .. } => {
                file.metadata().ok().filter(std::fs::Metadata::is_file).as_ref().and_then(FileId::of_metadata)
            }
        }
    }

    /// Who sees what is written.
    pub(crate) fn reader(&self) -> Reader {
        match self {
            Self::Stdout if io::stdout().is_terminal() => Reader::Terminal,
            Self::Stdout if identity::stdout_is_pipe() => Reader::Program,
            Self::File { file, .. } if file.is_terminal() => Reader::Terminal,
            Self::Stdout | Self::File { .. } => Reader::Nobody,
        }
    }

    /// Columns of the terminal; `None` for anything else.
    fn columns(&self) -> Option<usize> {
        let size = match self {
            Self::Stdout => terminal_size::terminal_size_of(io::stdout()),
            Self::File { file, .. } => terminal_size::terminal_size_of(file),
        };
        size.map(|(width, _)| usize::from(width.0))
    }

    /// Buffered, bytes as they are.
    pub(crate) fn plain(self) -> Box<dyn Write> {
        match self {
            Self::Stdout => Box::new(BufWriter::new(io::stdout())),
            Self::File { file, .. } => Box::new(BufWriter::new(file)),
        }
    }

    /// Buffered, colours kept only where `--color` and the terminal want them.
    pub(crate) fn colored(self) -> Box<dyn Write> {
        match self {
            Self::Stdout => Box::new(BufWriter::new(AutoStream::auto(io::stdout()))),
            Self::File { file, .. } => Box::new(BufWriter::new(AutoStream::auto(file))),
        }
    }
}

/// A writer of `format` to `target`.
pub(crate) fn writer(format: OutputFormat, target: Target) -> Box<dyn EventWriter> {
    match format {
        OutputFormat::Text => {
            let columns = target.columns();
            Box::new(text::TextWriter::new(target.colored(), columns))
        }
        OutputFormat::Json => Box::new(json::ArrayWriter::new(target.plain())),
        OutputFormat::Jsonl => Box::new(json::LinesWriter::new(target.plain())),
        OutputFormat::Csv => Box::new(csv::CsvWriter::new(target.plain())),
    }
}

/// A writer of explanations in `format` to `target`.
pub(crate) fn story_writer(format: StoryFormat, target: Target) -> Box<dyn StoryWriter> {
    match format {
        StoryFormat::Text => {
            let columns = target.columns();
            Box::new(text::TextWriter::new(target.colored(), columns))
        }
        StoryFormat::Json => Box::new(json::ArrayWriter::new(target.plain())),
        StoryFormat::Jsonl => Box::new(json::LinesWriter::new(target.plain())),
    }
}
