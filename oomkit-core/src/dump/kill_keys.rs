//! Which kill a companion belongs to: the keys that both name, and how close they are.

use crate::event::{Companion, Event, Identity, Job, Origin};
use crate::options::Options;
use crate::time::Clock;

/// What a companion could name of an event.
#[derive(Debug)]
pub(super) struct KillKeys {
    pub(super) host: Option<String>,
    /// A user process wrote it.
    user: bool,
    id: String,
    first_byte: u64,
    lines: (u64, u64),
    clock: Clock,
    pids: Vec<u32>,
    containers: Vec<String>,
    units: Vec<String>,
    jobs: Vec<Job>,
}

impl KillKeys {
    pub(super) fn of(event: &Event, clock: Clock) -> Self {
        let mut keys = Self {
            host: event.host.clone(),
            user: event.source.origin == Origin::User,
            id: event.id.clone(),
            first_byte: event.source.first_byte,
            lines: (event.source.first_line, event.source.last_line),
            clock,
            pids: event.victims.iter().flat_map(|victim| [Some(victim.pid), victim.selected_pid]).flatten().collect(),
            containers: Vec::new(),
            units: Vec::new(),
            jobs: Vec::new(),
        };
        for identity in event.container.iter().chain(event.limit_owner.as_ref().map(|owner| &owner.identity)) {
            keys.identity(identity);
        }
        // a service manager speaks of its own unit, which may hold the victim's: `user@1000.service/app.slice/x.scope`
        let memcg = event.memcg.as_ref();
        let paths = [memcg.and_then(|m| m.task_memcg.as_deref()), memcg.and_then(|m| m.oom_memcg.as_deref())];
        let of_victims = event.victims.iter().map(|victim| victim.task_memcg.as_deref());
        for path in paths.into_iter().chain(of_victims).flatten() {
            let names = path.split('/').filter(|name| name.ends_with(".service") || name.ends_with(".scope"));
            for name in names {
                if !keys.units.iter().any(|unit| unit == name) {
                    keys.units.push(name.to_owned());
                }
            }
        }
        keys
    }

    pub(super) fn last_line(&self) -> u64 {
        self.lines.1
    }

    fn identity(&mut self, identity: &Identity) {
        self.containers.extend(identity.id.clone());
        self.units.extend(identity.unit.clone());
        self.jobs.extend(identity.job.clone());
        for inner in &identity.nesting {
            self.identity(inner);
        }
    }

    /// Whether a companion with this clock is close enough: in time where both tell, else in lines.
    fn is_near(&self, line: u64, clock: &Clock, options: &Options) -> bool {
        let limits = &options.limits;
        self.clock.is_near(clock, limits.idle_seconds).unwrap_or_else(|| {
            let (first, last) = self.lines;
            let apart = if line < first { first - line } else { line.saturating_sub(last) };
            apart <= limits.idle_lines
        })
    }

    fn is_named_by(&self, companion: &Companion) -> bool {
        companion.pid.is_some_and(|pid| self.pids.contains(&pid))
            || companion.container_id.as_deref().is_some_and(|id| self.containers.iter().any(|c| same_id(c, id)))
            || companion.unit.as_ref().is_some_and(|unit| self.units.contains(unit))
            || companion.job.as_ref().is_some_and(|job| self.jobs.iter().any(|j| same_job(j, job)))
    }
}

/// Among several kills that a companion may belong to, the last before it; else the first behind it.
pub(super) fn owner<'k>(
    keys: impl Iterator<Item = &'k KillKeys>,
    companion: &Companion,
    clock: &Clock,
    options: &Options,
) -> Option<&'k str> {
    let at = companion.source.first_byte;
    let rank = |keys: &&KillKeys| {
        let before = keys.first_byte <= at;
        (!before, if before { at - keys.first_byte } else { keys.first_byte - at })
    };
    keys.filter(|keys| options.include_user || !keys.user)
        .filter(|keys| keys.is_named_by(companion) && keys.is_near(companion.source.first_line, clock, options))
        .min_by_key(rank)
        .map(|keys| keys.id.as_str())
}

/// Some print only the first 12 or 20 digits.
fn same_id(whole: &str, id: &str) -> bool {
    id.len() >= 12 && whole.starts_with(id)
}

fn same_job(one: &Job, other: &Job) -> bool {
    one.id.is_some() && one.id == other.id && (one.step == other.step || one.step.is_none() || other.step.is_none())
}
