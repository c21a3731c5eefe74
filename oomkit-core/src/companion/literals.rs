//! What a line must hold for `read` to find anything in it: a search for these skips every other line of a log.

use crate::scan::{Literal, Search};
use std::sync::LazyLock;

/// Whether any of them stands in a text. Nearly always none does, which one search for all says sooner than a reader.
pub(super) fn stand_in(text: &[u8]) -> bool {
    static SEARCH: LazyLock<Search> = LazyLock::new(|| Search::new(literals()));
    SEARCH.is_in(text)
}

/// The literals as a search takes them.
pub(crate) fn literals() -> impl Iterator<Item = Literal> {
    LITERALS.iter().map(|text| Literal { text, confirm: |_, _| true })
}

/// Every line that [`super::read`] takes holds one of them, in any transport: none has a byte that JSON writers escape.
const LITERALS: &[&[u8]] = &[
    // systemd-oomd
    b" conditions met for cgroup ",
    b" due to memory pressure for ",
    b" due to memory used (",
    // systemd
    b"killed by the OOM killer",
    b"The kernel OOM killer killed",
    b"systemd-oomd killed ",
    b": Failed with result ",
    b": Deactivated successfully",
    b": Succeeded.",
    b": Main process exited, code=",
    b": Consumed ",
    // earlyoom and nohang
    b"low memory! ",
    b"sending SIG",
    b" exited after ",
    b" did not exit",
    b"escalating to SIG",
    b"Memory status that requires ",
    b"Sending SIG",
    // Meta's oomd
    b"oomd kill: ",
    // kubelet
    b"System OOM encountered, victim process: ",
    b"Got sys oom event",
    b"viction manager: ",
    b"The node was low on resource: ",
    b"(PLEG): ",
    b" was OOMKilled",
    // containerd
    b"TaskOOM event",
    b"TaskExit event",
    b"received exit event",
    b"shim disconnected",
    b"cleaning up dead shim",
    b"shim reaped",
    // engines, conmon, runc
    b"topic=/tasks/delete",
    b"container oom ",
    b"container died ",
    b"container die ",
    b" exited with status ",
    b"OOM received",
    b"OOM event received",
    b"container init was OOM-killed",
    b"(possibly OOM-killed)",
    // Slurm, Android
    b" oom-kill event(s) in ",
    b"Killing '",
    b"Kill '",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_is_contained_in_another_or_could_be_escaped() {
        for (n, literal) in LITERALS.iter().enumerate() {
            assert!(literal.iter().all(|b| (b' '..=b'~').contains(b) && !br#""\<>&"#.contains(b)), "{n}");
            let inside = LITERALS.iter().filter(|other| memchr::memmem::find(literal, other).is_some()).count();
            assert_eq!(inside, 1, "{}", String::from_utf8_lossy(literal));
        }
    }
}
