//! Android's `logcat`: `03-30 12:00:01.123  1234  1234 W kernel  : text` (`-v threadtime`), the stamp also with a year or
//! zone (`-v year`, `-v UTC`), in seconds since 1970 (`-v epoch`) or since boot (`-v monotonic`), and the user's name
//! before the process (`-v uid`); and its older forms, `-v time`, `brief`, `tag`, `process` and `thread`.

use super::record::{Decoded, Stamp};
use super::stamp;
use crate::event::{Monotonic, Origin, Transport};
use chrono::DateTime;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while_m_n, take_while1};
use nom::character::complete::{char, one_of, space0, space1};
use nom::combinator::{opt, recognize};
use nom::sequence::{delimited, preceded, terminated};
use nom::{IResult, Parser};

/// Seconds from here on are since 1970 (1973), not since boot.
const EPOCH: u64 = 100_000_000;

/// Lines with a stamp.
pub(super) fn decode(line: &[u8]) -> Option<Decoded<'_>> {
    let (rest, when) = match stamp::logcat(line) {
        Ok((rest, when)) => (rest, When::Wall(when)),
        Err(_) => seconds(line)?,
    };
    let written = &line[..line.len() - rest.len()];
    let decoded = after_stamp(rest.strip_prefix(b" ")?)?;
    Some(match when {
        When::Wall(when) => decoded.wall(written, when),
        // the kernel's own stamp in the text is the better one
        When::Boot(when) => Decoded { monotonic: decoded.monotonic.or(Some(when)), ..decoded },
    })
}

enum When {
    Wall(Stamp),
    Boot(Monotonic),
}

/// `1711796401.123`, `71.146`.
fn seconds(i: &[u8]) -> Option<(&[u8], When)> {
    let fraction = take_while_m_n(3, 9, |b: u8| b.is_ascii_digit());
    let (rest, (whole, _, fraction)) = (number, char('.'), fraction).parse(i).ok()?;
    let whole: u64 = stamp::parse(whole)?;
    let nanos = stamp::parse::<u32>(fraction)? * 10_u32.pow(9 - u32::try_from(fraction.len()).ok()?);
    if whole >= EPOCH {
        let when = DateTime::from_timestamp(whole.try_into().ok()?, nanos)?.fixed_offset();
        return Some((rest, When::Wall(Stamp::Absolute(when))));
    }
    Some((rest, When::Boot(Monotonic::from_micros(whole * 1_000_000 + u64::from(nanos / 1000)))))
}

/// Reads what follows the stamp and its blank.
pub(super) fn after_stamp(rest: &[u8]) -> Option<Decoded<'_>> {
    let zone = (one_of("+-"), number, space1);
    let (rest, _) = opt(zone).parse(rest).ok()?;
    let (text, (process, tag)) = thread_time(rest).or_else(|_| brief(rest)).ok()?;
    Some(said(process, tag, text))
}

/// Lines without a stamp: `W/kernel  ( 1234): text`, `W/kernel  : text`, `W( 1234) text  (kernel)`,
/// `W( 1234: 1234) text`.
pub(super) fn unstamped(line: &[u8]) -> Option<Decoded<'_>> {
    if !matches!(line, [b'V' | b'D' | b'I' | b'W' | b'E' | b'F' | b'S', b'/' | b'(', ..]) {
        return None;
    }
    if let Ok((text, (process, tag))) = brief(line) {
        return Some(said(process, tag, text));
    }
    // any text may look like it: only the kernel's own lines are read
    let only_tag = (level, char('/'), tag::<_, _, nom::error::Error<&[u8]>>("kernel"), space0, char(':'));
    if let Ok((text, _)) = recognize(only_tag).parse(line) {
        return Some(said(b"", b"kernel", text));
    }
    let (rest, (process, thread)) = process(line).ok()?;
    let text = rest.strip_prefix(b" ")?;
    if thread.is_some() {
        return Some(said(process, b"?", text));
    }
    let at = memchr::memmem::rfind(text, b"  (")?;
    let tag = text[at + 3..].strip_suffix(b")")?;
    Some(said(process, tag, &text[..at]))
}

fn said<'a>(process: &'a [u8], tag: &'a [u8], text: &'a [u8]) -> Decoded<'a> {
    let decoded = Decoded::without_printk_prefix(Transport::Logcat, text.strip_prefix(b" ").unwrap_or(text));
    // logd reads the kernel's log as process 0, with a first word that ends in a colon as the tag
    if tag.is_empty() || tag == b"kernel" || process == b"0" {
        return decoded;
    }
    Decoded { origin: Origin::User, program: (tag != b"?").then(|| tag.into()), ..decoded }
}

