//! Process names. A `comm` is up to 15 bytes of anything (spaces, `)`, a newline, nothing at all), so it is never
//! read by its own looks, only by the literals around it and by its length.

use super::value::{Read, mismatch};
use super::words::{splits, starts_with_any};

/// `TASK_COMM_LEN` is 16 with the closing NUL.
const LONGEST: usize = 15;

/// A transport may leave `\xNN` in place of a byte: a C-locale `dmesg` prints one byte as four characters.
const LONGEST_PRINTED: usize = 4 * LONGEST;

/// Whether these bytes can be a process name: at most 15, counting `\xNN` as the one byte it is printed for.
pub(super) fn is_comm(bytes: &[u8]) -> bool {
    bytes.len() <= LONGEST || (bytes.len() <= LONGEST_PRINTED && decoded_len(bytes) <= LONGEST)
}

fn decoded_len(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    let mut length = 0;
    while let Some(next) = rest.get(1..) {
        rest = match rest {
            [b'\\', b'x', high, low, after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => after,
            _ => next,
        };
        length += 1;
    }
    length
}

/// What follows the name of who asked, of a task's cpuset, of an allocation that failed.
const AFTER_NAME: [&[u8]; 4] = [b" invoked oom-killer", b" cpuset=", b": page allocation ", b": vmalloc"];
/// Where there is no name, or an empty one whose blank was trimmed.
const NAMELESS: [&[u8]; 3] = [b"oom-killer: ", b"invoked oom-killer: ", b"vmalloc"];

/// Whether a line may begin with a name. Cheap: nearly every line of a log gets a no.
pub(super) fn may_be_first(text: &[u8]) -> bool {
    let head = text.get(..=LONGEST).unwrap_or(text);
    let ends_at = |(at, byte): (usize, &u8)| match byte {
        b' ' | b':' => text.get(at..).is_some_and(|after| starts_with_any(after, &AFTER_NAME)),
        // one byte of a longer name may be printed as four
        byte => *byte == b'\\',
    };
    head.iter().enumerate().any(ends_at) || starts_with_any(text, &NAMELESS)
}

/// The name before `marker`; the marker is consumed. Markers are longer than a name, so the first one is the one.
pub(super) fn comm_until<'a>(marker: &'static [u8]) -> impl Fn(&'a [u8]) -> Read<'a, &'a [u8]> {
    move |i| {
        let window = i.get(..LONGEST_PRINTED + marker.len()).unwrap_or(i);
        match splits(window, marker).next() {
            Some((comm, _)) if is_comm(comm) => Ok((i.get(comm.len() + marker.len()..).unwrap_or_default(), comm)),
            _ => mismatch(i),
        }
    }
}

/// A name up to the last `)` after which the line continues as `continues` says it must. The name may hold `)`, even
/// `) total-vm:1kB`, so later brackets win.
pub(super) fn comm_closed<'a>(continues: impl Fn(&[u8]) -> bool) -> impl Fn(&'a [u8]) -> Read<'a, &'a [u8]> {
    move |i| {
        let window = i.get(..=LONGEST_PRINTED).unwrap_or(i);
        let found = memchr::memrchr_iter(b')', window)
            .filter_map(|at| Some((i.get(..at)?, i.get(at + 1..)?)))
            .find(|(comm, rest)| is_comm(comm) && continues(rest));
        match found {
            Some((comm, rest)) => Ok((rest, comm)),
            None => mismatch(i),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_up_to_15_bytes_of_anything() {
        for name in ["", "java", "a) total-vm:1kB", "new\nline", "trail  ", "[ 1.000000] ab"] {
            assert!(is_comm(name.as_bytes()), "{name:?}");
        }
        assert!(is_comm(br"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe3\x83\x97\xe3\x83\xad"));
        assert!(is_comm(br"x\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe3\x83\x97\xe3\x83"));
        assert!(!is_comm(b"sixteen bytes ab"));
        assert!(!is_comm(br"x\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe3\x83\x97\xe3\x83\xad"));
        assert!(!is_comm(br"\xeg\xeg\xeg\xeg"));
    }

    #[test]
    fn the_last_bracket_that_fits_closes_the_name() {
        let goes_on = |rest: &[u8]| rest.is_empty() || rest.starts_with(b" total-vm:");
        let read = |text: &'static [u8]| comm_closed(goes_on)(text).map(|(rest, comm)| (comm, rest)).ok();
        assert_eq!(read(b"java) total-vm:1kB"), Some((&b"java"[..], &b" total-vm:1kB"[..])));
        assert_eq!(read(b"a) total-vm:1kB) total-vm:2kB"), Some((&b"a) total-vm:1kB"[..], &b" total-vm:2kB"[..])));
        assert_eq!(read(b")"), Some((&b""[..], &b""[..])));
        assert_eq!(read(b"wor"), None);
        assert_eq!(read(b"node) \xe2\x80\x94 Total"), None);
    }

    #[test]
    fn names_may_be_anything_and_words_may_be_anywhere() {
        for text in [
            "java invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=-998",
            "oom-killer: gfp_mask=0x201d2, order=0",
            "java cpuset=/ mems_allowed=0",
            ": page allocation stalls for 10001ms, order:0, mode:0x14201ca",
            "x: vmalloc error: size 4096",
            "vmalloc: allocation failure: 4096 bytes",
        ] {
            assert!(may_be_first(text.as_bytes()), "{text}");
        }
        assert!(may_be_first(br"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e invoked oom-killer: gfp_mask=0xcc0, order=0"));
        assert!(may_be_first(b"15 bytes of any invoked oom-killer: gfp_mask=0xcc0, order=0"));
        assert!(!may_be_first(b"16 bytes of many invoked oom-killer: gfp_mask=0xcc0, order=0"));
        assert!(!may_be_first(
            b"[  123]  1000   123    16453     3822    73728        0           980 gunicorn: worke"
        ));
    }
}
