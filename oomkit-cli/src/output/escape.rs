//! Names from a log are hostile: control bytes, terminal sequences and invisible marks are shown, never sent.

use oomkit_core::event::RawBytes;
use std::borrow::Cow;
use std::fmt::Write;

/// Text that is safe on a terminal: control characters as `\x1b`, marks that reorder or hide text as `\u{202e}`.
/// Everything else stays as it is, backslashes too.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    if !text.contains(is_dangerous) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    push(&mut safe, text);
    Cow::Owned(safe)
}

/// A name from the kernel: its exact bytes where they are not UTF-8 (`\xff`), else its text.
pub(crate) fn name(readable: &str, raw: Option<&RawBytes>) -> String {
    let Some(RawBytes(bytes)) = raw else { return text(readable).into_owned() };
    let mut safe = String::new();
    for chunk in bytes.utf8_chunks() {
        push(&mut safe, chunk.valid());
        for byte in chunk.invalid() {
            push_byte(&mut safe, *byte);
        }
    }
    safe
}

fn push(safe: &mut String, text: &str) {
    for c in text.chars() {
        if !is_dangerous(c) {
            safe.push(c);
        } else if c.is_ascii() {
            push_byte(safe, c as u8);
        } else {
            // writing to a String does not fail
            let _ = write!(safe, "\\u{{{:x}}}", u32::from(c));
        }
    }
}

fn push_byte(safe: &mut String, byte: u8) {
    let _ = write!(safe, "\\x{byte:02x}");
}

fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_bytes_are_shown_and_not_sent() {
        assert_eq!(text("\x1b[31mred\x07\r\n\t\x7f"), r"\x1b[31mred\x07\x0d\x0a\x09\x7f");
        assert_eq!(text("\u{9b}31m"), r"\u{9b}31m");
    }

    #[test]
    fn marks_that_reorder_or_hide_text_are_shown() {
        assert_eq!(text("a\u{202e}b\u{2066}c\u{200b}\u{feff}"), r"a\u{202e}b\u{2066}c\u{200b}\u{feff}");
    }

    #[test]
    fn ordinary_names_are_untouched() {
        for plain in ["gunicorn: worke", "Grüße", r"a\x2db.slice", "日本", ""] {
            assert!(matches!(text(plain), Cow::Borrowed(same) if same == plain));
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_exactly() {
        let raw = RawBytes(b"\xff\x1bbad\xc3".to_vec());
        assert_eq!(name("\u{fffd}\u{1b}bad\u{fffd}", Some(&raw)), r"\xff\x1bbad\xc3");
        assert_eq!(name("ok\n", None), r"ok\x0a");
    }
}
