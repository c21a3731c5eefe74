//! `2024-03-30T12:00:01.123456+01:00 host kernel: text`: rsyslog's default file format and journalctl's `short-iso`;
//! with a comma before the fraction and no host it is `dmesg --time-format iso`. Container runtimes, `logcli` and
//! logcat can begin so too, and show it by the next word.

use super::record::Decoded;
use super::{cri, escape, facility, logcat, logcli, printk, stamp, tagged};
use crate::event::{Origin, Transport};
use nom::Parser;
use nom::character::complete::char;
use nom::combinator::opt;
use nom::sequence::terminated;

pub(super) fn decode(line: &[u8]) -> Option<Decoded<'_>> {
    let (start, origin) = facility::strip(line);
    let (rest, when) = stamp::iso(start).ok()?;
    let written = &start[..start.len() - rest.len()];
    let rest = rest.strip_prefix(b" ")?;
    if let Some(other) = cri::decode(rest).or_else(|| logcli::decode(rest)).or_else(|| logcat::after_stamp(rest)) {
        return Some(other.wall(written, when));
    }
    if origin != Origin::Unknown || memchr::memchr(b',', written).is_some() {
        let (text, caller) = opt(terminated(printk::caller, opt(char(' ')))).parse(rest).ok()?;
        let decoded = Decoded::new(Transport::DmesgIso, text).wall(written, when);
        return Some(Decoded { text: escape::dmesg(text), caller, origin, ..decoded });
    }
    // `+0000` without a colon is journalctl's spelling up to systemd 255
    let journal = written.len() > 5 && matches!(written[written.len() - 5], b'+' | b'-');
    let transport = if journal { Transport::JournalShort } else { Transport::Iso8601 };
    let mut decoded = tagged::decode(transport.clone(), rest);
    if decoded.origin == Origin::User && decoded.host.is_none() {
        // `docker logs -t`, `kubectl logs --timestamps`: the kernel's own prefix follows at once
        let bare = Decoded::without_printk_prefix(transport, rest);
        if bare.monotonic.is_some() {
            decoded = bare;
            decoded.unescape(escape::dmesg);
        }
    }
    Some(decoded.wall(written, when))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rsyslog_journal_and_dmesg() {
        let d = decode(b"2026-11-23T17:13:35.606370+00:00 h kernel: [   11.671152] x").unwrap();
        assert_eq!((&*d.text, d.transport, d.host.as_deref()), (&b"x"[..], Transport::Iso8601, Some(&b"h"[..])));
        let d = decode(b"2026-11-23T17:13:35+0000 h kernel: x").unwrap();
        assert_eq!(d.transport, Transport::JournalShort);
        let d = decode(b"2026-11-23T17:13:34,671152+00:00 x invoked").unwrap();
        assert_eq!((&*d.text, d.transport, d.host), (&b"x invoked"[..], Transport::DmesgIso, None));
        let d = decode(b"kern  :warn  : 2025-01-21T04:41:44,283302+00:00 x").unwrap();
        assert_eq!((&*d.text, d.origin), (&b"x"[..], Origin::Kernel));
    }

    #[test]
    fn container_output_with_a_stamp_only() {
        let d = decode(b"2024-03-30T11:00:01.123456789Z [   71.146532] x invoked").unwrap();
        assert_eq!((&*d.text, d.origin, d.host), (&b"x invoked"[..], Origin::Unknown, None));
        let d = decode(b"2024-03-30T11:00:01.123456789Z GET /healthz 200").unwrap();
        assert_eq!(d.origin, Origin::User);
    }
}
