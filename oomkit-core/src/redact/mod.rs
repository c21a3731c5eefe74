//! Dumps to show to strangers: every host, pod, container, path, unit and command name is replaced, numbers stay.
//!
//! Only lines that the parser knows as a dump's own are given, since nobody can tell what is private in any other. In
//! those, the grammar says where the names are; around them, everything is replaced that is no stamp and no word of log
//! formats. The result is parsed, and given only if it says the same as before.

mod check;
mod cipher;
mod envelope;
mod message;
mod names;
mod spelling;
mod vocabulary;

use crate::event::{Event, Origin};
use crate::excerpt::{is_of, records};
use crate::kernel::{self, Message};
use crate::options::{Format, Options};
use crate::parser::parse_with;
use crate::transport::Record;
use names::{Kind, Names};
use siphasher::sip128::{Hasher128, SipHasher24};
use spelling::{Plain, readings, respell};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher;
use std::ops::Range;

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
        Self { names: Names::new(key), given: BTreeMap::new() }
    }

    /// The next log begins: lines are counted anew.
    pub fn begin(&mut self) {
        self.given.clear();
    }

    /// The next dump of a log. `text` is what stands at the event's `source`, in whole lines, and begins at the byte
    /// `start` of the log; where a [diagnostic](Event::diagnostics) stands before the dump, it may begin there. Lines
    /// that an earlier dump gave are not given again.
    pub fn dump(&mut self, event: &Event, text: &[u8], start: u64, format: Format) -> Redacted {
        let dump_start = event.source.first_byte.saturating_sub(start);
        let mut kept: Vec<u8> = Vec::new();
        let mut out = Redacted::default();
        let mut columns: Vec<Box<[u8]>> = Vec::new();
        let mut hosts = BTreeSet::new();
        let mut end = 0;
        records::each(text, format, &mut |piece| {
            let raw = &text[piece.bytes.clone()];
            // blank lines and brackets between records may be part of the format
            let between = text.get(end..piece.bytes.start).unwrap_or_default();
            let between = if between.iter().any(u8::is_ascii_alphanumeric) { &b""[..] } else { between };
            end = end.max(piece.bytes.end);
            let before = (piece.bytes.start as u64) < dump_start;
            let given = self.given.get(&piece.record.host.map(<[u8]>::to_vec));
            if given.is_some_and(|given| start + (piece.bytes.start as u64) < *given) {
                return;
            }
            let ours = is_loss(piece.record) || (is_of(&piece, event) && (!before || tells_of_loss(piece.record)));
            match if ours { self.record(raw, piece.record, &mut columns) } else { None } {
                Some(redacted) => {
                    hosts.insert(piece.record.host.map(<[u8]>::to_vec));
                    kept.extend_from_slice(between);
                    kept.extend_from_slice(raw);
                    out.text.extend_from_slice(between);
                    out.text.extend_from_slice(&redacted);
                }
                None if before => {}
                None => out.left_out += raw.split_inclusive(|byte| *byte == b'\n').count() as u64,
            }
        });
        for host in hosts {
            let given = self.given.entry(host).or_default();
            *given = (*given).max(start + text.len() as u64);
        }
        if !check::same(&kept, &out.text, format) {
            out.text.clear();
            out.refused = 1;
        }
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
        self.replaced(name, Kind::Host)
    }

    /// A command's name as it is replaced.
    pub fn command(&self, name: &str) -> String {
        self.replaced(name, Kind::Comm)
    }

    /// A cgroup path as it is replaced; also a container id, a pod uid or a unit.
    pub fn path(&self, path: &str) -> String {
        self.replaced(path, Kind::Path)
    }

    fn replaced(&self, name: &str, kind: Kind) -> String {
        String::from_utf8_lossy(&self.names.replace(name.as_bytes(), kind)).into_owned()
    }

    /// A record's lines without names; `None` for those that are no part of a dump.
    fn record(&self, raw: &[u8], record: &Record<'_>, columns: &mut Vec<Box<[u8]>>) -> Option<Vec<u8>> {
        let mut found: Vec<Found> = Vec::new();
        let mut known = record.lost.is_some() || is_loss(record);
        kernel::read(record.text, record.wrapped_from, &mut |message, _| {
            known |= !is_neighbour(&message);
            if let Message::TasksColumns(names) = &message {
                *columns = names.iter().map(|name| (*name).into()).collect();
            }
            message::names(&message, columns, &mut |name, kind| found.push(Found::of(name, kind, record.text)));
            if matches!(message, Message::MmPinned { .. }) {
                let pinned = message::pinned(record.text).into_iter().flatten();
                found.extend(pinned.map(|name| Found::of(name, Kind::Comm, record.text)));
            }
        });
        if !known {
            return None;
        }
        Spelled::of(raw, record).redacted(&found, record, &self.names)
    }
}

