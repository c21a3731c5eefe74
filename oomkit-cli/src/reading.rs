//! One run over logs, from the arguments to the notes at its end: the same for every verb that reads logs.

use crate::cli::{InputArgs, TalkArgs};
use crate::input::{self, Input, identity::FileId};
use crate::outcome::Failure;
use crate::output::{Consumer, Target};
use crate::progress::Progress;
use crate::scan::{Scan, Totals};
use crate::talk::{Talk, count};
use chrono::DateTime;
use oomkit_core::Options;
use oomkit_core::resources::ClusterFacts;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::time::SystemTime;

/// What shall be read, and how.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) talk: Talk,
    pub(crate) options: Options,
    pub(crate) inputs: Vec<Input>,
    /// Whether a file's own time tells the years its lines leave out.
    pub(crate) dated_by_files: bool,
    pub(crate) threads: usize,
    /// Pods and nodes to join to the events, where a verb takes them.
    pub(crate) cluster: Option<ClusterFacts>,
}

impl Reading {
    /// Opens the output and lists the inputs; nothing is read yet.
    ///
    /// # Errors
    /// Arguments that do not fit together, and an output that cannot be opened.
    pub(crate) fn plan(args: &InputArgs, output: Option<&Path>, talk: &TalkArgs) -> Result<(Self, Target), Failure> {
        let options = args.options();
        let talk = Talk::new(talk.quiet, Progress::new(talk.quiet));
        input::refuse_output_among(&args.files, output)?;
        // the output comes first: a typo there should not cost an hour of reading
        let target = Target::open(output)?;
        let inputs = input::plan(&args.files, target.id().or_else(FileId::of_stdout).as_ref());
        talk.progress.expect(input::total_bytes(&inputs));
        if inputs.iter().any(|i| matches!(i, Input::Stdin)) && io::stdin().is_terminal() {
            talk.note("reading a log from the terminal; end it with Ctrl-D");
        }
        let (dated_by_files, threads) = (args.dated_by_files(), args.threads());
        Ok((Self { talk, options, inputs, dated_by_files, threads, cluster: None }, target))
    }

    /// The options for one input: with `--reference-time file`, the file's own time.
    pub(crate) fn options_for(&self, input: &Input) -> Options {
        let options = self.options.clone();
        // a time before 1970 or after 9999 is nobody's
        let seconds =
            |time: SystemTime| i64::try_from(time.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs()).ok();
        let modified = self.dated_by_files.then(|| input.modified()).flatten().and_then(seconds);
        match modified.and_then(|seconds| DateTime::from_timestamp(seconds, 0)) {
            Some(time) => options.reference_time(time.fixed_offset().into()),
            None => options,
        }
    }

    /// Reads all inputs, and hands what is found to `consumer`. The error is the consumer's; what was read until then
    /// stands in the totals.
    pub(crate) fn run(&self, consumer: &mut dyn Consumer) -> (Totals, io::Result<()>) {
        let mut scan = Scan::new(self, consumer);
        let taken = scan.run();
        let totals = scan.totals;
        self.talk.progress.clear();
        (totals, taken)
    }

    /// What people should know that is not in the data.
    pub(crate) fn notes(&self, totals: &Totals) {
        if totals.events == 0 {
            let (files, lines) = (count(totals.inputs, "file"), count(totals.lines, "line"));
            self.talk.note(&format!("No OOM kills found in {files} ({lines})."));
        }
        if totals.user_events > 0 {
            let events = count(totals.user_events, "event");
            self.talk.note(&format!("{events} by user processes left out (--include-user shows them)"));
        }
    }
}
