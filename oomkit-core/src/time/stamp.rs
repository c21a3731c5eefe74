//! Timestamps of every log format, as `nom` parsers on bytes.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};
use nom::branch::alt;
use nom::bytes::complete::{tag, take, take_while_m_n, take_while1};
use nom::character::complete::{char, one_of, space1};
use nom::combinator::{map_opt, opt, recognize, value, verify};
use nom::sequence::{preceded, terminated};
use nom::{IResult, Parser};

/// A wall clock timestamp, as far as it is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stamp {
    /// With its offset from UTC.
    Absolute(DateTime<FixedOffset>),
    /// Local time of the machine that wrote it.
    Local(NaiveDateTime),
    /// Without a year: the date is in 1972, a leap year.
    Yearless(NaiveDateTime),
    /// Not understood; its text is kept.
    Opaque,
}

/// The leap year that stands for "no year", so that 29 February is a date.
pub(crate) const NO_YEAR: i32 = 1972;

/// The number that a text is.
pub(crate) fn parse<T: std::str::FromStr>(digits: &[u8]) -> Option<T> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

pub(crate) fn number<T: std::str::FromStr>(i: &[u8]) -> IResult<&[u8], T> {
    map_opt(take_while1(|b: u8| b.is_ascii_digit()), parse).parse(i)
}

fn digits(n: usize) -> impl Fn(&[u8]) -> IResult<&[u8], u32> {
    move |i| map_opt(take_while_m_n(n, n, |b: u8| b.is_ascii_digit()), parse).parse(i)
}

/// Digits after the second's point or comma, as nanoseconds.
fn fraction(i: &[u8]) -> IResult<&[u8], u32> {
    map_opt(take_while_m_n(1, 9, |b: u8| b.is_ascii_digit()), |d: &[u8]| {
        parse::<u32>(d)?.checked_mul(10u32.pow(9 - d.len() as u32))
    })
    .parse(i)
}

/// `12:24:42`, with a fraction after one of `points` where there is one.
fn clock<'a>(points: &'static str) -> impl Parser<&'a [u8], Output = NaiveTime, Error = nom::error::Error<&'a [u8]>> {
    map_opt(
        (digits(2), char(':'), digits(2), char(':'), digits(2), opt(preceded(one_of(points), fraction))),
        |(h, _, m, _, s, nanos)| {
            // a leap second is written :60; chrono wants it as second 59 with a full extra second
            let (s, extra) = if s == 60 { (59, 1_000_000_000) } else { (s, 0) };
            NaiveTime::from_hms_nano_opt(h, m, s, nanos.unwrap_or(0) + extra)
        },
    )
}

fn month(i: &[u8]) -> IResult<&[u8], u32> {
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    map_opt(take(3usize), |name: &[u8]| (1..).zip(NAMES).find(|(_, n)| n.as_bytes() == name).map(|(i, _)| i)).parse(i)
}

fn weekday(i: &[u8]) -> IResult<&[u8], &[u8]> {
    verify(take(3usize), |w: &[u8]| ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].iter().any(|d| d.as_bytes() == w))
        .parse(i)
}

fn day(i: &[u8]) -> IResult<&[u8], u32> {
    verify(number::<u32>, |d| (1..=31).contains(d)).parse(i)
}

fn year(i: &[u8]) -> IResult<&[u8], i32> {
    map_opt(digits(4), |y| i32::try_from(y).ok()).parse(i)
}

/// Local time, with the year if there is one.
fn local(year: Option<i32>, month: u32, day: u32, time: NaiveTime) -> Option<Stamp> {
    let when = NaiveDate::from_ymd_opt(year.unwrap_or(NO_YEAR), month, day)?.and_time(time);
    Some(if year.is_some() { Stamp::Local(when) } else { Stamp::Yearless(when) })
}

