//! The `short` modes that only journalctl writes: `short-full` and `short-unix`.

use super::record::Decoded;
use super::{stamp, tagged};
use crate::event::Transport;
use nom::Parser;
use nom::branch::alt;

pub(super) fn decode(line: &[u8]) -> Option<Decoded<'_>> {
    let (rest, when) = alt((stamp::journal_full, stamp::unix)).parse(line).ok()?;
    let written = &line[..line.len() - rest.len()];
    let rest = rest.strip_prefix(b" ")?;
    Some(tagged::decode(Transport::JournalShort, rest).wall(written, when))
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
}
