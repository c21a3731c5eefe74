//! The first line of a block: when, where, and what happened in one sentence.

use super::layout::{ALARM, Block, FAINT, HARD_SPACE, NAME, unbroken};
use super::words::{brief, job, name, plain, process};
use oomkit_core::Event;
use oomkit_core::event::{Constraint, Level, LimitOwner, Origin, Outcome, Scope, Time};

pub(super) fn write(event: &Event, block: &mut Block) {
    let mut parts = vec![(FAINT, unbroken(&when(&event.time)))];
    if let Some(host) = &event.host {
        parts.push((NAME, format!("{HARD_SPACE}{}", name(host, None))));
    }
    parts.push((ALARM, format!("{HARD_SPACE}{}", sentence(event))));
    block.head(&parts);
}

/// The clearest time there is.
pub(super) fn when(time: &Time) -> String {
    match (time.wall, &time.text, time.monotonic_seconds) {
        (Some(wall), ..) => wall.format("%Y-%m-%d %H:%M:%S %:z").to_string(),
        (None, Some(text), _) => name(text, None),
        (None, None, Some(clock)) => format!("[{clock}]"),
        (None, None, None) => "time unknown".to_owned(),
    }
}

/// `java (pid 42) was killed: memory limit of container 9823d09a922d reached`
pub(super) fn sentence(event: &Event) -> String {
    let claim = if event.source.origin == Origin::User { "a user process wrote that " } else { "" };
    let what = match (victims(event), &event.outcome) {
        (Some(who), Outcome::Panic) => format!("{who} killed and the kernel panicked"),
        (Some(who), Outcome::Deadlock) => {
            format!("{who} killed and the kernel panicked, as nothing else was left to kill")
        }
        (Some(who), _) => format!("{who} killed"),
        (None, Outcome::Panic) => "the kernel panicked".to_owned(),
        (None, Outcome::Deadlock) => "the kernel panicked, as nothing could be killed".to_owned(),
        (None, Outcome::NoKillableProcess) => "nothing could be killed".to_owned(),
        (None, Outcome::NotPrinted) => "a process was killed that this kernel does not name".to_owned(),
        (None, Outcome::Killed) => "a process was killed that the log does not name".to_owned(),
        (None, Outcome::Unknown) => {
            return format!(
                "{claim}{}; who was killed is not in the log",
                why(event).unwrap_or_else(|| "the OOM killer ran".to_owned())
            );
        }
        (None, other) => plain(other.as_str()),
    };
    match why(event) {
        Some(why) => format!("{claim}{what}: {why}"),
        None => format!("{claim}{what}"),
    }
}

/// `java (pid 42) was`, `java (pid 42) and 3 more processes were`.
fn victims(event: &Event) -> Option<String> {
    let first = event.victims.first()?;
    let who = process(first.comm.as_deref(), first.comm_raw.as_ref(), Some(first.pid));
    Some(match event.victims.len() - 1 {
        0 => format!("{who} was"),
        1 => format!("{who} and 1 more process were"),
        more => format!("{who} and {more} more processes were"),
    })
}

/// Whose memory ran out; nothing when the dump does not tell.
fn why(event: &Event) -> Option<String> {
    let limit = |of: String| format!("memory limit of {of} reached");
    let owner = event.limit_owner.as_ref();
    let path = || event.memcg.as_ref().and_then(|m| Some(name(m.oom_memcg.as_deref()?, m.oom_memcg_raw.as_ref())));
    let known = |who: String, otherwise: &str| if who.is_empty() { otherwise.to_owned() } else { who };
    Some(match &event.scope {
        Scope::Container => {
            let who = owner.map(|o| &o.identity).or(event.container.as_ref()).map(brief);
            limit(known(who.unwrap_or_default(), "a container"))
        }
        Scope::Pod => {
            let pod = owner.and_then(|o| o.identity.pod_uid.as_deref());
            limit(pod.map_or("a pod".to_owned(), |pod| format!("pod {}", name(pod, None))))
        }
        Scope::NodeAllocatable => match owner {
            Some(LimitOwner { level: Level::QosClass, identity, .. }) => {
                let class = identity.qos_class.as_ref().map(|c| plain(c.as_str())).unwrap_or_default();
                limit(format!("the node's {class} pods"))
            }
            _ => limit("all pods of the node".to_owned()),
        },
        Scope::Cgroup => {
            let who = owner.map(|o| match &o.identity.job {
                Some(of) if o.level == Level::Job => job(of),
                _ => brief(&o.identity),
            });
            let who = who.filter(|who| !who.is_empty()).or_else(|| Some(format!("cgroup {}", path()?)));
            limit(who.unwrap_or_else(|| "a cgroup".to_owned()))
        }
        Scope::Node => "the node ran out of memory".to_owned(),
        Scope::Cpuset => "the memory nodes of a cpuset ran out of memory".to_owned(),
        Scope::MemoryPolicy => "the nodes of a NUMA memory policy ran out of memory".to_owned(),
        Scope::Manual => "asked for by hand, through sysrq".to_owned(),
        _ if event.constraint == Constraint::Memcg => limit("a cgroup".to_owned()),
        _ => return None,
    })
}