/// `Mar 30 12:00:01`, `Mar  3 12:00:01.123456`: syslog and journalctl's short form; with a year where a syslog daemon
/// is configured to write one: `Mar 30 2024 12:00:01`.
pub(crate) fn syslog(i: &[u8]) -> IResult<&[u8], Stamp> {
    if let Some(found) = usual(i) {
        return Ok(found);
    }
    map_opt((month, space1, day, space1, opt(terminated(year, space1)), clock(".")), |(m, _, d, _, y, t)| {
        local(y, m, d, t)
    })
    .parse(i)
}

/// The 15 bytes that nearly every line of a syslog file begins with, without `nom`: `Mar 30 12:00:01 `.
fn usual(i: &[u8]) -> Option<(&[u8], Stamp)> {
    let (stamp, rest) = i.split_first_chunk::<15>()?;
    let two = |at: usize| {
        let (tens, ones) = (stamp[at].wrapping_sub(b'0'), stamp[at + 1].wrapping_sub(b'0'));
        (tens < 10 && ones < 10).then(|| u32::from(tens) * 10 + u32::from(ones))
    };
    let marks = [stamp[3], stamp[6], stamp[9], stamp[12], *rest.first()?];
    if marks != *b"  :: " {
        return None;
    }
    let (_, month) = month(&stamp[..3]).ok()?;
    let day = if stamp[4] == b' ' { u32::from(stamp[5].checked_sub(b'0').filter(|d| *d < 10)?) } else { two(4)? };
    let time = NaiveTime::from_hms_opt(two(7)?, two(10)?, two(13)?)?;
    Some((rest, local(None, month, day, time)?))
}

/// `2024 Mar 30 12:00:01`: syslog-ng.
pub(crate) fn syslog_ng(i: &[u8]) -> IResult<&[u8], Stamp> {
    map_opt((year, char(' '), month, space1, day, space1, clock(".")), |(y, _, m, _, d, _, t)| local(Some(y), m, d, t))
        .parse(i)
}

/// `03-30 12:00:01.123`: Android's logcat.
pub(crate) fn logcat(i: &[u8]) -> IResult<&[u8], Stamp> {
    map_opt((digits(2), char('-'), digits(2), char(' '), clock(".")), |(m, _, d, _, t)| local(None, m, d, t)).parse(i)
}

/// The date of `dmesg -T` where a locale writes the month as a number: `9月11日(土) 12:24:42 2021` (ja),
/// `六 9月 11 12:24:42 2021` (zh), `9월 11일 (토) 12:24:42` (ko, which has no year).
pub(crate) fn numbered_month(text: &[u8]) -> Option<Stamp> {
    let text = std::str::from_utf8(text).ok()?;
    let at = text.find(['月', '월'])?;
    let before = text[..at].trim_end_matches(|c: char| c.is_ascii_digit());
    let month = text[before.len()..at].parse().ok()?;
    let rest = text[at..].trim_start_matches(['月', '월', ' ']);
    let (rest, day) = day(rest.as_bytes()).ok()?;
    let colon = text.len() - rest.len() + memchr::memchr(b':', rest)?;
    let (rest, time) = clock(".").parse(text.as_bytes().get(colon.checked_sub(2)?..)?).ok()?;
    match opt(preceded(char(' '), year)).parse(rest) {
        Ok(([], year)) => local(year, month, day, time),
        _ => None,
    }
}

/// `Mon Nov 23 17:13:34 2026`: ctime, as `dmesg -T` writes it in the C locale.
pub(crate) fn ctime(i: &[u8]) -> IResult<&[u8], Stamp> {
    map_opt((weekday, space1, month, space1, day, space1, clock("."), space1, year), |(_, _, m, _, d, _, t, _, y)| {
        local(Some(y), m, d, t)
    })
    .parse(i)
}

/// `2024-03-30T12:00:01.123456+01:00`, with `,` before the fraction in dmesg, a blank for `T` in some exports, and an
/// offset with or without colon, or none.
pub(crate) fn iso(i: &[u8]) -> IResult<&[u8], Stamp> {
    let (rest, (when, zone)) = (naive_iso, opt(offset_or_z)).parse(i)?;
    Ok((rest, zone.map_or(Stamp::Local(when), |zone| at(when, zone))))
}

