//! The lazy iterator: reads as much as the next event needs, from a file, a Python file object or chunks.

use crate::collector::{self, Collector};
use crate::input::{Input, Progress};
use crate::parse::{READ, feed_object};
use oomkit_core::{Item, Parser};
use pyo3::exceptions::{PyBlockingIOError, PyException, PyTypeError, PyValueError};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::types::{PyIterator, PyString, PyType};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

/// Iterator over the events of a stream, and its companions where asked for; see `iter_events()`. Threads may share one:
/// each object goes to one of them.
#[pyclass(module = "oomkit", frozen)]
pub(crate) struct EventIterator {
    state: Mutex<State>,
    /// Who holds `state`: a source that asks its own reader for events must not wait for itself.
    running: Mutex<Option<ThreadId>>,
}

struct State {
    feed: Feed,
    ready: Collector,
    failed: Option<PyErr>,
}

/// Where the bytes come from.
pub(crate) enum Feed {
    /// A file opened here, and the first thing that was wrong with it.
    File(Box<Input>, Option<PyErr>),
    /// The read method of a Python file object.
    Reader(Py<PyAny>, Box<Parser>),
    /// An iterator of chunks.
    Chunks(Py<PyIterator>, Box<Parser>),
    /// At its end, or closed.
    Ended,
}

impl Feed {
    pub(crate) fn file(input: Input) -> Self {
        Self::File(Box::new(input), None)
    }

    pub(crate) fn reader(file: &Bound<'_, PyAny>, parser: Parser) -> PyResult<Self> {
        let io = file.py().import("io")?;
        if file.is_instance(&io.getattr("TextIOBase")?)? {
            return Err(PyTypeError::new_err("the file is open in text mode; open it in binary mode (\"rb\")"));
        }
        // `read(n)` of a buffered pipe waits for n bytes: a live log would be late
        let buffered = file.is_instance(&io.getattr("BufferedIOBase")?)?;
        let read = file.getattr(if buffered { "read1" } else { "read" })?;
        Ok(Self::Reader(read.unbind(), Box::new(parser)))
    }

    pub(crate) fn chunks(chunks: &Bound<'_, PyIterator>, parser: Parser) -> Self {
        Self::Chunks(chunks.clone().unbind(), Box::new(parser))
    }

    /// Parses the next bytes; false at the end.
    fn advance(&mut self, py: Python<'_>, ready: &mut Collector) -> PyResult<bool> {
        match self {
            Self::File(input, failed) => {
                // back to Python only with an event in hand, or to look for signals
                match input.advance(py, ready, |ready| !ready.is_empty()) {
                    Progress::More => Ok(true),
                    Progress::Failed(error) => {
                        // an archive's other files are read first
                        failed.get_or_insert(error);
                        Ok(true)
                    }
                    Progress::Ended => failed.take().map_or(Ok(false), Err),
                }
            }
            Self::Reader(read, parser) => {
                let chunk = read.bind(py).call1((READ,))?;
                if chunk.is_none() {
                    return Err(PyBlockingIOError::new_err("the file is non-blocking and has no data"));
                }
                if chunk.is_instance_of::<PyString>() {
                    return Err(PyTypeError::new_err("read() gave str; open the file in binary mode (\"rb\")"));
                }
                feed_object(&chunk, parser, ready, || {
                    Ok(format!("read() gave {}, not bytes", chunk.get_type().name()?))
                })?;
                chunk.is_truthy()
            }
            Self::Chunks(chunks, parser) => {
                let Some(chunk) = chunks.bind(py).clone().next().transpose()? else { return Ok(false) };
                if chunk.is_instance_of::<PyString>() {
                    let text = "a chunk is str: chunks are bytes or buffers; encode text, pass a path by itself";
                    return Err(PyTypeError::new_err(text));
                }
                feed_object(&chunk, parser, ready, || {
                    Ok(format!("a chunk is {}: chunks are bytes or buffers", chunk.get_type().name()?))
                })?;
                Ok(true)
            }
            Self::Ended => Ok(false),
        }
    }
}

impl State {
    fn next(&mut self, py: Python<'_>) -> PyResult<Option<Item>> {
        loop {
            if let Some(item) = self.ready.pop() {
                return Ok(Some(item));
            }
            if matches!(self.feed, Feed::Ended) {
                return self.failed.take().map_or(Ok(None), Err);
            }
            py.check_signals()?;
            match self.feed.advance(py, &mut self.ready) {
                Ok(true) => {}
                Ok(false) => self.end(py),
                // KeyboardInterrupt and its like do not wait behind events
                Err(error) if !error.is_instance_of::<PyException>(py) => return Err(error),
                Err(error) => {
                    self.failed = Some(error);
                    self.end(py);
                }
            }
        }
    }

    /// No more bytes: closes the file, and takes what is still open as far as it was seen.
    fn end(&mut self, py: Python<'_>) {
        if let Feed::Reader(_, parser) | Feed::Chunks(_, parser) = std::mem::replace(&mut self.feed, Feed::Ended) {
            let ready = &mut self.ready;
            py.detach(|| parser.finish(ready));
        }
    }
}

impl EventIterator {
    pub(crate) fn new(feed: Feed, ready: Collector) -> Self {
        let state = State { feed, ready, failed: None };
        Self { state: Mutex::new(state), running: Mutex::new(None) }
    }

    /// Runs `work` alone. Waits for another thread (detached), refuses the same one.
    fn alone<T>(&self, py: Python<'_>, work: impl FnOnce(&mut State) -> T) -> PyResult<T> {
        let me = thread::current().id();
        if *self.running() == Some(me) {
            return Err(PyValueError::new_err("iterator already executing"));
        }
        let mut state = self.state.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner);
        *self.running() = Some(me);
        let result = work(&mut state);
        *self.running() = None;
        Ok(result)
    }

    /// Never held while anything else runs.
    fn running(&self) -> MutexGuard<'_, Option<ThreadId>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl EventIterator {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        self.alone(py, |state| state.next(py))??.map(|item| collector::object(py, item)).transpose()
    }

    /// `EventIterator[Event]`, for annotations.
    #[classmethod]
    fn __class_getitem__(class: &Bound<'_, PyType>, item: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let alias = class.py().import("types")?.getattr("GenericAlias")?;
        Ok(alias.call1((class, item))?.unbind())
    }

    /// Ends the iteration: closes a file that was opened here and drops what was read but not yet given.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let before = self.alone(py, |state| {
            let ended = State { feed: Feed::Ended, ready: Collector::default(), failed: None };
            std::mem::replace(state, ended)
        })?;
        // outside the lock: a chunk generator that goes away may run Python code
        drop(before);
        Ok(())
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, PyAny>) -> PyResult<()> {
        self.close(py)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        // a running iterator is reachable anyway
        if let Ok(state) = self.state.try_lock() {
            match &state.feed {
                Feed::Reader(read, _) => visit.call(read)?,
                Feed::Chunks(chunks, _) => visit.call(chunks)?,
                Feed::File(..) | Feed::Ended => {}
            }
        }
        Ok(())
    }

    fn __clear__(&self) {
        let feed = match self.state.try_lock() {
            Ok(mut state) => std::mem::replace(&mut state.feed, Feed::Ended),
            Err(_) => return,
        };
        drop(feed);
    }
}
