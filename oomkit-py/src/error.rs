//! The one exception of the package, and where it comes from.

use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::{PyErr, create_exception};
use std::io;

create_exception!(
    oomkit,
    OomkitError,
    PyValueError,
    "An option that cannot be used, or a source that cannot be read: a damaged or unsupported container.\n\n\
     The content of a log never raises it: damage is data, and stands in `Event.diagnostics`. A file that cannot be\n\
     opened raises the usual `OSError` (`FileNotFoundError`, `PermissionError` …)."
);

/// An option the core refused.
pub(crate) fn bad_option(error: oomkit_core::Error) -> PyErr {
    OomkitError::new_err(error.to_string())
}

/// A file that could not be read: `OSError` with errno and file name when the system said so, else what the
/// decompressor found wrong.
pub(crate) fn unreadable(path: &str, error: &io::Error) -> PyErr {
    match error.raw_os_error() {
        // OSError picks its own subclass from errno
        Some(errno) => PyOSError::new_err((errno, system_text(error), path.to_owned())),
        None => OomkitError::new_err(format!("{path}: {error}")),
    }
}

/// The system's text without the ` (os error 2)` that Rust adds: Python says `[Errno 2]` itself.
fn system_text(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}
