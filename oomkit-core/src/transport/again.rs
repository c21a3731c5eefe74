//! The prefix of the line before: the lines of a dump differ in their text alone, and their stamp, host and tag are
//! read once for all of them.

use super::printk::{self, Second};
use super::record::{Caller, Decoded, Place, Record, Stamp, Wall};
use super::{Apart, place};
use crate::event::{Monotonic, Origin, Transport};
use crate::input::{Behind, Further, Line};

/// What stood before the last kernel line of syslog or the journal, up to and with `kernel: `, and what it said.
#[derive(Debug)]
pub(super) struct Again {
    /// Empty where no such line was seen.
    prefix: Vec<u8>,
    second: Second,
    transport: Transport,
    host: Option<Vec<u8>>,
    wall: Vec<u8>,
    stamp: Stamp,
    /// The line that was looked at behind the last one.
    ahead: Option<Ahead>,
}

/// Where a line begins that has the prefix, what it has behind it, and how much the two take.
#[derive(Debug, Clone, Copy)]
struct Ahead {
    start: u64,
    clock: Clock,
    behind: usize,
}

/// What stands between prefix and text.
#[derive(Debug, Clone, Copy)]
struct Clock {
    monotonic: Monotonic,
    caller: Option<Caller>,
}

/// A line behind another with the same prefix: what differs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Following<'l> {
    pub(crate) text: &'l [u8],
    pub(crate) monotonic: Monotonic,
    pub(crate) caller: Option<Caller>,
    pub(crate) place: Place,
}

/// A line with the prefix.
#[derive(Debug, Clone, Copy)]
pub(super) struct Same<'l> {
    text: &'l [u8],
    clock: Clock,
    /// The next line has the prefix too, and another clock: nothing goes on with this one.
    pub(super) ended: bool,
}

impl Same<'_> {
    /// Whether the next line shows that nothing goes on with this one, although it has another prefix.
    pub(super) fn is_left_by(&self, behind: Behind<'_>) -> bool {
        let Some(end) = memchr::memchr(b'\n', behind.bytes).filter(|end| *end <= behind.limit) else { return false };
        let next =
            Line { bytes: &behind.bytes[..end], number: u64::MAX, start: 0, skipped: 0, behind: Behind::default() };
        Apart::of(next).is_some_and(|next| next.monotonic() != Some(self.clock.monotonic))
    }
}

impl Default for Again {
    fn default() -> Self {
        Self {
            prefix: Vec::new(),
            second: Second::default(),
            transport: Transport::Bare,
            host: None,
            wall: Vec::new(),
            stamp: Stamp::Opaque,
            ahead: None,
        }
    }
}

static UNKNOWN: Origin = Origin::Unknown;

const TAG: &[u8] = b" kernel: ";
/// A prefix is no longer: host names have at most 255 bytes.
const LONGEST: usize = 512;

impl Again {
    /// The line, whose text is `whole`, if it has the prefix of the line before and nothing in it has to be undone.
    pub(super) fn read<'l>(&mut self, line: &Line<'_>, whole: &'l [u8]) -> Option<Same<'l>> {
        let (clock, text) = match self.ahead.take().filter(|ahead| ahead.start == line.start) {
            Some(ahead) => (ahead.clock, whole.get(ahead.behind..)?),
            None => self.clock(whole)?,
        };
        is_plain(text).then(|| Same { text, clock, ended: self.ends(clock, line.behind.bytes, line.next_start()) })
    }

