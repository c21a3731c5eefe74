//! The push parser, and the ways to call it: chunks, a slice, a reader.

use crate::dump::Assembler;
use crate::error::Error;
use crate::event::{Companion, Event};
use crate::input::{Reader, Skim};
use crate::options::Options;
use crate::prefilter::{Reading, Reads, Scouted};
use crate::transport::Decoder;
use std::collections::VecDeque;
use std::io::Read;
use std::ops::ControlFlow;

/// Where events and companions go. Breaking stops the parser.
///
/// Any `FnMut(Event) -> ControlFlow<()>` is a sink, and so is a `Vec<Event>`.
pub trait Sink {
    /// Takes the next event, in the order of their first lines.
    fn event(&mut self, event: Event) -> ControlFlow<()>;

    /// Takes the next companion, in the order of first lines among the events too. Never called without
    /// [`Options::companions`]; ignores it unless overridden.
    fn companion(&mut self, companion: Companion) -> ControlFlow<()> {
        let _ = companion;
        ControlFlow::Continue(())
    }
}

/// An event or a companion, as [`Items`] collects them. Serialised as the one it is; a companion's JSON has a `type`, an
/// event's has none.
///
/// ```
/// use oomkit_core::{Item, Items, Options, Parser};
///
/// let log = b"\
/// Nov 23 17:13:35 n1 kernel: Memory cgroup out of memory: Killed process 42 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB
/// Nov 23 17:13:36 n1 earlyoom[7]: process 42 exited after 0.1 seconds
/// ";
/// let mut items = Items::default();
/// let mut parser = Parser::new(Options::new().companions(true));
/// parser.feed(log, &mut items);
/// parser.finish(&mut items);
///
/// let [Item::Event(event), Item::Companion(companion)] = &items.0[..] else { panic!() };
/// assert_eq!(companion.actor.as_str(), "earlyoom");
/// assert_eq!(companion.event_id.as_ref(), Some(&event.id));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Item {
    /// A run of the kernel's OOM killer.
    Event(Box<Event>),
    /// A line of another program.
    Companion(Box<Companion>),
}

/// A sink that keeps events and companions, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Items(pub Vec<Item>);

impl Sink for Items {
    fn event(&mut self, event: Event) -> ControlFlow<()> {
        self.0.push(Item::Event(Box::new(event)));
        ControlFlow::Continue(())
    }

    fn companion(&mut self, companion: Companion) -> ControlFlow<()> {
        self.0.push(Item::Companion(Box::new(companion)));
        ControlFlow::Continue(())
    }
}

impl<F: FnMut(Event) -> ControlFlow<()>> Sink for F {
    fn event(&mut self, event: Event) -> ControlFlow<()> {
        self(event)
    }
}

impl Sink for Vec<Event> {
    fn event(&mut self, event: Event) -> ControlFlow<()> {
        self.push(event);
        ControlFlow::Continue(())
    }
}

/// What a run of the parser saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Stats {
    /// Bytes read.
    pub bytes: u64,
    /// Lines read.
    pub lines: u64,
    /// Events given.
    pub events: u64,
    /// Events left out because a user process wrote their lines; see [`Options::include_user`].
    pub user_events: u64,
    /// Companions given; see [`Options::companions`].
    pub companions: u64,
}

/// A push parser: chunks of a log in, events out. Does no I/O, and holds a bounded amount of memory.
///
/// ```
/// use oomkit_core::{Event, Options, Parser};
///
/// let mut parser = Parser::new(Options::new().source("messages"));
/// let mut events: Vec<Event> = Vec::new();
/// parser.feed(b"Mar 30 12:00:01 web1 kernel: Out of memory: Killed process 4242 (ja", &mut events);
/// parser.feed(b"va) total-vm:1000kB, anon-rss:900kB, file-rss:0kB, shmem-rss:0kB\n", &mut events);
/// let stats = parser.finish(&mut events);
///
/// assert_eq!(stats.lines, 1);
/// assert_eq!(events[0].victims[0].pid, 4242);
/// assert_eq!(events[0].host.as_deref(), Some("web1"));
/// ```
#[derive(Debug)]
pub struct Parser {
    lines: Skim,
    reads: Reads,
    decoder: Decoder,
    assembler: Assembler,
}

