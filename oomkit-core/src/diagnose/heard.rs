//! What other programs say of a container around a kill: that it ended, or only that its memory ran out.

use super::at::At;
use super::finding::{Finding, finding};
use super::table::called;
use super::verdict::{brief, subject};
use crate::event::{Actor, Companion, CompanionKind, Confidence, Event, Identity, Runtime, VerdictKind};

/// One line, as far as it bears on the question whether a container lives.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Heard {
    what: What,
    speaker: Speaker,
    /// The words of the line that say it.
    quote: &'static str,
    /// Some print only its first digits.
    pub(super) container: Option<Box<str>>,
    pid: Option<u32>,
    pub(super) code: Option<i32>,
    pub(super) at: At,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// The container ended.
    Ended,
    /// A process that was started in it beside its first one ended.
    ExecEnded,
    /// The OOM killer was at work in it.
    Oom,
    /// Its first process was killed before it ran.
    InitKilled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Speaker {
    Containerd,
    Kubelet,
    Systemd,
    Dockerd,
    Crio,
    Conmon,
    Podman,
    Runc,
}

/// Words that may be quoted, the first that a line holds.
const QUOTES: [&str; 19] = [
    "TaskExit event",
    "received exit event",
    "shim disconnected",
    "cleaning up dead shim",
    "shim reaped",
    "ContainerDied",
    "container finished",
    "Failed with result 'oom-kill'",
    "Failed with result",
    "Deactivated successfully",
    "Succeeded",
    "topic=/tasks/delete",
    "container died",
    "container die",
    "exited with status",
    "TaskOOM event",
    "OOM killer",
    "container oom",
    "OOM",
];

impl Speaker {
    fn of(actor: &Actor) -> Option<Self> {
        Some(match actor {
            Actor::Containerd => Self::Containerd,
            Actor::Kubelet => Self::Kubelet,
            Actor::Systemd => Self::Systemd,
            Actor::Dockerd => Self::Dockerd,
            Actor::Crio => Self::Crio,
            Actor::Conmon => Self::Conmon,
            Actor::Podman => Self::Podman,
            Actor::Runc => Self::Runc,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Containerd => "containerd",
            Self::Kubelet => "kubelet",
            Self::Systemd => "systemd",
            Self::Dockerd => "dockerd",
            Self::Crio => "CRI-O",
            Self::Conmon => "conmon",
            Self::Podman => "Podman",
            Self::Runc => "runc",
        }
    }

    /// Whether this program would tell the end of such a container.
    fn watches(self, container: &Identity, path: Option<&str>) -> bool {
        match self {
            Self::Containerd => matches!(container.runtime, Runtime::Containerd | Runtime::Docker),
            Self::Kubelet => container.pod_uid.is_some(),
            Self::Systemd => path.is_some_and(|path| path.contains(".scope")),
            Self::Dockerd => container.runtime == Runtime::Docker,
            Self::Conmon => matches!(container.runtime, Runtime::Crio | Runtime::Podman),
            Self::Podman => container.runtime == Runtime::Podman,
            Self::Crio => container.runtime == Runtime::Crio,
            Self::Runc => false,
        }
    }
}

impl Heard {
    /// What a line says of a container's life, if anything.
    fn what(companion: &Companion) -> Option<(Speaker, What)> {
        let speaker = Speaker::of(&companion.actor)?;
        let what = match companion.kind {
            CompanionKind::ContainerExit => What::Ended,
            CompanionKind::ProcessExit => What::ExecEnded,
            // a scope ends when its last process is gone; conmon's is not the container's
            CompanionKind::UnitResult if !companion.unit.as_ref().is_some_and(|u| u.contains("-conmon-")) => {
                What::Ended
            }
            CompanionKind::OomNotice if companion.reason.as_deref() == Some("init_oom_killed") => What::InitKilled,
            CompanionKind::OomNotice => What::Oom,
            _ => return None,
        };
        // kubelet's and systemd's other notices name no container
        let names = companion.container_id.is_some() || what == What::Ended && companion.pid.is_some();
        names.then_some((speaker, what))
    }

    pub(crate) fn bears(companion: &Companion) -> bool {
        Self::what(companion).is_some()
    }

    /// `None` for a line that says nothing of a container's life.
    pub(crate) fn of(companion: &Companion) -> Option<Self> {
        let (speaker, what) = Self::what(companion)?;
        let holds = |quote: &&&str| memchr::memmem::find(companion.message.as_bytes(), quote.as_bytes()).is_some();
        Some(Self {
            what,
            speaker,
            quote: QUOTES.iter().find(holds).copied().unwrap_or_default(),
            container: companion.container_id.as_deref().map(Into::into),
            pid: companion.pid,
            code: companion.exit_code,
            at: At::of(&companion.time, &companion.source),
        })
    }

    /// Where it stands.
    pub(crate) fn byte(&self) -> u64 {
        self.at.byte
    }

    pub(super) fn ended(&self) -> bool {
        self.what == What::Ended
    }

    pub(super) fn is_of(&self, container: &Identity) -> bool {
        let id = self.container.as_deref().unwrap_or_default();
        id.len() >= 12 && container.id.as_deref().is_some_and(|whole| whole.starts_with(id))
    }

    /// Whether this line's like would be there had the container ended.
    pub(super) fn speaks_for(&self, container: &Identity, path: Option<&str>) -> bool {
        self.ended() && self.container.is_some() && !self.is_of(container) && self.speaker.watches(container, path)
    }

