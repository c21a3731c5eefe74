//! Whether a line can be one that begins with a name: it then holds a word that stands behind the name.

use crate::input::Search;
use std::sync::LazyLock;

/// Behind the name of who asked, of a task's cpuset, of an allocation that failed.
const WORDS: [&[u8]; 5] =
    [b"oom-killer", b" mems_allowed=", b"page allocation failure", b"page allocation stalls for ", b"vmalloc"];
/// The same, of lines that the kernel has not finished.
const OPEN: [&[u8]; 2] = [b"oom-killer", b" cpuset="];

static SEARCH: LazyLock<Search> = LazyLock::new(|| Search::new(&WORDS));
static OPEN_SEARCH: LazyLock<Search> = LazyLock::new(|| Search::new(&OPEN));

/// Cheap: nearly every line of a log gets a no.
pub(super) fn may_begin(text: &[u8]) -> bool {
    SEARCH.find(text, 0).is_some()
}

/// Whether the line may go on in a later record.
pub(super) fn may_be_open(text: &[u8]) -> bool {
    OPEN_SEARCH.find(text, 0).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_be_anything_and_words_may_stand_anywhere() {
        for text in [
            "java invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=-998",
            "oom-killer: gfp_mask=0x201d2, order=0",
            "java cpuset=/ mems_allowed=0",
            ": page allocation stalls for 10001ms, order:0, mode:0x14201ca",
            "x: vmalloc error: size 4096",
            "vmalloc: allocation failure: 4096 bytes",
        ] {
            assert!(may_begin(text.as_bytes()), "{text}");
        }
        assert!(!may_begin(b"[  123]  1000   123    16453     3822    73728        0           980 gunicorn: worke"));
    }
}
