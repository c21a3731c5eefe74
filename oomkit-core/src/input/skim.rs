//! Passes over the lines that cannot matter and hands on the others: those that hold a literal, those around them, and
//! a few at places that the stream alone decides. Knows nothing about logs.

use super::{Behind, Known, Line, Search};
use std::ops::ControlFlow;

/// Lines that begin in front of this are all read: they show what the log is, and when it begins.
pub(crate) const START: u64 = 64 << 10;
/// One line in so many bytes is a landmark.
const LANDMARK: u64 = 128 << 10;
/// One line in so many bytes is a mark, as long as marks are asked for.
const MARK: u64 = 16 << 10;
/// How far back lines can be asked for that were passed over.
const HISTORY: usize = 64 << 10;
/// What is searched and counted at once, so that it is still in the cache.
pub(super) const BLOCK: usize = 64 << 10;
/// No literal is longer.
pub(super) const LONGEST_LITERAL: usize = 64;

/// Whoever reads lines.
pub(crate) trait Reader {
    /// Takes a line, and as many of those behind it as it says.
    fn line(&mut self, line: Line<'_>) -> ControlFlow<(), Further>;

    /// Takes a line at a place that the stream alone decides, whether or not it is read too.
    fn mark(&mut self, line: Line<'_>, landmark: bool) -> Flow;

    /// What the lines hold that have to be read now; `None` where all have to be.
    fn search(&self) -> Option<&'static Search>;

    /// Whether marks are asked for, besides landmarks.
    fn wants_marks(&self) -> bool;

    /// How many of the bytes before a line that holds a literal have to be read with it.
    fn entry(&mut self, before: &[u8], line: Line<'_>) -> usize;

    /// The line up to which all lines have to be read, as far as is known now.
    fn until(&self) -> u64;

    /// First line of what is held until a later line shows that it is complete.
    fn holds(&self) -> u64;

    /// Lines were passed over: what is held is complete.
    fn gap(&mut self) -> Flow;
}

/// Lines that were taken together with one before them, all of their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Further {
    pub(crate) lines: u64,
    pub(crate) bytes: usize,
}

/// Whether to go on.
pub(crate) type Flow = ControlFlow<()>;
const GO_ON: Flow = ControlFlow::Continue(());

/// Cuts a stream of chunks into lines. Holds at most one partial line, never more than the limit, and a bounded piece of
/// what was passed over before it.
#[derive(Debug)]
pub(crate) struct Skim {
    limit: usize,
    /// Lines that were passed over, then what there is of the line that is open.
    kept: Vec<u8>,
    /// Where in `kept` the open line begins.
    opened: usize,
    /// Bytes of the open line that did not fit.
    skipped: u64,
    /// Whether a line has begun that has not ended: an empty one may have skipped bytes only.
    open: bool,
    /// Lines before the place reached, and its offset.
    number: u64,
    offset: u64,
    /// Whether lines are read at the moment, or passed over.
    reading: bool,
    /// The last line that was read before others were passed over.
    rested: u64,
    /// The last line of those looked at that holds a literal.
    literal: u64,
    /// Where the next landmark and the next mark are due.
    landmark: u64,
    mark: u64,
    /// The last line that had ended with the last chunk, read or passed over, and its offset.
    last: (Vec<u8>, u64),
}

impl Skim {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit: limit.max(1),
            kept: Vec::new(),
            opened: 0,
            skipped: 0,
            open: false,
            number: 0,
            offset: 0,
            reading: true,
            rested: 0,
            literal: 0,
            landmark: START,
            mark: 0,
            last: (Vec::new(), 0),
        }
    }

