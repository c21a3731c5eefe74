//! Log formats (syslog, journal, dmesg, container logs, JSON), one file each: from a line of the log to a record, the
//! bare kernel text with who wrote it, when and where.
//!
//! The format is decided for every line by itself, so mixed files are read. Exactly one outer format is stripped, then
//! at most one prefix of the kernel's own; JSON and the logs of containers carry lines of other formats, and there one
//! more is. Records of several lines (indented lines, repeated prefixes, journal entries) become one record with newlines.

mod cri;
mod dmesg;
mod dmesg_wall;
mod entry;
pub(crate) mod escape;
mod facility;
mod iso8601;
mod join;
mod journal_export;
mod journal_short;
mod journal_verbose;
mod json;
mod kmsg;
mod kmsg_raw;
mod logcat;
mod logcli;
mod lookback;
mod nested;
mod partial_entries;
mod prefix_cache;
mod printk;
mod quoted;
mod record;
mod rfc3164;
mod rfc5424;
mod tagged;
mod talos;

pub(crate) use lookback::{is_standalone, lookback_bytes};
pub(crate) use record::{Caller, Lost, OwnedRecord, Record, Span};

use crate::event::Transport;
use crate::options::Format;
use crate::scan::{Line, Literal};
use crate::time::stamp;
use join::Joiner;
use journal_export::{EntryStep, Export};
use journal_verbose::Verbose;
use json::Pretty;
use partial_entries::PartialEntries;
use prefix_cache::PrefixCache;
use record::Decoded;
use std::ops::ControlFlow;

/// What is in a line whose text no search can find: the journal writes text that is not clean as a list of numbers.
pub(crate) const LITERALS: &[Literal] = &[
    Literal { text: b"MESSAGE\":[", confirm: |_, after| after.first().is_none_or(u8::is_ascii_digit) },
    Literal {
        text: b"MESSAGE\" : [",
        confirm: |_, after| after.trim_ascii_start().first().is_none_or(u8::is_ascii_digit),
    },
];

#[derive(Debug)]
pub(crate) struct Decoder {
    format: Format,
    mode: Mode,
    joiner: Joiner,
    partial: PartialEntries,
    prefixes: PrefixCache,
    /// Lines since the last one with the kernel's own clock: a console mixes those with what programs print.
    since_console: u32,
    /// Decodes lines that are read by themselves.
    apart: Option<Box<Decoder>>,
}

/// The entry of several lines that is being read.
#[derive(Debug, Default)]
enum Mode {
    #[default]
    Lines,
    Export(Export, Span),
    Verbose(Verbose, Span),
    Pretty(Pretty),
}

