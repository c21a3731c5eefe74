//! Marks of lines that are gone: the kernel's own, and those of the programs that collect its log.

use super::message::Message;
use super::value::Read;
use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::character::complete::u64;
use nom::combinator::{map, opt};
use nom::sequence::{delimited, preceded, terminated};

/// `** 13 printk messages dropped **`: a console was too slow, or the ring was overwritten.
pub(super) fn dropped(i: &[u8]) -> Read<'_, Message<'_>> {
    let count = delimited(tag("** "), u64, tag(" printk messages dropped **"));
    map(terminated(count, opt(tag(" "))), |count| Message::Lost { count, by: "the console" }).parse(i)
}

/// What rsyslog and journald say of kernel lines they lost: `imjournal: 12 messages lost due to rate-limiting`,
/// `Missed 24 kernel messages`. What they lost of programs' lines does not matter here.
pub(crate) fn collector(text: &[u8]) -> Option<(u64, &'static str)> {
    let imjournal =
        map(delimited(tag("imjournal: "), u64, tag(" messages lost due to rate-limiting")), |count| (count, "rsyslog"));
    let journald = map(delimited(tag("Missed "), u64, tag(" kernel messages")), |count| (count, "journald"));
    let tagged = opt(tag::<_, _, nom::error::Error<&[u8]>>("rsyslogd: "));
    preceded(tagged, alt((imjournal, journald))).parse(text).ok().map(|(_, found)| found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_mark_and_the_collectors() {
        let printk = dropped(b"** 13 printk messages dropped **").unwrap();
        assert_eq!(printk, (&b""[..], Message::Lost { count: 13, by: "the console" }));
        assert_eq!(dropped(b"** 5 printk messages dropped ** [   12.000000] x").unwrap().0, b"[   12.000000] x");
        let rsyslog = b"imjournal: 18 messages lost due to rate-limiting (20000 allowed within 600 seconds)";
        assert_eq!(collector(rsyslog), Some((18, "rsyslog")));
        assert_eq!(collector(b"Missed 24 kernel messages"), Some((24, "journald")));
        assert_eq!(collector(b"imuxsock lost 419 messages from pid 3287 due to rate-limiting"), None);
    }
}
