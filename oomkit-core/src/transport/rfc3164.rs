//! `Mar 30 12:00:01 host kernel: text`: `/var/log/messages`, `kern.log`, busybox syslogd, and journalctl's `short` and
//! `short-precise`, which differ from it in nothing but a fraction.

use super::record::Decoded;
use super::{stamp, tagged};
use crate::event::Transport;

pub(super) fn decode(line: &[u8]) -> Option<Decoded<'_>> {
    let (rest, when) = stamp::syslog(line).ok()?;
    let written = &line[..line.len() - rest.len()];
    let rest = rest.strip_prefix(b" ")?;
    // only journalctl -o short-precise writes a fraction into this form
    let transport = if memchr::memchr(b'.', written).is_some() { Transport::JournalShort } else { Transport::Rfc3164 };
    Some(tagged::decode(transport, rest).wall(written, when))
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
}
