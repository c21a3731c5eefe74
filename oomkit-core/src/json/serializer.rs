//! The serializer for what events are made of: objects, arrays, numbers, text without escapes. The rest is `serde_json`'s.

use super::members::Members;
use crate::digits;
use serde::ser::{self, Impossible, Serialize};
use std::fmt::{self, Error};

/// Writes one value.
pub(super) struct Json<'a>(pub(super) &'a mut Vec<u8>);

/// `fmt::Error`: something that events are not made of.
pub(super) type Written = fmt::Result;
type Unwritable = Result<Impossible<(), Error>, Error>;
type Name = &'static str;

impl Json<'_> {
    #[inline(never)]
    fn integer<I: itoa::Integer>(self, value: I) -> Written {
        put(self.0, itoa::Buffer::new().format(value).as_bytes());
        Ok(())
    }

    /// A number, most often one of few digits, which are put down at once.
    #[inline(always)]
    fn number(self, value: u64) -> Written {
        let Some((digits, count)) = digits::of(value) else { return self.integer(value) };
        let end = self.0.len() + count;
        self.0.extend_from_slice(&digits);
        self.0.truncate(end);
        Ok(())
    }

    fn library(self, value: &(impl Serialize + ?Sized)) -> Written {
        serde_json::to_writer(self.0, value).map_err(|_| Error)
    }
}

/// Adds a few bytes. Most numbers and names are short: two blocks that overlap are written sooner than `memcpy` is called.
#[inline(always)]
fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    fn both<const N: usize>(out: &mut Vec<u8>, bytes: &[u8]) -> bool {
        let (Some(first), Some(last)) = (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) else { return false };
        let end = out.len() + bytes.len();
        out.extend_from_slice(first);
        out.truncate(end - N);
        out.extend_from_slice(last);
        true
    }
    let short = match bytes.len() {
        8..=16 => both::<8>(out, bytes),
        4..8 => both::<4>(out, bytes),
        2..4 => both::<2>(out, bytes),
        _ => false,
    };
    if !short {
        out.extend_from_slice(bytes);
    }
}

/// Whether text needs no escape in JSON.
pub(super) fn is_plain(text: &[u8]) -> bool {
    /// A whole block at once: without a way out in the middle the compiler compares its bytes side by side.
    fn all<const N: usize>(block: &[u8; N]) -> bool {
        block.iter().fold(true, |plain, &byte| plain & is_plain_byte(byte))
    }
    let (blocks, rest) = text.as_chunks::<16>();
    if !blocks.iter().all(all) {
        return false;
    }
    // the last block and the one before it share bytes
    if let Some(last) = text.last_chunk::<16>() {
        all(last)
    } else if let (Some(first), Some(last)) = (rest.first_chunk::<8>(), rest.last_chunk::<8>()) {
        all(first) & all(last)
    } else {
        rest.iter().all(|&byte| is_plain_byte(byte))
    }
}

fn is_plain_byte(byte: u8) -> bool {
    byte >= 0x20 && byte != b'"' && byte != b'\\'
}

impl<'a> ser::Serializer for Json<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Members<'a>;
    type SerializeMap = Members<'a>;
    type SerializeStruct = Members<'a>;
    type SerializeTuple = Impossible<(), Error>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeStructVariant = Impossible<(), Error>;

    fn serialize_bool(self, value: bool) -> Written {
        self.0.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Written {
        self.integer(value)
    }

    fn serialize_i16(self, value: i16) -> Written {
        self.integer(value)
    }

    #[inline]
    fn serialize_i32(self, value: i32) -> Written {
        self.serialize_i64(value.into())
    }

    #[inline]
    fn serialize_i64(self, value: i64) -> Written {
        match u64::try_from(value) {
            Ok(value) => self.number(value),
            Err(_) => self.integer(value),
        }
    }

    fn serialize_u8(self, value: u8) -> Written {
        self.integer(value)
    }

    fn serialize_u16(self, value: u16) -> Written {
        self.integer(value)
    }

    #[inline]
    fn serialize_u32(self, value: u32) -> Written {
        self.number(value.into())
    }

    #[inline]
    fn serialize_u64(self, value: u64) -> Written {
        self.number(value)
    }

    fn serialize_f32(self, value: f32) -> Written {
        self.library(&value)
    }

    fn serialize_f64(self, value: f64) -> Written {
        self.library(&value)
    }

    fn serialize_char(self, value: char) -> Written {
        self.library(&value)
    }

    fn serialize_str(self, value: &str) -> Written {
        let text = value.as_bytes();
        if !is_plain(text) {
            return self.library(value);
        }
        self.0.reserve(text.len() + 2);
        self.0.push(b'"');
        put(self.0, text);
        self.0.push(b'"');
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Written {
        self.library(value)
    }

    fn serialize_none(self) -> Written {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        self.0.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: Name) -> Written {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: Name, _: u32, variant: Name) -> Written {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: Name, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(self, _: Name, _: u32, _: Name, _: &T) -> Written {
        Err(Error)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Members<'a>, Error> {
        Ok(Members::of(self))
    }

    fn serialize_tuple(self, _: usize) -> Unwritable {
        Err(Error)
    }

    fn serialize_tuple_struct(self, _: Name, _: usize) -> Unwritable {
        Err(Error)
    }

    fn serialize_tuple_variant(self, _: Name, _: u32, _: Name, _: usize) -> Unwritable {
        Err(Error)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Members<'a>, Error> {
        Ok(Members::of(self))
    }

    fn serialize_struct(self, _: Name, _: usize) -> Result<Members<'a>, Error> {
        Ok(Members::of(self))
    }

    fn serialize_struct_variant(self, _: Name, _: u32, _: Name, _: usize) -> Unwritable {
        Err(Error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_every_length_are_put_down_whole() {
        let bytes: Vec<u8> = (0..40).collect();
        for length in 0..=bytes.len() {
            let mut out = b"before".to_vec();
            put(&mut out, &bytes[..length]);
            assert_eq!(out, [b"before", &bytes[..length]].concat());
        }
    }
}
