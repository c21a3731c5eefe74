//! The Python module `oomkit._oomkit`: conversion and documentation. What a log means is decided in `oomkit-core`.

#![forbid(unsafe_code)]

mod arguments;
mod cgroup;
mod collector;
mod error;
mod explain;
mod input;
mod options;
mod parse;
mod parts;
mod quantity;
mod resources;
mod stream;
mod summary;

/// `parse_file` keeps every event, each of hundreds of small strings.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The toolkit for Linux OOM kills: native part of the package `oomkit`.
#[pyo3::pymodule(gil_used = false)]
mod _oomkit {
    #[pymodule_export]
    use super::cgroup::cgroup;
    #[pymodule_export]
    use super::error::OomkitError;
    #[pymodule_export]
    use super::explain::explain;
    #[pymodule_export]
    use super::parse::{iter_events, parse, parse_file};
    #[pymodule_export]
    use super::parts::Part;
    #[pymodule_export]
    use super::quantity::parse_quantity;
    #[pymodule_export]
    use super::resources::resources;
    #[pymodule_export]
    use super::stream::EventIterator;
    #[pymodule_export]
    use super::summary::{Summary, summarize};

    #[pymodule_export]
    #[allow(non_upper_case_globals)]
    const __version__: &str = env!("CARGO_PKG_VERSION");

    #[pymodule_init]
    fn init(module: &pyo3::Bound<'_, pyo3::types::PyModule>) -> pyo3::PyResult<()> {
        super::parts::add_classes(module, "oomkit")
    }
}
