//! The wall clock of records: infers the year and the offset that a stamp leaves out, and boot time for lines that have
//! only the kernel's clock. Knows the log and the options, never the present.
//!
//! What is learned here is learned from lines of the kernel. Lines of user processes are dated by it and do not change
//! it, with one exception: a syslog daemon stamps all lines alike, so that all of them count when [`Options::year`] is
//! carried over the turn of a year.

mod boot;
mod clock;
mod recent;
pub(crate) mod stamp;
mod year;

use crate::event::{Monotonic, Origin};
use crate::options::Options;
use crate::transport::Record;
pub(crate) use clock::Clock;

use boot::Boot;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime};
use recent::Recent;
pub(crate) use stamp::{Stamp, offset};
use year::Turns;

/// When a record was written, as far as it can be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Moment {
    pub(crate) wall: Option<DateTime<FixedOffset>>,
    pub(crate) assumed: Assumed,
    /// Whether the record has a wall clock stamp of its own.
    written: bool,
}

impl Moment {
    /// Becomes the time of a later record of the same dump where none was written so far.
    pub(crate) fn extend(&mut self, later: &Self) {
        self.extend_with(&|| *later);
    }

    /// As [`Moment::extend`]; the later time is computed only where it matters.
    pub(crate) fn extend_with(&mut self, later: &dyn Fn() -> Self) {
        if !self.written {
            let later = later();
            if later.written {
                *self = later;
            }
        }
    }
}

/// What was inferred for a wall clock, rather than written or given as an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Assumed {
    year: bool,
    offset: bool,
    boot: bool,
}

impl Assumed {
    pub(crate) fn names(self) -> Vec<String> {
        let all = [(self.year, "year"), (self.offset, "offset"), (self.boot, "boot")];
        all.into_iter().filter(|(is, _)| *is).map(|(_, name)| name.to_owned()).collect()
    }
}

/// The clocks of all hosts of one input. Bounded: a host that thousands of others came after is new again.
#[derive(Debug, Default)]
pub(crate) struct Clocks {
    hosts: Recent<Host>,
    /// The last dated stamp of any host.
    dated: Option<NaiveDateTime>,
    last: Last,
}

/// The lines learned from last. Those of a dump carry one stamp: the first of them is learned from at once, and of the
/// others only the last kernel clock, before anything else is.
#[derive(Debug, Default)]
struct Last {
    /// `None` where the next line must be learned from at once.
    reading: Option<ClockReading>,
    host: Vec<u8>,
    /// Whether the kernel clock is that of a line not learned from yet.
    ahead: bool,
}

#[derive(Debug, Clone, Copy)]
struct ClockReading {
    hosted: bool,
    user: bool,
    stamp: Option<Stamp>,
    monotonic: Option<Monotonic>,
}

impl ClockReading {
    fn from_record(record: &Record<'_>) -> Self {
        Self {
            hosted: record.host.is_some(),
            user: *record.origin == Origin::User,
            stamp: record.wall.map(|wall| wall.stamp),
            monotonic: record.monotonic,
        }
    }

    /// Whether it says the same as one before it, only later by the kernel's clock.
    fn continues(&self, before: &Self) -> bool {
        let same_stamp = match (self.stamp, before.stamp) {
            // those of two offsets may be the same instant
            (Some(Stamp::Absolute(a)), Some(Stamp::Absolute(b))) => a == b && a.offset() == b.offset(),
            (a, b) => a == b,
        };
        same_stamp
            && self.hosted == before.hosted
            && !self.user
            && !before.user
            && before.monotonic.is_some()
            && self.monotonic >= before.monotonic
    }
}

/// What is known of one host's clock so far.
#[derive(Debug, Clone, Default)]
struct Host {
    turns: Turns,
    boot: Boot,
    /// The last stamp whose year is known or was found.
    dated: Option<NaiveDateTime>,
}

