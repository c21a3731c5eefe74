//! One field of a class: a descriptor that reads it by name.

use super::{Class, Part, annotation};
use oomkit_core::reflect::{Field, Type};
use pyo3::exceptions::{PyAttributeError, PyTypeError};
use pyo3::prelude::*;

/// More words than this are not all named in the documentation of a field.
const WORDS_NAMED: usize = 12;

// no doc comment: it would be the `__doc__` of each attribute
#[pyclass(module = "oomkit", name = "_Attribute", frozen)]
pub(super) struct Attribute {
    class: &'static Class,
    field: &'static Field,
    /// Which of the objects that the part keeps.
    kept: Option<usize>,
}

impl Attribute {
    pub(super) fn new(class: &'static Class, field: &'static Field, kept: Option<usize>) -> Self {
        Self { class, field, kept }
    }

    fn refused(&self) -> PyErr {
        let (field, class) = (self.field.name, self.class);
        PyAttributeError::new_err(format!(
            "attribute '{field}' of '{}.{}' objects is not writable",
            class.module, class.name
        ))
    }
}

#[pymethods]
impl Attribute {
    fn __get__<'py>(
        slf: &Bound<'py, Self>,
        object: Option<&Bound<'py, PyAny>>,
        _owner: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let Some(object) = object else { return Ok(slf.clone().into_any()) };
        let attribute = slf.get();
        match object.cast::<Part>() {
            Ok(part) if std::ptr::eq(part.get().class, attribute.class) => {
                part.get().read(slf.py(), attribute.field.name, attribute.kept)
            }
            _ => Err(PyTypeError::new_err(format!(
                "'{}' is an attribute of {}",
                attribute.field.name, attribute.class.name
            ))),
        }
    }

    fn __set__(&self, _object: &Bound<'_, PyAny>, _value: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(self.refused())
    }

    fn __delete__(&self, _object: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(self.refused())
    }

    #[getter]
    fn __name__(&self) -> &'static str {
        self.field.name
    }

    #[getter]
    fn __doc__(&self) -> String {
        documentation(self.field)
    }

    fn __repr__(&self) -> String {
        let of = annotation(&self.field.of);
        format!("<attribute '{}: {of}' of '{}.{}' objects>", self.field.name, self.class.module, self.class.name)
    }
}

/// What the core says of a field; where it may be one of several words, its first sentence ends with them.
fn documentation(field: &Field) -> String {
    let doc = in_python(field.doc);
    let words = match words_of(&field.of) {
        Some(words) if !doc.contains('"') => words,
        _ => return doc,
    };
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    let named = match quoted.split_last() {
        Some((last, others)) if !others.is_empty() && quoted.len() <= WORDS_NAMED => {
            format!("{} or {last}.", others.join(", "))
        }
        _ if quoted.len() > WORDS_NAMED => format!("{} …", quoted[..WORDS_NAMED / 2].join(", ")),
        _ => format!("{}.", quoted.join(", ")),
    };
    let (sentence, rest) = doc.split_once(". ").unwrap_or((doc.trim_end_matches('.'), ""));
    format!("{sentence}: {named} {rest}").trim_end().to_owned()
}

/// A doc comment with Python's word for what JSON calls null.
pub(super) fn in_python(doc: &str) -> String {
    doc.replace("null", "`None`").replace("Null", "`None`")
}

fn words_of(of: &Type) -> Option<&[&'static str]> {
    match of {
        Type::Word(words) => Some(words),
        Type::Optional(of) | Type::List(of) => words_of(of),
        _ => None,
    }
}
