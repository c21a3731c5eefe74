//! What every log format is decoded to: kernel text with who said it, when and where.

use super::printk;
use crate::event::{Monotonic, Origin, Transport};
pub(super) use crate::time::Stamp;
use std::borrow::Cow;

/// One kernel record: its text may hold embedded newlines, its span may cover several lines of the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record<'a> {
    pub(crate) text: &'a [u8],
    /// Where in the text the lines begin that stood behind the record without any prefix: perhaps its own, wrapped.
    pub(crate) wrapped_from: usize,
    /// Each of its lines stood behind the record's prefix.
    pub(crate) repeated: bool,
    pub(crate) transport: &'a Transport,
    pub(crate) origin: &'a Origin,
    pub(crate) host: Option<&'a [u8]>,
    /// The user program that wrote it, as tagged: `systemd-oomd[889]`. Never the kernel.
    pub(crate) program: Option<&'a [u8]>,
    pub(crate) wall: Option<Wall<'a>>,
    pub(crate) monotonic: Option<Monotonic>,
    pub(crate) caller: Option<Caller>,
    pub(crate) lost: Option<Lost>,
    /// The number `/dev/kmsg` gave the record.
    pub(crate) sequence: Option<u64>,
    pub(crate) span: Span,
}

/// A record that outlives its line.
#[derive(Debug)]
pub(crate) struct OwnedRecord {
    pub(crate) text: Vec<u8>,
    pub(crate) wrapped_from: Option<usize>,
    pub(crate) repeated: bool,
    pub(crate) transport: Transport,
    pub(crate) origin: Origin,
    pub(crate) host: Option<Vec<u8>>,
    /// Empty for none: its buffer is used again.
    pub(crate) program: Vec<u8>,
    pub(crate) wall: Option<(Vec<u8>, Stamp)>,
    pub(crate) monotonic: Option<Monotonic>,
    pub(crate) caller: Option<Caller>,
    pub(crate) lost: Option<Lost>,
    /// The number `/dev/kmsg` gave the record.
    pub(crate) sequence: Option<u64>,
    pub(crate) span: Span,
}

impl OwnedRecord {
    /// Becomes the record of one line; its buffers are used again.
    pub(super) fn refill(&mut self, decoded: Decoded<'_>, span: Span) {
        refill(&mut self.text, &decoded.text);
        refill(&mut self.program, decoded.program.as_deref().unwrap_or_default());
        self.wrapped_from = None;
        self.repeated = false;
        self.transport = decoded.transport;
        self.origin = decoded.origin;
        match decoded.host {
            Some(host) => refill(self.host.get_or_insert_default(), &host),
            None => self.host = None,
        }
        match decoded.wall {
            Some((text, stamp)) => {
                let wall = self.wall.get_or_insert((Vec::new(), stamp));
                refill(&mut wall.0, &text);
                wall.1 = stamp;
            }
            None => self.wall = None,
        }
        self.monotonic = decoded.monotonic;
        self.caller = decoded.caller;
        self.lost = decoded.lost;
        self.sequence = decoded.sequence;
        self.span = span;
    }

    pub(crate) fn as_record(&self) -> Record<'_> {
        Record {
            text: &self.text,
            wrapped_from: self.wrapped_from.unwrap_or(self.text.len()),
            repeated: self.repeated,
            transport: &self.transport,
            origin: &self.origin,
            host: self.host.as_deref(),
            program: Some(&self.program[..]).filter(|program| !program.is_empty()),
            wall: self.wall.as_ref().map(|(text, stamp)| Wall { text, stamp: *stamp }),
            monotonic: self.monotonic,
            caller: self.caller,
            lost: self.lost,
            sequence: self.sequence,
            span: self.span,
        }
    }
}

/// An empty record, whose buffers others fill.
impl Default for OwnedRecord {
    fn default() -> Self {
        Self {
            text: Vec::new(),
            wrapped_from: None,
            repeated: false,
            transport: Transport::Bare,
            origin: Origin::Unknown,
            host: None,
            program: Vec::new(),
            wall: None,
            monotonic: None,
            caller: None,
            lost: None,
            sequence: None,
            span: Span { first_line: 0, last_line: 0, first_byte: 0, last_byte: 0 },
        }
    }
}

fn refill(buffer: &mut Vec<u8>, bytes: &[u8]) {
    buffer.clear();
    buffer.extend_from_slice(bytes);
}

impl From<&Record<'_>> for OwnedRecord {
    fn from(record: &Record<'_>) -> Self {
        Self {
            text: record.text.to_vec(),
            wrapped_from: Some(record.wrapped_from).filter(|at| *at < record.text.len()),
            repeated: record.repeated,
            transport: record.transport.clone(),
            origin: record.origin.clone(),
            host: record.host.map(<[u8]>::to_vec),
            program: record.program.map(<[u8]>::to_vec).unwrap_or_default(),
            wall: record.wall.map(|wall| (wall.text.to_vec(), wall.stamp)),
            monotonic: record.monotonic,
            caller: record.caller,
            lost: record.lost,
            sequence: record.sequence,
            span: record.span,
        }
    }
}

/// Where a record stands in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
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
    pub(super) sequence: Option<u64>,
    /// Bytes of the line that are text, before anything was unescaped; the rest is prefix.
    pub(super) written: usize,
    /// The transport carries whole records: an equal timestamp on the next line is chance.
    pub(super) whole: bool,
    /// The text is what a container printed: a line, or part of one, still in any format of its own.
    pub(super) printed: Option<Printed>,
}

/// How a container runtime cut the output of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Printed {
    pub(super) stream: Stream,
    pub(super) end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    Stdout,
    Stderr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The line goes on in the stream's next entry.
    Open,
    /// It seems to: Docker leaves the newline away, but so do tools that tidied its log.
    Unclear,
    Closed,
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
            sequence: None,
            written: text.len(),
            whole: false,
            printed: None,
        }
    }

    /// The same, borrowed from nothing.
    pub(super) fn into_owned(self) -> Decoded<'static> {
        Decoded {
            text: self.text.into_owned().into(),
            transport: self.transport,
            origin: self.origin,
            host: self.host.map(|host| host.into_owned().into()),
            program: self.program.map(|program| program.into_owned().into()),
            wall: self.wall.map(|(text, stamp)| (text.into_owned().into(), stamp)),
            monotonic: self.monotonic,
            caller: self.caller,
            lost: self.lost,
            sequence: self.sequence,
            written: self.written,
            whole: self.whole,
            printed: self.printed,
        }
    }

    /// Kernel text after another prefix: timestamp and caller are stripped.
    pub(super) fn without_printk_prefix(transport: Transport, rest: &'a [u8]) -> Self {
        let (text, monotonic, caller) = printk::strip(rest);
        Self { monotonic, caller, ..Self::new(transport, text) }
    }

    /// Another text, which is also the end of the line.
    pub(super) fn text(mut self, text: &'a [u8]) -> Self {
        self.written = text.len();
        self.text = Cow::Borrowed(text);
        self
    }

    /// Undoes the escapes of a text that is borrowed from the line.
    pub(super) fn unescape(&mut self, undo: fn(&[u8]) -> Cow<'_, [u8]>) {
        if let Cow::Borrowed(text) = self.text {
            self.text = undo(text);
        }
    }

    pub(super) fn wall(mut self, text: &'a [u8], stamp: Stamp) -> Self {
        self.wall = Some((Cow::Borrowed(text), stamp));
        self
    }
}
