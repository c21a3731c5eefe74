//! Records of a CSV text, each cell with the place where it begins.

use crate::error::Error;
use csv_core::{ReadFieldResult, Reader};
use std::io::Read;

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) line: usize,
    /// Byte of the line, from 1.
    pub(super) column: usize,
}

/// No cell is longer: a quote that is never closed would swallow the file.
const LONGEST: usize = 64 * 1024;

pub(super) struct Cells<'n, R> {
    name: &'n str,
    reader: R,
    csv: Reader,
    buffer: Vec<u8>,
    at: usize,
    ended: bool,
    line: usize,
    column: usize,
}

impl<'n, R: Read> Cells<'n, R> {
    pub(super) fn new(name: &'n str, reader: R) -> Self {
        Self { name, reader, csv: Reader::new(), buffer: Vec::new(), at: 0, ended: false, line: 1, column: 1 }
    }

    /// The next record that is not blank; [`None`] at the end.
    pub(super) fn record(&mut self) -> Result<Option<Vec<Cell>>, Error> {
        let mut cells = Vec::new();
        let (mut text, mut length) = (vec![0; 256], 0);
        let mut start = None;
        loop {
            if self.at == self.buffer.len() && !self.ended {
                self.fill()?;
            }
            if start.is_none() {
                self.skip_line_ends(cells.is_empty());
                start = Some((self.line, self.column));
            }
            let (result, used, written) = self.csv.read_field(&self.buffer[self.at..], &mut text[length..]);
            self.advance(used);
            length += written;
            match result {
                ReadFieldResult::InputEmpty => {}
                ReadFieldResult::OutputFull if text.len() >= LONGEST => {
                    let (line, column) = start.unwrap_or((self.line, self.column));
                    let reason = "a cell of more than 64 KiB: is a quote not closed?";
                    return Err(Error::input_at(self.name, line, column, reason));
                }
                ReadFieldResult::OutputFull => text.resize(text.len() * 4, 0),
                ReadFieldResult::Field { record_end } => {
                    let (line, column) = start.take().unwrap_or((self.line, self.column));
                    let content = std::str::from_utf8(&text[..length])
                        .map_err(|_| Error::input_at(self.name, line, column, "expected text in UTF-8"))?;
                    cells.push(Cell { text: content.to_owned(), line, column });
                    length = 0;
                    if record_end {
                        return Ok(Some(cells));
                    }
                }
                ReadFieldResult::End => return Ok(None),
            }
        }
    }

    fn fill(&mut self) -> Result<(), Error> {
        self.buffer.resize(64 * 1024, 0);
        self.at = 0;
        loop {
            match self.reader.read(&mut self.buffer) {
                Ok(read) => {
                    self.buffer.truncate(read);
                    self.ended = read == 0;
                    return Ok(());
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Error::input_io(self.name, error)),
            }
        }
    }

    /// Between records, so that the place of the first cell is the line it stands in.
    fn skip_line_ends(&mut self, between: bool) {
        while between && self.buffer.get(self.at).is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            self.advance(1);
        }
    }

    fn advance(&mut self, used: usize) {
        for byte in &self.buffer[self.at..self.at + used] {
            if *byte == b'\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
        self.at += used;
    }
}
