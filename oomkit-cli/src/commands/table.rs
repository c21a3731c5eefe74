//! What the tables of all measures have in common: the columns of names.

use crate::output::table::Cell;
use oomkit_core::resources::measure::{By, Names};

pub(super) use crate::talk::count as counted;

/// Columns that tell who a row is about.
pub(super) fn names(by: By) -> Vec<(&'static str, &'static str)> {
    match by {
        By::Container => {
            vec![("namespace", "namespace"), ("pod", "pod"), ("container", "container"), ("", "workload"), ("", "node")]
        }
        By::Pod => vec![("namespace", "namespace"), ("pod", "pod"), ("workload", "workload"), ("node", "node")],
        By::Workload => vec![("namespace", "namespace"), ("workload", "workload")],
        By::Namespace => vec![("namespace", "namespace")],
        By::Node => vec![("node", "node")],
    }
}

/// Cells of those columns.
pub(super) fn named(by: By, names: &Names) -> Vec<Cell> {
    let cell = |name: &Option<String>| Cell::Name(name.clone().unwrap_or_default());
    match by {
        By::Container => vec![
            cell(&names.namespace),
            cell(&names.pod),
            cell(&names.container),
            cell(&names.workload),
            cell(&names.node),
        ],
        By::Pod => vec![cell(&names.namespace), cell(&names.pod), cell(&names.workload), cell(&names.node)],
        By::Workload => vec![cell(&names.namespace), cell(&names.workload)],
        By::Namespace => vec![cell(&names.namespace)],
        By::Node => vec![cell(&names.node)],
    }
}
