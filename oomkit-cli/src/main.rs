//! The `oomkit` command: parses the arguments, runs the command, maps what came of it to an exit code.

#![forbid(unsafe_code)]

mod cli;
mod cluster;
mod commands;
mod input;
mod outcome;
mod output;
mod parallel;
mod picking;
mod progress;
mod prometheus;
mod reading;
mod scan;
mod talk;
mod tape;

use clap::Parser;
use cli::Cli;
use mimalloc::MiMalloc;
use outcome::Failure;
use std::io::Write;
use std::process::ExitCode;

/// Events are hundreds of small strings: the system's allocator takes a tenth of the time of a log full of dumps.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(answer) => return outcome::of_usage(&answer),
    };
    cli.talk.choose_colors();
    match commands::run(&cli) {
        Ok(code) => code.into(),
        Err(Failure::Closed(code)) => code.into(),
        Err(failure) => {
            // nothing is left to tell when standard error is gone as well
            let _ = writeln!(anstream::stderr(), "oomkit: {failure}");
            match failure {
                Failure::Source(_) => outcome::Code::Source.into(),
                _ => outcome::Code::Unusable.into(),
            }
        }
    }
}
