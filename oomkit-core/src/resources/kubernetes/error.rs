//! Why objects could not be read: which file, where in it, which field, and what was expected.

use std::fmt;

/// Objects that could not be read.
#[derive(Debug)]
pub struct ReadError {
    source: String,
    line: usize,
    column: usize,
    field: String,
    reason: String,
    io: Option<std::io::Error>,
}

pub(super) const EXPECTED: &str = "expected JSON, as `kubectl get pods,nodes -A -o json` prints it";

impl ReadError {
    /// The line of the text, counted from 1; 0 when no place is to blame.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column, counted from 1.
    pub fn column(&self) -> usize {
        self.column
    }

    /// The field: `items[3].spec.containers[0].resources.limits.memory`; empty for the text as a whole.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The reader's error, when it was the reader that failed.
    pub fn io(&self) -> Option<&std::io::Error> {
        self.io.as_ref()
    }

    /// `expected` stands for what is not JSON at all.
    pub(in crate::resources) fn json(
        source: &str,
        field: &impl ToString,
        error: serde_json::Error,
        expected: &str,
    ) -> Self {
        use serde_json::error::Category;
        let (line, column) = (error.line(), error.column());
        let field = Some(field.to_string()).filter(|field| field != ".").unwrap_or_default();
        let text = error.to_string();
        let text = text.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&text).to_owned();
        let reason = match error.classify() {
            Category::Eof => format!("the JSON ends too early ({text})"),
            Category::Syntax if field.is_empty() => format!("{expected} ({text})"),
            Category::Syntax => format!("not JSON ({text})"),
            Category::Io | Category::Data => text,
        };
        let io = error.is_io().then(|| std::io::Error::from(error));
        Self { source: source.to_owned(), line, column, field, reason, io }
    }

    pub(super) fn empty(source: &str, expected: &str) -> Self {
        Self::whole(source, format!("is empty; {expected}"))
    }

    pub(super) fn nothing(source: &str) -> Self {
        Self::whole(source, format!("holds neither pods nor nodes; {EXPECTED}"))
    }

    pub(in crate::resources) fn at(source: &str, line: usize, column: usize, reason: String) -> Self {
        Self { line, column, ..Self::whole(source, reason) }
    }

    /// Of a text that begins so many lines further down.
    pub(in crate::resources) fn below(self, lines: usize) -> Self {
        Self { line: self.line + lines, ..self }
    }

    /// Of a line that was read by itself.
    pub(in crate::resources) fn in_line(self, line: usize) -> Self {
        Self { line, ..self }
    }

    pub(in crate::resources) fn io_error(source: &str, error: std::io::Error) -> Self {
        Self {
            io: Some(std::io::Error::new(error.kind(), error.to_string())),
            ..Self::whole(source, error.to_string())
        }
    }

    pub(in crate::resources) fn whole(source: &str, reason: String) -> Self {
        Self { source: source.to_owned(), line: 0, column: 0, field: String::new(), reason, io: None }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)?;
        if self.io.is_none() && self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        if !self.field.is_empty() {
            write!(f, ": {}", self.field)?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for ReadError {}
