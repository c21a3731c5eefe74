//! The records of an excerpt, those of one dump among them, each with its names.

use super::message;
use super::names::{NameKind, Names};
use super::record::FoundName;
use crate::companion;
use crate::event::{Event, Origin};
use crate::excerpt::{is_of, records};
use crate::kernel::{self, Message, parse, pr_cont};
use crate::options::Format;
use crate::transport::{Lost, OwnedRecord, Record};
use std::ops::Range;

/// A record of an excerpt.
pub(super) struct LogLine {
    pub(super) bytes: Range<usize>,
    pub(super) record: OwnedRecord,
    /// `None` for a record that is not known to be the dump's.
    pub(super) names: Option<Vec<FoundName>>,
}

/// Records that may be between two pieces of a line.
const MOST_BETWEEN: usize = 20;

/// Reads an excerpt whose dump begins at `dump_start`; before it only marks of lost lines count.
pub(super) fn read_records(text: &[u8], event: &Event, dump_start: u64, format: Format, names: &Names) -> Vec<LogLine> {
    let mut lines: Vec<LogLine> = Vec::new();
    let mut ours: Vec<usize> = Vec::new();
    records::each(text, format, &mut |piece| {
        let (before, is_loss) = ((piece.bytes.start as u64) < dump_start, is_loss(piece.record));
        if !is_loss && is_of(&piece, event) && (!before || reports_loss(piece.record)) {
            ours.push(lines.len());
        }
        let mut line = LogLine { bytes: piece.bytes, record: piece.record.into(), names: is_loss.then(Vec::new) };
        if !is_loss {
            line.drop_strangers(text);
        }
        lines.push(line);
    });
    let mut reader = Reader { names, columns: Vec::new() };
    // the pieces of a line that has not ended, their text, and the records since the last of them
    let (mut parts, mut whole, mut between) = (Vec::new(), Vec::new(), 0);
    for at in ours {
        let record = lines[at].record.as_record();
        let single = record.wrapped_from >= record.text.len() && !record.text.contains(&b'\n');
        let is_open = pr_cont::is_open(record.text);
        if !parts.is_empty() {
            if single && pr_cont::continues(&whole, record.text) {
                parts.push(at);
                whole.extend_from_slice(record.text);
                between = 0;
                if !pr_cont::is_open(&whole) {
                    reader.pieces(&mut lines, &std::mem::take(&mut parts));
                }
                continue;
            }
            between += 1;
            if is_open || between > MOST_BETWEEN || parse(record.text).is_some() {
                reader.pieces(&mut lines, &std::mem::take(&mut parts));
            }
        }
        if single && is_open {
            whole.clone_from(&lines[at].record.text);
            (parts, between) = (vec![at], 0);
        } else {
            reader.pieces(&mut lines, &[at]);
        }
    }
    reader.pieces(&mut lines, &parts);
    lines
}

impl LogLine {
    /// Cuts off the lines without a prefix after a record that add nothing to what it says: a program's, on a console.
    fn drop_strangers(&mut self, excerpt: &[u8]) {
        let Some(from) = self.record.wrapped_from else { return };
        let text = &self.record.text;
        let whole = said(text, from);
        let mut ends = (from - 1..text.len()).filter(|at| text[*at] == b'\n').chain([text.len()]);
        let Some(end) = ends.find(|end| said(&text[..*end], from) == whole) else { return };
        // each of them is a line of the log
        for _ in text[end..].iter().filter(|byte| **byte == b'\n') {
            let lines = &excerpt[self.bytes.clone()];
            let body = lines.strip_suffix(b"\n").unwrap_or(lines);
            let start = memchr::memrchr(b'\n', body).map_or(0, |at| at + 1);
            self.bytes.end = self.bytes.start + start;
        }
        self.record.text.truncate(end);
        self.record.wrapped_from = Some(from).filter(|from| *from < end);
    }
}

struct Reader<'n> {
    names: &'n Names,
    /// Of the last table's header.
    columns: Vec<Box<[u8]>>,
}

