//! Dumps to show to strangers: every host, pod, container, path, unit and command name is replaced, numbers stay.
//!
//! Only lines that the parser knows as a dump's own are given, since nobody can tell what is private in any other. In
//! those, the grammar says where the names are; around them, everything is replaced that is no stamp and no word of log
//! formats. The result is parsed, and given only if it says the same as before.

mod check;
mod cipher;
mod envelope;
mod lines;
mod message;
mod names;
mod record;
mod spelling;
mod uuid;
mod vocabulary;

use crate::event::Event;
use crate::options::{Format, Options};
use crate::parser::parse_with;
use names::{NameKind, Names};
use record::Spelled;
use siphasher::sip128::{Hasher128, SipHasher24};
use std::collections::BTreeMap;
use std::hash::Hasher;

/// Replaces names. The same key gives the same name the same replacement, of the same length and shape: hex ids stay hex,
/// pod uids stay uids. Whoever has the key can undo it.
///
/// ```
/// use oomkit_core::{Format, Redactor};
///
/// let log = b"Mar 30 12:00:01 web1 kernel: Out of memory: Killed process 42 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB\n";
/// let event = &oomkit_core::parse(log)[0];
/// let redacted = Redactor::new(*b"a secret, please").dump(event, log, 0, Format::Auto);
///
/// let after = &oomkit_core::parse(&redacted.text)[0];
/// assert_eq!(after.victims[0].pid, 42);
/// assert_eq!(after.victims[0].comm.as_ref().unwrap().len(), 4);
/// assert_ne!(after.host, event.host);
/// ```
#[derive(Debug)]
pub struct Redactor {
    names: Names,
    /// Up to where the lines of each host were given: dumps that were printed side by side hold each other's.
    given: BTreeMap<Option<Vec<u8>>, u64>,
    /// Where the last record ended that was given.
    end: u64,
}

/// A dump without its names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Redacted {
    /// The lines that can be shown; empty where the result would not say the same as the original.
    pub text: Vec<u8>,
    /// Lines between them that are no part of the dump, or of which that is not known.
    pub left_out: u64,
    /// Dumps left out, because the result was not proven to be the same.
    pub refused: u64,
}

/// The key that a secret text stands for.
pub fn key_of(secret: &str) -> [u8; 16] {
    let mut hash = SipHasher24::new();
    hash.write(secret.as_bytes());
    hash.finish128().as_bytes()
}

/// The bytes of a log that [`Redactor::dump`] wants to see of an event: first and last.
pub fn lines_of(event: &Event) -> (u64, u64) {
    let first = event.source.first_byte;
    // a note about lines lost long before is not worth what stands between
    let near = |byte: &u64| first.saturating_sub(*byte) <= FAR;
    let first = event.diagnostics.iter().filter_map(|note| note.byte).filter(near).fold(first, u64::min);
    (first, event.source.last_byte)
}

/// Bytes before a dump in which a mark of lost lines is looked for.
const FAR: u64 = 1 << 20;

impl Redactor {
    /// With a secret key.
    pub fn new(key: [u8; 16]) -> Self {
        Self { names: Names::new(key), given: BTreeMap::new(), end: 0 }
    }

    /// The next log begins: lines are counted anew.
    pub fn begin(&mut self) {
        self.given.clear();
        self.end = 0;
    }

