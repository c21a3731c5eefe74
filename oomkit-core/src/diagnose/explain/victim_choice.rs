//! Who was killed, and whether the choice follows from the kernel's own badness scores.

use super::badness_rules::{RootBonus, Scale, Tie};
use super::model::{Agreement, Candidate, Choice, Sentence, Topic};
use super::replay::{self, Replay};
use super::sentence::{SentenceBuilder, plural, sentence, size};
use super::term::{Rows, Term};
use crate::event::{Event, Outcome, Victim};

/// Candidates listed.
const MOST: usize = 10;

pub(super) fn explain(event: &Event, out: &mut Vec<Sentence>) -> Option<Choice> {
    fate(event, out);
    if event.tasks.is_empty() {
        return None;
    }
    let replay = match Replay::new(event, &event.tasks, &[]) {
        Ok(replay) => replay,
        Err(reason) => return Some(unknown(reason, out)),
    };
    let ranking = replay.ranking();
    let chosen = event.victims.first().and_then(|victim| replay::row_of(&event.tasks, victim));
    let agreement = match (event.victims.first(), chosen) {
        (Some(_), None) => {
            return Some(unknown("the victim is not in the table, so rows are missing", out));
        }
        _ if event.oom_kill_allocating_task == Some(true) => Agreement::AllocatingTask,
        (Some(_), Some(row)) => replay.agreement(row, &ranking),
        (None, _) => Agreement::NoVictim,
    };
    let is_victim = |row: usize| event.victims.iter().any(|v| replay::row_of(&event.tasks, v) == Some(row));
    let next = ranking.iter().find(|(row, _)| !is_victim(*row)).copied().filter(|_| !replay.lacks_swap);
    let shown = ranking.iter().enumerate().filter(|(rank, (row, _))| *rank < MOST || chosen == Some(*row));
    let total = replay.total.as_ref();
    let choice = Choice {
        agreement: agreement.clone(),
        candidates: shown.map(|(_, (row, points))| candidate(event, *row, *points)).collect(),
        total_pages: total.and_then(|total| u64::try_from(total.pages.value()).ok()),
        total_pages_most: total.and_then(|total| match total.most {
            super::badness::Most::Pages(most) => u64::try_from(most).ok(),
            _ => None,
        }),
        reason: reason(&replay, &agreement).map(str::to_owned),
        next: next.map(|(row, points)| candidate(event, row, points)),
    };
    scores(event, &replay, chosen, &ranking, &choice, out);
    if agreement != Agreement::AllocatingTask
        && let Some((row, points)) = next.filter(|_| agreement != Agreement::NoVictim)
    {
        let say = named(sentence(Topic::Killed).text("Next would have been "), event, row);
        say.text(" with ").count(&replay.scorer.points(row)).text(points_word(&replay, points)).end(out);
    }
    Some(choice)
}

pub(super) fn candidate(event: &Event, row: usize, points: i128) -> Candidate {
    let task = &event.tasks[row];
    Candidate {
        row: row as u64,
        pid: task.pid,
        comm: task.comm.clone(),
        comm_raw: task.comm_raw.clone(),
        points: Term::literal(points).as_i64(),
        oom_score_adj: task.oom_score_adj.unwrap_or(0),
        victim: event.victims.iter().any(|v| replay::row_of(&event.tasks, v) == Some(row)),
    }
}

/// `java (pid 42)`, of a row.
pub(super) fn named(say: SentenceBuilder, event: &Event, row: usize) -> SentenceBuilder {
    let task = &event.tasks[row];
    let pid = Term::field(format!("tasks[{row}].pid"), task.pid);
    say.name(format!("tasks[{row}].comm"), &task.comm).text(" (pid ").count(&pid).text(")")
}

