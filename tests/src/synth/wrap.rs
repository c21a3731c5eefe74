//! Records as each collector writes them.

use super::{KernelLine, wrap_journal};

/// How a log came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Transport {
    Dmesg,
    DmesgCaller,
    DmesgWall,
    Kmsg,
    KmsgCaller,
    Console,
    ConsoleCaller,
    KmsgRaw,
    Rfc3164,
    Rfc3164Uptime,
    Iso8601,
    Iso8601Uptime,
    Rfc5424,
    JournalShort,
    JournalPrecise,
    JournalJson,
    JournalExport,
    JournalVerbose,
    DmesgJson,
    JsonLines,
    Bare,
    Tagged,
}

/// What a transport does to a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Carries {
    /// Every byte.
    Bytes,
    /// Text and escapes for the rest; a name that looks like an escape is not told from one.
    Escaped,
    /// Bytes, but for control characters.
    Printable,
    /// UTF-8 text without control characters.
    Text,
    /// UTF-8 text.
    AnyText,
}

use Transport as T;

impl Transport {
    /// Every transport.
    pub const ALL: [Transport; 22] = [
        T::Dmesg,
        T::DmesgCaller,
        T::DmesgWall,
        T::Kmsg,
        T::KmsgCaller,
        T::Console,
        T::ConsoleCaller,
        T::KmsgRaw,
        T::Rfc3164,
        T::Rfc3164Uptime,
        T::Iso8601,
        T::Iso8601Uptime,
        T::Rfc5424,
        T::JournalShort,
        T::JournalPrecise,
        T::JournalJson,
        T::JournalExport,
        T::JournalVerbose,
        T::DmesgJson,
        T::JsonLines,
        T::Bare,
        T::Tagged,
    ];

    fn carries(self) -> Carries {
        match self {
            T::Kmsg | T::KmsgCaller | T::JournalJson | T::JournalExport => Carries::Bytes,
            T::Dmesg | T::DmesgCaller | T::DmesgWall => Carries::Escaped,
            T::Console | T::ConsoleCaller | T::KmsgRaw | T::Bare => Carries::Printable,
            T::Rfc3164 | T::Rfc3164Uptime | T::Iso8601 | T::Iso8601Uptime | T::Rfc5424 | T::Tagged => {
                Carries::Printable
            }
            T::JournalShort | T::JournalPrecise | T::JournalVerbose | T::JsonLines => Carries::Text,
            T::DmesgJson => Carries::AnyText,
        }
    }

    /// The name with every byte replaced that this transport cannot carry: the expectation then holds exactly.
    pub fn tamed(self, name: &[u8]) -> Vec<u8> {
        let plain = |byte: &u8| if byte.is_ascii_control() { b'_' } else { *byte };
        let ascii = |name: &[u8]| name.iter().map(|b| if b.is_ascii() { *b } else { b'_' }).collect::<Vec<u8>>();
        let text = |name: &[u8]| if std::str::from_utf8(name).is_ok() { name.to_vec() } else { ascii(name) };
        // C1 control characters are printable to nobody
        let quiet = |name: Vec<u8>| match std::str::from_utf8(&name) {
            Ok(text) if text.chars().any(|c| c.is_control() && !c.is_ascii()) => ascii(&name),
            _ => name,
        };
        let mut name: Vec<u8> = match self.carries() {
            Carries::Bytes => return name.to_vec(),
            Carries::Escaped => name.iter().map(|b| if b"\\\n".contains(b) { b'_' } else { *b }).collect(),
            Carries::Printable => name.iter().map(plain).collect(),
            Carries::Text => quiet(text(name)).iter().map(plain).collect(),
            Carries::AnyText => quiet(text(name)),
        };
        if self.is_syslog() {
            // `#012` is rsyslog's newline
            name.iter_mut().filter(|b| **b == b'#').for_each(|b| *b = b'_');
        }
        if !self.has_uptime()
            && let Some(first) = name.first_mut().filter(|b| **b == b'[')
        {
            // the kernel's clock may follow the tag: a name that looks like one is taken for it
            *first = b'_';
        }
        if matches!(self, T::Bare | T::JsonLines) {
            // `kernel: ` may stand before bare text, also inside JSON
            name.iter_mut().filter(|b| **b == b':').for_each(|b| *b = b'_');
        }
        if self == T::Bare
            && let Some(first) = name.first_mut().filter(|b| b"> |*:+".contains(b))
        {
            // what mail puts before a line
            *first = b'_';
        }
        if !matches!(self.carries(), Carries::Bytes) {
            // beside a blank, a web page put it there
            while let Some(at) = name.windows(2).position(|pair| pair == "\u{a0}".as_bytes()) {
                name.splice(at..at + 2, *b"__");
            }
        }
        // blanks at the end of a line are lost by some collectors, and a blank name by all that trim
        if !matches!(self.carries(), Carries::Bytes)
            && let Some(last) = name.last_mut().filter(|b| b.is_ascii_whitespace())
        {
            *last = b'_';
        }
        name
    }

