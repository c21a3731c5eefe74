//! Compressed inputs, told by their first bytes and never by their name.

use flate2::bufread::MultiGzDecoder;
use std::io::{self, BufReader, Cursor, Read};

/// How much of a compressed input is read at once.
const CHUNK: usize = 256 * 1024;

/// First bytes of containers that cannot be read yet: what it is, and the command whose output can be.
const FOREIGN: &[(&[u8], &str, &str)] = &[
    (b"\x28\xb5\x2f\xfd", "zstd", "zstd -dc FILE"),
    (b"\xfd7zXZ\0", "xz", "xz -dc FILE"),
    (b"BZh", "bzip2", "bzip2 -dc FILE"),
    (b"\x04\x22\x4d\x18", "lz4", "lz4 -dc FILE"),
    (b"\x1f\x9d", "compress", "uncompress -c FILE"),
    (b"LPKSHHRH", "systemd journal", "journalctl --file FILE -o export"),
];

/// What bzip2 writes after its level digit; a log line may well begin with `BZh`.
const BZIP2_BLOCKS: [&[u8]; 2] = [b"1AY&SY", b"\x17\x72\x45\x38\x50\x90"];

/// Enough for every magic number above.
const LONGEST: usize = 10;

/// The text of an input: unpacked when it is gzip (any number of members), else as it is.
///
/// # Errors
/// The reader's, and a format that cannot be unpacked here: says which, and what to do.
pub(crate) fn open(mut reader: impl Read + 'static) -> io::Result<Box<dyn Read>> {
    let mut first = Vec::with_capacity(LONGEST);
    reader.by_ref().take(LONGEST as u64).read_to_end(&mut first)?;
    let gzip = first.starts_with(b"\x1f\x8b");
    let foreign = foreign(&first);
    let whole = Cursor::new(first).chain(reader);
    if let Some((what, command)) = foreign {
        let message = format!("{what} files cannot be read directly yet; unpack first: {command} | oomkit parse");
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    Ok(if gzip { Box::new(MultiGzDecoder::new(BufReader::with_capacity(CHUNK, whole))) } else { Box::new(whole) })
}

fn foreign(first: &[u8]) -> Option<(&'static str, &'static str)> {
    let (_, what, command) = FOREIGN.iter().find(|(magic, what, _)| {
        first.starts_with(magic)
            && (*what != "bzip2" || BZIP2_BLOCKS.iter().any(|b| first.get(4..).is_some_and(|rest| rest.starts_with(b))))
    })?;
    Some((what, command))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn read(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        open(Cursor::new(bytes))?.read_to_end(&mut text)?;
        Ok(text)
    }

    #[test]
    fn plain_text_of_any_length_passes() {
        for text in
            [&b""[..], b"a", b"short", b"a line that is longer than any magic number\n", b"BZh", b"BZh9 is text"]
        {
            assert_eq!(read(text.to_vec()).unwrap(), text);
        }
    }

    #[test]
    fn every_member_of_a_gzip_file_is_read() {
        let two = [gzip(b"one\n"), gzip(b""), gzip(b"two\n")].concat();
        assert_eq!(read(two).unwrap(), b"one\ntwo\n");
    }

    #[test]
    fn a_cut_gzip_file_gives_what_it_has_and_then_an_error() {
        let text: Vec<u8> = (0..200_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        let mut cut = gzip(&text);
        cut.truncate(cut.len() / 2);
        let mut seen = Vec::new();
        let mut reader = open(Cursor::new(cut)).unwrap();
        assert!(reader.read_to_end(&mut seen).is_err());
        assert!(!seen.is_empty() && text.starts_with(&seen));
    }

    #[test]
    fn a_foreign_format_is_named_with_what_to_do() {
        let error = read(b"\x28\xb5\x2f\xfd\x04\x00".to_vec()).unwrap_err().to_string();
        assert!(error.contains("zstd -dc FILE | oomkit parse"), "{error}");
        assert!(read(b"BZh91AY&SY....".to_vec()).unwrap_err().to_string().contains("bzip2 -dc"));
        assert!(read(b"\xfd7zXZ\0....".to_vec()).unwrap_err().to_string().contains("xz -dc"));
        assert!(read(b"LPKSHHRH....".to_vec()).unwrap_err().to_string().contains("journalctl"));
    }
}
