//! What the dump alone tells: group kills, the task table, names, places.

use super::{Dump, ID, OTHER, POD, brief, fact, kill_line, line, one, scope_of};

fn group(path: &str) -> String {
    format!("Tasks in {path} are going to be killed due to memory.oom.group set")
}

#[test]
fn a_group_kill_of_the_container_is_certain() {
    let rows = [(40, 0, 900, "sh"), (42, 0, 900, "java"), (43, 0, 900, "log")];
    for path in [scope_of(ID), POD.to_owned()] {
        let mut dump = Dump::of(ID, &rows, (42, "java"));
        dump.more = vec![group(&path), kill_line(42, "java", 900), kill_line(40, "sh", 900), kill_line(43, "log", 900)];
        let verdict = one(&dump.log()).verdict;
        assert_eq!(brief(&verdict), "container_killed certain", "{path}");
        assert_eq!(verdict.evidence[0].line, Some(12), "the notice");
    }
}

#[test]
fn a_group_kill_spares_those_that_may_not_be_killed() {
    let killed = |rows: &[super::Row<'static>]| {
        let mut dump = Dump::of(ID, rows, (42, "java"));
        dump.more = vec![group(&scope_of(ID)), kill_line(42, "java", 900)];
        one(&dump.log()).verdict
    };
    let verdict = killed(&[(40, 0, -1000, "agent"), (42, 0, 900, "java")]);
    assert_eq!(brief(&verdict), "child_killed likely");
    fact(&verdict, "pid 40 (agent) has the lowest pid and is spared");
    assert_eq!(brief(&killed(&[(42, 0, 900, "java"), (44, 0, -1000, "agent")])), "container_killed certain");
}

#[test]
fn a_group_inside_the_container_is_not_the_container() {
    let mut dump = Dump::of(ID, &[], (42, "java"));
    dump.limit = "/lxc.payload.web/system.slice/app.service".to_owned();
    dump.task = dump.limit.clone();
    dump.more = vec![group(&dump.limit)];
    let verdict = one(&dump.log()).verdict;
    assert_eq!(brief(&verdict), "child_killed likely");
    fact(&verdict, "a part of the container only");
}

#[test]
fn a_table_of_one_row_is_certain() {
    let dump = Dump::of(ID, &[(42, 0, 900, "java")], (42, "java"));
    let verdict = one(&dump.log()).verdict;
    assert_eq!((brief(&verdict), verdict.evidence[0].line), ("container_killed certain".to_owned(), Some(6)));
    fact(&verdict, "the task table has one row: pid 42 (java)");
}

#[test]
fn a_table_that_may_have_lost_rows_proves_nothing() {
    let log = Dump::of(ID, &[(42, 0, 900, "java")], (42, "java")).log();
    let lost = line(
        "17:13:34",
        "rsyslogd",
        "imjournal: 120 messages lost due to rate-limiting (20000 allowed within 600 seconds)",
    );
    let at = log.find("oom-kill:constraint").unwrap();
    let at = log[..at].rfind('\n').unwrap() + 1;
    let event = one(&[&log[..at], &lost, &log[at..]].concat());
    assert_eq!(brief(&event.verdict), "container_killed likely", "{:?}", event.diagnostics);
    // and without its header
    let cut: String = log.lines().filter(|line| !line.contains("pid  ]")).map(|line| format!("{line}\n")).collect();
    assert_ne!(brief(&one(&cut).verdict), "container_killed certain");
}

#[test]
fn a_row_that_is_not_the_victims_is_another_process() {
    assert_eq!(Dump::of(ID, &[(40, 0, 900, "sh")], (42, "java")).verdict(), "child_killed likely");
}

#[test]
fn a_thread_of_a_dead_leader_is_the_process_that_was_chosen() {
    let log = Dump::of(ID, &[(42, 0, 900, "app"), (50, 0, 900, "log")], (42, "app")).log();
    // row and kill line name a thread, as 6.1 does when the leader has exited
    let log = log.replace("Killed process 42 (app)", "Killed process 61 (app)").replace("[     42]", "[     61]");
    let event = one(&log);
    assert_eq!((event.victims[0].pid, event.victims[0].selected_pid), (61, Some(42)));
    assert_eq!(brief(&event.verdict), "container_killed likely");
}

#[test]
fn a_victim_older_than_every_row_is_not_called_a_child() {
    assert_eq!(Dump::of(ID, &[(44, 0, 900, "sh")], (42, "java")).verdict(), "container_killed possible");
}

