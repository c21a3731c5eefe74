//! Lines by number and offset, whatever the chunks; what is skipped and what is read.

use super::*;
use std::sync::LazyLock;

static HIT: LazyLock<Search> =
    LazyLock::new(|| Search::new([Literal { text: b"HIT", confirm: |_, after| !after.starts_with(b"!") }]));

type Owned = (Vec<u8>, u64, u64, u64);

/// Reads so many lines before a literal and after it.
#[derive(Default)]
struct Near {
    search: Option<&'static Search>,
    seen: Vec<Owned>,
    marks: Vec<u64>,
    before: usize,
    after: u64,
    until: u64,
    gaps: usize,
    hits: usize,
}

impl Near {
    fn new(before: usize, after: u64) -> Self {
        Self { before, after, ..Self::default() }
    }

    fn read(&mut self, mut cursor: Cursor<'_>) {
        loop {
            let wanted = Wanted { search: self.search, until: self.until, held: u64::MAX, ticks: true };
            match cursor.next(&wanted) {
                Some(Step::Read(line, mark)) => {
                    if memchr::memmem::find(line.bytes, b"HIT").is_some() {
                        self.until = line.number + self.after;
                    }
                    self.seen.push((line.bytes.to_vec(), line.number, line.start, line.skipped));
                    self.marks.extend(mark.map(|_| line.start));
                }
                Some(Step::Mark(line, _)) => self.marks.push(line.start),
                Some(Step::Gap) => self.gaps += 1,
                Some(Step::Hit(hit)) => {
                    self.hits += 1;
                    let lines: Vec<&[u8]> = hit.before.split_inclusive(|b| *b == b'\n').collect();
                    let near = &lines[lines.len().saturating_sub(self.before)..];
                    let lookback = near.iter().map(|line| line.len()).sum();
                    cursor.read_from(lookback);
                }
                None => return,
            }
        }
    }
}

fn scan(chunks: &[&[u8]], limit: usize, search: Option<&'static Search>, mut near: Near) -> (Near, u64, u64) {
    let mut scanner = Scanner::new(limit);
    near.search = search;
    for chunk in chunks {
        near.read(scanner.chunk(chunk, None));
    }
    near.read(scanner.end());
    (near, scanner.count(), scanner.offset())
}

