//! Finds literals in blocks of bytes, several at once and many bytes at a time, and confirms each hit by its
//! neighbours. Knows nothing about logs.

use aho_corasick::{AhoCorasick, Input, MatchKind, Span, packed};
use std::collections::BTreeMap;

/// What is searched for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Literal {
    /// Without a newline: a match is within one line.
    pub(crate) text: &'static [u8],
    /// Whether a match can be what is meant, by what comes before and after it in its line. Cheap: most are not.
    pub(crate) confirm: fn(before: &[u8], after: &[u8]) -> bool,
}

/// Where a literal begins, and which it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) at: usize,
    pub(crate) literal: usize,
}

/// A search for any of some literals. Each is looked for by its needle, a piece of it that is rare in logs, and compared
/// whole where that is found.
#[derive(Debug)]
pub(crate) struct Search {
    literals: Vec<Literal>,
    groups: Vec<Needles>,
}

/// Vectors compare no more bytes at once.
const WINDOW: usize = 4;
/// Vectors take no more needles at once.
const MOST_AT_ONCE: usize = 48;
/// They sort them into so many.
const BUCKETS: usize = 8;
/// A window that is more frequent is taken for the sake of one literal only.
const COMMON: f64 = 3e-4;

/// Neighbours of a match that are looked at, so that a line of nothing but matches takes linear time.
const NEIGHBOURS: usize = 4096;

#[derive(Debug)]
struct Needles {
    searcher: Searcher,
    /// The literals of each needle.
    candidates: Vec<Vec<Candidate>>,
}

#[derive(Debug)]
enum Searcher {
    /// Vectors; where the machine has them.
    Packed(packed::Searcher),
    Automaton(AhoCorasick),
}

/// A literal by its index, and where its needle is in it.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    literal: usize,
    text: &'static [u8],
    at: usize,
}

impl Search {
    pub(crate) fn new(literals: impl IntoIterator<Item = Literal>) -> Self {
        let literals: Vec<Literal> = literals.into_iter().collect();
        let texts: Vec<&'static [u8]> = literals.iter().map(|literal| literal.text).collect();
        let groups = needles(&texts).chunks(MOST_AT_ONCE).filter_map(Needles::new).collect();
        Self { literals, groups }
    }

    /// Whether a line holds a literal.
    pub(crate) fn is_in(&self, line: &[u8]) -> bool {
        self.find(line, 0, line.len()).is_some()
    }

    /// The first match that begins at or after `from` and ends before `end`, in the first line that has one.
    pub(crate) fn find(&self, text: &[u8], from: usize, mut end: usize) -> Option<Match> {
        let mut first = None;
        for needles in &self.groups {
            if let Some((found, needle_end)) = needles.find(text, from, end, &self.literals) {
                first = Some(found);
                end = needle_end;
            }
        }
        first
    }
}

impl Needles {
    fn new(some: &[Vec<Candidate>]) -> Option<Self> {
        let patterns = || some.iter().map(|candidates| needle(candidates));
        let packed =
            packed::Config::new().match_kind(packed::MatchKind::LeftmostFirst).builder().extend(patterns()).build();
        let automaton = || AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(patterns()).ok();
        let searcher = packed.map(Searcher::Packed).or_else(|| automaton().map(Searcher::Automaton))?;
        Some(Self { searcher, candidates: some.to_vec() })
    }

