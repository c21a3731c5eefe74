//! Long container log lines that a runtime split into entries: CRI marks them (`P`), Docker leaves the newline away.

use super::record::{Decoded, End, Printed, Span};
use super::text_format;
use crate::event::Transport;
use std::ops::ControlFlow;

/// A line that was cut to more than this is no log line.
const LONGEST: usize = 1 << 20;
/// Docker cuts at this length, so an entry as long and without a newline is surely a piece.
const DOCKER_BUFFER: usize = 16 * 1024;

/// Entries without a newline at the beginning of a log after which it is taken for one that was tidied.
const MOST_DOUBTFUL: usize = 64;

/// Buffers the beginning of one line of each stream.
#[derive(Debug, Default)]
pub(super) struct PartialEntries {
    held: [Option<(Decoded<'static>, Span)>; 2],
    /// Whether newlines are kept in this log, so that one that is missing means something.
    newlines: Option<bool>,
    /// The first entries of a log that has shown no newline yet.
    doubtful: Vec<(Decoded<'static>, Span)>,
}

type Each<'e> = &'e mut dyn FnMut(Decoded<'_>, Span) -> ControlFlow<()>;

impl PartialEntries {
    /// Consumes an entry; emits the line that ended with it.
    pub(super) fn push(&mut self, entry: Decoded<'_>, at: Span, each: Each<'_>) -> ControlFlow<()> {
        let Some(Printed { end, .. }) = entry.printed else { return each(entry, at) };
        if entry.transport == Transport::DockerJson && self.newlines.is_none() {
            let doubtful = end == End::Unclear && entry.text.len() < DOCKER_BUFFER;
            if doubtful && self.doubtful.len() < MOST_DOUBTFUL {
                self.doubtful.push((entry.into_owned(), at));
                return ControlFlow::Continue(());
            }
            self.newlines = Some(!doubtful);
            self.settle(each)?;
        }
        self.join(entry, at, each)
    }

    /// Joins the entries that waited for the log's first newline.
    fn settle(&mut self, each: Each<'_>) -> ControlFlow<()> {
        let mut waited = std::mem::take(&mut self.doubtful).into_iter();
        waited.try_for_each(|(entry, at)| self.join(entry, at, each))
    }

    fn join(&mut self, mut entry: Decoded<'_>, at: Span, each: Each<'_>) -> ControlFlow<()> {
        let Some(Printed { stream, end }) = entry.printed else { return each(entry, at) };
        let newlines = self.newlines == Some(true);
        let slot = &mut self.held[stream as usize];
        let mut span = at;
        if let Some((held, began)) = slot.take() {
            let open = held.printed.is_none_or(|printed| printed.end != End::Unclear)
                || (newlines || held.text.len() >= DOCKER_BUFFER) && text_format(&entry.text).is_none();
            if open && held.transport == entry.transport {
                let mut text = held.text.into_owned();
                let room = LONGEST.saturating_sub(text.len());
                text.extend_from_slice(&entry.text[..entry.text.len().min(room)]);
                entry = Decoded { written: text.len(), text: text.into(), printed: entry.printed, ..held };
                span.extend(&began);
            } else {
                each(held, began)?;
            }
        }
        if end == End::Closed {
            return each(entry, span);
        }
        *slot = Some((entry.into_owned(), span));
        ControlFlow::Continue(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.held.iter().all(Option::is_none) && self.doubtful.is_empty()
    }

    /// First line of what is buffered.
    pub(super) fn first_line(&self) -> u64 {
        self.held.iter().flatten().map(|(_, span)| span.first_line).min().unwrap_or(u64::MAX)
    }

    /// Emits what is buffered, in its order in the log.
    pub(super) fn flush(&mut self, each: Each<'_>) -> ControlFlow<()> {
        self.settle(each)?;
        let mut held = std::mem::take(&mut self.held);
        held.sort_by_key(|held| held.as_ref().map(|(_, span)| span.first_byte));
        held.into_iter().flatten().try_for_each(|(entry, span)| each(entry, span))
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::Stream;
    use super::*;

    fn lines(entries: &[(Stream, End, &str)], transport: &Transport) -> Vec<(String, u64, u64)> {
        let mut pieces = PartialEntries::default();
        let mut seen = Vec::new();
        let mut each = |d: Decoded<'_>, at: Span| {
            seen.push((String::from_utf8_lossy(&d.text).into_owned(), at.first_line, at.last_line));
            ControlFlow::Continue(())
        };
        for (n, (stream, end, text)) in (1..).zip(entries) {
            let mut entry = Decoded::new(transport.clone(), text.as_bytes());
            entry.printed = Some(Printed { stream: *stream, end: *end });
            let at = Span { first_line: n, last_line: n, first_byte: n * 10, last_byte: n * 10 + 9 };
            assert!(pieces.push(entry, at, &mut each).is_continue());
        }
        assert!(pieces.flush(&mut each).is_continue());
        assert!(pieces.is_empty());
        seen
    }

    use End::{Closed, Open, Unclear};
    use Stream::{Stderr, Stdout};

    #[test]
    fn pieces_of_two_streams() {
        let seen = lines(
            &[
                (Stdout, Open, "a"),
                (Stderr, Open, "x"),
                (Stdout, Open, "b"),
                (Stdout, Closed, "c"),
                (Stderr, Closed, "y"),
            ],
            &Transport::Cri,
        );
        assert_eq!(seen, [("abc".into(), 1, 4), ("xy".into(), 2, 5)]);
        assert_eq!(lines(&[(Stderr, Open, "x"), (Stdout, Open, "a")], &Transport::Cri).len(), 2, "the end is lost");
    }

    #[test]
    fn docker_without_a_newline() {
        let docker = |entries: &[(Stream, End, &str)]| {
            lines(entries, &Transport::DockerJson).into_iter().map(|l| l.0).collect::<Vec<_>>()
        };
        assert_eq!(docker(&[(Stdout, Unclear, "a"), (Stdout, Closed, "b")]), ["ab"]);
        assert_eq!(docker(&[(Stdout, Unclear, "a"), (Stdout, Unclear, "b"), (Stdout, Closed, "c")]), ["abc"]);
        let streams = [(Stdout, Unclear, "a"), (Stderr, Unclear, "x"), (Stdout, Closed, "b"), (Stderr, Closed, "y")];
        assert_eq!(docker(&streams), ["ab", "xy"]);
        // a log without any newline was tidied
        assert_eq!(docker(&[(Stdout, Unclear, "a"), (Stdout, Unclear, "b")]), ["a", "b"]);
        // a line that begins like a line is one
        assert_eq!(docker(&[(Stdout, Unclear, "a"), (Stdout, Closed, "[   71.146532] b")]), ["a", "[   71.146532] b"]);
    }

    #[test]
    fn a_line_that_never_ends_stays_bounded() {
        let long = "x".repeat(LONGEST / 4);
        let entries = vec![(Stdout, Open, long.as_str()); 12];
        assert_eq!(lines(&entries, &Transport::Cri)[0].0.len(), LONGEST);
    }
}
