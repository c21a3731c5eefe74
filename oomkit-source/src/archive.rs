//! Tar archives, walked as they stream by: each regular file is a log, nothing is ever written.
//!
//! The headers are read by the `tar` crate; its own walk cannot be left between two reads, holds names of any length
//! in memory, and ends where two archives are joined.

use crate::Input;
use crate::damage::Damage;
use crate::magic::{BLOCK, checksum_fits};
use std::io::{self, BufReader, ErrorKind, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tar::{EntryType, GnuExtSparseHeader, Header, PaxExtensions};

/// How much of an archive is read at once.
const CHUNK: usize = 64 * 1024;

/// Longest name or extended header that is held.
const HEADER_LIMIT: u64 = 1 << 20;

/// An archive, shared with the reader of its member.
#[derive(Clone)]
pub(crate) struct Archive(Arc<Mutex<Walk>>);

impl Archive {
    pub(crate) fn new(input: Input) -> Self {
        let input = BufReader::with_capacity(CHUNK, input);
        Self(Arc::new(Mutex::new(Walk { input, left: 0, padding: 0, marked: false, ended: false })))
    }

    /// The name of the next regular file that is not empty; `None` at the end, and after an error.
    ///
    /// # Errors
    /// The input's, and damage; either ends the walk.
    pub(crate) fn next(&self) -> io::Result<Option<String>> {
        let mut walk = self.walk();
        if walk.ended {
            return Ok(None);
        }
        let found = walk.next();
        walk.ended = !matches!(found, Ok(Some(_)));
        found
    }

    fn walk(&self) -> MutexGuard<'_, Walk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the current member.
impl Read for Archive {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.walk().read(buffer)
    }
}

struct Walk {
    input: BufReader<Input>,
    /// Bytes of the current member not read yet, and what stands between them and the next header.
    left: u64,
    padding: u64,
    /// The mark of the end was seen. Joined archives go on after it.
    marked: bool,
    ended: bool,
}

/// What extended headers say about the member after them.
#[derive(Default)]
struct Extended {
    name: Option<Vec<u8>>,
    /// The real name of a sparse file beats any other.
    sparse_name: Option<Vec<u8>>,
    size: Option<u64>,
    /// The list of holes stands in front of the data.
    sparse_map: bool,
}

impl Walk {
    fn next(&mut self) -> io::Result<Option<String>> {
        self.skip_member()?;
        let mut extended = Extended::default();
        while let Some(header) = self.header()? {
            let kind = header.entry_type();
            // pax headers describe members, never each other
            let stated = if is_extension(kind) { None } else { extended.size };
            let size = match stated {
                Some(size) => size,
                None => header.entry_size().map_err(|_| damaged())?,
            };
            // a link has no data of its own, whatever its size says
            self.left = if kind == EntryType::Link { 0 } else { size };
            self.padding = self.left.wrapping_neg() % BLOCK as u64;
            match kind {
                EntryType::GNULongName => extended.name = Some(until_nul(&self.held()?).to_vec()),
                EntryType::XHeader => extended.pax(&self.held()?),
                EntryType::XGlobalHeader | EntryType::GNULongLink => self.skip_member()?,
                EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
                    self.pass_holes(&header, &extended)?;
                    let name = extended.take_name(&header);
                    // version 7 had no other mark of a directory
                    if self.left > 0 && !name.ends_with('/') {
                        return Ok(Some(name));
                    }
                    self.skip_member()?;
                }
                _ => {
                    extended = Extended::default();
                    self.skip_member()?;
                }
            }
        }
        Ok(None)
    }

    /// The next header; `None` at the end.
    fn header(&mut self) -> io::Result<Option<Header>> {
        let mut header = Header::new_old();
        loop {
            let block = header.as_mut_bytes();
            match self.fill(block)? {
                BLOCK if block.iter().all(|b| *b == 0) => self.marked = true,
                BLOCK if checksum_fits(block) => {
                    self.marked = false;
                    return Ok(Some(header));
                }
                0 => return Ok(None),
                // whatever a tape holds after the end; read on, for the checksum of a compressed archive
                _ if self.marked => return io::copy(&mut self.input, &mut io::sink()).map(|_| None),
                BLOCK => return Err(damaged()),
                _ => return Err(cut()),
            }
        }
    }

    /// Passes the list of holes of a sparse file. The holes themselves hold no text and are left out.
    fn pass_holes(&mut self, header: &Header, extended: &Extended) -> io::Result<()> {
        let mut more = header.as_gnu().is_some_and(|gnu| header.entry_type().is_gnu_sparse() && gnu.is_extended());
        while more {
            let mut list = GnuExtSparseHeader::new();
            if self.fill(list.as_mut_bytes())? < BLOCK {
                return Err(cut());
            }
            more = list.is_extended();
        }
        if extended.sparse_map {
            self.pass_map()?;
        }
        Ok(())
    }

    /// The list of the newest form: decimal numbers on lines of their own, how many pairs first, filled up to blocks.
    fn pass_map(&mut self) -> io::Result<()> {
        let (mut pairs, mut lines, mut wanted) = (0u64, 0u64, 1u64);
        while lines < wanted {
            let mut block = [0; BLOCK];
            if self.left < BLOCK as u64 || self.fill(&mut block)? < BLOCK {
                return Err(damaged());
            }
            self.left -= BLOCK as u64;
            for byte in block {
                match byte {
                    b'0'..=b'9' if lines == 0 => {
                        pairs = pairs.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
                    }
                    b'\n' => {
                        lines += 1;
                        wanted = pairs.saturating_mul(2).saturating_add(1);
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// The whole data of a member that describes another one.
    fn held(&mut self) -> io::Result<Vec<u8>> {
        if self.left > HEADER_LIMIT {
            let limit = HEADER_LIMIT >> 20;
            return Err(Damage::error(format!("the archive has an extended header of more than {limit} MiB")));
        }
        let mut data = Vec::new();
        self.by_ref().read_to_end(&mut data)?;
        self.skip_member()?;
        Ok(data)
    }

    /// Goes to the next header.
    fn skip_member(&mut self) -> io::Result<()> {
        let rest = self.left.saturating_add(self.padding);
        (self.left, self.padding) = (0, 0);
        match io::copy(&mut self.input.by_ref().take(rest), &mut io::sink())? {
            skipped if skipped < rest => Err(cut()),
            _ => Ok(()),
        }
    }

    /// As much of a block as there is.
    fn fill(&mut self, block: &mut [u8]) -> io::Result<usize> {
        let mut size = 0;
        while size < block.len() {
            match self.input.read(&mut block[size..]) {
                Ok(0) => break,
                Ok(n) => size += n,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(size)
    }
}

/// Reads the current member.
impl Read for Walk {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if self.ended || size == 0 {
            return Ok(0);
        }
        let result = match self.input.read(&mut buffer[..size]) {
            Ok(0) => Err(cut()),
            other => other,
        };
        match &result {
            Ok(n) => self.left -= *n as u64,
            // told with the name of this member; there is no next one
            Err(error) => self.ended = error.kind() != ErrorKind::Interrupted,
        }
        result
    }
}

impl Extended {
    fn pax(&mut self, data: &[u8]) {
        // a record that cannot be read leaves what the others say
        for record in PaxExtensions::new(data).flatten() {
            let value = record.value_bytes();
            match record.key_bytes() {
                b"path" => self.name = Some(value.to_vec()),
                b"GNU.sparse.name" => self.sparse_name = Some(value.to_vec()),
                b"GNU.sparse.major" => self.sparse_map = value == b"1",
                b"size" => self.size = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok()),
                _ => {}
            }
        }
    }

    /// The member's name as it shall be shown; the next member starts anew.
    fn take_name(&mut self, header: &Header) -> String {
        let Self { name, sparse_name, .. } = std::mem::take(self);
        let name = sparse_name.or(name).unwrap_or_else(|| header.path_bytes().into_owned());
        String::from_utf8_lossy(&name).into_owned()
    }
}

fn is_extension(kind: EntryType) -> bool {
    matches!(kind, EntryType::GNULongName | EntryType::GNULongLink | EntryType::XHeader | EntryType::XGlobalHeader)
}

fn until_nul(bytes: &[u8]) -> &[u8] {
    bytes.split(|b| *b == 0).next().unwrap_or_default()
}

fn damaged() -> io::Error {
    Damage::error("the tar archive is damaged: no valid header where a member should begin")
}

fn cut() -> io::Error {
    Damage::error("the tar archive is cut short")
}
