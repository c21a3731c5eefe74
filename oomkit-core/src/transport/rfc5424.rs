//! `<4>1 2021-09-11T12:24:42.123456+02:00 host kernel - - - text`.

use super::record::Decoded;
use super::{escape, printk, stamp, tagged};
use crate::event::{Origin, Transport};

pub(super) fn decode(line: &[u8]) -> Option<Decoded<'_>> {
    let (rest, priority) = printk::priority(line).ok()?;
    let start = rest.strip_prefix(b"1 ")?;
    let (rest, when) = stamp::iso(start).ok()?;
    let written = &start[..start.len() - rest.len()];
    let mut fields = rest.strip_prefix(b" ")?.splitn(5, |byte| *byte == b' ');
    let mut field = || fields.next().filter(|field| (1..256).contains(&field.len()));
    let (host, app, process, _message) = (field()?, field()?, field()?, field()?);
    let text = skip_structured_data(fields.next()?)?;
    let mut decoded = Decoded::without_printk_prefix(Transport::Rfc5424, text).wall(written, when);
    decoded.unescape(escape::octal);
    decoded.host = (host != b"-").then(|| host.into());
    decoded.program = (app != b"kernel").then(|| tagged::with_process(app.to_vec(), Some(process)).into());
    // a local socket takes any facility, so `kern` proves nothing; any other facility or name does
    decoded.origin = if priority < 8 && app == b"kernel" { Origin::Unknown } else { Origin::User };
    Some(decoded)
}

/// The message after `-` or `[id key="value"]…`, without its byte order mark.
fn skip_structured_data(rest: &[u8]) -> Option<&[u8]> {
    let mut rest = match rest.strip_prefix(b"-") {
        Some(rest) => rest,
        None => elements(rest)?,
    };
    rest = rest.strip_prefix(b" ").unwrap_or(rest);
    Some(rest.strip_prefix(b"\xef\xbb\xbf").unwrap_or(rest))
}

fn elements(mut rest: &[u8]) -> Option<&[u8]> {
    while rest.first() == Some(&b'[') {
        let (mut quoted, mut escaped) = (false, false);
        let end = rest.iter().position(|byte| {
            quoted ^= *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && quoted && !escaped;
            *byte == b']' && !quoted
        })?;
        rest = &rest[end + 1..];
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
