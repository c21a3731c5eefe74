//! What a measure is taken of: paths, JSON and text in memory, or plain Python objects; read without holding the lock.

use crate::arguments::Argument;
use crate::error::{OomkitError, unreadable};
use crate::parts::Event;
use oomkit_core::resources::{ClusterFacts, Csv, Kills, RawSeries, Scrape, Usage};
use oomkit_source::Source;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// One source, under the name that errors give it.
pub(super) struct SourceArg {
    name: String,
    payload: Payload,
}

enum Payload {
    Path(PathBuf),
    Bytes(PyBackedBytes),
    Text(PyBackedStr),
    Json(String),
}

/// What a source may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Json,
    /// YAML or JSON of one object or many; each has its place in the text.
    Manifest,
    /// Lines of text: metrics, CSV.
    Lines,
}

/// All sources of a measure.
#[derive(Default)]
pub(crate) struct Sources {
    pods: Vec<SourceArg>,
    nodes: Vec<SourceArg>,
    metrics: Vec<SourceArg>,
    usage: Vec<SourceArg>,
    csv: Vec<SourceArg>,
    events: Vec<SourceArg>,
}

/// What the sources hold.
#[derive(Default)]
pub(crate) struct Contents {
    pub(crate) facts: ClusterFacts,
    pub(crate) usage: Usage,
    pub(crate) kills: Kills,
    pub(crate) series: RawSeries,
    pub(crate) notes: Vec<String>,
}

/// Why a source could not be read: made into an exception only where Python is at hand.
pub(crate) enum Unread {
    File(String, io::Error),
    Content(String),
}

impl From<Unread> for PyErr {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::File(name, error) => unreadable(&name, &error),
            Unread::Content(reason) => OomkitError::new_err(reason),
        }
    }
}

impl From<oomkit_core::Error> for Unread {
    fn from(error: oomkit_core::Error) -> Self {
        Self::Content(error.to_string())
    }
}

/// The arguments that say what a measure is taken of, as given.
#[derive(Default)]
pub(crate) struct SourceArgs<'a, 'py> {
    pub(crate) pods: Argument<'a, 'py>,
    pub(crate) nodes: Argument<'a, 'py>,
    pub(crate) metrics: Argument<'a, 'py>,
    pub(crate) usage: Argument<'a, 'py>,
    pub(crate) csv: Argument<'a, 'py>,
    pub(crate) events: Argument<'a, 'py>,
}

impl SourceArgs<'_, '_> {
    /// The sources, if there is anything to measure among them.
    pub(super) fn measured(&self) -> PyResult<Sources> {
        let all = self.sources()?;
        if all.pods.is_empty() && all.nodes.is_empty() && all.metrics.is_empty() && all.csv.is_empty() {
            let remedy = "give pods (`kubectl get pods,nodes -A -o json`), metrics or csv";
            return Err(OomkitError::new_err(format!("nothing to measure: {remedy}")));
        }
        Ok(all)
    }

    /// The sources: there may be none.
    pub(super) fn sources(&self) -> PyResult<Sources> {
        Ok(Sources {
            pods: sources_of("pods", self.pods, Kind::Json)?,
            nodes: sources_of("nodes", self.nodes, Kind::Json)?,
            metrics: sources_of("metrics", self.metrics, Kind::Lines)?,
            usage: sources_of("usage", self.usage, Kind::Json)?,
            csv: sources_of("csv", self.csv, Kind::Lines)?,
            events: sources_of("events", self.events, Kind::Json)?,
        })
    }
}

impl Sources {
    /// Only what describes a cluster.
    pub(crate) fn objects(pods: Argument<'_, '_>, nodes: Argument<'_, '_>) -> PyResult<Self> {
        SourceArgs { pods, nodes, ..SourceArgs::default() }.sources()
    }

    pub(crate) fn names_metrics(&self) -> bool {
        !self.metrics.is_empty()
    }

    pub(crate) fn names_events(&self) -> bool {
        !self.events.is_empty()
    }

    pub(crate) fn names_usage(&self) -> bool {
        !(self.usage.is_empty() && self.metrics.is_empty() && self.csv.is_empty())
    }

    /// Reads everything: metrics first, as objects outrank them.
    pub(crate) fn read(&self) -> Result<Contents, Unread> {
        let mut read = Contents::default();
        let mut scrape = Scrape::default().keeping_series();
        for given in &self.metrics {
            given.each(|name, source| scrape.read(name, source))?;
        }
        read.series = scrape.take_series();
        read.notes = scrape.finish(&mut read.facts, &mut read.usage)?;
        for given in self.pods.iter().chain(&self.nodes) {
            given.each(|name, source| read.facts.read(name, source).map(drop))?;
        }
        for given in &self.usage {
            given.each(|name, source| read.usage.read_json(name, source))?;
        }
        let mut csv = Csv::default();
        for given in &self.csv {
            given.each(|name, source| csv.read(name, source))?;
        }
        read.notes.extend(csv.finish(&mut read.facts, &mut read.usage)?);
        for given in &self.events {
            given.each(|name, source| read.kills.read(name, source))?;
        }
        Ok(read)
    }
}

