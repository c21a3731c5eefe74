//! Closed words with an open end: enums that serialise as one string and keep a string they do not know.

/// Defines enums of words. Every such enum is open: a reader keeps a word of a newer schema as `Other`.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$vdoc])* #[doc = concat!("\n\nWritten `", $word, "`.")] $variant,)+
            /// A word this version does not know, as read.
            Other(String),
        }

        impl $name {
            /// Every word this version knows.
            pub const ALL: &'static [$name] = &[$(Self::$variant),+];

            /// The word as written in JSON.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                Ok(Self::from(&*word))
            }
        }

        #[cfg(feature = "reflect")]
        impl crate::reflect::Reflect for $name {
            fn type_of() -> crate::reflect::Type {
                crate::reflect::Type::Word(vec![$($word),+])
            }

            fn value(&self) -> crate::reflect::Value<'_> {
                crate::reflect::Value::Text(self.as_str().into())
            }
        }

        crate::event::part::json_schema!($name, {
            "type": "string",
            "description": concat!("Open set; this version writes: ", $("`", $word, "` ",)+),
            "examples": [$($word),+],
        });
    )+};
}

pub(crate) use words;