/// ` points`; on old kernels thousandths.
pub(super) fn points_word(replay: &Replay<'_>, points: i128) -> &'static str {
    match (replay.scorer.rules.scale, points) {
        (Scale::Pages, 1) => " point",
        (Scale::Pages, _) => " points",
        (Scale::PerMille, _) => " thousandths of memory",
    }
}

/// How it ended.
fn fate(event: &Event, out: &mut Vec<Sentence>) {
    let text = match (&event.outcome, event.victims.first()) {
        (Outcome::Killed, Some(victim)) => {
            out.push(killed(event, victim));
            return others(event, victim, out);
        }
        (Outcome::NoKillableProcess, _) => "Nothing could be killed: the kernel found no process it may kill.",
        (Outcome::Panic, _) => "The kernel panicked instead of killing: vm.panic_on_oom is set.",
        (Outcome::Deadlock, _) => "The kernel panicked, as nothing could be killed.",
        (Outcome::NotPrinted, _) => {
            "This kernel prints no kill line for a cgroup's limit, so who was killed is not in the log."
        }
        _ => {
            let say = sentence(Topic::Killed).text("The log does not hold who was killed.");
            return say.on("outcome").on("completeness").add_to(out);
        }
    };
    sentence(Topic::Killed).text(text).on("outcome").add_to(out);
}

fn killed(event: &Event, victim: &Victim) -> Sentence {
    let pid = Term::field("victims[0].pid", victim.pid);
    let say = sentence(Topic::Killed).text("The kernel killed ");
    let say = match &victim.comm {
        Some(comm) => say.name("victims[0].comm", comm).text(" (pid ").count(&pid).text(")"),
        None => say.text("pid ").count(&pid),
    };
    let held = [
        ("anonymous", size("victims[0].anon_rss_bytes", victim.anon_rss_bytes)),
        ("file", size("victims[0].file_rss_bytes", victim.file_rss_bytes)),
        ("shared", size("victims[0].shmem_rss_bytes", victim.shmem_rss_bytes)),
    ];
    let held = || held.iter().filter_map(|(name, term)| Some((*name, term.as_ref()?)));
    let say = say.when(held().next().is_some(), ", which held ").sizes(held());
    let memcg = event.memcg.as_ref().and_then(|m| m.task_memcg.as_deref());
    let limited = event.memcg.as_ref().and_then(|m| m.oom_memcg.as_deref());
    let say = say.maybe(memcg, |say, path| match path {
        _ if Some(path) == limited => say.text(", in that cgroup").on("memcg.task_memcg").on("memcg.oom_memcg"),
        "/" => say.text(", in the root cgroup").on("memcg.task_memcg"),
        _ => say.text(", in cgroup ").name("memcg.task_memcg", path),
    });
    say.text(".").done()
}

fn others(event: &Event, victim: &Victim, out: &mut Vec<Sentence>) {
    if let Some(pid) = victim.selected_pid {
        let pid = Term::field("victims[0].selected_pid", pid);
        let say = sentence(Topic::Killed).text("It had chosen pid ").count(&pid);
        say.text(", and killed this child or thread group in its place.").add_to(out);
    }
    let rows = Rows::new((1..event.victims.len()).collect(), event.victims.len());
    if event.victims.len() > 1 {
        let say = sentence(Topic::Killed).text("With it died ").count(&Term::count("victims", &rows));
        let say = say.text(plural(event.victims.len() - 1, " more process", " more processes"));
        let known = event.memcg.as_ref().map(|memcg| [&memcg.oom_memcg, &memcg.task_memcg]);
        let is_known =
            |path: &String| known.is_some_and(|known| known.into_iter().flatten().any(|known| known == path));
        say.maybe(event.group_kill.as_ref(), |say, group| match is_known(&group.path) {
            true => say.text(": memory.oom.group is set for that cgroup").on("group_kill.path"),
            false => say.text(": memory.oom.group is set for ").name("group_kill.path", &group.path),
        })
        .end(out);
    }
}

fn unknown(reason: &str, out: &mut Vec<Sentence>) -> Choice {
    let say = sentence(Topic::Killed).text("Whether the kernel's scores say so cannot be told: ").text(reason);
    say.text(".").on("tasks").add_to(out);
    Choice { reason: Some(reason.to_owned()), ..Choice::required(Agreement::NotReplayable, Vec::new()) }
}

fn reason(replay: &Replay<'_>, agreement: &Agreement) -> Option<&'static str> {
    let rules = &replay.scorer.rules;
    match agreement {
        Agreement::AllocatingTask => Some("vm.oom_kill_allocating_task is set: the kernel killed who asked"),
        Agreement::Possible | Agreement::Differs if replay.lacks_swap => {
            Some("swap counts as well, and this kernel's table does not show it")
        }
        Agreement::Differs => {
            Some("the table is written after the choice: rows may have grown since, or were dying or in vfork")
        }
        Agreement::Possible if rules.root != RootBonus::None => {
            Some("it depends on which root processes have CAP_SYS_ADMIN, or on columns this table lacks")
        }
        Agreement::Possible => Some("it depends on how much swap the node has, which a cgroup's dump does not say"),
        _ => None,
    }
}

fn scores(
    event: &Event,
    replay: &Replay<'_>,
    chosen: Option<usize>,
    ranking: &[(usize, i128)],
    choice: &Choice,
    out: &mut Vec<Sentence>,
) {
    let event_rows = replay.scorer.tasks.len();
    let say = sentence(Topic::Killed);
    let reason = choice.reason.as_deref().unwrap_or_default();
    let Some((best, points)) = ranking.first().copied() else {
        say.text("Every row of the table is exempt (oom_score_adj −1000).").on("tasks").add_to(out);
        return;
    };
    let score = |say: SentenceBuilder, row: usize| say.count(&replay.scorer.points(row)).text(points_word(replay, 0));
    let name = |say: SentenceBuilder, row: usize| named(say, event, row);
    let count = |rows: Vec<usize>| Term::count("tasks", &Rows::new(rows, event_rows));
    match (&choice.agreement, chosen) {
        (Agreement::AllocatingTask, _) => {
            say.text("Scores had no part in it: ").text(reason).on("oom_kill_allocating_task").end(out);
            return;
        }
        (Agreement::Follows, Some(row)) => {
            let say = score(say.text("That follows from the kernel's own scores: "), row);
            let say = adjusted(say.text(measured(replay, row)), replay, row).text(")");
            let say = match ranking.len() {
                1 => say.text("; it was the only row"),
                _ => say
                    .text(", the most of the ")
                    .count(&count(ranking.iter().map(|(row, _)| *row).collect()))
                    .text(" rows"),
            };
            say.text(" that could be killed.").add_to(out);
        }
        (Agreement::Possible, Some(row)) if replay.lacks_swap => {
            let say = score(say.text("By what the table shows it scored "), row);
            let printed = Term::field("victims[0].score", event.victims.first().and_then(|v| v.score).unwrap_or(0));
            let say =
                say.text("; the kernel printed ").count(&printed).text(", which no other row is sure to exceed: ");
            say.text(reason).end(out);
        }
        (Agreement::Possible, Some(row)) => {
            let say = score(say.text("By what the dump shows it scored "), row);
            let say = if row == best { say } else { score(name(say.text(", and "), best).text(" "), best) };
            say.text("; ").text(reason).end(out);
        }
        (Agreement::Differs, Some(row)) => {
            let say =
                score(name(say.text("By the scores of the table it should have been "), best).text(" with "), best);
            score(say.text(", not this one with "), row).text("; ").text(reason).end(out);
        }
        _ => {
            let say = score(
                name(say.text("By the scores of the table the first to be killed was "), best).text(" with "),
                best,
            );
            say.text(".").on("outcome").add_to(out);
        }
    }
    let equal: Vec<usize> = ranking.iter().filter(|(_, p)| *p == points).map(|(row, _)| *row).collect();
    if equal.len() > 1 && matches!(choice.agreement, Agreement::Follows | Agreement::NoVictim) {
        let say = sentence(Topic::Killed).count(&count(equal));
        let say = say.text(" rows have that score; the kernel takes the one it looks at ");
        say.text(if replay.scorer.rules.tie == Tie::First { "first." } else { "last." }).add_to(out);
    }
    let exempt: Vec<usize> = (0..event_rows).filter(|row| replay.scorer.is_exempt(*row)).collect();
    if !exempt.is_empty() {
        let adj = Term::field(format!("tasks[{}].oom_score_adj", exempt[0]), -1000);
        let verb = plural(exempt.len(), " row is", " rows are");
        let say = sentence(Topic::Killed).count(&count(exempt)).text(verb);
        say.text(" exempt by oom_score_adj ").count(&adj).end(out);
    }
}

/// What points are made of.
fn measured(replay: &Replay<'_>, row: usize) -> &'static str {
    match replay.scorer.rules.scale {
        Scale::Pages if replay.scorer.tasks[row].page_tables_bytes.is_some() => {
            " (pages of resident memory, swap and page tables"
        }
        Scale::Pages => " (pages of resident memory and swap",
        Scale::PerMille => " (resident memory and swap",
    }
}

/// `, and 11178 for oom_score_adj 200 of 218.4 MiB`
fn adjusted(say: SentenceBuilder, replay: &Replay<'_>, row: usize) -> SentenceBuilder {
    let (Some(total), Scale::Pages) = (&replay.total, replay.scorer.rules.scale) else { return say };
    let adj = replay.scorer.tasks[row].oom_score_adj.filter(|adj| *adj != 0);
    let Some(adj) = adj.map(|adj| Term::field(format!("tasks[{row}].oom_score_adj"), adj)) else { return say };
    let points = adj.clone().times(total.pages.clone().over(Term::literal(1000)));
    let say = say.text(", and ").count(&points).text(" for oom_score_adj ").count(&adj).text(" of ");
    say.bytes(&total.pages.clone().times(replay.scorer.page.clone()))
}
