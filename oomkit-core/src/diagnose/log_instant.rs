//! Where and when a line was logged, and how long after another.

use crate::event::{Event, Source, Time};
use std::cmp::Ordering;

/// By whichever clocks the line has, in microseconds, and its place in the log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LogInstant {
    wall: Option<i64>,
    /// A wall clock of which only the year or the offset is not known: it still shows the time between two lines.
    local: Option<i64>,
    monotonic: Option<u64>,
    pub(super) source: Box<str>,
    pub(super) line: u64,
    pub(super) byte: u64,
}

/// The time and the lines between two lines of one boot, the second being later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Elapsed {
    /// `None` where no clock shows it.
    pub(super) micros: Option<u64>,
    /// No less than this: a stamp of whole seconds may be nearly a second late.
    pub(super) least: Option<u64>,
    /// `None` where they are in different sources.
    pub(super) lines: Option<u64>,
}

/// Clocks of one boot that differ by more than this do not belong to one boot.
const STEP: i64 = 60_000_000;
/// Stamps of whole seconds, and lines of several CPUs.
const DISORDER: i64 = 1_000_000;
/// Of a leap year, in microseconds.
const HALF_A_YEAR: i64 = 183 * 86_400 * 1_000_000;

impl LogInstant {
    pub(super) fn new(time: &Time, source: &Source) -> Self {
        Self {
            local: time.unplaced_wall().map(|wall| wall.and_utc().timestamp_micros()),
            wall: time.wall.map(|wall| wall.timestamp_micros()),
            monotonic: time.monotonic_seconds.map(|clock| clock.as_micros()),
            source: source.name.as_str().into(),
            line: source.first_line,
            byte: source.first_byte,
        }
    }

    /// ` in b.log`, where that is not the event's own.
    pub(super) fn in_other_source(&self, event: &Event) -> String {
        if *self.source == *event.source.name { String::new() } else { format!(" in {}", self.source) }
    }

    fn is_of_whole_seconds(&self) -> bool {
        self.wall.or(self.local).is_some_and(|micros| micros % 1_000_000 == 0)
    }

    /// What is between this and a line logged later; `None` if it was not later, or after another boot.
    pub(super) fn until(&self, later: &Self) -> Option<Elapsed> {
        let place = (self.source == later.source).then(|| self.byte.cmp(&later.byte));
        let lines = place.map(|_| later.line.saturating_sub(self.line));
        let clock = match (self.monotonic, later.monotonic) {
            (Some(a), Some(b)) => Some(i64::try_from(b).ok()? - i64::try_from(a).ok()?),
            _ => None,
        };
        let wall = match (self.wall, later.wall) {
            (Some(a), Some(b)) => Some(b - a),
            // from December to January: stamps without a year are all in 1972
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
        Some(Elapsed { micros, least, lines })
    }
}

impl Elapsed {
    /// Within a window of time, or of lines where no clock shows the time.
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

    fn at(wall: Option<i64>, monotonic: Option<u64>, source: &str, byte: u64) -> LogInstant {
        LogInstant { wall, local: None, monotonic, source: source.into(), line: byte, byte }
    }

    #[test]
    fn later_by_any_clock_or_by_place() {
        let micros = |a: &LogInstant, b: &LogInstant| a.until(b).map(|elapsed| elapsed.micros);
        let first = at(Some(100), Some(5_000_000), "a", 1);
        assert_eq!(micros(&first, &at(Some(100), Some(7_000_000), "a", 2)), Some(Some(2_000_000)));
        assert_eq!(micros(&first, &at(Some(3_000_100), None, "b", 1)), Some(Some(3_000_000)));
        // not later, and of another boot
        assert_eq!(micros(&first, &at(None, Some(4_000_000), "b", 9)), None);
        assert_eq!(micros(&first, &at(Some(3_600_000_100), Some(6_000_000), "a", 9)), None);
        // stamps of whole seconds: the place decides
        let stamp = at(Some(9_000_000), None, "a", 5);
        assert_eq!(micros(&stamp, &at(Some(9_000_000), None, "a", 4)), None);
        assert_eq!(micros(&stamp, &at(Some(8_500_000), None, "a", 6)), Some(Some(0)));
        assert_eq!(micros(&stamp, &at(None, None, "a", 6)), Some(None));
        assert_eq!(micros(&stamp, &at(None, None, "b", 6)), None);
    }

    #[test]
    fn stamps_without_a_year_still_show_the_time_between() {
        let at = |text: &str, byte| {
            let time = Time { text: Some(text.to_owned()), ..Time::default() };
            LogInstant { byte, ..LogInstant::new(&time, &crate::parse(LINE)[0].source) }
        };
        let micros = |a: &str, b: &str| at(a, 1).until(&at(b, 2)).map(|elapsed| elapsed.micros);
        assert_eq!(micros("Nov 23 17:13:34", "Nov 23 17:13:36"), Some(Some(2_000_000)));
        let least = |a: &str, b: &str| at(a, 1).until(&at(b, 2)).and_then(|elapsed| elapsed.least);
        assert_eq!(least("Nov 23 17:13:34", "Nov 23 17:13:36"), Some(1_000_000));
        assert_eq!(least("2026-11-23T17:13:34.1", "2026-11-23T17:13:36.2"), Some(2_100_000));
        assert_eq!(micros("Dec 31 23:59:59", "Jan  1 00:00:01"), Some(Some(2_000_000)));
        assert_eq!(micros("Nov 23 17:13:34", "Nov 23 17:12:34"), None);
        assert_eq!(micros("today", "Nov 23 17:12:34"), Some(None));
    }

    const LINE: &[u8] =
        b"Nov 23 17:13:34 n1 kernel: Out of memory: Killed process 42 (java) total-vm:9kB, anon-rss:8kB";

    #[test]
    fn windows_are_of_time_or_of_lines_without_a_clock() {
        let elapsed = |micros, lines| Elapsed { micros, least: micros, lines };
        assert!(elapsed(Some(10_000_000), Some(9999)).is_within(10, 2000));
        assert!(!elapsed(Some(10_000_001), Some(1)).is_within(10, 2000));
        assert!(elapsed(None, Some(2000)).is_within(10, 2000) && !elapsed(None, Some(2001)).is_within(10, 2000));
        assert!(!elapsed(None, None).is_within(10, 2000));
        assert_eq!(elapsed(Some(1_250_000), None).words(), "1.2 s later");
        assert_eq!(elapsed(Some(90_000_000), None).words(), "90 s later");
        assert_eq!(elapsed(Some(3_600_000_000), None).words(), "60 min later");
    }
}
