//! What every log format is decoded to: kernel text with who said it, when and where.

use crate::event::{Monotonic, Origin, Transport};
use chrono::{DateTime, FixedOffset, NaiveDateTime};
use std::borrow::Cow;

/// One kernel record: its text may hold embedded newlines, its place may span several lines of the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record<'a> {
    pub(crate) text: &'a [u8],
    /// Where in the text the lines begin that stood behind the record without any prefix: perhaps its own, wrapped.
    pub(crate) wrapped_from: usize,
    pub(crate) transport: &'a Transport,
    pub(crate) origin: &'a Origin,
    pub(crate) host: Option<&'a [u8]>,
    /// The user program that wrote it, as tagged: `systemd-oomd[889]`. Never the kernel.
    pub(crate) program: Option<&'a [u8]>,
    pub(crate) wall: Option<Wall<'a>>,
    pub(crate) monotonic: Option<Monotonic>,
    pub(crate) caller: Option<Caller>,
    pub(crate) lost: Option<Lost>,
    pub(crate) place: Place,
}

/// Where a record stands in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) first_line: u64,
    pub(crate) last_line: u64,
    pub(crate) first_byte: u64,
    pub(crate) last_byte: u64,
}

/// Who printed the record (`CONFIG_PRINTK_CALLER`): a task, or a CPU in interrupt context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    Task(u32),
    Cpu(u32),
}

/// Something the transport could not carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lost {
    /// The whole text: journalctl's `[78B blob data]`.
    Text,
    /// The end of an over-long line.
    Tail,
}

/// A wall clock timestamp, as written and as far as it is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wall<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) stamp: Stamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stamp {
    /// With its offset from UTC.
    Absolute(DateTime<FixedOffset>),
    /// Local time of the machine that wrote it.
    Local(NaiveDateTime),
    /// Without a year: the date stands in 1972, a leap year.
    Yearless(NaiveDateTime),
    /// Not understood; its text is kept.
    Opaque,
}

/// One line, decoded: the record's parts, still borrowed from the line where they can be.
#[derive(Debug, Clone)]
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, [u8]>,
    pub(super) transport: Transport,
    pub(super) origin: Origin,
    pub(super) host: Option<Cow<'a, [u8]>>,
    pub(super) program: Option<Cow<'a, [u8]>>,
    pub(super) wall: Option<(Cow<'a, [u8]>, Stamp)>,
    pub(super) monotonic: Option<Monotonic>,
    pub(super) caller: Option<Caller>,
    pub(super) lost: Option<Lost>,
    /// Bytes of the line that are text, before anything was unescaped; the rest is prefix.
    pub(super) written: usize,
    /// The transport carries whole records: an equal timestamp on the next line is chance.
    pub(super) whole: bool,
}

impl<'a> Decoded<'a> {
    pub(super) fn new(transport: Transport, text: &'a [u8]) -> Self {
        Self {
            text: Cow::Borrowed(text),
            transport,
            origin: Origin::Unknown,
            host: None,
            program: None,
            wall: None,
            monotonic: None,
            caller: None,
            lost: None,
            written: text.len(),
            whole: false,
        }
    }

    /// Another text than [`Decoded::new`] was given, still the end of the line.
    pub(super) fn text(mut self, text: &'a [u8]) -> Self {
        self.written = text.len();
        self.text = Cow::Borrowed(text);
        self
    }

    pub(super) fn wall(mut self, text: &'a [u8], stamp: Stamp) -> Self {
        self.wall = Some((Cow::Borrowed(text), stamp));
        self
    }
}
