//! `03-30 12:00:01.123  1234  1234 W kernel  : text`: Android's `logcat`, also with a year or zone (`-v year`, `-v UTC`),
//! and `03-30 12:00:01.123 W/kernel  ( 1234): text` (`-v time`).

use super::record::Decoded;
use super::{printk, stamp};
use crate::event::{Origin, Transport};
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::{char, one_of, space0, space1};
use nom::combinator::opt;
use nom::sequence::{delimited, preceded, terminated};
use nom::{IResult, Parser};

pub(super) fn decode(line: &[u8]) -> Option<Decoded<'_>> {
    let (rest, when) = stamp::logcat(line).ok()?;
    let written = &line[..line.len() - rest.len()];
    Some(behind_stamp(rest.strip_prefix(b" ")?)?.wall(written, when))
}

/// Reads what stands behind the stamp and its blank.
pub(super) fn behind_stamp(rest: &[u8]) -> Option<Decoded<'_>> {
    let zone = (one_of("+-"), number, space1);
    let (rest, _) = opt(zone).parse(rest).ok()?;
    let (process, tag, text) = match thread_time(rest).or_else(|_| time(rest)) {
        Ok((text, (process, tag))) => (process, tag, text),
        Err(_) => return None,
    };
    let text = text.strip_prefix(b" ").unwrap_or(text);
    let (text, monotonic, caller) = printk::strip(text);
    let mut decoded = Decoded { monotonic, caller, ..Decoded::new(Transport::Logcat, text) };
    // logd reads the kernel's log as process 0 and takes a first word with a colon for the tag
    decoded.origin = if tag.is_empty() || tag == b"kernel" || process == b"0" { Origin::Unknown } else { Origin::User };
    Some(decoded)
}

/// ` 1234  1234 W kernel  :`: gives process and tag.
fn thread_time(i: &[u8]) -> IResult<&[u8], (&[u8], &[u8])> {
    let (rest, (_, process, _, _, _)) = (space0, number, space1, terminated(number, space1), level).parse(i)?;
    let (rest, tag) = preceded(char(' '), name).parse(rest)?;
    Ok((rest, (process, tag)))
}

/// `W/kernel  ( 1234):`.
fn time(i: &[u8]) -> IResult<&[u8], (&[u8], &[u8])> {
    let tag_word = nom::bytes::complete::take_while_m_n(0, 64, |b: u8| b != b'(' && b != b'\n');
    let process = delimited((char('('), space0), number, tag("):"));
    let (rest, (_, _, tag, process)) = (level, char('/'), tag_word, process).parse(i)?;
    Ok((rest, (process, tag.trim_ascii())))
}

/// A tag, padded, and its colon. The kernel's text has an empty one where its first word was none.
fn name(i: &[u8]) -> IResult<&[u8], &[u8]> {
    let word = nom::bytes::complete::take_while_m_n(0, 64, |b: u8| b != b' ' && b != b':');
    terminated(word, (space0, char(':'))).parse(i)
}

fn level(i: &[u8]) -> IResult<&[u8], char> {
    one_of("VDIWEFS").parse(i)
}

fn number(i: &[u8]) -> IResult<&[u8], &[u8]> {
    take_while1(|b: u8| b.is_ascii_digit()).parse(i)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::iso8601;

    #[test]
    fn kernel_lines_of_each_format() {
        for line in [
            "03-30 12:00:01.123  1234  1234 W kernel  : [   71.146532] x invoked oom-killer",
            "03-30 12:00:01.123     0     0 W kernel  : x invoked oom-killer",
            "03-30 12:00:01.123     0     0 W         : x invoked oom-killer",
            "03-30 12:00:01.123 +0000     0     0 W kernel  : x invoked oom-killer",
            "03-30 12:00:01.123 W/kernel  ( 1234): x invoked oom-killer",
        ] {
            let d = decode(line.as_bytes()).unwrap();
            assert_eq!((&*d.text, d.origin), (&b"x invoked oom-killer"[..], Origin::Unknown), "{line}");
            assert_eq!(d.wall.unwrap().0.as_ref(), b"03-30 12:00:01.123");
        }
        let d = iso8601::decode(b"2024-03-30 12:00:01.123     0     0 W kernel  : x").unwrap();
        assert_eq!((&*d.text, d.transport), (&b"x"[..], Transport::Logcat));
    }

    #[test]
    fn other_tags_are_user_processes() {
        let line = b"10-24 14:24:18.022   710   710 I lowmemorykiller: Kill 'ru.nspk.mirpay' (6673), uid 10565";
        assert_eq!(decode(line).unwrap().origin, Origin::User);
        assert!(decode(b"03-30 12:00:01.123 host kernel: x").is_none());
    }
}
