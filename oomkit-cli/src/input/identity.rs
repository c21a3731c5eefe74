//! Which file a path or a standard stream really is, whatever its name.

use std::fs::{self, Metadata};
use std::path::Path;

/// A regular file or directory on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    /// Of a regular file; nothing else can be read and written by mistake.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        fs::metadata(path).ok().filter(Metadata::is_file).as_ref().and_then(Self::of_metadata)
    }

    /// Of the file standard output was sent to.
    pub(crate) fn of_stdout() -> Option<Self> {
        stdout_metadata().filter(Metadata::is_file).as_ref().and_then(Self::of_metadata)
    }

    #[cfg(unix)]
    pub(crate) fn of_metadata(metadata: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        Some(Self { device: metadata.dev(), inode: metadata.ino() })
    }

    #[cfg(not(unix))]
    pub(crate) fn of_metadata(_: &Metadata) -> Option<Self> {
        None
    }
}

/// Makes standard input's pipe hold more at once, so that fewer reads are needed. A file, or a system that refuses,
/// stays as it is.
pub(crate) fn widen_stdin() {
    #[cfg(target_os = "linux")]
    {
        const MIB: usize = 1 << 20;
        let _ = rustix::pipe::fcntl_setpipe_size(std::io::stdin(), MIB);
    }
}

#[cfg(unix)]
fn metadata_of(stream: impl std::os::fd::AsFd) -> Option<Metadata> {
    fs::File::from(stream.as_fd().try_clone_to_owned().ok()?).metadata().ok()
}

#[cfg(not(unix))]
fn metadata_of<S>(_: S) -> Option<Metadata> {
    None
}

/// What standard input is.
pub(crate) fn stdin_metadata() -> Option<Metadata> {
    metadata_of(std::io::stdin())
}

/// Whether another program reads standard output.
#[cfg(unix)]
pub(crate) fn stdout_is_pipe() -> bool {
    use std::os::unix::fs::FileTypeExt;
    stdout_metadata().is_some_and(|metadata| metadata.file_type().is_fifo() || metadata.file_type().is_socket())
}

#[cfg(not(unix))]
pub(crate) fn stdout_is_pipe() -> bool {
    use std::io::IsTerminal;
    !std::io::stdout().is_terminal()
}

fn stdout_metadata() -> Option<Metadata> {
    metadata_of(std::io::stdout())
}
