//! Cheap checks of what is next to a companion's literal, on the raw line without decoding it.
//!
//! A line may be JSON, its quotes escaped, or be cut after any byte: what is not there because the line ends is no reason to
//! reject it.

use super::kubelet::{CONTAINER_DIED, CONTAINER_FINISHED};
use memchr::{memchr, memmem, memrchr};

/// Pieces of longer records are at least this long (Docker and the CRI cut at 16 KiB): what belongs to the literal may be
/// in another piece.
const PIECE: usize = 4096;
/// Digits of a container's id that every program prints.
const SHORT_ID: usize = 12;

pub(super) fn holds(text: &[u8], wanted: &str) -> bool {
    text.len() >= PIECE || memmem::find(text, wanted.as_bytes()).is_some()
}

/// Whether a text begins so, as far as it goes.
pub(super) fn goes_on(text: &[u8], wanted: &[u8]) -> bool {
    text.starts_with(wanted) || wanted.starts_with(text)
}

/// Whether a program's text may begin here: no word is before it. `host app[1]: text`, `"MESSAGE":"text`, `level] "text`.
pub(super) fn begins_text(before: &[u8]) -> bool {
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

/// Whether a systemd unit is before it, with these words between them: `a.service: `. A unit has a dot and no blank.
pub(super) fn after_unit(before: &[u8], words: &str) -> bool {
    let Some(before) = before.strip_suffix(words.as_bytes()) else { return false };
    let unit = memrchr(b' ', before).map_or(0, |blank| blank + 1);
    memchr(b'.', &before[unit..]).is_some()
}

/// Whether systemd-oomd names a cgroup there: `Killed /a.slice`, `Marked /a.slice for killing`.
pub(super) fn names_oomd_victim(before: &[u8]) -> bool {
    holds(before, "Killed ") || holds(before, "Marked ")
}

/// Whether a single quote ends there.
pub(super) fn is_quote_end(before: &[u8]) -> bool {
    before.ends_with(b"'") || before.ends_with(br"\u0027")
}

/// After `SIG`: `TERM` or `KILL`.
pub(super) fn names_signal(text: &[u8]) -> bool {
    goes_on(text, b"TERM") || goes_on(text, b"KILL")
}

pub(super) fn is_number(text: &[u8]) -> bool {
    text.trim_ascii_start().first().is_none_or(u8::is_ascii_digit)
}

/// Whether a text begins with a container's id.
pub(super) fn is_id(text: &[u8]) -> bool {
    let digits = text.iter().take_while(|b| b.is_ascii_hexdigit()).count();
    digits >= SHORT_ID || digits == text.len()
}

/// Whether a container's id is anywhere in a part of the line.
pub(super) fn has_id(line: &[u8]) -> bool {
    // of twelve digits in a row, one is at a place that twelve divides
    let is_inside_id = |at: usize| {
        let after = line[at..].iter().take_while(|b| b.is_ascii_hexdigit()).count();
        let before = line[..at].iter().rev().take_while(|b| b.is_ascii_hexdigit()).count();
        after > 0 && before + after >= SHORT_ID
    };
    line.len() >= PIECE || (0..line.len()).step_by(SHORT_ID).any(is_inside_id)
}

/// Whether kubelet's lifecycle generator says that a container died.
pub(super) fn pod_lifecycle(before: &[u8], after: &[u8]) -> bool {
    before.ends_with(b"SyncLoop ") && holds(after, CONTAINER_DIED)
        || before.ends_with(b"Generic ") && goes_on(after, CONTAINER_FINISHED.as_bytes())
}
