//! Kernel lines: one `nom` function per kind of line, pure functions of their input.
//!
//! [`parse`] reads the text of one kernel record, transport and `printk` prefix already removed. It knows nothing
//! of time, hosts or other lines.

mod message;

pub(crate) use message::*;
