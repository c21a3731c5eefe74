//! The kernel's own prefix: `<4>[   71.146532][ T9694] text`, each part optional, each stripped at most once.

use super::record::Caller;
use super::stamp::number;
use crate::digits;
use crate::event::Monotonic;
use nom::bytes::complete::tag;
use nom::character::complete::{char, one_of, space0};
use nom::combinator::{map, opt, verify};
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

/// `[   71.146532]`. The kernel pads the seconds to five places (`[%5lu.%06lu]`), but some collectors squeeze blanks.
pub(super) fn uptime(i: &[u8]) -> IResult<&[u8], Monotonic> {
    delimited(char('['), clock, char(']')).parse(i)
}

/// The inside of an uptime bracket: `   71.146532`.
pub(super) fn clock(i: &[u8]) -> IResult<&[u8], Monotonic> {
    split_clock(i).ok_or(nom::Err::Error(nom::error::Error::new(i, nom::error::ErrorKind::Digit)))
}

/// Without `nom`: nearly every line of a kernel has a clock.
fn split_clock(i: &[u8]) -> Option<(&[u8], Monotonic)> {
    let mut rest = i;
    while let [b' ' | b'\t', after @ ..] = rest {
        rest = after;
    }
    let (seconds, count) = digits::leading(rest);
    let seconds = seconds.filter(|_| count <= MOST_SECONDS)?;
    let micros = rest.get(count..)?.strip_prefix(b".")?;
    Some((micros.get(6..)?, Monotonic::from_micros(seconds * 1_000_000 + digits::six(micros)?)))
}

/// Digits of the seconds: the kernel counts nanoseconds in 64 bits, and so has at most 11.
const MOST_SECONDS: usize = 12;

/// `[ T9694]` or `[C0]`: the kernel writes it against the timestamp, newer util-linux after a blank.
pub(super) fn caller(i: &[u8]) -> IResult<&[u8], Caller> {
    delimited((char('['), space0), caller_id, char(']')).parse(i)
}

/// `T9694` or `C0`.
pub(super) fn caller_id(i: &[u8]) -> IResult<&[u8], Caller> {
    let who = |(kind, id)| if kind == 'T' { Caller::Task(id) } else { Caller::Cpu(id) };
    map((one_of("TC"), number::<u32>), who).parse(i)
}

/// `<4>`: facility × 8 + level, as in dmesg -r and the syslog(2) buffer.
pub(super) fn priority(i: &[u8]) -> IResult<&[u8], u32> {
    delimited(tag("<"), verify(number::<u32>, |p| *p < 192), tag(">")).parse(i)
}

/// Strips timestamp and caller from kernel text after another prefix. Returns the text unchanged where there is no
/// timestamp.
pub(super) fn strip(text: &[u8]) -> (&[u8], Option<Monotonic>, Option<Caller>) {
    let uptime = text.strip_prefix(b"[").and_then(split_clock);
    let Some((rest, when)) = uptime.and_then(|(rest, when)| Some((rest.strip_prefix(b"]")?, when))) else {
        return (text, None, None);
    };
    let (rest, who) = split_caller(rest);
    (rest, Some(when), who)
}

/// The text and its caller, after a timestamp's `]`.
fn split_caller(rest: &[u8]) -> (&[u8], Option<Caller>) {
    if let [b' ', next, ..] = rest
        && *next != b'['
    {
        return (&rest[1..], None);
    }
    let bracketed = rest.strip_prefix(b" ").unwrap_or(rest).strip_prefix(b"[").map(<[u8]>::trim_ascii_start);
    // a row of the task table has a number there
    let (rest, who) = match bracketed {
        Some([b'T' | b'C', ..]) => opt(preceded(opt(char(' ')), caller)).parse(rest).unwrap_or((rest, None)),
        _ => (rest, None),
    };
    (rest.strip_prefix(b" ").unwrap_or(rest), who)
}

/// The part of a timestamp that lines of the same second share, with what is before it: `… kernel: [   71.`.
#[derive(Debug, Default)]
pub(super) struct Second {
    /// Empty where none is known.
    start: Vec<u8>,
    micros: u64,
}

