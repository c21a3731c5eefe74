//! A source and the parser of its current log, driven step by step by whoever has other things to do between them.

use crate::source::Source;
use oomkit_core::{Options, Parser, Sink, Stats};
use std::io::{self, ErrorKind, Read};

/// How much is read at once.
const CHUNK: usize = 256 * 1024;

/// All logs of one input, each with a parser of its own.
#[derive(Debug)]
pub struct Logs {
    source: Source,
    options: Options,
    parser: Option<Parser>,
    buffer: Vec<u8>,
}

/// What a step did.
#[derive(Debug)]
pub enum Step {
    /// Read and parsed some text.
    Text,
    /// Read nothing: a signal came.
    Interrupted,
    /// The log that [`Logs::name`] names is over, and all its events were given.
    Log {
        /// What was seen of it.
        stats: Stats,
        /// Why it could not be read, or not to its end.
        end: io::Result<()>,
    },
    /// No log is left.
    Done,
}

impl Logs {
    /// Looks at the first bytes of an input called `name`. The options' source is not used.
    ///
    /// # Errors
    /// The reader's, and containers that cannot be read: says which, and what to do.
    pub fn open(name: impl Into<String>, reader: impl Read + Send + 'static, options: Options) -> io::Result<Self> {
        Ok(Self { source: Source::open(name, reader)?, options, parser: None, buffer: vec![0; CHUNK] })
    }

    /// What is being read, or was last; see [`Source::name`].
    pub fn name(&self) -> &str {
        self.source.name()
    }

    /// Reads once, and gives `sink` the events that are complete by then.
    pub fn step(&mut self, sink: &mut impl Sink) -> Step {
        if self.parser.is_none() {
            match self.source.advance() {
                Ok(true) => self.parser = Some(Parser::new(self.options.clone().source(self.source.name()))),
                Ok(false) => return Step::Done,
                Err(error) => return Step::Log { stats: Stats::default(), end: Err(error) },
            }
        }
        let end = match (self.source.read(&mut self.buffer), &mut self.parser) {
            (Ok(size), Some(parser)) if size > 0 => {
                // a sink that breaks says so to its owner
                let _ = parser.feed(&self.buffer[..size], sink);
                return Step::Text;
            }
            (Err(error), _) if error.kind() == ErrorKind::Interrupted => return Step::Interrupted,
            (result, _) => result.map(drop),
        };
        let stats = self.parser.take().map_or_else(Stats::default, |parser| parser.finish(sink));
        Step::Log { stats, end }
    }
}