impl Parser {
    /// A parser for one source. Parse each file with a parser of its own.
    pub fn new(options: Options) -> Self {
        Self {
            lines: Skim::new(options.limits.line_bytes),
            reads: Reads::new(&options),
            decoder: Decoder::new(options.format),
            assembler: Assembler::new(options),
        }
    }

    /// Takes the next chunk, cut anywhere. Breaks when the sink does; the rest of the chunk is then lost.
    pub fn feed(&mut self, chunk: &[u8], sink: &mut impl Sink) -> ControlFlow<()> {
        let Self { lines, reads, decoder, assembler } = self;
        lines.feed(chunk, None, &mut Reading { decoder, assembler, sink, reads: *reads })
    }

    /// The same, where another thread has searched the chunk already: several threads share the work on one log.
    ///
    /// ```
    /// use oomkit_core::{Event, Options, Parser, Scouted};
    ///
    /// let log = b"[   71.146532] Out of memory: Killed process 4242 (java) total-vm:1kB, anon-rss:1kB, file-rss:0kB\n";
    /// let scouted = std::thread::scope(|scope| scope.spawn(|| Scouted::new(log)).join().unwrap());
    /// let mut events: Vec<Event> = Vec::new();
    /// let mut parser = Parser::new(Options::new());
    /// parser.feed_scouted(log, &scouted, &mut events);
    /// parser.finish(&mut events);
    /// assert_eq!(events[0].victims[0].pid, 4242);
    /// ```
    pub fn feed_scouted(&mut self, chunk: &[u8], scouted: &Scouted, sink: &mut impl Sink) -> ControlFlow<()> {
        let Self { lines, reads, decoder, assembler } = self;
        lines.feed(chunk, Some(scouted.known()), &mut Reading { decoder, assembler, sink, reads: *reads })
    }

    /// Whether it looks for what companions say at the moment, as it does behind a kill. A chunk that was searched for the
    /// other is searched again; the events are the same.
    pub fn wants_companions(&self) -> bool {
        self.reads.companions(&self.assembler)
    }

    /// Ends the input: gives what is still open, as far as it was seen.
    pub fn finish(mut self, sink: &mut impl Sink) -> Stats {
        // a sink that breaks has all it wants
        let _ = self.end(sink);
        self.stats()
    }

    fn end(&mut self, sink: &mut impl Sink) -> ControlFlow<()> {
        let Self { lines, reads, decoder, assembler } = self;
        lines.finish(&mut Reading { decoder, assembler, sink, reads: *reads })?;
        decoder.finish(&mut |record| assembler.record(&record, sink))?;
        assembler.flush(sink)?;
        if let Some(line) = lines.last() {
            // it may show that the window behind a kill had passed
            Reading { decoder, assembler, sink, reads: *reads }.mark(line, false)?;
        }
        assembler.finish(sink)
    }

    /// Where the first dump begins that has not ended yet: no event to come stands before it. `None` when nothing is
    /// open; a record of several lines (an entry of the journal, a JSON object of at most 4 MiB) may still be.
    pub fn first_open_byte(&self) -> Option<u64> {
        self.assembler.first_open_byte()
    }

    /// What was seen so far.
    pub fn stats(&self) -> Stats {
        Stats {
            bytes: self.lines.offset(),
            lines: self.lines.count(),
            events: self.assembler.given(),
            user_events: self.assembler.left_out(),
            companions: self.assembler.companions_given(),
        }
    }
}

/// All events of a log held in memory, with default options.
///
/// ```
/// let log = b"[   71.146532] Out of memory: Killed process 4242 (java) total-vm:1000kB, anon-rss:900kB, file-rss:0kB";
/// assert_eq!(oomkit_core::parse(log)[0].victims[0].comm.as_deref(), Some("java"));
/// ```
pub fn parse(log: &[u8]) -> Vec<Event> {
    parse_with(log, Options::default())
}

/// All events of a log held in memory. Companions are passed over: collect [`Items`] through a [`Parser`].
pub fn parse_with(log: &[u8], options: Options) -> Vec<Event> {
    let mut events = Vec::new();
    let mut parser = Parser::new(options);
    // a Vec never breaks
    let _ = parser.feed(log, &mut events);
    parser.finish(&mut events);
    events
}

/// Iterates over the events of a reader. Reads only as much as the next event needs. Companions are passed over.
///
/// A read error is given once, after the events that were complete before it; then the iterator ends.
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
        let mut sink = |event| {
            ready.push_back(event);
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
