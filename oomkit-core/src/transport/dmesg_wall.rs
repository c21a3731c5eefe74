//! `dmesg -T`: `[Mon Nov 23 17:13:34 2026] text`, in the C locale and, as far as a clock can be seen in it, in others.

use super::record::{Decoded, Stamp};
use super::{escape, facility, printk, stamp};
use crate::event::Transport;
use nom::Parser;
use nom::character::complete::space0;
use nom::combinator::opt;
use nom::sequence::preceded;

pub(super) fn decode(line: &[u8]) -> Option<Decoded<'_>> {
    let (rest, origin) = facility::strip(line);
    let inside = rest.strip_prefix(b"[")?;
    let end = memchr::memchr(b']', inside).filter(|end| *end < 80)?;
    let (text, rest) = (&inside[..end], &inside[end + 1..]);
    let written = step_removed(text);
    let stamp = match stamp::ctime(written) {
        Ok(([], stamp)) => stamp,
        // a localised stamp has its own order, names and punctuation: its text is kept
        _ if has_clock(written) => stamp::numbered_month(written).unwrap_or(Stamp::Opaque),
        _ => return None,
    };
    let (rest, caller) = opt(preceded(space0, printk::caller)).parse(rest).ok()?;
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let text = escape::dmesg(rest);
    Some(Decoded { text, caller, origin, ..Decoded::new(Transport::DmesgWall, rest).wall(written, stamp) })
}

/// `-T -d` adds the step since the last line: `[Mon Nov 23 17:13:34 2026 <    0.000437>]`.
fn step_removed(text: &[u8]) -> &[u8] {
    match memchr::memmem::find(text, b" <") {
        Some(at) if text.ends_with(b">") => &text[..at],
        _ => text,
    }
}

/// `\d\d[:.]\d\d[:.]\d\d` somewhere in a bracket that is no kernel clock.
fn has_clock(text: &[u8]) -> bool {
    let two = |w: &[u8]| w[0].is_ascii_digit() && w[1].is_ascii_digit();
    let sep = |b: u8| b == b':' || b == b'.';
    text.windows(8).any(|w| two(w) && sep(w[2]) && two(&w[3..]) && w[5] == w[2] && two(&w[6..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn read(line: &str) -> Option<(String, String, Stamp)> {
        decode(line.as_bytes()).map(|d| {
            let (text, stamp) = d.wall.unwrap();
            let lossy = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
            (lossy(&d.text), lossy(&text), stamp)
        })
    }

    fn local(h: u32, m: u32, s: u32) -> Stamp {
        Stamp::Local(NaiveDate::from_ymd_opt(2026, 11, 23).unwrap().and_hms_opt(h, m, s).unwrap())
    }

    #[test]
    fn ctime_in_brackets() {
        let stamp = "Mon Nov 23 17:13:34 2026";
        let expected = |text: &str| Some((text.to_owned(), stamp.to_owned(), local(17, 13, 34)));
        assert_eq!(read(&format!("[{stamp}]  <TASK>")), expected(" <TASK>"));
        assert_eq!(read(&format!("kern  :warn  : [{stamp}] x")), expected("x"));
        assert_eq!(read(&format!("[{stamp} <    0.000437>] x")), expected("x"));
        assert_eq!(read(&format!("[{stamp}] [ T123] x")), expected("x"));
    }

    #[test]
    fn a_localised_clock_keeps_its_text() {
        for stamp in [
            "Sa, 11. Sep 2021, 12:24:42",
            "So 11. září 12:24:42 2021",
            "so 11. zář 2021 12:24:42",
            "sam. 11 sept. 12:24:42 2021",
            "lör 11 sep 2021 12.24.42",
            "суб. 11. сеп. 2021. 12:24:42",
            "السبت 11 سبتمبر 2021 12:24:42",
            "2021 წლის 11 სექ, 12:24:42 CEST",
            "Сб сен 11 12:24:42 2021",
        ] {
            assert_eq!(read(&format!("[{stamp}] x")), Some(("x".into(), stamp.into(), Stamp::Opaque)));
        }
        assert_eq!(read("[   71.146532] x"), None);
        assert_eq!(read("[  115]  1000   115 17:13:34"), None);
    }

    #[test]
    fn a_localised_clock_with_a_numbered_month_is_a_date() {
        let at = |year| NaiveDate::from_ymd_opt(year, 9, 11).unwrap().and_hms_opt(12, 24, 42).unwrap();
        for stamp in ["9月11日(土) 12:24:42 2021", "六 9月 11 12:24:42 2021"] {
            assert_eq!(read(&format!("[{stamp}] x")), Some(("x".into(), stamp.into(), Stamp::Local(at(2021)))));
        }
        let korean = " 9월 11일 (토) 12:24:42";
        assert_eq!(read(&format!("[{korean}] x")), Some(("x".into(), korean.into(), Stamp::Yearless(at(1972)))));
    }
}
