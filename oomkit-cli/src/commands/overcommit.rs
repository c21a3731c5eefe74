//! `oomkit overcommit`: who may use more memory than is booked for them.

use super::kills::told;
use super::table::{self, named, names};
use crate::cli::{ByArg, OvercommitArgs, TalkArgs};
use crate::cluster::measured;
use crate::outcome::{Code, Failure};
use crate::output::bar::bar;
use crate::output::table::{Cell, Table, both, print};
use oomkit_core::resources::Basis;
use oomkit_core::resources::measure::{By, Inputs, Overcommit, Profile};
use oomkit_core::resources::prometheus::Wanted;

/// Runs the command.
///
/// # Errors
/// Files that cannot be read, and an output that takes no more.
pub(super) fn run(args: &OvercommitArgs, _talk: &TalkArgs) -> Result<Code, Failure> {
    let profile = args.select.profile(&args.metrics)?;
    let wanted = match profile {
        Profile::Seed => Wanted::seed(),
        Profile::Default if args.events.events.is_empty() => Wanted::declared(),
        _ => Wanted::everything(Basis::WorkingSet),
    };
    let read = measured(&args.cluster, &args.metrics, &args.usage, &args.table, wanted)?;
    let select = args.select.rows.selection(args.view, ByArg::Pod);
    if profile == Profile::Lain && read.usage.is_empty() {
        let remedy = "give --usage FILE, --metrics FILE, --prometheus URL or --csv FILE";
        return Err(Failure::Usage(format!("--profile lain goes by what is used, and nothing says it: {remedy}")));
    }
    let kills = args.events.read(&args.table)?;
    let inputs = Inputs { facts: &read.facts, usage: &read.usage, series: &read.series, kills: &kills };
    let mut measure = profile.overcommit(inputs, &select);
    measure.notes.extend(read.notes);
    print(&args.table, &measure, &measure.rows, || shown(&measure))?;
    Ok(Code::Done)
}

fn shown(measure: &Overcommit) -> Table {
    let totals = &measure.totals;
    let times = totals.overcommit_ratio.map(|ratio| format!(", {ratio:.1} times as much")).unwrap_or_default();
    let headline = format!(
        "Overcommit by {}: limits exceed requests by {}{times}, in {}.",
        measure.by.as_str(),
        both(totals.overcommit_bytes),
        table::counted(totals.pods, "pod")
    );
    let most = measure.rows.iter().map(|row| row.overcommit_bytes.get()).max().unwrap_or(0);
    let nodes = measure.by == By::Node;
    let mut columns = names(measure.by);
    columns.extend([
        ("request", "request_bytes"),
        ("limit", "limit_bytes"),
        ("overcommit", "overcommit_bytes"),
        ("ratio", "overcommit_ratio"),
        ("unbounded", "unbounded_containers"),
    ]);
    if nodes {
        columns.extend([("memory", "capacity_bytes"), ("beyond it", "beyond_capacity_bytes")]);
    }
    let kills = measure.totals.kills.is_some();
    if kills {
        columns.extend([("kills", "kills"), ("hit at", "limit_at_kill_bytes")]);
    }
    columns.extend([("", "known_limit_bytes"), ("", "")]);
    let rows = measure.rows.iter().map(|row| {
        let mut cells = named(measure.by, &row.names);
        cells.extend([
            Cell::Size(Some(row.request_bytes)),
            row.known_limit_bytes.map_or(Cell::Size(row.limit_bytes), Cell::Unbounded),
            Cell::Size(Some(row.overcommit_bytes)),
            Cell::Ratio(row.overcommit_ratio),
            Cell::Count(row.unbounded_containers),
        ]);
        if nodes {
            cells.extend([Cell::Size(row.capacity_bytes), Cell::Size(row.beyond_capacity_bytes)]);
        }
        if kills {
            let found = row.kills.as_ref();
            cells.push(Cell::Count(found.map_or(0, |kills| kills.events)));
            cells.push(Cell::Size(found.and_then(|kills| kills.limit_at_kill_bytes)));
        }
        cells.push(Cell::Size(row.known_limit_bytes));
        let share = if most == 0 { 0.0 } else { row.overcommit_bytes.get() as f64 / most as f64 };
        cells.push(Cell::Bar(bar(share, 20)));
        cells
    });
    let mut notes = told(&measure.node_kills);
    notes.extend(measure.notes.iter().cloned());
    Table { headline, columns, rows: rows.collect(), notes }
}
