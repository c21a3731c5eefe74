//! `<4>1 2021-09-11T12:24:42.123456+02:00 host kernel - - - text`.

use super::record::Decoded;
use super::{escape, printk, stamp, tagged};
use crate::event::{Origin, Transport};
use nom::Parser;
use nom::bytes::complete::{is_not, tag};
use nom::character::complete::char;
use nom::combinator::verify;
use nom::sequence::terminated;

pub(super) fn decode(line: &[u8]) -> Option<Decoded<'_>> {
    let (rest, priority) = printk::priority(line).ok()?;
    let (rest, _) = tag::<_, _, nom::error::Error<&[u8]>>("1 ").parse(rest).ok()?;
    let start = rest;
    let (rest, when) = terminated(stamp::iso, char(' ')).parse(rest).ok()?;
    let written = &start[..start.len() - rest.len() - 1];
    let field = || terminated(verify(is_not(" "), |f: &[u8]| f.len() < 256), char::<_, nom::error::Error<&[u8]>>(' '));
    let (rest, (host, app, process, _message)) = (field(), field(), field(), field()).parse(rest).ok()?;
    let rest = structured(rest)?;
    let (text, monotonic, caller) = printk::strip(rest);
    let mut decoded = Decoded::new(Transport::Rfc5424, text).wall(written, when);
    decoded.text = escape::octal(text);
    decoded.host = (host != b"-").then(|| host.into());
    decoded.program = (app != b"kernel").then(|| tagged::with_process(app.to_vec(), Some(process)).into());
    decoded.monotonic = monotonic;
    decoded.caller = caller;
    // a local socket takes any facility, so `kern` proves nothing; any other facility or name does
    decoded.origin = if priority < 8 && app == b"kernel" { Origin::Unknown } else { Origin::User };
    Some(decoded)
}

/// Skips `-` or `[id key="value"]…`, and gives the message behind it without its byte order mark.
fn structured(rest: &[u8]) -> Option<&[u8]> {
    let mut rest = match rest.strip_prefix(b"-") {
        Some(rest) => rest,
        None => elements(rest)?,
    };
    rest = rest.strip_prefix(b" ").unwrap_or(rest);
    Some(rest.strip_prefix(b"\xef\xbb\xbf").unwrap_or(rest))
}

fn elements(mut rest: &[u8]) -> Option<&[u8]> {
    while rest.first() == Some(&b'[') {
        let mut quoted = false;
        let mut end = None;
        let mut bytes = rest.iter().enumerate();
        while let Some((at, byte)) = bytes.next() {
            match byte {
                b'\\' if quoted => {
                    bytes.next();
                }
                b'"' => quoted = !quoted,
                b']' if !quoted => {
                    end = Some(at);
                    break;
                }
                _ => {}
            }
        }
        rest = &rest[end? + 1..];
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kernel_line_with_and_without_structured_data() {
        for data in ["-", r#"[meta sequenceId="1"][x y="a]b\"c"]"#] {
            let line = format!("<4>1 2026-11-23T17:13:35.606370+00:00 h kernel - - {data} [   11.671152]  <TASK>");
            let d = decode(line.as_bytes()).unwrap();
            assert_eq!((&*d.text, d.host.as_deref()), (&b" <TASK>"[..], Some(&b"h"[..])), "{data}");
            assert_eq!(d.origin, Origin::Unknown);
            assert_eq!(d.wall.unwrap().0.as_ref(), b"2026-11-23T17:13:35.606370+00:00");
        }
    }

    #[test]
    fn other_programs_are_users() {
        let d = decode(b"<13>1 2026-11-23T17:13:35Z h kernel - - - Out of memory: x").unwrap();
        assert_eq!(d.origin, Origin::User);
        assert!(decode(b"<4>[    1.000000] x").is_none());
        let program = |line: &'static [u8]| decode(line).unwrap().program.unwrap().into_owned();
        assert_eq!(program(b"<13>1 2026-11-23T17:13:35Z h earlyoom 77 - - x"), b"earlyoom[77]");
        assert_eq!(program(b"<13>1 2026-11-23T17:13:35Z h earlyoom - - - x"), b"earlyoom");
    }
}
