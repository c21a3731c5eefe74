//! Whose memory ran out, one kind of evidence at a time, strongest first.

use super::{Dump, ID, POD, one, scope_of};
use crate::event::{Constraint, DiagnosticKind, Scope};

fn limited(limit: &str) -> Scope {
    let mut dump = Dump::of(ID, &[], (42, "java"));
    dump.limit = limit.to_owned();
    one(&dump.log()).scope
}

fn lines(lines: &[&str]) -> (Constraint, Scope) {
    let log: String = lines.iter().map(|line| format!("Nov 23 17:13:34 n1 kernel: {line}\n")).collect();
    let event = one(&log);
    (event.constraint, event.scope)
}

const HEAD: &str =
    "java invoked oom-killer: gfp_mask=0x6200ca(GFP_HIGHUSER_MOVABLE), nodemask=(null), order=0, oom_score_adj=0";
const CPU_4_19: &str = "CPU: 3 PID: 4242 Comm: java Not tainted 4.19.0-27-amd64 #1 Debian 4.19.316-1";
const POINTS: &str = "Out of memory: Kill process 4242 (java) score 900 or sacrifice child";
const KILLED: &str = "Killed process 4242 (java) total-vm:9000kB, anon-rss:8000kB, file-rss:0kB, shmem-rss:0kB";

#[test]
fn the_path_tells_the_level() {
    assert_eq!(limited(&scope_of(ID)), Scope::Container);
    assert_eq!(limited(POD), Scope::Pod);
    assert_eq!(limited("/kubepods.slice"), Scope::NodeAllocatable);
    assert_eq!(limited("/kubepods/burstable"), Scope::NodeAllocatable);
    assert_eq!(limited("/kubepods.slice/kubepods-besteffort.slice"), Scope::NodeAllocatable);
    assert_eq!(limited("/system.slice"), Scope::Cgroup);
    assert_eq!(limited("/user.slice/user-1000.slice"), Scope::Cgroup);
}

#[test]
fn a_path_outranks_the_constraint_that_5_0_prints() {
    let summary = format!(
        "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg={0},task_memcg={0},task=java,pid=4242,uid=0",
        scope_of(ID)
    );
    assert_eq!(lines(&[&summary, KILLED]), (Constraint::Memcg, Scope::Container));
}

#[test]
fn the_kill_lines_start_tells_a_cgroup_without_its_path() {
    let killed =
        "Memory cgroup out of memory: Killed process 4242 (java) total-vm:9000kB, anon-rss:8000kB, file-rss:0kB";
    assert_eq!(lines(&[killed]), (Constraint::Memcg, Scope::Unknown));
}

#[test]
fn counters_tell_a_cgroup_too() {
    let cpu = "CPU: 3 PID: 4242 Comm: java Not tainted 4.4.0-210-generic #242-Ubuntu";
    let counter = "memory: usage 25600kB, limit 25600kB, failcnt 30";
    assert_eq!(lines(&[cpu, counter, KILLED]), (Constraint::Memcg, Scope::Unknown));
}

#[test]
fn a_limit_of_the_host_is_none() {
    let task = format!("Task in {} killed as a result of limit of host", scope_of(ID));
    assert_eq!(lines(&[HEAD, &task, POINTS, KILLED]), (Constraint::None, Scope::Node));
}

#[test]
fn constraints_as_stated() {
    let summary = |constraint: &str| {
        format!(
            "oom-kill:constraint=CONSTRAINT_{constraint},nodemask=0,cpuset=/,mems_allowed=0,global_oom,task_memcg=/,task=java,pid=4242,uid=0"
        )
    };
    assert_eq!(lines(&[&summary("NONE"), KILLED]), (Constraint::None, Scope::Node));
    assert_eq!(lines(&[&summary("CPUSET"), KILLED]), (Constraint::Cpuset, Scope::Cpuset));
    assert_eq!(lines(&[&summary("MEMORY_POLICY"), KILLED]), (Constraint::MemoryPolicy, Scope::MemoryPolicy));
    let policy = "No available memory (MPOL_BIND): kill process 4242 (java) score 900 or a child";
    assert_eq!(lines(&[policy, "Killed process 4242 (java)"]), (Constraint::MemoryPolicy, Scope::MemoryPolicy));
}

/// A node of two zones, as 4.19 prints it.
fn node(number: u32, free: u32) -> Vec<String> {
    vec![
        format!(
            "Node {number} Normal free:{free}kB min:40000kB low:50000kB high:60000kB present:16000000kB managed:15800000kB"
        ),
        "lowmem_reserve[]: 0 0 0 0".to_owned(),
    ]
}

