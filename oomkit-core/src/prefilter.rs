//! Which lines of a log are read: those that hold a literal of the kernel or of a companion, and what belongs to them.

use crate::dump::Assembler;
use crate::input::{Flow, Further, Known, Line, Reader, Search};
use crate::options::Options;
use crate::parser::Sink;
use crate::transport::{Apart, Decoder};
use crate::{companion, kernel};
use std::ops::ControlFlow;
use std::sync::LazyLock;

/// The journal writes text that is not clean as a list of numbers, in which no literal is found.
const NUMBERS: [&[u8]; 2] = [b"MESSAGE\":[", b"MESSAGE\" : ["];

static KERNEL: LazyLock<Search> = LazyLock::new(|| Search::new(&literals(&[])));
static ALL: LazyLock<Search> = LazyLock::new(|| Search::new(&literals(companion::LITERALS)));

fn literals(more: &[companion::Literal]) -> Vec<&'static [u8]> {
    let others = companion::LOSS_LITERALS.iter().chain(more).map(|literal| literal.text);
    kernel::LITERALS.iter().chain(&NUMBERS).copied().chain(others).collect()
}

/// What a chunk of a log holds, found out on another thread than that of the parser; see [`Parser::feed_scouted`].
///
/// [`Parser::feed_scouted`]: crate::Parser::feed_scouted
#[derive(Debug)]
pub struct Scouted(Known);

impl Scouted {
    /// Searches a chunk for the kernel's lines. Costs no more than reading it from memory.
    pub fn new(chunk: &[u8]) -> Self {
        Self(Known::new(chunk, &KERNEL))
    }

    /// Searches for lines of companions too: see [`Parser::wants_companions`].
    ///
    /// [`Parser::wants_companions`]: crate::Parser::wants_companions
    pub fn with_companions(chunk: &[u8]) -> Self {
        Self(Known::new(chunk, &ALL))
    }

    pub(crate) fn known(&self) -> &Known {
        &self.0
    }
}

/// Decodes lines and hands their records to the assembler.
pub(crate) struct Reading<'p, S> {
    pub(crate) decoder: &'p mut Decoder,
    pub(crate) assembler: &'p mut Assembler,
    pub(crate) sink: &'p mut S,
    pub(crate) reads: Reads,
}

/// Which lines are read.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reads {
    All,
    /// Those of the kernel, and near a kill those of companions.
    Kernel,
    /// Those of companions wherever they stand.
    Companions,
}

impl Reads {
    pub(crate) fn new(options: &Options) -> Self {
        match (options.prefilter, options.companions) {
            (false, _) => Self::All,
            (true, false) => Self::Kernel,
            (true, true) => Self::Companions,
        }
    }
}

impl Reads {
    /// Whether lines of companions are read at the moment.
    pub(crate) fn companions(self, assembler: &Assembler) -> bool {
        match self {
            Self::All | Self::Companions => true,
            Self::Kernel => assembler.waits(),
        }
    }
}

impl<S> Reading<'_, S> {
    /// How many bytes of the lines just before `line` have to be read with it; `None` where they are in the middle of a
    /// block, whose beginning says what it belongs to.
    fn lead(&mut self, lines: &[u8], line: Line<'_>) -> Option<usize> {
        let head = self.decoder.apart(line);
        let mut before: Option<Apart<'_>> = None;
        let mut apart = head.is_some();
        // the first of them that say nothing are of no use to what comes behind them
        let (mut idle, mut idling) = (0, true);
        for ended in lines.split_inclusive(|byte| *byte == b'\n') {
            let one = Line { bytes: ended.strip_suffix(b"\n").unwrap_or(ended), ..line };
            let Some(own) = self.decoder.apart(one) else {
                if self.says(one, Assembler::opens) {
                    return None;
                }
                apart = false;
                continue;
            };
            let message = kernel::parse(own.text());
            if message.as_ref().is_some_and(Assembler::opens) {
                return None;
            }
            let begins = own.begins_behind(before.as_ref());
            apart &= begins || before.is_none();
            idling &= begins
                && message.is_none()
                && !kernel::leads_on(own.text())
                && companion::collector_loss(own.text()).is_none();
            idle += if idling { ended.len() } else { 0 };
            before = Some(own);
        }
        apart &= head.is_some_and(|head| head.begins_behind(before.as_ref()));
        Some(if apart { lines.len() - idle } else { lines.len() })
    }

    /// Whether a line by itself says such a thing.
    fn says(&mut self, line: Line<'_>, such: fn(&kernel::Message<'_>) -> bool) -> bool {
        let mut says = false;
        let _ = self.decoder.alone(line, &mut |record| {
            kernel::read(record.text, record.wrapped_from, &mut |message, _| says |= such(&message));
            Flow::Continue(())
        });
        says
    }
}

impl<S: Sink> Reader for Reading<'_, S> {
    fn line(&mut self, line: Line<'_>) -> ControlFlow<(), Further> {
        let Self { decoder, assembler, sink, .. } = self;
        if assembler.may_run() && decoder.again(line, |record, behind| assembler.runs(record, behind)) {
            return ControlFlow::Continue(decoder.follow(line, |one| assembler.follows(&one)));
        }
        decoder.line(line, &mut |record| assembler.record(&record, *sink))?;
        ControlFlow::Continue(Further::default())
    }

    fn mark(&mut self, line: Line<'_>, landmark: bool) -> Flow {
        let Self { decoder, assembler, sink, .. } = self;
        decoder.alone(line, &mut |record| assembler.mark(&record, landmark, *sink))
    }

    fn search(&self) -> Option<&'static Search> {
        match self.reads {
            Reads::All => None,
            reads if reads.companions(self.assembler) => Some(&ALL),
            _ => Some(&KERNEL),
        }
    }

    fn wants_marks(&self) -> bool {
        self.assembler.waits()
    }

    fn entry(&mut self, before: &[u8], line: Line<'_>) -> usize {
        let near = self.decoder.reach(before, line).min(before.len());
        // a head has nothing before it; a verdict or a table may have lost its head, and other parts stand before it
        let head = memchr::memmem::find(line.bytes, kernel::HEAD).is_some();
        let lone = !head && (!self.decoder.is_whole(line) || self.says(line, Assembler::proves));
        // as far back as lines are remembered
        if lone { usize::MAX } else { self.lead(&before[before.len() - near..], line).unwrap_or(usize::MAX) }
    }

    fn until(&self) -> u64 {
        self.assembler.reads_until()
    }

    fn holds(&self) -> u64 {
        self.decoder.holds()
    }

    fn gap(&mut self) -> Flow {
        let Self { decoder, assembler, sink, .. } = self;
        decoder.gap(&mut |record| assembler.record(&record, *sink))?;
        assembler.gap();
        Flow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What proves a dump, or ends one, must be found where nothing is read.
    #[test]
    fn every_line_that_proves_a_dump_holds_a_literal() {
        let mut proving = 0;
        for (text, _) in kernel::SAMPLES {
            let Some(message) = kernel::parse(text.as_bytes()) else { panic!("{text}") };
            if Assembler::proves(&message) {
                proving += 1;
                // a name may hold a newline; the line that counts is any of them
                assert!(text.split('\n').any(|line| KERNEL.find(line.as_bytes(), 0).is_some()), "{text}");
            }
        }
        assert!(proving > 25, "{proving}");
    }
}
