//! Eras × formats, over dumps made for the purpose.

use oomkit_core::event::Transport as Word;
use oomkit_core::{Options, parse_with};
use oomkit_tests::synth::carry::carry;
use oomkit_tests::synth::expect::{differences, tamed};
use oomkit_tests::synth::model::{End, Limit};
use oomkit_tests::synth::{Carrier, Dump, Era, KernelLine, Transport, print, random, wrap};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Format {
    /// With names of any bytes.
    Wrapped(Transport),
    /// With plain names.
    Carried(Carrier),
}

impl Format {
    pub(super) fn all() -> impl Iterator<Item = Format> {
        let wrapped = Transport::ALL.into_iter().map(Format::Wrapped);
        wrapped.chain(Carrier::ALL.into_iter().map(Format::Carried))
    }

    pub(super) fn name(self) -> String {
        match self {
            Format::Wrapped(transport) => snake(&format!("{transport:?}")),
            Format::Carried(carrier) => snake(&format!("{carrier:?}")),
        }
    }

    /// `source.transport`.
    pub(super) fn word(self) -> Word {
        use Transport as T;
        match self {
            Format::Carried(carrier) => carrier.word(),
            Format::Wrapped(transport) => match transport {
                T::Dmesg | T::DmesgCaller | T::Console | T::ConsoleCaller => Word::Dmesg,
                T::DmesgWall => Word::DmesgWall,
                T::Kmsg | T::KmsgCaller => Word::Kmsg,
                T::KmsgRaw => Word::KmsgRaw,
                T::Rfc3164 | T::Rfc3164Uptime | T::JournalShort => Word::Rfc3164,
                T::Iso8601 | T::Iso8601Uptime => Word::Iso8601,
                T::Rfc5424 => Word::Rfc5424,
                T::JournalPrecise => Word::JournalShort,
                T::JournalJson => Word::JournalJson,
                T::JournalExport => Word::JournalExport,
                T::JournalVerbose => Word::JournalVerbose,
                T::DmesgJson => Word::DmesgJson,
                T::JsonLines => Word::JsonLines,
                T::Bare | T::Tagged => Word::Bare,
            },
        }
    }

    fn has_host(self) -> bool {
        match self {
            Format::Wrapped(transport) => transport.has_host(),
            Format::Carried(carrier) => carrier.has_host(),
        }
    }
}

/// `V5_4_0` is `v5_4_0`, `DmesgWall` is `dmesg_wall`, `Rfc3164Uptime` is `rfc3164_uptime`.
pub(super) fn snake(name: &str) -> String {
    let mut out = String::new();
    for (at, c) in name.chars().enumerate() {
        if c.is_ascii_uppercase() && at > 0 {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

pub(super) fn cells() -> impl Iterator<Item = (Era, Format)> {
    Format::all().flat_map(|format| Era::ALL.into_iter().map(move |era| (era, format)))
}

pub(super) fn name(era: Era, format: Format) -> String {
    format!("eras::{}::{}", snake(&format!("{era:?}")), format.name())
}

/// A dump of a cgroup's limit, where the era has any, and one of the whole machine.
fn dumps(era: Era) -> Vec<Dump> {
    let mut runner = TestRunner::deterministic();
    let strategy = random::dump(era);
    let wanted = if era.has_memcg() { vec![Limit::Memcg, Limit::Global] } else { vec![Limit::Global] };
    let mut next = |limit| loop {
        let dump = strategy.new_tree(&mut runner).expect("a dump").current();
        if dump.limit == limit && dump.end == End::Kill && dump.with_table {
            return dump;
        }
    };
    wanted.into_iter().map(&mut next).collect()
}

fn plain(mut dump: Dump) -> Dump {
    let plain = |name: &mut Vec<u8>| {
        name.iter_mut().filter(|b| !b.is_ascii_alphanumeric()).for_each(|b| *b = b'_');
        if name.is_empty() {
            name.push(b'x');
        }
    };
    plain(&mut dump.trigger.comm);
    dump.tasks.iter_mut().for_each(|task| plain(&mut task.comm));
    tamed(dump, Transport::JournalVerbose)
}

pub(super) fn check(era: Era, format: Format) -> Result<(), String> {
    for dump in dumps(era) {
        let dump = match format {
            Format::Wrapped(transport) => tamed(dump, transport),
            Format::Carried(_) => plain(dump),
        };
        let mut lines = print(&dump, era);
        // something follows: a log that ends with its table may have been cut there
        let micros = lines.last().map_or(0, |line| line.micros) + 60_000_000;
        let text = b"e1000: eth0 NIC Link is Up 1000 Mbps".to_vec();
        lines.push(KernelLine { level: 6, micros, thread: 1, text });
        let log = match format {
            Format::Wrapped(transport) => wrap(&lines, transport, "web1"),
            Format::Carried(carrier) => carry(&lines, carrier, "web1"),
        };
        if let Err(why) = read_back(&dump, era, format, &log) {
            if let Some(folder) = std::env::var_os("OOMKIT_SAMPLES") {
                let file = std::path::Path::new(&folder).join(format!("{era:?}-{}.log", format.name()));
                std::fs::write(file, &log).map_err(|error| error.to_string())?;
            }
            return Err(why);
        }
    }
    Ok(())
}

fn read_back(dump: &Dump, era: Era, format: Format, log: &[u8]) -> Result<(), String> {
    let events = parse_with(log, Options::new());
    let [event] = &events[..] else { return Err(format!("{} events", events.len())) };
    let found = differences(dump, era, event).found;
    if !found.is_empty() {
        return Err(format!("{:?}: {found:#?}", dump.limit));
    }
    if event.source.transport != format.word() {
        return Err(format!("read as {}", event.source.transport));
    }
    let host = event.host.as_deref();
    if host != format.has_host().then_some("web1") {
        return Err(format!("of the host {host:?}"));
    }
    Ok(())
}
