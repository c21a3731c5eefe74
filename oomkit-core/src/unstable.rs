//! What the command line and the Python module use besides the public interface. May change in any release.

/// What a chunk of a log holds, found out on another thread than that of the parser; see
/// [`Parser::feed_prescanned`](crate::Parser::feed_prescanned).
#[derive(Debug)]
pub struct Prescan(pub(crate) crate::scan::Prescan);
