//! Time of an event: the log's wall clock as written and as understood, and the kernel's own clock.

use super::part::{json_schema, part};
use crate::time::stamp::{self, Stamp};
use chrono::{DateTime, FixedOffset, NaiveDateTime};
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
        /// Absolute time, when known. JSON may hold nanoseconds, a Python `datetime` is cut to microseconds.
        wall: Option<DateTime<FixedOffset>>,
        /// The kernel's clock, in seconds since boot.
        monotonic_seconds: Option<Monotonic>,
    }
}

impl Time {
    /// The wall clock as written, where only its year or its offset from UTC is not known: the date of a stamp without a
    /// year is in 1972. `None` where the absolute time is known, or the stamp is not understood.
    pub(crate) fn unplaced_wall(&self) -> Option<NaiveDateTime> {
        let text = self.text.as_deref().filter(|_| self.wall.is_none())?;
        match stamp::any(text.as_bytes())? {
            Stamp::Local(when) | Stamp::Yearless(when) => Some(when),
            Stamp::Absolute(_) | Stamp::Opaque => None,
        }
    }
}

/// Kernel clock in microseconds since boot, as `printk` stamps it. Serialised as a number of seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Monotonic(u64);

impl Monotonic {
    /// The last time whose microseconds a JSON number (a double) distinguishes: 2^33 seconds, 272 years.
    const MAX: u64 = (1 << 33) * 1_000_000 - 1;

    /// From microseconds since boot; a clock beyond 272 years stops there.
    pub const fn from_micros(micros: u64) -> Self {
        Self(if micros < Self::MAX { micros } else { Self::MAX })
    }

    /// Microseconds since boot.
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// Seconds since boot, exact to the microsecond.
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
        if !seconds.is_finite() || seconds < 0.0 {
            return Err(serde::de::Error::custom("seconds since boot are not negative"));
        }
        // the product is rounded too: above 2^32 seconds it may be the neighbour
        let near = Self::from_micros((seconds * 1e6).round() as u64);
        let neighbours = [near.0, near.0.saturating_sub(1), near.0 + 1].map(Self::from_micros);
        Ok(neighbours.into_iter().find(|time| time.as_secs_f64() == seconds).unwrap_or(near))
    }
}

json_schema!(Monotonic, {"type": "number", "minimum": 0, "description": "seconds since boot"});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_clock_survives_json_to_the_microsecond() {
        // found by fuzzing, and the last one there is
        let found = [4_294_967_296_679_178, 4_294_967_296_678_847, Monotonic::MAX];
        for micros in [0, 1, 11_671_152, 71_146_532, 15_180_285_537_297, 6_780_904_484_233_111].into_iter().chain(found)
        {
            let json = serde_json::to_string(&Monotonic(micros)).unwrap();
            assert_eq!(serde_json::from_str::<Monotonic>(&json).unwrap(), Monotonic(micros), "{json}");
        }
        assert_eq!(serde_json::to_string(&Monotonic(11_671_152)).unwrap(), "11.671152");
        assert_eq!(Monotonic(5_000_042).to_string(), "5.000042");
        assert!(serde_json::from_str::<Monotonic>("-1").is_err());
    }

    #[test]
    fn a_clock_of_more_than_272_years_stands_still() {
        let last = Monotonic::from_micros(u64::MAX);
        assert_eq!(last.to_string(), "8589934591.999999");
        assert_eq!(serde_json::from_str::<Monotonic>(&serde_json::to_string(&last).unwrap()).unwrap(), last);
        assert_eq!(serde_json::from_str::<Monotonic>("1e300").unwrap(), last);
    }
}
