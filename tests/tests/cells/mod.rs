//! The cells of the tables.

pub(crate) mod eras;
pub(crate) mod page;
pub(crate) mod real;
