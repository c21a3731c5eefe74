//! `--what-if`: who would have been killed had one process had another `oom_score_adj`, RSS or swap.

use super::model::{Candidate, Sentence, Topic, WhatIfAnswer};
use super::replay::{self, Replay};
use super::sentence::{SentenceBuilder, plural, sentence};
use super::term::{Rows, Term};
use super::victim_choice::{candidate, named, points_word};
use crate::error::{Error, ErrorKind};
use crate::event::{Event, Task};
use crate::units::{Bytes, Quantity};

/// One question: `java:adj=-500`, `pid=42:adj=-500`, `java:rss=1Gi,swap=0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhatIf {
    question: String,
    who: Selector,
    changes: Vec<Change>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Selector {
    Pid(u32),
    Comm(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    OomScoreAdj(i32),
    Rss(Bytes),
    Swap(Bytes),
}

impl std::str::FromStr for WhatIf {
    type Err = Error;

    /// ```
    /// use oomkit_core::diagnose::explain::WhatIf;
    /// let what_if: WhatIf = "java:adj=-500".parse()?;
    /// assert!("java".parse::<WhatIf>().is_err());
    /// # Ok::<(), oomkit_core::Error>(())
    /// ```
    fn from_str(question: &str) -> Result<Self, Error> {
        parse(question).ok_or_else(|| {
            let expected =
                "`name:adj=-500`, `pid=42:adj=-500` or `name:rss=1Gi` (adj −1000 to 1000, rss, swap; joined by commas)";
            ErrorKind::Option { option: "what_if", value: question.to_owned(), expected }.into()
        })
    }
}

fn parse(question: &str) -> Option<WhatIf> {
    // names may hold colons: `runc:[1:CHILD]`
    let (who, changes) = question.rsplit_once(':')?;
    let changes: Option<Vec<Change>> = changes
        .split(',')
        .map(|change| match change.trim().split_once('=')? {
            ("adj" | "oom_score_adj", value) => {
                let adj = value.strip_prefix('+').unwrap_or(value).replace('−', "-").parse().ok()?;
                (-1000..=1000).contains(&adj).then_some(Change::OomScoreAdj(adj))
            }
            ("rss", value) => parse_size(value).map(Change::Rss),
            ("swap", value) => parse_size(value).map(Change::Swap),
            _ => None,
        })
        .collect();
    let who = match who.strip_prefix("pid=") {
        Some(pid) => Selector::Pid(pid.parse().ok()?),
        None if who.is_empty() => return None,
        None => Selector::Comm(who.to_owned()),
    };
    Some(WhatIf { question: question.to_owned(), who, changes: changes? })
}

/// Bytes of a Kubernetes quantity, rounded up as Kubernetes does.
pub(super) fn parse_size(text: &str) -> Option<Bytes> {
    text.parse::<Quantity>().ok()?.rounded_bytes().ok().map(Bytes)
}

impl WhatIf {
    fn changes(&self, task: &Task) -> bool {
        match &self.who {
            Selector::Pid(pid) => task.pid == *pid || task.tgid == Some(*pid),
            Selector::Comm(comm) => task.comm == *comm,
        }
    }
}

pub(super) fn answer(event: &Event, what_if: &WhatIf, out: &mut Vec<Sentence>) -> WhatIfAnswer {
    let rows: Vec<usize> = (0..event.tasks.len()).filter(|row| what_if.changes(&event.tasks[*row])).collect();
    let mut answer = WhatIfAnswer::required(what_if.question.clone(), rows.len() as u64);
    let say = sentence(Topic::WhatIf);
    if rows.is_empty() {
        say.text("No row of the task table is the one asked about.").on("completeness").add_to(out);
        return answer;
    }
    let of = Term::count("tasks", &Rows::new(rows.clone(), event.tasks.len()));
    let say = asked(say.text("With "), event, what_if, &rows, &of);
    if event.oom_kill_allocating_task == Some(true) {
        answer.changed = Some(false);
        let say = say.text("nothing would be different: vm.oom_kill_allocating_task does not look at scores.");
        say.on("oom_kill_allocating_task").add_to(out);
        return answer;
    }
    let mut tasks = event.tasks.clone();
    for row in &rows {
        for change in &what_if.changes {
            match change {
                Change::OomScoreAdj(adj) => tasks[*row].oom_score_adj = Some(*adj),
                Change::Rss(bytes) => tasks[*row].rss_bytes = Some(*bytes),
                Change::Swap(bytes) => tasks[*row].swap_bytes = Some(*bytes),
            }
        }
    }
    let replay = match Replay::new(event, &tasks, &rows) {
        Ok(replay) => replay,
        Err(reason) => {
            say.text("nothing can be told: ").text(reason).end(out);
            return answer;
        }
    };
    let Some((row, points)) = replay.ranking().first().copied() else {
        answer.changed = Some(true);
        say.text("nothing could have been killed: every row is exempt.").add_to(out);
        return answer;
    };
    let chosen = event.victims.first().and_then(|victim| replay::row_of(&event.tasks, victim));
    answer.changed = chosen.map(|chosen| chosen != row);
    let oom_score_adj = tasks[row].oom_score_adj.unwrap_or(0);
    answer.victim = Some(Candidate { oom_score_adj, ..candidate(event, row, points) });
    let say = named(say, event, row).text(" would ").when(chosen == Some(row), "still ");
    say.text("have been killed, with ").count(&replay.scorer.points(row)).text(points_word(&replay, points)).end(out);
    answer
}

/// `java (3 rows) at oom_score_adj -500 `
fn asked(say: SentenceBuilder, event: &Event, what_if: &WhatIf, rows: &[usize], count: &Term) -> SentenceBuilder {
    let first = rows[0];
    let say = match what_if.who {
        Selector::Comm(_) => say.name(format!("tasks[{first}].comm"), &event.tasks[first].comm),
        Selector::Pid(_) => named(say, event, first),
    };
    let say = say.text(" (").count(count).text(plural(rows.len(), " row)", " rows)"));
    let say = say.text(" at ").list(what_if.changes.iter(), ", ", |say, change| match change {
        Change::OomScoreAdj(adj) => say.text("oom_score_adj ").count(&Term::literal(*adj)),
        Change::Rss(bytes) => say.text("rss ").bytes(&Term::literal(bytes.get())),
        Change::Swap(bytes) => say.text("swap ").bytes(&Term::literal(bytes.get())),
    });
    say.text(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_exact() {
        assert_eq!(parse_size("80Mi"), Some(Bytes(83_886_080)));
        assert_eq!(parse_size("1.5Gi"), Some(Bytes(1_610_612_736)));
        assert_eq!(parse_size("500M"), Some(Bytes(500_000_000)));
        for wrong in ["", "80 Mi", "-1", "80MB"] {
            assert_eq!(parse_size(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn questions_name_a_process_and_what_changes() {
        let of = |text: &str| text.parse::<WhatIf>().ok().map(|w| (w.who, w.changes));
        assert_eq!(of("java:adj=-500"), Some((Selector::Comm("java".into()), vec![Change::OomScoreAdj(-500)])));
        assert_eq!(of("pid=42:adj=+7"), Some((Selector::Pid(42), vec![Change::OomScoreAdj(7)])));
        assert_eq!(of("runc:[1:CHILD]:adj=0").map(|(who, _)| who), Some(Selector::Comm("runc:[1:CHILD]".into())));
        assert_eq!(
            of("a b:rss=1Gi,swap=0").map(|(_, changes)| changes),
            Some(vec![Change::Rss(Bytes(1 << 30)), Change::Swap(Bytes(0))])
        );
        for wrong in ["", "java", "java:", ":adj=1", "java:adj=1001", "java:nice=3", "pid=x:adj=1", "java:rss=much"] {
            let error = wrong.parse::<WhatIf>().unwrap_err().to_string();
            assert!(error.contains("name:adj=-500"), "{error}");
        }
    }
}
