//! What the tests share: the corpus with its truth, and dumps written per era.

pub mod board;
pub mod derive;
// tables of eras: each arm ends where the next begins
#[allow(clippy::match_overlapping_arm)]
pub mod synth;

pub mod fuzz;
pub mod prometheus;
pub mod promtool;
pub mod truth;

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// The folder with all cases.
pub fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// A folder of the corpora that only some checkouts have beside them, in `../shared/corpus`.
pub fn shared_corpus(folder: &str) -> Option<PathBuf> {
    let path = corpus().join("../../../shared/corpus").join(folder);
    let found = path.is_dir();
    if !found {
        skipped(&format!("../shared/corpus/{folder} is not there, so its logs are not read"));
    }
    found.then_some(path)
}

/// Reports what a test leaves out and why: on standard error, and in the file that `tests/run` prints at its end.
///
/// # Panics
/// `OOMKIT_SKIPPED` names a file that cannot be written.
pub fn skipped(why: &str) {
    eprintln!("skipped: {why}");
    if let Some(file) = std::env::var_os("OOMKIT_SKIPPED") {
        let test = std::thread::current().name().unwrap_or_default().to_owned();
        let mut file = fs::OpenOptions::new().create(true).append(true).open(file).expect("a file to write to");
        // in one piece: tests run at the same time
        file.write_all(format!("{why}\t{test}\n").as_bytes()).expect("a file to write to");
    }
}

/// One boot of a real kernel, with what was seen of it from outside its log.
#[derive(Debug)]
pub struct Capture {
    /// Folder name: kernel and scenario.
    pub name: String,
    /// Its logs, by file name without `.gz`.
    pub logs: Vec<(String, Vec<u8>)>,
    /// `truth.json`.
    pub truth: serde_json::Value,
}

impl Capture {
    /// The log with this file name.
    pub fn log(&self, name: &str) -> Option<&[u8]> {
        self.logs.iter().find(|(n, _)| n == name).map(|(_, bytes)| bytes.as_slice())
    }
}

/// Every capture of `corpus/qemu`, sorted by name.
pub fn captures() -> Vec<Capture> {
    boots().iter().map(|folder| capture(folder)).collect()
}

/// Captures that were not copied into the corpus, where their folder is beside this checkout.
pub fn shared_captures() -> Vec<Capture> {
    let Some(folder) = shared_corpus("qemu") else { return Vec::new() };
    let own: Vec<_> =
        entries(&corpus().join("qemu")).iter().filter_map(|path| path.file_name().map(Into::into)).collect();
    let is_own =
        |path: &Path| path.file_name().is_some_and(|name| own.iter().any(|own: &std::ffi::OsString| own == name));
    let folders = entries(&folder).into_iter().filter(|path| path.join("truth.json").is_file() && !is_own(path));
    folders.map(|path| capture(&path)).collect()
}

/// The folders of the captures, sorted by name.
pub fn boots() -> Vec<PathBuf> {
    let folder = corpus().join("qemu");
    let mut names: Vec<_> = entries(&folder).into_iter().filter(|path| path.is_dir()).collect();
    names.sort();
    names
}

/// The capture in this folder.
pub fn capture(folder: &Path) -> Capture {
    let mut logs = Vec::new();
    let mut truth = serde_json::Value::Null;
    for path in entries(folder) {
        let name = path.file_name().expect("a file name").to_string_lossy().into_owned();
        let bytes = fs::read(&path).expect("a readable corpus file");
        if name == "truth.json" {
            truth = serde_json::from_slice(&bytes).expect("truth is JSON");
        } else {
            let (name, bytes) = unpacked(name, bytes);
            logs.push((name, bytes));
        }
    }
    logs.sort();
    assert!(truth.is_object(), "{} has no truth.json", folder.display());
    Capture { name: folder.file_name().expect("a folder name").to_string_lossy().into_owned(), logs, truth }
}

fn unpacked(name: String, bytes: Vec<u8>) -> (String, Vec<u8>) {
    match name.strip_suffix(".gz") {
        Some(plain) => {
            let mut out = Vec::new();
            flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_end(&mut out).expect("a whole gzip file");
            (plain.to_owned(), out)
        }
        None => (name, bytes),
    }
}

/// What a folder holds.
pub fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    read.map(|entry| entry.expect("a readable folder").path()).collect()
}
