//! Pods and nodes as `kubectl … -o json` prints them: one object, a list, lists of lists, or one after the other.
//!
//! Streamed: an item of a list is taken apart and forgotten before the next one is read.

mod document;
mod error;
mod object;
mod pod;
#[cfg(test)]
mod tests;

pub use error::ReadError;

use super::model::{Node, Pod};
use chrono::{DateTime, FixedOffset};
use document::Document;
use serde::de::DeserializeSeed;
use std::io::{BufReader, Read};

/// What was found in one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Contents {
    /// Pods.
    pub pods: u64,
    /// Nodes.
    pub nodes: u64,
    /// Objects of other kinds, passed over.
    pub others: u64,
    /// The latest time any object carries: they were listed after that. A node's heartbeats make it exact to minutes.
    pub listed_after: Option<DateTime<FixedOffset>>,
}

/// Takes what is read.
pub(super) trait Take {
    fn pod(&mut self, pod: Pod);
    fn node(&mut self, node: Node);
}

/// Reads all objects of a source called `name`.
///
/// # Errors
/// The reader's; text that is not JSON; values that are not what Kubernetes has there. Objects before that were taken.
pub(super) fn read(name: &str, reader: impl Read, take: &mut dyn Take) -> Result<Contents, ReadError> {
    let mut contents = Contents::default();
    let mut json = serde_json::Deserializer::from_reader(BufReader::with_capacity(256 * 1024, reader));
    let mut empty = true;
    while json.end().is_err() {
        empty = false;
        let mut track = serde_path_to_error::Track::new();
        let document = Document { take, contents: &mut contents, kind: None };
        let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
        document.deserialize(tracked).map_err(|error| ReadError::json(name, &track.path(), error))?;
    }
    if empty {
        return Err(ReadError::empty(name));
    }
    if contents.pods + contents.nodes == 0 && contents.others > 0 {
        return Err(ReadError::nothing(name));
    }
    Ok(contents)
}
