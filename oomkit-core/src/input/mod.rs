//! Lines: cuts chunks of bytes into lines with their number and place. Knows nothing about logs.

use std::ops::ControlFlow;

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

/// Splits a stream of chunks. Holds at most one partial line, never more than the limit.
#[derive(Debug)]
pub(crate) struct Lines {
    limit: usize,
    partial: Vec<u8>,
    /// Bytes of the partial line that did not fit.
    skipped: u64,
    /// Whether a line has begun that has not ended: an empty partial line may have skipped bytes only.
    open: bool,
    number: u64,
    offset: u64,
}

impl Lines {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit: limit.max(1), partial: Vec::new(), skipped: 0, open: false, number: 0, offset: 0 }
    }

    /// Hands on every line that ends in `chunk`. After a break the rest of the chunk is lost.
    pub(crate) fn feed(
        &mut self,
        mut chunk: &[u8],
        each: &mut impl FnMut(Line<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        while let Some(end) = memchr::memchr(b'\n', chunk) {
            let (head, rest) = chunk.split_at(end);
            chunk = &rest[1..];
            if self.open {
                self.keep(head);
                self.close(true, each)?;
            } else {
                let kept = head.len().min(self.limit);
                self.number += 1;
                let line = Line {
                    bytes: &head[..kept],
                    number: self.number,
                    start: self.offset,
                    skipped: (head.len() - kept) as u64,
                };
                self.offset += head.len() as u64 + 1;
                each(line)?;
            }
        }
        if !chunk.is_empty() {
            self.keep(chunk);
        }
        ControlFlow::Continue(())
    }

    /// Hands on a last line that has no end.
    pub(crate) fn finish(&mut self, each: &mut impl FnMut(Line<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        if self.open { self.close(false, each) } else { ControlFlow::Continue(()) }
    }

    /// Bytes seen in lines handed on.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Lines handed on.
    pub(crate) fn count(&self) -> u64 {
        self.number
    }

    fn keep(&mut self, piece: &[u8]) {
        let room = self.limit - self.partial.len();
        let kept = piece.len().min(room);
        self.partial.extend_from_slice(&piece[..kept]);
        self.skipped += (piece.len() - kept) as u64;
        self.open = true;
    }

    fn close(&mut self, ended: bool, each: &mut impl FnMut(Line<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        self.number += 1;
        let line = Line { bytes: &self.partial, number: self.number, start: self.offset, skipped: self.skipped };
        let flow = each(line);
        self.offset += self.partial.len() as u64 + self.skipped + u64::from(ended);
        self.partial.clear();
        self.skipped = 0;
        self.open = false;
        flow
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Owned = (Vec<u8>, u64, u64, u64);

    fn split(chunks: &[&[u8]], limit: usize) -> Vec<Owned> {
        let mut out = Vec::new();
        let mut lines = Lines::new(limit);
        let mut each = |line: Line<'_>| {
            out.push((line.bytes.to_vec(), line.number, line.start, line.skipped));
            ControlFlow::Continue(())
        };
        for chunk in chunks {
            assert!(lines.feed(chunk, &mut each).is_continue());
        }
        assert!(lines.finish(&mut each).is_continue());
        out
    }

    #[test]
    fn lines_know_their_number_and_place() {
        let expected: Vec<Owned> = vec![(b"a\r".to_vec(), 1, 0, 0), (b"".to_vec(), 2, 3, 0), (b"bc".to_vec(), 3, 4, 0)];
        assert_eq!(split(&[b"a\r\n\nbc"], 100), expected);
    }

    #[test]
    fn chunking_is_invisible_at_every_cut_and_limit() {
        let text = b"one\ntwo two\n\n\nthree, longer than the limit\nlast";
        for limit in [1, 3, 7, 100] {
            let whole = split(&[text], limit);
            for a in 0..=text.len() {
                for b in a..=text.len() {
                    assert_eq!(split(&[&text[..a], &text[a..b], &text[b..]], limit), whole, "cut at {a}, {b}");
                }
            }
        }
    }

    #[test]
    fn a_monster_line_costs_its_limit_only() {
        let long = vec![b'x'; 1_000_000];
        let lines = split(&[&long, &long, b"\nnext\n"], 10);
        assert_eq!(lines[0], (vec![b'x'; 10], 1, 0, 1_999_990));
        assert_eq!(lines[1], (b"next".to_vec(), 2, 2_000_001, 0));
    }
}