    /// The next dump of a log. `text` is what stands at the event's `source`, in whole lines, and begins at the byte
    /// `start` of the log; where a [diagnostic](Event::diagnostics) stands before the dump, it may begin there. Lines
    /// that an earlier dump gave are not given again.
    pub fn dump(&mut self, event: &Event, text: &[u8], start: u64, format: Format) -> Redacted {
        let dump_start = event.source.first_byte.saturating_sub(start);
        let mut kept: Vec<u8> = Vec::new();
        let mut out = Redacted::default();
        // what of the first record the dump before has given: `},{` stands for both
        let mut skip = 0;
        let mut end = 0;
        let mut last_kept = false;
        for line in lines::read_records(text, event, dump_start, format, &self.names) {
            let raw = &text[line.bytes.clone()];
            // blank lines and brackets between records may be part of the format
            let between = text.get(end..line.bytes.start).unwrap_or_default();
            let between = if between.iter().any(u8::is_ascii_alphanumeric) { &b""[..] } else { between };
            // `},{` ends one record and begins the next
            let shared = if last_kept { end.saturating_sub(line.bytes.start).min(raw.len()) } else { 0 };
            last_kept = false;
            end = end.max(line.bytes.end);
            let host = line.record.host.clone();
            if self.given.get(&host).is_some_and(|given| start + (line.bytes.start as u64) < *given) {
                continue;
            }
            let record = line.record.as_record();
            let redacted =
                line.names.and_then(|found| Spelled::locate(raw, &record).redacted(&found, &record, &self.names));
            match redacted {
                Some(redacted) if redacted.get(..shared) == raw.get(..shared) => {
                    last_kept = true;
                    let first_byte = start + line.bytes.start as u64;
                    if kept.is_empty() && self.end > first_byte {
                        skip = usize::try_from(self.end - first_byte).unwrap_or(usize::MAX).min(raw.len());
                    }
                    self.end = start + line.bytes.end as u64;
                    let given = self.given.entry(host).or_default();
                    *given = (*given).max(first_byte + 1);
                    kept.extend_from_slice(between);
                    kept.extend_from_slice(&raw[shared..]);
                    out.text.extend_from_slice(between);
                    out.text.extend_from_slice(&redacted[shared..]);
                }
                _ if (line.bytes.start as u64) < dump_start => {}
                _ => out.left_out += raw.split_inclusive(|byte| *byte == b'\n').count() as u64,
            }
        }
        if !check::same(&kept, &out.text, format) {
            out.text.clear();
            out.refused = 1;
        }
        out.text.drain(..skip.min(out.text.len()));
        out
    }

    /// A whole log held in memory: the lines of its dumps, with names replaced. Dumps that are not proven to say the same
    /// afterwards are left out, and counted in [`Redacted::refused`].
    pub fn log(&mut self, log: &[u8], options: &Options) -> Redacted {
        self.begin();
        let mut all = Redacted::default();
        for event in parse_with(log, options.clone()) {
            let (start, end) = lines_of(&event);
            let at = |byte: u64| usize::try_from(byte).unwrap_or(usize::MAX).min(log.len());
            let end = memchr::memchr(b'\n', &log[at(end)..]).map_or(log.len(), |n| at(end) + n + 1);
            let one = self.dump(&event, &log[at(start)..end], start, options.format);
            all.text.extend_from_slice(&one.text);
            if !all.text.is_empty() && !all.text.ends_with(b"\n") {
                all.text.push(b'\n');
            }
            all.left_out += one.left_out;
            all.refused += one.refused;
        }
        all
    }

    /// A host name as it is replaced.
    pub fn host(&self, name: &str) -> String {
        self.replaced(name, NameKind::Host)
    }

    /// A command's name as it is replaced.
    pub fn command(&self, name: &str) -> String {
        self.replaced(name, NameKind::Comm)
    }

    /// A cgroup path as it is replaced; also a container id, a pod uid or a unit.
    pub fn path(&self, path: &str) -> String {
        self.replaced(path, NameKind::Path)
    }

    fn replaced(&self, name: &str, kind: NameKind) -> String {
        String::from_utf8_lossy(&self.names.replace(name.as_bytes(), kind)).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_between_records_are_not_doubled() {
        let log = b"{\n   \"dmesg\": [\n      {\n         \"pri\": 4,\n         \"time\":    10.1,\n         \"msg\": \"usb\"\n      },{\n         \"pri\": 4,\n         \"time\":    10.908383,\n         \"msg\": \"memhog invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_COMP|__GFP_ZERO), order=0, oom_score_adj=200\"\n      },{\n         \"pri\": 4,\n         \"time\":    10.91,\n         \"msg\": \"CPU: 0 PID: 169 Comm: memhog Not tainted 6.12.117 #1\"\n      },{\n         \"pri\": 4,\n         \"time\":    10.92,\n         \"msg\": \"usb\"\n      }\n   ]\n}\n";
        let redacted = Redactor::new([1; 16]).log(log, &Options::new());
        assert_eq!(redacted.text.iter().filter(|b| **b == b'{').count(), 3);
        assert_eq!(redacted.left_out, 0);
    }
}
