//! `2024-03-30T11:00:01Z {host="h", job="kmsg"} text`: `logcli query`, which writes a stream's labels before its line.

use super::nested;
use super::record::Decoded;
use crate::event::Transport;

/// Labels that name the machine, in the order they are believed.
pub(super) const HOST_LABELS: [&str; 6] = ["host", "hostname", "nodename", "node_name", "node", "instance"];

/// Reads what stands behind the stamp.
pub(super) fn decode(rest: &[u8]) -> Option<Decoded<'_>> {
    let mut at = rest.strip_prefix(b"{")?;
    let mut hosts: [Option<&[u8]>; HOST_LABELS.len()] = [None; HOST_LABELS.len()];
    while !at.starts_with(b"}") {
        let equals = memchr::memchr(b'=', at).filter(|end| *end <= 128)?;
        let value = at[equals + 1..].strip_prefix(b"\"")?;
        let end = quoted(value)?;
        let name = at[..equals].trim_ascii();
        if let Some(n) = HOST_LABELS.iter().position(|label| label.as_bytes() == name) {
            hosts[n] = Some(&value[..end]);
        }
        at = &value[end + 1..];
        at = at.strip_prefix(b",").unwrap_or(at).trim_ascii_start();
    }
    // labels are padded to the longest: the text's own blanks cannot be told from those
    let mut decoded = Decoded::new(Transport::Logcli, at[1..].trim_ascii_start());
    decoded.host = hosts.into_iter().flatten().next().map(Into::into);
    Some(nested::decode_inner(decoded))
}

/// Where a quoted value ends.
fn quoted(value: &[u8]) -> Option<usize> {
    let mut escaped = false;
    value.iter().position(|byte| {
        let end = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        end
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Origin;

    #[test]
    fn labels_name_the_host() {
        let d = decode(br#"{app="k", node="n1", q="a \" } b"}       [   71.146532] x invoked"#).unwrap();
        assert_eq!((&*d.text, d.host.as_deref()), (&b"x invoked"[..], Some(&b"n1"[..])));
        assert_eq!(d.origin, Origin::Unknown);
        assert_eq!(d.monotonic.map(|m| m.as_micros()), Some(71_146_532));
        let d = decode(br#"{node="n1"} Mar 30 12:00:01 h app[3]: x"#).unwrap();
        assert_eq!((d.host.as_deref(), d.origin), (Some(&b"h"[..]), Origin::User));
        assert_eq!(&*decode(b"{} x").unwrap().text, b"x");
        for broken in ["{", "{a", "{a=", "{a=\"", "{a=\"b", "{a=\"b\"", "x"] {
            assert!(decode(broken.as_bytes()).is_none(), "{broken}");
        }
    }
}
