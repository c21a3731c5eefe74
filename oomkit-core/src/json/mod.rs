//! JSON of events, byte for byte as `serde_json` writes it, in less than half of its time.
//!
//! A dump becomes a hundred short strings and a thousand short keys and numbers, which `serde_json` checks byte by byte
//! and writes in small pieces. Whatever events are not made of is left to `serde_json`.

mod members;
mod serializer;

use serde::Serialize;
use serializer::Json;

/// Writes events, companions and other data as compact JSON into memory that it keeps for the next one.
///
/// ```
/// let log = b"Killed process 1234 (java) total-vm:8kB, anon-rss:4kB, file-rss:0kB\n";
/// let event = &oomkit_core::parse(log)[0];
/// let mut json = oomkit_core::json::JsonWriter::default();
/// assert_eq!(json.write(&event.victims[0])?, br#"{"pid":1234,"comm":"java","total_vm_bytes":8192,"anon_rss_bytes":4096,"file_rss_bytes":0}"#);
/// assert_eq!(json.write(event)?, serde_json::to_vec(event)?);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct JsonWriter {
    line: Vec<u8>,
}

impl JsonWriter {
    /// Reserves memory for a line of so many bytes, which would otherwise grow step by step.
    pub fn reserve(&mut self, bytes: usize) {
        self.line.clear();
        self.line.reserve(bytes);
    }

    /// The value on one line. Names of fields need no escape.
    ///
    /// # Errors
    /// What `serde_json` cannot write: keys that are no strings.
    pub fn write(&mut self, value: &(impl Serialize + ?Sized)) -> serde_json::Result<&[u8]> {
        self.object(value)?;
        Ok(&self.line)
    }

    /// The same and a newline.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn line(&mut self, value: &(impl Serialize + ?Sized)) -> serde_json::Result<&[u8]> {
        self.object(value)?;
        self.line.push(b'\n');
        Ok(&self.line)
    }

    fn object(&mut self, value: &(impl Serialize + ?Sized)) -> serde_json::Result<()> {
        self.line.clear();
        if value.serialize(Json(&mut self.line)).is_err() {
            self.line.clear();
            serde_json::to_writer(&mut self.line, value)?;
        }
        Ok(())
    }
}
