//! The log formats beside those of `wrap`: other spellings, shippers and what people paste. Names in the dump are plain.

use super::carry_json as shipped;
use super::wrap::{Wall, hexed, indented, repeated, syslog};
use super::{KernelLine, Transport, wrap};
use oomkit_core::event::Transport as Word;

/// A log format whose lines are made from those of another, or by a shipper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Carrier {
    DmesgDecoded,
    DmesgDelta,
    DmesgReltime,
    DmesgIso,
    DmesgColour,
    DmesgGerman,
    DmesgJapanese,
    SyslogBusybox,
    SyslogNg,
    SyslogYear,
    SyslogWire,
    SyslogNoHost,
    SyslogStructured,
    JournalFull,
    JournalIso,
    JournalIsoPrecise,
    JournalMonotonic,
    JournalDelta,
    JournalUnix,
    JournalJsonPretty,
    JournalJsonSeq,
    JournalJsonSse,
    JournalJsonBytes,
    Talos,
    TalosNode,
    Epoch,
    Logcat,
    DockerJson,
    Cri,
    CriPieces,
    FluentBitKmsg,
    FluentBitStdout,
    FluentBitSystemd,
    Fluentd,
    Vector,
    Loki,
    LogcliText,
    LogcliJsonl,
    CloudWatch,
    GcpText,
    GcpJson,
    Gelf,
    Elasticsearch,
    Splunk,
    OpenTelemetry,
    SyslogInJson,
    Quoted,
    QuotedTwice,
    Html,
    Indented,
    NoBreakSpaces,
}

use Carrier as C;

impl Carrier {
    /// Every one.
    pub const ALL: [Carrier; 51] = [
        C::DmesgDecoded,
        C::DmesgDelta,
        C::DmesgReltime,
        C::DmesgIso,
        C::DmesgColour,
        C::DmesgGerman,
        C::DmesgJapanese,
        C::SyslogBusybox,
        C::SyslogNg,
        C::SyslogYear,
        C::SyslogWire,
        C::SyslogNoHost,
        C::SyslogStructured,
        C::JournalFull,
        C::JournalIso,
        C::JournalIsoPrecise,
        C::JournalMonotonic,
        C::JournalDelta,
        C::JournalUnix,
        C::JournalJsonPretty,
        C::JournalJsonSeq,
        C::JournalJsonSse,
        C::JournalJsonBytes,
        C::Talos,
        C::TalosNode,
        C::Epoch,
        C::Logcat,
        C::DockerJson,
        C::Cri,
        C::CriPieces,
        C::FluentBitKmsg,
        C::FluentBitStdout,
        C::FluentBitSystemd,
        C::Fluentd,
        C::Vector,
        C::Loki,
        C::LogcliText,
        C::LogcliJsonl,
        C::CloudWatch,
        C::GcpText,
        C::GcpJson,
        C::Gelf,
        C::Elasticsearch,
        C::Splunk,
        C::OpenTelemetry,
        C::SyslogInJson,
        C::Quoted,
        C::QuotedTwice,
        C::Html,
        C::Indented,
        C::NoBreakSpaces,
    ];

    /// `source.transport` of its events.
    pub fn word(self) -> Word {
        match self {
            C::DmesgDecoded | C::DmesgDelta | C::DmesgReltime | C::Quoted | C::QuotedTwice | C::Html => Word::Dmesg,
            C::Indented | C::NoBreakSpaces => Word::Dmesg,
            C::DmesgIso => Word::DmesgIso,
            C::DmesgColour | C::DmesgGerman | C::DmesgJapanese => Word::DmesgWall,
            C::SyslogBusybox | C::SyslogNg | C::SyslogYear | C::SyslogWire | C::SyslogNoHost => Word::Rfc3164,
            C::SyslogStructured => Word::Rfc5424,
            C::JournalFull | C::JournalIso | C::JournalIsoPrecise => Word::JournalShort,
            C::JournalMonotonic | C::JournalDelta | C::JournalUnix => Word::JournalShort,
            C::JournalJsonPretty | C::JournalJsonSeq | C::JournalJsonSse | C::JournalJsonBytes => Word::JournalJson,
            C::FluentBitSystemd => Word::JournalJson,
            C::Talos | C::TalosNode => Word::Talos,
            C::Epoch => Word::Epoch,
            C::Logcat => Word::Logcat,
            C::DockerJson => Word::DockerJson,
            C::Cri | C::CriPieces => Word::Cri,
            C::LogcliText => Word::Logcli,
            _ => Word::JsonLines,
        }
    }

    /// Whether the host's name is in the log.
    pub fn has_host(self) -> bool {
        !matches!(self.word(), Word::Dmesg | Word::DmesgIso | Word::DmesgWall | Word::DockerJson | Word::Cri)
            && !matches!(self, C::SyslogNoHost | C::Talos | C::Logcat | C::FluentBitKmsg | C::FluentBitStdout)
            && !matches!(self, C::CloudWatch | C::Fluentd | C::OpenTelemetry)
    }
}

/// The log of these records, of this host.
pub fn carry(lines: &[KernelLine], carrier: Carrier, host: &str) -> Vec<u8> {
    let mut out = Vec::new();
    match carrier {
        C::Loki => shipped::loki(lines, host, &mut out),
        C::DmesgReltime => reltime(lines, &mut out),
        C::DmesgDelta | C::JournalDelta => delta(lines, carrier, host, &mut out),
        C::DockerJson | C::Cri | C::CriPieces => shipped::of_container(lines, carrier, &mut out),
        C::Quoted | C::QuotedTwice | C::Html | C::Indented | C::NoBreakSpaces => pasted(lines, carrier, &mut out),
        _ => lines.iter().enumerate().for_each(|(at, line)| record(line, at, carrier, host, &mut out)),
    }
    out
}

