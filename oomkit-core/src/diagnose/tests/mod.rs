//! One rule a test, over logs written for it; the lines are the atlas' and those of real logs.

mod exits;
mod later;
mod scope;
mod table;
mod whole_log;

use super::implied_qos;
use crate::event::{Event, QosClass, Verdict};
use crate::{Item, Items, Options, Parser, parse};

pub(super) const ID: &str = "9823d09a922d142299cd6540bdf1c403deba3f4a1cf8b81757db4d79bf43ef7f";
pub(super) const OTHER: &str = "1217f3246cd2b1871666c0c312c320c85ef8e197fcf7e34eeacf36be1a60da08";
pub(super) const POD: &str =
    "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podcc1072d8_25a2_4c1b_a456_e7b8fb25cee3.slice";

/// The cgroup of a container of the pod.
pub(super) fn scope_of(id: &str) -> String {
    format!("{POD}/cri-containerd-{id}.scope")
}

/// A row of the task table: pid, user, `oom_score_adj`, name.
pub(super) type Row<'a> = (u32, u32, i32, &'a str);

/// A memory cgroup's dump of 6.1, as far as the verdict reads it.
#[derive(Debug, Clone)]
pub(super) struct Dump<'a> {
    pub(super) time: &'a str,
    pub(super) limit: String,
    pub(super) task: String,
    pub(super) failcnt: u64,
    pub(super) rows: Vec<Row<'a>>,
    pub(super) victim: (u32, &'a str),
    /// Lines behind the kill line.
    pub(super) more: Vec<String>,
}

impl<'a> Dump<'a> {
    /// A container that hit its own limit.
    pub(super) fn of(id: &str, rows: &[Row<'a>], victim: (u32, &'a str)) -> Self {
        let path = scope_of(id);
        Self {
            time: "17:13:34",
            limit: path.clone(),
            task: path,
            failcnt: 30,
            rows: rows.to_vec(),
            victim,
            more: Vec::new(),
        }
    }

    pub(super) fn at(mut self, time: &'a str) -> Self {
        self.time = time;
        self
    }

    pub(super) fn log(&self) -> String {
        let Self { limit, task, failcnt, victim: (pid, comm), .. } = self;
        let adj = self.rows.iter().find(|row| row.0 == *pid).map_or(900, |row| row.2);
        let mut lines = vec![
            format!("{comm} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj={adj}"),
            format!("CPU: 1 PID: {pid} Comm: {comm} Not tainted 6.1.0-47-cloud-amd64 #1  Debian 6.1.170-1"),
            format!("memory: usage 25600kB, limit 25600kB, failcnt {failcnt}"),
            "swap: usage 0kB, limit 9007199254740988kB, failcnt 0".to_owned(),
        ];
        if !self.rows.is_empty() {
            lines.push("Tasks state (memory values in pages):".to_owned());
            lines.push("[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name".to_owned());
        }
        for (pid, uid, adj, comm) in &self.rows {
            lines.push(format!("[{pid:7}] {uid:5} {pid:5}     9000     6000    90112        0 {adj:13} {comm}"));
        }
        lines.push(format!(
            "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg={limit},task_memcg={task},task={comm},pid={pid},uid=0"
        ));
        lines.push(kill_line(*pid, comm, adj));
        lines.extend(self.more.iter().cloned());
        lines.iter().map(|line| format!("Nov 23 {} n1 kernel: {line}\n", self.time)).collect()
    }

    /// The verdict of the dump alone.
    pub(super) fn verdict(&self) -> String {
        brief(&one(&self.log()).verdict)
    }
}

pub(super) fn kill_line(pid: u32, comm: &str, adj: i32) -> String {
    format!(
        "Memory cgroup out of memory: Killed process {pid} ({comm}) total-vm:36000kB, anon-rss:24000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:88kB oom_score_adj:{adj}"
    )
}

/// A line of another program.
pub(super) fn line(time: &str, program: &str, text: &str) -> String {
    format!("Nov 23 {time} n1 {program}: {text}\n")
}

/// A line long after.
pub(super) fn later() -> String {
    line("23:00:00", "cron[1]", "quiet")
}

/// The only event of a log.
#[track_caller]
pub(super) fn one(log: &str) -> Event {
    let mut events = parse(log.as_bytes());
    assert_eq!(events.len(), 1, "events of {log}");
    events.remove(0)
}

/// `child_killed likely`.
pub(super) fn brief(verdict: &Verdict) -> String {
    format!("{} {}", verdict.kind, verdict.confidence)
}

pub(super) fn items(log: &str, source: &str) -> Vec<Item> {
    let mut items = Items::default();
    let mut parser = Parser::new(Options::new().companions(true).source(source));
    let _ = parser.feed(log.as_bytes(), &mut items);
    parser.finish(&mut items);
    items.0
}

#[track_caller]
pub(super) fn fact(verdict: &Verdict, part: &str) {
    assert!(verdict.evidence.iter().any(|evidence| evidence.fact.contains(part)), "{part:?} in {verdict:#?}");
}

#[test]
fn qos_follows_kubelets_policy() {
    assert_eq!(implied_qos(998), Some(QosClass::Burstable));
    assert_eq!(implied_qos(-997), Some(QosClass::Guaranteed));
    assert_eq!(implied_qos(1000), Some(QosClass::BestEffort));
    assert_eq!(implied_qos(-999), None);
    assert_eq!(implied_qos(0), None);
}
