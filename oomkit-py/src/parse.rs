//! The functions: bytes in memory, a file, or a stream of chunks in; events out.

use crate::arguments::function;
use crate::cgroup::encoded;
use crate::collector::Collector;
use crate::input::{Input, Progress};
use crate::stream::{EventIterator, Feed};
use oomkit_core::Parser;
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyMemoryView, PySlice, PyString};
use std::path::PathBuf;

/// How much is parsed before Python may handle a signal (Ctrl-C).
const UNINTERRUPTED: usize = 64 << 20;

/// How much of a mutable buffer is copied at once.
const COPIED: usize = 8 << 20;

/// How much of a file object is read at once.
pub(crate) const READ: usize = 256 << 10;

function! {
    /// Every OOM kill in a log held in memory, in the order of their first lines.
    ///
    /// `data` is the text of a log in any format: `bytes`, `str`, or any C-contiguous buffer (`bytearray`, `memoryview`,
    /// `mmap`, a `uint8` array). Lines may be cut and formats mixed. A log without a kill gives an empty list; damaged
    /// dumps give events whose `completeness` and `diagnostics` say what is missing. Compressed bytes are not decompressed.
    ///
    /// `source` is the name that `Event.source.name` shall carry.
    /// `format` is "auto" (line by line, from the text itself) or "bare" (every line is kernel text without a prefix).
    /// `year` completes timestamps that carry none (syslog's `Mar 30 12:00:01`).
    /// `timezone` is the UTC offset of timestamps that carry none: "UTC", "+02:00".
    /// `include_user` also gives events whose lines a user process wrote; their `source.origin` is "user".
    /// `reference_time` is a time that no timestamp is after (an aware `datetime`, or RFC 3339 text): timestamps without a
    /// year are put in the latest one that keeps to it. `year` outranks it.
    /// `companions` also gives what other programs logged about a kill, as `Companion` objects among the events, in the
    /// order of their lines; `Companion.event_id` is the `Event.id` each belongs to.
    /// `dedupe` gives each event id once, for logs that hold a dump twice.
    /// `pods` and `nodes` are what `kubectl get pods,nodes -A -o json` prints (a path, JSON, a `dict`, or a list of them): what
    /// they say of the pod a kill hit is in `Event.cluster`.
    ///
    /// The global interpreter lock is not held while parsing. Raises `OomkitError` for an option that cannot be used.
    fn parse(py, data: &Bound<'py, PyAny>, args: ParserArgs, source: &str = "-") -> PyResult<Vec<Py<PyAny>>> {
        let mut parser = Parser::new(args.options(source)?);
        let mut events = args.collector(py)?;
        feed_object(data, &mut parser, &mut events, || {
            let given = data.get_type().name()?;
            Ok(format!(
                "parse() takes bytes, str or a buffer, not {given}; for paths and files see parse_file(), iter_events()"
            ))
        })?;
        py.detach(|| parser.finish(&mut events));
        events.into_objects(py)
    }
}

function! {
    /// Every OOM kill in a file, in the order of their first lines.
    ///
    /// `path` is a `str` or `os.PathLike`. Gzip, xz, zstd, bzip2 and tar are recognised by content and not by name, and
    /// decompressed or walked; the events of an archive's files carry names such as `bundle.tar.gz:var/log/messages`.
    /// `source` is the path as given unless stated. `threads` may work on the file, 0 for as many as there are processors; the
    /// events are the same with any number. The other options are those of `parse()`.
    ///
    /// The global interpreter lock is not held while reading and parsing. All events are held in memory: for very large
    /// files see `iter_events()`. Raises `OSError` (`FileNotFoundError` …) when the file cannot be read, `OomkitError` for
    /// damaged or unsupported containers and for an option that cannot be used. `iter_events()` gives what can be read of
    /// such a file before it raises.
    fn parse_file(py, path: PathBuf, args: ParserArgs, source: Option<&str> = None, threads: usize = 0) -> PyResult<Vec<Py<PyAny>>> {
        let options = args.options("")?;
        let mut events = args.collector(py)?;
        let mut file = Input::open(py, &path, source, options)?.threads(threads);
        loop {
            py.check_signals()?;
            match file.advance(py, &mut events, |_| false) {
                Progress::More => {}
                Progress::Failed(error) => return Err(error),
                Progress::Ended => return events.into_objects(py),
            }
        }
    }
}

