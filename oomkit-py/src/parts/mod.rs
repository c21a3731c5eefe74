//! Event and parts: one frozen class each, all made by one macro. The files follow `oomkit_core::event`.

pub(crate) mod cluster;
pub(crate) mod companion;
pub(crate) mod event;
pub(crate) mod explanation;
pub(crate) mod identity;
pub(crate) mod memcg;
pub(crate) mod memory;
pub(crate) mod process;
pub(crate) mod repr;
pub(crate) mod time;
pub(crate) mod trigger;
pub(crate) mod verdict;

use crate::error::OomkitError;
use oomkit_core::json::JsonWriter;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use serde::de::DeserializeOwned;

/// Defines the class of a part from the names of its fields. Each file calls the core's module of its parts `model`.
///
/// `values` are converted at each reading. `parts` are objects of other classes; they are made at the first reading and
/// kept, so that `event.tasks[0]` in a loop costs no more than it should. A field that the core keeps one level deeper
/// is written `field in outer`, one whose JSON has another name `field as "name"`. The fields' order is the order of
/// positional patterns: append, never insert. `Name of "oomkit.resources"` is a class of another module.
macro_rules! part {
    ($(#[$doc:meta])* $name:ident of $module:literal { $($fields:tt)* }) => {
        $crate::parts::part! { @class $module, by_json, $(#[$doc])* $name { $($fields)* } }
    };
    ($(#[$doc:meta])* $name:ident $(shown by $repr:path)? { $($fields:tt)* }) => {
        $crate::parts::part! { @class "oomkit", by_value, $(#[$doc])* $name $(shown by $repr)? { $($fields)* } }
    };
    (
        @class $module:literal, $hashed:ident,
        $(#[$doc:meta])*
        $name:ident $(shown by $repr:path)? {
            values { $($(#[$vdoc:meta])* $value:ident $(as $shown:literal)? $(in $outer:ident)?,)* }
            $(parts { $($(#[$pdoc:meta])* $part:ident $(in $pouter:ident)?,)* })?
        }
    ) => {
        $(#[$doc])*
        #[pyo3::pyclass(module = $module, frozen, eq, hash)]
        pub(crate) struct $name {
            core: model::$name,
            $($($part: pyo3::sync::PyOnceLock<pyo3::Py<pyo3::PyAny>>,)*)?
        }

        impl From<model::$name> for $name {
            fn from(core: model::$name) -> Self {
                Self { core, $($($part: pyo3::sync::PyOnceLock::new(),)*)? }
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.core == other.core
            }
        }

        impl std::hash::Hash for $name {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                $crate::parts::hashed!($hashed, self.core, state);
            }
        }

        impl $crate::convert::ToPython for model::$name {
            fn type_name() -> String {
                stringify!($name).to_owned()
            }

            fn to_python<'py>(&self, py: pyo3::Python<'py>) -> pyo3::PyResult<pyo3::Bound<'py, pyo3::PyAny>> {
                Ok(pyo3::Bound::new(py, $name::from(self.clone()))?.into_any())
            }
        }

        #[pyo3::pymethods]
        impl $name {
            $(
                $(#[$vdoc])*
                #[getter]
                $(#[pyo3(name = $shown)])?
                fn $value<'py>(&self, py: pyo3::Python<'py>) -> pyo3::PyResult<pyo3::Bound<'py, pyo3::PyAny>> {
                    $crate::convert::ToPython::to_python(&self.core$(.$outer)?.$value, py)
                }
            )*
            $($(
                $(#[$pdoc])*
                #[getter]
                fn $part<'py>(&self, py: pyo3::Python<'py>) -> pyo3::PyResult<pyo3::Bound<'py, pyo3::PyAny>> {
                    let field = &self.core$(.$pouter)?.$part;
                    let kept = self.$part.get_or_try_init(py, || {
                        $crate::convert::ToPython::to_python(field, py).map(pyo3::Bound::unbind)
                    })?;
                    Ok(kept.bind(py).clone())
                }
            )*)?

            /// Names of the attributes, in the order of positional patterns.
            #[classattr]
            fn __match_args__(py: pyo3::Python<'_>) -> pyo3::PyResult<pyo3::Bound<'_, pyo3::types::PyTuple>> {
                pyo3::types::PyTuple::new(py, Self::FIELDS)
            }

            /// Types of the attributes.
            #[classattr]
            fn __annotations__(py: pyo3::Python<'_>) -> pyo3::PyResult<pyo3::Bound<'_, pyo3::types::PyDict>> {
                use $crate::convert::type_of;
                use pyo3::prelude::*;
                let types = pyo3::types::PyDict::new(py);
                $(types.set_item(
                    $crate::parts::shown!($value $($shown)?),
                    type_of(|core: &model::$name| &core$(.$outer)?.$value),
                )?;)*
                $($(types.set_item(
                    stringify!($part),
                    type_of(|core: &model::$name| &core$(.$pouter)?.$part),
                )?;)*)?
                Ok(types)
            }

            /// Plain dicts, lists, strings and numbers: exactly the JSON, so absent fields have no key and times are
            /// text.
            fn to_dict<'py>(&self, py: pyo3::Python<'py>) -> pyo3::PyResult<pyo3::Bound<'py, pyo3::PyAny>> {
                use pyo3::prelude::*;
                py.import("json")?.call_method1("loads", (self.to_json()?,))
            }

            /// One line of JSON without its newline: for an `Event` byte for byte what `oomkit parse --format jsonl`
            /// prints.
            fn to_json(&self) -> pyo3::PyResult<String> {
                $crate::parts::to_json(&self.core)
            }

            /// Reads back what `to_json()` or the command line wrote. Fields of a newer version are passed over.
            ///
            /// Raises `OomkitError` when `json` is not that.
            #[classmethod]
            #[pyo3(signature = (json, /))]
            fn from_json(
                _class: &pyo3::Bound<'_, pyo3::types::PyType>,
                json: &pyo3::Bound<'_, pyo3::PyAny>,
            ) -> pyo3::PyResult<Self> {
                $crate::parts::from_json::<model::$name>(json, stringify!($name)).map(Self::from)
            }

            fn __repr__(slf: &pyo3::Bound<'_, Self>) -> pyo3::PyResult<String> {
                $crate::parts::repr_by!(slf, $($repr)?)
            }

            /// Itself: nothing in it can change.
            fn __copy__(slf: pyo3::Py<Self>) -> pyo3::Py<Self> {
                slf
            }

            /// Itself: nothing in it can change.
            fn __deepcopy__(slf: pyo3::Py<Self>, _memo: &pyo3::Bound<'_, pyo3::PyAny>) -> pyo3::Py<Self> {
                slf
            }

            /// Pickled as JSON, so that another version of the package can read it.
            fn __reduce__<'py>(
                slf: &pyo3::Bound<'py, Self>,
            ) -> pyo3::PyResult<(pyo3::Bound<'py, pyo3::PyAny>, (String,))> {
                use pyo3::prelude::*;
                Ok((slf.get_type().getattr("from_json")?, (slf.get().to_json()?,)))
            }
        }

        impl $name {
            /// What the core knows it as.
            #[allow(dead_code, reason = "only some parts go back into the core")]
            pub(crate) fn core(&self) -> &model::$name {
                &self.core
            }

            const FIELDS: &'static [&'static str] =
                &[$($crate::parts::shown!($value $($shown)?),)* $($(stringify!($part),)*)?];
        }
    };
}

/// The repr of a class that names one, else that of all parts.
macro_rules! repr_by {
    ($slf:ident,) => {
        $crate::parts::repr::part($slf.as_any(), Self::FIELDS)
    };
    ($slf:ident, $repr:path) => {
        $repr($slf.py(), &$slf.get().core)
    };
}

/// The name of an attribute: the field's, unless that is another in JSON.
macro_rules! shown {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $shown:literal) => {
        $shown
    };
}

/// A float has no hash: what holds one is hashed by its JSON.
macro_rules! hashed {
    (by_value, $core:expr, $state:ident) => {
        $core.hash($state)
    };
    (by_json, $core:expr, $state:ident) => {
        serde_json::to_vec(&$core).unwrap_or_default().hash($state)
    };
}

pub(crate) use {hashed, part, repr_by, shown};

pub(crate) fn to_json<T: serde::Serialize>(core: &T) -> PyResult<String> {
    let mut json = JsonWriter::default();
    let text = json.write(core).map_err(|error| OomkitError::new_err(error.to_string()))?;
    Ok(String::from_utf8_lossy(text).into_owned())
}

pub(crate) fn from_json<T: DeserializeOwned>(json: &Bound<'_, PyAny>, name: &str) -> PyResult<T> {
    let text = if let Ok(text) = json.cast::<PyString>() {
        text.to_str()?.as_bytes()
    } else if let Ok(bytes) = json.cast::<PyBytes>() {
        bytes.as_bytes()
    } else {
        let given = json.get_type().name()?;
        return Err(PyTypeError::new_err(format!("{name}.from_json() takes str or bytes, not {given}")));
    };
    serde_json::from_slice(text).map_err(|error| OomkitError::new_err(format!("not the JSON of one {name}: {error}")))
}
