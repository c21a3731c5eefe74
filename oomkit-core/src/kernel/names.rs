//! Whether a line can be one that begins with a name: behind it, which is short, stands a word that tells.

use super::comm::LONGEST;
use super::words::starts_with_any;

/// Behind the name of who asked, of a task's cpuset, of an allocation that failed.
const BEHIND: [&[u8]; 4] = [b" invoked oom-killer", b" cpuset=", b": page allocation ", b": vmalloc"];
/// Where there is no name, or an empty one whose blank was trimmed.
const NAMELESS: [&[u8]; 3] = [b"oom-killer: ", b"invoked oom-killer: ", b"vmalloc"];

/// Cheap: nearly every line of a log gets a no.
pub(super) fn may_begin(text: &[u8]) -> bool {
    let head = text.get(..LONGEST + 2).unwrap_or(text);
    let at_mark = |(at, two): (usize, &[u8])| match two {
        b" i" | b" c" | b": " => text.get(at..).is_some_and(|behind| starts_with_any(behind, &BEHIND)),
        // one byte of a longer name may be printed as four
        two => two.first() == Some(&b'\\'),
    };
    head.windows(2).enumerate().any(at_mark) || starts_with_any(text, &NAMELESS)
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
        assert!(may_begin(br"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e invoked oom-killer: gfp_mask=0xcc0, order=0"));
        assert!(may_begin(b"15 bytes of any invoked oom-killer: gfp_mask=0xcc0, order=0"));
        assert!(!may_begin(b"16 bytes of many invoked oom-killer: gfp_mask=0xcc0, order=0"));
        assert!(!may_begin(b"[  123]  1000   123    16453     3822    73728        0           980 gunicorn: worke"));
    }
}
