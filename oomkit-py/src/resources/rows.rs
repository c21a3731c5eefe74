//! Which rows a measure shall have, as Python asked for them.

use super::sources::Sources;
use crate::arguments::{Argument, strings};
use crate::error::{OomkitError, bad_option};
use oomkit_core::resources::measure::{By, Profile, Selection};
use oomkit_core::resources::{Quantity, View};
use oomkit_core::units::Bytes;
use pyo3::prelude::*;
use pyo3::types::PyString;

/// The arguments that choose rows, as given.
pub(crate) struct RowArgs<'a, 'py> {
    pub(crate) by: &'a str,
    pub(crate) top: Option<usize>,
    pub(crate) threshold: Argument<'a, 'py>,
    pub(crate) namespace: Argument<'a, 'py>,
    pub(crate) exclude_namespace: Argument<'a, 'py>,
}

impl RowArgs<'_, '_> {
    pub(super) fn selection(&self) -> PyResult<Selection> {
        let mut select = Selection::default();
        select.by = self.by.parse().map_err(bad_option)?;
        select.view = Some(View::Steady);
        select.top = self.top.filter(|top| *top > 0);
        select.least = self.threshold.map(|given| bytes("threshold", given)).transpose()?.unwrap_or_default();
        select.namespaces = strings(self.namespace)?;
        select.excluded_namespaces = strings(self.exclude_namespace)?;
        Ok(select)
    }
}

/// The profile of a word: `seed` needs series, and knows pods by their names only.
pub(super) fn profile(word: &str, sources: &Sources, select: &Selection) -> PyResult<Profile> {
    let profile = word.parse().map_err(bad_option)?;
    let named = !select.namespaces.is_empty() || !select.excluded_namespaces.is_empty();
    if profile == Profile::Seed && !sources.names_metrics() {
        return Err(OomkitError::new_err("profile \"seed\" repeats queries on series: give metrics"));
    }
    if profile == Profile::Seed && (select.by != By::Pod || named) {
        return Err(OomkitError::new_err("profile \"seed\" knows pods by their names only: no by, no namespaces"));
    }
    Ok(profile)
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