impl Clocks {
    /// Learns from a record. Records must come in the order of the log.
    pub(crate) fn learn(&mut self, record: &Record<'_>, options: &Options) {
        if !is_dated(record, options) {
            return;
        }
        let Self { hosts, dated, last } = self;
        let reading = ClockReading::from_record(record);
        let host = record.host.unwrap_or_default();
        if last.reading.is_some_and(|before| reading.continues(&before)) && last.host == host {
            last.reading = Some(reading);
            last.ahead = true;
            return;
        }
        if let Some(before) = last.reading.filter(|_| last.ahead) {
            hosts.entry(before.hosted.then_some(&last.host)).date(&before, dated, options);
        }
        hosts.entry(record.host).date(&reading, dated, options);
        last.reading = Some(reading);
        last.host.clear();
        last.host.extend_from_slice(host);
        last.ahead = false;
    }

    /// Dates a record by what was learned before.
    pub(crate) fn date(&self, record: &Record<'_>, options: &Options) -> Moment {
        if !is_dated(record, options) {
            return Moment::default();
        }
        let mut host = self.hosts.get(record.host).cloned().unwrap_or_default();
        let last = &self.last;
        let of_host = |before: &ClockReading| {
            before.hosted == record.host.is_some() && last.host == record.host.unwrap_or_default()
        };
        if let Some(before) = last.reading.filter(|before| last.ahead && of_host(before)) {
            host.date(&before, &mut { self.dated }, options);
        }
        host.date(&ClockReading::from_record(record), &mut { self.dated }, options)
    }
}

/// Whether a record has a time that is of use.
fn is_dated(record: &Record<'_>, options: &Options) -> bool {
    let of_use = *record.origin != Origin::User || options.include_user || options.year.is_some();
    of_use && (record.wall.is_some() || record.monotonic.is_some())
}

impl Host {
    fn date(&mut self, reading: &ClockReading, elsewhere: &mut Option<NaiveDateTime>, options: &Options) -> Moment {
        let ClockReading { user, stamp, monotonic, .. } = *reading;
        if let Some(monotonic) = monotonic.filter(|_| !user) {
            self.boot.tick(monotonic);
        }
        if let Some(Stamp::Yearless(when)) = stamp {
            self.turns.pass(when);
        }

        let mut assumed = Assumed::default();
        let wall = stamp.and_then(|stamp| self.complete(stamp, *elsewhere, options, &mut assumed));
        let wall = wall.filter(is_writable);
        if let Some(wall) = wall {
            if !user {
                self.dated = Some(wall.naive_local());
                if !matches!(stamp, Some(Stamp::Yearless(_))) {
                    *elsewhere = self.dated;
                }
                self.boot.learn(wall, monotonic, assumed);
            }
            return Moment { wall: Some(wall), assumed, written: true };
        }
        // only the kernel's clock, or a stamp nobody can read beside it
        let found = monotonic.and_then(|monotonic| self.boot.date(monotonic)).filter(|(w, _)| is_writable(w));
        let (wall, assumed) = found.unzip();
        Moment { wall, assumed: assumed.unwrap_or_default(), written: stamp.is_some() }
    }

    /// A stamp with the year and the offset that it leaves out.
    fn complete(
        &self,
        stamp: Stamp,
        elsewhere: Option<NaiveDateTime>,
        options: &Options,
        assumed: &mut Assumed,
    ) -> Option<DateTime<FixedOffset>> {
        let when = match (stamp, options.year, options.reference) {
            (Stamp::Absolute(when), ..) => return Some(when),
            (Stamp::Opaque, ..) => return None,
            (Stamp::Local(when), ..) => when,
            (Stamp::Yearless(when), Some(year), _) => self.turns.date(when, year)?,
            (Stamp::Yearless(when), None, reference) => {
                assumed.year = true;
                match reference {
                    Some(reference) => year::latest(when, reference, options.timezone)?,
                    None => year::nearest(when, self.dated.or(elsewhere)?)?,
                }
            }
        };
        assumed.offset = options.timezone.is_none();
        when.and_local_timezone(options.timezone.or_else(|| FixedOffset::east_opt(0))?).single()
    }
}

/// RFC 3339 has four digits for the year.
fn is_writable(wall: &DateTime<FixedOffset>) -> bool {
    (0..=9999).contains(&wall.year())
}

#[cfg(test)]
mod tests;
