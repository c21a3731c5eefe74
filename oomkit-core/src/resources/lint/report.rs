//! What lint found, in the JSON that `oomkit lint --format json` prints.

use super::Severity;
use crate::resources::manifest::Problem;
use serde::{Deserialize, Serialize};

/// All findings, and what was looked at.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Report {
    /// Version of the JSON: 1.
    pub schema_version: u32,
    /// In order of files and places.
    pub findings: Vec<Finding>,
    /// What was looked at.
    pub checked: Checked,
    /// Findings that do not count, each with the reason.
    pub ignored: Vec<Ignored>,
    /// What could not be read.
    pub errors: Vec<Problem>,
    /// What a reader should know.
    pub notes: Vec<String>,
    /// Every container that was looked at.
    #[serde(skip)]
    pub subjects: Vec<Subject>,
}

/// A container that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Subject {
    /// As it was named.
    pub file: String,
    /// As [`Finding::object`] has it.
    pub object: String,
    /// Its name.
    pub container: String,
}

/// Something to change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Finding {
    /// The rule: `OM005`.
    pub id: String,
    /// How bad it is: `error`, `warn` or `note`.
    pub severity: Severity,
    /// The path, or the name that was given.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In code points, from 1.
    pub column: usize,
    /// Line of the place's end.
    pub end_line: usize,
    /// The first column behind it.
    pub end_column: usize,
    /// `Deployment`.
    pub kind: String,
    /// Namespace of the object; null where it names none.
    pub namespace: Option<String>,
    /// Name of the object.
    pub name: Option<String>,
    /// The container, where it is about one.
    pub container: Option<String>,
    /// What it is about: `limits.memory`, `volumes/cache`.
    pub field: String,
    /// The sentence.
    pub message: String,
    /// The same wherever in its file the finding stands: hash of id, kind, namespace, name, container and field.
    pub fingerprint: String,
    /// The line of the text, for an excerpt.
    #[serde(skip)]
    pub source_line: String,
}

/// How much was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Checked {
    /// Objects that declare memory.
    pub objects: u64,
    /// Their containers.
    pub containers: u64,
    /// Files that held any.
    pub files: u64,
}

/// A finding that does not count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Ignored {
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
    /// By what: `annotation`, `baseline`.
    pub by: String,
    /// As the annotation gives it.
    pub reason: Option<String>,
}

impl Report {
    /// How many findings there are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// The worst finding.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }
}

impl Finding {
    /// `Deployment shop/web`.
    pub fn object(&self) -> String {
        shown(&self.kind, self.namespace.as_deref(), self.name.as_deref())
    }
}

pub(super) fn shown(kind: &str, namespace: Option<&str>, name: Option<&str>) -> String {
    let name = name.unwrap_or("?");
    match namespace {
        Some(namespace) => format!("{kind} {namespace}/{name}"),
        None => format!("{kind} {name}"),
    }
}
