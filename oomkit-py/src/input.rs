//! Files opened by path: all their logs, and what is wrong with them in the words of Python.

use crate::error::unreadable;
use oomkit_core::{Options, Sink};
use oomkit_source::{Logs, Step};
use pyo3::prelude::*;
use std::io;
use std::path::Path;

/// How many steps are taken before Python may handle a signal (Ctrl-C): of half a MiB at most, so 64 MiB.
const UNINTERRUPTED: usize = 128;

/// A file, and the logs in it.
pub(crate) struct Input {
    logs: Logs,
    path: String,
    source: String,
}

/// Where the reading of a file stands.
pub(crate) enum Progress {
    /// There may be more.
    More,
    /// A log could not be read, or not to its end. There may be others.
    Failed(PyErr),
    /// The end.
    Ended,
}

impl Input {
    /// Opens a file whose events shall carry the name `source`, or that of the path.
    pub(crate) fn open(py: Python<'_>, path: &Path, source: Option<&str>, options: Options) -> PyResult<Self> {
        let name = path.to_string_lossy().into_owned();
        let source = source.unwrap_or(&name).to_owned();
        let logs = py.detach(|| Logs::open(&*source, std::fs::File::open(path)?, options));
        match logs {
            Ok(logs) => Ok(Self { logs, path: name, source }),
            Err(error) => Err(unreadable(&name, &error)),
        }
    }

    /// How many threads may work on it; 0 for as many as there are processors.
    pub(crate) fn threads(mut self, threads: usize) -> Self {
        self.logs = self.logs.threads(oomkit_source::threads(threads));
        self
    }

    /// Reads on until `enough` is true of the sink, or Python should look for signals.
    pub(crate) fn advance<S: Sink + Send>(&mut self, py: Python<'_>, sink: &mut S, enough: fn(&S) -> bool) -> Progress {
        let failed = py.detach(|| {
            for _ in 0..UNINTERRUPTED {
                match self.logs.step(sink) {
                    Step::Done => return Err(None),
                    Step::Log { end: Err(error), .. } => return Err(Some(error)),
                    Step::Interrupted => break,
                    Step::Text | Step::Log { .. } => {}
                }
                if enough(sink) {
                    break;
                }
            }
            Ok(())
        });
        match failed {
            Ok(()) => Progress::More,
            Err(None) => Progress::Ended,
            Err(Some(error)) => Progress::Failed(self.failure(&error)),
        }
    }

    /// Names the file, whatever name its events carry.
    fn failure(&self, error: &io::Error) -> PyErr {
        let member = self.logs.name().strip_prefix(&self.source).unwrap_or_default();
        unreadable(&format!("{}{member}", self.path), error)
    }
}
