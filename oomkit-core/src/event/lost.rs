//! The sentences that say how many lines are gone and who lost them, and their reading back.

use super::{Diagnostic, DiagnosticKind};

/// What a diagnostic says is missing from the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LostLines<'a> {
    /// So many lines, lost by this program (`rsyslog`, `journald`, `the console`, `the kernel's ring`).
    Lines(u64, &'a str),
    /// So many dump heads, held back by the kernel's rate limit: their kill lines stand alone.
    Heads(u64),
}

/// Lines are gone inside a dump.
pub(crate) fn lines_lost_here(count: u64, by: &str) -> String {
    format!("{by}{LOST}{count}{HERE}")
}

/// Lines are gone just before a dump.
pub(crate) fn lines_lost_before(count: u64, by: &str) -> String {
    format!("{by}{LOST}{count}{BEFORE}")
}

/// The kernel printed fewer heads than there were dumps.
pub(crate) fn heads_left_out(count: u64) -> String {
    format!("{HEADS}{count}{LIMITED}")
}

const LOST: &str = " lost ";
const HERE: &str = " lines here";
const BEFORE: &str = " lines before this dump";
const HEADS: &str = "the kernel left out ";
const LIMITED: &str = " dump heads before this dump (rate limit)";

impl Diagnostic {
    /// How many lines are gone and who lost them, where the diagnostic says so.
    pub fn lost(&self) -> Option<LostLines<'_>> {
        if self.kind != DiagnosticKind::LinesLost {
            return None;
        }
        if let Some(count) = self.message.strip_prefix(HEADS).and_then(|rest| rest.strip_suffix(LIMITED)) {
            return Some(LostLines::Heads(count.parse().ok()?));
        }
        let lines = self.message.strip_suffix(HERE).or_else(|| self.message.strip_suffix(BEFORE))?;
        let (by, count) = lines.rsplit_once(LOST)?;
        Some(LostLines::Lines(count.parse().ok()?, by))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sentence_is_read_back() {
        let read = |message: String| {
            let diagnostic = Diagnostic { kind: DiagnosticKind::LinesLost, message, line: None, byte: None };
            diagnostic.lost().map(|lost| format!("{lost:?}"))
        };
        assert_eq!(read(lines_lost_here(24, "journald")).unwrap(), r#"Lines(24, "journald")"#);
        assert_eq!(read(lines_lost_before(3, "the kernel's ring")).unwrap(), r#"Lines(3, "the kernel's ring")"#);
        assert_eq!(read(heads_left_out(12)).unwrap(), "Heads(12)");
        assert_eq!(read("anything else".to_owned()), None);
    }
}