/// ` 1234  1234 W kernel  :`, and with `-v uid` ` root  1234  1234 W kernel  :`: gives process and tag.
fn thread_time(i: &[u8]) -> IResult<&[u8], (&[u8], &[u8])> {
    let numbers = || (terminated(number, space1), terminated(number, space1), level);
    let plain = numbers().map(|(process, _, _)| process);
    let with_user = (user, space1, numbers()).map(|(_, _, (process, _, _))| process);
    let (rest, process) = preceded(space0, alt((plain, with_user))).parse(i)?;
    let (rest, tag) = preceded(char(' '), name).parse(rest)?;
    Ok((rest, (process, tag)))
}

/// `W/kernel  ( 1234):`, and with `-v uid` `W/kernel  (root: 1234):`.
fn brief(i: &[u8]) -> IResult<&[u8], (&[u8], &[u8])> {
    let tag_word = take_while_m_n(0, 64, |b: u8| b != b'(' && b != b'\n');
    let process = delimited((char('('), space0, opt(terminated(user, char(':'))), space0), number, tag("):"));
    let (rest, (_, _, tag, process)) = (level, char('/'), tag_word, process).parse(i)?;
    Ok((rest, (process, tag.trim_ascii())))
}

/// `W( 1234)`, `W( 1234: 1234)`.
fn process(i: &[u8]) -> IResult<&[u8], (&[u8], Option<&[u8]>)> {
    let thread = opt(preceded((char(':'), space0), number));
    preceded(level, delimited((char('('), space0), (number, thread), char(')'))).parse(i)
}

/// A tag, padded, and its colon. The kernel's text has an empty one where its first word was none.
fn name(i: &[u8]) -> IResult<&[u8], &[u8]> {
    let word = take_while_m_n(0, 64, |b: u8| b != b' ' && b != b':');
    terminated(word, (space0, char(':'))).parse(i)
}

fn user(i: &[u8]) -> IResult<&[u8], &[u8]> {
    take_while1(|b: u8| b.is_ascii_alphanumeric() || b == b'_').parse(i)
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
    fn every_form_of_logcat() {
        for (line, wall, seconds) in [
            ("1711796401.123     0     0 W kernel  : x invoked", Some("1711796401.123"), None),
            ("71.146     0     0 W kernel  : x invoked", None, Some(71.146)),
            ("71.146532  1234  1234 W kernel  : [   71.150000] x invoked", None, Some(71.15)),
            ("03-30 12:00:01.123 root     0     0 W kernel  : x invoked", Some("03-30 12:00:01.123"), None),
            ("03-30 12:00:01.123  1000  1234  1234 W kernel  : x invoked", Some("03-30 12:00:01.123"), None),
            ("03-30 12:00:01.123 W/kernel  (root: 1234): x invoked", Some("03-30 12:00:01.123"), None),
        ] {
            let d = decode(line.as_bytes()).unwrap();
            assert_eq!((&*d.text, &d.origin), (&b"x invoked"[..], &Origin::Unknown), "{line}");
            assert_eq!(d.wall.as_ref().map(|w| &*w.0), wall.map(str::as_bytes), "{line}");
            assert_eq!(d.monotonic.map(|m| m.as_secs_f64()), seconds, "{line}");
        }
        for line in [
            "W/kernel  ( 1234): x invoked",
            "W/kernel  (root: 1234): x invoked",
            "W/kernel  : x invoked",
            "W( 1234) x invoked  (kernel)",
            "W(    0:    0) x invoked",
        ] {
            let d = unstamped(line.as_bytes()).unwrap();
            assert_eq!((&*d.text, d.origin), (&b"x invoked"[..], Origin::Unknown), "{line}");
        }
        for line in ["I/lmkd    (  710): Kill 'a' (1)", "I(  710) Kill 'a' (1)  (lmkd)", "I(  710:  711) x invoked"] {
            assert_eq!(unstamped(line.as_bytes()).unwrap().origin, Origin::User, "{line}");
        }
        for line in ["I/O error on device", "W/other   : x", "E(x) y", "D 1234 x"] {
            assert!(unstamped(line.as_bytes()).is_none(), "{line}");
        }
        assert!(decode(b"71.146 seconds have passed").is_none());
    }

    #[test]
    fn other_tags_are_user_processes() {
        let line = b"10-24 14:24:18.022   710   710 I lowmemorykiller: Kill 'ru.nspk.mirpay' (6673), uid 10565";
        assert_eq!(decode(line).unwrap().origin, Origin::User);
        assert!(decode(b"03-30 12:00:01.123 host kernel: x").is_none());
    }
}
