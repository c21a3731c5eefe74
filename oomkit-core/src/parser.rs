//! The push parser: chunks in, items out. Drives the stages, of which each knows only those before it.

use crate::companion;
use crate::dump::Assembler;
use crate::event::{Event, Origin};
use crate::fingerprint::fingerprint;
use crate::kernel::{self, Messages};
use crate::options::Options;
use crate::order::{Decision, DuplicateFilter, LineOrder, Mirror, Stretch};
use crate::scan::{Cursor, Hit, Line, Literal, Mark, Prescan, Scanner, Search, Step, Wanted};
use crate::sink::{Item, Sink, Stats};
use crate::transport::{self, Decoder, OwnedRecord, Record};
use std::ops::ControlFlow;
use std::sync::LazyLock;
use std::time::Duration;

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
    scanner: Scanner,
    reads: Reads,
    decoder: Decoder,
    stages: Stages,
}

impl Parser {
    /// A parser for one source. Parse each file with a parser of its own.
    pub fn new(options: Options) -> Self {
        Self {
            scanner: Scanner::new(options.limits.line_bytes),
            reads: Reads::new(&options),
            decoder: Decoder::new(options.format),
            stages: Stages::new(options),
        }
    }

    /// Takes the next chunk, cut anywhere. Breaks when the sink does; the rest of the chunk is then lost.
    pub fn feed(&mut self, chunk: &[u8], sink: &mut (impl Sink + ?Sized)) -> ControlFlow<()> {
        let Self { scanner, reads, decoder, stages } = self;
        Lines { decoder, stages, reads: *reads }.read(scanner.chunk(chunk, None), &mut |item| sink.item(item))
    }

    /// The same, where another thread has searched the chunk already: several threads share the work on one log.
    #[doc(hidden)]
    pub fn feed_prescanned(
        &mut self,
        chunk: &[u8],
        prescan: &crate::unstable::Prescan,
        sink: &mut (impl Sink + ?Sized),
    ) -> ControlFlow<()> {
        let Self { scanner, reads, decoder, stages } = self;
        let cursor = scanner.chunk(chunk, Some(&prescan.0));
        Lines { decoder, stages, reads: *reads }.read(cursor, &mut |item| sink.item(item))
    }

    /// Whether it looks for what other programs report at the moment, as it does after a kill. A chunk that was searched
    /// for the other is searched again; the events are the same.
    #[doc(hidden)]
    pub fn wants_notices(&self) -> bool {
        self.stages.assembler.is_waiting()
    }

    /// Time has passed without a line: so much since the last [`Parser::feed`]. Returns what is over by then, so that a
    /// live log yields its last kill. A dump with a verdict is over after [`Limits::idle_seconds`], one without after six
    /// times as long.
    ///
    /// ```
    /// use oomkit_core::{Event, Options, Parser};
    /// use std::time::Duration;
    ///
    /// let mut parser = Parser::new(Options::new());
    /// let mut events: Vec<Event> = Vec::new();
    /// parser.feed(b"Out of memory: Killed process 42 (java) total-vm:1kB, anon-rss:1kB, file-rss:0kB\n", &mut events);
    /// parser.idle(Duration::from_secs(1), &mut events);
    /// assert!(events.is_empty());
    /// parser.idle(Duration::from_secs(11), &mut events);
    /// assert_eq!(events[0].victims[0].pid, 42);
    /// ```
    ///
    /// [`Limits::idle_seconds`]: crate::Limits::idle_seconds
    pub fn idle(&mut self, elapsed: Duration, sink: &mut (impl Sink + ?Sized)) -> ControlFlow<()> {
        let Self { decoder, stages, .. } = self;
        let sink: Emit<'_> = &mut |item| sink.item(item);
        decoder.finish(&mut |record| stages.record(&record, sink))?;
        stages.idle(elapsed, sink)
    }

