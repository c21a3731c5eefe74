//! `2024-03-30T11:00:01.123456789Z stdout F text`: `/var/log/containers/*.log` as containerd and CRI-O write it. A long
//! line comes in pieces, `P` until the last, which is `F`.

use super::record::{Decoded, End, Printed, Stream};
use crate::event::Transport;

/// Reads what follows the stamp.
pub(super) fn decode(rest: &[u8]) -> Option<Decoded<'_>> {
    let (stream, rest) = match rest.strip_prefix(b"stdout ") {
        Some(rest) => (Stream::Stdout, rest),
        None => (Stream::Stderr, rest.strip_prefix(b"stderr ")?),
    };
    // further tags may follow a colon
    let space = memchr::memchr(b' ', rest).unwrap_or(rest.len());
    let end = match &rest[..space] {
        [b'F'] | [b'F', b':', ..] => End::Closed,
        [b'P'] | [b'P', b':', ..] => End::Open,
        _ => return None,
    };
    let mut decoded = Decoded::new(Transport::Cri, rest.get(space + 1..).unwrap_or_default());
    decoded.printed = Some(Printed { stream, end });
    Some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_and_pieces() {
        let read = |rest: &'static str| decode(rest.as_bytes()).map(|d| (d.text.into_owned(), d.printed.unwrap()));
        let stdout = |end| Printed { stream: Stream::Stdout, end };
        assert_eq!(read("stdout F a b"), Some((b"a b".to_vec(), stdout(End::Closed))));
        assert_eq!(read("stdout P a "), Some((b"a ".to_vec(), stdout(End::Open))));
        assert_eq!(read("stdout F:x "), Some((Vec::new(), stdout(End::Closed))));
        assert_eq!(read("stderr F"), Some((Vec::new(), Printed { stream: Stream::Stderr, end: End::Closed })));
        assert_eq!(read("host kernel: F x"), None);
        assert_eq!(read("stdout kernel: x"), None);
    }
}
