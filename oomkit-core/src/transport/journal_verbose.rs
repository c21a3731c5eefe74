//! `journalctl -o verbose`: `Mon 2026-11-23 17:13:35.607686 UTC [s=…;i=…]`, then four blanks and `FIELD=value`; further
//! lines of a value are indented to where it began.

use super::entry::{Entry, is_field_name};
use super::record::{Decoded, Stamp};
use super::stamp;
use crate::event::Transport;

const INDENT: usize = 4;

#[derive(Debug)]
pub(super) struct Verbose {
    entry: Entry,
    written: Vec<u8>,
    when: Stamp,
    last_key: Vec<u8>,
}

pub(super) fn open(line: &[u8]) -> Option<Verbose> {
    let (rest, when) = stamp::journal_full(line).ok()?;
    let inside = rest.strip_prefix(b" [")?.strip_suffix(b"]")?;
    let cursor = inside.starts_with(b"s=") && memchr::memmem::find(inside, b";i=").is_some();
    let written = line[..line.len() - rest.len()].to_vec();
    cursor.then(|| Verbose { entry: Entry::default(), written, when, last_key: Vec::new() })
}

impl Verbose {
    pub(super) fn line(&mut self, line: &[u8]) -> bool {
        let blanks = line.iter().take_while(|b| **b == b' ').count();
        let value_column = INDENT + self.last_key.len() + 1;
        if blanks == INDENT {
            let field = &line[INDENT..];
            if let Some(at) = memchr::memchr(b'=', field).filter(|at| is_field_name(&field[..*at])) {
                self.entry.set(&field[..at], &field[at + 1..]);
                self.last_key = field[..at].to_vec();
                return true;
            }
        }
        // deeper blanks are the value's own
        if blanks >= value_column && !self.last_key.is_empty() {
            self.entry.extend(&self.last_key, &line[value_column..]);
            return true;
        }
        false
    }

    pub(super) fn decode(self) -> Option<Decoded<'static>> {
        let mut decoded = self.entry.decode(Transport::JournalVerbose)?;
        decoded.wall = Some((self.written.into(), self.when));
        Some(decoded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Origin;

    #[test]
    fn fields_and_values_over_several_lines() {
        let mut entry = open(b"Mon 2026-11-23 17:13:35.607686 UTC [s=e14;i=161;b=18b;m=b2c;t=660;x=d95]").unwrap();
        for line in ["    _TRANSPORT=kernel", "    _HOSTNAME=h", "    MESSAGE=anon 26075136", "            file 0"] {
            assert!(entry.line(line.as_bytes()), "{line}");
        }
        assert!(!entry.line(b"Mon 2026-11-23 17:13:35.608542 UTC [s=e14;i=162]"));
        let d = entry.decode().unwrap();
        assert_eq!((&*d.text, d.origin.clone()), (&b"anon 26075136\nfile 0"[..], Origin::Kernel));
        assert_eq!(d.wall.unwrap().0.as_ref(), b"Mon 2026-11-23 17:13:35.607686 UTC");
    }

    #[test]
    fn short_full_is_not_verbose() {
        assert!(open(b"Mon 2026-11-23 17:13:35 UTC h kernel: x").is_none());
    }
}
