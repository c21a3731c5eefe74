#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod cgroup;
mod companion;

pub mod diagnose;
mod digits;
mod dump;
mod error;
pub mod event;
mod events;
pub mod excerpt;
mod fingerprint;
pub mod json;
mod kernel;
mod options;
mod order;
mod parser;
pub mod redact;
#[cfg(feature = "reflect")]
pub mod reflect;
#[cfg(feature = "resources")]
pub mod resources;
mod scan;
mod seen_ids;
mod sink;
#[cfg(feature = "stages")]
#[doc(hidden)]
pub mod stages;
pub mod summary;
mod time;
mod transport;
pub mod units;
#[doc(hidden)]
pub mod unstable;

pub use chrono;
pub use error::{Error, ErrorKind, Position};
pub use event::{Companion, Event};
pub use events::Events;
pub use options::{Format, Limits, Options, ReferenceTime, Timezone, Year};
pub use parser::{Parser, parse, parse_with};
pub use redact::{Redacted, Redactor};
pub use seen_ids::SeenIds;
pub use sink::{Item, Items, Sink, Stats};
pub use summary::{By, ReportOptions, Summary};
