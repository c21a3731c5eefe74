//! Talos Linux' OOM controller, on the kernel's console: `[talos] Sending SIGKILL to cgroup {"cgroup": "…"}`.

use super::Recognised;
use super::daemons::SENDING_CAPITAL;
use super::field::{cut, value};
use crate::event::{Actor, CompanionKind};

pub(super) fn recognise(text: &[u8]) -> Option<Recognised> {
    let text = text.strip_prefix(b"[talos] ").unwrap_or(text);
    let (before, signal) = cut(text, SENDING_CAPITAL.text)?;
    let fields =
        signal.strip_prefix(b"KILL to ").filter(|fields| fields.starts_with(b"cgroup") && before.len() < 64)?;
    let path = value(fields, "cgroup").map(|path| path.strip_prefix(b"/sys/fs/cgroup").unwrap_or(path));
    let kill = Recognised::new(Actor::Talos, CompanionKind::Killed, SENDING_CAPITAL.text)
        .with(|c| c.signal = Some("SIGKILL".to_owned()));
    Some(match path.filter(|path| path.starts_with(b"/")) {
        Some(path) => kill.of_cgroup(path),
        None => kill,
    })
}
