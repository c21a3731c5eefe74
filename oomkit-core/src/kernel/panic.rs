//! Kernel panics of an OOM.

use super::message::{Message, Panic};
use super::value::*;
use super::words::holds;

/// `Kernel panic - not syncing: …` for lack of memory; other panics are a neighbour's business.
pub(super) fn panic(i: &[u8]) -> Read<'_, Message<'_>> {
    let (text, _) = tag("Kernel panic - not syncing: ").parse(i)?;
    let text = text.trim_ascii_end();
    let panic = if text == b"System is deadlocked on memory" {
        Panic::Deadlocked
    } else if text.starts_with(b"Out of memory and no killable processes") {
        Panic::NoKillable
    } else if is_on_oom(text) {
        Panic::OnOom(text)
    } else {
        return mismatch(i);
    };
    Ok((&b""[..], Message::Panic(panic)))
}

/// `Out of memory: system-wide panic_on_oom is enabled` (2.6.36+), `out of memory. panic_on_oom is selected`,
/// `out of memory(memcg). panic_on_oom is selected.`, `out of memory from page fault. panic_on_oom is selected.`
fn is_on_oom(text: &[u8]) -> bool {
    let starts = [&b"Out of memory: compulsory "[..], b"Out of memory: system-wide "];
    let old = text.starts_with(b"out of memory") && holds(text, b"panic_on_oom");
    old || starts.iter().any(|start| text.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_of_every_era() {
        for message in [
            "Out of memory: compulsory panic_on_oom is enabled",
            "Out of memory: system-wide panic_on_oom is enabled",
            "out of memory. panic_on_oom is selected",
            "out of memory. Compulsory panic_on_oom is selected.",
            "out of memory from page fault. panic_on_oom is selected.",
            "out of memory(memcg). panic_on_oom is selected.",
        ] {
            let line = format!("Kernel panic - not syncing: {message}\n");
            let expected = Message::Panic(Panic::OnOom(message.as_bytes()));
            assert_eq!(panic(line.as_bytes()).map(|(_, m)| m), Ok(expected), "{line}");
        }
        let read = |text: &'static str| panic(text.as_bytes()).ok().map(|(_, m)| m);
        assert_eq!(
            read("Kernel panic - not syncing: System is deadlocked on memory"),
            Some(Message::Panic(Panic::Deadlocked))
        );
        assert_eq!(
            read("Kernel panic - not syncing: Out of memory and no killable processes..."),
            Some(Message::Panic(Panic::NoKillable))
        );
        assert_eq!(read("Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b"), None);
    }
}
