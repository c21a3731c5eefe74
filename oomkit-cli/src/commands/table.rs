//! What the tables of all measures have in common: the columns of names.

use crate::output::table::Cell;
use oomkit_core::resources::measure::{By, Names};

pub(super) use crate::talk::count as counted;

/// The title in text (empty where a column is only in CSV), the name in CSV, and the cell.
type Column = (&'static str, &'static str, fn(&Names) -> &Option<String>);

const NAMESPACE: Column = ("namespace", "namespace", |names| &names.namespace);
const POD: Column = ("pod", "pod", |names| &names.pod);
const WORKLOAD: Column = ("workload", "workload", |names| &names.workload);
const CONTAINER: Column = ("container", "container", |names| &names.container);
const NODE: Column = ("node", "node", |names| &names.node);

fn columns(by: By) -> Vec<Column> {
    match by {
        By::Pod => vec![NAMESPACE, POD, WORKLOAD, NODE],
        By::Workload => vec![NAMESPACE, WORKLOAD],
        By::Namespace => vec![NAMESPACE],
        By::Node => vec![NODE],
        // a container has every name
        _ => vec![NAMESPACE, POD, CONTAINER, ("", WORKLOAD.1, WORKLOAD.2), ("", NODE.1, NODE.2)],
    }
}

/// Columns that tell who a row is about.
pub(super) fn names(by: By) -> Vec<(&'static str, &'static str)> {
    columns(by).into_iter().map(|(title, name, _)| (title, name)).collect()
}

/// Cells of those columns.
pub(super) fn named(by: By, names: &Names) -> Vec<Cell> {
    columns(by).into_iter().map(|(.., name)| Cell::Name(name(names).clone().unwrap_or_default())).collect()
}