fn of_two_nodes(head: &str, cpu: &str, allowed: &str, free: [u32; 2]) -> (Constraint, Scope) {
    let cpuset = format!("java cpuset=batch mems_allowed={allowed}");
    let zones: Vec<String> = (0..2).flat_map(|n| node(n, free[n as usize])).collect();
    let mut all = vec![head, &cpuset, cpu, "Mem-Info:"];
    all.extend(zones.iter().map(String::as_str));
    all.extend([POINTS, KILLED]);
    lines(&all)
}

#[test]
fn a_nodemask_is_a_policy_from_4_13_on() {
    let masked = |mask: &str| HEAD.replace("(null)", mask);
    let policy = (Constraint::MemoryPolicy, Scope::MemoryPolicy);
    let global = (Constraint::None, Scope::Node);
    assert_eq!(of_two_nodes(&masked("1"), CPU_4_19, "0-1", [900_000, 30_000]), policy);
    // one that holds every node binds nothing, and 4.9 prints the nodes of the cpuset there
    assert_eq!(of_two_nodes(&masked("0-1"), CPU_4_19, "0-1", [30_000, 30_000]), global);
    assert_eq!(of_two_nodes(HEAD, CPU_4_19, "0-1", [30_000, 30_000]), global);
    let cpu = CPU_4_19.replace("4.19.0-27", "4.9.0-19");
    assert_eq!(of_two_nodes(&masked("0"), &cpu, "0-1", [30_000, 30_000]), global);
}

#[test]
fn a_cpuset_shows_by_the_memory_of_the_other_nodes() {
    assert_eq!(of_two_nodes(HEAD, CPU_4_19, "1", [900_000, 30_000]), (Constraint::None, Scope::Cpuset));
    // all starve: the cpuset made no difference
    assert_eq!(of_two_nodes(HEAD, CPU_4_19, "1", [30_000, 30_000]), (Constraint::None, Scope::Node));
    let zones: Vec<String> = (0..2).flat_map(|n| node(n, [900_000, 30_000][n as usize])).collect();
    let log: String = [HEAD, "java cpuset=batch mems_allowed=1", CPU_4_19, "Mem-Info:"]
        .into_iter()
        .chain(zones.iter().map(String::as_str))
        .chain([POINTS, KILLED])
        .map(|line| format!("Nov 23 17:13:34 n1 kernel: {line}\n"))
        .collect();
    let event = one(&log);
    assert!(event.diagnostics.iter().any(|d| d.kind == DiagnosticKind::Assumed && d.message.contains("cpuset")));
}

#[test]
fn order_minus_one_is_by_hand_and_so_is_its_trace() {
    let head = "kworker/0:1 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=-1, oom_score_adj=0";
    assert_eq!(lines(&[head, POINTS, KILLED]).1, Scope::Manual);
    let trace = ["Call Trace:", " dump_stack+0x66/0x8b", " out_of_memory+0x1a4/0x590", " moom_callback+0x71/0xb0"];
    let mut all = vec![CPU_4_19];
    all.extend(trace);
    all.extend([POINTS, KILLED]);
    assert_eq!(lines(&all).1, Scope::Manual);
}

#[test]
fn mem_info_without_a_kill_line_is_the_nodes_since_3_9() {
    let zones = node(0, 30_000);
    let cut = |cpu: &'static str| lines(&[HEAD, cpu, "Mem-Info:", &zones[0], &zones[1]]);
    assert_eq!(cut(CPU_4_19), (Constraint::Unknown, Scope::Node));
    // before that, the dump of a memory cgroup has the block too
    let el6 = "Pid: 4242, comm: java Not tainted 2.6.32-431.el6.x86_64 #1";
    assert_eq!(cut(el6), (Constraint::Unknown, Scope::Unknown));
}

#[test]
fn a_trace_is_enough_where_the_rest_is_lost() {
    let trace = [
        "Call Trace:",
        " dump_header+0x66/0x28e",
        " oom_kill_process+0x1a4/0x190",
        " mem_cgroup_out_of_memory+0xc4/0xd0",
    ];
    let mut all = vec![HEAD, CPU_4_19];
    all.extend(trace);
    assert_eq!(lines(&all), (Constraint::Memcg, Scope::Unknown));
    // and breaks no tie that a line has settled
    all.extend([POINTS, KILLED]);
    assert_eq!(lines(&all), (Constraint::None, Scope::Node));
}
