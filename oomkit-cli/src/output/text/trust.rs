//! What to make of it: verdict, what is missing, and where it stands in the log.

use super::layout::{Block, FAINT, PLAIN, STRONG, WARNING, unbroken};
use super::words::{list, name, plain};
use crate::output::escape;
use oomkit_core::Event;
use oomkit_core::event::{Completeness, Diagnostic, Origin, VerdictKind};

/// Diagnostics shown; JSON has them all.
const MOST: usize = 5;

pub(super) fn verdict(event: &Event, block: &mut Block) {
    let verdict = &event.verdict;
    let sentence = match &verdict.kind {
        VerdictKind::ContainerKilled => "the container itself was killed: Kubernetes can see it".to_owned(),
        VerdictKind::ChildKilled => {
            "only a child was killed, the container lives on: Kubernetes cannot see it".to_owned()
        }
        VerdictKind::NotContainerised => "the victim was in no container".to_owned(),
        VerdictKind::Unknown => "the log does not tell whether Kubernetes could see it".to_owned(),
        other => plain(other.as_str()),
    };
    let sure = if verdict.kind == VerdictKind::Unknown {
        String::new()
    } else {
        format!("({})", plain(verdict.confidence.as_str()))
    };
    block.styled_row("Verdict", &[(STRONG, sentence), (PLAIN, sure)]);
    for (number, evidence) in verdict.evidence.iter().enumerate() {
        let link = if number == 0 { "because" } else { "and" };
        block.row("", &format!("{link} {}{}", escape::text(&evidence.fact), at_line(evidence.line)));
    }
}

fn at_line(line: Option<u64>) -> String {
    line.map(|line| format!(" {}", unbroken(&format!("(line {line})")))).unwrap_or_default()
}

pub(super) fn missing(event: &Event, block: &mut Block) {
    let missing = match &event.completeness {
        Completeness::Complete => None,
        Completeness::HeadMissing => Some("the beginning of the dump".to_owned()),
        Completeness::TailMissing => Some("the end of the dump".to_owned()),
        Completeness::MiddleMissing => Some("the middle of the dump".to_owned()),
        Completeness::KillLineOnly => Some("everything but the line that tells the kill".to_owned()),
        Completeness::Fragment => Some("beginning and end of the dump".to_owned()),
        other => Some(plain(other.as_str())),
    };
    if let Some(missing) = missing {
        block.styled_row("Missing", &[(WARNING, missing)]);
    }
    let notes = event.diagnostics.iter().take(MOST).map(note);
    for (number, note) in notes.enumerate() {
        block.styled_row(if number == 0 { "Notes" } else { "" }, &[(WARNING, note)]);
    }
    if event.diagnostics.len() > MOST {
        block.row("", &format!("and {} more (JSON has them all)", event.diagnostics.len() - MOST));
    }
    let assumed: Vec<String> = event
        .time
        .assumed
        .iter()
        .map(|what| match what.as_str() {
            "year" => "the year of the time".to_owned(),
            "offset" => "the UTC offset of the time".to_owned(),
            "boot" => "the time, from the kernel's clock and other lines of the host".to_owned(),
            other => plain(other),
        })
        .collect();
    block.row("Assumed", &list(assumed));
}

fn note(diagnostic: &Diagnostic) -> String {
    format!("{}{}", escape::text(&diagnostic.message), at_line(diagnostic.line))
}

pub(super) fn source(event: &Event, block: &mut Block) {
    let source = &event.source;
    let lines = if source.first_line == source.last_line {
        source.first_line.to_string()
    } else {
        format!("{}–{}", source.first_line, source.last_line)
    };
    let place = format!("{}:{lines}", name(&source.name, None));
    let mut about = vec![plain(source.transport.as_str())];
    if source.origin == Origin::Kernel {
        about.push("written by the kernel".to_owned());
    }
    if let Some(kernel) = &event.kernel {
        about.extend(kernel.release.as_deref().map(|release| format!("kernel {}", name(release, None))));
    }
    let mut parts = vec![(PLAIN, place), (FAINT, format!("({})", list(about)))];
    if source.origin == Origin::User {
        parts.push((WARNING, "written by a user process, not by the kernel".to_owned()));
    }
    block.styled_row("Read in", &parts);
    block.styled_row("Event", &[(FAINT, name(&event.id, None))]);
}
