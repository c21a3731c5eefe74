//! `journalctl -o export`: `FIELD=value` lines, a blank line between entries; a value that is no plain text is
//! `FIELD`, eight bytes of little-endian length, the bytes.

use super::entry::{Entry, is_field_name};
use super::record::Decoded;
use crate::event::Transport;

/// A length beyond this is damage, not a field.
const LONGEST: u64 = 1 << 20;

#[derive(PartialEq, Eq)]
pub(super) enum EntryStep {
    Consumed,
    /// It ended the entry.
    Ended,
    /// The entry ended before this line, which belongs to something else.
    Refused,
}

#[derive(Debug, Default)]
pub(super) struct Export {
    entry: Entry,
    binary: Option<Binary>,
}

/// A binary value being read: its bytes may hold newlines, so it may span lines.
#[derive(Debug)]
struct Binary {
    key: Vec<u8>,
    /// Its length in eight bytes, then the value.
    bytes: Vec<u8>,
}

/// Every export begins with the cursor; a pipe that filtered it keeps the clock.
fn opens(line: &[u8]) -> bool {
    line.starts_with(b"__CURSOR=") || line.starts_with(b"__REALTIME_TIMESTAMP=")
}

impl Export {
    /// The entry that a line opens.
    pub(super) fn open(line: &[u8]) -> Option<Self> {
        opens(line).then(|| {
            let mut export = Self::default();
            if let Some(time) = line.strip_prefix(b"__REALTIME_TIMESTAMP=") {
                export.entry.set(b"__REALTIME_TIMESTAMP", time);
            }
            export
        })
    }

    /// `line` as cut at `\n`, a `\r` still in place.
    pub(super) fn line(&mut self, line: &[u8]) -> EntryStep {
        if let Some(mut binary) = self.binary.take() {
            binary.bytes.extend_from_slice(line);
            binary.bytes.push(b'\n');
            let have = binary.bytes.len() as u64;
            match binary.bytes.first_chunk().map(|length| u64::from_le_bytes(*length)) {
                Some(length) if length > LONGEST => return EntryStep::Refused,
                // the newline after the value is not part of it
                Some(length) if have == length + 9 => {
                    let end = binary.bytes.len() - 1;
                    self.entry.set(&binary.key, &binary.bytes[8..end]);
                }
                // longer than it said, or cut short by the next entry: damage
                Some(length) if have > length + 9 => return EntryStep::Refused,
                _ if opens(line) => return EntryStep::Refused,
                _ => self.binary = Some(binary),
            }
            return EntryStep::Consumed;
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            return EntryStep::Ended;
        }
        if line.starts_with(b"__CURSOR=") {
            return EntryStep::Refused;
        }
        match memchr::memchr(b'=', line) {
            Some(at) if is_field_name(&line[..at]) => self.entry.set(&line[..at], &line[at + 1..]),
            None if is_field_name(line) => self.binary = Some(Binary { key: line.to_vec(), bytes: Vec::new() }),
            _ => return EntryStep::Refused,
        }
        EntryStep::Consumed
    }

    pub(super) fn decode(self) -> Option<Decoded<'static>> {
        self.entry.decode(Transport::JournalExport)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(lines: &[&[u8]]) -> Option<Vec<u8>> {
        let mut export = Export::open(b"__CURSOR=s=1").unwrap();
        for line in lines {
            if !matches!(export.line(line), EntryStep::Consumed) {
                break;
            }
        }
        export.decode().map(|d| d.text.into_owned())
    }

    #[test]
    fn plain_and_binary_values() {
        assert_eq!(message(&[b"_TRANSPORT=kernel", b"MESSAGE=a=b"]), Some(b"a=b".to_vec()));
        assert_eq!(message(&[b"MESSAGE", b"\x06\0\0\0\0\0\0\0\xff\xfebad!", b""]), Some(b"\xff\xfebad!".to_vec()));
        // ten bytes: the length itself is a newline, and the value holds one
        let parts: [&[u8]; 4] = [b"MESSAGE", b"", b"\0\0\0\0\0\0\0anon 1", b"abc"];
        assert_eq!(message(&parts), Some(b"anon 1\nabc".to_vec()));
    }

    #[test]
    fn a_damaged_length_ends_the_entry() {
        assert_eq!(message(&[b"MESSAGE", b"\xff\xff\xff\xff\xff\xff\xff\xffx", b"MESSAGE=y"]), None);
        assert_eq!(message(&[b"MESSAGE", b"\x02\0\0\0\0\0\0\0xyz", b"MESSAGE=y"]), None);
    }
}
