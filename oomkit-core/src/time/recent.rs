//! State by host name that forgets what was not used for long: a log may carry any number of names, of any length.

use crate::fingerprint::{ByFingerprint, fingerprint};

/// Names in one generation; two are kept.
const MOST: usize = 4096;

/// The names used since the last change of generations, and those of the one before. Keyed by hash.
#[derive(Debug, Default)]
pub(super) struct Recent<T> {
    young: ByFingerprint<T>,
    old: ByFingerprint<T>,
}

fn key(name: Option<&[u8]>) -> u64 {
    name.map_or(0, fingerprint)
}

impl<T: Default> Recent<T> {
    pub(super) fn get(&self, name: Option<&[u8]>) -> Option<&T> {
        let key = key(name);
        self.young.get(&key).or_else(|| self.old.get(&key))
    }

    pub(super) fn entry(&mut self, name: Option<&[u8]>) -> &mut T {
        let key = key(name);
        if self.young.len() >= MOST && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        let Self { young, old } = self;
        young.entry(key).or_insert_with(|| old.remove(&key).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_use_are_kept_and_others_forgotten() {
        let mut recent: Recent<u32> = Recent::default();
        *recent.entry(None) = 1;
        *recent.entry(Some(b"")) = 2;
        *recent.entry(Some(b"gone")) = 3;
        for n in 0..100_000_u32 {
            *recent.entry(Some(&n.to_le_bytes())) = n;
            assert_eq!((*recent.entry(None), *recent.entry(Some(b""))), (1, 2));
            assert!(recent.young.len() <= MOST && recent.old.len() <= MOST);
        }
        assert_eq!(*recent.entry(Some(b"gone")), 0);
    }
}
