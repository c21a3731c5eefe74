//! Event and parts: one frozen class each. Fields, their types and their documentation are those that `oomkit_core::reflect`
//! lists; a class is one line of `classes!`.

mod attribute;
mod repr;

use crate::error::OomkitError;
use attribute::{Attribute, in_python};
use oomkit_core::diagnose::explain;
use oomkit_core::event as model;
use oomkit_core::reflect::{Field, Object, Struct, Type, Value};
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::type_object::PyTypeInfo;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple, PyType};
use serde::de::DeserializeOwned;
use std::any::TypeId;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::LazyLock;

/// What all events and parts have in common: immutable, hashable, comparable, and picklable. Sizes are integers in bytes.
/// What is absent, or null, in the JSON is `None`, or an empty tuple or dict. Parts of parts are made when first read.
#[pyclass(module = "oomkit", name = "_Part", subclass, frozen, eq, hash)]
pub(crate) struct Part {
    core: Box<dyn Object>,
    class: &'static Class,
    /// Objects of other classes, as they were first read.
    kept: Box<[PyOnceLock<Py<PyAny>>]>,
}

/// A class of Python and what it shows of the core.
pub(crate) struct Class {
    pub(crate) name: &'static str,
    module: &'static str,
    doc: &'static str,
    /// In the order of positional patterns: what is converted at each reading, then what is kept.
    fields: Vec<Field>,
    /// How many fields are kept.
    kept: usize,
    core: TypeId,
    python_type: fn(Python<'_>) -> Bound<'_, PyType>,
    object: fn(Python<'_>, Part) -> PyResult<Bound<'_, PyAny>>,
    from_json: fn(&[u8]) -> serde_json::Result<Box<dyn Object>>,
}

/// Defines the classes of a module, one a line: its name and the core's struct.
///
/// The order of positional patterns is that of the core's fields, first those that hold no objects of other classes. Where it
/// was another one when the class was published, it stays: `field after other`.
macro_rules! classes {
    ($module:literal: $($name:ident = $core:path $([$($field:ident after $other:ident),+])?;)+) => {
        $(
            #[pyo3::pyclass(module = $module, extends = $crate::parts::Part, frozen)]
            pub(crate) struct $name;
        )+

        pub(crate) fn all_classes() -> Vec<$crate::parts::Class> {
            vec![$($crate::parts::Class::new::<$name, $core>(
                stringify!($name),
                $module,
                &[$($((stringify!($field), stringify!($other))),+)?],
                |py, part| Ok(pyo3::Bound::new(py, ($name, part))?.into_any()),
            )),+]
        }
    };
}
pub(crate) use classes;

classes! { "oomkit":
    Allocation = model::Allocation;
    Buddy = model::Buddy;
    BuddyOrder = model::BuddyOrder;
    Candidate = explain::Candidate [comm_raw after comm];
    CgroupStats = model::CgroupStats;
    Choice = explain::Choice;
    Cluster = model::Cluster;
    CommandShare = explain::CommandShare [comm_raw after comm];
    Companion = model::Companion;
    Counter = model::Counter;
    Diagnostic = model::Diagnostic;
    Event = model::Event [oom_kill_allocating_task after limit_owner];
    Evidence = model::Evidence;
    Explanation = explain::Explanation;
    Frame = model::Frame;
    GroupKill = model::GroupKill;
    Holders = explain::Holders;
    Hugepages = model::Hugepages;
    Identity = model::Identity;
    Job = model::Job;
    Kernel = model::Kernel;
    LastState = model::LastState;
    LimitOwner = model::LimitOwner;
    Memcg = model::Memcg;
    Memory = model::Memory;
    Node = model::Node;
    Number = explain::Number;
    Reaped = model::Reaped;
    Request = explain::Request;
    Sentence = explain::Sentence;
    Slab = model::Slab;
    Source = model::Source;
    Task = model::Task;
    TaskRef = model::TaskRef;
    Time = model::Time;
    Trigger = model::Trigger;
    Use = explain::Use;
    UserShare = explain::UserShare;
    Uses = explain::Uses;
    Verdict = model::Verdict;
    Victim = model::Victim;
    WhatIfAnswer = explain::WhatIfAnswer;
    Zone = model::Zone;
}

static CLASSES: LazyLock<HashMap<TypeId, Class>> = LazyLock::new(|| {
    let all = all_classes().into_iter().chain(crate::resources::all_classes());
    all.map(|class| (class.core, class)).collect()
});

impl Class {
    pub(crate) fn new<P: PyTypeInfo, C: Struct + Object + DeserializeOwned>(
        name: &'static str,
        module: &'static str,
        moved: &[(&str, &str)],
        object: fn(Python<'_>, Part) -> PyResult<Bound<'_, PyAny>>,
    ) -> Self {
        let (kept, mut fields): (Vec<_>, Vec<_>) = C::fields().into_iter().partition(|field| is_kept(&field.of));
        let count = kept.len();
        fields.extend(kept);
        for (field, other) in moved {
            let position = |fields: &[Field], name| fields.iter().position(|field| field.name == name);
            if let Some(from) = position(&fields, *field) {
                let field = fields.remove(from);
                fields.insert(position(&fields, *other).map_or(from, |other| other + 1), field);
            }
        }
        Self {
            name,
            module,
            doc: C::DOC,
            fields,
            kept: count,
            core: TypeId::of::<C>(),
            python_type: |py| P::type_object(py),
            object,
            from_json: |json| Ok(Box::new(serde_json::from_slice::<C>(json)?)),
        }
    }

    fn of(core: TypeId) -> PyResult<&'static Self> {
        CLASSES.get(&core).ok_or_else(|| PyTypeError::new_err("a part of no known class"))
    }

    /// Gives the class its attributes, and puts it into a module.
    fn add_to(&'static self, module: &Bound<'_, PyModule>) -> PyResult<()> {
        let py = module.py();
        let class = (self.python_type)(py);
        let annotations = PyDict::new(py);
        let mut count = 0..;
        for field in &self.fields {
            let kept = is_kept(&field.of).then(|| count.next()).flatten();
            class.setattr(field.name, Attribute::new(self, field, kept))?;
            annotations.set_item(field.name, annotation(&field.of))?;
        }
        class.setattr("__doc__", in_python(self.doc))?;
        class.setattr("__match_args__", PyTuple::new(py, self.fields.iter().map(|field| field.name))?)?;
        class.setattr("__annotations__", annotations)?;
        module.add(self.name, class)
    }
}

/// Puts the classes of a module into it.
pub(crate) fn add_classes(module: &Bound<'_, PyModule>, name: &str) -> PyResult<()> {
    CLASSES.values().filter(|class| class.module == name).try_for_each(|class| class.add_to(module))
}

/// Whether a field holds objects of other classes: they are made once, so that `event.tasks[0]` in a loop costs no more than
/// it should.
fn is_kept(of: &Type) -> bool {
    match of {
        Type::Struct(_) => true,
        Type::Optional(of) | Type::List(of) | Type::Map(of) => is_kept(of),
        _ => false,
    }
}

/// A type as Python writes it.
fn annotation(of: &Type) -> String {
    match of {
        Type::Bool => "bool".to_owned(),
        Type::Integer => "int".to_owned(),
        Type::Float => "float".to_owned(),
        Type::Time => "datetime.datetime".to_owned(),
        Type::Optional(of) => format!("{} | None", annotation(of)),
        Type::List(of) => format!("tuple[{}, ...]", annotation(of)),
        Type::Map(of) => format!("dict[str, {}]", annotation(of)),
        Type::Struct(core) => CLASSES.get(core).map_or("object", |class| class.name).to_owned(),
        // words are open sets: one of a newer version is no error
        _ => "str".to_owned(),
    }
}

/// An event or part as the object it is.
pub(crate) fn object(py: Python<'_>, core: Box<dyn Object>) -> PyResult<Bound<'_, PyAny>> {
    let class = Class::of((*core).as_any().type_id())?;
    let kept = (0..class.kept).map(|_| PyOnceLock::new()).collect();
    (class.object)(py, Part { core, class, kept })
}

/// A value as Python has it. Dicts are new each time: changing one does not change the event.
fn to_python<'py>(value: Value<'_>, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Bool(value) => value.into_pyobject(py)?.to_owned().into_any(),
        Value::Signed(value) => value.into_pyobject(py)?.into_any(),
        Value::Unsigned(value) => value.into_pyobject(py)?.into_any(),
        Value::Float(value) => value.into_pyobject(py)?.into_any(),
        Value::Text(value) => PyString::new(py, &value).into_any(),
        Value::Time(value) => match value.into_pyobject(py) {
            Ok(time) => time.into_any(),
            // years beyond 9999: a log must not raise
            Err(error) if error.is_instance_of::<PyValueError>(py) || error.is_instance_of::<PyOverflowError>(py) => {
                py.None().into_bound(py)
            }
            Err(error) => return Err(error),
        },
        Value::List(values) => {
            let items = values.into_iter().map(|value| to_python(value, py)).collect::<PyResult<Vec<_>>>()?;
            PyTuple::new(py, items)?.into_any()
        }
        Value::Map(values) => {
            let dict = PyDict::new(py);
            for (key, value) in values {
                dict.set_item(key, to_python(value, py)?)?;
            }
            dict.into_any()
        }
        Value::Struct(core) => object(py, core.boxed())?,
        _ => py.None().into_bound(py),
    })
}

