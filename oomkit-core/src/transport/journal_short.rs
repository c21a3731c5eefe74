//! The `short` modes that only journalctl writes: `short-full` and `short-unix`; and `1711796401 host kernel: text` of
//! other loggers that count seconds since the epoch.

use super::record::Decoded;
use super::{logcat, stamp, tagged};
use crate::event::Transport;
use nom::Parser;
use nom::branch::alt;

pub(super) fn decode(line: &[u8]) -> Option<Decoded<'_>> {
    let (rest, when) = alt((stamp::journal_full, stamp::unix)).parse(line).ok()?;
    let written = &line[..line.len() - rest.len()];
    let rest = rest.strip_prefix(b" ")?;
    if written[0].is_ascii_digit()
        && let Some(other) = logcat::after_stamp(rest)
    {
        return Some(other.wall(written, when));
    }
    // short-unix has always six places behind the point
    let fraction = memchr::memchr(b'.', written).map_or(0, |at| written.len() - at - 1);
    let transport = if written[0].is_ascii_digit() && fraction != 6 {
        // a number that no tag follows is no date
        tagged::split(rest)?;
        Transport::Epoch
    } else {
        Transport::JournalShort
    };
    Some(tagged::decode(transport, rest).wall(written, when))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_modes() {
        for line in ["Mon 2026-11-23 17:13:35 UTC h kernel:  <TASK>", "1795454015.607686 h kernel:  <TASK>"] {
            let d = decode(line.as_bytes()).unwrap();
            assert_eq!((&*d.text, d.host.as_deref()), (&b" <TASK>"[..], Some(&b"h"[..])), "{line}");
        }
        assert!(decode(b"4,350,11671152,-;x").is_none());
    }

    #[test]
    fn seconds_since_the_epoch() {
        for line in ["1711796401 h kernel: [   71.146532] x", "1711796401.123 h kernel: x"] {
            let d = decode(line.as_bytes()).unwrap();
            assert_eq!((&*d.text, d.host.as_deref(), d.transport), (&b"x"[..], Some(&b"h"[..]), Transport::Epoch));
        }
        assert_eq!(decode(b"1711796401 h app[3]: x").unwrap().origin, crate::event::Origin::User);
        assert!(decode(b"1711796401 pages RAM").is_none());
        assert!(decode(b"17117 h kernel: x").is_none());
    }
}
