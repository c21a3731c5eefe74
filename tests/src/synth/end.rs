//! Summary, kill lines, group notice, reaper, panics.

use super::model::{Dump, End, Limit, Task};
use super::{Era, Out, table};

/// The end of the dump.
pub fn print(dump: &Dump, era: Era, out: &mut Out) {
    match dump.end {
        End::NoProcess => return nobody(dump, era, out),
        End::PanicOnOom => {
            let how = if dump.is_memcg() { "compulsory" } else { "system-wide" };
            let text = format!("Out of memory: {how} panic_on_oom is enabled");
            return panic(&text, era, out);
        }
        End::Kill => {}
    }
    let tasks: Vec<&Task> = dump.victims.iter().map(|at| &dump.tasks[*at]).collect();
    if era.has_summary() {
        // the summary names the chosen task, not the child that dies in its place
        let chosen = dump.selected.map_or(tasks[0], |at| &dump.tasks[at]);
        summary(dump, era, chosen, out);
    }
    if !prints_kills(dump, era) {
        return;
    }
    if prints_points(era) {
        points(dump, era, tasks[0], out);
    }
    let grouped = dump.group && era.has_group_kill();
    killed(dump, era, tasks[0], out);
    if grouped {
        let path = &dump.cgroups.victim_path;
        out.pieces(3, &[b"Tasks in ", path, b" are going to be killed due to memory.oom.group set"]);
        tasks.iter().for_each(|task| killed(dump, era, task, out));
    }
    if dump.reaper && era.has_reaper() {
        for task in tasks.iter().take(if grouped { usize::MAX } else { 1 }) {
            reaped(dump, task, out);
        }
    }
}

/// Alibaba's kernel prints no kill line for a memory cgroup.
pub fn prints_kills(dump: &Dump, era: Era) -> bool {
    !(era == Era::Al7 && dump.is_memcg())
}

/// Kernels that say whom they selected before they kill.
pub fn prints_points(era: Era) -> bool {
    era.base() <= 500 && era != Era::El8
}

/// What stands before kill lines.
pub fn cause(dump: &Dump, era: Era) -> &'static str {
    match dump.limit {
        Limit::Memcg => "Memory cgroup out of memory",
        Limit::Policy if era == Era::V2_6_32 => "No available memory (MPOL_BIND)",
        _ => "Out of memory",
    }
}

/// The constraint as the summary prints it.
pub fn constraint(dump: &Dump, era: Era) -> &'static str {
    match dump.limit {
        _ if era == Era::V5_0 => "CONSTRAINT_NONE",
        Limit::Global | Limit::Sysrq => "CONSTRAINT_NONE",
        Limit::Memcg => "CONSTRAINT_MEMCG",
        Limit::Cpuset => "CONSTRAINT_CPUSET",
        Limit::Policy => "CONSTRAINT_MEMORY_POLICY",
    }
}

fn summary(dump: &Dump, era: Era, task: &Task, out: &mut Out) {
    let (t, c) = (&dump.trigger, &dump.cgroups);
    let nodes = if dump.limit == Limit::Policy { t.mems_allowed } else { "(null)" };
    let head = format!("oom-kill:constraint={},nodemask={nodes},cpuset=", constraint(dump, era));
    let memcg = if dump.is_memcg() { [b",oom_memcg=", &c.limit_path[..]].concat() } else { b",global_oom".to_vec() };
    out.pieces(
        6,
        &[
            head.as_bytes(),
            &t.cpuset,
            b",mems_allowed=",
            t.mems_allowed.as_bytes(),
            &memcg,
            b",task_memcg=",
            &c.victim_path,
            b",task=",
            &task.comm,
            format!(",pid={},uid={}", task.pid, task.uid).as_bytes(),
        ],
    );
}

