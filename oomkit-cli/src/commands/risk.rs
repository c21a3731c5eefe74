//! `oomkit risk`: what may run out of memory next, and who would go.

use super::kills::told;
use super::table::{named, names};
use crate::cli::{ByArg, HazardArg, RiskArgs, TalkArgs, ViewArg};
use crate::cluster::measured;
use crate::outcome::{Code, Failure};
use crate::output::bar::bar;
use crate::output::table::{Cell, Table, print_several};
use oomkit_core::resources::Basis;
use oomkit_core::resources::measure::{NO_USAGE, NodeHazard, Risk, RiskOptions, risk};
use oomkit_core::resources::prometheus::Wanted;
use oomkit_core::units::Bytes;
use serde::Serialize;
use serde_json::{Value, json};

/// Runs the command.
///
/// # Errors
/// Files that cannot be read, and an output that takes no more.
pub(super) fn run(args: &RiskArgs, _talk: &TalkArgs) -> Result<Code, Failure> {
    let read = measured(
        &args.cluster,
        &args.metrics,
        &args.usage,
        &args.table,
        Wanted::everything(args.basis.map_or(Basis::WorkingSet, Into::into)),
    )?;
    let kills = args.events.read(&args.table)?;
    let mut options = RiskOptions::default();
    options.basis = args.basis.map(Into::into);
    options.eviction_hard = args.eviction_hard;
    let select = args.rows.selection(ViewArg::Steady, ByArg::Container);
    let mut measure = risk(&read.facts, &read.usage, &kills, options, &select);
    measure.notes.extend(read.notes);
    if read.usage.is_empty() {
        measure.notes.push(format!("{NO_USAGE}: give --usage, --metrics or --csv"));
    }
    let asked = |hazard| args.hazard.is_empty() || args.hazard.contains(&hazard);
    let rows = lines(&measure, asked);
    print_several(&args.table, &measure, &rows, || tables(&measure, asked), || joined(&measure, asked))?;
    Ok(Code::Done)
}

/// One object for each row of each hazard, which says which hazard it is of.
fn lines(measure: &Risk, asked: impl Fn(HazardArg) -> bool) -> Vec<Value> {
    let tagged = |hazard: &str, row: Value, node: Option<&str>| {
        let mut line = json!({"hazard": hazard});
        if let (Value::Object(line), Value::Object(row)) = (&mut line, row) {
            line.extend(row);
            if let Some(node) = node {
                line.insert("node".to_owned(), node.into());
            }
        }
        line
    };
    let mut lines = Vec::new();
    if asked(HazardArg::Limit) {
        lines.extend(measure.rows.iter().map(|row| tagged("limit", object(row), None)));
    }
    if asked(HazardArg::Node) {
        lines.extend(measure.nodes.iter().map(|node| {
            let mut row = object(node);
            if let Value::Object(row) = &mut row {
                row.remove("victim_order");
                row.remove("eviction_order");
            }
            tagged("node", row, None)
        }));
    }
    for node in &measure.nodes {
        let name = Some(node.node.as_str());
        if asked(HazardArg::Victim) {
            lines.extend(node.victim_order.iter().map(|row| tagged("victim", object(row), name)));
        }
        if asked(HazardArg::Eviction) {
            lines.extend(node.eviction_order.iter().map(|row| tagged("eviction", object(row), name)));
        }
    }
    lines
}

fn object(row: &impl Serialize) -> Value {
    serde_json::to_value(row).unwrap_or_default()
}

fn tables(measure: &Risk, asked: impl Fn(HazardArg) -> bool) -> Vec<Table> {
    let mut tables = Vec::new();
    if asked(HazardArg::Limit) {
        tables.push(limits(measure));
    }
    if asked(HazardArg::Node) {
        tables.push(nodes(measure));
    }
    for node in &measure.nodes {
        if asked(HazardArg::Victim) && !node.victim_order.is_empty() {
            tables.push(victims(node));
        }
        if asked(HazardArg::Eviction) && !node.eviction_order.is_empty() {
            tables.push(evictions(node));
        }
    }
    if let Some(last) = tables.last_mut() {
        last.notes.extend(told(&measure.node_kills));
        last.notes.extend(measure.notes.iter().cloned());
    }
    tables
}

