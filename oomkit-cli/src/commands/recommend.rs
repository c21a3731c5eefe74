//! `oomkit recommend`: what to request and to limit, and what it rests on.

use super::kills::told;
use super::table::{named, names};
use crate::cli::{AdviceProfileArg, ByArg, RecommendArgs, TalkArgs, ViewArg};
use crate::cluster::measured;
use crate::outcome::{Code, Failure};
use crate::output::bar::bar;
use crate::output::table::{Cell, Table, print};
use oomkit_core::resources::Need;
use oomkit_core::resources::measure::{
    By, NO_USAGE, Recommend, RecommendOptions, RecommendProfile, Recommendation, recommend,
};
use oomkit_core::resources::prometheus::Wanted;

/// Runs the command.
///
/// # Errors
/// Files that cannot be read, nothing to go by, and an output that takes no more.
pub(super) fn run(args: &RecommendArgs, _talk: &TalkArgs) -> Result<Code, Failure> {
    let read = measured(&args.cluster, &args.metrics, &args.usage, &args.table, Wanted::everything(args.basis.into()))?;
    let kills = args.events.read(&args.table)?;
    if read.usage.is_empty() && kills.is_empty() {
        let remedy = "give --usage FILE, --metrics FILE, --csv FILE or --events FILE";
        return Err(Failure::Usage(format!("{NO_USAGE}: {remedy}")));
    }
    let mut options = RecommendOptions::default();
    options.profile = match args.profile {
        AdviceProfileArg::Strict => RecommendProfile::Strict,
        AdviceProfileArg::Burst => RecommendProfile::Burst,
    };
    options.basis = args.basis.into();
    options.floor = args.floor;
    options.ratio_cap = args.ratio_cap;
    options.need = Need::new(args.min_points, args.min_hours);
    let select = args.rows.selection(ViewArg::Steady, ByArg::Workload);
    let mut measure = recommend(&read.facts, &read.usage, &kills, options, &select);
    measure.notes.extend(read.notes);
    print(&args.table, &measure, &measure.rows, || shown(&measure))?;
    Ok(Code::Done)
}

fn shown(measure: &Recommend) -> Table {
    let totals = &measure.totals;
    let change = totals.change_bytes;
    let much = oomkit_core::units::Bytes(change.unsigned_abs());
    let change = match change {
        0 => "as much as today".to_owned(),
        1.. => format!("{much} more than today"),
        _ => format!("{much} less than today"),
    };
    let requested = totals.recommended_request_bytes.unwrap_or(totals.request_bytes);
    let headline = format!("Recommended by {}: requests of {requested} in all, {change}.", measure.by.as_str());
    let single = matches!(measure.by, By::Container | By::Workload);
    let mut columns = names(measure.by);
    if measure.by == By::Workload {
        columns.push(("container", "container"));
    }
    columns.extend([
        ("pods", "pods"),
        ("request", "request_bytes"),
        ("→", "recommended_request_bytes"),
        ("limit", "limit_bytes"),
        ("→", "recommended_limit_bytes"),
        ("change", "change_bytes"),
    ]);
    if single {
        columns.extend([
            ("peak", "peak_bytes"),
            ("measured", "quality"),
            ("lain", "lain_request_bytes"),
            ("KRR", "krr_request_bytes"),
            ("VPA", "vpa_request_bytes"),
        ]);
    }
    columns.extend([("kills", "kills"), ("", "points"), ("", "window"), ("", "basis"), ("", "")]);
    let most = measure.rows.iter().map(|row| row.change_bytes.unsigned_abs()).max().unwrap_or(0).max(1) as f64;
    let rows = measure.rows.iter().map(|row| {
        let mut cells = named(measure.by, &row.names);
        if measure.by == By::Workload {
            cells.push(Cell::Name(row.names.container.clone().unwrap_or_default()));
        }
        cells.extend([
            Cell::Count(row.pods),
            Cell::Size(Some(row.request_bytes)),
            Cell::Size(row.recommended_request_bytes),
            row.limit_bytes.map_or(Cell::Unbounded(oomkit_core::units::Bytes(0)), |limit| Cell::Size(Some(limit))),
            Cell::Size(row.recommended_limit_bytes),
            Cell::Change(row.change_bytes),
        ]);
        if single {
            let beside = row.beside.as_ref();
            cells.extend([
                Cell::Size(row.peak_bytes),
                Cell::Word(row.quality.map_or("", |quality| quality.as_str())),
                Cell::Size(beside.and_then(|beside| Some(beside.lain.as_ref()?.request_bytes))),
                Cell::Size(beside.and_then(|beside| beside.krr.request_bytes)),
                Cell::Size(beside.and_then(|beside| Some(beside.vpa.as_ref()?.request_bytes))),
            ]);
        }
        let window = row.window_seconds.filter(|window| *window > 0).map(|window| format!("{window}s"));
        cells.extend([
            Cell::Count(row.kills.as_ref().map_or(0, |kills| kills.events)),
            Cell::Count(row.points),
            Cell::Raw(window.unwrap_or_default()),
            Cell::Word(row.basis.as_str()),
            Cell::Bar(bar(row.change_bytes.unsigned_abs() as f64 / most, 12)),
        ]);
        cells
    });
    let mut notes: Vec<String> = measure.rows.iter().filter_map(|row| why(row, measure.by)).collect();
    notes.extend(measure.krr_score.map(|score| format!("KRR would score what is declared {score} of 100")));
    notes.extend(told(&measure.node_kills));
    notes.extend(measure.notes.iter().cloned());
    Table { headline, columns, rows: rows.collect(), notes }
}

/// The reasons of a row; what is only a peak and its margin goes without saying.
fn why(row: &Recommendation, by: By) -> Option<String> {
    let parts: Vec<&str> = row.reasons.iter().chain(&row.forbids).map(String::as_str).collect();
    let plain = row.kills.is_none() && !row.held_back;
    let container = row.names.container.as_deref().filter(|_| by == By::Workload);
    let name: Vec<String> = [row.names.short(by)].into_iter().chain(container.map(str::to_owned)).collect();
    (!plain && !parts.is_empty()).then(|| format!("{}: {}", name.join("/"), parts.join("; ")))
}
