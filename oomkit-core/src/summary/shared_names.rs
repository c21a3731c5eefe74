//! String interning: names that thousands of kills share are kept once.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::HashSet;
use std::ops::Deref;
use std::sync::Arc;

/// A shared text. Ordered and compared as text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Name(Arc<str>);

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(String::deserialize(deserializer)?.into()))
    }
}

/// Every name that is in use.
#[derive(Debug, Clone, Default)]
pub(super) struct NameTable {
    known: HashSet<Name>,
    /// Names at which those that nobody uses any more are looked for.
    full: usize,
}

/// So few names cost nothing.
const FEW: usize = 4096;

impl NameTable {
    /// The shared copy of a text.
    pub(super) fn name(&mut self, text: &str) -> Name {
        match self.known.get(text) {
            Some(known) => known.clone(),
            None => self.learn(Name(text.into())),
        }
    }

    /// The shared copy of a text that may not be there.
    pub(super) fn maybe(&mut self, text: Option<&str>) -> Option<Name> {
        text.map(|text| self.name(text))
    }

    /// Exchanges a name for its shared copy.
    pub(super) fn share(&mut self, name: &mut Name) {
        *name = match self.known.get(name) {
            Some(known) => known.clone(),
            None => self.learn(name.clone()),
        };
    }

    fn learn(&mut self, name: Name) -> Name {
        if self.known.len() >= self.full.max(FEW) {
            self.known.retain(|name| Arc::strong_count(&name.0) > 1);
            self.full = self.known.len() * 2;
        }
        self.known.insert(name.clone());
        name
    }
}