impl Part {
    /// What the core knows it as.
    pub(crate) fn core<C: 'static>(&self) -> PyResult<&C> {
        let core = (*self.core).as_any().downcast_ref();
        core.ok_or_else(|| PyTypeError::new_err(format!("not what {} stands for", self.class.name)))
    }

    fn read<'py>(&self, py: Python<'py>, field: &str, kept: Option<usize>) -> PyResult<Bound<'py, PyAny>> {
        let read = || to_python(self.core.field(field).unwrap_or(Value::Absent), py);
        match kept.and_then(|kept| self.kept.get(kept)) {
            None => read(),
            Some(kept) => Ok(kept.get_or_try_init(py, || read().map(Bound::unbind))?.bind(py).clone()),
        }
    }

    fn json(&self) -> PyResult<String> {
        self.core.to_json().map_err(|error| OomkitError::new_err(error.to_string()))
    }
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.core.equals(&*other.core)
    }
}

/// By the JSON: a float has no hash.
impl Hash for Part {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.core.to_json().unwrap_or_default().hash(state);
    }
}

#[pymethods]
impl Part {
    /// Plain dicts, lists, strings and numbers: exactly the JSON, so absent fields have no key and times are
    /// text.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.call_method1("loads", (self.json()?,))
    }

    /// One line of JSON without its newline: for an `Event` byte for byte what `oomkit parse --format jsonl`
    /// prints.
    fn to_json(&self) -> PyResult<String> {
        self.json()
    }

    /// Reads back what `to_json()` or the command line wrote. Fields of a newer version are passed over.
    ///
    /// Raises `OomkitError` when `json` is not that.
    #[classmethod]
    #[pyo3(signature = (json, /))]
    fn from_json<'py>(class: &Bound<'py, PyType>, json: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = class.py();
        let Some(known) = CLASSES.values().find(|known| (known.python_type)(py).is(class)) else {
            return Err(PyTypeError::new_err(format!("{} has no JSON", class.name()?)));
        };
        let text = if let Ok(text) = json.cast::<PyString>() {
            text.to_str()?.as_bytes()
        } else if let Ok(bytes) = json.cast::<PyBytes>() {
            bytes.as_bytes()
        } else {
            let given = json.get_type().name()?;
            return Err(PyTypeError::new_err(format!("{}.from_json() takes str or bytes, not {given}", known.name)));
        };
        let core = (known.from_json)(text);
        object(py, core.map_err(|error| OomkitError::new_err(format!("not the JSON of one {}: {error}", known.name)))?)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        match slf.get().core::<model::Event>() {
            Ok(event) => repr::event(slf.py(), event),
            Err(_) => repr::part(slf.as_any(), &slf.get().class.fields),
        }
    }

    /// Itself: nothing in it can change.
    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    /// Itself: nothing in it can change.
    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    /// Pickled as JSON, so that another version of the package can read it.
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((slf.get_type().getattr("from_json")?, (slf.get().json()?,)))
    }
}
