//! Redaction of one record in the bytes of its log: names are replaced in its text and around it.

use super::envelope;
use super::names::{NameKind, Names};
use super::spelling::{Places, Readings, respell};
use crate::transport::Record;
use std::collections::BTreeMap;
use std::ops::Range;

/// A name in a record's text, or the part of one.
#[derive(Debug)]
pub(super) struct FoundName {
    pub(super) old: Vec<u8>,
    /// As many bytes.
    pub(super) new: Vec<u8>,
    /// Where it is; unknown where the text was joined from several lines.
    pub(super) place: Option<Range<usize>>,
}

/// A record's bytes in the log, and where its text is in them.
pub(super) struct Spelled<'a> {
    raw: &'a [u8],
    readings: Readings<'a>,
    /// For each line of the text, its offset and the places of its bytes, for every time it appears.
    lines: Vec<(usize, Vec<Places>)>,
}

/// The new bytes for places in the log.
type Edits = BTreeMap<(usize, usize), Vec<u8>>;

impl<'a> Spelled<'a> {
    pub(super) fn locate(raw: &'a [u8], record: &Record<'_>) -> Self {
        let mut readings = Readings::new(raw);
        let mut lines = Vec::new();
        let mut offset = 0;
        for line in record.text.split(|byte| *byte == b'\n') {
            let places = readings.find_any(line);
            lines.push((offset, places.unwrap_or_default()));
            offset += line.len() + 1;
        }
        Self { raw, readings, lines }
    }

    /// The record without names; `None` where a name cannot be replaced.
    pub(super) fn redacted(&mut self, found: &[FoundName], record: &Record<'_>, names: &Names) -> Option<Vec<u8>> {
        let mut out = self.raw.to_vec();
        for part in self.around(record) {
            envelope::redact(self.raw, part, names, &mut out);
        }
        if let Some(host) = record.host {
            self.replace_host(host, names, &mut out);
        }
        let mut edits = Edits::new();
        for one in found {
            for places in self.places(one)? {
                self.edit(&places, &one.old, &one.new, &mut edits)?;
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

    /// Where a name is in the log, every time.
    fn places(&mut self, found: &FoundName) -> Option<Vec<Places>> {
        if found.old.is_empty() {
            return Some(Vec::new());
        }
        let Some(place) = &found.place else {
            // joined from lines: the name itself, or its pieces
            return self.readings.find_any(&found.old);
        };
        // a name with newlines is on several lines
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
    fn edit(&self, places: &[(usize, usize)], old: &[u8], new: &[u8], edits: &mut Edits) -> Option<()> {
        let mut at = 0;
        // bytes of one escape are changed together
        for run in places.chunk_by(|a, b| a == b) {
            let (place, part) = (run[0], at..at + run.len());
            let (old, new) = (old.get(part.clone())?, new.get(part)?);
            if old != new {
                edits.insert(place, respell(self.raw.get(place.0..place.1)?, old, new)?);
            }
            at += run.len();
        }
        Some(())
    }

    /// What is neither the record's text nor its stamp.
    fn around(&mut self, record: &Record<'_>) -> Vec<Range<usize>> {
        let mut inside = vec![false; self.raw.len()];
        let mut cover = |places: &[(usize, usize)]| {
            for (start, end) in places {
                inside[*start..*end].fill(true);
            }
        };
        self.lines.iter().flat_map(|(_, copies)| copies).for_each(|places| cover(places));
        if let Some(wall) = &record.wall {
            self.readings.find(wall.text).into_iter().flatten().for_each(|places| cover(&places));
        }
        let mut parts = Vec::new();
        let mut at = 0;
        for run in inside.chunk_by(|a, b| a == b) {
            if !run[0] {
                parts.push(at..at + run.len());
            }
            at += run.len();
        }
        parts
    }

    /// Replaces the host's name around the text.
    fn replace_host(&self, host: &[u8], names: &Names, out: &mut [u8]) {
        let new = names.replace(host, NameKind::Host);
        let edge =
            |at: Option<usize>| at.and_then(|at| self.raw.get(at)).is_none_or(|byte| !byte.is_ascii_alphanumeric());
        let in_text = self.lines.iter().flat_map(|(_, copies)| copies).flatten();
        let text = |place: usize| in_text.clone().any(|(start, end)| (*start..*end).contains(&place));
        for at in memchr::memmem::find_iter(self.raw, host) {
            if edge(at.checked_sub(1)) && edge(Some(at + host.len())) && !text(at) {
                out[at..at + host.len()].copy_from_slice(&new);
            }
        }
    }
}
