//! Lines: cuts chunks of bytes into lines with their number and place, and passes over those that need not be read.
//! Knows nothing about logs.

mod known;
mod search;
mod skim;
#[cfg(test)]
mod tests;

pub(crate) use known::Known;
pub(crate) use search::Search;
pub(crate) use skim::{Flow, Further, Reader, START, Skim};

/// One line, without its `\n`; a `\r` before it is still there, because binary formats need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    pub(crate) bytes: &'a [u8],
    /// Counted from 1.
    pub(crate) number: u64,
    /// Offset of the first byte.
    pub(crate) start: u64,
    /// Bytes beyond the limit that were skipped.
    pub(crate) skipped: u64,
    pub(crate) behind: Behind<'a>,
}

/// What is at hand of the lines behind one: none, or some.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Behind<'a> {
    pub(crate) bytes: &'a [u8],
    /// Lines that begin before this place in them may be taken together with the one before, if they are no longer than
    /// the limit.
    pub(crate) free: usize,
    pub(crate) limit: usize,
}

impl Line<'_> {
    /// Offset of the line behind it.
    pub(crate) fn next_start(&self) -> u64 {
        self.start + self.bytes.len() as u64 + self.skipped + 1
    }

    /// Offset of the last byte before the line's end; of the first where the line is empty.
    pub(crate) fn last_byte(&self) -> u64 {
        self.start + (self.bytes.len() as u64 + self.skipped).saturating_sub(1)
    }
}

/// The lines of a text that is held whole, none passed over.
pub(crate) fn lines_of(text: &[u8], limit: usize) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    text.split_inclusive(|byte| *byte == b'\n').zip(1..).map(move |(line, number)| {
        let offset = start as u64;
        start += line.len();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let bytes = &line[..line.len().min(limit)];
        let behind = Behind { bytes: &text[start..], free: 0, limit };
        Line { bytes, number, start: offset, skipped: (line.len() - bytes.len()) as u64, behind }
    })
}
