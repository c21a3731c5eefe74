//! Bytes that a transport wrote as text: each escape is undone exactly once, and only where that transport makes it.

use std::borrow::Cow;

/// `\x0a` anywhere: `/dev/kmsg` escapes every byte below 0x20, from 0x7f on, and the backslash itself.
pub(super) fn hex(text: &[u8]) -> Cow<'_, [u8]> {
    // anything else was in the text of a tool that has undone them already: `\x2d` of systemd's names
    undo_hex(text, |byte| !(0x20..0x7f).contains(&byte) || byte == b'\\')
}

/// `\xe6` in util-linux' dmesg, which escapes what is neither printable nor white space, and never the backslash:
/// an escape of any other byte is text of its own (`postgresql@16\x2dmain.service`).
pub(super) fn dmesg(text: &[u8]) -> Cow<'_, [u8]> {
    undo_hex(text, |byte| byte >= 0x7f || byte < 0x20 && !(0x09..=0x0d).contains(&byte))
}

/// `\xff` for the bytes that a writer escapes.
pub(crate) fn undo_hex(text: &[u8], escaped: impl Fn(u8) -> bool) -> Cow<'_, [u8]> {
    undo(text, b'\\', |rest| {
        let &[b'x', high, low, ..] = rest else { return None };
        hex_byte(high, low).filter(|byte| escaped(*byte))
    })
}

/// `#012`: rsyslog writes control characters (and only those) in octal.
pub(super) fn octal(text: &[u8]) -> Cow<'_, [u8]> {
    undo(text, b'#', |rest| {
        let [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] = rest else { return None };
        let byte = (a - b'0') << 6 | (b - b'0') << 3 | (c - b'0');
        (byte < 0x20 || byte == 0x7f).then_some(byte)
    })
}

/// Colour sequences (`ESC [ … m`) of `dmesg -L=always`, which begins every line with one and resets it again. One
/// inside an uncoloured line, or one never reset, is a process name's.
pub(super) fn colours(line: &[u8]) -> Cow<'_, [u8]> {
    if colour_sequence(line).is_none() || memchr::memmem::find(line, b"\x1b[0m").is_none() {
        return Cow::Borrowed(line);
    }
    let mut plain = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = memchr::memchr(0x1b, rest) {
        let length = colour_sequence(&rest[at..]);
        plain.extend_from_slice(&rest[..at + usize::from(length.is_none())]);
        rest = &rest[at + length.unwrap_or(1)..];
    }
    plain.extend_from_slice(rest);
    Cow::Owned(plain)
}

/// The length of the colour sequence that a text begins with.
pub(crate) fn colour_sequence(text: &[u8]) -> Option<usize> {
    let inside = text.strip_prefix(b"\x1b[")?;
    let end = inside.iter().position(|b| !b.is_ascii_digit() && *b != b';')?;
    (inside[end] == b'm').then_some(end + 3)
}

/// Copies only when there is something to undo. `read` returns the byte that the three bytes after a mark are for.
fn undo(text: &[u8], mark: u8, read: impl Fn(&[u8]) -> Option<u8>) -> Cow<'_, [u8]> {
    let Some(first) = memchr::memchr_iter(mark, text).find(|at| read(&text[at + 1..]).is_some()) else {
        return Cow::Borrowed(text);
    };
    let mut out = text[..first].to_vec();
    let mut rest = &text[first..];
    while let [byte, tail @ ..] = rest {
        let undone = if *byte == mark { read(tail) } else { None };
        out.push(undone.unwrap_or(*byte));
        rest = if undone.is_some() { &tail[3..] } else { tail };
    }
    Cow::Owned(out)
}

/// The byte of two hex digits.
pub(crate) fn hex_byte(high: u8, low: u8) -> Option<u8> {
    let nibble = |digit: u8| char::from(digit).to_digit(16);
    u8::try_from(nibble(high)? << 4 | nibble(low)?).ok()
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
