//! The prefix cache: a line whose prefix has the shape of one seen before is cut there, and its stamp, host and tag are
//! not decoded again. The lines of a dump differ in their text alone.

use super::printk::{self, Second};
use super::record::{Decoded, Stamp};
use crate::event::{Origin, Transport};

/// The prefixes seen last. Dumps of several hosts are often interleaved.
#[derive(Debug, Default)]
pub(super) struct PrefixCache {
    shapes: Vec<Shape>,
    /// The one that is replaced next.
    oldest: usize,
}

/// Shapes remembered.
const MOST_SHAPES: usize = 4;

/// What comes before the text of a kernel line of syslog or the journal, up to and with `kernel: `, and what it says.
#[derive(Debug)]
struct Shape {
    prefix: Vec<u8>,
    second: Second,
    transport: Transport,
    host: Option<Vec<u8>>,
    wall: Vec<u8>,
    stamp: Stamp,
}

const TAG: &[u8] = b" kernel: ";
/// A prefix is no longer: host names have at most 255 bytes.
const LONGEST: usize = 512;

impl PrefixCache {
    /// The line, if it has a known prefix and the kernel's clock after it, and nothing in its text has to be unescaped.
    pub(super) fn cut<'a>(&'a mut self, line: &'a [u8]) -> Option<Decoded<'a>> {
        self.shapes.iter_mut().find(|shape| line.starts_with(&shape.prefix))?.cut(line)
    }

    /// Remembers the prefix of a line that a format decoded.
    pub(super) fn learn(&mut self, line: &[u8], decoded: &Decoded<'_>) {
        let Some(shape) = Shape::from_line(line, decoded) else { return };
        if let Some(known) = self.shapes.iter_mut().find(|known| known.host == shape.host) {
            *known = shape;
        } else if self.shapes.len() < MOST_SHAPES {
            self.shapes.push(shape);
        } else {
            self.shapes[self.oldest] = shape;
            self.oldest = (self.oldest + 1) % MOST_SHAPES;
        }
    }
}

impl Shape {
    fn from_line(line: &[u8], decoded: &Decoded<'_>) -> Option<Self> {
        let known = matches!(decoded.transport, Transport::Rfc3164 | Transport::Iso8601 | Transport::JournalShort);
        if !known || decoded.origin != Origin::Unknown || decoded.monotonic.is_none() {
            return None;
        }
        let (wall, stamp) = decoded.wall.as_ref().filter(|(wall, _)| line.starts_with(wall))?;
        let host = decoded.host.as_deref();
        // the tag follows the stamp, and at most one word that is no facility
        let end = wall.len() + host.map_or(0, |host| host.len() + 1);
        line.get(end..).filter(|rest| rest.starts_with(TAG))?;
        if end > LONGEST || host.is_some_and(|host| !line[wall.len() + 1..].starts_with(host)) {
            return None;
        }
        Some(Self {
            prefix: line[..end + TAG.len()].to_vec(),
            second: Second::default(),
            transport: decoded.transport.clone(),
            host: host.map(<[u8]>::to_vec),
            wall: wall.to_vec(),
            stamp: *stamp,
        })
    }

    /// What the line says, whose prefix matches.
    fn cut<'a>(&'a mut self, line: &'a [u8]) -> Option<Decoded<'a>> {
        let (text, monotonic, caller) = match self.second.strip(line) {
            Some(found) => found,
            None => {
                let (text, monotonic, caller) = printk::strip(&line[self.prefix.len()..]);
                self.second.learn(line, self.prefix.len(), monotonic?);
                (text, monotonic?, caller)
            }
        };
        is_plain(text).then(|| Decoded {
            host: self.host.as_deref().map(Into::into),
            wall: Some((self.wall.as_slice().into(), self.stamp)),
            monotonic: Some(monotonic),
            caller,
            ..Decoded::new(self.transport.clone(), text)
        })
    }
}

/// Whether a text is what the kernel wrote, to the byte: without an escape of rsyslog's or a non-breaking space of a web
/// page, no JSON, none of the daemons' own words.
fn is_plain(text: &[u8]) -> bool {
    let last = text.last().copied().unwrap_or(b' ');
    memchr::memchr2(b'#', 0xc2, text).is_none()
        && !last.is_ascii_whitespace()
        && last != b'}'
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
        let mut cache = PrefixCache::default();
        for prefix in prefixes {
            let line = |text: &str| format!("{prefix}{text}").into_bytes();
            let first = line(texts[3]);
            assert!(cache.cut(&first).is_none());
            cache.learn(&first, &text_format(&first).unwrap());
            for text in texts {
                let line = line(text);
                let (found, ordinary) = (cache.cut(&line), text_format(&line));
                assert!(found.is_some(), "{prefix}{text}");
                assert_eq!(format!("{found:?}"), format!("{ordinary:?}"), "{prefix}{text}");
            }
        }
    }

    #[test]
    fn what_may_mean_something_else_is_decoded_by_its_format() {
        let mut cache = PrefixCache::default();
        let line = |rest: &str| format!("Mar  1 00:00:05 node-7 kernel: {rest}").into_bytes();
        let first = line("[    5.400000] Mem-Info:");
        cache.learn(&first, &text_format(&first).unwrap());
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
            assert!(cache.cut(&line(rest)).is_none(), "{rest}");
        }
        assert!(cache.cut(b"Mar  1 00:00:06 node-7 kernel: [    5.400000] x").is_none());
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
            let mut cache = PrefixCache::default();
            cache.learn(line.as_bytes(), &text_format(line.as_bytes()).unwrap());
            assert!(cache.cut(line.as_bytes()).is_none(), "{line}");
        }
    }

    #[test]
    fn several_hosts_are_remembered_at_once() {
        let mut cache = PrefixCache::default();
        let line = |host: usize| format!("Mar  1 00:00:05 h{host} kernel: [    5.400000] x").into_bytes();
        for host in 0..100 {
            cache.learn(&line(host), &text_format(&line(host)).unwrap());
            assert!((host.saturating_sub(MOST_SHAPES - 1)..=host).all(|host| cache.cut(&line(host)).is_some()));
        }
        assert_eq!(cache.shapes.len(), MOST_SHAPES);
    }
}