fn limits(measure: &Risk) -> Table {
    let totals = &measure.totals;
    let bounded = totals.containers - totals.unbounded_containers;
    let killed = totals.kills.as_ref().map_or(0, |kills| kills.container_limit);
    let kills = if measure.totals.kills.is_some() {
        format!(", {} at such limits", crate::talk::count(killed, "kill"))
    } else {
        String::new()
    };
    let headline = format!(
        "Limits: {} with a limit of their own{kills}; nearest first.",
        crate::talk::count(bounded, "container")
    );
    let mut columns = names(measure.by);
    columns.extend([
        ("peak", "peak_bytes"),
        ("limit", "limit_bytes"),
        ("share", "peak_ratio"),
        ("growth/h", "bytes_per_hour"),
        ("±", "residual_bytes"),
        ("limit in", "time_to_limit_seconds"),
        ("hits/h", "limit_hits_per_hour"),
        ("kills", "kills"),
        ("measured", "quality"),
        ("rank", "rank"),
        ("", ""),
    ]);
    let rows = measure.rows.iter().map(|row| {
        let mut cells = named(measure.by, &row.names);
        cells.extend([
            Cell::Size(row.peak_bytes),
            Cell::Size(Some(row.limit_bytes)),
            Cell::Share(row.peak_ratio),
            Cell::Size(row.trend.map(|trend| Bytes(trend.bytes_per_hour as u64))),
            Cell::Size(row.trend.map(|trend| Bytes(trend.residual_bytes as u64))),
            Cell::Name(row.time_to_limit_seconds.map(span).unwrap_or_default()),
            Cell::Number(row.limit_hits_per_hour),
            Cell::Count(row.kills.as_ref().map_or(0, |kills| kills.events)),
            Cell::Word(row.quality.as_str()),
            Cell::Count(u64::from(row.rank)),
            Cell::Bar(bar(row.peak_ratio.unwrap_or(0.0), 20)),
        ]);
        cells
    });
    Table { headline, columns, rows: rows.collect(), notes: Vec::new() }
}

fn nodes(measure: &Risk) -> Table {
    let columns = vec![
        ("node", "node"),
        ("memory", "capacity_bytes"),
        ("in use", "working_set_bytes"),
        ("room", "room_bytes"),
        ("growth", "growth_bytes"),
        ("stress", "stress_ratio"),
        ("over requests", "over_request_bytes"),
        ("unbounded", "unbounded_containers"),
        ("kills", "kills"),
        ("rank", "rank"),
        ("", ""),
    ];
    let rows = measure.nodes.iter().map(|node| {
        vec![
            Cell::Name(node.node.clone()),
            Cell::Size(node.capacity_bytes),
            Cell::Size(node.working_set_bytes),
            node.room_bytes.map_or(Cell::Size(None), Cell::Signed),
            Cell::Size(node.growth_bytes),
            Cell::Ratio(node.stress_ratio),
            Cell::Size(Some(node.over_request_bytes)),
            Cell::Count(node.unbounded_containers),
            Cell::Count(node.kills.as_ref().map_or(0, |kills| kills.events)),
            Cell::Count(u64::from(node.rank)),
            Cell::Bar(bar(f64::from(node.rank) / 100.0, 20)),
        ]
    });
    let stressed = measure.nodes.iter().filter(|node| node.stress_ratio.is_some_and(|stress| stress > 1.0)).count();
    let headline = match measure.nodes.len() {
        0 => "Nodes: none were given.".to_owned(),
        all => format!("Nodes: the pods of {stressed} of {all} can use up all room, each within its limits."),
    };
    Table { headline, columns, rows: rows.collect(), notes: Vec::new() }
}

