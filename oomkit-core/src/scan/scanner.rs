//! The line scanner: returns the lines that have to be read, one after the other. While nothing is open it searches for
//! needles and skips every other line, except a few at offsets that the stream alone decides.

use super::prescan::Prescan;
use super::{Line, Search};
use crate::options::ALWAYS_READ;

/// One line in so many bytes is a landmark.
const LANDMARK: u64 = 128 << 10;
/// One line in so many bytes is a tick, while ticks are wanted.
const TICK: u64 = 16 << 10;
/// Skipped bytes that are kept for a look-back.
const HISTORY: usize = 64 << 10;
/// What is searched and counted at once, so that it is still in the cache.
pub(super) const BLOCK: usize = 64 << 10;
/// No literal is longer, with what confirms it.
pub(super) const LONGEST_LITERAL: usize = 128;

/// What the caller needs to see at the moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    /// What a line must hold to be read; `None` where every line is read.
    pub(crate) search: Option<&'static Search>,
    /// Every line up to this one is read.
    pub(crate) until: u64,
    /// The first line that the caller holds until a later one completes it.
    pub(crate) held: u64,
    /// Ticks are wanted besides landmarks.
    pub(crate) ticks: bool,
}

/// What comes next in the stream.
#[derive(Debug)]
pub(crate) enum Step<'c> {
    /// Lines were skipped before the next one: what is held is complete.
    Gap,
    /// A line to read. The mark is due after it.
    Read(Line<'c>, Option<Mark>),
    /// A skipped line that tells the time.
    Mark(Line<'c>, Mark),
    /// A line with a needle, after these skipped lines. It is skipped too, unless [`Cursor::read_from`] is called.
    Hit(Hit<'c>),
}

/// A line with a needle, and what is kept of the lines skipped before it.
#[derive(Debug)]
pub(crate) struct Hit<'c> {
    pub(crate) before: &'c [u8],
    pub(crate) line: Line<'c>,
    /// The literal found, by its index in the search.
    pub(crate) literal: usize,
}

/// A line at an offset that the stream alone decides, whether it is read or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Due everywhere.
    Landmark,
    /// Due only while ticks are wanted.
    Tick,
}

/// Cuts a stream of chunks into lines. Holds at most one partial line, never more than the limit, and a bounded piece of
/// what was skipped before it.
#[derive(Debug)]
pub(crate) struct Scanner {
    limit: usize,
    /// The line that the last chunk left open, as far as it is kept.
    partial: Vec<u8>,
    /// Bytes of it beyond that.
    overflow: u64,
    is_open: bool,
    /// The last lines that were skipped before the current chunk.
    history: Vec<u8>,
    /// Lines of a look-back, and how far they have been read.
    replay: Vec<u8>,
    replayed: usize,
    /// Lines before the position reached, and its offset.
    number: u64,
    offset: u64,
    skipping: bool,
    /// The last line that was read before lines were skipped.
    last_read: u64,
    gap: bool,
    /// The last line known to hold a needle.
    needle_line: u64,
    /// Where the next landmark and the next tick are due.
    landmark: u64,
    tick: u64,
    /// The last line of the stream that has ended, and its offset.
    last: (Vec<u8>, u64),
}

/// Where a line is: in the replay buffer, in the partial line, or in the chunk.
#[derive(Debug, Clone, Copy)]
enum Span {
    Replay(usize, usize),
    Partial,
    Chunk(usize, usize),
}

#[derive(Debug, Clone, Copy)]
enum NextStep {
    Gap,
    Read(Span, Option<Mark>),
    Mark(Span, Mark),
    Hit(Span, usize),
}

