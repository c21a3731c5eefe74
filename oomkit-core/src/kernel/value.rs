//! Numbers, sizes and `key:value` pairs, which every kernel line is made of; and the combinators of `nom` that read them.

use crate::digits;
use crate::units::Bytes;
use nom::error::{Error, ErrorKind};
pub(super) use nom::{
    IResult, Parser,
    branch::alt,
    bytes::complete::{is_not, tag, take_till, take_till1, take_while, take_while_m_n, take_while1},
    character::complete::{char, digit1, i32, i64, u32, u64},
    combinator::{all_consuming, eof, map, map_opt, not, opt, peek, recognize, rest, success, value, verify},
    multi::{many0, many0_count, many1, many1_count},
    sequence::{delimited, preceded, separated_pair, terminated},
};

/// What every function of this grammar returns.
pub(super) type Read<'a, T> = IResult<&'a [u8], T>;

/// The answer of a rule that `nom` has no combinator for.
pub(super) fn mismatch<T>(i: &[u8]) -> Read<'_, T> {
    Err(nom::Err::Error(Error::new(i, ErrorKind::Verify)))
}

pub(super) fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

pub(super) fn blanks(i: &[u8]) -> Read<'_, &[u8]> {
    take_while(is_blank).parse(i)
}

/// The end of the text; padding and a serial console's CR may be before it.
pub(super) fn end(i: &[u8]) -> Read<'_, ()> {
    value((), (take_while(|b: u8| b.is_ascii_whitespace()), eof)).parse(i)
}

/// `123kB`, and `123KB` of slab and cgroup v1 statistics: both 1024 bytes. Without the unit the number may be cut.
pub(super) fn kib(i: &[u8]) -> Read<'_, Bytes> {
    map(terminated(u64, alt((tag("kB"), tag("KB")))), Bytes::from_kib).parse(i)
}

/// The number at the start of the text, and what follows; `None` without a digit, or beyond `i64`.
#[inline(always)]
pub(super) fn decimal(text: &[u8]) -> (Option<i64>, &[u8]) {
    let (number, count) = digits::leading(text);
    (number.and_then(|number| i64::try_from(number).ok()), text.get(count..).unwrap_or_default())
}

/// What follows the spaces at the start of the text. Tables are padded with many: eight at once.
#[inline]
pub(super) fn after_spaces(text: &[u8]) -> &[u8] {
    const SPACES: u64 = u64::from_le_bytes([b' '; 8]);
    let mut rest = text;
    while let Some((eight, after)) = rest.split_first_chunk::<8>() {
        let spaces = (u64::from_le_bytes(*eight) ^ SPACES).trailing_zeros() / 8;
        if spaces < 8 {
            return rest.get(spaces as usize..).unwrap_or_default();
        }
        rest = after;
    }
    while let [b' ', after @ ..] = rest {
        rest = after;
    }
    rest
}

/// Hexadecimal digits without `0x`, as a number.
pub(super) fn hex(i: &[u8]) -> Read<'_, u64> {
    map_opt(hex_digits(1, 16), |digits| u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()).parse(i)
}

/// From `min` to `max` hexadecimal digits, and no digit after them.
pub(super) fn hex_digits<'a>(
    min: usize,
    max: usize,
) -> impl Parser<&'a [u8], Output = &'a [u8], Error = Error<&'a [u8]>> {
    terminated(take_while_m_n(min, max, |b: u8| b.is_ascii_hexdigit()), not(take_while1(|b: u8| b.is_ascii_hexdigit())))
}

/// A list of NUMA nodes as `%*pbl` prints it: `0`, `0-1`, `0,2-3`. It holds commas, so one that separates the
/// list from the next field is given back.
pub(super) fn node_list(i: &[u8]) -> Read<'_, &[u8]> {
    let (_, run) = take_while1(|b: u8| b.is_ascii_digit() || b == b',' || b == b'-').parse(i)?;
    let length = run.iter().rposition(|&b| b != b',').map_or(0, |last| last + 1);
    match (run.first(), i.split_at_checked(length)) {
        (Some(first), Some((list, rest))) if first.is_ascii_digit() => Ok((rest, list)),
        _ => mismatch(i),
    }
}

