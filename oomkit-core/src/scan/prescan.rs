//! What a search found in a chunk, ahead of the scanner: another thread can do this part of its work.

use super::Search;
use super::scanner::{BLOCK, LONGEST_LITERAL, newlines};
use super::search::Match;

/// More matches than this in a chunk are no use: most of its lines will be read.
const MOST_MATCHES: usize = 4096;

/// Matches and newlines of one chunk.
#[derive(Debug)]
pub(crate) struct Prescan {
    search: &'static Search,
    length: usize,
    /// The first match of each line that has one, ascending; `None` where they are too many.
    matches: Option<Vec<Match>>,
    /// Newlines in each block.
    newlines: Vec<u64>,
}

impl Prescan {
    pub(crate) fn new(chunk: &[u8], search: &'static Search) -> Self {
        let mut matches = Vec::new();
        let mut newlines_of = Vec::with_capacity(chunk.len().div_ceil(BLOCK));
        let mut from = 0;
        for start in (0..chunk.len()).step_by(BLOCK) {
            let end = chunk.len().min(start + BLOCK);
            newlines_of.push(newlines(&chunk[start..end]));
            // a match may run over the end of the block
            let last = chunk.len().min(end + LONGEST_LITERAL);
            from = from.max(start);
            while matches.len() <= MOST_MATCHES
                && let Some(found) = search.find(chunk, from, last).filter(|found| found.at < end)
            {
                matches.push(found);
                from = memchr::memchr(b'\n', &chunk[found.at..]).map_or(chunk.len(), |newline| found.at + newline);
            }
        }
        let matches = Some(matches).filter(|matches| matches.len() <= MOST_MATCHES);
        Self { search, length: chunk.len(), matches, newlines: newlines_of }
    }

    /// Whether it is of a chunk of that length, and of that search.
    pub(super) fn is_of(&self, length: usize, search: &Search) -> bool {
        self.length == length && std::ptr::eq(self.search, search) && self.matches.is_some()
    }

    /// The first match at or after `from`, where a line begins.
    pub(super) fn find(&self, from: usize) -> Option<Match> {
        let matches = self.matches.as_deref()?;
        matches.get(matches.partition_point(|found| found.at < from)).copied()
    }

    /// Newlines in the block that begins here; `None` where none does.
    pub(super) fn newlines(&self, start: usize) -> Option<u64> {
        if start.is_multiple_of(BLOCK) { self.newlines.get(start / BLOCK).copied() } else { None }
    }
}