impl Scanner {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit: limit.max(1),
            partial: Vec::new(),
            overflow: 0,
            is_open: false,
            history: Vec::new(),
            replay: Vec::new(),
            replayed: 0,
            number: 0,
            offset: 0,
            skipping: false,
            last_read: 0,
            gap: false,
            needle_line: 0,
            landmark: ALWAYS_READ,
            tick: 0,
            last: (Vec::new(), 0),
        }
    }

    /// A cursor over the next chunk, and what another thread found in it. It must be read to its end.
    pub(crate) fn chunk<'c>(&'c mut self, chunk: &'c [u8], prescan: Option<&'c Prescan>) -> Cursor<'c> {
        let mut start = 0;
        let mut partial = None;
        if self.is_open {
            let end = memchr::memchr(b'\n', chunk);
            self.keep_partial(&chunk[..end.unwrap_or(chunk.len())]);
            start = end.map_or(chunk.len(), |end| end + 1);
            partial = end.map(|_| 1);
            self.is_open = end.is_none();
        }
        let end = memchr::memrchr(b'\n', &chunk[start..]).map_or(start, |last| start + last + 1);
        let (lines, rest) = chunk.split_at(end);
        Cursor {
            scanner: self,
            lines,
            rest,
            prescan,
            start,
            at: start,
            skipped_from: start,
            partial,
            hit: None,
            last: None,
        }
    }

    /// A cursor over a last line that has no end.
    pub(crate) fn end(&mut self) -> Cursor<'_> {
        let mut cursor = self.chunk(b"", None);
        cursor.partial = std::mem::take(&mut cursor.scanner.is_open).then_some(0);
        cursor
    }

    /// The last line, once the stream has ended.
    pub(crate) fn last(&self) -> Option<Line<'_>> {
        let (bytes, start) = &self.last;
        (self.number > 0).then_some(Line { bytes, number: self.number, start: *start, skipped: 0 })
    }

    /// Bytes of lines that have ended.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Lines that have ended.
    pub(crate) fn count(&self) -> u64 {
        self.number
    }

    fn keep_partial(&mut self, piece: &[u8]) {
        // what is beyond the limit may be part of a look-back
        let kept = piece.len().min(self.limit.max(HISTORY) - self.partial.len());
        self.partial.extend_from_slice(&piece[..kept]);
        self.overflow += (piece.len() - kept) as u64;
        self.is_open = true;
    }

    fn next_mark(&self, wanted: &Wanted) -> u64 {
        if wanted.ticks { self.tick.min(self.landmark) } else { self.landmark }
    }

    /// The mark of the line that begins here, if it is one.
    fn mark_at(&mut self, start: u64, wanted: &Wanted) -> Option<Mark> {
        let (landmark, tick) = (start >= self.landmark, start >= self.tick);
        if landmark {
            self.landmark = (start / LANDMARK + 1) * LANDMARK;
        }
        if tick {
            self.tick = (start / TICK + 1) * TICK;
        }
        if landmark { Some(Mark::Landmark) } else { (tick && wanted.ticks).then_some(Mark::Tick) }
    }
}

/// Reads one chunk.
#[derive(Debug)]
pub(crate) struct Cursor<'c> {
    scanner: &'c mut Scanner,
    /// Whole lines from `start` on, and after them the beginning of one.
    lines: &'c [u8],
    rest: &'c [u8],
    prescan: Option<&'c Prescan>,
    start: usize,
    /// The position reached in `lines`, and where the lines skipped before it begin.
    at: usize,
    skipped_from: usize,
    /// Where the scanner's partial line comes first, until it is consumed: how many bytes its end takes.
    partial: Option<u64>,
    /// The hit returned last, as long as nobody has asked to read it.
    hit: Option<Span>,
    /// The line read last.
    last: Option<Span>,
}