    /// Hands on the lines behind one that was read, as long as each is a record with its prefix and is taken.
    pub(super) fn follow(&mut self, line: &Line<'_>, mut take: impl FnMut(Following<'_>) -> bool) -> Further {
        let mut further = Further::default();
        let mut last = *line;
        let mut rest = line.behind.bytes;
        while further.bytes < line.behind.free
            && let Some(ahead) = self.ahead.filter(|ahead| ahead.start == last.next_start())
            && let Some(found) = rest.get(ahead.behind..)
            // the end of the line, before anything that may have to be undone
            && let Some(length) = memchr::memchr3(b'\n', ODD[0], ODD[1], found)
        {
            let (text, end) = (&found[..length], ahead.behind + length);
            if found[length] != b'\n' || end > line.behind.limit || !ends_plainly(text) {
                break;
            }
            let next = &rest[end + 1..];
            last = Line { bytes: &rest[..end], number: last.number + 1, start: last.next_start(), ..last };
            let Clock { monotonic, caller } = ahead.clock;
            let following = Following { text, monotonic, caller, place: place(&last) };
            if !self.ends(ahead.clock, next, last.next_start()) || !take(following) {
                self.ahead = Some(ahead);
                break;
            }
            rest = next;
            further.lines += 1;
            further.bytes += end + 1;
        }
        further
    }

    fn clock<'l>(&mut self, line: &'l [u8]) -> Option<(Clock, &'l [u8])> {
        if let Some((text, monotonic, caller)) = self.second.strip(line) {
            return Some((Clock { monotonic, caller }, text));
        }
        let rest = line.strip_prefix(&self.prefix[..]).filter(|_| !self.prefix.is_empty())?;
        let (text, monotonic, caller) = printk::strip(rest);
        let monotonic = monotonic?;
        self.second.learn(line, self.prefix.len(), monotonic);
        Some((Clock { monotonic, caller }, text))
    }

    /// Whether a record ends with a line, because the next one, which begins at `start`, has the same prefix and another
    /// clock.
    fn ends(&mut self, own: Clock, next: &[u8], start: u64) -> bool {
        let Some((clock, text)) = self.clock(next) else { return false };
        self.ahead = Some(Ahead { start, clock, behind: next.len() - text.len() });
        clock.monotonic != own.monotonic
    }

    /// What stands behind a line that has ended, from the text of the next one on, if the same task printed it.
    pub(super) fn next_text<'l>(&self, same: Same<'_>, line: &Line<'l>) -> &'l [u8] {
        let ahead = self.ahead.filter(|ahead| ahead.clock.caller == same.clock.caller);
        ahead.and_then(|ahead| line.behind.bytes.get(ahead.behind..)).unwrap_or_default()
    }

    /// The record of a line that is one.
    pub(super) fn record<'r>(&'r self, same: Same<'r>, place: Place) -> Record<'r> {
        Record {
            text: same.text,
            wrapped_from: same.text.len(),
            repeated: false,
            transport: &self.transport,
            origin: &UNKNOWN,
            host: self.host.as_deref(),
            program: None,
            wall: Some(Wall { text: &self.wall, stamp: self.stamp }),
            monotonic: Some(same.clock.monotonic),
            caller: same.clock.caller,
            lost: None,
            sequence: None,
            place,
        }
    }

    /// The line, which may not be all of its record.
    pub(super) fn decoded<'a>(&'a self, same: Same<'a>) -> Decoded<'a> {
        Decoded {
            host: self.host.as_deref().map(Into::into),
            wall: Some((self.wall.as_slice().into(), self.stamp)),
            monotonic: Some(same.clock.monotonic),
            caller: same.clock.caller,
            ..Decoded::new(self.transport.clone(), same.text)
        }
    }

    /// Remembers the prefix of a line that was decoded in the ordinary way.
    pub(super) fn learn(&mut self, line: &[u8], decoded: &Decoded<'_>) {
        let known = matches!(decoded.transport, Transport::Rfc3164 | Transport::Iso8601 | Transport::JournalShort);
        if !known || decoded.origin != Origin::Unknown || decoded.monotonic.is_none() {
            return;
        }
        self.prefix.clear();
        self.second.forget();
        self.ahead = None;
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

/// What begins an escape of rsyslog's, or a non-breaking space of a web page.
const ODD: [u8; 2] = [b'#', 0xc2];

/// Whether a text is what the kernel wrote, to the byte, and cannot be the end of anything but a kernel's line.
fn is_plain(text: &[u8]) -> bool {
    memchr::memchr2(ODD[0], ODD[1], text).is_none() && ends_plainly(text)
}

/// Whether it is so where nothing in it has to be undone: no JSON, none of the daemons' own words.
fn ends_plainly(text: &[u8]) -> bool {
    let last = text.last().copied().unwrap_or(b' ');
    !last.is_ascii_whitespace()
        && last != b'}'
        && !text.starts_with(b"last message repeated ")
        && !text.ends_with(b" blob data]")
}

#[cfg(test)]
mod tests {
    use super::super::text_format;
    use super::*;

    fn decode<'a>(again: &'a mut Again, line: &'a [u8]) -> Option<Decoded<'a>> {
        let behind = Behind::default();
        let same = again.read(&Line { bytes: line, number: 1, start: 0, skipped: 0, behind }, line)?;
        Some(again.decoded(same))
    }

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
            assert!(decode(&mut again, &first).is_none());
            again.learn(&first, &text_format(&first).unwrap());
            for text in texts {
                let line = line(text);
                let (found, ordinary) = (decode(&mut again, &line), text_format(&line));
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
            assert!(decode(&mut again, &line(rest)).is_none(), "{rest}");
        }
        assert!(decode(&mut again, b"Mar  1 00:00:06 node-7 kernel: [    5.400000] x").is_none());
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
            assert!(decode(&mut again, line.as_bytes()).is_none(), "{line}");
        }
    }
}
