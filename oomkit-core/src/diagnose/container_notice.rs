//! Lines of containerd, CRI-O, Docker, systemd … around a kill: that the container ended, or only had an OOM kill.

use super::finding::Finding;
use super::log_instant::{Elapsed, LogInstant};
use super::task_table::called;
use super::verdict::{brief, short_id, subject};
use crate::companion::Reporter;
use crate::event::Confidence::{self, Certain, Likely, Possible};
use crate::event::VerdictKind::{self, ChildKilled, ContainerKilled};
use crate::event::{Companion, CompanionKind, Event, Identity};

/// One line, as far as it bears on the question whether a container lives.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ContainerNotice {
    kind: NoticeKind,
    pub(crate) reporter: Reporter,
    /// The words of the line that say it.
    phrase: &'static str,
    /// The id it names; some print only its first digits.
    pub(crate) container: Option<Box<str>>,
    pid: Option<u32>,
    code: Option<i32>,
    pub(super) at: LogInstant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum NoticeKind {
    /// The container ended.
    Ended,
    /// A process that was started in it beside its first one ended.
    ExecEnded,
    /// The OOM killer was at work in it.
    Oom,
    /// Its first process was killed before it ran.
    InitKilled,
}

impl ContainerNotice {
    fn classify(companion: &Companion) -> Option<(NoticeKind, Reporter)> {
        let reporter = Reporter::from_actor(&companion.actor)?;
        let kind = match companion.kind {
            CompanionKind::ContainerExit => NoticeKind::Ended,
            CompanionKind::ProcessExit => NoticeKind::ExecEnded,
            // a scope ends when its last process is gone; conmon's is not the container's
            CompanionKind::UnitResult if !companion.unit.as_ref().is_some_and(|u| u.contains("-conmon-")) => {
                NoticeKind::Ended
            }
            CompanionKind::OomNotice if companion.reason.as_deref() == Some("init_oom_killed") => {
                NoticeKind::InitKilled
            }
            CompanionKind::OomNotice => NoticeKind::Oom,
            _ => return None,
        };
        // kubelet's and systemd's other notices name no container
        let names = companion.container_id.is_some() || kind == NoticeKind::Ended && companion.pid.is_some();
        names.then_some((kind, reporter))
    }

    /// Whether a line reports something of a container's life.
    pub(crate) fn bears(companion: &Companion) -> bool {
        Self::classify(companion).is_some()
    }

    /// `None` for a line that reports nothing of a container's life. `phrase` are the words by which it was recognised.
    pub(crate) fn new(companion: &Companion, phrase: &'static str) -> Option<Self> {
        let (kind, reporter) = Self::classify(companion)?;
        Some(Self {
            kind,
            reporter,
            phrase,
            container: companion.container_id.as_deref().map(Into::into),
            pid: companion.pid,
            code: companion.exit_code,
            at: LogInstant::new(&companion.time, &companion.source),
        })
    }

    /// Where it is in its source.
    pub(crate) fn byte(&self) -> u64 {
        self.at.byte
    }

    /// Whether it reports the end of a container that it names.
    pub(crate) fn is_end(&self) -> bool {
        self.kind == NoticeKind::Ended && self.container.is_some()
    }

    pub(super) fn is_of(&self, container: &Identity) -> bool {
        let id = self.container.as_deref().unwrap_or_default();
        id.len() >= 12 && container.id.as_deref().is_some_and(|whole| whole.starts_with(id))
    }

    pub(super) fn is_end_of(&self, container: &Identity) -> bool {
        self.kind == NoticeKind::Ended && self.is_of(container)
    }

    /// Whether it is another container's end, by a program that would have reported the end of this one, the event's.
    pub(super) fn is_end_beside(&self, container: &Identity, event: &Event) -> bool {
        let memcg = event.memcg.as_ref();
        let path = memcg.and_then(|memcg| memcg.task_memcg.as_deref().or(memcg.oom_memcg.as_deref()));
        self.kind == NoticeKind::Ended
            && self.container.is_some()
            && !self.is_of(container)
            && self.reporter.watches(container, path)
    }

    /// ``containerd (`TaskExit event`)``.
    fn quotation(&self) -> String {
        match self.phrase {
            "" => self.reporter.name().to_owned(),
            phrase => format!("{} (`{phrase}`)", self.reporter.name()),
        }
    }

