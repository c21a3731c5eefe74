//! Lines by number and place, whatever the chunks; what is passed over and what is read.

use super::*;
use std::ops::ControlFlow;
use std::sync::LazyLock;

static HIT: LazyLock<Search> = LazyLock::new(|| Search::new(&[b"HIT"]));

type Owned = (Vec<u8>, u64, u64, u64);

/// Reads so many lines before a literal and behind it.
struct Near {
    search: Option<&'static Search>,
    seen: Vec<Owned>,
    marks: Vec<u64>,
    before: usize,
    behind: u64,
    until: u64,
    gaps: usize,
    /// Takes lines together, as far as it may and surely wants them.
    greedy: bool,
    together: usize,
}

impl Near {
    fn new(before: usize, behind: u64) -> Self {
        Self {
            search: None,
            seen: Vec::new(),
            marks: Vec::new(),
            before,
            behind,
            until: 0,
            gaps: 0,
            greedy: false,
            together: 0,
        }
    }
}

impl Near {
    fn see(&mut self, line: Line<'_>) {
        if memchr::memmem::find(line.bytes, b"HIT").is_some() {
            self.until = line.number + self.behind;
        }
        self.seen.push(owned(line));
    }
}

fn owned(line: Line<'_>) -> Owned {
    (line.bytes.to_vec(), line.number, line.start, line.skipped)
}

impl Reader for Near {
    fn line(&mut self, line: Line<'_>) -> ControlFlow<(), Further> {
        self.see(line);
        let mut further = Further::default();
        let Behind { bytes, free, limit } = line.behind;
        let mut last = line;
        while self.greedy && last.number + 1 < self.until && further.bytes < free {
            let rest = &bytes[further.bytes..];
            let Some(end) = rest.iter().position(|byte| *byte == b'\n').filter(|end| *end <= limit) else { break };
            let (number, start) = (last.number + 1, last.next_start());
            last = Line { bytes: &rest[..end], number, start, skipped: 0, ..last };
            self.see(last);
            further.lines += 1;
            further.bytes += end + 1;
        }
        self.together += usize::from(further.lines > 0);
        ControlFlow::Continue(further)
    }

    fn mark(&mut self, line: Line<'_>, _landmark: bool) -> Flow {
        self.marks.push(line.start);
        ControlFlow::Continue(())
    }

    fn search(&self) -> Option<&'static Search> {
        self.search
    }

    fn wants_marks(&self) -> bool {
        true
    }

    fn entry(&mut self, before: &[u8], _line: Line<'_>) -> usize {
        let lines: Vec<&[u8]> = before.split_inclusive(|b| *b == b'\n').collect();
        lines[lines.len().saturating_sub(self.before)..].iter().map(|line| line.len()).sum()
    }

    fn until(&self) -> u64 {
        self.until
    }

    fn holds(&self) -> u64 {
        u64::MAX
    }

    fn gap(&mut self) -> Flow {
        self.gaps += 1;
        ControlFlow::Continue(())
    }
}

fn skim(chunks: &[&[u8]], limit: usize, search: Option<&'static Search>, mut reader: Near) -> (Near, u64, u64) {
    let mut lines = Skim::new(limit);
    reader.search = search;
    for chunk in chunks {
        assert!(lines.feed(chunk, None, &mut reader).is_continue());
    }
    assert!(lines.finish(&mut reader).is_continue());
    (reader, lines.count(), lines.offset())
}

fn split(chunks: &[&[u8]], limit: usize) -> Vec<Owned> {
    skim(chunks, limit, None, Near::new(0, 0)).0.seen
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
            let mut lines = Skim::new(4);
            let mut reader = Near::new(0, 0);
            for chunk in [&text[..cut], &text[cut..]] {
                assert!(lines.feed(chunk.as_bytes(), None, &mut reader).is_continue());
            }
            assert!(lines.finish(&mut reader).is_continue());
            let last = lines.last().map(|line| (line.bytes, line.number, line.start));
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
        let (reader, count, bytes) = skim(&[&log], 1 << 20, Some(&HIT), Near::new(before, behind as u64));
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
    let whole = skim(&[&log], 150, Some(&HIT), Near::new(60, 3)).0;
    // marks do not depend on what is read
    assert_eq!(skim(&[&log], 150, None, Near::new(60, 3)).0.marks, whole.marks);
    for size in [1, 17, 4096, 60_000, 65_536, 66_000, 262_144] {
        let chunks: Vec<&[u8]> = log.chunks(size).collect();
        let pieces = skim(&chunks, 150, Some(&HIT), Near::new(60, 3)).0;
        let numbers = |seen: &[Owned]| seen.iter().map(|line| line.1).filter(|n| *n > 500).collect::<Vec<_>>();
        assert_eq!(numbers(&pieces.seen), numbers(&whole.seen), "chunks of {size}");
        assert!(pieces.seen == whole.seen, "chunks of {size}");
        assert_eq!(pieces.marks, whole.marks, "chunks of {size}");
    }
}

#[test]
fn what_another_thread_found_changes_nothing() {
    let log = log();
    let whole = skim(&[&log], 150, Some(&HIT), Near::new(60, 3)).0;
    for size in [1000, 65_536, 100_000, 262_144, 1 << 21] {
        let mut reader = Near::new(60, 3);
        reader.search = Some(&HIT);
        let mut lines = Skim::new(150);
        for chunk in log.chunks(size) {
            assert!(lines.feed(chunk, Some(&Known::new(chunk, &HIT)), &mut reader).is_continue());
        }
        assert!(lines.finish(&mut reader).is_continue());
        assert!(reader.seen == whole.seen && reader.marks == whole.marks, "chunks of {size}");
    }
}

#[test]
fn lines_taken_together_are_those_taken_one_by_one() {
    let log = log();
    let one_by_one = skim(&[&log], 150, Some(&HIT), Near::new(60, 400)).0;
    for size in [17, 4096, 65_536, 262_144, 1 << 21] {
        let chunks: Vec<&[u8]> = log.chunks(size).collect();
        let (reader, count, bytes) = skim(&chunks, 150, Some(&HIT), Near { greedy: true, ..Near::new(60, 400) });
        assert!(reader.seen == one_by_one.seen && reader.marks == one_by_one.marks, "chunks of {size}");
        assert_eq!((count, bytes), (log.iter().filter(|byte| **byte == b'\n').count() as u64, log.len() as u64));
        assert!(size < 100 || reader.together > 50, "{}", reader.together);
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
        let reader = skim(&chunks, 101, Some(&HIT), Near::new(0, 0)).0;
        let numbers: Vec<u64> = reader.seen.iter().map(|line| line.1).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5], "chunks of {size}");
    }
}
