//! Options of the parser, from what Python gave.

use crate::arguments::Argument;
use crate::collector::Collector;
use crate::error::{OomkitError, bad_option};
use crate::resources::sources::Sources;
use chrono::{DateTime, FixedOffset};
use oomkit_core::resources::ClusterFacts;
use oomkit_core::{Format, Options, ReferenceTime, Year};
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyString, PyTzInfoAccess};
use std::sync::Arc;

/// The arguments that all functions which parse share, as given.
pub(crate) struct ParserArgs<'a, 'py> {
    pub(crate) format: &'a str,
    pub(crate) year: Argument<'a, 'py>,
    pub(crate) timezone: Option<&'a str>,
    pub(crate) include_user: bool,
    pub(crate) reference_time: Argument<'a, 'py>,
    pub(crate) companions: bool,
    pub(crate) dedupe: bool,
    pub(crate) pods: Argument<'a, 'py>,
    pub(crate) nodes: Argument<'a, 'py>,
}

impl ParserArgs<'_, '_> {
    /// Options of a parser whose events carry the name `source`.
    pub(crate) fn options(&self, source: &str) -> PyResult<Options> {
        let format: Format = self.format.parse().map_err(bad_option)?;
        let mut options = Options::new().source(source).format(format).include_user(self.include_user);
        options = options.companions(self.companions);
        if let Some(year) = self.year {
            let year = year.extract().or_else(|error: PyErr| {
                // the core words the refusal
                if error.is_instance_of::<PyOverflowError>(year.py()) { Ok(i32::MAX) } else { Err(error) }
            })?;
            options = options.year(Year::new(year).map_err(bad_option)?);
        }
        if let Some(timezone) = self.timezone {
            options = options.timezone(timezone.parse().map_err(bad_option)?);
        }
        if let Some(reference) = self.reference_time {
            options = options.reference_time(time(reference)?);
        }
        Ok(options)
    }

    /// Where events go.
    pub(crate) fn collector(&self, py: Python<'_>) -> PyResult<Collector> {
        Ok(Collector::new(self.dedupe, cluster(py, self.pods, self.nodes)?))
    }
}

/// Pods and nodes that events shall be joined to, if any are given.
pub(crate) fn cluster(
    py: Python<'_>,
    pods: Argument<'_, '_>,
    nodes: Argument<'_, '_>,
) -> PyResult<Option<Arc<ClusterFacts>>> {
    if pods.is_none() && nodes.is_none() {
        return Ok(None);
    }
    let sources = Sources::objects(pods, nodes)?;
    let read = py.detach(|| sources.read())?;
    Ok(Some(Arc::new(read.facts)))
}

fn time(given: &Bound<'_, PyAny>) -> PyResult<ReferenceTime> {
    if let Ok(text) = given.cast::<PyString>() {
        return text.to_str()?.parse().map_err(bad_option);
    }
    let Ok(time) = given.cast::<PyDateTime>() else {
        let given = given.get_type().name()?;
        return Err(PyTypeError::new_err(format!("reference_time is a datetime or an RFC 3339 str, not {given}")));
    };
    if time.get_tzinfo().is_none() {
        return Err(OomkitError::new_err(format!(
            "reference_time: {time} has no time zone; give one, e.g. datetime.UTC"
        )));
    }
    // a zone with rules is an offset at this time
    let utc: DateTime<FixedOffset> = match time.extract() {
        Ok(time) => time,
        Err(_) => DateTime::parse_from_rfc3339(&time.call_method0("isoformat")?.extract::<String>()?)
            .map_err(|error| OomkitError::new_err(format!("reference_time: {error}")))?,
    };
    Ok(utc.into())
}
