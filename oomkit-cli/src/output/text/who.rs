//! Who asked for memory, and who was killed.

use super::layout::{ALARM, Block, FAINT, PLAIN, unbroken};
use super::words::{identity, list, name, plain, process, qos, size, sized};
use oomkit_core::Event;
use oomkit_core::event::{Cause, Runtime, Trigger, Victim};
use oomkit_core::units::Bytes;

/// Victims shown; JSON has them all.
const MOST: usize = 10;

pub(super) fn asked(event: &Event, block: &mut Block) {
    let Some(trigger) = &event.trigger else { return };
    let who = process(trigger.comm.as_deref(), trigger.comm_raw.as_ref(), trigger.pid);
    let cause = trigger.cause.as_ref().map(|cause| match cause {
        Cause::Allocation => "allocating memory".to_owned(),
        Cause::PageFault => "in a page fault".to_owned(),
        Cause::MemcgCharge => "charging memory to its cgroup".to_owned(),
        Cause::Sysrq => "through sysrq".to_owned(),
        other => plain(other.as_str()),
    });
    let facts = [
        cause,
        trigger.uid.map(|uid| format!("uid {uid}")),
        order(trigger, event.page_size_bytes),
        mask(trigger),
        score_adj(trigger),
        trigger.oom_adj.map(|adj| unbroken(&format!("oom_adj {adj}"))),
        trigger.nodemask.as_deref().map(|mask| format!("nodemask {}", name(mask, None))),
    ];
    block.row("Asked", &list([Some(who)].into_iter().chain(facts).flatten()));
    match &trigger.container {
        // the same container again tells nothing
        Some(container) if event.container.as_ref().is_none_or(|victims| victims.id != container.id) => {
            block.row("", &format!("in {}", identity(container)));
        }
        Some(_) => {}
        None => {
            if let Some(cpuset) = trigger.cpuset.as_deref().filter(|cpuset| *cpuset != "/") {
                block.row("", &format!("in cpuset {}", name(cpuset, trigger.cpuset_raw.as_ref())));
            }
        }
    }
}

/// `order 3 (32.0 KiB)`
fn order(trigger: &Trigger, page: Option<Bytes>) -> Option<String> {
    let order = u32::try_from(trigger.order?).ok()?;
    let bytes = page.and_then(|page| page.get().checked_shl(order).filter(|_| order < 32)).map(Bytes);
    Some(match bytes {
        Some(bytes) => unbroken(&format!("order {order} ({bytes})")),
        None => unbroken(&format!("order {order}")),
    })
}

/// `oom_score_adj 998 (burstable QoS)`
fn score_adj(trigger: &Trigger) -> Option<String> {
    let implied = trigger.qos_class.as_ref().map(|class| format!(" ({})", qos(class))).unwrap_or_default();
    Some(unbroken(&format!("oom_score_adj {}{implied}", trigger.oom_score_adj?)))
}

fn mask(trigger: &Trigger) -> Option<String> {
    if !trigger.gfp_flags.is_empty() {
        return Some(name(&trigger.gfp_flags.join("|"), None));
    }
    trigger.gfp_mask.as_deref().map(|mask| format!("gfp_mask {}", name(mask, None)))
}

pub(super) fn killed(event: &Event, block: &mut Block) {
    let shared = event.memcg.as_ref().and_then(|m| m.task_memcg.as_deref());
    for (number, victim) in event.victims.iter().take(MOST).enumerate() {
        let label = if number == 0 { "Killed" } else { "" };
        one_killed(victim, shared, label, block);
    }
    if event.victims.len() > MOST {
        block.row("", &format!("and {} more (JSON and CSV have them all)", event.victims.len() - MOST));
    }
    let memcg = event.memcg.as_ref();
    let limited = memcg.and_then(|m| m.oom_memcg.as_deref());
    let known = |path: &str, raw| match path {
        _ if Some(path) == limited => "the cgroup of the limit".to_owned(),
        "/" => "the root cgroup".to_owned(),
        _ => name(path, raw),
    };
    if let Some(group) = &event.group_kill {
        let path = known(&group.path, group.path_raw.as_ref());
        block.row("", &format!("every task of {path}, as memory.oom.group is set"));
    }
    if let Some(path) = memcg.and_then(|m| m.task_memcg.as_deref()) {
        block.row("In", &known(path, memcg.and_then(|m| m.task_memcg_raw.as_ref())));
    }
    if let Some(container) = &event.container {
        let label = if container.runtime == Runtime::Systemd { "Owner" } else { "Container" };
        block.row(label, &identity(container));
    }
}

fn one_killed(victim: &Victim, shared: Option<&str>, label: &str, block: &mut Block) {
    let who = process(victim.comm.as_deref(), victim.comm_raw.as_ref(), Some(victim.pid));
    let facts = [
        victim.uid.map(|uid| unbroken(&format!("uid {uid}"))),
        sized("anon", victim.anon_rss_bytes),
        sized("file", victim.file_rss_bytes),
        sized("shmem", victim.shmem_rss_bytes),
        sized("page tables", victim.page_tables_bytes),
        sized("virtual", victim.total_vm_bytes),
        victim.oom_score_adj.map(|adj| unbroken(&format!("oom_score_adj {adj}"))),
        victim.score.map(|score| unbroken(&format!("score {score}"))),
        victim.selected_pid.map(|pid| unbroken(&format!("in place of pid {pid}"))),
    ];
    let facts = list(facts.into_iter().flatten());
    let who = if facts.is_empty() { who } else { format!("{who},") };
    block.styled_row(label, &[(ALARM, who), (PLAIN, facts)]);
    if let Some(path) = victim.task_memcg.as_deref().filter(|path| Some(*path) != shared) {
        block.row("", &format!("in {}", name(path, victim.task_memcg_raw.as_ref())));
    }
    if let Some(left) = &victim.reaped {
        let sum: Bytes = [left.anon_rss_bytes, left.file_rss_bytes, left.shmem_rss_bytes].into_iter().flatten().sum();
        let text = format!("reaped; {} were left to it", size(sum));
        block.styled_row("", &[(FAINT, text)]);
    }
}
