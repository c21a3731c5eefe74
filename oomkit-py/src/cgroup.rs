//! Identity of a cgroup path, without any log.

use crate::parts;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

/// Who a cgroup path belongs to: container, pod, systemd unit, batch job. `None` when the path does not tell.
///
/// `path` is `str` or `bytes`, from the root of the cgroup tree: as the kernel prints it in a dump. Nothing is looked
/// up: the answer is what the path itself says. `None` for the root, for `(null)` and for a path in which nothing is
/// recognised (`/myapp`).
///
/// >>> oomkit.cgroup("/system.slice/nginx.service").unit
/// 'nginx.service'
#[pyfunction]
#[pyo3(signature = (path, /))]
pub(crate) fn cgroup<'py>(path: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let identity = if let Ok(bytes) = path.cast::<PyBytes>() {
        oomkit_core::cgroup::identify(bytes.as_bytes())
    } else if let Ok(text) = path.cast::<PyString>() {
        oomkit_core::cgroup::identify(encoded(text)?.as_bytes())
    } else {
        return Err(PyTypeError::new_err(format!("cgroup() takes str or bytes, not {}", path.get_type().name()?)));
    };
    identity.map(|identity| parts::object(path.py(), Box::new(identity))).transpose()
}

/// UTF-8, with surrogates back to the bytes they stand for (`errors="surrogateescape"`) where there are any.
pub(crate) fn encoded<'py>(text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyBytes>> {
    let bytes = text
        .call_method1("encode", ("utf-8", "surrogateescape"))
        // surrogates that stand for no byte: content must not raise
        .or_else(|_| text.call_method1("encode", ("utf-8", "surrogatepass")))?;
    Ok(bytes.cast_into()?)
}
