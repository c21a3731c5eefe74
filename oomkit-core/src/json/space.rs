//! Bytes to be written over from the front: a piece asks once for the room it needs.

use std::io;

/// Memory that stays, and how much of it is written.
#[derive(Debug, Default)]
pub(super) struct Space {
    bytes: Vec<u8>,
    used: usize,
}

impl Space {
    pub(super) fn clear(&mut self) {
        self.used = 0;
    }

    pub(super) fn written(&self) -> &[u8] {
        &self.bytes[..self.used]
    }

    /// How much is written.
    pub(super) fn len(&self) -> usize {
        self.used
    }

    /// Room for `size` bytes, which [`Self::take`] makes part of what is written.
    #[inline]
    pub(super) fn room(&mut self, size: usize) -> &mut [u8] {
        let end = self.used + size;
        if end > self.bytes.len() {
            self.grow(end);
        }
        &mut self.bytes[self.used..end]
    }

    #[inline]
    pub(super) fn take(&mut self, size: usize) {
        self.used += size;
    }

    #[inline]
    pub(super) fn put(&mut self, piece: &[u8]) {
        self.room(piece.len()).copy_from_slice(piece);
        self.take(piece.len());
    }

    /// Writes over a byte that is written.
    #[inline]
    pub(super) fn replace(&mut self, at: usize, byte: u8) {
        self.bytes[at] = byte;
    }

    #[cold]
    fn grow(&mut self, least: usize) {
        self.bytes.resize(least.next_power_of_two().max(1 << 12), 0);
    }
}

impl io::Write for Space {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.put(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
