//! What a search found in a chunk, ahead of who reads it.

use super::Search;
use super::skim::{BLOCK, newlines};

/// More matches than this in a chunk are no use: most of its lines will be read.
const MOST: usize = 4096;

/// Matches and newlines of one chunk.
#[derive(Debug)]
pub(crate) struct Known {
    search: &'static Search,
    length: usize,
    /// Where lines with a match have their first one, ascending; `None` where they are too many.
    matches: Option<Vec<usize>>,
    /// Newlines in each block.
    newlines: Vec<u64>,
}

impl Known {
    pub(crate) fn new(chunk: &[u8], search: &'static Search) -> Self {
        let mut matches = Vec::new();
        let mut newlines_of = Vec::with_capacity(chunk.len().div_ceil(BLOCK));
        let mut from = 0;
        for start in (0..chunk.len()).step_by(BLOCK) {
            let end = chunk.len().min(start + BLOCK);
            newlines_of.push(newlines(&chunk[start..end]));
            // what is found may run over the end of the block
            let reach = chunk.len().min(end + super::skim::LONGEST_LITERAL);
            from = from.max(start);
            while matches.len() <= MOST
                && let Some(at) = search.find(&chunk[..reach], from).filter(|at| *at < end)
            {
                matches.push(at);
                from = memchr::memchr(b'\n', &chunk[at..]).map_or(chunk.len(), |newline| at + newline);
            }
        }
        let matches = Some(matches).filter(|matches| matches.len() <= MOST);
        Self { search, length: chunk.len(), matches, newlines: newlines_of }
    }

    /// The same, if it is of this chunk and this search.
    pub(super) fn of(&self, chunk: &[u8], search: &Search) -> Option<&Self> {
        (self.length == chunk.len() && std::ptr::eq(self.search, search) && self.matches.is_some()).then_some(self)
    }

    /// The first match at or behind `from`, where a line begins.
    pub(super) fn find(&self, from: usize) -> Option<usize> {
        let matches = self.matches.as_deref()?;
        matches.get(matches.partition_point(|at| *at < from)).copied()
    }

    /// Newlines in the block that begins here; `None` where none does.
    pub(super) fn newlines(&self, start: usize) -> Option<u64> {
        if start.is_multiple_of(BLOCK) { self.newlines.get(start / BLOCK).copied() } else { None }
    }
}
