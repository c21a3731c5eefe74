//! Escapes of log formats, for redaction: finds a text in the bytes of a log however it is spelled (JSON strings, `\x0a`,
//! `#012`, colours, lists of byte values), and spells a changed byte the same way.

use crate::time::stamp;
use crate::transport::escape;

/// Where in the log each byte of a text came from.
pub(super) type Places = Vec<(usize, usize)>;

/// Bytes of a log with one spelling undone: each with the place it came from.
#[derive(Debug, Clone)]
pub(super) struct Plain {
    bytes: Vec<u8>,
    places: Places,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layer {
    Colours,
    Octal,
    Hex,
    Json,
    Numbers,
}

/// What transports do to text, one after the other; the plainest first.
const SPELLINGS: [&[Layer]; 13] = [
    &[],
    &[Layer::Octal],
    &[Layer::Hex],
    &[Layer::Colours],
    &[Layer::Colours, Layer::Hex],
    &[Layer::Json],
    &[Layer::Json, Layer::Hex],
    &[Layer::Json, Layer::Octal],
    &[Layer::Json, Layer::Colours],
    &[Layer::Json, Layer::Json],
    &[Layer::Json, Layer::Json, Layer::Hex],
    &[Layer::Json, Layer::Json, Layer::Octal],
    &[Layer::Numbers],
];

/// The readings of some bytes of a log, one for each way of spelling that they could be in; made when they are asked for,
/// since most text stands there as it is.
#[derive(Debug)]
pub(super) struct Readings<'r> {
    raw: &'r [u8],
    made: Vec<Plain>,
    next: usize,
}

impl<'r> Readings<'r> {
    pub(super) fn new(raw: &'r [u8]) -> Self {
        Self { raw, made: Vec::new(), next: 0 }
    }

    /// The first answer of any reading, the plainest asked first.
    pub(super) fn first<T>(&mut self, mut ask: impl FnMut(&Plain) -> Option<T>) -> Option<T> {
        if let Some(answer) = self.made.iter().find_map(&mut ask) {
            return Some(answer);
        }
        while let Some(layers) = SPELLINGS.get(self.next) {
            self.next += 1;
            let plain =
                Plain { bytes: self.raw.to_vec(), places: (0..self.raw.len()).map(|at| (at, at + 1)).collect() };
            let read = layers.iter().fold(plain, |plain, layer| plain.without(*layer));
            if self.made.iter().any(|known| known.bytes == read.bytes) {
                continue;
            }
            let answer = ask(&read);
            self.made.push(read);
            if answer.is_some() {
                return answer;
            }
        }
        None
    }

    /// Every place of a text, where it stands at all.
    pub(super) fn find(&mut self, text: &[u8]) -> Option<Vec<Places>> {
        self.first(|reading| {
            let found = reading.find(text);
            (!found.is_empty()).then(|| found.into_iter().map(<[_]>::to_vec).collect())
        })
    }

    /// A text that stands there whole, or in pieces.
    pub(super) fn find_any(&mut self, text: &[u8]) -> Option<Vec<Places>> {
        self.find(text).or_else(|| self.first(|reading| reading.find_pieces(text)).map(|places| vec![places]))
    }
}

impl Plain {
    /// Where each byte of `text` came from, for every time it stands here.
    fn find(&self, text: &[u8]) -> Vec<&[(usize, usize)]> {
        if text.is_empty() {
            return Vec::new();
        }
        memchr::memmem::find_iter(&self.bytes, text).map(|at| &self.places[at..at + text.len()]).collect()
    }

    /// Like [`Plain::find`] for a text in pieces: each the longest that follows the one before, on a later line.
    /// Container runtimes and consoles break lines anywhere.
    fn find_pieces(&self, text: &[u8]) -> Option<Places> {
        let mut found = Vec::with_capacity(text.len());
        let mut from = 0;
        for line in self.bytes.split_inclusive(|byte| *byte == b'\n') {
            let rest = &text[found.len()..];
            let longest = (1..=rest.len().min(line.len())).rev().find_map(|length| {
                // white space at a break may be anybody's
                let at = memchr::memmem::rfind(line, &rest[..length])?;
                Some((at, length))
            });
            if let Some((at, length)) = longest {
                found.extend_from_slice(&self.places[from + at..from + at + length]);
            }
            from += line.len();
            if found.len() == text.len() {
                return Some(found);
            }
        }
        None
    }

    /// With one spelling undone.
    fn without(self, layer: Layer) -> Self {
        let mut out =
            Self { bytes: Vec::with_capacity(self.bytes.len()), places: Vec::with_capacity(self.bytes.len()) };
        let mut at = 0;
        while at < self.bytes.len() {
            let (taken, undone) = layer.read(&self.bytes[at..]);
            let place = (self.places[at].0, self.places[at + taken - 1].1);
            out.places.extend(std::iter::repeat_n(place, undone.len()));
            out.bytes.extend_from_slice(&undone);
            at += taken;
        }
        out
    }
}

