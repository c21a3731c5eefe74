//! Batch systems: Slurm, HTCondor, PBS, LSF.

use super::component::{Above, Component, JobPart, Realm};
use super::pattern::{number, pattern};
use crate::event::Runtime;
use regex::bytes::Regex;
use std::sync::LazyLock;

/// `condor_var_lib_condor_execute_slot1_3@wn042.example.org`
static SLOT: LazyLock<Regex> = LazyLock::new(|| pattern("(?:.*?[^a-z0-9])?(slot[0-9]+(?:_[0-9]+)?@.+)"));

/// `/pbs_jobs.service/jobid/1234.server`, array jobs `1234[5].server`; older hooks write `pbspro-1234.server.slice`.
static PBS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:pbspro-|pbs_jobs-)?([0-9]+(?:\[[0-9]*\])?\.[A-Za-z0-9_.-]+?)(?:\.slice)?"));

/// `/lsf/CLUSTER/job.1234.5678.1700000000`
static LSF: LazyLock<Regex> = LazyLock::new(|| pattern(r"job\.([0-9]+(?:\[[0-9]+\])?)(?:\..*)?"));

/// PBS and LSF have no word of their own: their jobs are [`Runtime::Unknown`], since `systemd` would be untrue (the
/// hook or the daemon makes these directories itself).
pub(super) fn read<'a>(name: &'a [u8], above: &Above<'_>) -> Option<Component<'a>> {
    match above.realm {
        Realm::Slurm => slurm(name, above),
        Realm::Pbs => first(&PBS, name).map(|id| job(Runtime::Unknown, JobPart::Id(id))),
        Realm::Lsf => first(&LSF, name).map(|id| job(Runtime::Unknown, JobPart::Id(id))),
        // `BASE_CGROUP` can rename the tree, but not the names in it.
        realm if realm == Realm::Condor || name.starts_with(b"condor_") => {
            first(&SLOT, name).map(|slot| job(Runtime::Htcondor, JobPart::Slot(slot)))
        }
        _ => None,
    }
}

/// v1 `/slurm/uid_1018/job_849633/step_batch/task_0`,
/// v2 `/system.slice/slurmstepd.scope/job_849633/step_0/user/task_0`.
fn slurm<'a>(name: &'a [u8], above: &Above<'_>) -> Option<Component<'a>> {
    let under = |prefix: &[u8]| above.parent.starts_with(prefix);
    if let Some(uid) = name.strip_prefix(b"uid_").and_then(number) {
        return Some(Component::User { uid, runtime: Some(Runtime::Slurm) });
    }
    // `user` holds the tasks, beside `slurm` with the step's daemon.
    if name == b"user" && under(b"step_") {
        return Some(Component::Inside);
    }
    let part = if let Some(id) = name.strip_prefix(b"job_").filter(|id| number(id).is_some()) {
        JobPart::Id(id)
    } else if let Some(step) = name.strip_prefix(b"step_").filter(|_| under(b"job_")) {
        JobPart::Step(step)
    } else if let Some(task) = name.strip_prefix(b"task_").filter(|_| under(b"step_") || above.parent == b"user") {
        JobPart::Task(task)
    } else {
        return None;
    };
    Some(job(Runtime::Slurm, part))
}

fn job(runtime: Runtime, part: JobPart<'_>) -> Component<'_> {
    Component::Job { runtime, part }
}

fn first<'a>(pattern: &Regex, name: &'a [u8]) -> Option<&'a [u8]> {
    Some(pattern.captures(name)?.get(1)?.as_bytes())
}
