//! The look-back: where to begin, so that a line in the middle of a log is decoded as if the log had been read from its
//! beginning.

use super::record::Decoded;
use super::{CONSOLE_REACH, entry, json, text_format, text_of};
use crate::event::Transport;
use crate::scan::Line;

/// A lost line counts up to three lines later.
const LEAST: usize = 4;
/// Whether a Docker entry is a piece of a line shows in its neighbours.
const CONTAINER: usize = 8;
/// A gap in the numbers of `/dev/kmsg` counts up to fifty lines later.
const NUMBERED: usize = 52;
/// Lines looked at for one that surely begins a record.
const MOST: usize = 256;

/// How many of the bytes before `line` have to be read with it.
pub(crate) fn lookback_bytes(before: &[u8], line: Line<'_>) -> usize {
    let text = text_of(&line);
    let mut lines = Backwards { text: before };
    let decoded = if json::begins(text) { None } else { text_format(text) };
    let least = match &decoded {
        Some(decoded) if decoded.transport == Transport::Kmsg => NUMBERED,
        Some(decoded) if decoded.printed.is_some() => CONTAINER,
        Some(_) => LEAST,
        None if text.starts_with(b"{\"") => CONTAINER,
        // a program's output before the kernel's line, on a console
        None if memchr::memchr(b'[', text).is_some_and(|at| at > 0) => CONSOLE_REACH as usize,
        None => LEAST,
    };
    let mut first = text;
    for seen in 0..MOST {
        if seen >= least && begins_record(first, lines.text) {
            break;
        }
        let Some(previous) = lines.next() else { break };
        first = previous;
    }
    before.len() - lines.text.len()
}

/// Whether the line has a format that one line is enough for.
pub(crate) fn is_standalone(line: Line<'_>) -> bool {
    let text = text_of(&line);
    text_format(text).is_some() || text.starts_with(b"{\"") && json::begins(text)
}

/// Whether a line begins a record whatever is before it.
fn begins_record(line: &[u8], before: &[u8]) -> bool {
    let previous = Backwards { text: before }.next().unwrap_or_default();
    match line.first() {
        None | Some(b' ' | b'\t' | b'}' | b']' | b'"' | b',') => return false,
        Some(b'{') if json::begins(line) => return !is_piece(previous),
        _ => {}
    }
    if line.starts_with(b"__CURSOR=") {
        return true;
    }
    if memchr::memchr(b'=', line).is_some_and(|at| entry::is_field_name(&line[..at])) {
        return previous.is_empty() && line.starts_with(b"__");
    }
    let Some(decoded) = text_format(line) else { return false };
    // several lines with one stamp of the kernel's clock may be one record
    let again = |other: Decoded<'_>| other.monotonic == decoded.monotonic;
    !is_piece(previous) && (decoded.monotonic.is_none() || !text_format(previous).is_some_and(again))
}

/// Whether a container's line continues in the next entry, or may do so.
fn is_piece(line: &[u8]) -> bool {
    use super::record::{End, Printed};
    match text_format(line).and_then(|decoded| decoded.printed) {
        Some(Printed { end, .. }) => end != End::Closed,
        None => line.starts_with(b"{\"log\":") && memchr::memmem::find(line, b"\\n\",\"stream\"").is_none(),
    }
}

/// The lines of a text, from the last to the first.
struct Backwards<'t> {
    text: &'t [u8],
}

impl<'t> Iterator for Backwards<'t> {
    type Item = &'t [u8];

    fn next(&mut self) -> Option<&'t [u8]> {
        let text = self.text.strip_suffix(b"\n")?;
        let start = memchr::memrchr(b'\n', text).map_or(0, |at| at + 1);
        self.text = &self.text[..start];
        let line = &text[start..];
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }
}
