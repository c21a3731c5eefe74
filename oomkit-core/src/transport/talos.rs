//! `kern: warning: [2026-01-12T20:27:31.913975631Z]: text`: `talosctl dmesg`, with the node's address before it where
//! several nodes were asked: `10.5.0.2: kern:    info: […]: text`.
//!
//! The words are the facility and level of the record. Talos has written kernel text under `user` as well, so they do
//! not tell who wrote it.

use super::record::Decoded;
use super::{escape, facility, stamp};
use crate::event::Transport;

pub(super) fn decode(line: &[u8]) -> Option<Decoded<'_>> {
    let (rest, _) = facility::split(line)?;
    let inside = rest.strip_prefix(b"[")?;
    let (rest, when) = stamp::iso(inside).ok()?;
    let written = &inside[..inside.len() - rest.len()];
    let text = rest.strip_prefix(b"]:")?;
    let text = text.strip_prefix(b" ").unwrap_or(text);
    Some(Decoded { text: escape::hex(text), ..Decoded::new(Transport::Talos, text).wall(written, when) })
}

/// The same after a node's address, which may hold colons itself.
pub(super) fn after_node(line: &[u8]) -> Option<Decoded<'_>> {
    let space = memchr::memchr(b' ', line)?;
    let node = line[..space].strip_suffix(b":").filter(|node| !node.is_empty())?;
    Some(Decoded { host: Some(node.into()), ..decode(&line[space + 1..])? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Origin;

    #[test]
    fn lines_with_and_without_a_node() {
        let kill = "Memory cgroup out of memory: Killed process 109324 (bun) total-vm:79471988kB";
        for (node, host) in [("", None), ("172.20.0.2: ", Some("172.20.0.2")), ("fd00::5: ", Some("fd00::5"))] {
            for level in ["kern:     err", "kern:    info", "user: warning"] {
                let line = format!("{node}{level}: [2026-07-25T14:23:17.527285605Z]: {kill}");
                let d = decode(line.as_bytes()).or_else(|| after_node(line.as_bytes())).unwrap();
                assert_eq!((&*d.text, d.host.as_deref()), (kill.as_bytes(), host.map(str::as_bytes)), "{line}");
                assert_eq!((d.transport, d.origin), (Transport::Talos, Origin::Unknown));
                assert_eq!(d.wall.unwrap().0.as_ref(), b"2026-07-25T14:23:17.527285605Z");
            }
        }
        assert!(decode(b"kern  :warn  : [   11.671152] x").is_none());
        assert!(decode(b"kern: warning: no stamp").is_none());
    }

    #[test]
    fn an_embedded_newline_is_one_record() {
        let d = decode(br"kern: warning: [2026-07-25T14:23:17Z]: a:1\x0a b:2").unwrap();
        assert_eq!(&*d.text, b"a:1\n b:2");
    }
}
