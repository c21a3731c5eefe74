//! A progress bar on standard error: only for a terminal, only after a second, gone at the end.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::cell::{Cell, OnceCell};
use std::io::{self, IsTerminal, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long a person waits before a bar is of use.
const PATIENCE: Duration = Duration::from_secs(1);

/// Counts what was read, and shows it to who waits.
#[derive(Debug)]
pub(crate) struct Progress {
    /// Nobody looks, or nobody wants to.
    hidden: Cell<bool>,
    started: Instant,
    /// Bytes as stored, all inputs together; unknown with a pipe among them.
    total: Cell<Option<u64>>,
    read: Arc<AtomicU64>,
    bar: OnceCell<ProgressBar>,
}

impl Progress {
    pub(crate) fn new(quiet: bool) -> Self {
        Self {
            hidden: Cell::new(quiet || !io::stderr().is_terminal()),
            started: Instant::now(),
            total: Cell::new(None),
            read: Arc::default(),
            bar: OnceCell::new(),
        }
    }

    /// Bytes to expect; `None` when that cannot be known.
    pub(crate) fn expect(&self, total: Option<u64>) {
        self.total.set(total);
    }

    /// Counts what is read, on any thread.
    pub(crate) fn counter(&self) -> Counter {
        Counter(Arc::clone(&self.read))
    }

    /// Shows what was read so far, once that took long enough.
    pub(crate) fn tick(&self) {
        if self.hidden.get() || (self.bar.get().is_none() && self.started.elapsed() < PATIENCE) {
            return;
        }
        self.bar.get_or_init(|| bar(self.total.get())).set_position(self.read.load(Ordering::Relaxed));
    }

    /// Runs something that writes to the terminal, with the bar out of the way.
    pub(crate) fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        match self.bar.get() {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Whether a bar is on the screen.
    pub(crate) fn is_shown(&self) -> bool {
        self.bar.get().is_some_and(|bar| !bar.is_finished())
    }

    /// Takes the bar off the screen for good.
    pub(crate) fn clear(&self) {
        self.hidden.set(true);
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

fn bar(total: Option<u64>) -> ProgressBar {
    let template = match total {
        Some(_) => "oomkit: {binary_bytes} of {binary_total_bytes} {wide_bar} {percent}%",
        None => "oomkit: {binary_bytes} {spinner}",
    };
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
    // the templates above are valid; a bar in the library's own style would do as well
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// Counts what is read, before decompression.
#[derive(Debug, Clone)]
pub(crate) struct Counter(Arc<AtomicU64>);

impl Counter {
    pub(crate) fn counted<R: Read>(self, reader: R) -> Counted<R> {
        Counted { reader, read: self.0 }
    }
}

/// A reader that counts.
#[derive(Debug)]
pub(crate) struct Counted<R> {
    reader: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        self.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}
