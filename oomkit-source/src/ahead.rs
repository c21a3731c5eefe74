//! Reads a log on a thread of its own, ahead of the parser, and searches there the chunks for which the parser has no time.

use crate::source::Source;
use oomkit_core::unstable::Prescan;
use std::io::{self, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};

/// Chunks that may wait for the parser.
const MOST_WAITING: usize = 4;
/// With more than so many the parser will not have to wait while the next is searched.
const ENOUGH_WAITING: usize = 2;

/// A log being read ahead.
#[derive(Debug)]
pub(crate) struct Ahead {
    chunks: Receiver<Chunk>,
    used: Sender<Vec<u8>>,
    parser: Arc<State>,
    thread: JoinHandle<Source>,
}

/// What the reader knows of the parser.
#[derive(Debug, Default)]
struct State {
    /// Chunks that wait for it.
    waiting: AtomicUsize,
    wants_notices: AtomicBool,
}

/// What was read.
#[derive(Debug)]
pub(crate) struct Chunk {
    pub(crate) bytes: Vec<u8>,
    pub(crate) prescan: Option<Prescan>,
    /// Nothing comes after it, and why.
    pub(crate) end: Option<io::Result<()>>,
}

impl Ahead {
    /// Goes on with a source whose current log was read in part.
    pub(crate) fn start(mut source: Source, size: usize) -> Self {
        let (chunks_in, chunks) = sync_channel(MOST_WAITING);
        let (used, used_out) = channel();
        let parser = Arc::<State>::default();
        let shared = Arc::clone(&parser);
        let thread = thread::spawn(move || {
            read(&mut source, size, &chunks_in, &used_out, &shared);
            source
        });
        Self { chunks, used, parser, thread }
    }

    /// The next chunk.
    pub(crate) fn next(&mut self) -> Chunk {
        let broken =
            || Chunk { bytes: Vec::new(), prescan: None, end: Some(Err(io::Error::other("the reader is gone"))) };
        let chunk = self.chunks.recv().unwrap_or_else(|_| broken());
        self.parser.waiting.fetch_sub(1, Ordering::Relaxed);
        chunk
    }

    /// Gives back the memory of a chunk that was parsed, and tells what is looked for in the next.
    pub(crate) fn reuse(&self, bytes: Vec<u8>, wants_notices: bool) {
        self.parser.wants_notices.store(wants_notices, Ordering::Relaxed);
        // the reader may be gone
        let _ = self.used.send(bytes);
    }

    /// The source, once its log has ended; `None` where its thread was lost.
    pub(crate) fn finish(self) -> Option<Source> {
        drop(self.chunks);
        self.thread.join().ok()
    }
}

fn read(source: &mut Source, size: usize, chunks: &SyncSender<Chunk>, used: &Receiver<Vec<u8>>, parser: &State) {
    loop {
        let mut bytes = used.try_recv().unwrap_or_default();
        bytes.resize(size, 0);
        let chunk = match source.read(&mut bytes) {
            Ok(0) => Chunk { bytes: Vec::new(), prescan: None, end: Some(Ok(())) },
            Ok(n) => {
                bytes.truncate(n);
                // whoever has less to do searches: the parser, where it might have to wait for this chunk
                let search = match parser.wants_notices.load(Ordering::Relaxed) {
                    true => Prescan::with_notices,
                    false => Prescan::new,
                };
                let prescan = (parser.waiting.load(Ordering::Relaxed) > ENOUGH_WAITING).then(|| search(&bytes));
                Chunk { bytes, prescan, end: None }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => Chunk { bytes: Vec::new(), prescan: None, end: Some(Err(error)) },
        };
        let ended = chunk.end.is_some();
        parser.waiting.fetch_add(1, Ordering::Relaxed);
        // nobody takes it where the parser has stopped
        if chunks.send(chunk).is_err() || ended {
            return;
        }
    }
}