    /// Takes the next chunk. After a break the rest of the chunk is lost.
    pub(crate) fn feed(&mut self, chunk: &[u8], known: Option<&Known>, reader: &mut impl Reader) -> Flow {
        let mut at = 0;
        if self.open {
            let Some(end) = memchr::memchr(b'\n', chunk) else {
                self.keep(chunk);
                return GO_ON;
            };
            self.keep(&chunk[..end]);
            at = end + 1;
            self.close(true, reader)?;
        }
        let whole = memchr::memrchr(b'\n', &chunk[at..]).map_or(at, |last| at + last + 1);
        let (lines, rest) = chunk.split_at(whole);
        let first = at;
        let mut passed = at;
        while at < whole {
            match reader.search() {
                Some(search) if !self.reading => {
                    let known = known.and_then(|known| known.of(chunk, search));
                    at = self.pass(Stretch { lines, passed, at, known }, search, reader)?;
                }
                _ => {
                    let end = at + memchr::memchr(b'\n', &lines[at..]).unwrap_or(whole - at);
                    let line = &lines[at..end];
                    at = end + 1;
                    let further = self.read(line, 0, true, lines.get(at..).unwrap_or_default(), reader)?;
                    at += further;
                    passed = at;
                    // whoever takes further lines wants all that come
                    if further == 0 {
                        self.rest(line, reader)?;
                    }
                }
            }
            if self.reading {
                self.kept.clear();
                passed = at;
            }
        }
        self.remember(&lines[passed..]);
        if let Some(ended) = lines[first..].strip_suffix(b"\n") {
            let line = memchr::memrchr(b'\n', ended).map_or(ended, |newline| &ended[newline + 1..]);
            self.end_with(line, self.offset - line.len() as u64 - 1);
        }
        self.opened = self.kept.len();
        if !rest.is_empty() {
            self.keep(rest);
        }
        GO_ON
    }

    /// Hands on a last line that has no end.
    pub(crate) fn finish(&mut self, reader: &mut impl Reader) -> Flow {
        if self.open { self.close(false, reader) } else { GO_ON }
    }

