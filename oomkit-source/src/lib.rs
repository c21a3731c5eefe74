//! The adapter between files and the core: what a file holds is told by its content, never by its name; what is
//! compressed is decompressed, and archives are walked. Everything is streamed: memory does not grow with the input.
//!
//! ```
//! use oomkit_core::{Event, Options};
//! use oomkit_source::{Logs, Step};
//!
//! let file = &b"[   71.146532] Out of memory: Killed process 4242 (java) total-vm:1kB, anon-rss:1kB, file-rss:0kB\n"[..];
//! let mut events: Vec<Event> = Vec::new();
//! let mut logs = Logs::open("messages", file, Options::new())?;
//! loop {
//!     match logs.step(&mut events) {
//!         Step::Log { end: Err(error), .. } => eprintln!("{}: {error}", logs.name()),
//!         Step::Done => break,
//!         _ => {}
//!     }
//! }
//! assert_eq!(events[0].source.name, "messages");
//! # Ok::<(), std::io::Error>(())
//! ```

#![forbid(unsafe_code)]

mod ahead;
mod archive;
mod damage;
mod decode;
mod head;
mod logs;
mod magic;
mod source;
#[cfg(test)]
mod tests;
mod walk;

pub use logs::{Logs, Step};
pub use source::Source;
pub use walk::{entries, walk};

/// How many threads to work with where so many are asked for: 0 stands for as many as there are processors.
pub fn threads(asked: usize) -> usize {
    match asked {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        some => some,
    }
}

/// Any bytes, to be read once and in order.
pub(crate) type Input = Box<dyn std::io::Read + Send>;
