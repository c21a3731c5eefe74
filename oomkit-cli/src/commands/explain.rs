//! `oomkit explain`: the story of each kill, told with the evidence of all inputs.

use crate::cli::{ExplainArgs, TalkArgs};
use crate::outcome::{Code, Failure, Outcome};
use crate::output::{self, Consumer};
use crate::reading::Reading;
use oomkit_core::diagnose::{WholeLog, explain};
use oomkit_core::{Companion, Event, SeenIds};
use std::io;

/// Runs the command.
///
/// # Errors
/// What ends a run early: bad arguments, or an output that takes no more.
pub(super) fn run(args: &ExplainArgs, talk: &TalkArgs) -> Result<Code, Failure> {
    let questions = args.questions.questions().map_err(Failure::Usage)?;
    let (mut reading, target) = Reading::plan(&args.input, args.target.output.as_deref(), talk)?;
    // not printed: they may settle a verdict
    reading.options = reading.options.companions(true);
    let cluster = args.cluster.read(&args.input.files)?;

    let name = target.name().to_owned();
    let mut held = Held {
        events: Vec::new(),
        whole: WholeLog::default(),
        seen: args.input.dedupe.then(SeenIds::default),
        wanted: &args.questions.event,
    };
    let (totals, taken) = reading.run(&mut held);
    let outcome = Outcome { unreadable: totals.unreadable > 0, ..Outcome::default() };
    taken.map_err(|error| Failure::write(&name, error, outcome))?;
    if let Some(id) = args.questions.event.iter().find(|id| !held.events.iter().any(|event| event.id.starts_with(*id)))
    {
        let id = output::escape::text(id).into_owned();
        return Err(Failure::Usage(format!("--event {id}: no event of the inputs has an id that begins so")));
    }

    let mut writer = output::story_writer(args.format, target);
    let written = held.events.iter_mut().try_for_each(|event| {
        event.verdict = held.whole.verdict(event);
        // after the verdict, which it is compared with
        event.cluster = cluster.as_ref().and_then(|cluster| cluster.join(event));
        writer.story(event, &explain::explain(event, &questions))
    });
    written.and_then(|()| writer.finish()).map_err(|error| Failure::write(&name, error, outcome))?;
    reading.notes(&totals);
    Ok(outcome.code())
}

/// All events of the inputs that are wanted, and what the others tell of them.
struct Held<'a> {
    events: Vec<Event>,
    whole: WholeLog,
    seen: Option<SeenIds>,
    wanted: &'a [String],
}

impl Consumer for Held<'_> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        if self.seen.as_mut().is_some_and(|seen| !seen.insert(event)) {
            return Ok(());
        }
        self.whole.event(event);
        if self.wanted.is_empty() || self.wanted.iter().any(|id| event.id.starts_with(id)) {
            self.events.push(event.clone());
        }
        Ok(())
    }

    fn companion(&mut self, companion: &Companion) -> io::Result<()> {
        self.whole.companion(companion);
        Ok(())
    }

    fn pause(&mut self) -> io::Result<()> {
        Ok(())
    }
}
