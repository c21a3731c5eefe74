//! The one error of this crate. Log content never causes it: damage is data.

/// A value that could not be used, and why.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Error(#[from] ErrorKind);

/// What went wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An option's value cannot be used.
    #[error("{option}: {value:?} is not {expected}")]
    Option {
        /// The option's name.
        option: &'static str,
        /// The value given.
        value: String,
        /// What would have been right, with an example.
        expected: &'static str,
    },
    /// A reader failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl Error {
    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// Whether a reader failed, rather than an option being wrong.
    ///
    /// ```
    /// let error = oomkit_core::Options::new().timezone("Mars/Olympus").unwrap_err();
    /// assert!(!error.is_io());
    /// assert_eq!(error.to_string(), r#"timezone: "Mars/Olympus" is not `UTC` or an offset such as `+02:00`"#);
    /// ```
    pub fn is_io(&self) -> bool {
        matches!(self.0, ErrorKind::Io(_))
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self(ErrorKind::Io(error))
    }
}
