//! Text: a block for each event that a person can read from top to bottom.

mod cluster;
mod companion;
mod headline;
mod layout;
mod memory;
mod story;
mod tasks;
mod trust;
mod who;
mod words;

use super::{EventWriter, StoryWriter};
use layout::Block;
use oomkit_core::diagnose::explain::Explanation;
use oomkit_core::{Companion, Event};
use std::io::{self, Write};

/// Columns where there is no terminal to ask.
const WIDTH: usize = 100;

/// Narrower is not readable, wider neither.
const NARROWEST: usize = 60;
const WIDEST: usize = 140;

/// Blocks for events, with an empty line between them, and a line for each companion.
pub(super) struct TextWriter<W> {
    out: W,
    width: usize,
    begun: Option<Last>,
}

/// What was written last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Event,
    Companion,
}

impl<W: Write> TextWriter<W> {
    /// For a terminal of so many columns, or for none.
    pub(super) fn new(out: W, columns: Option<usize>) -> Self {
        let width = columns.map_or(WIDTH, |columns| columns.clamp(NARROWEST, WIDEST));
        Self { out, width, begun: None }
    }
}

impl<W: Write> EventWriter for TextWriter<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        if self.begun.is_some() {
            self.out.write_all(b"\n")?;
        }
        self.begun = Some(Last::Event);
        self.out.write_all(block(event, self.width).as_bytes())
    }

    /// Lines of their own, between the blocks.
    fn companion(&mut self, companion: &Companion) -> io::Result<()> {
        if self.begun == Some(Last::Event) {
            self.out.write_all(b"\n")?;
        }
        self.begun = Some(Last::Companion);
        self.out.write_all(companion::line(companion).as_bytes())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl<W: Write> StoryWriter for TextWriter<W> {
    fn story(&mut self, event: &Event, told: &Explanation) -> io::Result<()> {
        if self.begun.replace(Last::Event).is_some() {
            self.out.write_all(b"\n")?;
        }
        self.out.write_all(story::block(event, told, self.width).as_bytes())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// One event, coloured; the target takes the colours out where they are not wanted.
fn block(event: &Event, width: usize) -> String {
    let mut block = Block::new(width);
    headline::write(event, &mut block);
    who::asked(event, &mut block);
    memory::limit(event, &mut block);
    who::killed(event, &mut block);
    cluster::pod(event, &mut block);
    memory::charged(event, &mut block);
    memory::node(event, &mut block);
    tasks::write(event, &mut block);
    trust::verdict(event, &mut block);
    cluster::visibility(event, &mut block);
    trust::missing(event, &mut block);
    trust::source(event, &mut block);
    block.finish()
}

#[cfg(test)]
mod tests;
