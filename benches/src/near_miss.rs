//! Innocent lines that hold what a search for OOM dumps looks for: no kernel killed anything.

use crate::template::{self, Line, hash};

/// Every text that oomkit is known to search for, typed anew, and a line with it; some have several.
#[rustfmt::skip]
const LINES: &[(&str, Line)] = &[
    // of the kernel's dumps
    ("oom-kill", Line::new("prometheus[2950]", r#"ts=$time caller=manager.go:$k level=debug component="rule manager" msg="Evaluating rule" rule=node-oom-kill-rate took=$kms"#)),
    ("oom-kill", Line::new("node-problem-detector[1950]", r#"I$klog    1950 log_monitor.go:$k] Rule "kernel-oom-killer" checked, $n lines seen"#)),
    ("oom-kill", Line::new("audit", r#"type=1300 audit(1774872201.$k:$n): arch=c000003e syscall=257 success=yes pid=$p comm="cat" key="oom-kill-watch""#)),
    ("oom_", Line::new("$app[$p]", r#"{"level":"info","ts":"$time","msg":"worker started","pid":$p,"oom_score_adj":980,"rss_bytes":$n,"pod":"$pod"}"#)),
    ("oom_", Line::new("kernel", r#"audit: type=1400 audit(1774872201.$k:$n): apparmor="DENIED" operation="open" class="file" profile="snap.firefox.firefox" name="/proc/$p/oom_score_adj" pid=$p comm="firefox" requested_mask="w" denied_mask="w" fsuid=1000 ouid=1000"#)),
    ("oom_", Line::new("node_exporter[1870]", "level=debug collector=vmstat field=oom_events value=0 duration_seconds=0.$k")),
    ("out_of_memory", Line::new("$app[$p]", r#"{"level":"info","ts":"$time","msg":"retry policy","on":["timeout","out_of_memory"],"attempt":$d}"#)),
    ("out_of_memory", Line::new("postgres[$p]", "$date $sec.$k UTC [$p] DETAIL:  condition out_of_memory (53200) is handled by function shop.load_$n")),
    ("memory.oom.group", Line::new("crun[$p]", "cgroup $short: feature memory.oom.group is not asked for")),
    ("memory.oom.group", Line::new("kubelet[1201]", r#"I$klog    1201 kuberuntime_container_linux.go:$k] "Skipping memory.oom.group" containerName="$app" pod="$ns/$pod""#)),
    ("oom killer ", Line::new("tuned[903]", "plugin vm: oom killer settings of $app are left as they are")),
    ("OOM victim", Line::new("$app[$p]", "$date $sec INFO report $n: last OOM victim of pool $d: none")),
    ("OOM request ignored", Line::new("node_exporter[1870]", r#"level=debug msg="series OOM request ignored is 0" took=$kms"#)),
    ("Killed", Line::new("slurm-epilog[$p]", "job $n done: State=COMPLETED Killed=true ExitCode=0:0 node=$k")),
    ("Killed", Line::new("bash[$p]", "/opt/$app/run.sh: line $k: $p Killed                  sleep $k")),
    ("Killed", Line::new("$app[$p]", r#"{"ts":"$time","event":"session","Killed":"false","user":$n}"#)),
    ("ill process", Line::new("$app[$p]", "$date $sec INFO worker-$d will process $n messages of partition $k")),
    ("ill process", Line::new("supervisord[990]", "$app: stop asked, kill process group $p after $k s")),
    ("no killable", Line::new("pgbouncer[$p]", "C-0x55$veth: $app/$ns@$ip:$port: no killable client of pool $d")),
    ("deadlocked on memory", Line::new("$app[$p]", "$date $sec DEBUG watchdog: $k goroutines, not deadlocked on memory or locks")),
    ("panic_on_oom", Line::new("systemd-sysctl[$p]", "Not setting vm/panic_on_oom (explicit setting exists).")),
    ("Out of memory: ", Line::new("java[$p]", "$date $sec.$k WARN  [pool-$d-thread-$k] c.e.shop.Cache - Out of memory: entry $n was not cached")),
    ("Out of memory: ", Line::new("redis-server[$p]", "$p:M 30 Mar 2026 $sec.$k # Out of memory: 0 of $n evictions refused")),
    ("Task in ", Line::new("celery[$p]", "[$date $sec,$k: INFO/MainProcess] Task in queue default: shop.tasks.mail[$uid]")),
    ("Tasks in ", Line::new("airflow[$p]", "[$date $sec,$k] {scheduler_job.py:$k} INFO - Tasks in queue: $k, running: $k")),
    (" of limit of ", Line::new("$app[$p]", "$date $sec INFO quota of tenant $n: $k of limit of $n requests used")),
    ("limit reached of cgroup", Line::new("cadvisor[2011]", "I$klog    2011 handler.go:$k] no pids limit reached of cgroup /kubepods/burstable/pod$uid")),
    (", failcnt ", Line::new("lxcfs[770]", "container $n: hugetlb usage $k, failcnt 0")),
    ("cgroup stats", Line::new("kubelet[1201]", r#"E$klog    1201 summary_sys_containers.go:47] "Failed to get system container stats" err="failed to get cgroup stats for \"/system.slice/$app.service\": unknown container" containerName="/system.slice/$app.service""#)),
    ("Tasks state", Line::new("airflow[$p]", "[$date $sec,$k] {taskinstance.py:$k} INFO - Tasks state saved, $n rows")),
    ("pid ]", Line::new("$app[$p]", "$date $sec INFO table has the columns [uid ] [pid ] [name ] and $n rows")),
    ("pid  ]", Line::new("$app[$p]", "$date $sec INFO table has the columns [ uid  ] [ pid  ] and $n rows")),
    ("s suppressed", Line::new("kernel", "net_ratelimit: $k callbacks suppressed")),
    ("s suppressed", Line::new("kernel", "nf_conntrack_tcp_packet: $k callbacks suppressed")),
    ("s suppressed", Line::new("$app[$p]", "$date $sec WARN  $k duplicate warnings suppressed since $sec")),
    ("messages dropped", Line::new("fluent-bit[2701]", "[$date $sec] [ warn] [output:kafka:kafka.$d] $k messages dropped, topic $app full")),
    ("messages lost", Line::new("rsyslogd", "imuxsock[pid: $p, name: /usr/bin/$app] from <$app:$p>: $k messages lost due to rate-limiting (200 allowed within 5 seconds)")),
    ("messages lost", Line::new("$app[$p]", "$date $sec INFO  imuxsock: $k messages lost due to rate-limiting")),
    ("kernel messages", Line::new("rsyslogd", "imklog: reading kernel messages from /proc/kmsg, $n so far")),
    (" blob data]", Line::new("minio[$p]", "PUT /$ns/$app/$n [$k.2K blob data] ok")),
    // of systemd-oomd and systemd
    (" conditions met for cgroup ", Line::new("$app[$p]", "$date $sec INFO autoscaler: $d of 4 conditions met for cgroup of $pod")),
    (" due to memory pressure for ", Line::new("descheduler[$p]", r#"I$klog       1 nodeutilization.go:$k] "No pod moved due to memory pressure for now" node="node-7" pods=$k"#)),
    (" due to memory used (", Line::new("$app[$p]", "$date $sec INFO cache kept its size due to memory used ($k of $n)")),
    ("killed by the OOM killer", Line::new("alertmanager[2960]", r#"ts=$time level=debug msg="no alert" summary="process killed by the OOM killer" count=0 fingerprint=$short"#)),
    ("The kernel OOM killer killed", Line::new("alertmanager[2960]", r#"ts=$time level=debug msg="no alert" summary="The kernel OOM killer killed nothing" fingerprint=$short"#)),
    ("systemd-oomd killed ", Line::new("alertmanager[2960]", r#"ts=$time level=debug msg="no alert" summary="systemd-oomd killed nothing" fingerprint=$short"#)),
    (": Failed with result ", Line::new("systemd[1]", "$app-$tail.service: Failed with result 'exit-code'.")),
    (": Deactivated successfully", Line::new("systemd[1]", "cri-containerd-$id.scope: Deactivated successfully.")),
    (": Succeeded.", Line::new("systemd[1]", "run-containerd-runc-k8s.io-$id-runc.$tail.mount: Succeeded.")),
    (": Succeeded.", Line::new("$app[$p]", "$date $sec INFO job $n: Succeeded.")),
    (": Main process exited, code=", Line::new("systemd[1]", "$app-$tail.service: Main process exited, code=exited, status=1/FAILURE")),
    (": Consumed ", Line::new("systemd[1]", "cri-containerd-$id.scope: Consumed $d.$ks CPU time.")),
    (": Consumed ", Line::new("$app[$p]", "$date $sec INFO consumer-$d: Consumed $n records of partition $k")),
    // of earlyoom, nohang and Meta's oomd
    ("low memory! ", Line::new("$app[$p]", "$date $sec INFO cache: not low memory! $k entries kept")),
    ("sending SIG", Line::new("supervisord[990]", "$app: reload asked, sending SIGHUP to $p")),
    (" exited after ", Line::new("CRON[$p]", "(root) job $app-$tail exited after $k s")),
    (" did not exit", Line::new("haproxy[$p]", "[NOTICE] ($p) : old worker $p did not exit yet, $k sessions")),
    ("escalating to SIG", Line::new("supervisord[990]", "$app: stopped in $kms without escalating to SIGTERM")),
    ("Memory status that requires ", Line::new("$app[$p]", "$date $sec DEBUG Memory status that requires nothing, $k checks")),
    ("Sending SIG", Line::new("logrotate[$p]", "Sending SIGUSR1 to $app ($p) after rotation $k")),
    ("oomd kill: ", Line::new("$app[$p]", "$date $sec DEBUG plugins loaded: senpai, oomd kill: none, $k others")),
    // of the kubelet
    ("System OOM encountered, victim process: ", Line::new("node-problem-detector[1950]", r#"I$klog    1950 rules.go:$k] pattern "System OOM encountered, victim process: .*" loaded, $n lines seen"#)),
    ("Got sys oom event", Line::new("node-problem-detector[1950]", r#"I$klog    1950 rules.go:$k] pattern "Got sys oom event" loaded, $n lines seen"#)),
    ("viction manager: ", Line::new("kubelet[1201]", r#"I$klog    1201 eviction_manager.go:$k] "Eviction manager: no observation found for eviction signal" signal="imagefs.inodesFree""#)),
    ("The node was low on resource: ", Line::new("descheduler[$p]", r#"I$klog       1 events.go:$k] "The node was low on resource: ephemeral-storage, long ago" node="node-7" pod="$ns/$pod""#)),
    ("(PLEG): ", Line::new("kubelet[1201]", r#"I$klog    1201 kubelet.go:2457] "SyncLoop (PLEG): event for pod" pod="$ns/$pod" event={"ID":"$uid","Type":"ContainerStarted","Data":"$id"}"#)),
    (" was OOMKilled", Line::new("grafana[2981]", r#"logger=context t=$time level=debug msg="panel query" title="Container was OOMKilled" rows=0 duration=$kms"#)),
    // of containerd and other runtimes
    ("TaskOOM event", Line::new("promtail[2999]", r#"level=debug ts=$time component=tailer msg="stage matched nothing" regex="TaskOOM event" lines=$n"#)),
    ("TaskExit event", Line::new("containerd[812]", r#"time="$time" level=info msg="TaskExit event &TaskExit{ContainerID:$id,ID:$id,Pid:$p,ExitStatus:0,ExitedAt:$time,XXX_unrecognized:[],}""#)),
    ("received exit event", Line::new("containerd[812]", r#"time="$time" level=info msg="received exit event container_id:\"$id\" id:\"$sandbox\" pid:$p exited_at:{seconds:1774872201 nanos:$n}""#)),
    ("shim disconnected", Line::new("containerd[812]", r#"time="$time" level=info msg="shim disconnected" id=$id namespace=k8s.io"#)),
    ("cleaning up dead shim", Line::new("containerd[812]", r#"time="$time" level=info msg="cleaning up dead shim" namespace=k8s.io"#)),
    ("shim reaped", Line::new("containerd[812]", r#"time="$time" level=info msg="shim reaped" id=$id module="containerd/tasks""#)),
    ("topic=/tasks/delete", Line::new("dockerd[1033]", r#"time="$time" level=info msg="ignoring event" container=$id module=libcontainerd namespace=moby topic=/tasks/delete type="*events.TaskDelete""#)),
    ("container oom ", Line::new("cadvisor[2011]", "I$klog    2011 events.go:$k] container oom watch of $pod restarted")),
    ("container died ", Line::new("podman[$p]", "$date $sec.$n +0000 UTC m=+0.$k container died $id (image=$image, name=$app)")),
    ("container die ", Line::new("dockerd[1033]", "container die $id (exitCode=0, image=$image, name=$app)")),
    (" exited with status ", Line::new("conmon[$p]", "conmon $short$veth <ninfo>: container $p exited with status 0")),
    (" exited with status ", Line::new("supervisord[990]", "$app ($p) exited with status 0; expected")),
    ("OOM received", Line::new("$app[$p]", "$date $sec DEBUG counter OOM received is 0 after $k s")),
    ("OOM event received", Line::new("$app[$p]", "$date $sec DEBUG no OOM event received in $k s")),
    ("container init was OOM-killed", Line::new("$app[$p]", "$date $sec DEBUG runbook page $k: container init was OOM-killed")),
    ("(possibly OOM-killed)", Line::new("$app[$p]", "$date $sec DEBUG runbook page $k: (possibly OOM-killed)")),
    // of Slurm and Android
    (" oom-kill event(s) in ", Line::new("slurmstepd[$p]", "debug: Detected 0 oom-kill event(s) in step $n.0")),
    ("Killing '", Line::new("$app[$p]", "$date $sec INFO Killing 'session-$n' of user $k, idle")),
    ("Kill '", Line::new("$app[$p]", "$date $sec INFO Kill 'session-$n' asked by user $k")),
];

/// One of all those lines. Each text as often as any other.
pub(crate) fn line(out: &mut String, n: u32) {
    let needles = needles();
    let needle = needles[(hash(u64::from(n)) % needles.len() as u64) as usize];
    line_with(out, n, needle);
}

/// Each text once.
pub fn needles() -> Vec<&'static str> {
    let mut needles: Vec<_> = LINES.iter().map(|(needle, _)| *needle).collect();
    needles.dedup();
    needles
}

/// A line with this text: one of the table, or one of a program that nobody knows.
pub(crate) fn line_with(out: &mut String, n: u32, needle: &str) {
    let lines: Vec<&Line> = LINES.iter().filter(|(of, _)| *of == needle).map(|(_, line)| line).collect();
    match lines.get(n as usize / 2 % lines.len().max(1)) {
        Some(line) => line.write(out, n),
        None => template::write(out, n, "$app[$p]", &format!("$date $sec INFO entry $n of $pod: {needle} $k")),
    }
}

/// The same text backwards, which nobody searches for.
pub(crate) fn backwards(needle: &str) -> String {
    needle.chars().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_holds_its_needle_and_no_other() {
        for (needle, line) in LINES {
            let mut text = String::new();
            line.write(&mut text, 4_321);
            assert!(text.contains(needle), "{needle}: {text}");
            let text = text.replace(needle, &backwards(needle));
            for other in needles() {
                assert!(!text.contains(other), "{needle}, {other}: {text}");
            }
        }
    }

    #[test]
    fn variables_are_filled_in() {
        for n in 0..20_000 {
            let mut text = String::new();
            line(&mut text, n);
            crate::node::line(&mut text, n);
            assert!(!text.contains('$'), "{text}");
            assert_eq!(text.lines().count(), 2, "{text}");
        }
    }
}
