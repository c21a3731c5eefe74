//! Excerpts: the lines of one dump, cut out of its log, and which of them are other hosts' or programs'.

pub(crate) mod records;

use crate::event::{Event, Origin};
use crate::options::Format;
use records::Piece;
use std::ops::Range;

/// Where in the text of a dump lines stand that are not the dump's: those of other hosts and of other programs, as far
/// as the log format tells. `text` is what stands at the event's `source`, in whole lines.
///
/// ```
/// use oomkit_core::{Format, excerpt};
///
/// let log = b"\
/// Mar 30 12:00:01 web1 kernel: Out of memory: Kill process 42 (java) score 900 or sacrifice child
/// Mar 30 12:00:01 web1 sshd[7]: Accepted publickey for root
/// Mar 30 12:00:01 web1 kernel: Killed process 42 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB
/// ";
/// let event = &oomkit_core::parse(log)[0];
/// let [foreign] = &excerpt::foreign_lines(log, event, Format::Auto)[..] else { panic!() };
/// assert!(log[foreign.clone()].ends_with(b" sshd[7]: Accepted publickey for root\n"));
/// ```
pub fn foreign_lines(text: &[u8], event: &Event, format: Format) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    records::each(text, format, &mut |piece: Piece<'_>| {
        if !is_of(&piece, event) {
            match found.last_mut() {
                Some(last) if last.end == piece.bytes.start => last.end = piece.bytes.end,
                _ => found.push(piece.bytes),
            }
        }
    });
    found
}

/// Whether a record may be the event's: its host's, and written by whoever wrote the event.
pub(crate) fn is_of(piece: &Piece<'_>, event: &Event) -> bool {
    let record = &piece.record;
    let host = match (record.host, &event.host) {
        (Some(host), Some(expected)) => String::from_utf8_lossy(host) == *expected,
        _ => true,
    };
    let user = record.program.is_some() || *record.origin == Origin::User;
    host && (!user || event.source.origin == Origin::User)
}
