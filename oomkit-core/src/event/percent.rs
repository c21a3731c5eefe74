//! Percentages as programs print them: with at most two decimal places.

use super::part::json_schema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A percentage in hundredths, exact. Serialised as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(u32);

impl Percent {
    /// From hundredths of a percent: `6209` is 62.09 %.
    pub const fn from_hundredths(hundredths: u32) -> Self {
        Self(hundredths)
    }

    /// Hundredths of a percent.
    pub const fn as_hundredths(self) -> u32 {
        self.0
    }
}

/// `62.09%`.
impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{:02}%", self.0 / 100, self.0 % 100))
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.0) / 100.0)
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let percent = f64::deserialize(deserializer)?;
        if (0.0..=1e7).contains(&percent) {
            Ok(Self((percent * 100.0).round() as u32))
        } else {
            Err(serde::de::Error::custom("a percentage is not negative"))
        }
    }
}

json_schema!(Percent, {"type": "number", "minimum": 0, "description": "percent"});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hundredths_survive_json() {
        for (hundredths, json) in [(6209, "62.09"), (5000, "50.0"), (0, "0.0"), (1_000_001, "10000.01")] {
            assert_eq!(serde_json::to_string(&Percent(hundredths)).unwrap(), json);
            assert_eq!(serde_json::from_str::<Percent>(json).unwrap(), Percent(hundredths));
        }
        assert_eq!(Percent(5007).to_string(), "50.07%");
        assert!(serde_json::from_str::<Percent>("-1").is_err());
    }
}
