//! What is wrong with the bytes of a container, as opposed to what the system says.

use std::fmt;
use std::io;

/// A reason in words.
#[derive(Debug)]
pub(crate) struct Damage(String);

impl Damage {
    /// The reason as an error of a reader.
    pub(crate) fn error(reason: impl Into<String>) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, Self(reason.into()))
    }

    /// Whether `error` was worded here.
    pub(crate) fn is(error: &io::Error) -> bool {
        error.get_ref().is_some_and(|inner| inner.is::<Self>())
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Damage {}
