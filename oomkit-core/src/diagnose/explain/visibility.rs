//! The verdict in words, with its evidence: could Kubernetes see the kill? And what the log does not hold.

use super::model::{Sentence, Topic};
use super::sentence::sentence;
use crate::diagnose::in_pod;
use crate::event::{Completeness, Confidence, Event, Outcome, VerdictKind};

pub(super) fn explain(event: &Event, out: &mut Vec<Sentence>) {
    let verdict = &event.verdict;
    let sure = match verdict.confidence {
        Confidence::Certain => "Certainly",
        Confidence::Likely => "Probably",
        _ => "Possibly",
    };
    let say = sentence(Topic::Verdict).on("verdict.kind").on("verdict.confidence");
    let pod = in_pod(event);
    let say = match verdict.kind {
        VerdictKind::ContainerKilled => say.text(sure).text(" the container's first process died").text(match pod {
            true => ", which Kubernetes shows as OOMKilled",
            false => ", and the container with it",
        }),
        VerdictKind::ChildKilled => {
            say.text(sure).text(" only a child died and the container lives on").text(match pod {
                true => ": Kubernetes shows nothing",
                false => ": whoever watches the container sees nothing",
            })
        }
        VerdictKind::NotContainerised if event.outcome == Outcome::Killed => {
            say.text(sure).text(" the victim was in no container")
        }
        VerdictKind::NotContainerised => say.text(sure).text(" no container was concerned"),
        _ => say.text("Whether Kubernetes could see it is not known"),
    };
    let some = !verdict.evidence.is_empty();
    let say = say.when(some, " (").list(verdict.evidence.iter().enumerate(), "; ", |say, (number, evidence)| {
        say.name(format!("verdict.evidence[{number}].fact"), &evidence.fact)
    });
    say.when(some, ")").end(out);
}

/// What the log does not hold.
pub(super) fn missing(event: &Event, out: &mut Vec<Sentence>) {
    let text = match event.completeness {
        Completeness::Complete => return,
        Completeness::HeadMissing => "The head of the dump is not in the log.",
        Completeness::TailMissing => "The end of the dump is not in the log.",
        Completeness::MiddleMissing => "A part of the dump between its head and its end is not in the log.",
        Completeness::KillLineOnly => "The log holds the kill line only.",
        _ => "The log holds neither head nor end of the dump.",
    };
    sentence(Topic::Missing).text(text).on("completeness").add_to(out);
}
