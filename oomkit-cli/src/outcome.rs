//! What came of a run, and the exit code that says so.

use std::fmt;
use std::io;
use std::process::ExitCode;

/// The exit codes of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    /// Done, whether or not something was found.
    Done = 0,
    /// `--exit-code`: a kill was found.
    Found = 1,
    /// Wrong usage, or an input or output that could not be used.
    Unusable = 2,
    /// `--strict`: a damaged dump.
    Damaged = 3,
    /// A data source failed.
    Source = 4,
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code as u8)
    }
}

/// What a run met that bears on its exit code.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Outcome {
    /// An input could not be read, or not to its end.
    pub(crate) unreadable: bool,
    /// A kill was found, and finding one shall be told.
    pub(crate) found: bool,
    /// A dump was damaged, and damage shall be told.
    pub(crate) damaged: bool,
}

impl Outcome {
    /// The worst of what was met: an unreadable input says more than damage, damage more than a find.
    pub(crate) fn code(self) -> Code {
        if self.unreadable {
            Code::Unusable
        } else if self.damaged {
            Code::Damaged
        } else if self.found {
            Code::Found
        } else {
            Code::Done
        }
    }
}

/// Why a run ended early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Whoever read the output has had enough: no failure at all. With the code that stands by then.
    Closed(Code),
    /// The output could not be written.
    Output {
        /// As the user named it.
        name: String,
        /// What the system said.
        error: io::Error,
    },
    /// The arguments do not fit together.
    Usage(String),
    /// A server did not answer as it should.
    Source(String),
}

impl Failure {
    /// A failed write to the output called `name`, in a run that met `so_far`.
    pub(crate) fn write(name: &str, error: io::Error, so_far: Outcome) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::Closed(if so_far.unreadable { Code::Unusable } else { Code::Done })
        } else {
            Self::Output { name: name.to_owned(), error }
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed(_) => f.write_str("the output was closed"),
            Self::Output { name, error } => write!(f, "{name}: {}", reason(error)),
            Self::Usage(message) | Self::Source(message) => f.write_str(message),
        }
    }
}

/// The system's words without the error number that Rust appends.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// Prints what clap has to say (help, version, a usage error) and gives its exit code.
pub(crate) fn of_usage(answer: &clap::Error) -> ExitCode {
    match answer.print() {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Code::Unusable.into(),
        _ if answer.use_stderr() => Code::Unusable.into(),
        _ => Code::Done.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unreadable_input_beats_damage_and_damage_beats_a_find() {
        let all = Outcome { unreadable: true, found: true, damaged: true };
        assert_eq!(all.code(), Code::Unusable);
        assert_eq!(Outcome { unreadable: false, ..all }.code(), Code::Damaged);
        assert_eq!(Outcome { unreadable: false, damaged: false, ..all }.code(), Code::Found);
        assert_eq!(Outcome::default().code(), Code::Done);
    }

    #[test]
    fn a_closed_pipe_is_success_unless_an_input_had_failed() {
        let closed = || io::Error::from(io::ErrorKind::BrokenPipe);
        let code = |so_far| match Failure::write("-", closed(), so_far) {
            Failure::Closed(code) => code,
            other => panic!("{other:?}"),
        };
        assert_eq!(code(Outcome { found: true, damaged: true, unreadable: false }), Code::Done);
        assert_eq!(code(Outcome { unreadable: true, ..Outcome::default() }), Code::Unusable);
    }

    #[test]
    fn the_systems_words_stand_without_a_number() {
        let error = io::Error::from_raw_os_error(2);
        assert!(!reason(&error).contains("os error"), "{}", reason(&error));
        assert_eq!(reason(&io::Error::other("plain")), "plain");
    }
}
