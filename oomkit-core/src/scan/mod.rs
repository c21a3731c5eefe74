//! Cuts chunks of bytes into lines with their number and offset, and skips the lines that need not be read: those that
//! hold no needle. Knows nothing about logs.

mod prescan;
mod scanner;
mod search;
#[cfg(test)]
mod tests;

pub(crate) use prescan::Prescan;
pub(crate) use scanner::{Cursor, Hit, Mark, Scanner, Step, Wanted};
pub(crate) use search::{Literal, Search};

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
}

impl Line<'_> {
    /// Offset of the last byte before the line's end; of the first where the line is empty.
    pub(crate) fn last_byte(&self) -> u64 {
        self.start + (self.bytes.len() as u64 + self.skipped).saturating_sub(1)
    }
}

/// The lines of a text that is held whole, none skipped.
pub(crate) fn lines_of(text: &[u8], limit: usize) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    text.split_inclusive(|byte| *byte == b'\n').zip(1..).map(move |(line, number)| {
        let offset = start as u64;
        start += line.len();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let bytes = &line[..line.len().min(limit)];
        Line { bytes, number, start: offset, skipped: (line.len() - bytes.len()) as u64 }
    })
}
