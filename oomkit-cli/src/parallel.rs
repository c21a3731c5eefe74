//! Several inputs at once, each on a thread; what is found waits until those before it have been taken.

use crate::input::Input;
use crate::progress::Counter;
use oomkit_core::{Item, Options, Sink, Stats};
use oomkit_source::Step;
use std::io;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::Scope;

/// Parts of one input that wait at most, so that memory does not grow with the inputs.
const MOST_WAITING: usize = 32;

/// What comes of an input, in its order.
#[derive(Debug)]
pub(crate) enum LogPart {
    Item(Item),
    /// Some text was read.
    Text,
    /// A log is over.
    Log {
        name: String,
        stats: Stats,
        end: io::Result<()>,
    },
    /// The input cannot be opened.
    Unreadable {
        name: String,
        error: io::Error,
    },
}

/// The inputs that nobody has begun with, and where their parts are to be announced.
struct Queue<'i> {
    inputs: std::iter::Enumerate<std::slice::Iter<'i, Input>>,
    announced: Sender<Receiver<LogPart>>,
}

/// Starts the threads. Gives the parts of each input, in the order of the inputs.
pub(crate) fn start<'scope, 'env>(
    scope: &'scope Scope<'scope, 'env>,
    inputs: &'env [Input],
    options: &'env [Options],
    counter: &'env Counter,
    threads: usize,
) -> Receiver<Receiver<LogPart>> {
    let (announced, found) = channel();
    let queue = std::sync::Arc::new(Mutex::new(Some(Queue { inputs: inputs.iter().enumerate(), announced })));
    for _ in 0..threads.min(inputs.len()) {
        let queue = std::sync::Arc::clone(&queue);
        scope.spawn(move || {
            while let Some((at, input, parts)) = next(&queue) {
                if read(input, options[at].clone(), counter, &parts).is_break() {
                    // whoever took the parts has had enough
                    return;
                }
            }
        });
    }
    found
}

fn next<'i>(queue: &Mutex<Option<Queue<'i>>>) -> Option<(usize, &'i Input, SyncSender<LogPart>)> {
    let mut queue = queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let (at, input) = match queue.as_mut()?.inputs.next() {
        Some(next) => next,
        None => {
            // the last sender: no more inputs will be announced
            *queue = None;
            return None;
        }
    };
    let (parts, found) = sync_channel(MOST_WAITING);
    queue.as_ref()?.announced.send(found).ok()?;
    Some((at, input, parts))
}

fn read(input: &Input, options: Options, counter: &Counter, parts: &SyncSender<LogPart>) -> ControlFlow<()> {
    let mut parts = Parts { parts, gone: false };
    let mut logs = match input.open(options, counter.clone()) {
        Ok(logs) => logs,
        Err(error) => return parts.send(LogPart::Unreadable { name: input.name().into_owned(), error }),
    };
    loop {
        let step = logs.step(&mut parts);
        if parts.gone {
            return ControlFlow::Break(());
        }
        match step {
            Step::Text => parts.send(LogPart::Text)?,
            Step::Interrupted => {}
            Step::Log { stats, end } => parts.send(LogPart::Log { name: logs.name().to_owned(), stats, end })?,
            Step::Done => return ControlFlow::Continue(()),
        }
    }
}

/// A sink that hands on to another thread.
struct Parts<'p> {
    parts: &'p SyncSender<LogPart>,
    gone: bool,
}

impl Parts<'_> {
    fn send(&mut self, part: LogPart) -> ControlFlow<()> {
        self.gone |= self.parts.send(part).is_err();
        if self.gone { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl Sink for Parts<'_> {
    fn item(&mut self, item: Item) -> ControlFlow<()> {
        self.send(LogPart::Item(item))
    }
}
