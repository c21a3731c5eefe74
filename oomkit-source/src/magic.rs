//! What bytes are, told by the first of them.

/// A compression that is undone here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    Gzip,
    Zstd,
    Xz,
    Bzip2,
}

/// What an input holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    Packed(Packing),
    Tar,
    /// Something that cannot be read here: what it is, and the command whose output can be.
    Foreign(&'static str, &'static str),
    /// Anything else.
    Text,
}

/// Size of a block of a tar archive, and all that has to be seen of an input.
pub(crate) const BLOCK: usize = 512;

/// Longest first bytes looked for, other than those of tar.
const LONGEST: usize = 10;

/// Containers that cannot be read.
const FOREIGN: &[(&[u8], &str, &str)] = &[
    (b"\x04\x22\x4d\x18", "lz4", "lz4 -dc"),
    (b"\x1f\x9d", "compress", "uncompress -c"),
    (b"LPKSHHRH", "systemd journal", "journalctl -o export --file"),
];

/// What bzip2 writes after its level digit; a log line may well begin with `BZh`.
const BZIP2_BLOCKS: [&[u8]; 2] = [b"1AY&SY", b"\x17\x72\x45\x38\x50\x90"];

/// What `head`, the first bytes of an input, is the beginning of.
pub(crate) fn of(head: &[u8]) -> FileKind {
    match head {
        [0x1f, 0x8b, 0x08, ..] => FileKind::Packed(Packing::Gzip),
        // a frame, or a frame to be skipped
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => FileKind::Packed(Packing::Zstd),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => FileKind::Packed(Packing::Xz),
        [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..] if BZIP2_BLOCKS.iter().any(|b| rest.starts_with(b)) => {
            FileKind::Packed(Packing::Bzip2)
        }
        _ if is_tar(head) => FileKind::Tar,
        _ => match FOREIGN.iter().find(|(magic, ..)| head.starts_with(magic)) {
            Some((_, what, command)) => FileKind::Foreign(what, command),
            None => FileKind::Text,
        },
    }
}

/// Whether more bytes after `head` could not change the answer. A live log is not kept waiting for a whole block:
/// its first line ends before any NUL, and an archive's first name never does.
pub(crate) fn is_decided(head: &[u8]) -> bool {
    let line = head.iter().find(|b| matches!(b, b'\n' | 0)) == Some(&b'\n');
    head.len() >= BLOCK || line || (head.len() >= LONGEST && of(head) != FileKind::Text)
}

/// A header of POSIX or GNU tar, or an old one without magic, whose checksum is right.
fn is_tar(head: &[u8]) -> bool {
    let Some(block) = head.first_chunk::<BLOCK>() else { return false };
    matches!(&block[257..264], b"ustar\x0000" | b"ustar  ") || &block[257..263] == b"ustar\0" || checksum_fits(block)
}

/// Whether a tar header's checksum is that of its bytes. Blocks of zeros have none.
pub(crate) fn checksum_fits(block: &[u8; BLOCK]) -> bool {
    // the field counts as blanks
    let sum = |range: std::ops::Range<usize>| block[range].iter().map(|b| u32::from(*b)).sum::<u32>();
    let real = sum(0..148) + 8 * u32::from(b' ') + sum(156..BLOCK);
    tar::Header::from_byte_slice(block).cksum().is_ok_and(|stated| stated == real)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_begins_like_a_container_is_text() {
        for text in [&b""[..], b"B", b"BZh", b"BZh9 is text", b"\x1f", b"\x1f\x8b\n", b"(\xb5/", b"LPKS", &[0; 512]] {
            assert_eq!(of(text), FileKind::Text, "{text:?}");
        }
        let line = [&b"x".repeat(257)[..], b"ustar is the magic of tar", &b"y".repeat(300)].concat();
        assert_eq!(of(&line), FileKind::Text);
    }

    #[test]
    fn a_live_log_waits_for_its_first_line_at_most() {
        assert!(!is_decided(b"Mar 30"));
        assert!(is_decided(b"Mar 30 12:00:01\nM"));
        assert!(!is_decided(b"var/log/messages\0\0\n"));
        assert!(!is_decided(b"BZh91A") && is_decided(b"BZh91AY&SY"));
    }
}
