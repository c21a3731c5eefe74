//! The first bytes of an input: looked at, then read again with the rest.

use crate::Input;
use crate::magic::{self, BLOCK, FileKind};
use std::io::{self, ErrorKind, Read};

/// An input whose first bytes are known.
pub(crate) struct Head {
    bytes: Vec<u8>,
    given: usize,
    /// What came after those bytes instead of more.
    failed: Option<io::Error>,
    rest: Input,
}

impl Head {
    /// Reads no more than it takes to tell what this is.
    ///
    /// # Errors
    /// The input's, when it gave nothing before; later ones are kept until those bytes are read.
    pub(crate) fn of(mut rest: Input) -> io::Result<Self> {
        let mut block = [0; BLOCK];
        let mut size = 0;
        let mut failed = None;
        while !magic::is_decided(&block[..size]) {
            match rest.read(&mut block[size..]) {
                Ok(0) => break,
                Ok(n) => size += n,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if size == 0 => return Err(error),
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
        Ok(Self { bytes: block[..size].to_vec(), given: 0, failed, rest })
    }

    pub(crate) fn kind(&self) -> FileKind {
        magic::of(&self.bytes)
    }
}

impl Read for Head {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given < self.bytes.len() {
            let n = (&self.bytes[self.given..]).read(buffer)?;
            self.given += n;
            return Ok(n);
        }
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.rest.read(buffer),
        }
    }
}
