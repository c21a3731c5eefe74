//! Writes one of the benches' logs to standard output: `make-log sparse 1024` (MiB).

use oomkit_benches::Kind;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (Some(kind), Some(mib)) =
        (args.first().and_then(|name| Kind::of(name)), args.get(1).and_then(|n| n.parse().ok()))
    else {
        eprintln!("usage: make-log {} MIB", Kind::ALL.map(Kind::name).join("|"));
        return ExitCode::from(2);
    };
    let out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    match write(kind, mib, out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("make-log: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(kind: Kind, mib: usize, mut out: impl Write) -> io::Result<()> {
    oomkit_benches::write(kind, mib << 20, &mut out)?;
    out.flush()
}