type Out<'o> = &'o mut dyn FnMut(Record<'_>) -> ControlFlow<()>;

impl Decoder {
    pub(crate) fn new(format: Format) -> Self {
        Self {
            format,
            mode: Mode::default(),
            joiner: Joiner::default(),
            partial: PartialEntries::default(),
            prefixes: PrefixCache::default(),
            since_console: u32::MAX,
            apart: None,
        }
    }

    /// Consumes one line and emits the records that ended before it.
    pub(crate) fn line(&mut self, line: Line<'_>, out: Out<'_>) -> ControlFlow<()> {
        if matches!(self.mode, Mode::Lines) {
            return self.new_line(&line, out);
        }
        let at = span_of(&line);
        match std::mem::take(&mut self.mode) {
            Mode::Export(mut export, mut span) => {
                let step = export.line(line.bytes);
                if step == EntryStep::Consumed {
                    span.extend(&at);
                    self.mode = Mode::Export(export, span);
                    return ControlFlow::Continue(());
                }
                self.emit(export.decode(), span, out)?;
                if step == EntryStep::Ended {
                    return ControlFlow::Continue(());
                }
            }
            Mode::Verbose(mut verbose, mut span) => {
                if verbose.line(text_of(&line)) {
                    span.extend(&at);
                    self.mode = Mode::Verbose(verbose, span);
                    return ControlFlow::Continue(());
                }
                self.emit(verbose.decode(), span, out)?;
            }
            Mode::Pretty(pretty) if pretty.continues(line.bytes) => return self.pretty(pretty, &line, out),
            Mode::Lines | Mode::Pretty(_) => {}
        }
        self.new_line(&line, out)
    }

    /// Emits what is still buffered.
    pub(crate) fn finish(&mut self, out: Out<'_>) -> ControlFlow<()> {
        match std::mem::take(&mut self.mode) {
            Mode::Export(export, span) => self.emit(export.decode(), span, out)?,
            Mode::Verbose(verbose, span) => self.emit(verbose.decode(), span, out)?,
            Mode::Lines | Mode::Pretty(_) => {}
        }
        self.flush_partial(out)?;
        self.joiner.flush(out)
    }

    /// Emits what is buffered: the lines after it are skipped.
    pub(crate) fn gap(&mut self, out: Out<'_>) -> ControlFlow<()> {
        self.since_console = u32::MAX;
        self.finish(out)
    }

    /// First line of what is buffered; nothing is skipped inside a JSON document of many lines.
    pub(crate) fn held_since(&self) -> u64 {
        let mode = match &self.mode {
            Mode::Lines => u64::MAX,
            Mode::Export(_, span) | Mode::Verbose(_, span) => span.first_line,
            Mode::Pretty(_) => 0,
        };
        mode.min(self.joiner.first_line()).min(self.partial.first_line())
    }

    /// Emits the records of a line that is read by itself, without regard to its neighbours.
    pub(crate) fn standalone(&mut self, line: Line<'_>, out: Out<'_>) -> ControlFlow<()> {
        let mut decoder = self.apart.take().unwrap_or_else(|| Box::new(Self::new(self.format)));
        decoder.line(line, out)?;
        decoder.gap(out)?;
        decoder.joiner.forget();
        self.apart = Some(decoder);
        ControlFlow::Continue(())
    }

    /// A line that continues no entry.
    fn new_line(&mut self, line: &Line<'_>, out: Out<'_>) -> ControlFlow<()> {
        let at = span_of(line);
        let text = text_of(line);
        self.since_console = self.since_console.saturating_add(1);
        if self.format == Format::Bare {
            let plain = escape::colours(text);
            return self.emit(Some(Decoded::new(Transport::Bare, &plain)), at, out);
        }
        if line.skipped == 0
            && self.partial.is_empty()
            && let Some(decoded) = self.prefixes.cut(text)
        {
            let indent = text.len() - decoded.written;
            return self.joiner.push(decoded, indent, at, out);
        }
        let plain = escape::colours(text);
        let text = &*plain;
        let entry = match Export::open(text) {
            Some(export) => Some(Mode::Export(export, at)),
            None => journal_verbose::open(text).map(|verbose| Mode::Verbose(verbose, at)),
        };
        if let Some(mode) = entry {
            self.joiner.flush(out)?;
            self.mode = mode;
            return ControlFlow::Continue(());
        }
        if Pretty::opens(text) {
            self.joiner.flush(out)?;
            return self.pretty(Pretty::default(), line, out);
        }
        if json::begins(text) {
            let mut found = Vec::new();
            if json::line(text, &mut |decoded| found.push(decoded)) {
                return found.into_iter().try_for_each(|decoded| self.carried(decoded, at, out));
            }
        }
        if self.joiner.continued(text, &at) {
            return ControlFlow::Continue(());
        }
        let off_page = quoted::off_page(text);
        let text = off_page.as_deref().unwrap_or(text);
        let console = self.since_console <= CONSOLE_REACH;
        // `** 13 printk messages dropped ** [  …] text`: kernels before 4.16 put both on one line
        if let Some(at_text) = if text.starts_with(b"** ") { memchr::memmem::find(text, b" ** [") } else { None } {
            let (mark, rest) = text.split_at(at_text + 4);
            self.joiner.push(Decoded::new(Transport::Bare, mark), 0, at, out)?;
            return self.joiner.push(decode(rest, console), 0, at, out);
        }
        let undone;
        let mut decoded = decode(text, console);
        if decoded.transport == Transport::Bare {
            undone = quoted::plain(text);
            decoded = unquoted(decoded, &undone, console);
            let unprefixed = decoded.transport == Transport::Quoted || decoded.written == decoded.text.len();
            let plain = matches!(decoded.transport, Transport::Bare | Transport::Quoted)
                && decoded.monotonic.is_none()
                && unprefixed
                && !text.starts_with(b"kernel:");
            if plain && self.joiner.wrapped(&decoded, &at) {
                return ControlFlow::Continue(());
            }
        }
        if decoded.monotonic.is_some() && decoded.transport == Transport::Dmesg {
            self.since_console = 0;
        }
        if line.skipped > 0 {
            decoded.lost = decoded.lost.or(Some(Lost::Tail));
        }
        if decoded.printed.is_some() {
            return self.carried(decoded, at, out);
        }
        self.prefixes.learn(text, &decoded);
        self.flush_partial(out)?;
        let indent = text.len() - decoded.written.min(text.len());
        self.joiner.push(decoded, indent, at, out)
    }

    /// A record from inside another transport, or a piece of one.
    fn carried(&mut self, decoded: Decoded<'_>, at: Span, out: Out<'_>) -> ControlFlow<()> {
        if decoded.printed.is_none() {
            self.flush_partial(out)?;
            return self.joiner.push(decoded, 0, at, out);
        }
        self.partial.push(decoded, at, &mut |printed, at| self.joiner.printed(printed, at, out))
    }

    fn flush_partial(&mut self, out: Out<'_>) -> ControlFlow<()> {
        if self.partial.is_empty() {
            return ControlFlow::Continue(());
        }
        self.partial.flush(&mut |printed, at| self.joiner.printed(printed, at, out))
    }

    fn pretty(&mut self, mut pretty: Pretty, line: &Line<'_>, out: Out<'_>) -> ControlFlow<()> {
        let mut found = Vec::new();
        pretty.line(line.bytes, span_of(line), |object, at| {
            json::object(object, &mut |decoded| found.push((decoded, at)));
        });
        self.mode = Mode::Pretty(pretty);
        found.into_iter().try_for_each(|(decoded, at)| self.carried(decoded, at, out))
    }

    fn emit(&mut self, decoded: Option<Decoded<'_>>, at: Span, out: Out<'_>) -> ControlFlow<()> {
        decoded.map_or(ControlFlow::Continue(()), |decoded| self.joiner.push(decoded, 0, at, out))
    }
}

/// How many lines after a line with the kernel's clock a clock in the middle of a line counts as one.
const CONSOLE_REACH: u32 = 64;

fn decode(line: &[u8], console: bool) -> Decoded<'_> {
    text_format(line)
        .or_else(|| if console { after_program_output(line) } else { None })
        .unwrap_or_else(|| Decoded::new(Transport::Bare, line))
}