impl Layer {
    /// How many bytes are one, and what they stand for.
    fn read(self, text: &[u8]) -> (usize, Vec<u8>) {
        let undone = match (self, text) {
            (Self::Colours, _) => escape::colour_sequence(text).map(|length| (length, Vec::new())),
            (Self::Hex, [b'\\', b'x', high, low, ..]) => {
                let byte = escape::hex_byte(*high, *low);
                byte.filter(|b| !(0x20..0x7f).contains(b) || *b == b'\\').map(|byte| (4, vec![byte]))
            }
            (Self::Octal, [b'#', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..]) => {
                Some((4, vec![(a - b'0') << 6 | (b - b'0') << 3 | (c - b'0')]))
            }
            (Self::Json, [b'\\', b'u', rest @ ..]) => unicode(rest),
            (Self::Json, [b'\\', mark, ..]) => {
                let marks = b"ntrbf\"\\/".iter().position(|known| known == mark);
                marks.map(|at| (2, vec![b"\n\t\r\x08\x0c\"\\/"[at]]))
            }
            (Self::Numbers, [b'0'..=b'9', ..]) => number(text),
            (Self::Numbers, [b',' | b' ' | b'\t' | b'\n', ..]) => Some((1, Vec::new())),
            _ => None,
        };
        undone.unwrap_or_else(|| (1, text[..1].to_vec()))
    }
}

/// After `\u`: one UTF-16 unit, or two that are one character.
fn unicode(rest: &[u8]) -> Option<(usize, Vec<u8>)> {
    let unit = |text: &[u8]| u16::from_str_radix(std::str::from_utf8(text.get(..4)?).ok()?, 16).ok();
    let first = unit(rest)?;
    let second = rest.get(4..6).filter(|mark| *mark == b"\\u").and_then(|_| unit(&rest[6..]));
    let pair = [Some(first), second];
    for (units, taken) in [(2, 12), (1, 6)] {
        let units: Vec<u16> = pair[..units].iter().copied().collect::<Option<_>>().unwrap_or_default();
        if let [Ok(c)] = char::decode_utf16(units).collect::<Vec<_>>()[..] {
            return Some((taken, c.to_string().into_bytes()));
        }
    }
    None
}

/// A byte value of a list.
fn number(text: &[u8]) -> Option<(usize, Vec<u8>)> {
    let length = text.iter().take_while(|b| b.is_ascii_digit()).count();
    Some((length, vec![stamp::parse(&text[..length])?]))
}

/// Spells new bytes the way the old ones are spelled; `None` where that is not known.
pub(super) fn respell(spelled: &[u8], old: &[u8], new: &[u8]) -> Option<Vec<u8>> {
    let text = |spelled: String| Some(spelled.into_bytes());
    match (spelled, new) {
        _ if spelled == old => Some(new.to_vec()),
        ([b'\\', b'x', ..], [byte]) => text(format!("\\x{byte:02x}")),
        ([b'\\', b'\\', b'x', ..], [byte]) => text(format!("\\\\x{byte:02x}")),
        ([b'#', ..], [byte]) => text(format!("#{byte:03o}")),
        ([b'\\', b'u', ..], _) => {
            let units = std::str::from_utf8(new).ok()?.encode_utf16();
            text(units.map(|unit| format!("\\u{unit:04x}")).collect())
        }
        (_, [byte]) if spelled.iter().all(u8::is_ascii_digit) => text(byte.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(raw: &[u8], text: &[u8]) -> Vec<(usize, usize)> {
        Readings::new(raw).find(text).unwrap().remove(0)
    }

    #[test]
    fn text_is_found_however_it_is_spelled() {
        for (raw, text) in [
            (&b"x kernel: a\\x0ab c"[..], &b"a\nb"[..]),
            (b"kernel: a#012b", b"a\nb"),
            (br#"{"m":"a\"b\u00fc"}"#, "a\"bü".as_bytes()),
            (br#"{"m":"a\\x0ab"}"#, b"a\nb"),
            (br#"{"log":"{\"m\":\"a\\\\b\"}"}"#, b"a\\b"),
            (b"{\"m\":[97, 255, 98]}", b"a\xffb"),
            (b"\x1b[33ma\x1b[0mb", b"ab"),
            (br"/a\x2db.slice", br"a\x2db"),
        ] {
            assert_eq!(found(raw, text).len(), text.len(), "{}", String::from_utf8_lossy(raw));
        }
        assert_eq!(found(br#""a\u00fcb""#, "aü".as_bytes()), [(1, 2), (2, 8), (2, 8)]);
    }

    #[test]
    fn a_text_in_pieces() {
        let raw = b"t stdout P Out of mem\nt stdout F ory: x\n";
        let places = Readings::new(raw).find_any(b"Out of memory: x").unwrap().remove(0);
        assert_eq!((places[0], places[10], places[15]), ((11, 12), (33, 34), (38, 39)));
    }

    #[test]
    fn bytes_are_respelled_as_they_were() {
        let respelled = |spelled: &[u8], old: &[u8], new: &[u8]| respell(spelled, old, new).unwrap();
        assert_eq!(respelled(b"a", b"a", b"b"), b"b");
        assert_eq!(respelled(b"9", b"9", b"a"), b"a");
        assert_eq!(respelled(b"\\xc3", b"\xc3", b"\xc4"), b"\\xc4");
        assert_eq!(respelled(b"\\u00fc", "ü".as_bytes(), "é".as_bytes()), b"\\u00e9");
        assert_eq!(respelled(b"97", b"a", b"z"), b"122");
        assert_eq!(respelled(b"#303", b"\xc3", b"\xc4"), b"#304");
    }
}