    /// Ends the input: returns what is still open, as far as it was seen.
    pub fn finish(mut self, sink: &mut (impl Sink + ?Sized)) -> Stats {
        // a sink that breaks has all it wants
        let _ = self.end(&mut |item| sink.item(item));
        self.stats()
    }

    fn end(&mut self, sink: Emit<'_>) -> ControlFlow<()> {
        let Self { scanner, reads, decoder, stages } = self;
        let mut lines = Lines { decoder, stages, reads: *reads };
        lines.read(scanner.end(), sink)?;
        lines.decoder.finish(&mut |record| lines.stages.record(&record, sink))?;
        lines.stages.flush(sink)?;
        if let Some(last) = scanner.last() {
            // it may show that the window after a kill had passed
            lines.mark(last, Mark::Tick, sink)?;
        }
        lines.stages.finish(sink)
    }

    /// Where the first dump begins that has not ended yet: no event to come begins before it. `None` when nothing is
    /// open; a record of several lines (an entry of the journal, a JSON object of at most 4 MiB) may still be.
    pub fn first_open_byte(&self) -> Option<u64> {
        self.stages.assembler.first_open_byte()
    }

    /// What was seen so far.
    pub fn stats(&self) -> Stats {
        Stats { bytes: self.scanner.offset(), lines: self.scanner.count(), ..self.stages.stats }
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

/// All events of a log held in memory. Companions are skipped: collect [`Items`] through a [`Parser`].
///
/// [`Items`]: crate::Items
pub fn parse_with(log: &[u8], options: Options) -> Vec<Event> {
    let mut events = Vec::new();
    let mut parser = Parser::new(options);
    // a Vec never breaks
    let _ = parser.feed(log, &mut events);
    parser.finish(&mut events);
    events
}

type Emit<'s> = &'s mut dyn FnMut(Item) -> ControlFlow<()>;

static KERNEL: LazyLock<Search> = LazyLock::new(|| Search::new(kernel_literals()));
static NOTICES: LazyLock<Search> =
    LazyLock::new(|| Search::new(kernel_literals().chain(NOTICE_LITERALS.iter().map(|one| one.search))));
static ALL: LazyLock<Search> =
    LazyLock::new(|| Search::new(kernel_literals().chain(companion::LITERALS.iter().map(|one| one.search))));
static LOSSES: LazyLock<Search> =
    LazyLock::new(|| Search::new(kernel::LOSS_MARKS.iter().chain(companion::LOSS_LITERALS).copied()));

fn kernel_literals() -> impl Iterator<Item = Literal> {
    kernel::LITERALS.iter().chain(transport::LITERALS).copied()
}

/// What may bear on a verdict.
static NOTICE_LITERALS: LazyLock<Vec<&companion::Literal>> =
    LazyLock::new(|| companion::LITERALS.iter().filter(|one| !one.reporters.is_empty()).collect());

impl crate::unstable::Prescan {
    /// Searches a chunk for the kernel's lines. Costs no more than reading it from memory.
    pub fn new(chunk: &[u8]) -> Self {
        Self(Prescan::new(chunk, &KERNEL))
    }

    /// Searches for what may bear on a kill too: see [`Parser::wants_notices`].
    pub fn with_notices(chunk: &[u8]) -> Self {
        Self(Prescan::new(chunk, &NOTICES))
    }
}

/// Which lines are read.
#[derive(Debug, Clone, Copy)]
enum Reads {
    All,
    /// Those of the kernel, and near a kill those of companions.
    Kernel,
    /// Those of companions everywhere.
    Companions,
}

impl Reads {
    fn new(options: &Options) -> Self {
        match (options.prefilter, options.companions) {
            (false, _) => Self::All,
            (true, false) => Self::Kernel,
            (true, true) => Self::Companions,
        }
    }

    /// What a line must hold to be read; `None` where every line is.
    fn search(self, assembler: &Assembler) -> Option<&'static Search> {
        match self {
            Self::All => None,
            Self::Companions => Some(&ALL),
            Self::Kernel if assembler.is_waiting() => Some(&NOTICES),
            Self::Kernel => Some(&KERNEL),
        }
    }
}

/// From lines to records: which lines are read, and with how many before them.
struct Lines<'p> {
    decoder: &'p mut Decoder,
    stages: &'p mut Stages,
    reads: Reads,
}

