//! A keyed permutation of words that keeps their shape: letters become letters, digits digits, and no two words of one
//! shape become the same.
//!
//! A Feistel network over the characters of a word: in each round one half of them is shifted by what a keyed hash
//! makes of the other half. Whoever has the key can undo it.

use siphasher::sip128::{Hasher128, SipHasher24};
use std::hash::Hasher;

/// One character: a value below its radix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Symbol {
    pub(super) radix: u32,
    pub(super) value: u32,
}

#[derive(Debug, Clone)]
pub(super) struct Cipher([u8; 16]);

const ROUNDS: u8 = 8;

impl Cipher {
    pub(super) fn new(key: [u8; 16]) -> Self {
        Self(key)
    }

    /// Permutes the words of this shape; `tweak` tells kinds of words apart that shall not map alike.
    pub(super) fn permute(&self, word: &mut [Symbol], tweak: u8) {
        let middle = word.len() / 2;
        for round in 0..ROUNDS {
            let (left, right) = word.split_at_mut(middle);
            if round % 2 == 0 { self.shift(right, left, tweak, round) } else { self.shift(left, right, tweak, round) }
        }
    }

    /// Shifts symbols by a stream that depends on others only: the same others, the same stream, however many there are.
    pub(super) fn shift(&self, word: &mut [Symbol], by: &[Symbol], tweak: u8, round: u8) {
        let mut hash = SipHasher24::new_with_key(&self.0);
        hash.write(&[tweak, round]);
        for symbol in by {
            hash.write_u32(symbol.radix);
            hash.write_u32(symbol.value);
        }
        for (at, symbol) in word.iter_mut().enumerate() {
            let mut hash = hash;
            hash.write_usize(at);
            // 64 bits over a radix of at most 256: no bias that matters
            let shift = hash.finish128().h1 % u64::from(symbol.radix);
            symbol.value = (symbol.value + u32::try_from(shift).unwrap_or_default()) % symbol.radix;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_words_become_the_same() {
        for key in 0..4 {
            let cipher = Cipher::new([key; 16]);
            for radices in [vec![26], vec![26, 10], vec![10, 10, 10], vec![3, 5, 7, 2]] {
                let all = radices.iter().product::<u32>();
                let mut seen = HashSet::new();
                for mut number in 0..all {
                    let mut word = Vec::new();
                    for radix in &radices {
                        word.push(Symbol { radix: *radix, value: number % radix });
                        number /= radix;
                    }
                    cipher.permute(&mut word, 0);
                    seen.insert(word.iter().map(|s| s.value).collect::<Vec<_>>());
                }
                assert_eq!(seen.len() as u32, all, "{radices:?}");
            }
        }
    }

    #[test]
    fn another_key_or_kind_is_another_permutation() {
        let map = |key, tweak| {
            let mut word = [3, 1, 4, 1, 5, 9].map(|value| Symbol { radix: 26, value });
            Cipher::new([key; 16]).permute(&mut word, tweak);
            word.map(|s| s.value)
        };
        assert_eq!(map(1, 0), map(1, 0));
        assert_ne!(map(1, 0), map(2, 0));
        assert_ne!(map(1, 0), map(1, 1));
    }
}
