//! One journal entry: the fields that matter, whichever of the journal's formats they were read from.

use super::record::{Decoded, Lost, Stamp};
use super::{printk, stamp, tagged};
use crate::event::{Monotonic, Origin, Transport};

/// Fields of an entry being read. Everything else in it is skipped.
#[derive(Debug, Default)]
pub(super) struct Entry {
    message: Option<Vec<u8>>,
    /// The journal says `null` for a message it finds too large.
    message_lost: bool,
    hostname: Option<Vec<u8>>,
    realtime: Option<Vec<u8>>,
    monotonic: Option<Vec<u8>>,
    transport: Option<Vec<u8>>,
    identifier: Option<Vec<u8>>,
    process: Option<Vec<u8>>,
}

impl Entry {
    pub(super) fn set(&mut self, key: &[u8], value: &[u8]) {
        if let Some(slot) = self.slot(key) {
            *slot = Some(value.to_vec());
        }
    }

    pub(super) fn lose_message(&mut self) {
        self.message_lost = true;
    }

    /// Adds a line to a value that runs over several.
    pub(super) fn extend(&mut self, key: &[u8], line: &[u8]) {
        if let Some(Some(value)) = self.slot(key) {
            value.push(b'\n');
            value.extend_from_slice(line);
        }
    }

    fn slot(&mut self, key: &[u8]) -> Option<&mut Option<Vec<u8>>> {
        Some(match key {
            b"MESSAGE" => &mut self.message,
            b"_HOSTNAME" => &mut self.hostname,
            b"__REALTIME_TIMESTAMP" => &mut self.realtime,
            b"_SOURCE_MONOTONIC_TIMESTAMP" => &mut self.monotonic,
            b"_TRANSPORT" => &mut self.transport,
            b"SYSLOG_IDENTIFIER" => &mut self.identifier,
            b"_PID" => &mut self.process,
            _ => return None,
        })
    }

    /// The entry as a record; `None` where it has no message.
    pub(super) fn decode(self, transport: Transport) -> Option<Decoded<'static>> {
        let lost = self.message_lost && self.message.is_none();
        let message = self.message.or(lost.then(Vec::new))?;
        let mut decoded = Decoded::new(transport, &[]);
        decoded.lost = if lost { Some(Lost::Text) } else { tagged::blob(&message) };
        decoded.origin = match (self.transport.as_deref(), self.identifier.as_deref()) {
            // fields with an underscore are journald's own: no client can write them
            (Some(b"kernel"), _) => Origin::Kernel,
            (None, Some(b"kernel") | None) => Origin::Unknown,
            _ => Origin::User,
        };
        decoded.monotonic = self.monotonic.as_deref().and_then(stamp::parse).map(Monotonic::from_micros);
        decoded.wall = self.realtime.map(|text| {
            let when = stamp::micros(&text).unwrap_or(Stamp::Opaque);
            (text.into(), when)
        });
        decoded.host = self.hostname.map(Into::into);
        let program = self.identifier.filter(|name| name != b"kernel");
        decoded.program = program.map(|name| tagged::with_process(name, self.process).into());
        decoded.whole = true;
        decoded.text = match printk::strip(&message) {
            // a journal fed by a forwarder that kept the kernel's stamp; journald itself strips it
            (text, Some(when), _) if decoded.monotonic.is_none() => {
                decoded.monotonic = Some(when);
                text.to_vec().into()
            }
            _ => message.into(),
        };
        Some(decoded)
    }
}

/// A journal field's name: `_HOSTNAME`, `MESSAGE`, `__CURSOR`.
pub(super) fn is_field_name(name: &[u8]) -> bool {
    name.first().is_some_and(|b| b.is_ascii_uppercase() || *b == b'_')
        && name.len() <= 64
        && name.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(fields: &[(&str, &str)]) -> Entry {
        let mut entry = Entry::default();
        for (key, value) in fields {
            entry.set(key.as_bytes(), value.as_bytes());
        }
        entry
    }

    #[test]
    fn journald_says_who_wrote_an_entry() {
        let origin = |fields: &[(&str, &str)]| {
            let mut entry = entry(fields);
            entry.set(b"MESSAGE", b"x");
            entry.decode(Transport::JournalJson).unwrap().origin
        };
        assert_eq!(origin(&[("_TRANSPORT", "kernel")]), Origin::Kernel);
        assert_eq!(origin(&[("_TRANSPORT", "syslog"), ("SYSLOG_IDENTIFIER", "kernel")]), Origin::User);
        assert_eq!(origin(&[("SYSLOG_IDENTIFIER", "kernel")]), Origin::Unknown);
        assert_eq!(origin(&[("SYSLOG_IDENTIFIER", "sshd")]), Origin::User);
    }

    #[test]
    fn the_process_is_part_of_the_tag() {
        let program = |fields: &[(&str, &str)]| entry(fields).decode(Transport::JournalJson).unwrap().program;
        let fields = [("MESSAGE", "x"), ("SYSLOG_IDENTIFIER", "earlyoom"), ("_PID", "77")];
        assert_eq!(program(&fields).as_deref(), Some(&b"earlyoom[77]"[..]));
        assert_eq!(program(&fields[..2]).as_deref(), Some(&b"earlyoom"[..]));
        assert_eq!(program(&[("MESSAGE", "x"), ("SYSLOG_IDENTIFIER", "kernel"), ("_PID", "77")]), None);
    }

    #[test]
    fn clocks_are_microseconds() {
        let entry = entry(&[
            ("MESSAGE", "[    1.000000] ab invoked"),
            ("_SOURCE_MONOTONIC_TIMESTAMP", "11671152"),
            ("__REALTIME_TIMESTAMP", "1795454015607686"),
        ]);
        let d = entry.decode(Transport::JournalExport).unwrap();
        assert_eq!(d.monotonic, Some(Monotonic::from_micros(11_671_152)));
        assert_eq!(&*d.text, b"[    1.000000] ab invoked", "the journal has the clock: a bracket is text");
    }

    #[test]
    fn a_message_too_large_is_lost_text() {
        let mut entry = Entry::default();
        assert!(Entry::default().decode(Transport::JournalJson).is_none());
        entry.lose_message();
        assert_eq!(entry.decode(Transport::JournalJson).unwrap().lost, Some(Lost::Text));
    }
}
