//! `dmesg` with the kernel's clock, or none: plain, `-d`, `-e`, `-x`, and journalctl's monotonic modes, which put the
//! host behind the bracket.

use super::record::Decoded;
use super::{escape, facility, printk, tagged};
use crate::event::{Monotonic, Transport};
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while_m_n, take_while1};
use nom::character::complete::{char, one_of, space0};
use nom::combinator::{map, opt, recognize};
use nom::sequence::{delimited, preceded, terminated};
use nom::{IResult, Parser};

pub(super) fn decode(line: &[u8]) -> Option<Decoded<'_>> {
    let (rest, origin) = facility::strip(line);
    let (text, clock) = terminated(bracket, opt(char(' '))).parse(rest).ok()?;
    let (text, caller) = opt(terminated(preceded(space0, printk::caller), opt(char(' ')))).parse(text).ok()?;
    let mut decoded = Decoded { monotonic: clock, caller, origin, ..Decoded::new(Transport::Dmesg, text) };
    // `[   71.146532] host kernel: text`: journalctl -o short-monotonic
    if let Some(host) = tagged::kernel_after_host(text) {
        decoded = decoded.text(host.text);
        decoded.transport = Transport::JournalShort;
        decoded.host = host.host.map(Into::into);
        decoded.lost = tagged::blob(host.text);
    } else {
        decoded.text = escape::dmesg(text);
    }
    Some(decoded)
}

/// Any bracket dmesg writes for its own clock; `None` where it says less than the kernel's clock.
fn bracket(i: &[u8]) -> IResult<&[u8], Option<Monotonic>> {
    alt((map(printk::uptime, Some), delta, map(relative, |()| None))).parse(i)
}

/// `[   71.146532 <    0.000123>]` (`-d`), `[<    0.000123>]` (`-t -d`).
fn delta(i: &[u8]) -> IResult<&[u8], Option<Monotonic>> {
    let step = (char('<'), space0, seconds, char('>'));
    delimited(char('['), terminated(opt(terminated(printk::clock, char(' '))), step), char(']')).parse(i)
}

/// `[  +0.000123]` and, for a new minute, `[Nov23 17:13]` (`-e`).
fn relative(i: &[u8]) -> IResult<&[u8], ()> {
    let step = recognize((space0, one_of("+-"), seconds));
    let two = || take_while_m_n(2, 2, |b: u8| b.is_ascii_digit());
    let day = take_while_m_n(1, 2, |b: u8| b.is_ascii_digit());
    let month = take_while_m_n(3, 3, |b: u8| b.is_ascii_alphabetic());
    let minute = recognize((month, space0, day, char(' '), two(), char(':'), two()));
    map(delimited(char('['), alt((step, minute)), char(']')), |_| ()).parse(i)
}

fn seconds(i: &[u8]) -> IResult<&[u8], &[u8]> {
    let digits = || take_while1(|b: u8| b.is_ascii_digit());
    recognize((digits(), tag("."), digits())).parse(i)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Origin;

    fn read(line: &str) -> Option<(String, Option<u64>, Origin, Transport)> {
        decode(line.as_bytes()).map(|d| {
            let text = String::from_utf8_lossy(&d.text).into_owned();
            (text, d.monotonic.map(Monotonic::as_micros), d.origin, d.transport)
        })
    }

    #[test]
    fn every_bracket_of_util_linux() {
        let plain = |text: &str, clock| Some((text.to_owned(), clock, Origin::Unknown, Transport::Dmesg));
        assert_eq!(read("[   71.146532] x"), plain("x", Some(71_146_532)));
        assert_eq!(read("[    7.395783 <    4.343164>] x"), plain("x", Some(7_395_783)));
        assert_eq!(read("[<    4.343164>] x"), plain("x", None));
        assert_eq!(read("[  +3.859056] x"), plain("x", None));
        assert_eq!(read("[Nov23 17:13] x"), plain("x", None));
        assert_eq!(read("[  115]  1000   115 x"), None);
        assert_eq!(read("[ pid ]   uid  tgid"), None);
    }

    #[test]
    fn facility_tells_kernel_from_user() {
        let line = |prefix: &str| read(&format!("{prefix}[    5.067759] x")).unwrap().2;
        assert_eq!(line("kern  :warn  : "), Origin::Kernel);
        assert_eq!(line("user  :notice: "), Origin::User);
        assert_eq!(line("daemon:info  : "), Origin::User);
        assert_eq!(line(""), Origin::Unknown);
    }

    #[test]
    fn the_journal_puts_its_host_behind_the_bracket() {
        let d = decode(b"[   11.671152] ip-10-0-3-17 kernel:  <TASK>").unwrap();
        assert_eq!((&*d.text, d.host.as_deref()), (&b" <TASK>"[..], Some(&b"ip-10-0-3-17"[..])));
        assert_eq!(d.transport, Transport::JournalShort);
    }

    #[test]
    fn bytes_that_dmesg_escaped_come_back() {
        assert_eq!(&*decode(br"[    6.865398] x\xe6\x97 invoked").unwrap().text, b"x\xe6\x97 invoked");
        // dmesg never escapes what can be printed: this one is a name
        assert_eq!(&*decode(br"[    6.865398] back\x2dslash").unwrap().text, br"back\x2dslash");
    }
}
