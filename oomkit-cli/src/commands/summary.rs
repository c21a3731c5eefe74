//! `oomkit summary`: many events in few numbers.

use crate::cli::{SummaryArgs, TalkArgs};
use crate::outcome::{Code, Failure, Outcome};
use crate::output::{self, Consumer};
use crate::reading::Reading;
use oomkit_core::summary::Doubts;
use oomkit_core::{Companion, Event, ReportOptions, Stats, Summary};
use std::io;

/// Runs the command.
///
/// # Errors
/// What ends a run early: bad arguments, or an output that takes no more.
pub(super) fn run(args: &SummaryArgs, talk: &TalkArgs) -> Result<Code, Failure> {
    let (mut reading, target) = Reading::plan(&args.input, args.target.output.as_deref(), talk)?;
    // what other programs log about a container tells whether it lived on
    reading.options = reading.options.companions(true);
    reading.cluster = args.cluster.read(&args.input.files)?;
    let mut counted = Counted::default();
    let (totals, taken) = reading.run(&mut counted);
    let name = target.name().to_owned();
    let mut options = ReportOptions::default();
    if !args.by.is_empty() {
        options.by.clone_from(&args.by);
    }
    options.top = args.top;
    options.gap_seconds = args.gap;
    options.dedupe = args.input.dedupe;
    counted.doubts.settle(&mut counted.summary);
    let report = counted.summary.report(&options);
    let outcome = Outcome {
        unreadable: totals.unreadable > 0,
        found: args.exit.exit_code && totals.events > 0,
        damaged: args.exit.strict && !report.loss.damaged.is_empty(),
    };
    let written = taken.and_then(|()| output::summary::write(&report, args.format, target));
    written.map_err(|error| Failure::write(&name, error, outcome))?;
    reading.notes(&totals);
    Ok(outcome.code())
}

/// Counts what comes.
#[derive(Default)]
struct Counted {
    summary: Summary,
    doubts: Doubts,
}

impl Consumer for Counted {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.summary.add(event);
        self.doubts.add(event);
        Ok(())
    }

    fn companion(&mut self, companion: &Companion) -> io::Result<()> {
        self.doubts.companion(companion);
        Ok(())
    }

    fn log(&mut self, stats: &Stats) {
        self.summary.read(stats);
    }

    fn unreadable(&mut self, name: &str) {
        self.summary.unreadable(name);
    }

    fn pause(&mut self) -> io::Result<()> {
        Ok(())
    }
}