/// `Sat 2024-03-30 12:00:01.123456 CET`: journalctl's own. Only `UTC` is an offset one can know.
pub(crate) fn journal_full(i: &[u8]) -> IResult<&[u8], Stamp> {
    let zone = take_while1(|b: u8| b.is_ascii_alphanumeric() || b"+-:/_".contains(&b));
    let (rest, (_, _, when, _, zone)) = (weekday, space1, naive_iso, space1, zone).parse(i)?;
    let stamp = match zone {
        b"UTC" | b"GMT" => FixedOffset::east_opt(0).map_or(Stamp::Local(when), |zone| at(when, zone)),
        // `+0330`: zones without a name
        named => offset(named).map_or(Stamp::Local(when), |zone| at(when, zone)),
    };
    Ok((rest, stamp))
}

fn naive_iso(i: &[u8]) -> IResult<&[u8], NaiveDateTime> {
    map_opt((year, char('-'), digits(2), char('-'), digits(2), one_of("T "), clock(".,")), |(y, _, m, _, d, _, t)| {
        Some(NaiveDate::from_ymd_opt(y, m, d)?.and_time(t))
    })
    .parse(i)
}

fn at(when: NaiveDateTime, zone: FixedOffset) -> Stamp {
    when.and_local_timezone(zone).single().map_or(Stamp::Local(when), Stamp::Absolute)
}

fn offset_or_z(i: &[u8]) -> IResult<&[u8], FixedOffset> {
    let utc = map_opt(tag("Z"), |_| FixedOffset::east_opt(0));
    let numeric = map_opt(
        (alt((value(1, char('+')), value(-1, char('-')))), digits(2), opt(char(':')), digits(2)),
        |(sign, h, _, m)| FixedOffset::east_opt(sign * i32::try_from(h * 3600 + m * 60).ok()?),
    );
    alt((utc, numeric)).parse(i)
}

/// A UTC offset on its own: `+01:00`, `-0530`, `Z`.
pub(crate) fn offset(text: &[u8]) -> Option<FixedOffset> {
    match offset_or_z(text) {
        Ok(([], offset)) => Some(offset),
        _ => None,
    }
}

/// `1795454015.607686`, `1711796401`: seconds since the epoch.
pub(crate) fn unix(i: &[u8]) -> IResult<&[u8], Stamp> {
    // ten digits: 2001 to 2286; fewer would be any number
    let seconds = verify(recognize(number::<i64>), |d: &[u8]| d.len() == 10);
    map_opt((seconds, opt(preceded(char('.'), fraction))), |(seconds, nanos): (&[u8], Option<u32>)| {
        Some(Stamp::Absolute(DateTime::from_timestamp(parse(seconds)?, nanos.unwrap_or(0))?.fixed_offset()))
    })
    .parse(i)
}

/// Time since the epoch in a unit its length tells: seconds, milli-, micro- or nanoseconds.
fn epoch(text: &[u8]) -> Option<Stamp> {
    if let Ok(([], stamp)) = unix(text) {
        return Some(stamp);
    }
    let value: i64 = parse(text)?;
    let when = match text.len() {
        13 => DateTime::from_timestamp_millis(value)?,
        16 => DateTime::from_timestamp_micros(value)?,
        19 => DateTime::from_timestamp_nanos(value),
        _ => return None,
    };
    Some(Stamp::Absolute(when.fixed_offset()))
}

/// Microseconds since the epoch, as the journal's `__REALTIME_TIMESTAMP` gives them.
pub(crate) fn micros(text: &[u8]) -> Option<Stamp> {
    Some(Stamp::Absolute(DateTime::from_timestamp_micros(parse(text)?)?.fixed_offset()))
}

