//! Finds literals in blocks of bytes, several at once and many bytes at a time. Knows nothing about logs.

use aho_corasick::packed;
use aho_corasick::{AhoCorasick, MatchKind};

/// A search for any of some literals.
#[derive(Debug)]
pub(crate) struct Search(Vec<Kind>);

/// Vectors take no more literals at once.
const MOST_AT_ONCE: usize = 48;

#[derive(Debug)]
enum Kind {
    /// Vectors; where the machine has them.
    Packed(packed::Searcher),
    Automaton(AhoCorasick),
}

impl Search {
    /// The literals hold no newline: a match lies within one line. The more frequent ones go first.
    pub(crate) fn new(literals: &[&[u8]]) -> Self {
        let packed = |some: &[&[u8]]| {
            packed::Config::new().match_kind(packed::MatchKind::LeftmostFirst).builder().extend(some).build()
        };
        let automaton = |some: &[&[u8]]| AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(some).ok();
        let kinds = literals
            .chunks(MOST_AT_ONCE)
            .filter_map(|some| packed(some).map(Kind::Packed).or_else(|| automaton(some).map(Kind::Automaton)));
        Self(kinds.collect())
    }

    /// Where the first match at or behind `from` begins.
    pub(crate) fn find(&self, text: &[u8], from: usize) -> Option<usize> {
        let mut text = text.get(from..)?;
        let mut first = None;
        for kind in &self.0 {
            let found = match kind {
                Kind::Packed(searcher) => searcher.find(text).map(|found| (found.start(), found.end())),
                Kind::Automaton(searcher) => searcher.find(text).map(|found| (found.start(), found.end())),
            };
            if let Some((start, end)) = found {
                first = Some(start);
                text = &text[..end];
            }
        }
        first.map(|at| from + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_several_literals() {
        let search = Search::new(&[b"oom-kill", b"Killed"]);
        let mut text = vec![b'x'; 1000];
        assert_eq!(search.find(&text, 0), None);
        for at in [0, 1, 63, 500, 994] {
            text[at..at + 6].copy_from_slice(b"Killed");
            assert_eq!(search.find(&text, 0), Some(at));
            assert_eq!(search.find(&text, at), Some(at));
            assert_eq!(search.find(&text, at + 1), None);
            text[at] = b'x';
        }
        assert_eq!(search.find(b"", 0), None);
        assert_eq!(search.find(b"Killed", 7), None);
    }
}
