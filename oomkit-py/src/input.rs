//! Files as text: opened, and decompressed when their first bytes say so.

use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{BufReader, Cursor, Error, ErrorKind, Read, Result};
use std::path::Path;

/// Decompressed bytes of a file.
pub(crate) type Input = Box<dyn Read + Send>;

/// Longest signature in [`unsupported`].
const SIGNATURE: u64 = 10;

/// Opens a plain or gzip file (one member or many). Recognised by content, never by name.
pub(crate) fn open(path: &Path) -> Result<Input> {
    let mut file = File::open(path)?;
    // not a seek: the path may be a FIFO
    let mut head = Vec::new();
    file.by_ref().take(SIGNATURE).read_to_end(&mut head)?;
    if let Some((what, command)) = unsupported(&head) {
        let text =
            format!("{what} files are not supported: unpack first (`{command}`), or pass a file object that does");
        return Err(Error::new(ErrorKind::Unsupported, text));
    }
    let gzip = head.starts_with(b"\x1f\x8b\x08");
    let whole = Cursor::new(head).chain(file);
    if gzip { Ok(Box::new(MultiGzDecoder::new(BufReader::new(whole)))) } else { Ok(Box::new(whole)) }
}

/// Name of a container that this package does not read, and the command whose output it does.
fn unsupported(head: &[u8]) -> Option<(&'static str, &'static str)> {
    // a log line may well begin with `BZh`; `bzip2` goes on with one of two block marks
    let bzip2 = matches!(head.get(4..10), Some(b"1AY&SY" | b"\x17\x72\x45\x38\x50\x90"));
    match head {
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(("zstd", "zstd -dc")),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(("xz", "xz -dc")),
        [b'B', b'Z', b'h', ..] if bzip2 => Some(("bzip2", "bzip2 -dc")),
        [0x04, 0x22, 0x4d, 0x18, ..] => Some(("lz4", "lz4 -dc")),
        [0x1f, 0x9d, ..] => Some(("compress", "uncompress -c")),
        [b'L', b'P', b'K', b'S', b'H', b'H', b'R', b'H', ..] => {
            Some(("systemd journal", "journalctl -o export --file"))
        }
        _ => None,
    }
}

/// What one read gave.
pub(crate) enum Chunk {
    /// So many bytes.
    Bytes(usize),
    /// Nothing yet: a signal came, and Python may want to handle it.
    Signal,
    /// The end.
    End,
}

/// Fills as much of `buffer` as one read gives.
pub(crate) fn read_some(input: &mut Input, buffer: &mut [u8]) -> Result<Chunk> {
    match input.read(buffer) {
        Ok(0) => Ok(Chunk::End),
        Ok(size) => Ok(Chunk::Bytes(size)),
        Err(error) if error.kind() == ErrorKind::Interrupted => Ok(Chunk::Signal),
        Err(error) => Err(error),
    }
}