fn victims(node: &NodeHazard) -> Table {
    let columns = vec![
        ("namespace", "namespace"),
        ("pod", "pod"),
        ("container", "container"),
        ("oom_score_adj", "oom_score_adj"),
        ("usage", "usage_bytes"),
        ("request", "request_bytes"),
        ("points", "points"),
        ("", ""),
    ];
    let most = node.victim_order.iter().map(|one| one.points).max().unwrap_or(0).max(1) as f64;
    let rows = node.victim_order.iter().map(|one| {
        let cell = |name: &Option<String>| Cell::Name(name.clone().unwrap_or_default());
        vec![
            cell(&one.names.namespace),
            cell(&one.names.pod),
            cell(&one.names.container),
            Cell::Plain(i64::from(one.oom_score_adj)),
            Cell::Size(Some(one.usage_bytes)),
            Cell::Size(Some(one.request_bytes)),
            Cell::Plain(one.points),
            Cell::Bar(bar(one.points as f64 / most, 20)),
        ]
    });
    let headline = format!("If {} ran out now, the kernel would kill:", node.node);
    Table { headline, columns, rows: rows.collect(), notes: Vec::new() }
}

fn evictions(node: &NodeHazard) -> Table {
    let columns = vec![
        ("namespace", "namespace"),
        ("pod", "pod"),
        ("priority", "priority"),
        ("usage", "usage_bytes"),
        ("request", "request_bytes"),
        ("above request", "above_request_bytes"),
        ("state", "evictable"),
    ];
    let rows = node.eviction_order.iter().map(|pod| {
        let cell = |name: &Option<String>| Cell::Name(name.clone().unwrap_or_default());
        vec![
            cell(&pod.names.namespace),
            cell(&pod.names.pod),
            Cell::Plain(i64::from(pod.priority)),
            Cell::Size(Some(pod.usage_bytes)),
            Cell::Size(Some(pod.request_bytes)),
            Cell::Signed(pod.above_request_bytes),
            Cell::Word(if pod.evictable { "" } else { "not evicted" }),
        ]
    });
    let headline = format!("Under memory pressure on {}, its kubelet would evict:", node.node);
    Table { headline, columns, rows: rows.collect(), notes: Vec::new() }
}

/// All hazards in one table: what a row does not have stays empty.
fn joined(measure: &Risk, asked: impl Fn(HazardArg) -> bool) -> Table {
    const COLUMNS: [&str; 25] = [
        "hazard",
        "namespace",
        "workload",
        "pod",
        "container",
        "node",
        "rank",
        "request_bytes",
        "limit_bytes",
        "peak_bytes",
        "peak_ratio",
        "bytes_per_hour",
        "residual_bytes",
        "time_to_limit_seconds",
        "limit_hits_per_hour",
        "measurements",
        "quality",
        "room_bytes",
        "growth_bytes",
        "stress_ratio",
        "usage_bytes",
        "oom_score_adj",
        "points",
        "above_request_bytes",
        "evictable",
    ];
    let cell = |line: &Value, column: &str| {
        // of a limit they are measurements, of a victim the kernel's score
        let column = match (column, line["hazard"] == "limit") {
            ("measurements", true) => "points",
            ("points", true) | ("measurements", false) => "",
            (column, _) => column,
        };
        let nested = || line.get("trend").and_then(|trend| trend.get(column));
        match line.get(column).or_else(nested) {
            Some(Value::String(text)) => Cell::Name(text.clone()),
            Some(Value::Null) | None => Cell::Word(""),
            Some(value) => Cell::Raw(value.to_string()),
        }
    };
    let rows = lines(measure, asked);
    let rows = rows.iter().map(|line| COLUMNS.iter().map(|column| cell(line, column)).collect());
    let columns = COLUMNS.iter().map(|column| (*column, *column)).collect();
    Table { headline: String::new(), columns, rows: rows.collect(), notes: Vec::new() }
}

fn span(seconds: u64) -> String {
    match seconds {
        0..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}
