//! Facility and level in words: `kern  :warn  : ` of `dmesg -x`, `kern.warn` of busybox syslogd.

use crate::event::Origin;
use nom::bytes::complete::take_while_m_n;
use nom::character::complete::{char, space0};
use nom::sequence::terminated;
use nom::{IResult, Parser};

const FACILITIES: [&str; 20] = [
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "local0",
    "local1", "local2", "local3", "local4", "local5", "local6", "local7",
];
const LEVELS: [&str; 11] =
    ["emerg", "alert", "crit", "err", "error", "warn", "warning", "notice", "info", "debug", "panic"];

/// The facility of `kern  :warn  : `, as `dmesg -x` pads it, or of `kern:    warn: `, as Talos does; and what follows.
pub(super) fn split(line: &[u8]) -> Option<(&[u8], &'static str)> {
    let (rest, (facility, level)) = (word, word).parse(line).ok()?;
    known(&LEVELS, level)?;
    Some((rest, known(&FACILITIES, facility)?))
}

fn word(i: &[u8]) -> IResult<&[u8], &[u8]> {
    terminated(take_while_m_n(3, 8, |b: u8| b.is_ascii_alphanumeric()), (space0, char(':'), space0)).parse(i)
}

/// A line without its facility, if it has one, and who wrote the line as far as the facility proves it.
pub(super) fn strip(line: &[u8]) -> (&[u8], Origin) {
    split(line).map_or((line, Origin::Unknown), |(rest, facility)| (rest, origin(facility)))
}

/// The facility of `kern.warn`.
pub(super) fn dotted(word: &[u8]) -> Option<&'static str> {
    let dot = memchr::memchr(b'.', word)?;
    known(&LEVELS, &word[dot + 1..])?;
    known(&FACILITIES, &word[..dot])
}

/// Whether a word of a shipper's is a facility that the kernel does not have.
pub(super) fn is_other(word: &str) -> bool {
    match word.parse::<u32>() {
        Ok(number) => number != 0,
        Err(_) => word != "kern" && FACILITIES.contains(&word),
    }
}

/// User processes cannot write with facility `kern`; the kernel writes with no other.
pub(super) fn origin(facility: &str) -> Origin {
    if facility == "kern" { Origin::Kernel } else { Origin::User }
}

/// The same for the number in `<N>` and `/dev/kmsg`: facility × 8 + level.
pub(super) fn origin_of_priority(priority: u32) -> Origin {
    if priority < 8 { Origin::Kernel } else { Origin::User }
}

fn known(words: &[&'static str], word: &[u8]) -> Option<&'static str> {
    words.iter().find(|w| w.as_bytes() == word).copied()
}