#[test]
fn all_rows_killed_is_the_container_killed() {
    let mut dump = Dump::of(ID, &[(40, 0, 900, "sh"), (42, 0, 900, "java")], (42, "java"));
    dump.more = vec![group(&scope_of(ID)), kill_line(40, "sh", 900)];
    assert_eq!(dump.verdict(), "container_killed certain");
}

#[test]
fn an_older_process_that_lives_makes_the_victim_a_child() {
    let table = |first: &'static str, victim: &'static str| {
        let dump = Dump::of(ID, &[(40, 0, 900, first), (42, 0, 900, victim)], (42, victim));
        one(&dump.log()).verdict
    };
    let verdict = table("app", "java");
    assert_eq!(brief(&verdict), "child_killed likely");
    fact(
        &verdict,
        "pid 40 (app) has the lowest pid of the container's 2 processes and was not killed; pid 42 (java) was",
    );
    fact(&table("tini", "java"), "first processes have such a name");
    fact(&table("gunicorn", "gunicorn"), "forks workers of its own name");
    fact(&table("ruby", "puma: cluster w"), "only a worker has its name");
    // why the others were not killed with it
    fact(&verdict, "cgroup v2 (`swap:`), and no memory.oom.group notice");
    let v1 = Dump::of(ID, &[(40, 0, 900, "app"), (42, 0, 900, "java")], (42, "java")).log();
    let v1 = v1.replace("swap: usage", "memory+swap: usage");
    fact(&one(&v1).verdict, "cgroup v1");
    assert_eq!(brief(&table("app", "tini")), "container_killed possible", "pids came round");
}

#[test]
fn the_lowest_pid_is_a_reason_and_others_make_it_likely() {
    let table = |rows: &[super::Row<'static>]| {
        let (pid, _, _, comm) = rows[0];
        let mut rows = rows.to_vec();
        rows.reverse();
        one(&Dump::of(ID, &rows, (pid, comm)).log()).verdict
    };
    let far = table(&[(42, 0, 900, "java"), (90_000, 0, 900, "log")]);
    assert_eq!(brief(&far), "container_killed possible");
    let near = table(&[(42, 0, 900, "java"), (90, 0, 900, "log")]);
    assert_eq!(brief(&near), "container_killed likely");
    fact(&near, "which lie so close together (48)");
    let forked = table(&[(42, 0, 900, "nginx"), (90_000, 33, 900, "nginx")]);
    assert_eq!(brief(&forked), "container_killed likely");
    fact(&forked, "1 of the others have its name");
    assert_eq!(brief(&table(&[(42, 0, 900, "tini"), (90_000, 0, 900, "java")])), "container_killed likely");
    assert_eq!(brief(&table(&[(42, 0, 900, "puma: cluster w"), (90, 0, 900, "ruby")])), "child_killed possible");
}

#[test]
fn a_pods_table_mixes_containers() {
    let pod = |rows: &[super::Row<'static>], victim: (u32, &'static str)| {
        let mut dump = Dump::of(ID, rows, victim);
        dump.limit = POD.to_owned();
        one(&dump.log()).verdict
    };
    let pause = (40, 65535, -998, "pause");
    let alone = pod(&[pause, (42, 0, 900, "java")], (42, "java"));
    assert_eq!(brief(&alone), "container_killed likely");
    fact(&alone, "the pod's only process beside its sandbox");
    // the table of a pod that ran `main` beside a proxy of another user
    let beside = pod(&[pause, (41, 1337, 900, "envoy"), (42, 1000, 900, "main")], (42, "main"));
    assert_eq!(brief(&beside), "container_killed possible");
    fact(&beside, "no other process of the task table has the oom_score_adj 900 and the user 1000");
    let older = pod(&[pause, (41, 1000, 900, "sh"), (42, 1000, 900, "main")], (42, "main"));
    assert_eq!(brief(&older), "child_killed possible");
    let first = pod(&[pause, (42, 1000, 900, "main"), (45, 1000, 900, "work")], (42, "main"));
    assert_eq!(brief(&first), "container_killed possible");
    let worker = pod(&[pause, (42, 1000, 900, "gunicorn: worke")], (42, "gunicorn: worke"));
    assert_eq!(brief(&worker), "container_killed likely", "alone it is no worker");
}

