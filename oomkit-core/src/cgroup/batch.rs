//! Batch systems: Slurm, HTCondor, PBS, LSF.

use super::component::{Above, Component, JobPart, Realm};
use super::spelling::{number, split_digits, stem};
use crate::event::Runtime;

/// PBS and LSF have no word of their own: their jobs are [`Runtime::Unknown`], since `systemd` would be untrue (the
/// hook or the daemon makes these directories itself).
pub(super) fn classify<'a>(name: &'a [u8], above: &Above<'_>) -> Option<Component<'a>> {
    match above.realm {
        Realm::Slurm => slurm(name, above),
        Realm::Pbs => pbs(name).map(|id| job(Runtime::Unknown, JobPart::Id(id))),
        Realm::Lsf => lsf(name).map(|id| job(Runtime::Unknown, JobPart::Id(id))),
        // `BASE_CGROUP` can rename the tree, but not the names in it.
        realm if realm == Realm::Condor || name.starts_with(b"condor_") => {
            slot(name).map(|slot| job(Runtime::Htcondor, JobPart::Slot(slot)))
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

/// `condor_var_lib_condor_execute_slot1_3@wn042.example.org`: a directory's name may precede the slot's.
fn slot(name: &[u8]) -> Option<&[u8]> {
    let begins = |at: &usize| !matches!(name[at - 1], b'a'..=b'z' | b'0'..=b'9');
    (1..name.len()).filter(begins).chain([0]).map(|at| &name[at..]).find(|name| is_slot(name))
}

fn is_slot(name: &[u8]) -> bool {
    let Some((_, rest)) = name.strip_prefix(b"slot").and_then(split_digits) else { return false };
    let part = rest.strip_prefix(b"_").and_then(split_digits);
    let machine = part.map_or(rest, |(_, rest)| rest).strip_prefix(b"@");
    machine.is_some_and(|machine| !machine.is_empty())
}

/// `/pbs_jobs.service/jobid/1234.server`, array jobs `1234[5].server`; older hooks write `pbspro-1234.server.slice`.
fn pbs(name: &[u8]) -> Option<&[u8]> {
    let name = name.strip_prefix(b"pbspro-").or_else(|| name.strip_prefix(b"pbs_jobs-")).unwrap_or(name);
    let (number, rest) = split_number(name)?;
    let server = rest.strip_prefix(b".").filter(|server| !server.is_empty())?;
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    let length = number.len() + 1 + stem(server, b".slice").unwrap_or(server).len();
    server.iter().all(plain).then(|| &name[..length])
}

/// `/lsf/CLUSTER/job.1234.5678.1700000000`
fn lsf(name: &[u8]) -> Option<&[u8]> {
    let (number, rest) = split_number(name.strip_prefix(b"job.")?)?;
    ((rest.is_empty() || rest.starts_with(b".")) && !number.ends_with(b"[]")).then_some(number)
}

/// A job's number with its place in an array, `1234[5]`, and what follows it. `1234[]` is the array.
fn split_number(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (digits, rest) = split_digits(text)?;
    let Some(index) = rest.strip_prefix(b"[") else { return Some((digits, rest)) };
    let index = split_digits(index).map_or(0, |(index, _)| index.len());
    (rest.get(index + 1) == Some(&b']')).then(|| text.split_at(digits.len() + index + 2))
}
