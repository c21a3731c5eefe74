//! One transport inside another: a JSON field or the output of a container that is itself a line of syslog, dmesg or
//! `/dev/kmsg`. One such layer is undone; the outer one keeps its name and fills in what the inner one does not say.

use super::record::Decoded;
use super::{escape, printk, tagged, text_format};
use crate::event::{Origin, Transport};
use std::borrow::Cow;

/// Decodes the text itself, if it is in some format.
pub(super) fn decode_inner(outer: Decoded<'_>) -> Decoded<'_> {
    match outer.text.clone() {
        Cow::Borrowed(text) => merged(text, outer),
        Cow::Owned(text) => merged(&text, outer).into_owned(),
    }
}

/// Emits each record of a field's text. A field may have a whole file: then each line with a prefix of its own is a
/// record, and the lines without one are the rest of it.
pub(super) fn each(outer: &Decoded<'static>, text: &[u8], each: &mut dyn FnMut(Decoded<'static>)) {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let mut one = |line: &[u8]| {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        each(merged(line, outer.clone()).into_owned());
    };
    let mut start = 0;
    let prefixed = |line: &[u8]| text_format(line).is_some();
    if memchr::memchr(b'\n', text).is_some() && prefixed(text) {
        for at in memchr::memchr_iter(b'\n', text) {
            if prefixed(&text[at + 1..]) {
                one(&text[start..at]);
                start = at + 1;
            }
        }
    }
    one(&text[start..]);
}

fn merged<'a>(text: &'a [u8], outer: Decoded<'a>) -> Decoded<'a> {
    let line = match escape::colours(text) {
        Cow::Borrowed(line) => line,
        Cow::Owned(line) => {
            let inner = text_format(&line).unwrap_or_else(|| Decoded::new(Transport::Bare, &line)).into_owned();
            return filled(inner, outer);
        }
    };
    // tools that read the ring buffer themselves hand its text on; what is printed was dmesg's and has its escapes
    let printed = matches!(outer.transport, Transport::DockerJson | Transport::Cri);
    let (rest, monotonic, caller) = if printed { (line, None, None) } else { printk::strip(line) };
    let inner = if monotonic.is_some() && tagged::kernel_after_host(rest).is_none() {
        Decoded { monotonic, caller, lost: tagged::blob(rest), ..Decoded::new(Transport::Bare, rest) }
    } else {
        text_format(line).unwrap_or_else(|| Decoded { lost: tagged::blob(line), ..Decoded::new(Transport::Bare, line) })
    };
    filled(inner, outer)
}

fn filled<'a>(mut inner: Decoded<'a>, outer: Decoded<'a>) -> Decoded<'a> {
    inner.transport = outer.transport;
    // whatever the inner prefix proves of itself, any process could have printed it here
    if inner.origin != Origin::User {
        inner.origin = outer.origin;
    }
    inner.host = inner.host.or(outer.host);
    inner.wall = inner.wall.or(outer.wall);
    inner.monotonic = inner.monotonic.or(outer.monotonic);
    inner.caller = inner.caller.or(outer.caller);
    inner.lost = inner.lost.or(outer.lost);
    inner.whole |= outer.whole;
    inner.printed = None;
    inner
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(String, Option<String>, Origin)> {
        let mut outer = Decoded::new(Transport::JsonLines, b"");
        outer.host = Some(Cow::Borrowed(b"outer"));
        let mut found = Vec::new();
        each(&outer, text.as_bytes(), &mut |d| {
            assert_eq!(d.transport, Transport::JsonLines);
            let lossy = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
            found.push((lossy(&d.text), d.host.as_deref().map(lossy), d.origin));
        });
        found
    }

    fn unknown(text: &str, host: &str) -> (String, Option<String>, Origin) {
        (text.to_owned(), Some(host.to_owned()), Origin::Unknown)
    }

    #[test]
    fn the_inner_prefix_goes_and_speaks_first() {
        assert_eq!(all("Mar 30 12:00:01 inner kernel: [   71.146532] x\n"), [unknown("x", "inner")]);
        assert_eq!(all("kernel: x"), [unknown("x", "outer")]);
        assert_eq!(all("[   71.146532] x"), [unknown("x", "outer")]);
        assert_eq!(all("[   71.146532] inner kernel: x"), [unknown("x", "inner")]);
        assert_eq!(all("<4>[   71.146532] x"), [unknown("x", "outer")], "anyone can print that");
        assert_eq!(all("4,1,71146532,-;x"), [unknown("x", "outer")]);
        assert_eq!(all("<4>Mar 30 12:00:01 inner kernel: x"), [unknown("x", "inner")]);
        assert_eq!(all("x\n y"), [unknown("x\n y", "outer")]);
    }

    #[test]
    fn an_inner_user_is_a_user() {
        for line in ["Mar 30 12:00:01 h app[1]: x", "<12>[   71.146532] x", "12,1,2,-;x"] {
            assert_eq!(all(line)[0].2, Origin::User, "{line}");
        }
    }

    #[test]
    fn a_field_may_hold_a_whole_log() {
        let log = "Mar 30 12:00:01 h kernel: a\r\nMar 30 12:00:01 h kernel: b\n c\nMar 30 12:00:01 h kernel: d\n";
        assert_eq!(all(log), [unknown("a", "h"), unknown("b\n c", "h"), unknown("d", "h")]);
    }

    #[test]
    fn exactly_one_layer_goes() {
        assert_eq!(
            all("Mar 30 12:00:01 h kernel: Mar 30 12:00:02 h kernel: x"),
            [unknown("Mar 30 12:00:02 h kernel: x", "h")]
        );
    }
}
