//! `oomkit redact`: dumps without names.

use crate::cli::{RedactArgs, TalkArgs};
use crate::outcome::{Code, Failure, Outcome};
use crate::picking::Picking;
use crate::reading::Reading;
use crate::talk::{Talk, count};
use crate::tape::{self, DumpConsumer, Tape};
use oomkit_core::{Event, Format, Redactor, redact};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};

/// Runs the command.
///
/// # Errors
/// What ends a run early: bad arguments, or an output that takes no more.
pub(super) fn run(args: &RedactArgs, talk: &TalkArgs) -> Result<Code, Failure> {
    let key = match args.key.as_deref() {
        Some("") => return Err(Failure::Usage("--key: an empty key is no secret".to_owned())),
        Some(text) => redact::key_of(text),
        None => random_key(),
    };
    let (reading, target) = Reading::plan(&args.input, args.target.output.as_deref(), talk)?;
    let name = target.name().to_owned();
    let mut dumps = Dumps {
        picking: Picking::new(&args.filter, &args.input),
        format: args.input.format(),
        talk: &reading.talk,
        redactor: Redactor::new(key),
        out: target.plain(),
        left_out: 0,
        refused: 0,
    };
    let (totals, taken) = tape::run(&reading, &mut dumps);
    let unreadable = totals.unreadable > 0 || dumps.refused > 0;
    let outcome = Outcome { unreadable, ..Outcome::default() };
    taken.and_then(|()| dumps.out.flush()).map_err(|error| Failure::write(&name, error, outcome))?;
    reading.notes(&totals);
    if dumps.left_out > 0 {
        let lines = count(dumps.left_out, "line");
        reading.talk.note(&format!("{lines} within dumps left out: not known to be a dump's"));
    }
    dumps.picking.note(&reading.talk);
    Ok(outcome.code())
}

/// 128 bits that nobody knows, from what the standard library asks the system for.
fn random_key() -> [u8; 16] {
    let random = RandomState::new();
    let mut key = [0; 16];
    for (half, bytes) in key.chunks_exact_mut(8).enumerate() {
        bytes.copy_from_slice(&random.hash_one(half).to_le_bytes());
    }
    key
}

struct Dumps<'a> {
    picking: Picking<'a>,
    format: Format,
    talk: &'a Talk,
    redactor: Redactor,
    out: Box<dyn Write>,
    left_out: u64,
    refused: u64,
}

impl DumpConsumer for Dumps<'_> {
    fn begin(&mut self) {
        self.redactor.begin();
    }

    fn dump(&mut self, event: &Event, tape: &Tape) -> io::Result<()> {
        if !self.picking.takes(event) {
            return Ok(());
        }
        let source = &event.source;
        let (first, last) = redact::lines_of(event);
        let known = |first: u64| Some((first, tape.lines(first, last)?));
        let redacted = known(first)
            .or_else(|| known(source.first_byte))
            .map(|(first, text)| self.redactor.dump(event, text, first, self.format))
            .filter(|redacted| redacted.refused == 0);
        let Some(redacted) = redacted else {
            self.refused += 1;
            let name = format!("{}:{}", source.name, source.first_line);
            self.talk.unreadable(&name, "this dump is left out: its names could not all be replaced");
            return Ok(());
        };
        self.left_out += redacted.left_out;
        self.out.write_all(&redacted.text)?;
        if !redacted.text.is_empty() && !redacted.text.ends_with(b"\n") {
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn pause(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
