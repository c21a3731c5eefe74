//! Replays the kernel's choice: which row of the task table scores most, and whether it is the one that was killed.

use super::badness::{self, Most, Scorer, Total};
use super::badness_rules::{self, RootBonus, Scale, Tie};
use super::model::Agreement;
use super::term::Term;
use crate::event::{Constraint, Event, Task, Victim};

/// A table with what its scores are measured by.
pub(super) struct Replay<'a> {
    pub(super) scorer: Scorer<'a>,
    /// `None`: the dump does not say, and every row has the same `oom_score_adj`, so that it decides nothing.
    pub(super) total: Option<Total>,
    /// The table has no column for swap, and swap was or may have been in use.
    pub(super) lacks_swap: bool,
    /// The score that kernels up to 5.1 print for the one they choose, in thousandths.
    printed: Option<i128>,
}

impl<'a> Replay<'a> {
    /// Why the scores cannot be computed, else all that is needed for it. `tasks` are the event's, or what the caller
    /// supposes: then `supposed` lists the rows that were changed.
    pub(super) fn new(event: &Event, tasks: &'a [Task], supposed: &'a [usize]) -> Result<Self, &'static str> {
        let rules = badness_rules::rules(event)?;
        if tasks.iter().any(|task| task.rss_bytes.is_none()) {
            return Err("the table lacks the column of resident memory");
        }
        let lacks_swap = tasks.iter().any(|task| task.swap_bytes.is_none()) && !is_swap_unused(event);
        let printed = event.victims.first().and_then(|victim| victim.score).map(i128::from);
        if lacks_swap && (printed.is_none() || !supposed.is_empty()) {
            return Err(
                "this kernel's table has no column for swap, which counts, and swap was or may have been in use",
            );
        }
        let total = badness::total(event).filter(|total| total.pages.value() > 0);
        let mut adjs = tasks.iter().map(|task| task.oom_score_adj).filter(|adj| *adj != Some(-1000));
        let first = adjs.next();
        let differ = adjs.any(|adj| Some(adj) != first);
        if total.is_none() && (differ || rules.scale == Scale::PerMille || rules.root == RootBonus::OfMemory) {
            return Err("the dump does not say how much memory oom_score_adj is measured by");
        }
        let pages = total.as_ref().map_or_else(|| Term::literal(0), |total| total.pages.clone());
        let page = event.page_size_bytes.map(|page| Term::bytes("page_size_bytes", page));
        let page = page.ok_or("the dump does not say how large a page is")?;
        let scorer = Scorer { rules, total: pages, page, tasks, supposed };
        Ok(Self { scorer, total, lacks_swap, printed })
    }

    /// Rows that could be killed, highest score first; of equal ones the one the kernel takes.
    pub(super) fn ranking(&self) -> Vec<(usize, i128)> {
        let mut ranking: Vec<_> = self.killable().map(|row| (row, self.nominal(row))).collect();
        ranking.sort_by_key(|(row, points)| {
            let tie = match self.scorer.rules.tie {
                Tie::First => *row,
                Tie::Last => usize::MAX - row,
            };
            (std::cmp::Reverse(*points), tie)
        });
        ranking
    }

    fn killable(&self) -> impl Iterator<Item = usize> {
        (0..self.scorer.tasks.len()).filter(|row| !self.scorer.is_exempt(*row))
    }

    fn most(&self) -> &Most {
        self.total.as_ref().map_or(&Most::Same, |total| &total.most)
    }

    /// What the kernel would have computed if only the dump's own numbers counted.
    fn nominal(&self, row: usize) -> i128 {
        self.scorer.score(row, true, self.scorer.total.value())
    }

    /// Whether a row scores at least as much as every other.
    pub(super) fn agreement(&self, chosen: usize, ranking: &[(usize, i128)]) -> Agreement {
        if self.lacks_swap {
            return if self.exceeds_all(chosen) { Agreement::Possible } else { Agreement::Differs };
        }
        let best = ranking.first().map_or(0, |(_, points)| *points);
        let first = !self.scorer.is_exempt(chosen) && self.nominal(chosen) == best;
        if first && self.wins_with_most(chosen) {
            Agreement::Follows
        } else if first || self.may_win(chosen) {
            Agreement::Possible
        } else {
            Agreement::Differs
        }
    }

    /// Whether the score that the kernel printed is at least what every other row has without its swap.
    fn exceeds_all(&self, chosen: usize) -> bool {
        let printed = self.printed.unwrap_or(0);
        let total = self.scorer.total.value();
        let mut others = self.killable().filter(|row| *row != chosen);
        let thousandths = |points: i128| match self.scorer.rules.scale {
            Scale::PerMille => points,
            Scale::Pages => (points * 1000).checked_div(total).unwrap_or(0),
        };
        others.all(|row| thousandths(self.scorer.score(row, true, total)) <= printed)
    }

    /// Also when the node has all the swap that the cgroup may use.
    fn wins_with_most(&self, chosen: usize) -> bool {
        match self.most() {
            Most::Same => true,
            Most::Pages(most) => {
                let points = self.scorer.score(chosen, true, *most);
                self.killable().all(|row| self.scorer.score(row, true, *most) <= points)
            }
            // with ever more swap oom_score_adj alone decides
            Most::Unknown => {
                let adj = |row: usize| self.scorer.tasks[row].oom_score_adj;
                self.killable().all(|row| adj(row) <= adj(chosen))
            }
        }
    }

    /// Whether there is an amount of swap, and of root bonuses, with which the row scores most.
    fn may_win(&self, chosen: usize) -> bool {
        if self.scorer.is_exempt(chosen) {
            return false;
        }
        if self.scorer.tasks.iter().any(|task| task.page_tables_bytes.is_none()) && self.is_near(chosen) {
            return true;
        }
        let least = self.scorer.total.value();
        let best = |row: usize, total: i128| self.scorer.score(row, false, total);
        let worst = |row: usize, total: i128| self.scorer.score(row, true, total);
        let others = || self.killable().filter(|row| *row != chosen);
        if others().all(|row| worst(row, least) <= best(chosen, least)) {
            return true;
        }
        let most = match self.most() {
            Most::Same => return false,
            Most::Pages(most) => Some(*most),
            Most::Unknown => None,
        };
        // the score grows with the total by oom_score_adj: each other row leaves a range of totals, in thousands
        let (mut low, mut high) = (least / 1000, most.map(|most| most / 1000));
        for row in others() {
            let adj = |row: usize| i128::from(self.scorer.tasks[row].oom_score_adj.unwrap_or(0));
            let gain = adj(chosen) - adj(row);
            let lag = worst(row, 0) - best(chosen, 0);
            match gain {
                0 if lag > 0 => return false,
                0 => {}
                1.. => low = low.max(lag.div_euclid(gain) + i128::from(lag.rem_euclid(gain) > 0)),
                _ => high = high.into_iter().chain([(-lag).div_euclid(-gain)]).min(),
            }
        }
        high.is_none_or(|high| low <= high)
    }

    /// Page tables, where the table lacks them, are a small part of what a process holds.
    fn is_near(&self, chosen: usize) -> bool {
        let points = self.nominal(chosen);
        self.ranking().first().is_none_or(|(_, best)| (best - points) * 20 <= best.abs())
    }
}

/// Whether the dump shows that nothing was swapped out.
fn is_swap_unused(event: &Event) -> bool {
    if let Some(memory) = &event.memory
        && let Some(total) = memory.swap_total_bytes
    {
        return total.get() == 0 || memory.swap_free_bytes == Some(total);
    }
    let memcg = event.memcg.as_ref().filter(|_| event.constraint == Constraint::Memcg);
    memcg.is_some_and(|memcg| match (&memcg.memory, &memcg.memory_swap, &memcg.swap) {
        (Some(memory), Some(both), _) => both.usage_bytes <= memory.usage_bytes,
        (_, _, Some(swap)) => swap.usage_bytes.get() == 0,
        _ => false,
    })
}

/// The row of the process that the kernel compared with the others: the one it chose, not the child it killed instead.
pub(super) fn row_of(tasks: &[Task], victim: &Victim) -> Option<usize> {
    let find = |pid: u32| {
        tasks.iter().position(|task| task.pid == pid).or_else(|| tasks.iter().position(|task| task.tgid == Some(pid)))
    };
    victim.selected_pid.and_then(find).or_else(|| find(victim.pid))
}
