//! Patterns the shell did not expand: quoted ones, and those of service files.

use super::identity::FileId;
use super::{Input, walk};
use crate::outcome::reason;
use globset::{GlobBuilder, GlobMatcher};
use std::path::{Component, Path, PathBuf};

/// Whether a path that names no file may be a pattern.
pub(super) fn is_one(path: &Path) -> bool {
    path.to_str().is_some_and(has_wildcard)
}

fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?', '[', '{'])
}

/// Lists what matches, in order of names; a directory that matches is walked.
pub(super) fn expand(pattern: &Path, output: Option<&FileId>, inputs: &mut Vec<Input>) {
    let (base, rest) = split(pattern);
    let matcher = match GlobBuilder::new(&rest).literal_separator(true).build() {
        Ok(glob) => glob.compile_matcher(),
        Err(error) => return inputs.push(Input::Unreadable(pattern.to_owned(), error.kind().to_string())),
    };
    // every `/` leads one level down; only `**` leads to any depth
    let depth = if rest.contains("**") { usize::MAX } else { rest.matches('/').count() };
    let before = inputs.len();
    let mut search = Search { matcher, output, inputs };
    search.descend(&base, Path::new(""), depth);
    if inputs.len() == before {
        inputs.push(Input::Unreadable(pattern.to_owned(), "no such file, and no file matches the pattern".to_owned()));
    }
}

/// The leading part without wildcards, and the pattern below it.
fn split(pattern: &Path) -> (PathBuf, String) {
    let plain = |c: &Component<'_>| !c.as_os_str().to_str().is_some_and(has_wildcard);
    let base: PathBuf = pattern.components().take_while(plain).collect();
    let rest: PathBuf = pattern.components().skip_while(plain).collect();
    (base, rest.to_string_lossy().into_owned())
}

struct Search<'a> {
    matcher: GlobMatcher,
    output: Option<&'a FileId>,
    inputs: &'a mut Vec<Input>,
}

impl Search<'_> {
    /// `below` is where we are, as the pattern sees it.
    fn descend(&mut self, base: &Path, below: &Path, depth: usize) {
        let here = if base.as_os_str().is_empty() && below.as_os_str().is_empty() {
            PathBuf::from(".")
        } else {
            base.join(below)
        };
        let entries = match oomkit_source::entries(&here) {
            Ok(entries) => entries,
            Err(error) if below.as_os_str().is_empty() && error.kind() == std::io::ErrorKind::NotFound => return,
            Err(error) => return self.inputs.push(Input::Unreadable(here, reason(&error))),
        };
        for entry in entries {
            let name = below.join(entry.file_name());
            let path = base.join(&name);
            let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if self.matcher.is_match(&name) {
                self.found(path);
            } else if is_dir && depth > 0 {
                self.descend(base, &name, depth - 1);
            }
        }
    }

    fn found(&mut self, path: PathBuf) {
        match std::fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => walk::directory(&path, self.output, self.inputs),
            Ok(metadata) if metadata.is_file() => {
                if self.output.is_none() || FileId::of_metadata(&metadata).as_ref() != self.output {
                    self.inputs.push(Input::File(path));
                }
            }
            // pipes and devices are read only when named
            Ok(_) => {}
            Err(error) => self.inputs.push(Input::Unreadable(path, reason(&error))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_pattern_is_split_before_its_first_wildcard() {
        let split = |p: &str| split(Path::new(p));
        assert_eq!(split("/var/log/*.log"), (PathBuf::from("/var/log"), "*.log".to_owned()));
        assert_eq!(split("/b/*/kern.log*"), (PathBuf::from("/b"), "*/kern.log*".to_owned()));
        assert_eq!(split("*.log"), (PathBuf::new(), "*.log".to_owned()));
    }

    #[test]
    fn a_pattern_finds_files_in_order_and_walks_directories() {
        let root = tempfile::tempdir().unwrap();
        for path in ["n2/kern.log", "n1/kern.log.1", "n1/kern.log", "n1/auth.log", "n3/deep/kern.log"] {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let find = |pattern: &str| {
            let mut inputs = Vec::new();
            expand(&root.path().join(pattern), None, &mut inputs);
            let names = inputs.iter().map(|i| i.name()[root.path().to_str().unwrap().len() + 1..].to_owned());
            names.collect::<Vec<_>>()
        };
        assert_eq!(find("*/kern.log*"), ["n1/kern.log", "n1/kern.log.1", "n2/kern.log"]);
        assert_eq!(find("**/kern.log"), ["n1/kern.log", "n2/kern.log", "n3/deep/kern.log"]);
        assert_eq!(find("n[13]"), ["n1/auth.log", "n1/kern.log", "n1/kern.log.1", "n3/deep/kern.log"]);
        assert_eq!(find("{n2,n9}/*"), ["n2/kern.log"]);
        let mut inputs = Vec::new();
        expand(&root.path().join("x*"), None, &mut inputs);
        assert!(matches!(&inputs[..], [Input::Unreadable(..)]), "{inputs:?}");
    }
}
