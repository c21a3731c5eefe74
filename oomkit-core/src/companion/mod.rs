//! Lines of other actors that bear on a kill: one file for each family, pure functions of program name and text.
//!
//! Any process may log any text, so a line counts only under the name of the program that would write it. Nothing here
//! knows of dumps, hosts or time; which kill a line belongs to is settled where those are known.

mod android;
mod containerd;
mod daemons;
mod engines;
mod field;
mod kubelet;
mod literals;
mod oomd;
mod slurm;
mod systemd;
mod talos;
#[cfg(test)]
mod tests;

use crate::event::{Actor, Companion, CompanionKind, Origin, Transport};
use crate::transport::Record;

// for a search that skips what is neither the kernel's nor theirs
pub(crate) use literals::literals;

/// What a line says.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) companion: Box<Companion>,
    /// Such lines are written all day long: only one that belongs to a kill says anything.
    pub(crate) routine: bool,
}

/// Longest message that is kept.
const LONGEST: usize = 4096;

/// What a record says, if another actor than the kernel's OOM killer wrote it.
pub(crate) fn read(record: &Record<'_>) -> Option<Said> {
    let mut said = match record.program {
        Some(tag) => of_program(tag, record.text)?,
        None if may_hold_tag(record) => of_text(record.text)?,
        None => return None,
    };
    let text = &record.text[..record.text.len().min(LONGEST)];
    said.companion.message = String::from_utf8_lossy(text).into_owned();
    Some(said)
}

/// The kernel's buffer takes lines of programs too, their name before the text. Behind a program's tag a name in the
/// text proves nothing.
fn may_hold_tag(record: &Record<'_>) -> bool {
    use Transport::{Bare, Dmesg, DmesgIso, DmesgJson, DmesgWall, Kmsg, KmsgRaw, Quoted};
    *record.origin != Origin::User
        || matches!(record.transport, Bare | Dmesg | DmesgIso | DmesgJson | DmesgWall | Kmsg | KmsgRaw | Quoted)
}

/// A line of the kernel's buffer: two actors without a tag, any other behind its own.
fn of_text(text: &[u8]) -> Option<Said> {
    match text.first()? {
        b'[' if text.starts_with(b"[talos]") => talos::read(text),
        b'o' if text.starts_with(b"oomd kill: ") => oomd::read(text),
        _ => {
            let end = memchr::memchr(b':', text).filter(|end| *end < 64)?;
            let rest = text[end + 1..].strip_prefix(b" ").unwrap_or(&text[end + 1..]);
            of_program(&text[..end], rest)
        }
    }
}

/// A line that stood behind a program's tag, `name` or `name[pid]`.
fn of_program(tag: &[u8], text: &[u8]) -> Option<Said> {
    let (name, pid) = tag.split_at(tag.iter().position(|b| *b == b'[').unwrap_or(tag.len()));
    let name = name.iter().rposition(|b| *b == b'/').map_or(name, |at| &name[at + 1..]);
    let reader = reader_of(name).filter(|_| literals::stand_in(text))?;
    let mut said = reader(text)?;
    said.companion.actor_pid = pid.strip_prefix(b"[").and_then(|pid| field::whole(pid.strip_suffix(b"]")?));
    Some(said)
}

type Reader = fn(&[u8]) -> Option<Said>;

/// Who reads the lines of such a program.
fn reader_of(program: &[u8]) -> Option<Reader> {
    Some(match program {
        b"systemd-oomd" => systemd::oomd,
        b"systemd" => systemd::manager,
        b"earlyoom" => daemons::earlyoom,
        b"nohang" | b"nohang-desktop" => daemons::nohang,
        b"oomd" | b"oomd_bin" => oomd::read,
        b"kubelet"
        | b"kubelite"
        | b"hyperkube"
        | b"k3s"
        | b"k3s-agent"
        | b"rke2"
        | b"rke2-server"
        | b"rke2-agent"
        | b"microk8s.daemon-kubelet"
        | b"microk8s.daemon-kubelite" => kubelet::read,
        b"containerd" | b"microk8s.daemon-containerd" => containerd::read,
        b"dockerd" | b"docker" | b"dockerd-current" => engines::dockerd,
        b"crio" | b"cri-o" => engines::crio,
        b"conmon" => engines::conmon,
        b"podman" => engines::podman,
        b"runc" => engines::runc,
        b"slurmstepd" => slurm::read,
        b"lmkd" => android::lmkd,
        b"lowmemorykiller" => |text| android::driver(text).or_else(|| android::lmkd(text)),
        b"talos" => talos::read,
        _ => return None,
    })
}

impl Said {
    fn new(actor: Actor, kind: CompanionKind, fill: impl FnOnce(&mut Companion)) -> Self {
        let mut companion = Box::new(Companion::new(actor, kind));
        fill(&mut companion);
        Self { companion, routine: false }
    }

    fn routine(mut self, routine: bool) -> Self {
        self.routine = routine;
        self
    }
}
