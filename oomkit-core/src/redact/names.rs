//! The replacement of names: hosts, commands, cgroup paths, each word by word.

use super::cipher::{Cipher, Symbol};
use super::{uuid, vocabulary};
use crate::cgroup::is_placeholder;

/// The kind of a name, which decides what of it may stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameKind {
    /// Nothing stays.
    Host,
    /// Nothing stays.
    Comm,
    /// The layout stays, and numbers that are no ids.
    Path,
    /// What is around the kernel's text: its vocabulary stays, and numbers.
    Prefix,
}

/// The same name becomes the same replacement, of the same length.
#[derive(Debug, Clone)]
pub(super) struct Names(Cipher);

/// Kinds of words that map apart.
const WORD: u8 = 0;
const ID: u8 = 1;
const OCTET: u8 = 2;

impl Names {
    pub(super) fn new(key: [u8; 16]) -> Self {
        Self(Cipher::new(key))
    }

    /// The replacement of a name: as many bytes.
    pub(super) fn replace(&self, name: &[u8], kind: NameKind) -> Vec<u8> {
        let mut out = name.to_vec();
        match kind {
            NameKind::Host => self.host(&mut out),
            NameKind::Comm => self.words(&mut out, kind),
            NameKind::Path if is_placeholder(name) => {}
            NameKind::Path | NameKind::Prefix => {
                for component in out.split_mut(|byte| *byte == b'/') {
                    self.component(component, kind);
                }
            }
        }
        out
    }

    /// A host's labels, each as a whole: the numbers of `ip-10-0-3-17` are not replaced one by one.
    fn host(&self, name: &mut [u8]) {
        if is_address(name) {
            return name.split_mut(|byte| *byte == b'.').for_each(|octet| self.octet(octet));
        }
        for label in name.split_mut(|byte| *byte == b'.') {
            if is_id(label) {
                self.id(label);
            } else {
                self.word(label, NameKind::Host);
            }
        }
    }

    /// A component of a path: ids first, they may look like words.
    fn component(&self, name: &mut [u8], kind: NameKind) {
        let mut from = 0;
        for id in uuid::find(name) {
            self.words(&mut name[from..id.start], kind);
            self.id(&mut name[id.clone()]);
            from = id.end;
        }
        self.words(&mut name[from..], kind);
    }

    /// Every run of letters and digits. systemd's `\x2d` is a mark, not a word.
    fn words(&self, name: &mut [u8], kind: NameKind) {
        let mut at = 0;
        while at < name.len() {
            let length = word_length(&name[at..], kind);
            if kind != NameKind::Comm && is_escape(&name[at..]) {
                at += 4;
            } else if length == 0 {
                at += char_length(&name[at..]);
            } else {
                self.name(&mut name[at..at + length], kind);
                at += length;
            }
        }
    }

    fn name(&self, word: &mut [u8], kind: NameKind) {
        if kind == NameKind::Comm {
            return self.word(word, kind);
        }
        // a static pod's uid: `pod` and 32 digits
        if let Some(uid) = word.strip_prefix(b"pod").filter(|uid| uid.len() == 32 && is_id(uid)) {
            let start = word.len() - uid.len();
            return self.id(&mut word[start..]);
        }
        let number = word.iter().all(u8::is_ascii_digit);
        let stays = match kind {
            NameKind::Prefix => number || vocabulary::is_of_prefixes(word),
            _ => (number && word.len() < SHORTEST_ID) || vocabulary::is_of_paths(word),
        };
        if stays {
        } else if is_id(word) && !number {
            self.id(word);
        } else {
            self.word(word, kind);
        }
    }

    /// Hex digits: what follows the first eight depends on those only, for many programs print the first 12 or 20.
    fn id(&self, id: &mut [u8]) {
        let digits: Vec<usize> = (0..id.len()).filter(|at| id[*at].is_ascii_hexdigit()).collect();
        let mut symbols: Vec<Symbol> = digits
            .iter()
            .map(|at| Symbol { radix: 16, value: char::from(id[*at]).to_digit(16).unwrap_or(0) })
            .collect();
        let (head, tail) = symbols.split_at_mut(digits.len().min(SHORTEST_ID));
        self.0.shift(tail, head, ID, u8::MAX);
        self.0.permute(head, ID);
        for (at, symbol) in digits.into_iter().zip(symbols) {
            id[at] = b"0123456789abcdef"[symbol.value as usize % 16];
        }
    }

