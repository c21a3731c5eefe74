//! Why a text is not a quantity, and what was probably meant.

use super::Quantity;
use crate::error::{Error, ErrorKind};

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

/// `rest` is what comes after the number.
pub(super) fn unreadable(text: &str, rest: &str) -> Error {
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
    refused(text, reason)
}

pub(super) fn too_precise(text: &str) -> Error {
    refused(text, "it has more than 36 significant digits".to_owned())
}

fn refused(text: &str, reason: String) -> Error {
    ErrorKind::Quantity { text: text.to_owned(), reason }.into()
}
