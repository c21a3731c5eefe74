//! A file's text and where in it things stand: lines end at LF, CR LF or CR, columns count code points.

use std::borrow::Cow;

/// From one byte of a text to another, the end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::resources) struct Spot {
    pub(in crate::resources) start: usize,
    pub(in crate::resources) end: usize,
}

/// Decoded text without its byte order mark, with the beginnings of its lines.
#[derive(Debug, Default)]
pub(in crate::resources) struct Text {
    text: String,
    lines: Vec<usize>,
    /// Characters before each block: a line may be the whole file, and have a finding in every place.
    marks: Vec<usize>,
}

/// Bytes that are counted for one place.
const BLOCK: usize = 4096;

impl Text {
    /// UTF-8, or what a byte order mark says: YAML may be UTF-16.
    ///
    /// # Errors
    /// Where the bytes are no text: line, column, and what is wrong.
    pub(in crate::resources) fn decode(bytes: &[u8]) -> Result<Self, (usize, usize, String)> {
        let text = match bytes {
            [0xff, 0xfe, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes)?),
            [0xfe, 0xff, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes)?),
            _ => {
                let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
                std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
                    let good = Self::of(String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned());
                    let (line, column) = good.position(good.text.len());
                    (line, column, format!("the byte 0x{:02x} is not UTF-8", bytes[error.valid_up_to()]))
                })?
            }
        };
        Ok(Self::of(text.into_owned()))
    }

    fn of(text: String) -> Self {
        let bytes = text.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes)
            .filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
        let lines = std::iter::once(0).chain(ends.map(|at| at + 1)).collect();
        let marks = bytes.chunks(BLOCK).scan(0, |before, block| {
            let own = *before;
            *before += starts(block);
            Some(own)
        });
        let marks = marks.collect();
        Self { text, lines, marks }
    }

    /// How many characters begin before a byte.
    fn characters(&self, byte: usize) -> usize {
        let block = (byte / BLOCK).min(self.marks.len().saturating_sub(1));
        let from = block * BLOCK;
        self.marks.get(block).copied().unwrap_or(0) + starts(&self.text.as_bytes()[from..byte])
    }

    pub(in crate::resources) fn as_str(&self) -> &str {
        &self.text
    }

    /// Line and column of a byte, counted from 1. What lies beyond the text is its end.
    pub(in crate::resources) fn position(&self, byte: usize) -> (usize, usize) {
        let byte = (0..=byte.min(self.text.len())).rfind(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        let line = self.lines.partition_point(|&start| start <= byte).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or(0);
        (line, self.characters(byte) - self.characters(start) + 1)
    }

    /// A line without its end.
    pub(in crate::resources) fn line(&self, line: usize) -> &str {
        let start = line.checked_sub(1).and_then(|at| self.lines.get(at)).copied().unwrap_or(self.text.len());
        let end = self.lines.get(line).copied().unwrap_or(self.text.len());
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }
}

fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, (usize, usize, String)> {
    let pairs = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: Result<String, _> = char::decode_utf16(pairs).collect();
    match text {
        Ok(text) if bytes.len().is_multiple_of(2) => Ok(text),
        _ => Err((1, 1, "the byte order mark says UTF-16, which the rest is not".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_three_ways_and_columns_count_characters() {
        let text = Text::decode("\u{feff}a: ü\r\nb\rc\n\nd".as_bytes()).unwrap();
        assert_eq!(text.position(0), (1, 1));
        assert_eq!(text.position(3), (1, 4));
        assert_eq!(text.position(7), (2, 1));
        assert_eq!(text.position(9), (3, 1));
        assert_eq!(text.position(12), (5, 1));
        assert_eq!(text.position(99), (5, 2));
        assert_eq!((text.line(1), text.line(2), text.line(4), text.line(9)), ("a: ü", "b", "", ""));
    }

    #[test]
    fn columns_of_a_long_line_count_every_character() {
        let text = Text::decode(format!("a\n{}\nb", "ü€😀x".repeat(3000)).as_bytes()).unwrap();
        for at in [0, 1, 409, 410, 819, 2999] {
            assert_eq!(text.position(2 + at * 10), (2, at * 4 + 1));
            assert_eq!(text.position(2 + at * 10 + 9), (2, at * 4 + 4));
        }
        assert_eq!(text.position(2 + 30_000), (2, 12_001));
        assert_eq!(text.position(2 + 30_001), (3, 1));
        let exact = Text::decode("x".repeat(2 * BLOCK).as_bytes()).unwrap();
        assert_eq!(exact.position(2 * BLOCK), (1, 2 * BLOCK + 1));
        assert_eq!(Text::default().position(0), (1, 1));
    }

    #[test]
    fn utf_16_is_read_and_what_is_no_text_is_told() {
        assert_eq!(Text::decode(b"\xff\xfea\0").unwrap().as_str(), "a");
        assert_eq!(Text::decode(b"\xfe\xff\0a").unwrap().as_str(), "a");
        assert!(Text::decode(b"\xff\xfea").is_err());
        assert_eq!(Text::decode(b"a\nb\xff").unwrap_err(), (2, 2, "the byte 0xff is not UTF-8".to_owned()));
    }
}
