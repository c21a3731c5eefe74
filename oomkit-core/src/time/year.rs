//! The year of a stamp without one. Stamps come dated 1972, a leap year, so that 29 February is a date.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime, TimeDelta};

/// A stamp may be this much after the reference: clocks of two machines, and an offset that is not known.
const SLACK: TimeDelta = TimeDelta::days(1);
/// A jump over more than this is a turn of the year, and not a quiet time.
const HALF_A_YEAR: TimeDelta = TimeDelta::days(183);
/// A jump forward to this near the last stamp before the turn shows that there was no turn, or that a line came late.
const LATE: TimeDelta = TimeDelta::days(7);
/// 29 February is at most this many years away.
const LEAP: i32 = 8;

/// In the latest year in which the stamp is not after the reference. Looks at nothing but the two, so that the order of
/// the lines does not matter, and a turn of the year in the log needs no care.
pub(super) fn latest(
    when: NaiveDateTime,
    reference: DateTime<FixedOffset>,
    zone: Option<FixedOffset>,
) -> Option<NaiveDateTime> {
    let zone = zone.or_else(|| FixedOffset::east_opt(0))?;
    let limit = reference.checked_add_signed(SLACK).unwrap_or(reference);
    // an offset may carry the stamp into the next year
    let last = limit.naive_utc().year().checked_add(1)?;
    (0..=LEAP + 1).find_map(|back| {
        let dated = when.with_year(last.checked_sub(back)?)?;
        (dated.and_local_timezone(zone).single()? <= limit).then_some(dated)
    })
}

/// In the year that brings the stamp nearest to another one.
pub(super) fn nearest(when: NaiveDateTime, other: NaiveDateTime) -> Option<NaiveDateTime> {
    let years = (-LEAP..=LEAP).filter_map(|off| when.with_year(other.year().checked_add(off)?));
    years.min_by_key(|dated| dated.signed_duration_since(other).abs())
}

/// Turns of the year among one host's stamps.
#[derive(Debug, Clone, Default)]
pub(super) struct Turns {
    last: Option<NaiveDateTime>,
    /// The last stamp before the latest turn.
    before: Option<NaiveDateTime>,
    count: i32,
}

impl Turns {
    /// Takes the next stamp.
    pub(super) fn pass(&mut self, when: NaiveDateTime) {
        // most lines of a dump carry one stamp
        if let Some(last) = self.last.replace(when).filter(|last| *last != when) {
            let step = when.signed_duration_since(last);
            if step < -HALF_A_YEAR {
                self.before = Some(last);
                self.count = self.count.saturating_add(1);
            } else if step > HALF_A_YEAR && self.before.is_some_and(|b| when.signed_duration_since(b).abs() <= LATE) {
                self.before = None;
                self.count -= 1;
            }
        }
    }