#[test]
fn a_nodes_table_tells_containers_apart_by_their_score_at_most() {
    let node = |rows: &[super::Row<'static>], victim: (u32, &'static str)| {
        let log = Dump::of(ID, rows, victim).log();
        let log = log
            .replace("CONSTRAINT_MEMCG", "CONSTRAINT_NONE")
            .replace(&format!("oom_memcg={}", scope_of(ID)), "global_oom");
        let log = log.replace("Memory cgroup out of memory", "Out of memory");
        let log: String =
            log.lines().filter(|line| !line.contains(" usage ")).map(|line| format!("{line}\n")).collect();
        let event = one(&log);
        assert_eq!(event.scope.as_str(), "node");
        event.verdict
    };
    let rest = [(1, 0, 0, "systemd"), (300, 0, -999, "kubelet"), (900, 65535, -998, "pause")];
    let with = |more: &[super::Row<'static>]| [&rest[..], more].concat();
    let alone = node(&with(&[(4242, 1000, 987, "java"), (4300, 0, 640, "envoy")]), (4242, "java"));
    assert_eq!(brief(&alone), "container_killed possible");
    let forked = node(&with(&[(4200, 33, 987, "php-fpm"), (4242, 33, 987, "php-fpm")]), (4242, "php-fpm"));
    assert_eq!(brief(&forked), "child_killed possible");
    // every best-effort container has 1000
    let shared = node(&with(&[(4200, 1000, 1000, "a"), (4242, 1000, 1000, "java")]), (4242, "java"));
    assert_eq!(brief(&shared), "unknown possible");
    fact(&shared, "whose other processes the dump does not single out");
}

#[test]
fn the_table_of_an_outer_container_is_not_the_inner_ones() {
    let mut dump = Dump::of(ID, &[(42, 0, 1000, "java")], (42, "java"));
    dump.limit = format!("/docker/{OTHER}");
    dump.task = format!("/docker/{OTHER}/kubelet/kubepods/besteffort/podcc1072d8-25a2-4c1b-a456-e7b8fb25cee3/{ID}");
    assert_ne!(dump.verdict(), "container_killed certain");
}

#[test]
fn a_unit_inside_a_system_container_is_not_its_first_process() {
    let mut dump = Dump::of(ID, &[(42, 0, 0, "nginx")], (42, "nginx"));
    dump.limit = "/lxc.payload.web".to_owned();
    dump.task = "/lxc.payload.web/system.slice/nginx.service".to_owned();
    dump.rows = vec![(40, 0, 0, "systemd"), (42, 0, 0, "nginx")];
    let verdict = one(&dump.log()).verdict;
    assert_eq!(brief(&verdict), "child_killed likely");
    fact(&verdict, "`nginx.service` inside container web");
}

#[test]
fn a_virtual_machine_is_the_whole_container() {
    let mut dump = Dump::of(ID, &[], (42, "qemu-system-x86"));
    dump.limit = POD.to_owned();
    assert_eq!(dump.verdict(), "container_killed likely");
}

#[test]
fn cgroups_that_are_no_containers() {
    for path in ["/system.slice/nginx.service", "/user.slice/user-1000.slice/session-4.scope", "/myapp", "/"] {
        let mut dump = Dump::of(ID, &[(42, 0, 0, "nginx")], (42, "nginx"));
        (dump.limit, dump.task) = (path.to_owned(), path.to_owned());
        assert_eq!(dump.verdict(), "not_containerised likely", "{path}");
    }
    let mut dump = Dump::of(ID, &[], (42, "conmon"));
    dump.task = format!("{POD}/crio-conmon-{ID}.scope");
    dump.limit = POD.to_owned();
    let verdict = one(&dump.log()).verdict;
    assert_eq!(brief(&verdict), "not_containerised likely");
    fact(&verdict, "the monitor beside container 9823d09a922d");
}

#[test]
fn nothing_is_said_of_what_the_dump_does_not_hold() {
    let of = |log: &str| one(log).verdict;
    let bare = format!("Nov 23 17:13:34 n1 kernel: {}\n", kill_line(42, "java", 900));
    fact(&of(&bare), "the dump does not say which cgroup the victim was in");
    let spared = "Nov 23 17:13:34 n1 kernel: Out of memory and no killable processes...\n";
    assert_eq!(brief(&of(spared)), "unknown certain");
    // Alibaba's kernels end a dump with its table
    let log = Dump::of(ID, &[(42, 0, 900, "java")], (42, "java")).log();
    let head: String = log.lines().take(7).map(|line| format!("{line}\n")).collect();
    let alibaba = head.replace("6.1.0-47-cloud-amd64", "4.19.91-25.6.al7.x86_64");
    let verdict = of(&alibaba);
    assert_eq!(brief(&verdict), "unknown possible");
    fact(&verdict, "prints no kill line");
}
