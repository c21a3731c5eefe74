//! One line of every kind through the dispatcher, and what damage does to them: never a panic.

use super::{Message, parse};

/// A line and the variant it must become, in the order of a dump.
pub(crate) const SAMPLES: &[(&str, &str)] = &[
    ("oom-killer: gfp_mask=0x201d2, order=0", "Trigger"),
    ("mysqld invoked oom-killer: gfp_mask=0x280da, order=0, oom_adj=0, oom_score_adj=0", "Trigger"),
    ("runc:[1:CHILD] invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=-999", "Trigger"),
    (
        " invoked oom-killer: gfp_mask=0x6200ca(GFP_HIGHUSER_MOVABLE), nodemask=0,2-3,  order=-1, oom_score_adj=0",
        "Trigger",
    ),
    ("Killed process  invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0", "Trigger"),
    ("[ 1.000000] ab invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0", "Trigger"),
    ("new\nline invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0", "Trigger"),
    ("COMPACTION is disabled!!!", "CompactionDisabled"),
    ("java cpuset=/ mems_allowed=0-1", "Cpuset"),
    ("Pid: 2601, comm: httpd Not tainted 2.6.32-431.el6.x86_64 #1", "Cpu"),
    ("CPU: 9 PID: 14881 Comm: java Tainted: G    B          ------------ T 3.10.0-327.4.5.el7.x86_64 #1", "Cpu"),
    ("CPU: 3 UID: 1000 PID: 4242 Comm: Web Content Tainted: P           OE      6.12.19-amd64 #1", "Cpu"),
    ("Tainted: [P]=PROPRIETARY_MODULE, [O]=OOT_MODULE", "TaintText"),
    ("Hardware name: QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.14.0-2 04/01/2014", "Hardware"),
    ("Workqueue: events moom_callback", "Workqueue"),
    (" ffff8807f0d6b980 0000000051be382e ffff88039bc07ca8 ffffffff8163515c", "Registers"),
    ("Call Trace:", "TraceStart"),
    ("Call trace:", "TraceStart"),
    (" <TASK>", "TraceContext"),
    (" </IRQ>", "TraceContext"),
    (" [<ffffffff8163515c>] ? dump_stack+0x19/0x1b", "Frame"),
    (" ext4_filemap_fault+0x36/0x50 [ext4 0123456789abcdef0123456789abcdef01234567]", "Frame"),
    ("[c00000037540f730] [c00000000127ec44] dump_stack_lvl+0x88/0xc4 (unreliable)", "Frame"),
    ("([<0000000000112bba>] show_stack+0x8a/0xe0)", "Frame"),
    ("[<c0010a5c>] (unwind_backtrace) from [<c000d3a4>] (show_stack+0x10/0x14)", "Frame"),
    ("out_of_memory+0x1a4/0x590 (P)", "Frame"),
    (" <IRQ>  [<ffffffff81338d2b>] dump_stack+0x4d/0x66", "Frame"),
    ("RIP: 0033:0x402308", "Registers"),
    ("    LR = 0x10001d10", "Registers"),
    ("x29: ffff80000a2fba40 x28: 0000000000000000", "Registers"),
    ("Kernel Offset: 0x12000000 from 0xffffffff81000000", "Registers"),
    ("Task in /docker/34186d9bd077 killed as a result of limit of /docker", "TaskIn"),
    ("Task in /mem2", "TaskInHead"),
    (" killed as a result of limit of /mem2", "TaskInTail"),
    ("Memory limit reached of cgroup /a", "LimitReached"),
    ("memory: usage 524288kB, limit 524288kB, failcnt 1043", "Counter"),
    ("memory+swap: usage 0kB, limit 9007199254740988kB, failcnt 0", "Counter"),
    ("swap: usage 0kB, limit 9007199254740988kB, failcnt 0", "Counter"),
    ("kmem: usage 7524kB, limit 9007199254740988kB, failcnt 0", "Counter"),
    ("Memory cgroup stats for /a: cache:108KB rss:197168KB unevictable:0KB", "StatsHead"),
    ("Memory cgroup stats for /kubepods.slice/x.scope:", "StatsHead"),
    ("anon 529932288", "Stat"),
    ("  slab_unreclaimable 568", "Stats"),
    ("unevictable 0", "Stat"),
    ("sock 0", "Stat"),
    ("kernel_stack 16384", "Stat"),
    ("anon 20844544\nfile 0\nkernel_stack 16384\npgscan_kswa", "Stats"),
    ("Memory cgroup min protection 0kB -- low protection 0kB", "Protection"),
    ("Mem-Info:", "MemInfo"),
    (
        "active_anon:188 inactive_anon:1681308 isolated_anon:0\n active_file:94 inactive_file:21 isolated_file:0",
        "Counters",
    ),
    (" unevictable:0 dirty:0 writeback:0", "Counters"),
    ("slab_reclaimable:5120 slab_unreclaimable:9120", "Counters"),
    ("mapped:431 shmem:2185 pagetables:2570", "Counters"),
    ("Active:1 inactive:2 dirty:3 writeback:4 unstable:5", "Counters"),
    ("Free pages:       12345kB (0kB HighMem)", "Counters"),
    ("Node 0 active_anon:768kB isolated(anon):0kB shmem_thp: 0kB all_unreclaimable? yes", "Node"),
    ("Node 0 DMA free:7280kB boost:0kB min:384kB reserved_highatomic:0KB", "Zone"),
    ("Normal free:1884kB min:1920kB pages_scanned:30 all_unreclaimable? no", "Zone"),
    ("Movable free:0kB min:0kB", "Zone"),
    ("HighMem free:0kB min:0kB", "Zone"),
    ("lowmem_reserve[]: 0 1727 1727 1727 1727", "LowmemReserve"),
    ("Node 0 DMA: 0*4kB 1*16kB (U) 1*2048kB (ME) = 7280kB", "Buddy"),
    ("DMA32: 871*4kB 149*8kB = 5588kB", "Buddy"),
    ("Node 0 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=2048kB", "Hugepages"),
    ("2300 total pagecache pages", "PagecachePages"),
    ("0 pages in swap cache", "SwapCachePages"),
    ("Swap cache stats: add 610640, delete 591667, find 144356/181468", "SwapCacheStats"),
    ("Free swap  = -4kB", "FreeSwap"),
    ("Total swap = 979956kB", "TotalSwap"),
    ("0 pages HighMem/MovableOnly", "PageTotal"),
    ("Node 0 DMA32 per-cpu:", "PerCpuList"),
    ("Normal per-cpu:", "PerCpuList"),
    ("CPU    0: hi:  186, btch:  31 usd:   0", "PerCpuList"),
    ("Unreclaimable slab info:", "SlabHead"),
    ("Name                      Used          Total", "SlabColumns"),
    ("kmalloc-rnd-01-4k       2048KB       2052KB", "Slab"),
    ("excessive unreclaimable slab but cannot dump stats", "SlabBusy"),
    ("Memory allocations (profiling is currently turned on):", "AllocationsHead"),
    ("    36.0 MiB     9216 mm/slub.c:2190 [veth] func:alloc_slab_page", "Allocation"),
    ("Tasks state (memory values in pages):", "TasksHead"),
    ("[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name", "TasksColumns"),
    ("[   1778]   998  1778     1821       25    61440        0             0 Web Content", "TaskRow"),
    (
        "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a,task_memcg=/a/b,task=a,b=c,task=x,pid=989,uid=0",
        "Summary",
    ),
    ("Out of Memory: Kill process 5 (httpd) score 12 and children.", "Selected"),
    ("Memory cgroup out of memory: Kill process 1012 (heapster) score 1035 or sacrifice child", "Selected"),
    ("Killed process 2601 (httpd)", "Killed"),
    ("Killed process 9682, UID 27, (mysqld) total-vm:47388kB, anon-rss:3744kB, file-rss:80kB", "Killed"),
    ("Killed process 5 (x), UID 1000, total-vm:8kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB", "Killed"),
    (
        "Memory cgroup out of memory: Killed process 103 (a) total-vm:1kB) total-vm:69900kB, anon-rss:12624kB, file-rss:0kB, shmem-rss:560kB, UID:1005 pgtables:68kB oom_score_adj:0",
        "Killed",
    ),
    ("No available memory (MPOL_BIND): Killed process 5 (x).", "Killed"),
    ("Kill process 9 (x) sharing same memory", "KilledSharing"),
    ("Tasks in /a b are going to be killed due to memory.oom.group set", "GroupKill"),
    ("oom_reaper: reaped process 345646 (vector), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB", "Reaped"),
    ("oom_reaper: unable to reap pid:7 (x)", "NotReaped"),
    ("Memory cgroup out of memory: OOM victim 8 (x) is already exiting. Skip killing the task", "AlreadyExiting"),
    ("oom killer 8 (x) has mm pinned by 9 (y)", "MmPinned"),
    ("Out of memory and no killable processes...", "NoKillable"),
    ("Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled", "Panic"),
    ("Kernel panic - not syncing: System is deadlocked on memory", "Panic"),
    ("sysrq: SysRq : Manual OOM execution", "ManualOom"),
    ("sysrq: OOM request ignored. No task eligible", "ManualOomIgnored"),
    ("SysRq : Show Memory", "ShowMemory"),
    ("oom_kill_process: 12 callbacks suppressed", "Suppressed"),
    ("java: page allocation failure: order:4, mode:0x10c0d0", "AllocationFailure"),
    ("WARNING: CPU: 0 PID: 1 at kernel/softirq.c:150 __local_bh_enable_ip+0x180/0x1c0", "OtherTrace"),
    ("Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b", "OtherTrace"),
];

