//! Kubernetes quantities as numbers of bytes.

use crate::error::OomkitError;
use oomkit_core::resources::Quantity;
use pyo3::prelude::*;

/// The number of bytes of a Kubernetes quantity, exactly.
///
/// `text` is what stands in a manifest under `memory`: a number with a binary suffix (`Ki` `Mi` `Gi` `Ti` `Pi` `Ei`), a
/// decimal one (`n` `u` `m` `k` `M` `G` `T` `P` `E`), an exponent (`e6`, `E6`) or none. Nothing is rounded.
///
/// Raises `OomkitError`, a `ValueError`, with the reason when `text` is no quantity, or no number of bytes: negative, not
/// whole (`128m` is a thousandth of 128 bytes, `1.1Gi` has a fraction), or more than 64 bits hold.
///
/// >>> oomkit.parse_quantity("1.5Gi")
/// 1610612736
#[pyfunction]
#[pyo3(signature = (text, /))]
pub(crate) fn parse_quantity(text: &str) -> PyResult<u64> {
    let quantity: Quantity = text.parse().map_err(refused)?;
    quantity.try_bytes().map_err(refused)
}

fn refused(error: impl std::fmt::Display) -> PyErr {
    OomkitError::new_err(error.to_string())
}
