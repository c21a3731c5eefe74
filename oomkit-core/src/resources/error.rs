//! Errors of inputs: which one, where in it, which field, and what was expected there.

use crate::error::{Error, ErrorKind, Position};
use std::io;

impl Error {
    /// An input that is wrong as a whole.
    pub(super) fn input(name: &str, reason: impl Into<String>) -> Self {
        Self::of_input(name, None, String::new(), reason.into())
    }

    pub(super) fn input_at(name: &str, line: usize, column: usize, reason: impl Into<String>) -> Self {
        Self::of_input(name, Some(Position::new(line, column)), String::new(), reason.into())
    }

    fn of_input(name: &str, position: Option<Position>, field: String, reason: String) -> Self {
        ErrorKind::Input { name: name.to_owned(), position, field, reason }.into()
    }

    /// A reader that failed.
    pub(super) fn input_io(name: &str, error: io::Error) -> Self {
        ErrorKind::Io { name: Some(name.to_owned()), error }.into()
    }

    /// JSON that cannot be read; `expected` is said of what is not JSON at all.
    pub(super) fn json(name: &str, field: &impl ToString, error: serde_json::Error, expected: &str) -> Self {
        use serde_json::error::Category;
        let category = error.classify();
        if category == Category::Io {
            return Self::input_io(name, error.into());
        }
        let (line, column) = (error.line(), error.column());
        let field = Some(field.to_string()).filter(|field| field != ".").unwrap_or_default();
        let text = error.to_string();
        let text = text.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&text);
        let reason = match category {
            Category::Eof => format!("the JSON ends too early ({text})"),
            Category::Syntax if field.is_empty() => format!("{expected} ({text})"),
            Category::Syntax => format!("not JSON ({text})"),
            Category::Io | Category::Data => text.to_owned(),
        };
        // serde_json has no place for what it reads from a value
        let position = (line > 0).then(|| Position::new(line, column));
        Self::of_input(name, position, field, reason)
    }

    /// The same error in a text that begins so many lines further down.
    pub(super) fn lines_below(mut self, lines: usize) -> Self {
        if let ErrorKind::Input { position: Some(position), .. } = &mut *self.0 {
            position.line += lines;
        }
        self
    }

    /// The same error in a line that was read by itself.
    pub(super) fn in_line(mut self, line: usize) -> Self {
        if let ErrorKind::Input { position, .. } = &mut *self.0 {
            let column = position.map_or(1, |position| position.column);
            *position = Some(Position::new(line, column));
        }
        self
    }
}
