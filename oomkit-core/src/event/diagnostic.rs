//! Diagnostics: what a reader should know before trusting an event, and how many lines are lost.

use super::word::words;
use serde::{Deserialize, Deserializer, Serialize};

words! {
    /// What was odd about a dump.
    DiagnosticKind {
        /// The first part of the dump is not in the log.
        HeadMissing = "head_missing",
        /// The last part is not in the log.
        TailMissing = "tail_missing",
        /// A block between head and end is not in the log.
        BlockMissing = "block_missing",
        /// A line is cut; what the cut made uncertain is left out.
        Truncated = "truncated",
        /// The transport replaced bytes that cannot be recovered.
        BytesLost = "bytes_lost",
        /// The kernel dropped dump heads or lines, or the collector did.
        LinesLost = "lines_lost",
        /// Values of two lines that should agree do not.
        Inconsistent = "inconsistent",
        /// A limit of the parser was reached.
        LimitReached = "limit_reached",
        /// The page size is assumed.
        PageSizeAssumed = "page_size_assumed",
        /// A value was concluded from others, not printed.
        Assumed = "assumed",
        /// The OOM reaper failed, so the victim's memory may have stayed for a while.
        NotReaped = "not_reaped",
        /// Another task shares the victim's memory and cannot be killed.
        MemoryPinned = "memory_pinned",
        /// The task chosen was exiting by itself: nothing was killed.
        VictimExiting = "victim_exiting",
        /// A known bug of this kernel was corrected.
        KernelBug = "kernel_bug",
        /// A line that stands where a dump line should could not be read.
        Unreadable = "unreadable",
        /// The log holds lines of the dump twice.
        LinesRepeated = "lines_repeated",
        /// The log runs from the newest line to the oldest.
        OrderReversed = "order_reversed",
    }
}

/// Something a reader should know before trusting the event.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[cfg_attr(feature = "deny-unknown-fields", serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct Diagnostic {
    /// What kind of thing.
    pub kind: DiagnosticKind,
    /// A sentence.
    pub message: String,
    /// The line it concerns, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The byte it concerns, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byte: Option<u64>,
    /// What is missing, where the kind is [`DiagnosticKind::LinesLost`]. JSON has it in the message only.
    #[serde(skip)]
    pub lost: Option<LostLines>,
}

/// What is missing from a log, as those who lost it count it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LostLines {
    /// Lines of the log.
    Lines {
        /// How many.
        count: u64,
        /// Who lost them: `rsyslog`, `journald`, `the console`, `the kernel's ring`.
        by: String,
    },
    /// Dump heads that the kernel's rate limit held back: their kill lines are alone.
    Heads {
        /// How many.
        count: u64,
    },
}

/// Where lines are lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LossPlace {
    /// Inside the dump.
    Here,
    /// Just before it.
    Before,
}

impl Diagnostic {
    /// `at` is the line and the byte it concerns.
    pub(crate) fn new(kind: DiagnosticKind, message: impl Into<String>, at: Option<(u64, u64)>) -> Self {
        Self { kind, message: message.into(), line: at.map(|at| at.0), byte: at.map(|at| at.1), lost: None }
    }

    pub(crate) fn lines_lost(lost: LostLines, place: LossPlace, at: Option<(u64, u64)>) -> Self {
        let message = match &lost {
            LostLines::Heads { count } => format!("{HEADS}{count}{LIMITED}"),
            LostLines::Lines { count, by } => {
                format!("{by}{LOST}{count}{}", if place == LossPlace::Here { HERE } else { BEFORE })
            }
        };
        Self { lost: Some(lost), ..Self::new(DiagnosticKind::LinesLost, message, at) }
    }
}

const LOST: &str = " lost ";
const HERE: &str = " lines here";
const BEFORE: &str = " lines before this dump";
const HEADS: &str = "the kernel left out ";
const LIMITED: &str = " dump heads before this dump (rate limit)";

/// JSON has the facts of a loss in its sentence only.
fn lost_in_message(message: &str) -> Option<LostLines> {
    if let Some(count) = message.strip_prefix(HEADS).and_then(|rest| rest.strip_suffix(LIMITED)) {
        return Some(LostLines::Heads { count: count.parse().ok()? });
    }
    let lines = message.strip_suffix(HERE).or_else(|| message.strip_suffix(BEFORE))?;
    let (by, count) = lines.rsplit_once(LOST)?;
    Some(LostLines::Lines { count: count.parse().ok()?, by: by.to_owned() })
}

impl<'de> Deserialize<'de> for Diagnostic {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[cfg_attr(feature = "deny-unknown-fields", serde(deny_unknown_fields))]
        struct Written {
            kind: DiagnosticKind,
            message: String,
            line: Option<u64>,
            byte: Option<u64>,
        }
        let Written { kind, message, line, byte } = Written::deserialize(deserializer)?;
        let lost = if kind == DiagnosticKind::LinesLost { lost_in_message(&message) } else { None };
        Ok(Self { kind, message, line, byte, lost })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_survives_json() {
        let lines = |count, by: &str| LostLines::Lines { count, by: by.to_owned() };
        for (lost, place, message) in [
            (lines(24, "journald"), LossPlace::Here, "journald lost 24 lines here"),
            (lines(3, "the kernel's ring"), LossPlace::Before, "the kernel's ring lost 3 lines before this dump"),
            (
                LostLines::Heads { count: 12 },
                LossPlace::Before,
                "the kernel left out 12 dump heads before this dump (rate limit)",
            ),
        ] {
            let diagnostic = Diagnostic::lines_lost(lost, place, Some((7, 99)));
            let json = serde_json::to_string(&diagnostic).unwrap();
            assert_eq!(json, format!(r#"{{"kind":"lines_lost","message":"{message}","line":7,"byte":99}}"#));
            assert_eq!(serde_json::from_str::<Diagnostic>(&json).unwrap(), diagnostic);
        }
        let other = Diagnostic::new(DiagnosticKind::LinesLost, "anything else", None);
        let json = serde_json::to_string(&other).unwrap();
        assert_eq!(serde_json::from_str::<Diagnostic>(&json).unwrap(), other);
    }
}
