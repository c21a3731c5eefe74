//! A source and the parser of its current log, driven step by step by whoever has other things to do between them.

use crate::ahead::{Ahead, Chunk};
use crate::source::Source;
use oomkit_core::{Options, Parser, Sink, Stats};
use std::io::{self, ErrorKind, Read};

/// How much is read at once.
const CHUNK: usize = 512 * 1024;

/// All logs of one input, each with a parser of its own.
#[derive(Debug)]
pub struct Logs {
    /// `None` while a thread reads it ahead.
    source: Option<Source>,
    ahead: Option<Ahead>,
    name: String,
    threads: usize,
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
        let source = Source::open(name, reader)?;
        let name = source.name().to_owned();
        let buffer = vec![0; CHUNK];
        Ok(Self { source: Some(source), ahead: None, name, threads: 1, options, parser: None, buffer })
    }

    /// How many threads may work on one log: with two, one reads and decompresses ahead and shares the search. What comes
    /// out is the same.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// What is being read, or was last; see [`Source::name`].
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads once, and gives `sink` the events that are complete by then.
    pub fn step(&mut self, sink: &mut dyn Sink) -> Step {
        if let Some(mut ahead) = self.ahead.take() {
            let chunk = ahead.next();
            return self.take(ahead, chunk, sink);
        }
        let Some(source) = &mut self.source else { return Step::Done };
        if self.parser.is_none() {
            let found = source.advance();
            source.name().clone_into(&mut self.name);
            match found {
                Ok(true) => self.parser = Some(Parser::new(self.options.clone().source(&*self.name))),
                Ok(false) => return Step::Done,
                Err(error) => return Step::Log { stats: Stats::default(), end: Err(error) },
            }
        }
        let end = match (source.read(&mut self.buffer), &mut self.parser) {
            (Ok(size), Some(parser)) if size > 0 => {
                // a sink that breaks says so to its owner
                let _ = parser.feed(&self.buffer[..size], sink);
                // a log that fills the buffer goes on, most likely
                if self.threads > 1 && size == CHUNK {
                    self.ahead = self.source.take().map(|source| Ahead::start(source, CHUNK));
                }
                return Step::Text;
            }
            (Err(error), _) if error.kind() == ErrorKind::Interrupted => return Step::Interrupted,
            (result, _) => result.map(drop),
        };
        self.end(end, sink)
    }

    /// Parses what was read ahead.
    fn take(&mut self, ahead: Ahead, chunk: Chunk, sink: &mut dyn Sink) -> Step {
        if let Some(end) = chunk.end {
            self.source = ahead.finish();
            return self.end(end, sink);
        }
        if let Some(parser) = &mut self.parser {
            let _ = match &chunk.prescan {
                Some(prescan) => parser.feed_prescanned(&chunk.bytes, prescan, sink),
                None => parser.feed(&chunk.bytes, sink),
            };
        }
        ahead.reuse(chunk.bytes, self.parser.as_ref().is_some_and(Parser::wants_notices));
        self.ahead = Some(ahead);
        Step::Text
    }

    fn end(&mut self, end: io::Result<()>, sink: &mut dyn Sink) -> Step {
        let stats = self.parser.take().map_or_else(Stats::default, |parser| parser.finish(sink));
        Step::Log { stats, end }
    }
}
