//! What a line must hold to begin a dump, to end one, or to say something of one that has ended. A search for these
//! passes over every other line of a log; what stands between the first and the last line of a dump is read anyway.
//!
//! Short, so that a line wrapped by a mail program still holds one; and without a byte that JSON or HTML writers escape.

/// A line with this is the head of a dump: nothing that belongs to it stands before it.
pub(crate) const HEAD: &[u8] = b"oom-killer";

/// Every message that opens a dump by itself, or that can touch one whose verdict was printed.
pub(crate) const LITERALS: &[&[u8]] = &[
    // `invoked oom-killer`, `oom-kill:constraint=`
    b"oom-kill",
    // functions (`oom_kill_process`), `oom_reaper:`, `oom_memcg=`, rate limits of `oom_…`
    b"oom_",
    b"out_of_memory",
    b"memory.oom.group",
    b"oom killer ",
    b"OOM victim",
    b"OOM request ignored",
    // the kill line, also where it was wrapped, and `Kill process 1 (x) score 9 or sacrifice child`
    b"Killed",
    b"ill process",
    b"no killable",
    b"deadlocked on memory",
    b"panic_on_oom",
    b"Out of memory: ",
    // whose limit
    b"Task in ",
    b"Tasks in ",
    b" of limit of ",
    b"limit reached of cgroup",
    b", failcnt ",
    b"cgroup stats",
    // the table
    b"Tasks state",
    b"pid ]",
    b"pid  ]",
    // what was lost before a dump
    b"s suppressed",
    b"messages dropped",
    b" blob data]",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_could_be_escaped() {
        for literal in LITERALS {
            assert!(literal.iter().all(|b| (b' '..=b'~').contains(b) && !br#""\<>&/'="#.contains(b)), "{literal:?}");
            assert!(literal.len() >= 4);
        }
    }
}
