//! When it happened: the log's wall clock as written and as understood, and the kernel's own clock.

use super::part::part;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

part! {
    /// When the first line of the dump was written.
    #[derive(Default)]
    Time {
        @always {
            /// What had to be assumed for `wall`: `year` and `offset` where neither stamp nor option gave them, `boot` where
            /// it was reckoned from the kernel's clock and other lines of the host. Empty when nothing was.
            assumed: Vec<String>,
        }
        /// Wall clock as written in the log, without its brackets.
        text: Option<String>,
        /// Absolute time, when known.
        wall: Option<DateTime<FixedOffset>>,
        /// The kernel's clock: seconds since boot.
        monotonic_seconds: Option<Monotonic>,
    }
}

/// Kernel clock in microseconds since boot, as `printk` stamps it. Serialised as a number of seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Monotonic(u64);

impl Monotonic {
    /// From microseconds since boot.
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// Microseconds since boot.
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// Seconds since boot. Exact to the microsecond below 2^53 microseconds (285 years).
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

/// As the kernel writes it: `11.671152`.
impl fmt::Display for Monotonic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000))
    }
}

impl Serialize for Monotonic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.as_secs_f64())
    }
}

impl<'de> Deserialize<'de> for Monotonic {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        if seconds.is_finite() && seconds >= 0.0 {
            Ok(Self((seconds * 1e6).round() as u64))
        } else {
            Err(serde::de::Error::custom("seconds since boot are not negative"))
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Monotonic {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Monotonic".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "number", "minimum": 0, "description": "seconds since boot"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_clock_survives_json_to_the_microsecond() {
        for micros in [0, 1, 11_671_152, 71_146_532, 15_180_285_537_297, 6_780_904_484_233_111] {
            let json = serde_json::to_string(&Monotonic(micros)).unwrap();
            assert_eq!(serde_json::from_str::<Monotonic>(&json).unwrap(), Monotonic(micros), "{json}");
        }
        assert_eq!(serde_json::to_string(&Monotonic(11_671_152)).unwrap(), "11.671152");
        assert_eq!(Monotonic(5_000_042).to_string(), "5.000042");
        assert!(serde_json::from_str::<Monotonic>("-1").is_err());
    }
}