impl Lines<'_> {
    fn read(&mut self, mut cursor: Cursor<'_>, sink: Emit<'_>) -> ControlFlow<()> {
        while let Some(step) = cursor.next(&self.wanted()) {
            match step {
                Step::Read(line, mark) => {
                    let Self { decoder, stages, .. } = self;
                    decoder.line(line, &mut |record| stages.record(&record, sink))?;
                    if let Some(mark) = mark {
                        self.mark(line, mark, sink)?;
                    }
                }
                Step::Mark(line, mark) => self.mark(line, mark, sink)?,
                Step::Gap => {
                    let Self { decoder, stages, .. } = self;
                    decoder.gap(&mut |record| stages.record(&record, sink))?;
                    stages.assembler.gap();
                }
                Step::Hit(hit) => {
                    if let Some(lookback) = self.hit(&hit, sink)? {
                        cursor.read_from(lookback);
                    }
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn wanted(&self) -> Wanted {
        Wanted {
            search: self.reads.search(&self.stages.assembler),
            until: self.stages.reads_until(),
            held: self.decoder.held_since(),
            ticks: self.stages.assembler.is_waiting(),
        }
    }

    /// A line that shows that time has passed, by itself.
    fn mark(&mut self, line: Line<'_>, mark: Mark, sink: Emit<'_>) -> ControlFlow<()> {
        let Self { decoder, stages, .. } = self;
        decoder.standalone(line, &mut |record| stages.mark(&record, mark == Mark::Landmark, sink))
    }

    /// How many of the bytes before a hit have to be read with it; `None` where nothing more has to be read.
    fn hit(&mut self, hit: &Hit<'_>, sink: Emit<'_>) -> ControlFlow<(), Option<usize>> {
        let Hit { before, line, literal } = *hit;
        if let Some(notice) = self.notice(literal) {
            let may_bear = self.stages.assembler.may_bear(line.bytes, notice.reporters);
            // nothing around it matters, unless the kernel's words are in it too
            if (!may_bear || transport::is_standalone(line)) && !KERNEL.is_in(line.bytes) {
                if may_bear {
                    let Self { decoder, stages, .. } = self;
                    decoder.gap(&mut |record| stages.record(&record, sink))?;
                    decoder.standalone(line, &mut |record| stages.record(&record, sink))?;
                }
                return ControlFlow::Continue(None);
            }
        }
        let is_standalone = transport::is_standalone(line);
        let said = self.says(line);
        if is_standalone && said.is_nothing() {
            return ControlFlow::Continue(None);
        }
        let near = transport::lookback_bytes(before, line).max(loss_lookback(before));
        // a head has nothing before it; a verdict or a table may have lost its head, and then other parts come before it
        let is_head = memchr::memmem::find(line.bytes, kernel::HEAD).is_some();
        let is_complete = is_head || is_standalone && !said.evidence;
        let mut lines = before[before.len() - near..].split_inclusive(|byte| *byte == b'\n');
        let continues = !is_complete
            || lines.any(|bytes| {
                let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
                self.says(Line { bytes, ..line }).start
            });
        // as far back as lines are kept
        ControlFlow::Continue(Some(if continues { before.len() } else { near }))
    }

    /// The notice that a literal is of, where only notices are looked for.
    fn notice(&self, literal: usize) -> Option<&'static companion::Literal> {
        let kernel = kernel::LITERALS.len() + transport::LITERALS.len();
        let of_notice = literal.checked_sub(kernel).filter(|_| matches!(self.reads, Reads::Kernel))?;
        NOTICE_LITERALS.get(of_notice).copied()
    }

    /// What a line says by itself.
    fn says(&mut self, line: Line<'_>) -> Said {
        let mut said = Said::default();
        let _ = self.decoder.standalone(line, &mut |record| {
            said.kernel |= *record.origin != Origin::User;
            kernel::read(record.text, record.wrapped_from, &mut |message, _| {
                let role = message.role();
                said.message = true;
                said.start |= role.starts.is_some();
                said.evidence |= role.is_evidence;
            });
            // asked only where nothing else makes it worth reading
            said.companion |= said.is_nothing() && companion::recognise(&record).is_some();
            ControlFlow::Continue(())
        });
        said
    }
}

/// What a line says by itself.
#[derive(Debug, Default)]
struct Said {
    /// A user process did not write it.
    kernel: bool,
    companion: bool,
    message: bool,
    /// Something that starts a dump, or is evidence of one.
    start: bool,
    evidence: bool,
}

impl Said {
    /// Whether it is a user process's line that bears on nothing.
    fn is_nothing(&self) -> bool {
        !self.kernel && !self.companion && !self.message
    }
}

/// How many of the bytes before a dump have to be read to know which of its own lines may be lost.
fn loss_lookback(before: &[u8]) -> usize {
    let newline = memchr::memrchr_iter(b'\n', before).nth(kernel::LOSS_LINES as usize + 1);
    let near = newline.map_or(0, |newline| newline + 1);
    let Some(mark) = LOSSES.find(before, near, before.len()) else { return 0 };
    let start = memchr::memrchr(b'\n', &before[..mark.at]).map_or(0, |newline| newline + 1);
    before.len() - start
}

/// From records to items: order, duplicates, dumps.
#[derive(Debug)]
struct Stages {
    options: Options,
    order: LineOrder,
    duplicates: DuplicateFilter,
    assembler: Assembler,
    stats: Stats,
}

impl Stages {
    fn new(options: Options) -> Self {
        Self {
            order: LineOrder::default(),
            duplicates: DuplicateFilter::default(),
            assembler: Assembler::new(options.clone()),
            stats: Stats::default(),
            options,
        }
    }

    fn reads_until(&self) -> u64 {
        if self.order.is_open() { u64::MAX } else { self.assembler.reads_until() }
    }

    /// Takes the next record of the log, which is read as soon as it is clear in which order the log runs.
    fn record(&mut self, record: &Record<'_>, sink: Emit<'_>) -> ControlFlow<()> {
        let messages = Messages::of(record.text, record.wrapped_from);
        let observed = self.order.observe(record, &messages, &self.options.limits);
        for stretch in observed.before {
            self.stretch(stretch, sink)?;
        }
        match observed.then {
            Decision::Read => {
                self.ordered(record, messages);
                self.emit(sink)
            }
            Decision::Held => ControlFlow::Continue(()),
            Decision::Ready(stretch) => self.stretch(stretch, sink),
        }
    }

    fn stretch(&mut self, stretch: Stretch, sink: Emit<'_>) -> ControlFlow<()> {
        let (Stretch::Forward(records) | Stretch::Backward(records, _)) = &stretch;
        let repeats = |record: &Record<'_>| Messages::of(record.text, record.wrapped_from).repeats;
        self.duplicates.look_ahead(records.iter().map(OwnedRecord::as_record), repeats);
        match stretch {
            Stretch::Forward(records) => records.iter().try_for_each(|record| {
                self.owned(record);
                self.emit(sink)
            }),
            Stretch::Backward(records, cut) => self.backward(records, cut, sink),
        }
    }

    /// Reads records from the last to the first. What comes before and after them in the log is of other times.
    fn backward(&mut self, mut records: Vec<OwnedRecord>, cut: bool, sink: Emit<'_>) -> ControlFlow<()> {
        self.assembler.settle_all();
        self.emit(sink)?;
        self.assembler.forget_hosts();
        let Some(mirror) = Mirror::of(&records, cut) else { return ControlFlow::Continue(()) };
        let mut items: Vec<Item> = Vec::new();
        while let Some(mut record) = records.pop() {
            mirror.record(&mut record);
            self.owned(&record);
            items.extend(std::iter::from_fn(|| self.assembler.next()));
        }
        self.assembler.settle_all();
        items.extend(std::iter::from_fn(|| self.assembler.next()));
        self.assembler.forget_hosts();
        mirror.items(&mut items);
        items.into_iter().try_for_each(|item| self.emit_one(item, sink))
    }

    fn owned(&mut self, record: &OwnedRecord) {
        let record = record.as_record();
        self.ordered(&record, Messages::of(record.text, record.wrapped_from));
    }

    /// Takes a record in the kernel's order, and leaves it out where it is a duplicate.
    fn ordered(&mut self, record: &Record<'_>, messages: Messages<'_>) {
        let Some(repeats) = messages.repeats else { return self.assembler.push(record, messages, 0) };
        let fingerprint = fingerprint(record.text);
        // lines that say nothing of a dump may be skipped elsewhere: they must not count
        let counts = messages.is_never_skipped || self.assembler.is_reading();
        let is_duplicate = counts && self.duplicates.is_duplicate(record, repeats, fingerprint);
        let host = self.duplicates.host().filter(|_| record.host.is_none()).cloned();
        let record = &Record { host: record.host.or(host.as_deref()), ..*record };
        if is_duplicate {
            self.assembler.observe_duplicate(record);
        } else {
            self.assembler.push(record, messages, fingerprint);
        }
    }

    fn mark(&mut self, record: &Record<'_>, is_landmark: bool, sink: Emit<'_>) -> ControlFlow<()> {
        self.assembler.observe_mark(record, is_landmark);
        self.emit(sink)
    }

    /// Reads what is held: no further line will show in which order the log runs.
    fn flush(&mut self, sink: Emit<'_>) -> ControlFlow<()> {
        self.order.end().map_or(ControlFlow::Continue(()), |stretch| self.stretch(stretch, sink))
    }

    fn idle(&mut self, elapsed: Duration, sink: Emit<'_>) -> ControlFlow<()> {
        if elapsed.as_secs() > self.options.limits.idle_seconds {
            self.flush(sink)?;
        }
        self.assembler.idle(elapsed);
        self.emit(sink)
    }

    fn finish(&mut self, sink: Emit<'_>) -> ControlFlow<()> {
        self.flush(sink)?;
        self.assembler.settle_all();
        self.emit(sink)
    }

    /// Hands on what is ready.
    fn emit(&mut self, sink: Emit<'_>) -> ControlFlow<()> {
        while let Some(item) = self.assembler.next() {
            self.emit_one(item, sink)?;
        }
        ControlFlow::Continue(())
    }

    fn emit_one(&mut self, item: Item, sink: Emit<'_>) -> ControlFlow<()> {
        match &item {
            Item::Event(event) if event.source.origin == Origin::User && !self.options.include_user => {
                self.stats.user_events += 1;
                return ControlFlow::Continue(());
            }
            Item::Event(_) => self.stats.events += 1,
            Item::Companion(_) => self.stats.companions += 1,
        }
        sink(item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What must be found where nothing is read.
    #[test]
    fn every_line_that_is_searched_holds_a_literal() {
        let mut searched = 0;
        for (text, _) in kernel::SAMPLES {
            let Some(message) = kernel::parse(text.as_bytes()) else { panic!("{text}") };
            if message.role().is_searched {
                searched += 1;
                // a name may hold a newline; the line that counts is any of them
                assert!(text.split('\n').any(|line| KERNEL.is_in(line.as_bytes())), "{text}");
            }
        }
        assert!(searched > 30, "{searched}");
    }
}
