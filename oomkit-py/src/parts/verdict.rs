//! Whether Kubernetes could see it, and what to know before trusting the event.

use super::part;
use oomkit_core::event as model;

part! {
    /// Whether Kubernetes could see the kill, how sure that is, and why.
    Verdict {
        values {
            /// "container_killed" (Kubernetes can see it), "child_killed" (the silent OOM), "not_containerised" or "unknown".
            kind,
            /// How sure that is: "certain", "likely" or "possible".
            confidence,
        }
        parts {
            /// Sentences drawn from the dump.
            evidence,
        }
    }
}

part! {
    /// One fact a verdict rests on.
    Evidence {
        values {
            /// A sentence.
            fact,
            /// The line it was read from, counted from 1.
            line,
        }
    }
}

part! {
    /// Something a reader should know before trusting the event.
    Diagnostic {
        values {
            /// What kind of thing: "head_missing", "tail_missing", "truncated", "lines_lost", "kernel_bug" …
            kind,
            /// A sentence.
            message,
            /// The line it concerns, counted from 1.
            line,
            /// The byte it concerns, counted from 0.
            byte,
        }
    }
}
