//! Changes a seed the way libFuzzer does, but with a generator of its own: the same seed number, the same inputs.

use super::dictionary;

/// What an input may grow to.
const LONGEST: usize = 16 * 1024;

/// Makes inputs from seeds and words.
#[derive(Debug)]
pub struct Mutator {
    state: u64,
    seeds: Vec<Vec<u8>>,
    words: Vec<Vec<u8>>,
}

impl Mutator {
    /// Inputs of one run are decided by `state` and the seeds.
    pub fn new(state: u64, seeds: Vec<Vec<u8>>) -> Self {
        assert!(!seeds.is_empty(), "nothing to change");
        Self { state, seeds, words: dictionary::words() }
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap_or_default()
    }

    /// The next input.
    pub fn input(&mut self) -> Vec<u8> {
        let at = self.below(self.seeds.len());
        let mut input = self.seeds[at].clone();
        for _ in 0..=self.below(8) {
            self.change(&mut input);
        }
        input.truncate(LONGEST);
        input
    }

    /// A range of the input, mostly short.
    fn range(&mut self, input: &[u8]) -> std::ops::Range<usize> {
        let start = self.below(input.len() + 1);
        let longest = if self.below(4) == 0 { input.len() } else { 32 };
        let end = (start + self.below(longest + 1)).min(input.len());
        start..end
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let range = self.range(input);
        match self.below(14) {
            0 => drop(input.drain(range)),
            1 => input.iter_mut().skip(range.start).take(1).for_each(|byte| *byte ^= 1 << (range.end % 8)),
            2 => input.truncate(range.start),
            3 => {
                let piece = input[range.clone()].to_vec();
                input.splice(range.end..range.end, piece);
            }
            4 => {
                let piece = input[range].to_vec();
                let to = self.range(input);
                input.splice(to, piece);
            }
            5 => {
                let bytes: Vec<u8> = (0..=self.below(8)).map(|_| self.next().to_le_bytes()[0]).collect();
                input.splice(range.start..range.start, bytes);
            }
            6 => self.number(range.start, input),
            7 | 8 => self.lines(input),
            12 | 13 => self.begin(input),
            9 => {
                let other = self.below(self.seeds.len());
                let other = self.seeds[other].clone();
                let piece = self.range(&other);
                input.splice(range, other[piece].iter().copied());
            }
            over => {
                let word = self.below(self.words.len());
                let end = if over == 10 { range.start } else { range.end };
                input.splice(range.start..end, self.words[word].iter().copied());
            }
        }
    }

    /// A word where a message begins, before or in the place of what stands there.
    fn begin(&mut self, input: &mut Vec<u8>) {
        let begins = |at: &usize| {
            let before = &input[..*at];
            before.is_empty() || [&b"\n"[..], b"] ", b": "].iter().any(|end| before.ends_with(end))
        };
        let places: Vec<usize> = (0..=input.len()).filter(begins).collect();
        let start = places[self.below(places.len())];
        let line = input[start..].iter().position(|b| *b == b'\n').map_or(input.len(), |at| start + at);
        let end = if self.below(2) == 0 { start } else { line };
        let word = self.below(self.words.len());
        input.splice(start..end, self.words[word].iter().copied());
    }

    /// Another number in the place of the next one.
    fn number(&mut self, from: usize, input: &mut Vec<u8>) {
        let Some(start) = input[from..].iter().position(u8::is_ascii_digit).map(|at| from + at) else { return };
        let end = input[start..].iter().position(|b| !b.is_ascii_digit()).map_or(input.len(), |at| start + at);
        let edges =
            ["0", "1", "4095", "4294967296", "9223372036854775808", "18446744073709551615", "99999999999999999999"];
        let number = match self.below(4) {
            0 => (self.next() % 100_000).to_string(),
            1 => format!("-{}", self.next() % 2_000),
            _ => edges[self.below(edges.len())].to_owned(),
        };
        input.splice(start..end, number.into_bytes());
    }

    /// A line lost, doubled, or moved.
    fn lines(&mut self, input: &mut Vec<u8>) {
        let mut lines: Vec<Vec<u8>> = input.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
        if lines.is_empty() {
            return;
        }
        let (from, to) = (self.below(lines.len()), self.below(lines.len()));
        match self.below(3) {
            0 => drop(lines.remove(from)),
            1 => lines.insert(to, lines[from].clone()),
            _ => lines.swap(from, to),
        }
        *input = lines.concat();
    }
}

#[test]
fn the_same_number_makes_the_same_inputs() {
    let inputs = |state| {
        let mut mutator = Mutator::new(state, vec![b"a invoked oom-killer: order=0\nb\n".to_vec()]);
        (0..200).map(|_| mutator.input()).collect::<Vec<_>>()
    };
    assert_eq!(inputs(1), inputs(1));
    assert_ne!(inputs(1), inputs(2));
}