/// A name in a record's text.
struct Found {
    name: Vec<u8>,
    kind: Kind,
    /// Where it stands; unknown where the text was glued from several lines.
    place: Option<Range<usize>>,
}

impl Found {
    fn of(name: &[u8], kind: Kind, text: &[u8]) -> Self {
        let start = name.as_ptr().addr().wrapping_sub(text.as_ptr().addr());
        let place = (start <= text.len() && name.len() <= text.len() - start).then(|| start..start + name.len());
        let place = place.filter(|place| text[place.clone()] == *name);
        Self { name: name.to_vec(), kind, place }
    }
}

/// A record's bytes in the log, and where its text stands in them.
struct Spelled<'a> {
    raw: &'a [u8],
    readings: Vec<Plain>,
    /// For each line of the text, its offset and the places of its bytes, for every time it stands there.
    lines: Vec<(usize, Vec<Places>)>,
}

/// Where each byte of a text came from.
type Places = Vec<(usize, usize)>;

impl<'a> Spelled<'a> {
    fn of(raw: &'a [u8], record: &Record<'_>) -> Self {
        let readings = readings(raw);
        let mut lines = Vec::new();
        let mut offset = 0;
        for line in record.text.split(|byte| *byte == b'\n') {
            let whole = || readings.iter().map(|r| r.find(line)).find(|found| !found.is_empty());
            let pieces = || readings.iter().find_map(|r| r.find_pieces(line)).map(|places| vec![places]);
            let places = whole().map(|found| found.into_iter().map(<[_]>::to_vec).collect()).or_else(pieces);
            lines.push((offset, places.unwrap_or_default()));
            offset += line.len() + 1;
        }
        Self { raw, readings, lines }
    }

    /// The record without names; `None` where a name cannot be replaced.
    fn redacted(&self, found: &[Found], record: &Record<'_>, names: &Names) -> Option<Vec<u8>> {
        let mut out = self.raw.to_vec();
        for part in self.around(record) {
            envelope::redact(self.raw, part, names, &mut out);
        }
        if let Some(host) = record.host {
            self.host(host, names, &mut out);
        }
        let mut edits: BTreeMap<(usize, usize), Vec<u8>> = BTreeMap::new();
        for one in found {
            let new = names.replace(&one.name, one.kind);
            for places in self.places(one)? {
                self.edit(&places, &one.name, &new, &mut edits)?;
            }
        }
        let mut spelled = Vec::with_capacity(out.len());
        let mut at = 0;
        for ((start, end), new) in edits {
            spelled.extend_from_slice(out.get(at..start)?);
            spelled.extend_from_slice(&new);
            at = end;
        }
        spelled.extend_from_slice(out.get(at..)?);
        Some(spelled)
    }

