//! What makes two lines the same words: a hash of the text, and maps whose keys are such hashes already.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use xxhash_rust::xxh3::xxh3_64;

/// The print of a text. Not keyed: the same words have the same print in every run.
pub(crate) fn of(text: &[u8]) -> u64 {
    xxh3_64(text)
}

/// A map by prints, which need no second hash.
pub(crate) type ByPrint<T> = HashMap<u64, T, BuildHasherDefault<AsIs>>;

/// Hands a print on as it is.
#[derive(Debug, Default)]
pub(crate) struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = of(bytes);
    }

    fn write_u64(&mut self, print: u64) {
        self.0 = print;
    }
}
