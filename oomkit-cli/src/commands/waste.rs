//! `oomkit waste`: who requests memory and does not use it.

use super::table::{named, names};
use crate::cli::{TalkArgs, WasteArgs};
use crate::cluster::measured;
use crate::outcome::{Code, Failure};
use crate::output::bar::bar;
use crate::output::table::{Cell, Table, both, print};
use oomkit_core::resources::measure::{Waste, waste, waste_seed};

/// Runs the command.
///
/// # Errors
/// Files that cannot be read, no usage at all, and an output that takes no more.
pub(super) fn run(args: &WasteArgs, _talk: &TalkArgs) -> Result<Code, Failure> {
    if args.usage.usage.is_empty() && args.metrics.metrics.is_empty() {
        let remedy = "give --usage FILE (kubectl get --raw /apis/metrics.k8s.io/v1beta1/pods) or --metrics FILE";
        return Err(Failure::Usage(format!("nothing says what is used: {remedy}")));
    }
    let read = measured(&args.cluster, &args.metrics, &args.usage, &args.table)?;
    let select = args.select.selection(crate::cli::ViewArg::Steady);
    let mut measure = match args.select.seed(&args.metrics)? {
        true => waste_seed(&read.series, &select),
        false => waste(&read.facts, &read.usage, args.basis.into(), args.statistic, &select),
    };
    measure.notes.extend(read.notes);
    print(&args.table, &measure, &measure.rows, || shown(&measure))?;
    Ok(Code::Done)
}

fn shown(measure: &Waste) -> Table {
    let totals = &measure.totals;
    let share = totals.waste_ratio.map(|ratio| format!(", {:.0}% of it", ratio * 100.0)).unwrap_or_default();
    let headline = format!(
        "Waste by {}: of {} requested, {} is not used{share}; elsewhere {} is used beyond requests.",
        measure.by.as_str(),
        totals.request_bytes,
        both(totals.waste_bytes),
        totals.deficit_bytes
    );
    let most = measure.rows.iter().map(|row| row.waste_bytes.get()).max().unwrap_or(0);
    let mut columns = names(measure.by);
    columns.extend([
        ("request", "request_bytes"),
        ("usage", "usage_bytes"),
        ("waste", "waste_bytes"),
        ("share", "waste_ratio"),
        ("deficit", "deficit_bytes"),
        ("points", "points"),
        ("", ""),
    ]);
    let rows = measure.rows.iter().map(|row| {
        let mut cells = named(measure.by, &row.names);
        let share = if most == 0 { 0.0 } else { row.waste_bytes.get() as f64 / most as f64 };
        cells.extend([
            Cell::Size(Some(row.request_bytes)),
            Cell::Size(Some(row.usage_bytes)),
            Cell::Size(Some(row.waste_bytes)),
            Cell::Share(row.waste_ratio),
            Cell::Size(Some(row.deficit_bytes)),
            Cell::Count(row.points),
            Cell::Bar(bar(share, 20)),
        ]);
        cells
    });
    let basis = measure.totals.basis.as_str();
    let window = match totals.window_seconds {
        Some(0) | None => String::new(),
        Some(seconds) => format!(", over {}", span(seconds)),
    };
    let mut notes = vec![format!("usage: {basis}{window}")];
    notes.extend(measure.notes.iter().cloned());
    Table { headline, columns, rows: rows.collect(), notes }
}

fn span(seconds: u64) -> String {
    match seconds {
        0..7200 => format!("{} minutes", seconds / 60),
        7200..172_800 => format!("{} hours", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}
