//! Writes one of the benches' logs of so many MiB to standard output: `make-log sparse 1024`.
//!
//! `rows:1000` is nothing but dumps of 1,000 rows. `needle:Killed` is a sparse log in which every second line holds `Killed`,
//! `reversed:Killed` the same log with `delliK`. `make-log needles` lists the texts that are worth trying.

use oomkit_benches::LogKind;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

/// What to write.
enum LogRequest<'a> {
    Log(LogKind),
    Dumps(u32),
    Needle { text: &'a str, reversed: bool },
}

impl<'a> LogRequest<'a> {
    fn of(name: &'a str) -> Option<Self> {
        match name.split_once(':') {
            Some(("rows", rows)) => rows.parse().ok().map(Self::Dumps),
            Some(("needle", text)) => Some(Self::Needle { text, reversed: false }),
            Some(("reversed", text)) => Some(Self::Needle { text, reversed: true }),
            _ => LogKind::of(name).map(Self::Log),
        }
    }
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match &args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["needles"] => list(io::stdout().lock()),
        [name, mib] => match (LogRequest::of(name), mib.parse()) {
            (Some(wanted), Ok(mib)) => write(&wanted, mib, io::stdout().lock()),
            _ => return usage(),
        },
        _ => return usage(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("make-log: {error}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    let kinds = LogKind::ALL.map(LogKind::name).join("|");
    eprintln!("usage: make-log {kinds}|rows:N|needle:TEXT|reversed:TEXT MIB\n       make-log needles");
    ExitCode::from(2)
}

fn list(mut out: impl Write) -> io::Result<()> {
    oomkit_benches::needles().iter().try_for_each(|needle| writeln!(out, "{needle}"))
}

fn write(wanted: &LogRequest<'_>, mib: usize, out: impl Write) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, out);
    match *wanted {
        LogRequest::Log(kind) => oomkit_benches::write(kind, mib << 20, &mut out)?,
        LogRequest::Dumps(rows) => oomkit_benches::write_dumps(rows, mib << 20, &mut out)?,
        LogRequest::Needle { text, reversed } => {
            oomkit_benches::write_needle(text, reversed, mib << 20, &mut out)?;
        }
    }
    out.flush()
}