fn variant(message: &Message<'_>) -> String {
    format!("{message:?}").chars().take_while(char::is_ascii_alphanumeric).collect()
}

#[test]
fn every_kind_finds_its_way() {
    for (line, kind) in SAMPLES {
        assert_eq!(parse(line.as_bytes()).as_ref().map(variant).as_deref(), Some(*kind), "{line}");
    }
}

#[test]
fn foreign_lines_are_none() {
    for line in [
        "",
        " ",
        "\n",
        "fakeapp: Out of memory: Killed process 4242 (fakeapp) total-vm:1000kB, anon-rss:900kB",
        "FATAL: Killed process 1 (node) \u{2014} Total",
        "Would have killed process 5 (x). But continuing instead.",
        "main invoked oom: gfp_mask=0x100dca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO), order=0",
        "Killed process 123 (wor",
        "OOM killer enabled.",
        "systemd[1]: Started session-148.scope - Session 1172012 of User core.",
        "docker0: port 150(veth12200a) entered disabled state",
        "CPU: Physical Processor ID: 0",
        "DMA: preallocated 128 KiB GFP_KERNEL pool for atomic allocations",
        "Memory: 245000K/262144K available (14336K kernel code, 2048K rwdata)",
        "Normal   empty",
        "Huh VM_FAULT_OOM leaked out to the #PF handler. Retrying PF",
        "lowmemorykiller: Killing 'd.process.media' (2846) (tgid 2846), adj 999,",
        "Out of memory (in lowmem): kill process 2919 (malloc)",
        "webapp[4711]: java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
    ] {
        assert_eq!(parse(line.as_bytes()), None, "{line}");
    }
}

