//! Why a text is no quantity, and why a quantity is no number of bytes.

use super::Quantity;

/// A text that is no quantity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a quantity: {reason}")]
pub struct QuantityError {
    text: String,
    reason: String,
}

/// A quantity that is no number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotBytes {
    /// Below zero; the API server refuses it.
    #[error("{0} is negative")]
    Negative(Quantity),
    /// Not whole: `128m` is 0.128 bytes, `1.1Gi` has a fraction of 0.4.
    #[error("{0} is a fraction of a byte")]
    Fractional(Quantity),
    /// More than 64 bits hold.
    #[error("{0} is more bytes than 64 bits can count")]
    Overflow(Quantity),
}

/// What people write for a suffix, in lower case, and what they may have meant.
const MEANT: [(&str, &str); 14] = [
    ("k", "k (1000) or Ki (1024)"),
    ("kb", "k (1000) or Ki (1024)"),
    ("mb", "M (1000²) or Mi (1024²)"),
    ("gb", "G (1000³) or Gi (1024³)"),
    ("tb", "T (1000⁴) or Ti (1024⁴)"),
    ("g", "G (1000³) or Gi (1024³)"),
    ("t", "T (1000⁴) or Ti (1024⁴)"),
    ("p", "P (1000⁵) or Pi (1024⁵)"),
    ("ki", "Ki"),
    ("mi", "Mi"),
    ("gi", "Gi"),
    ("ti", "Ti"),
    ("pi", "Pi"),
    ("ei", "Ei"),
];

impl QuantityError {
    /// What was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is wrong with it, and what would be right.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// `rest` is what stands behind the number.
    pub(super) fn unreadable(text: &str, rest: &str) -> Self {
        let suffix = rest.trim().to_ascii_lowercase();
        let suffix = suffix.strip_suffix("ib").map_or(suffix.clone(), |prefix| format!("{prefix}i"));
        let meant = MEANT.iter().find(|(wrong, _)| *wrong == suffix).map(|(_, right)| *right);
        let reason = if text.is_empty() {
            "it is empty; write a number and a suffix, such as 128Mi".to_owned()
        } else if text.contains(char::is_whitespace) {
            let tight: String = text.split_whitespace().collect();
            match tight.parse::<Quantity>() {
                Ok(_) => format!("it may hold no space; write {tight}"),
                Err(_) => "it may hold no space".to_owned(),
            }
        } else if let Some(meant) = meant {
            format!("there is no suffix {rest:?}; write {meant}")
        } else if rest.len() == text.trim_start_matches(['+', '-']).len() {
            "it does not begin with a number; write something such as 128Mi".to_owned()
        } else {
            format!(
                "there is no suffix {rest:?}; suffixes are n u m k M G T P E, Ki Mi Gi Ti Pi Ei, or an exponent such as e6"
            )
        };
        Self { text: text.to_owned(), reason }
    }

    pub(super) fn too_precise(text: &str) -> Self {
        Self { text: text.to_owned(), reason: "it has more than 36 significant digits".to_owned() }
    }
}