    /// Where a name stands in the log, every time.
    fn places(&self, found: &Found) -> Option<Vec<Places>> {
        if found.name.is_empty() {
            return Some(Vec::new());
        }
        let Some(place) = &found.place else {
            // glued from lines: the name itself, or its pieces
            let whole = self.readings.iter().map(|r| r.find(&found.name)).find(|places| !places.is_empty());
            return whole
                .map(|found| found.into_iter().map(<[_]>::to_vec).collect())
                .or_else(|| self.readings.iter().find_map(|r| r.find_pieces(&found.name)).map(|places| vec![places]));
        };
        // a name with newlines stands on several lines
        let mut all: Vec<Places> = Vec::new();
        for (number, (offset, copies)) in self.lines.iter().enumerate() {
            let next = self.lines.get(number + 1).map_or(usize::MAX, |(next, _)| *next);
            let (start, end) = (place.start.max(*offset), place.end.min(next.saturating_sub(1)));
            if start >= end {
                continue;
            }
            if copies.is_empty() {
                return None;
            }
            let copies: Vec<Places> =
                copies.iter().map(|places| places[start - offset..end - offset].to_vec()).collect();
            if all.is_empty() {
                all = copies;
            } else if all.len() == copies.len() {
                for (whole, part) in all.iter_mut().zip(copies) {
                    // the newline between them has no place that could change
                    whole.push((usize::MAX, usize::MAX));
                    whole.extend(part);
                }
            } else {
                return None;
            }
        }
        Some(all)
    }

    /// Notes the changed bytes of a name.
    fn edit(
        &self,
        places: &[(usize, usize)],
        old: &[u8],
        new: &[u8],
        edits: &mut BTreeMap<(usize, usize), Vec<u8>>,
    ) -> Option<()> {
        let mut at = 0;
        while at < places.len() {
            // bytes of one escape go together
            let place = places[at];
            let length = places[at..].iter().take_while(|other| **other == place).count();
            let (old, new) = (old.get(at..at + length)?, new.get(at..at + length)?);
            if old != new {
                edits.insert(place, respell(self.raw.get(place.0..place.1)?, old, new)?);
            }
            at += length;
        }
        Some(())
    }

    /// What is neither the record's text nor its stamp.
    fn around(&self, record: &Record<'_>) -> Vec<Range<usize>> {
        let mut inside = vec![false; self.raw.len()];
        let mut cover = |places: &[(usize, usize)]| {
            for (start, end) in places {
                inside[*start..*end].fill(true);
            }
        };
        self.lines.iter().flat_map(|(_, copies)| copies).for_each(|places| cover(places));
        if let Some(wall) = &record.wall {
            self.readings.iter().flat_map(|reading| reading.find(wall.text)).for_each(&mut cover);
        }
        let mut parts = Vec::new();
        let mut start = None;
        for (at, covered) in inside.iter().chain([&true]).enumerate() {
            match (start, covered) {
                (None, false) => start = Some(at),
                (Some(from), true) => {
                    parts.push(from..at);
                    start = None;
                }
                _ => {}
            }
        }
        parts
    }

    /// The host's name, where it stands around the text.
    fn host(&self, host: &[u8], names: &Names, out: &mut [u8]) {
        let new = names.replace(host, Kind::Host);
        let edge =
            |at: Option<usize>| at.and_then(|at| self.raw.get(at)).is_none_or(|byte| !byte.is_ascii_alphanumeric());
        let text = |place: usize| {
            self.lines
                .iter()
                .flat_map(|(_, copies)| copies)
                .flatten()
                .any(|(start, end)| (*start..*end).contains(&place))
        };
        for at in memchr::memmem::find_iter(self.raw, host) {
            if edge(at.checked_sub(1)) && edge(Some(at + host.len())) && !text(at) {
                out[at..at + host.len()].copy_from_slice(&new);
            }
        }
    }
}

/// Lines that other programs write about lost lines hold no names.
fn is_loss(record: &Record<'_>) -> bool {
    *record.origin == Origin::User && kernel::loss::collector(record.text).is_some()
}

/// A line that says something is missing before a dump.
fn tells_of_loss(record: &Record<'_>) -> bool {
    let mut tells = record.lost.is_some();
    kernel::read(record.text, record.wrapped_from, &mut |message, _| {
        tells |= matches!(message, Message::Suppressed { .. } | Message::Lost { .. });
    });
    tells
}

/// What belongs to no dump, though it may look like a part of one.
fn is_neighbour(message: &Message<'_>) -> bool {
    matches!(message, Message::AllocationFailure | Message::ShowMemory | Message::OtherTrace)
}
