//! `oomkit cgroup`: the identity that a path tells.

use crate::cli::{CgroupArgs, TalkArgs};
use crate::outcome::{Code, Failure, Outcome};
use crate::output::Target;
use crate::progress::Progress;
use crate::talk::Talk;
use oomkit_core::cgroup;
use std::ffi::OsStr;
use std::io::{self, BufRead, IsTerminal, Write};

/// Runs the command.
///
/// # Errors
/// An output that cannot be opened or takes no more.
pub(super) fn run(args: &CgroupArgs, talk: &TalkArgs) -> Result<Code, Failure> {
    let talk = Talk::new(talk.quiet, Progress::new(true));
    let target = Target::open(args.target.output.as_deref())?;
    let name = target.name().to_owned();
    let mut out = target.plain();
    let mut outcome = Outcome::default();
    let mut answer = |path: &[u8], outcome| {
        let written = serde_json::to_writer(&mut out, &cgroup::identify(path)).map_err(io::Error::from);
        written.and_then(|()| out.write_all(b"\n")).map_err(|error| Failure::write(&name, error, outcome))
    };
    let stdin = [OsStr::new("-").to_owned()];
    for path in if args.paths.is_empty() { &stdin[..] } else { &args.paths } {
        if path != "-" {
            answer(path.as_encoded_bytes(), outcome)?;
            continue;
        }
        if io::stdin().is_terminal() {
            talk.note("reading paths from the terminal; end them with Ctrl-D");
        }
        for line in io::stdin().lock().split(b'\n') {
            match line {
                Ok(line) => answer(cgroup::path_of_line(&line), outcome)?,
                Err(error) => {
                    outcome.unreadable = true;
                    talk.unreadable("-", &crate::outcome::reason(&error));
                    break;
                }
            }
        }
    }
    out.flush().map_err(|error| Failure::write(&name, error, outcome))?;
    Ok(outcome.code())
}
