//! One way to write the parts of an event: documented, readable by serde, absent fields left out of JSON.

/// Defines parts of the event: plain structs whose optional fields are left out of JSON when absent. Their doc comments are
/// also those of the JSON schema and of the Python classes.
macro_rules! part {
    ($(
        $(#[$doc:meta])*
        $name:ident {
            $(@always { $($(#[$adoc:meta])* $afield:ident: $atype:ty,)+ })?
            $($(#[$fdoc:meta])* $field:ident: $type:ty,)*
        }
    )+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "reflect", derive(crate::reflect::Reflect))]
        #[cfg_attr(feature = "deny-unknown-fields", serde(deny_unknown_fields))]
        #[non_exhaustive]
        pub struct $name {
            $($($(#[$adoc])* pub $afield: $atype,)+)?
            $(
                $(#[$fdoc])*
                #[serde(default, skip_serializing_if = "crate::event::part::Absent::is_absent")]
                pub $field: $type,
            )*
        }

        impl $name {
            /// Without any of what may be absent.
            #[allow(dead_code, clippy::too_many_arguments)]
            pub(crate) fn required($($($afield: $atype),+)?) -> Self {
                Self { $($($afield,)+)? $($field: Default::default(),)* }
            }
        }
    )+};
}

/// The JSON schema of a type that serialises by hand.
macro_rules! json_schema {
    ($name:ident, $schema:tt) => {
        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!($schema)
            }
        }
    };
}

pub(crate) use {json_schema, part};

/// What is left out of JSON: nothing known, or nothing in it.
pub(crate) trait Absent {
    fn is_absent(&self) -> bool;
}

impl<T> Absent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> Absent for Vec<T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<K, V> Absent for std::collections::BTreeMap<K, V> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}
