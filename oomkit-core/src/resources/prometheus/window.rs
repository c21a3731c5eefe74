//! The stretch of time a range query covers, and how it is cut.

use crate::error::{Error, ErrorKind};

/// From `end - seconds` to `end`, a point each step. Times are seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Window {
    /// The last point.
    pub end: i64,
    /// How long it is.
    pub seconds: u64,
    /// From one point to the next.
    pub step_seconds: u64,
}

impl Window {
    /// A window; without a step, one that gives 168 points (an hour in a week), and at least a minute.
    pub fn new(end: i64, seconds: u64, step_seconds: Option<u64>) -> Self {
        let seconds = seconds.max(1);
        let step_seconds = step_seconds.unwrap_or_else(|| seconds.div_ceil(168).max(60)).clamp(1, seconds);
        Self { end, seconds, step_seconds }
    }

    /// How many points a series has at most.
    pub fn points(&self) -> u64 {
        self.seconds / self.step_seconds
    }

    /// Start and end of each request, the oldest first, with at most so many points a series; no point is in two of them.
    pub fn chunks(&self, points: u64) -> Vec<(i64, i64)> {
        let (points, step) = (points.max(1), i64::try_from(self.step_seconds).unwrap_or(i64::MAX));
        let mut left = self.points().max(1);
        let mut chunks = Vec::new();
        while left > 0 {
            let here = left.min(points);
            let before =
                |points: u64| self.end.saturating_sub(step.saturating_mul(i64::try_from(points).unwrap_or(i64::MAX)));
            chunks.push((before(left - 1), before(left - here)));
            left -= here;
        }
        chunks
    }
}

/// Seconds of a duration as Prometheus writes it: `7d`, `1h30m`, `90s`.
///
/// # Errors
/// Anything else, and none at all.
pub fn parse_seconds(text: &str) -> Result<u64, Error> {
    let wrong =
        || Error::from(ErrorKind::Text { text: text.to_owned(), expected: "a duration such as 7d, 12h or 1h30m" });
    let mut rest = text;
    let mut seconds = 0_u64;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let number: u64 = rest[..digits].parse().map_err(|_| wrong())?;
        let unit = match rest[digits..].chars().next() {
            Some('s') => 1,
            Some('m') if !rest[digits..].starts_with("ms") => 60,
            Some('h') => 3600,
            Some('d') => 86_400,
            Some('w') => 604_800,
            Some('y') => 31_536_000,
            _ => return Err(wrong()),
        };
        seconds = number.checked_mul(unit).and_then(|more| seconds.checked_add(more)).ok_or_else(wrong)?;
        rest = &rest[digits + 1..];
    }
    if seconds == 0 || seconds > 100 * 31_536_000 { Err(wrong()) } else { Ok(seconds) }
}
