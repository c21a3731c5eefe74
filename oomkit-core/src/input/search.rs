//! Finds literals in blocks of bytes, several at once and many bytes at a time. Knows nothing about logs.

use aho_corasick::{AhoCorasick, Input, MatchKind, Span, packed};

/// A search for any of some literals. Each is looked for by its needle, a piece of it that is rare in logs, and compared
/// whole where that stands.
#[derive(Debug)]
pub(crate) struct Search(Vec<Needles>);

/// Vectors compare no more bytes at once.
const WINDOW: usize = 4;
/// Vectors take no more needles at once.
const MOST_AT_ONCE: usize = 48;
/// A needle that is there already is taken where it is at most so many times as frequent as the literal's rarest.
const SHARED: f64 = 16.0;

#[derive(Debug)]
struct Needles {
    kind: Kind,
    /// The literals of each needle.
    wanted: Vec<Vec<Wanted>>,
}

#[derive(Debug)]
enum Kind {
    /// Vectors; where the machine has them.
    Packed(packed::Searcher),
    Automaton(AhoCorasick),
}

/// A literal, and where its needle stands in it.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    literal: &'static [u8],
    at: usize,
}

impl Search {
    /// The literals hold no newline: a match lies within one line.
    pub(crate) fn new(literals: &[&'static [u8]]) -> Self {
        Self(needles(literals).chunks(MOST_AT_ONCE).filter_map(Needles::new).collect())
    }

    /// Where a match at or behind `from` begins, in the first line that has one.
    pub(crate) fn find(&self, text: &[u8], from: usize) -> Option<usize> {
        let text = text.get(from..)?;
        let mut end = text.len();
        let mut first = None;
        for needles in &self.0 {
            if let Some((start, behind)) = needles.find(text, end) {
                first = Some(start);
                end = behind;
            }
        }
        first.map(|at| from + at)
    }
}

impl Needles {
    fn new(some: &[Vec<Wanted>]) -> Option<Self> {
        let patterns = || some.iter().map(|wanted| needle(wanted));
        let packed =
            packed::Config::new().match_kind(packed::MatchKind::LeftmostFirst).builder().extend(patterns()).build();
        let automaton = || AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(patterns()).ok();
        let kind = packed.map(Kind::Packed).or_else(|| automaton().map(Kind::Automaton))?;
        Some(Self { kind, wanted: some.to_vec() })
    }

    /// Where a literal begins and its needle ends, the first before `end`.
    fn find(&self, text: &[u8], end: usize) -> Option<(usize, usize)> {
        let mut start = 0;
        loop {
            let found = match &self.kind {
                Kind::Packed(searcher) => searcher.find_in(text, Span { start, end }),
                Kind::Automaton(searcher) => searcher.find(Input::new(text).span(start..end)),
            }?;
            // no two needles begin alike: no other stands here
            let begin = self.wanted[found.pattern().as_usize()].iter().find_map(|wanted| {
                let begin = found.start().checked_sub(wanted.at)?;
                text[begin..].starts_with(wanted.literal).then_some(begin)
            });
            if let Some(begin) = begin {
                return Some((begin, found.end()));
            }
            start = found.start() + 1;
        }
    }
}

/// Printable bytes of logs, the most frequent first: counted in 14 MB of logs of all formats.
const BY_FREQUENCY: &[u8] =
    br##" 0e1a2sot46ri3:c58nl79pd,fm[.]_-ugbkxhSvyBIPC;MR=/wATE+NU()DOFKXLzq\GjH*V<>Y'QWJ?|Z#`}~&"{^%$!@"##;

/// How frequent each byte is, by its rank: few bytes make up most of a log, as few words do of a text.
const FREQUENCY: [f64; 256] = {
    let mut of = [1.0 / (BY_FREQUENCY.len() as f64 + 4.0); 256];
    let mut rank = 0;
    while rank < BY_FREQUENCY.len() {
        of[BY_FREQUENCY[rank] as usize] = 1.0 / (rank as f64 + 4.0);
        rank += 1;
    }
    of
};

/// Words of many a line: much more frequent than their bytes.
const WORDS: [&[u8]; 3] = [b"kernel", b"container", b"event"];
const OF_A_WORD: f64 = 1000.0;

/// How frequent a few bytes are in a row.
fn frequency(window: &[u8]) -> f64 {
    let of_a_word = WORDS.iter().any(|word| word.windows(window.len()).any(|part| part == window));
    let bytes: f64 = window.iter().map(|byte| FREQUENCY[usize::from(*byte)]).product();
    if of_a_word { bytes * OF_A_WORD } else { bytes }
}

/// The literals, sorted by needles: each begins with another window.
fn needles(literals: &[&'static [u8]]) -> Vec<Vec<Wanted>> {
    // all alike: none of them may be the beginning of another
    let width = literals.iter().map(|literal| literal.len()).min().unwrap_or(WINDOW).clamp(1, WINDOW);
    let mut all: Vec<(&[u8], Vec<Wanted>)> = Vec::new();
    for literal in literals.iter().copied() {
        let windows = || literal.windows(width).enumerate();
        let rarest = windows().min_by(|(_, a), (_, b)| frequency(a).total_cmp(&frequency(b)));
        let Some((at, rarest)) = rarest else { continue };
        let shared = all.iter_mut().filter(|(window, _)| frequency(window) <= frequency(rarest) * SHARED);
        let mut shared =
            shared.filter_map(|(window, wanted)| windows().find(|(_, own)| own == window).map(|(at, _)| (at, wanted)));
        match shared.next() {
            Some((at, wanted)) => wanted.push(Wanted { literal, at }),
            None => all.push((rarest, vec![Wanted { literal, at }])),
        }
    }
    all.into_iter().map(|(_, wanted)| wanted).collect()
}

/// What all these literals have from their windows on.
fn needle(wanted: &[Wanted]) -> &'static [u8] {
    let rests = || wanted.iter().map(|wanted| &wanted.literal[wanted.at..]);
    let first = rests().next().unwrap_or_default();
    let common = rests().map(|rest| rest.iter().zip(first).take_while(|(a, b)| a == b).count()).min();
    &first[..common.unwrap_or_default()]
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

    /// Against a search for the whole literals, on text made of their pieces.
    #[test]
    fn needles_find_what_the_literals_find() {
        const LITERALS: [&[u8]; 7] =
            [b"oom-kill", b"oom_", b"oom killer ", b"Killed", b" was OOMKilled", b"ill process", b"Kill '"];
        let search = Search::new(&LITERALS);
        let pieces: Vec<&[u8]> = LITERALS
            .iter()
            .flat_map(|literal| [*literal, &literal[1..], &literal[..literal.len() - 1]])
            .chain([&b"\n"[..], b" x", b"exited with status 0 "])
            .collect();
        let mut seed = 1_u64;
        let mut found = 0;
        for _ in 0..4000 {
            let mut text = Vec::new();
            for _ in 0..4 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.extend_from_slice(pieces[(seed >> 33) as usize % pieces.len()]);
            }
            for from in [0, 3] {
                let line = |at: usize| memchr::memrchr(b'\n', &text[..at]);
                let whole = LITERALS.iter().filter_map(|l| memchr::memmem::find(&text[from..], l)).min();
                let by_needle = search.find(&text, from);
                assert_eq!(by_needle.map(line), whole.map(|at| line(from + at)), "{}", text.escape_ascii());
                if let Some(at) = by_needle {
                    assert!(at >= from && LITERALS.iter().any(|literal| text[at..].starts_with(literal)));
                    found += 1;
                }
            }
        }
        assert!((1000..7900).contains(&found), "{found}");
    }
}