/// A node list, or the `(null)` that stands for none.
pub(super) fn nodemask(i: &[u8]) -> Read<'_, Option<&[u8]>> {
    alt((value(None, tag("(null)")), map(node_list, Some))).parse(i)
}

/// The value of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Amount {
    /// With `kB` or `KB`.
    Size(Bytes),
    /// A bare number: pages, a count, or a size whose unit is cut off.
    Plain(u64),
}

/// `free:7280kB`, `isolated(anon):0kB`, `pages_scanned:0`; up to 6.5 the THP counters of a node have a space
/// after the colon (`shmem_thp: 0kB`).
pub(super) fn pair(i: &[u8]) -> Read<'_, (&[u8], Amount)> {
    let (i, key) = key(i)?;
    let (i, _) = (char(':'), opt(char(' '))).parse(i)?;
    let (i, amount) = alt((map(kib, Amount::Size), map(u64, Amount::Plain))).parse(i)?;
    Ok((i, (key, amount)))
}

fn key(i: &[u8]) -> Read<'_, &[u8]> {
    take_while1(|b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'(' | b')')).parse(i)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_needs_its_unit() {
        assert_eq!(kib(b"4kB,").unwrap(), (&b","[..], Bytes(4096)));
        assert_eq!(kib(b"4KB").unwrap().1, Bytes(4096));
        assert!(kib(b"4k").is_err());
        assert!(kib(b"4").is_err());
        assert!(kib(b"99999999999999999999kB").is_err());
    }

    #[test]
    fn decimals() {
        for (text, value, rest) in [
            ("0", Some(0), ""),
            ("0012 x", Some(12), " x"),
            ("999999999999999999]", Some(999_999_999_999_999_999), "]"),
            ("9223372036854775807kB", Some(i64::MAX), "kB"),
            ("9223372036854775808kB", None, "kB"),
            ("x", None, "x"),
            ("", None, ""),
        ] {
            assert_eq!(decimal(text.as_bytes()), (value, rest.as_bytes()), "{text}");
        }
    }

    #[test]
    fn spaces_of_any_number() {
        for spaces in 0..40 {
            for rest in ["", "1", "\t", "!2345678", "\u{a0}  12345678"] {
                let text = format!("{}{rest}", " ".repeat(spaces));
                assert_eq!(after_spaces(text.as_bytes()), rest.as_bytes(), "{text:?}");
            }
        }
    }

    #[test]
    fn node_lists_keep_their_commas_and_give_back_the_separator() {
        for (text, list, rest) in
            [("0", "0", ""), ("0-1 x", "0-1", " x"), ("0,2-3,cpuset=/", "0,2-3", ",cpuset=/"), ("0,", "0", ",")]
        {
            assert_eq!(node_list(text.as_bytes()).unwrap(), (rest.as_bytes(), list.as_bytes()), "{text}");
        }
        assert!(node_list(b",").is_err());
        assert!(node_list(b"(null)").is_err());
        assert_eq!(nodemask(b"(null),").unwrap(), (&b","[..], None));
    }

    #[test]
    fn pairs_of_every_era() {
        for (text, key, amount) in [
            ("free:7280kB", "free", Amount::Size(Bytes::from_kib(7280))),
            ("reserved_highatomic:0KB", "reserved_highatomic", Amount::Size(Bytes(0))),
            ("isolated(anon):1kB", "isolated(anon)", Amount::Size(Bytes(1024))),
            ("anon_thp: 1454080kB", "anon_thp", Amount::Size(Bytes::from_kib(1_454_080))),
            ("pages_scanned:30", "pages_scanned", Amount::Plain(30)),
        ] {
            assert_eq!(pair(text.as_bytes()).unwrap().1, (key.as_bytes(), amount));
        }
        assert!(pair(b"free:").is_err());
    }

    #[test]
    fn hex_is_bounded() {
        assert_eq!(hex(b"1b/").unwrap(), (&b"/"[..], 0x1b));
        assert!(hex(b"11112222333344445").is_err());
        assert!(hex(b"x").is_err());
    }
}
