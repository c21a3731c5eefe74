//! The largest memory holders of the task table.

use super::layout::Block;
use super::words::name;
use crate::output::bar::bar;
use oomkit_core::Event;
use oomkit_core::event::Task;
use oomkit_core::units::Bytes;
use std::cmp::Reverse;
use std::collections::HashSet;

/// Rows shown; JSON has them all.
const MOST: usize = 5;

pub(super) fn write(event: &Event, block: &mut Block) {
    let mut tasks: Vec<(&Task, Bytes)> = event.tasks.iter().filter_map(|task| Some((task, rss(task)?))).collect();
    if tasks.is_empty() {
        return;
    }
    let sum: Bytes = tasks.iter().map(|(_, rss)| *rss).sum();
    // by pid where sizes are equal, so that the order is always the same
    tasks.sort_by_key(|(task, rss)| (Reverse(*rss), task.pid));
    let what = match tasks.len() {
        1 => "the only task".to_owned(),
        all if all <= MOST => format!("all {all} tasks"),
        all => format!("top {MOST} of {all} tasks"),
    };
    block.row("Holders", &format!("{what}, by resident memory; {sum} together, shared pages counted in each"));

    let killed: HashSet<u32> = event.victims.iter().map(|victim| victim.pid).collect();
    let bar_width = if block.room() < 80 { 10 } else { 20 };
    block.line("", &format!("{:>10}  {:>10}  {:>5}  {:bar_width$}  {:>5}  name", "pid", "rss", "share", "", "adj"));
    for (task, rss) in tasks.iter().take(MOST) {
        let share = if sum.get() == 0 { 0.0 } else { rss.get() as f64 / sum.get() as f64 };
        let adj = task.oom_score_adj.or(task.oom_adj).map(|adj| adj.to_string()).unwrap_or_default();
        let mark = if killed.contains(&task.pid) { "  ← killed" } else { "" };
        block.line(
            "",
            &format!(
                "{:>10}  {rss:>10}  {:>4.0}%  {:bar_width$}  {adj:>5}  {}{mark}",
                task.pid,
                share * 100.0,
                bar(share, bar_width),
                name(&task.comm, task.comm_raw.as_ref()),
            ),
        );
    }
}

/// Resident memory, from its parts where the sum is not there.
fn rss(task: &Task) -> Option<Bytes> {
    let parts = [task.rss_anon_bytes, task.rss_file_bytes, task.rss_shmem_bytes];
    task.rss_bytes.or_else(|| parts.iter().any(Option::is_some).then(|| parts.into_iter().flatten().sum()))
}
