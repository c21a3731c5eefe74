//! What a caller may choose: how to complete timestamps, what to include, how much to hold.

mod time;

pub use time::{ReferenceTime, Timezone, Year};

use crate::error::Error;
use chrono::{DateTime, FixedOffset};

/// Options of the parser. Everything has a default; same bytes and options produce the same events.
///
/// ```
/// use oomkit_core::{Options, Year};
///
/// let options = Options::new().source("messages").year(Year::new(2024)?).timezone("+02:00".parse()?);
/// # Ok::<(), oomkit_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Options {
    pub(crate) source: String,
    pub(crate) format: Format,
    pub(crate) year: Option<i32>,
    pub(crate) timezone: Option<FixedOffset>,
    pub(crate) reference: Option<DateTime<FixedOffset>>,
    pub(crate) include_user: bool,
    pub(crate) companions: bool,
    pub(crate) prefilter: bool,
    pub(crate) limits: Limits,
}

/// Which log format to read. `Auto` decides line by line; naming one only settles doubtful lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Format {
    /// Line by line, from the text itself.
    #[default]
    Auto,
    /// Every line is kernel text without any prefix.
    Bare,
}

impl std::str::FromStr for Format {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self, Error> {
        match word {
            "auto" => Ok(Self::Auto),
            "bare" => Ok(Self::Bare),
            _ => Err(Error::option("format", word, "`auto` or `bare`")),
        }
    }
}

/// Lines that begin before this offset are all read: they show what the log is, and when it begins.
pub(crate) const ALWAYS_READ: u64 = 64 << 10;

/// How much the parser holds at most. Each limit leaves a diagnostic on the events it touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Longest line that is read; the rest of a longer one is skipped. Default 1 MiB.
    pub line_bytes: usize,
    /// Dumps that may be open or waiting at once, over all hosts. Default 1024.
    pub open_dumps: usize,
    /// Companions that may wait at once, over all hosts. One more ends the wait of the older half. Default 4,096. As many
    /// lines of other programs are kept for the verdicts of one host; one more drops the oldest.
    pub companions: usize,
    /// Rows kept of one task table. Default 65,536 (twice the kernel's default `pid_max` on small machines).
    pub task_rows: usize,
    /// Lines of the same host after which a dump without a verdict that got none of them is over; one with a verdict is
    /// over after as many lines of the log where no clock tells the time, and ten times as many where one does. Default
    /// 2,000.
    pub idle_lines: u64,
    /// Seconds of log time after which a finished dump that got no line is over; one without a verdict is waited for six
    /// times as long. Default 10.
    pub idle_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            line_bytes: 1 << 20,
            open_dumps: 1024,
            companions: 4096,
            task_rows: 65_536,
            idle_lines: 2000,
            idle_seconds: 10,
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            source: "-".to_owned(),
            format: Format::Auto,
            year: None,
            timezone: None,
            reference: None,
            include_user: false,
            companions: false,
            prefilter: true,
            limits: Limits::default(),
        }
    }
}

impl Options {
    /// The defaults: source `-`, no assumptions about time, kernel lines only.
    pub fn new() -> Self {
        Self::default()
    }

    /// Name of the source, as it is in `source.name`.
    #[must_use]
    pub fn source(mut self, name: impl Into<String>) -> Self {
        self.source = name.into();
        self
    }

    /// Log format; see [`Format`].
    #[must_use]
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// The year of timestamps that carry none: that of the first such stamp of each host. Where a later one jumps back by
    /// more than half a year, the next year has begun. What follows from this year is given, not assumed.
    #[must_use]
    pub fn year(mut self, year: Year) -> Self {
        self.year = Some(year.get());
        self
    }

    /// A time that no timestamp is after, up to a day of slack: when the log was written or copied. Timestamps that carry
    /// no year are put in the latest one that keeps to it, and `time.assumed` lists `year`; those of a log that is older
    /// than a year come out too late. [`Options::year`] outranks it.
    ///
    /// ```
    /// use oomkit_core::{Options, ReferenceTime, parse_with};
    ///
    /// let log = b"Dec 30 12:00:01 web1 kernel: Out of memory: Killed process 42 (java) total-vm:1kB, anon-rss:1kB, file-rss:0kB";
    /// let copied: ReferenceTime = "2024-01-05T00:00:00Z".parse()?;
    /// let event = &parse_with(log, Options::new().reference_time(copied))[0];
    /// assert_eq!(event.time.wall.map(|wall| wall.to_rfc3339()).as_deref(), Some("2023-12-30T12:00:01+00:00"));
    /// assert_eq!(event.time.assumed, ["year", "offset"]);
    /// # Ok::<(), oomkit_core::Error>(())
    /// ```
    #[must_use]
    pub fn reference_time(mut self, reference: ReferenceTime) -> Self {
        self.reference = Some(reference.into());
        self
    }

    /// The UTC offset of timestamps that carry none.
    #[must_use]
    pub fn timezone(mut self, timezone: Timezone) -> Self {
        self.timezone = Some(timezone.into());
        self
    }

    /// Also report events whose lines a user process wrote, with `origin` `user`.
    #[must_use]
    pub fn include_user(mut self, include: bool) -> Self {
        self.include_user = include;
        self
    }

    /// Also report to the sink what other programs logged about a kill, or about memory running out, as
    /// [`Item::Companion`].
    ///
    /// A companion is held until the window of [`Limits::idle_seconds`] and [`Limits::idle_lines`] has passed, to see
    /// which kill it belongs to; later events wait with it. What bears on a verdict is read in any case.
    ///
    /// [`Item::Companion`]: crate::Item::Companion
    #[must_use]
    pub fn companions(mut self, companions: bool) -> Self {
        self.companions = companions;
        self
    }

    /// Whether lines that cannot matter are passed over without being read, which is the default. Without it every line is
    /// decoded: the events are the same, and take many times as long.
    #[must_use]
    pub fn prefilter(mut self, prefilter: bool) -> Self {
        self.prefilter = prefilter;
        self
    }

    /// Limits; see [`Limits`].
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}