fn points(dump: &Dump, era: Era, victim: &Task, out: &mut Out) {
    let selected = dump.selected.map_or(victim, |at| &dump.tasks[at]);
    let (cause, score) = (cause(dump, era), dump.score);
    let head = match era {
        Era::V2_6_18 => format!("Out of Memory: Kill process {} (", selected.pid),
        Era::V2_6_32 => format!("{cause}: kill process {} (", selected.pid),
        _ => format!("{cause}: Kill process {} (", selected.pid),
    };
    let tail = match era {
        Era::V2_6_18 => format!(") score {score} and children."),
        Era::V2_6_32 => format!(") score {score} or a child"),
        _ => format!(") score {score} or sacrifice child"),
    };
    out.pieces(3, &[head.as_bytes(), &selected.comm, tail.as_bytes()]);
}

fn killed(dump: &Dump, era: Era, task: &Task, out: &mut Out) {
    let Task { pid, uid, adj, .. } = task;
    let kb = |pages: u64| pages * dump.page_kb;
    let cause = cause(dump, era);
    let bytes = table::table_bytes(dump, task);
    let old = format!("total-vm:{}kB, anon-rss:{}kB, file-rss:{}kB", kb(task.total_vm), kb(task.anon), kb(task.file));
    let sizes = format!("{old}, shmem-rss:{}kB", kb(task.shmem));
    let (head, tail) = match era {
        Era::V2_6_18 => (format!("Out of memory: Killed process {pid} ("), ").".to_owned()),
        Era::V2_6_32 => (format!("Killed process {pid} ("), ")".to_owned()),
        Era::El6 => (format!("Killed process {pid}, UID {uid}, ("), format!(") {old}")),
        Era::El7_7 => (format!("Killed process {pid} ("), format!("), UID {uid}, {sizes}")),
        Era::V3_10 | Era::El7 | Era::V3_16 | Era::V4_4 => (format!("Killed process {pid} ("), format!(") {old}")),
        Era::V4_9 | Era::V4_14 | Era::V4_19 | Era::Al7 | Era::V5_0 => {
            (format!("Killed process {pid} ("), format!(") {sizes}"))
        }
        Era::El8 => (format!("{cause}: Killed process {pid} ("), format!(") {sizes}")),
        _ => {
            let tables = if era == Era::V5_4_0 { bytes } else { bytes / 1024 };
            let rest = format!("UID:{uid} pgtables:{tables}kB oom_score_adj:{adj}");
            (format!("{cause}: Killed process {pid} ("), format!(") {sizes}, {rest}"))
        }
    };
    out.pieces(3, &[head.as_bytes(), &task.comm, tail.as_bytes()]);
}

/// What the reaper left, in kB.
pub fn left(dump: &Dump, task: &Task) -> [u64; 3] {
    [0, task.file / 2 * dump.page_kb, task.shmem * dump.page_kb]
}

fn reaped(dump: &Dump, task: &Task, out: &mut Out) {
    let [anon, file, shmem] = left(dump, task);
    let thread = std::mem::replace(&mut out.thread, 35);
    out.pieces(
        6,
        &[
            format!("oom_reaper: reaped process {} (", task.pid).as_bytes(),
            &task.comm,
            format!("), now anon-rss:{anon}kB, file-rss:{file}kB, shmem-rss:{shmem}kB").as_bytes(),
        ],
    );
    out.thread = thread;
}

fn nobody(dump: &Dump, era: Era, out: &mut Out) {
    let text = "Out of memory and no killable processes...";
    if era.base() < 418 {
        return panic(text, era, out);
    }
    out.line(4, text);
    if !dump.is_memcg() && dump.limit != Limit::Sysrq {
        panic("System is deadlocked on memory", era, out);
    }
}

fn panic(text: &str, era: Era, out: &mut Out) {
    out.line(0, format!("Kernel panic - not syncing: {text}"));
    if era.base() >= 310 {
        out.line(0, format!("---[ end Kernel panic - not syncing: {text} ]---"));
    }
}