    /// Letters and digits; other bytes stay. Repeated until it is no word of the vocabulary.
    fn word(&self, word: &mut [u8], kind: NameKind) {
        let first_digit = kind == NameKind::Path && word.iter().all(u8::is_ascii_digit);
        // as many tries as there can be words in a row
        for _ in 0..64 {
            let places = places(word);
            let mut symbols: Vec<Symbol> = places.iter().map(|(at, class)| class.symbol(word[*at])).collect();
            // a number keeps its first digit: it shall neither grow nor shrink
            self.0.permute(&mut symbols[usize::from(first_digit)..], WORD);
            for ((at, class), symbol) in places.into_iter().zip(symbols) {
                word[at] = class.byte(symbol.value);
            }
            if kind == NameKind::Comm || kind == NameKind::Host || !vocabulary::is_of_paths(word) {
                return;
            }
        }
    }

    /// One number of an IPv4 address, as many digits.
    fn octet(&self, octet: &mut [u8]) {
        let (least, radix) = match octet.len() {
            1 => (0, 10),
            2 => (10, 90),
            _ => (100, 156),
        };
        let value = octet.iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
        let mut symbol = [Symbol { radix, value: value.saturating_sub(least) % radix }];
        self.0.permute(&mut symbol, OCTET);
        octet.copy_from_slice((symbol[0].value + least).to_string().as_bytes());
    }
}

/// Fewer hex digits are no id.
const SHORTEST_ID: usize = 8;

