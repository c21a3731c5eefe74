//! Writes one of the benches' logs to standard output: `make-log sparse 1024` (MiB), or nothing but dumps of so many rows:
//! `make-log rows:1000 64`.

use oomkit_benches::Kind;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

/// What to write.
enum Wanted {
    Log(Kind),
    Dumps(u32),
}

impl Wanted {
    fn of(name: &str) -> Option<Self> {
        match name.strip_prefix("rows:") {
            Some(rows) => rows.parse().ok().map(Self::Dumps),
            None => Kind::of(name).map(Self::Log),
        }
    }
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (Some(wanted), Some(mib)) =
        (args.first().and_then(|name| Wanted::of(name)), args.get(1).and_then(|n| n.parse().ok()))
    else {
        eprintln!("usage: make-log {}|rows:N MIB", Kind::ALL.map(Kind::name).join("|"));
        return ExitCode::from(2);
    };
    let out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    match write(&wanted, mib, out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("make-log: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(wanted: &Wanted, mib: usize, mut out: impl Write) -> io::Result<()> {
    match wanted {
        Wanted::Log(kind) => oomkit_benches::write(*kind, mib << 20, &mut out)?,
        Wanted::Dumps(rows) => oomkit_benches::write_dumps(*rows, mib << 20, &mut out)?,
    }
    out.flush()
}
