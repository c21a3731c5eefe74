//! Talos Linux' OOM controller, on the kernel's console: `[talos] Sending SIGKILL to cgroup {"cgroup": "…"}`.

use super::Said;
use super::field::{lossy, value};
use crate::cgroup;
use crate::event::{Actor, CompanionKind};
use memchr::memmem;

pub(super) fn read(text: &[u8]) -> Option<Said> {
    let text = text.strip_prefix(b"[talos] ").unwrap_or(text);
    let at = memmem::find(text, b"Sending SIGKILL to cgroup").filter(|at| *at < 64)?;
    let path = value(&text[at..], "cgroup").map(|path| path.strip_prefix(b"/sys/fs/cgroup").unwrap_or(path));
    Some(Said::new(Actor::Talos, CompanionKind::Killed, |c| {
        c.signal = Some("SIGKILL".to_owned());
        let Some(path) = path.filter(|path| path.starts_with(b"/")) else { return };
        c.cgroup = Some(lossy(path));
        if let Some(identity) = cgroup::identify(path) {
            (c.unit, c.container_id, c.pod_uid) = (identity.unit, identity.id, identity.pod_uid);
        }
    }))
}
