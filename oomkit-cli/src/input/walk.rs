//! Directories: every regular file below, in order of names.

use super::Input;
use super::identity::FileId;
use crate::outcome::reason;
use std::collections::HashSet;
use std::path::Path;

/// Lists the files below `directory` as [`oomkit_source::walk`] finds them; a file with several names is read once.
pub(super) fn directory(directory: &Path, output: Option<&FileId>, inputs: &mut Vec<Input>) {
    // files already listed, and the output
    let mut seen: HashSet<FileId> = output.cloned().into_iter().collect();
    oomkit_source::walk(directory, &mut |path, metadata| match metadata {
        Ok(metadata) if FileId::of_metadata(&metadata).is_none_or(|id| seen.insert(id)) => {
            inputs.push(Input::File(path))
        }
        Ok(_) => {}
        Err(error) => inputs.push(Input::Unreadable(path, reason(&error))),
    });
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
