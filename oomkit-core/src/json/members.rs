//! JSON objects and arrays while they are written.

use super::serializer::{Json, Written, is_plain};
use serde::ser::{self, Serialize};
use std::fmt::Error;

/// An object or array that is being written: a comma in front of each member, the first of which becomes the bracket.
pub(super) struct Members<'a> {
    out: &'a mut Vec<u8>,
    start: usize,
}

impl<'a> Members<'a> {
    pub(super) fn of(Json(out): Json<'a>) -> Self {
        Self { start: out.len(), out }
    }

    fn close(self, open: u8, close: u8) -> Written {
        match self.out.get_mut(self.start) {
            Some(comma) => *comma = open,
            None => self.out.push(open),
        }
        self.out.push(close);
        Ok(())
    }
}

impl ser::SerializeSeq for Members<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.out.push(b',');
        value.serialize(Json(self.out))
    }

    fn end(self) -> Written {
        self.close(b'[', b']')
    }
}

impl ser::SerializeMap for Members<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Written {
        self.out.push(b',');
        let start = self.out.len();
        key.serialize(Json(self.out))?;
        // only strings are written with a quote mark; what else may be a key is the library's to know
        if self.out.get(start) != Some(&b'"') {
            return Err(Error);
        }
        self.out.push(b':');
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        value.serialize(Json(self.out))
    }

    fn end(self) -> Written {
        self.close(b'{', b'}')
    }
}

impl ser::SerializeStruct for Members<'_> {
    type Ok = ();
    type Error = Error;

    /// Inlined where the key is known, so that the compiler puts down `,"key":` in one or two stores.
    #[inline(always)]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Written {
        let key = key.as_bytes();
        debug_assert!(is_plain(key), "the name of a field needs an escape");
        let start = self.out.len();
        self.out.resize(start + key.len() + 4, b'"');
        let room = &mut self.out[start..];
        room[0] = b',';
        room[2..key.len() + 2].copy_from_slice(key);
        room[key.len() + 3] = b':';
        value.serialize(Json(self.out))
    }

    fn end(self) -> Written {
        self.close(b'{', b'}')
    }
}