    fn said(&self) -> String {
        if self.quote.is_empty() {
            self.speaker.name().to_owned()
        } else {
            format!("{} (`{}`)", self.speaker.name(), self.quote)
        }
    }

    fn elsewhere(&self, event: &Event) -> String {
        if *self.at.source == *event.source.name { String::new() } else { format!(" in {}", self.at.source) }
    }
}

/// What lines close behind a kill say of the container's end.
pub(super) fn endings(event: &Event, near: &[&Heard]) -> Vec<Finding> {
    let container = subject(event);
    let is_victim = |pid: Option<u32>| pid.is_some_and(|pid| event.victims.iter().any(|victim| victim.pid == pid));
    // a line that names another container is not about this one, whatever its pid
    let is_its = |heard: &&&Heard| match (container, &heard.container) {
        (Some(container), Some(_)) if container.id.is_some() => heard.is_of(container),
        _ => is_victim(heard.pid),
    };
    let mut findings = Vec::new();
    for heard in near.iter().filter(is_its) {
        let id = heard
            .container
            .as_deref()
            .map_or_else(|| "its container".to_owned(), |id| format!("container {}", id.get(..12).unwrap_or(id)));
        let place = heard.elsewhere(event);
        let said = heard.said();
        let line = Some(heard.at.line);
        let status = heard.code.map(|code| format!(" with status {code}")).unwrap_or_default();
        let (kind, confidence, fact) = match (heard.what, heard.code) {
            (What::Ended, None | Some(137)) if is_victim(heard.pid) => {
                let who = called(heard.pid.unwrap_or_default(), None);
                let fact = format!(
                    "{said} says{place} that {who}, the victim, was the first process of {id}, which ended{status}"
                );
                (VerdictKind::ContainerKilled, Confidence::Certain, fact)
            }
            // the dump holds no kill line: the container's end is all there is
            (What::Ended, None | Some(137)) if event.victims.is_empty() => (
                VerdictKind::ContainerKilled,
                Confidence::Likely,
                format!("{said} says{place} that {id} ended{status}"),
            ),
            (What::Ended, None | Some(137)) => (
                VerdictKind::ContainerKilled,
                Confidence::Certain,
                format!("{said} says{place} that {id} ended{status}"),
            ),
            (What::Ended, Some(_)) => {
                let fact =
                    format!("{said} says{place} that {id} ended{status} just after the kill, by itself or told to");
                (VerdictKind::ContainerKilled, Confidence::Likely, fact)
            }
            (What::ExecEnded, _) if is_victim(heard.pid) => {
                let who = called(heard.pid.unwrap_or_default(), None);
                let fact =
                    format!("{said} says{place} that {who}, the victim, was started in {id} beside its first process");
                (VerdictKind::ChildKilled, Confidence::Likely, fact)
            }
            (What::InitKilled, _) => {
                let fact = format!("{said} says{place} that the first process of {id} was killed before it ran");
                (VerdictKind::ContainerKilled, Confidence::Likely, fact)
            }
            _ => continue,
        };
        findings.push(finding(kind, confidence, fact, line));
    }
    let certain = |finding: &Finding| finding.confidence == Confidence::Certain;
    if findings.iter().any(certain) {
        findings.retain(certain);
    }
    findings
}

/// What it says that nothing close behind a kill tells the container's end, in a log that would.
pub(super) fn silence(event: &Event, near: &[&Heard]) -> Vec<Finding> {
    let Some(container) = subject(event).filter(|container| container.id.is_some()) else { return Vec::new() };
    if event.victims.is_empty() || near.iter().any(|heard| heard.ended() && heard.is_of(container)) {
        return Vec::new();
    }
    let told = near.iter().find(|heard| heard.what == What::Oom && heard.is_of(container));
    if let Some(heard) = told {
        let fact = format!(
            "{} noticed the kill in {}{}, and nothing says that the container ended then",
            heard.said(),
            brief(container),
            heard.elsewhere(event)
        );
        return vec![finding(VerdictKind::ChildKilled, Confidence::Likely, fact, Some(heard.at.line))];
    }
    let path = event.memcg.as_ref().and_then(|memcg| memcg.task_memcg.as_deref().or(memcg.oom_memcg.as_deref()));
    let other = near.iter().find(|heard| heard.speaks_for(container, path));
    other.map(|heard| no_exit(container, heard, event, Confidence::Possible)).into_iter().collect()
}

/// Others' exits are told, this one's is not.
pub(super) fn no_exit(container: &Identity, other: &Heard, event: &Event, confidence: Confidence) -> Finding {
    let id = other.container.as_deref().unwrap_or_default();
    let fact = format!(
        "nothing says that {} ended, while {} says{} that container {} did",
        brief(container),
        other.said(),
        other.elsewhere(event),
        id.get(..12).unwrap_or(id)
    );
    finding(VerdictKind::ChildKilled, confidence, fact, Some(other.at.line))
}

/// An end that was told long after the kill.
pub(super) fn late_exit(container: &Identity, heard: &Heard, event: &Event, gap: super::at::Gap) -> Finding {
    let fact = format!(
        "{} says{} that {} ended {}: it outlived the kill",
        heard.said(),
        heard.elsewhere(event),
        brief(container),
        gap.words()
    );
    finding(VerdictKind::ChildKilled, Confidence::Likely, fact, Some(heard.at.line))
}
