//! How the values of an event become Python objects, and what Python calls their types.

use chrono::{DateTime, FixedOffset};
use oomkit_core::diagnose::explain::{Agreement, Shortage, Topic, Unit, UseKind};
use oomkit_core::event::{
    Actor, Cause, ClusterAgreement, CompanionKind, Completeness, Confidence, Constraint, DiagnosticKind, Level,
    LimitChange, MatchedBy, Monotonic, ObjectType, Origin, Outcome, PageSizeSource, Percent, QosClass, RawBytes,
    Runtime, Scope, Transport, VerdictKind, Visibility,
};
use oomkit_core::resources::lint::Severity;
use oomkit_core::resources::measure::{By, KrrSeverity, LainVerdict, RecommendProfile};
use oomkit_core::resources::{Basis, Quality};
use oomkit_core::units::Bytes;
use pyo3::exceptions::{PyOverflowError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use std::collections::BTreeMap;

/// A value of an event, as Python sees it.
pub(crate) trait ToPython {
    /// As written in an annotation.
    fn type_name() -> String;

    /// A new object; parts are copied out of the event.
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>>;
}

/// Type of the field that `_read` reads.
pub(crate) fn type_of<C, T: ToPython>(_read: impl Fn(&C) -> &T) -> String {
    T::type_name()
}

macro_rules! plain {
    ($($name:literal: $($type:ty)+;)+) => {$($(
        impl ToPython for $type {
            fn type_name() -> String {
                $name.to_owned()
            }

            fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                Ok(self.into_pyobject(py)?.to_owned().into_any())
            }
        }
    )+)+};
}

plain! {
    "bool": bool;
    "float": f64;
    "int": i32 i64 u8 u32 u64 usize;
    "str": String;
}

/// Open sets of words: `str`, so that a word of a newer version is no error.
macro_rules! words {
    ($($type:ty)+) => {$(
        impl ToPython for $type {
            fn type_name() -> String {
                "str".to_owned()
            }

            fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                Ok(PyString::new(py, self.as_str()).into_any())
            }
        }
    )+};
}

words! {
    Actor Agreement Cause ClusterAgreement CompanionKind Completeness Confidence Constraint DiagnosticKind Level
    LimitChange MatchedBy ObjectType Origin Outcome PageSizeSource QosClass Runtime Scope Shortage Topic Transport
    Unit UseKind VerdictKind Visibility Basis By Quality
    Severity
}

/// Words that only the JSON spells.
macro_rules! spelled {
    ($($type:ty)+) => {$(
        impl ToPython for $type {
            fn type_name() -> String {
                "str".to_owned()
            }

            fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                let word = serde_json::to_value(self).unwrap_or_default();
                Ok(PyString::new(py, word.as_str().unwrap_or_default()).into_any())
            }
        }
    )+};
}

spelled! { KrrSeverity LainVerdict RecommendProfile }

impl ToPython for Bytes {
    fn type_name() -> String {
        u64::type_name()
    }

    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.get().to_python(py)
    }
}

impl ToPython for Monotonic {
    fn type_name() -> String {
        "float".to_owned()
    }

    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.as_secs_f64().into_pyobject(py)?.into_any())
    }
}

impl ToPython for Percent {
    fn type_name() -> String {
        "float".to_owned()
    }

    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok((f64::from(self.as_hundredths()) / 100.0).into_pyobject(py)?.into_any())
    }
}

/// Lower-case hex, as the contract says.
impl ToPython for RawBytes {
    fn type_name() -> String {
        "str".to_owned()
    }

    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let hex: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        hex.to_python(py)
    }
}

/// `None` for a time that `datetime` cannot hold (years beyond 9999): a log must not raise.
impl ToPython for DateTime<FixedOffset> {
    fn type_name() -> String {
        "datetime.datetime".to_owned()
    }

    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.into_pyobject(py) {
            Ok(time) => Ok(time.into_any()),
            Err(error) if error.is_instance_of::<PyValueError>(py) || error.is_instance_of::<PyOverflowError>(py) => {
                Ok(py.None().into_bound(py))
            }
            Err(error) => Err(error),
        }
    }
}

impl<T: ToPython> ToPython for Option<T> {
    fn type_name() -> String {
        format!("{} | None", T::type_name())
    }

    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Some(value) => value.to_python(py),
            None => Ok(py.None().into_bound(py)),
        }
    }
}

impl<T: ToPython> ToPython for Vec<T> {
    fn type_name() -> String {
        format!("tuple[{}, ...]", T::type_name())
    }

    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let items = self.iter().map(|item| item.to_python(py)).collect::<PyResult<Vec<_>>>()?;
        Ok(PyTuple::new(py, items)?.into_any())
    }
}

/// A new dict each time: changing it does not change the event.
impl<T: ToPython> ToPython for BTreeMap<String, T> {
    fn type_name() -> String {
        format!("dict[str, {}]", T::type_name())
    }

    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let dict = PyDict::new(py);
        for (key, value) in self {
            dict.set_item(key, value.to_python(py)?)?;
        }
        Ok(dict.into_any())
    }
}
