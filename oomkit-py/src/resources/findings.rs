//! What lint found, one frozen class each. `docs/lint.md` has the rules.

use crate::parts::part;

/// The core's structs, under the names that tell them apart among all measures.
mod model {
    pub(super) use oomkit_core::resources::lint::{
        Checked, Finding, Ignored as IgnoredFinding, Problem, Report as LintReport,
    };
}

part! {
    /// All findings, and what was looked at.
    LintReport of "oomkit.resources" {
        values {
            /// Version of the JSON: 1.
            schema_version,
            /// What a reader should know.
            notes,
        }
        parts {
            /// In order of files and places.
            findings,
            /// What was looked at.
            checked,
            /// Findings that do not count, each with the reason.
            ignored,
            /// What could not be read (`strict=False`).
            errors,
        }
    }
}

part! {
    /// Something to change.
    Finding of "oomkit.resources" {
        values {
            /// The rule: `OM005`.
            id,
            /// `error`, `warn` or `note`.
            severity,
            /// The path, or the name that was given.
            file,
            /// From 1.
            line,
            /// In code points, from 1.
            column,
            /// Line of the place's end.
            end_line,
            /// The first column behind it.
            end_column,
            /// `Deployment`.
            kind,
            /// Namespace of the object; `None` where it names none.
            namespace,
            /// Name of the object.
            name,
            /// The container, where it is about one.
            container,
            /// What it is about: `limits.memory`, `volumes/cache`.
            field,
            /// The sentence.
            message,
            /// The same wherever in its file the finding stands: hash of id, kind, namespace, name, container and field.
            fingerprint,
        }
    }
}

part! {
    /// A finding that does not count.
    IgnoredFinding of "oomkit.resources" {
        values {
            /// The rule: `OM005`.
            id in finding,
            /// `error`, `warn` or `note`.
            severity in finding,
            /// The path, or the name that was given.
            file in finding,
            /// From 1.
            line in finding,
            /// In code points, from 1.
            column in finding,
            /// Line of the place's end.
            end_line in finding,
            /// The first column behind it.
            end_column in finding,
            /// `Deployment`.
            kind in finding,
            /// Namespace of the object; `None` where it names none.
            namespace in finding,
            /// Name of the object.
            name in finding,
            /// The container, where it is about one.
            container in finding,
            /// What it is about: `limits.memory`, `volumes/cache`.
            field in finding,
            /// The sentence.
            message in finding,
            /// The same wherever in its file the finding stands: hash of id, kind, namespace, name, container and field.
            fingerprint in finding,
            /// By what: `annotation`, `baseline`.
            by,
            /// As the annotation gives it.
            reason,
        }
    }
}

part! {
    /// How much was looked at.
    Checked of "oomkit.resources" {
        values {
            /// Objects that declare memory.
            objects,
            /// Their containers.
            containers,
            /// Files that held any.
            files,
        }
    }
}

part! {
    /// Something that could not be read, and what was expected there.
    Problem of "oomkit.resources" {
        values {
            /// The path, or the name that was given.
            file,
            /// From 1.
            line,
            /// In code points, from 1.
            column,
            /// `spec.template.spec.containers`; empty for the text as a whole.
            field,
            /// What is wrong there.
            message,
        }
    }
}
