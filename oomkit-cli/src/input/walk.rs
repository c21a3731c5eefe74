//! Directories: every regular file below, in order of names.

use super::Input;
use super::identity::FileId;
use crate::outcome::reason;
use std::collections::HashSet;
use std::fs::{self, DirEntry};
use std::io;
use std::path::Path;

/// Lists the files below `directory`, hidden ones too. Links to files are followed, links to directories are not
/// (they may lead anywhere); a file with several names is read once; pipes and devices are left out.
pub(super) fn directory(directory: &Path, output: Option<&FileId>, inputs: &mut Vec<Input>) {
    let mut walk = Walk { seen: output.cloned().into_iter().collect(), inputs };
    walk.descend(directory);
}

struct Walk<'a> {
    /// Files already listed, and the output.
    seen: HashSet<FileId>,
    inputs: &'a mut Vec<Input>,
}

impl Walk<'_> {
    fn descend(&mut self, directory: &Path) {
        let entries = match entries(directory) {
            Ok(entries) => entries,
            Err(error) => return self.inputs.push(Input::Unreadable(directory.to_owned(), reason(&error))),
        };
        for entry in entries {
            let path = entry.path();
            // of the entry itself, without following it
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                self.descend(&path);
                continue;
            }
            // a link that leads nowhere is no input; a file that vanished meanwhile neither
            let Ok(metadata) = fs::metadata(&path) else { continue };
            if metadata.is_file() && FileId::of_metadata(&metadata).is_none_or(|id| self.seen.insert(id)) {
                self.inputs.push(Input::File(path));
            }
        }
    }
}

/// A directory's entries in order of their names' bytes: the same on every machine.
pub(super) fn entries(directory: &Path) -> io::Result<Vec<DirEntry>> {
    let mut entries = fs::read_dir(directory)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(DirEntry::file_name);
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn names(inputs: &[Input], root: &Path) -> Vec<String> {
        inputs.iter().map(|i| i.name().strip_prefix(root.to_str().unwrap()).unwrap()[1..].to_owned()).collect()
    }

    #[test]
    fn files_come_in_order_of_names_hidden_ones_too() {
        let root = tempfile::tempdir().unwrap();
        for path in ["b", "a/2", "a/10", "a/.hidden", "c/d/e"] {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let mut inputs = Vec::new();
        directory(root.path(), None, &mut inputs);
        assert_eq!(names(&inputs, root.path()), ["a/.hidden", "a/10", "a/2", "b", "c/d/e"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_make_neither_loops_nor_doubles_and_the_output_is_no_input() {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        fs::create_dir(at("pods")).unwrap();
        fs::write(at("pods/0.log"), "").unwrap();
        fs::write(at("out"), "").unwrap();
        symlink(root.path(), at("pods/loop")).unwrap();
        symlink(at("gone"), at("broken")).unwrap();
        symlink(at("pods/0.log"), at("link")).unwrap();
        let mut inputs = Vec::new();
        directory(root.path(), FileId::of(&at("out")).as_ref(), &mut inputs);
        assert_eq!(names(&inputs, root.path()), ["link"]);
    }
}
