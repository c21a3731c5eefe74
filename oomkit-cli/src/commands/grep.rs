//! `oomkit grep`: the original lines of the dumps that match.

use crate::cli::{GrepArgs, TalkArgs};
use crate::outcome::{Code, Failure, Outcome};
use crate::picking::Picking;
use crate::reading::Reading;
use crate::talk::count;
use crate::tape::{self, DumpConsumer, Tape};
use oomkit_core::{Event, Format, excerpt};
use std::io::{self, Write};

/// Runs the command.
///
/// # Errors
/// What ends a run early: bad arguments, or an output that takes no more.
pub(super) fn run(args: &GrepArgs, talk: &TalkArgs) -> Result<Code, Failure> {
    let (reading, target) = Reading::plan(&args.input, args.target.output.as_deref(), talk)?;
    let name = target.name().to_owned();
    let mut lines = Matching {
        picking: Picking::new(&args.filter, &args.input),
        raw_range: args.raw_range,
        format: args.input.format(),
        out: target.plain(),
        printed: 0,
        matched: 0,
        gone: 0,
    };
    let (totals, taken) = tape::run(&reading, &mut lines);
    let outcome =
        Outcome { unreadable: totals.unreadable > 0, found: args.exit_code && lines.matched > 0, damaged: false };
    taken.and_then(|()| lines.out.flush()).map_err(|error| Failure::write(&name, error, outcome))?;
    reading.notes(&totals);
    let note = |text: String| reading.talk.note(&text);
    if lines.matched == 0 && totals.events > 0 {
        note(format!("None of {} matched.", count(totals.events, "dump")));
    }
    lines.picking.note(&reading.talk);
    if lines.gone > 0 {
        note(format!("{} too long to be printed", count(lines.gone, "dump")));
    }
    Ok(outcome.code())
}

struct Matching<'a> {
    picking: Picking<'a>,
    raw_range: bool,
    format: Format,
    out: Box<dyn Write>,
    /// Up to where this log's lines are printed, or left out as somebody else's.
    printed: u64,
    matched: u64,
    gone: u64,
}

impl DumpConsumer for Matching<'_> {
    fn begin(&mut self) {
        self.printed = 0;
    }

    fn dump(&mut self, event: &Event, tape: &Tape) -> io::Result<()> {
        if !self.picking.takes(event) {
            return Ok(());
        }
        self.matched += 1;
        let source = &event.source;
        let Some(text) = tape.lines(source.first_byte, source.last_byte) else {
            self.gone += 1;
            return Ok(());
        };
        let foreign = if self.raw_range { Vec::new() } else { excerpt::foreign_lines(text, event, self.format) };
        let before = self.printed.saturating_sub(source.first_byte);
        let mut at = usize::try_from(before).unwrap_or(usize::MAX).min(text.len());
        for gap in foreign {
            if gap.start > at {
                self.out.write_all(&text[at..gap.start])?;
            }
            at = at.max(gap.end);
        }
        if at < text.len() {
            self.out.write_all(&text[at..])?;
            // the last line of a log may have no end of its own
            if !text.ends_with(b"\n") {
                self.out.write_all(b"\n")?;
            }
        }
        self.printed = self.printed.max(source.first_byte + text.len() as u64);
        Ok(())
    }

    fn pause(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
