//! Manifests for lint: files, what directories hold, text and plain objects.

use super::sources::{SourceArg, Unread};
use oomkit_core::resources::lint::Linter;
use std::collections::HashSet;
use std::fs::Metadata;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Manifests are read whole; a larger file is refused by the linter.
const LARGEST: u64 = (1 << 30) + 1;

/// Reads them in the order given.
pub(super) fn read(manifests: &[SourceArg], linter: &mut Linter) -> Result<(), Unread> {
    for given in manifests {
        match given.path().filter(|path| path.is_dir()) {
            Some(directory) => {
                for path in below(directory)? {
                    file(&SourceArg::file(path), linter)?;
                }
            }
            None => file(given, linter)?,
        }
    }
    Ok(())
}

fn file(given: &SourceArg, linter: &mut Linter) -> Result<(), Unread> {
    given.each(|name, source| {
        let mut bytes = Vec::new();
        let read = source.take(LARGEST).read_to_end(&mut bytes);
        read.map_err(|error| Unread::File(name.to_owned(), error))?;
        linter.file(name, &bytes);
        Ok::<_, Unread>(())
    })
}

/// What may be a manifest, by its name; a file with several names once.
fn below(directory: &Path) -> Result<Vec<PathBuf>, Unread> {
    let (mut files, mut failed, mut seen) = (Vec::new(), None, HashSet::new());
    oomkit_source::walk(directory, &mut |path, metadata| match metadata {
        Ok(metadata) if identity(&metadata).is_none_or(|id| seen.insert(id)) && is_manifest(&path) => files.push(path),
        Ok(_) => {}
        Err(error) => failed = failed.take().or(Some(Unread::File(path.to_string_lossy().into_owned(), error))),
    });
    failed.map_or(Ok(files), Err)
}

fn is_manifest(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    ["yaml", "yml", "json"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> Option<(u64, u64)> {
    None
}
