//! Findings on a kill, each with its evidence, and how they are weighed into a verdict.

use crate::event::{Confidence, Evidence, Verdict, VerdictKind};

/// One reason for one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) kind: VerdictKind,
    pub(super) confidence: Confidence,
    pub(super) evidence: Evidence,
}

impl Finding {
    pub(super) fn new(kind: VerdictKind, confidence: Confidence, fact: String, line: Option<u64>) -> Self {
        Self { kind, confidence, evidence: Evidence { fact, line } }
    }
}

fn rank(confidence: &Confidence) -> u8 {
    match confidence {
        Confidence::Certain => 3,
        Confidence::Likely => 2,
        _ => 1,
    }
}

/// The dump's verdict, and what the log adds. The strongest reason decides; at equal strength what the log says
/// outranks what the shape of the table suggests. Proofs of opposite answers leave neither certain.
pub(super) fn weigh(mut own: Verdict, findings: Vec<Finding>) -> Verdict {
    let own_rank = if own.kind == VerdictKind::Unknown { 0 } else { rank(&own.confidence) };
    let Some(best) = findings.iter().map(|finding| rank(&finding.confidence)).max() else { return own };
    if own_rank > best {
        for finding in findings {
            if finding.kind == own.kind && !own.evidence.contains(&finding.evidence) {
                own.evidence.push(finding.evidence);
            }
        }
        return own;
    }
    let kind = findings.iter().find(|f| rank(&f.confidence) == best).map_or(VerdictKind::Unknown, |f| f.kind.clone());
    let disputed = best == 3
        && (own_rank == 3 && own.kind != kind || findings.iter().any(|f| rank(&f.confidence) == 3 && f.kind != kind));
    let confidence = match best {
        3 if !disputed => Confidence::Certain,
        1 => Confidence::Possible,
        _ => Confidence::Likely,
    };
    let mut ranked: Vec<Finding> = findings.into_iter().filter(|f| disputed || f.kind == kind).collect();
    ranked.sort_by_key(|finding| std::cmp::Reverse(rank(&finding.confidence)));
    let mut evidence: Vec<Evidence> = ranked.into_iter().map(|finding| finding.evidence).collect();
    if disputed || own.kind == kind {
        evidence.extend(own.evidence);
    }
    evidence.dedup();
    Verdict { kind, confidence, evidence }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Confidence::{Certain, Likely, Possible};
    use VerdictKind::{ChildKilled, ContainerKilled, Unknown};

    fn own(kind: VerdictKind, confidence: Confidence) -> Verdict {
        Verdict { kind, confidence, evidence: vec![Evidence { fact: "own".to_owned(), line: None }] }
    }

    fn found(kind: VerdictKind, confidence: Confidence, fact: &str) -> Finding {
        Finding::new(kind, confidence, fact.to_owned(), Some(1))
    }

    fn facts(verdict: &Verdict) -> Vec<&str> {
        verdict.evidence.iter().map(|evidence| &*evidence.fact).collect()
    }

    #[test]
    fn the_strongest_reason_decides() {
        let verdict = weigh(own(ChildKilled, Likely), vec![found(ContainerKilled, Certain, "exit")]);
        assert_eq!((&verdict.kind, &verdict.confidence), (&ContainerKilled, &Certain));
        assert_eq!(facts(&verdict), ["exit"]);
        let verdict = weigh(own(ContainerKilled, Certain), vec![found(ChildKilled, Likely, "silence")]);
        assert_eq!((&verdict.kind, facts(&verdict)), (&ContainerKilled, vec!["own"]));
    }

    #[test]
    fn what_the_log_says_outranks_the_tables_shape() {
        let verdict = weigh(own(ContainerKilled, Possible), vec![found(ChildKilled, Possible, "silence")]);
        assert_eq!((&verdict.kind, &verdict.confidence), (&ChildKilled, &Possible));
        let verdict = weigh(own(Unknown, Certain), vec![found(ChildKilled, Possible, "silence")]);
        assert_eq!((&verdict.kind, &verdict.confidence), (&ChildKilled, &Possible));
    }

    #[test]
    fn reasons_for_the_same_answer_stand_together_the_strongest_first() {
        let said = vec![found(ChildKilled, Possible, "weak"), found(ChildKilled, Certain, "strong")];
        let verdict = weigh(own(ChildKilled, Likely), said);
        assert_eq!((&verdict.confidence, facts(&verdict)), (&Certain, vec!["strong", "weak", "own"]));
    }

    #[test]
    fn proofs_of_opposite_answers_leave_neither_certain() {
        let said = vec![found(ChildKilled, Certain, "alive"), found(ContainerKilled, Certain, "exit")];
        let verdict = weigh(own(Unknown, Possible), said);
        assert_eq!((&verdict.confidence, facts(&verdict)), (&Likely, vec!["alive", "exit", "own"]));
        let verdict = weigh(own(ContainerKilled, Certain), vec![found(ChildKilled, Certain, "alive")]);
        assert_eq!(verdict.confidence, Likely);
    }
}
