//! `Mar 30 12:00:01 host kernel: text`: `/var/log/messages`, `kern.log`, busybox syslogd, and journalctl's `short` and
//! `short-precise`, which differ from it in nothing but a fraction. Some daemons write the year, before the month or
//! behind the day; on the wire the priority stands before it all.

use super::record::{Decoded, Stamp};
use super::{iso8601, printk, stamp, tagged};
use crate::event::{Origin, Transport};
use nom::Parser;
use nom::branch::alt;

pub(super) fn decode(line: &[u8]) -> Option<Decoded<'_>> {
    let (rest, when) = alt((stamp::syslog, stamp::syslog_ng)).parse(line).ok()?;
    let written = &line[..line.len() - rest.len()];
    // Cisco's loggers end the stamp with a colon
    let rest = rest.strip_prefix(b":").unwrap_or(rest).strip_prefix(b" ")?;
    // only journalctl -o short-precise writes a fraction into this form, and no year
    let journal = matches!(when, Stamp::Yearless(_)) && memchr::memchr(b'.', written).is_some();
    let transport = if journal { Transport::JournalShort } else { Transport::Rfc3164 };
    Some(tagged::decode(transport, rest).wall(written, when))
}

/// `<4>Mar 30 12:00:01 host kernel: text`, and with an ISO stamp as rsyslog forwards it.
pub(super) fn wire(line: &[u8]) -> Option<Decoded<'_>> {
    let (rest, priority) = printk::priority(line).ok()?;
    let mut decoded = decode(rest).or_else(|| iso8601::decode(rest))?;
    // any sender can claim facility kern, so that proves nothing; the kernel has no other
    if priority >= 8 {
        decoded.origin = Origin::User;
    }
    Some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_messages() {
        let d = decode(b"Jun 20 12:47:02 new-db1 kernel: [15180285.537297] php-fpm invoked").unwrap();
        assert_eq!((&*d.text, d.host.as_deref()), (&b"php-fpm invoked"[..], Some(&b"new-db1"[..])));
        assert_eq!(d.wall.unwrap().0.as_ref(), b"Jun 20 12:47:02");
        assert_eq!(d.monotonic.map(|m| m.as_micros()), Some(15_180_285_537_297));
    }

    #[test]
    fn a_fraction_is_the_journals() {
        let d = decode(b"Nov 23 17:13:35.607686 h kernel: x").unwrap();
        assert_eq!(
            (d.transport, d.wall.unwrap().0.as_ref()),
            (Transport::JournalShort, &b"Nov 23 17:13:35.607686"[..])
        );
    }

    #[test]
    fn a_year_before_or_behind_the_date() {
        for line in ["Mar 30 2024 12:00:01 h kernel: x", "2024 Mar 30 12:00:01 h kernel: x"] {
            let d = decode(line.as_bytes()).unwrap();
            assert_eq!((&*d.text, d.host.as_deref(), d.transport), (&b"x"[..], Some(&b"h"[..]), Transport::Rfc3164));
            assert!(matches!(d.wall.unwrap().1, Stamp::Local(_)), "{line}");
            assert_eq!(decode(line.replace("kernel", "app").as_bytes()).unwrap().origin, Origin::User, "{line}");
        }
        let cisco =
            decode(b"Mar 30 2024 12:00:01.123: %SYS-2-MALLOCFAIL: Memory allocation of 1028 bytes failed").unwrap();
        assert_eq!(cisco.origin, Origin::User);
        assert!(decode(b"2024 Mar 30 12:00 h kernel: x").is_none());
    }

    #[test]
    fn a_priority_as_sent_on_the_wire() {
        for stamp in ["Mar 30 12:00:01", "2024-03-30T12:00:01.5+01:00"] {
            let d = wire(format!("<4>{stamp} h kernel: a#012b").as_bytes()).unwrap().into_owned();
            assert_eq!((&*d.text, d.origin), (&b"a\nb"[..], Origin::Unknown), "{stamp}");
            assert_eq!(wire(format!("<12>{stamp} h kernel: x").as_bytes()).unwrap().origin, Origin::User, "{stamp}");
        }
        assert!(wire(b"<4>[   11.671152] x").is_none());
    }
}
