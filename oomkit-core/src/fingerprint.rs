//! Fingerprints of lines: a hash of the text, and maps whose keys are such hashes already.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use xxhash_rust::xxh3::xxh3_64;

/// The fingerprint of a text. Not keyed: the same words have the same fingerprint in every run.
pub(crate) fn fingerprint(text: &[u8]) -> u64 {
    xxh3_64(text)
}

/// A map by fingerprints, which need no second hash.
pub(crate) type ByFingerprint<T> = HashMap<u64, T, BuildHasherDefault<Identity>>;

/// Returns a fingerprint as it is.
#[derive(Debug, Default)]
pub(crate) struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = fingerprint(bytes);
    }

    fn write_u64(&mut self, fingerprint: u64) {
        self.0 = fingerprint;
    }
}
