//! Continuation lines: what the kernel printed in pieces (`pr_cont`) while other records came in between is held until the
//! next piece, or until it is clear that there is none.

use crate::kernel::{parse, pr_cont};
use crate::transport::{OwnedRecord, Record};

/// Foreign records that may come between two pieces.
const MOST_BETWEEN: u32 = 20;
/// A record of the kernel is at most 1024 bytes long; a line of several is not much longer.
const LONGEST: usize = 4096;
/// Callers whose lines are open at once.
const MOST_OPEN: usize = 8;

/// A line that has begun.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) record: OwnedRecord,
    between: u32,
}

/// What to read now.
#[derive(Debug)]
pub(super) struct Ready {
    /// A line that has its last piece, or gets no further one. It comes before the record.
    pub(super) line: Option<OwnedRecord>,
    /// Whether the record itself is to be read: it may be a piece.
    pub(super) record: bool,
}

/// Routes a record and says what is ready to be read. Callers print side by side: each continues its own line.
pub(super) fn next(open: &mut Vec<Open>, record: &Record<'_>, is_whole: bool) -> Ready {
    if is_whole && open.is_empty() {
        return Ready { line: None, record: true };
    }
    let single = record.wrapped_from >= record.text.len() && memchr::memchr(b'\n', record.text).is_none();
    let begins = single && pr_cont::is_open(record.text);
    let Some(at) = open.iter().position(|held| held.may_be_of(record)) else {
        return Ready { line: if begins { begin(open, record) } else { None }, record: !begins };
    };
    let mut held = open.remove(at);
    if single && held.goes_on_with(record) {
        held.record.text.extend_from_slice(record.text);
        held.record.span.extend(&record.span);
        held.between = 0;
        if pr_cont::is_open(&held.record.text) {
            open.push(held);
            return Ready { line: None, record: false };
        }
        return Ready { line: Some(held.record), record: false };
    }
    held.between += 1;
    // a line of the dump shows that the rest is lost, or that there was none
    if !begins && held.between <= MOST_BETWEEN && single && parse(record.text).is_none() {
        open.push(held);
        return Ready { line: None, record: true };
    }
    if begins {
        begin(open, record);
    }
    Ready { line: Some(held.record), record: !begins }
}

/// Holds a line; hands back the oldest where too many are held.
fn begin(open: &mut Vec<Open>, record: &Record<'_>) -> Option<OwnedRecord> {
    let oldest = (open.len() >= MOST_OPEN).then(|| open.remove(0).record);
    open.push(Open { record: record.into(), between: 0 });
    oldest
}

impl Open {
    /// Whether the same task or processor may have printed both.
    fn may_be_of(&self, record: &Record<'_>) -> bool {
        let mine = self.record.caller;
        mine.is_none() || record.caller.is_none() || mine == record.caller
    }

    fn goes_on_with(&self, record: &Record<'_>) -> bool {
        self.record.text.len() < LONGEST && pr_cont::continues(&self.record.text, record.text)
    }
}