/// A stamp in any spelling that a field of its own is written in.
pub(crate) fn any(text: &[u8]) -> Option<Stamp> {
    let spelt = alt((iso, syslog, ctime));
    terminated(spelt, nom::combinator::eof).parse(text).ok().map(|(_, stamp)| stamp).or_else(|| epoch(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naive(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").unwrap()
    }

    fn absolute(text: &str) -> Stamp {
        Stamp::Absolute(DateTime::parse_from_rfc3339(text).unwrap())
    }

    #[test]
    fn syslog_stamps_have_no_year() {
        let read = |t: &'static str| syslog(t.as_bytes()).map(|(rest, stamp)| (rest.len(), stamp)).ok();
        assert_eq!(read("Mar 30 12:00:01 host"), Some((5, Stamp::Yearless(naive("1972-03-30 12:00:01")))));
        assert_eq!(read("Mar  3 12:00:01.25"), Some((0, Stamp::Yearless(naive("1972-03-03 12:00:01.25")))));
        assert_eq!(read("Feb 29 23:59:60"), Some((0, Stamp::Yearless(naive("1972-02-29 23:59:60")))));
        assert_eq!(read("Mar 30 2024 12:00:01 h"), Some((2, Stamp::Local(naive("2024-03-30 12:00:01")))));
        assert_eq!(read("Mar 30 12:00:01 2024 x"), Some((7, Stamp::Yearless(naive("1972-03-30 12:00:01")))));
        for text in
            ["Mar 32 12:00:01", "Mar 32 12:00:01 h", "Mar 30 24:00:01 h", "Mar  0 12:00:01 h", "Mar 3: 12:00:01 h"]
        {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read("Foo 3 12:00:01"), None);
    }

    #[test]
    fn ctime_is_local_time() {
        let (rest, stamp) = ctime(b"Thu Jan  1 00:59:54 2026").unwrap();
        assert_eq!((rest, stamp), (&b""[..], Stamp::Local(naive("2026-01-01 00:59:54"))));
    }

    #[test]
    fn iso_stamps_in_every_spelling() {
        for (text, stamp) in [
            ("2024-03-30T12:00:01.123456+01:00", absolute("2024-03-30T12:00:01.123456+01:00")),
            ("2013-06-13T22:11:00,123456+01:00", absolute("2013-06-13T22:11:00.123456+01:00")),
            ("2026-11-23T17:13:35+0000", absolute("2026-11-23T17:13:35+00:00")),
            ("2026-11-23T17:13:35Z", absolute("2026-11-23T17:13:35Z")),
            ("2026-11-23 17:13:35", Stamp::Local(naive("2026-11-23 17:13:35"))),
        ] {
            assert_eq!(any(text.as_bytes()), Some(stamp), "{text}");
        }
        assert_eq!(any(b"2026-13-23T17:13:35Z"), None);
    }

    #[test]
    fn only_zones_one_can_know_become_offsets() {
        let read = |t: &'static str| journal_full(t.as_bytes()).unwrap().1;
        assert_eq!(read("Mon 2026-11-23 17:13:35 UTC host"), absolute("2026-11-23T17:13:35Z"));
        assert_eq!(read("Sat 2024-03-30 12:00:01.5 CET h"), Stamp::Local(naive("2024-03-30 12:00:01.5")));
        assert_eq!(read("Sat 2024-03-30 12:00:01 +0330 h"), absolute("2024-03-30T12:00:01+03:30"));
    }

    #[test]
    fn epochs() {
        assert_eq!(unix(b"1795454015.607686 h").unwrap().1, absolute("2026-11-23T17:13:35.607686Z"));
        assert!(unix(b"17.607686 h").is_err());
        assert_eq!(micros(b"1795454015607686"), Some(absolute("2026-11-23T17:13:35.607686Z")));
        assert_eq!(micros(b"x"), None);
        for text in ["1795454015", "1795454015.000", "1795454015000", "1795454015000000", "1795454015000000000"] {
            assert_eq!(any(text.as_bytes()), Some(absolute("2026-11-23T17:13:35Z")), "{text}");
        }
        assert_eq!(any(b"99999999999999999999999"), None);
        assert_eq!(any(b"17"), None);
    }
}