    /// Dates the stamp passed last, when the first one was of the year given. None for 29 February of a common year.
    pub(super) fn date(&self, when: NaiveDateTime, first: i32) -> Option<NaiveDateTime> {
        when.with_year(first.checked_add(self.count)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(&format!("1972-{text}"), "%Y-%m-%d %H:%M:%S").unwrap()
    }

    fn latest_at(text: &str, reference: &str, zone: i32) -> Option<String> {
        let reference = DateTime::parse_from_rfc3339(reference).unwrap();
        latest(stamp(text), reference, FixedOffset::east_opt(zone * 3600)).map(|when| when.to_string())
    }

    #[test]
    fn the_latest_year_not_after_the_reference() {
        for (text, reference, zone, dated) in [
            ("01-03 00:00:00", "2024-01-05T00:00:00Z", 0, "2024-01-03 00:00:00"),
            ("12-31 23:59:59", "2024-01-05T00:00:00Z", 0, "2023-12-31 23:59:59"),
            // a day of slack, to the second
            ("01-06 00:00:00", "2024-01-05T00:00:00Z", 0, "2024-01-06 00:00:00"),
            ("01-06 00:00:01", "2024-01-05T00:00:00Z", 0, "2023-01-06 00:00:01"),
            // the slack reaches over the turn of the year, and so does an offset
            ("01-01 10:00:00", "2023-12-31T12:00:00Z", 0, "2024-01-01 10:00:00"),
            ("01-01 20:00:00", "2023-12-31T12:00:00Z", 9, "2024-01-01 20:00:00"),
            ("01-01 20:00:00", "2023-12-31T12:00:00Z", 0, "2023-01-01 20:00:00"),
            ("01-01 20:00:00", "2023-12-31T23:00:00-05:00", 0, "2024-01-01 20:00:00"),
            // leap days
            ("02-29 12:00:00", "2023-06-01T00:00:00Z", 0, "2020-02-29 12:00:00"),
            ("02-29 12:00:00", "2024-02-27T00:00:00Z", 0, "2020-02-29 12:00:00"),
            ("02-29 12:00:00", "2024-02-28T12:00:00Z", 0, "2024-02-29 12:00:00"),
            ("02-29 12:00:00", "1904-02-01T00:00:00Z", 0, "1896-02-29 12:00:00"),
        ] {
            assert_eq!(latest_at(text, reference, zone).as_deref(), Some(dated), "{text} at {reference}");
        }
    }

    #[test]
    fn never_after_the_reference_and_never_a_year_before_it() {
        let reference = DateTime::parse_from_rfc3339("2023-08-17T13:00:00+02:00").unwrap();
        for hours in 0..366 * 24 {
            let when = stamp("01-01 00:00:00") + TimeDelta::hours(hours);
            let dated = latest(when, reference, None).unwrap();
            let ago = reference.naive_utc() - dated;
            let leap_day = (when.month(), when.day()) == (2, 29);
            assert!(ago >= -SLACK && (leap_day || ago < TimeDelta::days(365)), "{when}: {dated}");
        }
    }

    #[test]
    fn references_at_the_ends_of_time_do_no_harm() {
        for reference in [DateTime::<chrono::Utc>::MAX_UTC, DateTime::<chrono::Utc>::MIN_UTC] {
            let zone = FixedOffset::west_opt(86_399).unwrap();
            let _ = latest(stamp("12-31 23:59:59"), reference.with_timezone(&zone), Some(zone));
            let _ = latest(stamp("12-31 23:59:59"), reference.fixed_offset(), None);
        }
        let _ = nearest(stamp("12-31 23:59:59"), NaiveDateTime::MAX);
        let _ = nearest(stamp("01-01 00:00:00"), NaiveDateTime::MIN);
    }

    #[test]
    fn the_year_nearest_to_another_stamp() {
        let other = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d").or_else(|_| text.parse()).unwrap();
        for (text, to, dated) in [
            ("03-08 00:00:00", "2024-03-01T00:00:00", "2024-03-08 00:00:00"),
            ("01-02 00:00:00", "2023-12-30T00:00:00", "2024-01-02 00:00:00"),
            ("12-30 00:00:00", "2024-01-02T00:00:00", "2023-12-30 00:00:00"),
            ("02-29 00:00:00", "2022-01-02T00:00:00", "2020-02-29 00:00:00"),
        ] {
            assert_eq!(nearest(stamp(text), other(to)).map(|w| w.to_string()).as_deref(), Some(dated), "{text}");
        }
    }

    #[test]
    fn years_turn_where_stamps_jump_back() {
        let years = |stamps: &[&str]| {
            let mut turns = Turns::default();
            let mut year = |text: &&str| {
                turns.pass(stamp(&format!("{text}:00")));
                turns.date(stamp(&format!("{text}:00")), 2023).map(|when| when.year())
            };
            stamps.iter().map(&mut year).collect::<Vec<_>>()
        };
        let all = |years: &[i32]| years.iter().copied().map(Some).collect::<Vec<_>>();
        assert_eq!(
            years(&["12-30 10:00", "12-31 23:59", "01-01 00:00", "03-01 00:00"]),
            all(&[2023, 2023, 2024, 2024])
        );
        // a line that comes late
        assert_eq!(
            years(&["12-31 23:58", "01-01 00:00", "12-31 23:59", "01-01 00:01"]),
            all(&[2023, 2024, 2023, 2024])
        );
        // a clock that was not set yet at boot
        assert_eq!(
            years(&["08-05 10:00", "01-01 00:00", "08-05 10:03", "08-06 00:00"]),
            all(&[2023, 2024, 2023, 2023])
        );
        // small steps back, and long quiet times
        assert_eq!(years(&["03-01 00:00", "02-28 23:00", "12-30 00:00"]), all(&[2023, 2023, 2023]));
        assert_eq!(
            years(&["10-01 00:00", "02-01 00:00", "12-01 00:00", "01-01 00:00"]),
            all(&[2023, 2024, 2024, 2025])
        );
        // the leap day is in leap years only
        assert_eq!(years(&["12-01 00:00", "02-29 00:00"]), all(&[2023, 2024]));
        assert_eq!(years(&["02-28 00:00", "02-29 00:00"]), vec![Some(2023), None]);
    }
}
