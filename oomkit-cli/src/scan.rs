//! Reads one input after the other and hands over its events as they come. Memory does not grow with the input.

use crate::input::{Input, decompress};
use crate::outcome::reason;
use crate::output::Consumer;
use crate::talk::Talk;
use oomkit_core::{Companion, Event, Options, Parser, Sink};
use std::io::{self, Read};
use std::ops::ControlFlow;

/// How much is read at once.
const CHUNK: usize = 256 * 1024;

/// What was read, all inputs together.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    /// Inputs that could be opened.
    pub(crate) inputs: u64,
    /// Inputs that could not be read, or not to their end.
    pub(crate) unreadable: u64,
    pub(crate) lines: u64,
    pub(crate) events: u64,
    /// Events left out because user processes wrote them.
    pub(crate) user_events: u64,
    pub(crate) companions: u64,
}

/// One run over inputs.
pub(crate) struct Scan<'a> {
    options: Options,
    talk: &'a Talk,
    consumer: &'a mut dyn Consumer,
    buffer: Vec<u8>,
    /// What was read so far, valid also after an error.
    pub(crate) totals: Totals,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(options: Options, talk: &'a Talk, consumer: &'a mut dyn Consumer) -> Self {
        Self { options, talk, consumer, buffer: vec![0; CHUNK], totals: Totals::default() }
    }

    /// Reads all inputs in order. One that cannot be read is told and passed over.
    ///
    /// # Errors
    /// Only the consumer's.
    pub(crate) fn run(&mut self, inputs: &[Input]) -> io::Result<()> {
        for input in inputs {
            let result = match input.open(&self.talk.progress).and_then(decompress::open) {
                Ok(reader) => self.read(input, reader)?,
                Err(error) => Err(error),
            };
            if let Err(error) = result {
                self.totals.unreadable += 1;
                self.talk.unreadable(&input.name(), &reason(&error));
            }
        }
        Ok(())
    }

    /// Reads one input to its end. The outer error is the consumer's, the inner one the input's.
    fn read(&mut self, input: &Input, mut reader: impl Read) -> io::Result<io::Result<()>> {
        let mut parser = Parser::new(self.options.clone().source(input.name()));
        let mut failed = None;
        let end = loop {
            match reader.read(&mut self.buffer) {
                Ok(0) => break Ok(()),
                Ok(n) => {
                    let _ =
                        parser.feed(&self.buffer[..n], &mut Forward { consumer: self.consumer, failed: &mut failed });
                    if let Some(error) = failed {
                        return Err(error);
                    }
                    // here, and not after each event, so that small events do not cost a system call each
                    self.consumer.pause()?;
                    self.talk.progress.tick();
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        let stats = parser.finish(&mut Forward { consumer: self.consumer, failed: &mut failed });
        if let Some(error) = failed {
            return Err(error);
        }
        self.consumer.pause()?;
        self.totals.inputs += u64::from(end.is_ok() || stats.bytes > 0);
        self.totals.lines += stats.lines;
        self.totals.events += stats.events;
        self.totals.user_events += stats.user_events;
        self.totals.companions += stats.companions;
        Ok(end)
    }
}

/// A sink that stops at the consumer's first error and keeps it.
struct Forward<'s> {
    consumer: &'s mut dyn Consumer,
    failed: &'s mut Option<io::Error>,
}

impl Forward<'_> {
    fn taken(&mut self, result: io::Result<()>) -> ControlFlow<()> {
        match result {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                *self.failed = Some(error);
                ControlFlow::Break(())
            }
        }
    }
}

impl Sink for Forward<'_> {
    fn event(&mut self, event: Event) -> ControlFlow<()> {
        let result = self.consumer.event(&event);
        self.taken(result)
    }

    fn companion(&mut self, companion: Companion) -> ControlFlow<()> {
        let result = self.consumer.companion(&companion);
        self.taken(result)
    }
}
