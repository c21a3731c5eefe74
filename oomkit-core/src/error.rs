//! The one error of this crate. Log content never causes it: damage in a log is data.

use crate::units::Quantity;
use std::{fmt, io};

/// A value that cannot be used, or an input that cannot be read.
///
/// Its text says everything once: which input, where in it, and what was expected there. [`source`](std::error::Error::source)
/// is only what lies below that text, so that printing the chain repeats nothing.
///
/// ```
/// use oomkit_core::ErrorKind;
///
/// let error = "Mars/Olympus".parse::<oomkit_core::Timezone>().unwrap_err();
/// assert!(error.is_option() && !error.is_io());
/// assert!(matches!(error.kind(), ErrorKind::Option { option: "timezone", .. }));
/// assert_eq!(error.to_string(), r#"timezone: "Mars/Olympus" is not `UTC` or an offset such as `+02:00`"#);
/// ```
#[derive(Debug)]
pub struct Error(pub(crate) Box<ErrorKind>);

/// What went wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An option's value cannot be used.
    #[error("{option}: {value:?} is not {expected}")]
    #[non_exhaustive]
    Option {
        /// The option's name.
        option: &'static str,
        /// The value given.
        value: String,
        /// What would have been right, with an example.
        expected: &'static str,
    },
    /// A text is not what was expected, whatever it was given for.
    #[error("{text:?} is not {expected}")]
    #[non_exhaustive]
    Text {
        /// The text given.
        text: String,
        /// What would have been right, with an example.
        expected: &'static str,
    },
    /// A text is not a Kubernetes quantity.
    #[error("{text:?} is not a quantity: {reason}")]
    #[non_exhaustive]
    Quantity {
        /// The text given.
        text: String,
        /// What is wrong with it, and what would be right.
        reason: String,
    },
    /// A number of bytes below zero; the API server refuses it.
    #[error("{0} is negative")]
    Negative(Quantity),
    /// Not a whole number of bytes: `128m` is 0.128 bytes, `1.1Gi` has a fraction of 0.4.
    #[error("{0} is a fraction of a byte")]
    Fractional(Quantity),
    /// More bytes than 64 bits hold.
    #[error("{0} is more bytes than 64 bits can count")]
    Overflow(Quantity),
    /// The content of an input is not what was expected.
    #[error("{}", located(name, *position, field, reason))]
    #[non_exhaustive]
    Input {
        /// The input's name, as the caller gave it.
        name: String,
        /// Where in it; [`None`] where the input as a whole is wrong.
        position: Option<Position>,
        /// The field: `items[3].spec.containers[0].resources.limits.memory`; empty for the text as a whole.
        field: String,
        /// What is wrong, and what was expected.
        reason: String,
    },
    /// Inputs of several clusters, whose pods would be mixed up.
    #[error("{inputs} of several clusters ({}): give those of one at a time", clusters.join(", "))]
    #[non_exhaustive]
    Clusters {
        /// What was read: `metrics`, `tables`.
        inputs: &'static str,
        /// The clusters' names.
        clusters: Vec<String>,
    },
    /// A Prometheus answered that it failed: `{"status":"error","errorType":"execution","error":"query timed out"}`.
    #[error("{}", answered(name.as_deref(), error_type, message))]
    #[non_exhaustive]
    Server {
        /// The answer's name, where the caller gave it one.
        name: Option<String>,
        /// `bad_data`, `execution`, `timeout` …; may be empty.
        error_type: String,
        /// The server's words.
        message: String,
    },
    /// A reader failed.
    #[error("{}", failed(name.as_deref(), error))]
    #[non_exhaustive]
    Io {
        /// The input's name, where the caller gave it one.
        name: Option<String>,
        /// The reader's error.
        error: io::Error,
    },
}

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Position {
    /// Counted from 1.
    pub line: usize,
    /// The byte of the line, counted from 1.
    pub column: usize,
}

