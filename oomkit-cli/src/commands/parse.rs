//! `oomkit parse`: every OOM kill of the inputs, as text, JSON or CSV.

use crate::cli::{OutputFormat, ParseArgs, TalkArgs};
use crate::input::{self, identity::FileId};
use crate::outcome::{Code, Failure, Outcome};
use crate::output::{self, Consumer, EventWriter, Reader, Target};
use crate::progress::Progress;
use crate::scan::{Scan, Totals};
use crate::talk::{Talk, count};
use oomkit_core::event::Completeness;
use oomkit_core::{Companion, Dedupe, Event};
use std::io::{self, IsTerminal};

/// Runs the command.
///
/// # Errors
/// What ends a run early: bad arguments, or an output that takes no more.
pub(crate) fn run(args: &ParseArgs, talk: &TalkArgs) -> Result<Code, Failure> {
    let options = args.input.options().map_err(Failure::Usage)?;
    let talk = Talk::new(talk.quiet, Progress::new(talk.quiet));
    input::refuse_output_among(&args.input.files, args.output.output.as_deref())?;

    // the output comes first: a typo there should not cost an hour of reading
    let target = Target::open(args.output.output.as_deref())?;
    let inputs = input::plan(&args.input.files, target.id().or_else(FileId::of_stdout).as_ref());
    talk.progress.expect(input::total_bytes(&inputs));
    if inputs.iter().any(|i| matches!(i, input::Input::Stdin)) && io::stdin().is_terminal() {
        talk.note("reading a log from the terminal; end it with Ctrl-D");
    }

    let name = target.name().to_owned();
    let reader = match target.reader() {
        // an array's last line is open until the next event: a bar cannot stand below it
        Reader::Terminal if args.output.format == OutputFormat::Json => Reader::Program,
        other => other,
    };
    let mut events = Watched {
        writer: output::writer(args.output.format, target),
        talk: &talk,
        reader,
        damaged: false,
        dedupe: args.input.dedupe.then(|| Dedupe::new(())),
    };
    let mut scan = Scan::new(options, args.input.dated_by_files(), &talk, &mut events);
    let written = scan.run(&inputs);
    let totals = scan.totals;
    let damaged = events.damaged;
    let repeated = events.dedupe.as_ref().map_or(0, Dedupe::repeated);
    talk.progress.clear();
    let outcome = Outcome {
        unreadable: totals.unreadable > 0,
        found: args.exit_code && totals.events > 0,
        damaged: args.strict && damaged,
    };
    written.and_then(|()| events.writer.finish()).map_err(|error| Failure::write(&name, error, outcome))?;
    notes(&talk, &totals, args.output.format);
    if repeated > 0 {
        talk.note(&format!("{} left out that another had given before (--dedupe)", count(repeated, "event")));
    }
    Ok(outcome.code())
}

/// What people should know that is not in the data.
fn notes(talk: &Talk, totals: &Totals, format: OutputFormat) {
    if totals.events == 0 {
        let (files, lines) = (count(totals.inputs, "file"), count(totals.lines, "line"));
        talk.note(&format!("No OOM kills found in {files} ({lines})."));
    }
    if totals.user_events > 0 {
        let events = count(totals.user_events, "event");
        talk.note(&format!("{events} by user processes left out (--include-user shows them)"));
    }
    if totals.companions > 0 && format == OutputFormat::Csv {
        let companions = count(totals.companions, "companion");
        talk.note(&format!("{companions} not printed: CSV has rows for victims only"));
    }
}

/// Writes events, remembers what the exit code needs, and keeps the progress bar out of the text.
struct Watched<'a> {
    writer: Box<dyn EventWriter>,
    talk: &'a Talk,
    reader: Reader,
    damaged: bool,
    dedupe: Option<Dedupe<()>>,
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
        if self.dedupe.as_mut().is_some_and(|dedupe| !dedupe.is_new(event)) {
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
