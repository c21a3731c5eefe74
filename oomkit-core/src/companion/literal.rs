//! A text that is in every line of a kind, and the checks of its neighbours, on the raw line without decoding it.
//!
//! A line may be JSON, its quotes escaped, or be cut after any byte: what is missing because the line ends is no reason
//! to reject it.

use super::reporter::Reporter;
use crate::scan;
use memchr::memmem;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Literal {
    pub(super) text: &'static str,
    /// Its confirmation is never false for a line that [`super::recognise`] accepts, in any transport; nor for one
    /// that is cut.
    pub(crate) search: scan::Literal,
    /// Whose notice it may be where it bears on a verdict; empty where it never does.
    pub(crate) reporters: &'static [Reporter],
}

type Confirm = fn(before: &[u8], after: &[u8]) -> bool;

impl Literal {
    /// One that bears on no verdict.
    pub(super) const fn new(text: &'static str, confirm: Confirm) -> Self {
        Self::notice(text, confirm, &[])
    }

    /// One of a line that says of a container that it ended, or that its memory ran out.
    pub(super) const fn notice(text: &'static str, confirm: Confirm, reporters: &'static [Reporter]) -> Self {
        Self { text, search: scan::Literal { text: text.as_bytes(), confirm }, reporters }
    }

    pub(super) fn is_in(&self, text: &[u8]) -> bool {
        memmem::find(text, self.search.text).is_some()
    }

    /// What follows it where a text begins with it.
    pub(super) fn strip<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        text.strip_prefix(self.search.text)
    }
}

/// Pieces of longer records are at least this long (Docker and the CRI cut at 16 KiB): what belongs to the literal may
/// be in another piece.
pub(crate) const PIECE: usize = 4096;
/// Digits of a container's id that every program prints.
pub(crate) const SHORT_ID: usize = 12;

pub(super) fn may_hold(text: &[u8], wanted: &str) -> bool {
    text.len() >= PIECE || memmem::find(text, wanted.as_bytes()).is_some()
}

/// Whether a text begins so, as far as it reaches.
pub(super) fn may_begin(text: &[u8], wanted: &[u8]) -> bool {
    text.starts_with(wanted) || wanted.starts_with(text)
}

/// Whether a program's text may begin here: no word is before it. `host app[1]: text`, `"MESSAGE":"text`, `level] "text`.
pub(super) fn at_start(before: &[u8], _: &[u8]) -> bool {
    match before.trim_ascii_end() {
        [.., b'\\', b't' | b'n' | b'r'] => true,
        [.., last] => !last.is_ascii_alphanumeric(),
        [] => true,
    }
}

/// Whether a number is before it, and this before the number.
pub(super) fn follows_number(before: &[u8], name: &[u8]) -> bool {
    let before = before.trim_ascii_end();
    let digits = before.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    digits > 0 && before[..before.len() - digits].ends_with(name)
}

/// Whether a container's id is next.
pub(super) fn before_id(_: &[u8], after: &[u8]) -> bool {
    let digits = after.iter().take_while(|b| b.is_ascii_hexdigit()).count();
    digits >= SHORT_ID || digits == after.len()
}

/// Whether a container's id is anywhere in the line.
pub(super) fn with_id(before: &[u8], after: &[u8]) -> bool {
    [before, after].iter().any(|part| part.len() >= PIECE || hex_runs(part).next().is_some())
}

/// Runs of at least as many hexadecimal digits as a short id has, each with where it begins.
pub(crate) fn hex_runs(line: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            // of twelve digits in a row, each is among them; the last is looked at first
            let window = line.get(from..from + SHORT_ID)?;
            if let Some(other) = window.iter().rposition(|byte| !HEX[usize::from(*byte)]) {
                from += other + 1;
                continue;
            }
            let start = from;
            from += line[from..].iter().take_while(|byte| HEX[usize::from(**byte)]).count();
            return Some((start, &line[start..from]));
        }
    })
}

/// Which bytes are hexadecimal digits.
const HEX: [bool; 256] = {
    let mut digits = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        digits[byte] = (byte as u8).is_ascii_hexdigit();
        byte += 1;
    }
    digits
};