fn split(chunks: &[&[u8]], limit: usize) -> Vec<Owned> {
    scan(chunks, limit, None, Near::new(0, 0)).0.seen
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
fn the_last_line_is_known_wherever_chunks_end() {
    for (text, line, number, start) in [
        ("", None, 0, 0),
        ("one", Some("one"), 1, 0),
        ("one\ntwo\n", Some("two"), 2, 4),
        ("one\ntwo\n\n", Some(""), 3, 8),
        ("one\nlonger", Some("long"), 2, 4),
    ] {
        for cut in 0..=text.len() {
            let mut scanner = Scanner::new(4);
            let mut near = Near::new(0, 0);
            for chunk in [&text[..cut], &text[cut..]] {
                near.read(scanner.chunk(chunk.as_bytes(), None));
            }
            near.read(scanner.end());
            let last = scanner.last().map(|line| (line.bytes, line.number, line.start));
            assert_eq!(last, line.map(|line| (line.as_bytes(), number, start)), "{text:?} cut at {cut}");
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

/// A megabyte of lines of many lengths, with literals here and there.
fn log() -> Vec<u8> {
    let mut log = Vec::new();
    let mut seed = 1_u64;
    for n in 0.. {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let length = (seed >> 33) as usize % 180;
        log.extend(std::iter::repeat_n(b'.', length));
        if n % 997 == 5 || n % 2311 == 6 {
            log.extend_from_slice(b"HIT");
        }
        log.extend(std::iter::repeat_n(b',', length / 3));
        log.push(b'\n');
        if log.len() > 1 << 20 {
            return log;
        }
    }
    log
}

/// What a slow reading of the rules gives: lines of the start, and those around each literal.
fn expected(log: &[u8], before: usize, behind: usize) -> Vec<u64> {
    let lines: Vec<&[u8]> = log.split_inclusive(|b| *b == b'\n').collect();
    let hit = |n: usize| lines[n].windows(3).any(|w| w == b"HIT");
    let mut start = 0;
    let mut numbers = Vec::new();
    for n in 0..lines.len() {
        let near = (n.saturating_sub(behind)..=(n + before).min(lines.len() - 1)).any(hit);
        if start < 64 << 10 || near {
            numbers.push(n as u64 + 1);
        }
        start += lines[n].len();
    }
    numbers
}

#[test]
fn what_holds_no_literal_is_passed_over_and_counted() {
    let log = log();
    let all = split(&[&log], 1 << 20);
    // whether a line goes on, the next one shows
    for (before, behind) in [(0, 1), (1, 1), (3, 2), (40, 7)] {
        let (reader, count, bytes) = scan(&[&log], 1 << 20, Some(&HIT), Near::new(before, behind as u64));
        assert_eq!((count, bytes), (all.len() as u64, log.len() as u64));
        let numbers: Vec<u64> = reader.seen.iter().map(|line| line.1).collect();
        let expected = expected(&log, before, behind);
        let differ: Vec<_> = numbers.iter().filter(|n| !expected.contains(n)).collect();
        let lacks: Vec<_> = expected.iter().filter(|n| !numbers.contains(n)).collect();
        assert!(differ.is_empty() && lacks.is_empty(), "{before} {behind}: {differ:?} too many, {lacks:?} too few");
        assert!(
            numbers.is_sorted_by(|a, b| a < b),
            "{before} {behind}: {:?}",
            numbers.windows(2).find(|w| w[0] >= w[1])
        );
        assert!(reader.seen.iter().all(|line| all[line.1 as usize - 1] == *line));
        assert!(reader.gaps > 5);
    }
}

#[test]
fn chunks_do_not_show_where_lines_are_passed_over() {
    let log = log();
    let whole = scan(&[&log], 150, Some(&HIT), Near::new(60, 3)).0;
    // marks do not depend on what is read
    assert_eq!(scan(&[&log], 150, None, Near::new(60, 3)).0.marks, whole.marks);
    for size in [1, 17, 4096, 60_000, 65_536, 66_000, 262_144] {
        let chunks: Vec<&[u8]> = log.chunks(size).collect();
        let pieces = scan(&chunks, 150, Some(&HIT), Near::new(60, 3)).0;
        let numbers = |seen: &[Owned]| seen.iter().map(|line| line.1).filter(|n| *n > 500).collect::<Vec<_>>();
        assert_eq!(numbers(&pieces.seen), numbers(&whole.seen), "chunks of {size}");
        assert!(pieces.seen == whole.seen, "chunks of {size}");
        assert_eq!(pieces.marks, whole.marks, "chunks of {size}");
    }
}

#[test]
fn what_another_thread_found_changes_nothing() {
    let log = log();
    let whole = scan(&[&log], 150, Some(&HIT), Near::new(60, 3)).0;
    for size in [1000, 65_536, 100_000, 262_144, 1 << 21] {
        let mut near = Near { search: Some(&HIT), ..Near::new(60, 3) };
        let mut scanner = Scanner::new(150);
        for chunk in log.chunks(size) {
            let prescan = Prescan::new(chunk, &HIT);
            near.read(scanner.chunk(chunk, Some(&prescan)));
        }
        near.read(scanner.end());
        assert!(near.seen == whole.seen && near.marks == whole.marks, "chunks of {size}");
    }
}

#[test]
fn a_hit_that_is_not_confirmed_reads_nothing() {
    let log = log();
    let innocent: Vec<u8> =
        log.iter().flat_map(|b| if *b == b',' { &b"HIT!"[..] } else { std::slice::from_ref(b) }).copied().collect();
    let (near, count, _) = scan(&[&innocent], 1 << 20, Some(&HIT), Near::new(0, 0));
    let (without, same, _) = scan(&[&log], 1 << 20, Some(&HIT), Near::new(0, 0));
    assert_eq!(count, same);
    assert!(near.hits > 5 && near.hits <= without.hits, "{} {}", near.hits, without.hits);
}

/// A hit that nobody asks to read is skipped, and read with a later one.
#[test]
fn a_hit_may_be_declined() {
    let mut log = vec![b'.'; 70_000];
    log.extend_from_slice(b"\na HIT\nb\nc HIT\n");
    for size in [1, 3, 1 << 20] {
        let mut scanner = Scanner::new(100);
        let (mut read, mut hits) = (Vec::new(), 0);
        for chunk in log.chunks(size) {
            let mut cursor = scanner.chunk(chunk, None);
            let wanted = Wanted { search: Some(&HIT), until: 0, held: u64::MAX, ticks: false };
            while let Some(step) = cursor.next(&wanted) {
                match step {
                    Step::Read(line, _) => read.push((line.bytes.to_vec(), line.number)),
                    Step::Hit(hit) => {
                        hits += 1;
                        let lookback = hit.before.len();
                        if hits == 2 {
                            cursor.read_from(lookback);
                        }
                    }
                    Step::Mark(..) | Step::Gap => {}
                }
            }
        }
        let expected = [("a HIT", 2), ("b", 3), ("c HIT", 4)].map(|(text, number)| (text.as_bytes().to_vec(), number));
        assert_eq!((hits, &read[1..]), (2, &expected[..]), "chunks of {size}");
    }
}

#[test]
fn a_literal_behind_the_limit_of_a_line_is_not_there() {
    let mut log = vec![b'.'; 70_000];
    log.push(b'\n');
    for length in [10, 97, 98, 99, 100, 5000] {
        log.extend(std::iter::repeat_n(b'.', length));
        log.extend_from_slice(b"HIT\n");
    }
    for size in [1, 1000, 1 << 20] {
        let chunks: Vec<&[u8]> = log.chunks(size).collect();
        let reader = scan(&chunks, 101, Some(&HIT), Near::new(0, 0)).0;
        let numbers: Vec<u64> = reader.seen.iter().map(|line| line.1).collect();
        assert_eq!(numbers, [1, 2, 3, 4], "chunks of {size}");
    }
}