    fn is_syslog(self) -> bool {
        matches!(self, T::Rfc3164 | T::Rfc3164Uptime | T::Iso8601 | T::Iso8601Uptime | T::Rfc5424 | T::Tagged)
    }

    /// Whether the kernel's own clock is in the log.
    pub fn has_uptime(self) -> bool {
        !matches!(
            self,
            T::DmesgWall
                | T::Rfc3164
                | T::Iso8601
                | T::JournalShort
                | T::JournalPrecise
                | T::Bare
                | T::Tagged
                | T::JsonLines
        )
    }

    /// Whether the host's name is in the log.
    pub fn has_host(self) -> bool {
        use Transport as T;
        self.is_syslog() && self != T::Tagged
            || matches!(
                self,
                T::JournalShort | T::JournalPrecise | T::JournalJson | T::JournalExport | T::JournalVerbose
            )
            || self == T::JsonLines
    }

    /// Whether the printing thread is in the log.
    pub fn has_caller(self) -> bool {
        matches!(self, T::DmesgCaller | T::KmsgCaller | T::ConsoleCaller)
    }
}

/// The log of these records, of this host.
pub fn wrap(lines: &[KernelLine], transport: Transport, host: &str) -> Vec<u8> {
    let mut out = Vec::new();
    match transport {
        T::DmesgJson => wrap_journal::dmesg_json(lines, &mut out),
        _ => lines.iter().enumerate().for_each(|(at, line)| record(line, at, transport, host, &mut out)),
    }
    out
}

/// One record; journal entries and JSON documents too, so that hosts can be mixed.
pub fn record(line: &KernelLine, at: usize, transport: Transport, host: &str, out: &mut Vec<u8>) {
    let (seconds, fraction) = (line.micros / 1_000_000, line.micros % 1_000_000);
    let uptime = format!("[{seconds:5}.{fraction:06}] ");
    let thread = format!("T{}", line.thread);
    let wall = Wall::new(line.micros);
    let level = line.level;
    match transport {
        T::Dmesg => indented(&uptime, &escaped(&line.text), out),
        T::DmesgCaller => indented(&format!("{uptime}[{thread:>6}] "), &escaped(&line.text), out),
        T::DmesgWall => indented(&format!("[{}] ", wall.ctime()), &escaped(&line.text), out),
        T::Kmsg => kmsg(line, at, "", out),
        T::KmsgCaller => kmsg(line, at, &format!(",caller={thread}"), out),
        T::Console => repeated(&uptime, &line.text, "\r\n", out),
        T::ConsoleCaller => repeated(&format!("{}[{thread:>6}] ", uptime.trim_end()), &line.text, "\r\n", out),
        T::KmsgRaw => repeated(&format!("<{level}>{uptime}"), &line.text, "\n", out),
        T::Rfc3164 => syslog(&format!("{} {host} kernel: ", wall.bsd()), &line.text, out),
        T::Rfc3164Uptime => syslog(&format!("{} {host} kernel: {uptime}", wall.bsd()), &line.text, out),
        T::Iso8601 => syslog(&format!("{} {host} kernel: ", wall.iso()), &line.text, out),
        T::Iso8601Uptime => syslog(&format!("{} {host} kernel: {uptime}", wall.iso()), &line.text, out),
        T::Rfc5424 => syslog(&format!("<{level}>1 {} {host} kernel - - - {uptime}", wall.iso()), &line.text, out),
        T::JournalShort => indented(&format!("{} {host} kernel: ", wall.bsd()), &line.text, out),
        T::JournalPrecise => {
            indented(&format!("{}.{fraction:06} {host} kernel: ", wall.bsd()), &line.text, out);
        }
        T::JournalJson => wrap_journal::json(line, &wall, host, out),
        T::JournalExport => wrap_journal::export(line, &wall, host, out),
        T::JournalVerbose => wrap_journal::verbose(line, &wall, host, out),
        T::JsonLines => wrap_journal::json_line(line, &wall, host, out),
        T::DmesgJson => wrap_journal::dmesg_json(std::slice::from_ref(line), out),
        T::Bare => repeated("", &line.text, "\n", out),
        T::Tagged => syslog("kernel: ", &line.text, out),
    }
}

