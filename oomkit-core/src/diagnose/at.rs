//! Where and when something was logged, and what came later.

use crate::event::{Source, Time};
use crate::transport::{Stamp, stamp};
use std::cmp::Ordering;

/// By whichever clocks the line carries, in microseconds, and its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    wall: Option<i64>,
    /// A wall clock of which only the year or the offset is not known: it still tells what lies between two lines.
    local: Option<i64>,
    monotonic: Option<u64>,
    pub(super) source: Box<str>,
    pub(super) line: u64,
    pub(super) byte: u64,
}

/// What lies between two lines of one boot, the second being later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gap {
    /// `None` where no clock tells.
    pub(super) micros: Option<u64>,
    /// No less than this: a stamp of whole seconds may be nearly a second late.
    pub(super) least: Option<u64>,
    /// `None` where they stand in different sources.
    pub(super) lines: Option<u64>,
}

/// Clocks of one boot that differ by more than this do not belong to one boot.
const STEP: i64 = 60_000_000;
/// Stamps of whole seconds, and lines of several CPUs.
const DISORDER: i64 = 1_000_000;
/// Of a leap year, in microseconds.
const HALF_A_YEAR: i64 = 183 * 86_400 * 1_000_000;

impl At {
    pub(super) fn of(time: &Time, source: &Source) -> Self {
        let local = || match stamp(time.text.as_deref()?.as_bytes())? {
            Stamp::Local(when) | Stamp::Yearless(when) => Some(when.and_utc().timestamp_micros()),
            Stamp::Absolute(_) | Stamp::Opaque => None,
        };
        Self {
            local: if time.wall.is_none() { local() } else { None },
            wall: time.wall.map(|wall| wall.timestamp_micros()),
            monotonic: time.monotonic_seconds.map(|clock| clock.as_micros()),
            source: source.name.as_str().into(),
            line: source.first_line,
            byte: source.first_byte,
        }
    }

    fn is_of_whole_seconds(&self) -> bool {
        self.wall.or(self.local).is_some_and(|micros| micros % 1_000_000 == 0)
    }

    /// What lies between this and something logged later; `None` if it was not later, or after another boot.
    pub(super) fn until(&self, later: &Self) -> Option<Gap> {
        let place = (self.source == later.source).then(|| self.byte.cmp(&later.byte));
        let lines = place.map(|_| later.line.saturating_sub(self.line));
        let clock = match (self.monotonic, later.monotonic) {
            (Some(a), Some(b)) => Some(i64::try_from(b).ok()? - i64::try_from(a).ok()?),
            _ => None,
        };
        let wall = match (self.wall, later.wall) {
            (Some(a), Some(b)) => Some(b - a),
            // from December to January: stamps without a year stand in 1972
            (None, None) => match (self.local, later.local) {
                (Some(a), Some(b)) if b - a < -HALF_A_YEAR => Some(b - a + 2 * HALF_A_YEAR),
                (Some(a), Some(b)) => Some(b - a),
                _ => None,
            },
            _ => None,
        };
        if let (Some(clock), Some(wall)) = (clock, wall)
            && (clock - wall).abs() > STEP
        {
            return None;
        }
        match (clock.or(wall), place) {
            (Some(0..), Some(Ordering::Less) | None) | (Some(DISORDER..), _) => {}
            (Some(apart), Some(Ordering::Less)) if apart >= -DISORDER => {}
            (None, Some(Ordering::Less)) => {}
            _ => return None,
        }
        let micros = clock.or(wall).map(|apart| u64::try_from(apart).unwrap_or(0));
        let coarse = clock.is_none() && (self.is_of_whole_seconds() || later.is_of_whole_seconds());
        let least = micros.map(|micros| if coarse { micros.saturating_sub(1_000_000) } else { micros });
        Some(Gap { micros, least, lines })
    }
}

impl Gap {
    /// Within a window of time, or where no clock tells, of lines.
    pub(super) fn is_within(&self, seconds: u64, lines: u64) -> bool {
        match self.micros {
            Some(micros) => micros <= seconds.saturating_mul(1_000_000),
            None => self.lines.is_some_and(|apart| apart <= lines),
        }
    }

