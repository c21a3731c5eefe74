//! Strings of JSON as bytes, and text that only looks like JSON.

use std::borrow::Cow;

/// dmesg and rsyslog copy bytes that are no UTF-8 into their strings as they are. Each such byte passes through the
/// JSON reader as one private character, and comes back in [`restored`].
const GUARD: u32 = 0x10_ff00;

pub(super) fn guarded(json: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(json) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            let mut text = String::with_capacity(json.len() + 64);
            for chunk in json.utf8_chunks() {
                text.push_str(chunk.valid());
                text.extend(chunk.invalid().iter().filter_map(|b| char::from_u32(GUARD + u32::from(*b))));
            }
            Cow::Owned(text)
        }
    }
}

pub(super) fn restored(text: &str) -> Vec<u8> {
    if !text.contains(|c| u32::from(c) >= GUARD) {
        return text.as_bytes().to_vec();
    }
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match u32::from(c).checked_sub(GUARD).and_then(|b| u8::try_from(b).ok()) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes
}

/// fluent-bit prints its records as `{"msg"=>"text", "sec"=>71}`: turned into JSON. With `raw`, strings are
/// printed without any escape, so that a quote ends one only where a record can continue.
pub(super) fn from_arrows(record: &[u8], raw: bool) -> Vec<u8> {
    let mut json = Vec::with_capacity(record.len() + 16);
    let mut rest = record;
    let mut in_string = false;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match byte {
            b'"' if in_string && raw && !ends_string(tail) => json.extend_from_slice(br#"\""#),
            b'"' => {
                in_string = !in_string;
                json.push(b'"');
            }
            b'\\' if in_string && raw => json.extend_from_slice(br"\\"),
            b'\\' if in_string => {
                json.push(b'\\');
                if let [escaped, tail @ ..] = rest {
                    json.push(*escaped);
                    rest = tail;
                }
            }
            b'=' if !in_string && tail.first() == Some(&b'>') => {
                json.push(b':');
                rest = &tail[1..];
            }
            byte => json.push(*byte),
        }
    }
    json
}

fn ends_string(tail: &[u8]) -> bool {
    [&b"=>"[..], b", \"", b"}", b"]"].iter().any(|end| tail.starts_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_outside_strings_are_colons() {
        let record = br#"{"msg"=>"a => \"b\"", "sec"=>71}"#;
        assert_eq!(from_arrows(record, false), br#"{"msg":"a => \"b\"", "sec":71}"#);
        let raw = br#"{"msg"=>"a "b" \x0a", "sec"=>71}"#;
        assert_eq!(from_arrows(raw, true), br#"{"msg":"a \"b\" \\x0a", "sec":71}"#);
        assert_eq!(from_arrows(br#""a\"#, false), br#""a\"#);
    }

    #[test]
    fn bytes_that_are_no_utf8_pass() {
        assert_eq!(restored(&guarded(b"a\xff\xfe\xc3\xa9")), b"a\xff\xfe\xc3\xa9");
        assert!(matches!(guarded(b"plain"), Cow::Borrowed(_)));
    }
}
