//! The events of a reader, as an iterator.

use crate::error::Error;
use crate::event::Event;
use crate::options::Options;
use crate::parser::Parser;
use crate::sink::{Item, Stats};
use std::collections::VecDeque;
use std::io::Read;
use std::ops::ControlFlow;

/// Iterates over the events of a reader. Reads only as much as the next event needs. Companions are skipped.
///
/// A read error is returned once, after the events that were complete before it; then the iterator ends.
///
/// ```
/// use oomkit_core::{Events, Options};
///
/// let file = &b"[   71.146532] Out of memory: Killed process 4242 (java) total-vm:1kB, anon-rss:1kB, file-rss:0kB\n"[..];
/// for event in Events::new(file, Options::new()) {
///     println!("{}", event?.victims[0].pid);
/// }
/// # Ok::<(), oomkit_core::Error>(())
/// ```
#[derive(Debug)]
pub struct Events<R> {
    reader: R,
    parser: Option<Parser>,
    stats: Stats,
    ready: VecDeque<Event>,
    failed: Option<Error>,
    buffer: Vec<u8>,
}

/// How much is read at once.
const CHUNK: usize = 256 * 1024;

impl<R: Read> Events<R> {
    /// Over any reader; no buffering needed.
    pub fn new(reader: R, options: Options) -> Self {
        Self {
            reader,
            parser: Some(Parser::new(options)),
            stats: Stats::default(),
            ready: VecDeque::new(),
            failed: None,
            buffer: vec![0; CHUNK],
        }
    }

    /// What was seen so far.
    pub fn stats(&self) -> Stats {
        self.parser.as_ref().map_or(self.stats, Parser::stats)
    }

    /// Reads once; the parser is gone after the end.
    fn advance(&mut self) {
        let Some(mut parser) = self.parser.take() else { return };
        let ready = &mut self.ready;
        let mut sink = |item: Item| {
            ready.extend(item.into_event());
            ControlFlow::Continue(())
        };
        match self.reader.read(&mut self.buffer) {
            Ok(0) => self.stats = parser.finish(&mut sink),
            Ok(n) => {
                let _ = parser.feed(&self.buffer[..n], &mut sink);
                self.parser = Some(parser);
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => self.parser = Some(parser),
            Err(error) => {
                self.failed = Some(error.into());
                self.stats = parser.finish(&mut sink);
            }
        }
    }
}

impl<R: Read> Iterator for Events<R> {
    type Item = Result<Event, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(Ok(event));
            }
            if self.parser.is_none() {
                return self.failed.take().map(Err);
            }
            self.advance();
        }
    }
}