function! {
    /// Iterates over the OOM kills of a stream, each as soon as it is complete.
    ///
    /// `log` is one of: a path (`str` or `os.PathLike`; compressed files and archives as in `parse_file()`), a binary file
    /// object (anything with `.read(n)`: an open file, a pipe, a socket's file, `gzip.open()`), or an iterable of chunks
    /// (`bytes` or other buffers, cut anywhere); the last two are not decompressed. The options are those of `parse()`;
    /// `source` is the path as given, "-" for anything else.
    ///
    /// Memory stays flat whatever the length of the stream. Only as much is read as the next event needs. A file opened
    /// here is closed at the end, by `close()`, or by leaving a `with` block; a file object stays open. What `.read()` or
    /// the iterable raises is raised here unchanged, after the events that were complete (or can be closed) before it.
    /// Damage in a file opened here is raised at the very end: an archive's other files are read first.
    /// The global interpreter lock is not held while parsing.
    fn iter_events(py, log: &Bound<'py, PyAny>, args: ParserArgs, source: Option<&str> = None) -> PyResult<EventIterator> {
        let is_buffer = log.is_instance_of::<PyBytes>()
            || log.is_instance_of::<PyByteArray>()
            || log.is_instance_of::<PyMemoryView>();
        if is_buffer {
            let given = log.get_type().name()?;
            return Err(PyTypeError::new_err(format!(
                "iter_events() takes a path, a binary file or an iterable of chunks; for the {given} itself see parse()"
            )));
        }
        if log.is_instance_of::<PyString>() || log.hasattr("__fspath__")? {
            let path: PathBuf = log.extract()?;
            let options = args.options("")?;
            let events = args.collector(py)?;
            return Ok(EventIterator::new(Feed::file(Input::open(py, &path, source, options)?), events));
        }
        let parser = Parser::new(args.options(source.unwrap_or("-"))?);
        let feed = if log.hasattr("read")? {
            Feed::reader(log, parser)?
        } else if let Ok(chunks) = log.try_iter() {
            Feed::chunks(&chunks, parser)
        } else {
            let given = log.get_type().name()?;
            return Err(PyTypeError::new_err(format!(
                "iter_events() takes a path, a binary file or an iterable of chunks, not {given}"
            )));
        };
        Ok(EventIterator::new(feed, args.collector(py)?))
    }
}

/// Feeds a whole `bytes`, `str` or buffer. `complaint` is the text of the TypeError for anything else.
///
/// Only `bytes` and `str` cannot change while the lock is released, so only they are parsed in place.
pub(crate) fn feed_object(
    data: &Bound<'_, PyAny>,
    parser: &mut Parser,
    events: &mut Collector,
    complaint: impl FnOnce() -> PyResult<String>,
) -> PyResult<()> {
    if let Ok(bytes) = data.cast::<PyBytes>() {
        feed_bytes(data.py(), bytes.as_bytes(), parser, events)
    } else if let Ok(text) = data.cast::<PyString>() {
        feed_text(text, parser, events)
    } else if let Some(view) = bytes_of(data)? {
        feed_view(&view, parser, events)
    } else {
        Err(PyTypeError::new_err(complaint()?))
    }
}

fn feed_bytes(py: Python<'_>, bytes: &[u8], parser: &mut Parser, events: &mut Collector) -> PyResult<()> {
    for piece in bytes.chunks(UNINTERRUPTED) {
        py.check_signals()?;
        let _ = py.detach(|| parser.feed(piece, events));
    }
    Ok(())
}

/// In place where the text is UTF-8 as it is, which is nearly always.
fn feed_text(text: &Bound<'_, PyString>, parser: &mut Parser, events: &mut Collector) -> PyResult<()> {
    if let Ok(utf8) = text.to_str() {
        return feed_bytes(text.py(), utf8.as_bytes(), parser, events);
    }
    feed_bytes(text.py(), encoded(text)?.as_bytes(), parser, events)
}

/// A view of an object's bytes, one byte an element; `None` when it has no buffer.
fn bytes_of<'py>(data: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Ok(view) = PyMemoryView::from(data) else { return Ok(None) };
    let view = view.into_any();
    let flat = view.getattr("ndim")?.eq(1)? && view.getattr("format")?.eq("B")?;
    let contiguous = view.getattr("c_contiguous")?.is_truthy()?;
    if flat && contiguous {
        return Ok(Some(view));
    }
    match view.call_method1("cast", ("B",)) {
        // formats that cast() does not know: ctypes says `<B`
        Err(_) if contiguous => Ok(Some(PyMemoryView::from(&view.call_method0("tobytes")?)?.into_any())),
        // refuses what is not contiguous
        result => result.map(Some),
    }
}

/// Copies piece by piece: others may write to the buffer while the lock is released. The view keeps its size.
fn feed_view(view: &Bound<'_, PyAny>, parser: &mut Parser, events: &mut Collector) -> PyResult<()> {
    let py = view.py();
    let size = view.len()?;
    let mut copy = vec![0; size.min(COPIED)];
    for start in (0..size).step_by(COPIED) {
        py.check_signals()?;
        let end = size.min(start + COPIED);
        let piece = &mut copy[..end - start];
        PyBuffer::get(&view.get_item(range(py, start, end)?)?)?.copy_to_slice(py, piece)?;
        let _ = py.detach(|| parser.feed(piece, events));
    }
    Ok(())
}

fn range(py: Python<'_>, start: usize, end: usize) -> PyResult<Bound<'_, PySlice>> {
    // sizes of objects fit isize
    Ok(PySlice::new(py, start.try_into()?, end.try_into()?, 1))
}
