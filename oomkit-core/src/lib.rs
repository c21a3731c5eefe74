#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod cgroup;
mod companion;
mod dedupe;
pub mod diagnose;
mod digits;
mod dump;
mod error;
pub mod event;
pub mod excerpt;
mod input;
pub mod json;
mod kernel;
mod options;
mod parser;
mod prefilter;
mod print;
pub mod redact;
#[cfg(feature = "reflect")]
pub mod reflect;
pub mod resources;
#[cfg(feature = "stages")]
#[doc(hidden)]
pub mod stages;
pub mod summary;
mod time;
mod transport;
pub mod units;

pub use dedupe::Dedupe;
pub use error::{Error, ErrorKind};
pub use event::{Companion, Event};
pub use options::{Format, Limits, Options};
pub use parser::{Events, Item, Items, Parser, Sink, Stats, parse, parse_with};
pub use prefilter::Scouted;
pub use redact::{Redacted, Redactor};
pub use summary::{By, ReportOptions, Summary};
