//! Dumps: the only state of the parser. Knows which dumps are open on which host, and when they end.

mod assembler;
mod build;
mod companions;
mod continuation;
mod draft;
mod gfp;
mod host;
mod hosts;
mod kill_keys;
mod memory;
mod notices;
mod reorder_buffer;
mod routing;
mod rows;
mod stats;
mod tasks;
mod timeout;

pub(crate) use assembler::Assembler;
