//! Values inside a companion's line: numbers, sizes, percentages, container ids, and the value of a key.

use crate::event::Percent;
use crate::units::Bytes;
use memchr::memmem;

/// What follows the first `literal`.
pub(super) fn after<'a>(text: &'a [u8], literal: &str) -> Option<&'a [u8]> {
    cut(text, literal).map(|(_, after)| after)
}

/// What is before and after the first `literal`.
pub(super) fn cut<'a>(text: &'a [u8], literal: &str) -> Option<(&'a [u8], &'a [u8])> {
    memmem::find(text, literal.as_bytes()).map(|at| (&text[..at], &text[at + literal.len()..]))
}

/// The same at the last `literal`: a name before it may hold anything.
pub(super) fn cut_last<'a>(text: &'a [u8], literal: &str) -> Option<(&'a [u8], &'a [u8])> {
    memmem::rfind(text, literal.as_bytes()).map(|at| (&text[..at], &text[at + literal.len()..]))
}

/// Whether it is anywhere in a text.
pub(super) fn holds(text: &[u8], literal: &str) -> bool {
    cut(text, literal).is_some()
}

/// The number a text begins with, blanks before it skipped.
pub(super) fn number<T: std::str::FromStr>(text: &[u8]) -> Option<T> {
    leading_number(text.trim_ascii_start()).map(|(number, _)| number)
}

/// The number a text begins with, and what follows it.
pub(super) fn leading_number<T: std::str::FromStr>(text: &[u8]) -> Option<(T, &[u8])> {
    let (digits, rest) = text.split_at(text.iter().take_while(|b| b.is_ascii_digit()).count());
    Some((whole(digits)?, rest))
}

/// The number a text is.
pub(super) fn whole<T: std::str::FromStr>(text: &[u8]) -> Option<T> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// `62.09 …`: the decimal a text begins with, and what follows it.
fn leading_decimal(text: &[u8]) -> Option<(f64, &[u8])> {
    let text = text.trim_ascii_start();
    let (digits, rest) = text.split_at(text.iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count());
    Some((whole(digits)?, rest))
}

/// `62.09`, with or without what follows.
pub(super) fn percent(text: &[u8]) -> Option<Percent> {
    let (value, _) = leading_decimal(text)?;
    (value <= 1e7).then(|| Percent::from_hundredths((value * 100.0).round() as u32))
}

/// `1234 MiB`, `13.9G`, `54Mi`, `388.4M`, `34900kB`, `0B`, `900`: units of 1024.
pub(super) fn size(text: &[u8]) -> Option<Bytes> {
    let (value, unit) = leading_decimal(text)?;
    let factor = match unit.trim_ascii_start().first() {
        Some(b'K' | b'k') => 10,
        Some(b'M') => 20,
        Some(b'G') => 30,
        Some(b'T') => 40,
        _ => 0,
    };
    let bytes = value * (1u64 << factor) as f64;
    (bytes < 9e18).then_some(Bytes(bytes as u64))
}

/// The value of a key, whatever quotes it: `id=x`, `"ID":"x"`, `container_id:\"x\"`, `exitCode=137`.
pub(super) fn value<'a>(text: &'a [u8], key: &str) -> Option<&'a [u8]> {
    let mut values = memmem::find_iter(text, key).filter_map(|at| {
        let begins = text[..at].last().is_none_or(|before| !before.is_ascii_alphanumeric() && *before != b'_');
        let after = &text[at + key.len()..];
        let is_mark = |b: &&u8| matches!(b, b'=' | b':' | b'"' | b'\\' | b' ' | b'[');
        let (marks, rest) = after.split_at(after.iter().take_while(is_mark).count());
        let quoted = marks.contains(&b'"');
        let ends = |b: &u8| match b {
            b'"' | b'\\' => true,
            b' ' | b',' | b'}' | b')' | b']' | b'\n' => !quoted,
            _ => false,
        };
        let assigned = marks.contains(&b'=') || marks.contains(&b':');
        if begins && assigned { rest.split(ends).next() } else { None }
    });
    values.next().filter(|value| !value.is_empty())
}

/// A container's id: from 12 to 64 hexadecimal digits.
pub(super) fn id(text: &[u8]) -> Option<String> {
    let digits = text.iter().take_while(|b| b.is_ascii_hexdigit()).count();
    let ends = text.get(digits).is_none_or(|b| !b.is_ascii_alphanumeric());
    ((12..=64).contains(&digits) && ends).then(|| lossy(&text[..digits]))
}

/// The first container id of full length in a text.
pub(super) fn full_id(text: &[u8]) -> Option<String> {
    text.split(|b| !b.is_ascii_alphanumeric()).find(|word| word.len() == 64).and_then(id)
}

pub(super) fn lossy(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_keys_in_every_quoting() {
        assert_eq!(value(br#"msg="x" id=abc namespace=k"#, "id"), Some(&b"abc"[..]));
        assert_eq!(value(br#"{"Pid":12,"ID":"a b"}"#, "ID"), Some(&b"a b"[..]));
        assert_eq!(value(br#"container_id:\"abc\" id:\"d\""#, "container_id"), Some(&b"abc"[..]));
        assert_eq!(value(b"&TaskExit{ContainerID:abc,ExitStatus:137,}", "ExitStatus"), Some(&b"137"[..]));
        assert_eq!(value(br#"{"Pid":12}"#, "ID"), None);
        assert_eq!(value(b"podid x id", "id"), None);
    }

    #[test]
    fn sizes_are_of_1024() {
        assert_eq!(size(b"13.9G memory"), Some(Bytes(14_925_011_353)));
        assert_eq!(size(b" 512 MiB,"), Some(Bytes(512 << 20)));
        assert_eq!(size(b"54Mi."), Some(Bytes(54 << 20)));
        assert_eq!(size(b"900B"), Some(Bytes(900)));
        assert_eq!(size(b"x"), None);
        assert_eq!(percent(b" 62.09%"), Some(Percent::from_hundredths(6209)));
    }
}