/// A line in no format, read again without what mail and web pages put before lines. Blanks alone are cut off only where
/// a format follows: bare kernel text begins with blanks of its own.
fn unquoted<'a>(bare: Decoded<'a>, plain: &'a [u8], console: bool) -> Decoded<'a> {
    let Some(bared) = quoted::bare(plain) else {
        // entities only: `&lt;TASK&gt;`
        return if plain == &*bare.text { bare } else { decode(plain, console) };
    };
    let mut inner = decode(bared.text, console);
    match inner.transport {
        Transport::Bare if bared.quoted => inner.transport = Transport::Quoted,
        // `  kernel: text` has a format of its own, if a poor one
        Transport::Bare if inner.written == bared.text.len() => return bare,
        _ => {}
    }
    inner
}

/// The formats that are text, by a line's first byte and then by trying the few that can begin so.
fn text_format(line: &[u8]) -> Option<Decoded<'_>> {
    match line.first()? {
        b'<' => rfc5424::decode(line).or_else(|| rfc3164::wire(line)).or_else(|| kmsg_raw::decode(line)),
        b'[' => dmesg::decode(line).or_else(|| dmesg_wall::decode(line)),
        b'0'..=b'9' => kmsg::decode(line)
            .or_else(|| iso8601::decode(line))
            .or_else(|| journal_short::decode(line))
            .or_else(|| rfc3164::decode(line))
            .or_else(|| logcat::decode(line))
            .or_else(|| talos::after_node(line)),
        b'A'..=b'Z' => rfc3164::decode(line)
            .or_else(|| journal_short::decode(line))
            .or_else(|| logcat::unstamped(line))
            .or_else(|| talos::after_node(line)),
        b'a'..=b'z' => facility_first(line).or_else(|| bare_tag(line)),
        _ => None,
    }
}

/// `kern  :warn  : …` of `dmesg -x`, before any of its timestamps.
fn facility_first(line: &[u8]) -> Option<Decoded<'_>> {
    if facility::split(line).is_none() {
        return talos::after_node(line);
    }
    talos::decode(line)
        .or_else(|| dmesg::decode(line))
        .or_else(|| dmesg_wall::decode(line))
        .or_else(|| iso8601::decode(line))
}

/// `kernel: text` with nothing before it: a log whose date and host were cut away.
fn bare_tag(line: &[u8]) -> Option<Decoded<'_>> {
    let rest = line.strip_prefix(b"kernel:")?;
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let mut decoded = Decoded::without_printk_prefix(Transport::Bare, rest);
    decoded.lost = tagged::blob(&decoded.text);
    decoded.unescape(escape::octal);
    Some(decoded)
}

/// A serial console prints the kernel's line wherever a program's output ends:
/// `healthcheck ok s[    6.155992] [    157]     0 …`.
fn after_program_output(line: &[u8]) -> Option<Decoded<'_>> {
    memchr::memchr_iter(b'[', line).skip_while(|at| *at == 0).find_map(|at| {
        let rest = line.get(at..)?;
        printk::uptime(rest).ok()?;
        dmesg::decode(rest)
    })
}

/// A line's text: without the `\r` of a console, and without the NULs a crash leaves before it.
fn text_of<'a>(line: &Line<'a>) -> &'a [u8] {
    let mut text = line.bytes;
    while let Some(shorter) = text.strip_suffix(b"\r") {
        text = shorter;
    }
    let nuls = text.iter().take_while(|b| **b == 0).count();
    let text = &text[nuls..];
    if line.number == 1 { text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text) } else { text }
}

fn span_of(line: &Line<'_>) -> Span {
    Span { first_line: line.number, last_line: line.number, first_byte: line.start, last_byte: line.last_byte() }
}

impl Span {
    pub(crate) fn extend(&mut self, later: &Span) {
        self.last_line = self.last_line.max(later.last_line);
        self.last_byte = self.last_byte.max(later.last_byte);
        self.first_line = self.first_line.min(later.first_line);
        self.first_byte = self.first_byte.min(later.first_byte);
    }
}

#[cfg(test)]
mod tests;
