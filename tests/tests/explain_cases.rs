//! Explanations of dumps written by hand: the numbers expected were computed by hand from the rules of the kernel named.

use oomkit_core::Event;
use oomkit_core::diagnose::explain::{Agreement, Explanation, Questions, Shortage, Topic, UseKind, explain};
use oomkit_core::parse;
use oomkit_core::units::Bytes;
use oomkit_tests::corpus;

/// A node's dump: the trigger's order, what stands between `Mem-Info` and the table, rows, the victim's line.
fn node(release: &str, order: u32, memory: &str, rows: &str, end: &str) -> Event {
    let log = format!(
        "\
java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order={order}, oom_score_adj=0
CPU: 0 PID: 10 Comm: java Not tainted {release} #1
Call Trace:
 dump_stack+0x66/0x8b
 out_of_memory+0xf7/0x4f0
Mem-Info:
active_anon:1000 inactive_anon:2000 isolated_anon:0
 active_file:10 inactive_file:20 isolated_file:0
 unevictable:0 dirty:0 writeback:0
 slab_reclaimable:100 slab_unreclaimable:200
 mapped:5 shmem:500 pagetables:50
 sec_pagetables:0 bounce:0
 kernel_misc_reclaimable:0
 free:5000 free_pcp:0 free_cma:0
{memory}30 total pagecache pages
0 pages in swap cache
Free swap  = 0kB
Total swap = 0kB
12000 pages RAM
0 pages HighMem/MovableOnly
2000 pages reserved
Tasks state (memory values in pages):
[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
{rows}{end}
"
    );
    let mut events = parse(log.as_bytes());
    assert_eq!(events.len(), 1, "{log}");
    events.remove(0)
}

fn killed(pid: u32, comm: &str) -> String {
    format!(
        "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/,task={comm},pid={pid},uid=0\n\
         Out of memory: Killed process {pid} ({comm}) total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0"
    )
}

/// As kernels before 5.0 write it.
fn killed_before_5(pid: u32, comm: &str, score: u32) -> String {
    format!(
        "Out of memory: Kill process {pid} ({comm}) score {score} or sacrifice child\n\
         Killed process {pid} ({comm}) total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:0kB"
    )
}

const ROWS: &str = "\
[     10]     0    10     9000     3000    40960        0             0 java
[     11]  1000    11     9000     3000    40960        0             0 python
[     12]     0    12     1000      100     8192        0         -1000 sshd
";

const NORMAL: &str = "\
Node 0 Normal free:20000kB boost:0kB min:1000kB low:1200kB high:1400kB reserved_highatomic:0KB active_anon:0kB inactive_anon:0kB active_file:0kB inactive_file:0kB unevictable:0kB writepending:0kB present:48000kB managed:40000kB mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB
lowmem_reserve[]: 0 0 0 0 0
";

fn said(told: &Explanation, topic: &Topic) -> String {
    let sentences = told.sentences.iter().filter(|s| s.topic == *topic);
    sentences.map(|s| s.text.as_str()).collect::<Vec<_>>().join(" ")
}

fn story(event: &Event) -> Explanation {
    explain(event, &Questions::new())
}

#[test]
fn the_seeds_dump_and_its_request_tell_the_nodes_memory() {
    let log = std::fs::read(corpus().join("seed/messages.log")).unwrap();
    let event = &parse(&log)[0];
    let told = explain(event, &Questions::new().request("80Mi").unwrap());
    assert!(said(&told, &Topic::Request).contains("between 26.0 GiB and 39.1 GiB"), "{}", said(&told, &Topic::Request));
    // 998 = 1000 - floor(1000 * 83886080 / C): 2 <= 83886080000 / C < 3
    let request = &told.requests[0];
    assert_eq!(request.node_above_bytes, Some(Bytes(83_886_080_000 / 3)));
    assert_eq!(request.node_at_most_bytes, Some(Bytes(83_886_080_000 / 2)));
    let adj = |capacity: u64| 1000 - 1000 * 83_886_080 / capacity;
    assert_eq!((adj(83_886_080_000 / 3), adj(83_886_080_000 / 3 + 1)), (997, 998));
    assert_eq!((adj(83_886_080_000 / 2), adj(83_886_080_000 / 2 + 1)), (998, 999));
    // without the request: what 998 says by itself
    assert!(said(&story(event), &Topic::Request).contains("between 0.2% and 0.3% of the node's memory"));
    assert_eq!(story(event).shortages, [Shortage::UnknownLimit]);
    assert_eq!(event.verdict.kind.as_str(), "unknown");
    let limit = said(&told, &Topic::Limit);
    assert!(limit.contains("mem_cgroup_out_of_memory") && limit.contains("does not hold the limit"), "{limit}");
}

#[test]
fn a_request_on_a_node_of_known_size_has_exact_bounds() {
    let end = killed(11, "python").replace("oom_score_adj:0", "oom_score_adj:980");
    let event = node("6.1.0", 0, NORMAL, ROWS, &end);
    let told = explain(&event, &Questions::new().request("1Mi").unwrap());
    // 20 <= 1048576000 / C < 21
    assert_eq!(told.requests[0].node_above_bytes, Some(Bytes(49_932_190)));
    assert_eq!(told.requests[0].node_at_most_bytes, Some(Bytes(52_428_800)));
    // 10000 pages
    assert_eq!(told.requests[0].node_bytes, Some(Bytes(40_960_000)));
    assert!(said(&told, &Topic::Request).contains("the dump shows 39.1 MiB"));
}

#[test]
fn memory_in_pieces_is_fragmentation() {
    let buddy = "Node 0 Normal: 4000*4kB (UME) 500*8kB (U) 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = 20000kB\n";
    let event = node("6.1.0", 3, &format!("{NORMAL}{buddy}"), ROWS, &killed(11, "python"));
    let told = story(&event);
    assert!(said(&told, &Topic::Asked).contains("asked for 32.0 KiB in one piece (order 3, GFP_KERNEL)"));
    let node_said = said(&told, &Topic::Node);
    let expected =
        "Zone Normal of node 0 had 19.5 MiB free, but no block of 32.0 KiB or more; the largest was 8.0 KiB.";
    assert!(node_said.contains(expected), "{node_said}");
    assert_eq!(told.shortages, [Shortage::Fragmentation, Shortage::NoSwap]);
    assert!(said(&told, &Topic::Advice).contains("min_free_kbytes"));
}

#[test]
fn blocks_of_reserved_types_do_not_count() {
    let buddy = "Node 0 Normal: 4000*4kB (UME) 0*8kB 0*16kB 125*32kB (H) 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = 20000kB\n";
    let told = story(&node("6.1.0", 3, &format!("{NORMAL}{buddy}"), ROWS, &killed(11, "python")));
    assert!(said(&told, &Topic::Node).contains("but every block of 32.0 KiB or more is reserved"));
    assert!(told.shortages.contains(&Shortage::Fragmentation));
    let usable = buddy.replace("125*32kB (H)", "124*32kB (UH) 0*32kB");
    let told =
        story(&node("6.1.0", 3, &format!("{NORMAL}{}", usable.replace(" 0*32kB", "")), ROWS, &killed(11, "python")));
    assert!(said(&told, &Topic::Node).contains("with 124 blocks of 32.0 KiB or more"), "{}", said(&told, &Topic::Node));
}

#[test]
fn a_reserve_for_lower_zones_counts_against_those_who_can_use_higher_ones() {
    // 1000 kB minimum and 5000 pages (20000 kB) of reserve against the zones above
    let dma =
        NORMAL.replace("Normal", "DMA").replace("lowmem_reserve[]: 0 0 0 0 0", "lowmem_reserve[]: 0 0 5000 5000 5000");
    let normal = NORMAL.replace("free:20000kB", "free:900kB");
    let told = story(&node("6.1.0", 0, &format!("{dma}{normal}"), ROWS, &killed(11, "python")));
    let text = said(&told, &Topic::Node);
    assert!(
        text.contains("Zone DMA of node 0 had 19.5 MiB free, of which its minimum of 1000.0 KiB and the 19.5 MiB"),
        "{text}"
    );
    assert!(text.contains("Zone Normal of node 0 had 900.0 KiB free, below its minimum of 1000.0 KiB."), "{text}");
    assert_eq!(told.shortages, [Shortage::Watermark, Shortage::NoSwap]);
}

#[test]
fn uses_of_the_node_add_up_to_its_memory() {
    let told = story(&node("6.1.0", 0, NORMAL, ROWS, &killed(11, "python")));
    let uses = told.uses.unwrap();
    let of = |kind: UseKind| uses.parts.iter().find(|part| part.kind == kind).map(|part| part.size_bytes.get() / 4096);
    assert_eq!(uses.total_bytes, Bytes(10_000 * 4096));
    // 3000 pages of anonymous lists, 500 of them shmem
    assert_eq!((of(UseKind::Anonymous), of(UseKind::Shmem), of(UseKind::PageCache)), (Some(2500), Some(500), Some(30)));
    assert_eq!((of(UseKind::Slab), of(UseKind::PageTables), of(UseKind::Free)), (Some(300), Some(50), Some(5000)));
    assert_eq!(uses.unaccounted_bytes, Some(Bytes((10_000 - 2500 - 500 - 30 - 300 - 50 - 5000) * 4096)));
}

#[test]
fn of_equal_scores_new_kernels_take_the_last_and_old_ones_the_first() {
    // rss 3000 + page tables 40960 / 4096
    let told = story(&node("6.1.0", 0, NORMAL, ROWS, &killed(11, "python")));
    let choice = told.choice.as_ref().unwrap();
    assert_eq!(choice.agreement, Agreement::Follows);
    assert_eq!((choice.candidates[0].pid, choice.candidates[0].points), (11, 3010));
    assert_eq!(choice.next.as_ref().unwrap().pid, 10);
    assert!(said(&told, &Topic::Killed).contains("2 rows have that score; the kernel takes the one it looks at last."));
    assert!(said(&told, &Topic::Killed).contains("1 row is exempt by oom_score_adj -1000."));
    let told = story(&node("4.19.0", 0, NORMAL, ROWS, &killed_before_5(10, "java", 301)));
    assert_eq!(told.choice.unwrap().candidates[0].pid, 10);
}

#[test]
fn root_is_spared_by_the_kernels_rule_of_its_time() {
    let table = |root: u32| {
        ROWS.replace(
            "     3000    40960        0             0 java",
            &format!("     {root}    40960        0             0 java"),
        )
    };
    let replayed = |release: &str, root: u32, (pid, comm): (u32, &str)| {
        let event = node(release, 0, NORMAL, &table(root), &killed_before_5(pid, comm, 301));
        let choice = story(&event).choice.unwrap();
        let points = choice.candidates.iter().map(|c| (c.pid, c.points)).collect::<Vec<_>>();
        (choice.agreement, points)
    };
    let first = |release: &str, root: u32| replayed(release, root, (11, "python"));
    // 4.9: 3100 + 10 - 3 % of it (93)
    assert_eq!(first("4.9.0", 3100), (Agreement::Differs, vec![(10, 3017), (11, 3010)]));
    assert_eq!(first("4.9.0", 3090), (Agreement::Follows, vec![(11, 3010), (10, 3007)]));
    // root in a container lacks the capability: 3100
    assert_eq!(replayed("4.9.0", 3090, (10, "java")).0, Agreement::Possible);
    // 4.17 and later: none
    assert_eq!(first("4.19.0", 3090), (Agreement::Differs, vec![(10, 3100), (11, 3010)]));
    // 3.10: 30 thousandths of 10000 pages
    assert_eq!(first("3.10.0", 3290), (Agreement::Follows, vec![(11, 3010), (10, 3000)]));
}

#[test]
fn oom_score_adj_is_measured_by_memory() {
    let rows = ROWS
        .replace("0             0 python", "0           100 python")
        .replace("9000     3000    40960        0           100", "9000     2500    40960        0           100");
    let told = story(&node("6.1.0", 0, NORMAL, &rows, &killed(11, "python")));
    let choice = told.choice.as_ref().unwrap();
    // 2510 + 100 * (10000 / 1000)
    assert_eq!((choice.candidates[0].pid, choice.candidates[0].points), (11, 3510));
    assert_eq!(choice.total_pages, Some(10_000));
    let text = said(&told, &Topic::Killed);
    assert!(text.contains("3510 points") && text.contains("and 1000 for oom_score_adj 100 of 39.1 MiB"), "{text}");
}

#[test]
fn what_if_answers_who_would_have_died() {
    let event = node("6.1.0", 0, NORMAL, ROWS, &killed(11, "python"));
    let ask = |question: &str| explain(&event, &Questions::new().what_if(question).unwrap());
    let answer =
        |told: &Explanation| (told.what_if[0].victim.as_ref().map(|v| (v.pid, v.points)), told.what_if[0].changed);
    // 3010 - 500 * 10
    assert_eq!(answer(&ask("python:adj=-500")), (Some((10, 3010)), Some(true)));
    assert_eq!(answer(&ask("pid=11:adj=5")), (Some((11, 3060)), Some(false)));
    // 8 KiB of page tables
    assert_eq!(answer(&ask("sshd:adj=0,rss=20Mi")), (Some((12, 5122)), Some(true)));
    assert_eq!(answer(&ask("nobody:adj=1")), (None, None));
    let told = ask("python:adj=-1000");
    let text = said(&told, &Topic::WhatIf);
    assert_eq!(
        text,
        "With python (1 row) at oom_score_adj -1000 java (pid 10) would have been killed, with 3010 points."
    );
}

#[test]
fn the_allocating_task_is_not_chosen_by_score() {
    let end = killed(10, "java").replace("Out of memory: Killed", "Out of memory (oom_kill_allocating_task): Killed");
    let told = story(&node("6.1.0", 0, NORMAL, ROWS, &end));
    assert_eq!(told.choice.as_ref().unwrap().agreement, Agreement::AllocatingTask);
    assert!(said(&told, &Topic::Killed).contains("Scores had no part in it"));
}

#[test]
fn a_cgroups_swap_is_left_open_where_the_dump_does_not_say_it() {
    let log = |swap: &str| {
        format!(
            "\
python invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=500
CPU: 0 PID: 11 Comm: python Not tainted 6.1.0 #1
Call Trace:
 mem_cgroup_out_of_memory+0x1/0x2
memory: usage 40000kB, limit 40000kB, failcnt 7
swap: usage 0kB, limit {swap}, failcnt 0
Memory cgroup stats for /a:
anon 30720000
file 4096000
kernel 2048000
shmem 1024000
Tasks state (memory values in pages):
[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
[     10]     0    10     9000     5000        0        0             0 java
[     11]     0    11     9000     1000        0        0           500 python
oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a,task_memcg=/a,task=python,pid=11,uid=0
Memory cgroup out of memory: Killed process 11 (python) total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:500
"
        )
    };
    let of = |swap: &str| story(&parse(log(swap).as_bytes())[0]);
    // 10000 pages of limit: python 1000 + 500 * 10 = 6000, java 5000
    let told = of("0kB");
    assert_eq!(told.choice.as_ref().unwrap().agreement, Agreement::Follows);
    assert_eq!(told.choice.as_ref().unwrap().candidates[0].points, 6000);
    assert_eq!(told.shortages, [Shortage::MemoryLimit, Shortage::NoSwap]);
    let uses = told.uses.as_ref().unwrap();
    assert_eq!(uses.unaccounted_bytes, Some(Bytes(40_960_000 - 30_720_000 - 4_096_000 - 2_048_000)));
    // unlimited swap of unknown size only helps the one with the higher oom_score_adj
    assert_eq!(of("9007199254740988kB").choice.unwrap().agreement, Agreement::Follows);
    // java with 7000 pages would win by the limit alone: it takes 2001 pages of swap for python
    let more = log("9007199254740988kB").replace("9000     5000", "9000     7000");
    let choice = story(&parse(more.as_bytes())[0]).choice.unwrap();
    assert_eq!(choice.agreement, Agreement::Possible);
    let none = log("4000kB").replace("9000     5000", "9000     7000");
    let choice = story(&parse(none.as_bytes())[0]).choice.unwrap();
    assert_eq!((choice.agreement, choice.total_pages_most), (Agreement::Differs, Some(11_000)));
}

#[test]
fn old_badness_is_not_replayed() {
    let log = "\
java invoked oom-killer: gfp_mask=0x201da, order=0, oom_adj=0
Pid: 10, comm: java Not tainted 2.6.32 #1
[ pid ]   uid  tgid total_vm      rss cpu oom_adj name
[   10]     0    10     9000     3000   0       0 java
Out of memory: kill process 10 (java) score 9000 or a child
Killed process 10 (java)
";
    let told = story(&parse(log.as_bytes())[0]);
    let choice = told.choice.unwrap();
    assert_eq!(choice.agreement, Agreement::NotReplayable);
    assert!(choice.reason.unwrap().contains("run times"));
}

#[test]
fn a_server_of_many_workers_is_told_so() {
    let rows: String = (0..12)
        .map(|n| format!("[    {n:>3}]    33   {n:>3}     9000      300    40960        0             0 apache2\n"))
        .collect();
    let told = story(&node("6.1.0", 0, NORMAL, &rows.replace("[      0]", "[    100]"), &killed(11, "apache2")));
    let holders = told.holders.as_ref().unwrap();
    assert_eq!((holders.by_command[0].processes, holders.by_command[0].rss_bytes), (12, Bytes(12 * 300 * 4096)));
    assert!(
        said(&told, &Topic::Advice).contains("12 processes apache2 hold 14.1 MiB (100%)"),
        "{}",
        said(&told, &Topic::Advice)
    );
}
