//! How timestamps are completed: the year, the UTC offset and the reference time, checked where they are made.

use crate::error::Error;
use chrono::{DateTime, FixedOffset};
use std::fmt;
use std::str::FromStr;

/// A year from 1970 to 9999.
///
/// ```
/// use oomkit_core::Year;
///
/// assert_eq!("2024".parse::<Year>()?, Year::new(2024)?);
/// assert!(Year::new(1969).is_err() && "24".parse::<Year>().is_err());
/// # Ok::<(), oomkit_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Year(i32);

impl Year {
    /// # Errors
    /// A year outside 1970 – 9999.
    pub fn new(year: i32) -> Result<Self, Error> {
        if (1970..=9999).contains(&year) { Ok(Self(year)) } else { Err(refused_year(year.to_string())) }
    }

    /// The year as a number.
    pub const fn get(self) -> i32 {
        self.0
    }
}

impl FromStr for Year {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        text.parse().map_or_else(|_| Err(refused_year(text.to_owned())), Self::new)
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn refused_year(value: String) -> Error {
    Error::option("year", value, "a year from 1970 to 9999")
}

/// The UTC offset of timestamps that carry none: `UTC`, `Z`, `+02:00`, `-0530`.
///
/// ```
/// use oomkit_core::{Timezone, chrono::FixedOffset};
///
/// assert_eq!(FixedOffset::from("+02:00".parse::<Timezone>()?).local_minus_utc(), 7200);
/// # Ok::<(), oomkit_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Timezone(FixedOffset);

impl FromStr for Timezone {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let offset = match text {
            "UTC" | "utc" | "Z" => FixedOffset::east_opt(0),
            other => crate::time::offset(other.as_bytes()),
        };
        offset.map(Self).ok_or_else(|| Error::option("timezone", text, "`UTC` or an offset such as `+02:00`"))
    }
}

impl From<FixedOffset> for Timezone {
    fn from(offset: FixedOffset) -> Self {
        Self(offset)
    }
}

impl From<Timezone> for FixedOffset {
    fn from(timezone: Timezone) -> Self {
        timezone.0
    }
}

/// A time that no timestamp of a log is after, as RFC 3339 writes it.
///
/// ```
/// use oomkit_core::ReferenceTime;
///
/// let copied: ReferenceTime = "2024-01-05T00:00:00Z".parse()?;
/// let error = "yesterday".parse::<ReferenceTime>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "reference_time: \"yesterday\" is not an RFC 3339 time with its UTC offset, such as `2024-01-05T00:00:00Z`"
/// );
/// # Ok::<(), oomkit_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReferenceTime(DateTime<FixedOffset>);

impl FromStr for ReferenceTime {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let expected = "an RFC 3339 time with its UTC offset, such as `2024-01-05T00:00:00Z`";
        DateTime::parse_from_rfc3339(text).map(Self).map_err(|_| Error::option("reference_time", text, expected))
    }
}

impl From<DateTime<FixedOffset>> for ReferenceTime {
    fn from(time: DateTime<FixedOffset>) -> Self {
        Self(time)
    }
}

impl From<ReferenceTime> for DateTime<FixedOffset> {
    fn from(time: ReferenceTime) -> Self {
        time.0
    }
}
