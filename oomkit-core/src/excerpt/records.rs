//! The records of an excerpt, each with its bytes.

use crate::options::{Format, Limits};
use crate::scan::lines_of;
use crate::transport::{Decoder, Record};
use std::ops::{ControlFlow, Range};

/// A record, and the whole lines it is on.
pub(crate) struct Piece<'a> {
    pub(crate) bytes: Range<usize>,
    pub(crate) record: &'a Record<'a>,
}

pub(crate) fn each(text: &[u8], format: Format, take: &mut dyn FnMut(Piece<'_>)) {
    let mut decoder = Decoder::new(format);
    let mut record = |record: Record<'_>| {
        take(Piece { bytes: whole_lines(text, &record), record: &record });
        ControlFlow::Continue(())
    };
    // nothing breaks
    for line in lines_of(text, Limits::default().line_bytes) {
        let _ = decoder.line(line, &mut record);
    }
    let _ = decoder.finish(&mut record);
}

/// From a record's first byte to the end of its last line, line break included.
fn whole_lines(text: &[u8], record: &Record<'_>) -> Range<usize> {
    let at = |byte: u64| usize::try_from(byte).map_or(text.len(), |byte| byte.min(text.len()));
    let (start, last) = (at(record.span.first_byte), at(record.span.last_byte));
    let end = text.get(last..).and_then(|rest| memchr::memchr(b'\n', rest)).map_or(text.len(), |n| last + n + 1);
    start..end
}