    /// The last line, once the stream is finished.
    pub(crate) fn last(&self) -> Option<Line<'_>> {
        let (bytes, start) = &self.last;
        (self.number > 0).then_some(Line {
            bytes,
            number: self.number,
            start: *start,
            skipped: 0,
            behind: Behind::default(),
        })
    }

    /// Remembers the last line, as far as it is read.
    fn end_with(&mut self, line: &[u8], start: u64) {
        self.last.0.clear();
        self.last.0.extend_from_slice(&line[..line.len().min(self.limit)]);
        self.last.1 = start;
    }

    /// Bytes of lines that have ended.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Lines that have ended.
    pub(crate) fn count(&self) -> u64 {
        self.number
    }

    /// Passes over lines, up to the next that is to be read, or the next mark. Gives the place reached.
    fn pass(&mut self, stretch: Stretch<'_>, search: &Search, reader: &mut impl Reader) -> ControlFlow<(), usize> {
        let Stretch { lines, passed, mut at, known } = stretch;
        let due = if reader.wants_marks() { self.mark.min(self.landmark) } else { self.landmark };
        let mark = line_from(lines, at, due.saturating_sub(self.offset));
        let end = mark.unwrap_or(lines.len());
        let mut from = at;
        let mut count = 0;
        while from < end {
            let block = end.min((from / BLOCK + 1) * BLOCK);
            // a match may run over the end of the block
            let found = match known {
                Some(known) => known.find(from),
                None => search.find(&lines[..end.min(block + LONGEST_LITERAL)], from),
            };
            let Some(found) = found.filter(|found| *found < block) else {
                let whole = known.filter(|_| block - from == BLOCK).and_then(|known| known.newlines(from));
                count += whole.unwrap_or_else(|| newlines(&lines[from..block]));
                from = block;
                continue;
            };
            let start = memchr::memrchr(b'\n', &lines[at..found]).map_or(at, |newline| at + newline + 1);
            let stop = found + memchr::memchr(b'\n', &lines[found..]).unwrap_or(lines.len() - found);
            count += newlines(&lines[from.min(start)..start]);
            self.number += count;
            self.offset += (start - at) as u64;
            // what lies behind the limit of a line is not read
            if stop - start <= self.limit || search.find(&lines[start..start + self.limit], 0).is_some() {
                let before = &lines[passed..start];
                if before.len() >= HISTORY || self.kept.is_empty() {
                    self.enter(before, &lines[start..stop], 0, true, reader)?;
                } else {
                    remember(&mut self.kept, before);
                    let kept = std::mem::take(&mut self.kept);
                    self.enter(&kept, &lines[start..stop], 0, true, reader)?;
                    self.kept = kept;
                }
                return ControlFlow::Continue(stop + 1);
            }
            self.number += 1;
            self.offset += (stop + 1 - start) as u64;
            (at, from, count) = (stop + 1, stop + 1, 0);
        }
        self.number += count;
        self.offset += (end - at) as u64;
        if let Some(mark) = mark {
            let stop = mark + memchr::memchr(b'\n', &lines[mark..]).unwrap_or(lines.len() - mark);
            self.marks(&lines[mark..stop], 0, reader)?;
        }
        ControlFlow::Continue(end)
    }

    /// Begins to read with a line that holds a literal, and with what has to be read before it.
    fn enter(&mut self, before: &[u8], line: &[u8], skipped: u64, ended: bool, reader: &mut impl Reader) -> Flow {
        let history = from_line(before, HISTORY);
        let back = reader.entry(history, self.cut(line, skipped)).min(history.len());
        let mut first = from_line(history, back);
        self.number -= newlines(first);
        self.offset -= first.len() as u64;
        self.mark = self.mark.max((self.offset / MARK + 1) * MARK);
        if self.number > self.rested {
            reader.gap()?;
        }
        self.reading = true;
        while let Some(end) = memchr::memchr(b'\n', first) {
            let further = self.read(&first[..end], 0, true, &first[end + 1..], reader)?;
            first = &first[end + 1 + further..];
        }
        self.literal = self.number + 1;
        self.read(line, skipped, ended, b"", reader)?;
        GO_ON
    }

    /// Reads a line of which so many further bytes are not here, and what is at hand of those behind it. Gives the bytes
    /// of those that were read too.
    fn read(
        &mut self,
        line: &[u8],
        skipped: u64,
        ended: bool,
        next: &[u8],
        reader: &mut impl Reader,
    ) -> ControlFlow<(), usize> {
        let mut cut = self.cut(line, skipped);
        // shown behind what is held until it comes
        let mark = self.mark_at(cut.start, reader);
        self.number += 1;
        self.offset += line.len() as u64 + skipped + u64::from(ended);
        if mark.is_none() {
            let free = self.mark.min(self.landmark).saturating_sub(self.offset);
            cut.behind.free = usize::try_from(free).unwrap_or(usize::MAX);
        }
        cut.behind.bytes = next;
        let Further { lines, bytes } = reader.line(cut)?;
        self.number += lines;
        self.offset += bytes as u64;
        if let Some(landmark) = mark {
            reader.mark(cut, landmark)?;
        }
        ControlFlow::Continue(bytes)
    }

    /// Whether the line that begins here is a mark, and if so whether it is a landmark.
    fn mark_at(&mut self, start: u64, reader: &impl Reader) -> Option<bool> {
        let (landmark, mark) = (start >= self.landmark, start >= self.mark);
        if landmark {
            self.landmark = (start / LANDMARK + 1) * LANDMARK;
        }
        if mark {
            self.mark = (start / MARK + 1) * MARK;
        }
        (landmark || mark && reader.wants_marks()).then_some(landmark)
    }

    /// Shows a line that is passed over as a mark, if it is one.
    fn marks(&mut self, line: &[u8], skipped: u64, reader: &mut impl Reader) -> Flow {
        let cut = self.cut(line, skipped);
        self.mark_at(cut.start, reader).map_or(GO_ON, |landmark| reader.mark(cut, landmark))
    }

    /// The next line, as far as it is read.
    fn cut<'l>(&self, line: &'l [u8], skipped: u64) -> Line<'l> {
        let bytes = &line[..line.len().min(self.limit)];
        let skipped = skipped + (line.len() - bytes.len()) as u64;
        let behind = Behind { limit: self.limit, ..Behind::default() };
        Line { bytes, number: self.number + 1, start: self.offset, skipped, behind }
    }

    /// Begins to pass over lines where those read last allow it.
    fn rest(&mut self, last: &[u8], reader: &mut impl Reader) -> Flow {
        if self.offset < START || self.number < reader.until() {
            return GO_ON;
        }
        let Some(search) = reader.search() else { return GO_ON };
        if search.find(&last[..last.len().min(self.limit)], 0).is_some() {
            self.literal = self.number;
        }
        if reader.holds() <= self.literal {
            return GO_ON;
        }
        self.reading = false;
        self.rested = self.number;
        GO_ON
    }

    fn keep(&mut self, piece: &[u8]) {
        // what is behind the limit may have to be remembered
        let room = self.limit.max(HISTORY) - (self.kept.len() - self.opened);
        let kept = piece.len().min(room);
        self.kept.extend_from_slice(&piece[..kept]);
        self.skipped += (piece.len() - kept) as u64;
        self.open = true;
    }

    /// Ends the line that is open.
    fn close(&mut self, ended: bool, reader: &mut impl Reader) -> Flow {
        let mut kept = std::mem::take(&mut self.kept);
        let (before, line) = kept.split_at(self.opened);
        let skipped = std::mem::take(&mut self.skipped);
        self.open = false;
        self.end_with(line, self.offset);
        let mut read = self.reading;
        if read {
            self.read(line, skipped, ended, b"", reader)?;
            self.rest(line, reader)?;
        } else {
            let due = if reader.wants_marks() { self.mark.min(self.landmark) } else { self.landmark };
            if self.offset >= due {
                self.marks(line, skipped, reader)?;
            }
            let whole = &line[..line.len().min(self.limit)];
            if reader.search().is_none_or(|search| search.find(whole, 0).is_some()) {
                self.enter(before, line, skipped, ended, reader)?;
                read = true;
            } else {
                self.number += 1;
                self.offset += line.len() as u64 + skipped + u64::from(ended);
            }
        }
        if read || skipped > 0 {
            kept.clear();
        } else {
            kept.push(b'\n');
        }
        self.opened = kept.len();
        self.kept = kept;
        GO_ON
    }

    /// Remembers what was passed over.
    fn remember(&mut self, piece: &[u8]) {
        remember(&mut self.kept, piece);
    }
}

