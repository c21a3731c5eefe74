//! Words for numbers, names and identities.

use super::layout::{HARD_SPACE, unbroken};
use crate::output::escape;
use oomkit_core::event::{Identity, Job, QosClass, RawBytes, Runtime};
use oomkit_core::units::Bytes;

/// `25.0 MiB`, never broken up.
pub(super) fn size(bytes: Bytes) -> String {
    unbroken(&bytes.to_string())
}

/// `key 25.0 MiB`, when there is a value.
pub(super) fn sized(key: &str, bytes: Option<Bytes>) -> Option<String> {
    bytes.map(|bytes| unbroken(&format!("{key} {bytes}")))
}

/// How much of `whole` a part is, in percent.
pub(super) fn percent(part: Bytes, whole: Bytes) -> Option<String> {
    (whole.get() > 0).then(|| format!("{:.0}%", part.get() as f64 / whole.get() as f64 * 100.0))
}

/// Joins what there is.
pub(super) fn list<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let mut all = String::new();
    for item in items {
        if !all.is_empty() {
            all.push_str(", ");
        }
        all.push_str(item.as_ref());
    }
    all
}

/// A name from the log: safe, and never broken up.
pub(super) fn name(text: &str, raw: Option<&RawBytes>) -> String {
    let name = unbroken(&escape::name(text, raw));
    // spaces at the ends would not be seen
    let blind = name.is_empty() || name.starts_with(HARD_SPACE) || name.ends_with(HARD_SPACE);
    if blind { format!("\"{name}\"") } else { name }
}

/// `java (pid 42)`, `pid 42`.
pub(super) fn process(comm: Option<&str>, raw: Option<&RawBytes>, pid: Option<u32>) -> String {
    match (comm, pid) {
        (Some(comm), Some(pid)) => unbroken(&format!("{} (pid {pid})", name(comm, raw))),
        (Some(comm), None) => name(comm, raw),
        (None, Some(pid)) => unbroken(&format!("pid {pid}")),
        (None, None) => "a process".to_owned(),
    }
}

/// The first twelve digits of a container id, as tools show it.
pub(super) fn short_id(id: &str) -> String {
    let hex = id.len() > 12 && id.bytes().all(|b| b.is_ascii_hexdigit());
    if hex { id[..12].to_owned() } else { name(id, None) }
}

/// `best effort` for `best_effort`: contract words as people write them.
pub(super) fn plain(word: &str) -> String {
    escape::text(word).replace('_', " ")
}

pub(super) fn qos(class: &QosClass) -> String {
    unbroken(&format!("{} QoS", plain(class.as_str())))
}

/// `job 849633, step 0`
pub(super) fn job(job: &Job) -> String {
    let part =
        |key: &str, value: &Option<String>| value.as_deref().map(|v| unbroken(&format!("{key} {}", name(v, None))));
    list(
        [part("job", &job.id), part("step", &job.step), part("task", &job.task), part("slot", &job.slot)]
            .iter()
            .flatten(),
    )
}

/// Everything an identity says, in full.
pub(super) fn identity(who: &Identity) -> String {
    let named =
        |key: &str, value: &Option<String>| value.as_deref().map(|v| unbroken(&format!("{key} {}", name(v, None))));
    let mut parts = Vec::new();
    match (&who.runtime, &who.id) {
        (Runtime::Systemd, _) => {}
        (Runtime::Unknown, Some(id)) => parts.push(format!("container {}", name(id, None))),
        (runtime, Some(id)) => parts.push(format!("{} {}", name(runtime.as_str(), None), name(id, None))),
        (Runtime::Unknown, None) => {}
        (runtime, None) => parts.push(name(runtime.as_str(), None)),
    }
    parts.extend(named("name", &who.name));
    parts.extend(named("namespace", &who.namespace));
    parts.extend(named("pod", &who.pod_uid));
    parts.extend(who.qos_class.as_ref().map(qos));
    parts.extend(named("unit", &who.unit));
    // a container's slice only repeats its pod
    parts.extend(named("slice", &who.slice).filter(|_| who.id.is_none()));
    parts.extend(named("machine", &who.machine));
    parts.extend(who.user_uid.map(|uid| format!("user {uid}")));
    parts.extend(who.job.as_ref().map(job));
    if let Some(task) = &who.task {
        parts.extend(named("task", &task.id));
        parts.extend(named("task name", &task.name));
    }
    if who.nesting.len() > 1 {
        parts.push(format!("nested: {}", who.nesting.iter().map(brief).collect::<Vec<_>>().join(" › ")));
    }
    list(parts)
}

/// An identity in a few words, for a sentence; says nothing when it knows nothing.
pub(super) fn brief(who: &Identity) -> String {
    if let Some(id) = &who.id {
        return unbroken(&format!("container {}", short_id(id)));
    }
    let named = |key: &str, value: &str| unbroken(&format!("{key} {}", name(value, None)));
    if let Some(container) = &who.name {
        return named("container", container);
    }
    if let Some(pod) = &who.pod_uid {
        return named("pod", pod);
    }
    if let Some(machine) = &who.machine {
        return named("machine", machine);
    }
    if let Some(of) = who.job.as_ref().filter(|j| j.id.is_some() || j.slot.is_some()) {
        return job(of);
    }
    match (&who.unit, who.user_uid, &who.slice) {
        (Some(unit), ..) => name(unit, None),
        (None, Some(uid), _) => format!("user {uid}"),
        (None, None, Some(slice)) => name(slice, None),
        (None, None, None) => String::new(),
    }
}
