//! `<4>[   11.671152] text`: `dmesg -r`, the syslog(2) buffer, consoles that keep the level.

use super::record::Decoded;
use super::{facility, printk};
use crate::event::Transport;

pub(super) fn decode(line: &[u8]) -> Option<Decoded<'_>> {
    let (rest, priority) = printk::priority(line).ok()?;
    let decoded = Decoded::without_printk_prefix(Transport::KmsgRaw, rest);
    Some(Decoded { origin: facility::origin_of_priority(priority), ..decoded })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Origin;

    #[test]
    fn level_with_and_without_a_timestamp() {
        let d = decode(b"<4>[    9.842125] line invoked").unwrap();
        assert_eq!((&*d.text, d.origin), (&b"line invoked"[..], Origin::Kernel));
        let d = decode(b"<4> </TASK>").unwrap();
        assert_eq!((&*d.text, d.monotonic), (&b" </TASK>"[..], None));
        assert_eq!(decode(b"<12>[    6.698893] x").unwrap().origin, Origin::User);
        assert!(decode(b"<TASK>").is_none());
    }
}
