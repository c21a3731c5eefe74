//! The public structs by their fields: names, types, documentation and values, for bindings to other languages.
//!
//! Names and nesting are those of the JSON.

use crate::event::{Monotonic, Percent, RawBytes};
use crate::json::JsonWriter;
use crate::resources::lint::Severity;
use crate::resources::measure::{By, KrrSeverity, LainVerdict, RecommendProfile};
use crate::resources::{Basis, Quality};
use crate::units::Bytes;
use chrono::{DateTime, FixedOffset};
pub(crate) use oomkit_derive::Reflect;
use serde::Serialize;
use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What a field may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Type {
    /// True or false.
    Bool,
    /// An integer of at most 64 bits.
    Integer,
    /// A floating-point number.
    Float,
    /// Text.
    Text,
    /// One of an open set of words.
    Word(Vec<&'static str>),
    /// A time with its offset.
    Time,
    /// May be absent.
    Optional(Box<Type>),
    /// Any number of them.
    List(Box<Type>),
    /// Under names that are no fields.
    Map(Box<Type>),
    /// A struct that implements [`Struct`].
    Struct(TypeId),
}

/// What a field holds.
#[non_exhaustive]
pub enum Value<'a> {
    /// Nothing.
    Absent,
    /// [`Type::Bool`].
    Bool(bool),
    /// [`Type::Integer`].
    Signed(i64),
    /// [`Type::Integer`].
    Unsigned(u64),
    /// [`Type::Float`].
    Float(f64),
    /// [`Type::Text`] or [`Type::Word`].
    Text(Cow<'a, str>),
    /// [`Type::Time`].
    Time(DateTime<FixedOffset>),
    /// [`Type::List`].
    List(Vec<Value<'a>>),
    /// [`Type::Map`].
    Map(Vec<(&'a str, Value<'a>)>),
    /// [`Type::Struct`].
    Struct(&'a dyn Object),
}

/// One field of a struct.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Field {
    /// Its name in the JSON.
    pub name: &'static str,
    /// Its documentation: Markdown.
    pub doc: &'static str,
    /// Its type.
    pub of: Type,
}

/// A value whose type is known.
pub trait Reflect {
    /// The type.
    fn type_of() -> Type;

    /// The value.
    fn value(&self) -> Value<'_>;
}

/// A struct whose fields are known.
pub trait Struct: Reflect {
    /// Its documentation: Markdown.
    const DOC: &'static str;

    /// All fields, in their order.
    fn fields() -> Vec<Field>;

    /// The value of a field; [`None`] when there is no such field.
    fn field(&self, name: &str) -> Option<Value<'_>>;
}

/// Any struct that implements [`Struct`].
pub trait Object: Any + Send + Sync {
    /// For downcasts.
    fn as_any(&self) -> &dyn Any;

    /// The value of a field; [`None`] when there is no such field.
    fn field(&self, name: &str) -> Option<Value<'_>>;

    /// A copy.
    fn boxed(&self) -> Box<dyn Object>;

    /// Whether both are of one type and equal.
    fn equals(&self, other: &dyn Object) -> bool;

    /// One line of JSON.
    ///
    /// # Errors
    /// When a value cannot be written as JSON.
    fn to_json(&self) -> serde_json::Result<String>;
}

impl<T: Struct + Clone + PartialEq + Serialize + Send + Sync + 'static> Object for T {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn field(&self, name: &str) -> Option<Value<'_>> {
        Struct::field(self, name)
    }

    fn boxed(&self) -> Box<dyn Object> {
        Box::new(self.clone())
    }

    fn equals(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref::<Self>().is_some_and(|other| self == other)
    }

    fn to_json(&self) -> serde_json::Result<String> {
        JsonWriter::default().write(self).map(|json| String::from_utf8_lossy(json).into_owned())
    }
}

impl<T: Reflect> Reflect for Option<T> {
    fn type_of() -> Type {
        Type::Optional(Box::new(T::type_of()))
    }

    fn value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Absent, T::value)
    }
}

impl<T: Reflect> Reflect for Vec<T> {
    fn type_of() -> Type {
        Type::List(Box::new(T::type_of()))
    }

    fn value(&self) -> Value<'_> {
        Value::List(self.iter().map(T::value).collect())
    }
}

impl<T: Reflect> Reflect for BTreeMap<String, T> {
    fn type_of() -> Type {
        Type::Map(Box::new(T::type_of()))
    }

    fn value(&self) -> Value<'_> {
        Value::Map(self.iter().map(|(key, value)| (key.as_str(), value.value())).collect())
    }
}

/// Types of one kind, and how each becomes a [`Value`].
macro_rules! plain {
    ($($kind:ident: $($type:ty)+ => |$value:ident| $of:expr;)+) => {$($(
        impl Reflect for $type {
            fn type_of() -> Type {
                Type::$kind
            }

            fn value(&self) -> Value<'_> {
                let $value = self;
                $of
            }
        }
    )+)+};
}

plain! {
    Bool: bool => |value| Value::Bool(*value);
    Integer: i32 => |value| Value::Signed(i64::from(*value));
    Integer: i64 => |value| Value::Signed(*value);
    Integer: u8 u32 => |value| Value::Unsigned(u64::from(*value));
    Integer: u64 => |value| Value::Unsigned(*value);
    Integer: usize => |value| Value::Unsigned(*value as u64);
    Integer: Bytes => |value| Value::Unsigned(value.get());
    Float: f64 => |value| Value::Float(*value);
    Float: Monotonic => |value| Value::Float(value.as_secs_f64());
    Float: Percent => |value| Value::Float(f64::from(value.as_hundredths()) / 100.0);
    Text: String => |value| Value::Text(value.into());
    Text: Basis By Quality Severity => |value| Value::Text(value.as_str().into());
    Text: RawBytes KrrSeverity LainVerdict RecommendProfile => |value| Value::Text(spelled(value).into());
    Time: DateTime<FixedOffset> => |value| Value::Time(*value);
}

/// The text of a value that only its JSON spells.
fn spelled(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Companion, Identity, Level, LimitOwner, Runtime};

    #[test]
    fn fields_are_those_of_the_json() {
        let names = |fields: Vec<Field>| fields.into_iter().map(|field| field.name).collect::<Vec<_>>();
        let (owner, identity) = (names(LimitOwner::fields()), names(Identity::fields()));
        assert_eq!((owner[0], &owner[1..]), ("level", &identity[..]), "flattened");
        let kind = Companion::fields().swap_remove(0);
        assert_eq!((kind.name, kind.of), ("type", Type::Word(vec!["companion"])), "renamed");
        assert_eq!(kind.doc, "Tells a companion from an event in one stream of JSON.");
    }

    #[test]
    fn values_are_read_by_name() {
        let owner = LimitOwner::new(Level::Pod, Identity::new(Runtime::Containerd));
        let object: &dyn Object = &owner;
        assert!(matches!(object.field("level"), Some(Value::Text(word)) if word == "pod"));
        assert!(matches!(object.field("runtime"), Some(Value::Text(word)) if word == "containerd"));
        assert!(matches!(object.field("unit"), Some(Value::Absent)));
        assert!(object.field("identity").is_none());
        assert!(object.equals(&*object.boxed()) && !object.equals(&owner.identity));
        assert_eq!(object.to_json().unwrap(), r#"{"level":"pod","runtime":"containerd"}"#);
    }
}