fn kmsg(line: &KernelLine, at: usize, caller: &str, out: &mut Vec<u8>) {
    out.extend(format!("{},{},{},-{caller};", line.level, 1000 + at, line.micros).bytes());
    out.extend(hexed(&line.text));
    out.push(b'\n');
}

/// `/dev/kmsg`: what is not printable ASCII becomes `\x0a`.
pub(super) fn hexed(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for byte in text {
        match byte {
            b'\\' | 0..=0x1f | 0x7f.. => out.extend(format!("\\x{byte:02x}").bytes()),
            _ => out.push(*byte),
        }
    }
    out
}

/// util-linux: what is neither printable nor white space (to `isspace`) becomes `\x1b`.
pub(super) fn escaped(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c.is_control() && !matches!(c, '\t'..='\r') {
                let mut bytes = [0; 4];
                c.encode_utf8(&mut bytes).bytes().for_each(|b| out.extend(format!("\\x{b:02x}").bytes()));
            } else {
                out.extend(c.to_string().bytes());
            }
        }
        chunk.invalid().iter().for_each(|b| out.extend(format!("\\x{b:02x}").bytes()));
    }
    out
}

/// The lines after the first are indented by the width of the prefix.
pub(super) fn indented(prefix: &str, text: &[u8], out: &mut Vec<u8>) {
    for (at, line) in text.split(|b| *b == b'\n').enumerate() {
        if at == 0 {
            out.extend(prefix.bytes())
        } else {
            out.extend(std::iter::repeat_n(b' ', prefix.len()))
        }
        out.extend(line);
        out.push(b'\n');
    }
}

/// Every line has the prefix.
pub(super) fn repeated(prefix: &str, text: &[u8], end: &str, out: &mut Vec<u8>) {
    for line in text.split(|b| *b == b'\n') {
        out.extend(prefix.bytes());
        out.extend(line);
        out.extend(end.bytes());
    }
}

/// rsyslog: control characters in octal.
pub(super) fn syslog(prefix: &str, text: &[u8], out: &mut Vec<u8>) {
    out.extend(prefix.bytes());
    for byte in text {
        if byte.is_ascii_control() { out.extend(format!("#{byte:03o}").bytes()) } else { out.push(*byte) }
    }
    out.push(b'\n');
}

/// The wall clock: the kernel's clock after 2026-03-30 12:00:00 UTC, a Monday.
#[derive(Debug, Clone, Copy)]
pub struct Wall {
    seconds: u64,
    micros: u64,
}

/// 2026-03-30 12:00:00 UTC.
pub const BOOT: u64 = 1_774_872_000;

impl Wall {
    pub(super) fn new(micros: u64) -> Self {
        // within the day: the date's arithmetic is not what is tested here
        Self { seconds: (micros / 1_000_000) % 40_000, micros: micros % 1_000_000 }
    }

    pub(super) fn clock(self) -> String {
        let (h, m, s) = (12 + self.seconds / 3600, self.seconds / 60 % 60, self.seconds % 60);
        format!("{h:02}:{m:02}:{s:02}")
    }

    pub(super) fn bsd(self) -> String {
        format!("Mar 30 {}", self.clock())
    }

    pub(super) fn ctime(self) -> String {
        format!("Mon Mar 30 {} 2026", self.clock())
    }

    pub(super) fn iso(self) -> String {
        format!("2026-03-30T{}.{:06}+00:00", self.clock(), self.micros)
    }

    /// `Mon 2026-03-30 12:00:01.123456 UTC`.
    pub fn full(self) -> String {
        format!("Mon 2026-03-30 {}.{:06} UTC", self.clock(), self.micros)
    }

    /// RFC 3339 in UTC.
    pub fn rfc3339(self) -> String {
        self.iso()
    }

    /// Microseconds since 1970.
    pub fn realtime(self) -> u64 {
        (BOOT + self.seconds) * 1_000_000 + self.micros
    }
}
