//! Which rows a measure shall have, as Python asked for them.

use super::given::Sources;
use crate::error::{OomkitError, bad_option};
use oomkit_core::resources::measure::{By, Selection};
use oomkit_core::resources::{Quantity, View};
use oomkit_core::units::Bytes;
use pyo3::prelude::*;
use pyo3::types::PyString;

pub(super) struct Asked<'a, 'py> {
    pub(super) by: &'a str,
    pub(super) top: Option<usize>,
    pub(super) threshold: Option<&'a Bound<'py, PyAny>>,
    pub(super) view: &'a str,
    pub(super) namespace: Option<&'a Bound<'py, PyAny>>,
    pub(super) exclude_namespace: Option<&'a Bound<'py, PyAny>>,
}

impl Asked<'_, '_> {
    pub(super) fn selection(&self) -> PyResult<Selection> {
        let mut select = Selection::default();
        select.by = self.by.parse().map_err(bad_option)?;
        select.view = Some(self.view.parse::<View>().map_err(bad_option)?);
        select.top = self.top.filter(|top| *top > 0);
        select.least = self.threshold.map(|given| bytes("threshold", given)).transpose()?.unwrap_or_default();
        select.namespaces = names(self.namespace)?;
        select.excluded_namespaces = names(self.exclude_namespace)?;
        Ok(select)
    }
}

/// How overcommit and waste are reckoned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Profile {
    Default,
    Seed,
    Lain,
}

impl Profile {
    /// `seed` needs series, and knows pods by their names only.
    pub(super) fn of(word: &str, sources: &Sources, select: &Selection) -> PyResult<Self> {
        let named = !select.namespaces.is_empty() || !select.excluded_namespaces.is_empty();
        match word {
            "default" => Ok(Self::Default),
            "lain" => Ok(Self::Lain),
            "seed" if !sources.names_metrics() => {
                Err(OomkitError::new_err("profile \"seed\" repeats queries on series: give metrics"))
            }
            "seed" if select.by != By::Pod || named => {
                Err(OomkitError::new_err("profile \"seed\" knows pods by their names only: no by, no namespaces"))
            }
            "seed" => Ok(Self::Seed),
            other => Err(OomkitError::new_err(format!("profile: {other:?} is not one of default, seed, lain"))),
        }
    }
}

/// A number of bytes, or a quantity such as "2.9G".
pub(super) fn bytes(option: &str, given: &Bound<'_, PyAny>) -> PyResult<Bytes> {
    let refused = |error: &dyn std::fmt::Display| OomkitError::new_err(format!("{option}: {error}"));
    match given.cast::<PyString>() {
        Ok(text) => {
            let quantity: Quantity = text.to_str()?.parse().map_err(|error| refused(&error))?;
            quantity.rounded_bytes().map(Bytes).map_err(|error| refused(&error))
        }
        Err(_) => Ok(Bytes(given.extract()?)),
    }
}

/// One name or several.
pub(super) fn names(given: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<String>> {
    match given {
        None => Ok(Vec::new()),
        Some(one) if one.is_instance_of::<PyString>() => Ok(vec![one.extract()?]),
        Some(many) => many.try_iter()?.map(|name| name?.extract()).collect(),
    }
}