/// Every prefix of every sample, and every sample with one byte changed, is read or refused.
#[test]
fn damage_never_panics() {
    for (line, _) in SAMPLES {
        let line = line.as_bytes();
        for end in 0..=line.len() {
            parse(&line[..end]);
            parse(&line[end..]);
        }
        for at in 0..line.len() {
            let mut damaged = line.to_vec();
            for byte in [0, b'\n', b' ', b',', b')', b'9', b'-', b':', 0xff] {
                damaged[at] = byte;
                parse(&damaged);
            }
        }
    }
}

/// A cut line may say less, never something else: no prefix of a kill line names another victim or another size.
#[test]
fn a_cut_kill_line_invents_nothing() {
    let line = "Out of memory: Killed process 154 (memhog) total-vm:346192kB, anon-rss:246760kB, file-rss:10kB, \
                shmem-rss:524kB, UID:1000 pgtables:528kB oom_score_adj:200";
    let Some(Message::Killed(whole)) = parse(line.as_bytes()) else { panic!() };
    for end in 0..line.len() {
        let Some(Message::Killed(cut)) = parse(&line.as_bytes()[..end]) else { continue };
        assert_eq!((cut.pid, cut.comm), (whole.pid, whole.comm));
        let (cut_sizes, sizes) = (cut.sizes, whole.sizes);
        for (cut, whole) in [
            (cut_sizes.total_vm, sizes.total_vm),
            (cut_sizes.anon_rss, sizes.anon_rss),
            (cut_sizes.file_rss, sizes.file_rss),
            (cut_sizes.shmem_rss, sizes.shmem_rss),
            (cut_sizes.page_tables, sizes.page_tables),
        ] {
            assert!(cut.is_none() || cut == whole, "{}", &line[..end]);
        }
        assert!(cut.uid.is_none() || cut.uid == whole.uid);
    }
}

/// A task row whose number grew, a kill line of many brackets, a long line: all in bounded time.
#[test]
fn absurd_lines_are_survived() {
    for piece in [") ", ",task=", ",task_memcg=/", " cpuset=", " 1", "a:1kB ", "[<ffffffff81338d2b>] ", "\\x0a", "\n"] {
        for start in [
            "Killed process 1 (",
            "oom-kill:constraint=A,cpuset=",
            "oom-kill:constraint=A,oom_memcg=/",
            "[ 1]",
            "Node 0 ",
            " ",
            "anon 1",
        ] {
            let line = format!("{start}{}", piece.repeat(20_000));
            parse(line.as_bytes());
        }
    }
}
