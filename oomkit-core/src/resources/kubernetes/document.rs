//! One JSON document: an object, a list of them, or an array; items leave as soon as they are read.

use super::object::{self, Metadata, Spec, Status};
use super::{Contents, Take, pod};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Reads an object or a list of objects.
pub(super) struct Document<'a> {
    pub(super) take: &'a mut dyn Take,
    pub(super) contents: &'a mut Contents,
    /// What the list around it says its items are: `Pod` in a PodList, whose items do not say so themselves.
    pub(super) kind: Option<Kind>,
}

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Pod,
    Node,
    LimitRange,
    /// A list of anything.
    List,
    Other,
}

impl Kind {
    fn of(word: &str) -> Self {
        match word {
            "Pod" => Self::Pod,
            "Node" => Self::Node,
            "LimitRange" => Self::LimitRange,
            "List" | "PodList" | "NodeList" | "LimitRangeList" => Self::List,
            _ => Self::Other,
        }
    }

    /// Of a list's items, where the list's own kind says it.
    fn of_items(word: &str) -> Option<Self> {
        match word {
            "List" => None,
            _ => word.strip_suffix("List").map(Self::of),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a Kubernetes object or a list of objects, as `kubectl get pods,nodes -A -o json` prints them")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Self { take, contents, kind } = self;
        while items.next_element_seed(Document { take, contents, kind })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let Self { take, contents, kind: around } = self;
        let mut kind = None;
        let mut items_are = around;
        let (mut metadata, mut spec, mut status) = (Metadata::default(), Spec::default(), Status::default());
        let mut list = false;
        while let Some(field) = fields.next_key::<Field>()? {
            // fields of a kind that is not ours may have any shape
            let other = kind.or(around) == Some(Kind::Other);
            match field {
                Field::Kind => {
                    let word: String = fields.next_value()?;
                    kind = Some(Kind::of(&word));
                    items_are = Kind::of_items(&word).or(around);
                    list |= word.ends_with("List");
                }
                Field::Items if kind.is_none_or(|kind| kind == Kind::List) => {
                    list = true;
                    fields.next_value_seed(Items(Document { take, contents, kind: items_are }))?;
                }
                Field::Metadata if !other => metadata = fields.next_value::<Option<_>>()?.unwrap_or_default(),
                Field::Spec if !other => spec = fields.next_value::<Option<_>>()?.unwrap_or_default(),
                Field::Status if !other => status = fields.next_value::<Option<_>>()?.unwrap_or_default(),
                _ => drop(fields.next_value::<IgnoredAny>()?),
            }
        }
        if list {
            return Ok(());
        }
        match kind.or(around) {
            Some(Kind::Pod) => {
                contents.pods += 1;
                contents.listed_after = contents.listed_after.max(object::latest(&metadata, &status));
                take.pod(pod::pod(metadata, spec, status));
            }
            Some(Kind::Node) => {
                contents.nodes += 1;
                contents.listed_after = contents.listed_after.max(object::latest(&metadata, &status));
                take.node(pod::node(metadata, spec, status));
            }
            Some(Kind::LimitRange) => {
                contents.others += 1;
                pod::defaults(metadata, spec).into_iter().for_each(|defaults| take.defaults(defaults));
            }
            _ => contents.others += 1,
        }
        Ok(())
    }
}

/// The `items` of a list: an array, or null for none.
struct Items<'a>(Document<'a>);

impl<'de> DeserializeSeed<'de> for Items<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<(), A::Error> {
        self.0.visit_seq(items)
    }
}

/// Fields of an object that are looked at.
#[derive(serde::Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum Field {
    Kind,
    Items,
    Metadata,
    Spec,
    Status,
    #[serde(other)]
    Other,
}
