//! Names from the kernel: readable text, and the exact bytes beside it when text could not hold them.

use super::part::json_schema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Exact bytes of a name that is not UTF-8. Serialised as lower-case hex.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RawBytes(pub Vec<u8>);

impl RawBytes {
    /// Text for reading, and the bytes only when the text could not carry them.
    pub(crate) fn lossy(bytes: &[u8]) -> (String, Option<Self>) {
        match std::str::from_utf8(bytes) {
            Ok(text) => (text.to_owned(), None),
            Err(_) => (readable(bytes), Some(Self(bytes.to_vec()))),
        }
    }
}

/// Text for reading: what is not UTF-8 becomes U+FFFD.
pub(crate) fn readable(bytes: &[u8]) -> String {
    // nearly all of it is, and is seen to be sooner than copied piece by piece
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

impl Serialize for RawBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex(&self.0))
    }
}

/// Two lower-case digits a byte.
pub(super) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|b| [HEX[usize::from(b >> 4)], HEX[usize::from(b & 15)]]);
    let mut hex = String::with_capacity(bytes.len() * 2);
    hex.extend(digits);
    hex
}

const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];

impl<'de> Deserialize<'de> for RawBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let hex = String::deserialize(deserializer)?;
        let digits: Option<Vec<u8>> = hex.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect();
        match digits {
            Some(digits) if digits.len() % 2 == 0 => {
                Ok(Self(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()))
            }
            _ => Err(serde::de::Error::custom("expected an even number of hex digits")),
        }
    }
}

json_schema!(RawBytes, {"type": "string", "pattern": "^([0-9a-f]{2})*$"});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_stand_beside_the_text_only_when_needed() {
        assert_eq!(RawBytes::lossy("Grüße".as_bytes()), ("Grüße".to_owned(), None));
        let (text, raw) = RawBytes::lossy(b"\xff\xfebad");
        assert_eq!(text, "\u{fffd}\u{fffd}bad");
        let json = serde_json::to_string(&raw.unwrap()).unwrap();
        assert_eq!(json, r#""fffe626164""#);
        assert_eq!(serde_json::from_str::<RawBytes>(&json).unwrap().0, b"\xff\xfebad");
        assert!(serde_json::from_str::<RawBytes>(r#""fff""#).is_err());
    }
}
