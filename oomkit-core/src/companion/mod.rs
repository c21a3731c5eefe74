//! Lines of other actors that bear on a kill: one file for each family, pure functions of program name and text.
//!
//! Any process may log any text, so a line counts only under the name of the program that would write it. Nothing here
//! knows of dumps, hosts or time; which kill a line belongs to is settled where those are known.

mod android;
mod collector_loss;
mod containerd;
mod daemons;
mod engines;
mod field;
mod kubelet;
mod literal;
mod oomd;
mod reporter;
mod slurm;
mod systemd;
mod talos;
#[cfg(test)]
mod tests;

use crate::cgroup;
use crate::event::{Actor, Companion, CompanionKind, Origin, Transport};
use crate::scan::Search;
use crate::transport::Record;
use std::sync::LazyLock;

pub(crate) use collector_loss::{LOSS_LITERALS, collector_loss};
pub(crate) use literal::{Literal, PIECE, SHORT_ID, hex_runs};
pub(crate) use reporter::Reporter;

/// A line of another actor, understood.
#[derive(Debug)]
pub(crate) struct Recognised {
    pub(crate) companion: Box<Companion>,
    /// Such lines are written all day long: only one that belongs to a kill says anything.
    pub(crate) routine: bool,
    /// The words by which it was recognised, for a quotation.
    pub(crate) phrase: &'static str,
}

/// Every line that [`recognise`] accepts holds one of them, confirmed, in any transport: none has a byte that JSON
/// writers escape.
pub(crate) static LITERALS: LazyLock<Vec<Literal>> = LazyLock::new(|| {
    let single = &[oomd::KILL, slurm::OOM_KILL_EVENTS];
    let families = [systemd::LITERALS, daemons::LITERALS, kubelet::LITERALS, containerd::LITERALS, engines::LITERALS];
    [&families[..], &[single, android::LITERALS]].concat().concat()
});

/// Longest message that is kept.
const LONGEST: usize = 4096;

/// What a record says, if another actor than the kernel's OOM killer wrote it.
pub(crate) fn recognise(record: &Record<'_>) -> Option<Recognised> {
    // nearly always there is none, which one search for all literals shows sooner than a reader
    static ANY: LazyLock<Search> = LazyLock::new(|| Search::new(LITERALS.iter().map(|literal| literal.search)));
    if !ANY.is_in(record.text) {
        return None;
    }
    let mut line = match record.program {
        Some(tag) => recognise_tagged(tag, record.text)?,
        None if may_hold_tag(record) => recognise_untagged(record.text)?,
        None => return None,
    };
    let text = &record.text[..record.text.len().min(LONGEST)];
    line.companion.message = String::from_utf8_lossy(text).into_owned();
    Some(line)
}

/// The words by which a companion was recognised. Empty for one whose message is none that its actor writes.
pub(crate) fn recognised_phrase(companion: &Companion) -> &'static str {
    let text = companion.message.as_bytes();
    let line = recognise_tagged(companion.actor.as_str().as_bytes(), text).or_else(|| recognise_untagged(text));
    line.map_or("", |line| line.phrase)
}

/// The kernel's buffer has lines of programs too, their name before the text. After a program's tag a name in the text
/// proves nothing.
fn may_hold_tag(record: &Record<'_>) -> bool {
    use Transport::{Bare, Dmesg, DmesgIso, DmesgJson, DmesgWall, Kmsg, KmsgRaw, Quoted};
    *record.origin != Origin::User
        || matches!(record.transport, Bare | Dmesg | DmesgIso | DmesgJson | DmesgWall | Kmsg | KmsgRaw | Quoted)
}

/// A line of the kernel's buffer: two actors without a tag, any other after its own.
fn recognise_untagged(text: &[u8]) -> Option<Recognised> {
    match text.first()? {
        b'[' if text.starts_with(b"[talos]") => talos::recognise(text),
        b'o' if text.starts_with(b"oomd kill: ") => oomd::recognise(text),
        _ => {
            let end = memchr::memchr(b':', text).filter(|end| *end < 64)?;
            let rest = text[end + 1..].strip_prefix(b" ").unwrap_or(&text[end + 1..]);
            recognise_tagged(&text[..end], rest)
        }
    }
}

/// A line after a program's tag, `name` or `name[pid]`.
fn recognise_tagged(tag: &[u8], text: &[u8]) -> Option<Recognised> {
    let (name, pid) = tag.split_at(tag.iter().position(|b| *b == b'[').unwrap_or(tag.len()));
    let name = name.iter().rposition(|b| *b == b'/').map_or(name, |at| &name[at + 1..]);
    let mut line = reader_of(name)?(text)?;
    line.companion.actor_pid = pid.strip_prefix(b"[").and_then(|pid| field::whole(pid.strip_suffix(b"]")?));
    Some(line)
}

type Reader = fn(&[u8]) -> Option<Recognised>;

/// Who reads the lines of such a program.
fn reader_of(program: &[u8]) -> Option<Reader> {
    Some(match program {
        b"systemd-oomd" => systemd::recognise_oomd,
        b"systemd" => systemd::recognise_manager,
        b"earlyoom" => daemons::recognise_earlyoom,
        b"nohang" | b"nohang-desktop" => daemons::recognise_nohang,
        b"oomd" | b"oomd_bin" => oomd::recognise,
        b"kubelet"
        | b"kubelite"
        | b"hyperkube"
        | b"k3s"
        | b"k3s-agent"
        | b"rke2"
        | b"rke2-server"
        | b"rke2-agent"
        | b"microk8s.daemon-kubelet"
        | b"microk8s.daemon-kubelite" => kubelet::recognise,
        b"containerd" | b"microk8s.daemon-containerd" => containerd::recognise,
        b"dockerd" | b"docker" | b"dockerd-current" => engines::recognise_dockerd,
        b"crio" | b"cri-o" => |text| engines::recognise_engine_event(Actor::Crio, text),
        b"conmon" => engines::recognise_conmon,
        b"podman" => |text| engines::recognise_engine_event(Actor::Podman, text),
        b"runc" => |text| engines::recognise_init_killed(Actor::Runc, text),
        b"slurmstepd" => slurm::recognise,
        b"lmkd" => android::recognise_lmkd,
        b"lowmemorykiller" => |text| android::recognise_driver(text).or_else(|| android::recognise_lmkd(text)),
        b"talos" => talos::recognise,
        _ => return None,
    })
}

impl Recognised {
    fn new(actor: Actor, kind: CompanionKind, phrase: &'static str) -> Self {
        let companion = Box::new(Companion::new(actor, kind));
        Self { companion, routine: false, phrase: phrase.trim_matches([' ', ':', '.']) }
    }

    /// Fills in what else the line says.
    fn with(mut self, fill: impl FnOnce(&mut Companion)) -> Self {
        fill(&mut self.companion);
        self
    }

    fn routine(self, routine: bool) -> Self {
        Self { routine, ..self }
    }

    fn of_container(self, id: String) -> Self {
        self.with(|c| c.container_id = Some(id))
    }

    /// With an exit code: only death by SIGKILL, 137, says something by itself.
    fn exited(self, code: Option<i32>) -> Self {
        self.with(|c| c.exit_code = code).routine(code != Some(137))
    }

    /// One that names a cgroup.
    fn of_cgroup(mut self, path: &[u8]) -> Self {
        let companion = &mut self.companion;
        companion.cgroup = Some(field::lossy(path));
        if let Some(identity) = cgroup::identify(path) {
            (companion.unit, companion.container_id, companion.pod_uid) =
                (identity.unit, identity.id, identity.pod_uid);
        }
        self
    }
}