impl Reader<'_> {
    /// Reads a record, or the pieces of a line that are in several.
    fn pieces(&mut self, lines: &mut [LogLine], parts: &[usize]) {
        let [first, ..] = parts else { return };
        if parts.len() == 1 {
            let record = &lines[*first].record;
            let wrapped = record.wrapped_from.unwrap_or(record.text.len());
            let found = self.text(&record.text, wrapped);
            // journalctl's `[78B blob data]` is a line without its text
            let blob = record.lost == Some(Lost::Text);
            lines[*first].names = found.or(blob.then(Vec::new));
            return;
        }
        let whole: Vec<u8> = parts.iter().flat_map(|at| lines[*at].record.text.iter().copied()).collect();
        let found = self.text(&whole, whole.len()).unwrap_or_default();
        let mut offset = 0;
        for at in parts {
            let length = lines[*at].record.text.len();
            lines[*at].names = Some(found.iter().filter_map(|name| name.part(offset..offset + length)).collect());
            offset += length;
        }
    }

    /// The names in a record's text; `None` where it says nothing of a dump.
    fn text(&mut self, text: &[u8], wrapped_from: usize) -> Option<Vec<FoundName>> {
        let mut found: Vec<FoundName> = Vec::new();
        let mut known = false;
        kernel::read(text, wrapped_from, &mut |message, _| {
            // a stack or a Mem-Info block of something else begins
            known |= !matches!(message, Message::AllocationFailure | Message::ShowMemory | Message::OtherTrace);
            if let Message::TasksColumns(names) = &message {
                self.columns = names.iter().map(|name| (*name).into()).collect();
            }
            let mut take = |name: &[u8], kind: NameKind| found.push(FoundName::locate(name, kind, text, self.names));
            message::names(&message, &self.columns, &mut take);
            match message {
                Message::MmPinned { .. } => {
                    message::pinned(text).into_iter().flatten().for_each(|name| take(name, NameKind::Comm));
                }
                // a path that is cut is no path to the grammar
                Message::Summary(summary) if summary.truncated => {
                    message::cut_path(text, &summary).into_iter().for_each(|path| take(path, NameKind::Path));
                }
                _ => {}
            }
        });
        if known {
            let strangers = strangers(text, wrapped_from).into_iter();
            found.extend(strangers.map(|line| FoundName::locate(line, NameKind::Comm, text, self.names)));
        }
        known.then_some(found)
    }
}

/// What a record says, in the words of the grammar.
fn said(text: &[u8], wrapped_from: usize) -> Vec<String> {
    let mut all = Vec::new();
    kernel::read(text, wrapped_from.min(text.len()), &mut |message, _| all.push(format!("{message:?}")));
    all
}

/// Lines without a prefix between a record and others of its kind that add nothing to what they say: a program's, on a
/// console that lost its clock. Nothing of them may stay.
fn strangers(text: &[u8], wrapped_from: usize) -> Vec<&[u8]> {
    if wrapped_from >= text.len() {
        return Vec::new();
    }
    let whole = said(text, wrapped_from);
    let mut strangers = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let place = at..at + line.len();
        at = place.end;
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        if place.start < wrapped_from || line.is_empty() || parse(line).is_some() {
            continue;
        }
        let without = [&text[..place.start], &text[place.end..]].concat();
        if said(&without, wrapped_from) == whole {
            strangers.push(line);
        }
    }
    strangers
}

impl FoundName {
    fn locate(name: &[u8], kind: NameKind, text: &[u8], names: &Names) -> Self {
        let start = name.as_ptr().addr().wrapping_sub(text.as_ptr().addr());
        let place = (start <= text.len() && name.len() <= text.len() - start).then(|| start..start + name.len());
        let place = place.filter(|place| text[place.clone()] == *name);
        Self { old: name.to_vec(), new: names.replace(name, kind), place }
    }

    /// What of a name is in a part of the text, with its place there.
    fn part(&self, part: Range<usize>) -> Option<Self> {
        let place = self.place.as_ref()?;
        let (start, end) = (place.start.max(part.start), place.end.min(part.end));
        let inside = (start < end).then(|| start - place.start..end - place.start)?;
        Some(Self {
            old: self.old[inside.clone()].to_vec(),
            new: self.new[inside].to_vec(),
            place: Some(start - part.start..end - part.start),
        })
    }
}

/// Lines that other programs write about lost lines hold no names.
fn is_loss(record: &Record<'_>) -> bool {
    *record.origin == Origin::User && companion::collector_loss(record.text).is_some()
}

/// Whether a line reports that something is missing.
fn reports_loss(record: &Record<'_>) -> bool {
    let mut reports = record.lost.is_some();
    kernel::read(record.text, record.wrapped_from, &mut |message, _| {
        reports |= matches!(message, Message::Suppressed { .. } | Message::Lost { .. });
    });
    reports
}