/// Whole lines, of which those from `passed` to `at` were passed over.
#[derive(Debug, Clone, Copy)]
struct Stretch<'c> {
    lines: &'c [u8],
    passed: usize,
    at: usize,
    known: Option<&'c Known>,
}

/// Adds lines that were passed over to those before them, and forgets the oldest.
fn remember(kept: &mut Vec<u8>, piece: &[u8]) {
    if piece.len() >= HISTORY {
        kept.clear();
        kept.extend_from_slice(from_line(piece, HISTORY));
        return;
    }
    if kept.len() + piece.len() > 2 * HISTORY {
        let start = kept.len() - from_line(kept, HISTORY).len();
        kept.drain(..start);
    }
    kept.extend_from_slice(piece);
}

/// The last so many bytes of some lines, from where a line begins.
fn from_line(lines: &[u8], bytes: usize) -> &[u8] {
    let Some(cut) = lines.len().checked_sub(bytes).filter(|cut| *cut > 0) else { return lines };
    let newline = memchr::memchr(b'\n', &lines[cut - 1..]);
    newline.map_or(&[], |newline| &lines[cut + newline..])
}

/// Where the first line begins that is at least so far behind `at`, where a line begins.
fn line_from(lines: &[u8], at: usize, distance: u64) -> Option<usize> {
    let place = at.checked_add(usize::try_from(distance).ok()?).filter(|place| *place < lines.len())?;
    if place == at {
        return Some(at);
    }
    let start = place + memchr::memchr(b'\n', &lines[place - 1..])?;
    (start < lines.len()).then_some(start)
}

pub(super) fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}
