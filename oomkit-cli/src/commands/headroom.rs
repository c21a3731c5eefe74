//! `oomkit headroom`: how much memory is free, and whether a node may be lost.

use crate::cli::{HeadroomArgs, TalkArgs};
use crate::cluster::measured;
use crate::outcome::{Code, Failure};
use crate::output::bar::bar;
use crate::output::table::{Cell, Table, print};
use oomkit_core::resources::Basis;
use oomkit_core::resources::measure::{Headroom, HeadroomOptions, headroom_with};
use oomkit_core::resources::prometheus::Wanted;

/// Runs the command.
///
/// # Errors
/// Files that cannot be read or hold no nodes, and an output that takes no more.
pub(super) fn run(args: &HeadroomArgs, _talk: &TalkArgs) -> Result<Code, Failure> {
    let wanted = Wanted::everything(Basis::WorkingSet).now();
    let read = measured(&args.cluster, &args.metrics, &args.usage, &args.table, wanted)?;
    if read.facts.nodes().is_empty() {
        let remedy = "give --nodes FILE, or the output of kubectl get pods,nodes -A -o json";
        return Err(Failure::Usage(format!("there are no nodes: {remedy}")));
    }
    let mut options = HeadroomOptions::default();
    options.lose = usize::from(args.lose);
    options.least = args.least;
    let mut room = headroom_with(&read.facts, &read.usage, options);
    room.notes.extend(read.notes);
    let all = room.nodes.len();
    room.nodes.truncate(if args.top == 0 { all } else { args.top });
    print(&args.table, &room, &room.nodes, || shown(&room, all, options.lose))?;
    Ok(Code::Done)
}

fn shown(room: &Headroom, all: usize, lose: usize) -> Table {
    let cluster = &room.cluster;
    let part = |name: &str, ratio: Option<f64>| ratio.map(|ratio| format!("{name} {:.0}%", ratio * 100.0));
    let parts = [
        part("used", cluster.used_ratio),
        part("booked", cluster.booked_ratio),
        part("ceiling", cluster.ceiling_ratio),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let headline = format!(
        "Headroom of {}: {} free; requests {} of {} allocatable; the largest pod that fits: {}.",
        crate::talk::count(all as u64, "node"),
        parts.join(", "),
        cluster.request_bytes,
        cluster.allocatable_bytes,
        cluster.largest_pod_bytes
    );
    let rows = room.nodes.iter().map(|node| {
        vec![
            Cell::Name(node.node.clone()),
            Cell::Share(node.used_ratio),
            Cell::Share(node.booked_ratio),
            Cell::Share(node.ceiling_ratio),
            Cell::Size(Some(node.request_bytes)),
            Cell::Size(Some(node.free_bytes)),
            Cell::Size(node.allocatable_bytes),
            Cell::Size(node.capacity_bytes),
            Cell::Word(if node.unschedulable { "cordoned" } else { "" }),
            Cell::Bar(bar(1.0 - node.booked_ratio.unwrap_or(0.0), 20)),
        ]
    });
    let mut notes = Vec::new();
    if let Some(loss) = &cluster.n_plus_1 {
        let node = &loss.lost_node;
        notes.push(match (loss.sum_fits, loss.packing_fits) {
            (true, true) => format!("any node may be lost; the worst would be {node}"),
            (true, false) => {
                format!("without {node} the sum of requests fits, but its pods do not fit into the gaps of the others")
            }
            (false, _) => format!("without {node} the requests do not fit on the other nodes"),
        });
    }
    if let Some(loss) = &cluster.n_plus_k {
        let (n, nodes) = (loss.nodes, loss.lost_nodes.join(", "));
        let tried = if loss.exhaustive { "" } else { ", of the sets that were tried" };
        notes.push(match (loss.sum_fits, loss.packing_fits) {
            (true, true) => format!("any {n} nodes may be lost{tried}"),
            (true, false) => format!("without {nodes} the sum of requests fits, but not their pods into the gaps"),
            (false, _) => format!("without {nodes} the requests do not fit on the other nodes"),
        });
    } else if cluster.n_plus_1.is_some() && lose > 1 {
        notes.push(format!("{lose} nodes cannot be lost: there are {all}"));
    }
    for zone in &cluster.zones {
        let fits = match (zone.sum_fits, zone.packing_fits) {
            (true, true) => "may be lost",
            (true, false) => "may be lost by the sum of requests, but its pods do not fit into the gaps",
            (false, _) => "may not be lost: the requests do not fit elsewhere",
        };
        notes.push(format!("zone {} ({}) {fits}", zone.zone, crate::talk::count(zone.nodes as u64, "node")));
    }
    let gate = &cluster.gate;
    let percent =
        |ratio: Option<f64>| ratio.map_or_else(|| "unknown".to_owned(), |ratio| format!("{:.0}%", ratio * 100.0));
    if let Some(holds) = gate.holds {
        let worst = gate
            .worst_node
            .as_ref()
            .map(|node| format!("used {} on {node}, the fullest", percent(gate.worst_used_ratio)));
        let booked = Some(format!("booked {}", percent(gate.booked_ratio)));
        let parts: Vec<String> = worst.into_iter().chain(booked).collect();
        let verdict = if holds { "there is" } else { "there is not" };
        notes.push(format!("{verdict} headroom of {}: {}", percent(Some(gate.least_ratio)), parts.join(", ")));
    }
    notes.extend(room.notes.iter().cloned());
    let columns = vec![
        ("node", "node"),
        ("used free", "used_ratio"),
        ("booked free", "booked_ratio"),
        ("ceiling free", "ceiling_ratio"),
        ("request", "request_bytes"),
        ("fits", "free_bytes"),
        ("allocatable", "allocatable_bytes"),
        ("memory", "capacity_bytes"),
        ("state", "unschedulable"),
        ("", ""),
    ];
    Table { headline, columns, rows: rows.collect(), notes }
}
