//! Inputs: what the arguments name, in the order it is read.

pub(crate) mod identity;
mod pattern;
mod walk;

use crate::outcome::Failure;
use crate::output::escape;
use crate::progress::Counter;
use identity::FileId;
use oomkit_core::Options;
use oomkit_source::{Logs, Source};
use std::borrow::Cow;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// One thing to read.
#[derive(Debug)]
pub(crate) enum Input {
    Stdin,
    File(PathBuf),
    /// What cannot be read, and why; told when its turn comes.
    Unreadable(PathBuf, String),
}

impl Input {
    /// As the user named it: `-` for standard input.
    pub(crate) fn name(&self) -> Cow<'_, str> {
        match self {
            Self::Stdin => Cow::Borrowed("-"),
            Self::File(path) | Self::Unreadable(path, _) => path.to_string_lossy(),
        }
    }

    /// Opens it and looks at its first bytes; what is read is counted.
    ///
    /// # Errors
    /// The system's, or the reason found when the inputs were listed.
    pub(crate) fn open(&self, options: Options, counter: Counter) -> io::Result<Logs> {
        match self {
            Self::Stdin => {
                identity::widen_stdin();
                Logs::open("-", counter.counted(io::stdin()), options)
            }
            Self::File(path) => Logs::open(self.name(), counter.counted(File::open(path)?), options),
            Self::Unreadable(_, reason) => Err(io::Error::other(reason.clone())),
        }
    }

    /// Opens it as text, not parsed.
    ///
    /// # Errors
    /// As [`Input::open`].
    pub(crate) fn source(&self, counter: Counter) -> io::Result<Source> {
        match self {
            Self::Stdin => {
                identity::widen_stdin();
                Source::open("-", counter.counted(io::stdin()))
            }
            Self::File(path) => Source::open(self.name(), counter.counted(File::open(path)?)),
            Self::Unreadable(_, reason) => Err(io::Error::other(reason.clone())),
        }
    }

    /// When a regular file was last written to.
    pub(crate) fn modified(&self) -> Option<SystemTime> {
        let Self::File(path) = self else { return None };
        fs::metadata(path).ok().filter(fs::Metadata::is_file)?.modified().ok()
    }

    /// Its size as stored; `None` for what has no end that is known before.
    fn bytes(&self) -> Option<u64> {
        match self {
            Self::Stdin => identity::stdin_metadata(),
            Self::File(path) => fs::metadata(path).ok(),
            Self::Unreadable(..) => return Some(0),
        }
        .filter(fs::Metadata::is_file)
        .map(|metadata| metadata.len())
    }
}

/// All sizes together; `None` with a pipe among them.
pub(crate) fn total_bytes(inputs: &[Input]) -> Option<u64> {
    inputs.iter().map(Input::bytes).sum()
}

/// Refuses to overwrite a file that shall be read.
///
/// # Errors
/// When the output is one of the files named.
pub(crate) fn refuse_output_among(arguments: &[PathBuf], output: Option<&Path>) -> Result<(), Failure> {
    let Some(output) = output.filter(|path| *path != Path::new("-")) else { return Ok(()) };
    let Some(id) = FileId::of(output) else { return Ok(()) };
    match arguments.iter().find(|path| FileId::of(path).as_ref() == Some(&id)) {
        Some(path) => {
            Err(Failure::Usage(format!("{}: is an input and the output", escape::text(&path.to_string_lossy()))))
        }
        None => Ok(()),
    }
}

/// What the arguments name: files, what directories hold, what patterns match. The output is never read.
pub(crate) fn plan(arguments: &[PathBuf], output: Option<&FileId>) -> Vec<Input> {
    if arguments.is_empty() {
        return vec![Input::Stdin];
    }
    let mut inputs = Vec::new();
    for path in arguments {
        if path == Path::new("-") {
            inputs.push(Input::Stdin);
            continue;
        }
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => walk::directory(path, output, &mut inputs),
            Ok(_) if output.is_some() && FileId::of(path).as_ref() == output => {
                inputs.push(Input::Unreadable(path.clone(), "is an input and the output".to_owned()));
            }
            Ok(_) => inputs.push(Input::File(path.clone())),
            Err(error) if error.kind() == io::ErrorKind::NotFound && pattern::is_one(path) => {
                pattern::expand(path, output, &mut inputs);
            }
            Err(error) => inputs.push(Input::Unreadable(path.clone(), crate::outcome::reason(&error))),
        }
    }
    inputs
}
