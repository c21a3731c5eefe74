//! Kernels × log formats: every cell of the tables in `docs/formats.md`, by name.
//!
//! `eras::el7::cri` writes two dumps as that kernel prints them, in that format, and reads every number back.
//! `real::6.1.0-47-cloud-amd64::rs-iso.log` reads what a real kernel left in that file. `OOMKIT_CELL` runs only the cells
//! whose name holds it. `OOMKIT_UPDATE=1` writes the page.

mod eras;
mod page;
mod real;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

#[test]
fn every_kernel_in_every_format_is_read_back() {
    check(eras::cells().map(|(era, format)| (eras::name(era, format), (era, format))), |(era, format)| {
        eras::check(*era, *format)
    });
}

#[test]
fn every_log_of_a_real_kernel_agrees_with_what_was_seen_from_outside() {
    check(real::cells().into_iter().map(|cell| (real::name(&cell.0), cell)), |((log, _), boots)| {
        real::check(log, boots)
    });
}

#[test]
fn the_page_has_a_mark_for_each_cell() {
    page::check().unwrap();
}

/// Runs cells on all processors: as tests of their own, each in a process, they took three times as long.
fn check<T: Sync>(cells: impl Iterator<Item = (String, T)>, cell: impl Fn(&T) -> Result<(), String> + Sync) {
    let only = std::env::var("OOMKIT_CELL").unwrap_or_default();
    let cells: Vec<_> = cells.filter(|(name, _)| name.contains(&only)).collect();
    assert!(!cells.is_empty(), "no cell's name holds {only:?}");
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some((name, of)) = cells.get(next.fetch_add(1, Relaxed)) {
            let done = catch_unwind(AssertUnwindSafe(|| cell(of)));
            if let Err(why) = done.unwrap_or_else(|_| Err("a panic, see above".to_owned())) {
                failed.lock().unwrap().push(format!("{name}: {why}"));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, Into::into) {
            scope.spawn(work);
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{} of {} cells:\n{}", failed.len(), cells.len(), failed.join("\n"));
}
