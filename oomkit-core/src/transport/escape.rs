//! Bytes that a transport wrote as text: each escape is undone exactly once, and only where that transport makes it.

use std::borrow::Cow;

/// `\x0a` anywhere: `/dev/kmsg` escapes every byte below 0x20, from 0x7f on, and the backslash itself.
pub(super) fn hex(text: &[u8]) -> Cow<'_, [u8]> {
    undo(text, b'\\', |rest| match rest {
        [b'x', high, low, ..] => {
            let byte = nibble(*high)? << 4 | nibble(*low)?;
            // anything else was in the text of a tool that has undone them already: `\x2d` of systemd's names
            (!(0x20..0x7f).contains(&byte) || byte == b'\\').then_some((byte, 3))
        }
        _ => None,
    })
}

/// `\xe6` in util-linux' dmesg, which escapes what is neither printable nor white space, and never the backslash:
/// an escape of any other byte is text of its own (`postgresql@16\x2dmain.service`).
pub(super) fn dmesg(text: &[u8]) -> Cow<'_, [u8]> {
    undo(text, b'\\', |rest| match rest {
        [b'x', high, low, ..] => {
            let byte = nibble(*high)? << 4 | nibble(*low)?;
            let escaped = byte >= 0x7f || byte < 0x20 && !(0x09..=0x0d).contains(&byte);
            escaped.then_some((byte, 3))
        }
        _ => None,
    })
}

/// `#012`: rsyslog writes control characters (and only those) in octal.
pub(super) fn octal(text: &[u8]) -> Cow<'_, [u8]> {
    undo(text, b'#', |rest| match rest {
        [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] => {
            let byte = (a - b'0') << 6 | (b - b'0') << 3 | (c - b'0');
            (byte < 0x20 || byte == 0x7f).then_some((byte, 3))
        }
        _ => None,
    })
}

/// Colour sequences (`ESC [ … m`) of `dmesg -L=always`, which begins every line with one and resets it again. One
/// inside an uncoloured line, or one never reset, is a process name's.
pub(super) fn colours(line: &[u8]) -> Cow<'_, [u8]> {
    if sequence(line).is_none() || memchr::memmem::find(line, b"\x1b[0m").is_none() {
        return Cow::Borrowed(line);
    }
    let mut plain = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = memchr::memchr(0x1b, rest) {
        plain.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        match sequence(rest) {
            Some(length) => rest = &rest[length..],
            None => {
                plain.push(0x1b);
                rest = &rest[1..];
            }
        }
    }
    plain.extend_from_slice(rest);
    Cow::Owned(plain)
}

fn sequence(text: &[u8]) -> Option<usize> {
    let inside = text.strip_prefix(b"\x1b[")?;
    let end = inside.iter().position(|b| !b.is_ascii_digit() && *b != b';')?;
    (inside[end] == b'm').then_some(end + 3)
}

/// Copies only when there is something to undo. `read` looks behind the mark and says which byte stands there and how
/// much of the text it took.
fn undo(text: &[u8], mark: u8, read: impl Fn(&[u8]) -> Option<(u8, usize)>) -> Cow<'_, [u8]> {
    let Some(first) = memchr::memchr_iter(mark, text).find(|at| read(&text[at + 1..]).is_some()) else {
        return Cow::Borrowed(text);
    };
    let mut out = text[..first].to_vec();
    let mut rest = &text[first..];
    while let [byte, tail @ ..] = rest {
        rest = match if *byte == mark { read(tail) } else { None } {
            Some((byte, taken)) => {
                out.push(byte);
                &tail[taken..]
            }
            None => {
                out.push(*byte);
                tail
            }
        };
    }
    Cow::Owned(out)
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|d| d as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_to_undo_costs_nothing() {
        for text in [&b"plain"[..], b"", b"\\", b"\\x", b"\\x0", b"\\xgg", b"#", b"#01", b"#999"] {
            assert!(matches!(hex(text), Cow::Borrowed(t) if t == text));
            assert!(matches!(octal(text), Cow::Borrowed(t) if t == text));
        }
    }

    #[test]
    fn one_layer_is_undone() {
        assert_eq!(&*hex(br"a\x5cx2db\x0ac"), b"a\\x2db\nc");
        assert_eq!(&*dmesg(br"a\x2db\x1b[31m\xff\x0a"), b"a\\x2db\x1b[31m\xff\\x0a");
        assert_eq!(&*octal(b"free:1#012 free_pcp:2 #099 #101"), b"free:1\n free_pcp:2 #099 #101");
    }

    #[test]
    fn colours_go_only_from_coloured_lines() {
        let line =
            b"\x1b[32m[Sat Mar  7 18:00:03 2026] \x1b[0m\x1b[33mtwin invoked oom-killer: \x1b[0m\x1b[1mgfp\x1b[0m";
        assert_eq!(&*colours(line), b"[Sat Mar  7 18:00:03 2026] twin invoked oom-killer: gfp");
        let named = b"[   15.500934] \x1b[31mred invoked oom-killer";
        assert_eq!(&*colours(named), named);
        let bare = b"\x1b[31mred invoked oom-killer: gfp";
        assert_eq!(&*colours(bare), bare, "journalctl -o cat");
    }
}
