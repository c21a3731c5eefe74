//! `oomkit parse`: every OOM kill of the inputs, as text, JSON or CSV.

use crate::cli::{OutputFormat, ParseArgs, TalkArgs};
use crate::outcome::{Code, Failure, Outcome};
use crate::output::{self, Consumer, EventWriter, Reader};
use crate::reading::Reading;
use crate::talk::{Talk, count};
use oomkit_core::event::Completeness;
use oomkit_core::{Companion, Event, SeenIds};
use std::io;

/// Runs the command.
///
/// # Errors
/// What ends a run early: bad arguments, or an output that takes no more.
pub(super) fn run(args: &ParseArgs, talk: &TalkArgs) -> Result<Code, Failure> {
    let (mut reading, target) = Reading::plan(&args.input, args.output.target.output.as_deref(), talk)?;
    reading.options = reading.options.companions(args.companions);
    reading.cluster = args.cluster.read(&args.input.files)?;

    let name = target.name().to_owned();
    let reader = match target.reader() {
        // an array's last line is open until the next event: a bar cannot stand below it
        Reader::Terminal if args.output.format == OutputFormat::Json => Reader::Program,
        other => other,
    };
    let mut events = Watched {
        writer: output::writer(args.output.format, target),
        talk: &reading.talk,
        reader,
        damaged: false,
        seen: args.input.dedupe.then(SeenIds::default),
    };
    let (totals, written) = reading.run(&mut events);
    let damaged = events.damaged;
    let repeated = events.seen.as_ref().map_or(0, SeenIds::repeated);
    let outcome = Outcome {
        unreadable: totals.unreadable > 0,
        found: args.exit.exit_code && totals.events > 0,
        damaged: args.exit.strict && damaged,
    };
    written.and_then(|()| events.writer.finish()).map_err(|error| Failure::write(&name, error, outcome))?;
    reading.notes(&totals);
    if totals.companions > 0 && args.output.format == OutputFormat::Csv {
        let companions = count(totals.companions, "companion");
        reading.talk.note(&format!("{companions} not printed: CSV has rows for victims only"));
    }
    if repeated > 0 {
        let events = count(repeated, "event");
        reading.talk.note(&format!("{events} left out that another had given before (--dedupe)"));
    }
    Ok(outcome.code())
}

/// Writes events, remembers what the exit code needs, and keeps the progress bar out of the text.
struct Watched<'a> {
    writer: Box<dyn EventWriter>,
    talk: &'a Talk,
    reader: Reader,
    damaged: bool,
    seen: Option<SeenIds>,
}

impl Watched<'_> {
    fn write(&mut self, write: impl FnOnce(&mut dyn EventWriter) -> io::Result<()>) -> io::Result<()> {
        let progress = &self.talk.progress;
        if self.reader == Reader::Program {
            // a pager or filter takes over the terminal with its first line
            progress.clear();
        } else if self.reader == Reader::Terminal && progress.is_shown() {
            let writer = &mut *self.writer;
            // flushed at once: the bar comes back on a line of its own
            return progress.suspend(|| write(writer).and_then(|()| writer.flush()));
        }
        write(&mut *self.writer)
    }
}

impl Consumer for Watched<'_> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        if self.seen.as_mut().is_some_and(|seen| !seen.insert(event)) {
            return Ok(());
        }
        self.damaged |= event.completeness != Completeness::Complete;
        self.write(|writer| writer.event(event))
    }

    fn companion(&mut self, companion: &Companion) -> io::Result<()> {
        self.write(|writer| writer.companion(companion))
    }

    fn pause(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
