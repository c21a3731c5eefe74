//! `oomkit waste`: who requests memory and does not use it.

use super::kills::told;
use super::table::{named, names};
use crate::cli::{ByArg, RankArg, TalkArgs, ViewArg, WasteArgs};
use crate::cluster::measured;
use crate::outcome::{Code, Failure};
use crate::output::bar::bar;
use crate::output::table::{Cell, Table, both, print};
use oomkit_core::resources::measure::{Inputs, NO_USAGE, Profile, Waste};
use oomkit_core::resources::prometheus::Wanted;

/// Runs the command.
///
/// # Errors
/// Files that cannot be read, no usage at all, and an output that takes no more.
pub(super) fn run(args: &WasteArgs, _talk: &TalkArgs) -> Result<Code, Failure> {
    if args.usage.usage.is_empty() && args.metrics.is_empty() {
        let remedy = "give --usage FILE (kubectl get --raw /apis/metrics.k8s.io/v1beta1/pods), --metrics FILE or --prometheus URL";
        return Err(Failure::Usage(format!("{NO_USAGE}: {remedy}")));
    }
    let profile = args.select.profile(&args.metrics)?;
    let basis = args.basis.into();
    let wanted = match profile {
        Profile::Seed => Wanted::seed(),
        _ => Wanted::used(basis),
    };
    let read = measured(&args.cluster, &args.metrics, &args.usage, &args.table, wanted)?;
    if args.rank_by == RankArg::Blame && args.events.events.is_empty() {
        let remedy = "give --events FILE (oomkit parse -f jsonl)";
        return Err(Failure::Usage(format!("--rank-by blame goes by kills: {remedy}")));
    }
    let mut select = args.select.rows.selection(ViewArg::Steady, ByArg::Pod);
    select.rank = args.rank_by.into();
    let kills = args.events.read(&args.table)?;
    let inputs = Inputs { facts: &read.facts, usage: &read.usage, series: &read.series, kills: &kills };
    let mut measure = profile.waste(inputs, basis, args.statistic, &select);
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
        ("measured", "quality"),
    ]);
    let by_time = measure.rows.iter().any(|row| row.waste_byte_hours.is_some());
    columns.push((if by_time { "GiB·hours" } else { "" }, "waste_byte_hours"));
    let kills = measure.totals.kills.is_some();
    if kills {
        columns.extend([("kills", "kills"), ("hurt with", "hurt_bytes")]);
    }
    columns.extend([("", "window"), ("", "basis"), ("", "")]);
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
            Cell::Word(row.quality.map_or("", |quality| quality.as_str())),
        ]);
        cells.push(Cell::GibHours(row.waste_byte_hours));
        if kills {
            cells.push(Cell::Count(row.kills.as_ref().map_or(0, |kills| kills.events)));
            cells.push(Cell::Size(row.hurt.as_ref().map(|hurt| hurt.wasted_bytes)));
        }
        cells.extend([
            Cell::Raw(
                row.window_seconds.filter(|window| *window > 0).map(|window| format!("{window}s")).unwrap_or_default(),
            ),
            Cell::Word(row.basis.as_str()),
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
    if let Some(idle) = &measure.idle {
        notes.push(format!(
            "of {} of the nodes, {} is allocated to no container, {} allocated and not used",
            idle.capacity_bytes, idle.unallocated_bytes, idle.allocated_unused_bytes
        ));
    }
    notes.extend(told(&measure.node_kills));
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
