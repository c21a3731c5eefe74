//! Reads one input after the other and hands over its events as they come. Memory does not grow with the input.

use crate::outcome::reason;
use crate::output::Consumer;
use crate::parallel::{self, LogPart};
use crate::reading::Reading;
use oomkit_core::resources::ClusterFacts;
use oomkit_core::{Item, Options, Sink, Stats};
use oomkit_source::{Logs, Step};
use std::io;
use std::ops::ControlFlow;
use std::thread;

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

impl Totals {
    /// Takes what was seen of a log; says whether it counts as read.
    pub(crate) fn count(&mut self, stats: &Stats, whole: bool) -> bool {
        let read = whole || stats.bytes > 0;
        self.inputs += u64::from(read);
        self.lines += stats.lines;
        self.events += stats.events;
        self.user_events += stats.user_events;
        self.companions += stats.companions;
        read
    }
}

/// One run over inputs.
pub(crate) struct Scan<'a> {
    reading: &'a Reading,
    consumer: &'a mut dyn Consumer,
    /// What was read so far, valid also after an error.
    pub(crate) totals: Totals,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(reading: &'a Reading, consumer: &'a mut dyn Consumer) -> Self {
        Self { reading, consumer, totals: Totals::default() }
    }

    /// Reads all inputs in order. What cannot be read is told and passed over.
    ///
    /// # Errors
    /// Only the consumer's.
    pub(crate) fn run(&mut self) -> io::Result<()> {
        let Reading { inputs, threads, .. } = self.reading;
        if *threads > 1 && inputs.len() > 1 {
            return self.run_at_once();
        }
        for input in inputs {
            match input.open(self.reading.options_for(input), self.reading.talk.progress.counter()) {
                Ok(logs) => self.read(logs.threads(*threads))?,
                Err(error) => self.unreadable(&input.name(), &error),
            }
        }
        Ok(())
    }

    /// Reads several inputs at once; what is found is taken in the order of the inputs all the same.
    fn run_at_once(&mut self) -> io::Result<()> {
        let Reading { inputs, threads, talk, .. } = self.reading;
        let options: Vec<Options> = inputs.iter().map(|input| self.reading.options_for(input)).collect();
        let counter = talk.progress.counter();
        thread::scope(|scope| {
            let found = parallel::start(scope, inputs, &options, &counter, *threads);
            for of_input in found {
                for part in of_input {
                    self.part(part)?;
                }
            }
            Ok(())
        })
    }

    fn part(&mut self, part: LogPart) -> io::Result<()> {
        match part {
            LogPart::Item(item) => return give(item, self.reading.cluster.as_ref(), self.consumer),
            LogPart::Text => {}
            LogPart::Log { name, stats, end } => {
                self.count(stats, end.is_ok());
                if let Err(error) = end {
                    self.consumer.pause()?;
                    self.unreadable(&name, &error);
                }
            }
            LogPart::Unreadable { name, error } => self.unreadable(&name, &error),
        }
        self.consumer.pause()?;
        self.reading.talk.progress.tick();
        Ok(())
    }

    /// Reads one input to its end. The error is the consumer's.
    fn read(&mut self, mut logs: Logs) -> io::Result<()> {
        loop {
            let mut failed = None;
            let mut forward =
                Forward { consumer: self.consumer, cluster: self.reading.cluster.as_ref(), failed: &mut failed };
            let step = logs.step(&mut forward);
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
            self.reading.talk.progress.tick();
        }
    }

    fn count(&mut self, stats: Stats, whole: bool) {
        if self.totals.count(&stats, whole) {
            self.consumer.log(&stats);
        }
    }

    fn unreadable(&mut self, name: &str, error: &io::Error) {
        self.totals.unreadable += 1;
        self.consumer.unreadable(name);
        self.reading.talk.unreadable(name, &reason(error));
    }
}

/// A sink that stops at the consumer's first error and keeps it.
struct Forward<'s> {
    consumer: &'s mut dyn Consumer,
    cluster: Option<&'s ClusterFacts>,
    failed: &'s mut Option<io::Error>,
}

impl Sink for Forward<'_> {
    fn item(&mut self, item: Item) -> ControlFlow<()> {
        match give(item, self.cluster, self.consumer) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                *self.failed = Some(error);
                ControlFlow::Break(())
            }
        }
    }
}

/// Hands over an item, an event with what the cluster says of it.
fn give(item: Item, cluster: Option<&ClusterFacts>, consumer: &mut dyn Consumer) -> io::Result<()> {
    match item {
        Item::Event(mut event) => {
            if let Some(cluster) = cluster {
                event.cluster = cluster.join(&event);
            }
            consumer.event(&event)
        }
        Item::Companion(companion) => consumer.companion(&companion),
        _ => Ok(()),
    }
}