    /// The first confirmed literal, and where its needle ends.
    fn find(&self, text: &[u8], from: usize, end: usize, literals: &[Literal]) -> Option<(Match, usize)> {
        let mut start = from;
        while start < end {
            let found = match &self.searcher {
                Searcher::Packed(searcher) => searcher.find_in(text, Span { start, end }),
                Searcher::Automaton(searcher) => searcher.find(Input::new(text).span(start..end)),
            }?;
            // no two needles begin alike: no other is here
            let literal = self.candidates[found.pattern().as_usize()].iter().find_map(|candidate| {
                let begin = found.start().checked_sub(candidate.at).filter(|begin| *begin >= from)?;
                let end = begin + candidate.text.len();
                let is_confirmed =
                    || (literals[candidate.literal].confirm)(line_before(text, begin), line_after(text, end));
                (text[begin..].starts_with(candidate.text) && is_confirmed())
                    .then_some(Match { at: begin, literal: candidate.literal })
            });
            if let Some(literal) = literal {
                return Some((literal, found.end()));
            }
            start = found.start() + 1;
        }
        None
    }
}

/// The part of a line before `at`, as far as it may be looked at.
fn line_before(text: &[u8], at: usize) -> &[u8] {
    let near = &text[at.saturating_sub(NEIGHBOURS)..at];
    memchr::memrchr(b'\n', near).map_or(near, |newline| &near[newline + 1..])
}