fn record(line: &KernelLine, at: usize, carrier: Carrier, host: &str, out: &mut Vec<u8>) {
    let (seconds, fraction) = (line.micros / 1_000_000, line.micros % 1_000_000);
    let uptime = format!("[{seconds:5}.{fraction:06}] ");
    let wall = Wall::new(line.micros);
    let level = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"][usize::from(line.level)];
    let (bsd, clock, iso) = (wall.bsd(), wall.clock(), wall.iso());
    let mut under = |prefix: String| indented(&prefix, &line.text, out);
    match carrier {
        C::DmesgDecoded => under(format!("{:<6}:{level:<6}: {uptime}", "kern")),
        C::DmesgIso => under(format!("{} ", iso.replace('.', ","))),
        C::DmesgGerman => under(format!("[Mo, 30. Mär 2026, {clock}] ")),
        C::DmesgJapanese => under(format!("[3月30日(月) {clock} 2026] ")),
        C::JournalFull => under(format!("Mon 2026-03-30 {clock} UTC {host} kernel: ")),
        C::JournalIso => under(format!("2026-03-30T{clock}+0000 {host} kernel: ")),
        C::JournalIsoPrecise => under(format!("2026-03-30T{clock}.{fraction:06}+0000 {host} kernel: ")),
        C::JournalMonotonic => under(format!("{uptime}{host} kernel: ")),
        C::JournalUnix => under(format!("{}.{fraction:06} {host} kernel: ", wall.realtime() / 1_000_000)),
        C::DmesgColour => {
            let stamp = format!("[{}] ", wall.ctime());
            let mut plain = Vec::new();
            indented(&stamp, &line.text, &mut plain);
            out.extend(format!("\x1b[32m{stamp}\x1b[0m").bytes());
            out.extend(&plain[stamp.len()..]);
        }
        C::SyslogBusybox => repeated(&format!("{bsd} {host} kern.{level} kernel: "), &line.text, "\n", out),
        C::SyslogNg => syslog(&format!("2026 {bsd} {host} kernel: {uptime}"), &line.text, out),
        C::SyslogYear => syslog(&format!("Mar 30 2026 {clock}.123 {host} kernel: {uptime}"), &line.text, out),
        C::SyslogWire => syslog(&format!("<{}>{bsd} {host} kernel: {uptime}", line.level), &line.text, out),
        C::SyslogNoHost => syslog(&format!("{bsd} kernel: {uptime}"), &line.text, out),
        C::SyslogStructured => {
            let data = r#"[origin ip="10.0.0.1" software="rsyslogd \"8\""][timeQuality tzKnown="1"]"#;
            syslog(&format!("<{}>1 {iso} {host} kernel - - {data} \u{feff}{uptime}", line.level), &line.text, out);
        }
        C::Talos | C::TalosNode => {
            let node = if carrier == C::Talos { String::new() } else { format!("{host}: ") };
            out.extend(format!("{node}kern: {level:>7}: [2026-03-30T{clock}.{fraction:06}000Z]: ").bytes());
            out.extend(hexed(&line.text));
            out.push(b'\n');
        }
        C::Epoch => syslog(&format!("{} {host} kernel: {uptime}", wall.realtime() / 1_000_000), &line.text, out),
        C::Logcat => {
            let stamp = format!("03-30 {clock}.{:03}     0     0 W kernel  : {uptime}", fraction / 1000);
            repeated(&stamp, &line.text, "\n", out);
        }
        C::JournalJsonPretty | C::JournalJsonSeq | C::JournalJsonSse | C::JournalJsonBytes => {
            shipped::journal(line, &wall, carrier, host, out);
        }
        _ => shipped::record(line, at, &wall, carrier, host, out),
    }
}

fn reltime(lines: &[KernelLine], out: &mut Vec<u8>) {
    let mut last: Option<(String, u64)> = None;
    for line in lines {
        let minute = Wall::new(line.micros).clock()[..5].to_owned();
        let prefix = match &last {
            Some((said, before)) if *said == minute => {
                let passed = line.micros - before;
                format!("[{:>3}.{:06}] ", format!("+{}", passed / 1_000_000), passed % 1_000_000)
            }
            _ => format!("[Mar30 {minute}] "),
        };
        indented(&prefix, &line.text, out);
        last = Some((minute, line.micros));
    }
}

fn delta(lines: &[KernelLine], carrier: Carrier, host: &str, out: &mut Vec<u8>) {
    let mut before = lines.first().map_or(0, |line| line.micros);
    for line in lines {
        let (seconds, fraction) = (line.micros / 1_000_000, line.micros % 1_000_000);
        let passed = line.micros.saturating_sub(before);
        let passed = format!("{:5}.{:06}", passed / 1_000_000, passed % 1_000_000);
        let prefix = format!("[{seconds:5}.{fraction:06} <{passed:>12}>] ");
        let tag = if carrier == C::JournalDelta { format!("{host} kernel: ") } else { String::new() };
        indented(&format!("{prefix}{tag}"), &line.text, out);
        before = line.micros;
    }
}

/// What became of dmesg's output in mail, a tracker or a web page.
fn pasted(lines: &[KernelLine], carrier: Carrier, out: &mut Vec<u8>) {
    let log = wrap(lines, Transport::Dmesg, "");
    let log = String::from_utf8(log).expect("plain names");
    for line in log.lines() {
        let line = match carrier {
            C::Quoted => format!("> {line}"),
            C::QuotedTwice => format!(">> {line}"),
            C::Html => {
                let text = line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
                format!("&gt; {text}")
            }
            C::NoBreakSpaces => line.replace("  ", "\u{a0} "),
            _ => format!("    {line}"),
        };
        out.extend(line.bytes());
        out.push(b'\n');
    }
}
