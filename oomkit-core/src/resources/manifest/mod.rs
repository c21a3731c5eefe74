//! Manifests with their positions: YAML and JSON of every workload kind, lists, Helm's output, Compose files.

mod amount;
mod compose;
mod kinds;
mod model;
mod text;
mod tree;

pub(super) use amount::Amount;
pub(super) use model::{Declared, Dialect, Object, PodTemplate, Range};
pub(super) use text::{Spot, Text};

use serde::{Deserialize, Serialize};
use std::fmt;

/// Objects of one file; lists made of aliases could hold any number.
const OBJECTS: usize = 500_000;
/// A file is read whole, for its positions.
const BYTES: usize = 1 << 30;
/// Lists in lists.
const DEPTH: u8 = 4;

/// A file that was read.
#[derive(Debug, Default)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) text: Text,
    pub(super) objects: Vec<Object>,
    /// Documents and objects that declare no memory.
    pub(super) others: u64,
}

/// Something that could not be read, and what was expected there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
#[non_exhaustive]
pub struct Problem {
    /// The path, or the name that was given.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In code points, from 1.
    pub column: usize,
    /// `spec.template.spec.containers`; empty for the text as a whole.
    pub field: String,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.file, self.line, self.column)?;
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.message)
    }
}

/// A file while it is read.
struct Reading<'a> {
    file: File,
    problems: Vec<Problem>,
    /// Further kinds, and the way to their pod template.
    templates: &'a [(String, String)],
}

impl Reading<'_> {
    fn problem(&mut self, at: Spot, field: &str, message: String) {
        // a list of a million wrong items is one mistake
        if self.problems.len() < 100 {
            let (line, column) = self.file.text.position(at.start);
            let (file, field) = (self.file.name.clone(), field.to_owned());
            self.problems.push(Problem { file, line, column, field, message });
        }
    }
}

/// Reads a file; what could be read counts, whatever else is wrong.
pub(super) fn read(name: &str, bytes: &[u8], templates: &[(String, String)]) -> (File, Vec<Problem>) {
    let mut file = File { name: name.to_owned(), ..File::default() };
    let whole = |line, column, message| Problem { file: name.to_owned(), line, column, field: String::new(), message };
    if bytes.len() > BYTES {
        return (file, vec![whole(1, 1, format!("is larger than {} MiB; split it", BYTES >> 20))]);
    }
    let text = match Text::decode(bytes) {
        Ok(text) => text,
        Err((line, column, message)) => return (file, vec![whole(line, column, message)]),
    };
    let source = text.as_str().to_owned();
    file.text = text;
    let mut reading = Reading { file, problems: Vec::new(), templates };
    for (base, part) in parts(&source) {
        tree::documents(part, base, |document| match document {
            Ok(tree) if compose::is_one(tree.root()) => compose::read(&mut reading, tree.root()),
            Ok(tree) => kinds::object(&mut reading, tree.root(), "", None, DEPTH),
            Err(broken) => {
                let at = Spot { start: broken.at, end: broken.at };
                // templates break YAML in many ways, and far from the place
                let before = &source.as_bytes()[..broken.at.min(source.len())];
                let line = before.split_inclusive(|byte| *byte == b'\n').count();
                let template = source.lines().skip(line.saturating_sub(3)).take(6).any(|line| line.contains("{{"));
                let message = if template || source.contains("{{-") {
                    format!(
                        "a Helm template that was not rendered; lint the output of `helm template` ({})",
                        broken.message
                    )
                } else {
                    format!("not YAML: {}", broken.message)
                };
                reading.problem(at, "", message);
            }
        });
    }
    (reading.file, reading.problems)
}

/// JSON objects one after the other are no YAML: each is a text of its own.
fn parts(text: &str) -> Vec<(usize, &str)> {
    if text.trim_start().starts_with('{') {
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
        let mut parts = Vec::new();
        let mut from = 0;
        while let Some(Ok(_)) = values.next() {
            parts.push((from, &text[from..values.byte_offset()]));
            from = values.byte_offset();
        }
        if text[from..].trim().is_empty() && parts.len() > 1 {
            return parts;
        }
    }
    vec![(0, text)]
}
