//! Redaction of what is around the kernel's text: stamps and words of log formats stay, anything else may be a name.

use super::names::{NameKind, Names, is_address};
use std::ops::Range;

/// Replaces what is named between `from` and `to`, outside of `keep`. Only bytes that stay one byte long are changed.
pub(super) fn redact(raw: &[u8], part: Range<usize>, names: &Names, out: &mut [u8]) {
    let mut at = part.start;
    while at < part.end {
        let rest = &raw[at..part.end];
        let line_start = at == 0 || raw[at - 1] == b'\n';
        if let Some(length) = binary_field(rest)
            .filter(|_| line_start)
            .or_else(|| escape(rest))
            .or_else(|| key(rest))
            .or_else(|| stamp(rest))
        {
            at += length;
            continue;
        }
        if let Some(length) = address(rest) {
            out[at..at + length].copy_from_slice(&names.replace(&rest[..length], NameKind::Host));
            at += length;
            continue;
        }
        let length = word(rest);
        // `C0`, `T123`: who printed it
        let caller = matches!(rest[0], b'C' | b'T') && length > 1 && rest[1..length].iter().all(u8::is_ascii_digit);
        // `name=` of the journal and of labels
        let field = rest.get(length) == Some(&b'=');
        if length > 0 && !caller && !field {
            out[at..at + length].copy_from_slice(&names.replace(&rest[..length], NameKind::Prefix));
        }
        at += length.max(1);
    }
}

/// A run of what words and ids are made of.
fn word(text: &[u8]) -> usize {
    let id = |byte: &u8| byte.is_ascii_alphanumeric() || *byte >= 0x80 || *byte == b'_';
    let mut length = text.iter().take_while(|byte| id(byte)).count();
    // a UUID goes as one
    while length > 0
        && text.get(length) == Some(&b'-')
        && text[..length].iter().all(|b| b.is_ascii_hexdigit() || *b == b'-')
    {
        let more = text[length + 1..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        if more < 4 {
            break;
        }
        length += 1 + more;
    }
    length
}

/// `MESSAGE` on a line of its own and the eight bytes of a length, as the journal exports a field with line breaks.
fn binary_field(text: &[u8]) -> Option<usize> {
    let name = text.iter().take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || **b == b'_').count();
    (name > 0 && text.get(name) == Some(&b'\n') && text.len() >= name + 9).then_some(name + 9)
}

/// `\n`, `\u00fc`, `\x0a`.
fn escape(text: &[u8]) -> Option<usize> {
    match text {
        [b'\\', b'u', a, b, c, d, ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()) => Some(6),
        [b'\\', b'x', a, b, ..] if [a, b].iter().all(|digit| digit.is_ascii_hexdigit()) => Some(4),
        [b'\\', _, ..] => Some(2),
        // a colour
        [0x1b, b'[', rest @ ..] => {
            let length = rest.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b';').count();
            (rest.get(length) == Some(&b'm')).then_some(length + 3)
        }
        _ => None,
    }
}

/// `"key":` or `\"key\":`, with its quotes.
fn key(text: &[u8]) -> Option<usize> {
    let inside = text.strip_prefix(b"\"")?;
    let end = inside.iter().position(|byte| matches!(byte, b'"' | b'\\' | b'\n'))?;
    let mut after = inside[end..].iter().skip_while(|byte| **byte == b'\\');
    if after.next() != Some(&b'"') {
        return None;
    }
    let colon = after.find(|byte| !byte.is_ascii_whitespace());
    (colon == Some(&b':')).then_some(end + 1)
}

/// `2026-11-23T17:13:35.606370+00:00`, and the seconds before or behind a `T` or `Z`.
fn stamp(text: &[u8]) -> Option<usize> {
    let date = text.get(..11)?;
    let shaped = date.iter().zip(b"0000-00-00T").all(|(byte, shape)| match shape {
        b'0' => byte.is_ascii_digit(),
        b'T' => matches!(byte, b'T' | b't' | b' ' | b'_'),
        other => byte == other,
    });
    let time = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b',' | b'+' | b'-' | b'Z' | b'z');
    shaped.then(|| 11 + text[11..].iter().take_while(|byte| time(byte)).count())
}

/// `10.0.3.17`
fn address(text: &[u8]) -> Option<usize> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    let ends = text.get(length).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    (ends && is_address(&text[..length])).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(text: &str) -> String {
        let mut out = text.as_bytes().to_vec();
        redact(text.as_bytes(), 0..text.len(), &Names::new([7; 16]), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn stamps_and_words_of_logs_stay() {
        for stays in [
            "Nov 23 17:13:35 kernel: [   11.671152] ",
            "2026-11-23T17:13:35.606370+00:00 kernel: ",
            "<4>1 2026-11-23T17:13:35Z - kernel - - - ",
            r#"{"PRIORITY":"4","_TRANSPORT":"kernel","__REALTIME_TIMESTAMP":"1795454015607686","MESSAGE":""#,
            "[    7.1][ T9694] ",
            "kern  :warn  : [Mon Nov 23 17:13:34 2026] ",
            "2024-03-30T11:00:01.123456789Z stdout F ",
        ] {
            assert_eq!(redacted(stays), stays);
        }
    }

    #[test]
    fn names_do_not() {
        for (text, name) in [
            ("Nov 23 17:13:35 web1 kernel: ", "web1"),
            (r#"{"_HOSTNAME":"web1","_TRANSPORT":"kernel"}"#, "web1"),
            (r#"{"_MACHINE_ID":"0d3fa0ab12cd43f0b8a1d7d7a2d7ffee"}"#, "0d3fa0ab"),
            ("from 192.168.17.4: ", "192.168.17.4"),
            (r#"{"k":{"pod_name":"shop-6f7"}}"#, "shop"),
            ("> bob wrote ", "bob"),
        ] {
            let out = redacted(text);
            assert!(!out.contains(name) && out.len() == text.len(), "{out}");
        }
        assert!(redacted(r#"{"_HOSTNAME":"web1"}"#).starts_with(r#"{"_HOSTNAME":""#));
    }
}