impl Second {
    /// Remembers the second of a line, which is a prefix with a timestamp after it.
    pub(super) fn learn(&mut self, line: &[u8], prefix: usize, when: Monotonic) {
        self.start.clear();
        self.micros = when.as_micros() / 1_000_000 * 1_000_000;
        let next = self.micros + 1_000_000;
        // a clock at its end does not advance
        if Monotonic::from_micros(next).as_micros() == next {
            let point = line.get(prefix..).and_then(|rest| memchr::memchr(b'.', rest));
            self.start.extend_from_slice(point.and_then(|point| line.get(..=prefix + point)).unwrap_or_default());
        }
    }

    /// What [`strip`] returns for the text after the prefix, if the line is of this second.
    pub(super) fn strip<'l>(&self, line: &'l [u8]) -> Option<(&'l [u8], Monotonic, Option<Caller>)> {
        let micros = line.strip_prefix(&self.start[..]).filter(|_| !self.start.is_empty())?;
        let when = Monotonic::from_micros(self.micros + digits::six(micros)?);
        let (text, who) = split_caller(micros.get(6..)?.strip_prefix(b"]")?);
        Some((text, when, who))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_one_timestamp_and_one_caller() {
        let us = |n| Some(Monotonic::from_micros(n));
        for (line, text, when, caller) in [
            ("[   71.146532] mem", "mem", us(71_146_532), None),
            ("[   71.146532][ T9694] mem", "mem", us(71_146_532), Some(Caller::Task(9694))),
            ("[   71.146532] [ T9694] mem", "mem", us(71_146_532), Some(Caller::Task(9694))),
            ("[   71.146532][    C1] mem", "mem", us(71_146_532), Some(Caller::Cpu(1))),
            ("[15180285.537297] mem", "mem", us(15_180_285_537_297), None),
            // a row of the task table looks like a bracketed number, but is none of both
            ("[    5.400000] [  115]  1000", "[  115]  1000", us(5_400_000), None),
            ("[  115]  1000   115", "[  115]  1000   115", None, None),
            // a process may be called so, but only one stamp is stripped
            ("[    5.316269] [ 1.000000] ab invoked", "[ 1.000000] ab invoked", us(5_316_269), None),
            ("[ 71.146532] squeezed", "squeezed", us(71_146_532), None),
            ("[ 71.14] no stamp", "[ 71.14] no stamp", None, None),
            // the text's own leading blank stays
            ("[    5.400000]  <TASK>", " <TASK>", us(5_400_000), None),
        ] {
            assert_eq!(strip(line.as_bytes()), (text.as_bytes(), when, caller), "{line}");
        }
    }

    #[test]
    fn lines_of_a_second_are_read_as_all_others() {
        let prefix = "Mar  1 00:00:05 h kernel: ";
        let line = |rest: &str| format!("{prefix}{rest}").into_bytes();
        let mut second = Second::default();
        let first = line("[   71.146532] mem");
        assert_eq!(second.strip(&first), None);
        second.learn(&first, prefix.len(), Monotonic::from_micros(71_146_532));
        for rest in
            ["[   71.000000] a", "[   71.999999][ T9694] b", "[   71.146532]  <TASK>", "[   71.1] [  115]  1000"]
        {
            let line = line(rest);
            let (text, when, who) = strip(rest.as_bytes());
            assert_eq!(second.strip(&line), when.map(|when| (text, when, who)), "{rest}");
        }
        for rest in ["[   72.000000] a", "[   71.14653] a", "[   71.146532 a", "[  171.146532] a", "[   71.14"] {
            assert_eq!(second.strip(&line(rest)), None, "{rest}");
        }
        let last = line("[999999999999.000001] a");
        second.learn(&last, prefix.len(), strip(b"[999999999999.000001] a").1.unwrap());
        assert_eq!(second.strip(&last), None, "it stands still");
    }

    #[test]
    fn priorities_are_small_numbers_in_angle_brackets() {
        assert_eq!(priority(b"<4>x").unwrap(), (&b"x"[..], 4));
        assert!(priority(b"<TASK>").is_err());
        assert!(priority(b"<999>x").is_err());
    }
}
