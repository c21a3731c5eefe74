//! The text of a log around the dumps that are open: so much of it as a dump still to come may need.

use crate::input::Input;
use crate::outcome::reason;
use crate::reading::Reading;
use crate::scan::Totals;
use oomkit_core::{Event, Parser};
use oomkit_source::Source;
use std::io::{self, ErrorKind, Read};

/// How much is read at once.
const CHUNK: usize = 256 * 1024;

/// A record of several lines that has not ended may begin so far back, and a line that was lost before a dump as well.
const SLACK: u64 = 8 << 20;

/// The last part of a log.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    bytes: Vec<u8>,
    /// Offset of its first byte.
    start: u64,
}

/// Takes dumps together with their text.
pub(crate) trait DumpConsumer {
    /// The next log begins.
    fn begin(&mut self);

    /// Takes a dump.
    ///
    /// # Errors
    /// Any ends the run.
    fn dump(&mut self, event: &Event, tape: &Tape) -> io::Result<()>;

    /// The input makes a pause: what was taken should be seen now.
    ///
    /// # Errors
    /// Any ends the run.
    fn pause(&mut self) -> io::Result<()>;
}

impl Tape {
    /// The whole lines from the one of `first` to the one of `last`; `None` where they were not kept.
    pub(crate) fn lines(&self, first: u64, last: u64) -> Option<&[u8]> {
        let at = |byte: u64| usize::try_from(byte.checked_sub(self.start)?).ok();
        let (first, last) = (at(first)?, at(last)?);
        let rest = self.bytes.get(last..)?;
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(self.bytes.len(), |n| last + n + 1);
        self.bytes.get(first..end)
    }

    fn push(&mut self, chunk: &[u8]) {
        self.bytes.extend_from_slice(chunk);
    }

    /// Forgets what stands before `byte`, when that is worth moving the rest.
    fn forget_before(&mut self, byte: u64) {
        let spare = usize::try_from(byte.saturating_sub(self.start)).unwrap_or(usize::MAX).min(self.bytes.len());
        if spare > self.bytes.len() / 2 {
            self.bytes.drain(..spare);
            self.start += spare as u64;
        }
    }
}

/// Reads all inputs in order, and hands over each dump with its text. The error is the consumer's.
pub(crate) fn run(reading: &Reading, consumer: &mut dyn DumpConsumer) -> (Totals, io::Result<()>) {
    let mut totals = Totals::default();
    let taken = reading.inputs.iter().try_for_each(|input| one(reading, input, consumer, &mut totals));
    reading.talk.progress.clear();
    (totals, taken)
}

fn one(reading: &Reading, input: &Input, consumer: &mut dyn DumpConsumer, totals: &mut Totals) -> io::Result<()> {
    let failed = |totals: &mut Totals, name: &str, error: &io::Error| {
        totals.unreadable += 1;
        reading.talk.unreadable(name, &reason(error));
    };
    let mut source = match input.source(reading.talk.progress.counter()) {
        Ok(source) => source,
        Err(error) => {
            failed(totals, &input.name(), &error);
            return Ok(());
        }
    };
    loop {
        let end = match source.advance() {
            Ok(true) => log(reading, input, &mut source, consumer, totals)?,
            Ok(false) => return Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = end {
            consumer.pause()?;
            failed(totals, source.name(), &error);
        }
    }
}

/// Reads one log. The outer error is the consumer's, the inner one the log's.
fn log(
    reading: &Reading,
    input: &Input,
    source: &mut Source,
    consumer: &mut dyn DumpConsumer,
    totals: &mut Totals,
) -> io::Result<io::Result<()>> {
    let mut parser = Parser::new(reading.options_for(input).source(source.name()));
    let mut tape = Tape::default();
    let mut chunk = vec![0; CHUNK];
    let mut events: Vec<Event> = Vec::new();
    let mut read = 0;
    consumer.begin();
    let end = loop {
        match source.read(&mut chunk) {
            Ok(0) => break Ok(()),
            Ok(size) => {
                tape.push(&chunk[..size]);
                read += size as u64;
                // a Vec never breaks
                let _ = parser.feed(&chunk[..size], &mut events);
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => break Err(error),
        }
        events.drain(..).try_for_each(|event| consumer.dump(&event, &tape))?;
        tape.forget_before(parser.first_open_byte().unwrap_or(read).saturating_sub(SLACK));
        consumer.pause()?;
        reading.talk.progress.tick();
    };
    let stats = parser.finish(&mut events);
    events.drain(..).try_for_each(|event| consumer.dump(&event, &tape))?;
    totals.count(&stats, end.is_ok());
    Ok(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_whole_and_what_is_forgotten_is_not_made_up() {
        let mut tape = Tape::default();
        tape.push(b"one\ntwo\nthree");
        assert_eq!(tape.lines(4, 5), Some(&b"two\n"[..]));
        assert_eq!(tape.lines(4, 8), Some(&b"two\nthree"[..]));
        tape.forget_before(8);
        assert_eq!(tape.lines(4, 8), None);
        assert_eq!(tape.lines(8, 12), Some(&b"three"[..]));
        assert_eq!(tape.lines(8, 99), None);
    }
}
