//! The Python module `oomkit._oomkit`: conversion and documentation. What a log means is decided in `oomkit-core`.

#![forbid(unsafe_code)]

mod cgroup;
mod convert;
mod error;
mod explain;
mod found;
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
    use super::parts::cluster::{Cluster, LastState};
    #[pymodule_export]
    use super::parts::companion::Companion;
    #[pymodule_export]
    use super::parts::event::{Event, Kernel, Source};
    #[pymodule_export]
    use super::parts::explanation::{
        Candidate, Choice, CommandShare, Explanation, Holders, Number, Request, Sentence, Use, UserShare, Uses,
        WhatIfAnswer,
    };
    #[pymodule_export]
    use super::parts::identity::{Identity, Job, LimitOwner, TaskRef};
    #[pymodule_export]
    use super::parts::memcg::{CgroupStats, Counter, Memcg};
    #[pymodule_export]
    use super::parts::memory::{Allocation, Buddy, BuddyOrder, Hugepages, Memory, Node, Slab, Zone};
    #[pymodule_export]
    use super::parts::process::{GroupKill, Reaped, Task, Victim};
    #[pymodule_export]
    use super::parts::time::Time;
    #[pymodule_export]
    use super::parts::trigger::{Frame, Trigger};
    #[pymodule_export]
    use super::parts::verdict::{Diagnostic, Evidence, Verdict};
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
}
