//! Repeats: kills that follow each other from one cause. Eighteen kills in ninety seconds are one problem.

use super::kill_record::KillRecord;
use super::report::Repeat;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What makes two kills the same problem: the same limit on the same host. A pod's containers get new ids when they
/// are restarted, so there the pod counts.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cause<'a> {
    host: Option<&'a str>,
    /// Where the log names no host, or has no wall clock, kills of two files cannot be compared.
    source: Option<&'a str>,
    dated: bool,
    scope: &'a str,
    level: Option<&'a str>,
    owner: Option<&'a str>,
}

/// Commands named for each repeat.
const COMMANDS: usize = 3;

/// All runs of at least two kills with no gap above `gap_seconds`; the most kills first.
pub(super) fn find<'a>(kills: impl Iterator<Item = &'a KillRecord>, gap_seconds: u64) -> Vec<Repeat> {
    let mut causes: BTreeMap<Cause<'a>, Vec<(i64, &'a KillRecord)>> = BTreeMap::new();
    for kill in kills {
        let Some(micros) = micros(kill) else { continue };
        let dated = kill.wall.is_some();
        let cause = Cause {
            host: kill.host.as_deref(),
            source: (kill.host.is_none() || !dated).then_some(&*kill.source),
            dated,
            scope: &kill.scope,
            level: kill.who.level.as_deref(),
            owner: kill.who.pod.as_deref().filter(|_| kill.who.limit.is_some()).or(kill.who.limit.as_deref()),
        };
        causes.entry(cause).or_default().push((micros, kill));
    }
    let gap = i64::try_from(gap_seconds.saturating_mul(1_000_000)).unwrap_or(i64::MAX);
    let mut found = Vec::new();
    for (cause, mut kills) in causes {
        kills.sort();
        let runs = kills.chunk_by(|a, b| b.0.saturating_sub(a.0) <= gap).filter(|run| run.len() > 1);
        found.extend(runs.map(|run| repeat(&cause, run)));
    }
    found.sort_by_key(|r| (Reverse(r.events), r.first, r.host.clone(), r.scope.clone(), r.limit.clone()));
    found
}

/// On the clock that the kill has.
fn micros(kill: &KillRecord) -> Option<i64> {
    let kernel = || kill.monotonic.and_then(|clock| i64::try_from(clock.as_micros()).ok());
    kill.wall.map(|wall| wall.timestamp_micros()).or_else(kernel)
}

fn repeat(cause: &Cause<'_>, run: &[(i64, &KillRecord)]) -> Repeat {
    let (first, last) = (run[0], run[run.len() - 1]);
    let mut commands: BTreeMap<&str, u64> = BTreeMap::new();
    for comm in run.iter().flat_map(|(_, kill)| kill.victims.iter().flatten()) {
        *commands.entry(comm).or_default() += 1;
    }
    let mut commands: Vec<_> = commands.into_iter().collect();
    commands.sort_by_key(|(comm, count)| (Reverse(*count), *comm));
    let containers: BTreeSet<&str> = run.iter().filter_map(|(_, kill)| kill.who.container.as_deref()).collect();
    let limits: BTreeSet<&str> = run.iter().filter_map(|(_, kill)| kill.who.limit.as_deref()).collect();
    Repeat {
        host: cause.host.map(str::to_owned),
        scope: cause.scope.to_owned(),
        level: cause.level.map(str::to_owned),
        pod_uid: first.1.who.pod.as_deref().filter(|pod| cause.owner == Some(pod)).map(str::to_owned),
        limit: limits.first().filter(|_| limits.len() == 1).map(|limit| (*limit).to_owned()),
        containers: containers.len() as u64,
        events: run.len() as u64,
        victims: run.iter().map(|(_, kill)| kill.victims.len() as u64).sum(),
        first: first.1.wall,
        last: last.1.wall,
        // to the microsecond, as printed
        seconds: (last.0 - first.0) as f64 / 1e6,
        commands: commands.into_iter().take(COMMANDS).map(|(comm, _)| comm.to_owned()).collect(),
    }
}
