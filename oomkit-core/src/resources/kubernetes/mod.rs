//! Pods and nodes as `kubectl … -o json` prints them: one object, a list, lists of lists, or one after the other.
//!
//! Streamed: an item of a list is taken apart and forgotten before the next one is read.

mod document;
mod object;
mod pod;
#[cfg(test)]
mod tests;

use super::model::{Node, Pod};
use crate::error::Error;
use crate::units::Bytes;
use chrono::{DateTime, FixedOffset};
use document::Document;
use serde::de::{DeserializeOwned, DeserializeSeed};
use serde_json::de::IoRead;
use std::io::{BufReader, Read};

const EXPECTED: &str = "expected JSON, as `kubectl get pods,nodes -A -o json` prints it";

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

/// What a namespace's LimitRange fills in for containers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Defaults {
    pub(super) namespace: String,
    pub(super) request: Option<Bytes>,
    pub(super) limit: Option<Bytes>,
}

/// Takes what is read.
pub(super) trait Take {
    fn pod(&mut self, pod: Pod);
    fn node(&mut self, node: Node);
    /// What the API server fills in where a manifest says nothing.
    fn defaults(&mut self, _: Defaults) {}
}

/// The JSON that is read, with the path to what is being read.
pub(super) type Json<'a, 'b, R> =
    serde_path_to_error::Deserializer<'a, 'b, &'a mut serde_json::Deserializer<IoRead<R>>>;

/// Reads one document after the other.
pub(super) fn documents<R: Read>(
    name: &str,
    reader: R,
    expected: &str,
    mut read: impl FnMut(Json<'_, '_, BufReader<R>>) -> Result<(), serde_json::Error>,
) -> Result<(), Error> {
    let mut json = serde_json::Deserializer::from_reader(BufReader::with_capacity(256 * 1024, reader));
    let mut empty = true;
    while json.end().is_err() {
        empty = false;
        let mut track = serde_path_to_error::Track::new();
        let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
        read(tracked).map_err(|error| Error::json(name, &track.path(), error, expected))?;
    }
    if empty { Err(Error::input(name, format!("is empty; {expected}"))) } else { Ok(()) }
}

/// Reads documents of one type, one after the other; `expected` is said when there is no JSON.
///
/// # Errors
/// The reader's; text that is not JSON; values of another type.
pub(super) fn objects<T: DeserializeOwned>(
    name: &str,
    reader: impl Read,
    expected: &str,
    take: &mut dyn FnMut(T),
) -> Result<(), Error> {
    documents(name, reader, expected, |json| T::deserialize(json).map(&mut *take))
}

/// Reads all objects of a source called `name`.
///
/// # Errors
/// The reader's; text that is not JSON; values that are not what Kubernetes has there. Objects before that were taken.
pub(super) fn read(name: &str, reader: impl Read, take: &mut dyn Take) -> Result<Contents, Error> {
    let mut contents = Contents::default();
    documents(name, reader, EXPECTED, |json| Document { take, contents: &mut contents, kind: None }.deserialize(json))?;
    if contents.pods + contents.nodes == 0 && contents.others > 0 {
        return Err(Error::input(name, format!("holds neither pods nor nodes; {EXPECTED}")));
    }
    Ok(contents)
}