/// The part of a line from `at` on, likewise.
fn line_after(text: &[u8], at: usize) -> &[u8] {
    let near = &text[at..text.len().min(at + NEIGHBOURS)];
    memchr::memchr(b'\n', near).map_or(near, |newline| &near[..newline])
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
const WORDS: [&[u8]; 8] =
    [b"kernel", b"container ", b"event", b" with ", b" process ", b" memory ", b"pid ", b"kubelet"];
const OF_A_WORD: f64 = 1000.0;

/// How frequent a few bytes are in a row.
fn frequency(window: &[u8]) -> f64 {
    let of_a_word = WORDS.iter().any(|word| word.windows(window.len()).any(|part| part == window));
    let bytes: f64 = window.iter().map(|byte| FREQUENCY[usize::from(*byte)]).product();
    if of_a_word { bytes * OF_A_WORD } else { bytes }
}

/// The literals by needles, each of which begins with another window: as few as windows that are rare enough make, for
/// vectors take few at a time.
fn needles(literals: &[&'static [u8]]) -> Vec<Vec<Candidate>> {
    // all alike: none of them may be the beginning of another
    let width = literals.iter().map(|literal| literal.len()).min().unwrap_or(WINDOW).clamp(1, WINDOW);
    let mut windows: BTreeMap<&'static [u8], Vec<Candidate>> = BTreeMap::new();
    for (number, literal) in literals.iter().copied().enumerate() {
        for (at, window) in literal.windows(width).enumerate() {
            let candidates = windows.entry(window).or_default();
            if candidates.last().is_none_or(|last| last.literal != number) {
                candidates.push(Candidate { literal: number, text: literal, at });
            }
        }
    }
    let mut left: Vec<_> = windows.into_iter().map(|(window, candidates)| (frequency(window), candidates)).collect();
    let mut needles = Vec::new();
    // the window that most literals have, and of these the rarest
    let count =
        |(frequency, candidates): &(f64, Vec<Candidate>)| if *frequency > COMMON { 1 } else { candidates.len() };
    while let Some(best) =
        (0..left.len()).max_by(|a, b| count(&left[*a]).cmp(&count(&left[*b])).then(left[*b].0.total_cmp(&left[*a].0)))
    {
        let (_, candidates) = left.swap_remove(best);
        left.retain_mut(|(_, others)| {
            others.retain(|other| candidates.iter().all(|one| one.literal != other.literal));
            !others.is_empty()
        });
        needles.push(candidates);
    }
    arrange(needles, width)
}

/// In an order in which vectors seldom stop where no needle is. They deal needles out to [`BUCKETS`] and look at half
/// bytes: what one needle of a bucket has at a place lets the halves of the others pass, too.
fn arrange(needles: Vec<Vec<Candidate>>, width: usize) -> Vec<Vec<Candidate>> {
    let all = needles.len();
    let mut buckets: Vec<Bucket> = (0..BUCKETS).map(|_| Bucket::new(width)).collect();
    for candidates in needles {
        let free =
            buckets.iter().enumerate().filter(|(n, bucket)| bucket.needles.len() < (all + BUCKETS - 1 - n) / BUCKETS);
        let grown = free.map(|(n, bucket)| (n, bucket.halves_with(needle(&candidates)), bucket.passing));
        let grown = grown.map(|(n, halves, before)| (n, passing(&halves), halves, before));
        let best = grown.min_by(|a, b| (a.1 - a.3).total_cmp(&(b.1 - b.3)));
        if let Some((n, passing, halves, _)) = best {
            let bucket = &mut buckets[n];
            bucket.needles.push(candidates);
            (bucket.passing, bucket.halves) = (passing, halves);
        }
    }
    let mut turns: Vec<_> = buckets.into_iter().map(|bucket| bucket.needles.into_iter()).collect();
    (0..all).filter_map(|n| turns[n % BUCKETS].next()).collect()
}

/// Needles that vectors look for as if they were one.
#[derive(Debug)]
struct Bucket {
    needles: Vec<Vec<Candidate>>,
    /// The lower and the upper halves of bytes that any of them has at each place.
    halves: Vec<(u16, u16)>,
    /// How often other bytes pass for one of them.
    passing: f64,
}

impl Bucket {
    fn new(width: usize) -> Self {
        Self { needles: Vec::new(), halves: vec![(0, 0); width], passing: 0.0 }
    }

    fn halves_with(&self, needle: &[u8]) -> Vec<(u16, u16)> {
        let places = self.halves.iter().zip(needle);
        places.map(|((lower, upper), byte)| (lower | 1 << (byte & 15), upper | 1 << (byte >> 4))).collect()
    }
}

/// How frequent bytes with such halves are in a row.
fn passing(halves: &[(u16, u16)]) -> f64 {
    let set = |halves: u16| (0..16).filter(move |half| halves >> half & 1 == 1);
    let of_place = |(lower, upper): &(u16, u16)| -> f64 {
        set(*upper).map(|up| set(*lower).map(|low| FREQUENCY[up << 4 | low]).sum::<f64>()).sum()
    };
    halves.iter().map(of_place).product()
}

/// What all these literals have from their windows on.
fn needle(candidates: &[Candidate]) -> &'static [u8] {
    let rests = || candidates.iter().map(|candidate| &candidate.text[candidate.at..]);
    let first = rests().next().unwrap_or_default();
    let common = rests().map(|rest| rest.iter().zip(first).take_while(|(a, b)| a == b).count()).min();
    &first[..common.unwrap_or_default()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(texts: &[&'static [u8]]) -> Search {
        Search::new(texts.iter().map(|text| Literal { text, confirm: |_, _| true }))
    }

    fn find(search: &Search, text: &[u8], from: usize) -> Option<usize> {
        search.find(text, from, text.len()).map(|found| found.at)
    }

    #[test]
    fn the_first_of_several_literals() {
        let search = search(&[b"oom-kill", b"Killed"]);
        let mut text = vec![b'x'; 1000];
        assert_eq!(find(&search, &text, 0), None);
        for at in [0, 1, 63, 500, 994] {
            text[at..at + 6].copy_from_slice(b"Killed");
            assert_eq!(find(&search, &text, 0), Some(at));
            assert_eq!(find(&search, &text, at), Some(at));
            assert_eq!(find(&search, &text, at + 1), None);
            text[at] = b'x';
        }
        assert_eq!(find(&search, b"", 0), None);
        assert_eq!(find(&search, b"Killed", 7), None);
    }

    /// Against a search for the whole literals, on text made of their pieces.
    #[test]
    fn needles_find_what_the_literals_find() {
        const LITERALS: [&[u8]; 7] =
            [b"oom-kill", b"oom_", b"oom killer ", b"Killed", b" was OOMKilled", b"ill process", b"Kill '"];
        let search = search(&LITERALS);
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
                let by_needle = find(&search, &text, from);
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