impl Position {
    /// A line and a byte of it, both counted from 1.
    pub const fn new(line: usize, column: usize) -> Self {
        Self { line, column }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

impl Error {
    /// An option's value that cannot be used; `expected` says what would be right, with an example.
    pub fn option(option: &'static str, value: impl Into<String>, expected: &'static str) -> Self {
        ErrorKind::Option { option, value: value.into(), expected }.into()
    }

    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// Whether a value that the caller gave is wrong: an option, a quantity.
    pub fn is_option(&self) -> bool {
        use ErrorKind::{Fractional, Negative, Option, Overflow, Quantity, Text};
        matches!(self.kind(), Option { .. } | Text { .. } | Quantity { .. } | Negative(_) | Fractional(_) | Overflow(_))
    }

    /// Whether the content of an input is wrong.
    pub fn is_input(&self) -> bool {
        matches!(self.kind(), ErrorKind::Input { .. } | ErrorKind::Clusters { .. })
    }

    /// Whether a server answered that it failed.
    pub fn is_server(&self) -> bool {
        matches!(self.kind(), ErrorKind::Server { .. })
    }

    /// Whether a reader failed.
    pub fn is_io(&self) -> bool {
        self.io().is_some()
    }

    /// The reader's error, where one failed.
    pub fn io(&self) -> Option<&io::Error> {
        match self.kind() {
            ErrorKind::Io { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Where in the input, if it has a place there.
    pub fn position(&self) -> Option<Position> {
        match self.kind() {
            ErrorKind::Input { position, .. } => *position,
            _ => None,
        }
    }

    /// The field that is wrong: `items[3].spec.containers[0].resources.limits.memory`.
    pub fn field(&self) -> Option<&str> {
        match self.kind() {
            ErrorKind::Input { field, .. } => Some(field.as_str()).filter(|field| !field.is_empty()),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Error {
    /// The text has the reader's error in it, so what lies below begins after that one.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.io()?.source()
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        ErrorKind::Io { name: None, error }.into()
    }
}

fn located(name: &str, position: Option<Position>, field: &str, reason: &str) -> String {
    let position = position.map(|position| format!(":{position}")).unwrap_or_default();
    let field = if field.is_empty() { String::new() } else { format!(": {field}") };
    format!("{name}{position}{field}: {reason}")
}

fn answered(name: Option<&str>, error_type: &str, message: &str) -> String {
    let name = name.map(|name| format!("{name}: the server answered with an error: ")).unwrap_or_default();
    let error_type = if error_type.is_empty() { String::new() } else { format!("{error_type}: ") };
    format!("{name}{error_type}{message}")
}

fn failed(name: Option<&str>, error: &io::Error) -> String {
    name.map_or_else(|| error.to_string(), |name| format!("{name}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error as _;

    /// The whole chain, as most programs print it.
    fn chain(error: &Error) -> String {
        let mut text = format!("{error:#}");
        let mut below = error.source();
        while let Some(error) = below {
            text.push_str(&format!(": {error:#}"));
            below = error.source();
        }
        text
    }

    #[derive(Debug, thiserror::Error)]
    #[error("the stream is damaged")]
    struct Damage(#[source] fmt::Error);

    #[test]
    fn the_chain_says_each_thing_once() {
        let named = |error| Error::from(ErrorKind::Io { name: Some("pods.json".to_owned()), error });
        assert_eq!(chain(&io::Error::other("it broke").into()), "it broke");
        assert_eq!(chain(&named(io::Error::other("it broke"))), "pods.json: it broke");
        let below = fmt::Error.to_string();
        assert_eq!(
            chain(&named(io::Error::other(Damage(fmt::Error)))),
            format!("pods.json: the stream is damaged: {below}")
        );
        assert_eq!(chain(&Error::option("by", "pods", "`pod`")), "by: \"pods\" is not `pod`");
    }

    #[test]
    fn an_input_is_named_with_the_place_and_the_field_it_has() {
        let input = |position, field: &str| {
            let (name, field, reason) = ("pods.json".to_owned(), field.to_owned(), "expected a string".to_owned());
            Error::from(ErrorKind::Input { name, position, field, reason })
        };
        assert_eq!(input(None, "").to_string(), "pods.json: expected a string");
        let error = input(Some(Position::new(3, 7)), "items[0].kind");
        assert_eq!(error.to_string(), "pods.json:3:7: items[0].kind: expected a string");
        assert_eq!((error.position(), error.field()), (Some(Position::new(3, 7)), Some("items[0].kind")));
        assert!(error.is_input() && !error.is_option() && !error.is_io() && !error.is_server());
    }

    #[test]
    fn errors_are_small_and_cross_threads() {
        fn crosses<T: Send + Sync + 'static>() {}
        crosses::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}
