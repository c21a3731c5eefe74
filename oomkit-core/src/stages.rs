//! The stages of the pipeline one at a time, for benches that say what each costs. No part of the public interface.

use crate::dump::Assembler;
use crate::event::Event;
use crate::fingerprint::fingerprint;
use crate::kernel::{self, Messages};
use crate::options::Options;
use crate::scan::lines_of;
use crate::sink::Item;
use crate::transport::{Decoder, OwnedRecord};
use std::ops::ControlFlow;

/// A log's records, decoded.
#[derive(Debug)]
pub struct Records(Vec<OwnedRecord>);

impl Records {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

/// Decodes every line; gives the number of records.
pub fn transport(log: &[u8]) -> usize {
    let mut count = 0;
    decode(log, &mut |_| count += 1);
    count
}

/// Decodes every line, and keeps the records.
pub fn records(log: &[u8]) -> Records {
    let mut records = Vec::new();
    decode(log, &mut |record| records.push(record()));
    Records(records)
}

fn decode(log: &[u8], each: &mut dyn FnMut(&dyn Fn() -> OwnedRecord)) {
    let options = Options::new();
    let mut decoder = Decoder::new(options.format);
    let mut out = |record: crate::transport::Record<'_>| {
        each(&|| (&record).into());
        ControlFlow::Continue(())
    };
    for line in lines_of(log, options.limits.line_bytes) {
        let _ = decoder.line(line, &mut out);
    }
    let _ = decoder.finish(&mut out);
}

/// Reads the text of each record with the kernel's grammar; gives how many say something.
pub fn kernel(records: &Records) -> usize {
    let mut count = 0;
    for record in &records.0 {
        let record = record.as_record();
        kernel::read(record.text, record.wrapped_from, &mut |_, _| count += 1);
    }
    count
}

/// Reads the records and puts them together.
pub fn assemble(records: &Records) -> Vec<Event> {
    let mut assembler = Assembler::new(Options::new());
    for record in &records.0 {
        let record = record.as_record();
        let messages = Messages::of(record.text, record.wrapped_from);
        assembler.push(&record, messages, fingerprint(record.text));
    }
    assembler.settle_all();
    std::iter::from_fn(|| assembler.next()).filter_map(Item::into_event).collect()
}
