//! Directories: every regular file below, in order of names.

use std::fs::{self, DirEntry, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// Hands over the regular files below `directory`, hidden ones too, and directories that cannot be listed. Links to files are
/// followed, links to directories are not (they may lead anywhere); pipes and devices are left out. A file with several names
/// comes under each.
pub fn walk(directory: &Path, take: &mut dyn FnMut(PathBuf, io::Result<Metadata>)) {
    let entries = match entries(directory) {
        Ok(entries) => entries,
        Err(error) => return take(directory.to_owned(), Err(error)),
    };
    for entry in entries {
        let path = entry.path();
        // of the entry itself, without following it
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(&path, take);
            continue;
        }
        // a link that leads nowhere is no input; a file that vanished meanwhile neither
        if let Some(metadata) = fs::metadata(&path).ok().filter(Metadata::is_file) {
            take(path, Ok(metadata));
        }
    }
}

/// A directory's entries in order of their names' bytes: the same on every machine.
///
/// # Errors
/// The system's.
pub fn entries(directory: &Path) -> io::Result<Vec<DirEntry>> {
    let mut entries = fs::read_dir(directory)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(DirEntry::file_name);
    Ok(entries)
}