fn is_id(word: &[u8]) -> bool {
    word.len() >= SHORTEST_ID && word.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Four numbers of up to three digits, as an IPv4 address has.
pub(super) fn is_address(name: &[u8]) -> bool {
    let mut octets = name.split(|byte| *byte == b'.');
    let is_octet = |octet: &[u8]| matches!(octet.len(), 1..=3) && octet.iter().all(u8::is_ascii_digit);
    (0..4).all(|_| octets.next().is_some_and(is_octet)) && octets.next().is_none()
}

fn is_escape(text: &[u8]) -> bool {
    matches!(text, [b'\\', b'x', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}

/// Bytes of the letters and digits that begin here.
fn word_length(text: &[u8], kind: NameKind) -> usize {
    let mut length = 0;
    while let Some(c) = first_char(&text[length..]).filter(|c| c.is_alphanumeric()) {
        if length > 0 && kind != NameKind::Comm && is_escape(&text[length..]) {
            break;
        }
        length += c.len_utf8();
    }
    length
}

/// Bytes of the character that begins here; 1 for a byte of none.
fn char_length(text: &[u8]) -> usize {
    first_char(text).map_or(1, char::len_utf8)
}

fn first_char(text: &[u8]) -> Option<char> {
    let head = &text[..text.len().min(4)];
    head.utf8_chunks().next()?.valid().chars().next()
}

/// How one byte of a word may change.
#[derive(Debug, Clone, Copy)]
enum Class {
    Lower,
    Upper,
    Digit,
    /// The last byte of a letter beyond ASCII: another of the 64 beside it.
    Last,
}

/// The bytes of a word that change.
fn places(word: &[u8]) -> Vec<(usize, Class)> {
    let mut places = Vec::with_capacity(word.len());
    let mut at = 0;
    while at < word.len() {
        let length = char_length(&word[at..]);
        match first_char(&word[at..]) {
            Some('a'..='z') => places.push((at, Class::Lower)),
            Some('A'..='Z') => places.push((at, Class::Upper)),
            Some('0'..='9') => places.push((at, Class::Digit)),
            Some(c) if length > 1 && c.is_alphanumeric() => places.push((at + length - 1, Class::Last)),
            _ => {}
        }
        at += length;
    }
    places
}

impl Class {
    fn base(self) -> (u8, u32) {
        match self {
            Self::Lower => (b'a', 26),
            Self::Upper => (b'A', 26),
            Self::Digit => (b'0', 10),
            Self::Last => (0x80, 64),
        }
    }

    fn symbol(self, byte: u8) -> Symbol {
        let (base, radix) = self.base();
        Symbol { radix, value: u32::from(byte.wrapping_sub(base)) % radix }
    }

    fn byte(self, value: u32) -> u8 {
        let (base, radix) = self.base();
        base + u8::try_from(value % radix).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cgroup;

    fn text(name: &str, kind: NameKind) -> String {
        String::from_utf8(Names::new(*b"0123456789abcdef").replace(name.as_bytes(), kind)).unwrap()
    }

    #[test]
    fn the_layout_of_a_path_stays_and_its_names_do_not() {
        let path = "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod282bb4b9_acc8_4c6a_4bf0_7428e6f2162e.slice/cri-containerd-95c60e745329b8086265b465c26af09a83399e9985e08c61d850bc027caa4d7c.scope";
        let replaced = text(path, NameKind::Path);
        assert_eq!(replaced.len(), path.len());
        assert!(!replaced.contains("282bb4b9") && !replaced.contains("95c60e74"));
        let (before, after) =
            (cgroup::identify(path.as_bytes()).unwrap(), cgroup::identify(replaced.as_bytes()).unwrap());
        assert_eq!((before.runtime, before.qos_class), (after.runtime, after.qos_class));
        assert_eq!(after.id.unwrap(), text(&before.id.unwrap(), NameKind::Path));
        assert_eq!(after.pod_uid.unwrap(), text(&before.pod_uid.unwrap(), NameKind::Path));
    }

    #[test]
    fn a_short_id_is_the_beginning_of_the_long_one() {
        let long = "95c60e745329b8086265b465c26af09a83399e9985e08c61d850bc027caa4d7c";
        let replaced = text(long, NameKind::Path);
        for length in [8, 12, 20, 63] {
            assert_eq!(text(&long[..length], NameKind::Path), replaced[..length], "{length}");
        }
    }

    #[test]
    fn numbers_of_paths_that_are_no_ids_stay() {
        for path in ["/user.slice/user-1000.slice/session-4.scope", "/slurm/uid_1018/job_849633/step_batch/task_0"] {
            assert_eq!(text(path, NameKind::Path), path);
        }
        for stays in ["/", "(null)", "host", "/init.scope"] {
            assert_eq!(text(stays, NameKind::Path), stays);
        }
    }

    #[test]
    fn shapes_stay() {
        let shape = |text: &str| -> String {
            text.chars()
                .map(|c| match c {
                    'a'..='z' => 'a',
                    'A'..='Z' => 'A',
                    '0'..='9' => '0',
                    c if c.is_ascii() => c,
                    _ => 'ü',
                })
                .collect()
        };
        for (name, kind) in [
            ("gunicorn: worke", NameKind::Comm),
            ("Web Content", NameKind::Comm),
            ("kworker/u8:3", NameKind::Comm),
            ("Grüße", NameKind::Comm),
            ("ip-10-0-3-17.eu.example.com", NameKind::Host),
            ("web1", NameKind::Host),
            (r"/machine.slice/machine-qemu\x2d1\x2dweb.scope", NameKind::Path),
            ("/system.slice/postgresql@16-main.service", NameKind::Path),
        ] {
            let replaced = text(name, kind);
            assert_ne!(replaced, name);
            assert_eq!(shape(&replaced), shape(name));
        }
        let address = text("10.0.3.17", NameKind::Host);
        assert!(
            address != "10.0.3.17" && address.len() == 9 && address.parse::<std::net::Ipv4Addr>().is_ok(),
            "{address}"
        );
    }

    #[test]
    fn a_word_is_the_same_wherever_it_stands() {
        let unit = text("/system.slice/nginx.service", NameKind::Path);
        assert_eq!(unit, format!("/system.slice/{}.service", text("nginx", NameKind::Comm)));
    }
}