impl Cursor<'_> {
    /// The next step; `None` at the end of the chunk.
    pub(crate) fn next(&mut self, wanted: &Wanted) -> Option<Step<'_>> {
        let Some(found) = self.find(wanted) else {
            self.end();
            return None;
        };
        let (number, start) = (self.scanner.number + 1, self.scanner.offset);
        Some(match found {
            NextStep::Gap => Step::Gap,
            NextStep::Read(span, mark) => {
                self.consume(span);
                self.last = Some(span);
                Step::Read(self.line(span, number, start), mark)
            }
            NextStep::Mark(span, mark) => Step::Mark(self.line(span, number, start), mark),
            NextStep::Hit(span, literal) => {
                self.hit = Some(span);
                if !self.scanner.history.is_empty() {
                    remember(&mut self.scanner.history, &self.lines[self.skipped_from..self.at]);
                    self.skipped_from = self.at;
                }
                Step::Hit(Hit { before: self.before(), line: self.line(span, number, start), literal })
            }
        })
    }

    /// Reads on with the hit that was returned last, and so many of the bytes before it.
    pub(crate) fn read_from(&mut self, lookback: usize) {
        if self.hit.take().is_none() {
            return;
        }
        let replay = {
            let before = self.before();
            from_line(before, lookback.min(before.len())).to_vec()
        };
        let scanner = &mut *self.scanner;
        scanner.needle_line = scanner.number + 1;
        scanner.number -= newlines(&replay);
        scanner.offset -= replay.len() as u64;
        // ticks before it are over
        scanner.tick = scanner.tick.max((scanner.offset / TICK + 1) * TICK);
        scanner.gap = scanner.number > scanner.last_read;
        scanner.skipping = false;
        scanner.history.clear();
        scanner.replay = replay;
        scanner.replayed = 0;
        self.skipped_from = self.at;
    }

    fn find(&mut self, wanted: &Wanted) -> Option<NextStep> {
        if std::mem::take(&mut self.scanner.gap) {
            return Some(NextStep::Gap);
        }
        let start = self.scanner.replayed;
        if let Some(length) = memchr::memchr(b'\n', &self.scanner.replay[start..]) {
            return Some(self.read(Span::Replay(start, start + length), wanted));
        }
        if let Some(span) = self.hit.take() {
            self.skip(span);
        }
        if !self.scanner.skipping && self.may_skip(wanted) {
            self.scanner.skipping = true;
            self.scanner.last_read = self.scanner.number;
        }
        if self.partial.is_some() {
            if !self.scanner.skipping {
                return Some(self.read(Span::Partial, wanted));
            }
            if let Some(found) = self.search_partial(wanted) {
                return Some(found);
            }
        }
        while self.at < self.lines.len() {
            let found = match wanted.search {
                Some(search) if self.scanner.skipping => self.search_chunk(search, wanted),
                _ => Some(self.read(Span::Chunk(self.at, line_end(self.lines, self.at)), wanted)),
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }

    fn read(&mut self, span: Span, wanted: &Wanted) -> NextStep {
        NextStep::Read(span, self.scanner.mark_at(self.scanner.offset, wanted))
    }

    /// Whether the lines after the last one read can be skipped.
    fn may_skip(&mut self, wanted: &Wanted) -> bool {
        let Scanner { offset, number, needle_line, .. } = *self.scanner;
        if offset < ALWAYS_READ || number < wanted.until || number < needle_line {
            return false;
        }
        let Some(search) = wanted.search else { return false };
        if let Some(span) = self.last.take()
            && search.is_in(self.cut(span).0)
        {
            self.scanner.needle_line = number;
        }
        wanted.held > self.scanner.needle_line
    }

    /// Skips the partial line, unless it is a hit or a mark.
    fn search_partial(&mut self, wanted: &Wanted) -> Option<NextStep> {
        if self.scanner.offset >= self.scanner.next_mark(wanted)
            && let Some(mark) = self.scanner.mark_at(self.scanner.offset, wanted)
        {
            return Some(NextStep::Mark(Span::Partial, mark));
        }
        let line = self.cut(Span::Partial).0;
        if let Some(found) = wanted.search.and_then(|search| search.find(line, 0, line.len())) {
            return Some(NextStep::Hit(Span::Partial, found.literal));
        }
        self.skip(Span::Partial);
        None
    }

    /// Skips lines up to the next hit or mark.
    fn search_chunk(&mut self, search: &Search, wanted: &Wanted) -> Option<NextStep> {
        let Self { lines, rest, .. } = *self;
        let prescan = self.prescan.filter(|prescan| prescan.is_of(lines.len() + rest.len(), search));
        let distance = self.scanner.next_mark(wanted).saturating_sub(self.scanner.offset);
        let mark = line_from(lines, self.at, distance);
        let end = mark.unwrap_or(lines.len());
        let mut from = self.at;
        while from < end {
            let block = end.min((from / BLOCK + 1) * BLOCK);
            let found = match prescan {
                Some(prescan) => prescan.find(from),
                // a match may run over the end of the block
                None => search.find(lines, from, end.min(block + LONGEST_LITERAL)),
            };
            let Some(found) = found.filter(|found| found.at < block) else {
                let whole = prescan.filter(|_| block - from == BLOCK).and_then(|prescan| prescan.newlines(from));
                self.scanner.number += whole.unwrap_or_else(|| newlines(&lines[from..block]));
                from = block;
                continue;
            };
            let start =
                memchr::memrchr(b'\n', &lines[self.at..found.at]).map_or(self.at, |newline| self.at + newline + 1);
            let stop = line_end(lines, found.at);
            self.scanner.number += newlines(&lines[from.min(start)..start]);
            self.scanner.offset += (start - self.at) as u64;
            self.at = start;
            let limit = self.scanner.limit;
            let literal = match stop - start > limit {
                // what is beyond the limit of a line is not read
                true => search.find(&lines[start..start + limit], 0, limit).map(|found| found.literal),
                false => Some(found.literal),
            };
            if let Some(literal) = literal {
                return Some(NextStep::Hit(Span::Chunk(start, stop), literal));
            }
            self.skip(Span::Chunk(start, stop));
            from = self.at;
        }
        self.scanner.offset += (end - self.at) as u64;
        self.at = end;
        let span = Span::Chunk(mark?, line_end(lines, end));
        self.scanner.mark_at(self.scanner.offset, wanted).map(|mark| NextStep::Mark(span, mark))
    }

    /// Moves past a line that is read.
    fn consume(&mut self, span: Span) {
        self.advance(span);
        if !matches!(span, Span::Replay(..)) {
            self.scanner.history.clear();
            self.skipped_from = self.at;
        }
    }

    /// Moves past a line that is skipped.
    fn skip(&mut self, span: Span) {
        self.advance(span);
        if matches!(span, Span::Partial) {
            let Scanner { history, partial, overflow, .. } = &mut *self.scanner;
            if *overflow > 0 {
                history.clear();
            } else {
                remember(history, partial);
                history.push(b'\n');
            }
        }
    }

    fn advance(&mut self, span: Span) {
        let Scanner { number, offset, replayed, partial, overflow, last, limit, .. } = &mut *self.scanner;
        *number += 1;
        let length = match span {
            Span::Replay(start, end) => {
                *replayed = end + 1;
                end - start + 1
            }
            Span::Chunk(start, end) => {
                self.at = end + 1;
                end - start + 1
            }
            Span::Partial => {
                set_last(last, partial, *limit, *offset);
                *offset += *overflow + self.partial.take().unwrap_or_default();
                partial.len()
            }
        };
        *offset += length as u64;
    }

    /// Ends the chunk: keeps what was skipped, and the line that is open.
    fn end(&mut self) {
        let Self { scanner, lines, rest, start, .. } = self;
        remember(&mut scanner.history, &lines[self.skipped_from..]);
        self.skipped_from = lines.len();
        if let Some(ended) = lines[*start..].strip_suffix(b"\n") {
            let line = memchr::memrchr(b'\n', ended).map_or(ended, |newline| &ended[newline + 1..]);
            set_last(&mut scanner.last, line, scanner.limit, scanner.offset - line.len() as u64 - 1);
        }
        if !scanner.is_open {
            scanner.partial.clear();
            scanner.overflow = 0;
            if !rest.is_empty() {
                scanner.keep_partial(rest);
            }
        }
        // a cursor that is read further has nothing left
        (self.lines, self.rest, self.start, self.at, self.skipped_from) = (b"", b"", 0, 0, 0);
    }

    /// The skipped lines before the position reached, as far as they are kept.
    fn before(&self) -> &[u8] {
        let history = &self.scanner.history;
        let before = if history.is_empty() { &self.lines[self.skipped_from..self.at] } else { history };
        from_line(before, HISTORY)
    }

    fn line(&self, span: Span, number: u64, start: u64) -> Line<'_> {
        let (bytes, skipped) = self.cut(span);
        Line { bytes, number, start, skipped }
    }

    /// A line as far as it is read, and how many bytes it has beyond that.
    fn cut(&self, span: Span) -> (&[u8], u64) {
        let (line, overflow) = match span {
            Span::Replay(start, end) => (&self.scanner.replay[start..end], 0),
            Span::Chunk(start, end) => (&self.lines[start..end], 0),
            Span::Partial => (&self.scanner.partial[..], self.scanner.overflow),
        };
        let kept = line.len().min(self.scanner.limit);
        (&line[..kept], overflow + (line.len() - kept) as u64)
    }
}

