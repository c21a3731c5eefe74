//! The prefix of the line before: the lines of a dump differ in their text alone, and their stamp, host and tag are
//! read once for all of them.

use super::printk;
use super::record::{Decoded, Stamp};
use crate::event::{Origin, Transport};

/// What stood before the last kernel line of syslog or the journal, up to and with `kernel: `, and what it said.
#[derive(Debug)]
pub(super) struct Again {
    /// Empty where no such line was seen.
    prefix: Vec<u8>,
    transport: Transport,
    host: Option<Vec<u8>>,
    wall: Vec<u8>,
    stamp: Stamp,
}

impl Default for Again {
    fn default() -> Self {
        Self { prefix: Vec::new(), transport: Transport::Bare, host: None, wall: Vec::new(), stamp: Stamp::Opaque }
    }
}

const TAG: &[u8] = b" kernel: ";
/// A prefix is no longer: host names have at most 255 bytes.
const LONGEST: usize = 512;

impl Again {
    /// The line, if it has the prefix of the line before and a text in which nothing has to be undone.
    pub(super) fn decode<'a>(&'a self, line: &'a [u8]) -> Option<Decoded<'a>> {
        if self.prefix.is_empty() {
            return None;
        }
        let (text, monotonic, caller) = printk::strip(line.strip_prefix(&self.prefix[..])?);
        if monotonic.is_none() || !is_plain(text) {
            return None;
        }
        Some(Decoded {
            host: self.host.as_deref().map(Into::into),
            wall: Some((self.wall.as_slice().into(), self.stamp)),
            monotonic,
            caller,
            ..Decoded::new(self.transport.clone(), text)
        })
    }

    /// Remembers the prefix of a line that was decoded in the ordinary way.
    pub(super) fn learn(&mut self, line: &[u8], decoded: &Decoded<'_>) {
        let known = matches!(decoded.transport, Transport::Rfc3164 | Transport::Iso8601 | Transport::JournalShort);
        if !known || decoded.origin != Origin::Unknown || decoded.monotonic.is_none() {
            return;
        }
        self.prefix.clear();
        let Some((wall, stamp)) = decoded.wall.as_ref().filter(|(wall, _)| line.starts_with(wall)) else { return };
        let host = decoded.host.as_deref();
        // the tag stands behind the stamp, and at most one word that is no facility
        let behind = wall.len() + host.map_or(0, |host| host.len() + 1);
        let tag = line.get(behind..).filter(|rest| rest.starts_with(TAG));
        if tag.is_none() || behind > LONGEST || host.is_some_and(|host| !line[wall.len() + 1..].starts_with(host)) {
            return;
        }
        self.prefix.extend_from_slice(&line[..behind + TAG.len()]);
        self.transport = decoded.transport.clone();
        self.stamp = *stamp;
        self.wall.clear();
        self.wall.extend_from_slice(wall);
        match (&mut self.host, host) {
            (Some(own), Some(host)) => {
                own.clear();
                own.extend_from_slice(host);
            }
            (own, host) => *own = host.map(<[u8]>::to_vec),
        }
    }
}

/// Whether a text is what the kernel wrote, to the byte, and cannot be the end of anything but a kernel's line: no
/// escape of rsyslog's, no non-breaking space of a web page, no JSON, none of the daemons' own words.
fn is_plain(text: &[u8]) -> bool {
    let last = text.last().copied().unwrap_or(b' ');
    !last.is_ascii_whitespace()
        && last != b'}'
        && memchr::memchr2(b'#', 0xc2, text).is_none()
        && !text.starts_with(b"last message repeated ")
        && !text.ends_with(b" blob data]")
}

#[cfg(test)]
mod tests {
    use super::super::text_format;
    use super::*;

    #[test]
    fn the_same_prefix_says_the_same() {
        let prefixes = [
            "Mar  1 00:00:05 node-7 kernel: ",
            "Nov 23 17:13:35.607686 h kernel: ",
            "Mar 30 2024 12:00:01 h kernel: ",
            "2026-11-23T17:13:35.606370+00:00 h kernel: ",
            "2026-11-23T17:13:35+0000 h kernel: ",
        ];
        let texts = [
            "[    5.400000] [  115]  1000   115",
            "[5.400000][ T9694] Mem-Info:",
            "[    5.400000]  ? f+0x1/0x2 [ext4]",
            "[    5.400000] Tasks state (memory values in pages):",
        ];
        for prefix in prefixes {
            let mut again = Again::default();
            let line = |text: &str| format!("{prefix}{text}").into_bytes();
            let first = line(texts[3]);
            assert!(again.decode(&first).is_none());
            again.learn(&first, &text_format(&first).unwrap());
            for text in texts {
                let line = line(text);
                let (found, ordinary) = (again.decode(&line), text_format(&line));
                assert!(found.is_some(), "{prefix}{text}");
                assert_eq!(format!("{found:?}"), format!("{ordinary:?}"), "{prefix}{text}");
            }
        }
    }

    #[test]
    fn what_may_mean_something_else_is_read_in_the_ordinary_way() {
        let mut again = Again::default();
        let line = |rest: &str| format!("Mar  1 00:00:05 node-7 kernel: {rest}").into_bytes();
        let first = line("[    5.400000] Mem-Info:");
        again.learn(&first, &text_format(&first).unwrap());
        for rest in [
            "Mem-Info:",
            "message repeated 3 times: [ [    5.400000] Mem-Info:]",
            "[    5.400000] a#012b",
            "[    5.400000] \u{a0} a",
            "[    5.400000] last message repeated 3 times",
            "[    5.400000] [78B blob data]",
            "[    5.400000] \t{}",
            "[    5.400000] x ",
            "[    5.400000] ",
        ] {
            assert!(again.decode(&line(rest)).is_none(), "{rest}");
        }
        assert!(again.decode(b"Mar  1 00:00:06 node-7 kernel: [    5.400000] x").is_none());
    }

    #[test]
    fn only_a_kernel_line_with_its_clock_is_remembered() {
        for line in [
            "Mar  1 00:00:05 node-7 sshd[1]: [    5.400000] x",
            "Mar  1 00:00:05 node-7 kern.warn kernel: [    5.400000] x",
            "Mar  1 00:00:05 node-7 kernel[0]: [    5.400000] x",
            "Mar  1 00:00:05 node-7 kernel: x",
            "Mar 30 2024 12:00:01: kernel: [    5.400000] x",
            "[    5.400000] x",
        ] {
            let mut again = Again::default();
            again.learn(line.as_bytes(), &text_format(line.as_bytes()).unwrap());
            assert!(again.decode(line.as_bytes()).is_none(), "{line}");
        }
    }
}
