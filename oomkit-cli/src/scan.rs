//! Reads one input after the other and hands over its events as they come. Memory does not grow with the input.

use crate::input::Input;
use crate::outcome::reason;
use crate::output::Consumer;
use crate::talk::Talk;
use chrono::DateTime;
use oomkit_core::{Companion, Event, Options, Sink, Stats};
use oomkit_source::{Logs, Step};
use std::io;
use std::ops::ControlFlow;
use std::time::SystemTime;

/// What was read, all inputs together.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    /// Logs that could be opened: inputs, and files of archives.
    pub(crate) inputs: u64,
    /// Logs that could not be read, or not to their end.
    pub(crate) unreadable: u64,
    pub(crate) lines: u64,
    pub(crate) events: u64,
    /// Events left out because user processes wrote them.
    pub(crate) user_events: u64,
    pub(crate) companions: u64,
}

/// One run over inputs.
pub(crate) struct Scan<'a> {
    options: Options,
    /// Whether a file's own time tells the years its lines leave out.
    dated_by_files: bool,
    talk: &'a Talk,
    consumer: &'a mut dyn Consumer,
    /// What was read so far, valid also after an error.
    pub(crate) totals: Totals,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(options: Options, dated_by_files: bool, talk: &'a Talk, consumer: &'a mut dyn Consumer) -> Self {
        Self { options, dated_by_files, talk, consumer, totals: Totals::default() }
    }

    /// Reads all inputs in order. What cannot be read is told and passed over.
    ///
    /// # Errors
    /// Only the consumer's.
    pub(crate) fn run(&mut self, inputs: &[Input]) -> io::Result<()> {
        for input in inputs {
            match input.open(self.options_for(input), &self.talk.progress) {
                Ok(mut logs) => self.read(&mut logs)?,
                Err(error) => self.unreadable(&input.name(), &error),
            }
        }
        Ok(())
    }

    fn options_for(&self, input: &Input) -> Options {
        let options = self.options.clone();
        // a time before 1970 or after 9999 is nobody's
        let seconds =
            |time: SystemTime| i64::try_from(time.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs()).ok();
        let modified = self.dated_by_files.then(|| input.modified()).flatten().and_then(seconds);
        match modified.and_then(|seconds| DateTime::from_timestamp(seconds, 0)) {
            Some(time) => options.reference_time(time.fixed_offset()),
            None => options,
        }
    }

    /// Reads one input to its end. The error is the consumer's.
    fn read(&mut self, logs: &mut Logs) -> io::Result<()> {
        loop {
            let mut failed = None;
            let step = logs.step(&mut Forward { consumer: self.consumer, failed: &mut failed });
            if let Some(error) = failed {
                return Err(error);
            }
            match step {
                Step::Text => {}
                Step::Interrupted => continue,
                Step::Log { stats, end } => {
                    self.count(stats, end.is_ok());
                    if let Err(error) = end {
                        self.consumer.pause()?;
                        self.unreadable(logs.name(), &error);
                    }
                }
                Step::Done => return Ok(()),
            }
            // here, and not after each event, so that small events do not cost a system call each
            self.consumer.pause()?;
            self.talk.progress.tick();
        }
    }

    fn count(&mut self, stats: Stats, whole: bool) {
        if whole || stats.bytes > 0 {
            self.totals.inputs += 1;
            self.consumer.log(&stats);
        }
        self.totals.lines += stats.lines;
        self.totals.events += stats.events;
        self.totals.user_events += stats.user_events;
        self.totals.companions += stats.companions;
    }

    fn unreadable(&mut self, name: &str, error: &io::Error) {
        self.totals.unreadable += 1;
        self.consumer.unreadable(name);
        self.talk.unreadable(name, &reason(error));
    }
}

/// A sink that stops at the consumer's first error and keeps it.
struct Forward<'s> {
    consumer: &'s mut dyn Consumer,
    failed: &'s mut Option<io::Error>,
}

impl Forward<'_> {
    fn taken(&mut self, result: io::Result<()>) -> ControlFlow<()> {
        match result {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                *self.failed = Some(error);
                ControlFlow::Break(())
            }
        }
    }
}

impl Sink for Forward<'_> {
    fn event(&mut self, event: Event) -> ControlFlow<()> {
        let result = self.consumer.event(&event);
        self.taken(result)
    }

    fn companion(&mut self, companion: Companion) -> ControlFlow<()> {
        let result = self.consumer.companion(&companion);
        self.taken(result)
    }
}
