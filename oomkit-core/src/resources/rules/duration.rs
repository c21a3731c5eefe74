//! Durations as Prometheus writes them: `90s`, `1h30m`, `7d`.

use crate::error::Error;
use std::fmt;
use std::str::FromStr;

/// A duration in the words of Prometheus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duration(String);

/// From the largest to the smallest, each at most once; milliseconds.
const UNITS: [(&str, u64); 7] = [
    ("y", 31_536_000_000),
    ("w", 604_800_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1000),
    ("ms", 1),
];

impl Duration {
    pub(super) fn of(text: &'static str) -> Self {
        Self(text.to_owned())
    }

    /// Whether it is no time at all.
    pub fn is_zero(&self) -> bool {
        !self.0.bytes().any(|byte| matches!(byte, b'1'..=b'9'))
    }

    /// In whole seconds, rounded up.
    pub fn seconds(&self) -> u64 {
        milliseconds(&self.0).unwrap_or(0).div_ceil(1000)
    }
}

/// As Prometheus reads it.
impl FromStr for Duration {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let expected = "a duration as Prometheus writes it, such as `90s`, `1h30m` or `7d`";
        match milliseconds(text) {
            Some(_) => Ok(Self(text.to_owned())),
            None => Err(Error::option("duration", text, expected)),
        }
    }
}

fn milliseconds(text: &str) -> Option<u64> {
    if text == "0" {
        return Some(0);
    }
    let (mut rest, mut total, mut units) = (text, 0_u64, &UNITS[..]);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let letters = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let at = units.iter().position(|(unit, _)| *unit == &rest[..letters])?;
        total = total.checked_add(number.checked_mul(units[at].1)?)?;
        (rest, units) = (&rest[letters..], &units[at + 1..]);
    }
    // Prometheus counts nanoseconds in 64 bits
    (!text.is_empty() && total < 9_223_372_036_854).then_some(total)
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