/// One source, or a list of them. A list of plain objects is one JSON array.
pub(super) fn sources_of(argument: &str, given: Argument<'_, '_>, kind: Kind) -> PyResult<Vec<SourceArg>> {
    let Some(given) = given else { return Ok(Vec::new()) };
    if !(given.is_instance_of::<PyList>() || given.is_instance_of::<PyTuple>()) {
        return Ok(vec![source(argument.to_owned(), given, kind)?]);
    }
    let items = given.try_iter()?.collect::<PyResult<Vec<_>>>()?;
    if kind == Kind::Json && !items.is_empty() && items.iter().all(|item| item.is_instance_of::<PyDict>()) {
        return Ok(vec![SourceArg { name: argument.to_owned(), payload: json(given, kind)? }]);
    }
    if items.iter().any(|item| item.is_instance_of::<Event>()) {
        let lines = items.iter().map(|item| item.call_method0("to_json")?.extract::<String>());
        let text = lines.collect::<PyResult<Vec<_>>>()?.join("\n");
        return Ok(vec![SourceArg { name: argument.to_owned(), payload: Payload::Json(text) }]);
    }
    items.iter().enumerate().map(|(at, item)| source(format!("{argument}[{at}]"), item, kind)).collect()
}

fn source(name: String, given: &Bound<'_, PyAny>, kind: Kind) -> PyResult<SourceArg> {
    if let Ok(text) = given.cast::<PyString>() {
        let text: PyBackedStr = text.extract()?;
        let is_content = match kind {
            Kind::Json => text.trim_start().starts_with(['{', '[']),
            Kind::Manifest => text.contains('\n') || text.is_empty() || text.trim_start().starts_with(['{', '[']),
            Kind::Lines => text.contains('\n'),
        };
        return Ok(if is_content {
            SourceArg { name, payload: Payload::Text(text) }
        } else {
            SourceArg::file(given.extract()?)
        });
    }
    if given.is_instance_of::<PyBytes>() {
        return Ok(SourceArg { name, payload: Payload::Bytes(given.extract()?) });
    }
    if kind != Kind::Lines && given.is_instance_of::<PyDict>() {
        return Ok(SourceArg { name, payload: json(given, kind)? });
    }
    if kind == Kind::Json && given.is_instance_of::<Event>() {
        return Ok(SourceArg { name, payload: Payload::Json(given.call_method0("to_json")?.extract()?) });
    }
    if given.hasattr("__fspath__")? {
        return Ok(SourceArg::file(given.extract()?));
    }
    let (expected, given) = match kind {
        Kind::Json => ("a path, JSON (str, bytes) or a dict", given.get_type().name()?),
        Kind::Manifest => ("a path, YAML or JSON (str, bytes) or a dict", given.get_type().name()?),
        Kind::Lines => ("a path or text (str, bytes)", given.get_type().name()?),
    };
    Err(PyTypeError::new_err(format!("{name} is {expected}, or a list of them, not {given}")))
}

fn json(object: &Bound<'_, PyAny>, kind: Kind) -> PyResult<Payload> {
    let options = PyDict::new(object.py());
    if kind == Kind::Manifest {
        // a place in one long line would help nobody
        options.set_item("indent", 2)?;
    }
    let text = object.py().import("json")?.call_method("dumps", (object,), Some(&options))?;
    Ok(Payload::Json(text.extract()?))
}

impl SourceArg {
    /// The path it was given as.
    pub(super) fn path(&self) -> Option<&Path> {
        match &self.payload {
            Payload::Path(path) => Some(path),
            _ => None,
        }
    }

    /// A file.
    pub(super) fn file(path: PathBuf) -> Self {
        Self { name: path.to_string_lossy().into_owned(), payload: Payload::Path(path) }
    }

    /// Opens it, undoes its compression, and hands over what is in it.
    pub(super) fn each<E: Into<Unread>>(
        &self,
        mut read: impl FnMut(&str, &mut dyn Read) -> Result<(), E>,
    ) -> Result<(), Unread> {
        let failed = |name: &str, error: io::Error| Unread::File(name.to_owned(), error);
        let (text, path) = match &self.payload {
            Payload::Path(path) => (&[][..], Some(path)),
            Payload::Bytes(bytes) => (&**bytes, None),
            Payload::Text(text) => (text.as_bytes(), None),
            Payload::Json(json) => (json.as_bytes(), None),
        };
        let Some(path) = path else {
            let mut text = text;
            return read(&self.name, &mut text).map_err(E::into);
        };
        let file = File::open(path).map_err(|error| failed(&self.name, error))?;
        let mut source = Source::open(&*self.name, Box::new(file)).map_err(|error| failed(&self.name, error))?;
        while source.advance().map_err(|error| failed(source.name(), error))? {
            let member = source.name().to_owned();
            read(&member, &mut source).map_err(E::into)?;
        }
        Ok(())
    }
}