    /// ` 12 s later`, ` later`.
    pub(super) fn words(&self) -> String {
        match self.micros {
            Some(micros) if micros >= 7_200_000_000 => format!("{} h later", micros / 3_600_000_000),
            Some(micros) if micros >= 120_000_000 => format!("{} min later", micros / 60_000_000),
            Some(micros) if micros >= 10_000_000 => format!("{} s later", micros / 1_000_000),
            Some(micros) => format!("{}.{} s later", micros / 1_000_000, micros % 1_000_000 / 100_000),
            None => "later".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(wall: Option<i64>, monotonic: Option<u64>, source: &str, byte: u64) -> At {
        At { wall, local: None, monotonic, source: source.into(), line: byte, byte }
    }

    #[test]
    fn later_by_any_clock_or_by_place() {
        let micros = |a: &At, b: &At| a.until(b).map(|gap| gap.micros);
        let first = at(Some(100), Some(5_000_000), "a", 1);
        assert_eq!(micros(&first, &at(Some(100), Some(7_000_000), "a", 2)), Some(Some(2_000_000)));
        assert_eq!(micros(&first, &at(Some(3_000_100), None, "b", 1)), Some(Some(3_000_000)));
        // not later, and of another boot
        assert_eq!(micros(&first, &at(None, Some(4_000_000), "b", 9)), None);
        assert_eq!(micros(&first, &at(Some(3_600_000_100), Some(6_000_000), "a", 9)), None);
        // stamps of whole seconds: the place tells
        let stamp = at(Some(9_000_000), None, "a", 5);
        assert_eq!(micros(&stamp, &at(Some(9_000_000), None, "a", 4)), None);
        assert_eq!(micros(&stamp, &at(Some(8_500_000), None, "a", 6)), Some(Some(0)));
        assert_eq!(micros(&stamp, &at(None, None, "a", 6)), Some(None));
        assert_eq!(micros(&stamp, &at(None, None, "b", 6)), None);
    }

    #[test]
    fn stamps_without_a_year_still_tell_what_lies_between() {
        let at = |text: &str, byte| {
            let time = Time { text: Some(text.to_owned()), ..Time::default() };
            At { byte, ..At::of(&time, &crate::parse(LINE)[0].source) }
        };
        let micros = |a: &str, b: &str| at(a, 1).until(&at(b, 2)).map(|gap| gap.micros);
        assert_eq!(micros("Nov 23 17:13:34", "Nov 23 17:13:36"), Some(Some(2_000_000)));
        let least = |a: &str, b: &str| at(a, 1).until(&at(b, 2)).and_then(|gap| gap.least);
        assert_eq!(least("Nov 23 17:13:34", "Nov 23 17:13:36"), Some(1_000_000));
        assert_eq!(least("2026-11-23T17:13:34.1", "2026-11-23T17:13:36.2"), Some(2_100_000));
        assert_eq!(micros("Dec 31 23:59:59", "Jan  1 00:00:01"), Some(Some(2_000_000)));
        assert_eq!(micros("Nov 23 17:13:34", "Nov 23 17:12:34"), None);
        assert_eq!(micros("today", "Nov 23 17:12:34"), Some(None));
    }

    const LINE: &[u8] =
        b"Nov 23 17:13:34 n1 kernel: Out of memory: Killed process 42 (java) total-vm:9kB, anon-rss:8kB";

    #[test]
    fn windows_are_of_time_where_a_clock_tells_else_of_lines() {
        let gap = |micros, lines| Gap { micros, least: micros, lines };
        assert!(gap(Some(10_000_000), Some(9999)).is_within(10, 2000));
        assert!(!gap(Some(10_000_001), Some(1)).is_within(10, 2000));
        assert!(gap(None, Some(2000)).is_within(10, 2000) && !gap(None, Some(2001)).is_within(10, 2000));
        assert!(!gap(None, None).is_within(10, 2000));
        assert_eq!(gap(Some(1_250_000), None).words(), "1.2 s later");
        assert_eq!(gap(Some(90_000_000), None).words(), "90 s later");
        assert_eq!(gap(Some(3_600_000_000), None).words(), "60 min later");
    }
}