fn set_last((text, offset): &mut (Vec<u8>, u64), line: &[u8], limit: usize, start: u64) {
    text.clear();
    text.extend_from_slice(&line[..line.len().min(limit)]);
    *offset = start;
}

/// Adds skipped lines to those before them, and forgets the oldest.
fn remember(history: &mut Vec<u8>, lines: &[u8]) {
    if lines.len() >= HISTORY {
        history.clear();
    } else if history.len() + lines.len() > 2 * HISTORY {
        let start = history.len() - from_line(history, HISTORY).len();
        history.drain(..start);
    }
    history.extend_from_slice(from_line(lines, HISTORY));
}

/// The last so many bytes of some lines, from where a line begins.
fn from_line(lines: &[u8], bytes: usize) -> &[u8] {
    let Some(cut) = lines.len().checked_sub(bytes).filter(|cut| *cut > 0) else { return lines };
    let newline = memchr::memchr(b'\n', &lines[cut - 1..]);
    newline.map_or(&[], |newline| &lines[cut + newline..])
}

/// Where the first line begins that is at least so far after `at`, where a line begins.
fn line_from(lines: &[u8], at: usize, distance: u64) -> Option<usize> {
    let position = at.checked_add(usize::try_from(distance).ok()?).filter(|position| *position < lines.len())?;
    if position == at {
        return Some(at);
    }
    let start = line_end(lines, position - 1) + 1;
    (start < lines.len()).then_some(start)
}

fn line_end(lines: &[u8], from: usize) -> usize {
    memchr::memchr(b'\n', &lines[from..]).map_or(lines.len(), |at| from + at)
}

pub(super) fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}