    /// ``containerd (`TaskExit event`) says in b.log``.
    fn says(&self, event: &Event) -> String {
        format!("{} says{}", self.quotation(), self.at.in_other_source(event))
    }

    fn finding(&self, kind: VerdictKind, confidence: Confidence, fact: String) -> Finding {
        Finding::new(kind, confidence, fact, Some(self.at.line))
    }
}

/// What lines close after a kill report of the container's end.
pub(super) fn endings(event: &Event, near: &[&ContainerNotice]) -> Vec<Finding> {
    let container = subject(event);
    let is_victim = |pid: Option<u32>| pid.is_some_and(|pid| event.victims.iter().any(|victim| victim.pid == pid));
    // a line that names another container is not about this one, whatever its pid
    let is_its = |notice: &&&ContainerNotice| match (container, &notice.container) {
        (Some(container), Some(_)) if container.id.is_some() => notice.is_of(container),
        _ => is_victim(notice.pid),
    };
    let mut findings = Vec::new();
    for notice in near.iter().filter(is_its) {
        let id = notice.container.as_deref();
        let id = id.map_or_else(|| "its container".to_owned(), |id| format!("container {}", short_id(id)));
        let says = notice.says(event);
        let status = notice.code.map(|code| format!(" with status {code}")).unwrap_or_default();
        let victim = notice.pid.filter(|pid| is_victim(Some(*pid))).map(|pid| called(pid, None));
        let (kind, confidence, what) = match (notice.kind, notice.code, victim) {
            (NoticeKind::Ended, None | Some(137), Some(who)) => {
                let what = format!("{who}, the victim, was the first process of {id}, which ended{status}");
                (ContainerKilled, Certain, what)
            }
            // where the dump has no kill line, the container's end is all there is
            (NoticeKind::Ended, None | Some(137), None) => {
                let confidence = if event.victims.is_empty() { Likely } else { Certain };
                (ContainerKilled, confidence, format!("{id} ended{status}"))
            }
            (NoticeKind::Ended, Some(_), _) => {
                (ContainerKilled, Likely, format!("{id} ended{status} just after the kill, by itself or told to"))
            }
            (NoticeKind::ExecEnded, _, Some(who)) => {
                (ChildKilled, Likely, format!("{who}, the victim, was started in {id} beside its first process"))
            }
            (NoticeKind::InitKilled, ..) => {
                (ContainerKilled, Likely, format!("the first process of {id} was killed before it ran"))
            }
            _ => continue,
        };
        findings.push(notice.finding(kind, confidence, format!("{says} that {what}")));
    }
    let certain = |finding: &Finding| finding.confidence == Certain;
    if findings.iter().any(certain) {
        findings.retain(certain);
    }
    findings
}

/// What it says that nothing close after a kill reports the container's end, in a log that would.
pub(super) fn silence(event: &Event, near: &[&ContainerNotice]) -> Option<Finding> {
    let container = subject(event).filter(|container| container.id.is_some())?;
    if event.victims.is_empty() || near.iter().any(|notice| notice.is_end_of(container)) {
        return None;
    }
    if let Some(oom) = near.iter().find(|notice| notice.kind == NoticeKind::Oom && notice.is_of(container)) {
        let fact = format!(
            "{} noticed the kill in {}{}, and nothing says that the container ended then",
            oom.quotation(),
            brief(container),
            oom.at.in_other_source(event)
        );
        return Some(oom.finding(ChildKilled, Likely, fact));
    }
    let other = near.iter().find(|notice| notice.is_end_beside(container, event))?;
    Some(no_exit(container, other, event, Possible))
}

/// Another container's exit is reported, this one's is not.
pub(super) fn no_exit(container: &Identity, other: &ContainerNotice, event: &Event, confidence: Confidence) -> Finding {
    let fact = format!(
        "nothing says that {} ended, while {} that container {} did",
        brief(container),
        other.says(event),
        short_id(other.container.as_deref().unwrap_or_default())
    );
    other.finding(ChildKilled, confidence, fact)
}

/// An end that was reported long after the kill.
pub(super) fn late_exit(container: &Identity, exit: &ContainerNotice, event: &Event, elapsed: Elapsed) -> Finding {
    let fact =
        format!("{} that {} ended {}: it outlived the kill", exit.says(event), brief(container), elapsed.words());
    exit.finding(ChildKilled, Likely, fact)
}
